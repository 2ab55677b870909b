//! The code on a printed activation slip: short enough to type, too long to guess.

use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{AccountId, paper_code};

/// Characters of a code: 26^16 are 75 bits.
pub const SLIP_CODE_CHARS: usize = 16;
/// The code on an activation slip: sixteen characters, shown in groups of four. Wiped from memory
/// when dropped; never printed by `Debug`.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct SlipCode([u8; SLIP_CODE_CHARS]);

impl SlipCode {
    /// The code of one account that follows from a secret drawn for a whole batch.
    pub fn of(secret: &[u8; 32], account: AccountId) -> SlipCode {
        SlipCode(paper_code::draw(&[
            b"xingcun slip code 1\0",
            secret,
            account.0.as_bytes(),
        ]))
    }

    /// The code that somebody typed: lower case, full-width characters, spaces and strokes are
    /// forgiven, and letters that look like digits. `None` for anything else.
    pub fn parse(text: &str) -> Option<SlipCode> {
        paper_code::read(text).map(SlipCode)
    }

    /// The code as it stands on the slip, `ACDE-FHJK-MNPQ-RTVW`: for its owner only.
    pub fn expose(&self) -> String {
        paper_code::grouped(&self.0)
    }

    /// What is kept of it, together with the account: one code opens one account.
    pub fn hash(&self, account: AccountId) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"xingcun slip 1\0");
        hash.update(account.0.as_bytes());
        hash.update(self.0);
        hash.finalize().into()
    }

    /// [`SlipCode::hash`] in 64 hexadecimal digits: what may be sent.
    pub fn hash_text(&self, account: AccountId) -> String {
        use std::fmt::Write as _;
        let hash = self.hash(account);
        hash.iter()
            .fold(String::with_capacity(64), |mut text, byte| {
                write!(text, "{byte:02x}").expect("writing to memory does not fail");
                text
            })
    }
}

impl std::fmt::Debug for SlipCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SlipCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use kernel::Id;

    use super::SlipCode;
    use crate::{AccountId, paper_code::ALPHABET};

    fn account(number: u8) -> AccountId {
        AccountId(Id::from_bytes([number; 16]))
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = SlipCode::of(&[7; 32], account(1));
        let shown = code.expose();
        assert_eq!(shown.len(), 19);
        assert!(shown.bytes().all(|b| b == b'-' || ALPHABET.contains(&b)));
        for typed in [
            shown.clone(),
            shown.to_lowercase(),
            shown.replace('-', ""),
            shown.replace('-', " "),
            shown.replace('2', "z").replace('6', "G").replace('8', "b"),
            format!("  {} ", shown.replace('-', "—")),
            shown
                .chars()
                .map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap())
                .collect(),
        ] {
            assert_eq!(SlipCode::parse(&typed), Some(code.clone()), "{typed}");
        }
        for typed in [
            "",
            &shown[1..],
            &format!("{shown}A"),
            &shown.replace(&shown[..1], "0"),
        ] {
            assert_eq!(SlipCode::parse(typed), None, "{typed}");
        }
        assert_eq!(format!("{code:?}"), "SlipCode(…)");
    }

    #[test]
    fn codes_differ_by_account_and_secret_and_their_hash_by_account() {
        let code = SlipCode::of(&[7; 32], account(1));
        assert_eq!(SlipCode::of(&[7; 32], account(1)), code);
        assert_ne!(SlipCode::of(&[7; 32], account(2)), code);
        assert_ne!(SlipCode::of(&[8; 32], account(1)), code);
        assert_ne!(code.hash(account(1)), code.hash(account(2)));
    }

    #[test]
    fn every_character_is_about_equally_likely() {
        let mut seen = [0_u32; 256];
        for number in 0..=255 {
            for byte in SlipCode::of(&[number; 32], account(3)).0 {
                seen[usize::from(byte)] += 1;
            }
        }
        // 4,096 characters over 26: 157 each, give or take.
        for byte in ALPHABET {
            assert!((110..210).contains(&seen[usize::from(*byte)]), "{byte}");
        }
    }
}
