//! One browser session.

use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use crate::wire::Wire;
use crate::{DriverError, Element};

/// How long [`Browser::wait`] waits.
const WAIT_S: u64 = 30;

/// Width and height of the page in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

impl Size {
    /// A telephone.
    pub const PHONE: Size = Size {
        width: 390,
        height: 844,
    };
    /// An office screen.
    pub const OFFICE: Size = Size {
        width: 1440,
        height: 900,
    };
}

/// A line of the browser's console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// `SEVERE`, `WARNING`, `INFO`, `DEBUG`.
    pub level: String,
    /// Who wrote it: `security`, `network`, `javascript`, `console-api` …
    pub source: String,
    /// The text.
    pub message: String,
}

/// A browser; closed with this value.
#[derive(Debug)]
pub struct Browser {
    wire: Wire,
    path: String,
}

impl Drop for Browser {
    fn drop(&mut self) {
        // When chromedriver is gone, so is the browser.
        let _ = self.wire.delete(&self.path);
    }
}

impl Browser {
    pub(crate) fn new(wire: Wire, id: &str) -> Browser {
        Browser {
            wire,
            path: format!("/session/{id}"),
        }
    }

    pub(crate) fn get(&self, path: &str) -> Result<Json, DriverError> {
        self.wire.get(&format!("{}{path}", self.path))
    }

    pub(crate) fn post(&self, path: &str, body: &Json) -> Result<Json, DriverError> {
        self.wire.post(&format!("{}{path}", self.path), body)
    }

    /// Opens an address and waits until it is loaded.
    pub fn go(&self, address: &str) -> Result<(), DriverError> {
        self.post("/url", &json!({ "url": address })).map(drop)
    }

    /// The present address.
    pub fn address(&self) -> Result<String, DriverError> {
        Ok(text(&self.get("/url")?))
    }

    /// The page's title.
    pub fn title(&self) -> Result<String, DriverError> {
        Ok(text(&self.get("/title")?))
    }

    /// The first language that pages are asked for in.
    pub fn language(&self) -> Result<String, DriverError> {
        Ok(text(&self.run("return navigator.language", &[])?))
    }

    /// The document as it stands now.
    pub fn source(&self) -> Result<String, DriverError> {
        Ok(text(&self.get("/source")?))
    }

    /// Lays the page out for a size, also one narrower than a window can be.
    pub fn resize(&self, size: Size) -> Result<(), DriverError> {
        let Size { width, height } = size;
        self.chromium(
            "Emulation.setDeviceMetricsOverride",
            &json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false }),
        )
        .map(drop)
    }

    /// Switches scripts of pages off (or on again) from the next page on.
    pub fn scripts(&self, on: bool) -> Result<(), DriverError> {
        let off = json!({ "value": !on });
        self.chromium("Emulation.setScriptExecutionDisabled", &off)
            .map(drop)
    }

    /// A command of Chromium's own protocol.
    pub fn chromium(&self, command: &str, parameters: &Json) -> Result<Json, DriverError> {
        self.post(
            "/goog/cdp/execute",
            &json!({ "cmd": command, "params": parameters }),
        )
    }

    /// The first element of a CSS selector.
    pub fn find(&self, selector: &str) -> Result<Element<'_>, DriverError> {
        let body = json!({ "using": "css selector", "value": selector });
        Ok(Element::new(self, &self.post("/element", &body)?))
    }

    /// Every element of a CSS selector.
    pub fn find_all(&self, selector: &str) -> Result<Vec<Element<'_>>, DriverError> {
        let body = json!({ "using": "css selector", "value": selector });
        let found = self.post("/elements", &body)?;
        Ok(found
            .as_array()
            .into_iter()
            .flatten()
            .map(|one| Element::new(self, one))
            .collect())
    }

    /// The first link whose text holds `text`.
    pub fn link(&self, text: &str) -> Result<Element<'_>, DriverError> {
        let body = json!({ "using": "partial link text", "value": text });
        Ok(Element::new(self, &self.post("/element", &body)?))
    }

    /// The first button whose text holds `text`.
    pub fn button(&self, text: &str) -> Result<Element<'_>, DriverError> {
        let path = format!("//button[contains(normalize-space(.), '{text}')]");
        let body = json!({ "using": "xpath", "value": path });
        Ok(Element::new(self, &self.post("/element", &body)?))
    }

    /// Runs the body of a function in the page.
    pub fn run(&self, script: &str, arguments: &[Json]) -> Result<Json, DriverError> {
        self.post(
            "/execute/sync",
            &json!({ "script": script, "args": arguments }),
        )
    }

    /// Runs the body of a function whose last argument is called with the result.
    pub fn run_async(&self, script: &str, arguments: &[Json]) -> Result<Json, DriverError> {
        self.post(
            "/execute/async",
            &json!({ "script": script, "args": arguments }),
        )
    }

    /// Waits until a function's body gives something true.
    pub fn wait(&self, what: &str, script: &str) -> Result<(), DriverError> {
        self.wait_for(what, || {
            let seen = self.run(script, &[])?;
            Ok((seen != json!(false) && !seen.is_null()).then_some(()))
        })
    }

    /// Waits until a selector finds something, and gives it.
    pub fn wait_find(&self, selector: &str) -> Result<Element<'_>, DriverError> {
        self.wait_for(selector, || Ok(self.find_all(selector)?.into_iter().next()))
    }

    /// Does something that leads to another page, and waits until that page is there.
    pub fn through(
        &self,
        act: impl FnOnce() -> Result<(), DriverError>,
    ) -> Result<(), DriverError> {
        self.run("window.xingcunLeaving = true", &[])?;
        act()?;
        self.wait(
            "the next page",
            "return !window.xingcunLeaving && document.readyState === 'complete'",
        )
    }

    fn wait_for<T>(
        &self,
        what: &str,
        mut seen: impl FnMut() -> Result<Option<T>, DriverError>,
    ) -> Result<T, DriverError> {
        let begun = Instant::now();
        loop {
            // While one page leaves and the next one comes, scripts are refused.
            match seen() {
                Ok(Some(found)) => return Ok(found),
                Ok(None) | Err(DriverError::Refused { .. }) => {}
                Err(error) => return Err(error),
            }
            if begun.elapsed() > Duration::from_secs(WAIT_S) {
                return Err(DriverError::Waited {
                    what: what.to_owned(),
                    seconds: WAIT_S,
                    seen: self.whereabouts(),
                });
            }
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// Address and main text of the page, for messages.
    pub fn whereabouts(&self) -> String {
        let script = "const m = document.querySelector('main') || document.body; \
            return location.href + ' shows: ' + (m ? m.innerText.slice(0, 1200) : '')";
        self.run(script, &[])
            .map_or_else(|error| error.to_string(), |seen| text(&seen))
    }

    /// The console's lines since the last call.
    pub fn console(&self) -> Result<Vec<LogLine>, DriverError> {
        let lines = self.post("/se/log", &json!({ "type": "browser" }))?;
        let line = |line: &Json| LogLine {
            level: text(&line["level"]),
            source: text(&line["source"]),
            message: text(&line["message"]),
        };
        Ok(lines.as_array().into_iter().flatten().map(line).collect())
    }

    /// Throws all cookies away.
    pub fn forget(&self) -> Result<(), DriverError> {
        self.wire.delete(&format!("{}/cookie", self.path)).map(drop)
    }

    /// The page's picture as base64 of a PNG file.
    pub fn picture(&self) -> Result<String, DriverError> {
        Ok(text(&self.get("/screenshot")?))
    }
}

fn text(value: &Json) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
