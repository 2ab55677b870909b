//! The one syntax tree.

use std::sync::Arc;

use kernel::Decimal;

use crate::{Function, Input, Origin, Position};

/// A parsed formula: its tree and where its text stands.
#[derive(Clone, Debug)]
pub struct Tree {
    /// The outermost expression.
    pub root: Expression,
    /// Where the text began; findings of later checks and evaluations point there.
    pub origin: Origin,
}

/// A node with the place where it was read.
#[derive(Clone, Debug)]
pub struct Expression {
    /// What it is.
    pub node: Node,
    /// For an operator the place of the operator sign, otherwise of the first character.
    pub at: Position,
}

/// Equal by meaning: positions do not count, so that print → parse can be compared.
impl PartialEq for Expression {
    fn eq(&self, other: &Expression) -> bool {
        self.node == other.node
    }
}

impl Eq for Expression {}

/// One node of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// `missing`
    Missing,
    /// `true`, `false`
    Bool(bool),
    /// `12.50`; never negative (a minus is [`Node::Negate`]).
    Number(Decimal),
    /// `"half_up"`
    Text(Arc<str>),
    /// `income`, `previous(income)`
    Name(Input),
    /// `!a`
    Not(Box<Expression>),
    /// `-a`
    Negate(Box<Expression>),
    /// `a + b`, `a && b`, `a <= b`
    Binary {
        /// Which.
        operator: Operator,
        /// Left of the sign.
        left: Box<Expression>,
        /// Right of the sign.
        right: Box<Expression>,
    },
    /// `condition ? then : otherwise`
    Choice {
        /// Decides which branch is computed; the other is not.
        condition: Box<Expression>,
        /// If true.
        then: Box<Expression>,
        /// If false.
        otherwise: Box<Expression>,
    },
    /// `value in [a, b]`
    Within {
        /// What is looked for.
        value: Box<Expression>,
        /// Where; never empty.
        elements: Vec<Expression>,
    },
    /// `min(a, b)`
    Call {
        /// Which.
        function: Function,
        /// As many as the function takes.
        arguments: Vec<Expression>,
    },
}

/// An operator between two expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `||`
    Or,
    /// `&&`
    And,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

impl Operator {
    /// All of them.
    pub const ALL: [Operator; 12] = [
        Operator::Or,
        Operator::And,
        Operator::Equal,
        Operator::NotEqual,
        Operator::Less,
        Operator::LessOrEqual,
        Operator::Greater,
        Operator::GreaterOrEqual,
        Operator::Add,
        Operator::Subtract,
        Operator::Multiply,
        Operator::Divide,
    ];

    /// As written.
    pub fn sign(self) -> &'static str {
        match self {
            Operator::Or => "||",
            Operator::And => "&&",
            Operator::Equal => "==",
            Operator::NotEqual => "!=",
            Operator::Less => "<",
            Operator::LessOrEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterOrEqual => ">=",
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
        }
    }

    /// How tightly it binds: 2 (`||`) to 6 (`*`); `?:` is 1 and a sign before a value 7.
    pub(crate) fn binding(self) -> u8 {
        match self {
            Operator::Or => 2,
            Operator::And => 3,
            Operator::Add | Operator::Subtract => 5,
            Operator::Multiply | Operator::Divide => 6,
            _ => COMPARISON,
        }
    }
}

/// Binding of `?:`, the loosest.
pub(crate) const CHOICE: u8 = 1;
/// Binding of comparisons and `in`, which cannot be chained.
pub(crate) const COMPARISON: u8 = 4;
/// Binding of `!` and `-` before a value.
pub(crate) const PREFIX: u8 = 7;
/// Binding of what needs no brackets.
pub(crate) const ATOM: u8 = 8;

impl Node {
    /// How tightly the node's own sign binds.
    pub(crate) fn binding(&self) -> u8 {
        match self {
            Node::Choice { .. } => CHOICE,
            Node::Binary { operator, .. } => operator.binding(),
            Node::Within { .. } => COMPARISON,
            Node::Not(_) | Node::Negate(_) => PREFIX,
            _ => ATOM,
        }
    }
}

impl Expression {
    /// The expressions directly below, left to right.
    pub fn children(&self) -> Vec<&Expression> {
        match &self.node {
            Node::Missing | Node::Bool(_) | Node::Number(_) | Node::Text(_) | Node::Name(_) => {
                Vec::new()
            }
            Node::Not(inner) | Node::Negate(inner) => vec![inner],
            Node::Binary { left, right, .. } => vec![left, right],
            Node::Choice {
                condition,
                then,
                otherwise,
            } => vec![condition, then, otherwise],
            Node::Within { value, elements } => std::iter::once(&**value).chain(elements).collect(),
            Node::Call { arguments, .. } => arguments.iter().collect(),
        }
    }
}
