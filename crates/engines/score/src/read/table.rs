//! Walking a TOML document key by key, so that every mistake is found in one go.

use std::cell::RefCell;
use std::collections::BTreeSet;

use kernel::{Decimal, Finding};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::scheme::{Choice, Title};

/// Longest text of a title, reason or expression, in bytes.
const TEXT_LIMIT: usize = 4096;
/// Longest code, in bytes.
const CODE_LIMIT: usize = 48;
/// Words that head columns of results, so no node, item or gate may have them as its code.
const RESERVED: &[&str] = &[
    "subject",
    "group",
    "score",
    "grade",
    "rank",
    "rank_in_group",
    "none",
    "missing",
];

/// Something read from a file; `None` where it is unreadable, which has then been reported.
pub(crate) type Read<T> = Option<T>;

/// Where the findings of a walk are gathered; their places are paths until they are located.
#[derive(Default)]
pub(crate) struct Walk {
    findings: RefCell<Vec<Finding>>,
}

impl Walk {
    pub(crate) fn report(&self, finding: Finding) {
        self.findings.borrow_mut().push(finding);
    }

    pub(crate) fn into_findings(self) -> Vec<Finding> {
        self.findings.into_inner()
    }
}

/// A table of the document: each key is asked for once, [`Table::finish`] reports the others.
pub(crate) struct Table<'a> {
    walk: &'a Walk,
    entries: &'a DeTable<'a>,
    path: String,
    asked: RefCell<BTreeSet<&'static str>>,
}

/// What a value is called in findings.
fn type_word(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "integer",
        DeValue::Float(_) => "float",
        DeValue::Boolean(_) => "boolean",
        DeValue::Datetime(_) => "date",
        DeValue::Array(_) => "list",
        DeValue::Table(_) => "table",
    }
}

impl<'a> Table<'a> {
    pub(crate) fn new(walk: &'a Walk, entries: &'a DeTable<'a>, path: String) -> Table<'a> {
        Table {
            walk,
            entries,
            path,
            asked: RefCell::default(),
        }
    }

    /// The path of a key of this table.
    pub(crate) fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }

    pub(crate) fn report(&self, key: &str, finding: Finding) {
        let path = if key.is_empty() {
            self.path.clone()
        } else {
            self.path_of(key)
        };
        self.walk.report(finding.field(path));
    }

    fn wrong_type(&self, key: &str, value: &DeValue<'_>, expected: &str) {
        let finding = Finding::error("field-wrong-type")
            .arg("field", key)
            .arg("found", type_word(value))
            .arg("expected", expected);
        self.report(key, finding);
    }

    /// The value of an optional key.
    fn get(&self, key: &'static str) -> Option<&'a DeValue<'a>> {
        self.asked.borrow_mut().insert(key);
        self.entries.get(key).map(Spanned::get_ref)
    }

    /// The value of a required key.
    fn need(&self, key: &'static str, expected: &str) -> Option<&'a DeValue<'a>> {
        let value = self.get(key);
        if value.is_none() {
            let finding = Finding::error("field-missing")
                .arg("field", key)
                .arg("expected", expected);
            self.report("", finding);
        }
        value
    }

    /// Whether the key is there; asking makes it a known one.
    pub(crate) fn has(&self, key: &'static str) -> bool {
        self.get(key).is_some()
    }

    fn string(&self, key: &'static str, expected: &str) -> Option<&'a str> {
        let value = self.need(key, expected)?;
        if let DeValue::String(text) = value {
            return Some(text);
        }
        self.wrong_type(key, value, expected);
        None
    }

    /// A required, not empty text.
    pub(crate) fn text(&self, key: &'static str) -> Option<String> {
        let text = self.string(key, "text")?.trim();
        if text.is_empty() || text.len() > TEXT_LIMIT {
            let finding = Finding::error("text-length")
                .arg("field", key)
                .arg("found", text.len())
                .arg("limit", TEXT_LIMIT);
            self.report(key, finding);
            return None;
        }
        Some(text.to_owned())
    }

    /// A required text, or `"none"`.
    pub(crate) fn text_or_none(&self, key: &'static str) -> Read<Option<String>> {
        let text = self.text(key)?;
        Some((text != "none").then_some(text))
    }

    /// A code that this table defines.
    pub(crate) fn code(&self, key: &'static str) -> Option<String> {
        let code = self.reference(key)?;
        if RESERVED.contains(&code.as_str()) {
            let finding = Finding::error("code-reserved").arg("found", code);
            self.report(key, finding);
            return None;
        }
        Some(code)
    }

    /// A code that is defined elsewhere.
    pub(crate) fn reference(&self, key: &'static str) -> Option<String> {
        let code = self.string(key, "code")?;
        let mut bytes = code.bytes();
        let well_formed = bytes.next().is_some_and(|first| first.is_ascii_lowercase())
            && bytes.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_')
            && code.len() <= CODE_LIMIT;
        if !well_formed {
            let finding = Finding::error("code-malformed").arg("found", code);
            self.report(key, finding);
            return None;
        }
        Some(code.to_owned())
    }

    /// A code that is defined elsewhere, or `"none"`.
    pub(crate) fn reference_or_none(&self, key: &'static str) -> Read<Option<String>> {
        let code = self.reference(key)?;
        Some((code != "none").then_some(code))
    }

    /// A required exact decimal, written as text.
    pub(crate) fn decimal(&self, key: &'static str) -> Option<Decimal> {
        let value = self.need(key, "decimal")?;
        self.read_decimal(key, value)
    }

    /// A required exact decimal, or `"none"`.
    pub(crate) fn decimal_or_none(&self, key: &'static str) -> Read<Option<Decimal>> {
        let value = self.need(key, "decimal or none")?;
        if matches!(value, DeValue::String(text) if text == "none") {
            return Some(None);
        }
        self.read_decimal(key, value).map(Some)
    }

    fn read_decimal(&self, key: &str, value: &DeValue<'_>) -> Option<Decimal> {
        match value {
            DeValue::String(text) => match text.parse() {
                Ok(number) => Some(number),
                Err(error) => {
                    let error: kernel::NotADecimal = error;
                    let finding = Finding::error(error.code()).arg("found", text.as_ref());
                    self.report(key, finding);
                    None
                }
            },
            DeValue::Float(number) => {
                let finding = Finding::error("decimal-as-float")
                    .arg("field", key)
                    .arg("found", number.as_str());
                self.report(key, finding);
                None
            }
            DeValue::Integer(number) => {
                let finding = Finding::error("decimal-not-text")
                    .arg("field", key)
                    .arg("found", number.to_string());
                self.report(key, finding);
                None
            }
            other => {
                self.wrong_type(key, other, "decimal");
                None
            }
        }
    }

    /// A required whole number within bounds.
    pub(crate) fn integer(&self, key: &'static str, least: u32, most: u32) -> Option<u32> {
        let value = self.need(key, "integer")?;
        let DeValue::Integer(number) = value else {
            self.wrong_type(key, value, "integer");
            return None;
        };
        let parsed = u32::from_str_radix(number.as_str(), number.radix()).ok();
        let within = parsed.filter(|number| (least..=most).contains(number));
        if within.is_none() {
            let finding = Finding::error("integer-out-of-range")
                .arg("field", key)
                .arg("found", number.to_string())
                .arg("least", least)
                .arg("most", most);
            self.report(key, finding);
        }
        within
    }

    /// An optional mark `key = true`; absent is false.
    pub(crate) fn flag(&self, key: &'static str) -> Option<bool> {
        match self.get(key) {
            None => Some(false),
            Some(DeValue::Boolean(flag)) => Some(*flag),
            Some(other) => {
                self.wrong_type(key, other, "boolean");
                None
            }
        }
    }

    /// A required `true` or `false`.
    pub(crate) fn boolean(&self, key: &'static str) -> Option<bool> {
        match self.need(key, "true, false")? {
            DeValue::Boolean(flag) => Some(*flag),
            other => {
                self.wrong_type(key, other, "boolean");
                None
            }
        }
    }

    /// A required word of a closed list.
    pub(crate) fn choice<T: Choice>(&self, key: &'static str) -> Option<T> {
        let word = self.string(key, &T::words())?;
        let choice = T::from_word(word);
        if choice.is_none() {
            let finding = Finding::error("choice-unknown")
                .arg("field", key)
                .arg("found", word)
                .arg("expected", T::words());
            self.report(key, finding);
        }
        choice
    }

    /// A required text that something else parses; `error` names the finding's reason.
    pub(crate) fn parsed<T>(
        &self,
        key: &'static str,
        expected: &str,
        parse: impl FnOnce(&str) -> Result<T, Finding>,
    ) -> Option<T> {
        let text = self.string(key, expected)?;
        match parse(text) {
            Ok(value) => Some(value),
            Err(finding) => {
                self.report(key, finding.arg("found", text).arg("expected", expected));
                None
            }
        }
    }

    /// Whether the key holds the text.
    pub(crate) fn is_word(&self, key: &'static str, word: &str) -> bool {
        matches!(self.get(key), Some(DeValue::String(text)) if text == word)
    }

    /// A required table.
    pub(crate) fn table(&self, key: &'static str) -> Option<Table<'a>> {
        let value = self.need(key, "table")?;
        let DeValue::Table(entries) = value else {
            self.wrong_type(key, value, "table");
            return None;
        };
        Some(Table::new(self.walk, entries, self.path_of(key)))
    }

    /// A required table, or `"none"`.
    pub(crate) fn table_or_none(&self, key: &'static str) -> Read<Option<Table<'a>>> {
        if self.is_word(key, "none") {
            return Some(None);
        }
        self.table(key).map(Some)
    }

    /// A list of tables; an absent key is an empty list.
    pub(crate) fn tables(&self, key: &'static str) -> Vec<Table<'a>> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        let DeValue::Array(entries) = value else {
            self.wrong_type(key, value, "list of tables");
            return Vec::new();
        };
        let mut tables = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            let path = format!("{}.{index}", self.path_of(key));
            if let DeValue::Table(entries) = entry.get_ref() {
                tables.push(Table::new(self.walk, entries, path));
            } else {
                let finding = Finding::error("field-wrong-type")
                    .arg("field", key)
                    .arg("found", type_word(entry.get_ref()))
                    .arg("expected", "table");
                self.walk.report(finding.field(path));
            }
        }
        tables
    }

    /// A name in both languages.
    pub(crate) fn title(&self, key: &'static str) -> Option<Title> {
        let table = self.table(key)?;
        let (zh, en) = (table.text("zh"), table.text("en"));
        table.finish();
        Some(Title { zh: zh?, en: en? })
    }

    /// Reports every key that nobody asked for.
    pub(crate) fn finish(&self) {
        let asked = self.asked.borrow();
        for key in self.entries.keys() {
            if !asked.contains(key.get_ref().as_ref()) {
                let known: Vec<&str> = asked.iter().copied().collect();
                let finding = Finding::error("field-unknown")
                    .arg("found", key.get_ref().as_ref())
                    .arg("expected", known.join(", "));
                self.report(key.get_ref(), finding);
            }
        }
    }
}
