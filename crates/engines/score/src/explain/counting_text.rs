//! Rules that count, as lines of texts.

use super::dashed_word;
use super::rule_text::RuleText;
use crate::scheme::{
    Checklist, Deduction, EventList, Growth, MustMissed, RoundComposite, SteppedAdd,
};

pub(super) fn stepped_add(rule: &SteppedAdd) -> Vec<RuleText> {
    let head = RuleText::new("rule-stepped-add")
        .operand("value", &rule.value)
        .operand("base", &rule.base)
        .arg("unit", rule.unit.0.as_str())
        .number("step", rule.step)
        .number("mark_at_base", rule.mark_at_base)
        .number("mark_per_step", rule.mark_per_step);
    vec![
        head,
        RuleText::answer("part-steps", rule.part_steps),
        RuleText::answer("below-base", rule.below_base),
    ]
}

pub(super) fn deduction(rule: &Deduction) -> Vec<RuleText> {
    let head = RuleText::new("rule-deduction")
        .arg("value", rule.item.as_str())
        .number("start", rule.start)
        .number("per_occurrence", rule.per_occurrence);
    let repeat = match rule.repeat {
        None => RuleText::new("repeat-none"),
        Some(repeat) => RuleText::new("repeat-from")
            .arg("from", repeat.from)
            .number("times", repeat.times),
    };
    vec![
        head,
        RuleText::new("verified-events"),
        RuleText::answer("dated-by", rule.dated_by),
        RuleText::answer("revoked", rule.revoked),
        RuleText::answer("same-fact", rule.same_fact),
        repeat,
    ]
}

/// A bonus or a penalty list; `head` is the code of its first line.
pub(super) fn event_list(head: &'static str, rule: &EventList) -> Vec<RuleText> {
    let mut lines = vec![
        RuleText::new(head),
        RuleText::new("verified-events"),
        RuleText::answer("dated-by", rule.dated_by),
        RuleText::answer("revoked", rule.revoked),
    ];
    lines.push(match rule.carry_share {
        None => RuleText::new("carry-none"),
        Some(share) => RuleText::new("carry-share").number("share", share),
    });
    for class in &rule.classes {
        let several = RuleText::answer("several", class.several);
        lines.push(several.arg("class", class.code.as_str()));
        let cap = class.cap.map(|cap| {
            RuleText::new("class-cap")
                .arg("class", class.code.as_str())
                .number("cap", cap)
        });
        lines.extend(cap);
    }
    for entry in &rule.entries {
        let line = match (entry.cap, &entry.class) {
            (None, None) => RuleText::new("entry"),
            (Some(_), None) => RuleText::new("entry-with-cap"),
            (None, Some(_)) => RuleText::new("entry-in-class"),
            (Some(_), Some(_)) => RuleText::new("entry-in-class-with-cap"),
        };
        let whole = entry.joint_share == kernel::Decimal::ONE;
        let joint = if whole { "whole" } else { "part" };
        let mut line = line
            .arg("value", entry.item.as_str())
            .number("mark", entry.mark)
            .arg("same_fact", dashed_word(entry.same_fact))
            .number("joint_share", entry.joint_share)
            .arg("joint", joint);
        if let Some(cap) = entry.cap {
            line = line.number("cap", cap);
        }
        if let Some(class) = &entry.class {
            line = line.arg("class", class.as_str());
        }
        lines.push(line);
    }
    lines
}

pub(super) fn growth(rule: &Growth) -> Vec<RuleText> {
    let head = RuleText::answer("rule-growth", rule.measure)
        .operand("value", &rule.value)
        .operand("base", &rule.base)
        .number("zero_at", rule.zero_at)
        .number("full_at", rule.full_at);
    let mut lines = vec![
        head,
        RuleText::answer("base-restated", rule.base_restated),
        RuleText::rounding("round-growth", rule.round_growth),
        RuleText::answer("over-target", rule.over_target),
        RuleText::answer("below-growth", rule.below_origin),
        RuleText::answer("base-missing", rule.base_missing),
    ];
    lines.extend(
        rule.base_zero
            .map(|answer| RuleText::answer("base-zero", answer)),
    );
    lines.extend(
        rule.base_negative
            .map(|answer| RuleText::answer("base-negative", answer)),
    );
    lines.push(match &rule.level {
        None => RuleText::new("level-none"),
        Some(level) => RuleText::new("level-better").arg("value", level.as_str()),
    });
    lines
}

pub(super) fn checklist(rule: &Checklist) -> Vec<RuleText> {
    let mut lines = vec![
        RuleText::answer("rule-checklist", rule.weighting),
        RuleText::answer("partial", rule.partial),
        RuleText::answer("blank", rule.blank),
        RuleText::answer("not-applicable", rule.not_applicable),
    ];
    lines.extend(
        rule.nothing_applies
            .map(|answer| RuleText::answer("nothing-applies", answer)),
    );
    lines.push(match rule.must_missed {
        MustMissed::Zero => RuleText::new("must-missed-zero"),
        MustMissed::Cap(cap) => RuleText::new("must-missed-cap").number("cap", cap),
    });
    for tick in &rule.ticks {
        let code = match (tick.weight, tick.must) {
            (None, false) => "tick",
            (None, true) => "tick-must",
            (Some(_), false) => "tick-weighted",
            (Some(_), true) => "tick-weighted-must",
        };
        let line = RuleText::new(code).arg("value", tick.item.as_str());
        lines.push(match tick.weight {
            None => line,
            Some(weight) => line.number("weight", weight),
        });
    }
    lines
}

pub(super) fn round_composite(rule: &RoundComposite) -> Vec<RuleText> {
    let mut lines = vec![RuleText::answer("rule-round-composite", rule.method)];
    if let Some(total) = rule.weights_total {
        lines.push(RuleText::new("weights-total").number("total", total));
    }
    lines.push(RuleText::answer("corrected", rule.corrected));
    lines.extend(
        rule.missing_round
            .map(|answer| RuleText::answer("missing-round", answer)),
    );
    lines.push(RuleText::new("rounds-at-least").arg("count", rule.at_least));
    for round in &rule.rounds {
        let line = match round.weight {
            None => RuleText::new("round-of"),
            Some(weight) => RuleText::new("round-of-weight").number("weight", weight),
        };
        lines.push(
            line.arg("value", round.item.as_str())
                .number("full", round.full),
        );
    }
    lines
}
