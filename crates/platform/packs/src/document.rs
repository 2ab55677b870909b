//! A TOML file whose every complaint has a line and a column.

use std::ops::Range;

use kernel::{Finding, FindingPlace};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A title in both languages; the type is the score engine's, so that it is one word everywhere.
pub use score::Title;

/// Text of a file with the name that findings show.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// Name that findings show.
    pub file: &'a str,
    /// Its text.
    pub text: &'a str,
}

impl<'a> Document<'a> {
    /// Reads the text as TOML; syntax errors become findings and what could be read remains.
    pub fn table(self, findings: &mut Vec<Finding>) -> Spanned<DeTable<'a>> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let at = self.place(error.span().unwrap_or(0..0));
            findings.push(
                Finding::error("pack-toml-syntax")
                    .at(at)
                    .arg("reason", error.message()),
            );
        }
        table
    }

    /// Line and column of a byte range's start; columns count characters.
    pub fn place(self, span: Range<usize>) -> FindingPlace {
        let start = span.start.min(self.text.len());
        let before = self.text.get(..start).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let number = |count: usize| u32::try_from(count + 1).unwrap_or(u32::MAX);
        FindingPlace::Line {
            file: self.file.to_owned(),
            line: number(before.matches('\n').count()),
            column: number(before[line_start..].chars().count()),
        }
    }

    /// A blocking finding at a range.
    pub fn error(self, code: &'static str, span: Range<usize>) -> Finding {
        Finding::error(code).at(self.place(span))
    }
}

/// The keys of one table, taken one by one; what nobody takes is an unknown key.
pub struct Fields<'d, 'a> {
    document: Document<'a>,
    table: &'d DeTable<'a>,
    /// Where the table begins, for keys that are absent.
    span: Range<usize>,
    taken: Vec<&'static str>,
}

impl<'d, 'a> Fields<'d, 'a> {
    /// The fields of a table that begins at `span`.
    pub fn new(document: Document<'a>, table: &'d DeTable<'a>, span: Range<usize>) -> Self {
        Fields {
            document,
            table,
            span,
            taken: Vec::new(),
        }
    }

    /// A value, if the key is there.
    pub fn optional(&mut self, key: &'static str) -> Option<&'d Spanned<DeValue<'a>>> {
        self.taken.push(key);
        self.table.get(key)
    }

    /// A value that must be there.
    pub fn required(
        &mut self,
        key: &'static str,
        findings: &mut Vec<Finding>,
    ) -> Option<&'d Spanned<DeValue<'a>>> {
        let value = self.optional(key);
        if value.is_none() {
            findings.push(
                self.document
                    .error("pack-key-absent", self.span.clone())
                    .arg("key", key),
            );
        }
        value
    }

    /// A finding for each key that nobody took.
    pub fn finish(self, findings: &mut Vec<Finding>) {
        for key in self.table.keys() {
            if !self.taken.contains(&&**key.get_ref()) {
                findings.push(
                    self.document
                        .error("pack-key-unknown", key.span())
                        .arg("found", key.get_ref().as_ref())
                        .arg("known", self.taken.join(", ")),
                );
            }
        }
    }
}

/// The text of a value.
pub fn text<'d>(
    document: Document<'_>,
    key: &'static str,
    value: &'d Spanned<DeValue<'_>>,
    findings: &mut Vec<Finding>,
) -> Option<&'d str> {
    let text = value.get_ref().as_str();
    if text.is_none() {
        findings.push(wrong_type(document, key, value, "text"));
    }
    text
}

/// A title `{ zh = "…", en = "…" }`.
pub fn title(
    document: Document<'_>,
    key: &'static str,
    value: &Spanned<DeValue<'_>>,
    findings: &mut Vec<Finding>,
) -> Option<Title> {
    let DeValue::Table(table) = value.get_ref() else {
        findings.push(wrong_type(document, key, value, "{ zh, en }"));
        return None;
    };
    let mut fields = Fields::new(document, table, value.span());
    let mut language = |language: &'static str| {
        let value = fields.required(language, findings)?;
        let words = text(document, language, value, findings)?;
        if words.trim().is_empty() {
            findings.push(
                document
                    .error("pack-text-empty", value.span())
                    .arg("key", language),
            );
        }
        Some(words.to_owned())
    };
    let (zh, en) = (language("zh"), language("en"));
    fields.finish(findings);
    Some(Title { zh: zh?, en: en? })
}

/// A finding about a value of the wrong type.
pub fn wrong_type(
    document: Document<'_>,
    key: &'static str,
    value: &Spanned<DeValue<'_>>,
    expected: &'static str,
) -> Finding {
    let found = match value.get_ref() {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "integer",
        DeValue::Float(_) => "float",
        DeValue::Boolean(_) => "bool",
        DeValue::Datetime(_) => "datetime",
        DeValue::Array(_) => "list",
        DeValue::Table(_) => "table",
    };
    document
        .error("pack-wrong-type", value.span())
        .arg("key", key)
        .arg("found", found)
        .arg("expected", expected)
}
