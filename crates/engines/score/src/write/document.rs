//! A document: tables, lists and texts, and how TOML writes them.

use std::fmt::Write as _;

use kernel::Decimal;

use crate::scheme::{Choice, Title};

/// A value of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text; decimals are texts too.
    Text(String),
    /// A whole number.
    Integer(u32),
    /// True or false.
    Flag(bool),
    /// Values by key, in order.
    Table(Vec<(String, Value)>),
    /// Values one after the other.
    List(Vec<Value>),
}

/// A whole document: its keys in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document(pub Vec<(String, Value)>);

/// Gathers the fields of a table.
pub(super) struct Fields(Vec<(String, Value)>);

impl Fields {
    pub(super) fn new() -> Fields {
        Fields(Vec::new())
    }

    pub(super) fn push(&mut self, key: &str, value: Value) -> &mut Fields {
        self.0.push((key.to_owned(), value));
        self
    }

    pub(super) fn text(&mut self, key: &str, value: &str) -> &mut Fields {
        self.push(key, text(value))
    }

    pub(super) fn text_or_none(&mut self, key: &str, value: Option<&str>) -> &mut Fields {
        self.text(key, value.unwrap_or("none"))
    }

    pub(super) fn decimal(&mut self, key: &str, value: Decimal) -> &mut Fields {
        self.text(key, &value.to_string())
    }

    pub(super) fn decimal_or_none(&mut self, key: &str, value: Option<Decimal>) -> &mut Fields {
        match value {
            Some(value) => self.decimal(key, value),
            None => self.text(key, "none"),
        }
    }

    pub(super) fn choice<T: Choice>(&mut self, key: &str, value: T) -> &mut Fields {
        self.text(key, value.word())
    }

    /// An optional mark; absent is false.
    pub(super) fn ours(&mut self, ours: bool) -> &mut Fields {
        if ours {
            self.push("ours", Value::Flag(true));
        }
        self
    }

    pub(super) fn entries(self) -> Vec<(String, Value)> {
        self.0
    }

    pub(super) fn table(self) -> Value {
        Value::Table(self.0)
    }
}

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub(super) fn title(title: &Title) -> Value {
    let mut fields = Fields::new();
    fields.text("zh", &title.zh).text("en", &title.en);
    fields.table()
}

impl Document {
    /// The document as TOML.
    pub fn to_toml(&self) -> String {
        let mut toml = String::new();
        // A plain key would fall into the table above it, so plain keys come first.
        for (key, value) in &self.0 {
            if !matches!(value, Value::Table(_)) && !is_tables(value) {
                line(&mut toml, key, value);
            }
        }
        for (key, value) in &self.0 {
            match value {
                Value::Table(fields) => {
                    writeln!(toml, "\n[{}]", written_key(key)).expect("a text takes everything");
                    table(&mut toml, key, fields);
                }
                Value::List(entries) if is_tables(value) => {
                    for entry in entries {
                        writeln!(toml, "\n[[{}]]", written_key(key))
                            .expect("a text takes everything");
                        if let Value::Table(fields) = entry {
                            table(&mut toml, key, fields);
                        }
                    }
                }
                _ => {}
            }
        }
        toml
    }
}

fn is_tables(value: &Value) -> bool {
    matches!(value, Value::List(entries) if !entries.is_empty()
        && entries.iter().all(|entry| matches!(entry, Value::Table(_))))
}

/// The fields of a table; one called `rule` gets a section of its own, last.
fn table(toml: &mut String, path: &str, fields: &[(String, Value)]) {
    const SECTION: &str = "rule";
    for (key, value) in fields {
        if key != SECTION || !matches!(value, Value::Table(_)) {
            line(toml, key, value);
        }
    }
    for (key, value) in fields {
        if let (SECTION, Value::Table(fields)) = (key.as_str(), value) {
            let path = format!("{}.{SECTION}", written_key(path));
            writeln!(toml, "[{path}]").expect("a text takes everything");
            for (key, value) in fields {
                line(toml, key, value);
            }
        }
    }
}

fn line(toml: &mut String, key: &str, value: &Value) {
    writeln!(toml, "{} = {}", written_key(key), written(value)).expect("a text takes everything");
}

fn written(value: &Value) -> String {
    match value {
        Value::Text(text) => quoted(text),
        Value::Integer(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Table(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(key, value)| format!("{} = {}", written_key(key), written(value)))
                .collect();
            format!("{{ {} }}", fields.join(", "))
        }
        Value::List(entries) if entries.is_empty() => "[]".to_owned(),
        Value::List(entries) => {
            let mut list = "[\n".to_owned();
            for entry in entries {
                writeln!(list, "    {},", written(entry)).expect("a text takes everything");
            }
            list + "]"
        }
    }
}

fn written_key(key: &str) -> String {
    let bare = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if !key.is_empty() && key.bytes().all(bare) {
        key.to_owned()
    } else {
        quoted(key)
    }
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            control if control.is_control() => {
                write!(quoted, "\\u{:04X}", u32::from(control)).expect("a text takes everything");
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::{Document, Value, quoted};

    #[test]
    fn any_text_is_read_back() {
        let all: String = (0..=0x2ff).filter_map(char::from_u32).collect();
        for text in ["", "村\"\\", "a\nb\tc\r", "\u{7f}\u{85}", &all] {
            let toml = format!("a = {}", quoted(text));
            let read: toml::Table = toml.parse().expect("TOML");
            assert_eq!(read["a"].as_str(), Some(text));
        }
    }

    #[test]
    fn keys_that_are_no_words_are_quoted() {
        let value = Value::Table(vec![("编 码".into(), Value::Text("x".into()))]);
        let document = Document(vec![("item".into(), Value::List(vec![value]))]);
        let read: toml::Table = document.to_toml().parse().expect("TOML");
        assert_eq!(read["item"][0]["编 码"].as_str(), Some("x"));
    }
}
