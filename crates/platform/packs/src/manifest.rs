//! `pack.toml`: what a pack is called, which version it is, and what it extends.

use kernel::Finding;

use crate::document::{Document, Fields, Title, text, title};

/// Name of the manifest's file.
pub const MANIFEST: &str = "pack.toml";

/// What `pack.toml` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Stable name: lower-case letters, digits and hyphens, at most 60 characters.
    pub name: String,
    /// Version: one to four numbers with dots between them, `2026.1`.
    pub version: String,
    /// Name of the pack this one adds to, if any.
    pub extends: Option<String>,
    /// Name for people.
    pub title: Title,
    /// Attribution of data or rules that are not the county's own.
    pub notice: Option<Title>,
}

impl Manifest {
    /// Reads the file; `None` where something needed is wrong.
    pub fn parse(document: Document<'_>, findings: &mut Vec<Finding>) -> Option<Manifest> {
        let table = document.table(findings);
        let mut fields = Fields::new(document, table.get_ref(), 0..0);
        let mut checked = |key, required: bool, valid: fn(&str) -> bool, code| {
            let value = if required {
                fields.required(key, findings)?
            } else {
                fields.optional(key)?
            };
            let found = text(document, key, value, findings)?;
            if !valid(found) {
                findings.push(document.error(code, value.span()).arg("found", found));
                return None;
            }
            Some(found.to_owned())
        };
        let name = checked("name", true, is_name, "pack-bad-name");
        let version = checked("version", true, is_version, "pack-bad-version");
        let extends = checked("extends", false, is_name, "pack-bad-name");
        let pack_title = fields
            .required("title", findings)
            .and_then(|value| title(document, "title", value, findings));
        let notice = fields
            .optional("notice")
            .and_then(|value| title(document, "notice", value, findings));
        fields.finish(findings);
        Some(Manifest {
            name: name?,
            version: version?,
            extends,
            title: pack_title?,
            notice,
        })
    }
}

fn is_name(text: &str) -> bool {
    (1..=60).contains(&text.len())
        && !text.starts_with('-')
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn is_version(text: &str) -> bool {
    let mut parts = 0;
    text.split('.').all(|part| {
        parts += 1;
        (1..=9).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    }) && parts <= 4
}

#[cfg(test)]
mod tests {
    use super::{is_name, is_version};

    #[test]
    fn knows_names_and_versions() {
        for (text, name, version) in [
            ("base", true, false),
            ("hdi-2022", true, false),
            ("2026", true, true),
            ("2026.1", false, true),
            ("1.2.3.4", false, true),
            ("1.2.3.4.5", false, false),
            ("1..2", false, false),
            ("", false, false),
            ("Base", false, false),
            ("-a", false, false),
            ("强基", false, false),
        ] {
            assert_eq!(is_name(text), name, "{text}");
            assert_eq!(is_version(text), version, "{text}");
        }
    }
}
