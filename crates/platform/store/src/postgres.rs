//! PostgreSQL: several worker threads, each with a connection of its own.
//!
//! The driver is asynchronous and is driven by a small runtime of each thread's own, so nothing of
//! it ever runs inside the product's async code, and `execute_many` can pipeline.

mod connection;
mod error;
mod session;
#[cfg(test)]
mod tests;
mod worker;

pub(crate) use connection::{Mode, PostgresConnection};
pub(crate) use error::Failure;
pub(crate) use worker::Worker;
