//! Which part of a document stands on which sheet, and how values look in cells.

use score::Value;

/// Sheets whose rows are entries of a list: name of the sheet, path of the list.
pub(super) const ENTRY_SHEETS: [(&str, &[&str]); 5] = [
    ("items", &["item"]),
    ("nodes", &["node"]),
    ("gates", &["gate"]),
    ("bands", &["grade", "band"]),
    ("ties", &["rank", "ties"]),
];
/// The sheet of single fields.
pub(super) const HEAD: &str = "scheme";
/// The sheet of the fields of rules.
pub(super) const RULES: &str = "rules";
/// The sheet of the entries of lists within rules.
pub(super) const LISTS: &str = "lists";
/// The parts of a document whose fields stand on the sheet of single fields.
pub(super) const SINGLES: [&str; 3] = ["scheme", "grade", "rank"];
/// The key of a node under which its rule stands.
pub(super) const RULE: &str = "rule";
/// What a list without entries looks like.
pub(super) const EMPTY_LIST: &str = "[]";
/// Columns before those of the fields, on the sheet of rules and on that of lists.
pub(super) const RULE_COLUMNS: [&str; 3] = ["node", "field", "value"];
pub(super) const LIST_COLUMNS: [&str; 2] = ["node", "list"];

/// The column that says in words what a key means; it is written, and left alone when read.
pub(super) const MEANING: &str = "meaning";

/// Keys whose values are whole numbers; any other value of theirs is a word.
const INTEGERS: [&str; 5] = ["scale", "places", "count", "from", "at_least"];
/// Keys whose values are true or false.
const FLAGS: [&str; 2] = ["ours", "must"];

/// Keys whose values are lists; only they can be lists without entries.
const LIST_KEYS: [&str; 7] = [
    "tiers", "entries", "classes", "ticks", "rounds", "ties", "band",
];

/// The value of a field, from the text of its cell.
pub(super) fn value(path: &[&str], text: &str) -> Value {
    let key = path.last().copied().unwrap_or_default();
    if INTEGERS.contains(&key)
        && let Ok(number) = text.parse()
    {
        return Value::Integer(number);
    }
    if FLAGS.contains(&key) {
        match text.to_ascii_lowercase().as_str() {
            "true" => return Value::Flag(true),
            "false" => return Value::Flag(false),
            _ => {}
        }
    }
    if text == EMPTY_LIST && LIST_KEYS.contains(&key) {
        return Value::List(Vec::new());
    }
    Value::Text(text.to_owned())
}

/// The text of a cell, from a value without values below it.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::List(_) | Value::Table(_) => EMPTY_LIST.to_owned(),
    }
}

/// The plain fields below a value with their paths, in order; lists with entries are left out.
pub(super) fn plain(fields: &[(String, Value)]) -> Vec<(String, &Value)> {
    let mut found = Vec::new();
    collect("", fields, &mut found);
    found
}

fn collect<'v>(path: &str, fields: &'v [(String, Value)], found: &mut Vec<(String, &'v Value)>) {
    for (key, value) in fields {
        let path = if path.is_empty() {
            key.clone()
        } else {
            format!("{path}.{key}")
        };
        match value {
            Value::Table(fields) => collect(&path, fields, found),
            Value::List(entries) if !entries.is_empty() => {}
            value => found.push((path, value)),
        }
    }
}
