//! What a person typed: the fields of a posted form, and the attempt that was refused.

use std::borrow::Borrow;

use app::files::FileHash;
use kernel::{Finding, FindingPlace};
use vault::FileKey;

use crate::{FindingText, Locale};

/// A file that came with a form. Its content is already stored; the command names it by hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostedFile {
    /// The stored content.
    pub hash: FileHash,
    /// Its name on the sender's device, cut to 200 characters, without folders.
    pub name: String,
    /// Content type as sniffed from the first bytes, never as declared.
    pub media_type: &'static str,
    /// Size of the content, in bytes.
    pub size_bytes: u64,
    /// The key under which it was sealed before it came to disk; `None` for a file as it is.
    pub key: Option<FileKey>,
}

impl PostedFile {
    /// What a hidden field carries to name the file again: `file:` hash, size, type, name; for a
    /// sealed file `sealed:`, then its key, which is nowhere else.
    pub fn reference(&self) -> String {
        let PostedFile {
            hash,
            name,
            media_type,
            size_bytes,
            key,
        } = self;
        match key {
            None => format!("file:{hash}:{size_bytes}:{media_type}:{name}"),
            Some(key) => {
                let key = key.text();
                format!("sealed:{key}:{hash}:{size_bytes}:{media_type}:{name}")
            }
        }
    }

    /// The file of a hidden field; `None` for anything else. Whoever knows a hash has had the
    /// content.
    pub fn of_reference(text: &str) -> Option<PostedFile> {
        let (key, rest) = match text.strip_prefix("sealed:") {
            Some(rest) => {
                let (key, rest) = rest.split_once(':')?;
                (Some(key.parse().ok()?), rest)
            }
            None => (None, text.strip_prefix("file:")?),
        };
        let mut parts = rest.splitn(4, ':');
        Some(PostedFile {
            key,
            hash: parts.next()?.parse().ok()?,
            size_bytes: parts.next()?.parse().ok()?,
            media_type: crate::media::of_name(parts.next()?)?,
            name: parts.next()?.chars().take(200).collect(),
        })
    }
}

/// The fields of a posted form, in the order sent.
#[derive(Clone, Default)]
pub struct Form {
    fields: Vec<(String, String)>,
    files: Vec<(String, PostedFile)>,
    refused: Vec<Finding>,
}

/// Prints the names of the fields and nothing that was typed: passwords and numbers of people are
/// typed into forms.
impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = |fields: &mut dyn Iterator<Item = &String>| {
            fields.cloned().collect::<Vec<String>>().join(" ")
        };
        f.debug_struct("Form")
            .field(
                "fields",
                &names(&mut self.fields.iter().map(|(name, _)| name)),
            )
            .field(
                "files",
                &names(&mut self.files.iter().map(|(name, _)| name)),
            )
            .finish_non_exhaustive()
    }
}

impl Form {
    /// From decoded fields.
    pub fn new(fields: Vec<(String, String)>, files: Vec<(String, PostedFile)>) -> Form {
        Form {
            fields,
            files,
            refused: Vec::new(),
        }
    }

    /// The first value of a field, trimmed; empty where absent.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// The first value of a field, trimmed; `None` where it was not sent or is empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.fields.iter().find(|(known, _)| known == name)?;
        Some(value.trim()).filter(|value| !value.is_empty())
    }

    /// A number as a person typed it, in the exact notation of the record where it plainly means
    /// one; anything doubtful comes as it was typed, so that it is found and shown.
    pub fn number(&self, name: &str) -> Option<String> {
        self.get(name).map(typed_number)
    }

    /// All values of a field (ticked boxes), trimmed.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.fields
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.trim())
    }

    /// Whether a box is ticked.
    pub fn is_ticked(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Whether a field was sent at all.
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(known, _)| known == name)
    }

    /// The form without a field: a password is never shown or sent back.
    #[must_use]
    pub(crate) fn without(mut self, name: &str) -> Form {
        self.fields.retain(|(known, _)| known != name);
        self
    }

    /// Fields and files as the hidden fields of a form that sends them once more.
    pub fn hidden(&self) -> impl Iterator<Item = (String, String)> {
        let files = self
            .files
            .iter()
            .map(|(name, file)| (name.clone(), file.reference()));
        self.fields.iter().cloned().chain(files)
    }

    /// What was found at files that came with it and were not taken in.
    pub(crate) fn refused(&self) -> &[Finding] {
        &self.refused
    }

    /// The form with what was found at files that were not taken in.
    #[must_use]
    pub(crate) fn with_refused(mut self, refused: Vec<Finding>) -> Form {
        self.refused = refused;
        self
    }

    /// All fields in the order sent, untrimmed.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The distinct second parts of `{prefix}.{part}.…`, in the order sent: the items of a form
    /// whose fields are `items.B1.value`, `items.B2.value`, … are `B1`, `B2`.
    pub fn parts<'f>(&'f self, prefix: &str) -> Vec<&'f str> {
        let mut parts = Vec::new();
        for (name, _) in &self.fields {
            let Some(rest) = name
                .strip_prefix(prefix)
                .and_then(|rest| rest.strip_prefix('.'))
            else {
                continue;
            };
            let part = rest.split('.').next().unwrap_or(rest);
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        parts
    }

    /// Files of a field.
    pub fn files<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f PostedFile> {
        self.files
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, file)| file)
    }

    /// All files of the form.
    pub(crate) fn all_files(&self) -> impl Iterator<Item = &PostedFile> {
        self.files.iter().map(|(_, file)| file)
    }

    /// A day of a date field. Left empty it is asked for; what is no day says how one is written.
    pub fn day(&self, name: &str) -> Result<kernel::Day, Finding> {
        if self.get(name).is_none() {
            return Err(Finding::error("required").field(name.to_owned()));
        }
        self.parse(name, "day-malformed")
            .map_err(|finding| finding.arg("expected", "YYYY-MM-DD"))
    }

    /// Reads a field with `FromStr`; what does not parse is the given finding at the field.
    pub fn parse<T: std::str::FromStr>(
        &self,
        name: &str,
        code: &'static str,
    ) -> Result<T, Finding> {
        let typed = self.text(name);
        typed.parse().map_err(|_| {
            Finding::error(code)
                .field(name.to_owned())
                .arg("found", typed)
        })
    }
}

/// `４５．５` and `398,200` as `45.5` and `398200`: full-width signs and groups of three, as Chinese
/// keyboards and spreadsheets give them. What is no such number is given back as it is.
pub fn typed_number(typed: &str) -> String {
    let half_width: String = typed.trim().chars().map(half_width).collect();
    let (sign, size) = match half_width.strip_prefix('-') {
        Some(size) => ("-", size),
        None => ("", half_width.as_str()),
    };
    let (whole, places) = size.split_once('.').unwrap_or((size, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let grouped = !whole.contains(',')
        || ((1..=3).contains(&first.len())
            && !first.starts_with('0')
            && groups.clone().all(|group| group.len() == 3));
    if !grouped || !digits(first) || !groups.all(digits) || !digits(places) {
        return typed.to_owned();
    }
    format!("{sign}{}", size.replace(',', ""))
}

fn half_width(sign: char) -> char {
    match sign {
        '\u{ff10}'..='\u{ff19}' | '\u{ff0e}' | '\u{ff0c}' | '\u{ff0d}' => {
            char::from_u32(u32::from(sign) - 0xfee0).unwrap_or(sign)
        }
        '\u{2212}' => '-',
        sign => sign,
    }
}

/// A refused attempt: what was typed and what was found. Empty on a first visit, so that a page
/// is written once and shows both.
#[derive(Clone, Debug, Default)]
pub struct Attempt {
    /// What was typed.
    pub form: Form,
    /// What was found.
    pub findings: Vec<Finding>,
    /// Whether the form was sent at all.
    pub sent: bool,
}

impl Attempt {
    /// What was typed into a field, or else the value the record holds.
    pub fn value<'a>(&'a self, name: &str, stored: &'a str) -> &'a str {
        if !self.sent {
            return stored;
        }
        self.form
            .fields
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value)
    }

    /// Whether a choice or box is on: as sent, or else as the record holds it.
    pub fn is_on(&self, name: &str, value: &str, stored: impl Borrow<bool>) -> bool {
        if self.sent {
            self.form.all(name).any(|sent| sent == value)
        } else {
            *stored.borrow()
        }
    }

    /// What was found at a field, in the page's language.
    pub fn problems(&self, l: &Locale, name: &str) -> Vec<FindingText> {
        l.findings(&self.findings_of(name))
    }

    /// What was found at a field.
    pub fn findings_of(&self, name: &str) -> Vec<Finding> {
        let at_field = |finding: &&Finding| match &finding.place {
            FindingPlace::Field(path) => path == name,
            _ => false,
        };
        self.findings.iter().filter(at_field).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Attempt, Form};

    fn form(fields: &[(&str, &str)]) -> Form {
        let fields = fields
            .iter()
            .map(|(a, b)| ((*a).into(), (*b).into()))
            .collect();
        Form::new(fields, Vec::new())
    }

    #[test]
    fn parts_are_the_items_of_a_section() {
        let form = form(&[
            ("items.B2.value", "1"),
            ("items.B2.note", ""),
            ("itemsX.B9.value", "1"),
            ("items.A1.value", "2"),
        ]);
        assert_eq!(form.parts("items"), ["B2", "A1"]);
    }

    #[test]
    fn numbers_are_read_as_people_type_them_and_doubtful_ones_stay() {
        for (typed, expected) in [
            ("45.5", "45.5"),
            ("４５．５", "45.5"),
            ("398,200", "398200"),
            ("３９８，２００．５", "398200.5"),
            ("1,234,567.8", "1234567.8"),
            ("－3", "-3"),
            ("1,23", "1,23"),
            ("1234,567", "1234,567"),
            ("0,123", "0,123"),
            (",123", ",123"),
            ("1.234,567", "1.234,567"),
            ("三十九万", "三十九万"),
            ("约７４", "约７４"),
            ("4 5", "4 5"),
            ("", ""),
        ] {
            assert_eq!(super::typed_number(typed), expected, "{typed}");
        }
        assert_eq!(form(&[("n", " １２ ")]).number("n").as_deref(), Some("12"));
    }

    #[test]
    fn a_day_that_was_not_given_is_asked_for() {
        let form = form(&[("a", "2026-10-14"), ("b", ""), ("c", "14.10.2026")]);
        assert_eq!(form.day("a").unwrap().to_string(), "2026-10-14");
        for (name, code) in [("b", "required"), ("c", "day-malformed"), ("d", "required")] {
            let finding = form.day(name).unwrap_err();
            assert_eq!(finding.code, code, "{name}");
            // Every sign of the text that stands for something is told what.
            for language in crate::Language::ALL {
                let l = crate::Catalogue::new(&[]).unwrap().locale(language);
                let shown = l.finding(&finding);
                let told = format!("{} {}", shown.text, shown.remedy);
                assert!(!told.contains("{$"), "{told}");
            }
        }
    }

    #[test]
    fn what_is_printed_of_a_form_holds_nothing_that_was_typed() {
        let attempt = Attempt {
            form: form(&[
                ("password", "correct horse battery"),
                ("id_number", "11010519491231002X"),
            ]),
            findings: Vec::new(),
            sent: true,
        };
        let printed = format!("{attempt:?} {attempt:#?}");
        assert!(printed.contains("id_number"), "{printed}");
        for value in ["correct", "11010519491231002X"] {
            assert!(!printed.contains(value), "{printed}");
        }
    }

    #[test]
    fn a_file_is_named_again_by_its_reference() {
        let file = super::PostedFile {
            hash: app::FileHash([7; 32]),
            name: "名册: 三季度.pdf".into(),
            media_type: "application/pdf",
            size_bytes: 292_864,
            key: None,
        };
        let read = super::PostedFile::of_reference(&file.reference());
        assert_eq!(read.as_ref(), Some(&file));
        let sealed = super::PostedFile {
            key: Some(vault::FileKey::new([9; 32])),
            ..file
        };
        let read = super::PostedFile::of_reference(&sealed.reference());
        assert_eq!(read, Some(sealed));
        for text in ["file:", "file:00:1:text/html:a", "约74", ""] {
            assert_eq!(super::PostedFile::of_reference(text), None, "{text}");
        }
    }

    #[test]
    fn an_attempt_shows_what_was_typed_even_where_it_was_emptied() {
        let first = Attempt::default();
        assert_eq!(first.value("income", "38.62"), "38.62");
        let again = Attempt {
            form: form(&[("income", "")]),
            findings: Vec::new(),
            sent: true,
        };
        assert_eq!(again.value("income", "38.62"), "");
    }
}
