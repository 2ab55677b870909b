//! The tree written back as text, with no more brackets than needed.

use std::fmt;

use crate::tree::{CHOICE, COMPARISON, PREFIX};
use crate::{Expression, Node, Operator, Tree};

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root.fmt(f)
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.node {
            Node::Missing => f.write_str("missing"),
            Node::Bool(value) => value.fmt(f),
            Node::Number(number) => number.fmt(f),
            Node::Text(text) => quoted(text, f),
            Node::Name(input) => input.fmt(f),
            Node::Not(inner) => prefixed('!', inner, f),
            Node::Negate(inner) => prefixed('-', inner, f),
            Node::Binary {
                operator,
                left,
                right,
            } => binary(*operator, left, right, f),
            Node::Choice {
                condition,
                then,
                otherwise,
            } => {
                bound(condition, CHOICE + 1, f)?;
                f.write_str(" ? ")?;
                bound(then, CHOICE, f)?;
                f.write_str(" : ")?;
                bound(otherwise, CHOICE, f)
            }
            Node::Within { value, elements } => {
                bound(value, COMPARISON + 1, f)?;
                f.write_str(" in [")?;
                list(elements, f)?;
                f.write_str("]")
            }
            Node::Call {
                function,
                arguments,
            } => {
                write!(f, "{}(", function.name())?;
                list(arguments, f)?;
                f.write_str(")")
            }
        }
    }
}

fn binary(
    operator: Operator,
    left: &Expression,
    right: &Expression,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let binding = operator.binding();
    // Comparisons do not chain, so an inner one needs brackets on both sides.
    bound(left, binding + u8::from(binding == COMPARISON), f)?;
    write!(f, " {} ", operator.sign())?;
    bound(right, binding + 1, f)
}

fn prefixed(sign: char, inner: &Expression, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{sign}")?;
    bound(inner, PREFIX, f)
}

fn list(elements: &[Expression], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (position, element) in elements.iter().enumerate() {
        if position > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{element}")?;
    }
    Ok(())
}

/// The expression, in brackets if it binds more loosely than its place demands.
fn bound(expression: &Expression, binding: u8, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if expression.node.binding() < binding {
        write!(f, "({expression})")
    } else {
        write!(f, "{expression}")
    }
}

/// A text literal.
pub(crate) fn quoted(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("\"")?;
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\t' => f.write_str("\\t")?,
            c => write!(f, "{c}")?,
        }
    }
    f.write_str("\"")
}
