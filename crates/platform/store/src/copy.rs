//! A whole database into a fresh one, of either kind: for backups, and for moving between SQLite
//! and PostgreSQL.

use std::fs::File;
use std::path::Path;

use crate::engine::Engine;
use crate::migrate::migrate;
use crate::postgres::{Mode, PostgresConnection};
use crate::rebuild::for_table;
use crate::sqlite::SqliteConnection;
use crate::store::postgres_settings;
use crate::{Connection, Database, Schema, Shape, Statement, StoreError, Value};

/// Rows that are given to the target at once.
const BATCH: usize = 500;

/// What was copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// Tables, the empty ones among them.
    pub tables: u64,
    /// Rows of all tables.
    pub rows: u64,
}

/// Copies every table of the schemas, as one snapshot sees them, into a database that has none of
/// their rows. `source` may be written meanwhile; the target is all there or not at all.
///
/// An SQLite target is a new file, checked by SQLite itself and synced to disk.
pub(crate) fn copy(
    source: &mut dyn Connection,
    target: &Database,
    schemas: &[Schema],
) -> Result<Copied, StoreError> {
    match target {
        Database::Sqlite(path) => copy_to_file(source, path, schemas),
        Database::Postgres(url) => {
            let mut target = PostgresConnection::connect(&postgres_settings(url)?, Mode::Write)?;
            target.session().check_database()?;
            fill(source, &mut target, schemas)
        }
    }
}

fn copy_to_file(
    source: &mut dyn Connection,
    path: &Path,
    schemas: &[Schema],
) -> Result<Copied, StoreError> {
    // A lost connection begins the snapshot, and so the copy, again.
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(unwritable(path, &error));
        }
        _ => {}
    }
    let mut target = SqliteConnection::open_writer(path)?;
    // Nobody else sees the file before it is whole, so nothing of it need survive a crash yet.
    target.run_sql("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;")?;
    let copied = fill(source, &mut target, schemas)?;
    target.check_integrity()?;
    drop(target);
    let synced = File::open(path).and_then(|file| file.sync_all());
    synced.map_err(|error| unwritable(path, &error))?;
    Ok(copied)
}

fn unwritable(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Unavailable(format!("cannot write {}: {error}", path.display()))
}

/// Makes the tables and fills them in one transaction.
fn fill(
    source: &mut dyn Connection,
    target: &mut dyn Engine,
    schemas: &[Schema],
) -> Result<Copied, StoreError> {
    migrate(target, schemas)?;
    target.begin_migration()?;
    let filled = fill_tables(source, target, schemas).and_then(|copied| {
        target.commit()?;
        Ok(copied)
    });
    if filled.is_err() {
        target.roll_back();
    }
    filled
}

fn fill_tables(
    source: &mut dyn Connection,
    target: &mut dyn Engine,
    schemas: &[Schema],
) -> Result<Copied, StoreError> {
    let mut copied = Copied::default();
    for table in schemas.iter().flat_map(|schema| schema.tables) {
        let shape = source.shape(table.name)?;
        refuse_filled(target, table.name)?;
        copied.tables += 1;
        copied.rows += copy_table(source, target, table.name, &shape)?;
    }
    Ok(copied)
}

fn refuse_filled(target: &mut dyn Engine, table: &str) -> Result<(), StoreError> {
    let any = for_table("SELECT_ANY", format!("SELECT 1 FROM {table} LIMIT 1"));
    let mut filled = false;
    target.for_each(&any, &[], &mut |_| {
        filled = true;
        Ok(())
    })?;
    if filled {
        return Err(StoreError::Unsuitable(format!(
            "the target is not empty: {table} has rows; give a fresh database"
        )));
    }
    Ok(())
}

fn copy_table(
    source: &mut dyn Connection,
    target: &mut dyn Engine,
    table: &str,
    shape: &Shape,
) -> Result<u64, StoreError> {
    let (select, insert) = statements_of(table, shape);
    let (mut waiting, mut rows) = (Vec::with_capacity(BATCH), 0);
    source.for_each(&select, &[], &mut |row| {
        let values = row.values()?;
        waiting.push(values.into_iter().map(Value::into_owned).collect());
        if waiting.len() == BATCH {
            rows += target.execute_many(&insert, &waiting)?;
            waiting.clear();
        }
        Ok(())
    })?;
    rows += target.execute_many(&insert, &waiting)?;
    Ok(rows)
}

/// In the order of the primary key, so that the target only ever appends.
fn statements_of(table: &str, shape: &Shape) -> (Statement, Statement) {
    let columns: Vec<&str> = shape.columns.iter().map(|c| c.name.as_str()).collect();
    let columns = columns.join(", ");
    let places: Vec<String> = (1..=shape.columns.len()).map(|n| format!("${n}")).collect();
    let (places, key) = (places.join(", "), shape.key.join(", "));
    (
        for_table(
            "COPY_FROM",
            format!("SELECT {columns} FROM {table} ORDER BY {key}"),
        ),
        for_table(
            "COPY_INTO",
            format!("INSERT INTO {table} ({columns}) VALUES ({places})"),
        ),
    )
}
