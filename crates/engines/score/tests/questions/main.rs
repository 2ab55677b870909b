//! Every question of meaning is a field without default: two of its values give two results.
//!
//! `@@` in a scheme is where a case puts its value.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

#[path = "../support/mod.rs"]
mod support;

mod counting;
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

/// What differs from what a case expects.
fn check(case: &Case) -> Vec<String> {
    assert!(case.answers.len() >= 2, "{}", case.question);
    assert!(case.scheme.contains("@@"), "{}", case.question);
    let mut wrong = Vec::new();
    for (value, expected) in case.answers {
        let found = outcome(&case.scheme.replace("@@", value), case.table);
        if found != *expected {
            let question = case.question;
            wrong.push(format!("{question} with {value}: {found}, not {expected}"));
        }
    }
    let differs = case
        .answers
        .iter()
        .any(|(_, outcome)| *outcome != case.answers[0].1);
    assert!(differs, "{} has answers that differ", case.question);
    wrong
}

fn all() -> Vec<Case> {
    let mut cases = tier_table::cases();
    cases.extend(interpolation::cases());
    cases.extend(ratio::cases());
    cases.extend(gate::cases());
    cases.extend(counting::cases());
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
    let wrong: Vec<String> = all().iter().flat_map(check).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The fields that are no questions: they name things, hold other tables, or are figures.
const NO_QUESTIONS: &[&str] = &["kind", "tiers", "band", "code", "title"];

/// The fields that hold lists of tables with questions of their own, which name an item.
const LISTS: &[&str] = &["ticks", "classes", "entries", "rounds"];

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
    let mut needed = Vec::new();
    for text in [
        include_str!("../data/every-kind.toml"),
        include_str!("../data/every-count.toml"),
    ] {
        needed.extend(questions(text));
    }
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

/// The questions that a scheme answers, as `kind.field`.
fn questions(text: &str) -> Vec<String> {
    let (scheme, findings) = score::parse("scheme.toml", text);
    let scheme = serde_json::to_value(scheme.expect("readable")).unwrap();
    assert!(
        !findings.iter().any(kernel::Finding::blocks),
        "{findings:?}"
    );
    let mut needed = Vec::new();
    for node in scheme["nodes"].as_array().unwrap() {
        let kind = node["rule"]["kind"].as_str().unwrap();
        // A penalty asks what a bonus asks; `a_penalty_is_a_bonus_taken_off` answers for it.
        let kind = if kind == "penalty" { "bonus" } else { kind };
        for key in keys(&node["rule"]) {
            let list = node["rule"][&key].as_array();
            let Some(list) = list.filter(|_| LISTS.contains(&key.as_str())) else {
                needed.push(format!("{kind}.{key}"));
                continue;
            };
            let fields = list.iter().flat_map(keys).filter(|field| field != "item");
            needed.extend(fields.map(|field| format!("{kind}.{key}.{field}")));
        }
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
    needed
}
