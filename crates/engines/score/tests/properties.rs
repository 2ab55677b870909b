//! The engine against a naive model, and what must hold for any scheme.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod naive;
mod support;

use std::collections::BTreeMap;

use naive::{Model, Number, Row};
use proptest::prelude::*;
use score::{
    Cell, Columns, Explanation, Plan, Results, TermOrigin, evaluate, explain, explain_outcome,
};
use support::random::{self, Random};

/// A random plan with a random table.
fn sample(seed: u64, absolute: bool, subjects: u64) -> (Plan, String) {
    let mut random = Random(seed);
    let plan = loop {
        let text = random::scheme(&mut random, absolute);
        let text = random::fitted(&mut random, &text);
        match support::plan(&text) {
            Ok((plan, _)) => break plan,
            // Marks and bands are drawn independently, so a band may be out of reach.
            Err(findings) => {
                let mut errors = findings.iter().filter(|finding| finding.blocks());
                let expected = errors.all(|finding| finding.code == "grade-unreachable");
                assert!(expected, "{findings:?}\n{text}");
            }
        }
    };
    let inputs: Vec<String> = plan.inputs().iter().map(score::Input::name).collect();
    let scales: Vec<Option<u8>> = plan
        .inputs()
        .iter()
        .map(|input| {
            let item = plan.scheme().item_index(&input.item).unwrap();
            plan.scheme().items[item].scale
        })
        .collect();
    let table = random::table(&mut random, &inputs, &scales, subjects);
    (plan, table)
}

fn columns(plan: &Plan, table: &str) -> Columns {
    let (columns, findings) = support::columns(plan, table);
    assert_eq!(findings, []);
    columns
}

fn rows(table: &str) -> Vec<Row> {
    let mut lines = table.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let values: BTreeMap<String, Number> = header[2..]
                .iter()
                .zip(&cells[2..])
                .filter(|(_, cell)| !cell.is_empty())
                .map(|(name, cell)| ((*name).to_owned(), Number::read(cell)))
                .collect();
            Row {
                code: cells[0].to_owned(),
                group: (!cells[1].is_empty()).then(|| cells[1].to_owned()),
                values,
            }
        })
        .collect()
}

/// A cell as text, for both sides.
fn shown(counted: Option<String>, missing: bool, held: bool) -> String {
    format!(
        "{}{}{}",
        counted.unwrap_or_default(),
        if missing { "?" } else { "" },
        if held { "!" } else { "" }
    )
}

fn engine_cell(results: &Results, node: usize, subject: usize) -> String {
    match results.cell(node, subject) {
        Cell::Mark(mark) => shown(Some(mark.to_string()), false, false),
        Cell::Missing { counted, held } => shown(counted.map(|mark| mark.to_string()), true, held),
    }
}

/// Everything about a subject, to be compared between two evaluations.
fn everything(plan: &Plan, results: &Results, subject: usize) -> Vec<String> {
    let nodes = 0..plan.scheme().nodes.len();
    let mut all: Vec<String> = nodes
        .map(|node| engine_cell(results, node, subject))
        .collect();
    all.push(format!("{:?}", results.grade(subject)));
    all.push(format!("{:?}", results.rank(subject)));
    all.push(format!("{:?}", results.rank_in_group(subject)));
    all
}

/// Schemes with what the random ones do not have: evidence, logarithms, formulas.
#[test]
fn samples_are_written_and_read_again() {
    for text in [
        include_str!("data/every-kind.toml"),
        include_str!("data/every-count.toml"),
    ] {
        let (scheme, _) = score::parse("sample.toml", text);
        let scheme = scheme.unwrap();
        let written = score::write(&scheme).to_toml();
        let (again, _) = score::parse("written.toml", &written);
        assert_eq!(again, Some(scheme), "{written}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn equals_the_naive_model(seed: u64) {
        let (plan, table) = sample(seed, false, 9);
        let (results, _) = evaluate(&plan, &columns(&plan, &table));
        let rows = rows(&table);
        let model = Model { scheme: plan.scheme(), rows: &rows };
        for (subject, row) in rows.iter().enumerate() {
            for (index, node) in plan.scheme().nodes.iter().enumerate() {
                let mark = model.mark(row, &node.code);
                let expected = shown(mark.counted.map(|mark| mark.to_string()), mark.missing, mark.held);
                prop_assert_eq!(engine_cell(&results, index, subject), expected, "{} {}\n{:#?}\n{}", row.code, node.code, node, table);
            }
            prop_assert_eq!(results.grade(subject), model.grade(row), "grade of {}", row.code);
        }
        for (subject, ranks) in model.ranks().into_iter().enumerate() {
            let found = (results.rank(subject), results.rank_in_group(subject));
            prop_assert_eq!(found, ranks, "rank of {}", rows[subject].code);
        }
    }

    /// The short way into a column is the long one, for every scale and every bound.
    #[test]
    fn digits_are_set_as_decimals_are(scale in 0_u8..4, least in -200_i64..400, digits in -500_i64..5000, places in 0_u8..5, bounded: bool) {
        let bound = kernel::Decimal::new(least.into(), 2);
        let item = support::item_with("v", "count", &scale.to_string());
        let minimum = if bounded { format!("minimum = \"{bound}\"") } else { "minimum = \"none\"".to_owned() };
        let maximum = format!("maximum = \"{}\"", kernel::Decimal::new((least + 3000).into(), 3));
        let item = item.replace("minimum = \"none\"", &minimum);
        let item = if bounded { item.replace("maximum = \"none\"", &maximum) } else { item };
        let root = support::node("total", "none", "100", &support::value_of("v"), &[]);
        let text = format!("{}{}{item}{root}", support::NO_OUTCOME, support::HEAD);
        let Ok((plan, _)) = support::plan(&text) else { return Ok(()) }; // Bounds may be crossed.
        let (mut short, mut long) = (Columns::builder(&plan), Columns::builder(&plan));
        for builder in [&mut short, &mut long] {
            builder.subject("a", None).unwrap();
        }
        let value = kernel::Decimal::new(digits.into(), places);
        let (one, other) = (short.set_digits(0, 0, digits, places), long.set(0, 0, value));
        prop_assert_eq!(one, other);
        prop_assert_eq!(short.finish(), long.finish());
    }

    #[test]
    fn what_is_written_is_read_again(seed: u64) {
        let (plan, _) = sample(seed, false, 1);
        let text = score::write(plan.scheme()).to_toml();
        let (again, findings) = score::parse("written.toml", &text);
        prop_assert!(!findings.iter().any(kernel::Finding::blocks), "{:?}\n{}", findings, text);
        prop_assert_eq!(again.as_ref(), Some(plan.scheme()), "{}", text);
        prop_assert_eq!(score::write(&again.unwrap()).to_toml(), text);
    }

    #[test]
    fn integers_and_decimals_agree(seed: u64) {
        let (plan, table) = sample(seed, false, 30);
        let mut scheme = plan.scheme().clone();
        for item in &mut scheme.items {
            item.scale = None;
        }
        let decimal = score::compile(&scheme).0.unwrap();
        let (one, other) = (columns(&plan, &table), columns(&decimal, &table));
        let (results, findings) = evaluate(&plan, &one);
        let (again, others) = evaluate(&decimal, &other);
        prop_assert_eq!(findings, others);
        for subject in 0..one.len() {
            prop_assert_eq!(everything(&plan, &results, subject), everything(&decimal, &again, subject));
        }
    }

    /// What a step is said to give is what the naive model gives once it is taken.
    #[test]
    fn a_lift_lifts_as_it_says(seed: u64, absolute: bool) {
        let (plan, table) = sample(seed, absolute, 7);
        let columns = columns(&plan, &table);
        let (results, _) = evaluate(&plan, &columns);
        let rows = rows(&table);
        for subject in 0..rows.len() {
            let lifts = score::lifts(&plan, &columns, &results, subject);
            prop_assert!(lifts.is_sorted_by(|one, next| one.gain >= next.gain));
            for lift in lifts {
                let mut rows = rows.clone();
                let name = plan.inputs()[lift.input].name();
                rows[subject].values.insert(name, Number::read(&lift.value.to_string()));
                let model = Model { scheme: plan.scheme(), rows: &rows };
                let root = model.mark(&rows[subject], &plan.scheme().root);
                prop_assert_eq!(root.counted.map(|mark| mark.to_string()), Some(lift.score.to_string()), "{:?}\n{}", lift, table);
                prop_assert_eq!(model.grade(&rows[subject]), lift.grade);
                prop_assert_eq!(model.ranks()[subject], (lift.rank, lift.rank_in_group));
                let before = results.score(subject).counted().unwrap();
                prop_assert!(lift.gain > kernel::Decimal::ZERO);
                prop_assert_eq!(before.add(lift.gain).unwrap(), lift.score);
            }
        }
    }

    #[test]
    fn one_correction_is_as_good_as_all_anew(seed: u64, absolute: bool, corrections in proptest::collection::vec((0_usize..100, 0_usize..9, prop::option::of(0_i64..50)), 1..6)) {
        let (plan, table) = sample(seed, absolute, 9);
        let mut columns = columns(&plan, &table);
        let (mut results, _) = evaluate(&plan, &columns);
        for (input, subject, value) in corrections {
            let input = input % plan.inputs().len();
            let value = value.map(kernel::Decimal::from_int);
            score::correct(&plan, &mut columns, &mut results, (input, subject), value).unwrap();
            let (again, _) = evaluate(&plan, &columns);
            prop_assert_eq!(&results, &again);
            prop_assert_eq!(score::digest(&plan, &columns, &results), score::digest(&plan, &columns, &again));
        }
    }

    #[test]
    fn digests_tell_meanings_apart(seed: u64) {
        let (plan, table) = sample(seed, false, 6);
        let one = columns(&plan, &table);
        let (results, _) = evaluate(&plan, &one);
        // The same numbers in decimal columns: the digest of the results is that of the integers.
        let mut scheme = plan.scheme().clone();
        for item in &mut scheme.items {
            item.scale = None;
        }
        let decimal = score::compile(&scheme).0.unwrap();
        let other = columns(&decimal, &table);
        let (again, _) = evaluate(&decimal, &other);
        let bytes = |plan: &Plan, columns: &Columns, results: &Results| {
            let mut bytes = Vec::new();
            score::canonical_columns(plan, columns, &mut bytes);
            score::canonical_results(plan, columns, results, &mut bytes);
            bytes
        };
        prop_assert_eq!(bytes(&plan, &one, &results), bytes(&decimal, &other, &again));
        // Another value, another scheme: another digest.
        prop_assert_ne!(score::digest(&plan, &one, &results), score::digest(&decimal, &other, &again));
        let (mut changed, mut recomputed) = (one.clone(), results.clone());
        let value = Some(kernel::Decimal::from_int(97));
        score::correct(&plan, &mut changed, &mut recomputed, (0, 3), value).unwrap();
        prop_assert_ne!(score::digest(&plan, &one, &results), score::digest(&plan, &changed, &recomputed));
    }

    #[test]
    fn the_order_of_subjects_does_not_matter(seed: u64, shift in 1_usize..8) {
        let (plan, table) = sample(seed, false, 9);
        let mut lines: Vec<&str> = table.lines().collect();
        lines[1..].rotate_left(shift);
        lines[1..].reverse();
        let turned = lines.join("\n");
        let (one, other) = (columns(&plan, &table), columns(&plan, &turned));
        let (results, _) = evaluate(&plan, &one);
        let (turned, _) = evaluate(&plan, &other);
        for (subject, code) in one.subjects().iter().enumerate() {
            let place = other.subjects().iter().position(|known| known == code).unwrap();
            prop_assert_eq!(everything(&plan, &results, subject), everything(&plan, &turned, place));
        }
    }

    #[test]
    fn another_subject_changes_no_score(seed: u64) {
        let (plan, table) = sample(seed, true, 9);
        let fewer: Vec<&str> = table.lines().take(8).collect();
        let (results, _) = evaluate(&plan, &columns(&plan, &table));
        let (without, _) = evaluate(&plan, &columns(&plan, &fewer.join("\n")));
        for subject in 0..7 {
            for node in 0..plan.scheme().nodes.len() {
                prop_assert_eq!(results.cell(node, subject), without.cell(node, subject));
            }
            prop_assert_eq!(results.grade(subject), without.grade(subject));
        }
    }

    #[test]
    fn only_proportions_of_weights_matter(seed: u64, factor in 2_i64..9) {
        let (plan, table) = sample(seed, false, 6);
        let mut scheme = plan.scheme().clone();
        let factor = kernel::Decimal::from_int(factor);
        for node in &mut scheme.nodes {
            node.weight = node.weight.map(|weight| weight.mul(factor).unwrap());
            if let score::Rule::RollUp(rule) = &mut node.rule {
                rule.weights_total = rule.weights_total.map(|total| total.mul(factor).unwrap());
            }
        }
        let (scaled, _) = score::compile(&scheme);
        let scaled = scaled.unwrap();
        let columns = columns(&plan, &table);
        let (results, _) = evaluate(&plan, &columns);
        let (again, _) = evaluate(&scaled, &columns);
        for subject in 0..columns.len() {
            prop_assert_eq!(everything(&plan, &results, subject), everything(&scaled, &again, subject));
        }
    }

    #[test]
    fn a_higher_cap_or_floor_never_lowers(seed: u64, raise in 0_i64..40) {
        let (plan, table) = sample(seed, true, 6);
        let columns = columns(&plan, &table);
        let (results, _) = evaluate(&plan, &columns);
        let mut scheme = plan.scheme().clone();
        let root = plan.root();
        let raise = kernel::Decimal::from_int(raise);
        scheme.nodes[root].cap = scheme.nodes[root].cap.map(|cap| cap.add(raise).unwrap());
        if let Some(higher) = score::compile(&scheme).0 {
            let (again, _) = evaluate(&higher, &columns);
            for subject in 0..columns.len() {
                prop_assert!(again.score(subject).counted() >= results.score(subject).counted());
            }
        }
        let floor = scheme.nodes[root].floor;
        scheme.nodes[root].floor = floor.map(|floor| floor.add(raise).unwrap());
        if let Some(higher) = score::compile(&scheme).0 {
            let (again, _) = evaluate(&higher, &columns);
            for subject in 0..columns.len() {
                prop_assert!(again.score(subject).counted() >= results.score(subject).counted());
            }
        }
    }

    #[test]
    fn replaying_the_steps_gives_the_result(seed: u64) {
        let (plan, table) = sample(seed, false, 5);
        let columns = columns(&plan, &table);
        let (results, _) = evaluate(&plan, &columns);
        for subject in 0..columns.len() {
            for node in 0..plan.scheme().nodes.len() {
                let explanation = explain(&plan, &columns, &results, subject, node);
                replay(&plan, &columns, &results, subject, &explanation);
                let cell = results.cell(node, subject);
                prop_assert_eq!(explanation.counted(), cell.counted());
                prop_assert_eq!(explanation.missing, !matches!(cell, Cell::Mark(_)));
            }
            let outcome = explain_outcome(&plan, &columns, &results, subject);
            prop_assert_eq!(outcome.score, results.score(subject).counted());
            prop_assert_eq!(outcome.rank, results.rank(subject));
            if outcome.limits.is_empty() && outcome.score.is_some() {
                prop_assert_eq!(outcome.band, outcome.grade);
            }
        }
    }
}

/// Does every step again from the terms it names, and looks up every term that was read.
fn replay(
    plan: &Plan,
    columns: &Columns,
    results: &Results,
    subject: usize,
    explanation: &Explanation,
) {
    let terms = &explanation.terms;
    for (position, term) in terms.iter().enumerate() {
        match &term.origin {
            TermOrigin::Step {
                operation,
                terms: arguments,
                name,
            } => {
                let numbers: Vec<kernel::Decimal> = arguments
                    .iter()
                    .map(|argument| {
                        let argument = argument.unwrap();
                        assert!(argument < position, "a step names earlier terms");
                        terms[argument].value
                    })
                    .collect();
                assert_eq!(operation.apply(&numbers), Ok(term.value), "{name}");
            }
            TermOrigin::Input {
                input,
                filled: false,
                ..
            } => {
                let input = plan.input_index(input).unwrap();
                assert_eq!(columns.input(input).get(subject), Some(term.value));
            }
            TermOrigin::Input { input, .. } => {
                let input = plan.input_index(input).unwrap();
                assert_eq!(
                    columns.input(input).get(subject),
                    None,
                    "filled where missing"
                );
            }
            TermOrigin::Node { node, .. } => {
                let node = plan.scheme().node_index(node).unwrap();
                assert_eq!(results.cell(node, subject).counted(), Some(term.value));
            }
            TermOrigin::Constant { .. } | TermOrigin::OfNode { .. } => {}
        }
    }
    // The last step before gates is the node's rounding of what stood before it.
    if let (Some(before), Some(after)) = (explanation.before_rounding, explanation.result) {
        assert!(
            before <= after,
            "the result is not older than what it was rounded from"
        );
    }
    let json = serde_json::to_value(explanation).unwrap();
    assert_eq!(json["terms"].as_array().unwrap().len(), terms.len());
}
