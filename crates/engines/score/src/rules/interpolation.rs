//! Kind 2: marks in proportion to the way from an origin to a target.

use kernel::Decimal;

use super::Outcome;
use crate::calculate::{Calculator, Name, Operation};
use crate::scheme::{BelowOrigin, Interpolation, OverTarget, TargetChanged, Unusable};

/// `reads`: value, origin, target, first target, days before, days after (as far as the rule has
/// them).
pub(crate) fn interpolation<C: Calculator>(
    rule: &Interpolation,
    reads: &[Option<C::Number>],
    calculator: &mut C,
) -> Outcome<C::Number> {
    let read = |position: usize| reads.get(position).copied().flatten();
    let (Some(value), Some(origin)) = (read(0), read(1)) else {
        return Ok(None);
    };
    let Some(target) = target_in_force(rule, reads, calculator)? else {
        return Ok(unusable(rule, rule.target_missing, calculator));
    };
    let way = calculator.operate("way", Operation::Subtract, &[target, origin])?;
    if calculator.value(way).is_zero() {
        return Ok(unusable(rule, rule.target_zero, calculator));
    }
    let done = calculator.operate("way-done", Operation::Subtract, &[value, origin])?;
    let start = calculator.given(Name::Constant("mark-at-origin"), rule.mark_at_origin);
    let end = calculator.given(Name::Constant("mark-at-target"), rule.mark_at_target);
    let span = if rule.mark_at_origin.is_zero() {
        end
    } else {
        calculator.operate("mark-span", Operation::Subtract, &[end, start])?
    };
    let product = calculator.operate("way-times-mark", Operation::Multiply, &[done, span])?;
    let mut mark = calculator.operate("mark-for-way", Operation::Divide, &[product, way])?;
    if !rule.mark_at_origin.is_zero() {
        mark = calculator.operate("mark-from-origin", Operation::Add, &[start, mark])?;
    }
    let rising = rule.mark_at_target >= rule.mark_at_origin;
    let (low, high) = if rising { (start, end) } else { (end, start) };
    let (floors, caps) = (
        rule.below_origin == BelowOrigin::Floor,
        rule.over_target == OverTarget::Cap,
    );
    let (floors, caps) = if rising {
        (floors, caps)
    } else {
        (caps, floors)
    };
    let number = calculator.value(mark);
    if caps && number > calculator.value(high) {
        mark = calculator.operate("mark-capped", Operation::Minimum, &[mark, high])?;
    } else if floors && number < calculator.value(low) {
        mark = calculator.operate("mark-floored", Operation::Maximum, &[mark, low])?;
    }
    Ok(Some(mark))
}

/// The target that counts where it may have changed within the period.
fn target_in_force<C: Calculator>(
    rule: &Interpolation,
    reads: &[Option<C::Number>],
    calculator: &mut C,
) -> Outcome<C::Number> {
    let read = |position: usize| reads.get(position).copied().flatten();
    let Some(latest) = read(2) else {
        return Ok(None);
    };
    let Some(first) = read(3) else {
        return Ok(Some(latest));
    };
    match rule.target_changed {
        TargetChanged::Latest => Ok(Some(latest)),
        TargetChanged::First { .. } => Ok(Some(first)),
        TargetChanged::ByDays { .. } => {
            let (Some(before), Some(after)) = (read(4), read(5)) else {
                return Ok(None);
            };
            let first = calculator.operate("target-days", Operation::Multiply, &[first, before])?;
            let last = calculator.operate("target-days", Operation::Multiply, &[latest, after])?;
            let sum = calculator.operate("target-days-sum", Operation::Add, &[first, last])?;
            let days = calculator.operate("days", Operation::Add, &[before, after])?;
            if calculator.value(days).is_zero() {
                return Ok(None);
            }
            let target = calculator.operate("target-by-days", Operation::Divide, &[sum, days])?;
            Ok(Some(target))
        }
    }
}

fn unusable<C: Calculator>(
    rule: &Interpolation,
    unusable: Unusable,
    calculator: &mut C,
) -> Option<C::Number> {
    match unusable {
        Unusable::Missing => None,
        Unusable::Zero => {
            Some(calculator.given(Name::Constant("mark-without-target"), Decimal::ZERO))
        }
        Unusable::Full => {
            Some(calculator.given(Name::Constant("mark-without-target"), rule.mark_at_target))
        }
    }
}
