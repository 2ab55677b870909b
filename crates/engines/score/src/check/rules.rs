//! What each rule must fulfil by itself.

use kernel::{Decimal, Finding};

use super::{counting, tiers};
use crate::scheme::{
    Aggregator, Basis, Filled, GateEffect, GoalpostScale, MissingPolicy, Operand, Range, RollUp,
    Rule, Scheme, SchemeNode, Tested, TierTable,
};

pub(super) fn check(scheme: &Scheme, findings: &mut Vec<Finding>) {
    for (index, item) in scheme.items.iter().enumerate() {
        if let (Some(least), Some(most)) = (item.minimum, item.maximum)
            && least > most
        {
            let finding = crossed(least, most);
            findings.push(finding.field(format!("item.{index}.minimum")));
        }
    }
    for (index, node) in scheme.nodes.iter().enumerate() {
        limits(node, index, findings);
        missing(scheme, node, index, findings);
        let path = format!("node.{index}.rule");
        match &node.rule {
            Rule::TierTable(rule) => tier_table(scheme, node, rule, &path, findings),
            Rule::Goalpost(rule) => {
                if rule.low >= rule.high {
                    findings.push(crossed(rule.low, rule.high).field(format!("{path}.low")));
                }
                if rule.scale == GoalpostScale::Logarithmic && rule.low <= Decimal::ZERO {
                    let finding = Finding::error("logarithm-of-not-positive")
                        .arg("found", rule.low.to_string());
                    findings.push(finding.field(format!("{path}.low")));
                }
            }
            Rule::RollUp(rule) => roll_up(scheme, node, rule, &path, findings),
            Rule::Formula(rule) => {
                if let Err(found) = crate::plan::formula(scheme, &rule.expression) {
                    let path = format!("{path}.expression");
                    findings.extend(found.into_iter().map(|finding| finding.field(path.clone())));
                }
            }
            Rule::Interpolation(_) | Rule::Ratio(_) => {}
            _ => counting::check(scheme, node, &path, findings),
        }
    }
    for (index, gate) in scheme.gates.iter().enumerate() {
        if gate.tested == Tested::Declared && matches!(gate.value, Operand::Node(_)) {
            let finding = Finding::error("gate-declared-of-node");
            findings.push(finding.field(format!("gate.{index}.tested")));
        }
        if let GateEffect::GradeLimit(grade) = &gate.effect {
            let known = scheme
                .grade
                .as_ref()
                .is_some_and(|grades| grades.bands.iter().any(|band| band.code == *grade));
            if !known {
                let finding = Finding::error("grade-unknown").arg("found", grade.as_str());
                findings.push(finding.field(format!("gate.{index}.effect")));
            }
        }
    }
}

pub(super) fn crossed(low: Decimal, high: Decimal) -> Finding {
    Finding::error("limits-crossed")
        .arg("low", low.to_string())
        .arg("high", high.to_string())
}

fn limits(node: &SchemeNode, index: usize, findings: &mut Vec<Finding>) {
    if let (Some(floor), Some(cap)) = (node.floor, node.cap)
        && floor > cap
    {
        findings.push(crossed(floor, cap).field(format!("node.{index}.floor")));
    }
    if node.full.is_negative() {
        let finding = Finding::error("full-mark-negative").arg("found", node.full.to_string());
        findings.push(finding.field(format!("node.{index}.full")));
    }
}

fn missing(scheme: &Scheme, node: &SchemeNode, index: usize, findings: &mut Vec<Finding>) {
    let path = format!("node.{index}.missing");
    let is_roll_up = matches!(node.rule, Rule::RollUp(_));
    let fills_values = match &node.missing {
        MissingPolicy::Leave(_) => false,
        MissingPolicy::GroupMinimum { fills, .. } | MissingPolicy::GroupMean { fills, .. } => {
            *fills == Filled::Value
        }
        MissingPolicy::LastValue { .. } => true,
    };
    if is_roll_up && fills_values {
        findings.push(Finding::error("missing-fill-without-value").field(path.clone()));
    }
    let by_group = match &node.missing {
        MissingPolicy::GroupMinimum { among, .. } | MissingPolicy::GroupMean { among, .. } => {
            *among == crate::scheme::Among::Group
        }
        _ => false,
    };
    if by_group && scheme.group.is_none() {
        findings.push(Finding::error("group-not-declared").field(path));
    }
}

fn tier_table(
    scheme: &Scheme,
    node: &SchemeNode,
    rule: &TierTable,
    path: &str,
    findings: &mut Vec<Finding>,
) {
    if rule.tiers.is_empty() {
        findings.push(Finding::error("tiers-empty").field(path.to_owned()));
    }
    let mut bounds = (None, None);
    if let Operand::Item(input) = &rule.value
        && let Some(item) = scheme.item_index(&input.item)
    {
        let item = &scheme.items[item];
        let Some(factor) = item.unit.factor_to(&rule.unit) else {
            let finding = Finding::error("unit-not-convertible")
                .arg("found", rule.unit.0.as_str())
                .arg("expected", item.unit.0.as_str());
            findings.push(finding.field(format!("{path}.unit")));
            return;
        };
        let convert = |bound: Option<Decimal>| {
            let bound = bound?.mul(factor).ok()?;
            Some(rule.round_value.apply(bound))
        };
        bounds = (convert(item.minimum), convert(item.maximum));
    }
    let ranges: Vec<Range> = rule.tiers.iter().map(|tier| tier.range).collect();
    let range_path = |index| format!("{path}.tiers.{index}.range");
    tiers::check(&ranges, bounds, range_path, findings);
    for (index, tier) in rule.tiers.iter().enumerate() {
        if tier.mark > node.full {
            let finding = Finding::error("tier-above-full-mark")
                .arg("found", tier.mark.to_string())
                .arg("expected", node.full.to_string());
            findings.push(finding.field(format!("{path}.tiers.{index}.mark")));
        }
    }
}

fn roll_up(
    scheme: &Scheme,
    node: &SchemeNode,
    rule: &RollUp,
    path: &str,
    findings: &mut Vec<Finding>,
) {
    let sums = matches!(rule.aggregator, Aggregator::Sum | Aggregator::BestSum);
    if sums && rule.basis == Basis::Share {
        let finding = Finding::error("basis-without-meaning");
        findings.push(finding.field(format!("{path}.basis")));
    }
    let children = scheme.children(&node.code);
    if rule.basis == Basis::Share {
        for &child in &children {
            if scheme.nodes[child].full.is_zero() {
                let finding = Finding::error("full-mark-zero")
                    .arg("found", scheme.nodes[child].code.as_str());
                findings.push(finding.field(format!("node.{child}.full")));
            }
        }
    }
    if let Some(best) = rule.best
        && best.count as usize > children.len()
    {
        let finding = Finding::error("best-of-too-few")
            .arg("found", best.count)
            .arg("expected", children.len());
        findings.push(finding.field(format!("{path}.best.count")));
    }
    if let Some(availability) = &rule.availability {
        let percent = availability.percent;
        if percent.is_negative() || percent > Decimal::from_int(100) {
            let finding = Finding::error("percent-out-of-range").arg("found", percent.to_string());
            findings.push(finding.field(format!("{path}.availability.percent")));
        }
    }
    if let Some(crate::scheme::Zeros::Floor(floor)) = rule.zeros
        && floor <= Decimal::ZERO
    {
        let finding = Finding::error("zero-floor-not-positive").arg("found", floor.to_string());
        findings.push(finding.field(format!("{path}.zeros.floor")));
    }
}
