//! Kind 8: ticks of a list.

use kernel::Decimal;

use super::{Outcome, Trouble};
use crate::calculate::{Calculator, Name, Operation};
use crate::scheme::{BlankTick, Checklist, MustMissed, NotApplicable, PartialTick, Tick, Unusable};

/// What became of the ticks.
struct Ticked<N> {
    /// Weight × share of each tick that applies.
    parts: Vec<N>,
    /// The weights of those that apply.
    weights: Vec<N>,
    /// Whether one that must be there is not.
    must_missed: bool,
}

/// `reads`: each tick, with whether it applies where that is asked.
pub(crate) fn checklist<C: Calculator>(
    rule: &Checklist,
    full: Decimal,
    reads: &[Option<C::Number>],
    calculator: &mut C,
) -> Outcome<C::Number> {
    let Some(ticked) = ticks(rule, reads, calculator)? else {
        return Ok(None);
    };
    if ticked.weights.is_empty() {
        let name = Name::Constant("mark-where-nothing-applies");
        return Ok(match rule.nothing_applies {
            Some(Unusable::Full) => Some(calculator.given(name, full)),
            Some(Unusable::Zero) => Some(calculator.given(name, Decimal::ZERO)),
            Some(Unusable::Missing) | None => None,
        });
    }
    let done = calculator.operate("ticked-weight", Operation::Sum, &ticked.parts)?;
    let all = calculator.operate("tick-weights", Operation::Sum, &ticked.weights)?;
    let full = calculator.given(Name::Constant("full"), full);
    let product = calculator.operate("full-times-ticked", Operation::Multiply, &[full, done])?;
    let mark = calculator.operate("checklist-mark", Operation::Divide, &[product, all])?;
    let limit = match (&rule.must_missed, ticked.must_missed) {
        (_, false) => return Ok(Some(mark)),
        (MustMissed::Zero, true) => Decimal::ZERO,
        (MustMissed::Cap(cap), true) => *cap,
    };
    if calculator.value(mark) <= limit {
        return Ok(Some(mark));
    }
    let limit = calculator.given(Name::Constant("must-missed-limit"), limit);
    let limited = calculator.operate("must-missed", Operation::Minimum, &[mark, limit])?;
    Ok(Some(limited))
}

fn ticks<C: Calculator>(
    rule: &Checklist,
    reads: &[Option<C::Number>],
    calculator: &mut C,
) -> Result<Option<Ticked<C::Number>>, Trouble> {
    let mut reads = reads.iter().copied();
    let mut ticked = Ticked {
        parts: Vec::with_capacity(rule.ticks.len()),
        weights: Vec::with_capacity(rule.ticks.len()),
        must_missed: false,
    };
    for tick in &rule.ticks {
        let value = reads.next().flatten();
        let applies = match rule.not_applicable {
            NotApplicable::Never => true,
            // Where nobody said anything, it applies.
            _ => {
                !(reads.next().flatten()).is_some_and(|applies| calculator.value(applies).is_zero())
            }
        };
        if !applies && rule.not_applicable == NotApplicable::Leaves {
            continue;
        }
        let share = if applies {
            match (value, rule.blank) {
                (Some(value), _) => share(rule.partial, value, calculator)?,
                (None, BlankTick::Missing) => return Ok(None),
                (None, BlankTick::Unticked) => {
                    calculator.given(Name::Constant("blank-tick"), Decimal::ZERO)
                }
            }
        } else {
            calculator.given(Name::Constant("tick-not-applicable"), Decimal::ONE)
        };
        ticked.must_missed |= tick.must && calculator.value(share) < Decimal::ONE;
        ticked.add(tick, share, calculator)?;
    }
    Ok(Some(ticked))
}

impl<N: Copy> Ticked<N> {
    fn add<C: Calculator<Number = N>>(
        &mut self,
        tick: &Tick,
        share: N,
        calculator: &mut C,
    ) -> Result<(), Trouble> {
        let Some(weight) = tick.weight else {
            self.weights
                .push(calculator.given(Name::Constant("one-tick"), Decimal::ONE));
            self.parts.push(share);
            return Ok(());
        };
        let weight = calculator.given(Name::Constant("tick-weight"), weight);
        self.weights.push(weight);
        let part =
            calculator.operate("tick-times-weight", Operation::Multiply, &[share, weight])?;
        self.parts.push(part);
        Ok(())
    }
}

/// What a tick with a value counts, 0 to 1.
fn share<C: Calculator>(
    partial: PartialTick,
    value: C::Number,
    calculator: &mut C,
) -> Result<C::Number, Trouble> {
    let number = calculator.value(value);
    if number.is_negative() || number > Decimal::ONE {
        return Err(Trouble::Refused("tick-out-of-range"));
    }
    if number.is_zero() || number == Decimal::ONE {
        return Ok(value);
    }
    match partial {
        PartialTick::Share => Ok(value),
        PartialTick::Nothing => Ok(calculator.given(Name::Constant("partial-tick"), Decimal::ZERO)),
        PartialTick::Refuse => Err(Trouble::Refused("tick-partial")),
    }
}
