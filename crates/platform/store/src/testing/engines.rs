//! What the checks ask the two databases.

use std::collections::BTreeMap;

use super::TestStore;
use crate::postgres::{Mode, PostgresConnection};
use crate::sqlite::SqliteConnection;
use crate::{Database, Schema, Shape, Statement, StoreError};

/// What PostgreSQL takes a statement for.
pub(super) struct Described {
    /// Types of the parameters.
    pub(super) parameters: Vec<String>,
    /// Types of the columns of the answer.
    pub(super) columns: Vec<String>,
}

/// A connection of its own to a fresh SQLite file.
pub(super) fn open_sqlite(fresh: &TestStore) -> SqliteConnection {
    let Database::Sqlite(path) = &fresh.config.database else {
        panic!("this check is for SQLite");
    };
    SqliteConnection::open_reader(path).expect("the file was opened before")
}

/// The shapes of all tables of the schemas, as the engine has them; a table that is declared but
/// not made is left out.
pub(super) fn shapes(fresh: &TestStore, schemas: &[Schema]) -> BTreeMap<&'static str, Shape> {
    let tables = schemas.iter().flat_map(|schema| schema.tables);
    tables
        .filter_map(|table| {
            let name = table.name;
            let shape: Result<_, StoreError> = fresh.store.read(move |c| c.shape(name)).wait();
            shape.ok().map(|shape| (name, shape))
        })
        .collect()
}

/// Prepares each statement; one line for each that does not prepare.
pub(super) fn prepare_on_sqlite(fresh: &TestStore, statements: &[&Statement]) -> Vec<String> {
    let connection = open_sqlite(fresh);
    statements
        .iter()
        .filter_map(|statement| {
            let error = connection.raw().prepare(statement.sql()).err()?;
            Some(format!("{statement}: SQLite does not prepare it: {error}"))
        })
        .collect()
}

/// Prepares each statement on PostgreSQL, on a thread of its own.
pub(super) fn describe_on_postgres(
    fresh: &TestStore,
    statements: &[&Statement],
) -> Vec<Result<Described, String>> {
    let Database::Postgres(url) = &fresh.config.database else {
        panic!("this check is for PostgreSQL");
    };
    let settings = url.parse().expect("the store was opened with it");
    let work = || {
        let mut connection =
            PostgresConnection::connect(&settings, Mode::Write).expect("it was reached before");
        statements
            .iter()
            .map(|statement| describe(&mut connection, statement))
            .collect()
    };
    std::thread::scope(|scope| scope.spawn(work).join().expect("nothing panics there"))
}

fn describe(
    connection: &mut PostgresConnection,
    statement: &Statement,
) -> Result<Described, String> {
    let prepared = connection
        .session_mut()
        .prepare(statement)
        .map_err(|failure| format!("PostgreSQL does not prepare it: {}", failure.error()))?;
    let name = |kind: &tokio_postgres::types::Type| kind.name().to_owned();
    Ok(Described {
        parameters: prepared.params().iter().map(name).collect(),
        columns: prepared
            .columns()
            .iter()
            .map(|column| name(column.type_()))
            .collect(),
    })
}
