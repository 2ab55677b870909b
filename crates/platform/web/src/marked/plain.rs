//! A CSV file as a workbook with its marks.

use directory::sheet;
use kernel::Finding;
use rust_xlsxwriter::{Color, Format, Note, Workbook, XlsxError};

use super::{Marks, unpatchable};

/// Every cell as text, as it stood in the file.
pub(super) fn write(bytes: &[u8], marks: &Marks) -> Result<Vec<u8>, Finding> {
    let sheet = sheet::read(bytes, &sheet::LIMITS)?;
    write_book(&sheet, marks).map_err(|_| unpatchable())
}

fn write_book(table: &sheet::Sheet, marks: &Marks) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let text = Format::new().set_num_format("@").set_quote_prefix();
    let wrong = text.clone().set_background_color(Color::RGB(0x00F6_C9C2));
    for (row, cells) in (0..).zip(&table.rows) {
        for (column, cell) in (0..).zip(cells) {
            if !cell.is_empty() {
                sheet.write_string_with_format(row, column, cell.shown(), &text)?;
            }
        }
    }
    for ((row, column), said) in marks {
        let (row, column) = (row - 1, u16::try_from(column - 1).unwrap_or(u16::MAX));
        let cell = table.cell(row as usize, column.into());
        sheet.write_string_with_format(row, column, cell.shown(), &wrong)?;
        let note = Note::new(said).set_author("Xingcun").set_width(300);
        sheet.insert_note(row, column, &note)?;
    }
    workbook.save_to_buffer()
}
