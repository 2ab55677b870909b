//! Places, organisations, persons, appointments, the time-valid tree, and figures.
//!
//! What is written goes through a [`Recorder`], which the command door is: rows of record tables
//! with their digests, then the derived tables that follow from them. What is read takes a
//! connection and the tenant; lists that depend on who reads are in `access`, which knows scopes.

pub mod appointment;
mod closed_list;
pub mod figure;
pub mod import;
pub mod initials;
pub mod organisation;
pub mod outline;
pub mod person;
pub mod place;
mod recorder;
mod schema;
pub mod sheet;
mod write_error;

pub use closed_list::UnknownName;
pub use recorder::{PlainRecorder, Recorder};
pub use schema::{REBUILDS, SCHEMA, STATEMENTS};
pub use write_error::WriteError;

kernel::id_types! {
    /// An appointment: a person in a post for a period.
    AppointmentId
    /// One recorded figure.
    FigureId
}

store::id_values! { AppointmentId FigureId }
