//! The typed scheme: what a scheme file says, without its spelling.
//!
//! Every question of meaning is a field, and no field has a default. Two schemes are the same if
//! their [`Scheme`] values are equal, however they were written.

mod checklist;
mod choice;
mod events;
mod growth;
mod item;
mod kind;
mod outcome;
mod range;
mod round_composite;
mod rule;
mod stepped_add;

use kernel::{Decimal, Rounding};
use serde::Serialize;

pub use checklist::{
    BlankTick, Checklist, MustMissed, NotApplicable, PartialTick, Tick, Weighting,
};
pub use choice::Choice;
pub(crate) use events::counted;
pub use events::{
    DatedBy, Deduction, EventClass, EventEntry, EventList, Repeat, Revoked, SameFact, Several,
};
pub use growth::{BaseNegative, BaseRestated, Growth, GrowthMeasure};
pub use item::{
    Among, Direction, Evidence, Fallback, Filled, Input, Item, ItemSource, MissingPolicy, Moment,
    Operand, PeriodBasis,
};
pub use kernel::Unit;
pub use kind::Kind;
pub use outcome::{
    Band, Best, Earlier, EvaluationOrder, Excluded, Grades, On, RankBy, RankMethod, Ranking,
    SeveralLimits, TieBreak,
};
pub use range::{Edge, NotARange, Range};
pub use round_composite::{
    CompositeMethod, CorrectedRound, MissingRound, RoundComposite, RoundValue,
};
pub use rule::{
    Aggregator, Availability, AvailabilityBy, Basis, BelowOrigin, BestCount, Better, Fewer,
    FormulaRule, Gate, GateEffect, GateMissing, Goalpost, GoalpostScale, Interpolation,
    NotPositive, Outside, OverOne, OverTarget, Ratio, RollUp, Rule, Skipped, TargetChanged, Tested,
    Tier, TierTable, TooLittle, Unusable, Zeros,
};
pub use stepped_add::{PartSteps, SteppedAdd};

/// A name in both languages of the product.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Title {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// The rounding of a number, with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeRounding {
    /// Not rounded (divisions, roots and logarithms keep 24 significant digits).
    Exact,
    /// To so many places, in the named way.
    Places {
        /// Places after the point, 0 to 12.
        places: u8,
        /// How.
        mode: Rounding,
    },
}

/// Most places of a rounding, and most places of an item's scale.
pub const MAX_PLACES: u8 = 12;

impl NodeRounding {
    /// The number, rounded.
    #[must_use]
    pub fn apply(self, value: Decimal) -> Decimal {
        match self {
            NodeRounding::Exact => value,
            NodeRounding::Places { places, mode } => value.round(places, mode),
        }
    }
}

/// A node of the scheme's tree.
///
/// A node without parent that is not the root counts for nothing by itself; other rules may read
/// it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SchemeNode {
    /// Stable across versions.
    pub code: String,
    /// The code of the node it counts for.
    pub parent: Option<String>,
    /// Name in both languages.
    pub title: Title,
    /// Full mark.
    pub full: Decimal,
    /// Weight within the parent; present exactly where the parent's aggregator is weighted.
    pub weight: Option<Decimal>,
    /// How it gets its mark.
    pub rule: Rule,
    /// Place and mode of rounding.
    pub round: NodeRounding,
    /// Most that it counts.
    pub cap: Option<Decimal>,
    /// Least that it counts.
    pub floor: Option<Decimal>,
    /// What happens where it has no value.
    pub missing: MissingPolicy,
    /// Whether the county has yet to confirm its figures.
    pub ours: bool,
}

/// A scheme: items, the tree of nodes, gates, grade and rank.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scheme {
    /// Stable across versions.
    pub code: String,
    /// Version as the county writes it.
    pub version: String,
    /// Name in both languages.
    pub title: Title,
    /// The column that names the subjects; `None` for a file's first column.
    pub subject: Option<String>,
    /// The column that names their groups; `None` where there are none.
    pub group: Option<String>,
    /// Order of evaluation.
    pub order: EvaluationOrder,
    /// The node that is the score.
    pub root: String,
    /// The columns it reads.
    pub items: Vec<Item>,
    /// The tree, in the order of the file.
    pub nodes: Vec<SchemeNode>,
    /// Conditions.
    pub gates: Vec<Gate>,
    /// Grades; `None` where the scheme gives none.
    pub grade: Option<Grades>,
    /// Ranks; `None` where the scheme gives none.
    pub rank: Option<Ranking>,
}

impl Scheme {
    /// Position of an item.
    pub fn item_index(&self, code: &str) -> Option<usize> {
        self.items.iter().position(|item| item.code == code)
    }

    /// Position of a node.
    pub fn node_index(&self, code: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.code == code)
    }

    /// Positions of a node's children, in the order of the file.
    pub fn children(&self, code: &str) -> Vec<usize> {
        let is_child = |node: &SchemeNode| node.parent.as_deref() == Some(code);
        (0..self.nodes.len())
            .filter(|&index| is_child(&self.nodes[index]))
            .collect()
    }
}
