//! The language as a table: text → value, text → finding.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use formula::{Declaration, Formula, Origin, Tree, Type, Value, Window};
use kernel::{Decimal, Finding};

const ALL_WINDOWS: &[Window] = &Window::WRITTEN;

/// Names every row may use: `x` = 7, `y` = 2.5, `zero` = 0, `none` is missing, `yes`, `grade`.
fn names() -> Vec<(&'static str, Declaration<'static>)> {
    let declare = |value_type, windows| Declaration {
        value_type,
        windows,
    };
    vec![
        ("x", declare(Type::Number, ALL_WINDOWS)),
        ("y", Declaration::NUMBER),
        ("zero", Declaration::NUMBER),
        ("none", Declaration::NUMBER),
        ("yes", declare(Type::Bool, &[])),
        ("village.grade", declare(Type::Text, &[])),
        ("集体收入", Declaration::NUMBER),
    ]
}

fn figure(input: &formula::Input) -> Value {
    let number = |text: &str| Value::Number(text.parse::<Decimal>().unwrap());
    match (input.name.as_str(), input.window) {
        ("x", Window::Current) => number("7"),
        ("x", Window::Previous) => number("5"),
        ("x", Window::YearToDate) => number("12"),
        ("y", _) => number("2.5"),
        ("zero", _) => number("0"),
        ("集体收入", _) => number("526000.5"),
        ("yes", _) => Value::Bool(true),
        ("village.grade", _) => Value::from("A"),
        _ => Value::Missing,
    }
}

fn checked(text: &str, expected: Type) -> Result<Formula, Vec<Finding>> {
    Tree::parse(text, &Origin::inline())
        .map_err(|finding| vec![finding])?
        .check(names().as_slice(), expected)
}

fn value(text: &str, expected: Type) -> Result<Value, Vec<Finding>> {
    checked(text, expected)?
        .evaluate(&|_: usize, input: &formula::Input| Some(figure(input)))
        .map_err(|finding| vec![finding])
}

#[test]
fn gives_values() {
    for (text, expected) in [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 3 - 2", "5"),
        ("12 / 3 / 2", "2"),
        ("-x + 10", "3"),
        ("- - 3", "3"),
        ("2 - -3", "5"),
        ("1 / 3", "0.333333333333333333333333"),
        ("0.1 + 0.2", "0.3"),
        ("1.50", "1.5"),
        ("集体收入 / 10000", "52.60005"),
        ("x > 5 ? 1 : 0", "1"),
        ("x > 9 ? 1 : x > 6 ? 2 : 3", "2"),
        ("none > 5 ? 1 : 0", "missing"),
        ("yes ? 1 : 1 / 0", "1"),
        ("yes ? missing : 1", "missing"),
        ("x + none", "missing"),
        ("none * 0", "missing"),
        ("-none", "missing"),
        ("is_missing(none) ? 1 : 2", "1"),
        ("is_missing(x) ? 1 : 2", "2"),
        ("if_missing(none, 4)", "4"),
        ("if_missing(x, 1 / 0)", "7"),
        ("safe_div(x, zero, 9)", "9"),
        ("safe_div(x, zero, missing)", "missing"),
        ("safe_div(x, 2, 1 / 0)", "3.5"),
        ("safe_div(none, zero, 9)", "missing"),
        ("min(3, x, y)", "2.5"),
        ("max(3, x, y)", "7"),
        ("max(3, none)", "missing"),
        ("sum(1, 2, 3)", "6"),
        ("mean(1, 2, 6)", "3"),
        ("abs(3 - x)", "4"),
        ("clamp(x, 0, 5)", "5"),
        ("clamp(0 - x, 0, 5)", "0"),
        ("floor(-2.5)", "-3"),
        ("ceil(-2.5)", "-2"),
        ("round(2.345, 2, \"half_up\")", "2.35"),
        ("round(2.345, 2, \"half_even\")", "2.34"),
        ("round(-2.345, 2, \"half_up\")", "-2.35"),
        ("round(2.5, 0, 'half_down')", "2"),
        ("round(none, 0, 'up')", "missing"),
        ("sqrt(2)", "1.41421356237309504880169"),
        ("ln(10)", "2.30258509299404568401799"),
        ("exp(1)", "2.71828182845904523536029"),
        ("x - previous(x)", "2"),
        ("year_to_date(x)", "12"),
        ("same_last_year(x)", "missing"),
        ("floor((52600 - 30000) / 1000) * 10", "220"),
        ("1 +\n\t2", "3"),
    ] {
        let found = value(text, Type::Number).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        assert_eq!(found.to_string(), expected, "{text}");
    }
}

#[test]
fn gives_truth() {
    for (text, expected) in [
        ("x == 7.0", "true"),
        ("x != 7", "false"),
        ("x >= 7 && y < 3", "true"),
        ("x < 7 || y <= 2.5", "true"),
        ("!yes", "false"),
        ("!yes || yes", "true"),
        ("!(yes && yes)", "false"),
        ("none == none", "missing"),
        ("none != 1", "missing"),
        ("!yes && none > 1", "false"),
        ("none > 1 && !yes", "false"),
        ("yes && none > 1", "missing"),
        ("yes || none > 1", "true"),
        ("none > 1 || yes", "true"),
        ("!yes || none > 1", "missing"),
        ("!(none > 1)", "missing"),
        ("!yes && 1 / 0 > 1", "false"),
        ("village.grade == \"A\"", "true"),
        ("village.grade in [\"B\", \"A\"]", "true"),
        ("village.grade in ['B']", "false"),
        ("x in [1, none, 7]", "true"),
        ("x in [1, none]", "missing"),
        ("none in [1]", "missing"),
        ("x + 1 in [8]", "true"),
        ("\"a\\\"b\\n\\\\\" == 'a\"b\\n\\\\'", "true"),
    ] {
        let found = value(text, Type::Bool).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        assert_eq!(found.to_string(), expected, "{text}");
    }
}

/// Text, code of the finding, and where it stands.
#[test]
fn explains_what_is_wrong() {
    for (text, expected) in [
        ("", "formula-empty 1:1"),
        ("  \n ", "formula-empty 2:2"),
        ("1 +", "formula-incomplete 1:4"),
        ("(1", "formula-incomplete 1:3"),
        ("min(1, 2", "formula-incomplete 1:9"),
        ("1 2", "formula-unexpected 1:3"),
        ("1 + * 2", "formula-unexpected 1:5"),
        ("x ? 1", "formula-incomplete 1:6"),
        ("x in 3", "formula-unexpected 1:6"),
        ("x in []", "formula-unexpected 1:7"),
        ("in", "formula-unexpected 1:1"),
        ("1e5", "formula-bad-number 1:1"),
        ("1_000", "formula-bad-number 1:1"),
        ("5万", "formula-bad-number 1:1"),
        ("1.", "formula-bad-number 1:1"),
        ("1.2.3", "formula-bad-number 1:1"),
        (
            "99999999999999999999999999999999999999999",
            "formula-bad-number 1:1",
        ),
        ("a.", "formula-bad-name 1:1"),
        ("a..b", "formula-bad-name 1:1"),
        (".5", "formula-unexpected-character 1:1"),
        ("1 # 2", "formula-unexpected-character 1:3"),
        ("\"abc", "formula-unclosed-text 1:1"),
        ("\"a\nb\"", "formula-unclosed-text 1:1"),
        ("\"a\\q\"", "formula-bad-escape 1:3"),
        ("\"a\\", "formula-bad-escape 1:3"),
        ("x = 7", "formula-write-instead 1:3"),
        ("x <> 7", "formula-write-instead 1:3"),
        ("x ≥ 7", "formula-write-instead 1:3"),
        ("x × 7", "formula-write-instead 1:3"),
        ("x＋7", "formula-write-instead 1:2"),
        ("min(x，7)", "formula-write-instead 1:6"),
        ("７", "formula-write-instead 1:1"),
        ("“A”", "formula-write-instead 1:1"),
        ("yes and yes", "formula-write-instead 1:5"),
        ("not yes", "formula-write-instead 1:1"),
        ("null", "formula-write-instead 1:1"),
        ("yes & yes", "formula-write-instead 1:5"),
        ("1 < x < 9", "formula-chained-comparison 1:7"),
        ("x == 7 == yes", "formula-chained-comparison 1:8"),
        ("x in [1] in [2]", "formula-chained-comparison 1:10"),
        ("incme", "formula-unknown-name 1:1"),
        ("1 +\n  incme", "formula-unknown-name 2:3"),
        ("median(1)", "formula-unknown-function 1:1"),
        ("abs(1, 2)", "formula-arguments 1:1"),
        ("abs()", "formula-arguments 1:1"),
        ("previous(x + 1)", "formula-window-needs-name 1:1"),
        ("previous(true)", "formula-window-needs-name 1:1"),
        ("previous()", "formula-window-needs-name 1:1"),
        ("previous(", "formula-window-needs-name 1:1"),
        ("previous(y)", "formula-no-such-window 1:1"),
        ("x + yes", "formula-type 1:5"),
        ("x == yes", "formula-type 1:6"),
        ("yes", "formula-type 1:1"),
        ("yes ? 1 : \"a\"", "formula-type 1:11"),
        ("x ? 1 : 2", "formula-type 1:1"),
        ("!x ? 1 : 2", "formula-type 1:2"),
        ("if_missing(x, yes)", "formula-type 1:15"),
        ("village.grade < 3 ? 1 : 2", "formula-type 1:1"),
        ("x in [1, \"a\"] ? 1 : 2", "formula-type 1:10"),
        ("round(x, 2)", "formula-arguments 1:1"),
        ("round(x, y, \"half_up\")", "formula-literal-argument 1:10"),
        ("round(x, 25, \"half_up\")", "formula-literal-argument 1:10"),
        ("round(x, 2, \"bankers\")", "formula-literal-argument 1:13"),
        ("1 / zero", "number-division-by-zero 1:3"),
        ("ln(zero)", "number-out-of-domain 1:1"),
        ("sqrt(-1)", "number-out-of-domain 1:1"),
        ("exp(1000)", "number-overflow 1:1"),
    ] {
        let findings = value(text, Type::Number).expect_err(text);
        let found = format!("{} {}", findings[0].code, findings[0].place);
        assert_eq!(found.replace("formula:", ""), expected, "{text}");
        assert!(findings[0].blocks());
    }
}

#[test]
fn gives_all_findings_of_a_check_and_proposes_names() {
    let names = [("income", Declaration::NUMBER)];
    let findings = Tree::parse("incme + yes * 1 + incme", &Origin::inline())
        .unwrap()
        .check(names.as_slice(), Type::Number)
        .unwrap_err();
    let shown: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "formula:1:1: formula-unknown-name found=\"incme\" similar=\"income\"",
            "formula:1:9: formula-unknown-name found=\"yes\" similar=\"\"",
            "formula:1:19: formula-unknown-name found=\"incme\" similar=\"income\"",
        ]
    );
}

#[test]
fn limits_length_nesting_and_steps() {
    let code = |text: &str| value(text, Type::Number).map_err(|findings| findings[0].code.clone());
    let brackets = |n: usize| format!("{}x{}", "(".repeat(n), ")".repeat(n));
    let chain = |n: usize| vec!["x"; n].join(" + ");
    assert!(code(&brackets(99)).is_ok());
    assert_eq!(code(&brackets(100)), Err("formula-too-deep".into()));
    assert!(code(&chain(100)).is_ok());
    assert_eq!(code(&chain(101)), Err("formula-too-deep".into()));
    assert!(code(&format!("{}x", "-".repeat(99))).is_ok());
    assert_eq!(
        code(&format!("{}x", "-".repeat(100))),
        Err("formula-too-deep".into())
    );
    let padded = |length: usize| format!("x{}", " ".repeat(length - 1));
    assert!(code(&padded(formula::LENGTH_LIMIT_BYTES)).is_ok());
    assert_eq!(
        code(&padded(formula::LENGTH_LIMIT_BYTES + 1)),
        Err("formula-too-long".into())
    );
    let roots = |n: usize| format!("sum({})", vec!["ln(x)"; n].join(","));
    assert!(code(&roots(39)).is_ok());
    assert_eq!(code(&roots(40)), Err("formula-too-many-steps".into()));
}

#[test]
fn numbers_each_input_once() {
    let formula = checked("x + y + previous(x) + x", Type::Number).unwrap();
    let inputs: Vec<String> = formula.inputs().iter().map(ToString::to_string).collect();
    assert_eq!(inputs, ["x", "y", "previous(x)"]);
    let number = |value: i64| Value::Number(Decimal::from_int(value));
    let values = [number(1), number(10), number(100)];
    assert_eq!(formula.evaluate(values.as_slice()), Ok(number(112)));
}

#[test]
fn refuses_an_environment_that_breaks_its_word() {
    let formula = checked("x + y", Type::Number).unwrap();
    for (values, expected) in [
        (vec![], "formula-input-absent"),
        (
            vec![Value::Bool(true), Value::Missing],
            "formula-input-type",
        ),
    ] {
        let finding = formula.evaluate(values.as_slice()).unwrap_err();
        assert_eq!(finding.code, expected);
    }
}

#[test]
fn traces_every_step_that_was_computed() {
    let formula = checked("x > 5 ? round(x / 3, 2, \"half_up\") : y", Type::Number).unwrap();
    let traced = formula
        .trace(&|_: usize, input: &formula::Input| Some(figure(input)))
        .unwrap();
    let lines: Vec<String> = traced
        .steps
        .iter()
        .map(|step| format!("{} {} = {}", step.depth, step.expression, step.value))
        .collect();
    assert_eq!(
        lines,
        [
            "2 x = 7",
            "1 x > 5 = true",
            "3 x = 7",
            "2 x / 3 = 2.33333333333333333333333",
            "1 round(x / 3, 2, \"half_up\") = 2.33",
            "0 x > 5 ? round(x / 3, 2, \"half_up\") : y = 2.33",
        ]
    );
    assert_eq!(traced.value.to_string(), "2.33");
}
