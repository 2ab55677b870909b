//! Sign-in, sessions, grants, and the pure decision who may do what.
//!
//! [`decide`] says whether a subject may do an action to a resource; [`in_scope!`] and
//! [`around_scope!`] say the same of every place of a list, inside the statement that reads it.
//! Both follow one table, in `role.rs`.

pub mod account;
pub mod action;
pub mod credential;
pub mod decide;
pub mod grant;
pub mod half_sign_in;
pub mod hasher;
pub mod one_time_code;
mod paper_code;
pub mod password;
pub mod places;
pub mod profile;
pub mod role;
mod schema;
pub mod scope;
pub mod second_factor;
mod secret;
pub mod separation;
pub mod session;
mod setup_code;
pub mod setup_token;
pub mod sign_in;
pub mod slip_code;
pub mod token;

pub use action::{Action, Reach};
pub use decide::{Authentication, Decision, Denial, DenyReason, Grant, Resource, Subject, decide};
pub use grant::load_subject;
pub use hasher::{Busy, Cost, PasswordHash, PasswordHasher};
pub use one_time_code::{FactorSecret, OneTimeCode, RecoveryCode};
pub use password::{Password, check_password};
pub use profile::Profile;
pub use role::{Ground, Role, RoleMask};
pub use schema::{REBUILDS, SCHEMA, STATEMENTS};
pub use scope::Scope;
pub use secret::{DeviceToken, HalfToken};
pub use separation::{Involved, SEPARATIONS, Separation};
pub use session::{Session, SessionToken};
pub use setup_code::SetupToken;
pub use sign_in::{Entered, SignInError, SignedIn};
pub use slip_code::SlipCode;

kernel::id_types! {
    /// An account: the means by which one natural person signs in.
    AccountId
    /// A grant: a role for a person at a place for a period.
    GrantId
    /// The issue of a one-time token, from proposal to release.
    TokenRequestId
    /// A session, as its owner sees it in the list of own sessions; not its secret.
    SessionId
}

store::id_values! { AccountId GrantId TokenRequestId SessionId }
