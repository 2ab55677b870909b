//! The record rows of a database against the digests in the leaves.

use std::collections::{HashMap, HashSet};

use journal::{Hash256, LeafSummary};
use kernel::{CommandId, Finding};

use crate::report::{Findings, LeafMark};

/// One row of a record table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordRow {
    /// The command that the row names as its author.
    pub command: CommandId,
    /// The row's key as people read it, without the tenant: `place=…, version=3`.
    pub key: String,
    /// Digest of the row as it is now.
    pub digest: Hash256,
}

/// The record tables of one tenant, read in one consistent snapshot.
pub trait RecordRows {
    /// Why rows cannot be read.
    type Error;

    /// The tables of class record, but those of the journal itself.
    fn tables(&mut self) -> Vec<String>;

    /// Every row of the tenant in a table, in the order of command, then key.
    fn for_each(&mut self, table: &str, each: &mut dyn FnMut(RecordRow))
    -> Result<(), Self::Error>;

    /// Whether a leaf of this command stands in the database without a number yet, or with `size` or
    /// a higher number: then it came after an export of `size` leaves, which says nothing of it.
    fn is_later(&mut self, command: CommandId, size: u64) -> Result<bool, Self::Error>;
}

/// What the leaves say of the rows. Memory: some 200 bytes per command and table, 32 per row.
#[derive(Default)]
pub(crate) struct Expected {
    rows: HashMap<String, HashMap<CommandId, Written>>,
    commands: HashMap<CommandId, LeafMark>,
}

struct Written {
    mark: LeafMark,
    digests: Vec<Hash256>,
}

impl Expected {
    pub(crate) fn add(&mut self, number: u64, leaf: &LeafSummary<'_>) {
        let mark = LeafMark::new(number, leaf);
        for (table, digests) in leaf.rows.iter().filter(|(_, digests)| !digests.is_empty()) {
            if !self.rows.contains_key(*table) {
                self.rows.insert((*table).to_owned(), HashMap::new());
            }
            let written = Written {
                mark: mark.clone(),
                digests: digests.clone(),
            };
            let table = self.rows.get_mut(*table).expect("made above");
            table.insert(leaf.command, written);
        }
        self.commands.insert(leaf.command, mark);
    }

    /// Compares every row; says how many there were.
    pub(crate) fn compare<R: RecordRows>(
        mut self,
        rows: &mut R,
        size: u64,
        findings: &mut Findings,
    ) -> Result<u64, R::Error> {
        let mut count = 0;
        let mut unknown = Vec::new();
        for table in rows.tables() {
            let mut expected = self.rows.remove(&table).unwrap_or_default();
            let mut group: Vec<RecordRow> = Vec::new();
            let mut close = |group: &mut Vec<RecordRow>| {
                let Some(first) = group.first() else { return };
                match (
                    expected.remove(&first.command),
                    self.commands.get(&first.command),
                ) {
                    (Some(written), _) => written.compare(&table, group, findings),
                    (None, Some(mark)) => all_added(&table, mark, group, findings),
                    (None, None) => unknown.push((table.clone(), std::mem::take(group))),
                }
                group.clear();
            };
            rows.for_each(&table, &mut |row| {
                count += 1;
                if group
                    .first()
                    .is_some_and(|first| first.command != row.command)
                {
                    close(&mut group);
                }
                group.push(row);
            })?;
            close(&mut group);
            report_gone(&table, expected, findings);
        }
        for (table, written) in std::mem::take(&mut self.rows) {
            let finding = Finding::error("journal-table-missing").arg("table", table);
            let count: usize = written.values().map(|written| written.digests.len()).sum();
            findings.add(finding.arg("count", count));
        }
        report_unknown(rows, unknown, size, findings)?;
        Ok(count)
    }
}

impl Written {
    fn compare(&self, table: &str, found: &[RecordRow], findings: &mut Findings) {
        if found
            .iter()
            .map(|row| row.digest)
            .eq(self.digests.iter().copied())
        {
            return;
        }
        let mut present: HashMap<Hash256, usize> = HashMap::new();
        for row in found {
            *present.entry(row.digest).or_default() += 1;
        }
        let mut gone = Vec::new();
        for (place, digest) in self.digests.iter().enumerate() {
            match present.get_mut(digest).filter(|count| **count > 0) {
                Some(count) => *count -= 1,
                None => gone.push(place),
            }
        }
        let strange: Vec<&RecordRow> = found
            .iter()
            .filter(|row| {
                let left = present.get_mut(&row.digest).filter(|count| **count > 0);
                left.map(|count| *count -= 1).is_some()
            })
            .collect();
        self.report(table, &gone, &strange, findings);
    }

    /// A row that is gone and a strange one in its place are one change; what is left over was
    /// deleted or added.
    fn report(&self, table: &str, gone: &[usize], strange: &[&RecordRow], findings: &mut Findings) {
        for (i, row) in strange.iter().enumerate() {
            let code = if i < gone.len() {
                "journal-row-changed"
            } else {
                "journal-row-added"
            };
            findings.add(row_finding(code, table, &row.key, &self.mark));
        }
        for place in gone.iter().skip(strange.len()) {
            let place = format!("{}/{}", place + 1, self.digests.len());
            findings.add(row_finding(
                "journal-row-deleted",
                table,
                &place,
                &self.mark,
            ));
        }
    }
}

fn row_finding(code: &'static str, table: &str, row: &str, mark: &LeafMark) -> Finding {
    mark.name_in(Finding::error(code))
        .arg("table", table)
        .arg("row", row)
}

fn all_added(table: &str, mark: &LeafMark, group: &[RecordRow], findings: &mut Findings) {
    for row in group {
        findings.add(row_finding("journal-row-added", table, &row.key, mark));
    }
}

fn report_gone(table: &str, expected: HashMap<CommandId, Written>, findings: &mut Findings) {
    let mut gone: Vec<Written> = expected.into_values().collect();
    gone.sort_by_key(|written| written.mark.number);
    for written in gone {
        let all: Vec<usize> = (0..written.digests.len()).collect();
        written.report(table, &all, &[], findings);
    }
}

/// Rows whose command has no leaf in the export: later than the export, or written by nobody.
fn report_unknown<R: RecordRows>(
    rows: &mut R,
    unknown: Vec<(String, Vec<RecordRow>)>,
    size: u64,
    findings: &mut Findings,
) -> Result<(), R::Error> {
    let mut later = HashSet::new();
    for (table, group) in unknown {
        let command = group[0].command;
        if later.contains(&command) || rows.is_later(command, size)? {
            later.insert(command);
            continue;
        }
        for row in group {
            findings.add(
                Finding::error("journal-row-without-leaf")
                    .arg("table", table.clone())
                    .arg("row", row.key)
                    .arg("command", command.to_string()),
            );
        }
    }
    if !later.is_empty() {
        findings.add(Finding::note("journal-later").arg("count", later.len()));
    }
    Ok(())
}
