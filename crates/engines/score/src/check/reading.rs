//! What rules, gates and tie-breaks read: whether it exists, and whether a fact counts twice.

use std::collections::BTreeMap;

use kernel::Finding;

use super::tree::unknown_node;
use crate::scheme::{Input, Operand, Rule, Scheme, TargetChanged, TieBreak};

pub(super) fn check(scheme: &Scheme, findings: &mut Vec<Finding>) {
    let mut readers: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, node) in scheme.nodes.iter().enumerate() {
        for (key, operand) in rule_operands(&node.rule) {
            exists(
                scheme,
                operand,
                format!("node.{index}.rule.{key}"),
                findings,
            );
        }
        if let Some(Operand::Item(input)) = assessed(&node.rule) {
            readers.entry(&input.item).or_default().push(index);
        }
    }
    for (index, gate) in scheme.gates.iter().enumerate() {
        exists(scheme, &gate.value, format!("gate.{index}.value"), findings);
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

fn item_exists(scheme: &Scheme, input: &Input, path: String, findings: &mut Vec<Finding>) {
    if scheme.item_index(&input.item).is_none() {
        let finding = Finding::error("item-unknown").arg("found", input.item.as_str());
        findings.push(finding.field(path));
    }
}

/// The operands of a rule with their keys in the file.
pub(crate) fn rule_operands(rule: &Rule) -> Vec<(&'static str, &Operand)> {
    match rule {
        Rule::TierTable(rule) => vec![("value", &rule.value)],
        Rule::Goalpost(rule) => vec![("value", &rule.value)],
        Rule::Ratio(rule) => vec![
            ("numerator", &rule.numerator),
            ("denominator", &rule.denominator),
        ],
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
            operands
        }
        Rule::RollUp(_) | Rule::Formula(_) => Vec::new(),
    }
}

/// The value that a rule judges, as opposed to what it is compared with.
fn assessed(rule: &Rule) -> Option<&Operand> {
    match rule {
        Rule::TierTable(rule) => Some(&rule.value),
        Rule::Interpolation(rule) => Some(&rule.value),
        Rule::Ratio(rule) => Some(&rule.numerator),
        Rule::Goalpost(rule) => Some(&rule.value),
        Rule::RollUp(_) | Rule::Formula(_) => None,
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
