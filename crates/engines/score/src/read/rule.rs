//! `[node.rule]`: one reader per kind.

use kernel::Finding;

use super::counting;
use super::item::{Allowed, operand, rounding};
use super::table::Table;
use crate::scheme::{
    Aggregator, Availability, BestCount, Choice, FormulaRule, Goalpost, GoalpostScale,
    Interpolation, Kind, NotARange, Range, Ratio, RollUp, Rule, TargetChanged, Tier, TierTable,
    Unit, Zeros,
};

/// The word of the escape hatch, which is no kind of the specification.
const FORMULA: &str = "formula";

pub(super) fn rule(table: &Table<'_>) -> Option<Rule> {
    let word = table.text("kind")?;
    if word == FORMULA {
        let expression = table.text("expression");
        table.finish();
        return Some(Rule::Formula(FormulaRule {
            expression: expression?,
        }));
    }
    let kind = known_kind(table, &word)?;
    let rule = match kind {
        Kind::TierTable => tier_table(table).map(Rule::TierTable),
        Kind::Interpolation => interpolation(table).map(Rule::Interpolation),
        Kind::SteppedAdd => counting::stepped_add(table).map(Rule::SteppedAdd),
        Kind::Deduction => counting::deduction(table).map(Rule::Deduction),
        Kind::Ratio => ratio(table).map(Rule::Ratio),
        Kind::Growth => counting::growth(table).map(Rule::Growth),
        Kind::Checklist => counting::checklist(table).map(Rule::Checklist),
        Kind::Bonus => counting::event_list(table).map(Rule::Bonus),
        Kind::Penalty => counting::event_list(table).map(Rule::Penalty),
        Kind::RoundComposite => counting::round_composite(table).map(Rule::RoundComposite),
        Kind::Goalpost => goalpost(table).map(Rule::Goalpost),
        Kind::RollUp => roll_up(table).map(Rule::RollUp),
        _ => None,
    };
    table.finish();
    rule
}

/// The kind of a node's rule, if it is one and is built.
fn known_kind(table: &Table<'_>, word: &str) -> Option<Kind> {
    let finding = match Kind::from_word(word) {
        Some(kind) if kind.is_rule_of_a_node() && kind.built() => return Some(kind),
        Some(kind) if !kind.built() => Finding::error("kind-not-built")
            .arg("found", word)
            .arg("number", u32::from(kind.number()))
            .arg("expected", node_kinds()),
        Some(_) => Finding::error("kind-not-a-node-rule")
            .arg("found", word)
            .arg("expected", node_kinds()),
        None => Finding::error("kind-unknown")
            .arg("found", word)
            .arg("expected", Kind::words()),
    };
    table.report("kind", finding);
    None
}

fn node_kinds() -> String {
    let words: Vec<&str> = Kind::ALL
        .iter()
        .filter(|(kind, _)| kind.built() && kind.is_rule_of_a_node())
        .map(|(_, word)| *word)
        .chain([FORMULA])
        .collect();
    words.join(", ")
}

/// A range such as `[10, 20)`.
pub(super) fn range(table: &Table<'_>, key: &'static str) -> Option<Range> {
    table.parsed(key, "[10, 20)", |text| {
        text.parse().map_err(|error| {
            Finding::error(match error {
                NotARange::Form => "range-malformed",
                NotARange::Number => "range-number",
                NotARange::NoneIncluded => "range-none-included",
                NotARange::Empty => "range-empty",
            })
        })
    })
}

fn tier_table(table: &Table<'_>) -> Option<TierTable> {
    let value = operand(table, "value", Allowed::Variable);
    let unit = table.text("unit").map(Unit);
    let round_value = rounding(table, "round_value");
    let tiers: Vec<Option<Tier>> = table.tables("tiers").iter().map(tier).collect();
    Some(TierTable {
        value: value?,
        unit: unit?,
        round_value: round_value?,
        tiers: tiers.into_iter().collect::<Option<Vec<Tier>>>()?,
    })
}

fn tier(table: &Table<'_>) -> Option<Tier> {
    let (range, mark) = (range(table, "range"), table.decimal("mark"));
    table.finish();
    Some(Tier {
        range: range?,
        mark: mark?,
    })
}

fn interpolation(table: &Table<'_>) -> Option<Interpolation> {
    let value = operand(table, "value", Allowed::Variable);
    let origin = operand(table, "origin", Allowed::Any);
    let target = operand(table, "target", Allowed::Any);
    let target_changed = target_changed(table);
    let mark_at_origin = table.decimal("mark_at_origin");
    let mark_at_target = table.decimal("mark_at_target");
    let over_target = table.choice("over_target");
    let below_origin = table.choice("below_origin");
    let target_missing = table.choice("target_missing");
    let target_zero = table.choice("target_zero");
    Some(Interpolation {
        value: value?,
        origin: origin?,
        target: target?,
        target_changed: target_changed?,
        mark_at_origin: mark_at_origin?,
        mark_at_target: mark_at_target?,
        over_target: over_target?,
        below_origin: below_origin?,
        target_missing: target_missing?,
        target_zero: target_zero?,
    })
}

/// `"latest"`, `{ use = "first", … }` or `{ use = "by_days", … }`.
fn target_changed(table: &Table<'_>) -> Option<TargetChanged> {
    if table.is_word("target_changed", "latest") {
        return Some(TargetChanged::Latest);
    }
    let table = table.table("target_changed")?;
    let first = operand(&table, "first", Allowed::Variable);
    let changed = match table.text("use")?.as_str() {
        "first" => first.map(|first| TargetChanged::First { first }),
        "by_days" => {
            let days_before = operand(&table, "days_before", Allowed::Any);
            let days_after = operand(&table, "days_after", Allowed::Any);
            (|| {
                Some(TargetChanged::ByDays {
                    first: first?,
                    days_before: days_before?,
                    days_after: days_after?,
                })
            })()
        }
        word => {
            let finding = Finding::error("choice-unknown")
                .arg("field", "use")
                .arg("found", word)
                .arg("expected", "first, by_days");
            table.report("use", finding);
            None
        }
    };
    table.finish();
    changed
}

fn ratio(table: &Table<'_>) -> Option<Ratio> {
    let numerator = operand(table, "numerator", Allowed::Variable);
    let denominator = operand(table, "denominator", Allowed::VariableAtMoment);
    let denominator_zero = table.choice("denominator_zero");
    let over_one = table.choice("over_one");
    let percent = rounding(table, "percent");
    Some(Ratio {
        numerator: numerator?,
        denominator: denominator?,
        denominator_zero: denominator_zero?,
        over_one: over_one?,
        percent: percent?,
    })
}

fn goalpost(table: &Table<'_>) -> Option<Goalpost> {
    let value = operand(table, "value", Allowed::Variable);
    let (low, high) = (table.decimal("low"), table.decimal("high"));
    let scale = table.choice("scale");
    // Fields that a linear scale does not ask for are unknown there.
    let logarithmic = scale == Some(GoalpostScale::Logarithmic);
    let round_logarithm = logarithmic.then(|| rounding(table, "round_logarithm"));
    let not_positive = logarithmic.then(|| table.choice("not_positive"));
    let (below, above) = (table.choice("below"), table.choice("above"));
    let better = table.choice("better");
    Some(Goalpost {
        value: value?,
        low: low?,
        high: high?,
        scale: scale?,
        round_logarithm: super::flatten(round_logarithm)?,
        not_positive: super::flatten(not_positive)?,
        below: below?,
        above: above?,
        better: better?,
    })
}

fn roll_up(table: &Table<'_>) -> Option<RollUp> {
    let aggregator: Option<Aggregator> = table.choice("aggregator");
    let basis = table.choice("basis");
    // Fields that an aggregator does not ask for are unknown there.
    let asks = |ask: fn(Aggregator) -> bool| aggregator.is_some_and(ask);
    let weights_total = asks(Aggregator::is_weighted).then(|| table.decimal("weights_total"));
    let zeros = asks(Aggregator::is_geometric).then(|| zeros(table));
    let best = asks(Aggregator::is_best).then(|| best(table));
    let skipped = asks(Aggregator::asks_skipped).then(|| table.choice("skipped"));
    let availability = table
        .table_or_none("availability")
        .map(|availability_table| availability_table.map(|table| availability(&table)));
    Some(RollUp {
        aggregator: aggregator?,
        basis: basis?,
        weights_total: super::flatten(weights_total)?,
        zeros: super::flatten(zeros)?,
        best: super::flatten(best)?,
        skipped: super::flatten(skipped)?,
        availability: super::flatten(availability?)?,
    })
}

/// `"zero"`, `"skip"`, `"missing"` or `{ floor = "0.01" }`.
fn zeros(table: &Table<'_>) -> Option<Zeros> {
    for (word, zeros) in [
        ("zero", Zeros::Zero),
        ("skip", Zeros::Skip),
        ("missing", Zeros::Missing),
    ] {
        if table.is_word("zeros", word) {
            return Some(zeros);
        }
    }
    let table = table.table("zeros")?;
    let floor = table.decimal("floor");
    table.finish();
    floor.map(Zeros::Floor)
}

fn best(table: &Table<'_>) -> Option<BestCount> {
    let table = table.table("best")?;
    let count = table.integer("count", 1, 2000);
    let fewer = table.choice("fewer");
    table.finish();
    Some(BestCount {
        count: count?,
        fewer: fewer?,
    })
}

fn availability(table: &Table<'_>) -> Option<Availability> {
    let percent = table.decimal("percent");
    let by = table.choice("by");
    let too_little = table.choice("too_little");
    table.finish();
    Some(Availability {
        percent: percent?,
        by: by?,
        too_little: too_little?,
    })
}
