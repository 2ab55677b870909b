//! Sign-in, sessions, grants, and the pure decision who may do what.
//!
//! [`decide`] says whether a subject may do an action to a resource; [`in_scope!`] and
//! [`around_scope!`] say the same of every place of a list, inside the statement that reads it.
//! Both follow one table, in `role.rs`.

pub mod action;
pub mod decide;
pub mod role;
pub mod scope;
pub mod separation;

pub use action::{Action, Reach};
pub use decide::{Authentication, Decision, Denial, DenyReason, Grant, Resource, Subject, decide};
pub use role::{Role, RoleMask};
pub use scope::Scope;
pub use separation::{Involved, SEPARATIONS, Separation};

kernel::id_types! {
    /// An account: the means by which one natural person signs in.
    AccountId
    /// A grant: a role for a person at a place for a period.
    GrantId
    /// A session, as its owner sees it in the list of own sessions; not its secret.
    SessionId
}
