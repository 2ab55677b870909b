//! How a scheme's columns fall into sections: the level-1 indices, in which people declare.

use std::collections::BTreeSet;

use score::{Choice, Input, ItemSource, Moment, Operand, Plan, Rule, Scheme, TieBreak, Title};

/// A section: a node directly below the root, or the root itself where it has no children.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedSection {
    /// The node's code.
    pub code: String,
    /// Its name.
    pub title: Title,
}

/// A column with the section in which it is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedItem {
    /// The column.
    pub input: Input,
    /// Position of its section; none of what the register of events counts: nobody declares,
    /// verifies or reviews that in a section.
    pub section: Option<usize>,
    /// Who supplies it.
    pub source: ItemSource,
    /// The item's name.
    pub title: Title,
}

/// The sections of a plan and its columns, in the plan's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Sections in the order of the scheme.
    pub sections: Vec<PlacedSection>,
    /// One per input of the plan, then what people are asked besides.
    pub items: Vec<PlacedItem>,
}

impl Layout {
    /// Sections and columns of a plan. A column belongs to the first section that reads its item;
    /// what only the root reads (a gate, a tie-break) is declared in the first section.
    ///
    /// An index that reads nothing but events (bonus, penalty) is no section.
    ///
    /// An item that is read only at another moment than its own period gets its period column
    /// too, if people supply it: somebody has to be asked for it.
    pub fn of(plan: &Plan) -> Layout {
        let scheme = plan.scheme();
        let of_events = |item: &String| {
            let item = scheme.item_index(item).map(|at| &scheme.items[at]);
            item.is_some_and(|item| item.source == ItemSource::Events)
        };
        let mut tops = tops(scheme);
        tops.retain(|top| {
            let items = items_below(scheme, top);
            items.is_empty() || !items.iter().all(of_events)
        });
        let read: Vec<BTreeSet<String>> = tops.iter().map(|top| items_below(scheme, top)).collect();
        let section_of = |item: &str| read.iter().position(|items| items.contains(item));
        let place = |input: Input| {
            let item = &scheme.items[scheme.item_index(&input.item).expect("a plan's item")];
            PlacedItem {
                section: (item.source != ItemSource::Events)
                    .then(|| section_of(&input.item).unwrap_or(0)),
                source: item.source,
                title: item.title.clone(),
                input,
            }
        };
        let unasked = unasked(plan).into_iter();
        let items = plan
            .inputs()
            .iter()
            .cloned()
            .chain(unasked)
            .map(place)
            .collect();
        let sections = tops.iter().map(|top| {
            let node = &scheme.nodes[scheme.node_index(top).expect("a node of the scheme")];
            PlacedSection {
                code: node.code.clone(),
                title: node.title.clone(),
            }
        });
        Layout {
            sections: sections.collect(),
            items,
        }
    }
}

/// The period's own column of items that people supply and the plan reads only at other moments:
/// somebody has to be asked for what a gate tests as declared, or the next round reads as previous.
fn unasked(plan: &Plan) -> Vec<Input> {
    let own = |item: &str| Input {
        item: item.to_owned(),
        moment: Moment::Period,
    };
    let mut found: Vec<Input> = Vec::new();
    for item in &plan.scheme().items {
        let read = plan.inputs().iter().any(|input| input.item == item.code);
        let own = own(&item.code);
        if is_asked(Moment::Period, item.source) && read && !plan.inputs().contains(&own) {
            found.push(own);
        }
    }
    found
}

/// Whether people give this column: the period's own value of what neither the record nor the
/// register of events holds.
pub fn is_asked(moment: Moment, source: ItemSource) -> bool {
    let held = matches!(source, ItemSource::Record | ItemSource::Events);
    moment == Moment::Period && !held
}

/// Whether the column is brought from the record: what the record holds, and every other moment
/// than the period's own and the declared value.
pub fn is_brought(moment: Moment, source: ItemSource) -> bool {
    moment != Moment::Declared && !is_asked(moment, source)
}

/// The word of a moment, as the record keeps it.
pub fn moment_word(moment: Moment) -> &'static str {
    moment.word()
}

fn tops(scheme: &Scheme) -> Vec<String> {
    let children = scheme.children(&scheme.root);
    if children.is_empty() {
        return vec![scheme.root.clone()];
    }
    children
        .into_iter()
        .map(|index| scheme.nodes[index].code.clone())
        .collect()
}

/// Codes of the items that a node and everything it counts read, with gates.
fn items_below(scheme: &Scheme, top: &str) -> BTreeSet<String> {
    let mut items = BTreeSet::new();
    let mut nodes = BTreeSet::new();
    let mut todo = vec![top.to_owned()];
    while let Some(code) = todo.pop() {
        if !nodes.insert(code.clone()) {
            continue;
        }
        let Some(index) = scheme.node_index(&code) else {
            continue;
        };
        todo.extend(
            scheme
                .children(&code)
                .iter()
                .map(|&child| scheme.nodes[child].code.clone()),
        );
        let gates = scheme
            .gates
            .iter()
            .filter(|gate| gate.node == code)
            .map(|gate| &gate.value);
        let operands = score::rule_operands(&scheme.nodes[index].rule);
        let operands = operands.iter().map(|(_, operand)| operand);
        for operand in operands.chain(gates) {
            match operand {
                Operand::Constant(_) => {}
                Operand::Item(input) => {
                    items.insert(input.item.clone());
                }
                Operand::Node(node) => todo.push(node.clone()),
            }
        }
        items.extend(formula_items(scheme, &scheme.nodes[index].rule));
    }
    items
}

/// Codes of the items that a rule reads itself.
pub fn items_of_rule(scheme: &Scheme, rule: &Rule) -> BTreeSet<String> {
    let read = score::rule_operands(rule)
        .into_iter()
        .filter_map(|(_, operand)| match operand {
            Operand::Item(input) => Some(input.item),
            _ => None,
        });
    read.chain(formula_items(scheme, rule)).collect()
}

/// The items of a formula: those of the scheme whose code is a word of the expression.
fn formula_items(scheme: &Scheme, rule: &Rule) -> Vec<String> {
    let Rule::Formula(rule) = rule else {
        return Vec::new();
    };
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let words: BTreeSet<&str> = rule.expression.split(|c: char| !is_word(c)).collect();
    let named = scheme
        .items
        .iter()
        .filter(|item| words.contains(item.code.as_str()));
    named.map(|item| item.code.clone()).collect()
}

/// Whether a scheme's ranking asks when a subject was submitted.
pub fn ranks_by_submission(scheme: &Scheme) -> bool {
    let ties = scheme.rank.iter().flat_map(|rank| &rank.ties);
    ties.into_iter()
        .any(|tie| matches!(tie, TieBreak::Submitted(_)))
}
