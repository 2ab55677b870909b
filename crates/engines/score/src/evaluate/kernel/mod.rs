//! Whole columns at once, where everything is an integer.
//!
//! For each node: is there a kernel for its rule, and do all its numbers fit? Then it computes the
//! rows in which every value is there, and names the rows that remain for the definition.

mod count;
mod integers;
mod line;
mod settle;
mod sum;

use ::kernel::{Decimal, Rounding};

use self::integers::{Integers, fits, power, steps_of, within};
use self::line::Line;
use self::settle::Settle;
use self::sum::{extreme, weighted_sum, weights};
use super::integer::Steps;
use crate::bitmap::Bitmap;
use crate::column::{Column, scaled};
use crate::columns::Columns;
use crate::plan::{GateStep, NodeStep, Plan, RollUpStep, Source};
use crate::results::{NodeColumn, Results};
use crate::scheme::{
    Aggregator, Basis, BelowOrigin, Better, GateEffect, GateMissing, Goalpost, GoalpostScale,
    Interpolation, NodeRounding, Operand, Outside, OverOne, OverTarget, Range, Ratio, RollUp, Rule,
    SchemeNode, TargetChanged, TierTable, TooLittle,
};

/// A node's marks as integers; rows outside `done` are not computed.
pub(super) struct Computed {
    pub(super) numbers: Vec<i64>,
    pub(super) scale: u8,
    pub(super) done: Bitmap,
}

/// What the kernels of an evaluation see.
pub(super) struct Kernels<'a> {
    pub(super) plan: &'a Plan,
    pub(super) columns: &'a Columns,
    pub(super) results: &'a Results,
}

impl<'a> Kernels<'a> {
    /// The node's marks; `None` where there is no kernel for it.
    pub(super) fn node(&self, node: usize) -> Option<Computed> {
        let step = &self.plan.steps[node];
        let definition = &self.plan.scheme.nodes[node];
        let settle = Settle::new(self.plan, definition, step)?;
        let mut computed = match &definition.rule {
            Rule::TierTable(rule) => self.tier_table(rule, step, &settle),
            Rule::Interpolation(rule) => self.interpolation(rule, step, &settle),
            Rule::Goalpost(rule) => self.goalpost(rule, definition, step, &settle),
            Rule::Ratio(rule) => self.ratio(rule, definition, step, &settle),
            Rule::RollUp(rule) => self.roll_up(rule, step.roll_up.as_ref()?, &settle),
            Rule::SteppedAdd(rule) => self.stepped_add(rule, step, &settle),
            Rule::Deduction(rule) => self.deduction(rule, step, &settle),
            Rule::Bonus(rule) => self.event_list(rule, false, step, &settle),
            Rule::Penalty(rule) => self.event_list(rule, true, step, &settle),
            Rule::Checklist(rule) => self.checklist(rule, definition, step, &settle),
            Rule::Growth(_) | Rule::RoundComposite(_) | Rule::Formula(_) => None,
        }?;
        for &gate in &step.gates {
            self.gate(gate, &mut computed)?;
        }
        Some(computed)
    }

    fn source(&self, source: Source) -> Option<&'a Column> {
        match source {
            Source::Constant(_) => None,
            Source::Input(input) => Some(&self.columns.inputs[input]),
            Source::Node(node) => Some(&self.results.nodes[node].marks),
        }
    }

    /// The value that a rule of one value reads.
    fn value(&self, step: &NodeStep) -> Option<(Integers<'a>, Bitmap)> {
        let column = self.source(step.reads[0])?;
        Some((Integers::of(column)?, column.present().clone()))
    }

    fn tier_table(&self, rule: &TierTable, step: &NodeStep, settle: &Settle) -> Option<Computed> {
        let (value, done) = self.value(step)?;
        let ranges: Vec<Range> = rule.tiers.iter().map(|tier| tier.range).collect();
        let looked_up = |number: i64| {
            let number = value.decimal(number).mul(step.unit_factor).ok()?;
            Some(rule.round_value.apply(number))
        };
        let (steps, order) = steps_of(&ranges, value, looked_up)?;
        let marks = order
            .iter()
            .map(|&tier| settle.decimal(rule.tiers[tier].mark));
        let steps = Steps {
            outcomes: marks.collect::<Option<Vec<i64>>>()?,
            ..steps
        };
        let mut numbers = vec![0; value.numbers.len()];
        steps.apply(value.numbers, &mut numbers);
        Some(settle.done(numbers, done))
    }

    fn interpolation(
        &self,
        rule: &Interpolation,
        step: &NodeStep,
        settle: &Settle,
    ) -> Option<Computed> {
        let (Operand::Constant(origin), Operand::Constant(target), TargetChanged::Latest) =
            (&rule.origin, &rule.target, &rule.target_changed)
        else {
            return None;
        };
        let (value, done) = self.value(step)?;
        let (from, to) = (rule.mark_at_origin, rule.mark_at_target);
        let floors = (rule.below_origin == BelowOrigin::Floor).then_some(from);
        let caps = (rule.over_target == OverTarget::Cap).then_some(to);
        let clamp = if to >= from {
            [floors, caps]
        } else {
            [caps, floors]
        };
        let line = Line {
            from: (*origin, from),
            to: (*target, to),
            clamp,
        };
        Some(settle.done(line.apply(value, settle)?, done))
    }

    fn goalpost(
        &self,
        rule: &Goalpost,
        definition: &SchemeNode,
        step: &NodeStep,
        settle: &Settle,
    ) -> Option<Computed> {
        let refuses = rule.below == Outside::Refuse || rule.above == Outside::Refuse;
        if rule.scale != GoalpostScale::Linear || refuses {
            return None;
        }
        let (value, done) = self.value(step)?;
        let truncated = |outside: Outside, mark| (outside == Outside::Truncate).then_some(mark);
        let (zero, full) = (Decimal::ZERO, definition.full);
        let line = match rule.better {
            Better::Higher => Line {
                from: (rule.low, zero),
                to: (rule.high, full),
                clamp: [truncated(rule.below, zero), truncated(rule.above, full)],
            },
            Better::Lower => Line {
                from: (rule.high, zero),
                to: (rule.low, full),
                clamp: [truncated(rule.above, zero), truncated(rule.below, full)],
            },
        };
        Some(settle.done(line.apply(value, settle)?, done))
    }

    fn ratio(
        &self,
        rule: &Ratio,
        definition: &SchemeNode,
        step: &NodeStep,
        settle: &Settle,
    ) -> Option<Computed> {
        let (top, bottom) = (self.source(step.reads[0])?, self.source(step.reads[1])?);
        let mut done = top.present().clone();
        done.keep(bottom.present());
        let (top, bottom) = (Integers::of(top)?, Integers::of(bottom)?);
        let (NodeRounding::Places { places, mode }, false) =
            (rule.percent, rule.over_one == OverOne::Refuse)
        else {
            return None;
        };
        // 100 × top × 10^places / bottom, both at the same scale.
        let common = top.scale.max(bottom.scale);
        let up = |scale: u8| power(common - scale);
        let top_factor = up(top.scale)?.checked_mul(power(places + 2)?)?;
        let bottom_factor = up(bottom.scale)?;
        fits(top, top_factor)?;
        fits(bottom, bottom_factor)?;
        let hundred = power(places + 2)?;
        let capped = rule.over_one == OverOne::Cap;
        // The mark is percent × full / 100.
        let full = scaled(definition.full, definition.full.scale())?;
        let scale = places + 2 + definition.full.scale();
        let percent_limit = i64::MAX / full.max(1) / 2;
        let mut numbers = vec![0; top.numbers.len()];
        for (row, number) in numbers.iter_mut().enumerate() {
            let divisor = bottom.numbers[row] * bottom_factor;
            if divisor <= 0 {
                // 0 is a question of the scheme, a negative one a rarity: the definition's.
                done.set(row, false);
                continue;
            }
            let percent = divide(top.numbers[row] * top_factor, divisor, mode);
            let percent = if capped {
                percent.min(hundred)
            } else {
                percent
            };
            if percent.abs() > percent_limit {
                done.set(row, false);
                continue;
            }
            *number = percent * full;
        }
        let numbers = settle.whole(numbers, scale)?;
        Some(settle.done(numbers, done))
    }

    fn roll_up(&self, rule: &RollUp, step: &RollUpStep, settle: &Settle) -> Option<Computed> {
        let columns: Vec<&NodeColumn> = step
            .children
            .iter()
            .map(|&child| &self.results.nodes[child])
            .collect();
        let children: Vec<Integers<'_>> = columns
            .iter()
            .map(|column| Integers::of(&column.marks))
            .collect::<Option<Vec<_>>>()?;
        let mut done = columns.first()?.marks.present().clone();
        for column in &columns {
            done.keep(column.marks.present());
            done.clear(&column.missing);
        }
        if let Some(availability) = &rule.availability
            && availability.too_little == TooLittle::AtOrBelow
            && availability.percent >= Decimal::from_int(100)
        {
            return None; // Not even all children suffice.
        }
        let weights = weights(rule, step)?;
        let numbers = match rule.aggregator {
            Aggregator::Sum | Aggregator::Mean | Aggregator::WeightedMean => {
                weighted_sum(&children, &weights, settle)?
            }
            Aggregator::Minimum | Aggregator::Maximum if rule.basis == Basis::Mark => {
                extreme(&children, rule.aggregator == Aggregator::Maximum, settle)?
            }
            _ => return None,
        };
        Some(settle.done(numbers, done))
    }

    /// Applies a gate to the rows that are done.
    fn gate(&self, gate: usize, computed: &mut Computed) -> Option<()> {
        let limit = match self.plan.scheme.gates[gate].effect {
            GateEffect::Zero => None,
            GateEffect::Cap(cap) => Some(scaled(cap, computed.scale)?),
            GateEffect::GradeLimit(_) => return Some(()),
        };
        let failed = self.failed(gate)?;
        for (word, bits) in failed.words().iter().enumerate() {
            let mut bits = *bits;
            while bits != 0 {
                let row = word * 64 + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let number = &mut computed.numbers[row];
                *number = limit.map_or(0, |limit| limit.min(*number));
            }
        }
        Some(())
    }

    /// Who fails a gate.
    pub(super) fn failed(&self, gate: usize) -> Option<Bitmap> {
        let definition = &self.plan.scheme.gates[gate];
        let GateStep { value, .. } = &self.plan.gates[gate];
        let column = self.source(*value)?;
        let value = Integers::of(column)?;
        let inside = within(definition.passes, value);
        let missing_fails = definition.missing == GateMissing::Fail;
        let present = column.present();
        Some(Bitmap::from_rows(value.numbers.len(), |row| {
            if present.get(row) {
                let number = value.numbers[row];
                inside.is_none_or(|(from, to)| number < from || number > to)
            } else {
                missing_fails
            }
        }))
    }

    /// Position of the band of each number of a column, where the column is of integers.
    pub(super) fn bands(ranges: &[Range], column: &Column) -> Option<Vec<i64>> {
        let value = Integers::of(column)?;
        let (steps, order) = steps_of(ranges, value, |number| Some(value.decimal(number)))?;
        let steps = Steps {
            outcomes: order
                .into_iter()
                .map(|band| i64::try_from(band).ok())
                .collect::<Option<Vec<i64>>>()?,
            ..steps
        };
        let mut bands = vec![0; value.numbers.len()];
        steps.apply(value.numbers, &mut bands);
        Some(bands)
    }
}

/// `numerator / divisor`, rounded; both have 62 bits and the divisor is positive.
#[inline]
fn divide(numerator: i64, divisor: i64, mode: Rounding) -> i64 {
    let (kept, rest) = (numerator / divisor, (numerator % divisor).abs());
    if rest == 0 {
        return kept;
    }
    let away = if numerator < 0 { -1 } else { 1 };
    let half = (2 * rest).cmp(&divisor);
    let grows = match mode {
        Rounding::HalfUp => half.is_ge(),
        Rounding::HalfDown => half.is_gt(),
        Rounding::HalfEven => half.is_gt() || (half.is_eq() && kept & 1 == 1),
        Rounding::Up => true,
        Rounding::Down => false,
        Rounding::Ceiling => numerator > 0,
        Rounding::Floor => numerator < 0,
    };
    if grows { kept + away } else { kept }
}
