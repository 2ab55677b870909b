//! A small component that the tests of the store share.

#![allow(dead_code, reason = "each test file uses another part")]

use kernel::{Id, Tenant};
use store::{Class, Migration, Schema, Table};

store::record! {
    /// Versions of a note.
    pub NOTE_VERSION = note_version(tenant, note, version, command, body, amount, picture)
        key(tenant, note, version);
}

store::statements! {
    /// Bodies in order.
    pub SELECT_BODIES = "SELECT body FROM note_version WHERE tenant = $1 ORDER BY note, version";
    /// How many there are.
    pub COUNT_NOTES = "SELECT count(*) FROM note_version WHERE tenant = $1";
    /// The counter, for compare-and-set.
    pub SELECT_COUNTER = "SELECT value, revision FROM counter WHERE tenant = $1 AND counter = $2";
    /// A counter at 0.
    pub INSERT_COUNTER = "INSERT INTO counter (tenant, counter, value, revision)
        VALUES ($1, $2, 0, 0) ON CONFLICT (tenant, counter) DO NOTHING";
    /// Compare and set: touches no row where another was faster.
    pub UPDATE_COUNTER = "UPDATE counter SET value = $1, revision = revision + 1
        WHERE tenant = $2 AND counter = $3 AND revision = $4";
    /// The newest version of each note, rebuilt from the record.
    pub INSERT_CURRENT = "INSERT INTO note_current (tenant, note, version, body)
        SELECT v.tenant, v.note, v.version, v.body FROM note_version v
        WHERE v.tenant = $1 AND v.version = (SELECT max(w.version) FROM note_version w
            WHERE w.tenant = v.tenant AND w.note = v.note)";
    /// Breaks the derived table on purpose.
    pub SPOIL_CURRENT = "UPDATE note_current SET body = $1 WHERE tenant = $2";
}

/// Every statement, for the linter.
pub fn statements() -> Vec<&'static store::Statement> {
    STATEMENTS.to_vec()
}

pub const SCHEMA: Schema = Schema {
    component: "notes",
    tables: &[
        Table {
            name: "note_version",
            class: Class::Record,
            note: "every version of every note",
        },
        Table {
            name: "note_current",
            class: Class::Derived,
            note: "the newest version, from note_version",
        },
        Table {
            name: "counter",
            class: Class::Working,
            note: "counters",
        },
    ],
    records: &[&NOTE_VERSION],
    migrations: &[Migration {
        version: 1,
        sql: &[
            "CREATE TABLE note_version (
                tenant {int} NOT NULL,
                note {blob} NOT NULL,
                version {int} NOT NULL,
                command {blob} NOT NULL,
                body {text} NOT NULL,
                amount {int},
                picture {blob},
                PRIMARY KEY (tenant, note, version),
                CONSTRAINT note_body_not_empty CHECK (body <> '')
            ) {table_end}",
            "CREATE TABLE note_current (
                tenant {int} NOT NULL,
                note {blob} NOT NULL,
                version {int} NOT NULL,
                body {text} NOT NULL,
                PRIMARY KEY (tenant, note),
                FOREIGN KEY (tenant, note, version)
                    REFERENCES note_version (tenant, note, version)
            ) {table_end}",
            "CREATE TABLE counter (
                tenant {int} NOT NULL,
                counter {text} NOT NULL,
                value {int} NOT NULL,
                revision {int} NOT NULL,
                PRIMARY KEY (tenant, counter)
            ) {table_end}",
        ],
    }],
};

pub const TENANT: Tenant = Tenant(7);

/// A distinct id for each number.
pub fn id(number: u64) -> Id {
    let mut random = [0; 10];
    random[2..].copy_from_slice(&number.to_be_bytes());
    Id::new(1_700_000_000_000, random)
}
