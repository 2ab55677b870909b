//! A rule as codes and arguments of texts: every answer that the scheme gives is one line.

use kernel::FindingArg;
use serde::Serialize;

use super::{counting_text, dashed, dashed_word};
use crate::scheme::{
    Choice, Fallback, Filled, Gate, GateEffect, Goalpost, Interpolation, MissingPolicy,
    NodeRounding, Operand, Ratio, RollUp, Rule, Scheme, SchemeNode, TargetChanged, TierTable,
    Zeros,
};

/// One line: the Fluent message `score-{code}` with its arguments. Arguments that name a node or
/// an item hold its code; the page puts the title in its language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleText {
    /// Kebab-case: `rule-tier-table`, `over-target-cap`.
    pub code: String,
    /// Named arguments.
    pub args: Vec<(&'static str, FindingArg)>,
}

impl RuleText {
    pub(super) fn new(code: impl Into<String>) -> RuleText {
        RuleText {
            code: code.into(),
            args: Vec::new(),
        }
    }

    /// A question with the word that answers it.
    pub(super) fn answer<T: Choice>(question: &str, answer: T) -> RuleText {
        RuleText::new(format!("{question}-{}", dashed_word(answer)))
    }

    pub(super) fn rounding(question: &str, rounding: NodeRounding) -> RuleText {
        match rounding {
            NodeRounding::Exact => RuleText::new(format!("{question}-exact")),
            NodeRounding::Places { places, mode } => RuleText::new(format!("{question}-places"))
                .arg("places", u32::from(places))
                .arg("mode", dashed_word(mode)),
        }
    }

    pub(super) fn arg(mut self, name: &'static str, value: impl Into<FindingArg>) -> RuleText {
        self.args.push((name, value.into()));
        self
    }

    pub(super) fn number(self, name: &'static str, value: kernel::Decimal) -> RuleText {
        self.arg(name, value.to_string())
    }

    pub(super) fn operand(self, name: &'static str, operand: &Operand) -> RuleText {
        let text = match operand {
            Operand::Constant(value) => value.to_string(),
            Operand::Item(input) => input.name(),
            Operand::Node(code) => code.clone(),
        };
        self.arg(name, text)
    }
}

/// The whole of a node: rule, rounding, limits, missing policy, gates.
pub fn node_rule_text(scheme: &Scheme, node: usize) -> Vec<RuleText> {
    let definition = &scheme.nodes[node];
    let mut lines = rule_text(&definition.rule);
    lines.push(RuleText::rounding("round", definition.round));
    if let Some(cap) = definition.cap {
        lines.push(RuleText::new("cap").number("cap", cap));
    }
    if let Some(floor) = definition.floor {
        lines.push(RuleText::new("floor").number("floor", floor));
    }
    missing(definition, &mut lines);
    let gates = scheme
        .gates
        .iter()
        .filter(|gate| gate.node == definition.code);
    for gate in gates {
        gate_text(gate, &mut lines);
    }
    lines
}

/// A rule alone.
pub fn rule_text(rule: &Rule) -> Vec<RuleText> {
    match rule {
        Rule::TierTable(rule) => tier_table(rule),
        Rule::Interpolation(rule) => interpolation(rule),
        Rule::SteppedAdd(rule) => counting_text::stepped_add(rule),
        Rule::Deduction(rule) => counting_text::deduction(rule),
        Rule::Ratio(rule) => ratio(rule),
        Rule::Growth(rule) => counting_text::growth(rule),
        Rule::Checklist(rule) => counting_text::checklist(rule),
        Rule::Bonus(rule) => counting_text::event_list("rule-bonus", rule),
        Rule::Penalty(rule) => counting_text::event_list("rule-penalty", rule),
        Rule::RoundComposite(rule) => counting_text::round_composite(rule),
        Rule::Goalpost(rule) => goalpost(rule),
        Rule::RollUp(rule) => roll_up(rule),
        Rule::Formula(rule) => {
            vec![RuleText::new("rule-formula").arg("expression", rule.expression.as_str())]
        }
    }
}

fn tier_table(rule: &TierTable) -> Vec<RuleText> {
    let head = RuleText::new("rule-tier-table")
        .operand("value", &rule.value)
        .arg("unit", rule.unit.0.as_str());
    let tiers = rule.tiers.iter().map(|tier| {
        RuleText::new("tier")
            .arg("range", tier.range.to_string())
            .number("mark", tier.mark)
    });
    [head, RuleText::rounding("round-value", rule.round_value)]
        .into_iter()
        .chain(tiers)
        .collect()
}

fn interpolation(rule: &Interpolation) -> Vec<RuleText> {
    let head = RuleText::new("rule-interpolation")
        .operand("value", &rule.value)
        .operand("origin", &rule.origin)
        .operand("target", &rule.target)
        .number("mark_at_origin", rule.mark_at_origin)
        .number("mark_at_target", rule.mark_at_target);
    let changed = match &rule.target_changed {
        TargetChanged::Latest => RuleText::new("target-changed-latest"),
        TargetChanged::First { first } => {
            RuleText::new("target-changed-first").operand("first", first)
        }
        TargetChanged::ByDays {
            first,
            days_before,
            days_after,
        } => RuleText::new("target-changed-by-days")
            .operand("first", first)
            .operand("days_before", days_before)
            .operand("days_after", days_after),
    };
    vec![
        head,
        changed,
        RuleText::answer("over-target", rule.over_target),
        RuleText::answer("below-origin", rule.below_origin),
        RuleText::answer("target-missing", rule.target_missing),
        RuleText::answer("target-zero", rule.target_zero),
    ]
}

fn ratio(rule: &Ratio) -> Vec<RuleText> {
    let head = RuleText::new("rule-ratio")
        .operand("numerator", &rule.numerator)
        .operand("denominator", &rule.denominator);
    vec![
        head,
        RuleText::answer("denominator-zero", rule.denominator_zero),
        RuleText::answer("over-one", rule.over_one),
        RuleText::rounding("percent", rule.percent),
    ]
}

fn goalpost(rule: &Goalpost) -> Vec<RuleText> {
    let head = RuleText::new(format!("rule-goalpost-{}", dashed_word(rule.scale)))
        .operand("value", &rule.value)
        .number("low", rule.low)
        .number("high", rule.high);
    let mut lines = vec![head];
    lines.extend(
        rule.round_logarithm
            .map(|rounding| RuleText::rounding("round-logarithm", rounding)),
    );
    lines.extend(
        rule.not_positive
            .map(|answer| RuleText::answer("not-positive", answer)),
    );
    lines.extend([
        RuleText::answer("below", rule.below),
        RuleText::answer("above", rule.above),
        RuleText::answer("better", rule.better),
    ]);
    lines
}

fn roll_up(rule: &RollUp) -> Vec<RuleText> {
    let mut lines = vec![
        RuleText::answer("rule-roll-up", rule.aggregator),
        RuleText::answer("basis", rule.basis),
    ];
    if let Some(total) = rule.weights_total {
        lines.push(RuleText::new("weights-total").number("total", total));
    }
    lines.extend(rule.zeros.as_ref().map(|zeros| match zeros {
        Zeros::Zero => RuleText::new("zeros-zero"),
        Zeros::Skip => RuleText::new("zeros-skip"),
        Zeros::Missing => RuleText::new("zeros-missing"),
        Zeros::Floor(floor) => RuleText::new("zeros-floor").number("floor", *floor),
    }));
    if let Some(best) = rule.best {
        lines.push(RuleText::answer("best", best.fewer).arg("count", best.count));
    }
    lines.extend(
        rule.skipped
            .map(|skipped| RuleText::answer("skipped", skipped)),
    );
    lines.push(match &rule.availability {
        None => RuleText::new("availability-none"),
        Some(availability) => {
            let too_little = dashed_word(availability.too_little);
            RuleText::answer("availability", availability.by)
                .number("percent", availability.percent)
                .arg("too_little", too_little)
        }
    });
    lines
}

fn missing(node: &SchemeNode, lines: &mut Vec<RuleText>) {
    let fallback = |fallback: Fallback| RuleText::answer("missing", fallback);
    let filled = |kind: &str, fills: Filled, among| {
        RuleText::new(format!("missing-{kind}-{}", dashed_word(fills)))
            .arg("among", dashed_word(among))
    };
    match &node.missing {
        MissingPolicy::Leave(_) => {}
        MissingPolicy::GroupMinimum { fills, among, .. } => {
            lines.push(filled("group-minimum", *fills, *among));
        }
        MissingPolicy::GroupMean {
            fills,
            among,
            round,
            ..
        } => {
            lines.push(filled("group-mean", *fills, *among));
            lines.push(RuleText::rounding("missing-mean-round", *round));
        }
        MissingPolicy::LastValue { .. } => lines.push(RuleText::new("missing-last-value")),
    }
    lines.push(fallback(node.missing.fallback()));
}

fn gate_text(gate: &Gate, lines: &mut Vec<RuleText>) {
    let effect = match &gate.effect {
        GateEffect::Zero => RuleText::new("gate-zero"),
        GateEffect::Cap(cap) => RuleText::new("gate-cap").number("cap", *cap),
        GateEffect::GradeLimit(grade) => {
            RuleText::new("gate-grade-limit").arg("grade", grade.as_str())
        }
    };
    lines.push(
        effect
            .arg("gate", gate.code.as_str())
            .operand("value", &gate.value)
            .arg("passes", gate.passes.to_string()),
    );
    lines.push(RuleText::new(format!(
        "gate-tested-{}",
        dashed(gate.tested.word())
    )));
    lines.push(RuleText::answer("gate-missing", gate.missing));
}
