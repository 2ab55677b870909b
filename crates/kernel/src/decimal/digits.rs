//! Digits within 128 bits: powers of ten, trailing zeros, division that is fast for small numbers.

use std::cmp::Ordering;

use super::MAX_DIGITS;

/// The first number with too many digits.
pub(super) const LIMIT: u128 = POWERS[MAX_DIGITS as usize];

/// The largest number of 64 bits: what lies below is computed faster.
const LOW_BITS: u128 = u64::MAX as u128;

/// 10^0 to 10^38: all powers of ten of 128 bits.
pub(super) const POWERS: [u128; 39] = {
    let mut powers = [1; 39];
    let mut i = 1;
    while i < powers.len() {
        powers[i] = powers[i - 1] * 10;
        i += 1;
    }
    powers
};

/// Decimal digits of `value`; 0 for zero.
pub(crate) const fn digit_count(value: u128) -> u32 {
    match value.checked_ilog10() {
        Some(exponent) => exponent + 1,
        None => 0,
    }
}

/// 10 to the power of `exponent`, up to 10^38.
pub(super) const fn power_of_ten(exponent: u8) -> Option<u128> {
    if (exponent as usize) < POWERS.len() {
        Some(POWERS[exponent as usize])
    } else {
        None
    }
}

/// Quotient and remainder, faster where both numbers are small.
pub(super) const fn divide(numerator: u128, denominator: u128) -> (u128, u128) {
    if numerator > LOW_BITS || denominator > LOW_BITS {
        return (numerator / denominator, numerator % denominator);
    }
    #[allow(clippy::cast_possible_truncation, reason = "just seen to fit")]
    let (numerator, denominator) = (numerator as u64, denominator as u64);
    (
        (numerator / denominator) as u128,
        (numerator % denominator) as u128,
    )
}

/// As `Ord::cmp`, which is not const.
pub(super) const fn compare(left: u128, right: u128) -> Ordering {
    if left < right {
        Ordering::Less
    } else if left > right {
        Ordering::Greater
    } else {
        Ordering::Equal
    }
}

/// The coefficient with that sign and magnitude below [`LIMIT`].
pub(super) const fn signed(negative: bool, magnitude: u128) -> i128 {
    assert!(magnitude < LIMIT);
    let value = magnitude.cast_signed();
    if negative { -value } else { value }
}

/// Strips trailing zeros after the point.
pub(super) const fn strip(magnitude: u128, scale: u8) -> (u128, u8) {
    if magnitude == 0 {
        return (0, 0);
    }
    let (mut magnitude, mut scale) = (magnitude, scale);
    // A multiple of 10^n is a multiple of 2^n, which is cheap to see.
    while magnitude > LOW_BITS {
        if scale >= 8 && magnitude.trailing_zeros() >= 8 && magnitude.is_multiple_of(100_000_000) {
            magnitude /= 100_000_000;
            scale -= 8;
        } else if scale > 0 && magnitude & 1 == 0 && magnitude.is_multiple_of(10) {
            magnitude /= 10;
            scale -= 1;
        } else {
            return (magnitude, scale);
        }
    }
    #[allow(clippy::cast_possible_truncation, reason = "just seen to fit")]
    let mut small = magnitude as u64;
    while scale >= 4 && small.trailing_zeros() >= 4 && small.is_multiple_of(10_000) {
        small /= 10_000;
        scale -= 4;
    }
    while scale > 0 && small & 1 == 0 && small.is_multiple_of(10) {
        small /= 10;
        scale -= 1;
    }
    (small as u128, scale)
}

/// `coefficient * 10^power`, where 128 bits hold it.
pub(super) fn aligned(coefficient: i128, power: u8) -> Option<i128> {
    if power == 0 || coefficient == 0 {
        return Some(coefficient);
    }
    coefficient.checked_mul(i128::try_from(power_of_ten(power)?).ok()?)
}
