//! The code on a printed activation slip: short enough to type, too long to guess.

use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::AccountId;

/// Characters that nobody mistakes for each other on paper: no 0 and O, no 1, I and L, no U beside
/// V.
const ALPHABET: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code: 30^16 are 78 bits.
pub const SLIP_CODE_CHARS: usize = 16;
/// Characters that stand together.
const GROUP: usize = 4;
/// The largest multiple of the alphabet's size in a byte; bytes from here on are passed over, so
/// that every character is equally likely.
const FAIR: u8 = 240;

/// The code on an activation slip: sixteen characters, shown in groups of four. Wiped from memory
/// when dropped; never printed by `Debug`.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct SlipCode([u8; SLIP_CODE_CHARS]);

impl SlipCode {
    /// The code of one account that follows from a secret drawn for a whole batch.
    pub fn of(secret: &[u8; 32], account: AccountId) -> SlipCode {
        let mut code = [0; SLIP_CODE_CHARS];
        let mut filled = 0;
        for round in 0_u32.. {
            let mut hash = Sha256::new();
            hash.update(b"xingcun slip code 1\0");
            hash.update(secret);
            hash.update(account.0.as_bytes());
            hash.update(round.to_be_bytes());
            for byte in hash.finalize().iter().filter(|byte| **byte < FAIR) {
                code[filled] = ALPHABET[usize::from(*byte) % ALPHABET.len()];
                filled += 1;
                if filled == SLIP_CODE_CHARS {
                    return SlipCode(code);
                }
            }
        }
        unreachable!("a hash has bytes below {FAIR}")
    }

    /// The code that somebody typed: lower case, full-width characters, spaces and strokes are
    /// forgiven. `None` for anything else.
    pub fn parse(text: &str) -> Option<SlipCode> {
        let mut code = [0; SLIP_CODE_CHARS];
        let mut filled = 0;
        for c in text.chars() {
            let c = match c {
                // The full-width forms lie at a fixed distance from ASCII.
                '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
                c => c,
            };
            if c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '–' | '—' | '·' | '.' | '_')
            {
                continue;
            }
            let byte = u8::try_from(c.to_ascii_uppercase()).ok()?;
            if filled == SLIP_CODE_CHARS || !ALPHABET.contains(&byte) {
                return None;
            }
            code[filled] = byte;
            filled += 1;
        }
        (filled == SLIP_CODE_CHARS).then_some(SlipCode(code))
    }

    /// The code as it stands on the slip, `ABCD-EFGH-JKMN-PQRS`: for its owner only.
    pub fn expose(&self) -> String {
        let groups: Vec<String> = self
            .0
            .chunks(GROUP)
            .map(|group| group.iter().map(|byte| char::from(*byte)).collect())
            .collect();
        groups.join("-")
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

    use super::{ALPHABET, SlipCode};
    use crate::AccountId;

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
        // 4,096 characters over 30: 136 each, give or take.
        for byte in ALPHABET {
            assert!((90..190).contains(&seen[usize::from(*byte)]), "{byte}");
        }
    }
}
