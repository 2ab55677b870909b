use std::fmt::Write as _;

use super::Case;
use super::support::{HEAD, NO_OUTCOME, item, node};

const FIELDS: &[(&str, &str)] = &[
    ("value", r#"{ item = "x" }"#),
    ("low", r#""20""#),
    ("high", r#""80""#),
    ("scale", r#""linear""#),
    ("below", r#""truncate""#),
    ("above", r#""truncate""#),
    ("better", r#""higher""#),
];

fn scheme(open: &str, more: &str) -> String {
    let mut rule = r#"kind = "goalpost""#.to_owned();
    for (field, answer) in FIELDS {
        let answer = if *field == open { "@@" } else { answer };
        write!(rule, ", {field} = {answer}").unwrap();
    }
    let items: String = ["x", "y"].map(item).concat();
    let node = node("total", "none", "6", &(rule + more), &[]);
    format!("{NO_OUTCOME}{HEAD}{items}{node}")
}

/// Goalposts 1 and 1000 by logarithm; everything else as in [`FIELDS`].
fn logarithmic(round: &str, not_positive: &str) -> String {
    let rule = format!(
        r#"kind = "goalpost", value = {{ item = "x" }}, low = "1", high = "1000", scale = "logarithmic", round_logarithm = {round}, not_positive = {not_positive}, below = "truncate", above = "truncate", better = "higher""#
    );
    let node = node("total", "none", "6", &rule, &[]);
    format!("{NO_OUTCOME}{HEAD}{}{node}", item("x"))
}

pub fn cases() -> Vec<Case> {
    let case = |question: &'static str, table, answers| Case {
        question,
        scheme: scheme(question.strip_prefix("goalpost.").unwrap(), ""),
        table,
        answers,
    };
    vec![
        case(
            "goalpost.value",
            "subject,x,y\na,50,30",
            &[(r#"{ item = "x" }"#, "a 3"), (r#"{ item = "y" }"#, "a 1")],
        ),
        case(
            "goalpost.low",
            "subject,x\na,50",
            &[(r#""20""#, "a 3"), (r#""40""#, "a 1.5")],
        ),
        case(
            "goalpost.high",
            "subject,x\na,50",
            &[(r#""80""#, "a 3"), (r#""120""#, "a 1.8")],
        ),
        case(
            "goalpost.scale",
            "subject,x\na,40",
            &[
                (r#""linear""#, "a 2"),
                (
                    // ln 2 / ln 4 of logarithms of 24 digits.
                    r#""logarithmic", round_logarithm = "exact", not_positive = "low""#,
                    "a 3.00000000000000000000002",
                ),
            ],
        ),
        case(
            "goalpost.below",
            "subject,x\na,10",
            &[
                (r#""truncate""#, "a 0"),
                (r#""extend""#, "a -1"),
                (r#""refuse""#, "a missing; !value-outside-goalposts"),
            ],
        ),
        case(
            "goalpost.above",
            "subject,x\na,90",
            &[
                (r#""truncate""#, "a 6"),
                (r#""extend""#, "a 7"),
                (r#""refuse""#, "a missing; !value-outside-goalposts"),
            ],
        ),
        case(
            "goalpost.better",
            "subject,x\na,30",
            &[(r#""higher""#, "a 1"), (r#""lower""#, "a 5")],
        ),
        Case {
            question: "goalpost.round_logarithm",
            scheme: logarithmic("@@", r#""missing""#),
            table: "subject,x\na,2",
            answers: &[
                (r#""exact""#, "a 0.602059991327962390427478"),
                // 6 × 0.69 / 6.91
                (
                    r#"{ places = 2, mode = "half_up" }"#,
                    "a 0.599131693198263386396527",
                ),
            ],
        },
        Case {
            question: "goalpost.not_positive",
            scheme: logarithmic(r#""exact""#, "@@"),
            table: "subject,x\na,0\nb,-3\nc,1000",
            answers: &[
                (r#""low""#, "a 0; b 0; c 6"),
                (
                    r#""missing""#,
                    "a missing; b missing; c 6; !missing-awaits-appeal !missing-awaits-appeal",
                ),
                (
                    r#""refuse""#,
                    "a missing; b missing; c 6; !value-not-positive !value-not-positive",
                ),
            ],
        },
    ]
}
