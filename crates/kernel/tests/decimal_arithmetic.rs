//! Every result equals the one of Python's `decimal`: `scripts/vectors/decimal_arithmetic.py`.

use kernel::{Decimal, NumberError, Rounding, div_rounded};

const VECTORS: &str = include_str!("data/decimal_arithmetic.tsv");

fn number(text: &str) -> Decimal {
    text.parse().expect(text)
}

fn compute(function: &str, arguments: &[&str]) -> Result<Decimal, NumberError> {
    let rounding = |name: &str| -> Rounding {
        serde_json::from_value(name.into()).expect("the name of a rounding")
    };
    let places = |text: &str| text.parse().expect("places");
    match (function, arguments) {
        ("add", [a, b]) => number(a).add(number(b)),
        ("sub", [a, b]) => number(a).sub(number(b)),
        ("mul", [a, b]) => number(a).mul(number(b)),
        ("div", [a, b]) => number(a).div(number(b)),
        ("round", [a, to, name]) => Ok(number(a).round(places(to), rounding(name))),
        ("div_rounded", [a, b, to, name]) => {
            div_rounded(number(a), number(b), places(to), rounding(name))
        }
        other => panic!("unknown function {other:?}"),
    }
}

#[test]
fn equals_python() {
    let mut checked = 0;
    let mut wrong = Vec::new();
    for line in VECTORS.lines() {
        let [function, arguments, expected] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("three columns: {line}");
        };
        let arguments: Vec<_> = arguments.split(' ').collect();
        let found = match compute(function, &arguments) {
            Ok(value) => value.to_string(),
            Err(NumberError::Overflow) => "overflow".to_owned(),
            Err(other) => format!("{other:?}"),
        };
        if found != expected {
            wrong.push(format!("{function} {arguments:?}: {found}, not {expected}"));
        }
        checked += 1;
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
    assert!(checked > 3_000, "{checked}");
}
