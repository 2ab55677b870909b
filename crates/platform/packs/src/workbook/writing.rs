//! From a scheme to a workbook.

use rust_xlsxwriter::{Color, Format, Workbook, Worksheet, XlsxError};
use score::{Document, Scheme, Value, write};

use super::layout::{
    ENTRY_SHEETS, HEAD, LIST_COLUMNS, LISTS, MEANING, RULE, RULE_COLUMNS, RULES, SINGLES, plain,
    shown,
};
use super::words::{word, words};

/// The bytes of a workbook with the scheme. Every cell is a text: a spreadsheet would make binary
/// numbers of decimals, and formulas of codes.
pub fn write_workbook(scheme: &Scheme) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    for (name, rows) in sheets(scheme) {
        fill(workbook.add_worksheet().set_name(name)?, &rows)?;
    }
    workbook.save_to_buffer()
}

type Rows = Vec<Vec<String>>;

/// Name and rows of every sheet; the first row has the keys.
pub(super) fn sheets(scheme: &Scheme) -> Vec<(&'static str, Rows)> {
    let document = write(scheme);
    let mut sheets = vec![(HEAD, head(&document))];
    for (name, path) in ENTRY_SHEETS {
        let entries = list(&document, path);
        sheets.push((
            name,
            entry_rows(
                &[],
                entries.iter().map(|entry| (vec![], without_rule(entry))),
            ),
        ));
        if name == "nodes" {
            sheets.push((RULES, rule_rows(entries)));
            sheets.push((LISTS, list_rows(entries)));
        }
    }
    sheets
}

fn fill(sheet: &mut Worksheet, rows: &Rows) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold().set_text_wrap();
    let small = Format::new().set_font_size(8).set_font_color(Color::Gray);
    let text = Format::new().set_num_format("@");
    let head = rows.first().map(|keys| words(keys));
    for (row, cells) in (0..).zip(head.iter().chain(rows)) {
        let format = match row {
            0 => &bold,
            1 => &small,
            _ => &text,
        };
        for (column, cell) in (0..).zip(cells) {
            if !cell.is_empty() {
                sheet.write_string_with_format(row, column, cell, format)?;
            }
        }
    }
    for (column, _) in (0..).zip(rows.first().into_iter().flatten()) {
        sheet.set_column_width(column, 18)?;
    }
    sheet.set_freeze_panes(2, 0)?;
    Ok(())
}

fn table(value: &Value) -> &[(String, Value)] {
    match value {
        Value::Table(fields) => fields,
        _ => &[],
    }
}

fn field<'v>(fields: &'v [(String, Value)], key: &str) -> Option<&'v Value> {
    let known = fields.iter().find(|(known, _)| known == key);
    known.map(|(_, value)| value)
}

/// The entries of a list of the document.
fn list<'d>(document: &'d Document, path: &[&str]) -> &'d [Value] {
    let mut fields = &document.0[..];
    for (depth, key) in path.iter().enumerate() {
        match field(fields, key) {
            Some(Value::List(entries)) if depth + 1 == path.len() => return entries,
            Some(Value::Table(below)) => fields = below,
            _ => return &[],
        }
    }
    &[]
}

fn head(document: &Document) -> Rows {
    let mut rows = vec![["field", "value", MEANING].map(str::to_owned).to_vec()];
    for (key, value) in &document.0 {
        if !SINGLES.contains(&key.as_str()) {
            continue;
        }
        match value {
            Value::Table(fields) => rows.extend(
                plain(fields)
                    .into_iter()
                    .map(|(path, value)| single(format!("{key}.{path}"), value)),
            ),
            value => rows.push(single(key.clone(), value)),
        }
    }
    rows
}

/// A row of a single field: key, value, meaning.
fn single(key: String, value: &Value) -> Vec<String> {
    let meaning = word(&key).unwrap_or_default();
    vec![key, shown(value), meaning]
}

fn without_rule(entry: &Value) -> Vec<(String, &Value)> {
    let below_rule = |path: &str| path == RULE || path.starts_with("rule.");
    let fields = plain(table(entry)).into_iter();
    fields.filter(|(path, _)| !below_rule(path)).collect()
}

/// A header over all fields that some entry has, in the order in which they first appear, and a
/// row for each entry; `fixed` columns stand before them.
fn entry_rows<'v>(
    fixed: &[&str],
    entries: impl Iterator<Item = (Vec<String>, Vec<(String, &'v Value)>)> + Clone,
) -> Rows {
    let mut columns: Vec<String> = Vec::new();
    for (_, fields) in entries.clone() {
        let mut after = 0;
        for (path, _) in fields {
            let known = columns.iter().position(|known| *known == path);
            let place = known.unwrap_or_else(|| {
                columns.insert(after, path);
                after
            });
            after = place + 1;
        }
    }
    let mut rows: Rows = vec![fixed.iter().map(|name| (*name).to_owned()).collect()];
    rows[0].extend(columns.iter().cloned());
    for (mut row, fields) in entries {
        for column in &columns {
            let value = fields.iter().find(|(path, _)| path == column);
            row.push(value.map_or_else(String::new, |(_, value)| shown(value)));
        }
        rows.push(row);
    }
    rows
}

fn code(node: &Value) -> String {
    field(table(node), "code").map_or_else(String::new, shown)
}

fn rule(node: &Value) -> &[(String, Value)] {
    field(table(node), RULE).map_or(&[], table)
}

fn rule_rows(nodes: &[Value]) -> Rows {
    let mut rows: Rows = vec![RULE_COLUMNS.map(str::to_owned).to_vec()];
    rows[0].push(MEANING.to_owned());
    for node in nodes {
        let fields = plain(rule(node)).into_iter();
        rows.extend(fields.map(|(path, value)| {
            let row = single(path, value);
            [vec![code(node)], row].concat()
        }));
    }
    rows
}

fn list_rows(nodes: &[Value]) -> Rows {
    let entries = nodes.iter().flat_map(|node| {
        rule(node).iter().flat_map(move |(key, value)| {
            let entries = match value {
                Value::List(entries) => &entries[..],
                _ => &[],
            };
            entries
                .iter()
                .map(move |entry| (vec![code(node), key.clone()], plain(table(entry))))
        })
    });
    entry_rows(&LIST_COLUMNS, entries)
}
