//! The slice: a quarter of the demonstration from declaration to its final rank.

use web::testing::TestSite;
use webdriver::{Driver, Size};
use xingcun::serve;

use crate::demonstration::Demonstrated;

/// The demonstration as `xingcun demo` serves it, with its own one-click accounts.
fn site(demonstrated: &Demonstrated) -> TestSite {
    let open = &demonstrated.open;
    let site = Some(open.site.clone());
    TestSite::of(serve::web(&open.app, &open.config, false, site).unwrap())
}

fn walk_in(language: &str) {
    let what = format!("the walk through a quarter in a browser ({language})");
    let Some(driver) = Driver::start_or_skip(&what).unwrap() else {
        return;
    };
    let demonstrated = Demonstrated::on_sqlite();
    let base = format!("http://{}", site(&demonstrated).serve());
    let browser = driver.open(language, Size::OFFICE).unwrap();
    match walk::quarter(&browser, &base) {
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
