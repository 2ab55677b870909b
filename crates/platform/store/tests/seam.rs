//! What every user of the store relies on, the same on both databases.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test")]

mod common;

use common::{COUNT_NOTES, NOTE_VERSION, SCHEMA, SELECT_BODIES, TENANT, id};
use store::testing::{TestStore, each};
use store::{Connection, Constraint, StoreError, Value, values};

/// Runs one check on a fresh database of each engine.
fn check(test: impl Fn(&TestStore)) {
    for fresh in each(&[SCHEMA]) {
        test(&fresh);
    }
}

fn insert(c: &mut dyn Connection, number: u64, body: &str) -> Result<(), StoreError> {
    let row = values![
        TENANT,
        id(number),
        1,
        id(99),
        body,
        None::<i64>,
        None::<&[u8]>
    ];
    c.execute(&NOTE_VERSION.insert, &row).map(drop)
}

fn bodies(fresh: &TestStore) -> Vec<String> {
    fresh
        .store
        .read(|c| {
            c.all(&SELECT_BODIES, &values![TENANT], |row| {
                Ok(row.text(0)?.to_owned())
            })
        })
        .wait()
        .unwrap_or_else(|error: StoreError| panic!("{}: {error}", fresh.engine))
}

#[test]
fn keeps_what_a_closure_wrote_and_drops_what_it_refused() {
    check(|fresh| {
        let kept: Result<(), StoreError> = fresh.store.write(|c| insert(c, 1, "兴村")).wait();
        assert_eq!(kept, Ok(()));
        let refused: Result<(), StoreError> = fresh
            .store
            .write(|c| {
                insert(c, 2, "second")?;
                Err(StoreError::Bug("no".to_owned()))
            })
            .wait();
        assert!(refused.is_err());
        assert_eq!(bodies(fresh), ["兴村"], "{}", fresh.engine);
    });
}

#[test]
fn gives_back_every_type_as_it_was_given() {
    check(|fresh| {
        let picture = [0, 1, 255];
        let row = vec![
            Value::from(TENANT),
            Value::from(id(1)),
            Value::from(i64::MAX),
            Value::from(id(99)),
            Value::from("a\u{10ffff}'\"\\"),
            Value::from(i64::MIN),
            Value::from(picture),
        ];
        let given = row.clone();
        let found: Result<Vec<Vec<Value<'static>>>, StoreError> = fresh
            .store
            .write(move |c| {
                c.execute(&NOTE_VERSION.insert, &row)?;
                c.all(
                    &NOTE_VERSION.select_by_command,
                    &values![TENANT, id(99)],
                    |row| Ok(row.values()?.into_iter().map(Value::into_owned).collect()),
                )
            })
            .wait();
        assert_eq!(found, Ok(vec![given]), "{}", fresh.engine);
    });
}

#[test]
fn names_a_broken_constraint_the_same_on_both() {
    let expected = [
        (
            1,
            "x",
            Constraint::Unique,
            "note_version(tenant, note, version)",
        ),
        (2, "", Constraint::Check, "note_body_not_empty"),
        (2, "\0", Constraint::Check, "text without NUL"),
    ];
    check(|fresh| {
        let first: Result<(), StoreError> = fresh.store.write(|c| insert(c, 1, "x")).wait();
        assert_eq!(first, Ok(()));
        for (number, body, kind, constraint) in expected {
            let answer: Result<(), StoreError> =
                fresh.store.write(move |c| insert(c, number, body)).wait();
            let constraint = constraint.to_owned();
            let error = StoreError::Conflict { kind, constraint };
            assert_eq!(answer, Err(error), "{}", fresh.engine);
        }
        let null: Result<u64, StoreError> = fresh
            .store
            .write(|c| {
                let row = values![
                    TENANT,
                    id(3),
                    1,
                    id(99),
                    None::<&str>,
                    None::<i64>,
                    None::<&[u8]>
                ];
                c.execute(&NOTE_VERSION.insert, &row)
            })
            .wait();
        let error = StoreError::Conflict {
            kind: Constraint::Check,
            constraint: "note_version.body".to_owned(),
        };
        assert_eq!(null, Err(error), "{}", fresh.engine);
    });
}

#[test]
fn a_swallowed_failure_is_not_kept() {
    check(|fresh| {
        let answer: Result<(), StoreError> = fresh
            .store
            .write(|c| {
                insert(c, 1, "x")?;
                let _ = insert(c, 1, "again");
                let _ = insert(c, 2, "after the failure");
                Ok(())
            })
            .wait();
        assert!(answer.is_err_and(|error| error.is_taken("note_version")));
        assert_eq!(bodies(fresh), Vec::<String>::new(), "{}", fresh.engine);
    });
}

#[test]
fn a_panic_becomes_an_error_and_the_store_goes_on() {
    check(|fresh| {
        let answer: Result<(), StoreError> = fresh
            .store
            .write(|c| {
                insert(c, 1, "x")?;
                panic!("on purpose")
            })
            .wait();
        assert!(
            matches!(answer, Err(StoreError::Bug(_))),
            "{}",
            fresh.engine
        );
        let read: Result<(), StoreError> = fresh.store.read(|_| panic!("on purpose")).wait();
        assert!(matches!(read, Err(StoreError::Bug(_))), "{}", fresh.engine);
        let next: Result<(), StoreError> = fresh.store.write(|c| insert(c, 2, "y")).wait();
        assert_eq!(next, Ok(()));
        assert_eq!(bodies(fresh), ["y"], "{}", fresh.engine);
    });
}

#[test]
fn writes_many_rows_and_counts_them() {
    check(|fresh| {
        let answer: Result<u64, StoreError> = fresh
            .store
            .write(|c| {
                let rows: Vec<_> = (0..2_000)
                    .map(|n| {
                        values![TENANT, id(n), 1, id(99), "x", None::<i64>, None::<&[u8]>].to_vec()
                    })
                    .collect();
                c.execute_many(&NOTE_VERSION.insert, &rows)
            })
            .wait();
        assert_eq!(answer, Ok(2_000), "{}", fresh.engine);
        let broken: Result<u64, StoreError> = fresh
            .store
            .write(|c| {
                let row =
                    |n| values![TENANT, id(n), 1, id(99), "x", None::<i64>, None::<&[u8]>].to_vec();
                c.execute_many(&NOTE_VERSION.insert, &[row(5_000), row(0), row(5_001)])
            })
            .wait();
        assert!(broken.is_err_and(|error| error.is_taken("note_version")));
        let count: Result<i64, StoreError> = fresh
            .store
            .read(|c| c.one(&COUNT_NOTES, &values![TENANT], |row| row.int(0)))
            .wait();
        assert_eq!(count, Ok(2_000), "{}", fresh.engine);
    });
}

#[test]
fn a_read_sees_one_snapshot() {
    check(|fresh| {
        let store = fresh.store.clone();
        let counts: Result<(i64, i64), StoreError> = fresh
            .store
            .read(move |c| {
                let before = c.one(&COUNT_NOTES, &values![TENANT], |row| row.int(0))?;
                let written: Result<(), StoreError> = store.write(|c| insert(c, 1, "x")).wait();
                written?;
                let after = c.one(&COUNT_NOTES, &values![TENANT], |row| row.int(0))?;
                Ok((before, after))
            })
            .wait();
        assert_eq!(counts, Ok((0, 0)), "{}", fresh.engine);
        assert_eq!(bodies(fresh), ["x"], "{}", fresh.engine);
    });
}

#[test]
fn a_read_cannot_write() {
    check(|fresh| {
        let answer: Result<(), StoreError> = fresh.store.read(|c| insert(c, 1, "x")).wait();
        assert!(
            matches!(answer, Err(StoreError::ReadOnly(_))),
            "{}: {answer:?}",
            fresh.engine
        );
    });
}

#[test]
fn wrong_counts_and_types_of_values_are_defects() {
    check(|fresh| {
        let answer: Result<i64, StoreError> = fresh
            .store
            .read(|c| c.one(&COUNT_NOTES, &[], |row| row.int(0)))
            .wait();
        assert!(
            matches!(answer, Err(StoreError::Bug(_))),
            "{}: {answer:?}",
            fresh.engine
        );
        let answer: Result<(), StoreError> = fresh
            .store
            .write(|c| {
                let row = values![TENANT, "text", 1, id(99), "x", None::<i64>, None::<&[u8]>];
                c.execute(&NOTE_VERSION.insert, &row).map(drop)
            })
            .wait();
        assert!(
            matches!(answer, Err(StoreError::Bug(_))),
            "{}: {answer:?}",
            fresh.engine
        );
    });
}

#[test]
fn a_closed_store_says_so() {
    check(|fresh| {
        fresh.store.close();
        let answer: Result<(), StoreError> = fresh.store.write(|c| insert(c, 1, "x")).wait();
        assert_eq!(answer, Err(StoreError::Closed));
    });
}

#[test]
fn answers_can_be_awaited() {
    check(|fresh| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let answer: Result<(), StoreError> =
            runtime.block_on(async { fresh.store.write(|c| insert(c, 1, "x")).await });
        assert_eq!(answer, Ok(()), "{}", fresh.engine);
    });
}
