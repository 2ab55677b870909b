//! Kind 26: an index between goalposts.

use kernel::Decimal;

use super::{Outcome, Trouble, round};
use crate::calculate::{Calculator, Name, Operation};
use crate::scheme::{Better, Goalpost, GoalpostScale, NodeRounding, NotPositive, Outside};

pub(crate) fn goalpost<C: Calculator>(
    rule: &Goalpost,
    full: Decimal,
    value: Option<C::Number>,
    calculator: &mut C,
) -> Outcome<C::Number> {
    let Some(value) = value else {
        return Ok(None);
    };
    let low = calculator.given(Name::Constant("low"), rule.low);
    let high = calculator.given(Name::Constant("high"), rule.high);
    let Some(value) = inside(rule, value, [low, high], calculator)? else {
        return Ok(None);
    };
    let logarithmic = rule.scale == GoalpostScale::Logarithmic;
    let [value, low, high] = if logarithmic {
        let rounding = rule.round_logarithm.unwrap_or(NodeRounding::Exact);
        let mut logarithm = |number: C::Number, names: [&'static str; 2]| {
            let ln = calculator.operate(names[0], Operation::NaturalLogarithm, &[number])?;
            round(calculator, names[1], rounding, ln)
        };
        [
            logarithm(value, ["ln-value", "ln-value-rounded"])?,
            logarithm(low, ["ln-low", "ln-low-rounded"])?,
            logarithm(high, ["ln-high", "ln-high-rounded"])?,
        ]
    } else {
        [value, low, high]
    };
    let way = calculator.operate("goalpost-way", Operation::Subtract, &[high, low])?;
    let done = match rule.better {
        Better::Higher => [value, low],
        Better::Lower => [high, value],
    };
    let done = calculator.operate("goalpost-done", Operation::Subtract, &done)?;
    let product = if full == Decimal::ONE {
        done
    } else {
        let full = calculator.given(Name::Constant("full"), full);
        calculator.operate("full-times-done", Operation::Multiply, &[full, done])?
    };
    Ok(Some(calculator.operate(
        "goalpost-mark",
        Operation::Divide,
        &[product, way],
    )?))
}

/// The value, brought between the goalposts where the scheme says so.
fn inside<C: Calculator>(
    rule: &Goalpost,
    value: C::Number,
    [low, high]: [C::Number; 2],
    calculator: &mut C,
) -> Outcome<C::Number> {
    let number = calculator.value(value);
    if let Some(not_positive) = rule.not_positive
        && number <= Decimal::ZERO
    {
        return match not_positive {
            NotPositive::Missing => Ok(None),
            NotPositive::Low => Ok(Some(low)),
            NotPositive::Refuse => Err(Trouble::Refused("value-not-positive")),
        };
    }
    let (outside, operation, goalpost, name) = if number < rule.low {
        (rule.below, Operation::Maximum, low, "truncated-to-low")
    } else if number > rule.high {
        (rule.above, Operation::Minimum, high, "truncated-to-high")
    } else {
        return Ok(Some(value));
    };
    match outside {
        Outside::Extend => Ok(Some(value)),
        Outside::Refuse => Err(Trouble::Refused("value-outside-goalposts")),
        Outside::Truncate => Ok(Some(calculator.operate(
            name,
            operation,
            &[value, goalpost],
        )?)),
    }
}
