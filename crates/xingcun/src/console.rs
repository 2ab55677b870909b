//! The terminal: language, findings in people's words, and where they go.

use std::io::Write;
use std::sync::Arc;

use kernel::{Finding, Severity};
use web::{Catalogue, Language, Locale, LocaleFiles};

use crate::folder::FolderError;

/// Most findings that are printed; the rest is counted.
const SHOWN_FINDINGS: usize = 200;

/// The program's own texts.
pub fn locales() -> LocaleFiles {
    web::locale_files!(
        "backup", "console", "import", "journal", "pack", "rebuild", "score", "setup"
    )
}

/// Prints one line to the standard output; a closed pipe is nobody's problem.
pub fn print_line(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// What a subcommand talks through.
pub struct Console {
    locale: Locale,
}

impl Console {
    /// The console in the language of `--lang`, else of the environment, else in Chinese.
    pub fn new(lang: Option<&str>) -> Console {
        let catalogue: Arc<Catalogue> =
            Catalogue::new(&[locales()]).expect("a test reads all Fluent files of the program");
        let language = lang.map_or_else(language_of_environment, language_of);
        Console {
            locale: catalogue.locale(language),
        }
    }

    /// The texts.
    pub fn locale(&self) -> &Locale {
        &self.locale
    }

    /// Prints findings, the blocking ones first, each with its place and remedy.
    pub fn findings(&self, out: &mut dyn Write, findings: &[Finding]) -> std::io::Result<()> {
        let mut sorted: Vec<&Finding> = findings.iter().collect();
        sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        for finding in sorted.iter().take(SHOWN_FINDINGS) {
            let text = self.locale.finding(finding);
            let severity = self.locale.text(match finding.severity {
                Severity::Error => "console-error",
                Severity::Warning => "console-warning",
                Severity::Note => "console-note",
            });
            let place = match (&finding.place, text.place.as_str()) {
                (kernel::FindingPlace::Field(path), _) => format!("{path}: "),
                (_, "") => String::new(),
                (_, place) => format!("{place}: "),
            };
            writeln!(out, "{place}{severity} [{}] {}", finding.code, text.text)?;
            if !text.remedy.is_empty() {
                writeln!(out, "    {}", text.remedy)?;
            }
        }
        if sorted.len() > SHOWN_FINDINGS {
            let more = i64::try_from(sorted.len() - SHOWN_FINDINGS).unwrap_or(i64::MAX);
            let text = self.locale.text("console-more-findings").arg("count", more);
            writeln!(out, "{text}")?;
        }
        Ok(())
    }

    /// Tells why the program stopped, with every cause on a line of its own. What is wrong with a
    /// folder is told in the console's language, its causes included.
    pub fn print_error(&self, error: &(dyn std::error::Error + 'static)) {
        let mut out = std::io::stderr().lock();
        let mut cause = Some(error);
        while let Some(error) = cause {
            if let Some(folder) = error.downcast_ref::<FolderError>() {
                let _ = writeln!(out, "{}", folder.message(&self.locale));
                return;
            }
            let _ = writeln!(out, "{error}");
            cause = error.source();
        }
    }

    /// Prints findings to the standard error; a closed pipe is nobody's problem.
    pub fn complain(&self, findings: &[Finding]) {
        let _ = self.findings(&mut std::io::stderr().lock(), findings);
    }
}

fn language_of(tag: &str) -> Language {
    if tag.to_ascii_lowercase().starts_with("en") {
        Language::English
    } else {
        Language::Chinese
    }
}

/// As programs on Unix read it: `LC_ALL`, then `LC_MESSAGES`, then `LANG`.
fn language_of_environment() -> Language {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
        .map_or(Language::Chinese, |value| language_of(&value))
}

#[cfg(test)]
mod tests {
    use web::testing::{LocaleCheck, check_locales};

    #[test]
    fn every_text_exists_in_both_languages_and_is_used() {
        check_locales(&LocaleCheck {
            files: &[super::locales(), web::locale_files!("demo")],
            known: &[],
            sources: &[concat!(env!("CARGO_MANIFEST_DIR"), "/src")],
            made: &["explain-applied-", "explain-source-"],
        });
    }

    #[test]
    fn english_is_asked_for_and_chinese_is_the_rest() {
        for (tag, expected) in [
            ("en", "en"),
            ("en_GB.UTF-8", "en"),
            ("EN", "en"),
            ("zh_CN.UTF-8", "zh-CN"),
            ("C", "zh-CN"),
            ("", "zh-CN"),
        ] {
            assert_eq!(super::language_of(tag).tag(), expected, "{tag}");
        }
    }
}
