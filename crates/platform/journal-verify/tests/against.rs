//! Record rows that were changed behind the journal's back.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod common;

use std::collections::BTreeMap;
use std::convert::Infallible;

use common::{Database, LEAVES, key, leaf, row_digest};
use journal::Hash256;
use journal_verify::{RecordRow, RecordRows, Report, verify_against};
use kernel::{CommandId, Id};

/// Record tables in memory: table → rows in the order of command, then key.
#[derive(Clone)]
struct Tables {
    rows: BTreeMap<String, Vec<RecordRow>>,
    later: Vec<CommandId>,
}

impl RecordRows for Tables {
    type Error = Infallible;

    fn tables(&mut self) -> Vec<String> {
        self.rows.keys().cloned().collect()
    }

    fn for_each(&mut self, table: &str, each: &mut dyn FnMut(RecordRow)) -> Result<(), Infallible> {
        self.rows[table].iter().cloned().for_each(each);
        Ok(())
    }

    fn is_later(&mut self, command: CommandId, size: u64) -> Result<bool, Infallible> {
        assert_eq!(size, LEAVES);
        Ok(self.later.contains(&command))
    }
}

impl Tables {
    fn honest() -> Tables {
        let row = |number: u64, row: u64| RecordRow {
            command: leaf(number).command,
            key: format!("subject={number}, item={row}"),
            digest: row_digest(number, row),
        };
        let rows = |count: fn(u64) -> u64| {
            (0..LEAVES)
                .flat_map(|number| (0..count(number)).map(move |n| row(number, n)))
                .collect::<Vec<_>>()
        };
        let tables = [
            ("evidence", rows(|number| number % 2)),
            ("value_event", rows(|_| 3)),
        ];
        Tables {
            rows: tables.map(|(name, rows)| (name.to_owned(), rows)).into(),
            later: Vec::new(),
        }
    }

    fn values(&mut self) -> &mut Vec<RecordRow> {
        self.rows.get_mut("value_event").unwrap()
    }
}

/// Compares after an edit; the blocking findings must be these, each as `code table row number`.
fn check(edit: impl FnOnce(&mut Tables), expected: &[&str]) -> Report {
    let mut tables = Tables::honest();
    edit(&mut tables);
    let export = Database::honest().export();
    let Ok(report) = verify_against(&export[..], &[], &key(), &mut tables);
    let found: Vec<String> = report
        .findings
        .iter()
        .filter(|finding| finding.blocks())
        .map(|finding| {
            let mut text = finding.code.to_string();
            for name in ["table", "row", "number", "count"] {
                for (_, value) in finding.args.iter().filter(|(arg, _)| arg == name) {
                    let value = serde_json::to_value(value).unwrap();
                    let value = value
                        .as_str()
                        .map_or_else(|| value.to_string(), str::to_owned);
                    text = format!("{text} {value}");
                }
            }
            text
        })
        .collect();
    assert_eq!(found, expected, "{:?}", report.findings);
    report
}

#[test]
fn honest_rows_agree() {
    let report = check(|_| {}, &[]);
    assert_eq!(report.rows, 3 * LEAVES + LEAVES / 2);
    assert_eq!(report.proven, 20);
}

#[test]
fn a_changed_row_is_named() {
    let report = check(
        |tables| tables.values()[3 * 7 + 1].digest = Hash256([0; 32]),
        &["journal-row-changed value_event subject=7, item=1 7"],
    );
    let finding = &report.findings[0];
    let text = finding.to_string();
    assert!(text.contains(&leaf(7).command.to_string()), "{text}");
    assert!(text.contains(&leaf(7).at.minute_text()), "{text}");
}

#[test]
fn a_deleted_row_is_named() {
    let edit = |tables: &mut Tables| drop(tables.values().remove(3 * 7 + 1));
    check(edit, &["journal-row-deleted value_event 2/3 7"]);
    let edit = |tables: &mut Tables| drop(tables.values().drain(3 * 7..3 * 9));
    let gone = |number: u64| {
        (1..4).map(move |n| format!("journal-row-deleted value_event {n}/3 {number}"))
    };
    let gone: Vec<String> = gone(7).chain(gone(8)).collect();
    check(edit, &gone.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn an_added_row_is_named() {
    let strange = |command| RecordRow {
        command,
        key: "subject=7, item=99".to_owned(),
        digest: Hash256([0; 32]),
    };
    check(
        |tables| tables.values().insert(3 * 7 + 3, strange(leaf(7).command)),
        &["journal-row-added value_event subject=7, item=99 7"],
    );
    // In the name of a command that wrote nothing into this table.
    check(
        |tables| {
            tables
                .rows
                .get_mut("evidence")
                .unwrap()
                .insert(3, strange(leaf(6).command));
        },
        &["journal-row-added evidence subject=7, item=99 6"],
    );
    // In the name of a command that never was.
    let nobody = CommandId(Id::new(1, [1; 10]));
    check(
        |tables| tables.values().insert(0, strange(nobody)),
        &["journal-row-without-leaf value_event subject=7, item=99"],
    );
    // In the name of a command that came after the export.
    let report = check(
        |tables| {
            tables.values().insert(0, strange(nobody));
            tables.later.push(nobody);
        },
        &[],
    );
    assert!(
        report
            .findings
            .iter()
            .any(|finding| finding.code == "journal-later")
    );
}

#[test]
fn a_row_moved_to_another_command_is_named_twice() {
    check(
        |tables| {
            let mut row = tables.values().remove(3 * 7);
            row.command = leaf(9).command;
            let place = tables
                .values()
                .iter()
                .position(|row| row.command == leaf(9).command);
            tables.values().insert(place.unwrap(), row);
        },
        &[
            "journal-row-deleted value_event 1/3 7",
            "journal-row-added value_event subject=7, item=0 9",
        ],
    );
}

#[test]
fn rows_in_another_order_of_the_key_are_still_the_same_rows() {
    check(|tables| tables.values().swap(3, 4), &[]);
}

#[test]
fn changed_and_deleted_rows_of_one_command_are_told_apart_by_number() {
    check(
        |tables| {
            tables.values().remove(3 * 7);
            tables.values()[3 * 7].digest = Hash256([0; 32]);
        },
        &[
            "journal-row-changed value_event subject=7, item=1 7",
            "journal-row-deleted value_event 2/3 7",
        ],
    );
}

#[test]
fn a_missing_table_is_named() {
    let edit = |tables: &mut Tables| drop(tables.rows.remove("evidence"));
    check(edit, &["journal-table-missing evidence 12"]);
}
