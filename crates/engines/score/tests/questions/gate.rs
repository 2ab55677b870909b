use std::fmt::Write as _;

use super::Case;
use super::support::{HEAD, SUM, item, node, value_of};

const GRADES: &str = r#"
[grade]
version = "1"
on = "rounded"
several_limits = "worst"
missing = "none"
band = [
    { code = "good", title = { zh = "好", en = "Good" }, range = "[60, none)" },
    { code = "fair", title = { zh = "中", en = "Fair" }, range = "[30, 60)" },
    { code = "poor", title = { zh = "差", en = "Poor" }, range = "(none, 30)" },
]
"#;

const FIELDS: &[(&str, &str)] = &[
    ("node", r#""part""#),
    ("value", r#"{ item = "base" }"#),
    ("tested", r#""verified""#),
    ("passes", r#""[10, none)""#),
    ("missing", r#""fail""#),
    ("effect", r#""zero""#),
];

/// A root with the parts `part` (an item's value) and `others` (30 for everybody).
fn scheme(open: &str) -> String {
    let mut gate =
        "\n[[gate]]\ncode = \"g\"\ntitle = { zh = \"门槛\", en = \"Gate\" }\n".to_owned();
    for (field, answer) in FIELDS {
        let answer = if *field == open { "@@" } else { answer };
        writeln!(gate, "{field} = {answer}").unwrap();
    }
    let nodes = node("total", "none", "200", SUM, &[])
        + &node("part", "total", "100", &value_of("x"), &["cap = \"100\""])
        + &node(
            "others",
            "total",
            "100",
            &value_of("rest"),
            &["cap = \"100\""],
        );
    let items: String = ["x", "rest", "base", "other"].map(item).concat();
    format!("rank = \"none\"\n{HEAD}{items}{nodes}{gate}{GRADES}")
}

pub fn cases() -> Vec<Case> {
    let case = |question: &'static str, table, answers| Case {
        question,
        scheme: scheme(question.strip_prefix("gate.").unwrap()),
        table,
        answers,
    };
    vec![
        case(
            "gate.node",
            "subject,x,rest,base\na,50,30,9\nb,50,30,10",
            &[
                (r#""part""#, "a 30 fair; b 80 good"),
                (r#""total""#, "a 0 poor; b 80 good"),
            ],
        ),
        case(
            "gate.value",
            "subject,x,rest,base,other\na,50,30,9,10",
            &[
                (r#"{ item = "base" }"#, "a 30 fair"),
                (r#"{ item = "other" }"#, "a 80 good"),
                (r#"{ node = "others" }"#, "a 80 good"),
            ],
        ),
        case(
            "gate.tested",
            "subject,x,rest,base,base@declared\na,50,30,9,12",
            &[
                (r#""verified""#, "a 30 fair"),
                (r#""declared""#, "a 80 good"),
            ],
        ),
        case(
            "gate.passes",
            "subject,x,rest,base\na,50,30,10",
            &[
                (r#""[10, none)""#, "a 80 good"),
                (r#""(10, none)""#, "a 30 fair"),
            ],
        ),
        case(
            "gate.missing",
            "subject,x,rest,base\na,50,30,",
            &[(r#""fail""#, "a 30 fair"), (r#""pass""#, "a 80 good")],
        ),
        case(
            "gate.effect",
            "subject,x,rest,base\na,50,30,9\nb,5,30,9",
            &[
                (r#""zero""#, "a 30 fair; b 30 fair"),
                (r#"{ cap = "20" }"#, "a 50 fair; b 35 fair"),
                (r#"{ grade_limit = "fair" }"#, "a 80 fair; b 35 fair"),
                (r#"{ grade_limit = "poor" }"#, "a 80 poor; b 35 poor"),
            ],
        ),
    ]
}
