//! Durable commits per second through the seam, for 1 and 64 callers, on each database.
//!
//! `cargo run --release -p store --example throughput [SECONDS]`; PostgreSQL where
//! `XINGCUN_TEST_POSTGRES` names a server. Each commit inserts one record row of 200 bytes, looks
//! one row up first (as the idempotency look-up of a command does) and is waited for.

#![allow(clippy::print_stdout, reason = "a measurement prints what it measured")]

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use kernel::{Id, Tenant};
use store::testing::TestStore;
use store::{Class, Migration, Schema, StoreError, Table, values};

store::record! {
    /// Something that happened.
    FACT = fact(tenant, fact, command, body) key(tenant, fact);
}

store::statements! {
    /// As the idempotency look-up of a command.
    SELECT_FACT = "SELECT body FROM fact WHERE tenant = $1 AND fact = $2";
    /// What is really there at the end.
    COUNT_FACTS = "SELECT count(*) FROM fact WHERE tenant = $1";
}

const SCHEMA: Schema = Schema {
    component: "throughput",
    tables: &[Table {
        name: "fact",
        class: Class::Record,
        note: "things that happened",
    }],
    records: &[&FACT],
    migrations: &[Migration {
        version: 1,
        sql: &["CREATE TABLE fact (
            tenant {int} NOT NULL,
            fact {blob} NOT NULL,
            command {blob} NOT NULL,
            body {text} NOT NULL,
            PRIMARY KEY (tenant, fact)
        ) {table_end}"],
    }],
};

const TENANT: Tenant = Tenant(1);

fn main() {
    let seconds = std::env::args().nth(1).and_then(|n| n.parse().ok());
    let time = Duration::from_secs(seconds.unwrap_or(5));
    store::testing::check_statements(STATEMENTS, &[SCHEMA]);
    let mut postgres_writers = vec![16];
    if std::env::args().nth(2).is_some() {
        postgres_writers = vec![4, 8, 16, 32];
    }
    let sqlite = store::testing::sqlite(&[SCHEMA]);
    for callers in [1, 64] {
        measure(&sqlite, callers, time, "");
    }
    drop(sqlite);
    for writers in postgres_writers {
        let Some(fresh) = store::testing::postgres_with(&[SCHEMA], writers) else {
            return;
        };
        for callers in [1, 64] {
            measure(&fresh, callers, time, &format!(", {writers} connections"));
        }
    }
}

fn measure(fresh: &TestStore, callers: u64, time: Duration, note: &str) {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let before = count(fresh);
    let latencies_us = Mutex::new(Vec::new());
    let started = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..callers {
            scope.spawn(|| {
                let mut own = Vec::new();
                while started.elapsed() < time {
                    let asked = Instant::now();
                    commit_one(fresh, NEXT.fetch_add(1, Ordering::Relaxed));
                    own.push(asked.elapsed().as_micros());
                }
                latencies_us.lock().expect("no caller panics").extend(own);
            });
        }
    });
    let elapsed_ms = started.elapsed().as_millis();
    let mut latencies_us = latencies_us.into_inner().expect("no caller panics");
    latencies_us.sort_unstable();
    let commits = latencies_us.len() as u64;
    assert_eq!(
        count(fresh) - before,
        commits,
        "every answer is in the table"
    );
    let at = |percent: usize| latencies_us[(latencies_us.len() - 1) * percent / 100];
    println!(
        "{}{note}, {callers} callers: {} durable commits/s; latency p50 {} µs, p99 {} µs",
        fresh.engine,
        u128::from(commits) * 1000 / elapsed_ms,
        at(50),
        at(99),
    );
}

fn commit_one(fresh: &TestStore, number: u64) {
    // Made before the closure, which may run again. Ids of one millisecond sort by the number.
    let mut random = [0; 10];
    random[2..].copy_from_slice(&number.to_be_bytes());
    let id = Id::new(1_800_000_000_000, random);
    let body = "x".repeat(150);
    let answer: Result<(), StoreError> = fresh
        .store
        .write(move |c| {
            let found = c.optional(&SELECT_FACT, &values![TENANT, id], |_| Ok(()))?;
            assert!(found.is_none(), "the number is new");
            c.execute(&FACT.insert, &values![TENANT, id, id, &body])?;
            Ok(())
        })
        .wait();
    answer.expect("the write is taken");
}

fn count(fresh: &TestStore) -> u64 {
    let count: Result<i64, StoreError> = fresh
        .store
        .read(|c| c.one(&COUNT_FACTS, &values![TENANT], |row| row.int(0)))
        .wait();
    count.expect("the table can be read").unsigned_abs()
}
