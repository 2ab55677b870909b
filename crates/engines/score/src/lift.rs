//! What would lift a subject: for each value that a rule judges, the next step that gives marks,
//! and what the whole scheme would then say.
//!
//! A step is proposed by the rule's own figures (the next band, the target, the next full step,
//! the missing tick) and believed only after a whole evaluation with [`crate::correct`]: what a
//! cap or a gate further up swallows is no lift. Counts of events are never proposed.

use kernel::{Decimal, NumberError, Rounding};

use crate::columns::Columns;
use crate::evaluate::correct;
use crate::plan::{Plan, Source};
use crate::results::Results;
use crate::scheme::{
    BaseRestated, Better, Checklist, Growth, GrowthMeasure, Interpolation, ItemSource, Moment,
    Operand, Range, Rule, SteppedAdd, TargetChanged, TierTable,
};

/// One step that a subject could take, all else being as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lift {
    /// The node whose rule proposes it; its position in the scheme.
    pub node: usize,
    /// The value that would change; its position in [`Plan::inputs`].
    pub input: usize,
    /// What the value is now, in the item's unit.
    pub present: Decimal,
    /// A value with which the step is reached, the nearest to the present one that the item's
    /// places allow, in the item's unit.
    pub value: Decimal,
    /// By how many marks the score would rise; above 0.
    pub gain: Decimal,
    /// The score then.
    pub score: Decimal,
    /// Position of the grade then.
    pub grade: Option<usize>,
    /// The rank then.
    pub rank: Option<u32>,
    /// The rank within the group then.
    pub rank_in_group: Option<u32>,
}

/// Every step that would raise a subject's score, the greatest gain first, then by the scheme's
/// order. Empty where the subject has no score.
pub fn lifts(plan: &Plan, columns: &Columns, results: &Results, subject: usize) -> Vec<Lift> {
    let Some(score) = results.score(subject).counted() else {
        return Vec::new();
    };
    let mut trial = columns.clone();
    let mut found: Vec<Lift> = Vec::new();
    for node in 0..plan.steps.len() {
        let steps = Steps {
            plan,
            columns,
            results,
            node,
            subject,
        };
        for (input, value) in steps.proposed() {
            let Some(present) = columns.input(input).get(subject) else {
                continue;
            };
            if found
                .iter()
                .any(|lift| (lift.input, lift.value) == (input, value))
            {
                continue;
            }
            let mut then = results.clone();
            let cell = (input, subject);
            // A value that the item does not believe is no step.
            if correct(plan, &mut trial, &mut then, cell, Some(value)).is_err() {
                continue;
            }
            trial
                .set(plan, input, subject, Some(present))
                .expect("it stood there before");
            let risen = then.score(subject).counted();
            let gain = risen.and_then(|risen| risen.sub(score).ok());
            if let (Some(risen), Some(gain)) = (risen, gain)
                && gain > Decimal::ZERO
            {
                found.push(Lift {
                    node,
                    input,
                    present,
                    value,
                    gain,
                    score: risen,
                    grade: then.grade(subject),
                    rank: then.rank(subject),
                    rank_in_group: then.rank_in_group(subject),
                });
            }
        }
    }
    // Stable: equal gains keep the scheme's order.
    found.sort_by_key(|lift| std::cmp::Reverse(lift.gain));
    found
}

/// The steps that the rule of one node proposes to one subject.
struct Steps<'a> {
    plan: &'a Plan,
    columns: &'a Columns,
    results: &'a Results,
    node: usize,
    subject: usize,
}

impl Steps<'_> {
    /// Values to be tried; a number beyond what numbers can say proposes nothing.
    fn proposed(&self) -> Vec<(usize, Decimal)> {
        let one = |step: Result<Option<(usize, Decimal)>, NumberError>| {
            step.ok().flatten().into_iter().collect()
        };
        match &self.plan.scheme.nodes[self.node].rule {
            Rule::TierTable(rule) => one(self.next_tier(rule)),
            Rule::Interpolation(rule) => one(Ok(self.target(rule))),
            Rule::SteppedAdd(rule) => one(self.next_step(rule)),
            Rule::Ratio(_) => one(Ok(self.other_read(1, Rounding::Ceiling))),
            Rule::Growth(rule) => one(self.full_growth(rule)),
            Rule::Goalpost(rule) => one(Ok(self.judged().map(|(input, _)| match rule.better {
                Better::Higher => (input, self.fitting(input, rule.high, Rounding::Ceiling)),
                Better::Lower => (input, self.fitting(input, rule.low, Rounding::Floor)),
            }))),
            Rule::Checklist(rule) => self.ticks(rule),
            // Events are not proposed; what others compose is proposed where it is judged.
            Rule::Deduction(_)
            | Rule::Bonus(_)
            | Rule::Penalty(_)
            | Rule::RoundComposite(_)
            | Rule::RollUp(_)
            | Rule::Formula(_) => Vec::new(),
        }
    }

    /// The value that the rule judges, where it is one of the subject's own present figures.
    fn judged(&self) -> Option<(usize, Decimal)> {
        let &Source::Input(input) = self.plan.steps[self.node].reads.first()? else {
            return None;
        };
        Some((input, self.movable(input)?))
    }

    /// A figure of this period that is there and is not a count of events.
    fn movable(&self, input: usize) -> Option<Decimal> {
        let now = matches!(
            self.plan.inputs[input].moment,
            Moment::Period | Moment::End | Moment::YearToDate
        );
        let item = &self.plan.scheme.items[self.plan.input_items[input]?];
        if !now || item.source == ItemSource::Events {
            return None;
        }
        self.columns.input(input).get(self.subject)
    }

    fn read(&self, read: usize) -> Option<Decimal> {
        match *self.plan.steps[self.node].reads.get(read)? {
            Source::Constant(value) => Some(value),
            Source::Input(input) => self.columns.input(input).get(self.subject),
            Source::Node(node) => self.results.cell(node, self.subject).counted(),
        }
    }

    /// The number with no more places than the item may have.
    fn fitting(&self, input: usize, value: Decimal, mode: Rounding) -> Decimal {
        match self.plan.input_scales[input] {
            Some(scale) => value.round(scale, mode),
            None => value,
        }
    }

    /// The judged value brought to another read of the rule: a denominator.
    fn other_read(&self, read: usize, mode: Rounding) -> Option<(usize, Decimal)> {
        let (input, _) = self.judged()?;
        Some((input, self.fitting(input, self.read(read)?, mode)))
    }

    /// The nearest band with a better mark.
    fn next_tier(&self, rule: &TierTable) -> Result<Option<(usize, Decimal)>, NumberError> {
        let Some((input, present)) = self.judged() else {
            return Ok(None);
        };
        let factor = self.plan.steps[self.node].unit_factor;
        let looked_up = |value: Decimal| Ok(rule.round_value.apply(value.mul(factor)?));
        let now = looked_up(present)?;
        let present_mark = rule
            .tiers
            .iter()
            .find(|tier| tier.range.contains(now))
            .map(|tier| tier.mark);
        let mut nearest: Option<(Decimal, Decimal)> = None;
        for tier in rule
            .tiers
            .iter()
            .filter(|tier| Some(tier.mark) > present_mark)
        {
            let Some((edge, mode)) = way_into(tier.range, now) else {
                continue;
            };
            let mut value = self.fitting(input, edge.div(factor)?, mode);
            if !tier.range.contains(looked_up(value)?) {
                value = self.beyond(input, value, mode)?;
            }
            let way = value.sub(present)?.abs();
            if nearest.is_none_or(|(least, _)| way < least) {
                nearest = Some((way, value));
            }
        }
        Ok(nearest.map(|(_, value)| (input, value)))
    }

    /// The next number of the item past an edge that does not belong to its band; a hundredth
    /// past it where the item may have any number of places.
    fn beyond(&self, input: usize, edge: Decimal, mode: Rounding) -> Result<Decimal, NumberError> {
        let least = Decimal::new(1, self.plan.input_scales[input].unwrap_or(2));
        match mode {
            Rounding::Ceiling => edge.add(least),
            _ => edge.sub(least),
        }
    }

    /// The target of an interpolation; where it changed, the farther of the two, which suffices
    /// however they are weighed.
    fn target(&self, rule: &Interpolation) -> Option<(usize, Decimal)> {
        let (input, present) = self.judged()?;
        let first = match rule.target_changed {
            TargetChanged::Latest => None,
            TargetChanged::First { .. } | TargetChanged::ByDays { .. } => self.read(3),
        };
        let way = |target: &Decimal| target.sub(present).map_or(Decimal::ZERO, Decimal::abs);
        let targets = [self.read(2), first].into_iter().flatten();
        let target = targets.max_by_key(way)?;
        let mode = if target > present {
            Rounding::Ceiling
        } else {
            Rounding::Floor
        };
        Some((input, self.fitting(input, target, mode)))
    }

    /// The next step that counts, up or down as the rule pays it.
    fn next_step(&self, rule: &SteppedAdd) -> Result<Option<(usize, Decimal)>, NumberError> {
        let (Some((input, present)), Some(base)) = (self.judged(), self.read(1)) else {
            return Ok(None);
        };
        let factor = self.plan.steps[self.node].unit_factor;
        let base = match rule.base {
            Operand::Item(_) => base.mul(factor)?,
            _ => base,
        };
        let steps = |value: Decimal| value.mul(factor)?.sub(base)?.div(rule.step);
        let counted = |value: Decimal| {
            let steps = steps(value)?;
            let mode = rule.part_steps.rounding();
            Ok(mode.map_or(steps, |mode| steps.round(0, mode)))
        };
        let (now, paid) = (counted(present)?, rule.mark_per_step.signum());
        let mode = if paid < 0 {
            Rounding::Floor
        } else {
            Rounding::Ceiling
        };
        let back = if paid < 0 {
            Rounding::Ceiling
        } else {
            Rounding::Floor
        };
        let near = steps(present)?.round(0, back);
        let way = Decimal::from_int(paid.into());
        // A step counts once it is full, or once it is begun: at its edge, or just beyond.
        for edge in [near, near.add(way)?] {
            let edge = base.add(edge.mul(rule.step)?)?.div(factor)?;
            let edge = self.fitting(input, edge, mode);
            for value in [edge, self.beyond(input, edge, mode)?] {
                if way.mul(counted(value)?.sub(now)?)? > Decimal::ZERO {
                    return Ok(Some((input, value)));
                }
            }
        }
        Ok(None)
    }

    /// The figure with which growth gets the full mark.
    fn full_growth(&self, rule: &Growth) -> Result<Option<(usize, Decimal)>, NumberError> {
        let (Some((input, _)), Some(mut base)) = (self.judged(), self.read(1)) else {
            return Ok(None);
        };
        if rule.base_restated == BaseRestated::Restated && matches!(rule.base, Operand::Item(_)) {
            base = self.read(2).unwrap_or(base);
        }
        let grown = match rule.measure {
            GrowthMeasure::Absolute => rule.full_at,
            GrowthMeasure::Relative => base.abs().mul(rule.full_at)?.div(Decimal::from_int(100))?,
        };
        let mode = if rule.full_at < rule.zero_at {
            Rounding::Floor
        } else {
            Rounding::Ceiling
        };
        Ok(Some((input, self.fitting(input, base.add(grown)?, mode))))
    }

    /// Each tick that is not there.
    fn ticks(&self, rule: &Checklist) -> Vec<(usize, Decimal)> {
        let input = |item: &str| {
            let inputs = &self.plan.inputs;
            inputs
                .iter()
                .position(|input| input.item == item && input.moment == Moment::Period)
        };
        let ticks = rule.ticks.iter().filter_map(|tick| input(&tick.item));
        ticks
            .filter(|input| self.movable(*input).is_some_and(|tick| tick < Decimal::ONE))
            .map(|input| (input, Decimal::ONE))
            .collect()
    }
}

/// The end of a range at which a value outside would enter it, and which way numbers between two
/// places are rounded there.
fn way_into(range: Range, value: Decimal) -> Option<(Decimal, Rounding)> {
    match (range.from.number(), range.to.number()) {
        (Some(from), _) if value <= from => Some((from, Rounding::Ceiling)),
        (_, Some(to)) if value >= to => Some((to, Rounding::Floor)),
        _ => None,
    }
}
