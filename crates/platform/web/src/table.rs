//! A list as a file to be saved: exactly what the page shows, all pages of it, as a workbook or as
//! CSV. Every feature exports with it.

mod csv_file;
mod workbook;

use kernel::{Day, Decimal, Instant};

use crate::{Download, Locale, PageError, Params};

/// Rows of a sheet that Excel opens, less those above the list.
pub const ROWS_MAX: i64 = 1_048_000;

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Text, whatever it looks like: never a formula.
    Text(String),
    /// A number; in a workbook as text where a cell would round it.
    Number(Decimal),
    /// A day.
    Day(Day),
    /// A minute in China's zone.
    Minute(Instant),
    /// Nothing.
    Empty,
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

impl From<i64> for Cell {
    fn from(number: i64) -> Cell {
        Cell::Number(Decimal::from(number))
    }
}

impl From<Decimal> for Cell {
    fn from(number: Decimal) -> Cell {
        Cell::Number(number)
    }
}

impl From<Day> for Cell {
    fn from(day: Day) -> Cell {
        Cell::Day(day)
    }
}

impl From<Instant> for Cell {
    fn from(instant: Instant) -> Cell {
        Cell::Minute(instant)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Cell {
        value.map_or(Cell::Empty, T::into)
    }
}

/// Whether a spreadsheet would run a text that begins so. The full-width forms are read as the
/// signs themselves by some input methods.
fn begins_a_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// A list to be saved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Title of the list; name of the sheet and of the file.
    pub title: String,
    /// Heads of the columns.
    pub heads: Vec<String>,
    /// Rows, each as wide as the heads.
    pub rows: Vec<Vec<Cell>>,
    /// What the list was narrowed to, for the second sheet: label and value.
    pub filters: Vec<(String, String)>,
    /// When it was made, for people.
    pub made: String,
}

impl Table {
    /// A table of the texts of these keys as heads.
    pub fn new(l: &Locale, title: impl std::fmt::Display, heads: &[&str], now: Instant) -> Table {
        Table {
            title: title.to_string(),
            heads: heads.iter().map(|key| l.text(key).to_string()).collect(),
            made: l.minute(now),
            ..Table::default()
        }
    }

    /// The same table, with what it was narrowed to: keys of labels, and values; empty values are
    /// left out.
    #[must_use]
    pub fn narrowed(mut self, l: &Locale, filters: &[(&str, &str)]) -> Table {
        let said = filters.iter().filter(|(_, value)| !value.is_empty());
        self.filters
            .extend(said.map(|(key, value)| (l.text(key).to_string(), (*value).to_owned())));
        self
    }

    /// The same table with its rows.
    #[must_use]
    pub fn rows(mut self, rows: impl IntoIterator<Item = Vec<Cell>>) -> Table {
        self.rows = rows.into_iter().collect();
        self
    }

    /// The file.
    pub fn download(&self, l: &Locale, format: TableFormat) -> Result<Download, PageError> {
        let bytes = match format {
            TableFormat::Workbook => workbook::write(&[self], l),
            TableFormat::Csv => csv_file::write(self),
        };
        Ok(Download {
            name: format!("{}.{}", self.title, format.ending()),
            media_type: format.media_type(),
            bytes: bytes.map_err(PageError::Bug)?,
        })
    }
}

/// Several tables as one workbook, a sheet each; the last sheet says what the first was narrowed
/// to and when all were made.
pub fn book(l: &Locale, title: &str, tables: &[&Table]) -> Result<Download, PageError> {
    let format = TableFormat::Workbook;
    Ok(Download {
        name: format!("{title}.{}", format.ending()),
        media_type: format.media_type(),
        bytes: workbook::write(tables, l).map_err(PageError::Bug)?,
    })
}

/// In what form a table is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFormat {
    /// `.xlsx`.
    Workbook,
    /// CSV in UTF-8 with mark, so that Excel shows Chinese.
    Csv,
}

impl TableFormat {
    const fn ending(self) -> &'static str {
        match self {
            TableFormat::Workbook => "xlsx",
            TableFormat::Csv => "csv",
        }
    }

    pub(crate) const fn media_type(self) -> &'static str {
        match self {
            TableFormat::Workbook => {
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            }
            TableFormat::Csv => "text/csv; charset=utf-8",
        }
    }
}

/// The links by which a list page is saved, with the filters and the order of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportLinks {
    /// The workbook.
    pub workbook: String,
    /// The CSV file.
    pub csv: String,
}

impl ExportLinks {
    /// Of the list at a path: `/figures` is saved by `/figures.xlsx` and `/figures.csv`.
    pub fn of(params: &Params, path: &str) -> ExportLinks {
        let query = params.query_with("page", "");
        ExportLinks {
            workbook: format!("{path}.xlsx{query}"),
            csv: format!("{path}.csv{query}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use directory::sheet;

    use super::{Cell, Table, TableFormat};
    use crate::{Catalogue, Language, Locale};

    fn locale() -> Locale {
        let catalogue = Catalogue::new(&[]).unwrap();
        catalogue.locale(Language::Chinese)
    }

    const TEXTS: [&str; 8] = [
        "=1+1",
        "+86 138",
        "-3",
        "@SUM(A1)",
        "＝cmd",
        "\t=1",
        "柳湾村",
        "阿卜杜热合曼·买买提",
    ];

    fn table() -> Table {
        let mut row: Vec<Cell> = TEXTS.iter().map(|text| Cell::from(*text)).collect();
        row.push(Cell::Number("386200.5".parse().unwrap()));
        row.push(Cell::Number("-3".parse().unwrap()));
        row.push(Cell::Number("1234567890123456.78".parse().unwrap()));
        row.push(Cell::Day("2026-03-31".parse().unwrap()));
        row.push(Cell::Minute(
            "2026-04-01".parse::<kernel::Day>().unwrap().start(),
        ));
        row.push(Cell::Empty);
        Table {
            title: "行政区划".to_owned(),
            heads: (1..=row.len())
                .map(|number| format!("列{number}"))
                .collect(),
            rows: vec![row],
            filters: vec![("名称".to_owned(), "=cmd|' /C calc'!A0".to_owned())],
            made: "2026-03-31 09:20".to_owned(),
        }
    }

    #[test]
    fn a_workbook_gives_back_what_went_in_and_computes_nothing() {
        let file = table().download(&locale(), TableFormat::Workbook).unwrap();
        assert_eq!(file.name, "行政区划.xlsx");
        let read = sheet::read(&file.bytes, &sheet::LIMITS).unwrap();
        assert_eq!(read.rows[0][0], sheet::Cell::Text("行政区划".into()));
        assert_eq!(read.rows[1][1].shown(), "列2");
        // The sheet reader trims; nothing was computed and nothing rounded.
        let texts = TEXTS.map(|text| sheet::Cell::Text(text.trim().to_owned()));
        assert_eq!(read.rows[2][..8], texts);
        assert_eq!(
            read.rows[2][8..],
            [
                sheet::Cell::Number("386200.5".into()),
                sheet::Cell::Number("-3".into()),
                sheet::Cell::Text("1234567890123456.78".into()),
                sheet::Cell::Day("2026-03-31".parse().unwrap()),
                sheet::Cell::Day("2026-04-01".parse().unwrap()),
            ]
        );
    }

    #[test]
    fn csv_keeps_numbers_and_disarms_texts() {
        let file = table().download(&locale(), TableFormat::Csv).unwrap();
        assert!(file.bytes.starts_with(b"\xef\xbb\xbf"));
        let read = sheet::read(&file.bytes, &sheet::LIMITS).unwrap();
        let shown: Vec<String> = read.rows[1].iter().map(sheet::Cell::shown).collect();
        assert_eq!(
            shown,
            [
                "'=1+1",
                "'+86 138",
                "'-3",
                "'@SUM(A1)",
                "'＝cmd",
                "'\t=1",
                "柳湾村",
                "阿卜杜热合曼·买买提",
                "386200.5",
                "-3",
                "1234567890123456.78",
                "2026-03-31",
                "2026-04-01 00:00",
                ""
            ]
        );
    }

    #[test]
    fn names_of_sheets_are_ones_that_excel_takes() {
        let mut odd = table();
        odd.title = "2026/Q3: [柳湾]*?".repeat(5);
        let again = odd.clone();
        let file = super::book(&locale(), "整轮", &[&odd, &again]).unwrap();
        assert!(sheet::read(&file.bytes, &sheet::LIMITS).is_ok());
    }
}
