//! A worker thread: closures from the shared queue, each in a transaction of its own.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_postgres::Config;

use super::connection::{Mode, PostgresConnection};
use super::error::Failure;
use crate::StoreError;
use crate::health::WriteHealth;
use crate::job::{Job, Said};
use crate::queue::{Queue, Taken};

/// A closure that loses so many races is given up.
const RACE_LIMIT: u32 = 20;
/// So many lost connections in a row, and the closure is given up.
const LOST_LIMIT: u32 = 5;
/// After a failed connection attempt, closures are refused at once for this long.
const REFUSE_FOR: Duration = Duration::from_millis(500);

/// One thread with one connection.
pub(crate) struct Worker {
    config: Config,
    mode: Mode,
    queue: Arc<Queue<Box<dyn Job>>>,
    health: Arc<WriteHealth>,
    connection: Option<PostgresConnection>,
    /// When connecting last failed, and how.
    refused: Option<(Instant, StoreError)>,
}

/// How one attempt ended.
enum Attempt {
    /// The job holds its answer.
    Settled,
    /// Run it again.
    Again(Failure),
}

impl Worker {
    pub(crate) fn new(
        config: Config,
        mode: Mode,
        queue: Arc<Queue<Box<dyn Job>>>,
        health: Arc<WriteHealth>,
    ) -> Worker {
        Worker {
            config,
            mode,
            queue,
            health,
            connection: None,
            refused: None,
        }
    }

    /// Works until the queue is closed and empty.
    pub(crate) fn run(mut self) {
        while let Taken::Item(mut job) = self.queue.take(None) {
            self.work(job.as_mut());
            job.deliver();
            self.end_transaction();
        }
    }

    fn work(&mut self, job: &mut dyn Job) {
        let (mut races, mut losses) = (0, 0);
        loop {
            let failure = match self.attempt(job) {
                Ok(Attempt::Settled) => return,
                Ok(Attempt::Again(failure)) => failure,
                // A server that is away is for the caller to know at once; one that goes away
                // under a closure may only be restarting.
                Err(error) if losses == 0 => return job.replace(error),
                Err(error) => Failure::Lost(error),
            };
            self.end_transaction();
            match &failure {
                Failure::Race(_) => races += 1,
                Failure::Lost(_) | Failure::Final(_) => {
                    self.connection = None;
                    losses += 1;
                }
            }
            if races > RACE_LIMIT || losses > LOST_LIMIT {
                return job.replace(failure.into_error());
            }
            // Grows, so that two that keep meeting drift apart; threads wake at their own times.
            std::thread::sleep(Duration::from_millis(u64::from(
                2 * races * races + 100 * losses,
            )));
        }
    }

    /// Runs the closure once. An error means that there is no connection to be had.
    fn attempt(&mut self, job: &mut dyn Job) -> Result<Attempt, StoreError> {
        let mode = self.mode;
        let connection = self.connected()?;
        let said = job.run(connection);
        let failure = connection.take_failure();
        Ok(match (said, failure) {
            (Said::Panicked, _) | (Said::RollBack, None | Some(Failure::Final(_))) => {
                Attempt::Settled
            }
            (Said::Keep, Some(Failure::Final(error))) => {
                if error == StoreError::DiskFull {
                    self.health.bad(&error);
                }
                job.replace(error);
                Attempt::Settled
            }
            (Said::Keep | Said::RollBack, Some(failure)) => Attempt::Again(failure),
            // A snapshot needs no commit; it ends after the answer is out.
            (Said::Keep, None) if mode == Mode::Read => Attempt::Settled,
            (Said::Keep, None) => self.commit(job),
        })
    }

    fn commit(&mut self, job: &mut dyn Job) -> Attempt {
        let Some(connection) = &mut self.connection else {
            return Attempt::Settled;
        };
        match connection.commit() {
            Ok(()) => {
                self.health.good();
                Attempt::Settled
            }
            Err(Failure::Race(error)) => Attempt::Again(Failure::Race(error)),
            Err(Failure::Final(error)) => {
                job.replace(error);
                Attempt::Settled
            }
            Err(Failure::Lost(error)) => {
                self.connection = None;
                job.replace(StoreError::OutcomeUnknown(error.to_string()));
                Attempt::Settled
            }
        }
    }

    /// Leaves nothing of the last closure on the connection.
    fn end_transaction(&mut self) {
        if let Some(connection) = &mut self.connection
            && connection.roll_back().is_err()
        {
            self.connection = None;
        }
    }

    fn connected(&mut self) -> Result<&mut PostgresConnection, StoreError> {
        if self.connection.is_none() {
            self.connection = Some(self.connect()?);
        }
        self.connection
            .as_mut()
            .ok_or_else(|| StoreError::Bug("just connected".to_owned()))
    }

    fn connect(&mut self) -> Result<PostgresConnection, StoreError> {
        if let Some((at, error)) = &self.refused
            && at.elapsed() < REFUSE_FOR
        {
            return Err(error.clone());
        }
        match PostgresConnection::connect(&self.config, self.mode) {
            Ok(connection) => {
                self.health.good();
                self.refused = None;
                Ok(connection)
            }
            Err(error) => {
                self.health.bad(&error);
                self.refused = Some((Instant::now(), error.clone()));
                Err(error)
            }
        }
    }
}
