use std::fmt::Write as _;

use super::Case;
use super::support::{HEAD, NO_OUTCOME, item, node};

/// Each field with an answer; a case replaces one of them.
const FIELDS: &[(&str, &str)] = &[
    ("value", r#"{ item = "done" }"#),
    ("origin", r#"{ constant = "0" }"#),
    ("target", r#"{ item = "target" }"#),
    ("target_changed", r#""latest""#),
    ("mark_at_origin", r#""0""#),
    ("mark_at_target", r#""20""#),
    ("over_target", r#""cap""#),
    ("below_origin", r#""floor""#),
    ("target_missing", r#""missing""#),
    ("target_zero", r#""missing""#),
];

fn scheme(open: &str) -> String {
    let mut rule = r#"kind = "interpolation""#.to_owned();
    for (field, answer) in FIELDS {
        let answer = if *field == open { "@@" } else { answer };
        write!(rule, ", {field} = {answer}").unwrap();
    }
    let items: String = ["done", "target", "base", "first", "before", "after"]
        .map(item)
        .concat();
    format!(
        "{NO_OUTCOME}{HEAD}{items}{}",
        node("total", "none", "20", &rule, &[])
    )
}

pub fn cases() -> Vec<Case> {
    let case = |question: &'static str, table, answers| Case {
        question,
        scheme: scheme(question.strip_prefix("interpolation.").unwrap()),
        table,
        answers,
    };
    vec![
        case(
            "interpolation.value",
            "subject,done,base,target\na,83,50,100",
            &[
                (r#"{ item = "done" }"#, "a 16.6"),
                (r#"{ item = "base" }"#, "a 10"),
            ],
        ),
        case(
            "interpolation.origin",
            "subject,done,base,target\na,80,60,100",
            &[
                (r#"{ constant = "0" }"#, "a 16"),
                (r#"{ item = "base" }"#, "a 10"),
            ],
        ),
        case(
            "interpolation.target",
            "subject,done,target\na,80,100",
            &[
                (r#"{ item = "target" }"#, "a 16"),
                (r#"{ constant = "160" }"#, "a 10"),
            ],
        ),
        case(
            "interpolation.target_changed",
            "subject,done,target,first,before,after\na,80,160,100,30,60\nb,80,160,,,",
            &[
                (r#""latest""#, "a 10; b 10"),
                (
                    r#"{ use = "first", first = { item = "first" } }"#,
                    "a 16; b 10",
                ),
                (
                    r#"{ use = "by_days", first = { item = "first" }, days_before = { item = "before" }, days_after = { item = "after" } }"#,
                    // 80 of (100 × 30 + 160 × 60) / 90 = 140.
                    "a 11.4285714285714285714286; b 10",
                ),
            ],
        ),
        case(
            "interpolation.mark_at_origin",
            "subject,done,target\na,50,100",
            &[(r#""0""#, "a 10"), (r#""12""#, "a 16")],
        ),
        case(
            "interpolation.mark_at_target",
            "subject,done,target\na,50,100",
            &[(r#""20""#, "a 10"), (r#""10""#, "a 5")],
        ),
        case(
            "interpolation.over_target",
            "subject,done,target\na,120,100\nb,100,100",
            &[(r#""cap""#, "a 20; b 20"), (r#""extend""#, "a 24; b 20")],
        ),
        case(
            "interpolation.below_origin",
            "subject,done,target\na,-10,100",
            &[(r#""floor""#, "a 0"), (r#""extend""#, "a -2")],
        ),
        case(
            "interpolation.target_missing",
            "subject,done,target\na,50,",
            &[
                (r#""missing""#, "a missing; !missing-awaits-appeal"),
                (r#""zero""#, "a 0"),
                (r#""full""#, "a 20"),
            ],
        ),
        case(
            "interpolation.target_zero",
            "subject,done,target\na,50,0",
            &[
                (r#""missing""#, "a missing; !missing-awaits-appeal"),
                (r#""zero""#, "a 0"),
                (r#""full""#, "a 20"),
            ],
        ),
    ]
}
