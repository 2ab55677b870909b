//! The steps of a plan: names resolved to positions, constants prepared.

use formula::Formula;
use kernel::{Decimal, math};

use crate::scheme::{
    Aggregator, Among, Basis, Filled, GateEffect, GoalpostScale, MissingPolicy, NodeRounding,
    RollUp, Rule, Scheme, SchemeNode,
};

/// Where a number comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Source {
    Constant(Decimal),
    /// Position in [`super::Plan::inputs`].
    Input(usize),
    /// Position of a node.
    Node(usize),
}

/// What stands in for a missing input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum FillWith {
    /// Another input: the last known value.
    Input(usize),
    /// A number per group; position in [`super::Plan::fills`].
    Group(usize),
}

/// A number over the subjects that have an input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Fill {
    pub(crate) input: usize,
    pub(crate) among: Among,
    /// The mean with its rounding; `None` for the minimum.
    pub(crate) mean: Option<NodeRounding>,
}

/// What is done for a node.
#[derive(Clone, Debug)]
pub(crate) struct NodeStep {
    /// The rule's operands, in the rule's own order; empty for a roll-up.
    pub(crate) reads: Vec<Source>,
    /// For each read, what stands in for it.
    pub(crate) fills: Vec<Option<FillWith>>,
    /// Positions of the gates at this node, in the order of the file.
    pub(crate) gates: Vec<usize>,
    /// Converts the value of a tier table or of steps to the rule's unit.
    pub(crate) unit_factor: Decimal,
    /// Natural logarithms of the goalposts, where the scale is logarithmic.
    pub(crate) logarithms: Option<[Decimal; 2]>,
    pub(crate) roll_up: Option<RollUpStep>,
    pub(crate) formula: Option<Formula>,
    /// Places of the node's numbers, where they are bounded: the column is then of integers.
    pub(crate) scale: Option<u8>,
}

#[derive(Clone, Debug)]
pub(crate) struct GateStep {
    pub(crate) value: Source,
    /// Position of the best grade that remains, where the gate limits the grade.
    pub(crate) limit: Option<usize>,
}

/// A roll-up with its children.
#[derive(Clone, Debug)]
pub(crate) struct RollUpStep {
    /// Positions of the children, in the order of the file.
    pub(crate) children: Vec<usize>,
    /// Weight of each child, or its full mark where the aggregator has no weights.
    pub(crate) sizes: Vec<Decimal>,
    /// By what each child's mark is multiplied, see `rules::roll_up`.
    pub(crate) cofactors: Vec<Decimal>,
    /// The common multiple behind the cofactors; 1 where marks are aggregated.
    pub(crate) common: Decimal,
    /// The full mark by which an aggregated share is multiplied.
    pub(crate) share_of: Option<Decimal>,
}

impl RollUpStep {
    pub(super) fn new(scheme: &Scheme, node: &SchemeNode, rule: &RollUp) -> RollUpStep {
        let children = scheme.children(&node.code);
        let full: Vec<Decimal> = children
            .iter()
            .map(|&child| scheme.nodes[child].full)
            .collect();
        let weight = |&child: &usize| scheme.nodes[child].weight;
        let sizes = if rule.aggregator.is_weighted() {
            children.iter().filter_map(weight).collect()
        } else {
            full.clone()
        };
        let share = rule.basis == Basis::Share;
        let (cofactors, common) = if share {
            cofactors(&full)
        } else {
            (vec![Decimal::ONE; full.len()], Decimal::ONE)
        };
        RollUpStep {
            children,
            sizes,
            cofactors,
            common,
            share_of: share.then_some(node.full),
        }
    }
}

/// `common / full` for each full mark, where `common` is a common multiple of all of them; where
/// it would be too large to be exact, shares of 24 digits.
fn cofactors(full: &[Decimal]) -> (Vec<Decimal>, Decimal) {
    let scale = full.iter().map(|mark| mark.scale()).max().unwrap_or(0);
    let whole: Option<Vec<i128>> = full.iter().map(|mark| mark.rescale_exact(scale)).collect();
    let common = whole.as_ref().and_then(|whole| {
        whole.iter().try_fold(1_i128, |common, &mark| {
            let divisor = greatest_common_divisor(common, mark);
            (common / divisor)
                .checked_mul(mark)
                .filter(|common| *common < 1_000_000_000_000)
        })
    });
    let (Some(whole), Some(common)) = (whole, common) else {
        let inverse = |mark: &Decimal| Decimal::ONE.div(*mark).unwrap_or(Decimal::ZERO);
        return (full.iter().map(inverse).collect(), Decimal::ONE);
    };
    let cofactors = whole.iter().map(|mark| Decimal::new(common / mark, 0));
    (cofactors.collect(), Decimal::new(common, scale))
}

fn greatest_common_divisor(left: i128, right: i128) -> i128 {
    let (mut left, mut right) = (left.abs(), right.abs());
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left.max(1)
}

/// Of a logarithmic goalpost, whose goalposts are positive.
pub(super) fn logarithms(rule: &Rule) -> Option<[Decimal; 2]> {
    match rule {
        Rule::Goalpost(rule) if rule.scale == GoalpostScale::Logarithmic => {
            Some([math::ln(rule.low).ok()?, math::ln(rule.high).ok()?])
        }
        _ => None,
    }
}

/// How a policy fills values.
pub(super) enum ValueFill {
    Last,
    Group {
        among: Among,
        mean: Option<NodeRounding>,
    },
}

pub(super) fn value_fill(policy: &MissingPolicy) -> Option<ValueFill> {
    match policy {
        MissingPolicy::LastValue { .. } => Some(ValueFill::Last),
        MissingPolicy::GroupMinimum {
            fills: Filled::Value,
            among,
            ..
        } => Some(ValueFill::Group {
            among: *among,
            mean: None,
        }),
        MissingPolicy::GroupMean {
            fills: Filled::Value,
            among,
            round,
            ..
        } => Some(ValueFill::Group {
            among: *among,
            mean: Some(*round),
        }),
        _ => None,
    }
}

/// How a policy fills marks.
pub(crate) fn mark_fill(policy: &MissingPolicy) -> Option<(Among, Option<NodeRounding>)> {
    match policy {
        MissingPolicy::GroupMinimum {
            fills: Filled::Mark,
            among,
            ..
        } => Some((*among, None)),
        MissingPolicy::GroupMean {
            fills: Filled::Mark,
            among,
            round,
            ..
        } => Some((*among, Some(*round))),
        _ => None,
    }
}

/// Places of a node's numbers, if they are bounded.
pub(super) fn scale(scheme: &Scheme, index: usize) -> Option<u8> {
    let node = &scheme.nodes[index];
    let own = match node.round {
        NodeRounding::Places { places, .. } => Some(places),
        NodeRounding::Exact => match &node.rule {
            Rule::TierTable(rule) => rule.tiers.iter().map(|tier| tier.mark.scale()).max(),
            Rule::RollUp(rule) => additive(scheme, node, rule),
            _ => None,
        },
    }?;
    let gates = scheme.gates.iter().filter(|gate| gate.node == node.code);
    let caps = gates.filter_map(|gate| match gate.effect {
        GateEffect::Cap(cap) => Some(cap),
        _ => None,
    });
    let limits = caps.chain(node.cap).chain(node.floor).map(Decimal::scale);
    let fill = match mark_fill(&node.missing) {
        Some((_, Some(NodeRounding::Exact))) => return None,
        Some((_, Some(NodeRounding::Places { places, .. }))) => places,
        _ => 0,
    };
    Some(limits.chain([own, fill]).max().unwrap_or(own))
}

/// A sum or an extreme of marks has no more places than its children.
fn additive(scheme: &Scheme, node: &SchemeNode, rule: &RollUp) -> Option<u8> {
    let keeps = matches!(
        rule.aggregator,
        Aggregator::Sum | Aggregator::Minimum | Aggregator::Maximum | Aggregator::BestSum
    );
    let re_weights = rule.skipped == Some(crate::scheme::Skipped::ReWeight);
    if !keeps || re_weights || rule.basis == Basis::Share {
        return None;
    }
    let children = scheme.children(&node.code);
    let scales: Option<Vec<u8>> = children.iter().map(|&child| scale(scheme, child)).collect();
    scales?.into_iter().max()
}
