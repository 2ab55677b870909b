//! The slice: a quarter of the demonstration from declaration to its final rank.

use access::Role;
use walk::{Failed, Others, Visitor};
use web::DemoAccount;
use web::testing::TestSite;
use webdriver::{Driver, Size};
use xingcun::serve;

use crate::demonstration::Demonstrated;

/// Everybody has one-click sign-in here, so the other villages do their part by it.
struct OneClick {
    base: String,
}

impl Others for OneClick {
    fn secretary(&mut self, number: usize) -> Result<Visitor, Failed> {
        let mut visitor = Visitor::new(&self.base);
        visitor.sign_in_as(&format!("village{number:02}"))?;
        Ok(visitor)
    }
}

/// The demonstration's own one-click accounts, and the secretaries of the other villages.
fn site(demonstrated: &Demonstrated) -> TestSite {
    let open = &demonstrated.open;
    let mut demo = open.site.clone();
    for number in 2..=12 {
        let name: &'static str = format!("village{number:02}").leak();
        demo.accounts.push(DemoAccount {
            account: demonstrated.account(name),
            name: name.to_owned(),
            role: Role::VillageSecretary,
            place: String::new(),
        });
    }
    let web = serve::web(&open.app, &open.config, false, Some(demo)).unwrap();
    TestSite::of(web)
}

fn walk_in(language: &str) {
    let what = format!("the walk through a quarter in a browser ({language})");
    let Some(driver) = Driver::start_or_skip(&what).unwrap() else {
        return;
    };
    let demonstrated = Demonstrated::on_sqlite();
    let base = format!("http://{}", site(&demonstrated).serve());
    let browser = driver.open(language, Size::OFFICE).unwrap();
    let mut others = OneClick { base: base.clone() };
    match walk::quarter(&browser, &base, &mut others) {
        Ok(seen) => println!("{}", seen.join("\n")),
        Err(error) => panic!("{error}\n{}", browser.whereabouts()),
    }
    let complaints: Vec<_> = browser
        .console()
        .unwrap()
        .into_iter()
        .filter(|line| line.level == "SEVERE" || line.source == "security")
        // A refused form is an answer of 422, which the browser calls a failed load.
        .filter(|line| !line.message.contains("422"))
        .collect();
    assert!(complaints.is_empty(), "the console says {complaints:#?}");
}

#[test]
fn a_quarter_in_the_browser_in_chinese() {
    walk_in("zh-CN");
}

#[test]
fn a_quarter_in_the_browser_in_english() {
    walk_in("en");
}
