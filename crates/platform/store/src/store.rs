//! The store: opens a database and hands closures to its threads.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use crate::copy::{Copied, copy};
use crate::health::WriteHealth;
use crate::job::{Job, Work};
use crate::pending::promise;
use crate::postgres::{Mode, PostgresConnection, Worker};
use crate::queue::{Queue, Refused};
use crate::sqlite::{SqliteConnection, Writer, read_loop};
use crate::{Connection, Database, DatabaseConfig, Pending, Schema, StoreError, migrate};

/// An open database. Cheap to clone; the last one to go closes it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    reads: Arc<Queue<Box<dyn Job>>>,
    /// Nothing where the store was opened for reading only.
    writes: Option<Arc<Queue<Box<dyn Job>>>>,
    health: Arc<WriteHealth>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// What the store says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// `None` where writes are taken; else why not.
    pub refuses_writes: Option<String>,
    /// Whether writes are refused until the program is started again: the disk failed while
    /// something was made durable, and no later success says what is on it.
    pub until_restart: bool,
}

/// Whether the database may be changed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    ReadWrite,
    ReadOnly,
}

impl Store {
    /// Opens the database, makes it where there is none, and brings its schema to this program's
    /// version.
    pub fn open(config: &DatabaseConfig, schemas: &[Schema]) -> Result<Store, StoreError> {
        open(config, schemas, Access::ReadWrite)
    }

    /// Opens for reading beside a running server: nothing is migrated, writes are refused. Of
    /// the schemas only those that will be read need be given.
    pub fn open_read_only(
        config: &DatabaseConfig,
        schemas: &[Schema],
    ) -> Result<Store, StoreError> {
        open(config, schemas, Access::ReadOnly)
    }

    /// Runs a closure on one consistent snapshot.
    ///
    /// It may run again after a lost connection, so it has no effects of its own.
    pub fn read<T, E, F>(&self, work: F) -> Pending<Result<T, E>>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnMut(&mut dyn Connection) -> Result<T, E> + Send + 'static,
    {
        let (promise, pending) = promise();
        give(&self.inner.reads, Box::new(Work::new(work, promise)));
        pending
    }

    /// Runs a closure as one durable transaction; `Err` rolls exactly that closure back.
    ///
    /// It may run several times (a lost race, a neighbour that broke the shared commit), so it
    /// draws no ids or randomness and does nothing outside its connection. The answer leaves the
    /// store only after COMMIT.
    pub fn write<T, E, F>(&self, work: F) -> Pending<Result<T, E>>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnMut(&mut dyn Connection) -> Result<T, E> + Send + 'static,
    {
        let (promise, pending) = promise();
        let job: Box<dyn Job> = Box::new(Work::new(work, promise));
        match &self.inner.writes {
            Some(writes) => give(writes, job),
            None => job.fail(StoreError::ReadOnly("opened for reading only".to_owned())),
        }
        pending
    }

    /// Copies every table of the schemas, as one snapshot sees them, into a fresh database of
    /// either kind; writers go on meanwhile. See [`Copied`].
    pub fn copy_into(
        &self,
        target: &DatabaseConfig,
        schemas: &[Schema],
    ) -> Result<Copied, StoreError> {
        let (target, schemas) = (target.database.clone(), schemas.to_vec());
        self.read(move |source| copy(source, &target, &schemas))
            .wait()
    }

    /// What the store says of itself, for `/health`.
    pub fn health(&self) -> Health {
        let refusing = self.inner.health.refuses();
        Health {
            until_restart: refusing.as_ref().is_some_and(|now| now.until_restart),
            refuses_writes: refusing.map(|now| now.reason),
        }
    }

    /// Finishes what is waiting, checkpoints and closes. Later work gets
    /// [`StoreError::Closed`].
    pub fn close(&self) {
        self.inner.close();
    }
}

impl Inner {
    fn close(&self) {
        if let Some(writes) = &self.writes {
            writes.close();
        }
        self.reads.close();
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        let here = std::thread::current().id();
        for thread in threads.drain(..) {
            // A closure may have held the last handle; its thread ends by itself.
            if thread.thread().id() != here && thread.join().is_err() {
                tracing::error!("a thread of the store panicked");
            }
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}

fn give(queue: &Queue<Box<dyn Job>>, job: Box<dyn Job>) {
    if let Err((job, refused)) = queue.give(job) {
        job.fail(match refused {
            Refused::Full => StoreError::Busy,
            Refused::Closed => StoreError::Closed,
        });
    }
}

fn open(config: &DatabaseConfig, schemas: &[Schema], access: Access) -> Result<Store, StoreError> {
    let reads = Arc::new(Queue::new(config.queue));
    let writes = (access == Access::ReadWrite).then(|| Arc::new(Queue::new(config.queue)));
    let store = Store {
        inner: Arc::new(Inner {
            reads,
            writes,
            health: Arc::new(WriteHealth::default()),
            threads: Mutex::new(Vec::new()),
        }),
    };
    match &config.database {
        Database::Sqlite(path) => open_sqlite(&store.inner, config, path, schemas)?,
        Database::Postgres(url) => open_postgres(&store.inner, config, url, schemas)?,
    }
    Ok(store)
}

fn open_sqlite(
    inner: &Inner,
    config: &DatabaseConfig,
    path: &Path,
    schemas: &[Schema],
) -> Result<(), StoreError> {
    if let Some(writes) = &inner.writes {
        let mut connection = SqliteConnection::open_writer(path)?;
        migrate::migrate(&mut connection, schemas)?;
        crate::sqlite::statistics::fix(&connection)?;
        // After a failed sync the log may hold what the kernel shows and the disk does not have:
        // its pages are written once more into the file, and a log begins anew.
        connection.checkpoint()?;
        let queue = Arc::clone(writes);
        let writer = Writer::new(
            path.to_owned(),
            connection,
            queue,
            Arc::clone(&inner.health),
        );
        inner.spawn("store-writer".to_owned(), move || writer.run())?;
    } else {
        migrate::check_readable(&mut SqliteConnection::open_reader(path)?, schemas)?;
    }
    for number in 0..config.readers.max(1) {
        let connection = SqliteConnection::open_reader(path)?;
        let queue = Arc::clone(&inner.reads);
        inner.spawn(format!("store-reader-{number}"), move || {
            read_loop(connection, &queue);
        })?;
    }
    Ok(())
}

fn open_postgres(
    inner: &Inner,
    config: &DatabaseConfig,
    url: &str,
    schemas: &[Schema],
) -> Result<(), StoreError> {
    let settings = postgres_settings(url)?;
    prepare_postgres(&settings, schemas, inner.writes.is_some())?;
    let spawn = |mode, queue: &Arc<Queue<Box<dyn Job>>>, count: usize, name: &str| {
        for number in 0..count.max(1) {
            let queue = Arc::clone(queue);
            let worker = Worker::new(settings.clone(), mode, queue, Arc::clone(&inner.health));
            inner.spawn(format!("store-{name}-{number}"), move || worker.run())?;
        }
        Ok::<_, StoreError>(())
    };
    spawn(Mode::Read, &inner.reads, config.readers, "reader")?;
    if let Some(writes) = &inner.writes {
        spawn(Mode::Write, writes, config.writers, "writer")?;
    }
    Ok(())
}

pub(crate) fn postgres_settings(url: &str) -> Result<tokio_postgres::Config, StoreError> {
    let mut settings: tokio_postgres::Config = url.parse().map_err(|_| {
        // The driver's own text could show the password.
        StoreError::Unsuitable(
            "not a database address of the form postgres://user:password@host:port/database"
                .to_owned(),
        )
    })?;
    settings
        .application_name("xingcun")
        .connect_timeout(std::time::Duration::from_secs(5))
        .tcp_user_timeout(std::time::Duration::from_secs(15));
    Ok(settings)
}

/// Checks and migrates on a thread of its own: the caller may be inside async code, where the
/// driver's blocking calls would panic.
fn prepare_postgres(
    settings: &tokio_postgres::Config,
    schemas: &[Schema],
    writable: bool,
) -> Result<(), StoreError> {
    let work = || {
        let mode = if writable { Mode::Write } else { Mode::Read };
        let mut connection = PostgresConnection::connect(settings, mode)?;
        connection.session().check_database()?;
        if writable {
            migrate::migrate(&mut connection, schemas)
        } else {
            migrate::check_readable(&mut connection, schemas)
        }
    };
    std::thread::scope(|scope| {
        scope
            .spawn(work)
            .join()
            .unwrap_or_else(|_| Err(StoreError::Bug("opening panicked".to_owned())))
    })
}

impl Inner {
    fn spawn(&self, name: String, work: impl FnOnce() + Send + 'static) -> Result<(), StoreError> {
        let thread = std::thread::Builder::new()
            .name(name)
            .spawn(work)
            .map_err(|error| StoreError::Unavailable(format!("no thread: {error}")))?;
        self.threads
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(thread);
        Ok(())
    }
}
