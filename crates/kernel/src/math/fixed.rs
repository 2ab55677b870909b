//! Logarithm and exponential in binary fixed point, each with a bound of its error.

use std::sync::OnceLock;

use num_bigint::{BigInt, BigUint, Sign};

use super::border::Border;
use super::with_sign;
use crate::decimal::{Decimal, NumberError};
use crate::wide;

/// How often [`exp`] halves its argument before the series, and squares after it.
const HALVINGS: u32 = 8;
/// Bits of ln 2 that are kept.
const KEPT_BITS: u32 = 512;
/// Extra bits in which ln 2 is computed; they swallow the rounding errors of its series.
const LN_2_GUARD: u32 = 32;

/// An interval that surely holds a real number: `(middle ± error) * 2^(exponent - bits)`.
pub(super) struct Interval {
    middle: BigInt,
    error: BigUint,
    bits: u32,
    exponent: i32,
}

impl Interval {
    /// Exactly 0.
    pub(super) fn zero(bits: u32) -> Interval {
        Interval {
            middle: BigInt::ZERO,
            error: BigUint::ZERO,
            bits,
            exponent: 0,
        }
    }

    /// The quotient of two integers.
    pub(super) fn of_quotient(numerator: &BigInt, denominator: &BigUint, bits: u32) -> Interval {
        let denominator = BigInt::from(denominator.clone());
        Interval {
            middle: (numerator << bits) / denominator,
            error: BigUint::from(1_u8),
            bits,
            exponent: 0,
        }
    }

    /// Adds `other * times`; both have the same bits and exponent 0.
    pub(super) fn add_multiple(&mut self, other: &Interval, times: &BigInt) {
        self.middle += &other.middle * times;
        self.error += &other.error * times.magnitude();
    }

    /// Divides by an integer.
    pub(super) fn divide(&mut self, by: &BigUint) {
        self.middle /= BigInt::from(by.clone());
        // One for each of the two divisions, which cut off.
        self.error = &self.error / by + 2_u8;
    }

    /// Whether the interval is narrow enough for [`exp`]: its error is below 2^-8.
    pub(super) fn is_narrow(&self) -> bool {
        self.error.bits() + 8 <= u64::from(self.bits)
    }

    /// Whether the whole interval is above `bound`; exponent 0.
    pub(super) fn surely_above(&self, bound: i32) -> bool {
        self.ends().0 > BigInt::from(bound) << self.bits
    }

    /// Whether the whole interval is below `bound`; exponent 0.
    pub(super) fn surely_below(&self, bound: i32) -> bool {
        self.ends().1 < BigInt::from(bound) << self.bits
    }

    /// What every number of the interval rounds to (an overflow too), if all give the same.
    pub(super) fn rounded(&self) -> Option<Result<Decimal, NumberError>> {
        let (low, high) = self.ends();
        let (low, high) = (self.rounded_end(&low), self.rounded_end(&high));
        (low == high).then_some(low)
    }

    /// The number half-way between those to which the ends round: the border between them, where
    /// they are neighbours. `None` where there is none within range.
    pub(super) fn border(&self) -> Option<Border> {
        let (low, high) = self.ends();
        Border::between(self.rounded_end(&low).ok()?, self.rounded_end(&high).ok()?)
    }

    fn ends(&self) -> (BigInt, BigInt) {
        let error = BigInt::from(self.error.clone());
        (&self.middle - &error, &self.middle + error)
    }

    fn rounded_end(&self, end: &BigInt) -> Result<Decimal, NumberError> {
        let negative = end.sign() == Sign::Minus;
        let up = self.exponent.max(0).unsigned_abs();
        let down = self.exponent.min(0).unsigned_abs();
        let denominator = BigUint::from(1_u8) << (self.bits + down);
        wide::quotient(negative, &(end.magnitude() << up), &denominator)
    }
}

/// How many bits the logarithm of a number next to 1 begins after the point; 0 elsewhere.
pub(super) fn bits_before_logarithm(numerator: &BigUint, denominator: &BigUint) -> u32 {
    let (larger, smaller) = if numerator > denominator {
        (numerator, denominator)
    } else {
        (denominator, numerator)
    };
    let late = smaller.bits() - (larger - smaller).bits().min(smaller.bits());
    u32::try_from(late).expect("numbers of at most 98 digits") + 1
}

/// The natural logarithm of `numerator / denominator`, both positive.
///
/// `x = m * 2^k` with `m` in 2/3 ..= 4/3, and `ln m = 2 artanh((m - 1) / (m + 1))`.
pub(super) fn ln(numerator: &BigUint, denominator: &BigUint, bits: u32) -> Interval {
    let (above, below, k) = reduce(numerator, denominator);
    let sum = &above + &below;
    // |z| <= 1/5, cut off: at most 1 unit wrong.
    let z =
        (with_sign(above < below, absolute_difference(&above, &below)) << bits) / BigInt::from(sum);
    let (series, terms) = artanh(&z, bits);
    let middle = series * 2 + ln_2(bits) * k;
    // Each term is at most 2.2 units wrong (its power 1.1, its division 1), the first 1, what is
    // left out 2; all of it twice; ln 2 at most 2 units.
    let error = 6 * u64::from(terms) + 8 + 2 * u64::from(k.unsigned_abs());
    Interval {
        middle,
        error: BigUint::from(error),
        bits,
        exponent: 0,
    }
}

/// `above / below * 2^k` is the quotient, and `above / below` lies in 2/3 ..= 4/3.
fn reduce(numerator: &BigUint, denominator: &BigUint) -> (BigUint, BigUint, i32) {
    let width = |n: &BigUint| i32::try_from(n.bits()).expect("numbers of at most 98 digits");
    let k = width(numerator) - width(denominator);
    let (mut above, mut below) = (numerator.clone(), denominator.clone());
    if k >= 0 {
        below <<= k.unsigned_abs();
    } else {
        above <<= k.unsigned_abs();
    }
    // Now in 1/2 .. 2.
    if &above * 3_u8 > &below * 4_u8 {
        (above, below << 1_u8, k + 1)
    } else if &above * 3_u8 < &below * 2_u8 {
        (above << 1_u8, below, k - 1)
    } else {
        (above, below, k)
    }
}

fn absolute_difference(left: &BigUint, right: &BigUint) -> BigUint {
    if left > right {
        left - right
    } else {
        right - left
    }
}

/// `z + z^3/3 + z^5/5 + …` and the number of terms.
fn artanh(z: &BigInt, bits: u32) -> (BigInt, u32) {
    let square = (z * z) >> bits;
    let (mut sum, mut power, mut terms) = (z.clone(), z.clone(), 1);
    loop {
        // Towards zero, so that a small negative power ends at 0.
        power = with_sign(
            power.sign() == Sign::Minus,
            (power.magnitude() * square.magnitude()) >> bits,
        );
        if power == BigInt::ZERO {
            return (sum, terms);
        }
        sum += &power / (2 * terms + 1);
        terms += 1;
    }
}

/// ln 2, at most 2 units wrong.
fn ln_2(bits: u32) -> BigInt {
    static KEPT: OnceLock<BigInt> = OnceLock::new();
    if bits > KEPT_BITS {
        return compute_ln_2(bits);
    }
    KEPT.get_or_init(|| compute_ln_2(KEPT_BITS)) >> (KEPT_BITS - bits)
}

/// ln 2 = 18 artanh(1/26) - 2 artanh(1/4801) + 8 artanh(1/8749), cut off.
fn compute_ln_2(bits: u32) -> BigInt {
    let inner = bits + LN_2_GUARD;
    let part = |times: i32, inverse: u32| artanh_of_inverse(inverse, inner) * times;
    (part(18, 26) - part(2, 4_801) + part(8, 8_749)) >> LN_2_GUARD
}

/// artanh(1 / inverse).
fn artanh_of_inverse(inverse: u32, bits: u32) -> BigInt {
    let square = u64::from(inverse) * u64::from(inverse);
    let mut power = (BigInt::from(1) << bits) / inverse;
    let (mut sum, mut odd) = (BigInt::ZERO, 1_u32);
    while power != BigInt::ZERO {
        sum += &power / odd;
        power /= square;
        odd += 2;
    }
    sum
}

/// `e` to the power of an interval within -141 ..= 89 that is narrow; its exponent is 0.
///
/// `a = k ln 2 + r` with `|r| < 0.36`; the series for `r / 256`, then eight squarings.
pub(super) fn exp(argument: &Interval) -> Interval {
    let bits = argument.bits;
    let k = multiple_of_ln_2(&argument.middle, bits);
    let rest: BigInt = &argument.middle - ln_2(bits) * k;
    let part = rest >> HALVINGS;
    let one = BigInt::from(1) << bits;
    let (mut sum, mut term, mut terms) = (one.clone(), one, 0_u32);
    loop {
        terms += 1;
        term = ((term * &part) >> bits) / terms;
        sum += &term;
        // Rounding towards negative infinity keeps a negative product at -1 at least; the division
        // makes it 0.
        if term == BigInt::ZERO {
            break;
        }
    }
    for _ in 0..HALVINGS {
        sum = (&sum * &sum) >> bits;
    }
    // Before the squarings: 3 units per term, 2 left out, the argument's own error and ln 2's.
    // The squarings multiply it by at most 1.5 * 2^8 and add less than 2^8.
    let before = 3 * u64::from(terms) + 8 + 2 * u64::from(k.unsigned_abs());
    Interval {
        middle: sum,
        error: (&argument.error + before) << (HALVINGS + 1),
        bits,
        exponent: k,
    }
}

/// The whole number next to `value / ln 2`, give or take a hundredth.
fn multiple_of_ln_2(value: &BigInt, bits: u32) -> i32 {
    /// 2^20 / ln 2.
    const INVERSE: i64 = 1_512_775;
    let coarse = i64::try_from(value >> (bits - 20)).expect("below 141 * 2^20");
    let k = (coarse * INVERSE + (1 << 39)) >> 40;
    i32::try_from(k).expect("below 256")
}

#[cfg(test)]
mod tests;
