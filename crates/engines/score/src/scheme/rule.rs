//! The rules that give a node its mark.

use kernel::Decimal;
use serde::Serialize;

use super::choice::choices;
use super::{
    Checklist, Deduction, EventList, Fallback, Growth, Kind, NodeRounding, Operand, Range,
    RoundComposite, SteppedAdd, Unit,
};

/// How a node gets its mark. One variant per kind that a node can have.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(
    clippy::large_enum_variant,
    reason = "a scheme has hundreds of rules, not millions; a box would only be in the way"
)]
pub enum Rule {
    /// Bands of a value.
    TierTable(TierTable),
    /// The way from an origin to a target.
    Interpolation(Interpolation),
    /// Marks per unit over a base.
    SteppedAdd(SteppedAdd),
    /// Marks off per occurrence.
    Deduction(Deduction),
    /// Numerator through denominator.
    Ratio(Ratio),
    /// Growth against a base period.
    Growth(Growth),
    /// Ticks of a list.
    Checklist(Checklist),
    /// Bonus events.
    Bonus(EventList),
    /// Penalty events.
    Penalty(EventList),
    /// Rounds to a year.
    RoundComposite(RoundComposite),
    /// An index between goalposts.
    Goalpost(Goalpost),
    /// The node's children.
    RollUp(RollUp),
    /// The escape hatch: an expression of the formula language over items.
    Formula(FormulaRule),
}

impl Rule {
    /// The kind of the specification; `None` for a formula.
    pub fn kind(&self) -> Option<Kind> {
        Some(match self {
            Rule::TierTable(_) => Kind::TierTable,
            Rule::Interpolation(_) => Kind::Interpolation,
            Rule::SteppedAdd(_) => Kind::SteppedAdd,
            Rule::Deduction(_) => Kind::Deduction,
            Rule::Ratio(_) => Kind::Ratio,
            Rule::Growth(_) => Kind::Growth,
            Rule::Checklist(_) => Kind::Checklist,
            Rule::Bonus(_) => Kind::Bonus,
            Rule::Penalty(_) => Kind::Penalty,
            Rule::RoundComposite(_) => Kind::RoundComposite,
            Rule::Goalpost(_) => Kind::Goalpost,
            Rule::RollUp(_) => Kind::RollUp,
            Rule::Formula(_) => return None,
        })
    }
}

/// Kind 1. `lo ≤ v < hi → marks`, with every edge's side written out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TierTable {
    /// What is looked up.
    pub value: Operand,
    /// The unit of the edges; the value is converted to it.
    pub unit: Unit,
    /// Rounding of the value (in `unit`) before it is looked up.
    pub round_value: NodeRounding,
    /// The bands, without gaps and overlaps, in ascending or descending order.
    pub tiers: Vec<Tier>,
}

/// A band of a tier table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tier {
    /// Which values fall into it.
    pub range: Range,
    /// The mark they get.
    pub mark: Decimal,
}

choices! {
    /// What happens to a mark beyond the target.
    OverTarget {
        /// It stays at the mark of the target.
        Cap = "cap",
        /// It goes on growing at the same rate.
        Extend = "extend",
    }

    /// What happens to a mark on the wrong side of the origin.
    BelowOrigin {
        /// It stays at the mark of the origin.
        Floor = "floor",
        /// It goes on falling at the same rate.
        Extend = "extend",
    }

    /// What a rule gives where its divisor has no usable value.
    Unusable {
        /// Nothing; the node's missing policy applies.
        Missing = "missing",
        /// 0.
        Zero = "zero",
        /// The full mark.
        Full = "full",
    }

    /// What happens to a ratio above 1.
    OverOne {
        /// It counts as 1.
        Cap = "cap",
        /// It counts as it is.
        Keep = "keep",
        /// The value is refused with an error; the node is missing.
        Refuse = "refuse",
    }

    /// The scale between goalposts.
    GoalpostScale {
        /// In proportion to the value.
        Linear = "linear",
        /// In proportion to the natural logarithm of the value.
        Logarithmic = "logarithmic",
    }

    /// What happens to a value outside the goalposts.
    Outside {
        /// It counts as the goalpost.
        Truncate = "truncate",
        /// The index goes beyond 0 or 1.
        Extend = "extend",
        /// The value is refused with an error; the node is missing.
        Refuse = "refuse",
    }

    /// Which end of the goalposts is the good one.
    Better {
        /// The high one.
        Higher = "higher",
        /// The low one.
        Lower = "lower",
    }
}

/// Kind 2. Completion of a target.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Interpolation {
    /// What was reached.
    pub value: Operand,
    /// Where the way begins: 0 or a base value.
    pub origin: Operand,
    /// Where it ends.
    pub target: Operand,
    /// What happens where the target changed within the period.
    pub target_changed: TargetChanged,
    /// Mark at the origin.
    pub mark_at_origin: Decimal,
    /// Mark at the target.
    pub mark_at_target: Decimal,
    /// Beyond the target.
    pub over_target: OverTarget,
    /// On the wrong side of the origin; a negative value with origin 0 is such a one.
    pub below_origin: BelowOrigin,
    /// Where there is no target.
    pub target_missing: Unusable,
    /// Where the target is the origin (a target of 0 with origin 0).
    pub target_zero: Unusable,
}

/// Which target counts where it changed within the period.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetChanged {
    /// It cannot change, or the change does not count: the value of `target` is used.
    Latest,
    /// The target that was in force first, where there is one; else `target`.
    First {
        /// The first target.
        first: Operand,
    },
    /// Both, weighted by the days in force, where there is a first one; else `target`.
    ByDays {
        /// The first target.
        first: Operand,
        /// Days that the first target was in force.
        days_before: Operand,
        /// Days that `target` was in force.
        days_after: Operand,
    },
}

/// Kind 5. A share of the full mark.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ratio {
    /// Above the line.
    pub numerator: Operand,
    /// Below the line; where it is an item, its moment says at which date it is frozen.
    pub denominator: Operand,
    /// Where the denominator is 0.
    pub denominator_zero: Unusable,
    /// Where the ratio is above 1.
    pub over_one: OverOne,
    /// Rounding of the ratio as a percentage, before it becomes a mark.
    pub percent: NodeRounding,
}

/// Kind 26. `full × (v − low) / (high − low)`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Goalpost {
    /// What is placed between the goalposts.
    pub value: Operand,
    /// The low goalpost.
    pub low: Decimal,
    /// The high goalpost.
    pub high: Decimal,
    /// Linear, or by logarithm.
    pub scale: GoalpostScale,
    /// Rounding of each logarithm; exact means 24 significant digits. Only where logarithmic.
    pub round_logarithm: Option<NodeRounding>,
    /// A value of 0 or less, which has no logarithm. Only where logarithmic.
    pub not_positive: Option<NotPositive>,
    /// Below the low goalpost.
    pub below: Outside,
    /// Above the high goalpost.
    pub above: Outside,
    /// Which goalpost gives the full mark.
    pub better: Better,
}

choices! {
    /// What a value without logarithm gives.
    NotPositive {
        /// Nothing; the node's missing policy applies.
        Missing = "missing",
        /// It counts as the low goalpost.
        Low = "low",
        /// The value is refused with an error; the node is missing.
        Refuse = "refuse",
    }

    /// How children become one number.
    Aggregator {
        /// Additive points.
        Sum = "sum",
        /// Mean with the children's weights.
        WeightedMean = "weighted_mean",
        /// Plain mean.
        Mean = "mean",
        /// n-th root of the product.
        GeometricMean = "geometric_mean",
        /// Product of powers, the exponents being the children's weights.
        WeightedGeometricMean = "weighted_geometric_mean",
        /// The least.
        Minimum = "minimum",
        /// The greatest.
        Maximum = "maximum",
        /// Sum of the k best.
        BestSum = "best_sum",
        /// Mean of the k best.
        BestMean = "best_mean",
        /// Product.
        Product = "product",
    }

    /// What of a child is aggregated.
    Basis {
        /// Its mark.
        Mark = "mark",
        /// Its mark divided by its full mark; the outcome is multiplied by the parent's full mark.
        Share = "share",
    }

    /// What happens to the weight of a child that is skipped.
    Skipped {
        /// The others take it over: the means divide by what is there, the sum is scaled up by
        /// the full marks that are there.
        ReWeight = "re_weight",
        /// Nobody takes it over: the means divide by all, the sum stays as it is.
        LeaveOut = "leave_out",
    }

    /// What fewer children than k do to the k best.
    Fewer {
        /// Those that are there are taken; `skipped` says by what a mean divides.
        UsePresent = "use_present",
        /// The parent is missing.
        Missing = "missing",
    }

    /// How the share of children that are there is counted.
    AvailabilityBy {
        /// By number.
        Count = "count",
        /// By weight, or by full mark where the aggregator has no weights.
        Weight = "weight",
    }

    /// Where availability begins to be too little.
    TooLittle {
        /// Strictly below the percentage.
        Below = "below",
        /// At the percentage or below it.
        AtOrBelow = "at_or_below",
    }
}

/// What a child of 0 does to a geometric mean.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Zeros {
    /// The mean is 0.
    Zero,
    /// The child is skipped.
    Skip,
    /// The mean is missing.
    Missing,
    /// The child counts as this small number.
    Floor(Decimal),
}

/// How many children must be there.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Availability {
    /// Percent of the children, 0 to 100.
    pub percent: Decimal,
    /// By number or by weight.
    pub by: AvailabilityBy,
    /// Whether exactly so many suffice.
    pub too_little: TooLittle,
}

/// Kind 16. Children to parent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RollUp {
    /// How children become one number.
    pub aggregator: Aggregator,
    /// Marks or shares of the full mark.
    pub basis: Basis,
    /// What the children's weights add up to. Only for weighted aggregators.
    pub weights_total: Option<Decimal>,
    /// What a child of 0 does. Only for geometric means.
    pub zeros: Option<Zeros>,
    /// How many are the best, and what fewer do. Only for the k best.
    pub best: Option<BestCount>,
    /// What happens to the weight of a skipped child. Not for minimum, maximum and product.
    pub skipped: Option<Skipped>,
    /// How many children must be there; `None` where any one suffices.
    pub availability: Option<Availability>,
}

/// The k of the k best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BestCount {
    /// How many.
    pub count: u32,
    /// Where there are fewer.
    pub fewer: Fewer,
}

impl Aggregator {
    /// Whether the children need weights.
    pub fn is_weighted(self) -> bool {
        matches!(
            self,
            Aggregator::WeightedMean | Aggregator::WeightedGeometricMean
        )
    }

    /// Whether a child of 0 is a question.
    pub fn is_geometric(self) -> bool {
        matches!(
            self,
            Aggregator::GeometricMean | Aggregator::WeightedGeometricMean
        )
    }

    /// Whether it takes the k best.
    pub fn is_best(self) -> bool {
        matches!(self, Aggregator::BestSum | Aggregator::BestMean)
    }

    /// Whether the weight of a skipped child is a question.
    pub fn asks_skipped(self) -> bool {
        !matches!(
            self,
            Aggregator::Minimum | Aggregator::Maximum | Aggregator::Product
        )
    }
}

/// A formula over items; see the crate `formula`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FormulaRule {
    /// The text. Names are item codes; `previous(x)`, `same_last_year(x)` and `year_to_date(x)`
    /// read the item at another moment.
    pub expression: String,
}

choices! {
    /// Which value of an item a gate tests.
    Tested {
        /// As the subject declared it.
        Declared = "declared",
        /// As it was verified.
        Verified = "verified",
    }

    /// What a missing value does at a gate.
    GateMissing {
        /// It passes.
        Pass = "pass",
        /// It fails.
        Fail = "fail",
    }
}

/// What a gate that fails does.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GateEffect {
    /// The node counts 0.
    Zero,
    /// The node counts at most this.
    Cap(Decimal),
    /// The grade is at best this one. The only late effect: it acts after the bands.
    GradeLimit(String),
}

/// Kind 9. A condition at a node.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Gate {
    /// Stable across versions.
    pub code: String,
    /// Name in both languages.
    pub title: super::Title,
    /// The node it stands at.
    pub node: String,
    /// What is tested.
    pub value: Operand,
    /// Whether the declared or the verified value of an item is tested.
    pub tested: Tested,
    /// The values that pass.
    pub passes: Range,
    /// What a missing value does.
    pub missing: GateMissing,
    /// What failing does.
    pub effect: GateEffect,
    /// Whether the county has yet to confirm it.
    pub ours: bool,
}

/// Kept here so that a policy of a rule can say what remains.
impl From<Fallback> for super::MissingPolicy {
    fn from(fallback: Fallback) -> super::MissingPolicy {
        super::MissingPolicy::Leave(fallback)
    }
}
