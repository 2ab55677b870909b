//! One element of a page.

use serde_json::{Value as Json, json};

use crate::{Browser, DriverError};

/// The protocol's name of an element's id.
const KEY: &str = "element-6066-11e4-a52e-4f735466cecf";

/// An element of the page that the browser shows now.
#[derive(Clone, Debug)]
pub struct Element<'b> {
    browser: &'b Browser,
    id: String,
}

impl<'b> Element<'b> {
    pub(crate) fn new(browser: &'b Browser, found: &Json) -> Element<'b> {
        Element {
            browser,
            id: found[KEY].as_str().unwrap_or_default().to_owned(),
        }
    }

    fn path(&self, rest: &str) -> String {
        format!("/element/{}{rest}", self.id)
    }

    /// As an argument of a script.
    pub fn argument(&self) -> Json {
        json!({ KEY: self.id })
    }

    /// Clicks its middle, as a person would: refused where something covers it.
    pub fn click(&self) -> Result<(), DriverError> {
        self.browser
            .post(&self.path("/click"), &json!({}))
            .map(drop)
    }

    /// Types; for a file field, the path of the file.
    pub fn type_in(&self, text: &str) -> Result<(), DriverError> {
        self.browser
            .post(&self.path("/value"), &json!({ "text": text }))
            .map(drop)
    }

    /// Empties a field and types.
    pub fn fill(&self, text: &str) -> Result<(), DriverError> {
        self.browser.post(&self.path("/clear"), &json!({}))?;
        self.type_in(text)
    }

    /// What is seen of its text.
    pub fn text(&self) -> Result<String, DriverError> {
        self.word("/text")
    }

    /// An attribute; empty where it has none.
    pub fn attribute(&self, name: &str) -> Result<String, DriverError> {
        self.word(&format!("/attribute/{name}"))
    }

    /// A property such as `value`; empty where it has none.
    pub fn property(&self, name: &str) -> Result<String, DriverError> {
        self.word(&format!("/property/{name}"))
    }

    fn word(&self, rest: &str) -> Result<String, DriverError> {
        let value = self.browser.get(&self.path(rest))?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }
}
