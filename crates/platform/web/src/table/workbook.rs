//! Tables as a workbook, written row by row: memory does not grow with the rows.

use std::collections::HashSet;

use kernel::{Day, Instant};
use rust_xlsxwriter::{
    ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::{Cell, Table, begins_a_formula};
use crate::Locale;

/// Digits that a cell's binary float keeps exactly.
const DIGITS_EXACT: usize = 15;
/// Rows looked at to find how wide a column must be.
const ROWS_MEASURED: usize = 200;
/// Narrowest and widest column, in Latin characters.
const WIDTHS: (usize, usize) = (8, 48);
/// Longest name of a sheet, in characters.
const SHEET_NAME_MAX: usize = 31;

/// How cells look.
struct Formats {
    title: Format,
    head: Format,
    /// A text that begins with =, + or @ stays text even after someone edits the cell.
    text: Format,
    day: Format,
    minute: Format,
}

impl Formats {
    fn new() -> Formats {
        Formats {
            title: Format::new()
                .set_bold()
                .set_font_size(14)
                .set_align(FormatAlign::Center),
            head: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter)
                .set_border_bottom(FormatBorder::Thin),
            text: Format::new().set_quote_prefix(),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            minute: Format::new().set_num_format("yyyy-mm-dd hh:mm"),
        }
    }
}

/// The file: a sheet for each table, and one about them.
pub(super) fn write(tables: &[&Table], l: &Locale) -> Result<Vec<u8>, String> {
    write_book(tables, l).map_err(|error| error.to_string())
}

fn write_book(tables: &[&Table], l: &Locale) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let formats = Formats::new();
    let mut names = HashSet::new();
    for table in tables {
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(sheet_name(&table.title, &mut names))?;
        write_sheet(sheet, table, &formats)?;
    }
    let about = workbook.add_worksheet_with_constant_memory()?;
    about.set_name(sheet_name(&l.text("export-about").to_string(), &mut names))?;
    write_about(about, tables, &formats, l)?;
    workbook.save_to_buffer()
}

/// A name that Excel takes, used once; Excel compares them without regard to case.
fn sheet_name(title: &str, names: &mut HashSet<String>) -> String {
    let clean = |c: char| {
        if "[]:*?/\\'".contains(c) || c.is_control() {
            '-'
        } else {
            c
        }
    };
    let title: String = title.chars().map(clean).collect();
    let mut number = 1;
    loop {
        let ending = if number == 1 {
            String::new()
        } else {
            format!(" {number}")
        };
        let length = SHEET_NAME_MAX - ending.chars().count();
        let mut name: String = title.chars().take(length).collect();
        name.push_str(&ending);
        if name.trim().is_empty() {
            name = format!("{number}");
        }
        if names.insert(name.to_lowercase()) {
            return name;
        }
        number += 1;
    }
}

fn write_sheet(sheet: &mut Worksheet, table: &Table, formats: &Formats) -> Result<(), XlsxError> {
    let last = u16::try_from(table.heads.len().saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.set_freeze_panes(2, 0)?;
    if last > 0 {
        sheet.merge_range(0, 0, 0, last, &table.title, &formats.title)?;
    } else {
        sheet.write_string_with_format(0, 0, &table.title, &formats.title)?;
    }
    for (column, head) in (0..).zip(&table.heads) {
        sheet.set_column_width(column, width(table, column.into(), head))?;
        sheet.write_string_with_format(1, column, head, &formats.head)?;
    }
    for (row, cells) in (2..).zip(&table.rows) {
        for (column, cell) in (0..).zip(cells) {
            write_cell(sheet, (row, column), cell, formats)?;
        }
    }
    // Heads are repeated on every printed page.
    sheet.set_repeat_rows(1, 1)?;
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    Ok(())
}

/// Wide enough for the head and the first rows; a Chinese character is two Latin ones wide.
fn width(table: &Table, column: usize, head: &str) -> u32 {
    let measured = table.rows.iter().take(ROWS_MEASURED);
    let cells = measured.filter_map(|row| match row.get(column)? {
        Cell::Text(text) => Some(across(text)),
        Cell::Number(number) => Some(number.to_string().len()),
        Cell::Day(_) => Some(10),
        Cell::Minute(_) => Some(16),
        Cell::Empty => None,
    });
    let widest = cells.max().unwrap_or(0).max(across(head));
    let width = (widest + 2).clamp(WIDTHS.0, WIDTHS.1);
    u32::try_from(width).unwrap_or(u32::MAX)
}

fn across(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

fn write_about(
    about: &mut Worksheet,
    tables: &[&Table],
    formats: &Formats,
    l: &Locale,
) -> Result<(), XlsxError> {
    about.set_column_width(0, 24)?;
    about.set_column_width(1, 48)?;
    let made = tables.first().map_or("", |table| table.made.as_str());
    let mut lines = vec![(l.text("export-made").to_string(), made.to_owned())];
    for table in tables {
        let label = match tables {
            [_] => l.text("export-rows").to_string(),
            _ => table.title.clone(),
        };
        lines.push((label, table.rows.len().to_string()));
    }
    lines.extend(tables.iter().flat_map(|table| table.filters.clone()));
    for (row, (label, value)) in (0..).zip(&lines) {
        about.write_string_with_format(row, 0, label, &formats.head)?;
        about.write_string_with_format(row, 1, value, &formats.text)?;
    }
    Ok(())
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    formats: &Formats,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Text(words) if begins_a_formula(words) => {
            sheet.write_string_with_format(row, column, words, &formats.text)?;
        }
        Cell::Text(words) => {
            sheet.write_string(row, column, words)?;
        }
        Cell::Number(number) => {
            let shown = number.to_string();
            let digits = shown.bytes().filter(u8::is_ascii_digit).count();
            match shown.parse::<f64>() {
                Ok(float) if digits <= DIGITS_EXACT => sheet.write_number(row, column, float)?,
                _ => sheet.write_string(row, column, &shown)?,
            };
        }
        Cell::Day(day) => match moment(*day) {
            Some(moment) => {
                sheet.write_datetime_with_format(row, column, &moment, &formats.day)?;
            }
            None => {
                sheet.write_string(row, column, day.to_string())?;
            }
        },
        Cell::Minute(instant) => match minute(*instant) {
            Some(moment) => {
                sheet.write_datetime_with_format(row, column, &moment, &formats.minute)?;
            }
            None => {
                sheet.write_string(row, column, instant.minute_text())?;
            }
        },
        Cell::Empty => {}
    }
    Ok(())
}

/// A day as Excel knows it; `None` before 1900.
fn moment(day: Day) -> Option<ExcelDateTime> {
    let (year, month) = (
        u16::try_from(day.year()).ok()?,
        u8::try_from(day.month()).ok()?,
    );
    ExcelDateTime::from_ymd(year, month, u8::try_from(day.0.day()).ok()?).ok()
}

fn minute(instant: Instant) -> Option<ExcelDateTime> {
    let day = instant.day();
    let minutes = (instant.0 - day.start().0) / 60_000;
    let hour = u16::try_from(minutes / 60).ok()?;
    let minute = u8::try_from(minutes % 60).ok()?;
    moment(day)?.and_hms(hour, minute, 0).ok()
}
