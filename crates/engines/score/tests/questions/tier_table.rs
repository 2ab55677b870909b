use super::Case;
use super::support::{HEAD, NO_OUTCOME, item_with, node};

/// A table over `income` in yuan with two places.
fn scheme(fields: &str, tiers: &str) -> String {
    let rule = format!("kind = \"tier_table\", {fields}, tiers = [{tiers}]");
    let items = item_with("income", "yuan", "2") + &item_with("other", "yuan", "2");
    format!(
        "{NO_OUTCOME}{HEAD}{items}{}",
        node("total", "none", "10", &rule, &[])
    )
}

const TWO: &str = r#"{ range = "(none, 5)", mark = "0" }, { range = "[5, none)", mark = "10" }"#;

pub fn cases() -> Vec<Case> {
    vec![
        Case {
            question: "tier_table.value",
            scheme: scheme(
                r#"value = { item = "@@" }, unit = "yuan", round_value = "exact""#,
                TWO,
            ),
            table: "subject,income,other\na,4,6",
            answers: &[("income", "a 0"), ("other", "a 10")],
        },
        Case {
            // 以上 and 以下 include the number, 超过 and 不足 do not.
            question: "tier_table.closed_side",
            scheme: scheme(
                r#"value = { item = "income" }, unit = "yuan", round_value = "exact""#,
                r#"{ range = "(none, 5@@", mark = "10" }"#,
            ),
            table: "subject,income\na,4.99\nb,5\nc,5.01",
            answers: &[
                (
                    r#")", mark = "0" }, { range = "[5, none)"#,
                    "a 0; b 10; c 10",
                ),
                (
                    r#"]", mark = "0" }, { range = "(5, none)"#,
                    "a 0; b 0; c 10",
                ),
                (
                    r#")", mark = "0" }, { range = "(5, none)"#,
                    r#"refused: tier-gap below="(none, 5)" above="(5, none)""#,
                ),
                (
                    r#"]", mark = "0" }, { range = "[5, none)"#,
                    r#"refused: tier-overlap below="(none, 5]" above="[5, none)""#,
                ),
            ],
        },
        Case {
            question: "tier_table.unit",
            scheme: scheme(
                r#"value = { item = "income" }, unit = "@@", round_value = "exact""#,
                TWO,
            ),
            table: "subject,income\na,60000\nb,6",
            answers: &[("yuan", "a 10; b 10"), ("wan_yuan", "a 10; b 0")],
        },
        Case {
            question: "tier_table.round_value",
            scheme: scheme(
                r#"value = { item = "income" }, unit = "yuan", round_value = @@"#,
                TWO,
            ),
            table: "subject,income\na,4.5\nb,4.49",
            answers: &[
                (r#""exact""#, "a 0; b 0"),
                (r#"{ places = 0, mode = "half_up" }"#, "a 10; b 0"),
                (r#"{ places = 0, mode = "half_even" }"#, "a 0; b 0"),
                (r#"{ places = 0, mode = "up" }"#, "a 10; b 10"),
            ],
        },
    ]
}
