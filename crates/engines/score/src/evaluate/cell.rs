//! One node of one subject: the definition that columns and explanations share.

use ::kernel::{Decimal, NumberError};

use crate::calculate::{Calculator, Name, Operation};
use crate::plan::{FillWith, NodeStep, Plan, Source};
use crate::rules::{self, Child, Trouble, round};
use crate::scheme::{Fallback, GateEffect, GateMissing, NodeRounding, Rule};

/// What else a cell needs to know: values of inputs, marks of nodes computed before, fills.
pub(crate) trait View {
    fn input(&self, input: usize) -> Option<Decimal>;
    fn node(&self, node: usize) -> Seen;
    fn group_fill(&self, fill: usize) -> Option<Decimal>;
    fn mark_fill(&self, node: usize) -> Option<Decimal>;
}

/// A node computed before.
#[derive(Clone, Copy)]
pub(crate) struct Seen {
    pub(crate) mark: Option<Decimal>,
    pub(crate) missing: bool,
    pub(crate) held: bool,
}

/// Which number of a node is wanted.
#[derive(Clone, Copy)]
pub(crate) struct Variant {
    /// Whether the node rounds.
    pub(crate) rounded: bool,
    /// Whether its gates act.
    pub(crate) gated: bool,
    /// Whether missing marks are filled; not while the fill itself is computed.
    pub(crate) filled: bool,
}

impl Variant {
    /// What counts.
    pub(crate) const COUNTED: Variant = Variant {
        rounded: true,
        gated: true,
        filled: true,
    };
}

/// What came out.
pub(crate) struct Computed<N> {
    /// What counts; `None` where nothing does.
    pub(crate) mark: Option<N>,
    /// Before rounding and limits; `None` where the rule gave nothing.
    pub(crate) before_rounding: Option<N>,
    /// The node has no value of its own.
    pub(crate) missing: bool,
    /// Everything above stays without mark.
    pub(crate) held: bool,
    /// What the missing policy did.
    pub(crate) applied: Option<Applied>,
    /// Why the rule gave nothing although its values are there.
    pub(crate) trouble: Option<Trouble>,
    /// Gates that failed and changed something or not, by position.
    pub(crate) failed_gates: Vec<usize>,
}

/// What a missing policy did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Applied {
    /// Values were filled in before the rule.
    FilledValue,
    /// The mark was filled in after the rule.
    FilledMark,
    /// An error blocks the subject.
    Blocked,
    /// It waits for a decision.
    AwaitsAppeal,
    /// It counts 0.
    Zero,
    /// It is left out.
    Skipped,
    /// Something below is held, so this is.
    HeldBelow,
}

/// Computes a node for a subject.
pub(crate) fn compute<C: Calculator>(
    plan: &Plan,
    node: usize,
    view: &impl View,
    variant: Variant,
    calculator: &mut C,
) -> Computed<C::Number> {
    let step = &plan.steps[node];
    let mut computed = Computed {
        mark: None,
        before_rounding: None,
        missing: true,
        held: false,
        applied: None,
        trouble: None,
        failed_gates: Vec::new(),
    };
    if waits(step, view) {
        computed.held = true;
        computed.applied = Some(Applied::HeldBelow);
        return computed;
    }
    let (outcome, filled) = rule(plan, node, view, calculator);
    let settled = outcome.and_then(|raw| match raw {
        None => Ok(None),
        Some(raw) => {
            let mark = settle(plan, node, raw, variant.rounded, calculator)?;
            Ok(Some((raw, mark)))
        }
    });
    match settled {
        Ok(Some((raw, mark))) => {
            computed.before_rounding = Some(raw);
            computed.mark = Some(mark);
            computed.missing = filled;
            computed.applied = filled.then_some(Applied::FilledValue);
        }
        Ok(None) => missing(plan, node, view, variant, &mut computed, calculator),
        Err(trouble) => {
            computed.trouble = Some(trouble);
            missing(plan, node, view, variant, &mut computed, calculator);
        }
    }
    if variant.gated {
        gates(plan, step, view, &mut computed, calculator);
    }
    computed
}

/// Whether something that the node needs is held.
fn waits(step: &NodeStep, view: &impl View) -> bool {
    let reads = step.reads.iter().filter_map(|read| match read {
        Source::Node(node) => Some(*node),
        _ => None,
    });
    let children = step
        .roll_up
        .iter()
        .flat_map(|roll_up| roll_up.children.iter().copied());
    reads.chain(children).any(|node| view.node(node).held)
}

/// The rule's mark; and whether something it read was filled in.
fn rule<C: Calculator>(
    plan: &Plan,
    node: usize,
    view: &impl View,
    calculator: &mut C,
) -> (rules::Outcome<C::Number>, bool) {
    let step = &plan.steps[node];
    let definition = &plan.scheme.nodes[node];
    if let (Rule::RollUp(rule), Some(roll_up)) = (&definition.rule, &step.roll_up) {
        let children: Vec<Child<C::Number>> = roll_up
            .children
            .iter()
            .map(|&child| {
                let seen = view.node(child);
                let number = seen
                    .mark
                    .map(|mark| calculator.given(Name::Node(child), mark));
                Child {
                    number,
                    missing: seen.missing,
                }
            })
            .collect();
        return (rules::roll_up(rule, roll_up, &children, calculator), false);
    }
    let mut filled = false;
    let mut reads = [None; 6];
    let mut many = Vec::new();
    let numbers: &mut [Option<C::Number>] = if step.reads.len() <= reads.len() {
        &mut reads[..step.reads.len()]
    } else {
        many.resize(step.reads.len(), None);
        &mut many
    };
    for (position, read) in step.reads.iter().enumerate() {
        let (number, was_filled) = self::read(step, position, *read, view, calculator);
        numbers[position] = number;
        filled |= was_filled;
    }
    let numbers = &*numbers;
    let outcome = match &definition.rule {
        Rule::TierTable(rule) => rules::tier_table(rule, step.unit_factor, numbers[0], calculator),
        Rule::Interpolation(rule) => rules::interpolation(rule, numbers, calculator),
        Rule::Ratio(rule) => {
            rules::ratio(rule, definition.full, numbers[0], numbers[1], calculator)
        }
        Rule::SteppedAdd(rule) => {
            let reads = [numbers[0], numbers[1]];
            rules::stepped_add(rule, step.unit_factor, reads, calculator)
        }
        Rule::Deduction(rule) => rules::deduction(rule, numbers, calculator),
        Rule::Growth(rule) => rules::growth(rule, definition.full, numbers, calculator),
        Rule::Checklist(rule) => rules::checklist(rule, definition.full, numbers, calculator),
        Rule::Bonus(rule) => rules::event_list(rule, false, numbers, calculator),
        Rule::Penalty(rule) => rules::event_list(rule, true, numbers, calculator),
        Rule::RoundComposite(rule) => {
            rules::round_composite(rule, definition.full, numbers, calculator)
        }
        Rule::Goalpost(rule) => rules::goalpost(
            rule,
            definition.full,
            step.logarithms,
            numbers[0],
            calculator,
        ),
        Rule::Formula(_) => match &step.formula {
            Some(formula) => rules::formula(formula, numbers, calculator),
            None => Ok(None),
        },
        Rule::RollUp(_) => Ok(None),
    };
    (outcome, filled)
}

/// A value that the rule reads; and whether it was filled in.
fn read<C: Calculator>(
    step: &NodeStep,
    position: usize,
    source: Source,
    view: &impl View,
    calculator: &mut C,
) -> (Option<C::Number>, bool) {
    match source {
        Source::Constant(value) => {
            let name = Name::Constant("operand");
            (Some(calculator.given(name, value)), false)
        }
        Source::Node(node) => {
            let mark = view.node(node).mark;
            (
                mark.map(|mark| calculator.given(Name::Node(node), mark)),
                false,
            )
        }
        Source::Input(input) => {
            if let Some(value) = view.input(input) {
                return (Some(calculator.given(Name::Input(input), value)), false);
            }
            let fill = match step.fills[position] {
                None => None,
                Some(FillWith::Input(last)) => view.input(last),
                Some(FillWith::Group(fill)) => view.group_fill(fill),
            };
            let number = fill.map(|fill| calculator.given(Name::FilledInput(input), fill));
            (number, number.is_some())
        }
    }
}

/// Rounding, cap and floor, in the scheme's order.
fn settle<C: Calculator>(
    plan: &Plan,
    node: usize,
    raw: C::Number,
    rounded: bool,
    calculator: &mut C,
) -> Result<C::Number, NumberError> {
    let definition = &plan.scheme.nodes[node];
    let rounding = if rounded {
        definition.round
    } else {
        NodeRounding::Exact
    };
    let limit = |mut mark: C::Number, calculator: &mut C| {
        if let Some(floor) = definition.floor
            && calculator.value(mark) < floor
        {
            let floor = calculator.given(Name::Constant("floor"), floor);
            mark = calculator.operate("node-floor", Operation::Maximum, &[mark, floor])?;
        }
        if let Some(cap) = definition.cap
            && calculator.value(mark) > cap
        {
            let cap = calculator.given(Name::Constant("cap"), cap);
            mark = calculator.operate("node-cap", Operation::Minimum, &[mark, cap])?;
        }
        Ok::<C::Number, NumberError>(mark)
    };
    if plan.scheme.order.limits_first() {
        let mark = limit(raw, calculator)?;
        round(calculator, "node-rounding", rounding, mark)
    } else {
        let mark = round(calculator, "node-rounding", rounding, raw)?;
        limit(mark, calculator)
    }
}

/// Applies the missing policy.
fn missing<C: Calculator>(
    plan: &Plan,
    node: usize,
    view: &impl View,
    variant: Variant,
    computed: &mut Computed<C::Number>,
    calculator: &mut C,
) {
    let policy = &plan.scheme.nodes[node].missing;
    if variant.filled
        && let Some(fill) = view.mark_fill(node)
    {
        computed.mark = Some(calculator.given(Name::Constant("filled-mark"), fill));
        computed.applied = Some(Applied::FilledMark);
        return;
    }
    computed.applied = Some(match policy.fallback() {
        Fallback::Zero => {
            computed.mark =
                Some(calculator.given(Name::Constant("missing-as-zero"), Decimal::ZERO));
            Applied::Zero
        }
        Fallback::Skip => Applied::Skipped,
        Fallback::Block => {
            computed.held = true;
            Applied::Blocked
        }
        Fallback::Appeal => {
            computed.held = true;
            Applied::AwaitsAppeal
        }
    });
}

/// Whether a gate fails.
pub(crate) fn fails(plan: &Plan, gate: usize, view: &impl View) -> bool {
    let definition = &plan.scheme.gates[gate];
    let value = match plan.gates[gate].value {
        Source::Constant(value) => Some(value),
        Source::Input(input) => view.input(input),
        Source::Node(node) => view.node(node).mark,
    };
    match value {
        Some(value) => !definition.passes.contains(value),
        None => definition.missing == GateMissing::Fail,
    }
}

fn gates<C: Calculator>(
    plan: &Plan,
    step: &NodeStep,
    view: &impl View,
    computed: &mut Computed<C::Number>,
    calculator: &mut C,
) {
    for &gate in &step.gates {
        if !fails(plan, gate, view) {
            continue;
        }
        computed.failed_gates.push(gate);
        let Some(mark) = computed.mark else { continue };
        computed.mark = Some(match plan.scheme.gates[gate].effect {
            GateEffect::Zero => calculator.given(Name::Constant("gate-zero"), Decimal::ZERO),
            GateEffect::Cap(cap) if calculator.value(mark) > cap => {
                calculator.given(Name::Constant("gate-cap"), cap)
            }
            GateEffect::Cap(_) | GateEffect::GradeLimit(_) => mark,
        });
    }
}
