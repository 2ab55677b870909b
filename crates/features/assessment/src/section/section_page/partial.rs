//! What a node has for certain while values are missing: the marks of what is filled in, never a
//! mark that a rule for missing values has put in place or stretched over the gap.

use std::collections::BTreeSet;

use kernel::Decimal;
use score::{Aggregator, Cell, Results, Rule};

use super::record::Read;
use crate::scheme::layout::items_of_rule;
use crate::section::cell::Cells;

/// What is known of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Partial {
    /// The marks of what is filled in; none where nothing is, or where the parts do not add up to
    /// the whole.
    pub mark: Option<Decimal>,
    /// How many items are not filled in.
    pub open: usize,
}

/// What is known of a node of one subject. Nothing missing: the mark. Else a sum has the sum of
/// what is known of its children, up to its cap; any other rule has no mark yet.
pub(super) fn partial(read: &Read, results: &Results, cells: &Cells, node: usize) -> Partial {
    let scheme = read.plan.scheme();
    let definition = &scheme.nodes[node];
    let whole = results.cell(node, 0);
    let Rule::RollUp(roll_up) = &definition.rule else {
        return match whole {
            Cell::Mark(mark) => Partial {
                mark: Some(mark),
                open: 0,
            },
            Cell::Missing { .. } => Partial {
                mark: None,
                open: open_items(read, cells, node).max(1),
            },
        };
    };
    let children: Vec<Partial> = scheme
        .children(&definition.code)
        .into_iter()
        .map(|child| partial(read, results, cells, child))
        .collect();
    let open: usize = children.iter().map(|child| child.open).sum();
    if open == 0 {
        return Partial {
            mark: whole.counted(),
            open,
        };
    }
    if roll_up.aggregator != Aggregator::Sum {
        return Partial { mark: None, open };
    }
    let known = children.iter().filter_map(|child| child.mark);
    let sum = known.reduce(|sum, mark| sum.add(mark).unwrap_or(sum));
    let capped = sum.map(|sum| definition.cap.map_or(sum, |cap| sum.min(cap)));
    Partial { mark: capped, open }
}

/// How many of the items that a node reads have no value.
fn open_items(read: &Read, cells: &Cells, node: usize) -> usize {
    let scheme = read.plan.scheme();
    let codes = items_of_rule(scheme, &scheme.nodes[node].rule);
    let subject = read.subject.subject_no;
    let has_value = |item_no| {
        cells
            .get(&(subject, item_no))
            .is_some_and(|cell| cell.value().is_some())
    };
    let open: BTreeSet<&str> = read
        .items
        .iter()
        .filter(|item| codes.contains(&item.code) && !has_value(item.item_no))
        .map(|item| item.code.as_str())
        .collect();
    open.len()
}
