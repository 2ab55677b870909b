//! Brings a page into the state that a picture shows, and takes it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use webdriver::Browser;

use super::Failed;
use super::picture;
use super::places::Places;
use super::shots::{Shot, Step};

/// Nothing moves, no caret blinks, and what sticks to the window's edge stands where it belongs. A
/// sheet made this way is allowed by the content policy of every page.
const STILL: &str = "const sheet = new CSSStyleSheet(); \
    sheet.replaceSync('*, *::before, *::after { animation: none !important; \
      transition: none !important; caret-color: transparent !important; } \
      .savebar, .topbar, .aside, thead th { position: static !important; }'); \
    document.adoptedStyleSheets = [sheet]; \
    if (document.activeElement) document.activeElement.blur(); window.scrollTo(0, 0);";

/// The box around everything that a selector finds, in whole pixels of the page.
const AROUND: &str = "const boxes = [...document.querySelectorAll(arguments[0])] \
      .map(e => e.getBoundingClientRect()).filter(b => b.width > 0 && b.height > 0); \
    if (!boxes.length) return null; \
    const l = Math.min(...boxes.map(b => b.left)), t = Math.min(...boxes.map(b => b.top)); \
    const r = Math.max(...boxes.map(b => b.right)), b = Math.max(...boxes.map(b => b.bottom)); \
    return [l + scrollX, t + scrollY, r + scrollX, b + scrollY].map(Math.round)";

/// Room around what is shown, in pixels.
const MARGIN_PX: i64 = 10;

/// One browser with which pictures are taken.
pub struct Camera<'b> {
    browser: &'b Browser,
    base: &'b str,
    places: Places,
    person: Option<&'static str>,
}

impl<'b> Camera<'b> {
    pub fn new(browser: &'b Browser, base: &'b str) -> Result<Camera<'b>, Failed> {
        browser.chromium("Emulation.setScrollbarsHidden", &json!({ "hidden": true }))?;
        let features = json!([{ "name": "prefers-reduced-motion", "value": "reduce" }]);
        browser.chromium(
            "Emulation.setEmulatedMedia",
            &json!({ "features": features }),
        )?;
        Ok(Camera {
            browser,
            base,
            places: Places::find(base)?,
            person: None,
        })
    }

    /// Takes one picture; a PNG file.
    pub fn take(&mut self, shot: &Shot) -> Result<Vec<u8>, Failed> {
        self.browser.resize(shot.size)?;
        self.sign_in(shot.person)?;
        self.go(shot.path)?;
        for step in shot.steps {
            self.step(*step)?;
        }
        self.browser.run(STILL, &[])?;
        let around = self.browser.run(AROUND, &[json!(shot.crop)])?;
        let edge = |number: usize| around[number].as_i64();
        let (Some(left), Some(top), Some(right), Some(bottom)) =
            (edge(0), edge(1), edge(2), edge(3))
        else {
            return Err(format!("nothing on the page is {}", shot.crop).into());
        };
        let (x, y) = ((left - MARGIN_PX).max(0), (top - MARGIN_PX).max(0));
        let width = (right + MARGIN_PX).min(i64::from(shot.size.width)) - x;
        let height = (bottom + MARGIN_PX - y).min(i64::from(shot.tallest_px));
        let clip = json!({ "x": x, "y": y, "width": width, "height": height, "scale": 1 });
        let parameters = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let taken = self
            .browser
            .chromium("Page.captureScreenshot", &parameters)?;
        let data = taken["data"]
            .as_str()
            .ok_or("the browser gave no picture")?;
        picture::reduce(&STANDARD.decode(data)?)
    }

    fn go(&self, path: &str) -> Result<(), Failed> {
        let address = self.places.address(path);
        Ok(self.browser.go(&format!("{}{address}", self.base))?)
    }

    /// Signs in by one click, unless already there; nobody is signed in for an empty name.
    fn sign_in(&mut self, person: &'static str) -> Result<(), Failed> {
        if self.person == Some(person) {
            return Ok(());
        }
        self.browser.forget()?;
        if !person.is_empty() {
            self.go("/sign-in")?;
            let button = self.browser.button(person)?;
            self.browser.through(|| button.click())?;
        }
        self.person = Some(person);
        Ok(())
    }

    fn step(&mut self, step: Step) -> Result<(), Failed> {
        let browser = self.browser;
        match step {
            Step::As(person) => self.sign_in(person)?,
            Step::Go(path) => self.go(path)?,
            Step::Follow(selector) | Step::Press(selector) => {
                let found = browser.find(selector)?;
                browser.through(|| found.click())?;
            }
            Step::Fill(selector, text) => browser.find(selector)?.fill(text)?,
            Step::Choose(selector, number) => {
                let script = "const e = document.querySelector(arguments[0]); \
                    e.selectedIndex = arguments[1]; \
                    e.dispatchEvent(new Event('change', { bubbles: true }))";
                browser.run(script, &[json!(selector), json!(number)])?;
            }
        }
        Ok(())
    }
}
