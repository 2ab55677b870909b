//! What was computed in which order, for printed explanations.

use crate::Value;

/// One computed part of a formula. Literals are not steps; neither is a branch not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The part as text: `income / target`.
    pub expression: String,
    /// What it gave.
    pub value: Value,
    /// How deep it stands; the whole formula is 0.
    pub depth: u16,
}

/// A value with the steps that led to it: inner parts before outer ones, so that it can be read
/// from top to bottom; the last step is the whole formula (if it is not a mere literal).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traced {
    /// The result.
    pub value: Value,
    /// All steps in order of computation.
    pub steps: Vec<Step>,
}
