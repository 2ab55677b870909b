//! The border between two neighbouring results, and whether a root or power lies exactly on it.

use num_bigint::{BigInt, BigUint};

use crate::decimal::{Decimal, NumberError};
use crate::wide;

/// The number half-way between two neighbours: `magnitude / 10^scale`, positive.
#[derive(Debug)]
pub(super) struct Border {
    magnitude: BigUint,
    scale: u32,
}

impl Border {
    /// Half-way between `low` and `high`, neither negative; `None` beyond range and for two zeros.
    pub(super) fn between(low: Decimal, high: Decimal) -> Option<Border> {
        // Ten times half the sum = five times the sum.
        let sum = low.add(high).ok()?;
        let magnitude = sum.magnitude() * 5_u8;
        let scale = u32::from(sum.scale()) + 1;
        (magnitude != BigUint::ZERO).then_some(Border { magnitude, scale })
    }

    /// The even one of the two neighbours.
    pub(super) fn rounded(&self) -> Result<Decimal, NumberError> {
        wide::quotient(false, &self.magnitude, &wide::ten_to(self.scale))
    }
}

/// Whether `border^degree` equals the product of `value^power`, exactly.
///
/// Nothing is multiplied out: all numbers are split into pairwise coprime integers (by greatest
/// common divisors alone); a product of powers of those is 1 only where every exponent is 0.
pub(super) fn is_power_product(
    border: &Border,
    factors: &[(Decimal, BigInt)],
    degree: &BigUint,
) -> bool {
    let degree = BigInt::from(degree.clone());
    let mut bases = Coprime::default();
    let mut tens = &degree * border.scale;
    bases.multiply(border.magnitude.clone(), -degree);
    for (value, power) in factors {
        bases.multiply(value.magnitude(), power.clone());
        tens -= power * u32::from(value.scale());
    }
    bases.multiply(BigUint::from(10_u8), tens);
    bases.is_one()
}

/// A product of powers of pairwise coprime integers above 1.
#[derive(Default)]
struct Coprime(Vec<(BigUint, BigInt)>);

impl Coprime {
    /// Multiplies by `base^exponent`.
    fn multiply(&mut self, base: BigUint, exponent: BigInt) {
        let one = BigUint::from(1_u8);
        // Each split makes the product of all bases smaller, so this ends.
        let mut waiting = vec![(base, exponent)];
        while let Some((base, exponent)) = waiting.pop() {
            if base == one || exponent == BigInt::ZERO {
                continue;
            }
            let shared = self.0.iter().enumerate().find_map(|(i, (other, _))| {
                let divisor = greatest_common_divisor(base.clone(), other.clone());
                (divisor != one).then_some((i, divisor))
            });
            let Some((i, divisor)) = shared else {
                self.0.push((base, exponent));
                continue;
            };
            let (other, other_exponent) = self.0.swap_remove(i);
            let both = &exponent + &other_exponent;
            waiting.push((base / &divisor, exponent));
            waiting.push((other / &divisor, other_exponent));
            waiting.push((divisor, both));
        }
    }

    fn is_one(&self) -> bool {
        self.0.is_empty()
    }
}

fn greatest_common_divisor(mut left: BigUint, mut right: BigUint) -> BigUint {
    while right != BigUint::ZERO {
        (left, right) = (right.clone(), left % right);
    }
    left
}
