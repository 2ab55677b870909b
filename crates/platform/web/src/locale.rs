//! Texts of the interface: Fluent files, looked up by key in the visitor's language.

use std::borrow::{Borrow, Cow};
use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use kernel::{Day, FindingArg, Instant, Period, PeriodKind};

use crate::Language;

/// The Fluent files of one crate, as data: `(file name, text)` per language.
///
/// A crate gives its own with [`locale_files!`](crate::locale_files).
#[derive(Clone, Copy, Debug)]
pub struct LocaleFiles {
    /// Crate name, for messages.
    pub owner: &'static str,
    /// Files of `locales/zh-CN`.
    pub chinese: &'static [(&'static str, &'static str)],
    /// Files of `locales/en`.
    pub english: &'static [(&'static str, &'static str)],
}

impl LocaleFiles {
    /// The files of one language.
    pub fn of(&self, language: Language) -> &'static [(&'static str, &'static str)] {
        match language {
            Language::Chinese => self.chinese,
            Language::English => self.english,
        }
    }
}

/// The calling crate's Fluent files: `locale_files!("ranking", "declare")` reads
/// `locales/{zh-CN,en}/ranking.ftl` and `declare.ftl` of that crate at compile time.
#[macro_export]
macro_rules! locale_files {
    ($($name:literal),+ $(,)?) => {
        $crate::LocaleFiles {
            owner: env!("CARGO_PKG_NAME"),
            chinese: &[$((
                concat!($name, ".ftl"),
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/locales/zh-CN/", $name, ".ftl")),
            )),+],
            english: &[$((
                concat!($name, ".ftl"),
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/locales/en/", $name, ".ftl")),
            )),+],
        }
    };
}

/// What is wrong with a set of Fluent files; a defect of the build, found by tests and at start.
#[derive(Debug, thiserror::Error)]
pub enum LocaleError {
    /// A file is not Fluent.
    #[error("{owner}/locales/{language}/{file}: {reason}")]
    Syntax {
        /// Crate.
        owner: &'static str,
        /// Tag of the language.
        language: &'static str,
        /// File name.
        file: &'static str,
        /// The parser's words.
        reason: String,
    },
    /// Two files define one key.
    #[error("{owner}/locales/{language}/{file}: {reason} (each key has one owner)")]
    Twice {
        /// Crate of the second definition.
        owner: &'static str,
        /// Tag of the language.
        language: &'static str,
        /// File of the second definition.
        file: &'static str,
        /// Which key.
        reason: String,
    },
}

/// All texts of the product in both languages.
pub struct Catalogue {
    chinese: FluentBundle<FluentResource>,
    english: FluentBundle<FluentResource>,
}

impl std::fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Catalogue")
    }
}

impl Catalogue {
    /// Joins the files of all crates (web's own are always in it).
    pub fn new(files: &[LocaleFiles]) -> Result<Arc<Catalogue>, LocaleError> {
        let mut all = vec![crate::locales()];
        for file in files {
            if all.iter().all(|known| known.owner != file.owner) {
                all.push(*file);
            }
        }
        Ok(Arc::new(Catalogue {
            chinese: bundle(Language::Chinese, &all)?,
            english: bundle(Language::English, &all)?,
        }))
    }

    /// The texts in one language.
    pub fn locale(self: &Arc<Self>, language: Language) -> Locale {
        Locale {
            language,
            catalogue: Arc::clone(self),
        }
    }
}

fn bundle(
    language: Language,
    files: &[LocaleFiles],
) -> Result<FluentBundle<FluentResource>, LocaleError> {
    let tag = language.tag().parse().expect("the tags are valid BCP 47");
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // Isolation marks around arguments would end up in copied figures and in exports.
    bundle.set_use_isolating(false);
    for owner in files {
        for (file, text) in owner.of(language) {
            let parsed = FluentResource::try_new((*text).to_owned()).map_err(|(_, errors)| {
                LocaleError::Syntax {
                    owner: owner.owner,
                    language: language.tag(),
                    file,
                    reason: format!("{:?}", errors.first()),
                }
            })?;
            bundle
                .add_resource(parsed)
                .map_err(|errors| LocaleError::Twice {
                    owner: owner.owner,
                    language: language.tag(),
                    file,
                    reason: format!("{:?}", errors.first()),
                })?;
        }
    }
    Ok(bundle)
}

/// The texts in one visitor's language. Cheap to clone; a page keeps one in its field `l`.
#[derive(Clone, Debug)]
pub struct Locale {
    language: Language,
    catalogue: Arc<Catalogue>,
}

impl Locale {
    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Its tag, for `lang` attributes.
    pub fn tag(&self) -> &'static str {
        self.language.tag()
    }

    fn bundle(&self) -> &FluentBundle<FluentResource> {
        match self.language {
            Language::Chinese => &self.catalogue.chinese,
            Language::English => &self.catalogue.english,
        }
    }

    /// Whether there is a text for the key.
    pub fn has(&self, key: &str) -> bool {
        self.bundle().has_message(key)
    }

    /// The text of a key; give it arguments with [`Text::arg`]. In a template:
    /// `{{ l.text("home-due").arg("day", day) }}`.
    pub fn text<'l>(&'l self, key: &'l str) -> Text<'l> {
        Text {
            locale: self,
            key,
            attribute: None,
            args: Vec::new(),
        }
    }

    /// The text of an attribute of a message (`finding-tier-gap.remedy`), where it has one.
    pub fn attribute<'l>(&'l self, key: &'l str, attribute: &'l str) -> Option<Text<'l>> {
        self.bundle()
            .get_message(key)?
            .get_attribute(attribute)
            .map(|_| Text {
                locale: self,
                key,
                attribute: Some(attribute),
                args: Vec::new(),
            })
    }

    /// The text for the visitor where data (a pack, a register) carries both languages; an empty
    /// English text falls back to the Chinese one.
    pub fn choose<'t>(&self, chinese: &'t str, english: &'t str) -> &'t str {
        match self.language {
            Language::English if !english.is_empty() => english,
            _ => chinese,
        }
    }

    /// A size of a file: `286 KB`, `4.2 MB`.
    pub fn size(&self, bytes: impl Borrow<u64>) -> String {
        const KB: u64 = 1024;
        const MB: u64 = KB * KB;
        let bytes = *bytes.borrow();
        if bytes < MB {
            format!("{} KB", bytes.div_ceil(KB))
        } else {
            format!("{}.{} MB", bytes / MB, bytes % MB * 10 / MB)
        }
    }

    /// A day as people write it: `2026 年 10 月 14 日`, `14 Oct 2026`.
    pub fn day(&self, day: impl Borrow<Day>) -> String {
        let day = *day.borrow();
        let (year, month, date) = (day.year(), day.month(), day.0.day());
        match self.language {
            Language::Chinese => format!("{year} 年 {month} 月 {date} 日"),
            Language::English => format!("{date} {} {year}", month_name(month)),
        }
    }

    /// `2026 年第三季度`, `third quarter of 2026`.
    pub fn period(&self, period: impl Borrow<Period>) -> String {
        let period = *period.borrow();
        let text = match period.kind() {
            PeriodKind::Month => self.text("period-month"),
            PeriodKind::Quarter => self.text("period-quarter"),
            PeriodKind::HalfYear => self.text("period-half-year"),
            PeriodKind::Year => self.text("period-year"),
        };
        // A year is a name, not a number that gets a thousands separator.
        text.arg("year", period.year().to_string())
            .arg("number", i64::from(period.number()))
            .to_string()
    }

    /// An instant to the minute in China's zone: `2026 年 10 月 14 日 09:20`.
    pub fn minute(&self, instant: impl Borrow<Instant>) -> String {
        let instant = *instant.borrow();
        let text = instant.minute_text();
        let clock = text.rsplit(' ').next().unwrap_or_default();
        format!("{} {clock}", self.day(instant.day()))
    }
}

fn month_name(month: i8) -> &'static str {
    const NAMES: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let index = usize::try_from(month - 1).expect("months count from 1");
    NAMES[index]
}

/// A text about to be written; `Display` renders it.
#[derive(Clone, Debug)]
pub struct Text<'l> {
    locale: &'l Locale,
    key: &'l str,
    attribute: Option<&'l str>,
    args: Vec<(Cow<'l, str>, FluentValue<'static>)>,
}

impl<'l> Text<'l> {
    /// The same text with one argument. Integers may choose a plural; all else is text.
    #[must_use]
    pub fn arg(mut self, name: impl Into<Cow<'l, str>>, value: impl Into<TextArg>) -> Text<'l> {
        self.args.push((name.into(), value.into().0));
        self
    }
}

impl std::fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bundle = self.locale.bundle();
        let message = bundle.get_message(self.key);
        let pattern = message.and_then(|message| match self.attribute {
            None => message.value(),
            Some(name) => message.get_attribute(name).map(|found| found.value()),
        });
        let Some(pattern) = pattern else {
            tracing::error!(key = self.key, language = self.locale.tag(), "text missing");
            return write!(f, "⟦{}⟧", self.key);
        };
        let args: FluentArgs<'_> = self
            .args
            .iter()
            .map(|(name, value)| (name.as_ref(), value.clone()))
            .collect();
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&args), &mut errors);
        if let Some(error) = errors.first() {
            tracing::error!(key = self.key, language = self.locale.tag(), %error, "text broken");
        }
        f.write_str(&nested_quotes(text))
    }
}

/// A name that has quotation marks of its own, put between quotation marks: “‘三会一课’次数”.
fn nested_quotes(text: Cow<'_, str>) -> Cow<'_, str> {
    let mut depth = 0_u32;
    let nested = text.chars().any(|c| match c {
        '“' => {
            depth += 1;
            depth > 1
        }
        '”' => {
            depth = depth.saturating_sub(1);
            false
        }
        _ => false,
    });
    if !nested {
        return text;
    }
    depth = 0;
    let turned = text.chars().map(|c| match c {
        '“' => {
            depth += 1;
            if depth == 2 { '‘' } else { c }
        }
        '”' => {
            depth = depth.saturating_sub(1);
            if depth == 1 { '’' } else { c }
        }
        _ => c,
    });
    Cow::Owned(turned.collect())
}

/// An argument of a text.
#[derive(Clone, Debug)]
pub struct TextArg(FluentValue<'static>);

/// Integers that a binary float holds exactly may choose plurals; larger ones go as digits.
const EXACT: i64 = 1 << 53;

impl From<i64> for TextArg {
    fn from(value: i64) -> TextArg {
        if (-EXACT..=EXACT).contains(&value) {
            TextArg(FluentValue::from(value))
        } else {
            TextArg(FluentValue::from(value.to_string()))
        }
    }
}

macro_rules! arg_from_integer {
    ($($kind:ty),+) => {$(
        impl From<$kind> for TextArg {
            fn from(value: $kind) -> TextArg {
                TextArg::from(i64::from(value))
            }
        }
        impl From<&$kind> for TextArg {
            fn from(value: &$kind) -> TextArg {
                TextArg::from(i64::from(*value))
            }
        }
    )+};
}
arg_from_integer!(u8, u16, u32, i8, i16, i32);

impl From<&i64> for TextArg {
    fn from(value: &i64) -> TextArg {
        TextArg::from(*value)
    }
}

impl From<usize> for TextArg {
    fn from(value: usize) -> TextArg {
        TextArg::from(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<u64> for TextArg {
    fn from(value: u64) -> TextArg {
        TextArg::from(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<&u64> for TextArg {
    fn from(value: &u64) -> TextArg {
        TextArg::from(*value)
    }
}

impl From<&usize> for TextArg {
    fn from(value: &usize) -> TextArg {
        TextArg::from(*value)
    }
}

impl From<&str> for TextArg {
    fn from(value: &str) -> TextArg {
        TextArg(FluentValue::from(value.to_owned()))
    }
}

impl From<&&str> for TextArg {
    fn from(value: &&str) -> TextArg {
        TextArg::from(*value)
    }
}

impl From<String> for TextArg {
    fn from(value: String) -> TextArg {
        TextArg(FluentValue::from(value))
    }
}

impl From<&String> for TextArg {
    fn from(value: &String) -> TextArg {
        TextArg::from(value.as_str())
    }
}

impl From<Text<'_>> for TextArg {
    fn from(value: Text<'_>) -> TextArg {
        TextArg::from(value.to_string())
    }
}

impl From<&FindingArg> for TextArg {
    fn from(value: &FindingArg) -> TextArg {
        match value {
            FindingArg::Int(value) => TextArg::from(*value),
            FindingArg::Text(value) => TextArg::from(value.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::nested_quotes;

    #[test]
    fn quotation_marks_within_quotation_marks_are_single() {
        for (text, expected) in [
            ("按“集体收入”计分", "按“集体收入”计分"),
            ("““三会一课”次数”计分", "“‘三会一课’次数”计分"),
            ("“甲”和“乙”", "“甲”和“乙”"),
            ("”“", "”“"),
        ] {
            assert_eq!(nested_quotes(text.into()), expected);
        }
    }
}
