//! Web's own texts, and those it holds for the crates below it.

use crate::testing::{LocaleCheck, check_locales};

/// Keys that are put together at run time.
const MADE: &[&str] = &["role-", "action-", "score-", "deed-"];

#[test]
fn every_text_exists_in_both_languages_and_is_used() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let folders = [
        "kernel",
        "formula",
        "engines/score",
        "platform/store",
        "platform/vault",
        "platform/directory",
        "platform/journal",
        "platform/journal-verify",
        "platform/access",
        "platform/packs",
        "platform/app",
        "platform/web",
    ];
    let sources: Vec<String> = folders
        .iter()
        .map(|folder| format!("{root}/{folder}/src"))
        .collect();
    let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
    check_locales(&LocaleCheck {
        files: &[crate::locales()],
        known: &[],
        sources: &sources,
        made: MADE,
    });
}
