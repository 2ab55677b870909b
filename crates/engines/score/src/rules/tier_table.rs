//! Kind 1: bands of a value give marks.

use kernel::Decimal;

use super::{Outcome, Trouble, round};
use crate::calculate::{Calculator, Name, Operation};
use crate::scheme::TierTable;

/// `factor` converts the value's unit to the table's.
pub(crate) fn tier_table<C: Calculator>(
    rule: &TierTable,
    factor: Decimal,
    value: Option<C::Number>,
    calculator: &mut C,
) -> Outcome<C::Number> {
    let Some(mut value) = value else {
        return Ok(None);
    };
    if factor != Decimal::ONE {
        let factor = calculator.given(Name::Constant("unit-factor"), factor);
        value = calculator.operate("value-in-unit", Operation::Multiply, &[value, factor])?;
    }
    let value = round(calculator, "value-rounded", rule.round_value, value)?;
    let number = calculator.value(value);
    let tier = rule.tiers.iter().find(|tier| tier.range.contains(number));
    let Some(tier) = tier else {
        return Err(Trouble::Refused("value-outside-tiers"));
    };
    let look_up = Operation::LookUp {
        range: tier.range,
        mark: tier.mark,
    };
    Ok(Some(calculator.operate("tier-mark", look_up, &[value])?))
}
