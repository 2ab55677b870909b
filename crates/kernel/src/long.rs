//! Products of 256 bits and their division, without allocation: what keeps numbers of 24 digits
//! off the slow path.

/// The low 64 bits of a number.
const LOW: u128 = u64::MAX as u128;

/// `left * right` as (high, low) halves.
pub(crate) const fn multiply(left: u128, right: u128) -> (u128, u128) {
    let (a, b) = (left >> 64, left & LOW);
    let (c, d) = (right >> 64, right & LOW);
    let (high, low) = (a * c, b * d);
    // Each of the middle products is below 2^128 - 2^65, so adding two halves cannot overflow.
    let middle = a * d + (low >> 64);
    let (middle, carried) = (middle & LOW, middle >> 64);
    let middle = middle + b * c;
    (high + carried + (middle >> 64), middle << 64 | low & LOW)
}

/// Quotient and remainder of a (high, low) number; `None` where the quotient has more than 128
/// bits or the divisor is 0.
pub(crate) const fn divide((high, low): (u128, u128), divisor: u128) -> Option<(u128, u128)> {
    if high >= divisor {
        return None;
    }
    if high == 0 {
        return Some((low / divisor, low % divisor));
    }
    // Knuth's algorithm D in base 2^64: four digits by two, the divisor's top bit set.
    let shift = divisor.leading_zeros();
    let divisor = divisor << shift;
    let (high, low) = if shift == 0 {
        (high, low)
    } else {
        (high << shift | low >> (128 - shift), low << shift)
    };
    let (first, rest) = digit(high, low >> 64, divisor);
    let (second, rest) = digit(rest, low & LOW, divisor);
    Some((first << 64 | second, rest >> shift))
}

/// One digit: `(high * 2^64 + next) / divisor`, where `high < divisor` and the divisor's top bit is
/// set.
const fn digit(high: u128, next: u128, divisor: u128) -> (u128, u128) {
    let (top, bottom) = (divisor >> 64, divisor & LOW);
    // The guess is at most 2 too large.
    let mut guess = high / top;
    let mut rest = high % top;
    while guess > LOW || guess * bottom > (rest << 64 | next) {
        guess -= 1;
        rest += top;
        if rest > LOW {
            break;
        }
    }
    // Modulo 2^128: the true remainder is below the divisor.
    let value = (high << 64 | next).wrapping_sub(guess.wrapping_mul(divisor));
    (guess, value)
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;
    use proptest::prelude::*;

    use super::{divide, multiply};

    fn join((high, low): (u128, u128)) -> BigUint {
        (BigUint::from(high) << 128) + low
    }

    /// Numbers of all widths, and ones whose halves are full or empty.
    fn numbers() -> impl Strategy<Value = u128> {
        let spiky = prop_oneof![
            Just(0),
            Just(1),
            Just(u64::MAX),
            Just(1 << 63),
            Just(u64::MAX - 1)
        ];
        let halves = (spiky.clone(), spiky);
        let spiky = halves.prop_map(|(high, low)| u128::from(high) << 64 | u128::from(low));
        prop_oneof![
            (any::<u128>(), 0..128_u32).prop_map(|(n, shift)| n >> shift),
            spiky
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_500))]

        #[test]
        fn products(left in numbers(), right in numbers()) {
            prop_assert_eq!(join(multiply(left, right)), BigUint::from(left) * right);
        }

        #[test]
        fn quotients(high in numbers(), low in numbers(), divisor in numbers()) {
            let found = divide((high, low), divisor);
            prop_assert_eq!(found.is_some(), high < divisor);
            if let Some((quotient, rest)) = found {
                prop_assert!(rest < divisor);
                prop_assert_eq!(BigUint::from(quotient) * divisor + rest, join((high, low)));
            }
        }

        #[test]
        fn quotients_of_products(left in numbers(), right in numbers(), rest in numbers()) {
            prop_assume!(right > 0);
            let (high, low) = multiply(left, right);
            let rest = rest % right;
            let (low, carry) = low.overflowing_add(rest);
            prop_assert_eq!(divide((high + u128::from(carry), low), right), Some((left, rest)));
        }
    }
}
