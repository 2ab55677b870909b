use super::Case;
use super::support::{HEAD, NO_OUTCOME, SUM, item, node, value_of};

/// A sum of `part` (the value of `x`, with the policy in question) and `rest` (of `y`).
fn scheme(more: &[&str]) -> String {
    let mut lines = vec!["missing = @@", "cap = \"100\""];
    lines.extend(more);
    let nodes = node("total", "none", "200", SUM, &[])
        + &node("part", "total", "100", &value_of("x"), &lines)
        + &node("rest", "total", "100", &value_of("y"), &["cap = \"100\""]);
    let items: String = ["x", "y"].map(item).concat();
    format!("{NO_OUTCOME}{HEAD}{items}{nodes}")
}

const TABLE: &str = "subject,town,x,y,x@last\na,t,,1,40\nb,t,10,1,\nc,t,21,1,\nd,u,60,1,\ne,u,,1,";

#[allow(clippy::too_many_lines, reason = "a table of cases")]
pub fn cases() -> Vec<Case> {
    vec![
        Case {
            question: "node.missing",
            scheme: scheme(&[]),
            table: TABLE,
            answers: &[
                (
                    r#"{ policy = "block" }"#,
                    "a missing; b 11; c 22; d 61; e missing; !missing-blocks !missing-blocks",
                ),
                (
                    r#"{ policy = "appeal" }"#,
                    "a missing; b 11; c 22; d 61; e missing; !missing-awaits-appeal !missing-awaits-appeal",
                ),
                (r#"{ policy = "zero" }"#, "a 1; b 11; c 22; d 61; e 1"),
                (
                    r#"{ policy = "last_value", otherwise = "zero" }"#,
                    "a 41; b 11; c 22; d 61; e 1",
                ),
                (
                    r#"{ policy = "last_value", otherwise = "block" }"#,
                    "a 41; b 11; c 22; d 61; e missing; !missing-blocks",
                ),
                (
                    r#"{ policy = "group_minimum", fills = "value", among = "group", otherwise = "zero" }"#,
                    "a 11; b 11; c 22; d 61; e 61",
                ),
                (
                    r#"{ policy = "group_minimum", fills = "value", among = "all", otherwise = "zero" }"#,
                    "a 11; b 11; c 22; d 61; e 11",
                ),
                (
                    r#"{ policy = "group_mean", fills = "value", among = "group", round = "exact", otherwise = "zero" }"#,
                    "a 16.5; b 11; c 22; d 61; e 61",
                ),
                (
                    r#"{ policy = "group_mean", fills = "value", among = "group", round = { places = 0, mode = "half_up" }, otherwise = "zero" }"#,
                    "a 17; b 11; c 22; d 61; e 61",
                ),
                (
                    r#"{ policy = "group_mean", fills = "value", among = "all", round = { places = 2, mode = "half_up" }, otherwise = "zero" }"#,
                    "a 31.33; b 11; c 22; d 61; e 31.33",
                ),
            ],
        },
        Case {
            // Filling the value, it goes through the node's cap of 50; filling the mark, the mean
            // is of capped marks.
            question: "missing.fills",
            scheme: scheme(&["cap = \"50\"", "full = \"50\""])
                .replace("full = \"200\"", "full = \"150\""),
            table: "subject,town,x,y\na,t,,0\nb,t,20,0\nc,t,90,0",
            answers: &[
                (
                    r#"{ policy = "group_mean", fills = "value", among = "group", round = "exact", otherwise = "zero" }"#,
                    "a 50; b 20; c 50",
                ),
                (
                    r#"{ policy = "group_mean", fills = "mark", among = "group", round = "exact", otherwise = "zero" }"#,
                    "a 35; b 20; c 50",
                ),
                (
                    r#"{ policy = "group_minimum", fills = "mark", among = "group", otherwise = "zero" }"#,
                    "a 20; b 20; c 50",
                ),
            ],
        },
        Case {
            question: "missing.otherwise",
            scheme: scheme(&[]),
            table: "subject,town,x,y\na,t,,1\nb,u,5,1",
            answers: &[
                (
                    r#"{ policy = "group_minimum", fills = "mark", among = "group", otherwise = "zero" }"#,
                    "a 1; b 6",
                ),
                (
                    r#"{ policy = "group_minimum", fills = "mark", among = "group", otherwise = "block" }"#,
                    "a missing; b 6; !missing-blocks",
                ),
                (
                    r#"{ policy = "group_minimum", fills = "mark", among = "group", otherwise = "skip" }"#,
                    "a 1; b 6",
                ),
                (
                    r#"{ policy = "group_minimum", fills = "mark", among = "all", otherwise = "block" }"#,
                    "a 6; b 6",
                ),
            ],
        },
        Case {
            // Skip and zero differ where the parent re-weights.
            question: "missing.skip_or_zero",
            scheme: scheme(&[]).replace("leave_out", "re_weight"),
            table: "subject,town,x,y\na,t,,40",
            answers: &[
                (r#"{ policy = "zero" }"#, "a 40"),
                (r#"{ policy = "skip" }"#, "a 80"),
            ],
        },
        Case {
            question: "missing.absent",
            scheme: scheme(&[]).replace("missing = @@", "@@"),
            table: "subject,town,x,y\na,t,,40",
            answers: &[
                (r#"missing = { policy = "zero" }"#, "a 40"),
                (
                    "",
                    r#"refused: missing-policy-absent expected="block, appeal, zero, skip, group_minimum, group_mean, last_value""#,
                ),
            ],
        },
    ]
}
