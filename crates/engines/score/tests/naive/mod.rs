//! The meaning of a scheme a second time, as plainly as it can be said: one subject, one node, by
//! recursion, on big integers. Shares only the typed scheme with the engine.
//!
//! Logarithms and geometric means are left to `hdi.rs` and to the kernel's own vectors.

#![allow(dead_code, reason = "each test binary uses its own part")]

mod counting;

use std::cmp::Ordering;
use std::collections::BTreeMap;

use kernel::Rounding;
use num_bigint::BigInt;
use score::{
    Aggregator, Among, AvailabilityBy, Basis, BelowOrigin, Better, Fallback, Fewer, Filled,
    GateEffect, GateMissing, GoalpostScale, Input, MissingPolicy, Moment, NodeRounding, On,
    Operand, Outside, OverOne, OverTarget, Range, RankBy, RankMethod, RollUp, Rule, Scheme,
    SchemeNode, SeveralLimits, Skipped, TargetChanged, Tested, TieBreak, TooLittle, Unusable,
};

/// `digits / 10^places`, of any length.
#[derive(Clone, Debug)]
pub struct Number {
    digits: BigInt,
    places: u32,
}

fn ten(exponent: u32) -> BigInt {
    BigInt::from(10).pow(exponent)
}

impl Number {
    pub fn whole(value: i64) -> Number {
        Number {
            digits: value.into(),
            places: 0,
        }
    }

    pub fn read(text: &str) -> Number {
        let places = text
            .split_once('.')
            .map_or(0, |(_, fraction)| fraction.len());
        Number {
            digits: text.replace('.', "").parse().unwrap(),
            places: u32::try_from(places).unwrap(),
        }
    }

    fn at(&self, places: u32) -> BigInt {
        &self.digits * ten(places - self.places)
    }

    fn align(&self, other: &Number) -> (BigInt, BigInt, u32) {
        let places = self.places.max(other.places);
        (self.at(places), other.at(places), places)
    }

    /// What the product keeps: 38 digits and 60 places exactly, else 24 significant digits.
    fn kept(self) -> Number {
        let text = self.to_string();
        let digits = text
            .trim_start_matches(['-', '0', '.'])
            .replace('.', "")
            .len();
        let places = text
            .split_once('.')
            .map_or(0, |(_, fraction)| fraction.len());
        if digits <= 38 && places <= 60 {
            return self;
        }
        self.over(&Number::whole(1))
    }

    fn plus(&self, other: &Number) -> Number {
        let (left, right, places) = self.align(other);
        Number {
            digits: left + right,
            places,
        }
    }

    fn minus(&self, other: &Number) -> Number {
        let (left, right, places) = self.align(other);
        Number {
            digits: left - right,
            places,
        }
    }

    fn times(&self, other: &Number) -> Number {
        let product = Number {
            digits: &self.digits * &other.digits,
            places: self.places + other.places,
        };
        product.kept()
    }

    /// To 24 significant digits, half-even.
    fn over(&self, other: &Number) -> Number {
        let zero = BigInt::from(0);
        if self.digits == zero {
            return Number::whole(0);
        }
        let (numerator, denominator, _) = self.align(other);
        let negative = (numerator < zero) != (denominator < zero);
        let numerator = BigInt::from(numerator.magnitude().clone());
        let denominator = BigInt::from(denominator.magnitude().clone());
        // As many places as give a quotient of exactly 24 digits.
        let mut places = 0_i64;
        let quotient_at = |places: i64| {
            let power = ten(u32::try_from(places.abs()).unwrap());
            if places >= 0 {
                (&numerator * power, denominator.clone())
            } else {
                (numerator.clone(), &denominator * power)
            }
        };
        loop {
            let (top, bottom) = quotient_at(places);
            let length = (&top / &bottom).to_string().trim_start_matches('0').len();
            match length.cmp(&24) {
                Ordering::Less => places += 1,
                Ordering::Greater => places -= 1,
                Ordering::Equal => break,
            }
        }
        let (top, bottom) = quotient_at(places);
        let mut digits = nearest(&top, &bottom, Rounding::HalfEven, negative);
        if negative {
            digits = -digits;
        }
        match u32::try_from(places) {
            Ok(places) => Number { digits, places },
            Err(_) => Number {
                digits: digits * ten(u32::try_from(-places).unwrap()),
                places: 0,
            },
        }
    }

    fn round(&self, rounding: NodeRounding) -> Number {
        let NodeRounding::Places { places, mode } = rounding else {
            return self.clone();
        };
        let places = u32::from(places);
        if self.places <= places {
            return self.clone();
        }
        let negative = self.digits < BigInt::from(0);
        let magnitude = BigInt::from(self.digits.magnitude().clone());
        let digits = nearest(&magnitude, &ten(self.places - places), mode, negative);
        Number {
            digits: if negative { -digits } else { digits },
            places,
        }
    }

    fn is_zero(&self) -> bool {
        self.digits == BigInt::from(0)
    }

    fn is_in(&self, range: &Range) -> bool {
        use score::Edge;
        let edge = |number: kernel::Decimal| Number::read(&number.to_string());
        let above = match range.from {
            Edge::None => true,
            Edge::Included(from) => *self >= edge(from),
            Edge::Excluded(from) => *self > edge(from),
        };
        let below = match range.to {
            Edge::None => true,
            Edge::Included(to) => *self <= edge(to),
            Edge::Excluded(to) => *self < edge(to),
        };
        above && below
    }
}

/// `numerator / denominator` as a whole number; both are positive.
fn nearest(numerator: &BigInt, denominator: &BigInt, mode: Rounding, negative: bool) -> BigInt {
    let kept = numerator / denominator;
    let rest = numerator - &kept * denominator;
    if rest == BigInt::from(0) {
        return kept;
    }
    let twice: BigInt = &rest * 2;
    let half = twice.cmp(denominator);
    let odd = &kept % 2 == BigInt::from(1);
    let up = match mode {
        Rounding::HalfUp => half.is_ge(),
        Rounding::HalfDown => half.is_gt(),
        Rounding::HalfEven => half.is_gt() || (half.is_eq() && odd),
        Rounding::Up => true,
        Rounding::Down => false,
        Rounding::Ceiling => !negative,
        Rounding::Floor => negative,
    };
    if up { kept + 1 } else { kept }
}

impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for Number {}
impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Number {
    fn cmp(&self, other: &Number) -> Ordering {
        let (left, right, _) = self.align(other);
        left.cmp(&right)
    }
}

/// Without trailing zeros, as the engine writes it.
impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let negative = self.digits < BigInt::from(0);
        let places = self.places as usize;
        let text = self.digits.magnitude().to_string();
        let text = format!("{text:0>width$}", width = places + 1);
        let (whole, fraction) = text.split_at(text.len() - places);
        let fraction = fraction.trim_end_matches('0');
        let sign = if negative { "-" } else { "" };
        match fraction {
            "" => write!(f, "{sign}{whole}"),
            fraction => write!(f, "{sign}{whole}.{fraction}"),
        }
    }
}

fn number(value: kernel::Decimal) -> Number {
    Number::read(&value.to_string())
}

/// A subject with its values by column name.
#[derive(Clone, Debug)]
pub struct Row {
    pub code: String,
    pub group: Option<String>,
    pub values: BTreeMap<String, Number>,
}

/// A node of a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub counted: Option<Number>,
    pub missing: bool,
    pub held: bool,
}

impl Mark {
    fn own(counted: Number) -> Mark {
        Mark {
            counted: Some(counted),
            missing: false,
            held: false,
        }
    }

    fn nothing() -> Mark {
        Mark {
            counted: None,
            missing: true,
            held: false,
        }
    }
}

pub struct Model<'a> {
    pub scheme: &'a Scheme,
    pub rows: &'a [Row],
}

fn figure(row: &Row, input: &Input) -> Option<Number> {
    row.values.get(&input.name()).cloned()
}

/// What stands before gates and after rounding and limits, or nothing.
type Own = Option<(Number, bool)>;

impl Model<'_> {
    fn node(&self, code: &str) -> &SchemeNode {
        self.scheme
            .nodes
            .iter()
            .find(|node| node.code == code)
            .unwrap()
    }

    /// The rows whose values stand in for a row's.
    fn peers(&self, row: &Row, among: Among) -> impl Iterator<Item = &Row> {
        let group = row.group.clone();
        self.rows
            .iter()
            .filter(move |other| among == Among::All || other.group == group)
    }

    fn fill(values: &[Number], mean: Option<NodeRounding>) -> Option<Number> {
        let Some(rounding) = mean else {
            return values.iter().min().cloned();
        };
        if values.is_empty() {
            return None;
        }
        let sum = values
            .iter()
            .fold(Number::whole(0), |sum, value| sum.plus(value));
        let count = Number::whole(i64::try_from(values.len()).unwrap());
        Some(sum.over(&count).round(rounding))
    }

    /// The value of an operand; whether it was filled in; whether it is held.
    fn operand(
        &self,
        row: &Row,
        node: &SchemeNode,
        operand: &Operand,
    ) -> (Option<Number>, bool, bool) {
        let input = match operand {
            Operand::Constant(value) => return (Some(number(*value)), false, false),
            Operand::Node(code) => {
                let mark = self.mark(row, code);
                return (mark.counted, false, mark.held);
            }
            Operand::Item(input) => input,
        };
        if let Some(value) = figure(row, input) {
            return (Some(value), false, false);
        }
        let all = |among: Among| -> Vec<Number> {
            self.peers(row, among)
                .filter_map(|peer| figure(peer, input))
                .collect()
        };
        let filled = match &node.missing {
            MissingPolicy::LastValue { .. } => {
                let last = Input {
                    item: input.item.clone(),
                    moment: Moment::Last,
                };
                figure(row, &last)
            }
            MissingPolicy::GroupMinimum {
                fills: Filled::Value,
                among,
                ..
            } => Model::fill(&all(*among), None),
            MissingPolicy::GroupMean {
                fills: Filled::Value,
                among,
                round,
                ..
            } => Model::fill(&all(*among), Some(*round)),
            _ => None,
        };
        let was_filled = filled.is_some();
        (filled, was_filled, false)
    }

    /// A node's mark.
    pub fn mark(&self, row: &Row, code: &str) -> Mark {
        self.variant(row, code, true, true)
    }

    fn variant(&self, row: &Row, code: &str, rounded: bool, gated: bool) -> Mark {
        let node = self.node(code);
        let mut mark = match self.own(row, node, rounded) {
            Err(()) => {
                return Mark {
                    held: true,
                    ..Mark::nothing()
                };
            }
            Ok(Some((own, filled))) => Mark {
                missing: filled,
                ..Mark::own(own)
            },
            Ok(None) => self.instead(row, node),
        };
        if !gated {
            return mark;
        }
        for gate in self.scheme.gates.iter().filter(|gate| gate.node == code) {
            if self.passes(row, gate) {
                continue;
            }
            mark.counted = mark.counted.map(|counted| match gate.effect {
                GateEffect::Zero => Number::whole(0),
                GateEffect::Cap(cap) => counted.min(number(cap)),
                GateEffect::GradeLimit(_) => counted,
            });
        }
        mark
    }

    fn passes(&self, row: &Row, gate: &score::Gate) -> bool {
        let value = match &gate.value {
            Operand::Constant(value) => Some(number(*value)),
            Operand::Node(code) => self.mark(row, code).counted,
            Operand::Item(input) => {
                let declared = gate.tested == Tested::Declared && input.moment == Moment::Period;
                let moment = if declared {
                    Moment::Declared
                } else {
                    input.moment
                };
                let item = input.item.clone();
                figure(row, &Input { item, moment })
            }
        };
        match value {
            Some(value) => value.is_in(&gate.passes),
            None => gate.missing == GateMissing::Pass,
        }
    }

    /// What the missing policy puts in place of a mark.
    fn instead(&self, row: &Row, node: &SchemeNode) -> Mark {
        let marks = |among: Among| -> Vec<Number> {
            self.peers(row, among)
                .filter_map(|peer| match self.own(peer, node, true) {
                    Ok(Some((own, false))) => Some(own),
                    _ => None,
                })
                .collect()
        };
        let fill = match &node.missing {
            MissingPolicy::GroupMinimum {
                fills: Filled::Mark,
                among,
                ..
            } => Model::fill(&marks(*among), None),
            MissingPolicy::GroupMean {
                fills: Filled::Mark,
                among,
                round,
                ..
            } => Model::fill(&marks(*among), Some(*round)),
            _ => None,
        };
        if fill.is_some() {
            return Mark {
                counted: fill,
                ..Mark::nothing()
            };
        }
        match node.missing.fallback() {
            Fallback::Zero => Mark {
                counted: Some(Number::whole(0)),
                ..Mark::nothing()
            },
            Fallback::Skip => Mark::nothing(),
            Fallback::Block | Fallback::Appeal => Mark {
                held: true,
                ..Mark::nothing()
            },
        }
    }

    /// The node's own mark after rounding and limits; `Err` where something below is held.
    fn own(&self, row: &Row, node: &SchemeNode, rounded: bool) -> Result<Own, ()> {
        let mut filled = false;
        let mut held = false;
        let mut read = |operand: &Operand| {
            let (value, was_filled, was_held) = self.operand(row, node, operand);
            filled |= was_filled;
            held |= was_held;
            value
        };
        let raw = match &node.rule {
            Rule::TierTable(rule) => read(&rule.value).and_then(|value| {
                let factor = match &rule.value {
                    Operand::Item(input) => {
                        let item = self
                            .scheme
                            .items
                            .iter()
                            .find(|item| item.code == input.item);
                        number(item.unwrap().unit.factor_to(&rule.unit).unwrap())
                    }
                    _ => Number::whole(1),
                };
                let value = value.times(&factor).round(rule.round_value);
                let tier = rule.tiers.iter().find(|tier| value.is_in(&tier.range));
                tier.map(|tier| number(tier.mark))
            }),
            Rule::Interpolation(rule) => {
                let mut operands = vec![&rule.value, &rule.origin, &rule.target];
                match &rule.target_changed {
                    TargetChanged::Latest => {}
                    TargetChanged::First { first } => operands.push(first),
                    TargetChanged::ByDays {
                        first,
                        days_before,
                        days_after,
                    } => {
                        operands.extend([first, days_before, days_after]);
                    }
                }
                let values: Vec<Option<Number>> = operands.into_iter().map(&mut read).collect();
                interpolation(rule, &values)
            }
            Rule::Ratio(rule) => {
                let (top, bottom) = (read(&rule.numerator), read(&rule.denominator));
                ratio(rule, &number(node.full), top, bottom)
            }
            Rule::Goalpost(rule) => {
                assert_eq!(rule.scale, GoalpostScale::Linear, "left to others");
                read(&rule.value).and_then(|value| goalpost(rule, &number(node.full), value))
            }
            Rule::RollUp(rule) => {
                let children: Vec<&SchemeNode> = self
                    .scheme
                    .nodes
                    .iter()
                    .filter(|child| child.parent.as_ref() == Some(&node.code))
                    .collect();
                let marks: Vec<Mark> = children
                    .iter()
                    .map(|child| self.mark(row, &child.code))
                    .collect();
                if marks.iter().any(|mark| mark.held) {
                    return Err(());
                }
                roll_up(rule, node, &children, &marks)
            }
            Rule::SteppedAdd(rule) => {
                let factor = match &rule.value {
                    Operand::Item(input) => {
                        let mut items = self.scheme.items.iter();
                        let item = items.find(|item| item.code == input.item);
                        number(item.unwrap().unit.factor_to(&rule.unit).unwrap())
                    }
                    _ => Number::whole(1),
                };
                counting::stepped_add(rule, &factor, &mut read)
            }
            Rule::Deduction(rule) => counting::deduction(rule, &mut read),
            Rule::Bonus(rule) => counting::event_list(rule, false, &mut read),
            Rule::Penalty(rule) => counting::event_list(rule, true, &mut read),
            Rule::Growth(rule) => counting::growth(rule, &number(node.full), &mut read),
            Rule::Checklist(rule) => counting::checklist(rule, &number(node.full), &mut read),
            Rule::RoundComposite(rule) => {
                counting::round_composite(rule, &number(node.full), &mut read)
            }
            Rule::Formula(_) => unimplemented!("left to others"),
        };
        if held {
            return Err(());
        }
        Ok(raw.map(|raw| (self.settle(node, raw, rounded), filled)))
    }

    fn settle(&self, node: &SchemeNode, raw: Number, rounded: bool) -> Number {
        let limit = |mark: Number| {
            let mark = node
                .floor
                .map_or(mark.clone(), |floor| mark.max(number(floor)));
            node.cap.map_or(mark.clone(), |cap| mark.min(number(cap)))
        };
        let rounding = if rounded {
            node.round
        } else {
            NodeRounding::Exact
        };
        if self.scheme.order.limits_first() {
            limit(raw).round(rounding)
        } else {
            limit(raw.round(rounding))
        }
    }

    /// Position of the grade.
    pub fn grade(&self, row: &Row) -> Option<usize> {
        let grades = self.scheme.grade.as_ref()?;
        let gated = !self.scheme.order.grade_before_gates();
        let score = self.variant(row, &self.scheme.root, grades.on == On::Rounded, gated);
        let place = |code: &String| grades.bands.iter().position(|band| band.code == *code);
        let Some(score) = score.counted else {
            return grades.missing.as_ref().and_then(place);
        };
        let band = grades
            .bands
            .iter()
            .position(|band| score.is_in(&band.range))?;
        let limits: Vec<usize> = self
            .scheme
            .gates
            .iter()
            .filter(|gate| !self.passes(row, gate))
            .filter_map(|gate| match &gate.effect {
                GateEffect::GradeLimit(code) => place(code),
                _ => None,
            })
            .collect();
        let limit = match grades.several_limits {
            SeveralLimits::Worst => limits.iter().max(),
            SeveralLimits::First => limits.first(),
        };
        Some(limit.map_or(band, |limit| band.max(*limit)))
    }

    /// Rank and rank in group of every row: by counting who is better.
    pub fn ranks(&self) -> Vec<(Option<u32>, Option<u32>)> {
        let Some(ranking) = &self.scheme.rank else {
            return vec![(None, None); self.rows.len()];
        };
        let counts: Vec<bool> = self
            .rows
            .iter()
            .map(|row| {
                let excluded = ranking.excluded.as_ref().is_some_and(|excluded| {
                    let value = match &excluded.value {
                        Operand::Item(input) => figure(row, input),
                        Operand::Node(code) => self.mark(row, code).counted,
                        Operand::Constant(value) => Some(number(*value)),
                    };
                    value.is_some_and(|value| value.is_in(&excluded.when))
                });
                !excluded && self.mark(row, &self.scheme.root).counted.is_some()
            })
            .collect();
        let keys: Vec<Vec<Option<Number>>> = self.rows.iter().map(|row| self.key(row)).collect();
        let better = |left: usize, right: usize| -> bool {
            // Present before absent, then the smaller.
            let pairs = keys[left].iter().zip(&keys[right]);
            for (left, right) in pairs {
                let order = match (left, right) {
                    (Some(left), Some(right)) => left.cmp(right),
                    (left, right) => right.is_some().cmp(&left.is_some()),
                };
                if order.is_ne() {
                    return order.is_lt();
                }
            }
            let code = |position: usize| &self.rows[position].code;
            match ranking.ties.last() {
                Some(TieBreak::SubjectCode(score::Best::Lowest)) => code(left) < code(right),
                Some(TieBreak::SubjectCode(score::Best::Highest)) => code(left) > code(right),
                _ => false,
            }
        };
        let rank = |position: usize, peers: &dyn Fn(usize) -> bool| -> u32 {
            let ahead: Vec<usize> = (0..self.rows.len())
                .filter(|&other| counts[other] && peers(other) && better(other, position))
                .collect();
            let ahead = match ranking.method {
                RankMethod::Competition | RankMethod::Ordinal => ahead.len(),
                RankMethod::Dense => ahead
                    .iter()
                    .filter(|&&one| {
                        // The first of its equals in input order stands for them.
                        !ahead
                            .iter()
                            .any(|&other| other < one && !better(one, other) && !better(other, one))
                    })
                    .count(),
            };
            u32::try_from(ahead).unwrap() + 1
        };
        (0..self.rows.len())
            .map(|position| {
                let group = &self.rows[position].group;
                let overall = counts[position].then(|| rank(position, &|_| true));
                let in_group = (counts[position] && group.is_some())
                    .then(|| rank(position, &|other| self.rows[other].group == *group));
                (overall, in_group)
            })
            .collect()
    }

    fn key(&self, row: &Row) -> Vec<Option<Number>> {
        let ranking = self.scheme.rank.as_ref().unwrap();
        let signed = |value: Option<Number>, best: score::Best| match best {
            score::Best::Lowest => value,
            score::Best::Highest => value.map(|value| Number::whole(0).minus(&value)),
        };
        let mut key = Vec::new();
        if ranking.by == RankBy::GradeThenScore {
            let grade = self.grade(row);
            key.push(grade.map(|grade| Number::whole(i64::try_from(grade).unwrap())));
        }
        let of_node = |code: &str, on: On| self.variant(row, code, on == On::Rounded, true).counted;
        key.push(signed(of_node(&self.scheme.root, ranking.on), ranking.best));
        for tie_break in &ranking.ties {
            key.push(match tie_break {
                TieBreak::Node { node, on, best } => signed(of_node(node, *on), *best),
                TieBreak::Item { input, best } => signed(figure(row, input), *best),
                TieBreak::SubjectCode(_) => None,
                _ => unimplemented!("left to others"),
            });
        }
        key
    }
}

fn interpolation(rule: &score::Interpolation, values: &[Option<Number>]) -> Option<Number> {
    let value = values[0].clone()?;
    let origin = values[1].clone()?;
    let (low, high) = (number(rule.mark_at_origin), number(rule.mark_at_target));
    let without = |answer: Unusable| match answer {
        Unusable::Missing => None,
        Unusable::Zero => Some(Number::whole(0)),
        Unusable::Full => Some(high.clone()),
    };
    let first = values.get(3).cloned().flatten();
    let target = match (&rule.target_changed, values[2].clone(), first) {
        (_, None, _) => None,
        (TargetChanged::Latest, target, _) | (_, target, None) => target,
        (TargetChanged::First { .. }, _, first) => first,
        (TargetChanged::ByDays { .. }, Some(latest), Some(first)) => {
            match (&values[4], &values[5]) {
                (Some(before), Some(after)) if !before.plus(after).is_zero() => {
                    let sum = first.times(before).plus(&latest.times(after));
                    Some(sum.over(&before.plus(after)))
                }
                _ => None,
            }
        }
    };
    let Some(target) = target else {
        return without(rule.target_missing);
    };
    let way = target.minus(&origin);
    if way.is_zero() {
        return without(rule.target_zero);
    }
    let product = value.minus(&origin).times(&high.minus(&low));
    let mark = low.plus(&product.over(&way));
    // Where marks fall towards the target, "over" is below and "under" above.
    let (least, most) = if high >= low {
        (
            rule.below_origin == BelowOrigin::Floor,
            rule.over_target == OverTarget::Cap,
        )
    } else {
        (
            rule.over_target == OverTarget::Cap,
            rule.below_origin == BelowOrigin::Floor,
        )
    };
    let (bottom, top) = if high >= low {
        (low, high)
    } else {
        (high, low)
    };
    let mark = if least { mark.max(bottom) } else { mark };
    Some(if most { mark.min(top) } else { mark })
}

fn ratio(
    rule: &score::Ratio,
    full: &Number,
    top: Option<Number>,
    bottom: Option<Number>,
) -> Option<Number> {
    let (top, bottom) = (top?, bottom?);
    if bottom.is_zero() {
        return match rule.denominator_zero {
            Unusable::Missing => None,
            Unusable::Zero => Some(Number::whole(0)),
            Unusable::Full => Some(full.clone()),
        };
    }
    let hundred = Number::whole(100);
    let (value, one) = match rule.percent {
        NodeRounding::Exact => (top.times(full).over(&bottom), full.clone()),
        places @ NodeRounding::Places { .. } => {
            (top.times(&hundred).over(&bottom).round(places), hundred)
        }
    };
    let value = match (value > one, rule.over_one) {
        (false, _) | (true, OverOne::Keep) => value,
        (true, OverOne::Cap) => one,
        (true, OverOne::Refuse) => return None,
    };
    Some(match rule.percent {
        NodeRounding::Exact => value,
        NodeRounding::Places { .. } => value.times(full).times(&Number::read("0.01")),
    })
}

fn goalpost(rule: &score::Goalpost, full: &Number, value: Number) -> Option<Number> {
    let (low, high) = (number(rule.low), number(rule.high));
    let value = if value < low {
        match rule.below {
            Outside::Truncate => low.clone(),
            Outside::Extend => value,
            Outside::Refuse => return None,
        }
    } else if value > high {
        match rule.above {
            Outside::Truncate => high.clone(),
            Outside::Extend => value,
            Outside::Refuse => return None,
        }
    } else {
        value
    };
    let done = match rule.better {
        Better::Higher => value.minus(&low),
        Better::Lower => high.minus(&value),
    };
    Some(done.times(full).over(&high.minus(&low)))
}

fn total(values: impl Iterator<Item = Number>) -> Number {
    values
        .fold(Number::whole(0), |sum, value| sum.plus(&value))
        .kept()
}

#[allow(
    clippy::too_many_lines,
    reason = "one arm per aggregator, each said in full"
)]
fn roll_up(
    rule: &RollUp,
    node: &SchemeNode,
    children: &[&SchemeNode],
    marks: &[Mark],
) -> Option<Number> {
    let one = Number::whole(1);
    let full: Vec<Number> = children.iter().map(|child| number(child.full)).collect();
    let size: Vec<Number> = children
        .iter()
        .map(|child| match child.weight {
            Some(weight) => number(weight),
            None => number(child.full),
        })
        .collect();
    if let Some(availability) = &rule.availability {
        let part = |child: usize| match availability.by {
            AvailabilityBy::Count => one.clone(),
            AvailabilityBy::Weight => size[child].clone(),
        };
        let there = (0..marks.len()).filter(|&child| !marks[child].missing);
        let there = total(there.map(part)).times(&Number::whole(100));
        let needed = total((0..marks.len()).map(part)).times(&number(availability.percent));
        let too_little = match availability.too_little {
            TooLittle::Below => there < needed,
            TooLittle::AtOrBelow => there <= needed,
        };
        if too_little {
            return None;
        }
    }
    let present: Vec<usize> = (0..marks.len())
        .filter(|&child| marks[child].counted.is_some())
        .collect();
    if present.is_empty() {
        return None;
    }
    let share = rule.basis == Basis::Share;
    // Everything over one common denominator: the full mark that all have, or the product of all.
    let equal = full.iter().all(|other| *other == full[0]);
    let common = match (share, equal) {
        (false, _) => one.clone(),
        (true, true) => full[0].clone(),
        (true, false) => full
            .iter()
            .fold(one.clone(), |product, full| product.times(full)),
    };
    let value = |child: usize| {
        let mark = marks[child].counted.clone().unwrap();
        if !share || equal {
            return mark;
        }
        (0..full.len())
            .filter(|&other| other != child)
            .fold(mark, |product, other| product.times(&full[other]))
    };
    let parent = if share {
        number(node.full)
    } else {
        one.clone()
    };
    let re_weights = rule.skipped == Some(Skipped::ReWeight);
    let count = |count: usize| Number::whole(i64::try_from(count).unwrap());
    let divide = |top: Number, bottom: Number| {
        let bottom = bottom.times(&common);
        if bottom.is_zero() {
            None
        } else if bottom == one {
            Some(top.times(&parent))
        } else {
            Some(top.times(&parent).over(&bottom))
        }
    };
    match rule.aggregator {
        Aggregator::Sum => {
            let sum = total(present.iter().map(|&child| value(child)));
            if present.len() == children.len() || !re_weights {
                return Some(sum);
            }
            let there = total(present.iter().map(|&child| full[child].clone()));
            let all = total(full.iter().cloned());
            (!there.is_zero()).then(|| sum.times(&all).over(&there))
        }
        Aggregator::Mean => {
            let divisor = if re_weights {
                present.len()
            } else {
                children.len()
            };
            divide(
                total(present.iter().map(|&child| value(child))),
                count(divisor),
            )
        }
        Aggregator::WeightedMean => {
            let sum = total(
                present
                    .iter()
                    .map(|&child| value(child).times(&size[child])),
            );
            let weights = if re_weights {
                total(present.iter().map(|&child| size[child].clone()))
            } else {
                total(size.iter().cloned())
            };
            divide(sum, weights)
        }
        Aggregator::Minimum => divide(
            present.iter().map(|&child| value(child)).min()?,
            one.clone(),
        ),
        Aggregator::Maximum => divide(
            present.iter().map(|&child| value(child)).max()?,
            one.clone(),
        ),
        Aggregator::BestSum | Aggregator::BestMean => {
            let best = rule.best.unwrap();
            let wanted = best.count as usize;
            if present.len() < wanted && best.fewer == Fewer::Missing {
                return None;
            }
            let mut values: Vec<Number> = present.iter().map(|&child| value(child)).collect();
            values.sort();
            values.reverse();
            values.truncate(wanted);
            let used = values.len();
            let sum = total(values.into_iter());
            if rule.aggregator == Aggregator::BestMean {
                return divide(sum, count(if re_weights { used } else { wanted }));
            }
            if used == wanted || !re_weights {
                return Some(sum);
            }
            Some(sum.times(&count(wanted)).over(&count(used)))
        }
        Aggregator::Product => {
            let product = present
                .iter()
                .fold(one.clone(), |product, &child| product.times(&value(child)));
            let mut bottom = one.clone();
            for _ in &present {
                bottom = bottom.times(&common);
            }
            if bottom == one {
                return Some(product.times(&parent));
            }
            Some(product.times(&parent).over(&bottom))
        }
        Aggregator::GeometricMean | Aggregator::WeightedGeometricMean => {
            unimplemented!("left to others")
        }
    }
}
