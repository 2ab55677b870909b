//! The sample scheme by hand: every kind that is built, on five invented villages, and why.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use kernel::Decimal;
use score::{Applied, Explanation, Operation, TermOrigin, evaluate, explain, explain_outcome};

const SCHEME: &str = include_str!("data/every-kind.toml");

/// `a` has everything; `b` lacks the disputes (its town's mean mark is filled in); `c` lacks the
/// income (the last value counts) and has visited too few; `d` is a new unit with late accounts;
/// `e` lacks what it may not lack.
const TABLE: &str = "
subject,town,income,income@last,visited,households,studies,target,rubbish_days,disputes_settled,accounts_late,new_unit
a,t,520000,,300,300,12,12,0,95,0,0
b,t,52000,,83,120,5,8,12.5,,11,0
c,t,,120000,40,100,10,10,30,59,0,
d,u,1000000,,200,100,9,10,3,90,11,1
e,u,0,,,10,1,2,0,70,0,0
";

#[test]
fn gives_what_one_computes_by_hand() {
    // a: 30 + 20 + 27 + 20
    // b: 18.75 + 13.84 (69.2 %) + 12 + 11 (share 17.5 / 30 at 60, 1.5 / 3 at 40)
    // c: 30 + 8 + 18 + 0
    // d: 27 + 20 (capped at 100 %) + 18 (30, capped by the gate) + 18.8
    let expected = "a 97 excellent 1 1; b 55.59 unqualified 3 3; c 56 unqualified 2 2; \
                    d 83.8 good - -; e missing - - -; !missing-blocks";
    assert_eq!(support::outcome(SCHEME, TABLE), expected);
}

struct Sample {
    plan: score::Plan,
    columns: score::Columns,
    results: score::Results,
}

fn sample() -> Sample {
    let (plan, _) = support::plan(SCHEME).unwrap();
    let (columns, _) = support::columns(&plan, TABLE);
    let (results, _) = evaluate(&plan, &columns);
    Sample {
        plan,
        columns,
        results,
    }
}

impl Sample {
    fn explain(&self, subject: &str, node: &str) -> Explanation {
        let place = self
            .columns
            .subjects()
            .iter()
            .position(|code| code == subject);
        let node = self.plan.scheme().node_index(node).unwrap();
        explain(
            &self.plan,
            &self.columns,
            &self.results,
            place.unwrap(),
            node,
        )
    }
}

/// The steps as one reads them: name and value.
fn steps(explanation: &Explanation) -> Vec<String> {
    let step = |term: &score::Term| match &term.origin {
        TermOrigin::Step { name, .. } | TermOrigin::Constant { name } => {
            format!("{name} {}", term.value)
        }
        TermOrigin::Input { input, filled, .. } => {
            format!(
                "{input}{} {}",
                if *filled { " (filled)" } else { "" },
                term.value
            )
        }
        TermOrigin::Node { node, .. } => format!("{node} {}", term.value),
        TermOrigin::OfNode { name, node } => format!("{name} of {node} {}", term.value),
    };
    explanation.terms.iter().map(step).collect()
}

#[test]
fn tells_every_step() {
    let sample = sample();
    for (subject, node, expected) in [
        (
            "b",
            "leader",
            &[
                "visited 83",
                "households 120",
                "hundred 100",
                "hundred-times-numerator 8300",
                "percent 69.1666666666666666666667",
                "percent-rounded 69.2",
                "full 20",
                "percent-times-full 1384",
                "hundredth 0.01",
                "ratio-mark 13.84",
                "node-rounding 13.84",
            ][..],
        ),
        (
            "c",
            "prosperity",
            &[
                "income (filled) 120000",
                "unit-factor 0.0001",
                "value-in-unit 12",
                "tier-mark 18",
            ],
        ),
        (
            "d",
            "prosperity",
            &[
                "income 1000000",
                "unit-factor 0.0001",
                "value-in-unit 100",
                "tier-mark 30",
                "gate-cap 18",
            ],
        ),
        (
            "b",
            "well_being",
            &[
                "clean 5.83333333333333333333333",
                "peace 1.5",
                "cofactor of clean 3",
                "child-adjusted 17.49999999999999999999999",
                "cofactor of peace 10",
                "child-adjusted 15",
                "weight of clean 60",
                "child-times-weight 1049.9999999999999999999994",
                "weight of peace 40",
                "child-times-weight 600",
                "weighted-sum 1649.9999999999999999999994",
                "weights-sum 100",
                "full 20",
                "times-full 32999.999999999999999999988",
                "common-full 30",
                "divisor 3000",
                "rolled-up 11",
                "node-rounding 11",
            ],
        ),
    ] {
        assert_eq!(
            steps(&sample.explain(subject, node)),
            expected,
            "{subject} {node}"
        );
    }
}

#[test]
fn tells_what_the_missing_policy_did() {
    let sample = sample();
    for (subject, node, applied) in [
        ("a", "peace", None),
        ("b", "peace", Some(Applied::FilledMark)),
        ("c", "prosperity", Some(Applied::FilledValue)),
        ("e", "leader", Some(Applied::Blocked)),
        ("e", "total", Some(Applied::HeldBelow)),
    ] {
        let explanation = sample.explain(subject, node);
        assert_eq!(
            explanation.missing_policy_applied, applied,
            "{subject} {node}"
        );
        assert_eq!(explanation.missing, applied.is_some());
    }
    assert_eq!(
        sample.explain("d", "prosperity").failed_gates,
        ["accounts_gate"]
    );
}

#[test]
fn a_formula_is_a_step_that_can_be_repeated() {
    let explanation = sample().explain("a", "peace");
    let term = &explanation.terms[explanation.before_rounding.unwrap()];
    let TermOrigin::Step {
        operation:
            Operation::Formula {
                expression,
                inputs,
                steps,
            },
        terms,
        ..
    } = &term.origin
    else {
        panic!("{term:?}");
    };
    assert_eq!(inputs, &["disputes_settled"]);
    assert_eq!(
        explanation.terms[terms[0].unwrap()].value,
        Decimal::from_int(95)
    );
    let last = steps.last().unwrap();
    assert_eq!(last.1, term.value.to_string(), "{expression}");
}

/// Also for logarithms, which the random schemes leave out.
#[test]
fn every_step_can_be_repeated() {
    let sample = sample();
    let mut repeated = 0;
    for subject in sample.columns.subjects() {
        for node in &sample.plan.scheme().nodes {
            let terms = sample.explain(subject, &node.code).terms;
            for term in &terms {
                let TermOrigin::Step {
                    operation,
                    terms: arguments,
                    ..
                } = &term.origin
                else {
                    continue;
                };
                if matches!(operation, Operation::Formula { .. }) {
                    continue;
                }
                let arguments = arguments
                    .iter()
                    .map(|argument| terms[argument.unwrap()].value);
                let arguments: Vec<Decimal> = arguments.collect();
                assert_eq!(operation.apply(&arguments), Ok(term.value));
                repeated += 1;
            }
        }
    }
    assert!(repeated > 100, "{repeated}");
}

#[test]
fn tells_grade_and_rank() {
    let sample = sample();
    let outcome =
        |subject| explain_outcome(&sample.plan, &sample.columns, &sample.results, subject);
    let (a, c, d, e) = (outcome(0), outcome(2), outcome(3), outcome(4));
    assert_eq!(
        (a.grade.as_deref(), a.rank, a.ranked),
        (Some("excellent"), Some(1), 3)
    );
    assert_eq!((a.rank_in_group, a.ranked_in_group), (Some(1), 3));
    assert_eq!(
        (c.limits.as_slice(), c.band.as_deref()),
        (&["visits_gate".to_owned()][..], Some("unqualified"))
    );
    assert_eq!(
        (d.excluded, d.rank, d.grade.as_deref()),
        (true, None, Some("good"))
    );
    assert_eq!((e.score, e.grade, e.rank), (None, None, None));
}
