//! Names and types against what the caller declares; the cost; and the checked formula.

use kernel::{Decimal, Finding, Rounding};

use crate::function::Parameter;
use crate::input::similar;
use crate::{
    Expression, Function, Input, Names, Node, Operator, Position, STEP_LIMIT, Tree, Type, Window,
};

/// A formula whose names and types fit; it can be evaluated for any number of subjects.
#[derive(Clone, Debug)]
pub struct Formula {
    tree: Tree,
    inputs: Vec<Input>,
    input_types: Vec<Type>,
    result_type: Option<Type>,
    steps: u32,
}

impl Formula {
    /// The syntax tree.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The figures it needs, each once, in order of first use; their positions are the slots by
    /// which [`Formula::evaluate`] asks.
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// The declared type of each input.
    pub fn input_types(&self) -> &[Type] {
        &self.input_types
    }

    /// Type of its value; `None` if it can only be missing.
    pub fn result_type(&self) -> Option<Type> {
        self.result_type
    }

    /// Most steps an evaluation can take; at most [`STEP_LIMIT`].
    pub fn steps(&self) -> u32 {
        self.steps
    }

    pub(crate) fn slot(&self, input: &Input) -> Option<usize> {
        self.inputs.iter().position(|known| known == input)
    }
}

impl Tree {
    /// Looks up every name, checks every type and the cost. All findings are given, not only the
    /// first. `expected`: the type the formula's place needs.
    pub fn check<N: Names + ?Sized>(
        self,
        names: &N,
        expected: Type,
    ) -> Result<Formula, Vec<Finding>> {
        let mut checker = Checker {
            names,
            tree: &self,
            inputs: Vec::new(),
            input_types: Vec::new(),
            steps: 0,
            findings: Vec::new(),
        };
        let result_type = checker.expect(&self.root, expected);
        if checker.steps > STEP_LIMIT {
            let finding = self
                .origin
                .error("formula-too-many-steps", self.root.at)
                .arg("found", checker.steps)
                .arg("limit", STEP_LIMIT);
            checker.findings.push(finding);
        }
        let Checker {
            inputs,
            input_types,
            steps,
            findings,
            ..
        } = checker;
        if findings.is_empty() {
            Ok(Formula {
                tree: self,
                inputs,
                input_types,
                result_type,
                steps,
            })
        } else {
            Err(findings)
        }
    }
}

/// The rounding modes as formulas write them.
pub(crate) const ROUNDING_MODES: [(&str, Rounding); 7] = [
    ("half_up", Rounding::HalfUp),
    ("half_even", Rounding::HalfEven),
    ("half_down", Rounding::HalfDown),
    ("up", Rounding::Up),
    ("down", Rounding::Down),
    ("ceiling", Rounding::Ceiling),
    ("floor", Rounding::Floor),
];

/// Most places `round` may name.
pub(crate) const PLACES_LIMIT: u8 = 24;

/// A literal number of places.
pub(crate) fn places(node: &Node) -> Option<u8> {
    let Node::Number(number) = node else {
        return None;
    };
    (0..=PLACES_LIMIT).find(|places| Decimal::from_int(i64::from(*places)) == *number)
}

/// A literal rounding mode.
pub(crate) fn rounding(node: &Node) -> Option<Rounding> {
    let Node::Text(text) = node else { return None };
    ROUNDING_MODES
        .iter()
        .find(|(name, _)| *name == &**text)
        .map(|(_, mode)| *mode)
}

struct Checker<'a, N: ?Sized> {
    names: &'a N,
    tree: &'a Tree,
    inputs: Vec<Input>,
    input_types: Vec<Type>,
    steps: u32,
    findings: Vec<Finding>,
}

impl<N: Names + ?Sized> Checker<'_, N> {
    fn error(&self, code: &'static str, at: Position) -> Finding {
        self.tree.origin.error(code, at)
    }

    /// Checks an expression that must have a type; missing always fits.
    fn expect(&mut self, expression: &Expression, expected: Type) -> Option<Type> {
        let found = self.expression(expression);
        if let Some(found) = found
            && found != expected
        {
            let finding = self
                .error("formula-type", expression.at)
                .arg("part", expression.to_string())
                .arg("found", found.word())
                .arg("expected", expected.word());
            self.findings.push(finding);
        }
        found
    }

    /// Checks expressions that must agree, and tells their common type.
    fn agree<'e>(&mut self, expressions: impl IntoIterator<Item = &'e Expression>) -> Option<Type> {
        let mut common = None;
        for expression in expressions {
            match common {
                None => common = self.expression(expression),
                Some(expected) => {
                    self.expect(expression, expected);
                }
            }
        }
        common
    }

    /// The type of an expression; `None` for missing, and after a finding that leaves it open.
    fn expression(&mut self, expression: &Expression) -> Option<Type> {
        self.steps = self.steps.saturating_add(match &expression.node {
            Node::Call { function, .. } => function.steps(),
            _ => 1,
        });
        match &expression.node {
            Node::Missing => None,
            Node::Bool(_) => Some(Type::Bool),
            Node::Number(_) => Some(Type::Number),
            Node::Text(_) => Some(Type::Text),
            Node::Name(input) => self.name(input, expression.at),
            Node::Not(inner) => {
                self.expect(inner, Type::Bool);
                Some(Type::Bool)
            }
            Node::Negate(inner) => {
                self.expect(inner, Type::Number);
                Some(Type::Number)
            }
            Node::Binary {
                operator,
                left,
                right,
            } => Some(self.binary(*operator, left, right)),
            Node::Choice {
                condition,
                then,
                otherwise,
            } => {
                self.expect(condition, Type::Bool);
                self.agree([&**then, &**otherwise])
            }
            Node::Within { value, elements } => {
                self.agree(std::iter::once(&**value).chain(elements));
                Some(Type::Bool)
            }
            Node::Call {
                function,
                arguments,
            } => self.call(*function, arguments),
        }
    }

    fn binary(&mut self, operator: Operator, left: &Expression, right: &Expression) -> Type {
        match operator {
            Operator::Or | Operator::And => {
                self.expect(left, Type::Bool);
                self.expect(right, Type::Bool);
                Type::Bool
            }
            Operator::Equal | Operator::NotEqual => {
                self.agree([left, right]);
                Type::Bool
            }
            Operator::Less
            | Operator::LessOrEqual
            | Operator::Greater
            | Operator::GreaterOrEqual => {
                self.expect(left, Type::Number);
                self.expect(right, Type::Number);
                Type::Bool
            }
            Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide => {
                self.expect(left, Type::Number);
                self.expect(right, Type::Number);
                Type::Number
            }
        }
    }

    fn name(&mut self, input: &Input, at: Position) -> Option<Type> {
        let Some(declaration) = self.names.declaration(&input.name) else {
            let known = self.names.known();
            let finding = self
                .error("formula-unknown-name", at)
                .arg("found", input.name.as_str())
                .arg("similar", similar(&input.name, &known).unwrap_or_default());
            self.findings.push(finding);
            return None;
        };
        let value_type = declaration.value_type;
        if input.window != Window::Current && !declaration.windows.contains(&input.window) {
            let finding = self
                .error("formula-no-such-window", at)
                .arg("name", input.name.as_str())
                .arg("function", input.window.function());
            self.findings.push(finding);
        }
        if !self.inputs.contains(input) {
            self.inputs.push(input.clone());
            self.input_types.push(value_type);
        }
        Some(value_type)
    }

    fn call(&mut self, function: Function, arguments: &[Expression]) -> Option<Type> {
        let mut same = Vec::new();
        for (position, argument) in arguments.iter().enumerate() {
            match function.parameter(position) {
                Parameter::Number => {
                    self.expect(argument, Type::Number);
                }
                Parameter::Places if places(&argument.node).is_none() => {
                    self.literal(function, argument, format!("0–{PLACES_LIMIT}"));
                }
                Parameter::Mode if rounding(&argument.node).is_none() => {
                    let modes: Vec<&str> = ROUNDING_MODES.iter().map(|(name, _)| *name).collect();
                    self.literal(function, argument, modes.join(", "));
                }
                Parameter::Places | Parameter::Mode => {}
                Parameter::Same => same.push(argument),
            }
        }
        let common = self.agree(same);
        function.result().or(common)
    }

    fn literal(&mut self, function: Function, argument: &Expression, expected: String) {
        let finding = self
            .error("formula-literal-argument", argument.at)
            .arg("function", function.name())
            .arg("found", argument.to_string())
            .arg("expected", expected);
        self.findings.push(finding);
    }
}
