//! Kind 7: growth against a base period.

use kernel::Decimal;

use super::{Outcome, Trouble, round};
use crate::calculate::{Calculator, Name, Operation};
use crate::scheme::{
    BaseNegative, BaseRestated, BelowOrigin, Growth, GrowthMeasure, Operand, OverTarget, Unusable,
};

/// `reads`: value, base, restated base, mark of the level node (as far as the rule has them).
pub(crate) fn growth<C: Calculator>(
    rule: &Growth,
    full: Decimal,
    reads: &[Option<C::Number>],
    calculator: &mut C,
) -> Outcome<C::Number> {
    let mut reads = reads.iter().copied();
    let mut next = || reads.next().flatten();
    let (value, mut base) = (next(), next());
    if rule.base_restated == BaseRestated::Restated && matches!(rule.base, Operand::Item(_)) {
        base = next().or(base);
    }
    let level = rule.level.is_some().then(next);
    let mark = by_growth(rule, full, [value, base], calculator)?;
    let Some(level) = level else { return Ok(mark) };
    let (Some(mark), Some(level)) = (mark, level) else {
        return Ok(None);
    };
    Ok(Some(if calculator.value(level) > calculator.value(mark) {
        calculator.operate("better-of-level", Operation::Maximum, &[mark, level])?
    } else {
        mark
    }))
}

fn by_growth<C: Calculator>(
    rule: &Growth,
    full: Decimal,
    [value, base]: [Option<C::Number>; 2],
    calculator: &mut C,
) -> Outcome<C::Number> {
    let Some(value) = value else { return Ok(None) };
    let Some(base) = base else {
        return Ok(unusable(rule.base_missing, full, calculator));
    };
    let difference =
        calculator.operate("growth-difference", Operation::Subtract, &[value, base])?;
    let growth = match rule.measure {
        GrowthMeasure::Absolute => difference,
        GrowthMeasure::Relative => {
            let Some(divisor) = divisor(rule, base, calculator)? else {
                let answer = if calculator.value(base).is_zero() {
                    rule.base_zero
                } else {
                    rule.base_negative.and_then(BaseNegative::unusable)
                };
                return Ok(unusable(
                    answer.unwrap_or(Unusable::Missing),
                    full,
                    calculator,
                ));
            };
            let hundred = calculator.given(Name::Constant("hundred"), Decimal::from_int(100));
            let product = [hundred, difference];
            let product =
                calculator.operate("hundred-times-difference", Operation::Multiply, &product)?;
            calculator.operate("growth-percent", Operation::Divide, &[product, divisor])?
        }
    };
    let growth = round(calculator, "growth-rounded", rule.round_growth, growth)?;
    Ok(Some(mark_for(rule, full, growth, calculator)?))
}

/// The base where growth can be divided by it.
fn divisor<C: Calculator>(
    rule: &Growth,
    base: C::Number,
    calculator: &mut C,
) -> Outcome<C::Number> {
    let number = calculator.value(base);
    if number > Decimal::ZERO {
        return Ok(Some(base));
    }
    if number.is_zero() || rule.base_negative != Some(BaseNegative::Magnitude) {
        return Ok(None);
    }
    let zero = calculator.given(Name::Constant("zero"), Decimal::ZERO);
    let magnitude = [zero, base];
    Ok(Some(calculator.operate(
        "base-magnitude",
        Operation::Subtract,
        &magnitude,
    )?))
}

/// `full × (growth − zero at) / (full at − zero at)`, with its limits.
fn mark_for<C: Calculator>(
    rule: &Growth,
    full: Decimal,
    growth: C::Number,
    calculator: &mut C,
) -> Result<C::Number, Trouble> {
    let zero_at = calculator.given(Name::Constant("growth-zero-at"), rule.zero_at);
    let full_at = calculator.given(Name::Constant("growth-full-at"), rule.full_at);
    let way = calculator.operate("growth-way", Operation::Subtract, &[full_at, zero_at])?;
    let done = calculator.operate("growth-way-done", Operation::Subtract, &[growth, zero_at])?;
    let full_mark = calculator.given(Name::Constant("full"), full);
    let product = [full_mark, done];
    let product = calculator.operate("full-times-done", Operation::Multiply, &product)?;
    let mark = calculator.operate("mark-for-growth", Operation::Divide, &[product, way])?;
    let number = calculator.value(mark);
    if rule.over_target == OverTarget::Cap && number > full {
        return Ok(calculator.operate("mark-capped", Operation::Minimum, &[mark, full_mark])?);
    }
    if rule.below_origin == BelowOrigin::Floor && number.is_negative() {
        let zero = calculator.given(Name::Constant("zero"), Decimal::ZERO);
        return Ok(calculator.operate("mark-floored", Operation::Maximum, &[mark, zero])?);
    }
    Ok(mark)
}

fn unusable<C: Calculator>(
    answer: Unusable,
    full: Decimal,
    calculator: &mut C,
) -> Option<C::Number> {
    let name = Name::Constant("mark-without-base");
    match answer {
        Unusable::Missing => None,
        Unusable::Zero => Some(calculator.given(name, Decimal::ZERO)),
        Unusable::Full => Some(calculator.given(name, full)),
    }
}

impl BaseNegative {
    /// What the rule gives where it does not divide.
    fn unusable(self) -> Option<Unusable> {
        match self {
            BaseNegative::Missing => Some(Unusable::Missing),
            BaseNegative::Zero => Some(Unusable::Zero),
            BaseNegative::Full => Some(Unusable::Full),
            BaseNegative::Magnitude => None,
        }
    }
}
