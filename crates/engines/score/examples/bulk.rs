//! How long an evaluation takes: `cargo run --release -p score --example bulk [SUBJECTS]`.
//!
//! 40 items, half of them by tier tables and half by interpolation, 10 groups, 4 indices, one
//! score; grades, rank overall and in group. The data come from a fixed generator.

#![allow(
    clippy::print_stdout,
    clippy::float_arithmetic,
    reason = "a measuring tool"
)]

use std::fmt::Write as _;
use std::time::Instant;

use score::{Bitmap, Column, Columns, compile, evaluate, parse};

const ITEMS: usize = 40;

#[allow(clippy::too_many_lines, reason = "a text")]
/// A scheme of four levels, 40 → 10 → 4 → 1.
fn scheme() -> String {
    let mut text = String::from(
        r#"
[scheme]
code = "bulk"
version = "1"
title = { zh = "批量", en = "Bulk" }
group = "town"
order = "round_limit_gate_grade"
root = "total"
"#,
    );
    let roll_up = r#"kind = "roll_up", aggregator = "weighted_mean", basis = "share", weights_total = "100", skipped = "re_weight", availability = "none""#;
    let mut node = |code: &str, parent: &str, weight: Option<&str>, rule: &str| {
        let weight = weight.map_or(String::new(), |weight| format!("weight = \"{weight}\"\n"));
        write!(
            text,
            r#"
[[node]]
code = "{code}"
parent = "{parent}"
title = {{ zh = "{code}", en = "{code}" }}
full = "100"
{weight}round = {{ places = 2, mode = "half_up" }}
cap = "100"
floor = "0"
missing = {{ policy = "skip" }}
rule = {{ {rule} }}
"#
        )
        .expect("a text takes everything");
    };
    node("total", "none", None, roll_up);
    for index in 0..4 {
        node(&format!("index{index}"), "total", Some("25"), roll_up);
    }
    for group in 0..10 {
        // Two indices have three groups, two have two.
        let (parent, weight) = match group {
            0..3 => ("index0", ["30", "30", "40"][group]),
            3..6 => ("index1", ["30", "30", "40"][group - 3]),
            6..8 => ("index2", ["45", "55"][group - 6]),
            _ => ("index3", ["45", "55"][group - 8]),
        };
        node(&format!("group{group}"), parent, Some(weight), roll_up);
    }
    for item in 0..ITEMS {
        let rule = if item % 2 == 0 {
            format!(
                r#"kind = "tier_table", value = {{ item = "item{item}" }}, unit = "wan_yuan", round_value = "exact", tiers = [{{ range = "(none, 5)", mark = "0" }}, {{ range = "[5, 10)", mark = "40" }}, {{ range = "[10, 20)", mark = "60" }}, {{ range = "[20, 50)", mark = "80" }}, {{ range = "[50, 100)", mark = "90" }}, {{ range = "[100, none)", mark = "100" }}]"#
            )
        } else {
            format!(
                r#"kind = "interpolation", value = {{ item = "item{item}" }}, origin = {{ constant = "0" }}, target = {{ constant = "700000" }}, target_changed = "latest", mark_at_origin = "0", mark_at_target = "100", over_target = "cap", below_origin = "floor", target_missing = "missing", target_zero = "missing""#
            )
        };
        node(
            &format!("mark{item}"),
            &format!("group{}", item / 4),
            Some("25"),
            &rule,
        );
    }
    for item in 0..ITEMS {
        write!(
            text,
            r#"
[[item]]
code = "item{item}"
title = {{ zh = "项", en = "Item" }}
unit = "yuan"
scale = 2
minimum = "0"
maximum = "none"
source = "record"
evidence = "none"
direction = "higher"
period = "quarter"
"#
        )
        .expect("a text takes everything");
    }
    format!(
        "{text}{}",
        r#"
[grade]
version = "1"
on = "rounded"
several_limits = "worst"
missing = "none"
band = [
    { code = "good", title = { zh = "好", en = "Good" }, range = "[60, none)" },
    { code = "fair", title = { zh = "中", en = "Fair" }, range = "(none, 60)" },
]

[rank]
by = "score"
on = "rounded"
best = "highest"
method = "competition"
excluded = "none"
ties = [{ node = "index0", on = "rounded", best = "highest" }]
"#
    )
}

fn main() {
    let subjects: usize = std::env::args()
        .nth(1)
        .map_or(500_000, |text| text.parse().expect("a number of subjects"));
    let (scheme, findings) = parse("bulk.toml", &scheme());
    let plan = scheme.and_then(|scheme| compile(&scheme).0);
    let plan = plan.unwrap_or_else(|| panic!("{findings:?}"));
    let mut builder = Columns::builder(&plan);
    for subject in 0..subjects {
        let town = format!("town{}", subject % 1000);
        builder
            .subject(&format!("village{subject}"), Some(&town))
            .expect("codes differ");
    }
    let mut state = 1_u64;
    for input in 0..plan.inputs().len() {
        let numbers = (0..subjects).map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            // Up to 1.2 million yuan, in fen.
            i64::try_from((state >> 33) % 120_000_000).expect("below 2^63")
        });
        let column = Column::scaled(2, numbers.collect(), Bitmap::new(subjects, true));
        builder.column(input, column).expect("believable values");
    }
    let columns = builder.finish();
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let start = Instant::now();
        let (results, findings) = evaluate(&plan, &columns);
        let took = start.elapsed().as_secs_f64() * 1000.0;
        assert!(findings.is_empty());
        assert_eq!(results.node(plan.root()).marks.len(), subjects);
        best = best.min(took);
        println!("evaluate {subjects} × {ITEMS}: {took:.1} ms");
    }
    println!("best {best:.1} ms");
}
