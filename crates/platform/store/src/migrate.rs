//! Brings a database's tables to this program's version, one migration per transaction.

use sha2::{Digest, Sha256};

use crate::engine::{Dialect, Engine};
use crate::record::put;
use crate::{Class, Connection, Migration, Schema, StoreError, values};

crate::statements! {
    /// Which migrations of a component were done.
    SELECT_VERSIONS = "SELECT version, digest FROM schema_version WHERE component = $1
        ORDER BY version";
    /// Which components the database has, at which version.
    SELECT_COMPONENTS = "SELECT component, max(version) FROM schema_version GROUP BY component
        ORDER BY component";
    /// Notes a migration as done, in its own transaction.
    INSERT_VERSION = "INSERT INTO schema_version (component, version, digest)
        VALUES ($1, $2, $3)";
}

/// The catalogue of migrations done: one row each.
const CREATE_VERSIONS: &str = "CREATE TABLE IF NOT EXISTS schema_version (
    component {text} NOT NULL,
    version {int} NOT NULL,
    digest {blob} NOT NULL,
    PRIMARY KEY (component, version)
) {table_end}";

/// Does every migration that is missing. A failure or a kill leaves the database at the end of
/// the migration before.
pub(crate) fn migrate(engine: &mut dyn Engine, schemas: &[Schema]) -> Result<(), StoreError> {
    check_numbering(schemas)?;
    let create = engine.dialect().render(CREATE_VERSIONS);
    // Two servers that start at once can both try to make the table; the second time it is there.
    match engine.run_sql(&create) {
        Err(StoreError::Conflict { .. }) => engine.run_sql(&create)?,
        other => other?,
    }
    alone(engine, |engine| check_versions(engine, schemas, true))?;
    for schema in schemas {
        for migration in schema.migrations {
            alone(engine, |engine| step(engine, schema, migration))?;
        }
        alone(engine, |engine| guard_records(engine, schema))?;
    }
    Ok(())
}

/// Checks, without changing anything, that this program can read the database.
pub(crate) fn check_readable(
    connection: &mut dyn Connection,
    schemas: &[Schema],
) -> Result<(), StoreError> {
    check_numbering(schemas)?;
    check_versions(connection, schemas, false)?;
    for schema in schemas {
        let newest = schema.migrations.last().map_or(0, |last| last.version);
        let done = versions(connection, schema)?.len();
        if done < newest as usize {
            return Err(StoreError::Unsuitable(format!(
                "the database has {} in version {done}, this program needs {newest}: \
                 start the server once to bring it up to date",
                schema.component
            )));
        }
    }
    Ok(())
}

fn check_numbering(schemas: &[Schema]) -> Result<(), StoreError> {
    for schema in schemas {
        for (expected, migration) in (1..).zip(schema.migrations) {
            if migration.version != expected {
                return Err(StoreError::Bug(format!(
                    "migration {} of {} stands where {expected} belongs",
                    migration.version, schema.component
                )));
            }
        }
    }
    Ok(())
}

/// Runs `work` in a transaction that no other program can have at the same time.
fn alone(
    engine: &mut dyn Engine,
    work: impl FnOnce(&mut dyn Engine) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    engine.begin_migration()?;
    let done = work(engine).and_then(|()| engine.commit());
    if done.is_err() {
        engine.roll_back();
    }
    done
}

/// Refuses a database that a newer program wrote, and one whose past differs from ours.
fn check_versions(
    connection: &mut (impl Connection + ?Sized),
    schemas: &[Schema],
    all_known: bool,
) -> Result<(), StoreError> {
    let mut found = Vec::new();
    connection.for_each(&SELECT_COMPONENTS, &[], &mut |row| {
        found.push((row.text(0)?.to_owned(), row.int(1)?));
        Ok(())
    })?;
    for (component, version) in found {
        let schema = schemas.iter().find(|schema| schema.component == component);
        let known = match schema {
            Some(schema) => schema
                .migrations
                .last()
                .map_or(0, |last| last.version.into()),
            None if all_known => 0,
            None => continue,
        };
        if version > known {
            return Err(StoreError::NewerSchema {
                component,
                found: version,
                known,
            });
        }
    }
    Ok(())
}

/// The digests of the migrations done, in order of version.
fn versions(
    connection: &mut (impl Connection + ?Sized),
    schema: &Schema,
) -> Result<Vec<[u8; 32]>, StoreError> {
    let mut digests = Vec::new();
    connection.for_each(&SELECT_VERSIONS, &values![schema.component], &mut |row| {
        digests.push(row.bytes(1)?);
        Ok(())
    })?;
    Ok(digests)
}

/// One migration, unless it was done before.
fn step(engine: &mut dyn Engine, schema: &Schema, migration: &Migration) -> Result<(), StoreError> {
    let digest = digest(migration);
    let done = versions(engine, schema)?;
    if let Some(before) = done.get(migration.version as usize - 1) {
        if *before == digest {
            return Ok(());
        }
        return Err(StoreError::Unsuitable(format!(
            "migration {} of {} is not the one that made this database; released migrations are \
             never edited",
            migration.version, schema.component
        )));
    }
    let dialect = engine.dialect();
    for sql in migration.sql {
        engine.run_sql(&dialect.render(sql))?;
    }
    let row = values![schema.component, migration.version, digest];
    engine.execute(&INSERT_VERSION, &row)?;
    tracing::info!(
        component = schema.component,
        version = migration.version,
        "database schema brought up to date"
    );
    Ok(())
}

/// Recognises an edited migration: SHA-256 over its statements before the tokens are filled in.
fn digest(migration: &Migration) -> [u8; 32] {
    let mut hash = Sha256::new();
    put(&mut hash, b"xingcun.migration.v1");
    for sql in migration.sql {
        put(&mut hash, sql.as_bytes());
    }
    hash.finalize().into()
}

fn record_tables(schema: &Schema) -> impl Iterator<Item = &'static str> {
    let tables = schema.tables.iter();
    tables
        .filter(|table| table.class == Class::Record)
        .map(|table| table.name)
}

/// The second wall around record tables, on SQLite only: the first is that no statement of the
/// product changes or deletes their rows, which a test asserts.
fn guard_records(engine: &mut dyn Engine, schema: &Schema) -> Result<(), StoreError> {
    if engine.dialect() == Dialect::Postgres {
        return Ok(());
    }
    for table in record_tables(schema) {
        for action in ["UPDATE", "DELETE"] {
            engine.run_sql(&format!(
                "CREATE TRIGGER IF NOT EXISTS {table}_no_{action} BEFORE {action} ON {table}
                 BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
            ))?;
        }
    }
    Ok(())
}
