use std::fmt::Write as _;

use super::Case;
use super::support::{HEAD, NO_OUTCOME, item, node};

const FIELDS: &[(&str, &str)] = &[
    ("numerator", r#"{ item = "visited" }"#),
    ("denominator", r#"{ item = "households", at = "period" }"#),
    ("denominator_zero", r#""missing""#),
    ("over_one", r#""cap""#),
    ("percent", r#""exact""#),
];

fn scheme(open: &str) -> String {
    let mut rule = r#"kind = "ratio""#.to_owned();
    for (field, answer) in FIELDS {
        let answer = if *field == open { "@@" } else { answer };
        write!(rule, ", {field} = {answer}").unwrap();
    }
    let items: String = ["visited", "called", "households"].map(item).concat();
    format!(
        "{NO_OUTCOME}{HEAD}{items}{}",
        node("total", "none", "8", &rule, &[])
    )
}

pub fn cases() -> Vec<Case> {
    let case = |question: &'static str, table, answers| Case {
        question,
        scheme: scheme(question.strip_prefix("ratio.").unwrap()),
        table,
        answers,
    };
    vec![
        case(
            "ratio.numerator",
            "subject,visited,called,households\na,3,2,4",
            &[
                (r#"{ item = "visited" }"#, "a 6"),
                (r#"{ item = "called" }"#, "a 4"),
            ],
        ),
        case(
            // At which date the denominator is frozen.
            "ratio.denominator",
            "subject,visited,households@start,households@end\na,3,4,8",
            &[
                (r#"{ item = "households", at = "start" }"#, "a 6"),
                (r#"{ item = "households", at = "end" }"#, "a 3"),
                (
                    r#"{ item = "households" }"#,
                    r#"refused: field-missing field="at" expected="period, start, end, declared, last, previous, same_last_year, year_to_date, occurred, discovered, ruled, revoked, repeated, joint, applies, restated, published""#,
                ),
            ],
        ),
        case(
            "ratio.denominator_zero",
            "subject,visited,households\na,0,0",
            &[
                (r#""missing""#, "a missing; !missing-awaits-appeal"),
                (r#""zero""#, "a 0"),
                (r#""full""#, "a 8"),
            ],
        ),
        case(
            "ratio.over_one",
            "subject,visited,households\na,5,4\nb,4,4",
            &[
                (r#""cap""#, "a 8; b 8"),
                (r#""keep""#, "a 10; b 8"),
                (r#""refuse""#, "a missing; b 8; !ratio-over-one"),
            ],
        ),
        case(
            "ratio.percent",
            "subject,visited,households\na,1,3",
            &[
                (r#""exact""#, "a 2.66666666666666666666667"),
                (r#"{ places = 1, mode = "half_up" }"#, "a 2.664"),
                (r#"{ places = 1, mode = "up" }"#, "a 2.672"),
                (r#"{ places = 0, mode = "half_up" }"#, "a 2.64"),
            ],
        ),
    ]
}
