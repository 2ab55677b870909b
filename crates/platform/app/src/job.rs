//! Work that follows a command: enqueued in its transaction, run afterwards, at least once.

use kernel::Instant;
use serde_json::Value as Json;

use crate::{App, Refusal};

/// A piece of work to enqueue.
#[derive(Clone, Debug, PartialEq)]
pub struct NewJob {
    /// The kind, as registered by a feature.
    pub kind: &'static str,
    /// Its figures.
    pub body: Json,
    /// Not before this instant of the business clock.
    pub due: Instant,
}

/// A kind of job. It may run twice (a crash between work and mark), so its work is idempotent:
/// usually a command whose id is derived from the job's id.
#[derive(Clone, Copy)]
pub struct JobSpec {
    /// The kind.
    pub kind: &'static str,
    /// The work. A refusal is logged and the job tried again later, up to [`TRIES_MAX`] times.
    pub run: fn(&App, kernel::Tenant, kernel::Id, &Json) -> Result<(), Refusal>,
}

/// After so many failures a job rests until an administrator looks at it.
pub const TRIES_MAX: i64 = 8;
/// The first retry comes after so many milliseconds; each later one after twice the last.
pub const RETRY_MS: i64 = 5_000;
