//! Schemas: newer ones are refused, failed migrations leave nothing, records stay as they are.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test")]

mod common;

use common::{NOTE_VERSION, SCHEMA, TENANT, id};
use store::testing::{TestStore, each};
use store::{Migration, Record, Schema, Store, StoreError, values};

const SECOND: Migration = Migration {
    version: 2,
    sql: &["ALTER TABLE note_version ADD COLUMN author {blob}"],
};

store::record! {
    /// With the column of version 2.
    NOTE_VERSION_2 = note_version(tenant, note, version, command, author, body, amount, picture)
        key(tenant, note, version);
}

const NEWER: Schema = Schema {
    records: &[&NOTE_VERSION_2],
    migrations: &[SCHEMA.migrations[0], SECOND],
    ..SCHEMA
};

const BROKEN: Schema = Schema {
    migrations: &[
        SCHEMA.migrations[0],
        Migration {
            version: 2,
            sql: &[
                "CREATE TABLE half (tenant {int} NOT NULL, PRIMARY KEY (tenant)) {table_end}",
                "CREATE TABLE half (tenant {int} NOT NULL, PRIMARY KEY (tenant)) {table_end}",
            ],
        },
    ],
    ..SCHEMA
};

const EDITED: Schema = Schema {
    migrations: &[Migration {
        version: 1,
        sql: &[
            "CREATE TABLE note_version (tenant {int} NOT NULL, PRIMARY KEY (tenant)) {table_end}",
        ],
    }],
    ..SCHEMA
};

const OTHER: Schema = Schema {
    component: "other",
    tables: &[],
    records: &[],
    migrations: &[],
};

store::statements! {
    /// Must be refused by the second wall.
    CHANGE_RECORD = "UPDATE note_version SET body = $1 WHERE tenant = $2";
    /// Must be refused by the second wall.
    DELETE_RECORD = "DELETE FROM note_version WHERE tenant = $1";
    /// Only there if half a migration was kept.
    SELECT_HALF = "SELECT tenant FROM half WHERE tenant = $1";
}

// These break the rules on purpose, so the linter does not see them.
const _: &[&store::Statement] = STATEMENTS;

fn write_note(store: &Store, number: u64) {
    let answer: Result<u64, StoreError> = store
        .write(move |c| {
            let row = values![
                TENANT,
                id(number),
                1,
                id(99),
                "x",
                None::<i64>,
                None::<&[u8]>
            ];
            c.execute(&NOTE_VERSION.insert, &row)
        })
        .wait();
    assert_eq!(answer, Ok(1));
}

fn check(test: impl Fn(&TestStore)) {
    for fresh in each(&[SCHEMA]) {
        test(&fresh);
    }
}

fn open(fresh: &TestStore, schema: Schema) -> Result<Store, StoreError> {
    Store::open(&fresh.config, &[schema])
}

#[test]
fn opening_again_changes_nothing() {
    check(|fresh| {
        write_note(&fresh.store, 1);
        let again = open(fresh, SCHEMA).unwrap();
        write_note(&again, 2);
    });
}

#[test]
fn a_migration_that_changes_record_rows_is_found_and_fails_on_sqlite() {
    const CHANGING: Schema = Schema {
        migrations: &[
            SCHEMA.migrations[0],
            Migration {
                version: 2,
                sql: &["UPDATE note_version SET amount = 5 WHERE amount IS NULL"],
            },
        ],
        ..SCHEMA
    };
    let findings = store::testing::lint_schema(&[CHANGING]);
    assert!(
        findings
            .iter()
            .any(|finding| finding.contains("rows of a record never change")),
        "{findings:?}"
    );
    let fresh = store::testing::sqlite(&[SCHEMA]);
    write_note(&fresh.store, 1);
    assert!(open(&fresh, CHANGING).is_err());
}

#[test]
fn a_newer_database_is_refused() {
    check(|fresh| {
        open(fresh, NEWER).unwrap().close();
        let newer = |component: &str, found, known| StoreError::NewerSchema {
            component: component.to_owned(),
            found,
            known,
        };
        assert_eq!(
            open(fresh, SCHEMA).err(),
            Some(newer("notes", 2, 1)),
            "{}",
            fresh.engine
        );
        assert_eq!(
            open(fresh, OTHER).err(),
            Some(newer("notes", 2, 0)),
            "{}",
            fresh.engine
        );
        assert!(Store::open_read_only(&fresh.config, &[OTHER]).is_ok());
    });
}

#[test]
fn an_edited_migration_is_refused() {
    check(|fresh| {
        let error = open(fresh, EDITED).err();
        assert!(
            matches!(error, Some(StoreError::Unsuitable(_))),
            "{}: {error:?}",
            fresh.engine
        );
    });
}

#[test]
fn a_failed_migration_leaves_nothing() {
    check(|fresh| {
        assert!(open(fresh, BROKEN).is_err());
        let half: Result<Option<()>, StoreError> = fresh
            .store
            .read(|c| c.optional(&SELECT_HALF, &values![TENANT], |_| Ok(())))
            .wait();
        assert!(
            half.is_err(),
            "{}: the first statement was kept",
            fresh.engine
        );
        assert!(
            open(fresh, SCHEMA).is_ok(),
            "{}: version 2 was noted",
            fresh.engine
        );
    });
}

#[test]
fn a_reader_waits_for_the_server_to_migrate() {
    check(|fresh| {
        let reader = Store::open_read_only(&fresh.config, &[SCHEMA]).unwrap();
        let answer: Result<(), StoreError> = reader.write(|_| Ok(())).wait();
        assert!(matches!(answer, Err(StoreError::ReadOnly(_))));
        let error = Store::open_read_only(&fresh.config, &[NEWER]).err();
        assert!(
            matches!(error, Some(StoreError::Unsuitable(_))),
            "{}: {error:?}",
            fresh.engine
        );
    });
}

/// On SQLite only: PostgreSQL has no triggers here, its wall is the linter alone.
#[test]
fn record_rows_cannot_be_changed_also_after_a_migration() {
    let fresh = store::testing::sqlite(&[SCHEMA]);
    write_note(&fresh.store, 1);
    let walls_stand = |store: &Store| {
        let change: Result<u64, StoreError> = store
            .write(|c| c.execute(&CHANGE_RECORD, &values!["y", TENANT]))
            .wait();
        let delete: Result<u64, StoreError> = store
            .write(|c| c.execute(&DELETE_RECORD, &values![TENANT]))
            .wait();
        for answer in [change, delete] {
            assert!(
                matches!(&answer, Err(StoreError::Bug(text))
                if text.contains("note_version is append-only")),
                "{answer:?}"
            );
        }
    };
    walls_stand(&fresh.store);
    let newer = open(&fresh, NEWER).unwrap();
    walls_stand(&newer);
}

fn digests(store: &Store, record: &'static Record) -> Vec<[u8; 32]> {
    let digests: Result<_, StoreError> = store
        .read(move |c| {
            c.all(&record.select_by_command, &values![TENANT, id(99)], |row| {
                Ok(record.digest(&row.values()?))
            })
        })
        .wait();
    digests.unwrap()
}

#[test]
fn a_new_column_does_not_change_the_digests_of_old_rows() {
    let mut found = Vec::new();
    check(|fresh| {
        write_note(&fresh.store, 1);
        write_note(&fresh.store, 2);
        let before = digests(&fresh.store, &NOTE_VERSION);
        assert_eq!(before.len(), 2);
        let newer = open(fresh, NEWER).unwrap();
        assert_eq!(digests(&newer, &NOTE_VERSION_2), before, "{}", fresh.engine);
    });
    for fresh in each(&[SCHEMA]) {
        write_note(&fresh.store, 1);
        found.push(digests(&fresh.store, &NOTE_VERSION));
    }
    assert!(
        found.windows(2).all(|pair| pair[0] == pair[1]),
        "equal on both databases"
    );
}
