//! Findings in people's words: where, what, and what to do.

use std::borrow::Borrow;

use access::{Action, Role};
use kernel::{Day, Finding, FindingArg, FindingPlace, Period};

use crate::{Locale, TextArg};

/// Most characters of what was found that are repeated.
const FOUND_MAX: usize = 60;

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
    /// What people call a role.
    pub fn role(&self, role: impl Borrow<Role>) -> String {
        let name = role.borrow().name().replace('_', "-");
        self.text(&format!("role-{name}")).to_string()
    }

    /// What people call a step of the journal: a command by its name, or the opening of a page.
    pub fn deed(&self, name: &str) -> String {
        let key = match name.strip_prefix("page.") {
            Some(_) => "deed-page".to_owned(),
            None => format!("deed-{}", name.replace(['.', '_'], "-")),
        };
        if self.has(&key) {
            self.text(&key).to_string()
        } else {
            name.to_owned()
        }
    }

    /// What people call an action.
    pub fn action(&self, action: impl Borrow<Action>) -> String {
        self.text(&action.borrow().message()).to_string()
    }

    /// An argument in people's words: actions and roles come by their names in the journal, days and
    /// periods as programs write them.
    fn word(&self, name: &str, value: &FindingArg) -> TextArg {
        if let FindingArg::Text(text) = value {
            if !matches!(name, "found" | "expected")
                && let Some(words) = self.time_word(text)
            {
                return TextArg::from(words);
            }
            match name {
                "action" | "earlier" => {
                    if let Ok(action) = text.parse::<Action>() {
                        return TextArg::from(self.action(action));
                    }
                }
                "role" | "other" => {
                    if let Ok(role) = text.parse::<Role>() {
                        return TextArg::from(self.role(role));
                    }
                }
                "period" => {
                    if let Ok(period) = text.parse::<Period>() {
                        return TextArg::from(self.period(period));
                    }
                }
                // What was found is repeated as it was given.
                "expected" | "day" | "since" => {
                    if let Ok(day) = text.parse::<Day>() {
                        return TextArg::from(self.day(day));
                    }
                }
                _ => {}
            }
        }
        TextArg::from(value)
    }

    /// A day, a minute or a period of the record's notation in people's words; none of anything
    /// else. What was typed is repeated as it was typed.
    fn time_word(&self, text: &str) -> Option<String> {
        if let Ok(day) = text.parse::<Day>() {
            return Some(self.day(day));
        }
        if let Some((day, clock)) = text.split_once(' ')
            && let Ok(day) = day.parse::<Day>()
            && clock.len() == 5
            && clock.as_bytes()[2] == b':'
        {
            return Some(format!("{} {clock}", self.day(day)));
        }
        let is_year = text.len() == 4;
        let period = text.parse::<Period>().ok().filter(|_| !is_year);
        period.map(|period| self.period(period))
    }

    /// A finding in this language.
    pub fn finding(&self, finding: &Finding) -> FindingText {
        let key = format!("finding-{}", finding.code);
        let with_args = |text: crate::Text<'_>| {
            finding
                .args
                .iter()
                .fold(text, |text, (name, value)| {
                    text.arg(name.to_string(), self.word(name, value))
                })
                .to_string()
        };
        let (place, field) = match &finding.place {
            FindingPlace::Field(path) => (String::new(), field_id(path)),
            other => (other.to_string(), String::new()),
        };
        FindingText {
            place,
            text: self.with_found(with_args(self.text(&key)), finding),
            remedy: self
                .attribute(&key, "remedy")
                .map_or_else(String::new, with_args),
            field,
            blocks: finding.blocks(),
        }
    }

    /// What was found stands in every text: whoever mends a table must see which of its cells is
    /// meant, also where a text is about the rule only.
    fn with_found(&self, text: String, finding: &Finding) -> String {
        let found = finding.args.iter().find_map(|(name, value)| match value {
            FindingArg::Text(found) if name == "found" && !found.trim().is_empty() => Some(found),
            _ => None,
        });
        match found {
            Some(found) if !text.contains(found.trim()) => {
                let short: String = found.trim().chars().take(FOUND_MAX).collect();
                let whole = self.text("finding-with-found");
                whole.arg("text", text).arg("found", short).to_string()
            }
            _ => text,
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
