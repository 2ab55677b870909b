//! Kind 17: rounds to a year.

use kernel::Decimal;

use super::{Outcome, Trouble};
use crate::calculate::{Calculator, Name, Operation};
use crate::scheme::{CompositeMethod, MissingRound, RoundComposite, RoundValue};

/// `reads`: the results of the rounds, in the order of the list.
pub(crate) fn round_composite<C: Calculator>(
    rule: &RoundComposite,
    full: Decimal,
    reads: &[Option<C::Number>],
    calculator: &mut C,
) -> Outcome<C::Number> {
    let there = reads.iter().flatten().count();
    if there < rule.at_least as usize {
        return Ok(None);
    }
    let mut rounds = Vec::with_capacity(rule.rounds.len());
    for (round, result) in rule.rounds.iter().zip(reads) {
        let result = match (result, rule.missing_round) {
            (Some(result), _) => *result,
            (None, Some(MissingRound::Missing)) => return Ok(None),
            (None, Some(MissingRound::Zero)) => {
                calculator.given(Name::Constant("missing-round"), Decimal::ZERO)
            }
            (None, Some(MissingRound::Skip) | None) => continue,
        };
        rounds.push((round, result));
    }
    let Some((last, result)) = rounds.last().copied() else {
        return Ok(None);
    };
    if rule.method == CompositeMethod::Latest {
        return Ok(Some(scaled(last, full, result, calculator)?));
    }
    let mut parts = Vec::with_capacity(rounds.len());
    let mut weights = Vec::with_capacity(rounds.len());
    for (round, result) in rounds {
        let mut part = scaled(round, full, result, calculator)?;
        if let Some(weight) = round.weight {
            let weight = calculator.given(Name::Constant("round-weight"), weight);
            weights.push(weight);
            part =
                calculator.operate("round-times-weight", Operation::Multiply, &[part, weight])?;
        }
        parts.push(part);
    }
    if rule.method == CompositeMethod::Best {
        return Ok(Some(calculator.operate(
            "best-round",
            Operation::Maximum,
            &parts,
        )?));
    }
    let sum = calculator.operate("rounds-sum", Operation::Sum, &parts)?;
    let divisor = if weights.is_empty() {
        let count = i64::try_from(parts.len()).unwrap_or(i64::MAX);
        calculator.given(Name::Constant("rounds-count"), Decimal::from_int(count))
    } else {
        calculator.operate("round-weights", Operation::Sum, &weights)?
    };
    let mark = calculator.operate("rounds-mean", Operation::Divide, &[sum, divisor])?;
    Ok(Some(mark))
}

/// A round's result on the scale of this node.
fn scaled<C: Calculator>(
    round: &RoundValue,
    full: Decimal,
    result: C::Number,
    calculator: &mut C,
) -> Result<C::Number, Trouble> {
    if round.full == full {
        return Ok(result);
    }
    let full = calculator.given(Name::Constant("full"), full);
    let of_round = calculator.given(Name::Constant("full-of-round"), round.full);
    let product = calculator.operate("round-times-full", Operation::Multiply, &[result, full])?;
    Ok(calculator.operate("round-scaled", Operation::Divide, &[product, of_round])?)
}
