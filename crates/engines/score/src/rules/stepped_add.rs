//! Kind 3: marks per unit over a base.

use kernel::{Decimal, Rounding};

use super::Outcome;
use crate::calculate::{Calculator, Name, Operation};
use crate::scheme::{BelowOrigin, Operand, PartSteps, SteppedAdd};

/// `factor` converts figures of the subject to the rule's unit.
pub(crate) fn stepped_add<C: Calculator>(
    rule: &SteppedAdd,
    factor: Decimal,
    [value, base]: [Option<C::Number>; 2],
    calculator: &mut C,
) -> Outcome<C::Number> {
    let (Some(mut value), Some(mut base)) = (value, base) else {
        return Ok(None);
    };
    if factor != Decimal::ONE {
        let factor = calculator.given(Name::Constant("unit-factor"), factor);
        value = calculator.operate("value-in-unit", Operation::Multiply, &[value, factor])?;
        if matches!(rule.base, Operand::Item(_)) {
            base = calculator.operate("base-in-unit", Operation::Multiply, &[base, factor])?;
        }
    }
    let start = calculator.given(Name::Constant("mark-at-base"), rule.mark_at_base);
    let over = calculator.operate("over-base", Operation::Subtract, &[value, base])?;
    if rule.below_base == BelowOrigin::Floor && calculator.value(over).is_negative() {
        return Ok(Some(start));
    }
    let step = calculator.given(Name::Constant("step"), rule.step);
    let per_step = calculator.given(Name::Constant("mark-per-step"), rule.mark_per_step);
    let added = if let Some(mode) = rule.part_steps.rounding() {
        let steps = calculator.operate("steps", Operation::Divide, &[over, step])?;
        let whole = Operation::Round { places: 0, mode };
        let steps = calculator.operate("steps-counted", whole, &[steps])?;
        calculator.operate("marks-for-steps", Operation::Multiply, &[steps, per_step])?
    } else {
        // One division only, at the end.
        let product = [over, per_step];
        let product = calculator.operate("over-times-mark", Operation::Multiply, &product)?;
        calculator.operate("marks-for-steps", Operation::Divide, &[product, step])?
    };
    let marks = [start, added];
    Ok(Some(calculator.operate(
        "mark-with-steps",
        Operation::Add,
        &marks,
    )?))
}

impl PartSteps {
    /// How a number of steps becomes a whole one, by its distance from the base; `None` where it
    /// need not.
    pub(crate) fn rounding(self) -> Option<Rounding> {
        match self {
            PartSteps::Whole => Some(Rounding::Down),
            PartSteps::Begun => Some(Rounding::Up),
            PartSteps::Proportional => None,
        }
    }
}
