use super::Case;
use super::support::{HEAD, NO_OUTCOME, item, node};

pub fn cases() -> Vec<Case> {
    let rule = r#"kind = "formula", expression = "@@""#;
    let items: String = ["income", "target"].map(item).concat();
    vec![Case {
        question: "formula.expression",
        scheme: format!(
            "{NO_OUTCOME}{HEAD}{items}{}",
            node("total", "none", "6", rule, &[])
        ),
        table: "subject,income,target,income@previous\na,3,4,2\nb,,4,2",
        answers: &[
            (
                "min(income / target, 1) * 6",
                "a 4.5; b missing; !missing-awaits-appeal",
            ),
            ("is_missing(income) ? 1 : 2", "a 2; b 1"),
            (
                "income - previous(income)",
                "a 1; b missing; !missing-awaits-appeal",
            ),
            (
                "income / (target - 4)",
                "a missing; b missing; !number-division-by-zero !missing-awaits-appeal",
            ),
            (
                "incme",
                r#"refused: formula-unknown-name found="incme" similar="income" formula_line=1 formula_column=1"#,
            ),
        ],
    }]
}
