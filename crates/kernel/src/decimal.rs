//! Exact decimal numbers: no binary float decides a mark, a rank, a grade or an amount.
//!
//! Architecture, invariant 5: sums, differences and products are exact; whatever divides, takes a
//! root or a logarithm is first correctly rounded to 24 significant digits (half-even) and then
//! gets the rounding its node names. That two-step definition is the rule, so results are the
//! same on every machine, and a spreadsheet or another program can repeat them.

mod digits;
mod text;

use std::cmp::Ordering;

use num_bigint::BigUint;

pub use crate::rounding::Rounding;
use crate::{long, wide};
pub(crate) use digits::digit_count;
use digits::{LIMIT, POWERS, aligned, compare, divide, power_of_ten, signed, strip};
pub use text::NotADecimal;

/// Most digits of a coefficient.
pub const MAX_DIGITS: u32 = 38;
/// Most places after the point.
pub const MAX_SCALE: u8 = 60;
/// Digits kept where a result cannot be exact.
pub const SIGNIFICANT_DIGITS: u32 = 24;
/// Longest text that is read as a number, in bytes.
pub const MAX_TEXT: usize = 120;

/// An exact decimal number: `coefficient / 10^scale`, at most 38 digits, at most 60 places.
///
/// Always kept without trailing zeros after the point, so equality, order and hash are those of
/// the value. In JSON, TOML and the database it is a text (`"74.5"`); a number of the format
/// itself is refused, because it would have passed through a binary float.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Decimal {
    coefficient: i128,
    scale: u8,
}

/// Why there is no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NumberError {
    /// The result has more than 38 digits before the point.
    Overflow,
    /// The divisor is zero.
    DivisionByZero,
    /// The function is not defined there: the logarithm of zero, the even root of a negative
    /// number, the mean of nothing.
    OutOfDomain,
}

impl NumberError {
    /// The code of the finding that says this.
    pub const fn code(self) -> &'static str {
        match self {
            NumberError::Overflow => "number-overflow",
            NumberError::DivisionByZero => "number-division-by-zero",
            NumberError::OutOfDomain => "number-out-of-domain",
        }
    }
}

impl std::fmt::Display for NumberError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            NumberError::Overflow => "the result has more than 38 digits before the point",
            NumberError::DivisionByZero => "division by zero",
            NumberError::OutOfDomain => "the function is not defined for this number",
        })
    }
}

impl std::error::Error for NumberError {}

impl Decimal {
    /// 0.
    pub const ZERO: Decimal = Decimal {
        coefficient: 0,
        scale: 0,
    };
    /// 1.
    pub const ONE: Decimal = Decimal {
        coefficient: 1,
        scale: 0,
    };

    /// `coefficient / 10^scale`, for constants and for numbers known to be small.
    ///
    /// # Panics
    /// Where [`Decimal::checked_new`] gives `None`.
    pub const fn new(coefficient: i128, scale: u8) -> Decimal {
        match Decimal::checked_new(coefficient, scale) {
            Some(value) => value,
            None => panic!("a decimal has at most 38 digits and 60 places"),
        }
    }

    /// `coefficient / 10^scale`; `None` beyond 38 digits or 60 places (after trailing zeros are
    /// stripped).
    pub const fn checked_new(coefficient: i128, scale: u8) -> Option<Decimal> {
        let (magnitude, scale) = strip(coefficient.unsigned_abs(), scale);
        if magnitude >= LIMIT || scale > MAX_SCALE {
            return None;
        }
        Some(Decimal {
            coefficient: signed(coefficient < 0, magnitude),
            scale,
        })
    }

    /// The whole number.
    pub const fn from_int(value: i64) -> Decimal {
        Decimal {
            coefficient: value as i128,
            scale: 0,
        }
    }

    /// The digits, as an integer: value times `10^scale()`.
    pub const fn coefficient(self) -> i128 {
        self.coefficient
    }

    /// Places after the point, 0 to 60; the last one is not zero.
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// The value times `10^scale`, where that is a whole number of at most 38 digits.
    pub const fn rescale_exact(self, scale: u8) -> Option<i128> {
        if self.coefficient == 0 {
            return Some(0);
        }
        if scale < self.scale {
            return None;
        }
        let Some(power) = power_of_ten(scale - self.scale) else {
            return None;
        };
        match self.coefficient.unsigned_abs().checked_mul(power) {
            Some(magnitude) if magnitude < LIMIT => Some(signed(self.coefficient < 0, magnitude)),
            _ => None,
        }
    }

    /// Whether the value is 0.
    pub const fn is_zero(self) -> bool {
        self.coefficient == 0
    }

    /// Whether the value is below 0.
    pub const fn is_negative(self) -> bool {
        self.coefficient < 0
    }

    /// Whether the value is whole.
    pub const fn is_integer(self) -> bool {
        self.scale == 0
    }

    /// -1, 0 or 1.
    pub const fn signum(self) -> i32 {
        self.coefficient.signum() as i32
    }

    /// The value without its sign.
    #[must_use]
    pub const fn abs(self) -> Decimal {
        Decimal {
            coefficient: self.coefficient.abs(),
            scale: self.scale,
        }
    }

    /// The value with the other sign.
    #[must_use]
    #[allow(
        clippy::should_implement_trait,
        reason = "it does; this one needs no import and is const"
    )]
    pub const fn neg(self) -> Decimal {
        Decimal {
            coefficient: -self.coefficient,
            scale: self.scale,
        }
    }

    /// Sum: exact where it fits 38 digits and 60 places, else rounded half-even to 24 significant
    /// digits.
    #[allow(
        clippy::should_implement_trait,
        reason = "an operator cannot say that it failed"
    )]
    pub fn add(self, other: Decimal) -> Result<Decimal, NumberError> {
        Decimal::sum([self, other])
    }

    /// Difference, as [`Decimal::add`].
    #[allow(
        clippy::should_implement_trait,
        reason = "an operator cannot say that it failed"
    )]
    pub fn sub(self, other: Decimal) -> Result<Decimal, NumberError> {
        self.add(other.neg())
    }

    /// Product: exact where it fits 38 digits and 60 places, else rounded half-even to 24
    /// significant digits (or to 60 places, where those are coarser).
    #[allow(
        clippy::should_implement_trait,
        reason = "an operator cannot say that it failed"
    )]
    pub fn mul(self, other: Decimal) -> Result<Decimal, NumberError> {
        let scale = self.scale + other.scale;
        let product = self.coefficient.checked_mul(other.coefficient);
        if let Some(product) = product.and_then(|product| Decimal::checked_new(product, scale)) {
            return Ok(product);
        }
        match self.mul_long(other) {
            Some(product) => Ok(product),
            None => self.mul_wide(other),
        }
    }

    /// [`Decimal::mul`] in 256 bits, for products that are surely rounded; `None` elsewhere.
    fn mul_long(self, other: Decimal) -> Option<Decimal> {
        let (left, right) = (
            self.coefficient.unsigned_abs(),
            other.coefficient.unsigned_abs(),
        );
        // Cut to 24 or 25 digits.
        let cut = (digit_count(left) + digit_count(right)).checked_sub(SIGNIFICANT_DIGITS + 1)?;
        let unit = power_of_ten(u8::try_from(cut).ok()?)?;
        let (kept, rest) = long::divide(long::multiply(left, right), unit)?;
        // With a zero at its end the product may still fit 38 digits.
        if rest.is_multiple_of(10) || digit_count(kept) + cut <= MAX_DIGITS {
            return None;
        }
        let places = i32::from(self.scale) + i32::from(other.scale) - i32::try_from(cut).ok()?;
        let negative = self.is_negative() != other.is_negative();
        significant(negative, kept, rest, unit, places)
    }

    /// [`Decimal::mul`] on big integers.
    fn mul_wide(self, other: Decimal) -> Result<Decimal, NumberError> {
        let negative = self.is_negative() != other.is_negative();
        let magnitude = self.magnitude() * other.magnitude();
        wide::settle(
            negative,
            magnitude,
            u32::from(self.scale) + u32::from(other.scale),
        )
    }

    /// Quotient: rounded half-even to 24 significant digits (or to 60 places, where those are
    /// coarser), hence exact where it ends within them.
    #[allow(
        clippy::should_implement_trait,
        reason = "an operator cannot say that it failed"
    )]
    pub fn div(self, other: Decimal) -> Result<Decimal, NumberError> {
        if other.is_zero() {
            return Err(NumberError::DivisionByZero);
        }
        match self.div_long(other) {
            Some(quotient) => Ok(quotient),
            None => self.div_wide(other),
        }
    }

    /// [`Decimal::div`] in 256 bits; `None` where they do not suffice. `other` is not zero.
    fn div_long(self, other: Decimal) -> Option<Decimal> {
        let (numerator, denominator) = (
            self.coefficient.unsigned_abs(),
            other.coefficient.unsigned_abs(),
        );
        if numerator == 0 {
            return Some(Decimal::ZERO);
        }
        // Shift so that the quotient of the coefficients has 24 or 25 digits.
        let shift = SIGNIFICANT_DIGITS + digit_count(denominator);
        let shift = shift.checked_sub(digit_count(numerator))?;
        let power = power_of_ten(u8::try_from(shift).ok()?)?;
        let (quotient, rest) = long::divide(long::multiply(numerator, power), denominator)?;
        let places = i32::from(self.scale) - i32::from(other.scale) + i32::try_from(shift).ok()?;
        let negative = self.is_negative() != other.is_negative();
        significant(negative, quotient, rest, denominator, places)
    }

    /// [`Decimal::div`] on big integers. `other` is not zero.
    fn div_wide(self, other: Decimal) -> Result<Decimal, NumberError> {
        let negative = self.is_negative() != other.is_negative();
        let numerator = self.magnitude() * wide::ten_to(other.scale.into());
        let denominator = other.magnitude() * wide::ten_to(self.scale.into());
        wide::quotient(negative, &numerator, &denominator)
    }

    /// The sum of all, exact before its one rounding, so the order does not matter; 0 for none.
    pub fn sum(values: impl IntoIterator<Item = Decimal>) -> Result<Decimal, NumberError> {
        // As long as 128 bits hold it: `coefficient / 10^scale`, with trailing zeros.
        let (mut coefficient, mut scale) = (0_i128, 0_u8);
        let mut values = values.into_iter();
        while let Some(value) = values.next() {
            let finest = scale.max(value.scale);
            let sum = aligned(coefficient, finest - scale)
                .zip(aligned(value.coefficient, finest - value.scale))
                .and_then(|(left, right)| left.checked_add(right));
            let Some(sum) = sum else {
                let mut exact = ExactSum::default();
                exact.push(coefficient, scale);
                exact.push(value.coefficient, value.scale);
                values.for_each(|value| exact.push(value.coefficient, value.scale));
                return exact.settle();
            };
            (coefficient, scale) = (sum, finest);
        }
        match Decimal::checked_new(coefficient, scale) {
            Some(sum) => Ok(sum),
            None => wide::settle(
                coefficient < 0,
                coefficient.unsigned_abs().into(),
                scale.into(),
            ),
        }
    }

    /// Rounded to `places` after the point; unchanged where it has no more than that.
    #[must_use]
    pub const fn round(self, places: u8, rounding: Rounding) -> Decimal {
        if self.scale <= places {
            return self;
        }
        let negative = self.coefficient < 0;
        let magnitude = self.coefficient.unsigned_abs();
        let cut = (self.scale - places) as usize;
        let (kept, dropped) = if cut < POWERS.len() {
            let unit = POWERS[cut];
            let (kept, rest) = divide(magnitude, unit);
            (kept, compare(rest, unit - rest))
        } else {
            // The unit is at least 10^39: the whole value is less than half of it.
            (0, Ordering::Less)
        };
        // The last digit of a fraction is never zero, so something is always dropped.
        let kept = if rounding.grows(negative, kept & 1 == 1, dropped) {
            kept + 1
        } else {
            kept
        };
        let (magnitude, scale) = strip(kept, places);
        Decimal {
            coefficient: signed(negative, magnitude),
            scale,
        }
    }

    /// The value with its sign, digits and scale; digits beyond 38 are an overflow.
    pub(crate) fn from_parts(
        negative: bool,
        magnitude: u128,
        scale: u8,
    ) -> Result<Decimal, NumberError> {
        let coefficient = i128::try_from(magnitude).map_err(|_| NumberError::Overflow)?;
        let coefficient = if negative { -coefficient } else { coefficient };
        Decimal::checked_new(coefficient, scale).ok_or(NumberError::Overflow)
    }

    /// `magnitude / 10^places`, where `places` may be negative and is at most 60.
    pub(crate) fn from_scaled(
        negative: bool,
        magnitude: u128,
        places: i32,
    ) -> Result<Decimal, NumberError> {
        if let Ok(scale) = u8::try_from(places) {
            return Decimal::from_parts(negative, magnitude, scale);
        }
        let power = u8::try_from(-places)
            .ok()
            .and_then(power_of_ten)
            .ok_or(NumberError::Overflow)?;
        let magnitude = magnitude.checked_mul(power).ok_or(NumberError::Overflow)?;
        Decimal::from_parts(negative, magnitude, 0)
    }

    /// The digits without sign, as a big integer.
    pub(crate) fn magnitude(self) -> BigUint {
        BigUint::from(self.coefficient.unsigned_abs())
    }
}

/// `numerator / denominator` in the two steps of architecture invariant 5: correctly rounded to 24
/// significant digits (half-even), then to `places` by the named rounding.
pub fn div_rounded(
    numerator: Decimal,
    denominator: Decimal,
    places: u8,
    rounding: Rounding,
) -> Result<Decimal, NumberError> {
    Ok(numerator.div(denominator)?.round(places, rounding))
}

/// A sum that is exact however large and fine its terms are.
#[derive(Default)]
struct ExactSum {
    positive: BigUint,
    negative: BigUint,
}

impl ExactSum {
    fn push(&mut self, coefficient: i128, scale: u8) {
        let magnitude = BigUint::from(coefficient.unsigned_abs());
        let aligned = magnitude * wide::ten_to(u32::from(MAX_SCALE - scale));
        if coefficient < 0 {
            self.negative += aligned;
        } else {
            self.positive += aligned;
        }
    }

    fn settle(self) -> Result<Decimal, NumberError> {
        let scale = u32::from(MAX_SCALE);
        if self.positive >= self.negative {
            wide::settle(false, self.positive - self.negative, scale)
        } else {
            wide::settle(true, self.negative - self.positive, scale)
        }
    }
}

/// `(kept + rest / unit) / 10^places`, where `kept` has 24 or 25 digits, rounded half-even to 24;
/// `None` beyond 60 places or 38 digits.
fn significant(negative: bool, kept: u128, rest: u128, unit: u128, places: i32) -> Option<Decimal> {
    let (kept, dropped, exact, places) = if kept < POWERS[SIGNIFICANT_DIGITS as usize] {
        (kept, rest.cmp(&(unit - rest)), rest == 0, places)
    } else {
        let last = kept % 10;
        let dropped = last.cmp(&5).then(rest.cmp(&0));
        (kept / 10, dropped, last == 0 && rest == 0, places - 1)
    };
    let grows = !exact && Rounding::HalfEven.grows(negative, kept & 1 == 1, dropped);
    if places > i32::from(MAX_SCALE) {
        return None;
    }
    Decimal::from_scaled(negative, kept + u128::from(grows), places).ok()
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        if self.scale == other.scale {
            return self.coefficient.cmp(&other.coefficient);
        }
        if self.scale > other.scale {
            return other.cmp(self).reverse();
        }
        match aligned(self.coefficient, other.scale - self.scale) {
            Some(aligned) => aligned.cmp(&other.coefficient),
            // Beyond 128 bits it is larger in magnitude than any coefficient: its sign decides.
            None => self.coefficient.cmp(&0),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl std::ops::Neg for Decimal {
    type Output = Decimal;

    fn neg(self) -> Decimal {
        Decimal::neg(self)
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Decimal {
        Decimal::from_int(value)
    }
}

impl From<i32> for Decimal {
    fn from(value: i32) -> Decimal {
        Decimal::from_int(value.into())
    }
}

impl From<u32> for Decimal {
    fn from(value: u32) -> Decimal {
        Decimal::from_int(value.into())
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod model;
