//! Integer arithmetic of whole columns.
//!
//! A kernel gives exactly what [`super::compute`] gives, for rows where everything is there; all
//! other rows are left to that definition. Divisions are rounded once here and twice there (first
//! to 24 significant digits): the outcome is the same as long as the numerator is below 10^23,
//! because a quotient that is not on a boundary of the rounding is then further from it than the
//! first rounding can move it. Numerators of 63 bits are.

use ::kernel::Rounding;

/// Division of numbers of 63 bits by the same divisor, by multiplication (Granlund and
/// Montgomery, theorem 4.2, with 63 bits).
#[derive(Clone, Copy, Debug)]
pub(super) struct Divisor {
    by: u64,
    multiplier: u64,
    shift: u32,
}

impl Divisor {
    /// `None` where the divisor is not within 1 to 2^62.
    pub(super) fn new(divisor: i128) -> Option<Divisor> {
        let divisor = u64::try_from(divisor)
            .ok()
            .filter(|divisor| (1..=1 << 62).contains(divisor))?;
        let log = divisor.next_power_of_two().trailing_zeros();
        let multiplier = (1_u128 << (63 + log)).div_ceil(u128::from(divisor));
        Some(Divisor {
            by: divisor,
            multiplier: u64::try_from(multiplier).ok()?,
            shift: 63 + log,
        })
    }

    /// `numerator / divisor`, rounded; the numerator is above -2^63.
    #[inline]
    pub(super) fn round(self, numerator: i64, mode: Rounding) -> i64 {
        let negative = numerator < 0;
        let magnitude = numerator.unsigned_abs();
        let product = u128::from(magnitude) * u128::from(self.multiplier);
        #[allow(
            clippy::cast_possible_truncation,
            reason = "a quotient is not above its numerator of 64 bits"
        )]
        let kept = (product >> self.shift) as u64;
        let rest = magnitude - kept * self.by;
        let kept = kept + u64::from(grows(mode, negative, kept, rest, self.by));
        let kept = kept.cast_signed();
        if negative { -kept } else { kept }
    }
}

/// Whether `kept` grows by one for the rest that was dropped.
#[inline]
fn grows(mode: Rounding, negative: bool, kept: u64, rest: u64, divisor: u64) -> bool {
    match mode {
        Rounding::HalfUp => 2 * rest >= divisor,
        Rounding::HalfDown => 2 * rest > divisor,
        Rounding::HalfEven => 2 * rest > divisor || (2 * rest == divisor && kept & 1 == 1),
        Rounding::Up => rest > 0,
        Rounding::Down => false,
        Rounding::Ceiling => rest > 0 && !negative,
        Rounding::Floor => rest > 0 && negative,
    }
}

/// A monotone choice among outcomes: `outcomes[i]` for numbers with exactly `i` boundaries at or
/// below them.
#[derive(Clone, Debug)]
pub(super) struct Steps {
    pub(super) boundaries: Vec<i64>,
    pub(super) outcomes: Vec<i64>,
}

impl Steps {
    /// The outcomes of a whole column.
    pub(super) fn apply(&self, numbers: &[i64], out: &mut [i64]) {
        let first = self.outcomes[0];
        out.fill(first);
        // One pass per boundary over a block that stays in the cache; each pass vectorises.
        let rises = self.outcomes.windows(2).map(|pair| pair[1] - pair[0]);
        let edges: Vec<(i64, i64)> = self.boundaries.iter().copied().zip(rises).collect();
        for (numbers, out) in numbers.chunks(1024).zip(out.chunks_mut(1024)) {
            for &(boundary, rise) in &edges {
                for (number, out) in numbers.iter().zip(out.iter_mut()) {
                    *out += if *number >= boundary { rise } else { 0 };
                }
            }
        }
    }
}

/// The least number of `least..=most` that fulfils a condition which, once fulfilled, stays so;
/// `None` where none does.
pub(super) fn first_where(least: i64, most: i64, condition: impl Fn(i64) -> bool) -> Option<i64> {
    if least > most || !condition(most) {
        return None;
    }
    let (mut low, mut high) = (least, most);
    while low < high {
        let middle = low.midpoint(high);
        // Towards the lower end, also below zero, so that the search ends.
        let middle = if middle == high { middle - 1 } else { middle };
        if condition(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(low)
}

#[cfg(test)]
mod tests {
    use ::kernel::{Decimal, Rounding};
    use proptest::prelude::*;

    use super::{Divisor, Steps, first_where};

    proptest! {
        #[test]
        fn divides_as_decimals_do(
            numerator in prop_oneof![-(i64::MAX)..i64::MAX, -5000_i64..5000],
            divisor in prop_oneof![1_i64..=1 << 62, 1_i64..300],
            near in -2_i64..=2,
        ) {
            // Ties and exact quotients are rare by chance: take numbers around multiples.
            let multiple = (numerator / divisor).clamp(-1 << 20, 1 << 20);
            let near = multiple.checked_mul(divisor).map_or(near, |number| number / 2 + near);
            for mode in Rounding::ALL {
                for numerator in [numerator, near, 2 * near, near + divisor / 2] {
                    let expected = exact(numerator, divisor, mode);
                    let found = Divisor::new(divisor.into()).unwrap().round(numerator, mode);
                    prop_assert_eq!(found, expected, "{} / {} {:?}", numerator, divisor, mode);
                    if numerator.abs() < 1 << 40 && divisor < 1 << 20 {
                        let two_steps = Decimal::from_int(numerator).div(Decimal::from_int(divisor));
                        let two_steps = two_steps.unwrap().round(0, mode);
                        prop_assert_eq!(Decimal::from_int(found), two_steps);
                    }
                }
            }
        }

        #[test]
        fn finds_the_first(least in -50_i64..50, length in 0_i64..80, edge in -60_i64..140) {
            let most = least + length;
            let expected = (least..=most).find(|&number| number >= edge);
            prop_assert_eq!(first_where(least, most, |number| number >= edge), expected);
        }
    }

    /// On 128 bits.
    fn exact(numerator: i64, divisor: i64, mode: Rounding) -> i64 {
        let (numerator, divisor) = (i128::from(numerator), i128::from(divisor));
        let floor = numerator.div_euclid(divisor);
        let rest = numerator.rem_euclid(divisor);
        if rest == 0 {
            return i64::try_from(floor).unwrap();
        }
        let half = (2 * rest).cmp(&divisor);
        let away = if numerator < 0 { floor } else { floor + 1 };
        let towards = if numerator < 0 { floor + 1 } else { floor };
        let rounded = match (mode, half) {
            (Rounding::Up, _) => away,
            (Rounding::Down, _) => towards,
            (Rounding::Floor, _) => floor,
            (Rounding::Ceiling, _) => floor + 1,
            (_, half) if half.is_ne() => floor + i128::from(half.is_gt()),
            (Rounding::HalfEven, _) => floor + floor.rem_euclid(2),
            (Rounding::HalfUp, _) => floor + i128::from(numerator > 0),
            (Rounding::HalfDown, _) => floor + i128::from(numerator < 0),
        };
        i64::try_from(rounded).unwrap()
    }

    #[test]
    fn steps_count_boundaries() {
        let steps = Steps {
            boundaries: vec![0, 10],
            outcomes: vec![5, -3, 7],
        };
        let mut out = [0; 5];
        steps.apply(&[-1, 0, 9, 10, 99], &mut out);
        assert_eq!(out, [5, -3, -3, 7, 7]);
    }
}
