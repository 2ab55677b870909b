//! From a typed [`Scheme`] back to a file that says the same: `parse(text(write(scheme)))` is the
//! scheme again. Comments and the order of keys of an older file are not kept.

mod document;
mod outcome;
mod rule;

use document::{Fields, text, title};

pub use document::{Document, Value};

use crate::scheme::{
    Choice, Evidence, Item, MissingPolicy, NodeRounding, Operand, Scheme, SchemeNode,
};

/// The scheme as a document of tables, lists and texts, in the order of the guide.
pub fn write(scheme: &Scheme) -> Document {
    let mut head = Fields::new();
    head.text("code", &scheme.code)
        .text("version", &scheme.version)
        .push("title", title(&scheme.title));
    if let Some(subject) = &scheme.subject {
        head.text("subject", subject);
    }
    head.text_or_none("group", scheme.group.as_deref())
        .choice("order", scheme.order)
        .text("root", &scheme.root);
    let mut document = Fields::new();
    document.push("scheme", head.table());
    let list = |values: Vec<Value>| Value::List(values);
    if !scheme.items.is_empty() {
        document.push("item", list(scheme.items.iter().map(item).collect()));
    }
    if !scheme.nodes.is_empty() {
        document.push("node", list(scheme.nodes.iter().map(node).collect()));
    }
    if !scheme.gates.is_empty() {
        document.push("gate", list(scheme.gates.iter().map(rule::gate).collect()));
    }
    let none = || text("none");
    document.push(
        "grade",
        scheme.grade.as_ref().map_or_else(none, outcome::grades),
    );
    document.push(
        "rank",
        scheme.rank.as_ref().map_or_else(none, outcome::ranking),
    );
    Document(document.entries())
}

fn item(item: &Item) -> Value {
    let mut fields = Fields::new();
    fields
        .text("code", &item.code)
        .push("title", title(&item.title))
        .text("unit", &item.unit.0);
    fields.push(
        "scale",
        item.scale
            .map_or_else(|| text("any"), |scale| Value::Integer(scale.into())),
    );
    fields
        .decimal_or_none("minimum", item.minimum)
        .decimal_or_none("maximum", item.maximum)
        .choice("source", item.source)
        .push("evidence", evidence(&item.evidence))
        .choice("direction", item.direction)
        .choice("period", item.period)
        .ours(item.ours);
    fields.table()
}

fn evidence(evidence: &Evidence) -> Value {
    match evidence {
        Evidence::None => text("none"),
        Evidence::Optional => text("optional"),
        Evidence::Required {
            reason,
            approver,
            until,
        } => {
            let mut fields = Fields::new();
            fields
                .push("reason", title(reason))
                .text("approver", approver)
                .text("until", &until.to_string());
            fields.table()
        }
    }
}

fn node(node: &SchemeNode) -> Value {
    let mut fields = Fields::new();
    fields
        .text("code", &node.code)
        .text_or_none("parent", node.parent.as_deref())
        .push("title", title(&node.title))
        .decimal("full", node.full);
    if let Some(weight) = node.weight {
        fields.decimal("weight", weight);
    }
    fields
        .push("round", rounding(node.round))
        .decimal_or_none("cap", node.cap)
        .decimal_or_none("floor", node.floor)
        .push("missing", missing(&node.missing))
        .ours(node.ours)
        .push("rule", rule::rule(&node.rule));
    fields.table()
}

fn rounding(rounding: NodeRounding) -> Value {
    match rounding {
        NodeRounding::Exact => text("exact"),
        NodeRounding::Places { places, mode } => {
            let mut fields = Fields::new();
            fields
                .push("places", Value::Integer(places.into()))
                .choice("mode", mode);
            fields.table()
        }
    }
}

fn missing(policy: &MissingPolicy) -> Value {
    let mut fields = Fields::new();
    match policy {
        MissingPolicy::Leave(fallback) => {
            fields.choice("policy", *fallback);
        }
        MissingPolicy::GroupMinimum {
            fills,
            among,
            otherwise,
        } => {
            fields
                .text("policy", "group_minimum")
                .choice("fills", *fills)
                .choice("among", *among)
                .choice("otherwise", *otherwise);
        }
        MissingPolicy::GroupMean {
            fills,
            among,
            round,
            otherwise,
        } => {
            fields
                .text("policy", "group_mean")
                .choice("fills", *fills)
                .choice("among", *among)
                .push("round", rounding(*round))
                .choice("otherwise", *otherwise);
        }
        MissingPolicy::LastValue { otherwise } => {
            fields
                .text("policy", "last_value")
                .choice("otherwise", *otherwise);
        }
    }
    fields.table()
}

/// Where a moment may be left out it is, if it is the period's own value; `always` writes it.
fn operand(operand: &Operand, always: bool) -> Value {
    let mut fields = Fields::new();
    match operand {
        Operand::Constant(value) => fields.decimal("constant", *value),
        Operand::Node(code) => fields.text("node", code),
        Operand::Item(input) => {
            fields.text("item", &input.item);
            if always || input.moment != crate::scheme::Moment::Period {
                fields.text("at", input.moment.word());
            }
            &mut fields
        }
    };
    fields.table()
}
