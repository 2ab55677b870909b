//! The claimed error bounds hold, and are not so wide that nothing could be decided.

use num_bigint::{BigInt, BigUint};
use proptest::prelude::*;

use super::{Interval, bits_before_logarithm, exp, ln, ln_2, multiple_of_ln_2, reduce};
use crate::wide;

/// Bits of the reference: the same series, so far finer that its own error does not count.
const FINE: u32 = 900;

/// Whether the true value, known as the middle of `fine`, lies in `coarse`.
fn holds(coarse: &Interval, fine: &Interval) -> bool {
    assert_eq!(coarse.exponent, fine.exponent);
    let shift = fine.bits - coarse.bits;
    let difference = &fine.middle - (&coarse.middle << shift);
    *difference.magnitude() <= (&coarse.error << shift)
}

fn fractions() -> impl Strategy<Value = (BigUint, BigUint)> {
    let fraction = (1_u128..10_u128.pow(38), 0_u32..=60, 0_u32..120);
    let any = fraction
        .prop_map(|(n, scale, shift)| (BigUint::from((n >> shift).max(1)), wide::ten_to(scale)));
    let next_to_1 = (1_u32..38, -9_i64..=9).prop_map(|(digits, step)| {
        let one = wide::ten_to(digits);
        let above = BigInt::from(one.clone()) + step;
        (
            above
                .to_biguint()
                .unwrap_or(BigUint::from(1_u8))
                .max(BigUint::from(1_u8)),
            one,
        )
    });
    prop_oneof![any, next_to_1]
}

proptest! {
    /// The series' error bound holds for 2/3 ..= 4/3 only.
    #[test]
    fn quotients_are_reduced_to_the_neighbourhood_of_1((n, d) in fractions()) {
        let (above, below, k) = reduce(&n, &d);
        prop_assert!(&above * 3_u8 >= &below * 2_u8 && &above * 3_u8 <= &below * 4_u8);
        let (up, down) = (k.max(0).unsigned_abs(), k.min(0).unsigned_abs());
        prop_assert_eq!((above << up) * d, (below << down) * n);
    }

    #[test]
    fn logarithms_keep_their_bound((n, d) in fractions(), bits in 60_u32..400) {
        let coarse = ln(&n, &d, bits);
        prop_assert!(holds(&coarse, &ln(&n, &d, FINE)));
        prop_assert!(coarse.error.bits() <= 12);
        prop_assert_eq!(coarse.bits, bits);
        // Next to 1, where the logarithm begins.
        if n != d {
            let fine = ln(&n, &d, FINE).middle.bits();
            let begins = u64::from(FINE) - fine.min(FINE.into());
            let late = u64::from(bits_before_logarithm(&n, &d));
            prop_assert!(begins <= late + 1 && (late <= begins + 3 || begins == 0 || late <= 3), "{} {}", begins, late);
        }
    }

    /// The series' error bound holds for a rest below 0.36 only.
    #[test]
    fn the_rest_of_an_exponent_is_small(n in -140_000_000_i64..88_000_000) {
        let value = Interval::of_quotient(&n.into(), &BigUint::from(1_000_000_u32), 100).middle;
        let rest: BigInt = &value - ln_2(100) * multiple_of_ln_2(&value, 100);
        prop_assert!(rest.magnitude() * 100_u8 < BigUint::from(36_u8) << 100);
    }

    #[test]
    fn exponentials_keep_their_bound(n in -140_000_000_i64..88_000_000, bits in 60_u32..400, error in 0_u32..1_000) {
        let argument = |bits| Interval::of_quotient(&n.into(), &BigUint::from(1_000_000_u32), bits);
        let (fine, mut coarse) = (exp(&argument(FINE)), argument(bits));
        prop_assert!(holds(&exp(&coarse), &fine));
        prop_assert!(exp(&coarse).error.bits() <= 20);
        // An argument that is off by its stated error gives a result within the stated error.
        coarse.error += error;
        for side in [-1, 1] {
            let middle = &coarse.middle + side * i64::from(error);
            let moved = exp(&Interval { middle, error: coarse.error.clone(), ..coarse });
            prop_assert!(moved.exponent != fine.exponent || holds(&moved, &fine));
        }
    }

    #[test]
    fn sums_and_quotients_keep_their_bound(
        parts in proptest::collection::vec((fractions(), 1_u32..1_000), 1..6),
        by in 1_u64..1_000_000,
        bits in 60_u32..300,
    ) {
        let at = |bits| {
            let mut sum = Interval::zero(bits);
            for ((n, d), times) in &parts {
                sum.add_multiple(&ln(n, d, bits), &BigInt::from(*times));
            }
            sum.divide(&BigUint::from(by));
            sum
        };
        prop_assert!(holds(&at(bits), &at(FINE)));
    }
}

#[test]
fn ln_2_is_ln_2() {
    // The first 50 digits, from tables.
    let digits = "69314718055994530941723212145817656807550013436025";
    for bits in [60, 300, 511, 512, 513, 900] {
        let scaled = (ln_2(bits) * BigInt::from(wide::ten_to(50))) >> bits;
        let known: BigInt = digits.parse().unwrap();
        let tolerance: BigUint = (wide::ten_to(50) * 3_u8) >> bits;
        let difference = scaled - known;
        assert!(*difference.magnitude() <= tolerance + 1_u8, "{bits}");
    }
    // Two units at most, at every width.
    let fine = ln_2(3_000);
    for bits in 1..=600 {
        let difference = &fine - (ln_2(bits) << (3_000 - bits));
        assert!(
            *difference.magnitude() <= BigUint::from(2_u8) << (3_000 - bits),
            "{bits}"
        );
    }
}

#[test]
fn bounds_are_sure() {
    let interval = |middle: i64, error: u8| Interval {
        middle: BigInt::from(middle),
        error: error.into(),
        bits: 10,
        exponent: 0,
    };
    // 88 is 90112 at ten bits.
    assert!(interval(90_114, 1).surely_above(88));
    assert!(!interval(90_113, 1).surely_above(88));
    assert!(!interval(90_112, 0).surely_above(88));
    assert!(interval(-90_114, 1).surely_below(-88));
    assert!(!interval(-90_113, 1).surely_below(-88));
    assert!(interval(0, 3).is_narrow());
    assert!(!interval(0, 4).is_narrow());
}

#[test]
fn rounds_where_both_ends_agree() {
    let interval = |middle: i64, error: u8, exponent| Interval {
        middle: BigInt::from(middle),
        error: error.into(),
        bits: 2,
        exponent,
    };
    let rounded = |i: &Interval| i.rounded().map(|r| r.unwrap().to_string());
    assert_eq!(rounded(&interval(6, 0, 0)).as_deref(), Some("1.5"));
    assert_eq!(rounded(&interval(-6, 0, 0)).as_deref(), Some("-1.5"));
    assert_eq!(rounded(&interval(6, 0, 3)).as_deref(), Some("12"));
    assert_eq!(rounded(&interval(6, 0, -1)).as_deref(), Some("0.75"));
    assert_eq!(rounded(&interval(6, 1, 0)), None);
    // Both ends beyond 38 digits: surely an overflow; one end only: not decided.
    assert!(
        interval(1 << 40, 1, 100)
            .rounded()
            .is_some_and(|r| r.is_err())
    );
    let edge = Interval {
        middle: BigInt::from(wide::ten_to(38)) - BigInt::from(wide::ten_to(14)) / 2,
        error: BigUint::from(1_u8),
        bits: 0,
        exponent: 0,
    };
    assert_eq!(edge.rounded(), None);
    assert!(edge.border().is_none());
}
