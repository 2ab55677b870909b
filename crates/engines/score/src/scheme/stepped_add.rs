//! Kind 3: marks per unit over a base.

use kernel::Decimal;
use serde::Serialize;

use super::choice::choices;
use super::{BelowOrigin, Operand, Unit};

choices! {
    /// What a step that is not full counts.
    PartSteps {
        /// Nothing: only full steps count.
        Whole = "whole",
        /// A full step: 不足一档按一档计.
        Begun = "begun",
        /// Its part.
        Proportional = "proportional",
    }
}

/// Kind 3. `mark at base + steps × mark per step`, where a step is `step` above the base.
///
/// The node's own cap limits the marks; a node without one is warned about.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SteppedAdd {
    /// What is counted in steps.
    pub value: Operand,
    /// Where counting begins: common to all, or a figure of each subject.
    pub base: Operand,
    /// The unit of `step` and of a constant base; the value is converted to it, and so is a base
    /// that is an item (which must have the value's unit).
    pub unit: Unit,
    /// Size of a step; positive.
    pub step: Decimal,
    /// Mark at the base.
    pub mark_at_base: Decimal,
    /// Marks for each step; negative where each step costs marks.
    pub mark_per_step: Decimal,
    /// What a step that is not full counts.
    pub part_steps: PartSteps,
    /// Below the base: stays at the mark of the base, or steps count the other way.
    pub below_base: BelowOrigin,
}
