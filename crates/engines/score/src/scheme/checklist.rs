//! Kind 8: ticks of a list.

use kernel::Decimal;
use serde::Serialize;

use super::Unusable;
use super::choice::choices;

choices! {
    /// Whether ticks weigh the same.
    Weighting {
        /// All the same.
        Equal = "equal",
        /// Each by its weight.
        Weighted = "weighted",
    }

    /// What a tick between 0 and 1 counts.
    PartialTick {
        /// Its share.
        Share = "share",
        /// Nothing.
        Nothing = "nothing",
        /// It is refused with an error; the node is missing.
        Refuse = "refuse",
    }

    /// What a tick without value is.
    BlankTick {
        /// Not ticked.
        Unticked = "unticked",
        /// Missing, and with it the node.
        Missing = "missing",
    }

    /// What a tick does that does not apply to the subject.
    NotApplicable {
        /// All ticks apply to all; nobody is asked.
        Never = "never",
        /// It leaves the denominator.
        Leaves = "leaves",
        /// It counts as ticked.
        Ticked = "ticked",
    }
}

/// What a tick that must be there does where it is not.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MustMissed {
    /// The list gives 0.
    Zero,
    /// The list gives at most this.
    Cap(Decimal),
}

/// One thing that must be there.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tick {
    /// The item whose value is 1 where it is there and 0 where it is not.
    pub item: String,
    /// Weight; present exactly where the list is weighted. Positive.
    pub weight: Option<Decimal>,
    /// Whether the list fails without it.
    pub must: bool,
}

/// Kind 8. `full × ticked / all that apply`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Checklist {
    /// Whether ticks weigh the same.
    pub weighting: Weighting,
    /// What a part of a tick counts.
    pub partial: PartialTick,
    /// What a tick without value is.
    pub blank: BlankTick,
    /// What does not apply to a subject.
    pub not_applicable: NotApplicable,
    /// Where nothing applies. Only where ticks leave the denominator.
    pub nothing_applies: Option<Unusable>,
    /// Where a tick that must be there is not.
    pub must_missed: MustMissed,
    /// The list.
    pub ticks: Vec<Tick>,
}
