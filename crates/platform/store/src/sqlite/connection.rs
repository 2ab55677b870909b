//! One SQLite connection as domain code sees it.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, OpenFlags};

use super::error::translate;
use crate::connection::{refuse_nul, wrong_count};
use crate::row::RowSource;
use crate::{Connection, Row, Shape, ShapeColumn, Statement, StoreError, Value};

/// How long to wait for another program that holds the file; backups and CLI readers do so
/// briefly.
const BUSY_LIMIT: Duration = Duration::from_secs(5);
/// Prepared statements kept per connection; more than the product has.
const PREPARED_LIMIT: usize = 1024;

/// An SQLite connection inside a closure. Remembers the first failure of a transaction.
pub(crate) struct SqliteConnection {
    raw: rusqlite::Connection,
    failure: Option<StoreError>,
    #[cfg(test)]
    failing_sync: super::tests::FailingSync,
}

impl SqliteConnection {
    /// Opens for writing; makes the file, readable by its owner only, where there is none.
    pub(crate) fn open_writer(path: &Path) -> Result<SqliteConnection, StoreError> {
        make_private_file(path)?;
        let connection = SqliteConnection::open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let mode: String = connection
            .raw
            .query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))
            .map_err(|error| translate(&error, &"journal mode"))?;
        if mode != "wal" {
            return Err(StoreError::Unsuitable(format!(
                "{} is on a file system without shared memory (journal mode {mode}); \
                 use a local disk",
                path.display()
            )));
        }
        connection.run_sql(
            "PRAGMA synchronous = FULL;
             PRAGMA fullfsync = ON;
             PRAGMA checkpoint_fullfsync = ON;
             PRAGMA foreign_keys = ON;
             PRAGMA secure_delete = FAST;
             PRAGMA journal_size_limit = 67108864;
             PRAGMA wal_autocheckpoint = 0;
             PRAGMA cache_size = -16384;",
        )?;
        Ok(connection)
    }

    /// Opens for reading only.
    pub(crate) fn open_reader(path: &Path) -> Result<SqliteConnection, StoreError> {
        let connection = SqliteConnection::open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection.run_sql("PRAGMA query_only = ON; PRAGMA cache_size = -8192;")?;
        Ok(connection)
    }

    fn open(path: &Path, access: OpenFlags) -> Result<SqliteConnection, StoreError> {
        let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let raw = rusqlite::Connection::open_with_flags(path, flags)
            .map_err(|error| translate(&error, &path.display()))?;
        raw.busy_timeout(BUSY_LIMIT)
            .map_err(|error| translate(&error, &"busy timeout"))?;
        raw.set_prepared_statement_cache_capacity(PREPARED_LIMIT);
        // A plan follows from the statement and the fixed statistics, never from what is bound:
        // else SQLite parses and plans most statements anew at each use.
        raw.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
            .map_err(|error| translate(&error, &"stable query plans"))?;
        let connection = SqliteConnection {
            raw,
            failure: None,
            #[cfg(test)]
            failing_sync: super::tests::FailingSync::default(),
        };
        // LIKE tells cases apart, as on PostgreSQL.
        connection.run_sql(
            "PRAGMA case_sensitive_like = ON;
             PRAGMA trusted_schema = OFF;
             PRAGMA temp_store = MEMORY;",
        )?;
        Ok(connection)
    }

    /// Runs statements of the store itself: transaction control, migrations, settings.
    pub(crate) fn run_sql(&self, sql: &str) -> Result<(), StoreError> {
        #[cfg(test)]
        self.failing_sync.meets(sql)?;
        self.raw
            .execute_batch(sql)
            .map_err(|error| translate(&error, &first_words(sql)))
    }

    /// The next statement that begins so fails as where the disk fails to sync.
    #[cfg(test)]
    pub(crate) fn fail_sync_at(&self, sql: &'static str) {
        self.failing_sync.set(sql);
    }

    /// Whether a transaction is open. SQLite drops a whole transaction by itself when the disk is
    /// full, so this is asked after every error.
    pub(crate) fn in_transaction(&self) -> bool {
        !self.raw.is_autocommit()
    }

    /// The first failure since the last call.
    pub(crate) fn take_failure(&mut self) -> Option<StoreError> {
        self.failure.take()
    }

    /// The driver's connection, for the checks of [`crate::testing`].
    pub(crate) fn raw(&self) -> &rusqlite::Connection {
        &self.raw
    }

    /// Copies the log into the file and empties it; readers beside us may keep it from emptying.
    pub(crate) fn checkpoint(&self) -> Result<(), StoreError> {
        self.run_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    /// Copies of the log into the file what no reader is in the way of; waits for nobody.
    pub(crate) fn checkpoint_beside_readers(&self) -> Result<(), StoreError> {
        self.run_sql("PRAGMA wal_checkpoint(PASSIVE)")
    }

    /// Rows written since the connection was opened.
    pub(crate) fn rows_written(&self) -> u64 {
        self.raw.total_changes()
    }

    /// Lets SQLite read the whole file and say whether it is sound (`PRAGMA integrity_check`).
    pub(crate) fn check_integrity(&self) -> Result<(), StoreError> {
        let verdict: String = self
            .raw
            .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
            .map_err(|error| translate(&error, &"integrity check"))?;
        if verdict == "ok" {
            return Ok(());
        }
        Err(StoreError::Unsuitable(format!(
            "the database file is damaged: {verdict}"
        )))
    }

    /// Runs `work` unless the transaction already failed, and remembers a failure.
    fn guarded<T>(
        &mut self,
        work: impl FnOnce(&rusqlite::Connection) -> Result<T, Failure>,
    ) -> Result<T, StoreError> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        match work(&self.raw) {
            Ok(value) => Ok(value),
            // What the caller's own function says of a row leaves the transaction as it is.
            Err(Failure::Reading(error)) => Err(error),
            Err(Failure::Database(error)) => {
                self.failure = Some(error.clone());
                Err(error)
            }
        }
    }
}

enum Failure {
    Database(StoreError),
    Reading(StoreError),
}

impl Connection for SqliteConnection {
    fn execute(&mut self, statement: &Statement, values: &[Value<'_>]) -> Result<u64, StoreError> {
        #[cfg(test)]
        let met = self.failing_sync.meets(statement.sql());
        self.guarded(|raw| {
            #[cfg(test)]
            met.map_err(Failure::Database)?;
            let mut prepared = prepare(raw, statement).map_err(Failure::Database)?;
            run(&mut prepared, statement, values).map_err(Failure::Database)
        })
    }

    fn execute_many(
        &mut self,
        statement: &Statement,
        rows: &[Vec<Value<'_>>],
    ) -> Result<u64, StoreError> {
        self.guarded(|raw| {
            let mut prepared = prepare(raw, statement).map_err(Failure::Database)?;
            let mut touched = 0;
            for values in rows {
                touched += run(&mut prepared, statement, values).map_err(Failure::Database)?;
            }
            Ok(touched)
        })
    }

    fn for_each(
        &mut self,
        statement: &Statement,
        values: &[Value<'_>],
        each: &mut dyn FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.guarded(|raw| {
            let mut prepared = prepare(raw, statement).map_err(Failure::Database)?;
            bind(&mut prepared, statement, values).map_err(Failure::Database)?;
            let mut rows = prepared.raw_query();
            loop {
                match rows.next() {
                    Ok(None) => return Ok(()),
                    Ok(Some(row)) => each(&Row::new(&SqliteRow(row))).map_err(Failure::Reading)?,
                    Err(error) => return Err(Failure::Database(translate(&error, statement))),
                }
            }
        })
    }

    fn shape(&mut self, table: &str) -> Result<Shape, StoreError> {
        self.guarded(|raw| shape(raw, table).map_err(Failure::Database))
    }
}

fn prepare<'c>(
    raw: &'c rusqlite::Connection,
    statement: &Statement,
) -> Result<CachedStatement<'c>, StoreError> {
    let prepared = raw
        .prepare_cached(statement.sql())
        .map_err(|error| translate(&error, statement))?;
    // SQLite numbers parameters by first use; `$2` before `$1` would bind the wrong values.
    let in_order = (1..=prepared.parameter_count()).all(|number| {
        prepared
            .parameter_name(number)
            .and_then(|name| name.strip_prefix('$'))
            .is_some_and(|name| name.parse() == Ok(number))
    });
    if in_order {
        return Ok(prepared);
    }
    Err(StoreError::Bug(format!(
        "{statement}: parameters are not in ascending order of first use"
    )))
}

fn run(
    prepared: &mut CachedStatement<'_>,
    statement: &Statement,
    values: &[Value<'_>],
) -> Result<u64, StoreError> {
    bind(prepared, statement, values)?;
    let touched = prepared
        .raw_execute()
        .map_err(|error| translate(&error, statement))?;
    Ok(touched as u64)
}

fn bind(
    prepared: &mut CachedStatement<'_>,
    statement: &Statement,
    values: &[Value<'_>],
) -> Result<(), StoreError> {
    if prepared.parameter_count() != values.len() {
        return Err(wrong_count(
            statement,
            prepared.parameter_count(),
            values.len(),
        ));
    }
    for (at, value) in values.iter().enumerate() {
        refuse_nul(value)?;
        prepared
            .raw_bind_parameter(at + 1, value)
            .map_err(|error| translate(&error, statement))?;
    }
    Ok(())
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(number) => ValueRef::Integer(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Blob(bytes) => ValueRef::Blob(bytes),
            Value::Id(id) => ValueRef::Blob(id.as_bytes()),
        }))
    }
}

struct SqliteRow<'r, 's>(&'r rusqlite::Row<'s>);

impl RowSource for SqliteRow<'_, '_> {
    fn width(&self) -> usize {
        self.0.as_ref().column_count()
    }

    fn value(&self, at: usize) -> Result<Value<'_>, StoreError> {
        let value = self
            .0
            .get_ref(at)
            .map_err(|error| translate(&error, &format!("column {at}")))?;
        match value {
            ValueRef::Null => Ok(Value::Null),
            ValueRef::Integer(number) => Ok(Value::Int(number)),
            ValueRef::Text(bytes) => std::str::from_utf8(bytes).map(Value::from).map_err(|_| {
                StoreError::Bug(format!("column {at} holds a text that is not UTF-8"))
            }),
            ValueRef::Blob(bytes) => Ok(Value::from(bytes)),
            ValueRef::Real(_) => Err(StoreError::Bug(format!("column {at} holds a float"))),
        }
    }
}

fn shape(raw: &rusqlite::Connection, table: &str) -> Result<Shape, StoreError> {
    let error = |error: rusqlite::Error| translate(&error, &"shape of a table");
    let mut statement = raw
        .prepare_cached("SELECT name, type, \"notnull\", pk FROM pragma_table_info($1)")
        .map_err(error)?;
    let mut rows = statement.query([table]).map_err(error)?;
    let mut columns = Vec::new();
    let mut key = Vec::new();
    while let Some(row) = rows.next().map_err(error)? {
        let name: String = row.get(0).map_err(error)?;
        let kind: String = row.get(1).map_err(error)?;
        let place: i64 = row.get(3).map_err(error)?;
        if place > 0 {
            key.push((place, name.clone()));
        }
        columns.push(ShapeColumn {
            name,
            kind: portable_kind(kind),
            nullable: row.get::<_, i64>(2).map_err(error)? == 0,
        });
    }
    if columns.is_empty() {
        return Err(StoreError::Bug(format!("there is no table {table}")));
    }
    key.sort();
    Ok(Shape {
        columns,
        key: key.into_iter().map(|(_, name)| name).collect(),
    })
}

fn portable_kind(kind: String) -> String {
    match kind.as_str() {
        "INTEGER" | "INT" => "int8".to_owned(),
        "TEXT" => "text".to_owned(),
        "BLOB" => "bytea".to_owned(),
        _ => kind,
    }
}

/// Makes an empty file that only its owner may read; SQLite gives its side files the same rights.
fn make_private_file(path: &Path) -> Result<(), StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path).map(drop).map_err(|error| {
        StoreError::Unavailable(format!("cannot write {}: {error}", path.display()))
    })
}

/// Enough of a statement of the store itself to recognise it.
fn first_words(sql: &str) -> String {
    sql.split_whitespace().take(4).collect::<Vec<_>>().join(" ")
}
