//! Every kind of page once in a real browser: what axe finds at two widths, what the console says,
//! what is wider than a small telephone, and what of an English page is Chinese.

use webdriver::{Browser, Size};

use super::super::Saw;
use super::super::ensure;
use super::super::world::World;
use super::first::PEOPLE;
use super::pages::{crawl, pattern};

type Failed = Box<dyn std::error::Error>;

/// What the browser found.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    pages: usize,
    phone: Vec<Found>,
    office: Vec<Found>,
    console: Vec<Found>,
    wide: Vec<Found>,
    chinese: Vec<Found>,
}

/// Something wrong on a page.
#[derive(Clone, Debug)]
struct Found {
    /// The page's kind: its address without ids.
    page: String,
    text: String,
}

impl Found {
    fn on(address: &str, text: impl Into<String>) -> Found {
        Found {
            page: pattern(address),
            text: text.into(),
        }
    }
}

impl Survey {
    fn told(&self, what: &str, found: &[Found]) -> Saw {
        let mut kinds: Vec<(&str, Vec<&str>)> = Vec::new();
        for one in found {
            match kinds.iter_mut().find(|(text, _)| *text == one.text) {
                Some((_, pages)) => pages.push(&one.page),
                None => kinds.push((&one.text, vec![&one.page])),
            }
        }
        let kinds: Vec<String> = kinds
            .iter()
            .map(|(text, pages)| {
                format!(
                    "\n         {text} on {} pages: {}",
                    pages.len(),
                    pages[..pages.len().min(4)].join(", ")
                )
            })
            .collect();
        ensure!(
            kinds.is_empty(),
            "{} of {} pages:{}",
            found.len(),
            self.pages,
            kinds.concat()
        );
        Ok(format!("{} pages, {what}", self.pages))
    }

    pub fn axe(&self, width: u32) -> Saw {
        let found = if width < 700 {
            &self.phone
        } else {
            &self.office
        };
        self.told("no violation", found)
    }

    pub fn console(&self) -> Saw {
        self.told(
            "nothing refused by the content policy, no error",
            &self.console,
        )
    }

    pub fn narrow(&self) -> Saw {
        self.told("none scrolls sideways at 320 px", &self.wide)
    }

    pub fn english(&self) -> Saw {
        self.told("no Chinese outside marked content", &self.chinese)
    }
}

/// The survey of this run, made on its first use.
pub fn of(world: &mut World) -> Result<Survey, Failed> {
    if world.survey.is_none() {
        let survey = make(world)?;
        world.survey = Some(survey);
    }
    Ok(world.survey.clone().expect("it was just made"))
}

fn make(world: &mut World) -> Result<Survey, Failed> {
    let base = world.base()?;
    let mut survey = Survey::default();
    let mut kinds = std::collections::BTreeSet::new();
    for person in &PEOPLE[..world.surveyors] {
        let mut visitor = world.visitor(person)?;
        let addresses: Vec<String> = crawl(&mut visitor)?
            .into_iter()
            .filter(|(_, page)| page.header("content-type").starts_with("text/html"))
            .filter(|(_, page)| page.header("content-disposition").is_empty())
            .map(|(address, _)| address)
            .filter(|address| kinds.insert(pattern(address)))
            .collect();
        let browser = world.driver()?.open("zh-CN", Size::OFFICE)?;
        sign_in(&browser, &base, person)?;
        for address in &addresses {
            look(&browser, &base, address, &mut survey)
                .map_err(|error| format!("{address}: {error}"))?;
        }
        drop(browser);
        let browser = world.driver()?.open("en", Size::OFFICE)?;
        sign_in(&browser, &base, person)?;
        for address in &addresses {
            english(&browser, &base, address, &mut survey)?;
        }
    }
    Ok(survey)
}

/// Signs in by one click, as a person would.
pub fn sign_in(browser: &Browser, base: &str, person: &str) -> Result<(), Failed> {
    browser.go(&format!("{base}/sign-in"))?;
    let button = browser.button(person)?;
    browser.through(|| button.click())?;
    Ok(())
}

fn look(browser: &Browser, base: &str, address: &str, survey: &mut Survey) -> Result<(), Failed> {
    survey.pages += 1;
    browser.resize(Size::PHONE)?;
    browser.go(&format!("{base}{address}"))?;
    survey.phone.extend(violations(browser, address)?);
    browser.resize(Size {
        width: 320,
        height: 640,
    })?;
    if browser.too_wide_px()? > 0 {
        survey.wide.push(Found::on(address, "wider than 320 px"));
    }
    browser.resize(Size::OFFICE)?;
    survey.office.extend(violations(browser, address)?);
    complaints(browser, address, survey)
}

/// Errors of the console, and whatever the content policy refused.
fn complaints(browser: &Browser, address: &str, survey: &mut Survey) -> Result<(), Failed> {
    for line in browser.console()? {
        if line.level == "SEVERE" || line.source == "security" {
            let text = line
                .message
                .split(" - ")
                .last()
                .unwrap_or_default()
                .to_owned();
            survey.console.push(Found::on(address, text));
        }
    }
    Ok(())
}

fn violations(browser: &Browser, address: &str) -> Result<Vec<Found>, Failed> {
    let texts = browser.violations()?;
    Ok(texts
        .into_iter()
        .map(|text| Found::on(address, text))
        .collect())
}

/// The same page for somebody whose browser asks for English.
fn english(
    browser: &Browser,
    base: &str,
    address: &str,
    survey: &mut Survey,
) -> Result<(), Failed> {
    browser.go(&format!("{base}{address}"))?;
    let language = browser.run("return document.documentElement.lang", &[])?;
    if !language.as_str().unwrap_or_default().starts_with("en") {
        survey
            .chinese
            .push(Found::on(address, format!("it is in {language}")));
    }
    let texts = browser.chinese()?;
    survey
        .chinese
        .extend(texts.into_iter().map(|text| Found::on(address, text)));
    complaints(browser, address, survey)
}
