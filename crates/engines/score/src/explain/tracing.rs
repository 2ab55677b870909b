//! The calculator that keeps every term.

use kernel::{Decimal, NumberError};
use serde::Serialize;

use crate::calculate::{Calculator, Name, Operation};
use crate::plan::Plan;
use crate::scheme::{ItemSource, Title, Unit};

/// A number with where it comes from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Term {
    /// Where it comes from.
    pub origin: TermOrigin,
    /// The number.
    pub value: Decimal,
}

/// Where a number of an explanation comes from. `name` is part of the code of a text:
/// `score-constant-{name}`, `score-step-{name}`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "origin", rename_all = "snake_case")]
pub enum TermOrigin {
    /// A constant of the scheme.
    Constant {
        /// Which one.
        name: &'static str,
    },
    /// A value of the subject.
    Input {
        /// Name of the column: `households@start`.
        input: String,
        /// The item's name.
        title: Title,
        /// The item's unit.
        unit: Unit,
        /// Who supplies it.
        source: ItemSource,
        /// Whether the missing policy filled it in.
        filled: bool,
    },
    /// A mark of another node.
    Node {
        /// Its code.
        node: String,
        /// Its name.
        title: Title,
    },
    /// A weight or full mark of another node.
    OfNode {
        /// Which of the two.
        name: &'static str,
        /// The node's code.
        node: String,
    },
    /// Something that was done.
    Step {
        /// What the outcome is.
        name: &'static str,
        /// What was done.
        operation: Operation,
        /// With which earlier terms; `None` is a missing input of a formula.
        terms: Vec<Option<usize>>,
    },
}

/// A number and the position of its term.
#[derive(Clone, Copy)]
pub(super) struct Traced {
    pub(super) value: Decimal,
    pub(super) term: usize,
}

pub(super) struct Tracing<'a> {
    plan: &'a Plan,
    terms: Vec<Term>,
}

impl<'a> Tracing<'a> {
    pub(super) fn new(plan: &'a Plan) -> Tracing<'a> {
        Tracing {
            plan,
            terms: Vec::new(),
        }
    }

    pub(super) fn into_terms(self) -> Vec<Term> {
        self.terms
    }

    fn keep(&mut self, origin: TermOrigin, value: Decimal) -> Traced {
        self.terms.push(Term { origin, value });
        Traced {
            value,
            term: self.terms.len() - 1,
        }
    }

    fn input(&self, input: usize, filled: bool) -> TermOrigin {
        let scheme = &self.plan.scheme;
        let input = &self.plan.inputs[input];
        let item = scheme
            .item_index(&input.item)
            .expect("the compiler resolved it");
        let item = &scheme.items[item];
        TermOrigin::Input {
            input: input.name(),
            title: item.title.clone(),
            unit: item.unit.clone(),
            source: item.source,
            filled,
        }
    }
}

impl Calculator for Tracing<'_> {
    type Number = Traced;

    fn value(&self, number: Traced) -> Decimal {
        number.value
    }

    fn given(&mut self, name: Name, value: Decimal) -> Traced {
        let node = |node: usize| &self.plan.scheme.nodes[node];
        let origin = match name {
            Name::Constant(name) => TermOrigin::Constant { name },
            Name::Input(input) => self.input(input, false),
            Name::FilledInput(input) => self.input(input, true),
            Name::Node(index) => TermOrigin::Node {
                node: node(index).code.clone(),
                title: node(index).title.clone(),
            },
            Name::OfNode(name, index) => TermOrigin::OfNode {
                name,
                node: node(index).code.clone(),
            },
        };
        self.keep(origin, value)
    }

    fn operate(
        &mut self,
        name: &'static str,
        operation: Operation,
        numbers: &[Traced],
    ) -> Result<Traced, NumberError> {
        let values: Vec<Decimal> = numbers.iter().map(|number| number.value).collect();
        let value = operation.apply(&values)?;
        let terms = numbers.iter().map(|number| Some(number.term)).collect();
        let origin = TermOrigin::Step {
            name,
            operation,
            terms,
        };
        Ok(self.keep(origin, value))
    }

    fn known(
        &mut self,
        name: &'static str,
        operation: Operation,
        number: Traced,
        outcome: Decimal,
    ) -> Traced {
        let terms = vec![Some(number.term)];
        let origin = TermOrigin::Step {
            name,
            operation,
            terms,
        };
        self.keep(origin, outcome)
    }

    fn formula(
        &mut self,
        value: Decimal,
        inputs: &[Option<Traced>],
        operation: impl FnOnce() -> Operation,
    ) -> Traced {
        let terms = inputs.iter().map(|input| input.map(|number| number.term));
        let origin = TermOrigin::Step {
            name: "formula",
            operation: operation(),
            terms: terms.collect(),
        };
        self.keep(origin, value)
    }
}
