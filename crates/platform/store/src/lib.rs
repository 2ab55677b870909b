//! SQLite and PostgreSQL behind one seam.
//!
//! Domain code is synchronous and sees one object-safe [`Connection`]; every statement is a
//! constant made by [`statements!`] beside the function that uses it. Writes are re-runnable
//! closures, each one transaction; on SQLite the closures that wait share one durable commit.
//! Why this and not a library: `docs/decisions/0001-store-seam.md`; the three classes of tables:
//! `docs/decisions/0003-table-classes.md`.
//!
//! ```
//! use kernel::Tenant;
//! use store::{StoreError, values};
//!
//! store::statements! {
//!     /// How many notes a tenant has.
//!     COUNT_NOTES = "SELECT count(*) FROM note WHERE tenant = $1";
//! }
//!
//! fn count_notes(c: &mut dyn store::Connection, tenant: Tenant) -> Result<i64, StoreError> {
//!     c.one(&COUNT_NOTES, &values![tenant], |row| row.int(0))
//! }
//! # let _ = (count_notes, STATEMENTS);
//! ```

mod config;
mod connection;
mod copy;
mod engine;
mod error;
mod health;
mod job;
mod migrate;
mod pending;
mod postgres;
mod queue;
mod rebuild;
mod record;
mod row;
mod schema;
mod sqlite;
mod statement;
mod store;
pub mod testing;
mod value;

pub use config::{Database, DatabaseConfig};
pub use connection::{Connection, Shape, ShapeColumn};
pub use copy::Copied;
pub use error::{Constraint, StoreError};
pub use pending::Pending;
pub use rebuild::{Rebuild, Rebuilt, TableDigest, rebuild_all, table_digest};
pub use record::{Record, row_digest};
pub use row::Row;
pub use schema::{Class, Migration, Schema, Table};
pub use statement::Statement;
pub use store::{Health, Store};
pub use value::Value;

/// The store's own statements, for the tests that look at every statement of the product.
pub const OWN_STATEMENTS: &[&Statement] = migrate::STATEMENTS;

#[doc(hidden)]
pub mod macro_support {
    //! What the macros of this crate expand to; nobody else calls it.
    pub use crate::record::sql;
    pub use kernel::Id;
}
