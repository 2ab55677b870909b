//! From a workbook to a scheme, with a finding at each wrong cell.

use std::collections::BTreeMap;

use directory::sheet::{Cell, LIMITS, Limits, Sheet, read_all};
use kernel::{Finding, FindingPlace};
use score::{ENTRY_LIMIT, Scheme, check, read_paths};

use super::layout::{
    ENTRY_SHEETS, HEAD, LIST_COLUMNS, LISTS, RULE, RULE_COLUMNS, RULES, SINGLES, value,
};
use super::tree::Tree;
use super::words::is_key;

/// A scheme that was read from a workbook.
#[derive(Clone, Debug)]
pub struct WorkbookScheme {
    /// What it says; `None` where it could not be read as a scheme.
    pub scheme: Option<Scheme>,
    /// What is wrong, each at its cell (`nodes!D17`).
    pub findings: Vec<Finding>,
}

/// Limits of a workbook with a scheme: a scheme has thousands of cells, not millions.
const SCHEME_LIMITS: Limits = Limits {
    rows: 100_000,
    columns: 256,
    ..LIMITS
};

/// Reads a workbook as [`super::write_workbook`] writes it, or as people wrote it after that
/// pattern, and checks the scheme. Sheets of other names are left alone.
pub fn read_workbook(bytes: &[u8]) -> WorkbookScheme {
    let sheets = match read_all(bytes, &SCHEME_LIMITS) {
        Ok(sheets) => sheets,
        Err(finding) => {
            return WorkbookScheme {
                scheme: None,
                findings: vec![finding],
            };
        }
    };
    let mut reader = Reader::default();
    reader.head(&sheets);
    for (name, path) in ENTRY_SHEETS {
        if let Some(sheet) = sheets.iter().find(|sheet| sheet.name == name) {
            reader.entries(sheet, path);
        }
    }
    for (name, read) in [
        (RULES, Reader::rules as fn(&mut Reader, &Sheet)),
        (LISTS, Reader::lists),
    ] {
        if let Some(sheet) = sheets.iter().find(|sheet| sheet.name == name) {
            read(&mut reader, sheet);
        }
    }
    reader.finish()
}

/// The row of the keys and its width: the second row where the first one has words.
fn heading(sheet: &Sheet) -> (usize, usize) {
    let has_keys = |row: usize| {
        let mut cells = sheet.rows.get(row).into_iter().flatten();
        let mut given = cells.clone().filter(|cell| !cell.is_empty());
        given.all(|cell| is_key(&cell.shown())) && cells.any(|cell| !cell.is_empty())
    };
    let row = usize::from(!has_keys(0) && has_keys(1));
    (row, sheet.rows.get(row).map_or(0, Vec::len))
}

#[derive(Default)]
struct Reader {
    tree: Tree,
    /// Position of each node by its code.
    nodes: BTreeMap<String, usize>,
    findings: Vec<Finding>,
}

impl Reader {
    fn report(&mut self, place: FindingPlace, finding: Finding) {
        self.findings.push(finding.at(place));
    }

    /// The text of a cell; nothing where it is empty or cannot be taken as it is.
    fn text(&mut self, sheet: &Sheet, row: usize, column: usize) -> Option<String> {
        let cell = sheet.cell(row, column);
        let finding = match cell {
            Cell::Empty => return None,
            Cell::Text(text) | Cell::Number(text) => return Some(text.clone()),
            Cell::Day(day) => return Some(day.to_string()),
            Cell::Inexact(_) => Finding::error("workbook-number-inexact"),
            // A formula without its result, as the reader of tables tells it.
            Cell::Pending => Finding::error("import-formula-without-value"),
            Cell::Error(_) => Finding::error("workbook-cell-error"),
        };
        let finding = finding.arg("found", cell.shown());
        self.report(sheet.at(row, column), finding);
        None
    }

    fn put(&mut self, path: &[&str], text: &str, place: FindingPlace) {
        if !self.tree.put(path, value(path, text), &place) {
            let finding = Finding::error("workbook-field-twice")
                .arg("field", path.last().copied().unwrap_or_default())
                .arg("found", text);
            self.report(place, finding);
        }
    }

    /// Positions of the columns of a sheet that must be there.
    fn fixed<const N: usize>(&mut self, sheet: &Sheet, names: [&str; N]) -> Option<[usize; N]> {
        let mut found = [0; N];
        for (found, name) in found.iter_mut().zip(names) {
            let (row, width) = heading(sheet);
            let column = (0..width).find(|&column| sheet.cell(row, column).shown() == name);
            let Some(column) = column else {
                let finding = Finding::error("workbook-column-absent").arg("expected", name);
                self.report(sheet.at(0, 0), finding);
                return None;
            };
            *found = column;
        }
        Some(found)
    }

    fn head(&mut self, sheets: &[Sheet]) {
        let Some(sheet) = sheets.iter().find(|sheet| sheet.name == HEAD) else {
            let finding = Finding::error("workbook-sheet-absent").arg("expected", HEAD);
            self.report(FindingPlace::Whole, finding);
            return;
        };
        let Some([field, value]) = self.fixed(sheet, ["field", "value"]) else {
            return;
        };
        for row in heading(sheet).0 + 1..sheet.rows.len() {
            let (Some(key), Some(text)) =
                (self.text(sheet, row, field), self.text(sheet, row, value))
            else {
                continue;
            };
            let path: Vec<&str> = key.split('.').collect();
            if !SINGLES.contains(&path[0]) {
                let finding = Finding::error("field-unknown")
                    .arg("found", key.as_str())
                    .arg("expected", SINGLES.join(", "));
                self.report(sheet.at(row, field), finding);
                continue;
            }
            self.tree.place(path[0], &sheet.at(row, field));
            self.put(&path, &text, sheet.at(row, value));
        }
    }

    /// A sheet whose rows are the entries of the list at `path`.
    fn entries(&mut self, sheet: &Sheet, path: &[&str]) {
        let columns = self.columns(sheet, &[]);
        for row in heading(sheet).0 + 1..sheet.rows.len() {
            if sheet.rows[row].iter().all(Cell::is_empty) {
                continue;
            }
            let Some(entry) = self.tree.entry(path) else {
                let finding = Finding::error("workbook-field-twice")
                    .arg("field", path[0])
                    .arg("found", sheet.name.as_str());
                self.report(sheet.at(row, 0), finding);
                return;
            };
            if entry >= ENTRY_LIMIT {
                let finding = Finding::error("too-many-entries")
                    .arg("field", path[0])
                    .arg("found", entry + 1)
                    .arg("limit", ENTRY_LIMIT);
                self.report(sheet.at(row, 0), finding);
                return;
            }
            let entry_text = entry.to_string();
            let mut way: Vec<&str> = path.to_vec();
            way.push(&entry_text);
            self.tree.place(&way.join("."), &sheet.at(row, 0));
            self.row(sheet, row, &columns, &way);
            if path == ["node"] {
                let code = columns.iter().find(|(_, name)| name == "code");
                let code = code.map(|(column, _)| sheet.cell(row, *column).shown());
                if let Some(code) = code {
                    self.nodes.entry(code).or_insert(entry);
                }
            }
        }
    }

    /// The columns of fields with their names.
    fn columns(&mut self, sheet: &Sheet, fixed: &[usize]) -> Vec<(usize, String)> {
        let (row, width) = heading(sheet);
        let mut columns: Vec<(usize, String)> = Vec::new();
        for column in (0..width).filter(|column| !fixed.contains(column)) {
            let Some(name) = self.text(sheet, row, column) else {
                continue;
            };
            if columns.iter().any(|(_, known)| *known == name) {
                let finding = Finding::error("workbook-column-twice").arg("found", name);
                self.report(sheet.at(row, column), finding);
                continue;
            }
            columns.push((column, name));
        }
        columns
    }

    /// The fields of a row, put below `way`.
    fn row(&mut self, sheet: &Sheet, row: usize, columns: &[(usize, String)], way: &[&str]) {
        for (column, name) in columns {
            let Some(text) = self.text(sheet, row, *column) else {
                continue;
            };
            let mut path = way.to_vec();
            path.extend(name.split('.'));
            self.put(&path, &text, sheet.at(row, *column));
        }
    }

    /// The path of the node that a row is about.
    fn node(&mut self, sheet: &Sheet, row: usize, column: usize) -> Option<String> {
        let code = self.text(sheet, row, column)?;
        let node = self.nodes.get(&code).map(usize::to_string);
        if node.is_none() {
            let finding = Finding::error("node-unknown").arg("found", code);
            self.report(sheet.at(row, column), finding);
        }
        node
    }

    fn rules(&mut self, sheet: &Sheet) {
        let Some([node, field, value]) = self.fixed(sheet, RULE_COLUMNS) else {
            return;
        };
        for row in heading(sheet).0 + 1..sheet.rows.len() {
            let Some(position) = self.node(sheet, row, node) else {
                continue;
            };
            let (Some(key), Some(text)) =
                (self.text(sheet, row, field), self.text(sheet, row, value))
            else {
                continue;
            };
            let mut path = vec!["node", position.as_str(), RULE];
            self.tree.place(&path.join("."), &sheet.at(row, field));
            path.extend(key.split('.'));
            self.put(&path, &text, sheet.at(row, value));
        }
    }

    fn lists(&mut self, sheet: &Sheet) {
        let Some(fixed) = self.fixed(sheet, LIST_COLUMNS) else {
            return;
        };
        let columns = self.columns(sheet, &fixed);
        for row in heading(sheet).0 + 1..sheet.rows.len() {
            let Some(position) = self.node(sheet, row, fixed[0]) else {
                continue;
            };
            let Some(list) = self.text(sheet, row, fixed[1]) else {
                let finding = Finding::error("workbook-column-absent").arg("expected", "list");
                self.report(sheet.at(row, fixed[1]), finding);
                continue;
            };
            let path = ["node", position.as_str(), RULE, list.as_str()];
            let Some(entry) = self.tree.entry(&path) else {
                let finding = Finding::error("workbook-field-twice")
                    .arg("field", list.as_str())
                    .arg("found", sheet.cell(row, fixed[0]).shown());
                self.report(sheet.at(row, fixed[1]), finding);
                continue;
            };
            self.tree.place(&path.join("."), &sheet.at(row, fixed[1]));
            let entry = entry.to_string();
            let way = [path.as_slice(), &[entry.as_str()]].concat();
            self.tree.place(&way.join("."), &sheet.at(row, fixed[1]));
            self.row(sheet, row, &columns, &way);
        }
    }

    fn finish(mut self) -> WorkbookScheme {
        let (scheme, findings) = read_paths(&self.tree.document().to_toml());
        let checked = scheme.as_ref().map(check).unwrap_or_default();
        let located = findings.into_iter().chain(checked);
        let located: Vec<Finding> = located.map(|finding| self.tree.locate(finding)).collect();
        self.findings.extend(located);
        let unreadable = self
            .findings
            .iter()
            .any(|finding| finding.blocks() && finding.code.starts_with("workbook-"));
        WorkbookScheme {
            scheme: scheme.filter(|_| !unreadable),
            findings: self.findings,
        }
    }
}
