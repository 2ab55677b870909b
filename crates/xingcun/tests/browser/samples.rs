//! Every page's samples (ordinary, longest names, empty, with error) as a browser shows them: in
//! both languages, on a telephone and on an office screen, under the content policy that every
//! answer has. axe finds nothing, nothing is refused, nothing scrolls sideways.

use std::time::Instant;

use askama::Template;
use web::testing::{Shown, TestSite, showroom};
use web::{Head, Locale, Page, PageError, Route, Samples, Shell, Web};
use webdriver::{Browser, Driver, DriverError, Size};
use xingcun::serve;

use crate::demonstration::Demonstrated;

/// The smallest width for which pages are made.
const NARROWEST: Size = Size {
    width: 360,
    height: 640,
};

/// The demonstration's site with a showroom; its base address and what there is to see.
fn site(demonstrated: &Demonstrated, planted: bool) -> (String, Vec<Shown>) {
    let open = &demonstrated.open;
    let site = Some(open.site.clone());
    let mut parts = serve::parts(&open.app, &open.config, false, site).unwrap();
    // Pages come as fast as the browser takes them.
    parts.requests_per_minute = 0;
    if planted {
        parts.features[0].routes.push(planted_route());
    }
    let (rooms, shown) = showroom(&parts.features);
    parts.features.push(rooms);
    let site = TestSite::of(Web::new(parts).unwrap());
    (format!("http://{}", site.serve()), shown)
}

/// Everything that is wrong with the samples in one language, one a line.
fn visit(browser: &Browser, base: &str, shown: &[Shown]) -> Result<Vec<String>, DriverError> {
    let is_english = browser.language()?.starts_with("en");
    browser.inspect_pages()?;
    let mut wrong = Vec::new();
    // Pages for everybody first: with a session they would stand in the office's frame.
    let (open, office): (Vec<&Shown>, Vec<&Shown>) = shown.iter().partition(|one| one.is_open);
    for one in open {
        look(browser, base, one, is_english, &mut wrong)?;
    }
    if !office.is_empty() {
        browser.go(&format!("{base}/sign-in"))?;
        let button = browser.button("李静")?;
        browser.through(|| button.click())?;
    }
    for one in office {
        look(browser, base, one, is_english, &mut wrong)?;
    }
    Ok(wrong)
}

fn look(
    browser: &Browser,
    base: &str,
    shown: &Shown,
    is_english: bool,
    wrong: &mut Vec<String>,
) -> Result<(), DriverError> {
    let mut say = |what: String| wrong.push(format!("{}: {what}", shown.name));
    browser.resize(Size::PHONE)?;
    browser.go(&format!("{base}{}", shown.address))?;
    for size in [Size::PHONE, Size::OFFICE, NARROWEST] {
        browser.resize(size)?;
        let width = size.width;
        let too_wide = browser.too_wide_px()?;
        if too_wide > 0 {
            say(format!("{too_wide} px wider than {width}"));
        }
        if size != NARROWEST {
            let violations = browser.violations()?.into_iter();
            let of_pages = |text: &String| text.starts_with("page-has-heading-one");
            for violation in violations.filter(|text| !(shown.is_part && of_pages(text))) {
                say(format!("at {width} px {violation}"));
            }
        }
    }
    if is_english {
        for text in browser.chinese()? {
            say(format!("Chinese in an English page: {text}"));
        }
    }
    for refused in browser.refused()? {
        say(format!("the content policy refuses {refused}"));
    }
    for line in browser.console()? {
        // The page of an error is an answer of 4xx or 5xx, which the browser calls a failed load.
        let is_answer = line.source == "network" && line.message.contains(&shown.address);
        if line.level == "SEVERE" && !is_answer {
            say(format!("the console says {}", line.message));
        }
    }
    Ok(())
}

#[test]
fn samples_of_every_page_are_sound_in_both_languages() {
    let what = "the samples of every page in a browser";
    let Some(driver) = Driver::start_or_skip(what).unwrap() else {
        return;
    };
    let demonstrated = Demonstrated::on_sqlite();
    let (base, shown) = site(&demonstrated, false);
    assert!(shown.iter().any(|one| one.is_open) && shown.iter().any(|one| !one.is_open));
    let begun = Instant::now();
    let mut wrong = Vec::new();
    // Each language has its own browser; both at once.
    std::thread::scope(|threads| {
        let visits: Vec<_> = ["zh-CN", "en"]
            .map(|language| {
                let browser = driver.open(language, Size::PHONE).unwrap();
                let (base, shown) = (&base, &shown);
                threads.spawn(move || (language, visit(&browser, base, shown)))
            })
            .into();
        for visit in visits {
            let (language, found) = visit.join().unwrap();
            let found = found.unwrap().into_iter();
            wrong.extend(found.map(|line| format!("{language} {line}")));
        }
    });
    println!(
        "{} samples in two languages in {:?}",
        shown.len(),
        begun.elapsed()
    );
    assert!(
        wrong.is_empty(),
        "{} faults:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// A page with one fault of each sort.
#[derive(Template)]
#[template(
    source = "<h1>A page</h1><p style=\"color: red\">中文</p><input id=\"nameless\">\
              <pre>{{ wide }}</pre><script>document.title = 'inline'</script>",
    ext = "html"
)]
struct Planted {
    wide: String,
}

impl Page for Planted {
    fn head(&self) -> Head {
        Head::new("planted").shell(Shell::Public)
    }

    fn samples(_: &Locale) -> Samples<Planted> {
        let page = |letters: usize| Planted {
            wide: "w".repeat(letters),
        };
        Samples {
            ordinary: page(1),
            longest: page(400),
            empty: None,
            with_error: None,
        }
    }
}

fn planted_route() -> Route {
    Route::public("/planted", |_, _, _| Err::<Planted, _>(PageError::NotFound))
}

#[test]
fn a_planted_fault_of_each_sort_is_found() {
    let what = "planted faults of a page in a browser";
    let Some(driver) = Driver::start_or_skip(what).unwrap() else {
        return;
    };
    let demonstrated = Demonstrated::on_sqlite();
    let (base, mut shown) = site(&demonstrated, true);
    shown.retain(|one| one.name.contains("/planted"));
    assert_eq!(shown.len(), 2);
    let browser = driver.open("en", Size::PHONE).unwrap();
    let wrong = visit(&browser, &base, &shown).unwrap().join("\n");
    for fault in [
        "at 390 px label: <input id=\"nameless\">",
        "at 1440 px label: <input id=\"nameless\">",
        "Chinese in an English page: 中文",
        "the content policy refuses style-src-attr: inline",
        "the content policy refuses script-src-elem: inline",
        "longest: 2",
    ] {
        assert!(wrong.contains(fault), "{fault} is not among\n{wrong}");
    }
}
