//! What SQLite says, in the words of the seam.

use rusqlite::ErrorCode;
use rusqlite::ffi;

use crate::{Constraint, StoreError};

/// Translates; `context` names the statement or the step, never content.
pub(crate) fn translate(error: &rusqlite::Error, context: &dyn std::fmt::Display) -> StoreError {
    let rusqlite::Error::SqliteFailure(failure, message) = error else {
        return StoreError::Bug(format!("{context}: {error}"));
    };
    let message = message.as_deref().unwrap_or("no message");
    match failure.code {
        ErrorCode::ConstraintViolation => constraint(failure.extended_code, message, context),
        ErrorCode::DiskFull => StoreError::DiskFull,
        ErrorCode::ReadOnly => StoreError::ReadOnly(format!("{context}: {message}")),
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
            StoreError::Unsuitable(format!("the database file is damaged: {message}"))
        }
        // What was being made durable may or may not be on the disk.
        ErrorCode::SystemIoFailure if is_sync(failure.extended_code) => {
            StoreError::OutcomeUnknown(format!("SQLite error {}: {message}", failure.extended_code))
        }
        ErrorCode::SystemIoFailure
        | ErrorCode::CannotOpen
        | ErrorCode::DatabaseBusy
        | ErrorCode::DatabaseLocked
        | ErrorCode::FileLockingProtocolFailed
        | ErrorCode::OutOfMemory => {
            StoreError::Unavailable(format!("SQLite error {}: {message}", failure.extended_code))
        }
        _ => StoreError::Bug(format!("{context}: {message}")),
    }
}

fn is_sync(extended_code: i32) -> bool {
    matches!(
        extended_code,
        ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC
    )
}

fn constraint(extended_code: i32, message: &str, context: &dyn std::fmt::Display) -> StoreError {
    let subject = message.split_once(": ").map_or("", |(_, subject)| subject);
    let (kind, constraint) = match extended_code {
        ffi::SQLITE_CONSTRAINT_PRIMARYKEY
        | ffi::SQLITE_CONSTRAINT_UNIQUE
        | ffi::SQLITE_CONSTRAINT_ROWID => (Constraint::Unique, unique_name(subject)),
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => (Constraint::Foreign, "foreign key".to_owned()),
        ffi::SQLITE_CONSTRAINT_CHECK | ffi::SQLITE_CONSTRAINT_NOTNULL => {
            (Constraint::Check, subject.to_owned())
        }
        _ => return StoreError::Bug(format!("{context}: {message}")),
    };
    StoreError::Conflict { kind, constraint }
}

/// `t.a, t.b` becomes `t(a, b)`.
fn unique_name(subject: &str) -> String {
    let table = subject.split('.').next().unwrap_or(subject);
    let columns: Vec<_> = subject
        .split(", ")
        .map(|column| column.split_once('.').map_or(column, |(_, name)| name))
        .collect();
    format!("{table}({})", columns.join(", "))
}
