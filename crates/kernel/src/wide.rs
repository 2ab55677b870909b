//! The slow, always right path of [`Decimal`]: arithmetic on big integers.

use std::cmp::Ordering;
use std::sync::LazyLock;

use num_bigint::BigUint;

use crate::decimal::{
    Decimal, MAX_DIGITS, MAX_SCALE, NumberError, SIGNIFICANT_DIGITS, digit_count,
};
use crate::rounding::Rounding;

/// 10 to the power of `exponent`.
pub(crate) fn ten_to(exponent: u32) -> BigUint {
    /// Powers that come up again and again.
    static KEPT: LazyLock<Vec<BigUint>> =
        LazyLock::new(|| (0..160).map(|e| BigUint::from(10_u8).pow(e)).collect());
    match KEPT.get(exponent as usize) {
        Some(power) => power.clone(),
        None => BigUint::from(10_u8).pow(exponent),
    }
}

/// Decimal digits of `value`; 0 for zero.
pub(crate) fn digits_of(value: &BigUint) -> u32 {
    if let Ok(small) = u128::try_from(value) {
        return digit_count(small);
    }
    // 0.30102 is just below log10(2), so the estimate is never above the true count.
    let bits = u32::try_from(value.bits()).expect("operands are bounded far below 2^32 bits");
    let mut digits = u32::try_from(u64::from(bits - 1) * 30_102 / 100_000).expect("below bits");
    let mut bound = ten_to(digits);
    while *value >= bound {
        bound *= 10_u8;
        digits += 1;
    }
    digits
}

/// The value `magnitude / 10^scale`: exact where it fits, else rounded to 24 significant digits.
pub(crate) fn settle(
    negative: bool,
    magnitude: BigUint,
    scale: u32,
) -> Result<Decimal, NumberError> {
    let (mut magnitude, mut scale) = (magnitude, scale);
    while scale > 0 && magnitude != BigUint::ZERO && (&magnitude % 10_u8) == BigUint::ZERO {
        magnitude /= 10_u8;
        scale -= 1;
    }
    if let (Ok(small), Ok(scale)) = (u128::try_from(&magnitude), u8::try_from(scale))
        && digit_count(small) <= MAX_DIGITS
        && scale <= MAX_SCALE
    {
        return Decimal::from_parts(negative, small, scale);
    }
    quotient(negative, &magnitude, &ten_to(scale))
}

/// `numerator / denominator` rounded half-even to 24 significant digits, or to 60 places where
/// those are coarser. `denominator` is not zero.
pub(crate) fn quotient(
    negative: bool,
    numerator: &BigUint,
    denominator: &BigUint,
) -> Result<Decimal, NumberError> {
    if *numerator == BigUint::ZERO {
        return Ok(Decimal::ZERO);
    }
    let places = places_kept(numerator, denominator);
    let (numerator, denominator) = if places >= 0 {
        (
            numerator * ten_to(places.unsigned_abs()),
            denominator.clone(),
        )
    } else {
        (
            numerator.clone(),
            denominator * ten_to(places.unsigned_abs()),
        )
    };
    let (mut kept, rest) = (&numerator / &denominator, &numerator % &denominator);
    let dropped: Ordering = (rest.clone() * 2_u8).cmp(&denominator);
    if rest != BigUint::ZERO && Rounding::HalfEven.grows(negative, kept.bit(0), dropped) {
        kept += 1_u8;
    }
    let kept = u128::try_from(&kept).expect("at most 25 digits");
    Decimal::from_scaled(negative, kept, places)
}

/// The places at which 24 significant digits of the quotient end: negative for huge quotients, at
/// most 60.
fn places_kept(numerator: &BigUint, denominator: &BigUint) -> i32 {
    let signed = |digits: u32| i32::try_from(digits).expect("operands are bounded");
    // The quotient lies in 10^(span-1) .. 10^(span+1).
    let span = signed(digits_of(numerator)) - signed(digits_of(denominator));
    let shift = ten_to(span.unsigned_abs());
    let reaches = if span >= 0 {
        *numerator >= denominator * shift
    } else {
        numerator * shift >= *denominator
    };
    let exponent = if reaches { span } else { span - 1 };
    (signed(SIGNIFICANT_DIGITS) - 1 - exponent).min(i32::from(MAX_SCALE))
}
