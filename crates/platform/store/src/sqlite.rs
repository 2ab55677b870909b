//! SQLite: one writer thread with group commit, reader threads with connections of their own.

mod connection;
mod error;
mod reader;
pub(crate) mod statistics;
#[cfg(test)]
mod tests;
mod writer;

pub(crate) use connection::SqliteConnection;
pub(crate) use reader::read_loop;
pub(crate) use writer::Writer;
