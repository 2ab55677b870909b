//! The board on the wall: nobody scrolls it, and a small one uses the room that it has.

use web::testing::TestSite;
use webdriver::{Browser, Driver, Size};
use xingcun::demo::Extent;
use xingcun::serve;

use crate::demonstration::Demonstrated;

const SCREENS: [Size; 2] = [
    Size {
        width: 1920,
        height: 1080,
    },
    Size {
        width: 1440,
        height: 900,
    },
];

/// That the board of a round stands whole on each screen, with the banner of the demonstration, and
/// that its cards reach down to the lower edge.
pub fn fits(browser: &Browser, address: &str) {
    for size in SCREENS {
        browser.resize(size).unwrap();
        browser.go(address).unwrap();
        // Heights of the page and the screen, banners, and how far above the lower edge a card ends.
        let measure = "const low = (part) => part.getBoundingClientRect().bottom;\
            const cards = [...document.querySelectorAll('.wall-grid > *')];\
            return [document.documentElement.scrollHeight, innerHeight,\
            document.querySelectorAll('.banner-demo').length,\
            Math.round(innerHeight - Math.min(...cards.map(low)))]";
        let measured = browser.run(measure, &[]).unwrap();
        let of = |index: usize| measured[index].as_i64().unwrap();
        assert!(of(0) <= of(1), "{} px on {} px", of(0), of(1));
        assert_eq!(of(2), 1);
        assert!(of(3) < of(1) / 14, "ends {} px above the edge", of(3));
    }
    browser.resize(Size::OFFICE).unwrap();
}

#[test]
fn the_board_of_a_town_fills_the_screen_and_no_more() {
    let what = "a town's board on the wall";
    let Some(driver) = Driver::start_or_skip(what).unwrap() else {
        return;
    };
    let town = Demonstrated::make(None, Extent::Town);
    let open = &town.open;
    let web = serve::web(&open.app, &open.config, false, Some(open.site.clone())).unwrap();
    let base = format!("http://{}", TestSite::of(web).serve());
    let browser = driver.open("zh-CN", Size::OFFICE).unwrap();
    browser.go(&format!("{base}/sign-in")).unwrap();
    let button = browser.button("李静").unwrap();
    browser.through(|| button.click()).unwrap();
    browser.go(&format!("{base}/rounds")).unwrap();
    let links = "return [...document.querySelectorAll('main a[href^=\"/rounds/\"]')]\
        .map(link => link.getAttribute('href')).filter(href => href.split('/').length === 3)";
    let rounds = browser.run(links, &[]).unwrap();
    let finished = rounds.as_array().unwrap().last().unwrap();
    let finished = finished.as_str().unwrap();
    fits(&browser, &format!("{base}{finished}/wall"));
}
