//! The two languages of the interface, and which one a visitor gets.

/// A language of the interface. Chinese is the source; English follows it key by key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// zh-CN, the default.
    #[default]
    Chinese,
    /// en.
    English,
}

impl Language {
    /// Both, the default first.
    pub const ALL: [Language; 2] = [Language::Chinese, Language::English];

    /// The BCP 47 tag: folder name of the texts, `lang` attribute, value of the cookie.
    pub const fn tag(self) -> &'static str {
        match self {
            Language::Chinese => "zh-CN",
            Language::English => "en",
        }
    }

    /// What the language calls itself.
    pub const fn own_name(self) -> &'static str {
        match self {
            Language::Chinese => "中文",
            Language::English => "English",
        }
    }

    /// The language of a tag such as `en-GB` or `zh`; `None` for a language we do not have.
    pub fn of_tag(tag: &str) -> Option<Language> {
        match tag.split('-').next()?.to_ascii_lowercase().as_str() {
            "zh" => Some(Language::Chinese),
            "en" => Some(Language::English),
            _ => None,
        }
    }

    /// The visitor's choice (cookie) wins, then the browser's `Accept-Language`, then Chinese.
    pub fn negotiate(cookie: Option<&str>, accept: Option<&str>) -> Language {
        cookie
            .and_then(Language::of_tag)
            .or_else(|| accept.and_then(most_wanted))
            .unwrap_or_default()
    }
}

/// The language with the highest quality in an `Accept-Language` header; of equals, the first.
fn most_wanted(header: &str) -> Option<Language> {
    let mut best = None;
    for range in header.split(',').take(32) {
        let mut parts = range.split(';');
        let Some(language) = parts.next().and_then(|tag| Language::of_tag(tag.trim())) else {
            continue;
        };
        let quality = parts
            .find_map(|part| part.trim().strip_prefix("q="))
            .map_or(1000, thousandths);
        if quality > 0 && best.is_none_or(|(_, highest)| quality > highest) {
            best = Some((language, quality));
        }
    }
    best.map(|(language, _)| language)
}

/// `0.85` as 850; malformed is 0, that is "not wanted".
fn thousandths(quality: &str) -> u32 {
    let (whole, fraction) = quality
        .trim()
        .split_once('.')
        .unwrap_or((quality.trim(), ""));
    let padded: String = fraction.chars().chain("000".chars()).take(3).collect();
    match (whole.parse::<u32>(), padded.parse::<u32>()) {
        (Ok(whole), Ok(fraction)) if whole <= 1 => (whole * 1000 + fraction).min(1000),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::Language::{self, Chinese, English};

    #[test]
    fn cookie_then_header_then_chinese() {
        for (cookie, accept, expected) in [
            (None, None, Chinese),
            (None, Some("en-GB,en;q=0.9"), English),
            (None, Some("en;q=0.5, zh-CN;q=0.9"), Chinese),
            (None, Some("fr, en;q=0.2"), English),
            (None, Some("en;q=0"), Chinese),
            (None, Some("fr;q=x,;,en;q=rubbish"), Chinese),
            (Some("zh-CN"), Some("en"), Chinese),
            (Some("en"), Some("zh"), English),
            (Some("xx"), Some("en"), English),
        ] {
            assert_eq!(
                Language::negotiate(cookie, accept),
                expected,
                "{cookie:?} {accept:?}"
            );
        }
    }
}
