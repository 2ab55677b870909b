use super::Case;
use super::support::{HEAD, NO_OUTCOME, item, node, value_of};

/// Three children with full marks 100, 50 and 50 and weights 5, 3 and 2, if `weighted`. Missing
/// children are skipped; `z` is filled with its town's mean where `filled`.
fn scheme(rule: &str, full: &str, weighted: bool, more: &[&str]) -> String {
    let child = |code: &str, full: &str, weight: &str| {
        let weight = format!("weight = \"{weight}\"");
        let mut lines = vec!["missing = { policy = \"skip\" }"];
        if weighted {
            lines.push(&weight);
        }
        // The mark is the value up to the full mark.
        let cap = format!("cap = \"{full}\"");
        lines.push(&cap);
        node(
            code,
            "total",
            full,
            &value_of(&code.replace('n', "")),
            &lines,
        )
    };
    let nodes = child("nx", "100", "5") + &child("ny", "50", "3") + &child("nz", "50", "2");
    let items: String = ["x", "y", "z"].map(item).concat();
    let root = node(
        "total",
        "none",
        full,
        &format!("kind = \"roll_up\", {rule}"),
        more,
    );
    format!("{NO_OUTCOME}{HEAD}{items}{root}{nodes}")
}

const PRESENT: &str = "subject,x,y,z\na,80,20,40";
const ONE_MISSING: &str = "subject,x,y,z\na,80,20,";

#[allow(clippy::too_many_lines, reason = "a table of cases")]
pub fn cases() -> Vec<Case> {
    let plain = |aggregator: &str, skipped: &str, more: &str| {
        scheme(
            &format!(
                r#"aggregator = "{aggregator}", basis = "mark", skipped = "{skipped}", availability = "none"{more}"#
            ),
            "200",
            aggregator.starts_with("weighted"),
            &[],
        )
    };
    vec![
        Case {
            question: "roll_up.aggregator",
            scheme: scheme(
                r#"aggregator = @@, basis = "mark", availability = "none""#,
                "200",
                false,
                &[],
            ),
            table: PRESENT,
            answers: &[
                (r#""sum", skipped = "re_weight""#, "a 140"),
                (
                    r#""mean", skipped = "re_weight""#,
                    "a 46.6666666666666666666667",
                ),
                (
                    r#""geometric_mean", skipped = "re_weight", zeros = "zero""#,
                    "a 40",
                ),
                (r#""minimum""#, "a 20"),
                (r#""maximum""#, "a 80"),
                (
                    r#""best_sum", skipped = "re_weight", best = { count = 2, fewer = "missing" }"#,
                    "a 120",
                ),
                (
                    r#""best_mean", skipped = "re_weight", best = { count = 2, fewer = "missing" }"#,
                    "a 60",
                ),
                (r#""product""#, "a 64000"),
            ],
        },
        Case {
            question: "roll_up.weighted_aggregator",
            scheme: scheme(
                r#"aggregator = @@, basis = "mark", skipped = "re_weight", weights_total = "10", availability = "none""#,
                "100",
                true,
                &["round = { places = 6, mode = \"half_up\" }"],
            ),
            table: PRESENT,
            answers: &[
                (r#""weighted_mean""#, "a 54"),
                // exp((5 ln 80 + 3 ln 20 + 2 ln 40) / 10)
                (
                    r#""weighted_geometric_mean", zeros = "zero""#,
                    "a 45.947934",
                ),
            ],
        },
        Case {
            // Shares: 0.8, 0.4 and 0.8.
            question: "roll_up.basis",
            scheme: scheme(
                r#"aggregator = "mean", basis = "@@", skipped = "re_weight", availability = "none""#,
                "90",
                false,
                &[],
            ),
            table: PRESENT,
            answers: &[("mark", "a 46.6666666666666666666667"), ("share", "a 60")],
        },
        Case {
            question: "roll_up.basis_of_a_product",
            scheme: scheme(
                r#"aggregator = "product", basis = "@@", availability = "none""#,
                "100",
                false,
                &[],
            ),
            table: PRESENT,
            answers: &[("mark", "a 64000"), ("share", "a 25.6")],
        },
        Case {
            question: "roll_up.weights_total",
            scheme: scheme(
                r#"aggregator = "weighted_mean", basis = "mark", skipped = "re_weight", weights_total = "@@", availability = "none""#,
                "75",
                true,
                &[],
            ),
            table: PRESENT,
            answers: &[
                ("10", "a 54"),
                ("100", r#"refused: weights-total found="10" expected="100""#),
            ],
        },
        Case {
            question: "roll_up.zeros",
            scheme: plain("geometric_mean", "re_weight", ", zeros = @@"),
            table: "subject,x,y,z\na,80,20,0\nb,50,50,50",
            answers: &[
                (r#""zero""#, "a 0; b 50"),
                (r#""skip""#, "a 40; b 50"),
                (r#""missing""#, "a missing; b 50; !missing-awaits-appeal"),
                (r#"{ floor = "5" }"#, "a 20; b 50"),
            ],
        },
        Case {
            question: "roll_up.best",
            scheme: plain("best_sum", "leave_out", ", best = @@"),
            table: "subject,x,y,z\na,80,20,40\nb,80,,",
            answers: &[
                (r#"{ count = 2, fewer = "use_present" }"#, "a 120; b 80"),
                (r#"{ count = 1, fewer = "use_present" }"#, "a 80; b 80"),
                (
                    r#"{ count = 2, fewer = "missing" }"#,
                    "a 120; b missing; !missing-awaits-appeal",
                ),
            ],
        },
        Case {
            // Additive points: the full marks that are there are 150 of 200.
            question: "roll_up.skipped",
            scheme: plain("sum", "@@", ""),
            table: ONE_MISSING,
            answers: &[
                ("leave_out", "a 100"),
                ("re_weight", "a 133.333333333333333333333"),
            ],
        },
        Case {
            question: "roll_up.skipped_of_a_mean",
            scheme: plain("mean", "@@", ""),
            table: ONE_MISSING,
            answers: &[
                ("leave_out", "a 33.3333333333333333333333"),
                ("re_weight", "a 50"),
            ],
        },
        Case {
            question: "roll_up.skipped_of_a_weighted_mean",
            scheme: plain("weighted_mean", "@@", ", weights_total = \"10\""),
            table: ONE_MISSING,
            answers: &[("leave_out", "a 46"), ("re_weight", "a 57.5")],
        },
        Case {
            question: "roll_up.skipped_of_a_geometric_mean",
            scheme: plain("geometric_mean", "@@", r#", zeros = "zero""#),
            table: "subject,x,y,z\na,80,100,",
            answers: &[
                // ³√(80 × 50 × 1), √(80 × 50)
                ("leave_out", "a 15.8740105196819947475171"),
                ("re_weight", "a 63.2455532033675866399779"),
            ],
        },
        Case {
            question: "roll_up.skipped_of_the_best_mean",
            scheme: plain(
                "best_mean",
                "@@",
                r#", best = { count = 2, fewer = "use_present" }"#,
            ),
            table: "subject,x,y,z\na,80,,",
            answers: &[("leave_out", "a 40"), ("re_weight", "a 80")],
        },
        Case {
            question: "roll_up.availability",
            scheme: scheme(
                r#"aggregator = "mean", basis = "mark", skipped = "re_weight", availability = @@"#,
                "200",
                false,
                &[],
            ),
            // Two of three by number, three quarters by full mark.
            table: "subject,x,y,z\na,80,20,\nb,,20,40",
            answers: &[
                (r#""none""#, "a 50; b 30"),
                (
                    r#"{ percent = "75", by = "count", too_little = "below" }"#,
                    "a missing; b missing; !missing-awaits-appeal !missing-awaits-appeal",
                ),
                (
                    r#"{ percent = "75", by = "weight", too_little = "below" }"#,
                    "a 50; b missing; !missing-awaits-appeal",
                ),
                (
                    r#"{ percent = "75", by = "weight", too_little = "at_or_below" }"#,
                    "a missing; b missing; !missing-awaits-appeal !missing-awaits-appeal",
                ),
                (
                    r#"{ percent = "50", by = "weight", too_little = "below" }"#,
                    "a 50; b 30",
                ),
                (
                    r#"{ percent = "50", by = "weight", too_little = "at_or_below" }"#,
                    "a 50; b missing; !missing-awaits-appeal",
                ),
            ],
        },
    ]
}
