//! The steps of a quarter, one function each, in their order.

use std::path::PathBuf;

use webdriver::{Browser, DriverError};

use crate::forms::{PICTURE, carry};
use crate::{Failed, Visitor, ensure};

/// The county's people, by the names on their one-click buttons.
pub(crate) const SECRETARY: &str = "陈国平";
pub(crate) const VERIFIER: &str = "王建国";
pub(crate) const REVIEWER: &str = "刘慧";
pub(crate) const CLERK: &str = "李静";
/// Decides what a village objects to, without a part in it before.
const DECIDER: &str = "孙敏";
/// The secretaries of the other villages, who do their part by HTTP.
const OTHERS: [&str; 11] = [
    "孙玉兰",
    "赵长河",
    "马红军",
    "周前进",
    "吴福生",
    "郑白云",
    "何小满",
    "冯青山",
    "蒋长春",
    "沈西林",
    "韩望舒",
];

/// Sections of the demonstration's scheme.
const SECTIONS: [&str; 4] = ["fortress", "leader", "common_prosperity", "well_being"];
/// The village that does its part in the browser.
const VILLAGE: &str = "柳湾村";

/// One walk.
pub(crate) struct Walk<'w> {
    pub browser: &'w Browser,
    base: &'w str,
    pub round: String,
    /// `/rounds/…/villages/…` of every village, in the order of the list.
    villages: Vec<String>,
    /// Of the village in the browser.
    village: String,
    pub seen: Vec<String>,
}

/// Walks through the quarter in progress; what was seen at each step.
pub fn quarter(browser: &Browser, base: &str) -> Result<Vec<String>, Failed> {
    let mut walk = Walk::begin(browser, base)?;
    walk.until_posted()?;
    walk.finalise()?;
    walk.ranking()?;
    walk.explanation()?;
    Ok(walk.seen)
}

/// Walks until the results are posted and appeals are open; what was seen at each step.
pub fn posted(browser: &Browser, base: &str) -> Result<Vec<String>, Failed> {
    let mut walk = Walk::begin(browser, base)?;
    walk.until_posted()?;
    Ok(walk.seen)
}

impl<'w> Walk<'w> {
    fn until_posted(&mut self) -> Result<(), Failed> {
        self.declare()?;
        let dispute = self.dispute()?;
        self.others_declare()?;
        self.verify()?;
        self.others(VERIFIER, "verify")?;
        self.review()?;
        self.others(REVIEWER, "review")?;
        self.answer(&dispute)?;
        self.decide_objection()?;
        self.compute_and_post()
    }

    pub fn begin(browser: &'w Browser, base: &'w str) -> Result<Walk<'w>, Failed> {
        let mut clerk = Visitor::new(base);
        clerk.sign_in_as(CLERK)?;
        let rounds = clerk.get("/rounds")?.links();
        let is_round = |link: &String| {
            let id = link.strip_prefix("/rounds/");
            id.is_some_and(|id| id.len() == 36 && !id.contains('/'))
        };
        let rounds: Vec<String> = rounds.into_iter().filter(is_round).collect();
        for round in rounds {
            let ranking = clerk.get(&format!("{round}/ranking"))?;
            if ranking.body.contains("scope=\"row\"") {
                continue;
            }
            let page = clerk.get(&round)?;
            let villages = villages(&page.body, &round);
            ensure!(
                villages.len() == 12,
                "{round} lists {} villages",
                villages.len()
            );
            let own = page.body.split("<tr>").find(|row| row.contains(VILLAGE));
            let village = own.and_then(|row| crate::quarter::villages(row, &round).pop());
            let village = village.ok_or_else(|| format!("{round} does not list {VILLAGE}"))?;
            let seen = vec![format!(
                "a quarter in progress with {} villages",
                villages.len()
            )];
            return Ok(Walk {
                browser,
                base,
                round,
                villages,
                village,
                seen,
            });
        }
        Err("no quarter is in progress".into())
    }

    pub fn base(&self) -> &'w str {
        self.base
    }

    pub fn saw(&mut self, what: impl Into<String>) {
        self.seen.push(what.into());
    }

    pub fn go(&self, path: &str) -> Result<(), DriverError> {
        self.browser.go(&format!("{}{path}", self.base))
    }

    /// Signs in by one click, as somebody else than before.
    fn sign_in(&self, person: &str) -> Result<(), DriverError> {
        self.browser.forget()?;
        self.go("/sign-in")?;
        let button = self.browser.button(person)?;
        self.browser.through(|| button.click())
    }

    /// Presses the main button of the page's first form that posts, and waits for the next page.
    fn submit(&self) -> Result<(), DriverError> {
        let button = self
            .browser
            .find("main form[method=post] button.btn-primary")?;
        self.browser.through(|| button.click())
    }

    fn fill(&self, selector: &str, text: &str) -> Result<(), DriverError> {
        self.browser.find(selector)?.fill(text)
    }

    fn text(&self, selector: &str) -> Result<String, DriverError> {
        self.browser.find(selector)?.text()
    }

    fn problems(&self) -> Result<Vec<String>, DriverError> {
        let all = self.browser.find_all(".error-summary li")?;
        all.iter().map(webdriver::Element::text).collect()
    }

    pub fn accepted(&self) -> Result<(), Failed> {
        let problems = self.problems()?;
        ensure!(problems.is_empty(), "refused: {}", problems.join("; "));
        Ok(())
    }

    pub fn section(&self, code: &str) -> String {
        format!("{}/sections/{code}", self.village)
    }

    /// The village declares two sections: one with a figure that the record already holds, one
    /// with evidence; what is forgotten is asked for, and what was typed stays.
    fn declare(&mut self) -> Result<(), Failed> {
        self.sign_in(SECRETARY)?;
        self.go(&self.section("common_prosperity"))?;
        let known = self.text(".known")?;
        let held = self
            .browser
            .find_all("[name='items.collective_income.value']")?;
        ensure!(held.is_empty(), "a figure of the record can be typed over");
        self.fill("#f-items-coop-share-value", "66.5")?;
        self.submit()?;
        let problems = self.problems()?;
        ensure!(
            !problems.is_empty(),
            "declared without the evidence that is asked for"
        );
        ensure!(
            self.browser.find_all("form button.btn-primary")?.is_empty(),
            "what is incomplete can be sent"
        );
        let back = self.browser.find(".savebar a")?;
        self.browser.through(|| back.click())?;
        let kept = self
            .browser
            .find("#f-items-coop-share-value")?
            .property("value")?;
        ensure!(kept == "66.5", "what was typed became {kept}");
        let file = picture()?;
        self.browser
            .find("#f-items-coop-share-evidence")?
            .type_in(&file.display().to_string())?;
        self.browser
            .wait_find("input[type=hidden][name='items.coop_share.evidence']")?;
        self.submit()?;
        self.accepted()?;
        let checked = self.text("main table")?;
        ensure!(checked.contains("66.5"), "the last look shows {checked}");
        self.submit()?;
        self.accepted()?;
        let name = self.text(".files .name")?;
        self.saw(format!(
            "the record's figure is shown ({}); without evidence: {}; with {name}: declared",
            one_line(&known),
            problems[0]
        ));
        self.go(&self.section("well_being"))?;
        self.fill("#f-items-disclosures-on-time-value", "23")?;
        self.submit()?;
        self.accepted()?;
        self.submit()?;
        self.accepted()?;
        let still = self
            .browser
            .find_all("#f-items-disclosures-on-time-value")?;
        ensure!(still.is_empty(), "the section can be declared twice");
        self.saw("the second section is declared and closed to the village");
        Ok(())
    }

    /// A figure of the record that looks wrong is disputed where it stands.
    fn dispute(&mut self) -> Result<String, Failed> {
        self.go(&self.section("leader"))?;
        let link = self.browser.find(".known a")?;
        self.browser.through(|| link.click())?;
        self.fill("#f-claim", "410")?;
        self.fill("#f-reason", "有两户已经迁出，户籍台账未更新。")?;
        self.submit()?;
        self.accepted()?;
        let address = self.browser.address()?;
        let path = address.trim_start_matches(self.base).to_owned();
        ensure!(path.starts_with("/disputes/"), "after the dispute: {path}");
        self.saw("a figure of the record is disputed from where it stands");
        Ok(path)
    }

    pub fn others_declare(&mut self) -> Result<(), Failed> {
        let mut handed_in = 0;
        for name in OTHERS {
            let mut secretary = Visitor::new(self.base);
            secretary.sign_in_as(name)?;
            let page = secretary.get(&self.round)?;
            let own = villages(&page.body, &self.round);
            let [village] = own.as_slice() else {
                return Err(format!("{name} sees {} villages", own.len()).into());
            };
            for code in SECTIONS {
                let section = format!("{village}/sections/{code}");
                if is_due(&secretary.get(&section)?.body, "declare") {
                    carry(&mut secretary, &section, "declare")?;
                    handed_in += 1;
                }
            }
        }
        ensure!(handed_in > 0, "nothing was left to declare");
        self.saw(format!(
            "{handed_in} sections of other villages are declared by HTTP"
        ));
        Ok(())
    }

    /// The town adjusts one value, not without a reason, and adds what its own station knows.
    fn verify(&mut self) -> Result<(), Failed> {
        self.sign_in(VERIFIER)?;
        self.go(&self.section("common_prosperity"))?;
        self.fill("#f-items-coop-share-value", "64.0")?;
        self.fill("#f-items-contracts-filed-value", "98")?;
        self.submit()?;
        let problems = self.problems()?;
        ensure!(!problems.is_empty(), "a value was changed without a reason");
        self.fill("#f-items-coop-share-reason", "名册中 9 人已迁出，核减。")?;
        self.submit()?;
        self.accepted()?;
        let sides = self.browser.find_all(".compare .value")?;
        ensure!(
            sides.len() >= 2,
            "{} values stand side by side",
            sides.len()
        );
        self.saw(format!(
            "adjusted beside the declared value; without a reason: {}",
            problems[0]
        ));
        self.go(&self.section("well_being"))?;
        self.fill("#f-items-environment-check-value", "93.0")?;
        self.submit()?;
        self.accepted()
    }

    fn review(&mut self) -> Result<(), Failed> {
        self.sign_in(REVIEWER)?;
        for code in ["common_prosperity", "well_being"] {
            self.go(&self.section(code))?;
            self.submit()?;
            self.accepted()?;
        }
        self.saw("the county reviewed both sections");
        Ok(())
    }

    /// Everything of every village that waits for this step.
    pub fn others(&mut self, person: &str, act: &str) -> Result<(), Failed> {
        let mut visitor = Visitor::new(self.base);
        visitor.sign_in_as(person)?;
        let mut done = 0;
        for village in self.villages.clone() {
            for code in SECTIONS {
                let section = format!("{village}/sections/{code}");
                let page = visitor.get(&section)?;
                if is_due(&page.body, act) {
                    carry(&mut visitor, &section, act)?;
                    done += 1;
                }
            }
        }
        self.saw(format!("{done} other sections: {act}, by HTTP"));
        Ok(())
    }

    /// The owner of the figure answers.
    fn answer(&mut self, dispute: &str) -> Result<(), Failed> {
        self.sign_in(CLERK)?;
        self.go(dispute)?;
        self.browser.find("[name=answer][value=reject]")?.click()?;
        self.fill("#f-reason", "户籍台账以公安登记为准，现为 412 户。")?;
        self.submit()?;
        self.accepted()?;
        self.saw("the dispute is answered by the figure's owner");
        Ok(())
    }

    /// A village objects to an event that counts against it; somebody without a part in it decides.
    fn decide_objection(&mut self) -> Result<(), Failed> {
        let mut decider = Visitor::new(self.base);
        decider.sign_in_as(DECIDER)?;
        let mut events = decider.get("/events")?.links();
        events.retain(|link| {
            link.strip_prefix("/events/")
                .is_some_and(|id| id.len() == 36)
        });
        let mut waiting = None;
        for event in events {
            let form = format!("action=\"{event}/decide\"");
            if decider.get(&event)?.body.contains(&form) {
                waiting = Some(event);
            }
        }
        let event = waiting.ok_or("no objection waits for a decision")?;
        self.sign_in(DECIDER)?;
        self.go(&event)?;
        self.browser
            .find("[name=decision][value=reject]")?
            .click()?;
        self.fill("#f-reason", "界桩和保洁合同都在本村，责任认定不变。")?;
        self.submit()?;
        self.accepted()?;
        self.sign_in(CLERK)?;
        self.saw("an objection to a penalty is decided by somebody without a part in it");
        Ok(())
    }

    fn compute_and_post(&mut self) -> Result<(), Failed> {
        self.go(&format!("{}/compute", self.round))?;
        self.submit()?;
        self.accepted()?;
        self.go(&format!("{}/post", self.round))?;
        self.submit()?;
        self.accepted()?;
        self.go(&format!("{}/posting", self.round))?;
        let rows = self.browser.find_all("main tbody tr")?.len();
        ensure!(rows == 12, "{rows} villages are posted");
        self.saw("computed and posted, twelve villages on the sheet");
        Ok(())
    }

    /// Not before the term has passed.
    fn finalise(&mut self) -> Result<(), Failed> {
        let page = format!("{}/finalise", self.round);
        self.go(&page)?;
        self.submit()?;
        let problems = self.problems()?;
        ensure!(
            !problems.is_empty(),
            "it became final before the term had passed"
        );
        self.sign_in("系统管理员")?;
        self.go("/demo/clock")?;
        self.fill("#f-working-days", "6")?;
        self.submit()?;
        self.accepted()?;
        self.sign_in(CLERK)?;
        self.go(&page)?;
        self.submit()?;
        self.accepted()?;
        self.go(&page)?;
        self.submit()?;
        ensure!(!self.problems()?.is_empty(), "a final round moved again");
        self.saw(format!(
            "too early: {}; six working days later it is final",
            problems[0]
        ));
        Ok(())
    }

    fn ranking(&mut self) -> Result<(), Failed> {
        self.go(&format!("{}/ranking", self.round))?;
        let rows = self.browser.find_all("main tbody tr")?.len();
        ensure!(rows == 12, "{rows} villages are ranked");
        let first = self.text("main tbody tr")?;
        self.sign_in(SECRETARY)?;
        self.go(&format!("{}/ranking", self.round))?;
        let own = self.text("main tbody tr.is-selected")?;
        let cells = self.browser.find_all("main tbody tr td:first-child")?;
        let ranks: Result<Vec<String>, _> = cells.iter().map(webdriver::Element::text).collect();
        let exact = ranks?
            .iter()
            .filter(|rank| rank.trim().parse::<u32>().is_ok())
            .count();
        ensure!(exact == 1, "the village sees {exact} exact ranks");
        self.saw(format!(
            "first: {}; the village sees its own: {}",
            one_line(&first),
            one_line(&own)
        ));
        Ok(())
    }

    /// Where the adjusted figure came from: declared, verified, by whom, why, and what it gave.
    fn explanation(&mut self) -> Result<(), Failed> {
        self.go(&self.village.clone())?;
        let link = self.browser.find("main a[href$='/nodes/coop']")?;
        self.browser.through(|| link.click())?;
        let text = self.text("main")?;
        for word in ["66.5", "64", SECRETARY, VERIFIER, "名册中 9 人已迁出"] {
            ensure!(
                text.contains(word),
                "the explanation does not say {word}: {text}"
            );
        }
        self.saw("the explanation names both values, both people and the reason");
        Ok(())
    }
}

/// Whether the page has the form of a step.
fn is_due(page: &str, act: &str) -> bool {
    page.contains(&format!("/{act}\" enctype"))
}

/// `/rounds/…/villages/…` of every village that a page links to, in its order.
fn villages(page: &str, round: &str) -> Vec<String> {
    let mark = format!("href=\"{round}/villages/");
    let mut found: Vec<String> = Vec::new();
    for rest in page.split(&mark).skip(1) {
        let id: String = rest.chars().take(36).collect();
        let village = format!("{round}/villages/{id}");
        if !found.contains(&village) {
            found.push(village);
        }
    }
    found
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A picture on disk, for the file field.
fn picture() -> Result<PathBuf, Failed> {
    let path = std::env::temp_dir().join(format!("xingcun-walk-{}-cover.png", std::process::id()));
    std::fs::write(&path, PICTURE)?;
    Ok(path)
}
