//! Freezing a scheme, and what differs between two versions.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use packs::{Change, Embedded, compare, freeze, freeze_text, read};

/// The demonstration's scheme, as text.
fn demo() -> String {
    let source = Embedded::named("demo").unwrap();
    let (pack, findings) = read(&source);
    assert_eq!(findings, []);
    pack.unwrap().scheme("demo_quarter").unwrap().text.clone()
}

#[test]
fn a_digest_is_that_of_the_text_and_can_be_read_again() {
    let text = demo();
    let frozen = freeze_text("quarter.toml", &text).unwrap();
    assert_eq!(frozen.canonical, text);
    let again = freeze_text("stored", &frozen.canonical).unwrap();
    assert_eq!(again.digest, frozen.digest);
    assert_eq!(again.scheme, frozen.scheme);
    assert_eq!(frozen.digest_hex().len(), 64);
    let other = freeze_text("quarter.toml", &text.replace("\"7.2\"", "\"7.3\"")).unwrap();
    assert_ne!(other.digest, frozen.digest);
}

#[test]
fn spelling_of_line_ends_does_not_change_the_digest() {
    let text = demo();
    let digest = freeze_text("a", &text).unwrap().digest;
    for other in [
        format!("\u{feff}{text}"),
        text.replace('\n', "\r\n"),
        format!("{text}\n\n"),
        text.trim_end().to_owned(),
    ] {
        assert_eq!(freeze_text("a", &other).unwrap().digest, digest);
    }
}

#[test]
fn a_scheme_with_errors_cannot_be_frozen() {
    let broken = demo().replace("\"[5, 10)\"", "\"[6, 10)\"");
    let findings = freeze_text("quarter.toml", &broken).unwrap_err();
    assert!(findings.iter().any(kernel::Finding::blocks), "{findings:?}");
}

#[test]
fn the_demonstration_can_be_frozen() {
    let (pack, _) = read(&Embedded::named("demo").unwrap());
    assert!(freeze(&pack.unwrap().schemes[0]).is_ok());
}

/// Compares the demonstration with an edited copy.
fn differences(edit: impl Fn(&str) -> String) -> Vec<String> {
    let old = freeze_text("old", &demo()).unwrap().scheme;
    let text = edit(&demo());
    let (new, findings) = score::parse("new", &text);
    let new = new.unwrap_or_else(|| panic!("{findings:?}"));
    compare(&old, &new)
        .into_iter()
        .map(|difference| {
            let change = match difference.change {
                Change::Added => "added".to_owned(),
                Change::Removed => "removed".to_owned(),
                Change::Changed(fields) => fields
                    .iter()
                    .map(|field| format!("{} {} → {}", field.field, field.before, field.after))
                    .collect::<Vec<_>>()
                    .join("; "),
            };
            format!("{:?} {}: {change}", difference.part, difference.code)
        })
        .collect()
}

#[test]
fn tells_what_a_new_version_changes() {
    assert_eq!(differences(str::to_owned), Vec::<String>::new());
    assert_eq!(
        differences(|text| format!("# a comment\n{}", text.replace("\"10.8\"", "\"10.80\""))),
        Vec::<String>::new()
    );
    assert_eq!(
        differences(|text| text.replacen("\"2026.1\"", "\"2026.2\"", 1)),
        ["Whole : version 2026.1 → 2026.2"]
    );
    let changed = differences(|text| text.replace("mark = \"7.2\"", "mark = \"7\""));
    assert_eq!(changed.len(), 1);
    assert!(changed[0].starts_with("Node income: rule."), "{changed:?}");
    assert!(changed[0].ends_with("mark 7.2 → 7"), "{changed:?}");
    let renamed = differences(|text| text.replace("\"no_weak_fortress\"", "\"weak_fortress\""));
    assert_eq!(
        renamed,
        [
            "Gate weak_fortress: added",
            "Gate no_weak_fortress: removed"
        ]
    );
    let band = differences(|text| text.replace("en = \"Good\"", "en = \"Fine\""));
    assert_eq!(band, ["Band good: title.en Good → Fine"]);
}
