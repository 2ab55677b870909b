//! Every page's samples in both languages, the texts, and the classes of the markup.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::BTreeSet;

use web::testing::{LocaleCheck, check_locales, render_all};

#[test]
fn every_page_keeps_the_rules_of_markup_and_names_only_classes_that_exist() {
    let documents = render_all(&[assessment::web()]);
    assert!(documents.len() > 80, "{}", documents.len());
    let known = known_classes();
    let mut unknown = BTreeSet::new();
    for (_, _, html) in &documents {
        for part in html.split("class=\"").skip(1) {
            let names = part.split('"').next().unwrap_or_default();
            unknown.extend(
                names
                    .split_whitespace()
                    .filter(|name| !known.contains(*name)),
            );
        }
    }
    assert!(unknown.is_empty(), "classes without a rule: {unknown:?}");
}

/// What people read holds no word of the record's notation: no `2026-Q3`, no `2026-10-14`, no code of
/// an item.
#[test]
fn pages_say_periods_days_and_items_in_words() {
    let mut raw = BTreeSet::new();
    for (name, _, html) in render_all(&[assessment::web()]) {
        // The page of a scheme says its code too, as what programs call it.
        let is_scheme = name.contains("/schemes/{scheme}");
        for word in visible(&html).split(|c: char| !(c.is_ascii_alphanumeric() || "-_".contains(c)))
        {
            if is_notation(word) && !(is_scheme && word == "demo_quarter") {
                raw.insert(format!("{name}: {word}"));
            }
        }
    }
    assert!(raw.is_empty(), "{raw:#?}");
}

/// The text of a page between its tags, without what is meant for programs and for checking by hand.
fn visible(html: &str) -> String {
    let mut rest = html.to_owned();
    for (begin, end) in [
        ("<pre", "</pre>"),
        ("<script", "</script>"),
        ("class=\"code-hash\"", "</"),
    ] {
        while let Some((before, after)) = rest.clone().split_once(begin) {
            let after = after.split_once(end).map_or("", |(_, after)| after);
            // What is cut was an element of its own, or the end of a tag.
            let close = if begin.starts_with('<') { "" } else { ">" };
            rest = format!("{before}{close}{after}");
        }
    }
    let parts = rest
        .split('<')
        .map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    parts.collect::<Vec<_>>().join(" ")
}

fn is_notation(word: &str) -> bool {
    let pattern: String = word
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    let is_period = ["0000-Q0", "0000Q0", "0000-H0", "0000H0"].contains(&&*pattern);
    let parts: Vec<&str> = word.split('_').collect();
    let is_lower = |part: &&str| part.len() > 1 && part.bytes().all(|c| c.is_ascii_lowercase());
    let is_code = parts.len() > 1 && parts.iter().all(is_lower);
    is_period || pattern == "0000-00-00" || is_code
}

#[test]
fn notation_is_told_from_words() {
    for (word, expected) in [
        ("2026-Q3", true),
        ("2026Q3", true),
        ("2026-10-14", true),
        ("coop_share", true),
        ("2026", false),
        ("Q3", false),
        ("co-op", false),
    ] {
        assert_eq!(is_notation(word), expected, "{word}");
    }
    assert_eq!(
        visible("<a href=\"/2026-Q3\">甲</a><pre>2026-Q3</pre>").trim(),
        "甲"
    );
}

/// Forty questions have the same words for what is wrong: the list at the top says at which.
#[test]
fn problems_of_a_section_name_their_question() {
    let documents = render_all(&[assessment::web()]);
    let lists = documents.iter().filter_map(|(name, _, html)| {
        let list = html.split("class=\"error-summary\"").nth(1)?;
        let of_section = name.contains("/sections/{section}");
        of_section.then(|| list.split("</ul>").next().unwrap_or_default())
    });
    let mut seen = 0;
    for list in lists {
        let problems = list.matches("<li").count();
        assert!(problems > 0);
        assert_eq!(
            list.matches("<span class=\"where\">").count(),
            problems,
            "{list}"
        );
        seen += 1;
    }
    assert!(seen >= 2, "{seen} lists of problems");
}

/// Every class that some style sheet has a rule for, and those that only scripts look for.
fn known_classes() -> BTreeSet<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../platform/web/assets/css");
    let mut known = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let css = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for part in css.split('.').skip(1) {
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
            let end = part.find(|c| !is_name(c)).unwrap_or(part.len());
            known.insert(part[..end].to_owned());
        }
    }
    known
}

#[test]
fn every_text_exists_in_both_languages_and_is_used() {
    check_locales(&LocaleCheck {
        files: &[assessment::web().locales],
        known: &[],
        sources: &[concat!(env!("CARGO_MANIFEST_DIR"), "/src")],
        made: &["score-", "ranking-band-"],
    });
}
