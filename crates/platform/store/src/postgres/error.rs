//! What PostgreSQL says, in the words of the seam.

use tokio_postgres::error::{DbError, Severity, SqlState};

use crate::{Constraint, StoreError};

/// A failure, sorted by what the worker does about it.
#[derive(Clone, Debug)]
pub(crate) enum Failure {
    /// Others were faster (serialisation, deadlock): roll back and run again.
    Race(StoreError),
    /// The connection is gone or in doubt: connect anew.
    Lost(StoreError),
    /// An answer that would be the same again.
    Final(StoreError),
}

impl Failure {
    pub(crate) fn error(&self) -> &StoreError {
        match self {
            Failure::Race(error) | Failure::Lost(error) | Failure::Final(error) => error,
        }
    }

    pub(crate) fn into_error(self) -> StoreError {
        match self {
            Failure::Race(error) | Failure::Lost(error) | Failure::Final(error) => error,
        }
    }
}

/// Translates; `context` names the statement or the step, never content. The server's *detail*
/// shows content and is used only for the names of a key's columns.
pub(crate) fn translate(error: &tokio_postgres::Error, context: &dyn std::fmt::Display) -> Failure {
    match error.as_db_error() {
        Some(answer) => translate_answer(answer, context),
        None if is_transport(error) => Failure::Lost(StoreError::Unavailable(chain(error))),
        None => Failure::Final(StoreError::Bug(format!("{context}: {}", chain(error)))),
    }
}

/// Whether the error came from the connection and not from a wrong value or statement.
fn is_transport(error: &tokio_postgres::Error) -> bool {
    let cause = std::error::Error::source(error);
    error.is_closed() || cause.is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
}

fn translate_answer(answer: &DbError, context: &dyn std::fmt::Display) -> Failure {
    let code = answer.code();
    let text = format!("{context}: {} ({})", answer.message(), code.code());
    if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED {
        return Failure::Race(StoreError::Unavailable(text));
    }
    if is_session_end(answer) {
        return Failure::Lost(StoreError::Unavailable(text));
    }
    Failure::Final(match code.code().get(..2) {
        Some("23") => constraint(answer),
        // Out of disk, memory or connections.
        Some("53") if *code == SqlState::DISK_FULL => StoreError::DiskFull,
        // Also: cancelled by a time limit, a lock not had in time, an I/O error of the server.
        Some("53" | "57" | "55" | "58") => StoreError::Unavailable(text),
        Some("25") if *code == SqlState::READ_ONLY_SQL_TRANSACTION => StoreError::ReadOnly(text),
        _ => StoreError::Bug(text),
    })
}

/// The server ended the session, or its prepared statements no longer fit a changed table.
fn is_session_end(answer: &DbError) -> bool {
    let ended = matches!(
        answer.parsed_severity(),
        Some(Severity::Fatal | Severity::Panic)
    );
    let stale_plan = *answer.code() == SqlState::FEATURE_NOT_SUPPORTED
        && answer.message().contains("cached plan");
    ended || stale_plan || answer.code().code().starts_with("08")
}

fn constraint(answer: &DbError) -> StoreError {
    let code = answer.code();
    let table = answer.table().unwrap_or_default();
    let name = answer.constraint().unwrap_or_default();
    let (kind, constraint) = if *code == SqlState::UNIQUE_VIOLATION {
        (
            Constraint::Unique,
            unique_name(table, name, answer.detail()),
        )
    } else if *code == SqlState::FOREIGN_KEY_VIOLATION {
        (Constraint::Foreign, "foreign key".to_owned())
    } else if *code == SqlState::NOT_NULL_VIOLATION {
        let column = answer.column().unwrap_or_default();
        (Constraint::Check, format!("{table}.{column}"))
    } else {
        (Constraint::Check, name.to_owned())
    };
    StoreError::Conflict { kind, constraint }
}

/// `Key (a, b)=(1, 2) already exists.` becomes `t(a, b)`.
fn unique_name(table: &str, name: &str, detail: Option<&str>) -> String {
    detail
        .and_then(|detail| detail.strip_prefix("Key ("))
        .and_then(|detail| detail.split_once(")="))
        .map_or_else(
            || name.to_owned(),
            |(columns, _)| format!("{table}({columns})"),
        )
}

/// An error with its causes: the driver's own text is only "error connecting to server".
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
