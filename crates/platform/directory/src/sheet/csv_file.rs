//! CSV as offices write it.

use std::borrow::Cow;

use kernel::{Finding, FindingPlace};

use super::{Cell, Limits, Sheet, take_cells, too_large, trimmed};

/// Reads comma-separated text. Row numbers are the file's lines: an empty line is an empty row.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Sheet, Finding> {
    let text = decode(bytes)?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut taken = 0;
    for record in reader.records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(1, csv::Position::line);
            Finding::error("sheet-csv").at(line_at(line))
        })?;
        // The reader skips empty lines, people do not: a row is counted as its first line.
        let row = record
            .position()
            .map_or(rows.len(), |position| first_line(&text, position));
        if row >= limits.rows as usize || rows.len() >= limits.rows as usize {
            return Err(too_large("rows", limits.rows));
        }
        rows.resize_with(rows.len().max(row), Vec::new);
        take_cells(&mut taken, record.len(), limits)?;
        rows.push(cells(&record, row, limits)?);
    }
    Ok(Sheet {
        name: String::new(),
        rows: trimmed(rows),
    })
}

/// The line, from 0, on which a record begins; its position is before the empty lines above it.
fn first_line(text: &str, position: &csv::Position) -> usize {
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let skipped = text.as_bytes().get(start..).unwrap_or_default();
    let empty = skipped
        .iter()
        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
        .filter(|byte| **byte == b'\n')
        .count();
    let line = usize::try_from(position.line()).unwrap_or(usize::MAX);
    line.saturating_sub(1).saturating_add(empty)
}

fn cells(record: &csv::StringRecord, row: usize, limits: &Limits) -> Result<Vec<Cell>, Finding> {
    if record.len() > limits.columns as usize {
        return Err(too_large("columns", limits.columns));
    }
    record
        .iter()
        .enumerate()
        .map(|(column, text)| {
            let text = text.trim();
            if text.len() > limits.cell_bytes {
                let place = super::place_of("", row, column);
                return Err(too_large("cell", limits.cell_bytes).at(place));
            }
            Ok(match text {
                "" => Cell::Empty,
                text => Cell::Text(text.to_owned()),
            })
        })
        .collect()
}

/// UTF-8 with or without mark; else GB18030, which contains GBK and GB 2312.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Finding> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Cow::Borrowed(text));
    }
    encoding_rs::GB18030
        .decode_without_bom_handling_and_without_replacement(bytes)
        .ok_or_else(|| Finding::error("sheet-encoding"))
}

fn line_at(line: u64) -> FindingPlace {
    FindingPlace::Cell {
        sheet: String::new(),
        column: 1,
        row: u32::try_from(line).unwrap_or(u32::MAX),
    }
}
