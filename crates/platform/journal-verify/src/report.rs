//! What a verification found.

use journal::{Hash256, LeafSummary, Origin};
use kernel::{CommandId, Finding, Instant};

/// Most findings that are listed one by one; a last one says how many more there are.
pub const MAX_FINDINGS: usize = 200;

/// The answer of a verification.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The log that the file claims to be.
    pub origin: Option<Origin>,
    /// Leaves that follow each other without a gap from number 0 on.
    pub size: u64,
    /// Root of the tree of these leaves as they read now.
    pub root: Hash256,
    /// Leaves, from number 0 on, that a signed checkpoint proves to be as they were, but for those
    /// that a finding names.
    pub proven: u64,
    /// Every checkpoint whose signature is right, by ascending size.
    pub checkpoints: Vec<CheckpointReport>,
    /// The first leaf that is not as it was signed, or the first of a stretch that holds it.
    pub first_bad: Option<FirstBad>,
    /// Record rows that were compared; 0 without a database.
    pub rows: u64,
    /// Everything that is wrong or worth knowing, in the order of reading.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn holds(&self) -> bool {
        !self.findings.iter().any(Finding::blocks)
    }
}

/// One signed checkpoint, held against the leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckpointReport {
    /// Number of leaves that it covers.
    pub size: u64,
    /// The root that was signed.
    pub root: Hash256,
    /// Whether it was kept outside the database; else it stands in the export.
    pub kept: bool,
    /// Whether the leaves have this root; unknown where leaves are missing before it.
    pub agrees: Option<bool>,
}

/// The first leaf that is not as it was signed.
///
/// Exact where `until` is `number + 1`. Where whoever changed a leaf changed the recorded hash
/// too, only the stretch between two checkpoints is known: it begins with `number`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstBad {
    /// Number of the first leaf in question.
    pub number: u64,
    /// Number after the last leaf in question.
    pub until: u64,
    /// What stands at `number` now; nothing where that leaf is missing or unreadable.
    pub leaf: Option<LeafMark>,
}

/// By what people recognise a leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeafMark {
    /// Its number, from 0 on.
    pub number: u64,
    /// When the command was accepted or denied.
    pub at: Instant,
    /// The command's id.
    pub command: CommandId,
    /// The command's name.
    pub name: String,
}

impl LeafMark {
    pub(crate) fn new(number: u64, leaf: &LeafSummary<'_>) -> LeafMark {
        LeafMark {
            number,
            at: leaf.at,
            command: leaf.command,
            name: leaf.name.to_owned(),
        }
    }

    /// The finding with this leaf's number, time, command and name as arguments.
    pub(crate) fn name_in(&self, finding: Finding) -> Finding {
        finding
            .arg("number", self.number.to_string())
            .arg("time", self.at.minute_text())
            .arg("command", self.command.to_string())
            .arg("name", self.name.clone())
    }
}

/// Findings up to a limit.
#[derive(Default)]
pub(crate) struct Findings {
    listed: Vec<Finding>,
    more: usize,
    more_block: bool,
}

impl Findings {
    pub(crate) fn add(&mut self, finding: Finding) {
        if self.listed.len() < MAX_FINDINGS {
            self.listed.push(finding);
        } else {
            self.more += 1;
            self.more_block |= finding.blocks();
        }
    }

    pub(crate) fn finish(mut self) -> Vec<Finding> {
        if self.more > 0 {
            let more = if self.more_block {
                Finding::error("journal-more")
            } else {
                Finding::note("journal-more")
            };
            self.listed.push(more.arg("count", self.more));
        }
        self.listed
    }
}
