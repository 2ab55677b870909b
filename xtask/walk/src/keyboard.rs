//! The way from declaration to posting with nothing but a keyboard: Tab, Enter, Space, arrows, J and
//! K. At every stop the focus is seen: it has an outline or a shadow, stands in the window, and
//! nothing covers it.

use serde_json::{Value as Json, json};
use webdriver::DriverError;

use crate::forms::carry;
use crate::quarter::{CLERK, REVIEWER, SECRETARY, VERIFIER, Walk};
use crate::{Failed, Visitor, ensure};

/// More presses of Tab than any page has stops.
const STOPS_MAX: usize = 300;

/// What is wrong with the focus where it stands; null for nothing. Focus on the page as a whole
/// (its beginning, or a list of problems) is no stop of Tab.
const SEEN: &str = "
    const at = document.activeElement;
    if (!at || at === document.body) return null;
    const shown = at.matches('input[type=checkbox], input[type=radio]') && at.closest('label') || at;
    const name = at.outerHTML.slice(0, 120);
    const marks = [at, shown].map((one) => getComputedStyle(one));
    const seen = marks.some((style) =>
      (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none');
    if (!seen) return `nothing shows that ${name} has the focus`;
    const box = shown.getBoundingClientRect();
    if (box.bottom <= 0 || box.top >= innerHeight || box.width === 0) return `${name} has the focus out of sight`;
    const across = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
    const spots = [0.1, 0.5, 0.9].map((part) => box.top + box.height * part)
      .filter((down) => down >= 0 && down < innerHeight);
    const free = spots.some((down) => {
      const top = document.elementFromPoint(across, down);
      return top && (shown.contains(top) || top.contains(shown));
    });
    return free ? null : `${name} has the focus and is covered`;";

/// Whether the focus is on what a selector finds.
const IS_AT: &str = "return document.activeElement.matches(arguments[0])";

/// Whether the focus is on a button or link with these words.
const SAYS: &str = "
    const at = document.activeElement;
    return at.matches('button, a') && at.textContent.includes(arguments[0]);";

/// A key: its name, its code, its number, and the text that it types.
type Key = (&'static str, &'static str, u32, &'static str);

const TAB: Key = ("Tab", "Tab", 9, "");
const ENTER: Key = ("Enter", "Enter", 13, "\r");
const SPACE: Key = (" ", "Space", 32, " ");
const DOWN: Key = ("ArrowDown", "ArrowDown", 40, "");
const J: Key = ("j", "KeyJ", 74, "j");
const K: Key = ("k", "KeyK", 75, "k");

/// Walks from declaration to the posted ranking by keyboard; what was seen at each step.
pub fn by_keyboard(browser: &webdriver::Browser, base: &str) -> Result<Vec<String>, Failed> {
    let mut hands = Hands {
        walk: Walk::begin(browser, base)?,
        stops: 0,
    };
    hands.declare()?;
    hands.by_http(SECRETARY, &["common_prosperity"])?;
    hands.walk.others_declare()?;
    hands.verify()?;
    hands.walk.others(VERIFIER, "verify")?;
    hands.review()?;
    hands.walk.others(REVIEWER, "review")?;
    hands.post()?;
    let stops = hands.stops;
    hands
        .walk
        .saw(format!("{stops} stops of the focus, each seen"));
    Ok(hands.walk.seen)
}

/// Two hands and no mouse.
struct Hands<'w> {
    walk: Walk<'w>,
    stops: usize,
}

impl Hands<'_> {
    fn press(&self, (key, code, number, text): Key) -> Result<(), DriverError> {
        let browser = self.walk.browser;
        let event = |kind: &str, text: &str| {
            json!({
                "type": kind,
                "key": key,
                "code": code,
                "windowsVirtualKeyCode": number,
                "text": text,
            })
        };
        let kind = if text.is_empty() {
            "rawKeyDown"
        } else {
            "keyDown"
        };
        browser.chromium("Input.dispatchKeyEvent", &event(kind, text))?;
        browser
            .chromium("Input.dispatchKeyEvent", &event("keyUp", ""))
            .map(drop)
    }

    /// Presses a key that leads to another page.
    fn through(&self, key: Key) -> Result<(), DriverError> {
        self.walk.browser.through(|| self.press(key))
    }

    fn type_in(&self, text: &str) -> Result<(), DriverError> {
        let typed = json!({ "text": text });
        self.walk
            .browser
            .chromium("Input.insertText", &typed)
            .map(drop)
    }

    fn is(&self, script: &str, argument: &str) -> Result<bool, DriverError> {
        let found = self.walk.browser.run(script, &[json!(argument)])?;
        Ok(found == json!(true))
    }

    /// Whether the focus can be seen where it stands.
    fn seen(&mut self) -> Result<(), Failed> {
        self.stops += 1;
        let wrong = self.walk.browser.run(SEEN, &[])?;
        if let Json::String(wrong) = wrong {
            let address = self.walk.browser.address()?;
            return Err(format!("{address}: {wrong}").into());
        }
        Ok(())
    }

    /// Presses Tab until the focus is where it is wanted.
    fn tab_to(&mut self, script: &str, wanted: &str) -> Result<(), Failed> {
        for _ in 0..STOPS_MAX {
            if self.is(script, wanted)? {
                return Ok(());
            }
            self.press(TAB)?;
            self.seen()?;
        }
        let address = self.walk.browser.address()?;
        Err(format!("Tab never comes to {wanted} on {address}").into())
    }

    /// The main button of the page, and the page behind it.
    fn submit(&mut self) -> Result<(), Failed> {
        self.tab_to(IS_AT, "main form button.btn-primary")?;
        self.through(ENTER)?;
        self.walk.accepted()
    }

    fn sign_in(&mut self, person: &str) -> Result<(), Failed> {
        self.walk.browser.forget()?;
        self.walk.go("/sign-in")?;
        self.tab_to(SAYS, person)?;
        Ok(self.through(ENTER)?)
    }

    /// What a keyboard alone cannot do in a test: choosing a file is the system's own window.
    fn by_http(&mut self, person: &str, sections: &[&str]) -> Result<(), Failed> {
        let mut visitor = Visitor::new(self.walk.base());
        visitor.sign_in_as(person)?;
        for code in sections {
            carry(&mut visitor, &self.walk.section(code), "declare")?;
        }
        Ok(())
    }

    fn declare(&mut self) -> Result<(), Failed> {
        self.sign_in(SECRETARY)?;
        self.walk.go(&self.walk.section("well_being"))?;
        // First without the value: the list of problems has the focus and leads to the field.
        self.submit_to_problems()?;
        self.tab_to(IS_AT, ".error-summary a")?;
        self.through(ENTER)?;
        self.tab_to(IS_AT, "#f-items-disclosures-on-time-value")?;
        self.type_in("23")?;
        self.submit()?;
        self.submit()?;
        self.walk
            .saw("declared by keyboard, with a last look before");
        Ok(())
    }

    fn submit_to_problems(&mut self) -> Result<(), Failed> {
        self.tab_to(IS_AT, "main form button.btn-primary")?;
        self.through(ENTER)?;
        let there = "document.activeElement.matches('.error-summary')";
        let wait = format!("return {there}");
        self.walk
            .browser
            .wait("the problems have the focus", &wait)?;
        Ok(())
    }

    fn verify(&mut self) -> Result<(), Failed> {
        self.sign_in(VERIFIER)?;
        self.walk.go(&self.walk.section("well_being"))?;
        let mut walked = Vec::new();
        for key in [J, J, K] {
            self.press(key)?;
            ensure!(self.is(IS_AT, "[data-walk]")?, "J and K lead to no item");
            self.seen()?;
            let item = "return document.activeElement.getAttribute('aria-labelledby')";
            walked.push(self.walk.browser.run(item, &[])?);
        }
        ensure!(
            walked[0] == walked[2] && walked[0] != walked[1],
            "J, J and K lead to {walked:?}"
        );
        self.tab_to(IS_AT, "#f-items-environment-check-value")?;
        self.type_in("93.0")?;
        self.submit()?;
        self.walk
            .saw("verified by keyboard, item by item with J and K");
        Ok(())
    }

    /// From the list of what waits: narrowed with an arrow, ticked with Space, looked at, confirmed.
    fn review(&mut self) -> Result<(), Failed> {
        self.sign_in(REVIEWER)?;
        self.walk.go(&format!("{}/review", self.walk.round))?;
        self.tab_to(IS_AT, "select#section")?;
        self.press(DOWN)?;
        let narrowed = "return new URLSearchParams(location.search).get('section')";
        self.walk.browser.wait("the list is narrowed", narrowed)?;
        self.tab_to(IS_AT, "input[name=pick]")?;
        self.press(SPACE)?;
        ensure!(self.is(IS_AT, "input:checked")?, "Space ticks nothing");
        self.tab_to(IS_AT, "main form[method=get] button.btn-primary")?;
        self.through(ENTER)?;
        self.submit()?;
        let done = self.walk.browser.find(".banner-good")?.text()?;
        self.walk.saw(format!("reviewed by keyboard: {done}"));
        Ok(())
    }

    fn post(&mut self) -> Result<(), Failed> {
        self.sign_in(CLERK)?;
        let round = self.walk.round.clone();
        for step in ["compute", "post"] {
            self.walk.go(&round)?;
            self.tab_to(IS_AT, &format!(".page-actions a[href$='/{step}']"))?;
            self.through(ENTER)?;
            self.submit()?;
        }
        self.walk.go(&round)?;
        self.tab_to(IS_AT, "a[href$='/ranking']")?;
        self.through(ENTER)?;
        let rows = self.walk.browser.find_all("main tbody tr")?.len();
        ensure!(rows == 12, "{rows} villages are ranked");
        self.walk
            .saw("computed and posted by keyboard; twelve villages are ranked");
        Ok(())
    }
}
