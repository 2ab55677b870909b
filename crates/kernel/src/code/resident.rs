//! Resident ID numbers (居民身份证号码, GB 11643): eighteen characters, the last one a check.
//!
//! Personal data of the most sensitive kind: the type has no `Display` and no `Serialize`, its
//! `Debug` shows the last four characters only, and reading it takes a named call
//! (architecture, invariant 8). It says nothing of sex, which nobody here needs.

use crate::time::Day;

/// A number whose form, date of birth and check character are right.
///
/// Holders of residence permits of Hong Kong, Macao and Taiwan have such numbers too (they begin
/// with 81, 82, 83), so the region digits are not checked against a list; they also are of the
/// first registration and never change with the regions.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ResidentId([u8; 18]);

/// Weights of the first seventeen digits.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// The check character by the weighted sum modulo 11.
const CHECKS: &[u8; 11] = b"10X98765432";

impl ResidentId {
    /// The number, as read on `today`. A small `x` is taken for `X`.
    pub fn parse(text: &str, today: Day) -> Result<ResidentId, NotAResidentId> {
        if text.chars().count() != 18 {
            return Err(NotAResidentId::Length);
        }
        let characters = <[u8; 18]>::try_from(text.as_bytes());
        let mut characters = characters.map_err(|_| NotAResidentId::NotDigits)?;
        characters[17] = characters[17].to_ascii_uppercase();
        let digits = characters[..17].iter().all(u8::is_ascii_digit);
        if !digits || !CHECKS.contains(&characters[17]) {
            return Err(NotAResidentId::NotDigits);
        }
        let id = ResidentId(characters);
        match id.birth() {
            Some(day) if day <= today => {}
            _ => return Err(NotAResidentId::BirthDay),
        }
        if check_character(&characters) != characters[17] {
            return Err(NotAResidentId::Check);
        }
        Ok(id)
    }

    /// The number that replaced an old one of fifteen digits (issued until 1999; it lacks the
    /// century, which is the 20th, and the check). Only imports read these, and they tell the user.
    pub fn from_old(text: &str, today: Day) -> Result<ResidentId, NotAResidentId> {
        if text.chars().count() != 15 {
            return Err(NotAResidentId::Length);
        }
        let bytes = text.as_bytes();
        if !bytes.iter().all(u8::is_ascii_digit) {
            return Err(NotAResidentId::NotDigits);
        }
        let mut characters = [0; 18];
        characters[..6].copy_from_slice(&bytes[..6]);
        characters[6..8].copy_from_slice(b"19");
        characters[8..17].copy_from_slice(&bytes[6..]);
        characters[17] = check_character(&characters);
        let id = ResidentId(characters);
        match id.birth() {
            Some(day) if day <= today => Ok(id),
            _ => Err(NotAResidentId::BirthDay),
        }
    }

    /// The whole number. For sealing and for checked reveals only.
    pub fn expose(&self) -> &str {
        std::str::from_utf8(&self.0).expect("digits and X")
    }

    /// What may be kept and shown masked.
    pub fn last_four(&self) -> &str {
        &self.expose()[14..]
    }

    /// Day of birth.
    pub fn birth_day(&self) -> Day {
        self.birth().expect("checked when it was read")
    }

    fn birth(&self) -> Option<Day> {
        let number = |range: std::ops::Range<usize>| {
            let digits = self.0[range].iter();
            digits.fold(0_i16, |n, c| n * 10 + i16::from(c - b'0'))
        };
        let (month, day) = (i8::try_from(number(10..12)), i8::try_from(number(12..14)));
        Day::new(number(6..10), month.ok()?, day.ok()?)
    }
}

/// The check character of the first seventeen digits (ISO 7064, MOD 11-2).
fn check_character(characters: &[u8; 18]) -> u8 {
    let weighted = characters.iter().zip(WEIGHTS);
    let sum: u32 = weighted
        .map(|(c, weight)| u32::from(c - b'0') * weight)
        .sum();
    CHECKS[(sum % 11) as usize]
}

impl std::fmt::Debug for ResidentId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "**************{}", self.last_four())
    }
}

/// Why a text is not a resident ID number. Says nothing of the text itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NotAResidentId {
    /// Not eighteen characters.
    Length,
    /// Something other than digits, or a last character other than a digit or X.
    NotDigits,
    /// The date of birth does not exist or lies in the future.
    BirthDay,
    /// The check character does not fit: one digit is wrong or two are swapped.
    Check,
}

impl NotAResidentId {
    /// The code of the finding that says this.
    pub const fn code(self) -> &'static str {
        match self {
            NotAResidentId::Length => "resident-id-length",
            NotAResidentId::NotDigits => "resident-id-not-digits",
            NotAResidentId::BirthDay => "resident-id-birth-day",
            NotAResidentId::Check => "resident-id-check",
        }
    }
}

impl std::fmt::Display for NotAResidentId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            NotAResidentId::Length => "a resident ID number has eighteen characters",
            NotAResidentId::NotDigits => "a resident ID number has digits and at most a last X",
            NotAResidentId::BirthDay => "the date of birth in the number is not one",
            NotAResidentId::Check => "the check character of the number does not fit",
        })
    }
}

impl std::error::Error for NotAResidentId {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{NotAResidentId, ResidentId};
    use crate::time::Day;

    fn today() -> Day {
        "2026-11-22".parse().unwrap()
    }

    /// The standard's own samples (GB 11643-1999, appendix).
    const SAMPLES: [&str; 2] = ["11010519491231002X", "440524188001010014"];

    #[test]
    fn accepts_the_samples_of_the_standard() {
        for (text, born, last) in [
            (SAMPLES[0], "1949-12-31", "002X"),
            (SAMPLES[1], "1880-01-01", "0014"),
            ("11010519491231002x", "1949-12-31", "002X"),
        ] {
            let id = ResidentId::parse(text, today()).expect(text);
            assert_eq!(id.expose(), text.to_uppercase());
            assert_eq!(id.birth_day().to_string(), born);
            assert_eq!(id.last_four(), last);
            assert_eq!(format!("{id:?}"), format!("**************{last}"));
        }
    }

    #[test]
    fn refuses_other_texts() {
        use NotAResidentId::{BirthDay, Check, Length, NotDigits};
        for (text, reason) in [
            ("", Length),
            ("110105491231002", Length),
            ("11010519491231002XX", Length),
            ("11010519491231002２", NotDigits),
            ("11010519491231002Y", NotDigits),
            ("1101051949123100X2", NotDigits),
            ("x1010519491231002X", NotDigits),
            ("110105194902300021", BirthDay),
            ("110105194913310021", BirthDay),
            ("110105000012310021", BirthDay),
            ("110105202611230021", BirthDay),
            ("110105194912310021", Check),
            ("11010519491231020X", Check),
        ] {
            assert_eq!(ResidentId::parse(text, today()), Err(reason), "{text}");
            assert!(
                reason.code().starts_with("resident-id-") && reason.to_string().contains("number")
            );
        }
    }

    #[test]
    fn a_birth_today_is_no_future() {
        let text = |last: char| format!("11010520261122002{last}");
        let fits = "0123456789X"
            .chars()
            .filter(|c| ResidentId::parse(&text(*c), today()).is_ok());
        assert_eq!(fits.count(), 1);
        let before = today().plus_days(-1);
        assert!(
            "0123456789X"
                .chars()
                .all(|c| ResidentId::parse(&text(c), before).is_err())
        );
    }

    #[test]
    fn completes_old_numbers() {
        let id = ResidentId::from_old("110105491231002", today()).unwrap();
        assert_eq!(id.expose(), SAMPLES[0]);
        for (text, reason) in [
            ("11010549123100", NotAResidentId::Length),
            (SAMPLES[0], NotAResidentId::Length),
            ("11010549123100X", NotAResidentId::NotDigits),
            ("110105491331002", NotAResidentId::BirthDay),
        ] {
            assert_eq!(ResidentId::from_old(text, today()), Err(reason), "{text}");
        }
        let early = "1949-12-30".parse().unwrap();
        assert_eq!(
            ResidentId::from_old("110105491231002", early),
            Err(NotAResidentId::BirthDay)
        );
    }

    proptest! {
        /// What the check is for: one wrong digit and two swapped neighbours never pass.
        #[test]
        fn slips_are_found(sample in 0..2_usize, at in 0..17_usize, other in b'0'..=b'9') {
            let right = SAMPLES[sample].as_bytes();
            let mut slip = right.to_vec();
            slip[at] = other;
            let text = std::str::from_utf8(&slip).unwrap();
            prop_assert_eq!(ResidentId::parse(text, today()).is_ok(), slip == right);
            let mut swapped = right.to_vec();
            swapped.swap(at, at + 1);
            let text = std::str::from_utf8(&swapped).unwrap();
            prop_assert_eq!(ResidentId::parse(text, today()).is_ok(), swapped == right);
        }
    }
}
