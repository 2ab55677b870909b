//! Which database, and how much of it.

use std::path::PathBuf;

/// Where the data is and how many threads work on it.
#[derive(Clone, Debug)]
pub struct DatabaseConfig {
    /// Where the data is.
    pub database: Database,
    /// Connections that read, each with its own thread.
    pub readers: usize,
    /// Connections that write, each with its own thread. SQLite has exactly one writer.
    pub writers: usize,
    /// How many closures may wait; beyond it [`StoreError::Busy`](crate::StoreError::Busy).
    pub queue: usize,
}

/// A database.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// The path of an SQLite file.
    Sqlite(PathBuf),
    /// A `postgres://` address. It may hold a password, so it is never printed.
    Postgres(String),
}

impl DatabaseConfig {
    /// An SQLite file.
    pub fn sqlite(path: impl Into<PathBuf>) -> DatabaseConfig {
        DatabaseConfig {
            database: Database::Sqlite(path.into()),
            readers: 4,
            writers: 1,
            queue: 4096,
        }
    }

    /// A PostgreSQL database: `postgres://user:password@host:port/database`.
    pub fn postgres(url: impl Into<String>) -> DatabaseConfig {
        DatabaseConfig {
            database: Database::Postgres(url.into()),
            readers: 4,
            writers: 16,
            queue: 4096,
        }
    }

    /// `postgres://…` or `postgresql://…`, else the path of an SQLite file.
    pub fn parse(address: &str) -> DatabaseConfig {
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            DatabaseConfig::postgres(address)
        } else {
            DatabaseConfig::sqlite(address)
        }
    }
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Database::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            Database::Postgres(_) => f.write_str("Postgres(…)"),
        }
    }
}
