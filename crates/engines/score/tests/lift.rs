//! What would lift a subject, told for small schemes.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use score::{Plan, evaluate, lifts};
use support::{HEAD, NO_OUTCOME, SUM, columns, item_from, item_with, node, plan};

/// `column: present → value, + gain` for the first subject of the table, in order.
fn told(plan: &Plan, table: &str) -> Vec<String> {
    let (columns, findings) = columns(plan, table);
    assert_eq!(findings, []);
    let (results, _) = evaluate(plan, &columns);
    let all = lifts(plan, &columns, &results, 0);
    let line = |lift: &score::Lift| {
        let name = plan.inputs()[lift.input].name();
        format!("{name}: {} → {}, +{}", lift.present, lift.value, lift.gain)
    };
    all.iter().map(line).collect()
}

/// A scheme of one rule over the item `v` (and `w`, `x` where it reads them).
fn check(rule: &str, scale: &str, cases: &[(&str, &[&str])]) {
    let mut text = format!("{NO_OUTCOME}{HEAD}");
    let reads: Vec<&str> = ["v", "w", "x"]
        .into_iter()
        .filter(|name| rule.contains(&format!("item = \"{name}\"")))
        .collect();
    for name in &reads {
        text.push_str(&item_with(name, "yuan", scale));
    }
    text.push_str(&node("total", "none", "100", SUM, &[]));
    text.push_str(&node("part", "total", "100", rule, &[]));
    let (plan, _) = plan(&text).unwrap_or_else(|findings| panic!("{findings:?}\n{text}"));
    let names: Vec<String> = plan.inputs().iter().map(score::Input::name).collect();
    for (row, expected) in cases {
        let table = format!("subject,{}\ns,{row}\n", names.join(","));
        assert_eq!(told(&plan, &table), *expected, "{table}");
    }
}

#[test]
fn the_nearest_better_band_in_the_unit_of_the_item() {
    let rule = r#"kind = "tier_table", value = { item = "v" }, unit = "wan_yuan", round_value = "exact", tiers = [
        { range = "(none, 5)", mark = "0" }, { range = "[5, 10]", mark = "60" }, { range = "(10, none)", mark = "100" } ]"#
        .replace('\n', " ");
    check(
        &rule,
        "0",
        &[
            ("49999", &["v: 49999 → 50000, +60"]),
            ("50000", &["v: 50000 → 100001, +40"]),
            ("100001", &[]),
            ("", &[]),
        ],
    );
}

#[test]
fn where_less_is_better_the_way_leads_down() {
    let rule = r#"kind = "tier_table", value = { item = "v" }, unit = "yuan", round_value = "exact", tiers = [
        { range = "(none, 5)", mark = "100" }, { range = "[5, 10]", mark = "60" }, { range = "(10, none)", mark = "0" } ]"#
        .replace('\n', " ");
    check(
        &rule,
        "1",
        &[
            ("12.5", &["v: 12.5 → 10, +60"]),
            ("10", &["v: 10 → 4.9, +40"]),
            ("4.9", &[]),
        ],
    );
}

#[test]
fn targets_denominators_goalposts_and_growth() {
    let interpolation = r#"kind = "interpolation", value = { item = "v" }, origin = { constant = "0" }, target = { item = "w" }, target_changed = "latest", mark_at_origin = "0", mark_at_target = "100", over_target = "cap", below_origin = "floor", target_missing = "missing", target_zero = "missing""#;
    check(
        interpolation,
        "0",
        &[("3,4", &["v: 3 → 4, +25"]), ("4,4", &[]), ("3,", &[])],
    );
    let ratio = r#"kind = "ratio", numerator = { item = "v" }, denominator = { item = "w", at = "period" }, denominator_zero = "missing", over_one = "cap", percent = { places = 0, mode = "half_up" }"#;
    check(
        ratio,
        "0",
        &[("1,3", &["v: 1 → 3, +67"]), ("3,3", &[]), ("1,0", &[])],
    );
    let goalpost = r#"kind = "goalpost", value = { item = "v" }, low = "20", high = "70", scale = "linear", below = "truncate", above = "truncate", better = "lower""#;
    check(goalpost, "0", &[("45", &["v: 45 → 20, +50"]), ("20", &[])]);
    let growth = r#"kind = "growth", value = { item = "v" }, base = { item = "v", at = "previous" }, base_restated = "original", measure = "relative", round_growth = "exact", zero_at = "0", full_at = "10", over_target = "cap", below_origin = "floor", base_missing = "missing", base_zero = "full", base_negative = "missing", level = "none""#;
    check(
        growth,
        "0",
        &[
            ("105,100", &["v: 105 → 110, +50"]),
            ("333,333", &["v: 333 → 367, +100"]),
            ("5,", &[]),
        ],
    );
}

#[test]
fn the_next_step_full_or_begun() {
    let rule = |per_step: &str, part: &str| {
        format!(
            r#"kind = "stepped_add", value = {{ item = "v" }}, base = {{ constant = "10" }}, unit = "yuan", step = "5", mark_at_base = "50", mark_per_step = "{per_step}", part_steps = "{part}", below_base = "extend""#
        )
    };
    check(
        &rule("2", "whole"),
        "0",
        &[
            ("17", &["v: 17 → 20, +2"]),
            ("20", &["v: 20 → 25, +2"]),
            ("10", &["v: 10 → 15, +2"]),
        ],
    );
    check(
        &rule("2", "begun"),
        "0",
        &[("15", &["v: 15 → 16, +2"]), ("16", &["v: 16 → 21, +2"])],
    );
    check(&rule("-2", "whole"), "0", &[("22", &["v: 22 → 19, +2"])]);
}

#[test]
fn each_missing_tick_and_never_an_event() {
    let rule = r#"kind = "checklist", weighting = "equal", partial = "share", blank = "unticked", not_applicable = "never", must_missed = { cap = "50" }, ticks = [ { item = "v", must = true }, { item = "w", must = false } ]"#;
    check(
        rule,
        "0",
        &[
            // The second tick alone stays under the cap of the first.
            ("0,0", &["v: 0 → 1, +50", "w: 0 → 1, +50"]),
            ("0,1", &["v: 0 → 1, +50"]),
            ("1,0", &["w: 0 → 1, +50"]),
            ("1,1", &[]),
        ],
    );
    let mut text = format!("{NO_OUTCOME}{HEAD}");
    text.push_str(&item_from("blamed", "events", "0"));
    text.push_str(&node("total", "none", "100", SUM, &[]));
    text.push_str(&node("part", "total", "100", r#"kind = "deduction", item = "blamed", dated_by = "occurred", revoked = "drop", same_fact = "each", start = "100", per_occurrence = "5", repeat = "none""#, &[]));
    let (plan, _) = plan(&text).unwrap();
    let table = "subject,blamed@occurred\ns,3\n";
    assert_eq!(told(&plan, table), Vec::<String>::new());
}

#[test]
fn what_a_cap_above_swallows_is_no_lift() {
    let mut text = format!("{NO_OUTCOME}{HEAD}");
    text.push_str(&item_with("v", "yuan", "0"));
    text.push_str(&node("total", "none", "100", SUM, &["cap = \"30\""]));
    text.push_str(&node("part", "total", "100", &support::value_of("v"), &[]));
    let (plan, _) = plan(&text).unwrap();
    assert_eq!(told(&plan, "subject,v\ns,20\n"), ["v: 20 → 100, +10"]);
    assert_eq!(told(&plan, "subject,v\ns,30\n"), Vec::<String>::new());
}
