//! The codes of a second factor: six digits that an application makes from a shared secret and the
//! time (TOTP, RFC 6238), and recovery codes on paper for when the telephone is gone.

use kernel::Instant;
use sha2::{Digest, Sha256};
use totp_rs::{Algorithm, Builder, Secret, Totp};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{AccountId, paper_code};

/// How long one code lasts, in seconds. With SHA-1 and six digits it is what every application for
/// telephones supports (decision 0033).
pub const STEP_S: u64 = 30;
/// Digits of a code.
pub const CODE_DIGITS: usize = 6;
/// Steps before and after the present one whose codes count as well: clocks of telephones differ.
const SKEW_STEPS: u16 = 1;
/// Bytes of a secret: as many as the hash has, RFC 4226 section 4.
const SECRET_BYTES: usize = 20;
/// Characters of a recovery code: 26^12 are 56 bits, and it is kept under a key.
const RECOVERY_CODE_CHARS: usize = 12;
/// How many recovery codes are made at once.
pub const RECOVERY_CODES: usize = 10;

/// What the server and one application share. Wiped from memory when dropped; never printed.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct FactorSecret([u8; SECRET_BYTES]);

impl FactorSecret {
    /// The secret of an account that follows from 32 bytes that nobody can guess.
    pub fn of(secret: &[u8; 32], account: AccountId) -> FactorSecret {
        let mut hash = Sha256::new();
        hash.update(b"xingcun factor secret 1\0");
        hash.update(secret);
        hash.update(account.0.as_bytes());
        let hash = Zeroizing::new(<[u8; 32]>::from(hash.finalize()));
        let mut bytes = [0; SECRET_BYTES];
        bytes.copy_from_slice(&hash[..SECRET_BYTES]);
        FactorSecret(bytes)
    }

    /// The secret of its base32 text; `None` for anything else.
    pub fn parse(text: &str) -> Option<FactorSecret> {
        let secret = Secret::try_from_base32(text).ok()?;
        Some(FactorSecret(secret.as_bytes().try_into().ok()?))
    }

    /// The secret in base32, 32 characters: for its owner's application only.
    pub fn expose(&self) -> String {
        Secret::from(self.0).to_base32()
    }

    /// The same in groups of four, to be typed where nothing can be scanned.
    pub fn grouped(&self) -> String {
        paper_code::grouped(self.expose().as_bytes()).replace('-', " ")
    }

    /// The step whose code this is, if it is the present one or a neighbour; `now` by the machine's
    /// clock. Whether the step was used before is not asked here.
    pub fn step_of(&self, code: &TotpCode, now: Instant) -> Option<i64> {
        let seconds = u64::try_from(now.0 / 1_000).ok()?;
        let step = self.totp().check(&code.0, seconds)?;
        i64::try_from(step).ok()
    }

    /// The code that the application shows at an instant: for tests and for programs that sign in.
    pub fn code_at(&self, now: Instant) -> String {
        let seconds = u64::try_from(now.0 / 1_000).unwrap_or_default();
        self.totp().generate(seconds).to_string()
    }

    fn totp(&self) -> Totp {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_skew(SKEW_STEPS)
            .with_step_duration(STEP_S)
            .with_secret(Secret::from(self.0))
            .build()
            .expect("six digits and 160 bits are within RFC 6238")
    }
}

impl std::fmt::Debug for FactorSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FactorSecret(…)")
    }
}

/// Six digits, as somebody typed them.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct TotpCode(String);

impl std::fmt::Debug for TotpCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpCode(…)")
    }
}

/// A code by which its owner signs in once without the application: twelve characters, shown in
/// groups of four.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct RecoveryCode([u8; RECOVERY_CODE_CHARS]);

impl RecoveryCode {
    /// The recovery codes of an account that follow from 32 bytes that nobody can guess.
    pub fn all_of(secret: &[u8; 32], account: AccountId) -> Vec<RecoveryCode> {
        let numbers = (0_u8..).take(RECOVERY_CODES);
        numbers
            .map(|number| {
                RecoveryCode(paper_code::draw(&[
                    b"xingcun recovery code 1\0",
                    secret,
                    account.0.as_bytes(),
                    &[number],
                ]))
            })
            .collect()
    }

    /// The code as it stands on paper, `ACDE-FHJK-MNPQ`: for its owner only.
    pub fn expose(&self) -> String {
        paper_code::grouped(&self.0)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

/// What was typed where a code is wanted: one field takes both kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OneTimeCode {
    /// Six digits of the application.
    Totp(TotpCode),
    /// A recovery code.
    Recovery(RecoveryCode),
}

impl OneTimeCode {
    /// The code that somebody typed: spaces, strokes, full-width characters and lower case are
    /// forgiven. `None` for anything else.
    pub fn parse(text: &str) -> Option<OneTimeCode> {
        if let Some(code) = paper_code::read(text) {
            return Some(OneTimeCode::Recovery(RecoveryCode(code)));
        }
        let digits = paper_code::typed(text, CODE_DIGITS)?;
        let are_digits = digits.len() == CODE_DIGITS && digits.iter().all(u8::is_ascii_digit);
        let text = are_digits.then(|| String::from_utf8(digits).ok()).flatten();
        text.map(|digits| OneTimeCode::Totp(TotpCode(digits)))
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Id, Instant};

    use super::{FactorSecret, OneTimeCode, RecoveryCode};
    use crate::AccountId;

    fn account(number: u8) -> AccountId {
        AccountId(Id::from_bytes([number; 16]))
    }

    fn step_of(secret: &FactorSecret, code: &str, now_s: i64) -> Option<i64> {
        match OneTimeCode::parse(code) {
            Some(OneTimeCode::Totp(code)) => secret.step_of(&code, Instant(now_s * 1_000)),
            _ => None,
        }
    }

    /// Appendix B of RFC 6238, SHA-1, the last six of its eight digits.
    #[test]
    fn the_codes_are_those_of_the_standard() {
        let secret = FactorSecret(*b"12345678901234567890");
        assert_eq!(secret.expose(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert!(FactorSecret::parse(&secret.expose()) == Some(secret.clone()));
        for (at_s, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret.code_at(Instant(at_s * 1_000)), code);
            assert_eq!(step_of(&secret, code, at_s), Some(at_s / 30), "{at_s}");
        }
    }

    #[test]
    fn a_code_counts_in_its_own_step_and_the_neighbours() {
        let secret = FactorSecret::of(&[7; 32], account(1));
        let begin_s = 1_780_000_020;
        assert_eq!(begin_s % 30, 0, "the first second of a step");
        let code = secret.code_at(Instant(begin_s * 1_000));
        for (now_s, counts) in [
            (begin_s - 31, false),
            (begin_s - 30, true),
            (begin_s, true),
            (begin_s + 29, true),
            (begin_s + 59, true),
            (begin_s + 60, false),
            (-1, false),
        ] {
            let expected = counts.then_some(begin_s / 30);
            assert_eq!(step_of(&secret, &code, now_s), expected, "{now_s}");
        }
        let another = FactorSecret::of(&[7; 32], account(2));
        assert_eq!(step_of(&another, &code, begin_s), None);
    }

    #[test]
    fn one_field_reads_both_kinds_as_people_type_them() {
        let recovery = RecoveryCode::all_of(&[7; 32], account(1)).remove(0);
        for typed in [
            recovery.expose(),
            recovery.expose().to_lowercase(),
            recovery.expose().replace('-', ""),
            format!(" {} ", recovery.expose().replace('-', "—")),
        ] {
            let expected = Some(OneTimeCode::Recovery(recovery.clone()));
            assert_eq!(OneTimeCode::parse(&typed), expected, "{typed}");
        }
        let plain = OneTimeCode::parse("081804");
        assert!(matches!(plain, Some(OneTimeCode::Totp(_))));
        for typed in ["081 804", "０８１８０４", " 081-804 "] {
            assert_eq!(OneTimeCode::parse(typed), plain, "{typed}");
        }
        for typed in [
            "",
            "08180",
            "0818044",
            "08180a",
            "八一八〇四",
            "ACDE-FHJK-MNP0",
        ] {
            assert_eq!(OneTimeCode::parse(typed), None, "{typed}");
        }
        assert_eq!(format!("{plain:?}"), "Some(Totp(TotpCode(…)))");
    }

    #[test]
    fn ten_codes_differ() {
        let codes = RecoveryCode::all_of(&[7; 32], account(1));
        let texts: std::collections::BTreeSet<String> =
            codes.iter().map(RecoveryCode::expose).collect();
        assert_eq!(texts.len(), super::RECOVERY_CODES);
        assert_ne!(codes, RecoveryCode::all_of(&[7; 32], account(2)));
        assert_eq!(format!("{:?}", codes[0]), "RecoveryCode(…)");
    }
}
