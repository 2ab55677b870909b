//! In which order nodes are computed.

use std::collections::BTreeSet;

use crate::check::rule_operands;
use crate::scheme::{GateEffect, Input, Operand, Rule, Scheme, TieBreak};

/// Positions of the nodes, each after everything it needs; or a cycle of nodes.
pub(crate) fn evaluation_order(scheme: &Scheme) -> Result<Vec<usize>, Vec<usize>> {
    let needs: Vec<Vec<usize>> = (0..scheme.nodes.len())
        .map(|index| needs(scheme, index))
        .collect();
    let mut state = vec![State::New; scheme.nodes.len()];
    let mut order = Vec::with_capacity(scheme.nodes.len());
    for start in 0..scheme.nodes.len() {
        visit(start, &needs, &mut state, &mut order)?;
    }
    Ok(order)
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    Open,
    Done,
}

/// Depth first with a stack of its own: a hostile scheme cannot exhaust the thread's.
fn visit(
    start: usize,
    needs: &[Vec<usize>],
    state: &mut [State],
    order: &mut Vec<usize>,
) -> Result<(), Vec<usize>> {
    if state[start] != State::New {
        return Ok(());
    }
    let mut path = vec![(start, 0)];
    state[start] = State::Open;
    while let Some((node, next)) = path.last_mut() {
        let Some(&needed) = needs[*node].get(*next) else {
            state[*node] = State::Done;
            order.push(*node);
            path.pop();
            continue;
        };
        *next += 1;
        match state[needed] {
            State::Done => {}
            State::New => {
                state[needed] = State::Open;
                path.push((needed, 0));
            }
            State::Open => {
                let cycle = path.iter().map(|(node, _)| *node);
                return Err(cycle.skip_while(|&node| node != needed).collect());
            }
        }
    }
    Ok(())
}

/// The nodes that a node waits for.
fn needs(scheme: &Scheme, index: usize) -> Vec<usize> {
    let node = &scheme.nodes[index];
    let mut needs = scheme.children(&node.code);
    let gates = scheme.gates.iter().filter(|gate| {
        // A grade limit acts after everything, so nobody waits for it.
        gate.node == node.code && !matches!(gate.effect, GateEffect::GradeLimit(_))
    });
    let operands = rule_operands(&node.rule)
        .into_iter()
        .map(|(_, operand)| operand)
        .chain(gates.map(|gate| gate.value.clone()));
    for operand in operands {
        if let Operand::Node(code) = operand {
            needs.extend(scheme.node_index(&code));
        }
    }
    needs
}

/// Every input and every node (by code) that something reads.
pub(crate) fn everything_read(scheme: &Scheme) -> (BTreeSet<Input>, BTreeSet<String>) {
    let (mut inputs, mut nodes) = (BTreeSet::new(), BTreeSet::new());
    let mut read = |operand: &Operand| match operand {
        Operand::Constant(_) => {}
        Operand::Item(input) => {
            inputs.insert(input.clone());
        }
        Operand::Node(code) => {
            nodes.insert(code.clone());
        }
    };
    for node in &scheme.nodes {
        for (_, operand) in rule_operands(&node.rule) {
            read(&operand);
        }
        if let Rule::Formula(rule) = &node.rule
            && let Ok(formula) = super::formula(scheme, &rule.expression)
        {
            for input in super::formula_inputs(&formula) {
                read(&Operand::Item(input));
            }
        }
    }
    for gate in &scheme.gates {
        read(&gate.value);
    }
    if let Some(rank) = &scheme.rank {
        if let Some(excluded) = &rank.excluded {
            read(&excluded.value);
        }
        for tie_break in &rank.ties {
            match tie_break {
                TieBreak::Node { node, .. } => read(&Operand::Node(node.clone())),
                TieBreak::Item { input, .. } => read(&Operand::Item(input.clone())),
                _ => {}
            }
        }
    }
    (inputs, nodes)
}
