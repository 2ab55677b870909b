//! Decimals as text: exact both ways, nothing passes a binary float.

use serde::{Deserialize, Serialize};

use super::digits::{LIMIT, POWERS, divide, signed};
use super::{Decimal, MAX_DIGITS, MAX_SCALE, MAX_TEXT};

/// Plain, without exponent: `-0.05`.
impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // 60 places, a point, a zero before it.
        let mut text = [b'0'; MAX_SCALE as usize + 2];
        let mut digits = [0; MAX_DIGITS as usize];
        let digits = write_digits(self.coefficient.unsigned_abs(), &mut digits);
        let places = usize::from(self.scale);
        let whole = digits.len().saturating_sub(places);
        // Digits after the point, right-aligned: zeros fill the gap.
        let fraction = &digits[whole..];
        let mut start = text.len() - fraction.len();
        text[start..].copy_from_slice(fraction);
        if places > 0 {
            start = text.len() - places - 1;
            text[start] = b'.';
        }
        // At least one digit before it.
        let end = start;
        start = end - whole.max(1);
        text[end - whole..end].copy_from_slice(&digits[..whole]);
        let text = std::str::from_utf8(&text[start..]).expect("digits and a point");
        f.pad_integral(!self.is_negative(), "", text)
    }
}

/// The digits of `value`, at the end of `buffer`; none for zero.
fn write_digits(value: u128, buffer: &mut [u8; MAX_DIGITS as usize]) -> &[u8] {
    const CHUNK: u32 = 19;
    let mut start = buffer.len();
    let mut rest = value;
    while rest > 0 {
        let (above, chunk) = divide(rest, POWERS[CHUNK as usize]);
        #[allow(clippy::cast_possible_truncation, reason = "below 10^19")]
        let mut chunk = chunk as u64;
        let end = if above > 0 { start - CHUNK as usize } else { 0 };
        while start > end && (chunk > 0 || above > 0) {
            start -= 1;
            buffer[start] = b'0' + (chunk % 10) as u8;
            chunk /= 10;
        }
        rest = above;
    }
    &buffer[start..]
}

impl std::fmt::Debug for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

/// Why a text is not a decimal number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NotADecimal {
    /// Nothing there.
    Empty,
    /// Longer than [`MAX_TEXT`] bytes.
    TooLong,
    /// Something other than `-`, digits `0` to `9`, and a point between digits: `+5`, `1e5`,
    /// `.5`, `1,000`, full-width digits, spaces.
    NotPlain,
    /// More than 38 digits.
    TooManyDigits,
    /// More than 60 places after the point.
    TooManyPlaces,
}

impl NotADecimal {
    /// The code of the finding that says this.
    pub const fn code(self) -> &'static str {
        match self {
            NotADecimal::Empty => "decimal-empty",
            NotADecimal::TooLong => "decimal-too-long",
            NotADecimal::NotPlain => "decimal-not-plain",
            NotADecimal::TooManyDigits => "decimal-too-many-digits",
            NotADecimal::TooManyPlaces => "decimal-too-many-places",
        }
    }
}

impl std::fmt::Display for NotADecimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            NotADecimal::Empty => "nothing where a decimal number is expected",
            NotADecimal::TooLong => "too long for a decimal number",
            NotADecimal::NotPlain => "not a plain decimal number such as -12.50",
            NotADecimal::TooManyDigits => "a decimal number of more than 38 digits",
            NotADecimal::TooManyPlaces => "a decimal number of more than 60 places",
        })
    }
}

impl std::error::Error for NotADecimal {}

impl std::str::FromStr for Decimal {
    type Err = NotADecimal;

    /// Exact: `-?digits` or `-?digits.digits`, nothing else. Leading zeros are harmless, trailing
    /// zeros after the point do not count.
    fn from_str(text: &str) -> Result<Decimal, NotADecimal> {
        if text.is_empty() {
            return Err(NotADecimal::Empty);
        }
        if text.len() > MAX_TEXT {
            return Err(NotADecimal::TooLong);
        }
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (digits, None),
        };
        let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit());
        if !is_digits(whole) || !fraction.is_none_or(is_digits) {
            return Err(NotADecimal::NotPlain);
        }
        let fraction = fraction.unwrap_or_default().trim_end_matches('0');
        let mut magnitude = 0_u128;
        for c in whole.bytes().chain(fraction.bytes()) {
            if magnitude >= LIMIT / 10 {
                return Err(NotADecimal::TooManyDigits);
            }
            magnitude = magnitude * 10 + u128::from(c - b'0');
        }
        let scale = u8::try_from(fraction.len()).map_err(|_| NotADecimal::TooManyPlaces)?;
        Decimal::checked_new(signed(negative, magnitude), scale).ok_or(NotADecimal::TooManyPlaces)
    }
}

impl Serialize for Decimal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
        struct Text;
        impl serde::de::Visitor<'_> for Text {
            type Value = Decimal;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a decimal number written as text, such as \"12.5\"")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Decimal, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}
