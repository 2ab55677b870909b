//! The functions: a closed list with their arguments and cost.

use crate::Type;

/// A function of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// `min(a, b, …)`: the smallest.
    Min,
    /// `max(a, b, …)`: the largest.
    Max,
    /// `sum(a, b, …)`.
    Sum,
    /// `mean(a, b, …)`: arithmetic mean.
    Mean,
    /// `abs(x)`.
    Abs,
    /// `clamp(x, low, high)`: `min(max(x, low), high)`.
    Clamp,
    /// `floor(x)`: towards minus infinity.
    Floor,
    /// `ceil(x)`: towards plus infinity.
    Ceil,
    /// `round(x, places, "half_up")`: places 0 to 24 and the mode are written out, never implied.
    Round,
    /// `safe_div(a, b, otherwise)`: `a / b`, or `otherwise` if b is zero.
    SafeDiv,
    /// `sqrt(x)`, 24 significant digits.
    Sqrt,
    /// `ln(x)`, 24 significant digits.
    Ln,
    /// `exp(x)`, 24 significant digits.
    Exp,
    /// `is_missing(x)`: never missing itself.
    IsMissing,
    /// `if_missing(x, y)`: x, or y if x is missing.
    IfMissing,
}

/// What an argument must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parameter {
    /// A number.
    Number,
    /// A whole number from 0 to 24, written as a literal.
    Places,
    /// The name of a rounding mode, written as a literal.
    Mode,
    /// Any type; all `Same` arguments of a call agree.
    Same,
}

impl Function {
    /// All of them.
    pub const ALL: [Function; 15] = [
        Function::Min,
        Function::Max,
        Function::Sum,
        Function::Mean,
        Function::Abs,
        Function::Clamp,
        Function::Floor,
        Function::Ceil,
        Function::Round,
        Function::SafeDiv,
        Function::Sqrt,
        Function::Ln,
        Function::Exp,
        Function::IsMissing,
        Function::IfMissing,
    ];

    /// As written.
    pub fn name(self) -> &'static str {
        match self {
            Function::Min => "min",
            Function::Max => "max",
            Function::Sum => "sum",
            Function::Mean => "mean",
            Function::Abs => "abs",
            Function::Clamp => "clamp",
            Function::Floor => "floor",
            Function::Ceil => "ceil",
            Function::Round => "round",
            Function::SafeDiv => "safe_div",
            Function::Sqrt => "sqrt",
            Function::Ln => "ln",
            Function::Exp => "exp",
            Function::IsMissing => "is_missing",
            Function::IfMissing => "if_missing",
        }
    }

    pub(crate) fn by_name(name: &str) -> Option<Function> {
        Function::ALL
            .into_iter()
            .find(|function| function.name() == name)
    }

    /// Fewest and most arguments.
    pub fn arity(self) -> (usize, usize) {
        match self {
            // As many as the length limit allows.
            Function::Min | Function::Max | Function::Sum | Function::Mean => (1, 500),
            Function::Abs
            | Function::Floor
            | Function::Ceil
            | Function::Sqrt
            | Function::Ln
            | Function::Exp
            | Function::IsMissing => (1, 1),
            Function::IfMissing => (2, 2),
            Function::Clamp | Function::Round | Function::SafeDiv => (3, 3),
        }
    }

    pub(crate) fn parameter(self, position: usize) -> Parameter {
        match (self, position) {
            (Function::Round, 1) => Parameter::Places,
            (Function::Round, 2) => Parameter::Mode,
            (Function::IsMissing | Function::IfMissing, _) => Parameter::Same,
            _ => Parameter::Number,
        }
    }

    /// Type of the result; `None`: that of its arguments.
    pub(crate) fn result(self) -> Option<Type> {
        match self {
            Function::IsMissing => Some(Type::Bool),
            Function::IfMissing => None,
            _ => Some(Type::Number),
        }
    }

    /// Steps one call costs: the transcendental ones do the work of many additions.
    pub(crate) fn steps(self) -> u32 {
        match self {
            Function::Ln | Function::Exp | Function::Sqrt => 50,
            _ => 1,
        }
    }
}
