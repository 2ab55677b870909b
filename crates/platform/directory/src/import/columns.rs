//! Which column holds what, by the header row.

use kernel::{Finding, FindingPlace};

use crate::sheet::{Cell, Sheet};

/// In how many rows from the top the header is looked for: titles stand above it.
const HEADER_WITHIN: usize = 10;

/// A column of an import: its key and the headers people write for it.
pub(super) struct Column {
    /// The header as the templates write it, and the key in code.
    pub key: &'static str,
    /// Other headers for it.
    pub others: &'static [&'static str],
}

impl Column {
    fn is_named(&self, header: &str) -> bool {
        let header: String = header
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '*' | '＊'))
            .collect::<String>()
            .to_lowercase();
        header == self.key || self.others.contains(&header.as_str())
    }
}

/// The cells of the header, and its last row. Merged heads stand in two rows: what a merged cell
/// says is kept in its first cell, so the upper row fills the gaps of the lower one.
fn header_cells(
    sheet: &Sheet,
    header: usize,
    required: &[Column],
    optional: &[Column],
) -> (usize, Vec<Cell>) {
    let row = |row: usize| sheet.rows.get(row).map_or(&[][..], Vec::as_slice);
    let names =
        |column: &Column, cells: &[Cell]| cells.iter().any(|cell| column.is_named(&cell.shown()));
    let named = |columns: &[Column], cells: &[Cell]| {
        columns.iter().filter(|column| names(column, cells)).count()
    };
    let both = |upper: usize| -> Vec<Cell> {
        let (above, below) = (row(upper), row(upper + 1));
        let at = |cells: &[Cell], column: usize| cells.get(column).cloned().unwrap_or_default();
        (0..above.len().max(below.len()))
            .map(|column| match at(below, column) {
                Cell::Empty => at(above, column),
                cell => cell,
            })
            .collect()
    };
    let single = row(header).to_vec();
    let count = |cells: &[Cell]| named(required, cells) + named(optional, cells);
    if let Some(upper) = header.checked_sub(1) {
        let joined = both(upper);
        if count(&joined) > count(&single) && named(required, &joined) == required.len() {
            return (header, joined);
        }
    }
    // A first row of data is never taken for a head: only where the head alone is not enough.
    if named(required, &single) < required.len() {
        let joined = both(header);
        if named(required, &joined) == required.len() {
            return (header + 1, joined);
        }
    }
    (header, single)
}

/// Where the columns of an import are in a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    header: usize,
    found: Vec<(&'static str, usize)>,
}

impl Columns {
    /// Finds the header row: the first one with every column of `required`.
    ///
    /// Columns that nobody asked for are told as notes and left alone; a column given twice is an
    /// error.
    pub(super) fn find(
        sheet: &Sheet,
        required: &[Column],
        optional: &[Column],
    ) -> Result<(Columns, Vec<Finding>), Vec<Finding>> {
        let all = || required.iter().chain(optional);
        let known = |row: usize| {
            let cells = sheet.rows.get(row).map_or(&[][..], Vec::as_slice);
            let named = |column: &Column| cells.iter().any(|cell| column.is_named(&cell.shown()));
            required.iter().filter(|column| named(column)).count()
        };
        let within = HEADER_WITHIN.min(sheet.rows.len());
        // The row that looks most like a header, so that a missing column is told there.
        let header = (0..within).rev().max_by_key(|row| known(*row)).unwrap_or(0);
        let mut findings = Vec::new();
        let (header, cells) = header_cells(sheet, header, required, optional);
        let cells = cells.as_slice();
        for column in required {
            if !cells.iter().any(|cell| column.is_named(&cell.shown())) {
                let finding = Finding::error("import-column-missing").at(sheet.at(header, 0));
                findings.push(finding.arg("expected", column.key));
            }
        }
        let mut found: Vec<(&'static str, usize)> = Vec::new();
        for (index, cell) in cells
            .iter()
            .enumerate()
            .filter(|(_, cell)| !cell.is_empty())
        {
            let shown = cell.shown();
            match all().find(|column| column.is_named(&shown)) {
                None => {
                    let finding =
                        Finding::note("import-column-unknown").at(sheet.at(header, index));
                    findings.push(finding.arg("found", shown));
                }
                Some(column) if found.iter().any(|(key, _)| *key == column.key) => {
                    let finding = Finding::error("import-column-twice").at(sheet.at(header, index));
                    findings.push(finding.arg("found", shown));
                }
                Some(column) => found.push((column.key, index)),
            }
        }
        if findings.iter().any(Finding::blocks) {
            return Err(findings);
        }
        Ok((Columns { header, found }, findings))
    }

    /// Where the header row is.
    pub(super) fn header_at(&self, sheet: &Sheet) -> FindingPlace {
        sheet.at(self.header, 0)
    }

    /// The rows below the header that hold anything.
    pub(super) fn rows<'s>(&self, sheet: &'s Sheet) -> impl Iterator<Item = usize> + 's {
        let first = self.header + 1;
        (first..sheet.rows.len()).filter(|row| !sheet.rows[*row].iter().all(Cell::is_empty))
    }

    /// The index of a column, where the sheet has it.
    pub(super) fn index(&self, key: &str) -> Option<usize> {
        self.found
            .iter()
            .find(|(found, _)| *found == key)
            .map(|(_, index)| *index)
    }

    /// The cell of a column; empty where the sheet has no such column.
    pub(super) fn cell<'s>(&self, sheet: &'s Sheet, row: usize, key: &str) -> &'s Cell {
        self.index(key)
            .map_or(&Cell::Empty, |index| sheet.cell(row, index))
    }

    /// A finding at the cell of a column, with what stands there.
    pub(super) fn finding(
        &self,
        finding: Finding,
        sheet: &Sheet,
        row: usize,
        key: &str,
    ) -> Finding {
        let index = self.index(key).unwrap_or(0);
        finding
            .at(sheet.at(row, index))
            .arg("found", self.cell(sheet, row, key).shown())
    }
}
