//! A whole database into a fresh one, and back.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test")]

mod common;

use std::path::PathBuf;

use common::{INSERT_CURRENT, NOTE_VERSION, SCHEMA, TENANT, id};
use kernel::Tenant;
use store::testing::{TestStore, each};
use store::{DatabaseConfig, Store, StoreError, TableDigest, Value, table_digest, values};

const TABLES: [&str; 2] = ["note_version", "note_current"];
const OTHER: Tenant = Tenant(8);

/// More rows than one batch, two tenants, every type, and nothing where nothing may be.
fn fill(fresh: &TestStore) {
    let written = fresh.store.write(|c| {
        for number in 0..1_203 {
            let picture = Value::from(vec![0, 255, 10]);
            let row = [
                Value::from(if number % 7 == 0 { OTHER } else { TENANT }),
                Value::from(id(number)),
                Value::from(1),
                Value::from(id(number)),
                Value::from(format!("第 {number} 条\n\"引号\"")),
                if number % 2 == 0 {
                    Value::Null
                } else {
                    Value::from(i64::MIN)
                },
                if number % 3 == 0 {
                    Value::Null
                } else {
                    picture
                },
            ];
            c.execute(&NOTE_VERSION.insert, &row)?;
        }
        for tenant in [TENANT, OTHER] {
            c.execute(&INSERT_CURRENT, &values![tenant])?;
        }
        Ok::<_, StoreError>(())
    });
    written.wait().unwrap();
}

fn digests(store: &Store) -> Vec<TableDigest> {
    let read = store.read(|c| {
        let mut digests = Vec::new();
        for tenant in [TENANT, OTHER] {
            for table in TABLES {
                digests.push(table_digest(c, table, tenant)?);
            }
        }
        Ok::<_, StoreError>(digests)
    });
    read.wait().unwrap()
}

fn file(fresh: &TestStore, name: &str) -> PathBuf {
    std::env::temp_dir().join(format!(
        "xingcun-copy-{}-{}-{name}.db",
        std::process::id(),
        fresh.engine
    ))
}

#[test]
fn a_copy_holds_what_the_source_held_and_goes_back() {
    for fresh in each(&[SCHEMA]) {
        fill(&fresh);
        let path = file(&fresh, "whole");
        let copied = fresh
            .store
            .copy_into(&DatabaseConfig::sqlite(&path), &[SCHEMA])
            .unwrap();
        assert_eq!((copied.tables, copied.rows), (3, 2 * 1_203));
        let copy = Store::open(&DatabaseConfig::sqlite(&path), &[SCHEMA]).unwrap();
        let expected = digests(&fresh.store);
        assert!(expected.iter().all(|digest| digest.rows > 100));
        assert_eq!(digests(&copy), expected);
        for target in each(&[SCHEMA]) {
            if target.engine == "sqlite" {
                continue; // the file above is one
            }
            copy.copy_into(&target.config, &[SCHEMA]).unwrap();
            assert_eq!(digests(&target.store), expected);
        }
        copy.close();
        std::fs::remove_file(path).unwrap();
    }
}

#[test]
fn a_database_with_rows_is_no_target_and_stays_as_it_is() {
    for target in each(&[SCHEMA]) {
        if target.engine == "sqlite" {
            continue; // an SQLite target is always a new file
        }
        fill(&target);
        let before = digests(&target.store);
        let refused = target.store.copy_into(&target.config, &[SCHEMA]);
        assert!(
            matches!(&refused, Err(StoreError::Unsuitable(why)) if why.contains("note_version")),
            "{refused:?}"
        );
        assert_eq!(digests(&target.store), before);
    }
}

#[test]
fn what_is_written_meanwhile_is_not_in_the_snapshot() {
    for fresh in each(&[SCHEMA]) {
        fill(&fresh);
        let before = digests(&fresh.store);
        let path = file(&fresh, "snapshot");
        std::thread::scope(|scope| {
            let copying = scope.spawn(|| {
                let target = DatabaseConfig::sqlite(&path);
                fresh.store.copy_into(&target, &[SCHEMA]).unwrap()
            });
            // Writers are not kept waiting by a copy.
            for number in 2_000..2_200 {
                let row = values![
                    TENANT,
                    id(number),
                    1,
                    id(number),
                    "新",
                    None::<i64>,
                    None::<i64>
                ];
                let row: Vec<Value<'static>> = row.into_iter().map(Value::into_owned).collect();
                let write = fresh
                    .store
                    .write(move |c| c.execute(&NOTE_VERSION.insert, &row));
                write.wait().unwrap();
            }
            copying.join().unwrap();
        });
        let copy = Store::open(&DatabaseConfig::sqlite(&path), &[SCHEMA]).unwrap();
        let held = digests(&copy);
        // A snapshot of some moment: the derived table, which no writer touched, is as it was.
        assert_eq!(held[1], before[1]);
        assert!(held[0].rows >= before[0].rows && held[0].rows <= digests(&fresh.store)[0].rows);
        copy.close();
        std::fs::remove_file(path).unwrap();
    }
}
