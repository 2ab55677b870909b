//! Figures from a list: place (code, name, or both), item, period, value or the reason why there is
//! none, unit, source.

use std::collections::HashMap;

use kernel::{Day, Decimal, DivisionCode, Finding, Period, PlaceId};

use super::columns::{Column, Columns};
use super::limited;
use crate::FigureId;
use crate::figure::{FigureDraft, FigureValue, is_item_code};
use crate::place::Place;
use crate::sheet::{Cell, Sheet};

const REQUIRED: &[Column] = &[
    Column {
        key: "item",
        others: &["指标", "指标代码", "项目"],
    },
    Column {
        key: "period",
        others: &["期间", "时期", "考核期", "所属期"],
    },
    Column {
        key: "value",
        others: &["数值", "值", "指标值"],
    },
];
const OPTIONAL: &[Column] = &[
    Column {
        key: "code",
        others: &["编码", "代码", "区划代码", "行政区划代码"],
    },
    Column {
        key: "name",
        others: &["place", "名称", "单位名称", "村", "村名"],
    },
    Column {
        key: "missing",
        others: &["缺失原因", "无数据原因"],
    },
    Column {
        key: "unit",
        others: &["单位", "计量单位"],
    },
    Column {
        key: "source",
        others: &["来源", "数据来源"],
    },
    Column {
        key: "as_of",
        others: &["截至", "截至日期", "数据日期"],
    },
];

/// Places by code, official name and the name as people say it.
#[derive(Clone, Debug, Default)]
pub struct PlaceIndex {
    by_code: HashMap<DivisionCode, PlaceId>,
    by_name: HashMap<String, Vec<PlaceId>>,
}

impl PlaceIndex {
    /// The index of some places: those that the importing person may write about.
    pub fn new(places: &[Place]) -> PlaceIndex {
        let mut index = PlaceIndex::default();
        for place in places {
            if let Some(code) = place.code {
                index.by_code.insert(code, place.place);
            }
            for name in std::iter::once(&place.name).chain(&place.alias) {
                let named = index.by_name.entry(name.clone()).or_default();
                if !named.contains(&place.place) {
                    named.push(place.place);
                }
            }
        }
        index
    }

    /// The place of a code; `None` for a text that is no code.
    fn by_code(&self, text: &str) -> Option<Result<PlaceId, Finding>> {
        let code = DivisionCode::from_short(text).ok()?;
        let unknown = || Finding::error("import-place-unknown");
        Some(self.by_code.get(&code).copied().ok_or_else(unknown))
    }

    /// The place of a name; `Err` with the finding where there is none, or several.
    fn by_name(&self, name: &str) -> Result<PlaceId, Finding> {
        match self.named(name) {
            [] => Err(Finding::error("import-place-unknown")),
            [place] => Ok(*place),
            several => Err(Finding::error("import-place-ambiguous").arg("count", several.len())),
        }
    }

    fn named(&self, name: &str) -> &[PlaceId] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }
}

/// Figures read from a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureList {
    /// The drafts, in the sheet's order.
    pub drafts: Vec<FigureDraft>,
    /// What is only worth knowing.
    pub findings: Vec<Finding>,
}

/// Reads figures. `source` stands where the sheet has no source; `next_id` gives the ids. `Err`
/// with every finding where one blocks.
pub fn read(
    sheet: &Sheet,
    places: &PlaceIndex,
    source: &str,
    next_id: &mut dyn FnMut() -> FigureId,
) -> Result<FigureList, Vec<Finding>> {
    let (columns, mut findings) = Columns::find(sheet, REQUIRED, OPTIONAL)?;
    if columns.index("code").is_none() && columns.index("name").is_none() {
        let finding = Finding::error("import-column-missing").at(columns.header_at(sheet));
        return Err(vec![finding.arg("expected", "code")]);
    }
    let mut drafts = Vec::new();
    let mut seen = HashMap::new();
    for row in columns.rows(sheet) {
        let reader = Reader {
            sheet,
            columns: &columns,
            row,
        };
        let Some(draft) = reader.read(places, source, next_id, &mut findings) else {
            continue;
        };
        let key = (draft.subject, draft.item.clone(), draft.period);
        if let Some(first) = seen.insert(key, row) {
            let finding = reader.finding(Finding::error("import-figure-twice"), "value");
            findings.push(finding.arg("first", first + 1));
        }
        drafts.push(draft);
    }
    if drafts.is_empty() && !findings.iter().any(Finding::blocks) {
        findings.push(Finding::error("import-no-rows"));
    }
    let findings = limited(findings);
    if findings.iter().any(Finding::blocks) {
        return Err(findings);
    }
    Ok(FigureList { drafts, findings })
}

/// One row being read.
struct Reader<'a> {
    sheet: &'a Sheet,
    columns: &'a Columns,
    row: usize,
}

impl Reader<'_> {
    fn cell(&self, key: &str) -> &Cell {
        self.columns.cell(self.sheet, self.row, key)
    }

    fn finding(&self, finding: Finding, key: &str) -> Finding {
        self.columns.finding(finding, self.sheet, self.row, key)
    }

    /// The row's draft; `None` where a finding was told. Every cell is read, so that one import
    /// tells everything that is wrong.
    fn read(
        &self,
        places: &PlaceIndex,
        source: &str,
        next_id: &mut dyn FnMut() -> FigureId,
        findings: &mut Vec<Finding>,
    ) -> Option<FigureDraft> {
        let subject = kept(self.subject(places), findings);
        let item = kept(self.item(), findings);
        let period = kept(self.period(), findings);
        let value = kept(self.value(), findings);
        let as_of = kept(self.as_of(), findings);
        let unit = kept(self.text("unit", 20), findings);
        let given = kept(self.text("source", 200), findings);
        Some(FigureDraft {
            item: item?,
            subject: subject?,
            period: period?,
            value: value?,
            unit: unit?,
            source: given.map(|given| match given.as_str() {
                "" => source.to_owned(),
                _ => given,
            })?,
            as_of: as_of?,
            observed_at: None,
            figure: next_id(),
        })
    }

    /// By code, else by name. Where both stand, they must mean the same place: rows slip.
    fn subject(&self, places: &PlaceIndex) -> Result<PlaceId, Finding> {
        let (code, name) = (self.cell("code").shown(), self.cell("name").shown());
        if code.is_empty() {
            // A column of names may hold codes.
            let found = places
                .by_code(&name)
                .unwrap_or_else(|| places.by_name(&name));
            let key = match self.columns.index("name") {
                Some(_) => "name",
                None => "code",
            };
            return found.map_err(|finding| self.finding(finding, key));
        }
        let found = places
            .by_code(&code)
            .unwrap_or_else(|| places.by_name(&code))
            .map_err(|finding| self.finding(finding, "code"))?;
        if !name.is_empty() && !places.named(&name).contains(&found) {
            let finding = Finding::error("import-name-not-the-codes").arg("code", code);
            return Err(self.finding(finding, "name"));
        }
        Ok(found)
    }

    fn item(&self) -> Result<String, Finding> {
        let item = self.cell("item").shown();
        if is_item_code(&item) {
            Ok(item)
        } else {
            Err(self.finding(Finding::error("item-code-form"), "item"))
        }
    }

    fn period(&self) -> Result<Period, Finding> {
        let shown = self.cell("period").shown();
        period_named(&shown)
            .ok_or_else(|| self.finding(Finding::error("import-period-form"), "period"))
    }

    fn value(&self) -> Result<FigureValue, Finding> {
        let reason = self.text("missing", 100)?;
        let wrong = |finding| Err(self.finding(finding, "value"));
        match self.cell("value") {
            Cell::Empty if reason.is_empty() => wrong(Finding::error("import-value-or-reason")),
            Cell::Empty => Ok(FigureValue::Missing(reason)),
            _ if !reason.is_empty() => {
                let finding = Finding::error("import-value-and-reason");
                Err(self.finding(finding, "missing"))
            }
            Cell::Inexact(_) => wrong(Finding::error("import-number-inexact")),
            Cell::Text(text) | Cell::Number(text) => match text.parse::<Decimal>() {
                Ok(value) => Ok(FigureValue::Value(value)),
                Err(_) => wrong(Finding::error("import-not-a-number")),
            },
            Cell::Day(_) | Cell::Error(_) => wrong(Finding::error("import-not-a-number")),
        }
    }

    fn as_of(&self) -> Result<Option<Day>, Finding> {
        match self.cell("as_of") {
            Cell::Empty => Ok(None),
            Cell::Day(day) => Ok(Some(*day)),
            cell => cell
                .shown()
                .parse()
                .map(Some)
                .map_err(|_| self.finding(Finding::error("import-day-form"), "as_of")),
        }
    }

    /// A text of at most `most` characters.
    fn text(&self, key: &str, most: usize) -> Result<String, Finding> {
        let text = self.cell(key).shown();
        if text.chars().count() <= most {
            Ok(text)
        } else {
            let finding = Finding::error("import-text-length").arg("expected", most);
            Err(self.finding(finding, key))
        }
    }
}

/// The value, or nothing once its finding is kept.
fn kept<T>(result: Result<T, Finding>, findings: &mut Vec<Finding>) -> Option<T> {
    result.map_err(|finding| findings.push(finding)).ok()
}

/// A period as files write it: `2026-Q4`, `2026`, 2026年, 2026年3月, 2026年第四季度, 2026年四季度,
/// 2026年上半年.
fn period_named(text: &str) -> Option<Period> {
    if let Ok(period) = text.parse() {
        return Some(period);
    }
    let (year, rest) = text.split_once('年')?;
    let digits = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    let year = digits.then(|| year.parse::<i16>().ok()).flatten()?;
    match rest {
        "" | "度" | "全年" => return Period::whole_year(year),
        "上半年" => return Period::half_year(year, 1),
        "下半年" => return Period::half_year(year, 2),
        _ => {}
    }
    if let Some(month) = rest.strip_suffix('月') {
        let digits = month.bytes().all(|byte| byte.is_ascii_digit());
        let month = digits.then(|| month.parse::<i8>().ok()).flatten()?;
        return Period::month(year, month);
    }
    let quarter = rest.strip_suffix("季度")?;
    let quarter = match quarter.strip_prefix('第').unwrap_or(quarter) {
        "一" | "1" => 1,
        "二" | "2" => 2,
        "三" | "3" => 3,
        "四" | "4" => 4,
        _ => return None,
    };
    Period::quarter(year, quarter)
}

#[cfg(test)]
mod tests {
    use super::period_named;

    #[test]
    fn reads_periods_as_files_write_them() {
        for (text, expected) in [
            ("2026-Q4", Some("2026-Q4")),
            ("2026", Some("2026")),
            ("2026年", Some("2026")),
            ("2026年度", Some("2026")),
            ("2026年3月", Some("2026-M03")),
            ("2026年12月", Some("2026-M12")),
            ("2026年第四季度", Some("2026-Q4")),
            ("2026年3季度", Some("2026-Q3")),
            ("2026年下半年", Some("2026-H2")),
            ("2026年13月", None),
            ("2026年+3月", None),
            ("26年3月", None),
            ("四季度", None),
        ] {
            let found = period_named(text).map(|period| period.to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }
}
