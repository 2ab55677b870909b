//! Fresh databases for tests, and the checks of statements and tables.

mod engines;
mod rebuilds;
mod schema;
mod sql;
mod statements;

pub use rebuilds::{check_rebuilds, rebuild_and_compare};
pub use schema::{check_schema, lint_schema};
pub use statements::{check_statements, lint_statements};

use std::io::Write;
use std::path::PathBuf;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::postgres::{Mode, PostgresConnection};
use crate::{DatabaseConfig, Schema, Store, StoreError};

/// Names a PostgreSQL server on which tests may make databases: `scripts/test-postgres.sh`.
pub const POSTGRES_VARIABLE: &str = "XINGCUN_TEST_POSTGRES";

/// A fresh database that goes away with this value.
pub struct TestStore {
    /// The open store.
    pub store: Store,
    /// Where it is; for opening it a second time.
    pub config: DatabaseConfig,
    /// `sqlite` or `postgres`.
    pub engine: &'static str,
    leftover: Leftover,
}

/// What has to be removed.
enum Leftover {
    Folder(PathBuf),
    Database { server: String, name: String },
}

impl Drop for TestStore {
    fn drop(&mut self) {
        self.store.close();
        match &self.leftover {
            // Nothing can be done about a file that does not go; the next boot empties /tmp.
            Leftover::Folder(folder) => drop(std::fs::remove_dir_all(folder)),
            Leftover::Database { server, name } => {
                drop(on_server(
                    server,
                    &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
                ));
            }
        }
    }
}

/// A fresh SQLite file with the tables of `schemas`.
pub fn sqlite(schemas: &[Schema]) -> TestStore {
    let folder = std::env::temp_dir().join(fresh_name());
    std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
    let mut config = DatabaseConfig::sqlite(folder.join("test.db"));
    config.readers = 2;
    let store = Store::open(&config, schemas).expect("a fresh file opens");
    TestStore {
        store,
        config,
        engine: "sqlite",
        leftover: Leftover::Folder(folder),
    }
}

/// A fresh PostgreSQL database with the tables of `schemas`, where [`POSTGRES_VARIABLE`] names a
/// server; else says loudly that it was skipped.
pub fn postgres(schemas: &[Schema]) -> Option<TestStore> {
    postgres_with(schemas, 4)
}

/// As [`postgres`], with so many writing connections.
pub fn postgres_with(schemas: &[Schema], writers: usize) -> Option<TestStore> {
    let server = postgres_server()?;
    let name = fresh_name();
    on_server(
        &server,
        &format!("CREATE DATABASE {name} TEMPLATE template0 LOCALE 'C' ENCODING 'UTF8'"),
    )
    .expect("the test server makes databases");
    let mut config = DatabaseConfig::postgres(with_database(&server, &name));
    config.readers = 2;
    config.writers = writers;
    let store = Store::open(&config, schemas).expect("a fresh database opens");
    Some(TestStore {
        store,
        config,
        engine: "postgres",
        leftover: Leftover::Database { server, name },
    })
}

/// A fresh database on each engine: always SQLite, and PostgreSQL where there is one.
pub fn each(schemas: &[Schema]) -> Vec<TestStore> {
    std::iter::once(sqlite(schemas))
        .chain(postgres(schemas))
        .collect()
}

/// Set where nothing may be skipped: a test without its server fails there.
const REQUIRE_VARIABLE: &str = "XINGCUN_REQUIRE_POSTGRES";

/// The server for tests; says loudly, once, where there is none.
///
/// It writes to the process's own standard error: the test harness keeps back what a passing test
/// prints by the usual macros.
pub(crate) fn postgres_server() -> Option<String> {
    static SAID: Once = Once::new();
    let server = std::env::var(POSTGRES_VARIABLE)
        .ok()
        .filter(|url| !url.is_empty());
    if server.is_none() {
        assert!(
            std::env::var_os(REQUIRE_VARIABLE).is_none(),
            "{REQUIRE_VARIABLE} is set, and {POSTGRES_VARIABLE} names no server"
        );
        SAID.call_once(|| {
            let line = format!("SKIPPED: PostgreSQL ({POSTGRES_VARIABLE} is not set)\n");
            // Nobody listens where it fails.
            let _ = std::io::stderr().write_all(line.as_bytes());
        });
    }
    server
}

pub(crate) fn fresh_name() -> String {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    format!("xingcun_test_{}_{number}", std::process::id())
}

/// The server's address with another database.
pub(crate) fn with_database(server: &str, name: &str) -> String {
    let (address, options) = match server.split_once('?') {
        Some((address, options)) => (address, format!("?{options}")),
        None => (server, String::new()),
    };
    let (_, rest) = address.split_once("://").unwrap_or(("", address));
    let host_end = address.len() - rest.len() + rest.find('/').unwrap_or(rest.len());
    format!("{}/{name}{options}", &address[..host_end])
}

/// Runs one statement on the server, on a thread of its own: tests may be async.
pub(crate) fn on_server(server: &str, sql: &str) -> Result<(), StoreError> {
    let settings = server
        .parse()
        .map_err(|_| StoreError::Unsuitable(format!("{POSTGRES_VARIABLE} is no address")))?;
    std::thread::scope(|scope| {
        scope
            .spawn(|| PostgresConnection::connect(&settings, Mode::Write)?.run_sql(sql))
            .join()
            .unwrap_or_else(|_| Err(StoreError::Bug("the server thread panicked".to_owned())))
    })
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn replaces_the_database_in_an_address() {
        for (server, expected) in [
            ("postgres://u@h:1/postgres", "postgres://u@h:1/x"),
            ("postgres://u@h:1", "postgres://u@h:1/x"),
            (
                "postgres://u:p@h/db?sslmode=disable",
                "postgres://u:p@h/x?sslmode=disable",
            ),
        ] {
            assert_eq!(with_database(server, "x"), expected);
        }
    }
}
