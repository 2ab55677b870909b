//! How record rows are written without knowing the command door.

use kernel::{CommandId, Instant, Tenant};
use store::{Connection, Record, StoreError, Value};

/// The one way in which this crate and `access` write: the command door implements it, adding
/// each row's digest to the journal's leaf.
pub trait Recorder {
    /// The tenant of the command.
    fn tenant(&self) -> Tenant;

    /// The command that every row names as its origin.
    fn command(&self) -> CommandId;

    /// When the command was accepted.
    fn now(&self) -> Instant;

    /// The transaction: for reading, and for derived and working tables.
    fn connection(&mut self) -> &mut dyn Connection;

    /// Appends rows to a record table, in order.
    fn append(
        &mut self,
        record: &'static Record,
        rows: &[Vec<Value<'_>>],
    ) -> Result<(), StoreError>;
}

/// Writes without a journal: for tests of the crates below the door.
pub struct PlainRecorder<'c> {
    /// The transaction.
    pub connection: &'c mut dyn Connection,
    /// The tenant.
    pub tenant: Tenant,
    /// The command.
    pub command: CommandId,
    /// When.
    pub now: Instant,
}

impl Recorder for PlainRecorder<'_> {
    fn tenant(&self) -> Tenant {
        self.tenant
    }

    fn command(&self) -> CommandId {
        self.command
    }

    fn now(&self) -> Instant {
        self.now
    }

    fn connection(&mut self) -> &mut dyn Connection {
        self.connection
    }

    fn append(
        &mut self,
        record: &'static Record,
        rows: &[Vec<Value<'_>>],
    ) -> Result<(), StoreError> {
        for row in rows {
            record.check_width(row)?;
        }
        self.connection.execute_many(&record.insert, rows)?;
        Ok(())
    }
}
