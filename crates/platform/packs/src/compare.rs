//! What differs between two versions of a scheme.

use score::Scheme;
use serde_json::Value;

/// The parts of a scheme that are compared one by one, by code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// A column that the scheme reads.
    Item,
    /// A node of the tree.
    Node,
    /// A condition.
    Gate,
    /// A grade.
    Band,
    /// Everything else: title, order of evaluation, grades as a whole, ranking.
    Whole,
}

/// How a part differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Only the new version has it.
    Added,
    /// Only the old version has it.
    Removed,
    /// Both have it, with different fields.
    Changed(Vec<FieldChange>),
}

/// One field that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// Path within the part: `rule.tier_table.tiers.2.mark`.
    pub field: String,
    /// Old value as text; empty where there was none.
    pub before: String,
    /// New value as text; empty where there is none.
    pub after: String,
}

/// One part that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which kind of part.
    pub part: Part,
    /// Its code; empty for the whole.
    pub code: String,
    /// How it differs.
    pub change: Change,
}

/// All differences: items, nodes, gates, bands in the order of the new version with the removed
/// ones last, then the whole. Moving a part to another place of its list is no difference.
pub fn compare(old: &Scheme, new: &Scheme) -> Vec<Difference> {
    let (mut old, mut new) = (value(old), value(new));
    let mut differences = Vec::new();
    let lists = [
        (Part::Item, "/items"),
        (Part::Node, "/nodes"),
        (Part::Gate, "/gates"),
        (Part::Band, "/grade/bands"),
    ];
    for (part, path) in lists {
        compare_list(
            part,
            &take_list(&mut old, path),
            &take_list(&mut new, path),
            &mut differences,
        );
    }
    let fields = compare_values(&old, &new);
    if !fields.is_empty() {
        differences.push(Difference {
            part: Part::Whole,
            code: String::new(),
            change: Change::Changed(fields),
        });
    }
    differences
}

fn value(scheme: &Scheme) -> Value {
    serde_json::to_value(scheme)
        .expect("a scheme is made of structs, lists and texts, which JSON can hold")
}

/// Takes a list out, so that what remains is the whole.
fn take_list(scheme: &mut Value, path: &str) -> Vec<Value> {
    match scheme.pointer_mut(path).map(Value::take) {
        Some(Value::Array(list)) => list,
        _ => Vec::new(),
    }
}

fn code(part: &Value) -> &str {
    part.get("code").and_then(Value::as_str).unwrap_or_default()
}

fn compare_list(part: Part, old: &[Value], new: &[Value], differences: &mut Vec<Difference>) {
    let mut push = |value: &Value, change| {
        differences.push(Difference {
            part,
            code: code(value).to_owned(),
            change,
        });
    };
    for after in new {
        match old.iter().find(|before| code(before) == code(after)) {
            None => push(after, Change::Added),
            Some(before) => {
                let fields = compare_values(before, after);
                if !fields.is_empty() {
                    push(after, Change::Changed(fields));
                }
            }
        }
    }
    for before in old {
        if !new.iter().any(|after| code(after) == code(before)) {
            push(before, Change::Removed);
        }
    }
}

fn compare_values(old: &Value, new: &Value) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    collect("", Some(old), Some(new), &mut changes);
    changes
}

/// Depth is that of a scheme's own types, so this ends.
fn collect(path: &str, old: Option<&Value>, new: Option<&Value>, changes: &mut Vec<FieldChange>) {
    if old == new {
        return;
    }
    let below = |key: &str| {
        if path.is_empty() {
            key.to_owned()
        } else {
            format!("{path}.{key}")
        }
    };
    match (old, new) {
        (Some(Value::Object(old)), Some(Value::Object(new))) => {
            for (key, after) in new {
                collect(&below(key), old.get(key), Some(after), changes);
            }
            for (key, before) in old.iter().filter(|(key, _)| !new.contains_key(*key)) {
                collect(&below(key), Some(before), None, changes);
            }
        }
        (Some(Value::Array(old)), Some(Value::Array(new))) => {
            for position in 0..old.len().max(new.len()) {
                let (before, after) = (old.get(position), new.get(position));
                collect(&below(&position.to_string()), before, after, changes);
            }
        }
        _ => changes.push(FieldChange {
            field: path.to_owned(),
            before: shown(old),
            after: shown(new),
        }),
    }
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
