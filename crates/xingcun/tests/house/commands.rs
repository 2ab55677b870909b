//! Every command's schema: nothing unread is accepted, and what stays readable in the journal
//! exists.

use std::collections::BTreeMap;

use app::CommandSpec;
use serde_json::{Value as Json, json};
use xingcun::house;

fn commands() -> Vec<CommandSpec> {
    let features = house::features(true);
    features
        .iter()
        .flat_map(|feature| feature.commands.clone())
        .collect()
}

/// A command's schemas with their names.
struct Schemas {
    body: Json,
    named: BTreeMap<String, Json>,
}

impl Schemas {
    fn of(command: &CommandSpec) -> Schemas {
        let schema = (command.schema)();
        let named = schema
            .named
            .iter()
            .map(|(name, schema)| (name.clone(), json!(schema)));
        Schemas {
            body: json!(schema.body),
            named: named.collect(),
        }
    }

    /// The schema itself, where one is only named.
    fn resolved<'s>(&'s self, schema: &'s Json) -> &'s Json {
        let name = schema["$ref"]
            .as_str()
            .and_then(|path| path.rsplit('/').next());
        name.map_or(schema, |name| {
            self.named
                .get(name)
                .unwrap_or_else(|| panic!("no schema is named {name}"))
        })
    }

    /// The branches of a choice, or the schema alone.
    fn branches<'s>(&'s self, schema: &'s Json) -> Vec<&'s Json> {
        let schema = self.resolved(schema);
        for choice in ["oneOf", "anyOf", "allOf"] {
            if let Some(all) = schema[choice].as_array() {
                return all.iter().flat_map(|one| self.branches(one)).collect();
            }
        }
        vec![schema]
    }

    /// Objects that would accept a field nobody reads, by their paths.
    fn open_objects(&self, schema: &Json, path: &str, found: &mut Vec<String>) {
        let branches = self.branches(schema);
        let is_choice = branches.len() > 1;
        for branch in branches {
            if let Some(properties) = branch["properties"].as_object() {
                // Of a choice `{"pack": {…}}` or `{"text": {…}}` the reader takes one name and
                // nothing beside or inside it that it does not know; the schema cannot say so.
                if is_choice && properties.len() == 1 {
                    continue;
                }
                if branch["additionalProperties"] != json!(false) {
                    found.push(path.to_owned());
                }
                for (name, property) in properties {
                    self.open_objects(property, &format!("{path}.{name}"), found);
                }
            }
            if branch["items"].is_object() {
                self.open_objects(&branch["items"], &format!("{path}.*"), found);
            }
        }
    }

    /// Whether a path leads to text that is neither a choice nor of a format.
    fn may_hold_words(&self, schema: &Json, path: &[&str]) -> bool {
        self.branches(schema)
            .into_iter()
            .any(|branch| match path.split_first() {
                None => {
                    let kind = branch["type"].to_string();
                    let plain = branch["enum"].is_null() && branch["format"].is_null();
                    kind.contains("string") && plain && branch["const"].is_null()
                }
                Some((&"*", rest)) => self.may_hold_words(&branch["items"], rest),
                Some((first, rest)) => self.may_hold_words(&branch["properties"][*first], rest),
            })
    }

    fn has(&self, schema: &Json, path: &[&str]) -> bool {
        let Some((first, rest)) = path.split_first() else {
            return true;
        };
        self.branches(schema).into_iter().any(|branch| {
            let next = if *first == "*" {
                &branch["items"]
            } else {
                &branch["properties"][*first]
            };
            next.is_object() && self.has(next, rest)
        })
    }
}

#[test]
fn no_command_accepts_a_field_that_nobody_reads() {
    let mut found = Vec::new();
    for command in commands() {
        let schemas = Schemas::of(&command);
        schemas.open_objects(&schemas.body, command.name, &mut found);
    }
    assert!(
        found.is_empty(),
        "objects without additionalProperties false: {found:#?}"
    );
}

#[test]
fn what_stays_readable_in_the_journal_exists() {
    let mut wrong = Vec::new();
    for command in commands() {
        let schemas = Schemas::of(&command);
        for clear in command.clear {
            let path: Vec<&str> = clear.split('.').collect();
            if !schemas.has(&schemas.body, &path) {
                wrong.push(format!("{}: {clear}", command.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_needs_the_password_again_says_so_in_both_places() {
    for command in commands() {
        assert_eq!(
            command.reauthenticate,
            command.action.needs_fresh_authentication(),
            "{} and {}",
            command.name,
            command.action
        );
    }
}

/// Text whose form is fixed: hashes, codes from a list, decimals, days, periods, signed notes. What an author
/// words freely is none of these and must be a salted commitment, which can be erased.
const FIXED: [&str; 16] = [
    "checkpoint",
    "claim",
    "code",
    "datum",
    "evidence",
    "file",
    "item",
    "measure",
    "pack",
    "period",
    "post",
    "role",
    "scheme",
    "section",
    "value",
    "what",
];

#[test]
fn what_stays_readable_in_the_journal_says_nothing_about_people() {
    let mut wrong = Vec::new();
    for command in commands() {
        let schemas = Schemas::of(&command);
        for clear in command.clear {
            let path: Vec<&str> = clear.split('.').collect();
            let last = path.last().unwrap_or(&"");
            if !FIXED.contains(last) && schemas.may_hold_words(&schemas.body, &path) {
                wrong.push(format!("{}: {clear}", command.name));
            }
        }
    }
    assert!(wrong.is_empty(), "free text in clear: {wrong:#?}");
}

#[test]
fn names_of_commands_say_thing_and_act() {
    let all = commands();
    assert!(all.len() >= 20, "{}", all.len());
    for command in all {
        let parts: Vec<&str> = command.name.split('.').collect();
        let word = |part: &&str| part.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        assert!(
            parts.len() == 2 && parts.iter().all(word),
            "{}",
            command.name
        );
    }
}
