//! Styles, scripts and icons, embedded in the program and served for ever under their own hash.

use std::borrow::Cow;
use std::sync::LazyLock;

use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

#[derive(RustEmbed)]
#[folder = "assets"]
#[include = "css/*.css"]
#[include = "js/*.js"]
#[include = "img/*.svg"]
#[include = "vendor/*.js"]
#[include = "vendor/*.css"]
struct Files;

/// The sheets in the order in which they must be read; one file for one request.
const SHEETS: [&str; 6] = [
    "css/tokens.css",
    "css/base.css",
    "css/layout.css",
    "css/components.css",
    "css/product.css",
    "css/print.css",
];
/// All sheets in one.
const SHEET: &str = "css/site.css";

/// One hash for all assets, so that a sheet's or module's relative links keep working.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut names: Vec<Cow<'_, str>> = Files::iter().collect();
    names.sort();
    let mut hash = Sha256::new();
    for name in names {
        let file = Files::get(&name).expect("the name came from the list");
        hash.update(name.as_bytes());
        hash.update(file.metadata.sha256_hash());
    }
    let digest = hash.finalize();
    hexadecimal(&digest[..8])
});

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

static PREFIX: LazyLock<String> = LazyLock::new(|| format!("/assets/{}/", *VERSION));

/// An asset as it is sent.
pub(crate) struct Asset {
    /// Media type.
    pub media_type: &'static str,
    /// Content.
    pub bytes: Cow<'static, [u8]>,
}

/// The asset at `/assets/{version}/{path}`; `None` for another version or an unknown path.
pub(crate) fn find(version: &str, path: &str) -> Option<Asset> {
    if version != *VERSION {
        return None;
    }
    let bytes = if path == SHEET {
        Cow::Owned(sheet())
    } else {
        Files::get(path)?.data
    };
    let media_type = match path.rsplit('.').next()? {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => return None,
    };
    Some(Asset { media_type, bytes })
}

fn sheet() -> Vec<u8> {
    SHEETS
        .iter()
        .flat_map(|name| {
            Files::get(name)
                .expect("the sheets are embedded")
                .data
                .into_owned()
        })
        .collect()
}

/// The address of an asset: `{{ web::asset("js/app.js") }}`.
pub fn asset(path: &str) -> String {
    format!("{}{path}", *PREFIX)
}

/// A symbol of `assets/img/icons.svg`, hidden from screen readers: give it words beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Icon<'a>(&'a str);

/// `{{ web::icon("home") }}`.
pub fn icon(name: &str) -> Icon<'_> {
    Icon(name)
}

impl std::fmt::Display for Icon<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        debug_assert!(is_symbol(self.0), "no such icon: {}", self.0);
        write!(
            f,
            r#"<svg class="icon" aria-hidden="true" focusable="false"><use href="{}img/icons.svg#{}"/></svg>"#,
            *PREFIX, self.0
        )
    }
}

/// A symbol's name is checked to be one of ours, so nothing in it needs escaping.
impl askama::filters::HtmlSafe for Icon<'_> {}

fn is_symbol(name: &str) -> bool {
    static SYMBOLS: LazyLock<String> = LazyLock::new(|| {
        let file = Files::get("img/icons.svg").expect("the icons are embedded");
        String::from_utf8(file.data.into_owned()).expect("the icons are UTF-8")
    });
    SYMBOLS.contains(&format!("<symbol id=\"{name}\""))
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::{Files, SHEETS, VERSION, find, hexadecimal, is_symbol};

    /// Every vendored file stands in `assets/vendor/README.md` with the hash it was published with.
    #[test]
    fn vendored_files_are_what_was_published() {
        let notes = include_str!("../assets/vendor/README.md");
        let vendored: Vec<_> = Files::iter()
            .filter(|name| name.starts_with("vendor/"))
            .collect();
        assert!(!vendored.is_empty());
        for name in vendored {
            let data = Files::get(&name).unwrap().data;
            let digest = Sha256::digest(&data);
            let hash = hexadecimal(&digest);
            assert!(notes.contains(&hash), "{name}: {hash} is not in README.md");
        }
    }

    #[test]
    fn assets_are_found_under_their_version_only() {
        assert!(find(&VERSION, "css/site.css").is_some());
        assert!(find(&VERSION, "js/app.js").is_some());
        assert!(find("0000", "js/app.js").is_none());
        assert!(find(&VERSION, "../src/lib.rs").is_none());
        assert!(find(&VERSION, "vendor/README.md").is_none());
        assert!(is_symbol("home") && !is_symbol("hom"));
    }

    /// Budgets of the design: sheets 14 KB and own scripts 12 KB gzipped. Without a compressor: a
    /// third of the raw size is a fair estimate for scripts; sheets, which have the dark set twice,
    /// shrink to little more than a fifth (61.6 KB to 13.2 KB by gzip -9).
    #[test]
    fn sheets_and_scripts_keep_their_budget() {
        let size = |names: &[String]| -> usize {
            names
                .iter()
                .map(|name| Files::get(name).unwrap().data.len())
                .sum()
        };
        let sheets: Vec<String> = SHEETS.iter().map(|name| (*name).to_owned()).collect();
        assert!(size(&sheets) < 64 * 1024, "{}", size(&sheets));
        let scripts: Vec<String> = Files::iter()
            .filter(|name| name.starts_with("js/"))
            .map(std::borrow::Cow::into_owned)
            .collect();
        assert!(size(&scripts) < 36 * 1024, "{}", size(&scripts));
    }

    /// Who chose dark and whose system is dark see the same colours.
    #[test]
    fn both_dark_sets_are_the_same() {
        let text = String::from_utf8(Files::get("css/tokens.css").unwrap().data.into_owned());
        let text = text.unwrap();
        let set = |start: &str| -> Vec<String> {
            let body = text.split(start).nth(1).unwrap().split('}').next().unwrap();
            body.lines()
                .map(|line| line.trim().to_owned())
                .filter(|line| !line.is_empty())
                .collect()
        };
        let chosen = set("[data-theme=\"dark\"] {");
        assert!(chosen.len() > 40);
        assert_eq!(chosen, set(":root:not([data-theme]) {"));
    }

    /// What engines older than the floor (Chromium 85, iOS 14.5) would drop a whole sheet over,
    /// and what the content policy would block.
    #[test]
    fn sheets_stay_above_the_floor() {
        for name in SHEETS {
            let text = String::from_utf8(Files::get(name).unwrap().data.into_owned()).unwrap();
            for banned in [
                "@layer",
                "color-mix(",
                "oklch(",
                ":has(",
                "@container",
                "@import",
                "data:",
            ] {
                let used = text
                    .lines()
                    .any(|line| line.contains(banned) && !line.contains("no @layer"));
                assert!(!used, "{name}: {banned}");
            }
        }
    }
}
