//! What a formula computes with.

use std::fmt;
use std::sync::Arc;

use kernel::Decimal;

/// The type of an expression. `missing` belongs to each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// An exact decimal.
    Number,
    /// True or false.
    Bool,
    /// A text, compared only for equality.
    Text,
}

impl Type {
    /// The word findings use: `number`, `bool`, `text`.
    pub fn word(self) -> &'static str {
        match self {
            Type::Number => "number",
            Type::Bool => "bool",
            Type::Text => "text",
        }
    }
}

/// A value; cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// Nobody gave it. Not zero.
    Missing,
    /// An exact decimal.
    Number(Decimal),
    /// True or false.
    Bool(bool),
    /// A text.
    Text(Arc<str>),
}

impl Value {
    /// Its type; `None` for missing, which fits every type.
    pub fn value_type(&self) -> Option<Type> {
        match self {
            Value::Missing => None,
            Value::Number(_) => Some(Type::Number),
            Value::Bool(_) => Some(Type::Bool),
            Value::Text(_) => Some(Type::Text),
        }
    }

    /// Whether it is missing.
    pub fn is_missing(&self) -> bool {
        matches!(self, Value::Missing)
    }

    /// The number, if it is one.
    pub fn number(&self) -> Option<Decimal> {
        match self {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }
}

impl From<Decimal> for Value {
    fn from(number: Decimal) -> Value {
        Value::Number(number)
    }
}

impl From<Option<Decimal>> for Value {
    fn from(number: Option<Decimal>) -> Value {
        number.map_or(Value::Missing, Value::Number)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Bool(value)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.into())
    }
}

/// As it would be written in a formula.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Missing => f.write_str("missing"),
            Value::Number(number) => number.fmt(f),
            Value::Bool(value) => value.fmt(f),
            Value::Text(text) => crate::print::quoted(text, f),
        }
    }
}
