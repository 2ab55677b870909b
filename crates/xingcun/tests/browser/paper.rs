//! What goes on a wall: the posting, the ranking and the score notice of the whole county as
//! Chromium prints them, read back from the PDF by another program (`pdftotext`).

use std::io::Write as _;
use std::process::{Command, Stdio};

use base64::Engine as _;
use serde_json::json;
use web::testing::TestSite;
use webdriver::{Browser, Driver, REQUIRE_VARIABLE, Size};
use xingcun::demo::Extent;
use xingcun::serve;

use crate::demonstration::Demonstrated;
use crate::wall::fits;

/// Villages of the county.
const VILLAGES: usize = 370;
/// Most sheets of paper for all of them.
const POSTING_PAGES: usize = 14;
/// A notice fits both sides of one sheet.
const NOTICE_PAGES: usize = 2;

/// A village of the ranking, as its export says.
struct Ranked {
    rank: String,
    name: String,
    town: String,
    score: String,
    grade: String,
}

/// The page that the browser shows, printed: the text of each sheet.
fn print(browser: &Browser, address: &str) -> Vec<String> {
    browser.go(address).unwrap();
    let how = json!({ "preferCSSPageSize": true });
    let printed = browser.chromium("Page.printToPDF", &how).unwrap();
    let pdf = printed["data"].as_str().unwrap();
    let pdf = base64::engine::general_purpose::STANDARD
        .decode(pdf)
        .unwrap();
    read(&pdf)
}

/// The text of each page of a PDF, laid out as on paper.
fn read(pdf: &[u8]) -> Vec<String> {
    let mut reader = Command::new("pdftotext")
        .args(["-layout", "-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = reader.stdin.take().unwrap();
    let output = std::thread::scope(|threads| {
        threads.spawn(move || input.write_all(pdf).unwrap());
        reader.wait_with_output().unwrap()
    });
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let mut pages: Vec<String> = text.split('\u{c}').map(str::to_owned).collect();
    // Every page ends with the mark.
    assert_eq!(pages.pop().as_deref().map(str::trim), Some(""));
    pages
}

fn has_reader() -> bool {
    let found = Command::new("pdftotext").arg("-v").output().is_ok();
    assert!(
        found || std::env::var_os(REQUIRE_VARIABLE).is_none(),
        "pdftotext is not there: install poppler-utils"
    );
    found
}

/// What an address answers to the visitor whom the browser has signed in.
fn fetch(browser: &Browser, path: &str) -> String {
    let script = "const done = arguments[1]; fetch(arguments[0])\
        .then(answer => answer.ok ? answer.text() : '').then(done, error => done(String(error)))";
    let answer = browser.run_async(script, &[json!(path)]).unwrap();
    answer.as_str().unwrap().to_owned()
}

/// The ranking as its export has it; scores with the two places of the scheme.
fn ranking(csv: &str) -> Vec<Ranked> {
    let places = |score: &str| {
        let (whole, part) = score.split_once('.').unwrap_or((score, ""));
        format!("{whole}.{part:0<2}")
    };
    let line = |line: &str| -> Option<Ranked> {
        let cells: Vec<&str> = line.trim_end().split(',').collect();
        let &[rank, name, town, score, grade, _] = cells.as_slice() else {
            return None;
        };
        rank.parse::<u32>().ok()?;
        Some(Ranked {
            rank: rank.to_owned(),
            name: name.to_owned(),
            town: town.to_owned(),
            score: places(score),
            grade: grade.to_owned(),
        })
    };
    csv.lines().filter_map(line).collect()
}

/// That each of these villages stands whole in one line of one sheet, and that the head of the
/// table stands on every sheet that has one of them.
fn whole_lines(pages: &[String], villages: &[Ranked], head: &[&str]) {
    let words =
        |line: &str| -> Vec<String> { line.split_whitespace().map(str::to_owned).collect() };
    let mut places = Vec::new();
    for village in villages {
        let parts = [
            &village.rank,
            &village.name,
            &village.town,
            &village.score,
            &village.grade,
        ];
        let holds = |line: &str| {
            let words = words(line);
            parts.iter().all(|part| words.contains(part))
        };
        let found = pages.iter().position(|page| page.lines().any(holds));
        let parts = parts.map(String::as_str).join(" ");
        places.push(found.unwrap_or_else(|| panic!("{parts} is not whole in any line")));
    }
    for page in places {
        let has_head = |line: &str| {
            let words = words(line);
            head.iter()
                .all(|word| words.iter().any(|known| known == word))
        };
        assert!(
            pages[page].lines().any(has_head),
            "sheet {} has no head",
            page + 1
        );
    }
}

/// A notice is one sheet of paper, and ends as a letter does: who issues it, the place of the seal,
/// the day; how to object stands above.
#[test]
fn a_notice_is_one_sheet_with_the_place_of_its_seal() {
    let what = "a town's notice on paper";
    let Some(driver) = Driver::start_or_skip(what).unwrap() else {
        return;
    };
    if !has_reader() {
        println!("skipped: {what}; there is no pdftotext");
        return;
    }
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
    let rounds = rounds.as_array().unwrap().iter();
    let mut rounds = rounds.filter_map(|link| link.as_str());
    let posted = |round: &&str| !fetch(&browser, &format!("{round}/posting")).is_empty();
    let round = rounds.find(posted).unwrap();
    browser.go(&format!("{base}{round}/ranking")).unwrap();
    // The last of the ranking has lost most: its notice is the longest.
    let link = "return [...document.querySelectorAll('main tbody a[href*=\"/villages/\"]')]\
        .pop().getAttribute('href')";
    let village = browser.run(link, &[]).unwrap();
    let village = village.as_str().unwrap();
    let notice = print(&browser, &format!("{base}{village}/notice"));
    assert_eq!(notice.len(), 1, "{notice:#?}");
    for words in [
        "公示期已过，结果已定",
        "结果校验码",
        "出具单位：云岭县委组织部",
        "盖章处",
        "日期：2026",
    ] {
        assert!(notice[0].contains(words), "no {words}: {}", notice[0]);
    }
}

#[test]
fn the_county_on_paper_is_whole() {
    let what = "the county on paper";
    let Some(driver) = Driver::start_or_skip(what).unwrap() else {
        return;
    };
    if !has_reader() {
        println!("skipped: {what}; there is no pdftotext");
        return;
    }
    let county = Demonstrated::make(None, Extent::County);
    let open = &county.open;
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
    let mut rounds = rounds
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|link| link.as_str());
    let posted = |round: &&str| !fetch(&browser, &format!("{round}/posting")).is_empty();
    let round = rounds.find(posted).unwrap();
    let villages = ranking(&fetch(&browser, &format!("{round}/ranking.csv")));
    assert_eq!(villages.len(), VILLAGES);
    let head = ["名次", "村", "乡镇", "得分", "等次"];

    let posting = print(&browser, &format!("{base}{round}/posting"));
    println!("the posting has {} sheets", posting.len());
    assert!(posting.len() <= POSTING_PAGES, "{} sheets", posting.len());
    whole_lines(&posting, &villages, &head);

    // The ranking prints the page that is shown.
    let shown = print(&browser, &format!("{base}{round}/ranking"));
    println!("a page of the ranking has {} sheets", shown.len());
    whole_lines(&shown, &villages[..50], &head);

    fits(&browser, &format!("{base}{round}/wall"));

    browser.go(&format!("{base}{round}/ranking")).unwrap();
    let link =
        "return document.querySelector('main tbody a[href*=\"/villages/\"]').getAttribute('href')";
    let village = browser.run(link, &[]).unwrap();
    let village = village.as_str().unwrap();
    let notice = print(&browser, &format!("{base}{village}/notice"));
    println!("the notice has {} sheets", notice.len());
    assert!(notice.len() <= NOTICE_PAGES, "{} sheets", notice.len());
    let headings = "return [...document.querySelectorAll('h1, h2')].map(head => head.innerText)";
    let headings = browser.run(headings, &[]).unwrap();
    for page in &notice {
        let lines: Vec<&str> = page
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        let is_number = |line: &&&str| line.chars().all(|c| c.is_ascii_digit() || " /".contains(c));
        let last = lines.iter().rev().find(|line| !is_number(line)).unwrap();
        let is_heading = |head: &serde_json::Value| head.as_str() == Some(*last);
        let orphaned = headings.as_array().unwrap().iter().any(is_heading);
        assert!(!orphaned, "{last} stands alone at the foot of a sheet");
    }
}
