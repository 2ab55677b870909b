//! Kind 5: numerator through denominator, as a share of the full mark.

use kernel::Decimal;

use super::{Outcome, Trouble};
use crate::calculate::{Calculator, Name, Operation};
use crate::scheme::{NodeRounding, OverOne, Ratio, Unusable};

const HUNDRED: Decimal = Decimal::new(100, 0);
const HUNDREDTH: Decimal = Decimal::new(1, 2);

pub(crate) fn ratio<C: Calculator>(
    rule: &Ratio,
    full: Decimal,
    numerator: Option<C::Number>,
    denominator: Option<C::Number>,
    calculator: &mut C,
) -> Outcome<C::Number> {
    let (Some(numerator), Some(denominator)) = (numerator, denominator) else {
        return Ok(None);
    };
    if calculator.value(denominator).is_zero() {
        let name = Name::Constant("mark-without-denominator");
        return Ok(match rule.denominator_zero {
            Unusable::Missing => None,
            Unusable::Zero => Some(calculator.given(name, Decimal::ZERO)),
            Unusable::Full => Some(calculator.given(name, full)),
        });
    }
    match rule.percent {
        NodeRounding::Exact => exact(rule, full, [numerator, denominator], calculator),
        NodeRounding::Places { places, mode } => {
            let round = Operation::Round { places, mode };
            rounded(rule, full, [numerator, denominator], round, calculator)
        }
    }
}

/// One division only: `full × numerator / denominator`.
fn exact<C: Calculator>(
    rule: &Ratio,
    full: Decimal,
    [numerator, denominator]: [C::Number; 2],
    calculator: &mut C,
) -> Outcome<C::Number> {
    let full_mark = calculator.given(Name::Constant("full"), full);
    let product = [full_mark, numerator];
    let product = calculator.operate("full-times-numerator", Operation::Multiply, &product)?;
    let mark = calculator.operate("ratio-mark", Operation::Divide, &[product, denominator])?;
    limited(rule, mark, full_mark, calculator)
}

/// The percentage is rounded first: `round(100 × numerator / denominator) × full / 100`.
fn rounded<C: Calculator>(
    rule: &Ratio,
    full: Decimal,
    [numerator, denominator]: [C::Number; 2],
    round: Operation,
    calculator: &mut C,
) -> Outcome<C::Number> {
    let hundred = calculator.given(Name::Constant("hundred"), HUNDRED);
    let product = [hundred, numerator];
    let product = calculator.operate("hundred-times-numerator", Operation::Multiply, &product)?;
    let percent = calculator.operate("percent", Operation::Divide, &[product, denominator])?;
    let percent = calculator.operate("percent-rounded", round, &[percent])?;
    let Some(percent) = limited(rule, percent, hundred, calculator)? else {
        return Ok(None);
    };
    let full_mark = calculator.given(Name::Constant("full"), full);
    let product = calculator.operate(
        "percent-times-full",
        Operation::Multiply,
        &[percent, full_mark],
    )?;
    let hundredth = calculator.given(Name::Constant("hundredth"), HUNDREDTH);
    let mark = calculator.operate("ratio-mark", Operation::Multiply, &[product, hundredth])?;
    Ok(Some(mark))
}

/// What happens above 1, where `one` is what a ratio of 1 gives.
fn limited<C: Calculator>(
    rule: &Ratio,
    number: C::Number,
    one: C::Number,
    calculator: &mut C,
) -> Outcome<C::Number> {
    if calculator.value(number) <= calculator.value(one) {
        return Ok(Some(number));
    }
    match rule.over_one {
        OverOne::Keep => Ok(Some(number)),
        OverOne::Refuse => Err(Trouble::Refused("ratio-over-one")),
        OverOne::Cap => Ok(Some(calculator.operate(
            "ratio-capped",
            Operation::Minimum,
            &[number, one],
        )?)),
    }
}
