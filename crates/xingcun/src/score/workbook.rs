//! Figures and results as workbooks.

use std::io::{self, Write};

use directory::sheet::{Cell, Limits, Sheet};
use kernel::{Finding, FindingPlace};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::output::{Outcome, Shown};
use super::table;

/// A workbook of figures may be as large as a file of figures may.
const FIGURES: Limits = Limits {
    file_bytes: 256 << 20,
    unpacked_bytes: 2 << 30,
    rows: 1_048_576,
    columns: 4096,
    // On the own machine of who scores; a million villages with a hundred figures each.
    cells: 100_000_000,
    cell_bytes: table::MAX_CELL_BYTES,
};
/// Digits that a number of a workbook keeps.
const DIGITS_EXACT: usize = 15;

/// Whether the bytes are a workbook, of the new form or the old.
pub fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0")
}

/// A sheet of figures, and the same as the text that the reader of figures takes: a line for each
/// row, so that rows keep their numbers.
pub struct Figures {
    sheet: Sheet,
    /// The text.
    pub text: String,
}

impl Figures {
    /// Reads the first sheet with content.
    pub fn read(bytes: &[u8]) -> Result<Figures, Finding> {
        let sheet = directory::sheet::read(bytes, &FIGURES)?;
        let width = sheet.rows.first().map_or(0, Vec::len);
        let mut text = String::new();
        for row in &sheet.rows {
            // A row may end early in a workbook: what is left out is empty.
            for column in 0..row.len().max(width) {
                if column > 0 {
                    text.push(',');
                }
                push_cell(&mut text, row.get(column).unwrap_or(&Cell::Empty));
            }
            text.push('\n');
        }
        Ok(Figures { sheet, text })
    }

    /// A finding of the reader, with the sheet's name, and about what the cell really holds.
    pub fn told(&self, mut finding: Finding) -> Finding {
        let FindingPlace::Cell { sheet, column, row } = &mut finding.place else {
            return finding;
        };
        sheet.clone_from(&self.sheet.name);
        let (row, column) = (*row as usize, *column as usize);
        let cell = self
            .sheet
            .cell(row.saturating_sub(1), column.saturating_sub(1));
        let code = match cell {
            Cell::Inexact(_) => "workbook-number-inexact",
            Cell::Error(_) => "workbook-cell-error",
            _ => return finding,
        };
        Finding::error(code)
            .arg("found", cell.shown())
            .at(finding.place)
    }
}

fn push_cell(text: &mut String, cell: &Cell) {
    let shown = match cell {
        // No decimal begins so: the cell is refused, and `told` says why.
        Cell::Inexact(number) => format!("≈{number}"),
        cell => cell.shown(),
    };
    if shown.contains([',', '"', '\n', '\r']) {
        text.push('"');
        text.push_str(&shown.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(&shown);
    }
}

impl Outcome<'_> {
    /// Writes the table of [`Outcome::write_csv`] as a workbook with one sheet. A number that a
    /// cell keeps exactly is a number, any other is its text.
    pub fn write_workbook(&self, out: &mut dyn Write, progress: &dyn Fn(usize)) -> io::Result<()> {
        let bytes = self.workbook(progress).map_err(io::Error::other)?;
        out.write_all(&bytes)?;
        out.flush()
    }

    fn workbook(&self, progress: &dyn Fn(usize)) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name("results")?;
        sheet.set_freeze_panes(1, 1)?;
        let bold = Format::new().set_bold();
        // A name that begins like a formula stays text even after someone edits the cell.
        let plain = Format::new().set_quote_prefix();
        for (column, name) in (0..).zip(self.header()) {
            sheet.write_string_with_format(0, column, name, &bold)?;
        }
        for subject in 0..self.columns.len() {
            let row = u32::try_from(subject + 1).unwrap_or(u32::MAX);
            for (column, cell) in (0..).zip(self.row(subject)) {
                write_cell(sheet, (row, column), &cell, &plain)?;
            }
            if subject.is_multiple_of(4096) {
                progress(subject);
            }
        }
        workbook.save_to_buffer()
    }
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Shown,
    plain: &Format,
) -> Result<(), XlsxError> {
    match cell {
        Shown::Nothing => {}
        Shown::Name(name) => {
            sheet.write_string_with_format(row, column, *name, plain)?;
        }
        Shown::Word(word) => {
            sheet.write_string(row, column, *word)?;
        }
        Shown::Number(number) => {
            let digits = number.bytes().filter(u8::is_ascii_digit).count();
            match number.parse::<f64>() {
                Ok(binary) if digits <= DIGITS_EXACT => sheet.write_number(row, column, binary)?,
                _ => sheet.write_string(row, column, number)?,
            };
        }
    }
    Ok(())
}
