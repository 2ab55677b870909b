//! Every question of meaning is a field without default: two of its values give two results.
//!
//! `@@` in a scheme is where a case puts its value.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

#[path = "../support/mod.rs"]
mod support;

mod formula_rule;
mod gate;
mod goalpost;
mod grade_and_rank;
mod interpolation;
mod missing;
mod node;
mod ratio;
mod roll_up;
mod tier_table;

use support::outcome;

/// A question with two answers.
struct Case {
    /// `kind.field`, as in the format.
    question: &'static str,
    /// The scheme with `@@` in it.
    scheme: String,
    /// The data.
    table: &'static str,
    /// Value and outcome, twice or more.
    answers: &'static [(&'static str, &'static str)],
}

fn check(case: &Case) {
    assert!(case.answers.len() >= 2, "{}", case.question);
    assert!(case.scheme.contains("@@"), "{}", case.question);
    for (value, expected) in case.answers {
        let found = outcome(&case.scheme.replace("@@", value), case.table);
        assert_eq!(found, *expected, "{} with {value}", case.question);
    }
    let differs = case
        .answers
        .iter()
        .any(|(_, outcome)| *outcome != case.answers[0].1);
    assert!(differs, "{} has answers that differ", case.question);
}

fn all() -> Vec<Case> {
    let mut cases = tier_table::cases();
    cases.extend(interpolation::cases());
    cases.extend(ratio::cases());
    cases.extend(gate::cases());
    cases.extend(formula_rule::cases());
    cases.extend(goalpost::cases());
    cases.extend(roll_up::cases());
    cases.extend(grade_and_rank::cases());
    cases.extend(missing::cases());
    cases.extend(node::cases());
    cases
}

#[test]
fn two_answers_give_two_results() {
    for case in all() {
        check(&case);
    }
}

/// The fields that are no questions: they name things, hold other tables, or are figures.
const NO_QUESTIONS: &[&str] = &["kind", "tiers", "band", "code", "title"];

/// The keys of a table of the format, as a scheme with every kind has them.
fn keys(value: &serde_json::Value) -> Vec<String> {
    let object = value.as_object().expect("a table");
    object
        .keys()
        .filter(|key| !NO_QUESTIONS.contains(&key.as_str()))
        .cloned()
        .collect()
}

/// No field of a built kind is without a case.
#[test]
fn no_question_is_forgotten() {
    let asked: Vec<&str> = all().iter().map(|case| case.question).collect();
    let text = include_str!("../data/every-kind.toml");
    let (scheme, findings) = score::parse("every-kind.toml", text);
    let scheme = serde_json::to_value(scheme.expect("readable")).unwrap();
    assert!(
        !findings.iter().any(kernel::Finding::blocks),
        "{findings:?}"
    );
    let mut needed = Vec::new();
    for node in scheme["nodes"].as_array().unwrap() {
        let kind = node["rule"]["kind"].as_str().unwrap();
        needed.extend(
            keys(&node["rule"])
                .iter()
                .map(|key| format!("{kind}.{key}")),
        );
        needed.extend(keys(node).iter().map(|key| format!("node.{key}")));
    }
    for gate in scheme["gates"].as_array().unwrap() {
        needed.extend(keys(gate).iter().map(|key| format!("gate.{key}")));
    }
    needed.extend(
        keys(&scheme["grade"])
            .iter()
            .map(|key| format!("grade.{key}")),
    );
    needed.extend(
        keys(&scheme["rank"])
            .iter()
            .map(|key| format!("rank.{key}")),
    );
    needed.sort();
    needed.dedup();
    // What a node says about itself is no question: its place, its name, its rule, its author.
    let plain = [
        "node.parent",
        "node.rule",
        "node.ours",
        "gate.ours",
        "grade.ours",
        "rank.ours",
    ];
    for question in needed {
        let answered = asked.contains(&question.as_str()) || plain.contains(&question.as_str());
        assert!(answered, "no case for {question}");
    }
}
