//! Why a command was not carried out.

use kernel::Finding;
use serde::{Deserialize, Serialize};
use store::StoreError;

/// The kind of a refusal; each has its HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// What was sent cannot be accepted: 422.
    Invalid,
    /// This person may not do this here: 403. Leaves a leaf in the journal.
    Denied,
    /// The password (and second factor) must be given again first: 403.
    Reauthenticate,
    /// No such thing, or none that this person may know of: 404.
    NotFound,
    /// Somebody was faster, or this command id was used for something else: 409.
    Conflict,
    /// Too many tries: 429.
    TooMany,
    /// The store cannot write at present: 503. Nothing was done.
    Unavailable,
    /// A defect of the program: 500. Nothing was done.
    Bug,
}

impl RefusalKind {
    /// The HTTP status code.
    pub fn status(self) -> u16 {
        match self {
            RefusalKind::Invalid => 422,
            RefusalKind::Denied | RefusalKind::Reauthenticate => 403,
            RefusalKind::NotFound => 404,
            RefusalKind::Conflict => 409,
            RefusalKind::TooMany => 429,
            RefusalKind::Unavailable => 503,
            RefusalKind::Bug => 500,
        }
    }
}

/// A refusal: its kind and, for people, its findings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The kind.
    pub kind: RefusalKind,
    /// What to tell the person; never empty.
    pub findings: Vec<Finding>,
}

impl Refusal {
    /// A refusal with one finding.
    pub fn new(kind: RefusalKind, finding: Finding) -> Refusal {
        Refusal {
            kind,
            findings: vec![finding],
        }
    }

    /// What was sent cannot be accepted.
    pub fn invalid(findings: Vec<Finding>) -> Refusal {
        Refusal {
            kind: RefusalKind::Invalid,
            findings,
        }
    }

    /// No such thing, or none that this person may know of.
    pub fn not_found(kind: &'static str) -> Refusal {
        Refusal::new(
            RefusalKind::NotFound,
            Finding::error("not-found").arg("kind", kind),
        )
    }

    /// The thing was changed since the person saw it; `who` and `when` name the change.
    pub fn lost_race(who: &str, when: kernel::Instant) -> Refusal {
        let finding = Finding::error("changed-since")
            .arg("who", who)
            .arg("when", when.minute_text());
        Refusal::new(RefusalKind::Conflict, finding)
    }

    /// Nobody knows whether it was done.
    pub fn outcome_unknown() -> Refusal {
        Refusal::new(
            RefusalKind::Unavailable,
            Finding::error("store-outcome-unknown"),
        )
    }

    /// Whether it leaves open if it was done.
    pub fn leaves_open(&self) -> bool {
        self.findings
            .iter()
            .any(|found| found.code == "store-outcome-unknown")
    }

    /// A defect of the program, with words for the log.
    pub fn bug(what: &str) -> Refusal {
        tracing::error!(what, "defect");
        Refusal::new(RefusalKind::Bug, Finding::error("defect"))
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.kind)?;
        for finding in &self.findings {
            write!(f, "; {finding}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}

impl From<Finding> for Refusal {
    fn from(finding: Finding) -> Refusal {
        Refusal::new(RefusalKind::Invalid, finding)
    }
}

impl From<Vec<Finding>> for Refusal {
    fn from(findings: Vec<Finding>) -> Refusal {
        Refusal::invalid(findings)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Refusal {
        let unavailable = |code| Refusal::new(RefusalKind::Unavailable, Finding::error(code));
        match error {
            StoreError::Busy => unavailable("store-busy"),
            StoreError::Conflict { constraint, .. } => Refusal::new(
                RefusalKind::Conflict,
                Finding::error("already-there").arg("constraint", constraint),
            ),
            StoreError::OutcomeUnknown(why) => {
                tracing::warn!(why, "nobody knows whether a transaction was kept");
                Refusal::outcome_unknown()
            }
            StoreError::ReadOnly(_)
            | StoreError::DiskFull
            | StoreError::Unavailable(_)
            | StoreError::Closed => {
                tracing::warn!(%error, "the store cannot write");
                unavailable("store-unavailable")
            }
            StoreError::NewerSchema { .. } | StoreError::Unsuitable(_) | StoreError::Bug(_) => {
                Refusal::bug(&error.to_string())
            }
        }
    }
}

impl From<directory::WriteError> for Refusal {
    fn from(error: directory::WriteError) -> Refusal {
        match error {
            directory::WriteError::Findings(findings) => Refusal::invalid(findings),
            directory::WriteError::Store(error) => error.into(),
        }
    }
}
