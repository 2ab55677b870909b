//! The one-time token by which the owner of an account sets a password: read from a screen or off
//! paper and typed, without a sign-in name beside it.

use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::paper_code;

/// Characters of a token: 26^24 are 112 bits, enough for the accounts of administrators and without
/// a name to guess it for.
const SETUP_TOKEN_CHARS: usize = 24;

/// A one-time token, works once and within half an hour. Wiped from memory when dropped; never
/// printed by `Debug`.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct SetupToken([u8; SETUP_TOKEN_CHARS]);

impl SetupToken {
    /// The token that follows from random bytes.
    pub fn new(random: [u8; 32]) -> SetupToken {
        SetupToken(paper_code::draw(&[b"xingcun setup token 1\0", &random]))
    }

    /// The token that somebody typed: lower case, full-width characters, spaces and strokes are
    /// forgiven, and letters that look like digits. `None` for anything else.
    pub fn parse(text: &str) -> Option<SetupToken> {
        paper_code::read(text).map(SetupToken)
    }

    /// The token in groups of four: for its owner only.
    pub fn expose(&self) -> String {
        paper_code::grouped(&self.0)
    }

    /// What the database keeps. A plain hash suffices: there is nothing to guess in 112 bits.
    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    /// The token's hash in 64 hexadecimal digits: what may be sent and kept.
    pub fn hash_text(&self) -> String {
        use std::fmt::Write as _;
        self.hash()
            .iter()
            .fold(String::with_capacity(64), |mut text, byte| {
                write!(text, "{byte:02x}").expect("writing to memory does not fail");
                text
            })
    }
}

impl std::fmt::Debug for SetupToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SetupToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::SetupToken;

    #[test]
    fn a_token_can_be_typed() {
        let token = SetupToken::new([7; 32]);
        let shown = token.expose();
        assert_eq!(shown.len(), 29, "six groups of four: {shown}");
        for typed in [
            shown.clone(),
            shown.to_lowercase(),
            shown.replace('-', ""),
            shown.replace('-', " "),
            format!("  {} ", shown.replace('-', "—")),
            shown.replace('2', "z").replace('5', "S").replace('8', "b"),
        ] {
            assert_eq!(SetupToken::parse(&typed), Some(token.clone()), "{typed}");
        }
        assert_eq!(SetupToken::parse(&shown[1..]), None);
        assert_eq!(SetupToken::parse(&format!("{shown}A")), None);
        assert_ne!(SetupToken::new([8; 32]), token);
        assert_eq!(format!("{token:?}"), "SetupToken(…)");
    }
}
