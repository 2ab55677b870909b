//! The way from declaration to posting with nothing but a keyboard; and what is typed without being
//! sent.

use std::time::Duration;

use serde_json::json;
use webdriver::{Driver, DriverError, Size};

use crate::demonstration::Demonstrated;
use crate::walking::{Desk, serve};

#[test]
fn from_declaration_to_posting_by_keyboard_alone() {
    let Some(driver) = Driver::start_or_skip("a quarter by keyboard alone").unwrap() else {
        return;
    };
    let demonstrated = Demonstrated::on_sqlite();
    let base = serve(&demonstrated);
    let browser = driver.open("zh-CN", Size::OFFICE).unwrap();
    match walk::by_keyboard(&browser, &base) {
        Ok(seen) => println!("{}", seen.join("\n")),
        Err(error) => panic!("{error}\n{}", browser.whereabouts()),
    }
}

/// What is typed is kept by itself; and once the form is sent, nothing late comes after it.
#[test]
fn what_is_typed_is_kept_by_itself_and_no_draft_comes_after_the_sending() {
    let Some(driver) = Driver::start_or_skip("what is typed is kept by itself").unwrap() else {
        return;
    };
    let demonstrated = Demonstrated::on_sqlite();
    let browser = driver.open("zh-CN", Size::OFFICE).unwrap();
    let desk = Desk::new(&browser, serve(&demonstrated)).unwrap();
    let section = desk.section("well_being");
    let field = "#f-items-disclosures-on-time-value";
    let walk = || -> Result<(), DriverError> {
        desk.sign_in("陈国平")?;
        desk.go(&section)?;
        // Typed, not sent: kept within a moment, the bar and the estimate say so.
        browser.find(field)?.fill("21")?;
        let kept =
            "return document.querySelector('[data-draft-note]').textContent.includes('草稿已存')";
        browser.wait("the draft is kept", kept)?;
        desk.go("/")?;
        desk.go(&section)?;
        assert_eq!(browser.find(field)?.property("value")?, "21");
        // Typed and sent within the moment in which a draft would be kept: the sending wins, and
        // every request for a draft after it is stopped.
        let watch = "
            window.drafts = 0;
            document.addEventListener('htmx:before:request', (event) => {
              if (!event.defaultPrevented) window.drafts += 1;
            });
            return true;";
        browser.run(watch, &[])?;
        let hold = "
            const form = document.querySelector('form[data-draft]');
            const field = document.querySelector(arguments[0]);
            field.value = '23';
            field.dispatchEvent(new Event('input', { bubbles: true }));
            // The page stays, as it does on a slow line, so that what comes late can be seen.
            form.addEventListener('submit', (event) => event.preventDefault());
            form.requestSubmit(form.querySelector('.btn-primary'));
            return window.drafts;";
        let before = browser.run(hold, &[json!(field)])?;
        std::thread::sleep(Duration::from_millis(1800));
        let after = browser.run("return window.drafts", &[])?;
        assert_eq!(before, json!(0), "a draft was on its way before it was due");
        assert_eq!(after, before, "a draft went after the form");
        // Sent for good.
        desk.go(&section)?;
        browser.find(field)?.fill("23")?;
        for _ in 0..2 {
            let button = browser.find("main form[method=post] button.btn-primary")?;
            browser.through(|| button.click())?;
        }
        std::thread::sleep(Duration::from_millis(1200));
        desk.go(&section)?;
        let text = browser.find("main")?.text()?;
        assert!(text.contains("23") && text.contains("已申报"), "{text}");
        assert!(browser.find_all(field)?.is_empty(), "it is closed");
        Ok(())
    };
    walk().unwrap_or_else(|error| panic!("{error}\n{}", browser.whereabouts()));
}
