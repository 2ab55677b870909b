//! A list as an Excel workbook: exactly what the page shows, all pages of it.

use kernel::Decimal;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use web::{Download, Locale, PageError};

/// Media type of a workbook.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Rows of a sheet that Excel opens, less those above the list.
pub(crate) const ROWS_MAX: i64 = 1_048_000;
/// Digits that a cell's binary float keeps exactly.
const DIGITS_EXACT: usize = 15;

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Text, whatever it looks like: never a formula.
    Text(String),
    /// A number; as text where a cell would round it.
    Number(Decimal),
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }
}

/// A list to be saved.
pub(crate) struct Table {
    /// Title of the list; name of the sheet and of the file.
    pub title: String,
    /// Heads of the columns.
    pub heads: Vec<String>,
    /// Rows.
    pub rows: Vec<Vec<Cell>>,
    /// What the list was narrowed to, for the second sheet: label and value.
    pub filters: Vec<(String, String)>,
    /// When it was made, for people.
    pub made: String,
}

impl Table {
    /// The file.
    pub fn download(&self, l: &Locale) -> Result<Download, PageError> {
        let bytes = self
            .write(l)
            .map_err(|error| PageError::Bug(error.to_string()))?;
        Ok(Download {
            name: format!("{}.xlsx", self.title),
            media_type: XLSX,
            bytes,
        })
    }

    fn write(&self, l: &Locale) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let bold = Format::new().set_bold();
        // A text that begins with =, + or @ stays text even after someone edits the cell.
        let text = Format::new().set_quote_prefix();
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(self.title.chars().take(31).collect::<String>())?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, head) in (0..).zip(&self.heads) {
            sheet.set_column_width(column, 18)?;
            sheet.write_string_with_format(0, column, head, &bold)?;
        }
        for (row, cells) in (1..).zip(&self.rows) {
            for (column, cell) in (0..).zip(cells) {
                write_cell(sheet, row, column, cell, &text)?;
            }
        }
        let about = workbook.add_worksheet_with_constant_memory()?;
        about.set_name(l.text("export-about").to_string())?;
        about.set_column_width(0, 18)?;
        about.set_column_width(1, 40)?;
        let rows = [
            (l.text("export-made").to_string(), self.made.clone()),
            (
                l.text("export-rows").to_string(),
                self.rows.len().to_string(),
            ),
        ];
        for (row, (label, value)) in (0..).zip(rows.iter().chain(&self.filters)) {
            about.write_string_with_format(row, 0, label, &bold)?;
            about.write_string_with_format(row, 1, value, &text)?;
        }
        workbook.save_to_buffer()
    }
}

fn write_cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    text: &Format,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Text(words) => {
            let begins_a_formula = words.starts_with(['=', '+', '-', '@', '\t', '\r']);
            if begins_a_formula {
                sheet.write_string_with_format(row, column, words, text)?;
            } else {
                sheet.write_string(row, column, words)?;
            }
        }
        Cell::Number(number) => {
            let shown = number.to_string();
            let digits = shown.bytes().filter(u8::is_ascii_digit).count();
            match shown.parse::<f64>() {
                Ok(float) if digits <= DIGITS_EXACT => sheet.write_number(row, column, float)?,
                _ => sheet.write_string(row, column, &shown)?,
            };
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use directory::sheet;
    use web::{Catalogue, Language};

    use super::{Cell, Table};

    #[test]
    fn what_looks_like_a_formula_comes_back_as_the_text_it_was() {
        let catalogue = Catalogue::new(&[crate::locales()]).unwrap();
        let texts = ["=1+1", "+86 138", "-3", "@SUM(A1)", "柳湾村", "\t=1"];
        let mut row: Vec<Cell> = texts.iter().map(|text| Cell::from(*text)).collect();
        row.push(Cell::Number("386200.5".parse().unwrap()));
        row.push(Cell::Number("1234567890123456.78".parse().unwrap()));
        let table = Table {
            title: "行政区划".to_owned(),
            heads: (1..=row.len())
                .map(|number| format!("列{number}"))
                .collect(),
            rows: vec![row],
            filters: vec![("名称".to_owned(), "=cmd|' /C calc'!A0".to_owned())],
            made: String::new(),
        };
        let file = table
            .download(&catalogue.locale(Language::Chinese))
            .unwrap();
        assert_eq!(file.name, "行政区划.xlsx");
        let read = sheet::read(&file.bytes, &sheet::LIMITS).unwrap();
        let shown: Vec<String> = read.rows[1].iter().map(sheet::Cell::shown).collect();
        // The sheet reader trims; nothing was computed and nothing rounded.
        let expected: Vec<&str> = texts
            .iter()
            .map(|text| text.trim())
            .chain(["386200.5", "1234567890123456.78"])
            .collect();
        assert_eq!(shown, expected);
    }
}
