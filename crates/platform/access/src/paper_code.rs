//! Codes that people read off paper and type: short enough to type, too long to guess.

use sha2::{Digest, Sha256};

/// Characters that nobody mistakes for each other on paper: no 0 and O, no 1, I and L, no U beside
/// V, and no letter that looks like a digit ([`meant`]).
pub(crate) const ALPHABET: &[u8; 26] = b"23456789ACDEFHJKMNPQRTVWXY";
/// Characters that stand together.
const GROUP: usize = 4;
/// The largest multiple of the alphabet's size in a byte; bytes from here on are passed over, so
/// that every character is equally likely.
const FAIR: u8 = 234;

/// The code that follows from secret parts, of which the first says what the code is for.
pub(crate) fn draw<const N: usize>(parts: &[&[u8]]) -> [u8; N] {
    let mut code = [0; N];
    let mut filled = 0;
    for round in 0_u32.. {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part);
        }
        hash.update(round.to_be_bytes());
        for byte in hash.finalize().iter().filter(|byte| **byte < FAIR) {
            code[filled] = ALPHABET[usize::from(*byte) % ALPHABET.len()];
            filled += 1;
            if filled == N {
                return code;
            }
        }
    }
    unreachable!("a hash has bytes below {FAIR}")
}

/// What somebody typed without what is forgiven: spaces and strokes are left out, full-width
/// characters are ordinary ones, letters are capitals. `None` where there is anything that stands
/// in no code, or more than `most` characters.
pub(crate) fn typed(text: &str, most: usize) -> Option<Vec<u8>> {
    let mut read = Vec::new();
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
        if read.len() == most || !byte.is_ascii_alphanumeric() {
            return None;
        }
        read.push(byte);
    }
    Some(read)
}

/// The character that is meant: a letter that stands in no code is the digit that it looks like.
fn meant(byte: u8) -> u8 {
    match byte {
        b'Z' => b'2',
        b'S' => b'5',
        b'G' => b'6',
        b'B' => b'8',
        byte => byte,
    }
}

/// The code that somebody typed; `None` for anything else.
pub(crate) fn read<const N: usize>(text: &str) -> Option<[u8; N]> {
    let read: Vec<u8> = typed(text, N)?.into_iter().map(meant).collect();
    let code: [u8; N] = read.try_into().ok()?;
    code.iter()
        .all(|byte| ALPHABET.contains(byte))
        .then_some(code)
}

/// A code as it stands on paper, `ABCD-EFGH`.
pub(crate) fn grouped(code: &[u8]) -> String {
    let groups: Vec<String> = code
        .chunks(GROUP)
        .map(|group| group.iter().map(|byte| char::from(*byte)).collect())
        .collect();
    groups.join("-")
}
