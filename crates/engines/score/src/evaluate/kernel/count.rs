//! Rules that count: steps, occurrences, events and ticks.
//!
//! A row is left to the definition wherever something is asked that these loops do not answer: a
//! figure that is missing, negative, or a part of a tick.

use ::kernel::{Decimal, Rounding};

use super::integers::{Integers, power};
use super::settle::Settle;
use super::{Computed, Kernels};
use crate::bitmap::Bitmap;
use crate::column::scaled;
use crate::plan::{NodeStep, Source};
use crate::scheme::{
    BelowOrigin, Checklist, Deduction, EventEntry, EventList, NotApplicable, Operand, Revoked,
    SameFact, SchemeNode, Several, SteppedAdd,
};

/// No intermediate number of these kernels may reach this magnitude.
const LIMIT: i128 = 1 << 62;

/// Numbers of a column at a common number of places.
struct Counts {
    numbers: Vec<i64>,
    /// No magnitude is above this.
    largest: i128,
}

impl Kernels<'_> {
    /// The integers of a read, and who has them; constants have no column.
    fn read(&self, source: Source) -> Option<(Integers<'_>, &Bitmap)> {
        let column = self.source(source)?;
        Some((Integers::of(column)?, column.present()))
    }

    pub(super) fn stepped_add(
        &self,
        rule: &SteppedAdd,
        step: &NodeStep,
        settle: &Settle,
    ) -> Option<Computed> {
        let mode = rule.part_steps.rounding()?;
        let Operand::Constant(base) = rule.base else {
            return None;
        };
        let (value, present) = self.read(step.reads[0])?;
        // (factor × value − base) / step, all at one scale.
        let factor = step.unit_factor;
        let scale = (value.scale + factor.scale())
            .max(base.scale())
            .max(rule.step.scale());
        let slope = scaled(factor, scale.checked_sub(value.scale)?)?;
        let (base, size) = (scaled(base, scale)?, scaled(rule.step, scale)?);
        let places = rule.mark_at_base.scale().max(rule.mark_per_step.scale());
        let start = scaled(rule.mark_at_base, places)?;
        let per_step = scaled(rule.mark_per_step, places)?;
        let reach = i128::from(value.most).max(-i128::from(value.least));
        let over = reach * i128::from(slope.abs()) + i128::from(base).abs();
        let marks = (over / i128::from(size) + 1) * i128::from(per_step).abs();
        (over < LIMIT && marks + i128::from(start).abs() < LIMIT).then_some(())?;
        let floors = rule.below_base == BelowOrigin::Floor;
        let away = i64::from(mode == Rounding::Up);
        let count = |number: &i64| {
            let over = number * slope - base;
            if floors && over <= 0 {
                return start;
            }
            let rest = if over % size == 0 { 0 } else { away };
            let steps = over / size + rest * over.signum();
            start + steps * per_step
        };
        let numbers = value.numbers.iter().map(count).collect();
        Some(settle.done(settle.whole(numbers, places)?, present.clone()))
    }

    /// The counts of an entry at `scale` places; rows with a missing or a negative figure are
    /// taken out of `done`. Also how many reads it took.
    fn counts(
        &self,
        reads: &[Source],
        (revoked, same_fact, joint_share): (Revoked, SameFact, Decimal),
        done: &mut Bitmap,
        scale: u8,
    ) -> Option<(Counts, usize)> {
        // Each column with the sign and the share by which it counts.
        let mut shares = vec![Decimal::ONE];
        shares.extend((revoked == Revoked::Keep).then_some(Decimal::ONE));
        shares.extend((same_fact == SameFact::HighestOnly).then_some(Decimal::ONE.neg()));
        if joint_share != Decimal::ONE {
            shares.push(joint_share.sub(Decimal::ONE).ok()?);
        }
        let mut counts = Counts {
            numbers: Vec::new(),
            largest: 0,
        };
        for (share, source) in shares.iter().zip(reads) {
            let (column, present) = self.read(*source)?;
            let factor = scaled(*share, scale.checked_sub(column.scale)?)?;
            let reach = i128::from(column.most).max(-i128::from(column.least));
            counts.largest += reach * i128::from(factor).abs();
            (counts.largest < LIMIT).then_some(())?;
            done.keep(present);
            if column.least < 0 {
                done.keep(&Bitmap::from_rows(column.numbers.len(), |row| {
                    column.numbers[row] >= 0
                }));
            }
            if counts.numbers.is_empty() {
                counts.numbers = vec![0; column.numbers.len()];
            }
            for (count, number) in counts.numbers.iter_mut().zip(column.numbers) {
                *count += number * factor;
            }
        }
        if counts.numbers.iter().any(|count| *count < 0) {
            done.keep(&Bitmap::from_rows(counts.numbers.len(), |row| {
                counts.numbers[row] >= 0
            }));
        }
        Some((counts, shares.len()))
    }

    /// Places that the counts of these reads need.
    fn places(&self, reads: &[Source], shares: impl Iterator<Item = Decimal>) -> Option<u8> {
        let mut scale = 0;
        for source in reads {
            scale = scale.max(self.read(*source)?.0.scale);
        }
        Some(scale + shares.map(Decimal::scale).max().unwrap_or(0))
    }

    pub(super) fn deduction(
        &self,
        rule: &Deduction,
        step: &NodeStep,
        settle: &Settle,
    ) -> Option<Computed> {
        let scale = self.places(&step.reads, std::iter::empty())?;
        let rows = self.columns.len();
        let mut done = Bitmap::new(rows, true);
        let answers = (rule.revoked, rule.same_fact, Decimal::ONE);
        let (counts, _) = self.counts(&step.reads, answers, &mut done, scale)?;
        let more = match rule.repeat {
            None => Decimal::ZERO,
            Some(repeat) => {
                let more = repeat.times.sub(Decimal::ONE).ok()?;
                more.mul(rule.per_occurrence).ok()?
            }
        };
        // Marks at the places of the marks, times 10^scale of the counts.
        let places = rule
            .start
            .scale()
            .max(rule.per_occurrence.scale())
            .max(more.scale());
        let start = scaled(rule.start, places + scale)?;
        let (per, more) = (scaled(rule.per_occurrence, places)?, scaled(more, places)?);
        let before = rule
            .repeat
            .map_or(i64::MAX, |repeat| i64::from(repeat.from) - 1);
        let before = before.checked_mul(power(scale)?).unwrap_or(i64::MAX);
        let largest =
            counts.largest * (i128::from(per) + i128::from(more)) + i128::from(start).abs();
        (largest < LIMIT).then_some(())?;
        let mark = |count: &i64| start - count * per - (count - before.min(*count)) * more;
        let numbers = counts.numbers.iter().map(mark).collect();
        Some(settle.done(settle.whole(numbers, places + scale)?, done))
    }

    pub(super) fn event_list(
        &self,
        rule: &EventList,
        penalty: bool,
        step: &NodeStep,
        settle: &Settle,
    ) -> Option<Computed> {
        if rule.carry_share.is_some() {
            return None;
        }
        let shares = rule.entries.iter().map(|entry| entry.joint_share);
        let scale = self.places(&step.reads, shares)?;
        let entries = rule.entries.iter();
        let marks = entries
            .flat_map(|entry| [Some(entry.mark), entry.cap])
            .flatten();
        let caps = rule.classes.iter().filter_map(|class| class.cap);
        let places = marks.chain(caps).map(Decimal::scale).max()? + scale;
        let rows = self.columns.len();
        let mut done = Bitmap::new(rows, true);
        let (mut reads, mut largest) = (&step.reads[..], 0_i128);
        let mut counted = Vec::with_capacity(rule.entries.len());
        for entry in &rule.entries {
            let answers = (rule.revoked, entry.same_fact, entry.joint_share);
            let (counts, taken) = self.counts(reads, answers, &mut done, scale)?;
            reads = &reads[taken..];
            let entry = Entry::new(entry, counts, scale, places)?;
            largest += entry.largest;
            counted.push(entry);
        }
        (largest < LIMIT).then_some(())?;
        let mut sums = vec![0_i64; rows];
        for entry in counted.iter().filter(|entry| entry.class.is_none()) {
            for (row, sum) in sums.iter_mut().enumerate() {
                *sum += entry.marks(entry.counts[row]);
            }
        }
        for class in &rule.classes {
            let cap = class
                .cap
                .map_or(Some(i64::MAX), |cap| scaled(cap, places))?;
            let members: Vec<&Entry> = counted
                .iter()
                .filter(|entry| entry.class == Some(class.code.as_str()))
                .collect();
            let once = match class.several {
                Several::HighestOnce => power(scale)?,
                Several::All | Several::HighestLevel => i64::MAX,
            };
            for (row, sum) in sums.iter_mut().enumerate() {
                let marks = if class.several == Several::All {
                    members
                        .iter()
                        .map(|entry| entry.marks(entry.counts[row]))
                        .sum()
                } else {
                    let happened = members.iter().filter(|entry| entry.counts[row] != 0);
                    // The first of those with the most marks.
                    let highest = happened
                        .reduce(|best, next| if next.mark > best.mark { next } else { best });
                    highest.map_or(0, |entry| entry.marks(entry.counts[row].min(once)))
                };
                *sum += marks.min(cap);
            }
        }
        if penalty {
            for sum in &mut sums {
                *sum = -*sum;
            }
        }
        Some(settle.done(settle.whole(sums, places)?, done))
    }

    pub(super) fn checklist(
        &self,
        rule: &Checklist,
        definition: &SchemeNode,
        step: &NodeStep,
        settle: &Settle,
    ) -> Option<Computed> {
        if rule.not_applicable != NotApplicable::Never {
            return None;
        }
        let weight = |tick: &crate::scheme::Tick| tick.weight.unwrap_or(Decimal::ONE);
        let places = rule.ticks.iter().map(|tick| weight(tick).scale()).max()?;
        let full = scaled(definition.full, definition.full.scale())?;
        let rows = self.columns.len();
        let mut done = Bitmap::new(rows, true);
        let (mut sums, mut all) = (vec![0_i64; rows], 0_i64);
        for (tick, source) in rule.ticks.iter().zip(&step.reads) {
            let (column, present) = self.read(*source)?;
            let ticked = power(column.scale)?;
            let weight = scaled(weight(tick), places)?.checked_mul(full)?;
            all = all.checked_add(weight)?;
            done.keep(present);
            // Only whole ticks; and of those that must be there only those that are.
            done.keep(&Bitmap::from_rows(rows, |row| {
                let number = column.numbers[row];
                number == ticked || (number == 0 && !tick.must)
            }));
            for (sum, number) in sums.iter_mut().zip(column.numbers) {
                *sum += if *number == ticked { weight } else { 0 };
            }
        }
        let divisor = if full == 0 { 1 } else { all / full };
        let scale = definition.full.scale();
        let sums = settle.quotient(sums, i128::from(all).abs(), scale, divisor.into())?;
        Some(settle.done(sums, done))
    }
}

/// An entry with its counts and what they give, at the places of the list.
struct Entry<'a> {
    class: Option<&'a str>,
    counts: Vec<i64>,
    mark: i64,
    cap: i64,
    largest: i128,
}

impl<'a> Entry<'a> {
    fn new(entry: &'a EventEntry, counts: Counts, scale: u8, places: u8) -> Option<Entry<'a>> {
        let mark = scaled(entry.mark, places - scale)?;
        Some(Entry {
            class: entry.class.as_deref(),
            mark,
            cap: entry
                .cap
                .map_or(Some(i64::MAX), |cap| scaled(cap, places))?,
            largest: counts.largest * i128::from(mark),
            counts: counts.numbers,
        })
    }

    fn marks(&self, count: i64) -> i64 {
        (count * self.mark).min(self.cap)
    }
}
