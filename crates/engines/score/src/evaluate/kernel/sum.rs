//! Sums, means and extremes of children.

use ::kernel::Decimal;

use super::integers::{Integers, fits, power};
use super::settle::Settle;
use crate::column::scaled;
use crate::plan::RollUpStep;
use crate::scheme::{Aggregator, RollUp};

/// Integer weights, and the number by which the weighted sum is divided.
pub(super) struct Weights {
    factors: Vec<i64>,
    divisor: i128,
}

/// Every child is there, so what is skipped is no question.
pub(super) fn weights(rule: &RollUp, step: &RollUpStep) -> Option<Weights> {
    let share = step.share_of.unwrap_or(Decimal::ONE);
    let mut factors = Vec::with_capacity(step.children.len());
    for (size, cofactor) in step.sizes.iter().zip(&step.cofactors) {
        let weighted = match rule.aggregator {
            Aggregator::WeightedMean => cofactor.mul(*size).ok()?,
            _ => *cofactor,
        };
        factors.push(weighted.mul(share).ok()?);
    }
    let divisor = match rule.aggregator {
        Aggregator::WeightedMean => Decimal::sum(step.sizes.iter().copied()).ok()?,
        Aggregator::Mean => Decimal::from_int(i64::try_from(step.children.len()).ok()?),
        _ => Decimal::ONE,
    };
    let divisor = divisor.mul(step.common).ok()?;
    // Both sides of the fraction times the same power of ten.
    let scale = factors
        .iter()
        .map(|factor| factor.scale())
        .max()?
        .max(divisor.scale());
    let weights = factors.iter().map(|factor| scaled(*factor, scale));
    Some(Weights {
        factors: weights.collect::<Option<Vec<i64>>>()?,
        divisor: divisor.rescale_exact(scale)?,
    })
}

pub(super) fn weighted_sum(
    children: &[Integers<'_>],
    weights: &Weights,
    settle: &Settle,
) -> Option<Vec<i64>> {
    let common = children.iter().map(|child| child.scale).max()?;
    let mut factors = Vec::with_capacity(children.len());
    let mut largest = 0_i128;
    for (child, weight) in children.iter().zip(&weights.factors) {
        let factor = weight.checked_mul(power(common - child.scale)?)?;
        let reach = i128::from(child.most).max(-i128::from(child.least));
        largest = largest.checked_add(reach.checked_mul(i128::from(factor.abs()))?)?;
        factors.push(factor);
    }
    (largest < 1 << 62).then_some(())?;
    let mut sums = vec![0_i64; children.first()?.numbers.len()];
    let block = 2048;
    for (position, sums) in sums.chunks_mut(block).enumerate() {
        let start = position * block;
        for (child, &factor) in children.iter().zip(&factors) {
            let numbers = &child.numbers[start..start + sums.len()];
            for (sum, number) in sums.iter_mut().zip(numbers) {
                *sum += number * factor;
            }
        }
    }
    settle.quotient(sums, largest, common, weights.divisor)
}

pub(super) fn extreme(
    children: &[Integers<'_>],
    greatest: bool,
    settle: &Settle,
) -> Option<Vec<i64>> {
    let common = children.iter().map(|child| child.scale).max()?;
    let mut out: Option<Vec<i64>> = None;
    for child in children {
        let factor = power(common - child.scale)?;
        fits(*child, factor)?;
        match &mut out {
            None => out = Some(child.numbers.iter().map(|number| number * factor).collect()),
            Some(out) => {
                for (out, number) in out.iter_mut().zip(child.numbers) {
                    let number = number * factor;
                    *out = if greatest {
                        number.max(*out)
                    } else {
                        number.min(*out)
                    };
                }
            }
        }
    }
    settle.whole(out?, common)
}
