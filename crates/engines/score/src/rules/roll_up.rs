//! Kind 16: children to parent.
//!
//! With basis *share*, child i counts `mark / full`. To divide only once, at the end, each mark is
//! first multiplied by a cofactor `common / full_i`, where `common` is a common multiple of all
//! full marks; the outcome is then multiplied by the parent's full mark and divided by `common`.

use kernel::Decimal;

use super::{Outcome, Trouble};
use crate::calculate::{Calculator, Name, Operation};
use crate::plan::RollUpStep;
use crate::scheme::{
    Aggregator, Availability, AvailabilityBy, Fewer, RollUp, Skipped, TooLittle, Zeros,
};

/// A child as its parent sees it.
#[derive(Clone, Copy)]
pub(crate) struct Child<N> {
    /// What it counts; `None` where it is skipped.
    pub(crate) number: Option<N>,
    /// Whether it is missing by itself, also where something was filled in.
    pub(crate) missing: bool,
}

/// The child's number with what belongs to it.
#[derive(Clone, Copy)]
struct Part<N> {
    child: usize,
    number: N,
}

pub(crate) fn roll_up<C: Calculator>(
    rule: &RollUp,
    step: &RollUpStep,
    children: &[Child<C::Number>],
    calculator: &mut C,
) -> Outcome<C::Number> {
    if let Some(availability) = &rule.availability
        && unavailable(availability, step, children)?
    {
        return Ok(None);
    }
    let mut parts = Vec::with_capacity(children.len());
    for (child, seen) in children.iter().enumerate() {
        let Some(number) = seen.number else { continue };
        let cofactor = step.cofactors[child];
        let number = if cofactor == Decimal::ONE {
            number
        } else {
            let name = Name::OfNode("cofactor", step.children[child]);
            let cofactor = calculator.given(name, cofactor);
            calculator.operate("child-adjusted", Operation::Multiply, &[number, cofactor])?
        };
        parts.push(Part { child, number });
    }
    if !treat_zeros(rule, step, &mut parts, calculator) {
        return Ok(None);
    }
    if parts.is_empty() {
        return Ok(None);
    }
    let roll = Roll { rule, step };
    match rule.aggregator {
        Aggregator::Sum => roll.sum(&parts, calculator),
        Aggregator::Mean => roll.mean(&parts, calculator),
        Aggregator::WeightedMean => roll.weighted_mean(&parts, calculator),
        Aggregator::GeometricMean | Aggregator::WeightedGeometricMean => {
            roll.geometric_mean(&parts, calculator)
        }
        Aggregator::Minimum => roll.pick("least-child", Operation::Minimum, &parts, calculator),
        Aggregator::Maximum => roll.pick("greatest-child", Operation::Maximum, &parts, calculator),
        Aggregator::BestSum | Aggregator::BestMean => roll.best(parts, calculator),
        Aggregator::Product => roll.product(&parts, calculator),
    }
}

fn unavailable<N>(
    availability: &Availability,
    step: &RollUpStep,
    children: &[Child<N>],
) -> Result<bool, Trouble> {
    let size = |child: usize| match availability.by {
        AvailabilityBy::Count => Decimal::ONE,
        AvailabilityBy::Weight => step.sizes[child],
    };
    let there = (0..children.len()).filter(|&child| !children[child].missing);
    let there = Decimal::sum(there.map(size))?.mul(Decimal::from_int(100))?;
    let needed = Decimal::sum((0..children.len()).map(size))?.mul(availability.percent)?;
    Ok(match availability.too_little {
        TooLittle::Below => there < needed,
        TooLittle::AtOrBelow => there <= needed,
    })
}

/// What children of 0 do to a geometric mean; `false`: the mean is missing.
fn treat_zeros<C: Calculator>(
    rule: &RollUp,
    step: &RollUpStep,
    parts: &mut Vec<Part<C::Number>>,
    calculator: &mut C,
) -> bool {
    let is_zero = |part: &Part<C::Number>, calculator: &C| calculator.value(part.number).is_zero();
    match &rule.zeros {
        None | Some(Zeros::Zero) => true,
        Some(Zeros::Missing) => !parts.iter().any(|part| is_zero(part, calculator)),
        Some(Zeros::Skip) => {
            parts.retain(|part| !is_zero(part, calculator));
            true
        }
        Some(Zeros::Floor(floor)) => {
            let floor = floor.mul(step.common).unwrap_or(*floor);
            for part in parts {
                if is_zero(part, calculator) {
                    part.number = calculator.given(Name::Constant("zero-floor"), floor);
                }
            }
            true
        }
    }
}

fn count(number: usize) -> Decimal {
    Decimal::from_int(i64::try_from(number).unwrap_or(i64::MAX))
}

fn numbers<N: Copy>(parts: &[Part<N>]) -> Vec<N> {
    parts.iter().map(|part| part.number).collect()
}

struct Roll<'a> {
    rule: &'a RollUp,
    step: &'a RollUpStep,
}

impl Roll<'_> {
    fn re_weights(&self) -> bool {
        self.rule.skipped == Some(Skipped::ReWeight)
    }

    /// `numerator × full / (denominator × common)`, with one division at most. `powers` is how
    /// many cofactors were multiplied into the numerator.
    fn finish<C: Calculator>(
        &self,
        numerator: C::Number,
        denominator: Option<C::Number>,
        powers: usize,
        calculator: &mut C,
    ) -> Outcome<C::Number> {
        let (mut numerator, mut divisors) = (numerator, Vec::new());
        divisors.extend(denominator);
        if let Some(full) = self.step.share_of {
            let full = calculator.given(Name::Constant("full"), full);
            let product = [numerator, full];
            numerator = calculator.operate("times-full", Operation::Multiply, &product)?;
            if self.step.common != Decimal::ONE {
                let common = calculator.given(Name::Constant("common-full"), self.step.common);
                divisors.extend(std::iter::repeat_n(common, powers));
            }
        }
        let divisor = match divisors.as_slice() {
            [] => return Ok(Some(numerator)),
            [one] => *one,
            several => calculator.operate("divisor", Operation::Product, several)?,
        };
        if calculator.value(divisor).is_zero() {
            return Ok(None);
        }
        if calculator.value(divisor) == Decimal::ONE {
            return Ok(Some(numerator));
        }
        let quotient = calculator.operate("rolled-up", Operation::Divide, &[numerator, divisor])?;
        Ok(Some(quotient))
    }

    fn sum<C: Calculator>(
        &self,
        parts: &[Part<C::Number>],
        calculator: &mut C,
    ) -> Outcome<C::Number> {
        let sum = calculator.operate("children-sum", Operation::Sum, &numbers(parts))?;
        if parts.len() == self.step.children.len() || !self.re_weights() {
            return Ok(Some(sum));
        }
        let all = Decimal::sum(self.step.sizes.iter().copied())?;
        let there = Decimal::sum(parts.iter().map(|part| self.step.sizes[part.child]))?;
        if there.is_zero() {
            return Ok(None);
        }
        let all = calculator.given(Name::Constant("full-of-all"), all);
        let there = calculator.given(Name::Constant("full-of-present"), there);
        let scaled = calculator.operate("sum-times-full", Operation::Multiply, &[sum, all])?;
        let mark = calculator.operate("sum-re-weighted", Operation::Divide, &[scaled, there])?;
        Ok(Some(mark))
    }

    fn mean<C: Calculator>(
        &self,
        parts: &[Part<C::Number>],
        calculator: &mut C,
    ) -> Outcome<C::Number> {
        let sum = calculator.operate("children-sum", Operation::Sum, &numbers(parts))?;
        let divisor = if self.re_weights() {
            parts.len()
        } else {
            self.step.children.len()
        };
        let divisor = calculator.given(Name::Constant("children-count"), count(divisor));
        self.finish(sum, Some(divisor), 1, calculator)
    }

    fn weighted_mean<C: Calculator>(
        &self,
        parts: &[Part<C::Number>],
        calculator: &mut C,
    ) -> Outcome<C::Number> {
        let mut terms = Vec::with_capacity(parts.len());
        for part in parts {
            let name = Name::OfNode("weight", self.step.children[part.child]);
            let weight = calculator.given(name, self.step.sizes[part.child]);
            let term = [part.number, weight];
            terms.push(calculator.operate("child-times-weight", Operation::Multiply, &term)?);
        }
        let sum = calculator.operate("weighted-sum", Operation::Sum, &terms)?;
        let weights = if self.re_weights() {
            Decimal::sum(parts.iter().map(|part| self.step.sizes[part.child]))?
        } else {
            Decimal::sum(self.step.sizes.iter().copied())?
        };
        let weights = calculator.given(Name::Constant("weights-sum"), weights);
        self.finish(sum, Some(weights), 1, calculator)
    }

    /// Skipped children whose weight nobody takes over count as 1 (share) or as the number 1
    /// (mark): the factor that changes nothing.
    fn geometric_mean<C: Calculator>(
        &self,
        parts: &[Part<C::Number>],
        calculator: &mut C,
    ) -> Outcome<C::Number> {
        if parts
            .iter()
            .any(|part| calculator.value(part.number).is_negative())
        {
            return Err(Trouble::Refused("geometric-mean-of-negative"));
        }
        let weighted = self.rule.aggregator == Aggregator::WeightedGeometricMean;
        let mut arguments = Vec::with_capacity(2 * self.step.children.len());
        for child in 0..self.step.children.len() {
            let number = match parts.iter().find(|part| part.child == child) {
                Some(part) => part.number,
                None if self.re_weights() => continue,
                None => calculator.given(Name::Constant("left-out"), self.step.common),
            };
            arguments.push(number);
            if weighted {
                let name = Name::OfNode("weight", self.step.children[child]);
                arguments.push(calculator.given(name, self.step.sizes[child]));
            }
        }
        let operation = if weighted {
            Operation::WeightedGeometricMean
        } else {
            Operation::GeometricMean
        };
        let mean = calculator.operate("geometric-mean", operation, &arguments)?;
        self.finish(mean, None, 1, calculator)
    }

    fn pick<C: Calculator>(
        &self,
        name: &'static str,
        operation: Operation,
        parts: &[Part<C::Number>],
        calculator: &mut C,
    ) -> Outcome<C::Number> {
        let picked = calculator.operate(name, operation, &numbers(parts))?;
        self.finish(picked, None, 1, calculator)
    }

    fn best<C: Calculator>(
        &self,
        mut parts: Vec<Part<C::Number>>,
        calculator: &mut C,
    ) -> Outcome<C::Number> {
        let best = self
            .rule
            .best
            .expect("the reader asks for it with this aggregator");
        let wanted = best.count as usize;
        if parts.len() < wanted && best.fewer == Fewer::Missing {
            return Ok(None);
        }
        // Stable: of equal children the earlier one in the file is taken.
        parts.sort_by_key(|part| std::cmp::Reverse(calculator.value(part.number)));
        parts.truncate(wanted);
        let sum = calculator.operate("best-sum", Operation::Sum, &numbers(&parts))?;
        let (used, wanted) = (count(parts.len()), count(wanted));
        if self.rule.aggregator == Aggregator::BestMean {
            let divisor = if self.re_weights() { used } else { wanted };
            let divisor = calculator.given(Name::Constant("best-count"), divisor);
            return self.finish(sum, Some(divisor), 1, calculator);
        }
        if used == wanted || !self.re_weights() {
            return Ok(Some(sum));
        }
        let wanted = calculator.given(Name::Constant("best-wanted"), wanted);
        let used = calculator.given(Name::Constant("best-used"), used);
        let scaled = calculator.operate("sum-times-wanted", Operation::Multiply, &[sum, wanted])?;
        let mark = calculator.operate("sum-re-weighted", Operation::Divide, &[scaled, used])?;
        Ok(Some(mark))
    }

    fn product<C: Calculator>(
        &self,
        parts: &[Part<C::Number>],
        calculator: &mut C,
    ) -> Outcome<C::Number> {
        let product =
            calculator.operate("children-product", Operation::Product, &numbers(parts))?;
        self.finish(product, None, parts.len(), calculator)
    }
}
