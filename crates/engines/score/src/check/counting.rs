//! What the rules that count must fulfil by themselves.

use std::collections::BTreeSet;

use kernel::{Decimal, Finding};

use crate::scheme::{
    BaseRestated, Checklist, Deduction, EventList, Growth, MustMissed, Operand, RoundComposite,
    Rule, Scheme, SchemeNode, SteppedAdd,
};

/// The rule of a node at `path`; findings of other rules are told elsewhere.
pub(super) fn check(scheme: &Scheme, node: &SchemeNode, path: &str, findings: &mut Vec<Finding>) {
    let mut complaints = Complaints { path, findings };
    match &node.rule {
        Rule::SteppedAdd(rule) => stepped_add(scheme, node, rule, &mut complaints),
        Rule::Deduction(rule) => deduction(rule, &mut complaints),
        Rule::Growth(rule) => growth(rule, &mut complaints),
        Rule::Checklist(rule) => checklist(node, rule, &mut complaints),
        Rule::Bonus(rule) | Rule::Penalty(rule) => event_list(node, rule, &mut complaints),
        Rule::RoundComposite(rule) => round_composite(rule, &mut complaints),
        _ => {}
    }
}

struct Complaints<'a> {
    path: &'a str,
    findings: &'a mut Vec<Finding>,
}

impl Complaints<'_> {
    fn report(&mut self, key: &str, finding: Finding) {
        self.findings
            .push(finding.field(format!("{}.{key}", self.path)));
    }

    fn positive(&mut self, key: &str, number: Decimal) {
        if number <= Decimal::ZERO {
            let finding = Finding::error("number-not-positive")
                .arg("field", key)
                .arg("found", number.to_string());
            self.report(key, finding);
        }
    }

    /// A share of 0 to 1.
    fn share(&mut self, key: &str, number: Decimal) {
        if number.is_negative() || number > Decimal::ONE {
            let finding = Finding::error("share-out-of-range").arg("found", number.to_string());
            self.report(key, finding);
        }
    }

    fn filled(&mut self, key: &str, count: usize) {
        if count == 0 {
            self.report(key, Finding::error("list-empty").arg("field", key));
        }
    }

    /// Each item stands once in the list.
    fn once<'i>(&mut self, list: &str, items: impl Iterator<Item = &'i str>) {
        let mut seen = BTreeSet::new();
        for (position, item) in items.enumerate() {
            if !seen.insert(item) {
                let finding = Finding::error("entry-twice").arg("found", item);
                self.report(&format!("{list}.{position}.item"), finding);
            }
        }
    }

    fn weights_total(&mut self, expected: Decimal, weights: impl Iterator<Item = Decimal>) {
        match Decimal::sum(weights) {
            Ok(sum) if sum == expected => {}
            Ok(sum) => {
                let finding = Finding::error("weights-total")
                    .arg("found", sum.to_string())
                    .arg("expected", expected.to_string());
                self.report("weights_total", finding);
            }
            Err(error) => self.report("weights_total", Finding::error(error.code())),
        }
    }
}

fn stepped_add(
    scheme: &Scheme,
    node: &SchemeNode,
    rule: &SteppedAdd,
    complaints: &mut Complaints<'_>,
) {
    complaints.positive("step", rule.step);
    let item = |operand: &Operand| match operand {
        Operand::Item(input) => scheme
            .item_index(&input.item)
            .map(|index| &scheme.items[index]),
        _ => None,
    };
    let value = item(&rule.value);
    if let Some(value) = value
        && value.unit.factor_to(&rule.unit).is_none()
    {
        let finding = Finding::error("unit-not-convertible")
            .arg("found", rule.unit.0.as_str())
            .arg("expected", value.unit.0.as_str());
        complaints.report("unit", finding);
    }
    if let (Some(value), Some(base)) = (value, item(&rule.base))
        && value.unit != base.unit
    {
        let finding = Finding::error("unit-not-convertible")
            .arg("found", base.unit.0.as_str())
            .arg("expected", value.unit.0.as_str());
        complaints.report("base", finding);
    }
    if rule.mark_per_step > Decimal::ZERO && node.cap.is_none() {
        let finding = Finding::warning("steps-without-cap").arg("node", node.code.as_str());
        complaints.report("mark_per_step", finding);
    }
}

fn deduction(rule: &Deduction, complaints: &mut Complaints<'_>) {
    complaints.positive("per_occurrence", rule.per_occurrence);
    if let Some(repeat) = rule.repeat
        && repeat.times < Decimal::ONE
    {
        let finding = Finding::error("repeat-below-one").arg("found", repeat.times.to_string());
        complaints.report("repeat.times", finding);
    }
}

fn growth(rule: &Growth, complaints: &mut Complaints<'_>) {
    if rule.zero_at == rule.full_at {
        let finding = Finding::error("growth-without-way").arg("found", rule.full_at.to_string());
        complaints.report("full_at", finding);
    }
    if rule.base_restated == BaseRestated::Restated && !matches!(rule.base, Operand::Item(_)) {
        complaints.report("base_restated", Finding::error("restated-needs-item"));
    }
}

fn checklist(node: &SchemeNode, rule: &Checklist, complaints: &mut Complaints<'_>) {
    complaints.filled("ticks", rule.ticks.len());
    complaints.once("ticks", rule.ticks.iter().map(|tick| tick.item.as_str()));
    for (position, tick) in rule.ticks.iter().enumerate() {
        if let Some(weight) = tick.weight {
            complaints.positive(&format!("ticks.{position}.weight"), weight);
        }
    }
    if let MustMissed::Cap(cap) = rule.must_missed
        && (cap.is_negative() || cap > node.full)
    {
        let finding = Finding::error("tier-above-full-mark")
            .arg("found", cap.to_string())
            .arg("expected", node.full.to_string());
        complaints.report("must_missed.cap", finding);
    }
}

fn event_list(node: &SchemeNode, rule: &EventList, complaints: &mut Complaints<'_>) {
    complaints.filled("entries", rule.entries.len());
    complaints.once(
        "entries",
        rule.entries.iter().map(|entry| entry.item.as_str()),
    );
    if let Some(share) = rule.carry_share {
        complaints.share("carry_share", share);
    }
    if !node.full.is_zero() {
        let finding = Finding::error("events-full-not-zero")
            .arg("node", node.code.as_str())
            .arg("found", node.full.to_string());
        complaints.report("kind", finding);
    }
    let mut classes = BTreeSet::new();
    for (position, class) in rule.classes.iter().enumerate() {
        if !classes.insert(class.code.as_str()) {
            let finding = Finding::error("code-twice")
                .arg("found", class.code.as_str())
                .arg("first", class.code.as_str());
            complaints.report(&format!("classes.{position}.code"), finding);
        }
        if let Some(cap) = class.cap {
            complaints.positive(&format!("classes.{position}.cap"), cap);
        }
        let member = |class_code: &Option<String>| class_code.as_ref() == Some(&class.code);
        if !rule.entries.iter().any(|entry| member(&entry.class)) {
            let finding = Finding::error("class-without-entries").arg("found", class.code.as_str());
            complaints.report(&format!("classes.{position}.code"), finding);
        }
    }
    for (position, entry) in rule.entries.iter().enumerate() {
        let key = |key: &str| format!("entries.{position}.{key}");
        complaints.positive(&key("mark"), entry.mark);
        complaints.share(&key("joint_share"), entry.joint_share);
        if let Some(cap) = entry.cap {
            complaints.positive(&key("cap"), cap);
        }
        if let Some(class) = &entry.class
            && !classes.contains(class.as_str())
        {
            let finding = Finding::error("class-unknown").arg("found", class.as_str());
            complaints.report(&key("class"), finding);
        }
    }
}

fn round_composite(rule: &RoundComposite, complaints: &mut Complaints<'_>) {
    complaints.filled("rounds", rule.rounds.len());
    complaints.once(
        "rounds",
        rule.rounds.iter().map(|round| round.item.as_str()),
    );
    for (position, round) in rule.rounds.iter().enumerate() {
        complaints.positive(&format!("rounds.{position}.full"), round.full);
        if let Some(weight) = round.weight {
            complaints.positive(&format!("rounds.{position}.weight"), weight);
        }
    }
    if let Some(total) = rule.weights_total {
        complaints.weights_total(total, rule.rounds.iter().filter_map(|round| round.weight));
    }
    if rule.at_least as usize > rule.rounds.len() {
        let finding = Finding::error("rounds-too-few")
            .arg("found", rule.at_least)
            .arg("expected", rule.rounds.len());
        complaints.report("at_least", finding);
    }
}
