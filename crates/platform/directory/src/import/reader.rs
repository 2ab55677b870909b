//! One row being read, cell by cell, each by its type.

use kernel::{Day, Decimal, Finding, PlaceId};

use super::columns::Columns;
use super::{PlaceIndex, half_width};
use crate::sheet::{Cell, Sheet};

/// One row being read.
pub(super) struct Reader<'a> {
    pub sheet: &'a Sheet,
    pub columns: &'a Columns,
    pub row: usize,
}

impl Reader<'_> {
    pub fn cell(&self, key: &str) -> &Cell {
        self.columns.cell(self.sheet, self.row, key)
    }

    /// A finding at a cell, with what stands there.
    pub fn finding(&self, finding: Finding, key: &str) -> Finding {
        self.columns.finding(finding, self.sheet, self.row, key)
    }

    /// A finding at a cell with personal data: what stands there is told by its length only.
    pub fn veiled(&self, finding: Finding, key: &str) -> Finding {
        let column = self.columns.index(key).unwrap_or(0);
        let length = self.cell(key).shown().chars().count();
        finding
            .at(self.sheet.at(self.row, column))
            .arg("found", "*".repeat(length.min(32)))
    }

    /// By code, else by name. Where both stand, they must mean the same place: rows slip.
    pub fn place(
        &self,
        places: &PlaceIndex,
        code_key: &str,
        name_key: &str,
    ) -> Result<PlaceId, Finding> {
        let (code, name) = (self.cell(code_key).shown(), self.cell(name_key).shown());
        if code.is_empty() {
            // A column of names may hold codes.
            let found = places
                .by_code(&name)
                .unwrap_or_else(|| places.by_name(&name));
            let key = match self.columns.index(name_key) {
                Some(_) => name_key,
                None => code_key,
            };
            return found.map_err(|finding| self.finding(finding, key));
        }
        let found = places
            .by_code(&code)
            .unwrap_or_else(|| places.by_name(&code))
            .map_err(|finding| self.finding(finding, code_key))?;
        if !name.is_empty() && !places.named(&name).contains(&found) {
            let finding = Finding::error("import-name-not-the-codes").arg("code", code);
            return Err(self.finding(finding, name_key));
        }
        Ok(found)
    }

    /// A text of at least `least` and at most `most` characters.
    pub fn text(&self, key: &str, least: usize, most: usize) -> Result<String, Finding> {
        let text = self.cell(key).shown();
        let length = text.chars().count();
        if length < least {
            return Err(self.finding(Finding::error("import-cell-empty"), key));
        }
        if length > most {
            let finding = Finding::error("import-text-length").arg("expected", most);
            return Err(self.finding(finding, key));
        }
        Ok(text)
    }

    /// An exact number; full-width digits and groups of three are read, words are not.
    pub fn number(&self, key: &str) -> Result<Decimal, Finding> {
        let wrong = |code| Err(self.finding(Finding::error(code), key));
        match self.cell(key) {
            Cell::Inexact(_) => wrong("import-number-inexact"),
            Cell::Pending => wrong("import-formula-without-value"),
            Cell::Text(text) | Cell::Number(text) => {
                match ungrouped(&half_width(text)).parse::<Decimal>() {
                    Ok(value) => Ok(value),
                    Err(_) => wrong("import-not-a-number"),
                }
            }
            Cell::Empty | Cell::Day(_) | Cell::Error(_) => wrong("import-not-a-number"),
        }
    }

    /// A day, where one is given.
    pub fn day(&self, key: &str) -> Result<Option<Day>, Finding> {
        match self.cell(key) {
            Cell::Empty => Ok(None),
            Cell::Day(day) => Ok(Some(*day)),
            cell => match day_named(&half_width(&cell.shown())) {
                Some(day) => Ok(Some(day)),
                None => Err(self.finding(Finding::error("import-day-form"), key)),
            },
        }
    }
}

/// The value, or nothing once its finding is kept.
pub(super) fn kept<T>(result: Result<T, Finding>, findings: &mut Vec<Finding>) -> Option<T> {
    result.map_err(|finding| findings.push(finding)).ok()
}

/// `1,234,567.8` without its commas; anything else as it is.
fn ungrouped(text: &str) -> String {
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut groups = whole.trim_start_matches('-').split(',');
    let first = groups.next().unwrap_or_default();
    let grouped = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    if grouped && whole.contains(',') {
        format!("{}{rest}", whole.replace(',', ""))
    } else {
        text.to_owned()
    }
}

/// A day as files write it: `2026-09-01`, `2026.9.1`, `2026/9/1`, 2026年9月1日, `20260901`. Two
/// digits for a year are no year.
fn day_named(text: &str) -> Option<Day> {
    if let Ok(day) = text.parse() {
        return Some(day);
    }
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let day = format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]);
        return day.parse().ok();
    }
    let text = text.strip_suffix('日').unwrap_or(text);
    let parts: Vec<&str> = text.split(['-', '.', '/', '年', '月']).collect();
    let [year, month, day] = parts[..] else {
        return None;
    };
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>| {
        let fits = digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| text.parse::<i16>().ok()).flatten()
    };
    let (month, day) = (number(month, 1..=2)?, number(day, 1..=2)?);
    Day::new(
        number(year, 4..=4)?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    )
}

#[cfg(test)]
mod tests {
    use super::{day_named, ungrouped};

    #[test]
    fn reads_days_as_files_write_them() {
        for (text, expected) in [
            ("2026-09-01", Some("2026-09-01")),
            ("2026.9.1", Some("2026-09-01")),
            ("2026/09/1", Some("2026-09-01")),
            ("2026年9月1日", Some("2026-09-01")),
            ("20260901", Some("2026-09-01")),
            ("26.9.1", None),
            ("2026.13.1", None),
            ("2026年9月", None),
            ("2026901", None),
            ("2026..1", None),
            ("二〇二六年九月一日", None),
        ] {
            let found = day_named(text).map(|day| day.to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn commas_go_only_where_they_group() {
        for (text, expected) in [
            ("1,234,567.8", "1234567.8"),
            ("-12,000", "-12000"),
            ("1,23", "1,23"),
            ("1234,567", "1234,567"),
            (",123", ",123"),
            ("74.3", "74.3"),
        ] {
            assert_eq!(ungrouped(text), expected);
        }
    }
}
