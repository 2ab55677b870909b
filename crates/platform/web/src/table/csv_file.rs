//! A table as CSV.

use super::{Cell, Table, begins_a_formula};

/// UTF-8 with mark, comma, CRLF; a text that a spreadsheet would run gets an apostrophe in front.
pub(super) fn write(table: &Table) -> Result<Vec<u8>, String> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(b"\xef\xbb\xbf".to_vec());
    let failed = |error: csv::Error| error.to_string();
    let heads = table.heads.iter().map(|head| disarmed(head));
    writer.write_record(heads).map_err(failed)?;
    for row in &table.rows {
        writer
            .write_record(row.iter().map(written))
            .map_err(failed)?;
    }
    writer.into_inner().map_err(|error| error.to_string())
}

fn written(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => disarmed(text),
        Cell::Number(number) => number.to_string(),
        Cell::Day(day) => day.to_string(),
        Cell::Minute(instant) => instant.minute_text(),
        Cell::Empty => String::new(),
    }
}

fn disarmed(text: &str) -> String {
    let apostrophe = if begins_a_formula(text) { "'" } else { "" };
    format!("{apostrophe}{text}")
}
