//! What migrations and checks need of an engine beyond [`Connection`].

use crate::postgres::{Failure, PostgresConnection};
use crate::sqlite::SqliteConnection;
use crate::{Connection, StoreError};

/// The differences between the two databases that the store itself has to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// Puts this database's words in the place of the tokens of a migration.
    pub(crate) fn render(self, sql: &str) -> String {
        let (int, text, blob, table_end) = match self {
            Dialect::Sqlite => ("INTEGER", "TEXT", "BLOB", "STRICT, WITHOUT ROWID"),
            Dialect::Postgres => ("bigint", "text", "bytea", ""),
        };
        sql.replace("{int}", int)
            .replace("{text}", text)
            .replace("{blob}", blob)
            .replace("{table_end}", table_end)
    }
}

/// A connection on which the store itself works.
pub(crate) trait Engine: Connection {
    fn dialect(&self) -> Dialect;
    /// Runs statements of the store itself.
    fn run_sql(&self, sql: &str) -> Result<(), StoreError>;
    /// Begins a transaction that only one program can have at a time.
    fn begin_migration(&mut self) -> Result<(), StoreError>;
    fn commit(&mut self) -> Result<(), StoreError>;
    fn roll_back(&mut self);
}

impl Engine for SqliteConnection {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn run_sql(&self, sql: &str) -> Result<(), StoreError> {
        SqliteConnection::run_sql(self, sql)
    }

    fn begin_migration(&mut self) -> Result<(), StoreError> {
        self.run_sql("BEGIN IMMEDIATE")
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        SqliteConnection::run_sql(self, "COMMIT")
    }

    fn roll_back(&mut self) {
        self.take_failure();
        if self.in_transaction()
            && let Err(error) = SqliteConnection::run_sql(self, "ROLLBACK")
        {
            tracing::error!(%error, "rolling back failed");
        }
    }
}

impl Engine for PostgresConnection {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn run_sql(&self, sql: &str) -> Result<(), StoreError> {
        PostgresConnection::run_sql(self, sql)
    }

    fn begin_migration(&mut self) -> Result<(), StoreError> {
        PostgresConnection::begin_migration(self)
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        PostgresConnection::commit(self).map_err(Failure::into_error)
    }

    fn roll_back(&mut self) {
        self.take_failure();
        if let Err(failure) = PostgresConnection::roll_back(self) {
            tracing::error!(error = %failure.error(), "rolling back failed");
        }
    }
}
