//! Unified social credit codes (统一社会信用代码, GB 32100-2015) and the organisation code within
//! (GB 11714).
//!
//! Any first character is accepted: collectives have N (agriculture), which many validators
//! refuse. A few real old codes fail the check, so a mismatch is a warning and never blocks.

use serde::{Deserialize, Serialize};

use crate::finding::Finding;

/// The alphabet: no I, O, S, V, Z.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Weights of the organisation code's eight characters.
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// Eighteen characters of the standard's alphabet; the checks may still fail.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CreditCode([u8; 18]);

impl CreditCode {
    /// The code as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("an alphabet of ASCII")
    }

    /// Whether the last character fits the seventeen before it (GB 32100: weights 3^i modulo 31).
    pub fn check_fits(&self) -> bool {
        let (mut sum, mut weight) = (0, 1);
        for c in &self.0[..17] {
            sum += value_of(*c) * weight;
            weight = weight * 3 % 31;
        }
        (sum + value_of(self.0[17])).is_multiple_of(31)
    }

    /// Whether the ninth character of the organisation code (characters 9 to 17) fits the eight
    /// before it (GB 11714: letters count A = 10 to Z = 35; 10 is written X, 11 is written 0).
    pub fn organisation_check_fits(&self) -> bool {
        let digits = self.0[8..16].iter().zip(ORGANISATION_WEIGHTS);
        let sum: u32 = digits.map(|(c, weight)| plain_value_of(*c) * weight).sum();
        let expected = match 11 - sum % 11 {
            10 => b'X',
            11 => b'0',
            digit => b"0123456789"[digit as usize],
        };
        self.0[16] == expected
    }

    /// A warning where a check does not fit. Never blocks: a few real codes fail.
    pub fn finding(&self) -> Option<Finding> {
        let code = if !self.check_fits() {
            "credit-code-check"
        } else if !self.organisation_check_fits() {
            "credit-code-organisation-check"
        } else {
            return None;
        };
        Some(Finding::warning(code).arg("found", self.as_str()))
    }
}

/// The place in the alphabet of GB 32100, 0 to 30.
fn value_of(c: u8) -> u32 {
    let place = ALPHABET.iter().position(|a| *a == c);
    u32::try_from(place.expect("checked when it was read")).expect("below 31")
}

/// Digits as they are, letters from A = 10 to Z = 35.
fn plain_value_of(c: u8) -> u32 {
    char::from(c).to_digit(36).expect("digits and letters")
}

impl std::fmt::Display for CreditCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::fmt::Debug for CreditCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a text is not a credit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NotACreditCode {
    /// Not eighteen characters.
    Length,
    /// A character outside the alphabet, which has no I, O, S, V, Z.
    Alphabet,
}

impl NotACreditCode {
    /// The code of the finding that says this.
    pub const fn code(self) -> &'static str {
        match self {
            NotACreditCode::Length => "credit-code-length",
            NotACreditCode::Alphabet => "credit-code-alphabet",
        }
    }
}

impl std::fmt::Display for NotACreditCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            NotACreditCode::Length => "a credit code has eighteen characters",
            NotACreditCode::Alphabet => {
                "a credit code has digits and letters without I, O, S, V, Z"
            }
        })
    }
}

impl std::error::Error for NotACreditCode {}

impl std::str::FromStr for CreditCode {
    type Err = NotACreditCode;

    /// Small letters are taken for capitals.
    fn from_str(text: &str) -> Result<CreditCode, NotACreditCode> {
        if text.chars().count() != 18 {
            return Err(NotACreditCode::Length);
        }
        let characters = <[u8; 18]>::try_from(text.as_bytes());
        let mut characters = characters.map_err(|_| NotACreditCode::Alphabet)?;
        characters.make_ascii_uppercase();
        if !characters.iter().all(|c| ALPHABET.contains(c)) {
            return Err(NotACreditCode::Alphabet);
        }
        Ok(CreditCode(characters))
    }
}

impl Serialize for CreditCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for CreditCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{ALPHABET, CreditCode, NotACreditCode};
    use crate::finding::Severity;

    /// Domain reference 4.3; the fourth is made up.
    const GOOD: [&str; 4] = [
        "913502000728319549",
        "91350200MA2YJ1XR9G",
        "91440101MA5CJQ4N59",
        "N2230606MF0000013A",
    ];

    fn code(text: &str) -> CreditCode {
        text.parse().expect(text)
    }

    #[test]
    fn checks_real_codes() {
        for text in GOOD {
            let code = code(text);
            assert!(
                code.check_fits() && code.organisation_check_fits(),
                "{text}"
            );
            assert_eq!(code.finding(), None);
            assert_eq!(
                (code.to_string(), format!("{code:?}")),
                (text.into(), text.into())
            );
            assert_eq!(text.to_lowercase().parse(), Ok(code));
        }
    }

    #[test]
    fn a_mismatch_warns_only() {
        let wrong = code("91350203M0001QAY9B");
        assert!(!wrong.check_fits());
        let finding = wrong.finding().unwrap();
        assert_eq!(
            (finding.code.as_ref(), finding.severity),
            ("credit-code-check", Severity::Warning)
        );
        // The organisation code's check alone: 4 made 5, and the last character mended.
        let inner = ALPHABET
            .iter()
            .map(|c| code(&format!("91350200072831955{}", char::from(*c))))
            .find(CreditCode::check_fits)
            .unwrap();
        assert!(!inner.organisation_check_fits());
        assert_eq!(
            inner.finding().unwrap().code,
            "credit-code-organisation-check"
        );
    }

    #[test]
    fn the_organisation_check_may_be_x_or_0() {
        // Sums of 12 and of 11 by hand: 3*4 = 12 -> 11 - 1 = 10 -> X; 9*1 + 2*1 = 11 -> 11 -> 0.
        assert!(code("9135020040000000X0").organisation_check_fits());
        assert!(code("913502000010000100").organisation_check_fits());
        assert!(!code("913502000010000110").organisation_check_fits());
    }

    #[test]
    fn refuses_other_texts() {
        for (text, reason) in [
            ("", NotACreditCode::Length),
            ("91350200072831954", NotACreditCode::Length),
            ("9135020007283195490", NotACreditCode::Length),
            ("91350200072831954I", NotACreditCode::Alphabet),
            ("S13502000728319549", NotACreditCode::Alphabet),
            ("91350200072831954９", NotACreditCode::Alphabet),
            ("913502000728319 49", NotACreditCode::Alphabet),
            ("国国国国国国", NotACreditCode::Length),
        ] {
            assert_eq!(text.parse::<CreditCode>(), Err(reason), "{text}");
            assert!(
                reason.code().starts_with("credit-code-")
                    && reason.to_string().contains("credit code")
            );
        }
    }

    #[test]
    fn is_text_in_json() {
        let json = serde_json::to_string(&code(GOOD[3])).unwrap();
        assert_eq!(json, format!("\"{}\"", GOOD[3]));
        assert_eq!(
            serde_json::from_str::<CreditCode>(&json).unwrap(),
            code(GOOD[3])
        );
    }

    proptest! {
        #[test]
        fn one_wrong_character_is_found(sample in 0..4_usize, at in 0..18_usize, other in 0..31_usize) {
            let mut slip = GOOD[sample].as_bytes().to_vec();
            slip[at] = ALPHABET[other];
            let text = String::from_utf8(slip).unwrap();
            prop_assert_eq!(code(&text).check_fits(), text == GOOD[sample]);
        }
    }
}
