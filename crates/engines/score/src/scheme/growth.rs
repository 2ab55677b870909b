//! Kind 7: growth against a base period.

use kernel::Decimal;
use serde::Serialize;

use super::choice::choices;
use super::{BelowOrigin, NodeRounding, Operand, OverTarget, Unusable};

choices! {
    /// How growth is measured.
    GrowthMeasure {
        /// In percent of the base.
        Relative = "relative",
        /// As the difference.
        Absolute = "absolute",
    }

    /// What a base below 0 does to growth in percent.
    BaseNegative {
        /// Nothing comes out; the node's missing policy applies.
        Missing = "missing",
        /// 0.
        Zero = "zero",
        /// The full mark.
        Full = "full",
        /// The difference is divided by the base without its sign.
        Magnitude = "magnitude",
    }

    /// Which base counts where it was restated: a merger, a split, a correction.
    BaseRestated {
        /// The one that was known first.
        Original = "original",
        /// The restated one, where there is one.
        Restated = "restated",
    }
}

/// Kind 7. Marks in proportion to growth, from `zero_at` to `full_at`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Growth {
    /// The figure now.
    pub value: Operand,
    /// The figure it is compared with; where it is an item, its moment says of which period.
    pub base: Operand,
    /// Which base counts where it was restated; asks for a base that is an item.
    pub base_restated: BaseRestated,
    /// In percent, or as a difference.
    pub measure: GrowthMeasure,
    /// Rounding of the growth before it becomes a mark.
    pub round_growth: NodeRounding,
    /// Growth with the mark 0.
    pub zero_at: Decimal,
    /// Growth with the full mark.
    pub full_at: Decimal,
    /// Beyond `full_at`.
    pub over_target: OverTarget,
    /// On the other side of `zero_at`.
    pub below_origin: BelowOrigin,
    /// Where there is no base.
    pub base_missing: Unusable,
    /// A base of 0. Only where measured in percent.
    pub base_zero: Option<Unusable>,
    /// A base below 0. Only where measured in percent.
    pub base_negative: Option<BaseNegative>,
    /// A node whose mark counts instead where it is greater: who already has much grows slowly.
    pub level: Option<String>,
}
