//! One pack: read from a source, each file by the engine it belongs to.

use std::collections::BTreeMap;

use kernel::calendar::WorkCalendar;
use kernel::{Finding, FindingPlace};
use score::Scheme;

use crate::calendars::CalendarFile;
use crate::document::{Document, Title};
use crate::freeze::canonical;
use crate::limit::{MAX_FILE_BYTES, MAX_FILES, MAX_FINDINGS, MAX_PACK_BYTES, MAX_PATH_BYTES};
use crate::manifest::{MANIFEST, Manifest};
use crate::source::{Entry, Source, SourceError};
use crate::texts::{self, Texts};

/// The folders that mean something, and whether their engine is built.
const FOLDERS: [(&str, bool); 9] = [
    ("calendars", true),
    ("cases", false),
    ("charts", false),
    ("forms", false),
    ("points", false),
    ("roles", false),
    ("scenarios", true),
    ("schemes", true),
    ("texts", true),
];

/// A scheme as its file says it.
#[derive(Clone, Debug)]
pub struct SchemeFile {
    /// Path within the pack.
    pub path: String,
    /// Text of the file in its canonical form, see [`crate::Frozen`].
    pub text: String,
    /// What the text says.
    pub scheme: Scheme,
}

/// A pack whose every file could be read.
#[derive(Clone, Debug)]
pub struct Pack {
    /// Its `pack.toml`.
    pub manifest: Manifest,
    /// Its schemes, by path.
    pub schemes: Vec<SchemeFile>,
    /// Its working-day calendars, by path.
    pub calendars: Vec<CalendarFile>,
    /// Its texts, by key, over all files.
    pub texts: Texts,
}

impl Pack {
    /// The scheme of a code.
    pub fn scheme(&self, code: &str) -> Option<&SchemeFile> {
        self.schemes.iter().find(|file| file.scheme.code == code)
    }

    /// The pack's name for people.
    pub fn title(&self) -> &Title {
        &self.manifest.title
    }
}

/// Reads and checks a pack by itself. The pack is `None` where it cannot be used at all; where it
/// is given and a finding blocks, it may be shown but nothing of it may be published.
pub fn read(source: &dyn Source) -> (Option<Pack>, Vec<Finding>) {
    let mut reader = Reader {
        source,
        findings: Vec::new(),
    };
    let pack = reader.pack();
    let mut findings = reader.findings;
    if findings.len() > MAX_FINDINGS {
        let more = findings.len() - MAX_FINDINGS;
        findings.truncate(MAX_FINDINGS);
        findings.push(Finding::error("pack-more-findings").arg("count", more));
    }
    (pack, findings)
}

struct Reader<'a> {
    source: &'a dyn Source,
    findings: Vec<Finding>,
}

impl Reader<'_> {
    /// The name of a file as findings show it.
    fn shown(&self, path: &str) -> String {
        match (self.source.name(), path) {
            ("", path) => path.to_owned(),
            (name, "") => name.to_owned(),
            (name, path) => format!("{name}/{path}"),
        }
    }

    fn at(&self, path: &str) -> FindingPlace {
        FindingPlace::Line {
            file: self.shown(path),
            line: 1,
            column: 0,
        }
    }

    fn report(&mut self, code: &'static str, path: &str) -> &mut Finding {
        let finding = Finding::error(code).at(self.at(path));
        self.findings.push(finding);
        self.findings.last_mut().expect("it was just pushed")
    }

    fn report_source(&mut self, error: SourceError) {
        let finding = match error {
            SourceError::Unreadable { path, reason } => Finding::error("pack-unreadable")
                .at(self.at(&path))
                .arg("reason", reason),
            SourceError::NotText { path } => Finding::error("pack-bad-path").at(self.at(&path)),
            SourceError::Link { path } => Finding::error("pack-link").at(self.at(&path)),
            SourceError::TooDeep { path } => Finding::error("pack-too-deep").at(self.at(&path)),
            SourceError::TooMany => Finding::error("pack-too-many-files")
                .at(self.at(""))
                .arg("limit", MAX_FILES),
        };
        self.findings.push(finding);
    }

    fn pack(&mut self) -> Option<Pack> {
        let entries = match self.source.entries() {
            Ok(entries) => entries,
            Err(error) => {
                self.report_source(error);
                return None;
            }
        };
        if !self.within_limits(&entries) {
            return None;
        }
        if !entries.iter().any(|entry| entry.path == MANIFEST) {
            self.report("pack-no-manifest", "");
            return None;
        }
        let manifest = self.text(MANIFEST).and_then(|text| {
            let file = self.shown(MANIFEST);
            let document = Document {
                file: &file,
                text: &text,
            };
            Manifest::parse(document, &mut self.findings)
        });
        let mut contents = Contents::default();
        for entry in entries.iter().filter(|entry| entry.path != MANIFEST) {
            self.file(entry, &mut contents);
        }
        Some(Pack {
            manifest: manifest?,
            schemes: contents.schemes,
            calendars: contents.calendars,
            texts: contents.texts,
        })
    }

    fn within_limits(&mut self, entries: &[Entry]) -> bool {
        let before = self.findings.len();
        let total = entries
            .iter()
            .fold(0_u64, |sum, entry| sum.saturating_add(entry.size_bytes));
        if total > MAX_PACK_BYTES {
            let finding = Finding::error("pack-too-large")
                .at(self.at(""))
                .arg("found", total.to_string())
                .arg("limit", MAX_PACK_BYTES.to_string());
            self.findings.push(finding);
        }
        for entry in entries {
            if entry.size_bytes > MAX_FILE_BYTES {
                let finding = Finding::error("pack-file-too-large")
                    .at(self.at(&entry.path))
                    .arg("found", entry.size_bytes.to_string())
                    .arg("limit", MAX_FILE_BYTES.to_string());
                self.findings.push(finding);
            }
            if entry.path.len() > MAX_PATH_BYTES || entry.path.chars().any(char::is_control) {
                self.report("pack-bad-path", &entry.path.escape_debug().to_string());
            }
        }
        self.findings.len() == before
    }

    fn file(&mut self, entry: &Entry, contents: &mut Contents) {
        let path = entry.path.as_str();
        let Some((folder, name)) = path.split_once('/') else {
            // Figures to try a scheme on; nothing reads them but `xingcun score`.
            if !is_paper(path) && !has_extension(path, "csv") {
                self.unknown_file(path);
            }
            return;
        };
        let Some((_, built)) = FOLDERS.iter().find(|(known, _)| *known == folder) else {
            let known: Vec<&str> = FOLDERS.iter().map(|(known, _)| *known).collect();
            let finding = Finding::error("pack-unknown-folder")
                .at(self.at(path))
                .arg("found", folder)
                .arg("known", known.join(", "));
            self.findings.push(finding);
            return;
        };
        if !built {
            let finding = Finding::error("pack-folder-not-built")
                .at(self.at(path))
                .arg("found", folder);
            self.findings.push(finding);
            return;
        }
        match folder {
            _ if is_paper(name) => {}
            // Figures with what a scheme makes of them: `xingcun pack test` runs them.
            "scenarios" if has_extension(path, "csv") => {}
            "scenarios" => self.unknown_file(path),
            _ if !has_extension(path, "toml") => self.unknown_file(path),
            _ => self.definition(folder, path, contents),
        }
    }

    fn unknown_file(&mut self, path: &str) {
        self.report("pack-unknown-file", path);
    }

    fn definition(&mut self, folder: &str, path: &str, contents: &mut Contents) {
        let Some(text) = self.text(path) else { return };
        let file = self.shown(path);
        let document = Document {
            file: &file,
            text: &text,
        };
        match folder {
            "schemes" => self.scheme(path, &file, text, contents),
            "calendars" => {
                if let Some(calendar) = CalendarFile::parse(path, document, &mut self.findings) {
                    self.calendar(calendar, contents);
                }
            }
            _ => {
                for (key, words) in texts::parse(document, &mut self.findings) {
                    if contents.texts.contains_key(&key) {
                        let finding = Finding::error("pack-duplicate")
                            .at(self.at(path))
                            .arg("found", key.as_str());
                        self.findings.push(finding);
                    }
                    contents.texts.insert(key, words);
                }
            }
        }
    }

    /// Two notices of one pack must not be of the same year or contradict each other.
    fn calendar(&mut self, calendar: CalendarFile, contents: &mut Contents) {
        let year = calendar.data.year;
        let same_year = |known: &&CalendarFile| known.data.year == year;
        if let Some(other) = contents.calendars.iter().find(same_year) {
            let finding = Finding::error("pack-duplicate")
                .at(self.at(&calendar.path))
                .arg("found", i64::from(year))
                .arg("other", other.path.as_str());
            self.findings.push(finding);
            return;
        }
        for other in &contents.calendars {
            let both = [other.data.clone(), calendar.data.clone()];
            let (_, faults) = WorkCalendar::build(&both);
            // What is wrong within one file stands at a field and was found with that file.
            let between = faults
                .into_iter()
                .filter(|fault| fault.place == FindingPlace::Whole);
            let place = self.at(&calendar.path);
            self.findings
                .extend(between.map(|fault| fault.at(place.clone())));
        }
        contents.calendars.push(calendar);
    }

    fn scheme(&mut self, path: &str, file: &str, text: String, contents: &mut Contents) {
        let (scheme, findings) = score::parse(file, &text);
        self.findings.extend(findings);
        let Some(scheme) = scheme else { return };
        if let Some(other) = contents.scheme_codes.get(&scheme.code) {
            let finding = Finding::error("pack-duplicate")
                .at(self.at(path))
                .arg("found", scheme.code.as_str())
                .arg("other", other.as_str());
            self.findings.push(finding);
            return;
        }
        contents
            .scheme_codes
            .insert(scheme.code.clone(), path.to_owned());
        contents.schemes.push(SchemeFile {
            path: path.to_owned(),
            text,
            scheme,
        });
    }

    /// The text of a file: UTF-8, byte order mark dropped, line ends made LF.
    fn text(&mut self, path: &str) -> Option<String> {
        let bytes = match self.source.read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.report_source(error);
                return None;
            }
        };
        match String::from_utf8(bytes) {
            Ok(text) => Some(canonical(&text)),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let before = String::from_utf8_lossy(&error.as_bytes()[..valid]);
                let line = before.matches('\n').count() + 1;
                let finding = Finding::error("pack-not-utf8").at(FindingPlace::Line {
                    file: self.shown(path),
                    line: u32::try_from(line).unwrap_or(u32::MAX),
                    column: 0,
                });
                self.findings.push(finding);
                None
            }
        }
    }
}

#[derive(Default)]
struct Contents {
    schemes: Vec<SchemeFile>,
    scheme_codes: BTreeMap<String, String>,
    calendars: Vec<CalendarFile>,
    texts: Texts,
}

/// Files for people that may lie beside definitions.
fn is_paper(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    matches!(stem, "README" | "NOTICE" | "LICENSE" | "CHANGELOG") && !name.contains('/')
}

fn has_extension(path: &str, wanted: &str) -> bool {
    std::path::Path::new(path)
        .extension()
        .is_some_and(|extension| extension == wanted)
}
