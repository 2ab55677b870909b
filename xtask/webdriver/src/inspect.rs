//! What a page can be found wrong with as it stands in the browser.

use serde_json::{Value as Json, json};

use crate::{Browser, DriverError};

/// axe-core, vendored beside the tools with its licence.
const AXE: &str = include_str!("../../vendor/axe.min.js");

/// Rules of axe: WCAG 2.2 up to AA, and what axe holds to be good practice. From the top of the
/// page: what a scrolled page has half under its bar is no fault of it.
const VIOLATIONS: &str = "const done = arguments[arguments.length - 1]; window.scrollTo(0, 0); \
    axe.run(document, { preload: false, resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', \
      'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }) \
    .then(found => done(found.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html).join(' | ')))) \
    .catch(error => done(['axe failed: ' + error]))";

/// Chinese letters in text that is not marked as content of the record, or as Chinese.
const CHINESE: &str = "const found = []; \
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); \
    while (walk.nextNode()) { const n = walk.currentNode; const p = n.parentElement; \
      if (/\\p{Script=Han}/u.test(n.data) && !p.closest('[data-content], [lang|=zh], script, style')) \
        found.push(n.data.trim().slice(0, 60)); } \
    return found";

/// How far the page is wider than the window.
const TOO_WIDE: &str = "const e = document.scrollingElement; return e.scrollWidth - e.clientWidth";

/// Notes what the content policy refuses, from the first line of the document on.
const WATCH: &str = "window.xingcunRefused = []; \
    document.addEventListener('securitypolicyviolation', refused => \
      window.xingcunRefused.push(refused.effectiveDirective + ': ' + refused.blockedURI))";

impl Browser {
    /// Violations that axe finds, one a line with the elements that have it.
    pub fn violations(&self) -> Result<Vec<String>, DriverError> {
        if self.run("return typeof axe", &[])? == json!("undefined") {
            self.run(AXE, &[])?;
        }
        self.run_async(VIOLATIONS, &[]).map(|found| texts(&found))
    }

    /// Chinese texts outside marked content.
    pub fn chinese(&self) -> Result<Vec<String>, DriverError> {
        self.run(CHINESE, &[]).map(|found| texts(&found))
    }

    /// By how many CSS pixels the page scrolls sideways; 0 where it fits.
    pub fn too_wide_px(&self) -> Result<i64, DriverError> {
        Ok(self.run(TOO_WIDE, &[])?.as_i64().unwrap_or(0).max(0))
    }

    /// From the next page on, has axe in the page and notes what the content policy refuses: see
    /// [`Browser::refused`].
    pub fn inspect_pages(&self) -> Result<(), DriverError> {
        let script = json!({ "source": format!("{WATCH};{AXE}") });
        self.chromium("Page.addScriptToEvaluateOnNewDocument", &script)
            .map(drop)
    }

    /// What the content policy refused on this page: directive and address.
    pub fn refused(&self) -> Result<Vec<String>, DriverError> {
        self.run("return window.xingcunRefused", &[])
            .map(|found| texts(&found))
    }
}

fn texts(found: &Json) -> Vec<String> {
    let texts = found.as_array().into_iter().flatten();
    texts.filter_map(Json::as_str).map(str::to_owned).collect()
}
