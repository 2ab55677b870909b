//! Generated documents: compared as they stand, or written where `UPDATE_GOLDEN` is set
//! (`cargo xtask regenerate`).

use std::path::PathBuf;

/// The repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Holds a generated text against the committed document.
#[track_caller]
pub fn check(document: &str, text: &str) {
    let path = root().join(document);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    if let Some((number, (is, was))) = first_difference(text, &committed) {
        panic!(
            "{document} differs from line {number}; run: cargo xtask regenerate\n\
             committed: {was}\n     it is: {is}"
        );
    }
}

fn first_difference<'t>(text: &'t str, committed: &'t str) -> Option<(usize, (&'t str, &'t str))> {
    let end = "(the end)";
    let lines = text.lines().count().max(committed.lines().count());
    let mut is = text.lines();
    let mut was = committed.lines();
    (1..=lines)
        .map(|number| {
            (
                number,
                (is.next().unwrap_or(end), was.next().unwrap_or(end)),
            )
        })
        .find(|(_, (is, was))| is != was)
}

#[test]
fn the_first_line_that_differs_is_named() {
    assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
    assert_eq!(
        first_difference("a\nb\n", "a\n"),
        Some((2, ("b", "(the end)")))
    );
    assert_eq!(first_difference("a\nc\n", "a\nb\n"), Some((2, ("c", "b"))));
}
