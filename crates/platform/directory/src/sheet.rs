//! Tables from files people have: CSV (UTF-8 with or without mark, GB18030) and `.xlsx`, read
//! within limits into cells whose numbers are exact.

mod csv_file;
mod number;
mod workbook;

pub use number::number_text;

use kernel::{Finding, FindingPlace};

/// What a file may hold at most. Beyond it the file is refused before memory is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub file_bytes: usize,
    /// Bytes of a workbook's parts together when unpacked.
    pub unpacked_bytes: u64,
    /// Rows.
    pub rows: u32,
    /// Columns.
    pub columns: u32,
    /// Cells in all, each row counted up to its last one that holds anything: what bounds memory.
    pub cells: usize,
    /// Bytes of one cell's text.
    pub cell_bytes: usize,
}

/// Enough for every place of the country with code, name, level and what is above it: as many rows
/// as a sheet of Excel, of four columns. A file of nothing but commas ends at the same count.
pub const LIMITS: Limits = Limits {
    file_bytes: 64 << 20,
    unpacked_bytes: 256 << 20,
    rows: 1_048_576,
    columns: 256,
    cells: 4 * 1_048_576,
    cell_bytes: 4_096,
};

/// A table: its rows in order; empty rows at the end are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The sheet's name; empty for CSV.
    pub name: String,
    /// Rows; row 0 is row 1 of the file.
    pub rows: Vec<Vec<Cell>>,
}

/// One cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text, without spaces around it. Everything in a CSV file is text.
    Text(String),
    /// A number of a workbook, as its shortest decimal of at most 15 digits.
    Number(String),
    /// A number of a workbook that has no decimal of 15 digits: the result of a formula.
    Inexact(String),
    /// A day of a workbook.
    Day(kernel::Day),
    /// An error of a workbook: `#DIV/0!`.
    Error(String),
    /// A formula whose result the program that wrote the workbook did not keep.
    Pending,
}

impl Cell {
    /// What the cell shows, for findings and for columns of text.
    pub fn shown(&self) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Pending => "=".to_owned(),
            Cell::Text(text) | Cell::Number(text) | Cell::Inexact(text) | Cell::Error(text) => {
                text.clone()
            }
            Cell::Day(day) => day.to_string(),
        }
    }

    /// Whether nothing was entered.
    pub fn is_empty(&self) -> bool {
        *self == Cell::Empty
    }
}

impl Sheet {
    /// The cell at row and column, both from 0; empty beyond the table.
    pub fn cell(&self, row: usize, column: usize) -> &Cell {
        self.rows
            .get(row)
            .and_then(|cells| cells.get(column))
            .unwrap_or(&Cell::Empty)
    }

    /// Where a cell is, for a finding; row and column from 0.
    pub fn at(&self, row: usize, column: usize) -> FindingPlace {
        place_of(&self.name, row, column)
    }
}

/// Where a cell is; row and column from 0.
fn place_of(sheet: &str, row: usize, column: usize) -> FindingPlace {
    let number = |index: usize| u32::try_from(index.saturating_add(1)).unwrap_or(u32::MAX);
    FindingPlace::Cell {
        sheet: sheet.to_owned(),
        column: number(column),
        row: number(row),
    }
}

/// Beginnings of files that people pick by mistake: pictures and PDF documents.
const NO_TABLES: [&[u8]; 4] = [b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF-"];

/// Reads a table: a workbook where the content is one (its first sheet with content), else CSV.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Sheet, Finding> {
    if bytes.len() > limits.file_bytes {
        return Err(too_large("bytes", limits.file_bytes));
    }
    if NO_TABLES.iter().any(|begin| bytes.starts_with(begin)) {
        return Err(Finding::error("sheet-not-a-table"));
    }
    let sheet = if bytes.starts_with(b"PK\x03\x04") {
        workbook::read(bytes, limits)?
    } else if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(Finding::error("sheet-old-format"));
    } else {
        csv_file::read(bytes, limits)?
    };
    if sheet.rows.is_empty() {
        return Err(Finding::error("sheet-empty"));
    }
    Ok(sheet)
}

/// Reads every sheet of a workbook; those without content have no rows.
pub fn read_all(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, Finding> {
    if bytes.len() > limits.file_bytes {
        return Err(too_large("bytes", limits.file_bytes));
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(Finding::error("sheet-old-format"));
    }
    workbook::read_all(bytes, limits)
}

/// Counts cells taken against the limit.
fn take_cells(taken: &mut usize, more: usize, limits: &Limits) -> Result<(), Finding> {
    *taken += more;
    if *taken > limits.cells {
        return Err(too_large("cells", limits.cells));
    }
    Ok(())
}

fn too_large(what: &'static str, limit: impl Into<kernel::FindingArg>) -> Finding {
    Finding::error("sheet-too-large")
        .arg("what", what)
        .arg("limit", limit)
}

/// Drops empty rows from the end.
fn trimmed(mut rows: Vec<Vec<Cell>>) -> Vec<Vec<Cell>> {
    while rows
        .last()
        .is_some_and(|row| row.iter().all(Cell::is_empty))
    {
        rows.pop();
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::{Cell, LIMITS, Limits, read};

    fn text(text: &str) -> Cell {
        Cell::Text(text.into())
    }

    #[test]
    fn reads_csv_in_the_three_encodings_offices_use() {
        let plain = "名称,数值\r\n店子村, 74.3 \r\n\r\n".as_bytes().to_vec();
        let marked = [b"\xef\xbb\xbf".as_slice(), &plain].concat();
        let (gb18030, _, _) = encoding_rs::GB18030.encode("名称,数值\r\n店子村, 74.3 \r\n");
        for bytes in [plain, marked, gb18030.into_owned()] {
            let sheet = read(&bytes, &LIMITS).unwrap();
            assert_eq!(sheet.rows.len(), 2);
            assert_eq!(sheet.rows[1], [text("店子村"), text("74.3")]);
        }
    }

    #[test]
    fn quoted_cells_keep_commas_and_line_ends() {
        let sheet = read("a,\"b,\n\"\"c\"\"\",d".as_bytes(), &LIMITS).unwrap();
        assert_eq!(sheet.rows[0], [text("a"), text("b,\n\"c\""), text("d")]);
    }

    #[test]
    fn an_empty_line_keeps_the_numbering_of_rows() {
        let sheet = read(b"a,b\n\nc,d\n", &LIMITS).unwrap();
        assert_eq!(sheet.cell(2, 0), &text("c"));
        assert_eq!(sheet.at(2, 0).to_string(), "A3");
    }

    #[test]
    fn refuses_what_is_no_table_or_too_much_of_one() {
        let small = Limits {
            file_bytes: 64,
            unpacked_bytes: 64,
            rows: 3,
            columns: 3,
            cells: 5,
            cell_bytes: 8,
        };
        for (bytes, code) in [
            (b"".as_slice(), "sheet-empty"),
            (b"\n\n\n", "sheet-empty"),
            (b"\xff\xff\xff\x00", "sheet-encoding"),
            (b"\x89PNG\r\n", "sheet-not-a-table"),
            (b"%PDF-1.7", "sheet-not-a-table"),
            (b"\xd0\xcf\x11\xe0rest", "sheet-old-format"),
            (b"PK\x03\x04rest", "sheet-not-a-workbook"),
            (b"a\nb\nc\nd", "sheet-too-large"),
            (b"a,b,c,d", "sheet-too-large"),
            (b"123456789", "sheet-too-large"),
            (b"a,b,c\nd,e,f", "sheet-too-large"),
            (&[b'a'; 65], "sheet-too-large"),
        ] {
            let finding = read(bytes, &small).unwrap_err();
            assert_eq!(finding.code, code, "{bytes:?}");
        }
    }
}
