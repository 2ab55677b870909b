//! No binary float where a mark, a rank, a grade or an amount is made.

use crate::golden::root;
use crate::store_rules::rust_files;

/// Where exact numbers are made and used.
const EXACT: [&str; 5] = [
    "crates/kernel",
    "crates/formula",
    "crates/engines",
    "crates/features",
    "crates/platform",
];

/// The only files that may name a binary float, each with its reason.
const EXCEPTIONS: [(&str, &str); 4] = [
    (
        "crates/platform/directory/src/sheet/number.rs",
        "a workbook's cell is a binary float in its file; here it becomes its shortest decimal",
    ),
    (
        "crates/platform/directory/src/sheet/workbook.rs",
        "hands such a cell to the file above",
    ),
    (
        "crates/platform/web/src/chart.rs",
        "lengths and angles of drawings, beside a table with the exact figures",
    ),
    (
        "crates/platform/web/src/table/workbook.rs",
        "an Excel export: a number becomes a number cell only where its text comes back unchanged",
    ),
];

#[test]
fn no_binary_float_decides_anything() {
    let mut found = Vec::new();
    for folder in EXACT {
        for path in rust_files(&root().join(folder)) {
            let shown = path
                .strip_prefix(root())
                .unwrap()
                .to_string_lossy()
                .into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            if names_a_float(&text) {
                found.push(shown);
            }
        }
    }
    let expected: Vec<String> = EXCEPTIONS
        .iter()
        .map(|(path, _)| (*path).to_owned())
        .collect();
    found.sort();
    let mut expected = expected;
    expected.sort();
    assert_eq!(
        found, expected,
        "files that name f32 or f64, and those that have a reason to"
    );
}

/// Outside comments, as a word of its own, or as the suffix of a literal.
fn names_a_float(text: &str) -> bool {
    text.lines().any(|line| {
        let code = line.split("//").next().unwrap_or_default();
        ["f32", "f64"].iter().any(|float| {
            code.match_indices(float).any(|(at, _)| {
                let before = code[..at].chars().next_back();
                let after = code[at + float.len()..].chars().next();
                let letter = |c: char| c.is_ascii_alphabetic() || c == '_';
                !before.is_some_and(letter)
                    && !after.is_some_and(|c| letter(c) || c.is_ascii_digit())
            })
        })
    })
}

#[test]
fn a_float_is_seen_as_a_type_a_path_and_a_suffix() {
    for (code, expected) in [
        ("let x: f64 = y;", true),
        ("std::f32::consts::PI", true),
        ("let x = 1f64;", true),
        ("let half64 = 3;", false),
        ("// an f64 is refused", false),
    ] {
        assert_eq!(names_a_float(code), expected, "{code}");
    }
}
