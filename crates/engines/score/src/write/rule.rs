//! Rules and gates.

use super::document::{Fields, Value, text, title};
use super::{operand, rounding};
use crate::scheme::{
    Checklist, Deduction, EventList, Gate, GateEffect, Goalpost, Growth, Interpolation, MustMissed,
    Ratio, RollUp, RoundComposite, Rule, SteppedAdd, TargetChanged, TierTable, Zeros,
};

/// A rule with its kind first.
pub(super) fn rule(rule: &Rule) -> Value {
    let mut fields = Fields::new();
    match rule.kind() {
        Some(kind) => fields.choice("kind", kind),
        None => fields.text("kind", "formula"),
    };
    match rule {
        Rule::TierTable(rule) => tier_table(rule, &mut fields),
        Rule::Interpolation(rule) => interpolation(rule, &mut fields),
        Rule::SteppedAdd(rule) => stepped_add(rule, &mut fields),
        Rule::Deduction(rule) => deduction(rule, &mut fields),
        Rule::Ratio(rule) => ratio(rule, &mut fields),
        Rule::Growth(rule) => growth(rule, &mut fields),
        Rule::Checklist(rule) => checklist(rule, &mut fields),
        Rule::Bonus(rule) | Rule::Penalty(rule) => event_list(rule, &mut fields),
        Rule::RoundComposite(rule) => round_composite(rule, &mut fields),
        Rule::Goalpost(rule) => goalpost(rule, &mut fields),
        Rule::RollUp(rule) => roll_up(rule, &mut fields),
        Rule::Formula(rule) => {
            fields.text("expression", &rule.expression);
        }
    }
    fields.table()
}

fn tier_table(rule: &TierTable, fields: &mut Fields) {
    let tiers = rule.tiers.iter().map(|tier| {
        let mut fields = Fields::new();
        fields
            .text("range", &tier.range.to_string())
            .decimal("mark", tier.mark);
        fields.table()
    });
    fields
        .push("value", operand(&rule.value, false))
        .text("unit", &rule.unit.0)
        .push("round_value", rounding(rule.round_value))
        .push("tiers", Value::List(tiers.collect()));
}

fn interpolation(rule: &Interpolation, fields: &mut Fields) {
    let changed = match &rule.target_changed {
        TargetChanged::Latest => text("latest"),
        TargetChanged::First { first } => {
            let mut fields = Fields::new();
            fields
                .text("use", "first")
                .push("first", operand(first, false));
            fields.table()
        }
        TargetChanged::ByDays {
            first,
            days_before,
            days_after,
        } => {
            let mut fields = Fields::new();
            fields
                .text("use", "by_days")
                .push("first", operand(first, false))
                .push("days_before", operand(days_before, false))
                .push("days_after", operand(days_after, false));
            fields.table()
        }
    };
    fields
        .push("value", operand(&rule.value, false))
        .push("origin", operand(&rule.origin, false))
        .push("target", operand(&rule.target, false))
        .push("target_changed", changed)
        .decimal("mark_at_origin", rule.mark_at_origin)
        .decimal("mark_at_target", rule.mark_at_target)
        .choice("over_target", rule.over_target)
        .choice("below_origin", rule.below_origin)
        .choice("target_missing", rule.target_missing)
        .choice("target_zero", rule.target_zero);
}

fn stepped_add(rule: &SteppedAdd, fields: &mut Fields) {
    fields
        .push("value", operand(&rule.value, false))
        .push("base", operand(&rule.base, false))
        .text("unit", &rule.unit.0)
        .decimal("step", rule.step)
        .decimal("mark_at_base", rule.mark_at_base)
        .decimal("mark_per_step", rule.mark_per_step)
        .choice("part_steps", rule.part_steps)
        .choice("below_base", rule.below_base);
}

fn deduction(rule: &Deduction, fields: &mut Fields) {
    let repeat = rule.repeat.map_or_else(
        || text("none"),
        |repeat| {
            let mut fields = Fields::new();
            fields
                .push("from", Value::Integer(repeat.from))
                .decimal("times", repeat.times);
            fields.table()
        },
    );
    fields
        .text("item", &rule.item)
        .choice("dated_by", rule.dated_by)
        .choice("revoked", rule.revoked)
        .choice("same_fact", rule.same_fact)
        .decimal("start", rule.start)
        .decimal("per_occurrence", rule.per_occurrence)
        .push("repeat", repeat);
}

fn ratio(rule: &Ratio, fields: &mut Fields) {
    fields
        .push("numerator", operand(&rule.numerator, false))
        .push("denominator", operand(&rule.denominator, true))
        .choice("denominator_zero", rule.denominator_zero)
        .choice("over_one", rule.over_one)
        .push("percent", rounding(rule.percent));
}

fn growth(rule: &Growth, fields: &mut Fields) {
    fields
        .push("value", operand(&rule.value, false))
        .push("base", operand(&rule.base, true))
        .choice("base_restated", rule.base_restated)
        .choice("measure", rule.measure)
        .push("round_growth", rounding(rule.round_growth))
        .decimal("zero_at", rule.zero_at)
        .decimal("full_at", rule.full_at)
        .choice("over_target", rule.over_target)
        .choice("below_origin", rule.below_origin)
        .choice("base_missing", rule.base_missing);
    if let Some(answer) = rule.base_zero {
        fields.choice("base_zero", answer);
    }
    if let Some(answer) = rule.base_negative {
        fields.choice("base_negative", answer);
    }
    fields.text_or_none("level", rule.level.as_deref());
}

fn checklist(rule: &Checklist, fields: &mut Fields) {
    fields
        .choice("weighting", rule.weighting)
        .choice("partial", rule.partial)
        .choice("blank", rule.blank)
        .choice("not_applicable", rule.not_applicable);
    if let Some(answer) = rule.nothing_applies {
        fields.choice("nothing_applies", answer);
    }
    let must_missed = match rule.must_missed {
        MustMissed::Zero => text("zero"),
        MustMissed::Cap(cap) => {
            let mut fields = Fields::new();
            fields.decimal("cap", cap);
            fields.table()
        }
    };
    let ticks = rule.ticks.iter().map(|tick| {
        let mut fields = Fields::new();
        fields.text("item", &tick.item);
        if let Some(weight) = tick.weight {
            fields.decimal("weight", weight);
        }
        fields.push("must", Value::Flag(tick.must));
        fields.table()
    });
    fields
        .push("must_missed", must_missed)
        .push("ticks", Value::List(ticks.collect()));
}

fn event_list(rule: &EventList, fields: &mut Fields) {
    let classes = rule.classes.iter().map(|class| {
        let mut fields = Fields::new();
        fields
            .text("code", &class.code)
            .choice("several", class.several)
            .decimal_or_none("cap", class.cap);
        fields.table()
    });
    let entries = rule.entries.iter().map(|entry| {
        let mut fields = Fields::new();
        fields
            .text("item", &entry.item)
            .decimal("mark", entry.mark)
            .decimal_or_none("cap", entry.cap)
            .choice("same_fact", entry.same_fact)
            .decimal("joint_share", entry.joint_share)
            .text_or_none("class", entry.class.as_deref());
        fields.table()
    });
    fields
        .choice("dated_by", rule.dated_by)
        .choice("revoked", rule.revoked)
        .decimal_or_none("carry_share", rule.carry_share)
        .push("classes", Value::List(classes.collect()))
        .push("entries", Value::List(entries.collect()));
}

fn round_composite(rule: &RoundComposite, fields: &mut Fields) {
    fields.choice("method", rule.method);
    if let Some(total) = rule.weights_total {
        fields.decimal("weights_total", total);
    }
    fields.choice("corrected", rule.corrected);
    if let Some(answer) = rule.missing_round {
        fields.choice("missing_round", answer);
    }
    let rounds = rule.rounds.iter().map(|round| {
        let mut fields = Fields::new();
        fields.text("item", &round.item).decimal("full", round.full);
        if let Some(weight) = round.weight {
            fields.decimal("weight", weight);
        }
        fields.table()
    });
    fields
        .push("at_least", Value::Integer(rule.at_least))
        .push("rounds", Value::List(rounds.collect()));
}

fn goalpost(rule: &Goalpost, fields: &mut Fields) {
    fields
        .push("value", operand(&rule.value, false))
        .decimal("low", rule.low)
        .decimal("high", rule.high)
        .choice("scale", rule.scale);
    if let Some(round) = rule.round_logarithm {
        fields.push("round_logarithm", rounding(round));
    }
    if let Some(answer) = rule.not_positive {
        fields.choice("not_positive", answer);
    }
    fields
        .choice("below", rule.below)
        .choice("above", rule.above)
        .choice("better", rule.better);
}

fn roll_up(rule: &RollUp, fields: &mut Fields) {
    fields
        .choice("aggregator", rule.aggregator)
        .choice("basis", rule.basis);
    if let Some(total) = rule.weights_total {
        fields.decimal("weights_total", total);
    }
    match &rule.zeros {
        None => {}
        Some(Zeros::Zero) => {
            fields.text("zeros", "zero");
        }
        Some(Zeros::Skip) => {
            fields.text("zeros", "skip");
        }
        Some(Zeros::Missing) => {
            fields.text("zeros", "missing");
        }
        Some(Zeros::Floor(floor)) => {
            let mut zeros = Fields::new();
            zeros.decimal("floor", *floor);
            fields.push("zeros", zeros.table());
        }
    }
    if let Some(best) = rule.best {
        let mut taken = Fields::new();
        taken
            .push("count", Value::Integer(best.count))
            .choice("fewer", best.fewer);
        fields.push("best", taken.table());
    }
    if let Some(skipped) = rule.skipped {
        fields.choice("skipped", skipped);
    }
    let availability = rule.availability.as_ref().map_or_else(
        || text("none"),
        |availability| {
            let mut fields = Fields::new();
            fields
                .decimal("percent", availability.percent)
                .choice("by", availability.by)
                .choice("too_little", availability.too_little);
            fields.table()
        },
    );
    fields.push("availability", availability);
}

pub(super) fn gate(gate: &Gate) -> Value {
    let effect = match &gate.effect {
        GateEffect::Zero => text("zero"),
        GateEffect::Cap(cap) => {
            let mut fields = Fields::new();
            fields.decimal("cap", *cap);
            fields.table()
        }
        GateEffect::GradeLimit(grade) => {
            let mut fields = Fields::new();
            fields.text("grade_limit", grade);
            fields.table()
        }
    };
    let mut fields = Fields::new();
    fields
        .text("code", &gate.code)
        .push("title", title(&gate.title))
        .text("node", &gate.node)
        .push("value", operand(&gate.value, false))
        .choice("tested", gate.tested)
        .text("passes", &gate.passes.to_string())
        .choice("missing", gate.missing)
        .push("effect", effect)
        .ours(gate.ours);
    fields.table()
}
