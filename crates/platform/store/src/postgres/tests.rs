//! Lost connections: nothing is done twice, nothing is reported wrongly.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::testing::{TestStore, on_server, postgres, postgres_server};
use crate::{Class, Connection, Database, Migration, Schema, Store, StoreError, Table, values};

crate::statements! {
    /// One number.
    INSERT_NUMBER = "INSERT INTO number (tenant, number, value) VALUES (1, $1, 0)";
    /// Adds to one.
    UPDATE_NUMBER = "UPDATE number SET value = value + 1 WHERE tenant = 1 AND number = $1";
    /// What is there.
    SELECT_NUMBERS = "SELECT number FROM number WHERE tenant = 1 ORDER BY number";
    /// The sum of all.
    SELECT_SUM = "SELECT CAST(sum(value) AS bigint) FROM number WHERE tenant = 1";
}

const SCHEMA: Schema = Schema {
    component: "numbers",
    tables: &[Table {
        name: "number",
        class: Class::Working,
        note: "numbers",
    }],
    records: &[],
    migrations: &[Migration {
        version: 1,
        sql: &[
            "CREATE TABLE number (tenant {int} NOT NULL, number {int} NOT NULL,
            value {int} NOT NULL, PRIMARY KEY (tenant, number)) {table_end}",
        ],
    }],
};

#[test]
fn the_statements_break_no_rule() {
    crate::testing::check_statements(STATEMENTS, &[SCHEMA]);
}

fn insert(store: &Store, number: i64) -> Result<u64, StoreError> {
    store
        .write(move |c| c.execute(&INSERT_NUMBER, &values![number]))
        .wait()
}

fn numbers(store: &Store) -> Vec<i64> {
    let numbers: Result<_, StoreError> = store
        .read(|c| c.all(&SELECT_NUMBERS, &[], |row| row.int(0)))
        .wait();
    numbers.unwrap()
}

fn url(fresh: &TestStore) -> String {
    let Database::Postgres(url) = &fresh.config.database else {
        panic!("a PostgreSQL store");
    };
    url.clone()
}

/// Ends every session of the database from outside.
fn cut_all(fresh: &TestStore) {
    let name = url(fresh).rsplit('/').next().unwrap().to_owned();
    on_server(
        &postgres_server().unwrap(),
        &format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"),
    )
    .unwrap();
}

#[test]
fn reconnects_when_the_server_ended_the_sessions() {
    let Some(fresh) = postgres(&[SCHEMA]) else {
        return;
    };
    for number in 0..20 {
        assert_eq!(insert(&fresh.store, number), Ok(1));
        if number % 5 == 0 {
            cut_all(&fresh);
        }
    }
    assert_eq!(numbers(&fresh.store), (0..20).collect::<Vec<_>>());
}

#[test]
fn runs_a_closure_again_when_the_connection_went_under_it() {
    let Some(fresh) = postgres(&[SCHEMA]) else {
        return;
    };
    let server = postgres_server().unwrap();
    let name = url(&fresh).rsplit('/').next().unwrap().to_owned();
    let mut runs = 0;
    let answer: Result<i32, StoreError> = fresh
        .store
        .write(move |c| {
            runs += 1;
            c.execute(&INSERT_NUMBER, &values![1])?;
            if runs == 1 {
                on_server(
                    &server,
                    &format!(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                         WHERE datname = '{name}' AND state = 'idle in transaction'"
                    ),
                )?;
            }
            c.execute(&INSERT_NUMBER, &values![2])?;
            Ok(runs)
        })
        .wait();
    assert_eq!(answer, Ok(2));
    assert_eq!(numbers(&fresh.store), [1, 2]);
}

#[test]
fn deadlocks_are_run_again_until_all_are_done() {
    let Some(fresh) = postgres(&[SCHEMA]) else {
        return;
    };
    for number in 0..2 {
        assert_eq!(insert(&fresh.store, number), Ok(1));
    }
    let pending: Vec<_> = (0..8)
        .map(|turn| {
            fresh.store.write(move |c: &mut dyn Connection| {
                c.execute(&UPDATE_NUMBER, &values![turn % 2])?;
                std::thread::sleep(std::time::Duration::from_millis(2));
                c.execute(&UPDATE_NUMBER, &values![1 - turn % 2])
            })
        })
        .collect();
    for answer in pending {
        assert_eq!(answer.wait(), Ok::<_, StoreError>(1));
    }
    let sum: Result<i64, StoreError> = fresh
        .store
        .read(|c| c.one(&SELECT_SUM, &[], |row| row.int(0)))
        .wait();
    assert_eq!(sum, Ok(16));
}

/// What the proxy does when it sees a COMMIT.
const PASS: u8 = 0;
const CUT_BEFORE: u8 = 1;
const CUT_AFTER: u8 = 2;

/// A proxy before the server that can cut a connection at its COMMIT. Its threads end with the
/// test's process.
fn proxy(server: String, mode: Arc<AtomicU8>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let upstream = TcpStream::connect(&server).unwrap();
            let (from, to) = (upstream.try_clone().unwrap(), client.try_clone().unwrap());
            std::thread::spawn(move || pump(from, to, &Arc::new(AtomicU8::new(PASS))));
            let mode = Arc::clone(&mode);
            std::thread::spawn(move || pump(client, upstream, &mode));
        }
    });
    port
}

fn pump(mut from: TcpStream, mut to: TcpStream, mode: &Arc<AtomicU8>) {
    let mut buffer = [0; 16_384];
    while let Ok(length) = from.read(&mut buffer) {
        let sent = &buffer[..length];
        let commit = sent.windows(7).any(|window| window == b"COMMIT\0");
        let cut = if commit {
            mode.swap(PASS, Ordering::SeqCst)
        } else {
            PASS
        };
        if length == 0 || cut == CUT_BEFORE || to.write_all(sent).is_err() {
            break;
        }
        if cut == CUT_AFTER {
            // Long enough for the server to commit, and the answer is not passed on.
            drop(from.shutdown(Shutdown::Both));
            std::thread::sleep(std::time::Duration::from_millis(200));
            break;
        }
    }
    drop(from.shutdown(Shutdown::Both));
    drop(to.shutdown(Shutdown::Both));
}

#[test]
fn a_connection_cut_at_commit_is_reported_as_unknown() {
    let Some(fresh) = postgres(&[SCHEMA]) else {
        return;
    };
    let url = url(&fresh);
    let (head, rest) = url.split_once('@').unwrap();
    let (server, database) = rest.split_once('/').unwrap();
    let mode = Arc::new(AtomicU8::new(PASS));
    let port = proxy(server.to_owned(), Arc::clone(&mode));
    let mut config = fresh.config.clone();
    config.database = Database::Postgres(format!("{head}@127.0.0.1:{port}/{database}"));
    config.writers = 1;
    let store = Store::open(&config, &[SCHEMA]).unwrap();
    for (how, number) in [(CUT_BEFORE, 1), (CUT_AFTER, 2)] {
        mode.store(how, Ordering::SeqCst);
        let answer = insert(&store, number);
        assert!(
            matches!(answer, Err(StoreError::OutcomeUnknown(_))),
            "{answer:?}"
        );
    }
    assert_eq!(
        insert(&store, 3),
        Ok(1),
        "the next one gets a new connection"
    );
    assert_eq!(
        numbers(&store),
        [2, 3],
        "cut before: not there; cut after: there"
    );
    store.close();
}

#[test]
fn a_server_that_is_away_is_said_at_once() {
    let Some(fresh) = postgres(&[SCHEMA]) else {
        return;
    };
    let mut config = fresh.config.clone();
    config.database = Database::Postgres("postgres://x@127.0.0.1:1/x".to_owned());
    let error = Store::open(&config, &[SCHEMA]).err();
    assert!(
        matches!(error, Some(StoreError::Unavailable(_))),
        "{error:?}"
    );
}

#[test]
fn another_collation_is_refused_with_the_remedy() {
    let Some(fresh) = postgres(&[]) else {
        return;
    };
    let name = crate::testing::fresh_name();
    let server = postgres_server().unwrap();
    let made = on_server(
        &server,
        &format!(
            "CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'zh-CN' \
             LOCALE 'C' ENCODING 'UTF8'"
        ),
    );
    assert_eq!(made, Ok(()));
    let mut config = fresh.config.clone();
    config.database = Database::Postgres(crate::testing::with_database(&server, &name));
    let error = Store::open(&config, &[]).err();
    on_server(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).unwrap();
    let Some(StoreError::Unsuitable(text)) = error else {
        panic!("{error:?}");
    };
    assert!(text.contains("LOCALE 'C'"), "{text}");
}
