//! Every page's samples in both languages, the texts, and the classes of the markup.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::BTreeSet;

use web::testing::{LocaleCheck, check_locales, render_all};

/// Keys that are put together at run time.
const MADE: &[&str] = &[
    "place-level-",
    "place-kind-",
    "place-merge-",
    "place-split-",
    "place-end-",
    "place-resume-",
    "place-move-",
    "place-correct-",
    "place-hanging-",
    "places-standing-",
    "outline-datum-",
    "account-use-",
    "place-link-",
    "import-",
    "dispute-state-",
    "grant-state-",
    "token-state-",
    "personal-",
    "post-",
    "denied-",
];

#[test]
fn every_page_keeps_the_rules_of_markup_and_names_only_classes_that_exist() {
    let documents = render_all(&[registry::web()]);
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
        files: &[registry::web().locales],
        known: &[],
        sources: &[concat!(env!("CARGO_MANIFEST_DIR"), "/src")],
        made: MADE,
    });
}
