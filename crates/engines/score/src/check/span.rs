//! The least and greatest mark each node can have: full marks that cannot be reached or that are
//! exceeded, grades nobody can get.

use kernel::{Decimal, Finding};

use crate::scheme::{
    Aggregator, Basis, BelowOrigin, Edge, EventList, Fallback, Gate, GateEffect, MissingPolicy,
    NodeRounding, On, Outside, OverOne, OverTarget, Range, RollUp, Rule, Scheme, SchemeNode,
    Several, Zeros,
};

/// From the least to the greatest value; `None`: without end, or not known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Span {
    pub(crate) least: Option<Decimal>,
    pub(crate) most: Option<Decimal>,
}

impl Span {
    const UNKNOWN: Span = Span {
        least: None,
        most: None,
    };

    fn of(values: &[Decimal]) -> Span {
        Span {
            least: values.iter().copied().min(),
            most: values.iter().copied().max(),
        }
    }

    fn map(self, change: impl Fn(Decimal) -> Option<Decimal>) -> Span {
        Span {
            least: self.least.and_then(&change),
            most: self.most.and_then(&change),
        }
    }

    fn with(self, value: Decimal) -> Span {
        Span {
            least: self.least.map(|least| least.min(value)),
            most: self.most.map(|most| most.max(value)),
        }
    }
}

/// Of every node, by position. The tree must be sound.
pub(crate) fn spans(scheme: &Scheme) -> Vec<Span> {
    let mut spans = vec![Span::UNKNOWN; scheme.nodes.len()];
    let order = crate::plan::evaluation_order(scheme).unwrap_or_default();
    for index in order {
        let node = &scheme.nodes[index];
        spans[index] = settled(scheme, node, raw(scheme, node, &spans));
    }
    spans
}

/// The span of a node's rule.
fn raw(scheme: &Scheme, node: &SchemeNode, spans: &[Span]) -> Span {
    match &node.rule {
        Rule::TierTable(rule) => {
            let marks: Vec<Decimal> = rule.tiers.iter().map(|tier| tier.mark).collect();
            Span::of(&marks)
        }
        Rule::Interpolation(rule) => {
            let mut span = Span::of(&[rule.mark_at_origin, rule.mark_at_target]);
            let rising = rule.mark_at_target >= rule.mark_at_origin;
            if rule.over_target == OverTarget::Extend {
                span = open(span, rising);
            }
            if rule.below_origin == BelowOrigin::Extend {
                span = open(span, !rising);
            }
            span
        }
        Rule::Ratio(rule) => Span {
            least: Some(Decimal::ZERO),
            most: (rule.over_one != OverOne::Keep).then_some(node.full),
        },
        Rule::Goalpost(rule) => {
            let ends = (rule.below == Outside::Extend, rule.above == Outside::Extend);
            let (low_open, high_open) = match rule.better {
                crate::scheme::Better::Higher => ends,
                crate::scheme::Better::Lower => (ends.1, ends.0),
            };
            Span {
                least: (!low_open).then_some(Decimal::ZERO),
                most: (!high_open).then_some(node.full),
            }
        }
        Rule::RollUp(rule) => {
            let children: Vec<(Span, Decimal, Decimal)> = scheme
                .children(&node.code)
                .into_iter()
                .map(|child| {
                    let child_node = &scheme.nodes[child];
                    let weight = child_node.weight.unwrap_or(Decimal::ONE);
                    (spans[child], weight, child_node.full)
                })
                .collect();
            Span {
                least: rolled(rule, node.full, &children, |span| span.least),
                most: rolled(rule, node.full, &children, |span| span.most),
            }
        }
        Rule::SteppedAdd(rule) => {
            let start = Span::of(&[rule.mark_at_base]);
            let rising = !rule.mark_per_step.is_negative();
            let span = open(start, rising);
            match rule.below_base {
                BelowOrigin::Floor => span,
                BelowOrigin::Extend => open(span, !rising),
            }
        }
        Rule::Deduction(rule) => open(Span::of(&[rule.start]), false),
        Rule::Growth(rule) => {
            let mut span = Span::of(&[Decimal::ZERO, node.full]);
            if rule.over_target == OverTarget::Extend {
                span = open(span, true);
            }
            if rule.below_origin == BelowOrigin::Extend {
                span = open(span, false);
            }
            let level = rule.level.as_ref().and_then(|code| scheme.node_index(code));
            match level {
                None => span,
                // At least the level's mark, and up to the greater of both.
                Some(level) => Span {
                    least: span.least.zip(spans[level].least).map(|(a, b)| a.max(b)),
                    most: span.most.zip(spans[level].most).map(|(a, b)| a.max(b)),
                },
            }
        }
        Rule::Checklist(_) => Span::of(&[Decimal::ZERO, node.full]),
        Rule::Bonus(rule) => Span {
            least: Some(Decimal::ZERO),
            most: most_of_events(rule),
        },
        Rule::Penalty(rule) => Span {
            least: most_of_events(rule).and_then(|most| Decimal::ZERO.sub(most).ok()),
            most: Some(Decimal::ZERO),
        },
        Rule::RoundComposite(_) | Rule::Formula(_) => Span::UNKNOWN,
    }
}

/// The greatest marks that a list of events can give, where its caps limit them.
fn most_of_events(rule: &EventList) -> Option<Decimal> {
    let mut parts = Vec::new();
    for entry in rule.entries.iter().filter(|entry| entry.class.is_none()) {
        parts.push(entry.cap?);
    }
    for class in &rule.classes {
        let members = rule
            .entries
            .iter()
            .filter(|entry| entry.class.as_ref() == Some(&class.code));
        let each = members.map(|entry| match (class.several, entry.cap) {
            (Several::HighestOnce, cap) => Some(cap.map_or(entry.mark, |cap| cap.min(entry.mark))),
            (_, cap) => cap,
        });
        let each: Option<Vec<Decimal>> = each.collect();
        let own = each.and_then(|each| match class.several {
            Several::All => Decimal::sum(each).ok(),
            Several::HighestLevel | Several::HighestOnce => each.into_iter().max(),
        });
        parts.push(match (own, class.cap) {
            (Some(own), Some(cap)) => own.min(cap),
            (own, cap) => own.or(cap)?,
        });
    }
    let sum = Decimal::sum(parts).ok()?;
    match rule.carry_share {
        None => Some(sum),
        Some(share) => sum.mul(share).and_then(|carried| carried.add(sum)).ok(),
    }
}

fn open(span: Span, upwards: bool) -> Span {
    if upwards {
        Span { most: None, ..span }
    } else {
        Span {
            least: None,
            ..span
        }
    }
}

/// One end of a roll-up's span: all children at that end (every aggregator grows with each child
/// that is not negative; products and geometric means of negative marks are left unknown).
fn rolled(
    rule: &RollUp,
    full: Decimal,
    children: &[(Span, Decimal, Decimal)],
    end: impl Fn(&Span) -> Option<Decimal>,
) -> Option<Decimal> {
    let mut values = Vec::with_capacity(children.len());
    for (span, weight, child_full) in children {
        let value = end(span)?;
        let value = match rule.basis {
            Basis::Mark => value,
            Basis::Share => value.div(*child_full).ok()?,
        };
        values.push((value, *weight));
    }
    let plain = || values.iter().map(|(value, _)| *value);
    let count = Decimal::from_int(i64::try_from(values.len()).ok()?);
    let multiplies = rule.aggregator.is_geometric() || rule.aggregator == Aggregator::Product;
    if multiplies && plain().any(Decimal::is_negative) {
        return None;
    }
    let best = || {
        let mut sorted: Vec<Decimal> = plain().collect();
        sorted.sort_unstable_by(|left, right| right.cmp(left));
        sorted.truncate(rule.best.map_or(sorted.len(), |best| best.count as usize));
        sorted
    };
    let outcome = match rule.aggregator {
        Aggregator::Sum => Decimal::sum(plain()).ok()?,
        Aggregator::Mean => Decimal::sum(plain()).ok()?.div(count).ok()?,
        Aggregator::WeightedMean => {
            let mut terms = Vec::new();
            for (value, weight) in &values {
                terms.push(value.mul(*weight).ok()?);
            }
            let weights = Decimal::sum(values.iter().map(|(_, weight)| *weight)).ok()?;
            Decimal::sum(terms).ok()?.div(weights).ok()?
        }
        Aggregator::GeometricMean | Aggregator::WeightedGeometricMean => {
            return geometric(rule, full, &values);
        }
        Aggregator::Minimum => plain().min()?,
        Aggregator::Maximum => plain().max()?,
        Aggregator::BestSum => Decimal::sum(best()).ok()?,
        Aggregator::BestMean => {
            let best = best();
            let count = Decimal::from_int(i64::try_from(best.len()).ok()?);
            Decimal::sum(best).ok()?.div(count).ok()?
        }
        Aggregator::Product => {
            let mut product = Decimal::ONE;
            for value in plain() {
                product = product.mul(value).ok()?;
            }
            product
        }
    };
    scale(rule, full, outcome)
}

fn scale(rule: &RollUp, full: Decimal, outcome: Decimal) -> Option<Decimal> {
    match rule.basis {
        Basis::Mark => Some(outcome),
        Basis::Share => outcome.mul(full).ok(),
    }
}

fn geometric(rule: &RollUp, full: Decimal, values: &[(Decimal, Decimal)]) -> Option<Decimal> {
    let floored: Vec<(Decimal, Decimal)> = values
        .iter()
        .map(|(value, weight)| match &rule.zeros {
            Some(Zeros::Floor(floor)) if value.is_zero() => (*floor, *weight),
            _ => (*value, *weight),
        })
        .collect();
    if floored.iter().any(|(value, _)| value.is_zero()) {
        return Some(Decimal::ZERO);
    }
    let mean = if rule.aggregator == Aggregator::WeightedGeometricMean {
        kernel::math::weighted_geometric_mean(&floored).ok()?
    } else {
        let plain: Vec<Decimal> = floored.iter().map(|(value, _)| *value).collect();
        kernel::math::geometric_mean(&plain).ok()?
    };
    scale(rule, full, mean)
}

/// After rounding, limits, gates and missing policies.
fn settled(scheme: &Scheme, node: &SchemeNode, raw: Span) -> Span {
    let limit = |value: Decimal| {
        let value = node.floor.map_or(value, |floor| value.max(floor));
        node.cap.map_or(value, |cap| value.min(cap))
    };
    let mut span = raw.map(|value| Some(limit(node.round.apply(value))));
    span.least = span.least.or(node.floor);
    span.most = span.most.or(node.cap);
    let counts_zero = match &node.missing {
        MissingPolicy::Leave(fallback) => *fallback == Fallback::Zero,
        policy => policy.fallback() == Fallback::Zero,
    };
    if counts_zero {
        span = span.with(Decimal::ZERO);
    }
    for gate in scheme.gates.iter().filter(|gate| gate.node == node.code) {
        match gate.effect {
            GateEffect::Zero => span = span.with(Decimal::ZERO),
            GateEffect::Cap(cap) => span.least = span.least.map(|least| least.min(cap)),
            GateEffect::GradeLimit(_) => {}
        }
    }
    span
}

pub(super) fn check(scheme: &Scheme, findings: &mut Vec<Finding>) {
    let spans = spans(scheme);
    for (index, node) in scheme.nodes.iter().enumerate() {
        full_mark(scheme, node, index, spans[index], findings);
    }
    let root = scheme.node_index(&scheme.root);
    if let (Some(grades), Some(root)) = (&scheme.grade, root) {
        let node = &scheme.nodes[root];
        let places = match (grades.on, node.round) {
            (On::Rounded, NodeRounding::Places { places, .. }) => Some(places),
            _ => None,
        };
        // A grade that nobody's score gets can still be the one that a gate leaves.
        let given = |code: &String| {
            let limits = |gate: &Gate| gate.effect == GateEffect::GradeLimit(code.clone());
            grades.missing.as_ref() == Some(code) || scheme.gates.iter().any(limits)
        };
        for (index, band) in grades.bands.iter().enumerate() {
            if !given(&band.code) && !reachable(band.range, spans[root], places) {
                let finding = Finding::error("grade-unreachable")
                    .arg("found", band.code.as_str())
                    .arg("range", band.range.to_string())
                    .arg("least", end(spans[root].least))
                    .arg("most", end(spans[root].most));
                findings.push(finding.field(format!("grade.band.{index}.range")));
            }
        }
    }
}

fn end(value: Option<Decimal>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| value.to_string())
}

/// The full mark of a sum is the sum of its children's full marks: an error, because the maxima do
/// not add up. For other rules the full mark should be the greatest mark: a warning, because a
/// table may well stop short of it.
fn full_mark(
    scheme: &Scheme,
    node: &SchemeNode,
    index: usize,
    span: Span,
    findings: &mut Vec<Finding>,
) {
    if matches!(node.rule, Rule::Bonus(_) | Rule::Penalty(_)) {
        return; // Their marks are beyond the full mark of the whole, by definition.
    }
    let is_sum = matches!(&node.rule, Rule::RollUp(rule) if rule.aggregator == Aggregator::Sum);
    let most = if is_sum {
        let children = scheme.children(&node.code);
        Decimal::sum(children.into_iter().map(|child| scheme.nodes[child].full)).ok()
    } else {
        span.most
    };
    let Some(most) = most else { return };
    if most == node.full {
        return;
    }
    let finding = if is_sum {
        Finding::error("full-mark-not-sum")
    } else if most > node.full {
        Finding::warning("full-mark-exceeded")
    } else {
        Finding::warning("full-mark-unreachable")
    };
    let finding = finding
        .arg("node", node.code.as_str())
        .arg("found", node.full.to_string())
        .arg("expected", most.to_string());
    findings.push(finding.field(format!("node.{index}.full")));
}

/// Whether some score within the span lies in the range.
fn reachable(range: Range, span: Span, places: Option<u8>) -> bool {
    let low = match (range.from.number(), span.least) {
        (Some(from), Some(least)) => Some(from.max(least)),
        (from, least) => from.or(least),
    };
    let high = match (range.to.number(), span.most) {
        (Some(to), Some(most)) => Some(to.min(most)),
        (to, most) => to.or(most),
    };
    let (Some(low), Some(high)) = (low, high) else {
        return true;
    };
    if low > high {
        return false;
    }
    let Some(places) = places else {
        // Between two different numbers there is always one more.
        return low < high || range.contains(low);
    };
    // The first and last scores of so many places.
    let unit = Decimal::new(1, places);
    let first = low.round(places, kernel::Rounding::Ceiling);
    let inside = |candidate: Decimal| candidate <= high && range.contains(candidate);
    let next = first.add(unit).unwrap_or(first);
    let ends_open = matches!(range.to, Edge::Excluded(to) if to <= first);
    !ends_open && (inside(first) || inside(next))
}
