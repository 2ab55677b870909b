//! A reader thread: closures from the shared queue, each on one snapshot.

use crate::StoreError;
use crate::job::{Job, Said};
use crate::queue::{Queue, Taken};
use crate::sqlite::SqliteConnection;

/// Works until the queue is closed and empty.
pub(crate) fn read_loop(mut connection: SqliteConnection, queue: &Queue<Box<dyn Job>>) {
    while let Taken::Item(job) = queue.take(None) {
        read(&mut connection, job);
    }
}

/// One closure in one deferred transaction: its first query fixes the snapshot.
fn read(connection: &mut SqliteConnection, mut job: Box<dyn Job>) {
    if let Err(error) = connection.run_sql("BEGIN") {
        return job.fail(error);
    }
    let said = job.run(connection);
    if let (Said::Keep, Some(failure)) = (said, connection.take_failure()) {
        job.replace(failure);
    }
    if connection.in_transaction()
        && let Err(error) = connection.run_sql("ROLLBACK")
    {
        job.replace(StoreError::Unavailable(error.to_string()));
    }
    job.deliver();
}
