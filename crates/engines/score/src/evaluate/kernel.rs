//! Whole columns at once, where everything is an integer.
//!
//! For each node: is there a kernel for its rule, and do all its numbers fit? Then it computes the
//! rows in which every value is there, and names the rows that remain for the definition.

use ::kernel::{Decimal, Rounding};

use super::integer::{Divisor, Steps, first_where};
use crate::bitmap::Bitmap;
use crate::column::{Column, Values, scaled};
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

/// Integers of a column.
#[derive(Clone, Copy)]
struct Integers<'a> {
    scale: u8,
    numbers: &'a [i64],
    least: i64,
    most: i64,
}

impl<'a> Integers<'a> {
    fn of(column: &'a Column) -> Option<Integers<'a>> {
        match column.values() {
            Values::Exact(_) => None,
            Values::Scaled {
                scale,
                numbers,
                least,
                most,
            } => Some(Integers {
                scale: *scale,
                numbers,
                least: *least,
                most: *most,
            }),
        }
    }

    fn decimal(self, number: i64) -> Decimal {
        Decimal::new(number.into(), self.scale)
    }
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
            Rule::Formula(_) => None,
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

/// The integers of a column that lie in a range.
fn within(range: Range, value: Integers<'_>) -> Option<(i64, i64)> {
    let upper_open = Range {
        to: crate::scheme::Edge::None,
        ..range
    };
    let (least, most) = (value.least, value.most);
    let from = first_where(least, most, |number| {
        upper_open.contains(value.decimal(number))
    })?;
    let beyond = first_where(from, most, |number| !range.contains(value.decimal(number)));
    Some((from, beyond.map_or(most, |beyond| beyond - 1)))
}

/// Boundaries between ranges that share out the line, and the ranges in ascending order.
/// `looked_up` grows with its argument and gives the number that falls into a range.
fn steps_of(
    ranges: &[Range],
    value: Integers<'_>,
    looked_up: impl Fn(i64) -> Option<Decimal>,
) -> Option<(Steps, Vec<usize>)> {
    let (least, most) = (value.least, value.most);
    // Everything must be within the ranges and the conversion must not fail.
    let place = |number: i64| {
        let number = looked_up(number)?;
        ranges.iter().position(|range| range.contains(number))
    };
    let order = crate::check::ascending(ranges);
    let (first, last) = (place(least)?, place(most)?);
    let position = |range: usize| order.iter().position(|&known| known == range);
    let (first, last) = (position(first)?, position(last)?);
    let mut boundaries = Vec::with_capacity(last - first);
    for &range in &order[first + 1..=last] {
        let upper_open = Range {
            to: crate::scheme::Edge::None,
            ..ranges[range]
        };
        let reached = |number| looked_up(number).is_some_and(|number| upper_open.contains(number));
        boundaries.push(first_where(least, most, reached)?);
    }
    let steps = Steps {
        boundaries,
        outcomes: Vec::new(),
    };
    Some((steps, order[first..=last].to_vec()))
}

fn power(exponent: u8) -> Option<i64> {
    10_i64.checked_pow(exponent.into())
}

/// Whether all products with the factor have 62 bits.
fn fits(value: Integers<'_>, factor: i64) -> Option<()> {
    let largest = i128::from(value.most).max(-i128::from(value.least)) * i128::from(factor.abs());
    (largest < 1 << 62).then_some(())
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

/// Integer weights, and the number by which the weighted sum is divided.
struct Weights {
    factors: Vec<i64>,
    divisor: i128,
}

/// Every child is there, so what is skipped is no question.
fn weights(rule: &RollUp, step: &RollUpStep) -> Option<Weights> {
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

fn weighted_sum(children: &[Integers<'_>], weights: &Weights, settle: &Settle) -> Option<Vec<i64>> {
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

fn extreme(children: &[Integers<'_>], greatest: bool, settle: &Settle) -> Option<Vec<i64>> {
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

/// A straight line between two points, cut off where `clamp` has a mark (lower, upper).
struct Line {
    from: (Decimal, Decimal),
    to: (Decimal, Decimal),
    clamp: [Option<Decimal>; 2],
}

impl Line {
    /// `from.1 + (v − from.0) × (to.1 − from.1) / (to.0 − from.0)`, settled.
    fn apply(&self, value: Integers<'_>, settle: &Settle) -> Option<Vec<i64>> {
        let way = self.to.0.sub(self.from.0).ok()?;
        if way.is_zero() {
            return None;
        }
        let span = self.to.1.sub(self.from.1).ok()?;
        // (span × v + from.1 × way − span × from.0) / way
        let constant = self
            .from
            .1
            .mul(way)
            .ok()?
            .sub(span.mul(self.from.0).ok()?)
            .ok()?;
        let (span, constant, way) = if way.is_negative() {
            (span.neg(), constant.neg(), way.neg())
        } else {
            (span, constant, way)
        };
        // Both sides of the fraction as integers: times 10^scale, of which the value brings some.
        let scale = (span.scale() + value.scale)
            .max(constant.scale())
            .max(way.scale());
        let slope = scaled(span, scale - value.scale)?;
        let constant = scaled(constant, scale)?;
        let divisor = way.rescale_exact(scale)?;
        fits(value, slope)?;
        let reach = i128::from(value.most).max(-i128::from(value.least));
        let largest = reach * i128::from(slope.abs()) + i128::from(constant).abs();
        (largest < 1 << 62).then_some(())?;
        let sums: Vec<i64> = value
            .numbers
            .iter()
            .map(|number| number * slope + constant)
            .collect();
        let mut numbers = settle.quotient(sums, largest, 0, divisor)?;
        let limit = |mark: Option<Decimal>| match mark {
            Some(mark) => settle.decimal(mark).map(Some),
            None => Some(None),
        };
        let (least, most) = (limit(self.clamp[0])?, limit(self.clamp[1])?);
        let (least, most) = (least.unwrap_or(i64::MIN), most.unwrap_or(i64::MAX));
        for number in &mut numbers {
            *number = (*number).clamp(least, most);
        }
        Some(numbers)
    }
}

/// Rounding, cap and floor of a node. All of them are monotone, so they may be applied to the ends
/// of a clamp as well as to what is clamped.
struct Settle {
    rounding: NodeRounding,
    floor: Option<Decimal>,
    cap: Option<Decimal>,
    limits_first: bool,
    /// Places of the node's integers.
    scale: u8,
}

impl Settle {
    fn new(plan: &Plan, definition: &SchemeNode, step: &NodeStep) -> Option<Settle> {
        Some(Settle {
            rounding: definition.round,
            floor: definition.floor,
            cap: definition.cap,
            limits_first: plan.scheme.order.limits_first(),
            scale: step.scale?,
        })
    }

    fn limit(&self, mark: Decimal) -> Decimal {
        let mark = self.floor.map_or(mark, |floor| mark.max(floor));
        self.cap.map_or(mark, |cap| mark.min(cap))
    }

    /// One number, settled.
    fn decimal(&self, mark: Decimal) -> Option<i64> {
        let mark = if self.limits_first {
            self.rounding.apply(self.limit(mark))
        } else {
            self.limit(self.rounding.apply(mark))
        };
        scaled(mark, self.scale)
    }

    /// The ends of what is settled.
    fn ends(&self) -> Option<(i64, i64)> {
        let end = |limit: Option<Decimal>, without: i64| match limit {
            Some(limit) if self.limits_first => scaled(self.rounding.apply(limit), self.scale),
            Some(limit) => scaled(limit, self.scale),
            None => Some(without),
        };
        Some((end(self.floor, i64::MIN)?, end(self.cap, i64::MAX)?))
    }

    /// Numbers of `scale` places, settled.
    fn whole(&self, numbers: Vec<i64>, scale: u8) -> Option<Vec<i64>> {
        let largest = numbers.iter().map(|number| i128::from(*number).abs()).max();
        self.quotient(numbers, largest.unwrap_or(0), scale, 1)
    }

    /// `numbers / (10^scale × divisor)`, settled; no magnitude of `numbers` is above `largest`.
    fn quotient(
        &self,
        mut numbers: Vec<i64>,
        largest: i128,
        scale: u8,
        divisor: i128,
    ) -> Option<Vec<i64>> {
        let (places, mode) = match self.rounding {
            NodeRounding::Places { places, mode } => (places, mode),
            // A quotient that may not end has no integers.
            NodeRounding::Exact if divisor == 1 && scale <= self.scale => {
                (scale, Rounding::HalfEven)
            }
            NodeRounding::Exact => return None,
        };
        let (up, down) = if places >= scale {
            (power(places - scale)?, 1)
        } else {
            (1, i128::from(power(scale - places)?))
        };
        (largest.checked_mul(i128::from(up))? < 1 << 62).then_some(())?;
        let divisor = divisor.checked_mul(down)?;
        // Brought from the rounding's places to the column's.
        let widen = power(self.scale - places)?;
        let quotient = largest * i128::from(up) / divisor + 1;
        (quotient.checked_mul(i128::from(widen))? < 1 << 62).then_some(())?;
        let (least, most) = self.ends()?;
        if divisor == 1 {
            let factor = up * widen;
            for number in &mut numbers {
                *number = (*number * factor).clamp(least, most);
            }
            return Some(numbers);
        }
        let divisor = Divisor::new(divisor)?;
        // The usual rounding gets a loop of its own, without a choice inside.
        if mode == Rounding::HalfUp {
            for number in &mut numbers {
                let rounded = divisor.round(*number * up, Rounding::HalfUp);
                *number = (rounded * widen).clamp(least, most);
            }
        } else {
            for number in &mut numbers {
                let rounded = divisor.round(*number * up, mode);
                *number = (rounded * widen).clamp(least, most);
            }
        }
        Some(numbers)
    }

    fn done(&self, numbers: Vec<i64>, done: Bitmap) -> Computed {
        Computed {
            numbers,
            scale: self.scale,
            done,
        }
    }
}
