//! Kind 17: rounds to a year.

use kernel::Decimal;
use serde::Serialize;

use super::choice::choices;

choices! {
    /// How rounds become one number.
    CompositeMethod {
        /// The mean of the rounds.
        Mean = "mean",
        /// The mean by their weights.
        Weighted = "weighted",
        /// The last round that there is, in the order of the list.
        Latest = "latest",
        /// The best round.
        Best = "best",
    }

    /// Which result of an earlier round counts after it was corrected.
    CorrectedRound {
        /// The corrected one.
        Recompute = "recompute",
        /// The one that was first made final.
        Keep = "keep",
    }

    /// What a round without result does: a cadre who came in mid-year, a village of a late merger.
    MissingRound {
        /// The others take over its weight.
        Skip = "skip",
        /// It counts 0.
        Zero = "zero",
        /// The composite is missing.
        Missing = "missing",
    }
}

/// The result of one round.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RoundValue {
    /// The item that holds it.
    pub item: String,
    /// Full mark of that round; positive.
    pub full: Decimal,
    /// Weight; present exactly where the method is weighted. Positive.
    pub weight: Option<Decimal>,
}

/// Kind 17. Results of rounds, each brought to this node's full mark, as one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RoundComposite {
    /// How they become one.
    pub method: CompositeMethod,
    /// What the weights add up to. Only where weighted.
    pub weights_total: Option<Decimal>,
    /// Whether a corrected round counts anew.
    pub corrected: CorrectedRound,
    /// What a missing round does. Not for the latest, which looks for one that is there.
    pub missing_round: Option<MissingRound>,
    /// How many rounds must be there; with fewer the node is missing.
    pub at_least: u32,
    /// The rounds, earliest first.
    pub rounds: Vec<RoundValue>,
}
