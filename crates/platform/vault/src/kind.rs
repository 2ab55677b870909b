//! The closed list of what is sealed.

use crate::VaultError;

/// Longest value that can be sealed, in bytes of its UTF-8 text.
pub const MAX_VALUE_BYTES: usize = 4_096;

mod closed {
    pub trait Closed {}
}

/// A kind of personal data that is only ever kept sealed (architecture, invariant 8).
pub trait Kind: closed::Closed + 'static {
    /// Its name in the database and in the associated data; never changes.
    const NAME: &'static str;
    /// Whether a keyed hash is kept, so that equal values can be found without opening any.
    const FINDABLE: bool;
    /// Whether the last four characters are kept readable.
    const LAST_FOUR: bool;

    /// The one text of a value, so that equal values have equal hashes. Does not judge whether the
    /// value is valid: the kernel's codes do.
    fn normalise(text: &str) -> String;
}

/// A number or code: what people put between the characters (spaces, hyphens) does not belong to
/// it, full-width digits and letters are the same as ordinary ones, and so are small and capitals.
fn code(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c {
            '\u{ff10}'..='\u{ff5a}' => {
                let ascii = u32::from(c) - 0xfee0;
                char::from_u32(ascii).expect("full-width forms lie over ASCII")
            }
            c => c,
        })
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// Text that people wrote.
fn words(text: &str) -> String {
    text.trim().to_owned()
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal, findable: $findable:literal,
        last_four: $last_four:literal, $normalise:ident;)+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub enum $name {}

            impl closed::Closed for $name {}

            impl Kind for $name {
                const NAME: &'static str = $text;
                const FINDABLE: bool = $findable;
                const LAST_FOUR: bool = $last_four;

                fn normalise(text: &str) -> String {
                    $normalise(text)
                }
            }
        )+

        /// The names of all kinds.
        pub const KINDS: &[&str] = &[$($text),+];
    };
}

kinds! {
    /// 居民身份证号: number of the resident identity card.
    IdNumber = "id_number", findable: true, last_four: true, code;
    /// 电话: telephone number.
    Phone = "phone", findable: true, last_four: true, code;
    /// 银行账号: number of a bank account.
    BankAccount = "bank_account", findable: true, last_four: true, code;
    /// 健康: state of health, illness, disability.
    Health = "health", findable: false, last_four: false, words;
    /// 困难原因: hardship and its cause.
    Hardship = "hardship", findable: false, last_four: false, words;
}

/// What people see of a sealed value: how long it is and, for numbers, its last four characters.
///
/// At least as many characters are hidden as shown, so a short number shows fewer, and its length
/// up to 32 is told. Words (health, hardship) tell nothing but that there are some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masked {
    pub(crate) hidden: u8,
    pub(crate) shown: String,
}

impl Masked {
    pub(crate) fn of<K: Kind>(normal: &str) -> Masked {
        if !K::LAST_FOUR {
            return Masked {
                hidden: 4,
                shown: String::new(),
            };
        }
        let count = normal.chars().count();
        let shown: String = normal.chars().skip(count - (count / 2).min(4)).collect();
        let hidden = u8::try_from(count - shown.chars().count()).unwrap_or(u8::MAX);
        Masked {
            hidden: hidden.min(28),
            shown,
        }
    }
}

/// `*******8000`
impl std::fmt::Display for Masked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for _ in 0..self.hidden {
            f.write_str("*")?;
        }
        f.write_str(&self.shown)
    }
}

pub(crate) fn check_length(text: &str) -> Result<(), VaultError> {
    if text.is_empty() {
        return Err(VaultError::Empty);
    }
    if text.len() > MAX_VALUE_BYTES {
        return Err(VaultError::TooLong);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Hardship, IdNumber, Kind, Masked, Phone};

    #[test]
    fn one_text_per_value() {
        for (text, normal) in [
            ("138 0013-8000", "13800138000"),
            ("１３８００１３８０００", "13800138000"),
            ("11010519491231002x", "11010519491231002X"),
            ("", ""),
        ] {
            assert_eq!(Phone::normalise(text), normal);
        }
        assert_eq!(Hardship::normalise(" 因病 \n"), "因病");
    }

    #[test]
    fn masks_at_least_half() {
        for (text, masked) in [
            ("13800138000", "*******8000"),
            ("11010519491231002X", "**************002X"),
            ("12345", "***45"),
            ("1", "*"),
        ] {
            assert_eq!(Masked::of::<IdNumber>(text).to_string(), masked);
        }
        assert_eq!(Masked::of::<Hardship>("因病致贫").to_string(), "****");
    }
}
