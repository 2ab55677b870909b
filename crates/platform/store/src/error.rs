//! What can go wrong between the product and its database.

/// What a constraint is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// A primary key or unique key is taken.
    Unique,
    /// A row that must exist does not, or one that is still needed would go.
    Foreign,
    /// A check or a required value.
    Check,
}

/// What can go wrong between the product and its database.
///
/// Messages name tables and columns, never content: they may be logged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A row breaks a constraint; equal on both databases. For unique keys `constraint` reads
    /// `place_version(tenant, place, version)`, for a named check its name, for a required value
    /// `table.column`, for a foreign key `foreign key` (SQLite does not say which).
    #[error("{kind:?} constraint {constraint} is broken")]
    Conflict {
        /// What the constraint is about.
        kind: Constraint,
        /// Which one.
        constraint: String,
    },
    /// The queue of waiting work is full: answer 503 with `Retry-After`.
    #[error("too much work is waiting for the database")]
    Busy,
    /// The store was opened for reading only, or the disk is failing and writes are refused for
    /// now; reads go on.
    #[error("the database takes no writes now: {0}")]
    ReadOnly(String),
    /// The disk, or the room given to the database, is full. Nothing of the transaction was kept.
    #[error("the disk is full")]
    DiskFull,
    /// The database cannot be reached, or refused often enough that trying again is for later.
    /// Nothing of the transaction was kept.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The connection or the disk failed during COMMIT: the transaction may or may not be there.
    /// Ask again with the same command id; the idempotency record knows.
    #[error("nobody knows whether the transaction was kept: {0}")]
    OutcomeUnknown(String),
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// The database was written by a newer version of the product.
    #[error("the database has {component} in version {found}, this program knows {known}")]
    NewerSchema {
        /// Part of the schema.
        component: String,
        /// Version in the database.
        found: i64,
        /// Newest version this program carries; 0 where it does not know the component.
        known: i64,
    },
    /// The database cannot be used as it is (wrong collation, wrong folder, changed migration);
    /// the text says what to do.
    #[error("{0}")]
    Unsuitable(String),
    /// A defect of the product or a damaged database: a statement that does not prepare, a value
    /// of another type, a panic in a closure.
    #[error("defect: {0}")]
    Bug(String),
}

impl StoreError {
    /// Whether this is a taken unique key of `table`.
    pub fn is_taken(&self, table: &str) -> bool {
        matches!(self, StoreError::Conflict { kind: Constraint::Unique, constraint }
            if constraint.split('(').next() == Some(table))
    }
}
