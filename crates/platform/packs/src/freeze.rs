//! A scheme as published: frozen byte by byte.

use kernel::Finding;
use score::Scheme;
use sha2::{Digest, Sha256};

use crate::pack::SchemeFile;

/// What a round keeps of a scheme.
///
/// The canonical form is the text itself in UTF-8, without byte order mark, with LF line ends and
/// one at its end. It does not depend on how a later program models schemes, and anybody can
/// repeat the digest with `sha256sum`. Whether two texts *mean* the same is the question of
/// [`crate::compare`].
#[derive(Clone, Debug)]
pub struct Frozen {
    /// The scheme of the text.
    pub scheme: Scheme,
    /// The text to store, to hash, and to read the scheme from again.
    pub canonical: String,
    /// SHA-256 of `canonical`.
    pub digest: [u8; 32],
}

impl Frozen {
    /// The digest in 64 hexadecimal digits.
    pub fn digest_hex(&self) -> String {
        use std::fmt::Write;
        self.digest.iter().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").expect("writing to a string cannot fail");
            hex
        })
    }
}

/// Freezes a scheme; refused with all its findings while one of them blocks.
pub fn freeze(file: &SchemeFile) -> Result<Frozen, Vec<Finding>> {
    freeze_text(&file.path, &file.text)
}

/// As [`freeze`], from a text; `name` is what findings call it.
pub fn freeze_text(name: &str, text: &str) -> Result<Frozen, Vec<Finding>> {
    let canonical = canonical(text);
    let (scheme, findings) = score::parse(name, &canonical);
    match scheme {
        Some(scheme) if !findings.iter().any(Finding::blocks) => Ok(Frozen {
            scheme,
            digest: Sha256::digest(canonical.as_bytes()).into(),
            canonical,
        }),
        _ => Err(findings),
    }
}

/// A text in its canonical form; the form of a canonical text is itself.
pub(crate) fn canonical(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    format!("{}\n", text.trim_end_matches('\n'))
}
