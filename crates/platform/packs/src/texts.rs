//! `texts/*.toml`: words of the county in both languages, by key.
//!
//! ```toml
//! "scheme.notice" = { zh = "本演示数据均为虚构", en = "All figures here are invented" }
//! ```

use std::collections::BTreeMap;

use kernel::Finding;

use crate::document::{Document, Title, title};

/// Longest text in either language, in characters.
pub const MAX_TEXT_CHARACTERS: usize = 5000;

/// Texts by key.
pub type Texts = BTreeMap<String, Title>;

/// Reads a file of texts; what is wrong becomes findings and the rest remains.
pub(crate) fn parse(document: Document<'_>, findings: &mut Vec<Finding>) -> Texts {
    let table = document.table(findings);
    let mut texts = Texts::new();
    for (key, value) in table.get_ref() {
        if !is_key(key.get_ref()) {
            findings.push(
                document
                    .error("pack-bad-key", key.span())
                    .arg("found", key.get_ref().as_ref()),
            );
            continue;
        }
        let Some(words) = title(document, "text", value, findings) else {
            continue;
        };
        let longest = words.zh.chars().count().max(words.en.chars().count());
        if longest > MAX_TEXT_CHARACTERS {
            findings.push(
                document
                    .error("pack-text-too-long", value.span())
                    .arg("found", longest)
                    .arg("limit", MAX_TEXT_CHARACTERS),
            );
            continue;
        }
        texts.insert(key.get_ref().to_string(), words);
    }
    texts
}

/// Lower-case words with dots, hyphens and underscores.
fn is_key(key: &str) -> bool {
    (1..=100).contains(&key.len())
        && key.bytes().all(|b| {
            b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_')
        })
}
