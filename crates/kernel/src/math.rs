//! Logarithm, exponential, roots, geometric means and integer powers of exact decimals.
//!
//! Architecture, invariant 5: every result is the true value correctly rounded, half-even, to 24
//! significant digits (or to 60 places after the point, where those are coarser), computed on
//! integers only. What is exact stays exact. The method is Ziv's: an interval that surely holds
//! the true value is narrowed until both its ends round to the same number; where the true value
//! itself may lie on the border between two numbers (a root may, a logarithm never), that is
//! decided exactly.

mod border;
mod fixed;

use num_bigint::{BigInt, BigUint, Sign};

use crate::decimal::{Decimal, MAX_SCALE, NumberError, SIGNIFICANT_DIGITS};
use crate::rounding::Rounding;
use crate::wide;
use fixed::Interval;

/// Bits of 24 decimal digits, rounded up.
const SIGNIFICANT_BITS: u32 = 80;

/// Guard bits of each attempt. Digits of a transcendental number look random, so an attempt with
/// `g` guard bits fails for about one argument in `2^g`, and for arguments made to be hard
/// (38 digits that lie next to a border) the second or third succeeds.
const GUARD_BITS: [u32; 6] = [40, 136, 384, 1_200, 4_000, 12_000];

/// Roots up to this degree are taken directly on integers; higher ones by logarithms.
const DIRECT_DEGREE: u32 = 32;

/// Powers up to this many digits are multiplied out.
const DIRECT_DIGITS: u32 = 2_000;

/// Why the last attempt cannot fail.
const DECIDED: &str = "no number of 38 digits lies so close to a border without being on it";

/// Natural logarithm. `OutOfDomain` for zero and below.
pub fn ln(x: Decimal) -> Result<Decimal, NumberError> {
    if x <= Decimal::ZERO {
        return Err(NumberError::OutOfDomain);
    }
    if x == Decimal::ONE {
        return Ok(Decimal::ZERO);
    }
    let (numerator, denominator) = fraction(x);
    // Next to 1 the logarithm is small, and its 24 digits begin later.
    let late = fixed::bits_before_logarithm(&numerator, &denominator);
    for guard in GUARD_BITS {
        let bits = SIGNIFICANT_BITS + guard + late;
        if let Some(result) = fixed::ln(&numerator, &denominator, bits).rounded() {
            return result;
        }
    }
    unreachable!("{DECIDED}")
}

/// `e` to the power of `x`. `Overflow` above about 87.49; 0 below about -138.85, where the value
/// is less than half of the 60th place.
pub fn exp(x: Decimal) -> Result<Decimal, NumberError> {
    const HIGHEST: Decimal = Decimal::from_int(88);
    const LOWEST: Decimal = Decimal::from_int(-140);
    if x.is_zero() {
        return Ok(Decimal::ONE);
    }
    if x > HIGHEST {
        return Err(NumberError::Overflow);
    }
    if x < LOWEST {
        return Ok(Decimal::ZERO);
    }
    let (numerator, denominator) = (BigInt::from(x.coefficient()), fraction(x).1);
    for guard in GUARD_BITS {
        let bits = SIGNIFICANT_BITS + guard;
        let argument = Interval::of_quotient(&numerator, &denominator, bits);
        if let Some(result) = fixed::exp(&argument).rounded() {
            return result;
        }
    }
    unreachable!("{DECIDED}")
}

/// The real root of degree `degree`. `OutOfDomain` for degree 0 and for an even root of a negative
/// number.
pub fn root(x: Decimal, degree: u32) -> Result<Decimal, NumberError> {
    if degree == 0 || (x.is_negative() && degree.is_multiple_of(2)) {
        return Err(NumberError::OutOfDomain);
    }
    let magnitude = if x.is_zero() {
        Decimal::ZERO
    } else if degree <= DIRECT_DEGREE {
        direct_root(&x.magnitude(), u32::from(x.scale()), degree)?
    } else {
        power_product(&[(x.abs(), BigInt::from(1))], &BigUint::from(degree))?
    };
    Ok(if x.is_negative() {
        magnitude.neg()
    } else {
        magnitude
    })
}

/// The root of degree `values.len()` of the product of `values`; 0 where one of them is 0.
/// `OutOfDomain` for no values and for negative ones.
pub fn geometric_mean(values: &[Decimal]) -> Result<Decimal, NumberError> {
    if values.is_empty() || values.iter().any(|value| value.is_negative()) {
        return Err(NumberError::OutOfDomain);
    }
    if values.iter().any(|value| value.is_zero()) {
        return Ok(Decimal::ZERO);
    }
    let degree = u32::try_from(values.len()).map_err(|_| NumberError::Overflow)?;
    if degree <= DIRECT_DEGREE {
        let product = values.iter().map(|value| value.magnitude()).product();
        let scale = values.iter().map(|value| u32::from(value.scale())).sum();
        return direct_root(&product, scale, degree);
    }
    let factors: Vec<_> = values.iter().map(|v| (*v, BigInt::from(1))).collect();
    power_product(&factors, &BigUint::from(degree))
}

/// The geometric mean of (value, weight) pairs: the product of `value^weight`, to the power of one
/// over the sum of the weights.
///
/// Weights need not sum to 1; a weight of 0 takes its value out; a value of 0 with a positive
/// weight makes the mean 0. `OutOfDomain` for negative values or weights and where the weights sum
/// to 0.
pub fn weighted_geometric_mean(pairs: &[(Decimal, Decimal)]) -> Result<Decimal, NumberError> {
    if pairs
        .iter()
        .any(|(v, w)| v.is_negative() || w.is_negative())
    {
        return Err(NumberError::OutOfDomain);
    }
    let weighty = || pairs.iter().filter(|(_, weight)| !weight.is_zero());
    let Some(scale) = weighty().map(|(_, weight)| weight.scale()).max() else {
        return Err(NumberError::OutOfDomain);
    };
    if weighty().any(|(value, _)| value.is_zero()) {
        return Ok(Decimal::ZERO);
    }
    let whole =
        |weight: Decimal| weight.magnitude() * wide::ten_to(u32::from(scale - weight.scale()));
    let factors: Vec<_> = weighty()
        .map(|(value, weight)| (*value, BigInt::from(whole(*weight))))
        .collect();
    let sum = weighty().map(|(_, weight)| whole(*weight)).sum();
    power_product(&factors, &sum)
}

/// `base` to a whole power: exact where it fits 38 digits and 60 places. The power 0 is 1, of 0
/// too: a product without factors. `DivisionByZero` for a negative power of 0.
pub fn power(base: Decimal, exponent: i32) -> Result<Decimal, NumberError> {
    if exponent == 0 || base == Decimal::ONE {
        return Ok(Decimal::ONE);
    }
    if base.is_zero() {
        return if exponent > 0 {
            Ok(Decimal::ZERO)
        } else {
            Err(NumberError::DivisionByZero)
        };
    }
    let negative = base.is_negative() && exponent % 2 != 0;
    let times = exponent.unsigned_abs();
    let digits = wide::digits_of(&base.magnitude()).max(u32::from(base.scale()));
    let result = if times.saturating_mul(digits) <= DIRECT_DIGITS {
        let magnitude = base.magnitude().pow(times);
        let scale = u32::from(base.scale()) * times;
        if exponent > 0 {
            wide::settle(false, magnitude, scale)?
        } else {
            wide::quotient(false, &wide::ten_to(scale), &magnitude)?
        }
    } else {
        power_product(
            &[(base.abs(), BigInt::from(exponent))],
            &BigUint::from(1_u8),
        )?
    };
    Ok(if negative { result.neg() } else { result })
}

/// The root of degree `degree` of `magnitude / 10^scale`, which is not zero, on integers.
fn direct_root(magnitude: &BigUint, scale: u32, degree: u32) -> Result<Decimal, NumberError> {
    let signed = |n: u32| i32::try_from(n).expect("bounded by degree times digits");
    // 10^exponent <= radicand < 10^(exponent + 1), so the root's exponent is the floored quotient.
    let exponent = signed(wide::digits_of(magnitude)) - 1 - signed(scale);
    let places = signed(SIGNIFICANT_DIGITS) - 1 - exponent.div_euclid(signed(degree));
    let places = places.min(i32::from(MAX_SCALE));
    let shift = signed(degree) * places - signed(scale);
    let power = wide::ten_to(shift.unsigned_abs());
    let (numerator, denominator) = if shift >= 0 {
        (magnitude * power, BigUint::from(1_u8))
    } else {
        (magnitude.clone(), power)
    };
    // The root of a floor has the same floor as the root.
    let kept = (&numerator / &denominator).nth_root(degree);
    let exact = kept.pow(degree) * &denominator == numerator;
    let half_up: BigUint = &kept * 2_u8 + 1_u8;
    let dropped = (numerator << degree).cmp(&(half_up.pow(degree) * denominator));
    let grows = !exact && Rounding::HalfEven.grows(false, kept.bit(0), dropped);
    let kept = u128::try_from(kept).expect("24 digits") + u128::from(grows);
    Decimal::from_scaled(false, kept, places)
}

/// The product of `value^power` over all factors, to the power of `1 / degree`. Values are
/// positive, degree is not zero.
fn power_product(factors: &[(Decimal, BigInt)], degree: &BigUint) -> Result<Decimal, NumberError> {
    let fractions: Vec<_> = factors
        .iter()
        .map(|(value, power)| (fraction(*value), power))
        .collect();
    for guard in GUARD_BITS {
        let bits = SIGNIFICANT_BITS + guard;
        let mut logarithm = Interval::zero(bits);
        for ((numerator, denominator), power) in &fractions {
            logarithm.add_multiple(&fixed::ln(numerator, denominator, bits), power);
        }
        logarithm.divide(degree);
        if logarithm.surely_above(88) {
            return Err(NumberError::Overflow);
        }
        if logarithm.surely_below(-140) {
            return Ok(Decimal::ZERO);
        }
        if !logarithm.is_narrow() {
            continue;
        }
        let result = fixed::exp(&logarithm);
        if let Some(result) = result.rounded() {
            return result;
        }
        if let Some(border) = result.border()
            && border::is_power_product(&border, factors, degree)
        {
            return border.rounded();
        }
    }
    unreachable!("{DECIDED}")
}

/// Numerator and denominator of the magnitude.
fn fraction(x: Decimal) -> (BigUint, BigUint) {
    (x.magnitude(), wide::ten_to(x.scale().into()))
}

/// A sign for a big integer.
fn with_sign(negative: bool, magnitude: BigUint) -> BigInt {
    BigInt::from_biguint(if negative { Sign::Minus } else { Sign::Plus }, magnitude)
}

#[cfg(test)]
mod tests;
