//! Workbooks (`.xlsx`), streamed: a sheet that claims a million columns costs nothing.

use std::io::{Cursor, Read};

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};
use kernel::{Day, Finding};

use super::{Cell, Limits, Sheet, number_text, take_cells, too_large, trimmed};

/// Reads every sheet, in order.
pub(super) fn read_all(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, Finding> {
    let mut workbook = open(bytes, limits)?;
    let mut sheets = Vec::new();
    for name in workbook.sheet_names() {
        let rows = read_sheet(&mut workbook, &name, limits)?;
        sheets.push(Sheet { name, rows });
    }
    Ok(sheets)
}

fn open<'b>(bytes: &'b [u8], limits: &Limits) -> Result<Xlsx<Cursor<&'b [u8]>>, Finding> {
    check_unpacked(bytes, limits)?;
    Xlsx::new(Cursor::new(bytes)).map_err(|_| Finding::error("sheet-not-a-workbook"))
}

/// Reads the first sheet that holds anything.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Sheet, Finding> {
    let mut workbook = open(bytes, limits)?;
    for name in workbook.sheet_names() {
        let rows = read_sheet(&mut workbook, &name, limits)?;
        if !rows.is_empty() {
            return Ok(Sheet { name, rows });
        }
    }
    Err(Finding::error("sheet-empty"))
}

/// Unpacks every part into nothing and counts: the sizes a file claims of itself prove nothing.
fn check_unpacked(bytes: &[u8], limits: &Limits) -> Result<(), Finding> {
    let broken = |_| Finding::error("sheet-not-a-workbook");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut left = limits.unpacked_bytes;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(broken)?;
        let counted = std::io::copy(&mut part.take(left + 1), &mut std::io::sink())
            .map_err(|_| Finding::error("sheet-not-a-workbook"))?;
        left = left.checked_sub(counted).ok_or_else(|| {
            too_large(
                "unpacked",
                i64::try_from(limits.unpacked_bytes).unwrap_or(i64::MAX),
            )
        })?;
    }
    Ok(())
}

fn read_sheet(
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    limits: &Limits,
) -> Result<Vec<Vec<Cell>>, Finding> {
    let broken = |_| Finding::error("sheet-not-a-workbook").arg("sheet", name);
    // A chart sheet has no cells to read.
    let Ok(mut cells) = workbook.worksheet_cells_reader(name) else {
        return Ok(Vec::new());
    };
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut taken = 0;
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(broken)? {
        let (row, column) = cell.pos;
        let value = match (convert(&cell.value), cell.formula) {
            (Cell::Empty, Some(_)) => Cell::Pending,
            (value, _) => value,
        };
        if value.is_empty() {
            continue;
        }
        if row >= limits.rows {
            return Err(too_large("rows", limits.rows));
        }
        if column >= limits.columns {
            return Err(too_large("columns", limits.columns));
        }
        if value.shown().len() > limits.cell_bytes {
            let place = super::place_of(name, row as usize, column as usize);
            return Err(too_large("cell", limits.cell_bytes).at(place));
        }
        let (row, column) = (row as usize, column as usize);
        if rows.len() <= row {
            rows.resize_with(row + 1, Vec::new);
        }
        if rows[row].len() <= column {
            take_cells(&mut taken, column + 1 - rows[row].len(), limits)?;
            rows[row].resize(column + 1, Cell::Empty);
        }
        rows[row][column] = value;
    }
    Ok(trimmed(rows))
}

fn convert(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text_cell(text)
        }
        DataRef::SharedString(text) => text_cell(text),
        DataRef::Int(number) => Cell::Number(number.to_string()),
        DataRef::Float(number) => number_cell(*number),
        DataRef::Bool(flag) => Cell::Text(if *flag { "TRUE" } else { "FALSE" }.to_owned()),
        DataRef::DateTime(moment) => day_cell(moment),
        DataRef::Error(error) => Cell::Error(error.to_string()),
    }
}

fn text_cell(text: &str) -> Cell {
    match text.trim() {
        "" => Cell::Empty,
        text => Cell::Text(text.to_owned()),
    }
}

fn number_cell(number: f64) -> Cell {
    number_text(number).map_or_else(Cell::Inexact, Cell::Number)
}

/// A day without time of day; anything else of the kind is a number that was formatted as time.
fn day_cell(moment: &ExcelDateTime) -> Cell {
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let parts = (i16::try_from(year), i8::try_from(month), i8::try_from(day));
    if let (Ok(year), Ok(month), Ok(day)) = parts
        && (hour, minute, second, milli) == (0, 0, 0, 0)
        && moment.is_datetime()
        && let Some(day) = Day::new(year, month, day)
    {
        return Cell::Day(day);
    }
    number_cell(moment.as_f64())
}

#[cfg(test)]
mod tests {
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

    use super::super::{Cell, LIMITS, Limits, read};

    fn workbook(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        sheet.set_name("数据").unwrap();
        fill(sheet);
        workbook.save_to_buffer().unwrap()
    }

    #[test]
    fn reads_texts_numbers_days_and_errors() {
        let bytes = workbook(|sheet| {
            sheet.write(0, 0, " 店子村 ").unwrap();
            sheet.write(0, 1, 74.3).unwrap();
            sheet.write(0, 2, 1.0 / 3.0).unwrap();
            let day = ExcelDateTime::from_ymd(2026, 3, 31).unwrap();
            let format = Format::new().set_num_format("yyyy-mm-dd");
            sheet.write_with_format(0, 3, &day, &format).unwrap();
            sheet.write(2, 1, 370_725_001_000_i64).unwrap();
        });
        let sheet = read(&bytes, &LIMITS).unwrap();
        assert_eq!(sheet.name, "数据");
        assert_eq!(
            sheet.rows[0],
            [
                Cell::Text("店子村".into()),
                Cell::Number("74.3".into()),
                Cell::Inexact("0.3333333333333333".into()),
                Cell::Day("2026-03-31".parse().unwrap()),
            ]
        );
        assert_eq!(sheet.rows[1], []);
        assert_eq!(sheet.cell(2, 1), &Cell::Number("370725001000".into()));
        assert_eq!(sheet.at(2, 1).to_string(), "数据!B3");
    }

    #[test]
    fn a_cell_far_out_is_refused_without_taking_memory() {
        let bytes = workbook(|sheet| {
            sheet.write(1_048_575, 16_383, 1).unwrap();
        });
        assert_eq!(read(&bytes, &LIMITS).unwrap_err().code, "sheet-too-large");
    }

    #[test]
    fn cells_far_to_the_right_in_many_rows_are_refused_before_memory_is_taken() {
        let bytes = workbook(|sheet| {
            for row in 0..17_000 {
                sheet.write(row, 255, 1).unwrap();
            }
        });
        let finding = read(&bytes, &LIMITS).unwrap_err();
        assert_eq!(finding.code, "sheet-too-large");
        let args = format!("{:?}", finding.args);
        let most = LIMITS.cells.to_string();
        assert!(args.contains("cells") && args.contains(&most), "{args}");
    }

    #[test]
    fn a_workbook_that_unpacks_to_too_much_is_refused() {
        let bytes = workbook(|sheet| {
            for row in 0..2_000 {
                sheet.write(row, 0, "同一段文字".repeat(20)).unwrap();
            }
        });
        let limits = Limits {
            unpacked_bytes: 20_000,
            ..LIMITS
        };
        let finding = read(&bytes, &limits).unwrap_err();
        assert_eq!(finding.code, "sheet-too-large");
        assert!(read(&bytes, &LIMITS).is_ok());
    }

    #[test]
    fn damaged_workbooks_give_a_finding_not_a_panic() {
        let bytes = workbook(|sheet| {
            sheet.write(0, 0, "x").unwrap();
        });
        for cut in [30, bytes.len() / 2, bytes.len() - 5] {
            let found = read(&bytes[..cut], &LIMITS).unwrap_err();
            assert_eq!(found.code, "sheet-not-a-workbook");
        }
    }
}
