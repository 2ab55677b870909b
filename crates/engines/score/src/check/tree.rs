//! Codes, parents, weights: whether the nodes are a tree.

use std::collections::BTreeMap;

use kernel::{Decimal, Finding};

use crate::scheme::{Rule, Scheme};

pub(super) fn check(scheme: &Scheme, findings: &mut Vec<Finding>) {
    unique_codes(scheme, findings);
    root_and_parents(scheme, findings);
    cycles(scheme, findings);
    for index in 0..scheme.nodes.len() {
        children(scheme, index, findings);
        weight(scheme, index, findings);
    }
}

/// Items, nodes and gates share one space of names: columns of results are named by them.
fn unique_codes(scheme: &Scheme, findings: &mut Vec<Finding>) {
    let items = scheme.items.iter().map(|item| item.code.as_str());
    let nodes = scheme.nodes.iter().map(|node| node.code.as_str());
    let gates = scheme.gates.iter().map(|gate| gate.code.as_str());
    let named = |kind: &'static str| move |(index, code)| (format!("{kind}.{index}.code"), code);
    let all = (items.enumerate().map(named("item")))
        .chain(nodes.enumerate().map(named("node")))
        .chain(gates.enumerate().map(named("gate")));
    let mut first: BTreeMap<&str, String> = BTreeMap::new();
    for (path, code) in all {
        if let Some(other) = first.get(code) {
            let finding = Finding::error("code-twice")
                .arg("found", code)
                .arg("first", other.as_str());
            findings.push(finding.field(path));
        } else {
            first.insert(code, path);
        }
    }
}

fn root_and_parents(scheme: &Scheme, findings: &mut Vec<Finding>) {
    match scheme.node_index(&scheme.root) {
        None => findings.push(unknown_node(&scheme.root).field("scheme.root")),
        Some(root) if scheme.nodes[root].parent.is_some() => {
            let finding = Finding::error("root-with-parent").arg("found", scheme.root.as_str());
            findings.push(finding.field(format!("node.{root}.parent")));
        }
        Some(_) => {}
    }
    for (index, node) in scheme.nodes.iter().enumerate() {
        let Some(parent) = &node.parent else { continue };
        let finding = match scheme.node_index(parent) {
            None => unknown_node(parent),
            Some(parent_index) => match scheme.nodes[parent_index].rule {
                Rule::RollUp(_) => continue,
                _ => Finding::error("parent-not-roll-up").arg("found", parent.as_str()),
            },
        };
        findings.push(finding.field(format!("node.{index}.parent")));
    }
}

pub(super) fn unknown_node(code: &str) -> Finding {
    Finding::error("node-unknown").arg("found", code)
}

/// Nodes that wait for each other, by parentage or because a rule reads another node.
fn cycles(scheme: &Scheme, findings: &mut Vec<Finding>) {
    if let Err(cycle) = crate::plan::evaluation_order(scheme) {
        let codes: Vec<&str> = cycle
            .iter()
            .map(|&index| scheme.nodes[index].code.as_str())
            .collect();
        let finding = Finding::error("node-cycle").arg("found", codes.join(" → "));
        findings.push(finding.field(format!("node.{}.code", cycle[0])));
    }
}

fn children(scheme: &Scheme, index: usize, findings: &mut Vec<Finding>) {
    let node = &scheme.nodes[index];
    let Rule::RollUp(roll_up) = &node.rule else {
        return;
    };
    let children = scheme.children(&node.code);
    let path = format!("node.{index}.rule.aggregator");
    if children.is_empty() {
        let finding = Finding::error("roll-up-without-children").arg("found", node.code.as_str());
        findings.push(finding.field(path));
        return;
    }
    let Some(expected) = roll_up.weights_total else {
        return;
    };
    let weights = children
        .iter()
        .filter_map(|&child| scheme.nodes[child].weight);
    match Decimal::sum(weights) {
        Ok(sum) if sum == expected => {}
        Ok(sum) => {
            let finding = Finding::error("weights-total")
                .arg("found", sum.to_string())
                .arg("expected", expected.to_string());
            findings.push(finding.field(format!("node.{index}.rule.weights_total")));
        }
        Err(error) => findings.push(Finding::error(error.code()).field(path)),
    }
}

/// A weight stands exactly where the parent's aggregator asks for one, and is positive.
fn weight(scheme: &Scheme, index: usize, findings: &mut Vec<Finding>) {
    let node = &scheme.nodes[index];
    let parent = node
        .parent
        .as_deref()
        .and_then(|code| scheme.node_index(code));
    let asked = parent.is_some_and(|parent| match &scheme.nodes[parent].rule {
        Rule::RollUp(roll_up) => roll_up.aggregator.is_weighted(),
        _ => false,
    });
    let finding = match (asked, node.weight) {
        (true, None) => Finding::error("weight-missing"),
        (false, Some(weight)) => {
            Finding::error("weight-not-asked").arg("found", weight.to_string())
        }
        (true, Some(weight)) if weight <= Decimal::ZERO => {
            Finding::error("weight-not-positive").arg("found", weight.to_string())
        }
        _ => return,
    };
    findings.push(finding.field(format!("node.{index}.weight")));
}
