//! Why nothing was written.

use kernel::Finding;
use store::StoreError;

/// Why nothing was written.
#[derive(Clone, Debug, PartialEq)]
pub enum WriteError {
    /// What was given cannot be accepted; never empty.
    Findings(Vec<Finding>),
    /// The database.
    Store(StoreError),
}

impl WriteError {
    /// An error where one of the findings blocks.
    pub fn refuse_if_any(findings: Vec<Finding>) -> Result<(), WriteError> {
        if findings.iter().any(Finding::blocks) {
            return Err(WriteError::Findings(findings));
        }
        Ok(())
    }
}

impl From<StoreError> for WriteError {
    fn from(error: StoreError) -> WriteError {
        WriteError::Store(error)
    }
}

impl From<Finding> for WriteError {
    fn from(finding: Finding) -> WriteError {
        WriteError::Findings(vec![finding])
    }
}

impl std::fmt::Display for WriteError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            WriteError::Findings(findings) => {
                for (index, finding) in findings.iter().enumerate() {
                    let gap = if index > 0 { "; " } else { "" };
                    write!(f, "{gap}{finding}")?;
                }
                Ok(())
            }
            WriteError::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for WriteError {}
