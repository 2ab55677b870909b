use std::fmt::Write as _;

use super::Case;
use super::support::{HEAD, item, node, value_of};

const GRADE: &[(&str, &str)] = &[
    ("version", r#""1""#),
    ("on", r#""rounded""#),
    ("several_limits", r#""worst""#),
    ("missing", r#""none""#),
];

const RANK: &[(&str, &str)] = &[
    ("by", r#""score""#),
    ("on", r#""rounded""#),
    ("best", r#""highest""#),
    ("method", r#""competition""#),
    ("excluded", r#""none""#),
    ("ties", "[]"),
];

const BANDS: &str = r#"
[[grade.band]]
code = "good"
title = { zh = "好", en = "Good" }
range = "[60, none)"
[[grade.band]]
code = "fair"
title = { zh = "中", en = "Fair" }
range = "[30, 60)"
[[grade.band]]
code = "poor"
title = { zh = "差", en = "Poor" }
range = "(none, 30)"
"#;

fn table(name: &str, fields: &[(&str, &str)], open: &str) -> String {
    let mut text = format!("\n[{name}]\n");
    for (field, answer) in fields {
        let answer = if format!("{name}.{field}") == open {
            "@@"
        } else {
            answer
        };
        writeln!(text, "{field} = {answer}").unwrap();
    }
    text
}

/// The root is the value of `x`, rounded to whole marks; `y`, `n`, `lim` and `stop` are for ties,
/// exclusion and gates.
fn scheme(open: &str, gates: &str) -> String {
    let items: String = ["x", "y", "new", "lim", "stop"].map(item).concat();
    let node = node(
        "total",
        "none",
        "100",
        &value_of("x"),
        &[
            "round = { places = 0, mode = \"half_up\" }",
            "cap = \"100\"",
        ],
    );
    let grade = table("grade", GRADE, open);
    let rank = table("rank", RANK, open);
    format!("{HEAD}{items}{node}{gates}{grade}{BANDS}{rank}")
}

const GATES: &str = r#"
[[gate]]
code = "to_fair"
title = { zh = "限中", en = "At best fair" }
node = "total"
value = { item = "lim" }
tested = "verified"
passes = "[1, none)"
missing = "pass"
effect = { grade_limit = "fair" }
[[gate]]
code = "to_poor"
title = { zh = "限差", en = "At best poor" }
node = "total"
value = { item = "stop" }
tested = "verified"
passes = "[1, none)"
missing = "pass"
effect = { grade_limit = "poor" }
"#;

/// The gates in the other order.
fn gates_reversed() -> String {
    let second = GATES[1..].find("\n[[gate]]").unwrap() + 1;
    format!("{}{}", &GATES[second..], &GATES[..second])
}

#[allow(clippy::too_many_lines, reason = "a table of cases")]
pub fn cases() -> Vec<Case> {
    let case = |question: &'static str, table, answers| Case {
        question,
        scheme: scheme(question, ""),
        table,
        answers,
    };
    let gated = |question: &'static str, table, answers| Case {
        question,
        scheme: scheme(question, GATES),
        table,
        answers,
    };
    vec![
        case(
            // Bands are versioned; the version is printed, so it must be there.
            "grade.version",
            "subject,x\na,70",
            &[
                (r#""2026-1""#, "a 70 good 1 -"),
                (
                    r#""""#,
                    r#"refused: text-length field="version" found=0 limit=4096"#,
                ),
            ],
        ),
        case(
            // As UNDP: the rounded number is banded.
            "grade.on",
            "subject,x\na,59.5",
            &[
                (r#""rounded""#, "a 60 good 1 -"),
                (r#""exact""#, "a 60 fair 1 -"),
            ],
        ),
        Case {
            question: "grade.several_limits",
            scheme: scheme("grade.several_limits", GATES),
            table: "subject,x,lim,stop\na,70,0,0\nb,70,0,1\nc,70,1,0",
            answers: &[
                (r#""worst""#, "a 70 poor 1 -; b 70 fair 1 -; c 70 poor 1 -"),
                (r#""first""#, "a 70 fair 1 -; b 70 fair 1 -; c 70 poor 1 -"),
            ],
        },
        Case {
            question: "grade.several_limits_in_the_other_order",
            scheme: scheme("grade.several_limits", &gates_reversed()),
            table: "subject,x,lim,stop\na,70,0,0\nb,70,0,1",
            answers: &[
                (r#""worst""#, "a 70 poor 1 -; b 70 fair 1 -"),
                (r#""first""#, "a 70 poor 1 -; b 70 fair 1 -"),
                (
                    r#""all""#,
                    r#"refused: choice-unknown field="several_limits" found="all" expected="worst, first""#,
                ),
            ],
        },
        case(
            "grade.missing",
            "subject,x\na,",
            &[
                (r#""none""#, "a missing - - -; !missing-awaits-appeal"),
                (r#""poor""#, "a missing poor - -; !missing-awaits-appeal"),
            ],
        ),
        Case {
            question: "grade.bands",
            scheme: scheme("", "")
                .replace("[60, none)", "[@@, none)")
                .replace("60)", "@@)"),
            table: "subject,x\na,60",
            answers: &[("60", "a 60 good 1 -"), ("61", "a 60 fair 1 -")],
        },
        gated(
            "rank.by",
            "subject,x,stop\na,70,0\nb,40,1",
            &[
                (r#""score""#, "a 70 poor 1 -; b 40 fair 2 -"),
                (r#""grade_then_score""#, "a 70 poor 2 -; b 40 fair 1 -"),
            ],
        ),
        case(
            "rank.on",
            "subject,x\na,70.1\nb,70.2\nc,70",
            &[
                (
                    r#""rounded""#,
                    "a 70 good 1 -; b 70 good 1 -; c 70 good 1 -",
                ),
                (r#""exact""#, "a 70 good 2 -; b 70 good 1 -; c 70 good 3 -"),
            ],
        ),
        case(
            "rank.best",
            "subject,town,x\na,t,70\nb,t,80",
            &[
                (r#""highest""#, "a 70 good 2 2; b 80 good 1 1"),
                (r#""lowest""#, "a 70 good 1 1; b 80 good 2 2"),
            ],
        ),
        Case {
            question: "rank.method",
            scheme: scheme("rank.method", "")
                .replace("ties = []", r#"ties = [{ subject_code = "lowest" }]"#),
            table: "subject,town,x\nd,t,60\nb,t,70\na,u,70\nc,t,80",
            answers: &[
                (
                    r#""ordinal""#,
                    "d 60 good 4 3; b 70 good 3 2; a 70 good 2 1; c 80 good 1 1",
                ),
                (
                    r#""none""#,
                    r#"refused: choice-unknown field="method" found="none" expected="competition, dense, ordinal""#,
                ),
            ],
        },
        case(
            "rank.method",
            "subject,town,x\nd,t,60\nb,t,70\na,u,70\nc,t,80",
            &[
                (
                    r#""competition""#,
                    "d 60 good 4 3; b 70 good 2 2; a 70 good 2 1; c 80 good 1 1",
                ),
                (
                    r#""dense""#,
                    "d 60 good 3 3; b 70 good 2 2; a 70 good 2 1; c 80 good 1 1",
                ),
                (
                    r#""ordinal""#,
                    r#"refused: ordinal-needs-final-tie-break expected="lot, subject_code""#,
                ),
            ],
        ),
        case(
            "rank.excluded",
            "subject,town,x,new\na,t,70,0\nb,t,80,1\nc,t,60,",
            &[
                (r#""none""#, "a 70 good 2 2; b 80 good 1 1; c 60 good 3 3"),
                (
                    r#"{ value = { item = "new" }, when = "[1, 1]" }"#,
                    "a 70 good 1 1; b 80 good - -; c 60 good 2 2",
                ),
            ],
        ),
        case(
            "rank.ties",
            "subject,x,y,submitted,lot\na,70.2,1,500,3\nb,70.1,2,100,1\nc,70.1,,,2",
            &[
                ("[]", "a 70 good 1 -; b 70 good 1 -; c 70 good 1 -"),
                (
                    r#"[{ node = "total", on = "exact", best = "highest" }]"#,
                    "a 70 good 1 -; b 70 good 2 -; c 70 good 2 -",
                ),
                (
                    r#"[{ node = "total", on = "exact", best = "lowest" }]"#,
                    "a 70 good 3 -; b 70 good 1 -; c 70 good 1 -",
                ),
                (
                    r#"[{ item = "y", best = "highest" }]"#,
                    "a 70 good 2 -; b 70 good 1 -; c 70 good 3 -",
                ),
                (
                    r#"[{ item = "y", best = "lowest" }]"#,
                    "a 70 good 1 -; b 70 good 2 -; c 70 good 3 -",
                ),
                (
                    r#"[{ submitted = "earlier" }]"#,
                    "a 70 good 2 -; b 70 good 1 -; c 70 good 3 -",
                ),
                (
                    r#"[{ submitted = "later" }]"#,
                    "a 70 good 1 -; b 70 good 2 -; c 70 good 3 -",
                ),
                (
                    r#"[{ lot = "lowest" }]"#,
                    "a 70 good 3 -; b 70 good 1 -; c 70 good 2 -",
                ),
                (
                    r#"[{ lot = "highest" }]"#,
                    "a 70 good 1 -; b 70 good 3 -; c 70 good 2 -",
                ),
                (
                    r#"[{ subject_code = "highest" }]"#,
                    "a 70 good 3 -; b 70 good 2 -; c 70 good 1 -",
                ),
            ],
        ),
        Case {
            question: "rank.lot_not_drawn",
            scheme: scheme("rank.ties", "").replace("\"competition\"", "\"ordinal\""),
            table: "subject,x,lot\na,70,\nb,70,\nc,70,1",
            answers: &[
                (
                    r#"[{ lot = "lowest" }]"#,
                    "a 70 good 2 -; b 70 good 2 -; c 70 good 1 -; !tie-needs-lot",
                ),
                (
                    r#"[{ subject_code = "lowest" }]"#,
                    "a 70 good 1 -; b 70 good 2 -; c 70 good 3 -",
                ),
            ],
        },
    ]
}
