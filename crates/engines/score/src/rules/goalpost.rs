//! Kind 26: an index between goalposts.

use kernel::Decimal;

use super::{Outcome, Trouble, round};
use crate::calculate::{Calculator, Name, Operation};
use crate::scheme::{Better, Goalpost, NodeRounding, NotPositive, Outside};

/// `logarithms`: those of the goalposts, where the scale is logarithmic.
pub(crate) fn goalpost<C: Calculator>(
    rule: &Goalpost,
    full: Decimal,
    logarithms: Option<[Decimal; 2]>,
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
    let [value, low, high] = match logarithms {
        Some(known) => logarithmic(rule, [value, low, high], known, calculator)?,
        None => [value, low, high],
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

/// Value and goalposts by their logarithms; those of the goalposts are the same for all subjects.
fn logarithmic<C: Calculator>(
    rule: &Goalpost,
    [value, low, high]: [C::Number; 3],
    [ln_low, ln_high]: [Decimal; 2],
    calculator: &mut C,
) -> Result<[C::Number; 3], Trouble> {
    let rounding = rule.round_logarithm.unwrap_or(NodeRounding::Exact);
    let ln = Operation::NaturalLogarithm;
    let ln_value = calculator.operate("ln-value", ln.clone(), &[value])?;
    let ln_low = calculator.known("ln-low", ln.clone(), low, ln_low);
    let ln_high = calculator.known("ln-high", ln, high, ln_high);
    Ok([
        round(calculator, "ln-value-rounded", rounding, ln_value)?,
        round(calculator, "ln-low-rounded", rounding, ln_low)?,
        round(calculator, "ln-high-rounded", rounding, ln_high)?,
    ])
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
