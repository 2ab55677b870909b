//! The writer thread: waiting closures share one durable commit.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::StoreError;
use crate::health::WriteHealth;
use crate::job::{Job, Said};
use crate::queue::{Queue, Taken};
use crate::sqlite::SqliteConnection;

/// At most so many closures share a commit.
const BATCH_LIMIT: usize = 256;
/// No closure joins a batch that has been open for longer than some commits take: so most of the
/// time goes into closures, also where the disk is slow; but at least and at most for so long.
const BATCH_TIME_LEAST: Duration = Duration::from_millis(5);
const BATCH_TIME_MOST: Duration = Duration::from_millis(25);
/// How many commits' time a batch may take.
const BATCH_COMMITS: u32 = 4;
/// After so many rows the log is copied into the file: about as many pages of it, 4 MB. Not inside
/// COMMIT, where SQLite would do it by itself: what fails there fails after the commit.
const CHECKPOINT_ROWS: u64 = 1_000;
/// While the disk fails: how often to try whether it works again.
const PROBE_EVERY: Duration = Duration::from_secs(1);

/// The one writer of an SQLite file.
pub(crate) struct Writer {
    path: PathBuf,
    connection: SqliteConnection,
    queue: Arc<Queue<Box<dyn Job>>>,
    health: Arc<WriteHealth>,
    /// While writes are refused: when the disk was last tried.
    tried: Option<Instant>,
    probe_every: Duration,
    /// How long the last commit took.
    last_commit: Duration,
    /// Rows written up to the last checkpoint.
    checkpointed: u64,
}

/// What became of a closure inside the shared transaction.
enum Ran {
    /// Its effects are in, or were rolled back alone.
    Settled,
    /// The whole transaction is gone, with the effects of its neighbours.
    TransactionLost,
}

/// A job and what it said, waiting for the commit.
struct Done {
    job: Box<dyn Job>,
    said: Said,
}

impl Writer {
    pub(crate) fn new(
        path: PathBuf,
        connection: SqliteConnection,
        queue: Arc<Queue<Box<dyn Job>>>,
        health: Arc<WriteHealth>,
    ) -> Writer {
        Writer {
            path,
            connection,
            queue,
            health,
            tried: None,
            probe_every: PROBE_EVERY,
            last_commit: Duration::ZERO,
            checkpointed: 0,
        }
    }

    #[cfg(test)]
    pub(crate) fn set_probe_every(&mut self, time: Duration) {
        self.probe_every = time;
    }

    #[cfg(test)]
    pub(crate) fn fail_sync_at(&self, sql: &'static str) {
        self.connection.fail_sync_at(sql);
    }

    /// Works until the queue is closed and empty, then checkpoints.
    pub(crate) fn run(mut self) {
        loop {
            let patience = self.tried.map(|_| self.probe_every);
            match self.queue.take(patience) {
                Taken::Item(job) => self.write(job),
                Taken::Nothing => drop(self.recovered()),
                Taken::Closed => break,
            }
        }
        if let Err(error) = self.connection.checkpoint() {
            tracing::warn!(%error, "the log was not emptied at closing; the next start does it");
        }
    }

    fn write(&mut self, first: Box<dyn Job>) {
        if let Err(error) = self.recovered() {
            return first.fail(error);
        }
        let done = match self.connection.run_sql("BEGIN IMMEDIATE") {
            Ok(()) => self.fill_batch(first),
            Err(error) => {
                self.note(&error);
                return first.fail(error);
            }
        };
        match done {
            Ok(done) => self.commit(done),
            Err(done) => self.one_by_one(done),
        }
        self.keep_the_log_short();
    }

    /// Everybody was answered before: a failure here is the disk's, not a command's.
    fn keep_the_log_short(&mut self) {
        let written = self.connection.rows_written();
        if written - self.checkpointed < CHECKPOINT_ROWS || self.tried.is_some() {
            return;
        }
        match self.connection.checkpoint_beside_readers() {
            Ok(()) => self.checkpointed = written,
            Err(error) => self.note(&error),
        }
    }

    /// Runs closures into the open transaction; gives back those that ran, as an error where the
    /// transaction was lost. No further one runs after a failed sync: nothing of the batch is kept.
    fn fill_batch(&mut self, first: Box<dyn Job>) -> Result<Vec<Done>, Vec<Done>> {
        let opened = Instant::now();
        let time = (self.last_commit * BATCH_COMMITS).clamp(BATCH_TIME_LEAST, BATCH_TIME_MOST);
        let mut done = Vec::new();
        let mut next = Some(first);
        while let Some(mut job) = next {
            let (said, ran) = self.run_in_savepoint(job.as_mut());
            if self.refused_for_good().is_some() {
                self.roll_back();
                // Told what failed; those before it learn that no writes are taken.
                job.deliver();
                return Err(done);
            }
            done.push(Done { job, said });
            if let Ran::TransactionLost = ran {
                return Err(done);
            }
            let room = done.len() < BATCH_LIMIT && opened.elapsed() < time;
            next = if room { self.queue.take_now() } else { None };
        }
        Ok(done)
    }

    fn run_in_savepoint(&mut self, job: &mut dyn Job) -> (Said, Ran) {
        if let Err(error) = self.connection.run_sql("SAVEPOINT closure") {
            return (Said::RollBack, self.after_failure(job, error));
        }
        let said = self.run_closure(job);
        let end = match said {
            Said::Keep => "RELEASE closure",
            Said::RollBack | Said::Panicked => "ROLLBACK TO closure; RELEASE closure",
        };
        if !self.connection.in_transaction() {
            return (said, Ran::TransactionLost);
        }
        match self.connection.run_sql(end) {
            Ok(()) => (said, Ran::Settled),
            Err(error) => (said, self.after_failure(job, error)),
        }
    }

    /// A step of the shared transaction itself failed: nobody in it can be trusted any more.
    fn after_failure(&mut self, job: &mut dyn Job, error: StoreError) -> Ran {
        self.note(&error);
        job.replace(error);
        self.roll_back();
        Ran::TransactionLost
    }

    /// Runs a closure; one that swallowed a failed statement does not get its effects kept.
    fn run_closure(&mut self, job: &mut dyn Job) -> Said {
        let said = job.run(&mut self.connection);
        let Some(failure) = self.connection.take_failure() else {
            return said;
        };
        self.note(&failure);
        match said {
            Said::Keep => {
                job.replace(failure);
                Said::RollBack
            }
            Said::RollBack | Said::Panicked => said,
        }
    }

    fn commit(&mut self, done: Vec<Done>) {
        let begun = Instant::now();
        let committed = self.connection.run_sql("COMMIT");
        self.last_commit = begun.elapsed();
        match committed {
            Ok(()) => {
                if done.iter().any(|done| done.said == Said::Keep) {
                    self.good();
                }
                for done in done {
                    done.job.deliver();
                }
            }
            Err(error) => {
                let error = commit_failure(error);
                self.roll_back();
                self.note(&error);
                for done in done {
                    done.job.fail(error.clone());
                }
            }
        }
    }

    /// Runs each closure again in a transaction of its own, so that one that cannot be kept takes
    /// no other with it; but none after a failed sync.
    fn one_by_one(&mut self, done: Vec<Done>) {
        for Done { mut job, said } in done {
            if said != Said::Panicked {
                match self.refused_for_good() {
                    Some(error) => job.replace(error),
                    None => self.write_alone(job.as_mut()),
                }
            }
            job.deliver();
        }
    }

    fn write_alone(&mut self, job: &mut dyn Job) {
        if let Err(error) = self.connection.run_sql("BEGIN IMMEDIATE") {
            self.note(&error);
            return job.replace(error);
        }
        if self.run_closure(job) != Said::Keep {
            return self.roll_back();
        }
        match self.connection.run_sql("COMMIT") {
            Ok(()) => self.good(),
            Err(error) => {
                let error = commit_failure(error);
                self.roll_back();
                self.note(&error);
                job.replace(error);
            }
        }
    }

    fn roll_back(&mut self) {
        if self.connection.in_transaction()
            && let Err(error) = self.connection.run_sql("ROLLBACK")
        {
            tracing::error!(%error, "rolling back failed");
            self.note(&error);
        }
    }

    /// Remembers a failure of the disk: from now on writes are refused until it works again. What
    /// failed while it was made durable is not tried again: the kernel may call pages clean that
    /// never came to the disk, so only a restart, which writes them anew, may be believed.
    pub(crate) fn note(&mut self, error: &StoreError) {
        match error {
            StoreError::OutcomeUnknown(_) => self.health.bad_until_restart(error),
            StoreError::DiskFull | StoreError::Unavailable(_) | StoreError::ReadOnly(_) => {
                self.health.bad(error);
            }
            _ => return,
        }
        self.tried = Some(Instant::now());
    }

    /// A commit worked; after a failed sync that says nothing.
    fn good(&mut self) {
        if self.refused_for_good().is_none() {
            self.tried = None;
            self.health.good();
        }
    }

    /// What to tell writers once a sync failed, until the program is started again.
    fn refused_for_good(&self) -> Option<StoreError> {
        let now = self.health.refuses()?;
        now.until_restart
            .then_some(StoreError::ReadOnly(now.reason))
    }

    /// While the disk fails, tries at most once a second whether it works again.
    fn recovered(&mut self) -> Result<(), StoreError> {
        if let Some(error) = self.refused_for_good() {
            return Err(error);
        }
        let Some(tried) = self.tried else {
            return Ok(());
        };
        if tried.elapsed() >= self.probe_every {
            match self.probe() {
                Ok(()) => self.good(),
                Err(error) => self.note(&error),
            }
        }
        match self.health.refuses() {
            None => Ok(()),
            Some(now) => Err(StoreError::ReadOnly(now.reason)),
        }
    }

    /// Opens the file anew, writes one page durably, and lets the log into the file.
    fn probe(&mut self) -> Result<(), StoreError> {
        self.connection = SqliteConnection::open_writer(&self.path)?;
        self.checkpointed = 0;
        self.connection
            .run_sql("BEGIN IMMEDIATE; PRAGMA user_version = 1; PRAGMA user_version = 0; COMMIT")
            .inspect_err(|_| self.roll_back())?;
        self.connection.checkpoint_beside_readers()
    }
}

/// A full disk is known before the commit record is written; any other failure of COMMIT may have
/// left a record that a crash would bring back.
fn commit_failure(error: StoreError) -> StoreError {
    match error {
        StoreError::Unavailable(text) => StoreError::OutcomeUnknown(text),
        other => other,
    }
}
