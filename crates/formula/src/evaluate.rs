//! Evaluation, with or without a trace.

use kernel::{Decimal, Finding, NumberError, Rounding, math};

use crate::check::{places, rounding};
use crate::{
    Expression, Formula, Function, Input, Node, Operator, Position, Step, Traced, Type, Value,
};

/// What the environment knows about an input.
pub type Answer = Option<Value>;

/// Gives the figures while a formula is computed.
pub trait Environment {
    /// The value of an input; `slot` is its position in [`Formula::inputs`]. [`Value::Missing`] if
    /// nobody gave it; `None` only if the environment has no such place, which is a finding.
    fn value(&self, slot: usize, input: &Input) -> Answer;
}

/// Values in the order of [`Formula::inputs`].
impl Environment for [Value] {
    fn value(&self, slot: usize, _: &Input) -> Answer {
        self.get(slot).cloned()
    }
}

impl<F: Fn(usize, &Input) -> Answer> Environment for F {
    fn value(&self, slot: usize, input: &Input) -> Answer {
        self(slot, input)
    }
}

impl Formula {
    /// Computes the formula. A finding (division by zero, overflow, logarithm of a negative
    /// number, a figure of the wrong type) stands at the part that caused it.
    pub fn evaluate<E: Environment + ?Sized>(&self, environment: &E) -> Result<Value, Finding> {
        let mut evaluator = Evaluator {
            formula: self,
            environment,
            steps: None,
        };
        evaluator.expression(&self.tree().root, 0)
    }

    /// As [`Formula::evaluate`], and tells every step.
    pub fn trace<E: Environment + ?Sized>(&self, environment: &E) -> Result<Traced, Finding> {
        let mut evaluator = Evaluator {
            formula: self,
            environment,
            steps: Some(Vec::new()),
        };
        let value = evaluator.expression(&self.tree().root, 0)?;
        Ok(Traced {
            value,
            steps: evaluator.steps.unwrap_or_default(),
        })
    }
}

struct Evaluator<'a, E: ?Sized> {
    formula: &'a Formula,
    environment: &'a E,
    steps: Option<Vec<Step>>,
}

/// A number, or `None` for missing.
type Figure = Option<Decimal>;

impl<E: Environment + ?Sized> Evaluator<'_, E> {
    fn expression(&mut self, expression: &Expression, depth: u16) -> Result<Value, Finding> {
        let value = self.compute(expression, depth)?;
        let literal = matches!(
            expression.node,
            Node::Missing | Node::Bool(_) | Node::Number(_) | Node::Text(_)
        );
        if !literal && let Some(steps) = &mut self.steps {
            steps.push(Step {
                expression: expression.to_string(),
                value: value.clone(),
                depth,
            });
        }
        Ok(value)
    }

    fn compute(&mut self, expression: &Expression, depth: u16) -> Result<Value, Finding> {
        let below = depth.saturating_add(1);
        match &expression.node {
            Node::Missing => Ok(Value::Missing),
            Node::Bool(value) => Ok(Value::Bool(*value)),
            Node::Number(number) => Ok(Value::Number(*number)),
            Node::Text(text) => Ok(Value::Text(text.clone())),
            Node::Name(input) => self.input(input, expression.at),
            Node::Not(inner) => Ok(self
                .truth(inner, below)?
                .map_or(Value::Missing, |value| Value::Bool(!value))),
            Node::Negate(inner) => Ok(self.number(inner, below)?.map(Decimal::neg).into()),
            Node::Binary {
                operator,
                left,
                right,
            } => self.binary(*operator, left, right, expression.at, below),
            Node::Choice {
                condition,
                then,
                otherwise,
            } => match self.truth(condition, below)? {
                None => Ok(Value::Missing),
                Some(true) => self.expression(then, below),
                Some(false) => self.expression(otherwise, below),
            },
            Node::Within { value, elements } => self.within(value, elements, below),
            Node::Call {
                function,
                arguments,
            } => self.call(*function, arguments, expression.at, below),
        }
    }

    fn error(&self, code: &'static str, at: Position) -> Finding {
        self.formula.tree().origin.error(code, at)
    }

    fn input(&self, input: &Input, at: Position) -> Result<Value, Finding> {
        let slot = self
            .formula
            .slot(input)
            .expect("check numbered every name of this tree");
        let declared = self.formula.input_types()[slot];
        let Some(value) = self.environment.value(slot, input) else {
            return Err(self
                .error("formula-input-absent", at)
                .arg("name", input.to_string()));
        };
        match value.value_type() {
            Some(found) if found != declared => Err(self
                .error("formula-input-type", at)
                .arg("name", input.to_string())
                .arg("found", found.word())
                .arg("expected", declared.word())),
            _ => Ok(value),
        }
    }

    /// The checker promised the type, but a total language does not rest on promises.
    fn wrong_type(&self, expression: &Expression, found: &Value, expected: Type) -> Finding {
        self.error("formula-type", expression.at)
            .arg("part", expression.to_string())
            .arg("found", found.value_type().map_or("missing", Type::word))
            .arg("expected", expected.word())
    }

    fn number(&mut self, expression: &Expression, depth: u16) -> Result<Figure, Finding> {
        match self.expression(expression, depth)? {
            Value::Missing => Ok(None),
            Value::Number(number) => Ok(Some(number)),
            other => Err(self.wrong_type(expression, &other, Type::Number)),
        }
    }

    fn truth(&mut self, expression: &Expression, depth: u16) -> Result<Option<bool>, Finding> {
        match self.expression(expression, depth)? {
            Value::Missing => Ok(None),
            Value::Bool(value) => Ok(Some(value)),
            other => Err(self.wrong_type(expression, &other, Type::Bool)),
        }
    }

    fn binary(
        &mut self,
        operator: Operator,
        left: &Expression,
        right: &Expression,
        at: Position,
        depth: u16,
    ) -> Result<Value, Finding> {
        match operator {
            Operator::And => self.connect(false, left, right, depth),
            Operator::Or => self.connect(true, left, right, depth),
            Operator::Equal | Operator::NotEqual => {
                let left = self.expression(left, depth)?;
                let right = self.expression(right, depth)?;
                if left.is_missing() || right.is_missing() {
                    return Ok(Value::Missing);
                }
                Ok(Value::Bool(
                    (left == right) == (operator == Operator::Equal),
                ))
            }
            _ => {
                let left = self.number(left, depth)?;
                let right = self.number(right, depth)?;
                match left.zip(right) {
                    None => Ok(Value::Missing),
                    Some((left, right)) => {
                        arithmetic(operator, left, right).map_err(|error| self.fault(error, at))
                    }
                }
            }
        }
    }

    /// `&&` (decided by false) and `||` (decided by true): the right side is not computed once the
    /// left decides, and missing loses only against a deciding side.
    fn connect(
        &mut self,
        decides: bool,
        left: &Expression,
        right: &Expression,
        depth: u16,
    ) -> Result<Value, Finding> {
        let left = self.truth(left, depth)?;
        if left == Some(decides) {
            return Ok(Value::Bool(decides));
        }
        let right = self.truth(right, depth)?;
        if right == Some(decides) {
            return Ok(Value::Bool(decides));
        }
        Ok(if left.is_none() || right.is_none() {
            Value::Missing
        } else {
            Value::Bool(!decides)
        })
    }

    fn within(
        &mut self,
        value: &Expression,
        elements: &[Expression],
        depth: u16,
    ) -> Result<Value, Finding> {
        let value = self.expression(value, depth)?;
        let mut any_missing = value.is_missing();
        let mut found = false;
        for element in elements {
            let element = self.expression(element, depth)?;
            any_missing |= element.is_missing();
            found |= !element.is_missing() && element == value;
        }
        Ok(match (found, any_missing) {
            (true, _) => Value::Bool(true),
            (false, true) => Value::Missing,
            (false, false) => Value::Bool(false),
        })
    }

    fn call(
        &mut self,
        function: Function,
        arguments: &[Expression],
        at: Position,
        depth: u16,
    ) -> Result<Value, Finding> {
        match (function, arguments) {
            (Function::IsMissing, [inner]) => {
                Ok(Value::Bool(self.expression(inner, depth)?.is_missing()))
            }
            (Function::IfMissing, [inner, otherwise]) => match self.expression(inner, depth)? {
                Value::Missing => self.expression(otherwise, depth),
                value => Ok(value),
            },
            (Function::SafeDiv, [over, under, otherwise]) => {
                let over = self.number(over, depth)?;
                let under = self.number(under, depth)?;
                match over.zip(under) {
                    None => Ok(Value::Missing),
                    Some((_, under)) if under.is_zero() => self.expression(otherwise, depth),
                    Some((over, under)) => over
                        .div(under)
                        .map(Value::Number)
                        .map_err(|error| self.fault(error, at)),
                }
            }
            (Function::Round, [value, to, mode]) => {
                let (Some(to), Some(mode)) = (places(&to.node), rounding(&mode.node)) else {
                    return Err(self
                        .error("formula-literal-argument", at)
                        .arg("function", function.name())
                        .arg("found", "")
                        .arg("expected", "round(x, 2, \"half_up\")"));
                };
                Ok(self
                    .number(value, depth)?
                    .map(|value| value.round(to, mode))
                    .into())
            }
            _ => {
                let mut numbers = Vec::with_capacity(arguments.len());
                let mut any_missing = false;
                for argument in arguments {
                    match self.number(argument, depth)? {
                        Some(number) => numbers.push(number),
                        None => any_missing = true,
                    }
                }
                if any_missing {
                    return Ok(Value::Missing);
                }
                apply(function, &numbers)
                    .map(Value::Number)
                    .map_err(|error| self.fault(error, at))
            }
        }
    }

    fn fault(&self, error: NumberError, at: Position) -> Finding {
        self.error(error.code(), at)
    }
}

fn arithmetic(operator: Operator, left: Decimal, right: Decimal) -> Result<Value, NumberError> {
    Ok(match operator {
        Operator::Add => Value::Number(left.add(right)?),
        Operator::Subtract => Value::Number(left.sub(right)?),
        Operator::Multiply => Value::Number(left.mul(right)?),
        Operator::Divide => Value::Number(left.div(right)?),
        Operator::Less => Value::Bool(left < right),
        Operator::LessOrEqual => Value::Bool(left <= right),
        Operator::Greater => Value::Bool(left > right),
        Operator::GreaterOrEqual => Value::Bool(left >= right),
        Operator::Equal => Value::Bool(left == right),
        Operator::NotEqual => Value::Bool(left != right),
        // `connect` computes these; they never reach numbers.
        Operator::Or | Operator::And => return Err(NumberError::OutOfDomain),
    })
}

/// Functions of present numbers only.
fn apply(function: Function, numbers: &[Decimal]) -> Result<Decimal, NumberError> {
    match (function, numbers) {
        (Function::Min, [first, rest @ ..]) => Ok(rest.iter().fold(*first, |a, b| a.min(*b))),
        (Function::Max, [first, rest @ ..]) => Ok(rest.iter().fold(*first, |a, b| a.max(*b))),
        (Function::Sum, numbers) => Decimal::sum(numbers.iter().copied()),
        (Function::Mean, numbers) => {
            let count = i64::try_from(numbers.len()).map_err(|_| NumberError::Overflow)?;
            Decimal::sum(numbers.iter().copied())?.div(Decimal::from_int(count))
        }
        (Function::Abs, [value]) => Ok(value.abs()),
        (Function::Clamp, [value, low, high]) => Ok((*value).max(*low).min(*high)),
        (Function::Floor, [value]) => Ok(value.round(0, Rounding::Floor)),
        (Function::Ceil, [value]) => Ok(value.round(0, Rounding::Ceiling)),
        (Function::Sqrt, [value]) => math::root(*value, 2),
        (Function::Ln, [value]) => math::ln(*value),
        (Function::Exp, [value]) => math::exp(*value),
        _ => Err(NumberError::OutOfDomain),
    }
}
