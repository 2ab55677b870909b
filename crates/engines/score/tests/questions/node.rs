use super::Case;
use super::support::{HEAD, NO_OUTCOME, SUM, item, node, value_of};

fn scheme(more: &[&str]) -> String {
    let nodes = node("total", "none", "100", &value_of("x"), more);
    format!("{NO_OUTCOME}{HEAD}{}{}{nodes}", item("x"), item("y"))
}

const GRADED: &str = r#"
[grade]
version = "1"
on = "rounded"
several_limits = "worst"
missing = "none"
band = [
    { code = "good", title = { zh = "好", en = "Good" }, range = "[60, none)" },
    { code = "fair", title = { zh = "中", en = "Fair" }, range = "(none, 60)" },
]
[[gate]]
code = "g"
title = { zh = "门槛", en = "Gate" }
node = "total"
value = { item = "y" }
tested = "verified"
passes = "[1, none)"
missing = "pass"
effect = { cap = "50" }
"#;

/// Rounding to whole marks, cap of 2.5, a gate that caps at 50.
fn ordered() -> String {
    let node = node(
        "total",
        "none",
        "100",
        &value_of("x"),
        &[
            "round = { places = 0, mode = \"half_up\" }",
            "cap = \"72.5\"",
        ],
    );
    format!(
        "rank = \"none\"\n{HEAD}{}{}{node}{GRADED}",
        item("x"),
        item("y")
    )
    .replace("\"round_limit_gate_grade\"", "\"@@\"")
}

pub fn cases() -> Vec<Case> {
    vec![
        Case {
            question: "node.round",
            scheme: scheme(&["round = @@"]),
            table: "subject,x\na,1.25\nb,1.35\nc,-1.25\nd,1.251",
            answers: &[
                (r#""exact""#, "a 1.25; b 1.35; c -1.25; d 1.251"),
                (
                    r#"{ places = 1, mode = "half_up" }"#,
                    "a 1.3; b 1.4; c -1.3; d 1.3",
                ),
                (
                    r#"{ places = 1, mode = "half_even" }"#,
                    "a 1.2; b 1.4; c -1.2; d 1.3",
                ),
                (
                    r#"{ places = 1, mode = "half_down" }"#,
                    "a 1.2; b 1.3; c -1.2; d 1.3",
                ),
                (
                    r#"{ places = 1, mode = "up" }"#,
                    "a 1.3; b 1.4; c -1.3; d 1.3",
                ),
                (
                    r#"{ places = 1, mode = "down" }"#,
                    "a 1.2; b 1.3; c -1.2; d 1.2",
                ),
                (
                    r#"{ places = 1, mode = "ceiling" }"#,
                    "a 1.3; b 1.4; c -1.2; d 1.3",
                ),
                (
                    r#"{ places = 1, mode = "floor" }"#,
                    "a 1.2; b 1.3; c -1.3; d 1.2",
                ),
                (r#"{ places = 0, mode = "half_up" }"#, "a 1; b 1; c -1; d 1"),
            ],
        },
        Case {
            question: "node.cap",
            scheme: scheme(&["cap = \"@@\""]),
            table: "subject,x\na,120",
            answers: &[("none", "a 120"), ("100", "a 100"), ("60", "a 60")],
        },
        Case {
            question: "node.floor",
            scheme: scheme(&["floor = \"@@\""]),
            table: "subject,x\na,-5",
            answers: &[("none", "a -5"), ("0", "a 0")],
        },
        Case {
            question: "node.full",
            scheme: format!(
                "{NO_OUTCOME}{HEAD}{}{}",
                item("x"),
                node(
                    "total",
                    "none",
                    "@@",
                    r#"kind = "goalpost", value = { item = "x" }, low = "0", high = "10", scale = "linear", below = "truncate", above = "truncate", better = "higher""#,
                    &[]
                )
            ),
            table: "subject,x\na,5",
            answers: &[("100", "a 50"), ("6", "a 3")],
        },
        Case {
            question: "node.weight",
            scheme: format!(
                "{NO_OUTCOME}{HEAD}{}{}{}{}{}",
                item("x"),
                item("y"),
                node(
                    "total",
                    "none",
                    "100",
                    &SUM.replace("\"sum\"", "\"weighted_mean\", weights_total = \"10\""),
                    &[]
                ),
                node("p", "total", "100", &value_of("x"), &["weight = \"@@\""]),
                node("q", "total", "100", &value_of("y"), &["weight = \"4\""]),
            ),
            table: "subject,x,y\na,50,100",
            answers: &[
                ("6", "a 70"),
                ("7", r#"refused: weights-total found="11" expected="10""#),
            ],
        },
        Case {
            question: "scheme.order",
            scheme: ordered(),
            table: "subject,x,y\na,90,1\nb,70,0",
            answers: &[
                ("round_limit_gate_grade", "a 72.5 good; b 50 fair"),
                ("limit_round_gate_grade", "a 73 good; b 50 fair"),
                ("round_limit_grade_gate", "a 72.5 good; b 50 good"),
                ("limit_round_grade_gate", "a 73 good; b 50 good"),
            ],
        },
    ]
}
