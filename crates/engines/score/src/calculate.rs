//! One arithmetic for computing and for explaining.
//!
//! A rule is written once, against [`Calculator`]. [`Plain`] only computes; [`Tracing`] also keeps
//! every term, so an explanation cannot tell another story than the computation.

use kernel::{Decimal, NumberError, Rounding, math};
use serde::Serialize;

use crate::scheme::Range;

/// What is done to numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// First plus second.
    Add,
    /// First minus second.
    Subtract,
    /// First times second.
    Multiply,
    /// First divided by second, to 24 significant digits.
    Divide,
    /// Sum of all.
    Sum,
    /// Product of all, from left to right.
    Product,
    /// The least of all.
    Minimum,
    /// The greatest of all.
    Maximum,
    /// Natural logarithm, to 24 significant digits.
    NaturalLogarithm,
    /// Geometric mean of all, to 24 significant digits.
    GeometricMean,
    /// Geometric mean of value, weight, value, weight, …, to 24 significant digits.
    WeightedGeometricMean,
    /// Named rounding.
    Round {
        /// Places after the point.
        places: u8,
        /// How.
        mode: Rounding,
    },
    /// The mark of the band in which the number lies.
    LookUp {
        /// The band.
        range: Range,
        /// Its mark.
        mark: Decimal,
    },
    /// A formula; the arguments are its inputs in the order of `inputs`.
    Formula {
        /// Its text.
        expression: String,
        /// The names of its inputs.
        inputs: Vec<String>,
        /// Its own steps: text and value.
        steps: Vec<(String, String)>,
    },
}

impl Operation {
    /// Does it. A formula is not done here: its arguments may be missing.
    pub fn apply(&self, numbers: &[Decimal]) -> Result<Decimal, NumberError> {
        match (self, numbers) {
            (Operation::Add, [left, right]) => left.add(*right),
            (Operation::Subtract, [left, right]) => left.sub(*right),
            (Operation::Multiply, [left, right]) => left.mul(*right),
            (Operation::Divide, [left, right]) => left.div(*right),
            (Operation::Sum, numbers) => sum(numbers),
            (Operation::Product, numbers) => numbers
                .iter()
                .try_fold(Decimal::ONE, |product, number| product.mul(*number)),
            (Operation::Minimum, numbers) => numbers
                .iter()
                .copied()
                .min()
                .ok_or(NumberError::OutOfDomain),
            (Operation::Maximum, numbers) => numbers
                .iter()
                .copied()
                .max()
                .ok_or(NumberError::OutOfDomain),
            (Operation::NaturalLogarithm, [number]) => math::ln(*number),
            (Operation::GeometricMean, numbers) => math::geometric_mean(numbers),
            (Operation::WeightedGeometricMean, numbers) => {
                let pairs: Vec<(Decimal, Decimal)> = numbers
                    .chunks_exact(2)
                    .map(|pair| (pair[0], pair[1]))
                    .collect();
                math::weighted_geometric_mean(&pairs)
            }
            (Operation::Round { places, mode }, [number]) => Ok(number.round(*places, *mode)),
            (Operation::LookUp { range, mark }, [number]) if range.contains(*number) => Ok(*mark),
            _ => Err(NumberError::OutOfDomain),
        }
    }
}

/// The exact sum, rounded once where it does not fit; in 128 bits where that suffices.
fn sum(numbers: &[Decimal]) -> Result<Decimal, NumberError> {
    let scale = numbers
        .iter()
        .map(|number| number.scale())
        .max()
        .unwrap_or(0);
    let narrow = numbers.iter().try_fold(0_i128, |sum, number| {
        sum.checked_add(number.rescale_exact(scale)?)
    });
    match narrow.and_then(|sum| Decimal::checked_new(sum, scale)) {
        Some(sum) => Ok(sum),
        None => Decimal::sum(numbers.iter().copied()),
    }
}

/// Something that does operations on numbers of its own kind.
pub(crate) trait Calculator {
    /// A number, or a number with its history.
    type Number: Copy;

    /// The bare number.
    fn value(&self, number: Self::Number) -> Decimal;

    /// A number that comes from outside: a value of a subject, or a constant of the scheme.
    fn given(&mut self, name: Name, value: Decimal) -> Self::Number;

    /// Does an operation; `name` says what the outcome is.
    fn operate(
        &mut self,
        name: &'static str,
        operation: Operation,
        numbers: &[Self::Number],
    ) -> Result<Self::Number, NumberError>;

    /// As [`Calculator::operate`] where the outcome is known already, the same for all subjects.
    fn known(
        &mut self,
        name: &'static str,
        operation: Operation,
        number: Self::Number,
        outcome: Decimal,
    ) -> Self::Number;

    /// The outcome of a formula over its inputs; `steps` is asked only where steps are kept.
    fn formula(
        &mut self,
        value: Decimal,
        inputs: &[Option<Self::Number>],
        operation: impl FnOnce() -> Operation,
    ) -> Self::Number;
}

/// Where a given number comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Name {
    /// A constant of the scheme, by its field.
    Constant(&'static str),
    /// A value of an input, by the input's position.
    Input(usize),
    /// The value of an input that was missing and filled in.
    FilledInput(usize),
    /// A node's value, by the node's position.
    Node(usize),
    /// A weight or full mark of a node.
    OfNode(&'static str, usize),
}

/// Computes and keeps nothing.
pub(crate) struct Plain;

impl Calculator for Plain {
    type Number = Decimal;

    fn value(&self, number: Decimal) -> Decimal {
        number
    }

    fn given(&mut self, _: Name, value: Decimal) -> Decimal {
        value
    }

    fn operate(
        &mut self,
        _: &'static str,
        operation: Operation,
        numbers: &[Decimal],
    ) -> Result<Decimal, NumberError> {
        operation.apply(numbers)
    }

    fn known(&mut self, _: &'static str, _: Operation, _: Decimal, outcome: Decimal) -> Decimal {
        outcome
    }

    fn formula(
        &mut self,
        value: Decimal,
        _: &[Option<Decimal>],
        _: impl FnOnce() -> Operation,
    ) -> Decimal {
        value
    }
}
