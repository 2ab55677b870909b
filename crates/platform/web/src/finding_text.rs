//! Findings in people's words: where, what, and what to do.

use kernel::{Finding, FindingPlace};

use crate::Locale;

/// A finding as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingText {
    /// `Sheet1!D17`, `scheme.toml:12:3`; empty for a field of the form (the link shows where) and
    /// for the thing as a whole.
    pub place: String,
    /// What is wrong, from `finding-{code}`.
    pub text: String,
    /// What to do, from `finding-{code}.remedy`; empty where the text says it already.
    pub remedy: String,
    /// The id of the input to jump to; empty where there is none.
    pub field: String,
    /// Whether it blocks.
    pub blocks: bool,
}

impl Locale {
    /// A finding in this language.
    pub fn finding(&self, finding: &Finding) -> FindingText {
        let key = format!("finding-{}", finding.code);
        let with_args = |text: crate::Text<'_>| {
            finding
                .args
                .iter()
                .fold(text, |text, (name, value)| {
                    text.arg(name.to_string(), value)
                })
                .to_string()
        };
        let (place, field) = match &finding.place {
            FindingPlace::Field(path) => (String::new(), field_id(path)),
            other => (other.to_string(), String::new()),
        };
        FindingText {
            place,
            text: with_args(self.text(&key)),
            remedy: self
                .attribute(&key, "remedy")
                .map_or_else(String::new, with_args),
            field,
            blocks: finding.blocks(),
        }
    }

    /// Findings in this language, in their order.
    pub fn findings(&self, findings: &[Finding]) -> Vec<FindingText> {
        findings
            .iter()
            .map(|finding| self.finding(finding))
            .collect()
    }
}

/// The id of the input of a field: `items.3.value` is `f-items-3-value`.
pub fn field_id(path: &str) -> String {
    let mut id = String::with_capacity(path.len() + 2);
    id.push_str("f-");
    id.extend(
        path.chars()
            .map(|c| if c.is_alphanumeric() { c } else { '-' }),
    );
    id
}
