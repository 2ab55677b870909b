//! The worker thread: seals the journal and runs jobs, until it is told to stop.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use kernel::{Day, Id, Instant, Tenant};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use store::{Connection, StoreError, values};

use crate::{
    App,
    job::{RETRY_MS, TRIES_MAX},
    tenant::tenants,
};

store::statements! {
    /// The job of a day has one id: two workers enqueue it once.
    INSERT_DAILY = "INSERT INTO job (tenant, job, due, kind, body, tries) \
                    VALUES ($1, $2, $3, $4, 'null', 0) ON CONFLICT (tenant, job) DO NOTHING";
    SELECT_DUE = "SELECT job, kind, body, tries FROM job \
                  WHERE tenant = $1 AND due <= $2 AND tries < $3 ORDER BY due, job LIMIT 50";
    DELETE_JOB = "DELETE FROM job WHERE tenant = $1 AND job = $2";
    FAIL_JOB = "UPDATE job SET due = $1, tries = tries + 1, failure = $2 \
                WHERE tenant = $3 AND job = $4";
    /// Jobs that wait or rest, for the page of the system administrator.
    SELECT_JOBS = "SELECT job, kind, due, tries, failure FROM job WHERE tenant = $1 \
                   ORDER BY due, job LIMIT 200";
}

/// The longest time between two looks at the queue when nothing happens.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// A day of jobs begins at three in the morning, when nobody works.
const DAY_BEGINS_MS: i64 = 3 * 3_600_000;

/// A job as the system administrator sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobState {
    /// The job's id.
    pub job: Id,
    /// Its kind.
    pub kind: String,
    /// Not before this instant.
    pub due: Instant,
    /// Failures so far.
    pub tries: i64,
    /// The last failure, for the log and the administrator.
    pub failure: Option<String>,
}

/// Jobs that wait or rest, at most 200.
pub fn jobs(connection: &mut dyn Connection, tenant: Tenant) -> Result<Vec<JobState>, StoreError> {
    connection.all(&SELECT_JOBS, &values![tenant], |row| {
        Ok(JobState {
            job: row.id(0)?,
            kind: row.text(1)?.to_owned(),
            due: Instant(row.int(2)?),
            tries: row.int(3)?,
            failure: row.optional_text(4)?.map(str::to_owned),
        })
    })
}

/// A running worker thread.
pub struct Worker {
    stop: Arc<AtomicBool>,
    app: App,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Worker {
    /// Starts the worker.
    pub fn start(app: &App) -> Worker {
        let stop = Arc::new(AtomicBool::new(false));
        let (worker_app, worker_stop) = (app.clone(), Arc::clone(&stop));
        let thread = std::thread::Builder::new()
            .name("worker".to_owned())
            .spawn(move || work(&worker_app, &worker_stop))
            .expect("the machine can start one thread");
        Worker {
            stop,
            app: app.clone(),
            thread: Some(thread),
        }
    }

    /// Lets the present job end, seals what waits, and returns.
    pub fn stop(mut self) {
        self.stop.store(true, Ordering::SeqCst);
        self.app.wake_workers();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the worker thread had panicked");
        }
        if let Err(refusal) = self.app.seal(true) {
            tracing::error!(%refusal, "the journal could not be sealed at the end");
        }
    }
}

fn work(app: &App, stop: &AtomicBool) {
    let mut seen = 0;
    let mut enqueued = None;
    while !stop.load(Ordering::SeqCst) {
        seen = app.wait_for_work(seen, LONGEST_WAIT);
        // A burst of commands is one batch.
        std::thread::sleep(Duration::from_millis(50));
        if let Err(refusal) = app.seal(false) {
            tracing::warn!(%refusal, "sealing is put off");
        }
        if let Err(error) = app.enqueue_daily_jobs(&mut enqueued) {
            tracing::warn!(%error, "the jobs of the day are put off");
        }
        if let Err(error) = app.run_due_jobs() {
            tracing::warn!(%error, "jobs are put off");
        }
    }
}

impl App {
    /// Enqueues the jobs of the day where `last` is another day: when the program starts, and each
    /// morning. They may run twice a day, as every job may.
    fn enqueue_daily_jobs(&self, last: &mut Option<Day>) -> Result<(), StoreError> {
        let now = self.clock().now();
        let day = Instant(now.0.saturating_sub(DAY_BEGINS_MS)).day();
        if *last == Some(day) {
            return Ok(());
        }
        let kinds: Vec<&'static str> = self
            .features()
            .iter()
            .flat_map(|f| f.daily.clone())
            .collect();
        let tenants = self.store().read(|c| tenants(c)).wait()?;
        let enqueued = self.store().write(move |c| -> Result<(), StoreError> {
            for tenant in &tenants {
                for kind in &kinds {
                    let job = daily_id(day, kind);
                    c.execute(&INSERT_DAILY, &values![*tenant, job, now, *kind])?;
                }
            }
            Ok(())
        });
        enqueued.wait()?;
        *last = Some(day);
        Ok(())
    }

    /// Runs the jobs that are due; says how many ended well.
    pub fn run_due_jobs(&self) -> Result<usize, StoreError> {
        let now = self.clock().now();
        let tenants = self.store().read(|c| tenants(c)).wait()?;
        let mut ended = 0;
        for tenant in tenants {
            let due = self.store().read(move |c| due(c, tenant, now)).wait()?;
            for job in due {
                ended += usize::from(self.run_job(tenant, &job, now)?);
            }
        }
        Ok(ended)
    }

    fn run_job(&self, tenant: Tenant, job: &DueJob, now: Instant) -> Result<bool, StoreError> {
        let failure = match (self.job(&job.kind), serde_json::from_str::<Json>(&job.body)) {
            (Some(spec), Ok(body)) => (spec.run)(self, tenant, job.id, &body).err(),
            _ => Some(crate::Refusal::bug(
                "a job of an unknown kind or with a broken body",
            )),
        };
        let id = job.id;
        let Some(failure) = failure else {
            self.store()
                .write(move |c| c.execute(&DELETE_JOB, &values![tenant, id]))
                .wait()?;
            return Ok(true);
        };
        tracing::warn!(job = %id, kind = job.kind, %failure, "a job failed");
        let wait_ms = RETRY_MS << job.tries.clamp(0, TRIES_MAX);
        let due = Instant(now.0.saturating_add(wait_ms));
        let failure = failure.to_string();
        self.store()
            .write(move |c| c.execute(&FAIL_JOB, &values![due, &failure, tenant, id]))
            .wait()?;
        Ok(false)
    }
}

fn daily_id(day: Day, kind: &str) -> Id {
    let hash = Sha256::digest(kind.as_bytes());
    let mut random = [0; 10];
    random.copy_from_slice(&hash[..10]);
    Id::new(day.start().0.saturating_add(DAY_BEGINS_MS), random)
}

struct DueJob {
    id: Id,
    kind: String,
    body: String,
    tries: i64,
}

fn due(
    connection: &mut dyn Connection,
    tenant: Tenant,
    now: Instant,
) -> Result<Vec<DueJob>, StoreError> {
    connection.all(&SELECT_DUE, &values![tenant, now, TRIES_MAX], |row| {
        Ok(DueJob {
            id: row.id(0)?,
            kind: row.text(1)?.to_owned(),
            body: row.text(2)?.to_owned(),
            tries: row.int(3)?,
        })
    })
}
