//! The tables of a component as data: what exists, of which class, by which migrations.

use crate::Record;

/// The tables of one component (`directory`, `journal`, `assessment`).
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    /// Its name; never changes, because the version in the database hangs on it.
    pub component: &'static str,
    /// Every table the migrations make, with its class.
    pub tables: &'static [Table],
    /// One for each table of class [`Class::Record`].
    pub records: &'static [&'static Record],
    /// Versions 1, 2, 3, … without gaps. What was once released is never edited.
    pub migrations: &'static [Migration],
}

/// A table and its class.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its class.
    pub class: Class,
    /// What it holds and, where derived, from what it is rebuilt.
    pub note: &'static str,
}

/// What may happen to a table's rows (`docs/decisions/0003-table-classes.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Append-only facts, each row naming the command that wrote it; its digest is in the journal.
    Record,
    /// Can be dropped and rebuilt from the record with equal digests.
    Derived,
    /// Sessions, drafts, upload parts, job state, credentials, idempotency.
    Working,
    /// A named exception without tenant: tenants, schema version, national catalogues.
    Catalogue,
}

/// One step of a component's schema; runs in one transaction together with its version number.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// 1 for the first.
    pub version: u32,
    /// One statement per entry. The differences between the databases are the tokens `{int}`,
    /// `{text}`, `{blob}` and `{table_end}` (after the closing parenthesis of `CREATE TABLE`).
    pub sql: &'static [&'static str],
}
