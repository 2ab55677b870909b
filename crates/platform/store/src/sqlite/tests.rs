//! Group commit: exactly what was promised is there, whatever the neighbours do.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;

use super::{SqliteConnection, Writer};
use crate::health::WriteHealth;
use crate::job::{Job, Work};
use crate::pending::promise;
use crate::queue::Queue;
use crate::{Connection, Pending, StoreError, values};

crate::statements! {
    /// One number.
    INSERT_NUMBER = "INSERT INTO number (number, filling) VALUES ($1, $2)";
    /// A row without its parent: its deferred key fails at COMMIT.
    INSERT_ORPHAN = "INSERT INTO orphan (number) VALUES ($1)";
    /// Its trigger rolls the whole transaction back.
    INSERT_BOMB = "INSERT INTO bomb (number) VALUES ($1)";
    /// What is there.
    SELECT_NUMBERS = "SELECT number FROM number ORDER BY number";
}

// These statements break the rules on purpose, so no linter sees them.
const _: &[&crate::Statement] = STATEMENTS;

/// Everything the schema test bans, to see what it would do.
const TABLES: &str = "
    CREATE TABLE number (number INTEGER PRIMARY KEY, filling BLOB) STRICT, WITHOUT ROWID;
    CREATE TABLE orphan (number INTEGER PRIMARY KEY
        REFERENCES number (number) DEFERRABLE INITIALLY DEFERRED) STRICT, WITHOUT ROWID;
    CREATE TABLE bomb (number INTEGER PRIMARY KEY) STRICT, WITHOUT ROWID;
    CREATE TRIGGER bomb_explodes BEFORE INSERT ON bomb
        BEGIN SELECT RAISE(ROLLBACK, 'boom'); END;";

/// What a closure does after it inserted its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Good,
    Refuses,
    Panics,
    RepeatsItself,
    SwallowsFailure,
    Explodes,
    FillsTheDisk,
    LeavesOrphan,
}

/// A number that is there from the beginning.
const TAKEN: i64 = -1;
/// More than the disk of these tests has room for.
const TOO_MUCH: usize = 4_000_000;

fn closure(
    kind: Kind,
    number: i64,
) -> impl FnMut(&mut dyn Connection) -> Result<i64, StoreError> + Send + 'static {
    move |c| {
        let small: &[u8] = b"small";
        c.execute(&INSERT_NUMBER, &values![number, small])?;
        match kind {
            Kind::Good => {}
            Kind::Refuses => return Err(StoreError::Busy),
            Kind::Panics => std::panic::resume_unwind(Box::new("on purpose")),
            Kind::RepeatsItself => drop(c.execute(&INSERT_NUMBER, &values![number, small])?),
            Kind::SwallowsFailure => drop(c.execute(&INSERT_NUMBER, &values![TAKEN, small])),
            Kind::Explodes => drop(c.execute(&INSERT_BOMB, &values![number])?),
            Kind::FillsTheDisk => {
                let filling = vec![0; TOO_MUCH];
                c.execute(&INSERT_NUMBER, &values![number + 1_000_000, filling])?;
            }
            Kind::LeavesOrphan => drop(c.execute(&INSERT_ORPHAN, &values![number + 500_000])?),
        }
        Ok(number)
    }
}

/// Where a connection meets a disk that fails to sync, once.
#[derive(Default)]
pub(super) struct FailingSync(Cell<Option<&'static str>>);

impl FailingSync {
    pub(super) fn set(&self, sql: &'static str) {
        self.0.set(Some(sql));
    }

    pub(super) fn meets(&self, sql: &str) -> Result<(), StoreError> {
        if !self.0.get().is_some_and(|begin| sql.starts_with(begin)) {
            return Ok(());
        }
        self.0.set(None);
        let failure = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR_FSYNC);
        let failure = rusqlite::Error::SqliteFailure(failure, None);
        Err(super::error::translate(&failure, &"sync"))
    }
}

/// A writer on a fresh file with little room, its queue, and the folder to remove.
struct Bench {
    folder: std::path::PathBuf,
    queue: Arc<Queue<Box<dyn Job>>>,
    health: Arc<WriteHealth>,
    writer: Option<Writer>,
}

impl Bench {
    fn new() -> Bench {
        let folder = std::env::temp_dir().join(crate::testing::fresh_name());
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("test.db");
        let connection = SqliteConnection::open_writer(&path).unwrap();
        connection.run_sql(TABLES).unwrap();
        connection
            .run_sql(&format!("INSERT INTO number VALUES ({TAKEN}, NULL)"))
            .unwrap();
        connection.run_sql("PRAGMA max_page_count = 600").unwrap();
        let queue = Arc::new(Queue::new(10_000));
        let health = Arc::new(WriteHealth::default());
        let writer = Writer::new(path, connection, Arc::clone(&queue), Arc::clone(&health));
        Bench {
            folder,
            queue,
            health,
            writer: Some(writer),
        }
    }

    fn ask(&self, kind: Kind, number: i64) -> Pending<Result<i64, StoreError>> {
        let (promise, pending) = promise();
        let job = Box::new(Work::new(closure(kind, number), promise));
        assert!(self.queue.give(job).is_ok(), "the queue has room");
        pending
    }

    /// Lets the writer work until everything asked so far is answered, and closes.
    fn finish(&mut self) {
        self.queue.close();
        self.writer.take().expect("finished once").run();
    }

    fn numbers(&self) -> BTreeSet<i64> {
        let mut reader = SqliteConnection::open_reader(&self.folder.join("test.db")).unwrap();
        let reader: &mut dyn Connection = &mut reader;
        let numbers = reader.all(&SELECT_NUMBERS, &[], |row| row.int(0)).unwrap();
        numbers
            .into_iter()
            .filter(|&number| number != TAKEN)
            .collect()
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).unwrap();
    }
}

/// Asks for all before the writer starts, so that they share commits; gives the answers.
fn run_together(bench: &mut Bench, kinds: &[Kind]) -> Vec<Result<i64, StoreError>> {
    let pending: Vec<_> = (0..)
        .zip(kinds)
        .map(|(number, kind)| bench.ask(*kind, number))
        .collect();
    bench.finish();
    pending.into_iter().map(Pending::wait).collect()
}

fn promised(answers: &[Result<i64, StoreError>]) -> BTreeSet<i64> {
    answers.iter().flatten().copied().collect()
}

fn is_good(kind: Kind) -> bool {
    kind == Kind::Good
}

fn kinds_that_spare_the_commit() -> impl Strategy<Value = Vec<Kind>> {
    let kind = prop_oneof![
        6 => Just(Kind::Good),
        1 => Just(Kind::Refuses),
        1 => Just(Kind::Panics),
        1 => Just(Kind::RepeatsItself),
        1 => Just(Kind::SwallowsFailure),
        1 => Just(Kind::Explodes),
    ];
    prop::collection::vec(kind, 1..80)
}

fn any_kinds() -> impl Strategy<Value = Vec<Kind>> {
    let kind = prop_oneof![
        6 => Just(Kind::Good),
        1 => Just(Kind::Refuses),
        1 => Just(Kind::Explodes),
        1 => Just(Kind::FillsTheDisk),
        1 => Just(Kind::LeavesOrphan),
    ];
    prop::collection::vec(kind, 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn exactly_the_good_ones_are_there(kinds in kinds_that_spare_the_commit()) {
        let mut bench = Bench::new();
        let answers = run_together(&mut bench, &kinds);
        let good: BTreeSet<i64> =
            (0..).zip(&kinds).filter(|(_, kind)| is_good(**kind)).map(|(n, _)| n).collect();
        prop_assert_eq!(promised(&answers), good.clone());
        prop_assert_eq!(bench.numbers(), good);
    }

    #[test]
    fn what_was_promised_is_there_and_nothing_else(kinds in any_kinds()) {
        let mut bench = Bench::new();
        let answers = run_together(&mut bench, &kinds);
        prop_assert_eq!(bench.numbers(), promised(&answers));
        for (answer, kind) in answers.iter().zip(&kinds) {
            prop_assert!(answer.is_err() || is_good(*kind), "{:?} was kept", kind);
        }
    }
}

#[test]
fn a_lost_transaction_costs_its_neighbours_nothing() {
    let mut bench = Bench::new();
    let kinds = [
        Kind::Good,
        Kind::Panics,
        Kind::Good,
        Kind::Explodes,
        Kind::Good,
    ];
    let answers = run_together(&mut bench, &kinds);
    assert_eq!(bench.numbers(), BTreeSet::from([0, 2, 4]));
    assert!(
        matches!(answers[3], Err(StoreError::Bug(_))),
        "{:?}",
        answers[3]
    );
}

#[test]
fn a_failed_commit_fails_all() {
    let mut bench = Bench::new();
    let answers = run_together(&mut bench, &[Kind::Good, Kind::LeavesOrphan, Kind::Refuses]);
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer, Err(StoreError::Conflict { .. })))
    );
    assert_eq!(bench.numbers(), BTreeSet::new());
}

#[test]
fn a_full_disk_refuses_writes_and_recovers() {
    let mut bench = Bench::new();
    let mut writer = bench.writer.take().unwrap();
    let queue = Arc::clone(&bench.queue);
    let thread = std::thread::spawn(move || {
        writer.set_probe_every(Duration::from_millis(100));
        writer.run();
    });
    assert_eq!(bench.ask(Kind::Good, 1).wait(), Ok(1));
    assert_eq!(
        bench.ask(Kind::FillsTheDisk, 2).wait(),
        Err(StoreError::DiskFull)
    );
    let refusing = bench.health.refuses().unwrap();
    assert_eq!(refusing.reason, "the disk is full");
    assert!(!refusing.until_restart);
    let refused = bench.ask(Kind::Good, 3).wait();
    assert!(
        matches!(refused, Err(StoreError::ReadOnly(_))),
        "{refused:?}"
    );
    assert_eq!(bench.numbers(), BTreeSet::from([1]), "reads go on");
    // The probe opens the file anew, and with it this test's limit of pages is gone.
    let waited = (0..50).find(|_| {
        std::thread::sleep(Duration::from_millis(20));
        bench.health.refuses().is_none()
    });
    assert!(waited.is_some(), "writes are taken again without a restart");
    assert_eq!(bench.ask(Kind::Good, 4).wait(), Ok(4));
    queue.close();
    thread.join().unwrap();
    assert_eq!(bench.numbers(), BTreeSet::from([1, 4]));
}

#[test]
fn a_failed_sync_refuses_writes_until_the_program_is_started_again() {
    let mut bench = Bench::new();
    let mut writer = bench.writer.take().unwrap();
    let queue = Arc::clone(&bench.queue);
    let failed = StoreError::OutcomeUnknown("SQLite error 1034: disk I/O error".to_owned());
    bench.health.bad_until_restart(&failed);
    writer.note(&StoreError::DiskFull);
    writer.set_probe_every(Duration::ZERO);
    let thread = std::thread::spawn(move || writer.run());
    for number in 1..=3 {
        let refused = bench.ask(Kind::Good, number).wait();
        assert_eq!(refused, Err(StoreError::ReadOnly(failed.to_string())));
    }
    queue.close();
    thread.join().unwrap();
    assert_eq!(bench.numbers(), BTreeSet::new());
}

/// What each was told: `+` yes, `?` that nobody knows, `-` that no writes are taken.
fn told(answers: &[Result<i64, StoreError>]) -> String {
    let sign = |answer: &Result<i64, StoreError>| match answer {
        Ok(_) => '+',
        Err(StoreError::OutcomeUnknown(_)) => '?',
        Err(StoreError::ReadOnly(_)) => '-',
        Err(_) => '!',
    };
    answers.iter().map(sign).collect()
}

/// Whichever step of a batch fails to sync, nobody is told yes any more: not those that share its
/// transaction, nor those that are run again one by one, nor those that come later.
#[test]
fn a_failed_sync_ends_its_batch_and_all_that_follow() {
    let (good, lost) = (Kind::Good, Kind::Explodes);
    let cases = [
        ("COMMIT", vec![good, good, good], "???"),
        ("COMMIT", vec![good, good, lost, good], "?---"),
        ("INSERT INTO bomb", vec![good, lost, good], "-?-"),
        ("SAVEPOINT", vec![good, good], "?-"),
        ("RELEASE", vec![good, good], "?-"),
        ("ROLLBACK TO", vec![good, Kind::Refuses, good], "-?-"),
        ("ROLLBACK", vec![Kind::LeavesOrphan], "!"),
        ("BEGIN", vec![good, good], "?-"),
    ];
    for (step, kinds, wanted) in cases {
        let mut bench = Bench::new();
        let mut writer = bench.writer.take().unwrap();
        writer.set_probe_every(Duration::ZERO);
        writer.fail_sync_at(step);
        bench.writer = Some(writer);
        let answers = run_together(&mut bench, &kinds);
        assert_eq!(told(&answers), wanted, "{step}: {answers:?}");
        assert!(bench.health.refuses().unwrap().until_restart, "{step}");
        assert_eq!(bench.numbers(), BTreeSet::new(), "{step}");
    }
}

#[test]
fn a_sync_that_fails_is_told_from_other_failures_of_the_disk() {
    let translated = |code: i32| {
        let failure = rusqlite::ffi::Error::new(code);
        super::error::translate(&rusqlite::Error::SqliteFailure(failure, None), &"COMMIT")
    };
    for code in [
        rusqlite::ffi::SQLITE_IOERR_FSYNC,
        rusqlite::ffi::SQLITE_IOERR_DIR_FSYNC,
    ] {
        assert!(matches!(translated(code), StoreError::OutcomeUnknown(_)));
    }
    let written = translated(rusqlite::ffi::SQLITE_IOERR_WRITE);
    assert!(matches!(written, StoreError::Unavailable(_)));
}

/// Inside COMMIT it would fail after the commit: those who were told that nothing was kept would
/// find it there.
#[test]
fn the_log_is_copied_between_commits_and_stays_short() {
    let mut bench = Bench::new();
    let path = bench.folder.join("test.db");
    let connection = SqliteConnection::open_writer(&path).unwrap();
    let raw = connection.raw();
    let by_itself: i64 = raw
        .query_row("PRAGMA wal_autocheckpoint", [], |row| row.get(0))
        .unwrap();
    assert_eq!(by_itself, 0);
    let (queue, health) = (Arc::clone(&bench.queue), Arc::clone(&bench.health));
    bench.writer = None;
    let writer = Writer::new(path, connection, queue, health);
    let thread = std::thread::spawn(move || writer.run());
    let log = bench.folder.join("test.db-wal");
    let mut longest = 0;
    for number in 1..=2_500 {
        assert_eq!(bench.ask(Kind::Good, number).wait(), Ok(number));
        longest = longest.max(std::fs::metadata(&log).map_or(0, |file| file.len()));
    }
    assert!(longest < 16 << 20, "{longest} bytes");
    bench.queue.close();
    thread.join().unwrap();
}

#[test]
fn closing_empties_the_log() {
    let mut bench = Bench::new();
    let answers = run_together(&mut bench, &[Kind::Good; 50]);
    assert_eq!(promised(&answers).len(), 50);
    let log = std::fs::metadata(bench.folder.join("test.db-wal"));
    assert_eq!(log.map_or(0, |file| file.len()), 0);
}

#[test]
fn a_file_that_cannot_be_used_is_refused_with_a_reason() {
    let bench = Bench::new();
    let path = bench.folder.join("other.db");
    std::fs::write(
        &path,
        "this is no database, but long enough to look like one".repeat(100),
    )
    .unwrap();
    let error = SqliteConnection::open_writer(&path).err();
    assert!(
        matches!(error, Some(StoreError::Unsuitable(_))),
        "{error:?}"
    );
    let nowhere = bench.folder.join("nowhere/test.db");
    let error = SqliteConnection::open_writer(&nowhere).err();
    assert!(
        matches!(error, Some(StoreError::Unavailable(_))),
        "{error:?}"
    );
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let mut bench = Bench::new();
    run_together(&mut bench, &[Kind::Good]);
    let mode = std::fs::metadata(bench.folder.join("test.db"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_statement_is_planned_once_whatever_is_bound() {
    let folder = std::env::temp_dir().join(crate::testing::fresh_name());
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("data.db");
    let connection = SqliteConnection::open_writer(&path).unwrap();
    connection
        .run_sql(
            "CREATE TABLE thing (tenant INTEGER, name TEXT, PRIMARY KEY (tenant, name)) \
             STRICT, WITHOUT ROWID; ANALYZE; \
             INSERT INTO sqlite_stat1 VALUES ('thing', 'thing', '1000000 1000000 1'); \
             ANALYZE sqlite_schema;",
        )
        .unwrap();
    let mut select = connection
        .raw()
        .prepare("SELECT name FROM thing WHERE tenant = $1 AND name > $2 AND name LIKE $3")
        .unwrap();
    for name in ["a", "b", "c"] {
        let rows = select.query_map((1, name, name), |_| Ok(())).unwrap();
        assert_eq!(rows.count(), 0);
    }
    assert_eq!(select.get_status(rusqlite::StatementStatus::RePrepare), 0);
    std::fs::remove_dir_all(&folder).unwrap();
}
