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
