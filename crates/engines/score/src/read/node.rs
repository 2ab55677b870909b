//! `[[node]]` and `[[gate]]`.

use kernel::Finding;

use super::item::{Allowed, operand, rounding};
use super::rule::{range, rule};
use super::table::Table;
use crate::scheme::{Fallback, Filled, Gate, GateEffect, MissingPolicy, SchemeNode};

pub(super) fn node(table: &Table<'_>) -> Option<SchemeNode> {
    let code = table.code("code");
    let parent = table.reference_or_none("parent");
    let title = table.title("title");
    let full = table.decimal("full");
    let weight = if table.has("weight") {
        table.decimal("weight").map(Some)
    } else {
        Some(None)
    };
    let rule = table.table("rule").and_then(|table| rule(&table));
    let round = rounding(table, "round");
    let cap = table.decimal_or_none("cap");
    let floor = table.decimal_or_none("floor");
    let missing = missing(table);
    let ours = table.flag("ours");
    table.finish();
    Some(SchemeNode {
        code: code?,
        parent: parent?,
        title: title?,
        full: full?,
        weight: weight?,
        rule: rule?,
        round: round?,
        cap: cap?,
        floor: floor?,
        missing: missing?,
        ours: ours?,
    })
}

/// Policies that only say what a missing value does.
const PLAIN: &[(&str, Fallback)] = &[
    ("block", Fallback::Block),
    ("appeal", Fallback::Appeal),
    ("zero", Fallback::Zero),
    ("skip", Fallback::Skip),
];
const POLICIES: &str = "block, appeal, zero, skip, group_minimum, group_mean, last_value";

fn missing(table: &Table<'_>) -> Option<MissingPolicy> {
    if !table.has("missing") {
        // A finding of its own: it is the commonest gap, and the guide explains it at length.
        let finding = Finding::error("missing-policy-absent").arg("expected", POLICIES);
        table.report("", finding);
        return None;
    }
    let table = table.table("missing")?;
    let policy = table.text("policy");
    let policy = policy.and_then(|word| policy_fields(&table, &word));
    table.finish();
    policy
}

fn policy_fields(table: &Table<'_>, word: &str) -> Option<MissingPolicy> {
    if let Some((_, fallback)) = PLAIN.iter().find(|(known, _)| *known == word) {
        return Some(MissingPolicy::Leave(*fallback));
    }
    match word {
        "group_minimum" => {
            let (fills, among) = (table.choice::<Filled>("fills"), table.choice("among"));
            let otherwise = table.choice("otherwise");
            Some(MissingPolicy::GroupMinimum {
                fills: fills?,
                among: among?,
                otherwise: otherwise?,
            })
        }
        "group_mean" => {
            let (fills, among) = (table.choice::<Filled>("fills"), table.choice("among"));
            let round = rounding(table, "round");
            let otherwise = table.choice("otherwise");
            Some(MissingPolicy::GroupMean {
                fills: fills?,
                among: among?,
                round: round?,
                otherwise: otherwise?,
            })
        }
        "last_value" => Some(MissingPolicy::LastValue {
            otherwise: table.choice("otherwise")?,
        }),
        _ => {
            let finding = Finding::error("choice-unknown")
                .arg("field", "policy")
                .arg("found", word)
                .arg("expected", POLICIES);
            table.report("policy", finding);
            None
        }
    }
}

pub(super) fn gate(table: &Table<'_>) -> Option<Gate> {
    let code = table.code("code");
    let title = table.title("title");
    let node = table.reference("node");
    let value = operand(table, "value", Allowed::Variable);
    let tested = table.choice("tested");
    let passes = range(table, "passes");
    let missing = table.choice("missing");
    let effect = effect(table);
    let ours = table.flag("ours");
    table.finish();
    Some(Gate {
        code: code?,
        title: title?,
        node: node?,
        value: value?,
        tested: tested?,
        passes: passes?,
        missing: missing?,
        effect: effect?,
        ours: ours?,
    })
}

/// `"zero"`, `{ cap = "60" }` or `{ grade_limit = "fair" }`.
fn effect(table: &Table<'_>) -> Option<GateEffect> {
    if table.is_word("effect", "zero") {
        return Some(GateEffect::Zero);
    }
    let table = table.table("effect")?;
    let effect = if table.has("cap") {
        table.decimal("cap").map(GateEffect::Cap)
    } else {
        table.reference("grade_limit").map(GateEffect::GradeLimit)
    };
    table.finish();
    effect
}
