//! Why a page could not be shown, in words that help.

use access::{Denial, DenyReason};
use app::{DeniedAct, Refusal, RefusalKind};
use kernel::Finding;
use store::StoreError;

/// Why a page could not be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageError {
    /// No such page, or none that this person may know of.
    NotFound,
    /// Signed in, but without the right; the findings say which, and the page who can grant it.
    Denied {
        /// Why not.
        findings: Vec<Finding>,
        /// What the decision refused; leaves a leaf and a row. None where the command door has
        /// seen to that, or nothing was decided.
        act: Option<DeniedAct>,
    },
    /// Not signed in: the answer is the sign-in page, and then back.
    SignIn,
    /// The password must be given again first.
    Reauthenticate,
    /// The password is too old: a new one must be set before anything else.
    MustChangePassword,
    /// A second factor must be set up before anything else.
    MustSetFactor,
    /// The request makes no sense.
    Invalid(Vec<Finding>),
    /// Somebody was faster.
    Conflict(Vec<Finding>),
    /// Too many tries.
    TooMany {
        /// When to try again, in seconds.
        retry_after_s: u32,
    },
    /// The store cannot answer at present.
    Unavailable,
    /// Nobody knows whether it was done: no answer came in time, or COMMIT broke.
    OutcomeUnknown,
    /// A defect of the program; the words go to the log only.
    Bug(String),
}

impl PageError {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            PageError::NotFound => 404,
            PageError::Denied { .. }
            | PageError::Reauthenticate
            | PageError::MustChangePassword
            | PageError::MustSetFactor => 403,
            PageError::SignIn => 401,
            PageError::Invalid(_) => 422,
            PageError::Conflict(_) => 409,
            PageError::TooMany { .. } => 429,
            PageError::Unavailable | PageError::OutcomeUnknown => 503,
            PageError::Bug(_) => 500,
        }
    }
}

impl From<StoreError> for PageError {
    fn from(error: StoreError) -> PageError {
        PageError::from(Refusal::from(error))
    }
}

impl From<Refusal> for PageError {
    fn from(refusal: Refusal) -> PageError {
        match refusal.kind {
            RefusalKind::Invalid => PageError::Invalid(refusal.findings),
            RefusalKind::Denied => PageError::Denied {
                findings: refusal.findings,
                act: None,
            },
            RefusalKind::Reauthenticate => PageError::Reauthenticate,
            RefusalKind::NotFound => PageError::NotFound,
            RefusalKind::Conflict => PageError::Conflict(refusal.findings),
            RefusalKind::TooMany => PageError::TooMany { retry_after_s: 60 },
            RefusalKind::Unavailable if refusal.leaves_open() => PageError::OutcomeUnknown,
            RefusalKind::Unavailable => PageError::Unavailable,
            RefusalKind::Bug => PageError::Bug(refusal.to_string()),
        }
    }
}

impl From<Denial> for PageError {
    fn from(denial: Denial) -> PageError {
        if denial.reason.hides_existence() {
            return PageError::NotFound;
        }
        match denial.reason {
            DenyReason::Reauthenticate => PageError::Reauthenticate,
            reason => PageError::Denied {
                act: Some(DeniedAct {
                    action: denial.action,
                    reason: reason.code(),
                    place: None,
                }),
                findings: vec![denial.into()],
            },
        }
    }
}
