//! The escape hatch: an expression of the formula language.

use formula::{Formula, Value};

use super::{Outcome, Trouble};
use crate::calculate::{Calculator, Operation};

pub(crate) fn formula<C: Calculator>(
    formula: &Formula,
    reads: &[Option<C::Number>],
    calculator: &mut C,
) -> Outcome<C::Number> {
    let values: Vec<Value> = reads
        .iter()
        .map(|read| Value::from(read.map(|number| calculator.value(number))))
        .collect();
    let trouble = |finding| Trouble::Formula(Box::new(finding));
    let Some(value) = formula
        .evaluate(values.as_slice())
        .map_err(trouble)?
        .number()
    else {
        return Ok(None);
    };
    let operation = || Operation::Formula {
        expression: formula.tree().to_string(),
        inputs: formula.inputs().iter().map(ToString::to_string).collect(),
        steps: match formula.trace(values.as_slice()) {
            Ok(traced) => traced
                .steps
                .into_iter()
                .map(|step| (step.expression, step.value.to_string()))
                .collect(),
            Err(_) => Vec::new(),
        },
    };
    Ok(Some(calculator.formula(value, reads, operation)))
}
