//! Record tables: append-only, written and digested through one description.

use sha2::{Digest, Sha256};

use crate::{Statement, StoreError, Value};

/// A table of class record: its columns, its key, and the statements made from them.
///
/// Declared by [`record!`](crate::record). Columns may be added by later migrations, always
/// nullable and without default, and are never renamed: the digests of old rows stay as they are.
#[derive(Clone, Copy, Debug)]
pub struct Record {
    /// The table.
    pub table: &'static str,
    /// Its columns, in the order in which values are given.
    pub columns: &'static [&'static str],
    /// Columns of the primary key, first `tenant`.
    pub key: &'static [&'static str],
    /// Inserts one row; values in the order of `columns`.
    pub insert: Statement,
    /// Rows of one command: `$1` tenant, `$2` command; in the order of the key.
    pub select_by_command: Statement,
    /// All rows of a tenant (`$1`) in the order of command, then key: for the verifier, which
    /// also looks for rows that no command wrote.
    pub select_all: Statement,
}

impl Record {
    /// Checks that there is one value for each column; the caller's defect otherwise.
    pub fn check_width(&self, values: &[Value<'_>]) -> Result<(), StoreError> {
        if values.len() == self.columns.len() {
            return Ok(());
        }
        Err(StoreError::Bug(format!(
            "{} has {} columns, not {}",
            self.table,
            self.columns.len(),
            values.len()
        )))
    }

    /// [`row_digest`] of a row of this table.
    pub fn digest(&self, values: &[Value<'_>]) -> [u8; 32] {
        row_digest(self, values)
    }
}

/// The canonical digest of one row, equal for equal rows on both databases.
///
/// SHA-256 over `xingcun.row.v1`, the table's name, and for every column that is not null, in
/// ascending order of its name: the name, a byte for the type (1 int8, 2 text, 3 bytea), the
/// content (int8 as 8 bytes, big end first). Every part is preceded by its length in bytes as 8
/// bytes, big end first. Null columns are left out, so that a column added later does not change
/// the digests of rows written before it.
pub fn row_digest(record: &Record, values: &[Value<'_>]) -> [u8; 32] {
    let mut columns: Vec<_> = record.columns.iter().zip(values).collect();
    columns.sort_by_key(|(name, _)| **name);
    let mut hash = Sha256::new();
    put(&mut hash, b"xingcun.row.v1");
    put(&mut hash, record.table.as_bytes());
    for (name, value) in columns {
        put_named(&mut hash, name, value);
    }
    hash.finalize().into()
}

fn put_named(hash: &mut Sha256, name: &str, value: &Value<'_>) {
    if value.is_null() {
        return;
    }
    put(hash, name.as_bytes());
    put_value(hash, value);
}

pub(crate) fn put_value(hash: &mut Sha256, value: &Value<'_>) {
    match value {
        Value::Null => hash.update([0]),
        Value::Int(number) => {
            hash.update([1]);
            put(hash, &number.to_be_bytes());
        }
        Value::Text(text) => {
            hash.update([2]);
            put(hash, text.as_bytes());
        }
        Value::Blob(bytes) => {
            hash.update([3]);
            put(hash, bytes);
        }
        Value::Id(id) => {
            hash.update([3]);
            put(hash, id.as_bytes());
        }
    }
}

pub(crate) fn put(hash: &mut Sha256, part: &[u8]) {
    hash.update((part.len() as u64).to_be_bytes());
    hash.update(part);
}

pub mod sql {
    //! Puts the statements of a record together at compile time.

    /// A text under construction inside a constant. With room 0 it only counts.
    struct Text<const ROOM: usize> {
        bytes: [u8; ROOM],
        length: usize,
    }

    impl<const ROOM: usize> Text<ROOM> {
        const fn empty() -> Self {
            Text {
                bytes: [0; ROOM],
                length: 0,
            }
        }

        const fn add(mut self, part: &str) -> Self {
            let part = part.as_bytes();
            let mut i = 0;
            while i < part.len() {
                if ROOM > 0 {
                    self.bytes[self.length] = part[i];
                }
                self.length += 1;
                i += 1;
            }
            self
        }

        const fn add_number(mut self, number: usize) -> Self {
            let mut divisor = 1;
            while number / divisor >= 10 {
                divisor *= 10;
            }
            while divisor > 0 {
                if ROOM > 0 {
                    self.bytes[self.length] = b"0123456789"[number / divisor % 10];
                }
                self.length += 1;
                divisor /= 10;
            }
            self
        }

        const fn add_list(mut self, names: &[&str]) -> Self {
            let mut i = 0;
            while i < names.len() {
                if i > 0 {
                    self = self.add(", ");
                }
                self = self.add(names[i]);
                i += 1;
            }
            self
        }
    }

    /// Length of what [`insert`] gives.
    pub const fn insert_length(table: &str, columns: &[&str]) -> usize {
        insert_text::<0>(table, columns).length
    }

    /// `INSERT INTO table (a, b) VALUES ($1, $2)`.
    pub const fn insert<const ROOM: usize>(table: &str, columns: &[&str]) -> [u8; ROOM] {
        insert_text::<ROOM>(table, columns).bytes
    }

    const fn insert_text<const ROOM: usize>(table: &str, columns: &[&str]) -> Text<ROOM> {
        let mut text = Text::empty().add("INSERT INTO ").add(table).add(" (");
        text = text.add_list(columns).add(") VALUES (");
        let mut i = 0;
        while i < columns.len() {
            text = text.add(if i > 0 { ", $" } else { "$" }).add_number(i + 1);
            i += 1;
        }
        text.add(")")
    }

    /// Length of what [`select`] gives.
    pub const fn select_length(
        table: &str,
        columns: &[&str],
        filter: &str,
        order: &[&str],
    ) -> usize {
        select_text::<0>(table, columns, filter, order).length
    }

    /// `SELECT a, b FROM table WHERE filter ORDER BY order`.
    pub const fn select<const ROOM: usize>(
        table: &str,
        columns: &[&str],
        filter: &str,
        order: &[&str],
    ) -> [u8; ROOM] {
        select_text::<ROOM>(table, columns, filter, order).bytes
    }

    const fn select_text<const ROOM: usize>(
        table: &str,
        columns: &[&str],
        filter: &str,
        order: &[&str],
    ) -> Text<ROOM> {
        Text::empty()
            .add("SELECT ")
            .add_list(columns)
            .add(" FROM ")
            .add(table)
            .add(" WHERE ")
            .add(filter)
            .add(" ORDER BY ")
            .add_list(order)
    }

    /// The text of bytes that were texts.
    pub const fn text(bytes: &'static [u8]) -> &'static str {
        match core::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(_) => panic!("put together from whole texts"),
        }
    }
}

/// Declares a record table: `PLACE_VERSION = place_version(tenant, place, …, command, …)
/// key(tenant, place, version);`. Expands to a constant [`Record`](crate::Record).
#[macro_export]
macro_rules! record {
    ($(
        $(#[$doc:meta])*
        $visibility:vis $name:ident = $table:ident($($column:ident),+ $(,)?) key($($key:ident),+ $(,)?);
    )+) => {$(
        $(#[$doc])*
        $visibility const $name: $crate::Record = {
            use $crate::macro_support::sql;
            const TABLE: &str = ::core::stringify!($table);
            const COLUMNS: &[&str] = &[$(::core::stringify!($column)),+];
            const KEY: &[&str] = &[$(::core::stringify!($key)),+];
            const COMMAND_KEY: &[&str] = &["command", $(::core::stringify!($key)),+];
            const BY_COMMAND: &str = "tenant = $1 AND command = $2";
            const ALL: &str = "tenant = $1";
            const INSERT: &[u8] =
                &sql::insert::<{ sql::insert_length(TABLE, COLUMNS) }>(TABLE, COLUMNS);
            const SELECT_BY_COMMAND: &[u8] =
                &sql::select::<{ sql::select_length(TABLE, COLUMNS, BY_COMMAND, KEY) }>(
                    TABLE, COLUMNS, BY_COMMAND, KEY,
                );
            const SELECT_ALL: &[u8] =
                &sql::select::<{ sql::select_length(TABLE, COLUMNS, ALL, COMMAND_KEY) }>(
                    TABLE, COLUMNS, ALL, COMMAND_KEY,
                );
            $crate::Record {
                table: TABLE,
                columns: COLUMNS,
                key: KEY,
                insert: $crate::Statement::declared_by_macro(
                    ::core::concat!(::core::stringify!($name), ".insert"),
                    sql::text(INSERT),
                    ::core::file!(),
                    ::core::line!(),
                ),
                select_by_command: $crate::Statement::declared_by_macro(
                    ::core::concat!(::core::stringify!($name), ".select_by_command"),
                    sql::text(SELECT_BY_COMMAND),
                    ::core::file!(),
                    ::core::line!(),
                ),
                select_all: $crate::Statement::declared_by_macro(
                    ::core::concat!(::core::stringify!($name), ".select_all"),
                    sql::text(SELECT_ALL),
                    ::core::file!(),
                    ::core::line!(),
                ),
            }
        };
    )+};
}
