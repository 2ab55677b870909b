//! What an evaluation gives.

use kernel::Decimal;

use crate::bitmap::Bitmap;
use crate::column::Column;

/// The marks of a node.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeColumn {
    /// What counts, after rounding, limits, policies and gates.
    pub marks: Column,
    /// Who has no value of its own, whatever its policy made of it. Shown as missing, never as 0.
    pub missing: Bitmap,
    /// Whose node and everything above it stays without mark, because a missing value blocks or
    /// waits for a decision.
    pub held: Bitmap,
}

/// A subject's mark of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A mark of its own.
    Mark(Decimal),
    /// Missing; `counted` is what the policy put in its place.
    Missing {
        /// What counts instead; `None` where nothing does.
        counted: Option<Decimal>,
        /// Whether everything above stays without mark.
        held: bool,
    },
}

impl Cell {
    /// What counts.
    pub fn counted(self) -> Option<Decimal> {
        match self {
            Cell::Mark(mark) => Some(mark),
            Cell::Missing { counted, .. } => counted,
        }
    }
}

/// As result files print it: the mark, or `missing`.
impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Cell::Mark(mark) => mark.fmt(f),
            Cell::Missing { .. } => f.write_str("missing"),
        }
    }
}

/// The results of a plan over columns. Positions of subjects are those of the columns, positions
/// of nodes, gates and grades those of the scheme.
#[derive(Clone, Debug, PartialEq)]
pub struct Results {
    pub(crate) nodes: Vec<NodeColumn>,
    /// Who failed each gate.
    pub(crate) gates: Vec<Bitmap>,
    /// A number per group for each fill of the plan; the last is for subjects without group.
    pub(crate) fills: Vec<Vec<Option<Decimal>>>,
    /// As `fills`, for nodes whose marks are filled; empty for the others.
    pub(crate) mark_fills: Vec<Vec<Option<Decimal>>>,
    pub(crate) grades: Vec<Option<u16>>,
    pub(crate) ranks: Vec<Option<u32>>,
    pub(crate) ranks_in_group: Vec<Option<u32>>,
    pub(crate) excluded: Bitmap,
    pub(crate) root: usize,
}

impl Results {
    /// A subject's mark of a node.
    pub fn cell(&self, node: usize, subject: usize) -> Cell {
        let column = &self.nodes[node];
        let mark = column.marks.get(subject);
        match mark {
            Some(mark) if !column.missing.get(subject) => Cell::Mark(mark),
            counted => Cell::Missing {
                counted,
                held: column.held.get(subject),
            },
        }
    }

    /// A subject's score: its mark of the root.
    pub fn score(&self, subject: usize) -> Cell {
        self.cell(self.root, subject)
    }

    /// The column of a node.
    pub fn node(&self, node: usize) -> &NodeColumn {
        &self.nodes[node]
    }

    /// Position of a subject's grade among the scheme's bands, after the limits of gates.
    pub fn grade(&self, subject: usize) -> Option<usize> {
        self.grades.get(subject).copied().flatten().map(usize::from)
    }

    /// A subject's rank among all, from 1.
    pub fn rank(&self, subject: usize) -> Option<u32> {
        self.ranks.get(subject).copied().flatten()
    }

    /// A subject's rank within its group, from 1.
    pub fn rank_in_group(&self, subject: usize) -> Option<u32> {
        self.ranks_in_group.get(subject).copied().flatten()
    }

    /// Whether a subject is listed without rank by the scheme's own rule.
    pub fn is_excluded(&self, subject: usize) -> bool {
        self.excluded.get(subject)
    }

    /// Whether a subject failed a gate.
    pub fn fails_gate(&self, gate: usize, subject: usize) -> bool {
        self.gates
            .get(gate)
            .is_some_and(|failed| failed.get(subject))
    }
}
