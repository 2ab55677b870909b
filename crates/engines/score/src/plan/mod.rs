//! From a checked scheme to a plan: columns, and one step per node.

mod order;
mod step;

use ::formula::{Declaration, Formula, Names, Origin, Tree, Type, Window};
use kernel::{Decimal, Finding, FindingPlace};

pub(crate) use order::{evaluation_order, everything_read};
pub(crate) use step::{Fill, FillWith, GateStep, NodeStep, RollUpStep, Source, mark_fill};

use crate::check::check;
use crate::scheme::{Choice, GateEffect, Input, Moment, Operand, Rule, Scheme, Tested, TieBreak};

/// A compiled scheme: which columns it reads and what is done with them, in order.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(crate) scheme: Scheme,
    pub(crate) inputs: Vec<Input>,
    /// Places of each input, where its item declares them.
    pub(crate) input_scales: Vec<Option<u8>>,
    /// Position of each input's item in the scheme.
    pub(crate) input_items: Vec<Option<usize>>,
    /// Positions of nodes in the order in which they are computed.
    pub(crate) order: Vec<usize>,
    /// One per node, by the node's position in the scheme.
    pub(crate) steps: Vec<NodeStep>,
    /// One per gate, by the gate's position in the scheme.
    pub(crate) gates: Vec<GateStep>,
    /// What is filled in where an input is missing.
    pub(crate) fills: Vec<Fill>,
    pub(crate) root: usize,
    /// Where the excluding value comes from.
    pub(crate) excluded: Option<Source>,
    /// One per tie-break; `None` where it reads no column.
    pub(crate) ties: Vec<Option<Source>>,
}

impl Plan {
    /// The scheme it was compiled from.
    pub fn scheme(&self) -> &Scheme {
        &self.scheme
    }

    /// The columns it needs, in the order in which [`crate::Columns`] holds them.
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// Position of an input, by its name in files (`households@start`).
    pub fn input_index(&self, name: &str) -> Option<usize> {
        self.inputs.iter().position(|input| input.name() == name)
    }

    /// Position of the node that is the score.
    pub fn root(&self) -> usize {
        self.root
    }
}

/// Compiles a scheme. The findings are those of [`crate::check`]; with an error among them there
/// is no plan.
pub fn compile(scheme: &Scheme) -> (Option<Plan>, Vec<Finding>) {
    let findings = check(scheme);
    if findings.iter().any(Finding::blocks) {
        return (None, findings);
    }
    let Ok(order) = evaluation_order(scheme) else {
        return (None, findings);
    };
    let Some(root) = scheme.node_index(&scheme.root) else {
        return (None, findings);
    };
    let mut compiler = Compiler {
        scheme,
        inputs: Vec::new(),
        fills: Vec::new(),
    };
    let steps = (0..scheme.nodes.len())
        .map(|index| compiler.step(index))
        .collect();
    let gates = scheme
        .gates
        .iter()
        .map(|gate| compiler.gate(gate))
        .collect();
    let rank = scheme.rank.as_ref();
    let excluded = rank
        .and_then(|rank| rank.excluded.as_ref())
        .map(|excluded| compiler.source(&excluded.value));
    let ties = rank.map_or(&[][..], |rank| &rank.ties);
    let ties = ties
        .iter()
        .map(|tie_break| compiler.tie(tie_break))
        .collect();
    let scale = |input: &Input| {
        let item = scheme.item_index(&input.item)?;
        scheme.items[item].scale
    };
    let plan = Plan {
        scheme: scheme.clone(),
        input_scales: compiler.inputs.iter().map(scale).collect(),
        input_items: compiler
            .inputs
            .iter()
            .map(|input| scheme.item_index(&input.item))
            .collect(),
        inputs: compiler.inputs,
        order,
        steps,
        gates,
        fills: compiler.fills,
        root,
        excluded,
        ties,
    };
    (Some(plan), findings)
}

/// Resolves names to positions; the scheme has been checked, so every name is there.
struct Compiler<'a> {
    scheme: &'a Scheme,
    inputs: Vec<Input>,
    fills: Vec<Fill>,
}

impl Compiler<'_> {
    fn input(&mut self, input: Input) -> usize {
        let known = self.inputs.iter().position(|known| *known == input);
        known.unwrap_or_else(|| {
            self.inputs.push(input);
            self.inputs.len() - 1
        })
    }

    fn node(&self, code: &str) -> usize {
        self.scheme
            .node_index(code)
            .expect("the check finds unknown nodes")
    }

    fn source(&mut self, operand: &Operand) -> Source {
        match operand {
            Operand::Constant(value) => Source::Constant(*value),
            Operand::Item(input) => Source::Input(self.input(input.clone())),
            Operand::Node(code) => Source::Node(self.node(code)),
        }
    }

    fn gate(&mut self, gate: &crate::scheme::Gate) -> GateStep {
        let value = match (&gate.value, gate.tested) {
            (Operand::Item(input), Tested::Declared) if input.moment == Moment::Period => {
                let input = Input {
                    item: input.item.clone(),
                    moment: Moment::Declared,
                };
                Source::Input(self.input(input))
            }
            (operand, _) => self.source(operand),
        };
        let limit = match &gate.effect {
            GateEffect::GradeLimit(code) => self
                .scheme
                .grade
                .as_ref()
                .and_then(|grades| grades.bands.iter().position(|band| band.code == *code)),
            _ => None,
        };
        GateStep { value, limit }
    }

    fn tie(&mut self, tie_break: &TieBreak) -> Option<Source> {
        match tie_break {
            TieBreak::Node { node, .. } => Some(Source::Node(self.node(node))),
            TieBreak::Item { input, .. } => Some(Source::Input(self.input(input.clone()))),
            _ => None,
        }
    }
}

/// The names a formula of a scheme may use: its items.
struct ItemNames<'a>(&'a Scheme);

const WINDOWS: &[Window] = &Window::WRITTEN;

impl Names for ItemNames<'_> {
    fn declaration(&self, name: &str) -> Option<Declaration<'_>> {
        self.0.item_index(name).map(|_| Declaration {
            value_type: Type::Number,
            windows: WINDOWS,
        })
    }

    fn known(&self) -> Vec<&str> {
        self.0.items.iter().map(|item| item.code.as_str()).collect()
    }
}

/// A checked formula of a scheme. Its findings lose their place within the formula as a place and
/// keep it as arguments, because the caller knows the field.
pub(crate) fn formula(scheme: &Scheme, expression: &str) -> Result<Formula, Vec<Finding>> {
    let origin = Origin::inline();
    let checked = Tree::parse(expression, &origin)
        .map_err(|finding| vec![finding])
        .and_then(|tree| tree.check(&ItemNames(scheme), Type::Number));
    checked.map_err(|findings| {
        let within = |finding: Finding| match finding.place.clone() {
            FindingPlace::Line { line, column, .. } => finding
                .arg("formula_line", line)
                .arg("formula_column", column),
            _ => finding,
        };
        findings.into_iter().map(within).collect()
    })
}

/// The inputs of a formula, in its own order.
pub(crate) fn formula_inputs(formula: &Formula) -> Vec<Input> {
    let moment = |window| match window {
        Window::Current => Moment::Period,
        Window::Previous => Moment::Previous,
        Window::SameLastYear => Moment::SameLastYear,
        Window::YearToDate => Moment::YearToDate,
    };
    formula
        .inputs()
        .iter()
        .map(|input| Input {
            item: input.name.clone(),
            moment: moment(input.window),
        })
        .collect()
}

impl Compiler<'_> {
    fn step(&mut self, index: usize) -> NodeStep {
        let node = &self.scheme.nodes[index];
        let operands: Vec<Operand> = crate::check::rule_operands(&node.rule)
            .into_iter()
            .map(|(_, operand)| operand)
            .collect();
        let mut reads: Vec<Source> = operands
            .iter()
            .map(|operand| self.source(operand))
            .collect();
        let compiled = match &node.rule {
            Rule::Formula(rule) => Some(
                formula(self.scheme, &rule.expression).expect("the check finds faulty formulas"),
            ),
            _ => None,
        };
        for input in compiled.iter().flat_map(formula_inputs) {
            reads.push(Source::Input(self.input(input)));
        }
        let fills = reads.iter().map(|read| self.fill(index, *read)).collect();
        let gates = (0..self.scheme.gates.len())
            .filter(|&gate| self.scheme.gates[gate].node == node.code)
            .collect();
        NodeStep {
            reads,
            fills,
            gates,
            unit_factor: self.unit_factor(index),
            logarithms: step::logarithms(&node.rule),
            roll_up: self.roll_up(index),
            formula: compiled,
            scale: step::scale(self.scheme, index),
        }
    }

    fn unit_factor(&self, index: usize) -> Decimal {
        let (value, wanted) = match &self.scheme.nodes[index].rule {
            Rule::TierTable(rule) => (&rule.value, &rule.unit),
            Rule::SteppedAdd(rule) => (&rule.value, &rule.unit),
            _ => return Decimal::ONE,
        };
        let Operand::Item(input) = value else {
            return Decimal::ONE;
        };
        let item = self.scheme.item_index(&input.item);
        let unit = item.map(|item| &self.scheme.items[item].unit);
        unit.and_then(|unit| unit.factor_to(wanted))
            .expect("the check finds units that do not convert")
    }

    /// What stands in for a read that is missing.
    fn fill(&mut self, index: usize, read: Source) -> Option<FillWith> {
        let Source::Input(input) = read else {
            return None;
        };
        match step::value_fill(&self.scheme.nodes[index].missing)? {
            step::ValueFill::Last => {
                let item = self.inputs[input].item.clone();
                let moment = Moment::Last;
                Some(FillWith::Input(self.input(Input { item, moment })))
            }
            step::ValueFill::Group { among, mean } => {
                let fill = Fill { input, among, mean };
                let known = self.fills.iter().position(|known| *known == fill);
                Some(FillWith::Group(known.unwrap_or_else(|| {
                    self.fills.push(fill);
                    self.fills.len() - 1
                })))
            }
        }
    }

    fn roll_up(&self, index: usize) -> Option<RollUpStep> {
        let node = &self.scheme.nodes[index];
        let Rule::RollUp(rule) = &node.rule else {
            return None;
        };
        Some(RollUpStep::new(self.scheme, node, rule))
    }
}

/// The name of a column in files.
impl std::fmt::Display for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name())
    }
}

/// Reads `households@start` back.
impl std::str::FromStr for Input {
    type Err = ();

    fn from_str(name: &str) -> Result<Input, ()> {
        let (item, moment) = match name.split_once('@') {
            None => (name, Moment::Period),
            Some((item, word)) => (item, Moment::from_word(word).ok_or(())?),
        };
        Ok(Input {
            item: item.to_owned(),
            moment,
        })
    }
}
