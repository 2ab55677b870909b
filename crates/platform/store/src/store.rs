//! The store: opens a database and hands closures to its threads.

use crate::pending::promise;
use crate::{Connection, DatabaseConfig, Pending, Schema, StoreError};

/// An open database. Cheap to clone; the last one to go closes it.
#[derive(Clone)]
pub struct Store {}

/// What the store says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// `None` where writes are taken; else why not.
    pub refuses_writes: Option<String>,
}

impl Store {
    /// Opens the database and brings its schema to this program's version.
    pub fn open(config: &DatabaseConfig, schemas: &[Schema]) -> Result<Store, StoreError> {
        let _ = (config, schemas);
        Ok(Store {})
    }

    /// Opens for reading beside a running server: nothing is migrated, writes are refused.
    pub fn open_read_only(
        config: &DatabaseConfig,
        schemas: &[Schema],
    ) -> Result<Store, StoreError> {
        Store::open(config, schemas)
    }

    /// Runs a closure on one consistent snapshot.
    ///
    /// It may run again after a lost connection, so it has no effects of its own.
    pub fn read<T, E, F>(&self, mut work: F) -> Pending<Result<T, E>>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnMut(&mut dyn Connection) -> Result<T, E> + Send + 'static,
    {
        let _ = &mut work;
        let (promise, pending) = promise();
        promise.keep(Err(StoreError::Closed.into()));
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
        self.read(work)
    }

    /// What the store says of itself, for `/health`.
    pub fn health(&self) -> Health {
        Health {
            refuses_writes: None,
        }
    }

    /// Finishes what is waiting, checkpoints and closes. Later work gets
    /// [`StoreError::Closed`].
    pub fn close(&self) {}
}
