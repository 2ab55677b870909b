//! What rules, gates and tie-breaks read: whether it exists, and whether a fact counts twice.

use std::collections::BTreeMap;

use kernel::{Decimal, Finding};

use super::tree::unknown_node;
use crate::scheme::{
    BaseRestated, Checklist, CorrectedRound, EventList, Growth, Input, ItemSource, Moment,
    NotApplicable, Operand, Rule, Scheme, TargetChanged, TieBreak, counted,
};

pub(super) fn check(scheme: &Scheme, findings: &mut Vec<Finding>) {
    let mut readers: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, node) in scheme.nodes.iter().enumerate() {
        for (key, operand) in rule_operands(&node.rule) {
            let path = format!("node.{index}.rule.{key}");
            events_as_events(scheme, &operand, &path, findings);
            exists(scheme, &operand, path, findings);
        }
        // A helper counts only through the nodes that read it.
        let counts = node.parent.is_some() || node.code == scheme.root;
        for item in assessed(&node.rule).into_iter().filter(|_| counts) {
            let nodes = readers.entry(item).or_default();
            if !nodes.contains(&index) {
                nodes.push(index);
            }
        }
    }
    for (index, gate) in scheme.gates.iter().enumerate() {
        let path = format!("gate.{index}.value");
        events_as_events(scheme, &gate.value, &path, findings);
        exists(scheme, &gate.value, path, findings);
        if scheme.node_index(&gate.node).is_none() {
            findings.push(unknown_node(&gate.node).field(format!("gate.{index}.node")));
        }
    }
    if let Some(rank) = &scheme.rank {
        if let Some(excluded) = &rank.excluded {
            exists(
                scheme,
                &excluded.value,
                "rank.excluded.value".into(),
                findings,
            );
        }
        for (index, tie_break) in rank.ties.iter().enumerate() {
            let path = format!("rank.ties.{index}");
            match tie_break {
                TieBreak::Node { node, .. } => {
                    exists(scheme, &Operand::Node(node.clone()), path, findings);
                }
                TieBreak::Item { input, .. } => item_exists(scheme, input, path, findings),
                _ => {}
            }
        }
    }
    same_fact(scheme, &readers, findings);
    unread(scheme, findings);
}

fn exists(scheme: &Scheme, operand: &Operand, path: String, findings: &mut Vec<Finding>) {
    match operand {
        Operand::Constant(_) => {}
        Operand::Item(input) => item_exists(scheme, input, path, findings),
        Operand::Node(code) => {
            if scheme.node_index(code).is_none() {
                findings.push(unknown_node(code).field(path));
            }
        }
    }
}

/// The register of events is read by the rules that count events, and they read nothing else: a
/// complaint that nobody has verified cannot lower a score.
fn events_as_events(scheme: &Scheme, operand: &Operand, path: &str, findings: &mut Vec<Finding>) {
    let Operand::Item(input) = operand else {
        return;
    };
    let Some(item) = scheme.item_index(&input.item) else {
        return;
    };
    let is_event = scheme.items[item].source == ItemSource::Events;
    let counts = input.moment.counts_events();
    // What is carried over is read from the period before.
    let carried = path.contains(".entries.") && input.moment == Moment::Previous;
    let finding = if is_event && !counts && !carried {
        Finding::error("events-read-plainly")
    } else if !is_event && counts {
        Finding::error("events-expected")
    } else {
        return;
    };
    findings.push(
        finding
            .arg("found", input.item.as_str())
            .field(path.to_owned()),
    );
}

fn item_exists(scheme: &Scheme, input: &Input, path: String, findings: &mut Vec<Finding>) {
    if scheme.item_index(&input.item).is_none() {
        let finding = Finding::error("item-unknown").arg("found", input.item.as_str());
        findings.push(finding.field(path));
    }
}

/// The operands of a rule with their paths below the rule, in the order in which the rule reads
/// them; empty for a roll-up and a formula.
pub fn rule_operands(rule: &Rule) -> Vec<(String, Operand)> {
    let plain = |operands: &[(&str, &Operand)]| {
        let owned = operands
            .iter()
            .map(|(key, operand)| ((*key).to_owned(), (*operand).clone()));
        owned.collect::<Vec<_>>()
    };
    match rule {
        Rule::TierTable(rule) => plain(&[("value", &rule.value)]),
        Rule::Goalpost(rule) => plain(&[("value", &rule.value)]),
        Rule::Ratio(rule) => plain(&[
            ("numerator", &rule.numerator),
            ("denominator", &rule.denominator),
        ]),
        Rule::Interpolation(rule) => {
            let mut operands = vec![
                ("value", &rule.value),
                ("origin", &rule.origin),
                ("target", &rule.target),
            ];
            match &rule.target_changed {
                TargetChanged::Latest => {}
                TargetChanged::First { first } => operands.push(("target_changed.first", first)),
                TargetChanged::ByDays {
                    first,
                    days_before,
                    days_after,
                } => operands.extend([
                    ("target_changed.first", first),
                    ("target_changed.days_before", days_before),
                    ("target_changed.days_after", days_after),
                ]),
            }
            plain(&operands)
        }
        Rule::SteppedAdd(rule) => plain(&[("value", &rule.value), ("base", &rule.base)]),
        Rule::Growth(rule) => growth_operands(rule),
        Rule::Deduction(rule) => {
            let columns = counted(
                &rule.item,
                rule.dated_by,
                rule.revoked,
                rule.same_fact,
                Decimal::ONE,
            );
            let operand = |input| ("item".to_owned(), Operand::Item(input));
            columns.into_iter().map(operand).collect()
        }
        Rule::Checklist(rule) => checklist_operands(rule),
        Rule::Bonus(rule) | Rule::Penalty(rule) => event_operands(rule),
        Rule::RoundComposite(rule) => {
            let moment = match rule.corrected {
                CorrectedRound::Recompute => Moment::Period,
                CorrectedRound::Keep => Moment::Published,
            };
            let rounds = rule.rounds.iter().enumerate();
            rounds
                .map(|(position, round)| {
                    (format!("rounds.{position}.item"), at(&round.item, moment))
                })
                .collect()
        }
        Rule::RollUp(_) | Rule::Formula(_) => Vec::new(),
    }
}

fn at(item: &str, moment: Moment) -> Operand {
    Operand::Item(Input {
        item: item.to_owned(),
        moment,
    })
}

/// Value, base; then the restated base and the level, where they are asked for.
fn growth_operands(rule: &Growth) -> Vec<(String, Operand)> {
    let mut operands = vec![
        ("value".to_owned(), rule.value.clone()),
        ("base".to_owned(), rule.base.clone()),
    ];
    if let (BaseRestated::Restated, Operand::Item(base)) = (rule.base_restated, &rule.base) {
        operands.push(("base_restated".into(), at(&base.item, Moment::Restated)));
    }
    let level = rule.level.clone().map(Operand::Node);
    operands.extend(level.map(|level| ("level".to_owned(), level)));
    operands
}

/// Each tick, then whether it applies, where that is asked.
fn checklist_operands(rule: &Checklist) -> Vec<(String, Operand)> {
    let mut operands = Vec::new();
    for (position, tick) in rule.ticks.iter().enumerate() {
        let path = format!("ticks.{position}.item");
        operands.push((path.clone(), at(&tick.item, Moment::Period)));
        if rule.not_applicable != NotApplicable::Never {
            operands.push((path, at(&tick.item, Moment::Applies)));
        }
    }
    operands
}

/// The columns of each entry; then, where something is carried over, each entry's of the period
/// before.
fn event_operands(rule: &EventList) -> Vec<(String, Operand)> {
    let mut operands = Vec::new();
    let path = |position: usize| format!("entries.{position}.item");
    for (position, entry) in rule.entries.iter().enumerate() {
        let columns = counted(
            &entry.item,
            rule.dated_by,
            rule.revoked,
            entry.same_fact,
            entry.joint_share,
        );
        operands.extend(
            columns
                .into_iter()
                .map(|input| (path(position), Operand::Item(input))),
        );
    }
    if rule.carry_share.is_some() {
        for (position, entry) in rule.entries.iter().enumerate() {
            operands.push((path(position), at(&entry.item, Moment::Previous)));
        }
    }
    operands
}

/// The values that a rule judges, as opposed to what they are compared with.
fn assessed(rule: &Rule) -> Vec<&str> {
    fn item(operand: &Operand) -> Vec<&str> {
        match operand {
            Operand::Item(input) => vec![&input.item],
            _ => Vec::new(),
        }
    }
    match rule {
        Rule::TierTable(rule) => item(&rule.value),
        Rule::Interpolation(rule) => item(&rule.value),
        Rule::SteppedAdd(rule) => item(&rule.value),
        Rule::Ratio(rule) => item(&rule.numerator),
        Rule::Goalpost(rule) => item(&rule.value),
        Rule::Deduction(rule) => vec![&rule.item],
        Rule::Checklist(rule) => rule.ticks.iter().map(|tick| tick.item.as_str()).collect(),
        Rule::Bonus(rule) | Rule::Penalty(rule) => {
            let items = rule.entries.iter().map(|entry| entry.item.as_str());
            items.collect()
        }
        Rule::RoundComposite(rule) => {
            let items = rule.rounds.iter().map(|round| round.item.as_str());
            items.collect()
        }
        // That a figure grew is another fact than how high it is.
        Rule::Growth(_) | Rule::RollUp(_) | Rule::Formula(_) => Vec::new(),
    }
}

/// One fact should be assessed once. A warning, because a level and its growth may both count.
fn same_fact(scheme: &Scheme, readers: &BTreeMap<&str, Vec<usize>>, findings: &mut Vec<Finding>) {
    for (item, nodes) in readers {
        for &again in &nodes[1..] {
            let finding = Finding::warning("fact-read-twice")
                .arg("item", *item)
                .arg("first", scheme.nodes[nodes[0]].code.as_str())
                .arg("found", scheme.nodes[again].code.as_str());
            findings.push(finding.field(format!("node.{again}.rule")));
        }
    }
}

/// Items that nothing reads, and helper nodes that nothing reads.
fn unread(scheme: &Scheme, findings: &mut Vec<Finding>) {
    let (inputs, nodes) = crate::plan::everything_read(scheme);
    for (index, item) in scheme.items.iter().enumerate() {
        if !inputs.iter().any(|input| input.item == item.code) {
            let finding = Finding::warning("item-unread").arg("found", item.code.as_str());
            findings.push(finding.field(format!("item.{index}.code")));
        }
    }
    for (index, node) in scheme.nodes.iter().enumerate() {
        let counts = node.parent.is_some() || node.code == scheme.root;
        if !counts && !nodes.contains(&node.code) {
            let finding = Finding::warning("node-unread").arg("found", node.code.as_str());
            findings.push(finding.field(format!("node.{index}.code")));
        }
    }
}
