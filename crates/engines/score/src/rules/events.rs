//! Kinds 4, 13 and 14: verified events and what they count.

use kernel::Decimal;

use super::{Outcome, Trouble};
use crate::calculate::{Calculator, Name, Operation};
use crate::scheme::{Deduction, EventClass, EventEntry, EventList, Revoked, SameFact, Several};

/// The reads of a rule, taken one after the other.
type Reads<'a, N> = std::iter::Copied<std::slice::Iter<'a, Option<N>>>;

/// How often an event counts: those of the period, with the revoked ones where they are kept,
/// without facts that count elsewhere, and shared ones by their share.
fn counted<C: Calculator>(
    reads: &mut Reads<'_, C::Number>,
    (revoked, same_fact, joint_share): (Revoked, SameFact, Decimal),
    calculator: &mut C,
) -> Outcome<C::Number> {
    let mut next = |calculator: &C| match reads.next().flatten() {
        Some(number) if calculator.value(number).is_negative() => {
            Err(Trouble::Refused("count-negative"))
        }
        number => Ok(number),
    };
    // All are taken before one that is missing ends it: the next entry's reads follow.
    let events = next(calculator)?;
    let kept = (revoked == Revoked::Keep).then(|| next(calculator));
    let repeated = (same_fact == SameFact::HighestOnly).then(|| next(calculator));
    let joint = (joint_share != Decimal::ONE).then(|| next(calculator));
    let Some(mut count) = events else {
        return Ok(None);
    };
    if let Some(kept) = kept {
        let Some(kept) = kept? else { return Ok(None) };
        count = calculator.operate("events-with-revoked", Operation::Add, &[count, kept])?;
    }
    if let Some(repeated) = repeated {
        let Some(repeated) = repeated? else {
            return Ok(None);
        };
        let numbers = [count, repeated];
        count = calculator.operate("events-without-repeated", Operation::Subtract, &numbers)?;
    }
    if let Some(joint) = joint {
        let Some(joint) = joint? else { return Ok(None) };
        let lost = Decimal::ONE.sub(joint_share)?;
        let lost = calculator.given(Name::Constant("joint-share-lost"), lost);
        let lost = calculator.operate("joint-lost", Operation::Multiply, &[joint, lost])?;
        count = calculator.operate("events-with-joint", Operation::Subtract, &[count, lost])?;
    }
    if calculator.value(count).is_negative() {
        return Err(Trouble::Refused("count-negative"));
    }
    Ok(Some(count))
}

pub(crate) fn deduction<C: Calculator>(
    rule: &Deduction,
    reads: &[Option<C::Number>],
    calculator: &mut C,
) -> Outcome<C::Number> {
    let answers = (rule.revoked, rule.same_fact, Decimal::ONE);
    let Some(count) = counted(&mut reads.iter().copied(), answers, calculator)? else {
        return Ok(None);
    };
    let start = calculator.given(Name::Constant("mark-without-occurrences"), rule.start);
    let per = calculator.given(Name::Constant("marks-per-occurrence"), rule.per_occurrence);
    let mut off = calculator.operate("marks-off", Operation::Multiply, &[count, per])?;
    if let Some(repeat) = rule.repeat {
        let before = Decimal::from_int(i64::from(repeat.from) - 1);
        if calculator.value(count) > before {
            let before = calculator.given(Name::Constant("occurrences-before-repeat"), before);
            let again = [count, before];
            let again = calculator.operate("occurrences-repeated", Operation::Subtract, &again)?;
            // What each of these costs more than the first ones.
            let more = repeat.times.sub(Decimal::ONE)?.mul(rule.per_occurrence)?;
            let more = calculator.given(Name::Constant("marks-more-for-repeat"), more);
            let more =
                calculator.operate("marks-off-repeated", Operation::Multiply, &[again, more])?;
            off = calculator.operate("marks-off-in-all", Operation::Add, &[off, more])?;
        }
    }
    Ok(Some(calculator.operate(
        "mark-after-deduction",
        Operation::Subtract,
        &[start, off],
    )?))
}

/// Marks of a bonus list; those of a penalty list are their negative.
pub(crate) fn event_list<C: Calculator>(
    rule: &EventList,
    penalty: bool,
    reads: &[Option<C::Number>],
    calculator: &mut C,
) -> Outcome<C::Number> {
    let mut reads = reads.iter().copied();
    let mut counts = Vec::with_capacity(rule.entries.len());
    for entry in &rule.entries {
        let answers = (rule.revoked, entry.same_fact, entry.joint_share);
        counts.push(counted(&mut reads, answers, calculator)?);
    }
    let Some(mut marks) = listed(rule, &counts, calculator)? else {
        return Ok(None);
    };
    if let Some(share) = rule.carry_share {
        let before: Vec<Option<C::Number>> = reads.collect();
        let negative = |count: &C::Number| calculator.value(*count).is_negative();
        if before.iter().flatten().any(negative) {
            return Err(Trouble::Refused("count-negative"));
        }
        let Some(before) = listed(rule, &before, calculator)? else {
            return Ok(None);
        };
        let share = calculator.given(Name::Constant("carry-share"), share);
        let carried =
            calculator.operate("events-carried", Operation::Multiply, &[before, share])?;
        marks = calculator.operate("events-with-carried", Operation::Add, &[marks, carried])?;
    }
    if penalty {
        let zero = calculator.given(Name::Constant("nothing-off"), Decimal::ZERO);
        marks = calculator.operate("penalty", Operation::Subtract, &[zero, marks])?;
    }
    Ok(Some(marks))
}

/// The marks of all entries, with the caps of entries and classes.
fn listed<C: Calculator>(
    rule: &EventList,
    counts: &[Option<C::Number>],
    calculator: &mut C,
) -> Outcome<C::Number> {
    let Some(counts) = counts.iter().copied().collect::<Option<Vec<C::Number>>>() else {
        return Ok(None);
    };
    let mut parts = Vec::with_capacity(rule.entries.len());
    for (entry, &count) in rule.entries.iter().zip(&counts) {
        if entry.class.is_none() {
            parts.push(entry_marks(entry, count, calculator)?);
        }
    }
    for class in &rule.classes {
        let members = rule.entries.iter().zip(&counts);
        let members: Vec<(&EventEntry, C::Number)> = members
            .filter(|(entry, _)| entry.class.as_ref() == Some(&class.code))
            .map(|(entry, count)| (entry, *count))
            .collect();
        parts.push(class_marks(class, &members, calculator)?);
    }
    Ok(Some(match parts.as_slice() {
        [one] => *one,
        parts => calculator.operate("events-marks", Operation::Sum, parts)?,
    }))
}

fn class_marks<C: Calculator>(
    class: &EventClass,
    members: &[(&EventEntry, C::Number)],
    calculator: &mut C,
) -> Result<C::Number, Trouble> {
    let marks = if class.several == Several::All {
        let mut parts = Vec::with_capacity(members.len());
        for (entry, count) in members {
            parts.push(entry_marks(entry, *count, calculator)?);
        }
        calculator.operate("class-marks", Operation::Sum, &parts)?
    } else {
        // Among entries with the same mark the first of the file counts.
        let happened = members
            .iter()
            .filter(|(_, count)| !calculator.value(*count).is_zero());
        let highest = happened.reduce(|best, next| {
            if next.0.mark > best.0.mark {
                next
            } else {
                best
            }
        });
        match highest {
            None => calculator.given(Name::Constant("no-events"), Decimal::ZERO),
            Some((entry, count)) => {
                let mut count = *count;
                if class.several == Several::HighestOnce && calculator.value(count) > Decimal::ONE {
                    let once = calculator.given(Name::Constant("once"), Decimal::ONE);
                    count =
                        calculator.operate("events-once", Operation::Minimum, &[count, once])?;
                }
                entry_marks(entry, count, calculator)?
            }
        }
    };
    capped(class.cap, "class-cap", "class-capped", marks, calculator)
}

fn entry_marks<C: Calculator>(
    entry: &EventEntry,
    count: C::Number,
    calculator: &mut C,
) -> Result<C::Number, Trouble> {
    let mark = calculator.given(Name::Constant("marks-per-event"), entry.mark);
    let marks = calculator.operate("entry-marks", Operation::Multiply, &[count, mark])?;
    capped(entry.cap, "entry-cap", "entry-capped", marks, calculator)
}

fn capped<C: Calculator>(
    cap: Option<Decimal>,
    constant: &'static str,
    step: &'static str,
    marks: C::Number,
    calculator: &mut C,
) -> Result<C::Number, Trouble> {
    match cap {
        Some(cap) if calculator.value(marks) > cap => {
            let cap = calculator.given(Name::Constant(constant), cap);
            Ok(calculator.operate(step, Operation::Minimum, &[marks, cap])?)
        }
        _ => Ok(marks),
    }
}
