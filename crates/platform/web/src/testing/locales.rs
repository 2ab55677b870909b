//! Every key of a text exists in both languages and is used; every used key exists.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use fluent_bundle::FluentResource;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

use crate::{Language, LocaleFiles};

/// What to compare: the texts of some crates with the sources that use them.
#[derive(Clone, Copy, Debug)]
pub struct LocaleCheck<'a> {
    /// Texts that must all be used, in both languages, with the same arguments.
    pub files: &'a [LocaleFiles],
    /// Texts of others that may be used too.
    pub known: &'a [LocaleFiles],
    /// Source folders (Rust and templates) that use them.
    pub sources: &'a [&'a str],
    /// Beginnings of keys that are put together at run time (`role-`, `action-`): such keys count
    /// as used. `finding-` is not one of them: findings are found in the sources.
    pub made: &'a [&'a str],
}

/// Fails, listing everything that is wrong.
///
/// A key counts as used where a string of the sources (Rust or template) is exactly that key, and
/// `finding-x` where a string is exactly `x` . A key is required by `l.text("key")`, by
/// `l.attribute("key", …)` and by `Finding::error("code")`, `warning`, `note`.
///
/// # Panics
///
/// If anything is wrong; the message lists it.
pub fn check_locales(check: &LocaleCheck<'_>) {
    let problems = locale_problems(check);
    assert!(problems.is_empty(), "texts:\n  {}", problems.join("\n  "));
}

fn locale_problems(check: &LocaleCheck<'_>) -> Vec<String> {
    let mut problems = Vec::new();
    let mut own = BTreeSet::new();
    for files in check.files {
        let chinese = keys(files, Language::Chinese, &mut problems);
        let english = keys(files, Language::English, &mut problems);
        compare(files.owner, &chinese, &english, &mut problems);
        own.extend(chinese.into_keys());
        own.extend(english.into_keys());
    }
    let mut all = own.clone();
    for files in check.known.iter().chain([&crate::locales()]) {
        all.extend(keys(files, Language::Chinese, &mut problems).into_keys());
    }
    let mut strings = BTreeSet::new();
    for source in source_files(check.sources) {
        let text = std::fs::read_to_string(&source).expect("a source file can be read");
        let shown = source.display().to_string();
        for key in required(&text) {
            if !all.contains(&key) {
                problems.push(format!("{shown}: no text for `{key}`"));
            }
        }
        strings.extend(string_literals(&text));
    }
    for key in &own {
        let is_made = check
            .made
            .iter()
            .any(|beginning| key.starts_with(beginning));
        let code = key.strip_prefix("finding-").unwrap_or(key);
        if !is_made && !strings.contains(key) && !strings.contains(code) {
            problems.push(format!("`{key}` is not used"));
        }
    }
    problems
}

/// What a text takes: names of arguments and attributes.
type Shape = BTreeSet<String>;

fn keys(
    files: &LocaleFiles,
    language: Language,
    problems: &mut Vec<String>,
) -> BTreeMap<String, Shape> {
    let mut keys = BTreeMap::new();
    for (name, text) in files.of(language) {
        let resource = match FluentResource::try_new((*text).to_owned()) {
            Ok(resource) => resource,
            Err((_, errors)) => {
                let place = format!("{}/{}/{name}", files.owner, language.tag());
                problems.push(format!("{place}: {:?}", errors.first()));
                continue;
            }
        };
        for entry in resource.entries() {
            let Entry::Message(message) = entry else {
                continue;
            };
            let mut shape = Shape::new();
            if let Some(value) = &message.value {
                arguments(value, &mut shape);
            }
            for attribute in &message.attributes {
                shape.insert(format!(".{}", attribute.id.name));
                arguments(&attribute.value, &mut shape);
            }
            if keys.insert(message.id.name.to_owned(), shape).is_some() {
                problems.push(format!(
                    "{}: `{}` stands twice",
                    files.owner, message.id.name
                ));
            }
        }
    }
    keys
}

fn arguments(pattern: &Pattern<&str>, shape: &mut Shape) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            of_expression(expression, shape);
        }
    }
}

fn of_expression(expression: &Expression<&str>, shape: &mut Shape) {
    match expression {
        Expression::Inline(inline) => of_inline(inline, shape),
        Expression::Select { selector, variants } => {
            of_inline(selector, shape);
            for variant in variants {
                arguments(&variant.value, shape);
            }
        }
    }
}

fn of_inline(inline: &InlineExpression<&str>, shape: &mut Shape) {
    match inline {
        InlineExpression::VariableReference { id } => {
            shape.insert(format!("${}", id.name));
        }
        InlineExpression::Placeable { expression } => of_expression(expression, shape),
        _ => {}
    }
}

fn compare(
    owner: &str,
    chinese: &BTreeMap<String, Shape>,
    english: &BTreeMap<String, Shape>,
    problems: &mut Vec<String>,
) {
    for (key, shape) in chinese {
        match english.get(key) {
            None => problems.push(format!("{owner}: `{key}` has no English text")),
            Some(other) if other != shape => problems.push(format!(
                "{owner}: `{key}` takes {shape:?} in Chinese, {other:?} in English"
            )),
            Some(_) => {}
        }
    }
    for key in english.keys().filter(|key| !chinese.contains_key(*key)) {
        problems.push(format!("{owner}: `{key}` has no Chinese text"));
    }
}

fn source_files(folders: &[&str]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut left: Vec<PathBuf> = folders.iter().map(PathBuf::from).collect();
    while let Some(path) = left.pop() {
        // Tests name keys that are not there, on purpose.
        let is_test = path.ends_with("testing") || path.ends_with("tests");
        if path.is_dir() && is_test {
            continue;
        }
        if path.is_dir() {
            let entries = std::fs::read_dir(&path).expect("a source folder can be read");
            left.extend(entries.map(|entry| entry.expect("a folder can be listed").path()));
        } else if is_source(&path) {
            files.push(path);
        }
    }
    assert!(!files.is_empty(), "no sources in {folders:?}");
    files.sort();
    files
}

fn is_source(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("rs" | "html"))
}

/// The keys that a source needs.
fn required(text: &str) -> Vec<String> {
    let mut keys = Vec::new();
    for (call, prefix) in [
        ("l.text(", ""),
        ("l.attribute(", ""),
        ("Finding::error(", "finding-"),
        ("Finding::warning(", "finding-"),
        ("Finding::note(", "finding-"),
    ] {
        for (at, _) in text.match_indices(call) {
            // `l.text(` is a text of ours, `cell.text(` is not.
            if text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let rest = text[at + call.len()..].trim_start();
            let literal = rest
                .strip_prefix('"')
                .and_then(|rest| rest.split('"').next());
            if let Some(key) = literal.filter(|key| is_key(key)) {
                keys.push(format!("{prefix}{key}"));
            }
        }
    }
    keys
}

/// All string literals that could be keys. A quote that opens nothing only yields texts that are
/// no keys, so a full parser is not needed: both readings of every quote are tried.
fn string_literals(text: &str) -> BTreeSet<String> {
    let parts: Vec<&str> = text.split('"').collect();
    parts
        .iter()
        .filter(|part| is_key(part))
        .map(|part| (*part).to_owned())
        .collect()
}

fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::{LocaleCheck, locale_problems};
    use crate::LocaleFiles;

    fn complaint(chinese: &'static str, english: &'static str, source: &str) -> String {
        use std::sync::atomic::{AtomicU32, Ordering};
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("xingcun-locales-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("a.rs"), source).unwrap();
        let leak = |text| -> &'static [(&'static str, &'static str)] {
            Box::leak(Box::new([("a.ftl", text)]))
        };
        let files = [LocaleFiles {
            owner: "a",
            chinese: leak(chinese),
            english: leak(english),
        }];
        let sources = [folder.to_str().unwrap()];
        let check = LocaleCheck {
            files: &files,
            known: &[],
            sources: &sources,
            made: &["role-"],
        };
        let problems = locale_problems(&check);
        std::fs::remove_dir_all(&folder).unwrap();
        problems.join("; ")
    }

    #[test]
    fn finds_what_is_missing_unused_or_unequal() {
        let used = r#"l.text("a-title")"#;
        assert_eq!(complaint("a-title = 甲", "a-title = A", used), "");
        assert_eq!(
            complaint("a-title = 甲\nrole-x = 乙", "a-title = A\nrole-x = B", used),
            ""
        );
        for (chinese, english, source, says) in [
            ("a-title = 甲", "", used, "no English text"),
            ("", "a-title = A", used, "no Chinese text"),
            ("a-title = 甲", "a-title = A", "", "is not used"),
            ("a-title = 甲 { $n }", "a-title = A", used, "takes"),
            (
                "a-title = 甲",
                "a-title = A",
                r#"l.text("a-title"); l.text( "a-other" )"#,
                "no text for `a-other`",
            ),
            (
                "a-title = 甲",
                "a-title = A",
                "l.text(\"a-title\"); Finding::error(\n\"gap\")",
                "no text for `finding-gap`",
            ),
            ("a-title = { ", "a-title = A", used, "Expected"),
        ] {
            let complaint = complaint(chinese, english, source);
            assert!(complaint.contains(says), "{says}: {complaint}");
        }
    }
}
