//! Many callers at once: no lost update, a full queue says so, no acknowledged row is lost.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test"
)]

mod common;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use common::{INSERT_COUNTER, NOTE_VERSION, SCHEMA, SELECT_COUNTER, TENANT, UPDATE_COUNTER, id};
use store::testing::each;
use store::{DatabaseConfig, Store, StoreError, values};

store::statements! {
    /// All notes of a tenant.
    SELECT_NOTES = "SELECT version FROM note_version WHERE tenant = $1 ORDER BY version";
}

#[test]
fn the_statements_break_no_rule() {
    store::testing::check_statements(STATEMENTS, &[SCHEMA]);
}

/// Reads in one transaction, compares and sets in another, as a page and a command do.
fn add_one(store: &Store) {
    loop {
        let seen: Result<(i64, i64), StoreError> = store
            .read(|c| {
                c.one(&SELECT_COUNTER, &values![TENANT, "c"], |row| {
                    Ok((row.int(0)?, row.int(1)?))
                })
            })
            .wait();
        let (value, revision) = seen.unwrap();
        let touched: Result<u64, StoreError> = store
            .write(move |c| c.execute(&UPDATE_COUNTER, &values![value + 1, TENANT, "c", revision]))
            .wait();
        if touched.unwrap() == 1 {
            return;
        }
    }
}

#[test]
fn compare_and_set_loses_no_update() {
    for fresh in each(&[SCHEMA]) {
        let made: Result<u64, StoreError> = fresh
            .store
            .write(|c| c.execute(&INSERT_COUNTER, &values![TENANT, "c"]))
            .wait();
        assert_eq!(made, Ok(1));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| (0..20).for_each(|_| add_one(&fresh.store)));
            }
        });
        let value: Result<i64, StoreError> = fresh
            .store
            .read(|c| c.one(&SELECT_COUNTER, &values![TENANT, "c"], |row| row.int(0)))
            .wait();
        assert_eq!(value, Ok(160), "{}", fresh.engine);
    }
}

#[test]
fn a_full_queue_says_busy_and_recovers() {
    for fresh in each(&[SCHEMA]) {
        let mut config = fresh.config.clone();
        (config.writers, config.queue) = (1, 3);
        let store = Store::open(&config, &[SCHEMA]).unwrap();
        let (started, has_started) = mpsc::channel();
        let (go_on, may_go_on) = mpsc::channel::<()>();
        let blocked = store.write(move |_| {
            started.send(()).unwrap();
            may_go_on.recv().unwrap();
            Ok::<_, StoreError>(())
        });
        has_started.recv().unwrap();
        let waiting: Vec<_> = (0..5)
            .map(|_| store.write(|_| Ok::<_, StoreError>(())))
            .collect();
        go_on.send(()).unwrap();
        let answers: Vec<_> = waiting.into_iter().map(store::Pending::wait).collect();
        let busy = Err(StoreError::Busy);
        assert_eq!(
            answers,
            [Ok(()), Ok(()), Ok(()), busy.clone(), busy],
            "{}",
            fresh.engine
        );
        assert_eq!(blocked.wait(), Ok(()));
        assert_eq!(store.write(|_| Ok::<_, StoreError>(())).wait(), Ok(()));
    }
}

/// Tells the copy of this test binary that it is the one to be killed.
const VICTIM: &str = "XINGCUN_STORE_VICTIM";
const ROUNDS: i64 = 4;

/// Writes until it is killed, and says each number once it is acknowledged.
#[test]
fn victim() {
    let Ok(path) = std::env::var(VICTIM) else {
        return;
    };
    let store = Store::open(&DatabaseConfig::sqlite(path), &[SCHEMA]).unwrap();
    std::thread::scope(|scope| {
        for caller in 0..16_i64 {
            let store = &store;
            scope.spawn(move || {
                for turn in 0.. {
                    write_and_say(store, turn * 16 + caller);
                }
            });
        }
    });
}

fn write_and_say(store: &Store, number: i64) {
    let process = std::process::id();
    let answer: Result<u64, StoreError> = store
        .write(move |c| {
            let picture: Option<&[u8]> = None;
            let note = id(u64::from(process));
            let row = values![TENANT, note, number, id(99), "x", None::<i64>, picture];
            c.execute(&NOTE_VERSION.insert, &row)
        })
        .wait();
    assert_eq!(answer, Ok(1));
    println!("acknowledged {number}");
}

/// Runs the victim for a while and kills it; the numbers that it had acknowledged.
fn kill_after(path: &Path, time: Duration) -> (u32, BTreeSet<i64>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "victim", "--nocapture"])
        .env(VICTIM, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let reader = std::thread::spawn(move || {
        lines
            .map_while(Result::ok)
            .filter_map(|line| line.strip_prefix("acknowledged ")?.parse().ok())
            .collect()
    });
    std::thread::sleep(time);
    child.kill().unwrap();
    child.wait().unwrap();
    (child.id(), reader.join().unwrap())
}

#[test]
fn a_kill_loses_nothing_that_was_acknowledged() {
    let folder = std::env::temp_dir().join(format!("xingcun-kill-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("test.db");
    let mut acknowledged_in_all = 0;
    for round in 0..ROUNDS {
        let time = Duration::from_millis(u64::try_from(300 + 90 * round).unwrap());
        let (process, acknowledged) = kill_after(&path, time);
        let store = Store::open(&DatabaseConfig::sqlite(&path), &[SCHEMA]).unwrap();
        let found: Result<Vec<(i64, kernel::Id)>, StoreError> = store
            .read(|c| {
                c.all(&NOTE_VERSION.select_all, &values![TENANT], |row| {
                    Ok((row.int(2)?, row.id(1)?))
                })
            })
            .wait();
        let note = id(u64::from(process));
        let found: BTreeSet<i64> = found
            .unwrap()
            .into_iter()
            .filter(|(_, of)| *of == note)
            .map(|(number, _)| number)
            .collect();
        assert_eq!(acknowledged.difference(&found).count(), 0, "round {round}");
        acknowledged_in_all += acknowledged.len();
        let versions: Result<Vec<i64>, StoreError> = store
            .read(|c| c.all(&SELECT_NOTES, &values![TENANT], |row| row.int(0)))
            .wait();
        assert!(versions.is_ok(), "the file is sound");
    }
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(
        acknowledged_in_all > 100,
        "the kill came while it was writing"
    );
}
