//! Every result equals the one of Python's `decimal`: `scripts/vectors/math_functions.py`.

use kernel::math::{exp, geometric_mean, ln, power, root, weighted_geometric_mean};
use kernel::{Decimal, NumberError};

const VECTORS: &str = include_str!("data/math_functions.tsv");

fn number(text: &str) -> Decimal {
    text.parse().expect(text)
}

fn compute(function: &str, arguments: &str) -> Result<Decimal, NumberError> {
    let first = || arguments.split(' ').next().expect("one argument");
    let second = || arguments.split(' ').nth(1).expect("two arguments");
    match function {
        "ln" => ln(number(first())),
        "exp" => exp(number(first())),
        "root" => root(number(first()), second().parse().expect("a whole number")),
        "power" => power(number(first()), second().parse().expect("a whole number")),
        "geometric_mean" => {
            let values: Vec<_> = arguments.split(' ').map(number).collect();
            geometric_mean(&values)
        }
        "weighted_geometric_mean" => {
            let pair = |text: &str| {
                let (value, weight) = text.split_once(':').expect("value:weight");
                (number(value), number(weight))
            };
            let pairs: Vec<_> = arguments.split(' ').map(pair).collect();
            weighted_geometric_mean(&pairs)
        }
        other => panic!("unknown function {other}"),
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
        let found = match compute(function, arguments) {
            Ok(value) => value.to_string(),
            Err(NumberError::Overflow) => "overflow".to_owned(),
            Err(other) => format!("{other:?}"),
        };
        if found != expected {
            wrong.push(format!("{function} {arguments}: {found}, not {expected}"));
        }
        checked += 1;
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
    assert!(checked > 1_000, "{checked}");
}
