//! Items: the columns that a scheme reads.

use kernel::{Day, Decimal};
use serde::Serialize;

use super::choice::choices;
use super::{NodeRounding, Title};

choices! {
    /// Who supplies an item's value. Usage of the product (log-ins, clicks, time online, tracks)
    /// is not on the list and never will be: what is not a type cannot reach a score.
    ItemSource {
        /// The subject types it and shows evidence; the town verifies it.
        Declared = "declared",
        /// The record holds it; the subject sees it and can only dispute it.
        Record = "record",
        /// A town office or county department enters it.
        Station = "station",
        /// The register of bonus and penalty events counts what was verified. Nothing reads such
        /// an item as a plain figure: how many there were never counts by itself.
        Events = "events",
    }

    /// Which way a value is better.
    Direction {
        /// More is better.
        Higher = "higher",
        /// Less is better.
        Lower = "lower",
        /// Neither: a denominator, a class.
        Neither = "neither",
    }

    /// The time that an item's value speaks of, relative to the round.
    PeriodBasis {
        /// The month that ends the round.
        Month = "month",
        /// The round's quarter.
        Quarter = "quarter",
        /// The round's half-year.
        HalfYear = "half_year",
        /// The round's year.
        Year = "year",
        /// From the first day of the year to the end of the round.
        YearToDate = "year_to_date",
        /// A stock on the last day of the round.
        AtEnd = "at_end",
    }

    /// Which of a subject's values of an item a rule reads.
    Moment {
        /// The verified value of the item's own period.
        Period = "period",
        /// The value on the first day of the period.
        Start = "start",
        /// The value on the last day of the period.
        End = "end",
        /// The value as the subject declared it, before verification.
        Declared = "declared",
        /// The last value known before this period.
        Last = "last",
        /// The value of the previous period of the same length.
        Previous = "previous",
        /// The value of the same period one year earlier.
        SameLastYear = "same_last_year",
        /// The value from the year's first day to the end of the period.
        YearToDate = "year_to_date",
        /// Of events: those verified whose day of occurrence lies in the period.
        Occurred = "occurred",
        /// Of events: those verified that became known or were filed in the period.
        Discovered = "discovered",
        /// Of events: those verified that were ruled on in the period.
        Ruled = "ruled",
        /// Of events: those that were counted for the period and revoked later.
        Revoked = "revoked",
        /// Of events: those of the period that another item counts too, and for more.
        Repeated = "repeated",
        /// Of events: those of the period that several subjects share.
        Joint = "joint",
        /// Of a tick: 0 where it does not apply to the subject.
        Applies = "applies",
        /// Of a base: the figure as it was restated later.
        Restated = "restated",
        /// Of a round's result: as it was when it was first made final.
        Published = "published",
    }
}

impl Moment {
    /// Whether a column of this moment counts events.
    pub fn counts_events(self) -> bool {
        matches!(
            self,
            Moment::Occurred
                | Moment::Discovered
                | Moment::Ruled
                | Moment::Revoked
                | Moment::Repeated
                | Moment::Joint
        )
    }
}

/// What a subject must show for a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Nothing can be attached.
    None,
    /// May be attached.
    Optional,
    /// Must be attached. Evidence is a burden, so asking for it needs a reason, an approver and an
    /// end.
    Required {
        /// Why, for the people who must bring it.
        reason: Title,
        /// The office that approved the burden.
        approver: String,
        /// Last day on which it may be asked.
        until: Day,
    },
}

/// One column: a kind of figure that each subject has.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Item {
    /// Stable across versions of the scheme.
    pub code: String,
    /// Name in both languages.
    pub title: Title,
    /// Unit of the value; the known units (see [`super::Unit`]) can be converted.
    pub unit: super::Unit,
    /// Places after the point that a value may have; `None` for any number of places.
    pub scale: Option<u8>,
    /// Least value that is believed.
    pub minimum: Option<Decimal>,
    /// Largest value that is believed.
    pub maximum: Option<Decimal>,
    /// Who supplies it.
    pub source: ItemSource,
    /// What proves it.
    pub evidence: Evidence,
    /// Which way it is better.
    pub direction: Direction,
    /// What time it speaks of.
    pub period: PeriodBasis,
    /// Whether the county has yet to confirm the definition.
    pub ours: bool,
}

/// A column that a plan needs: an item at a moment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Input {
    /// The item's code.
    pub item: String,
    /// Which of its values.
    pub moment: Moment,
}

impl Input {
    /// The name of the column in files: `households`, `households@start`.
    pub fn name(&self) -> String {
        use super::Choice;
        match self.moment {
            Moment::Period => self.item.clone(),
            moment => format!("{}@{}", self.item, moment.word()),
        }
    }
}

/// A value that a rule reads.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Operand {
    /// The same for all subjects.
    Constant(Decimal),
    /// The subject's value of an item.
    Item(Input),
    /// The subject's value of another node, after its rounding, limits and gates.
    Node(String),
}

choices! {
    /// What a filling policy fills.
    Filled {
        /// Each missing item that the rule reads, before the rule.
        Value = "value",
        /// The node's mark, after the rule.
        Mark = "mark",
    }

    /// Whose values a filling policy looks at. Subjects without rank count too.
    Among {
        /// All subjects.
        All = "all",
        /// The subjects of the same group.
        Group = "group",
    }

    /// What a missing value does where nothing is filled in.
    Fallback {
        /// The subject cannot be submitted; an error names it.
        Block = "block",
        /// The subject stays without score, listed, until somebody decides on its application.
        Appeal = "appeal",
        /// Counts as 0, shown as missing.
        Zero = "zero",
        /// Is left out; the parent's `skipped` says what happens to its weight.
        Skip = "skip",
    }
}

/// What happens where a node has no value. A missing value is never shown as 0.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingPolicy {
    /// Nothing is filled in.
    Leave(Fallback),
    /// The least value of others.
    GroupMinimum {
        /// What is filled.
        fills: Filled,
        /// Whose values.
        among: Among,
        /// Where nobody there has a value.
        otherwise: Fallback,
    },
    /// The mean of the values of others.
    GroupMean {
        /// What is filled.
        fills: Filled,
        /// Whose values.
        among: Among,
        /// Rounding of the mean.
        round: NodeRounding,
        /// Where nobody there has a value.
        otherwise: Fallback,
    },
    /// The subject's last known value of each missing item.
    LastValue {
        /// Where there is none.
        otherwise: Fallback,
    },
}

impl MissingPolicy {
    /// What happens where nothing could be filled in.
    pub fn fallback(&self) -> Fallback {
        match self {
            MissingPolicy::Leave(fallback) => *fallback,
            MissingPolicy::GroupMinimum { otherwise, .. }
            | MissingPolicy::GroupMean { otherwise, .. }
            | MissingPolicy::LastValue { otherwise } => *otherwise,
        }
    }
}
