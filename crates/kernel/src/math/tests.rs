//! Domains, exact cases, and properties. The vectors are in `tests/math_functions.rs`.

use num_bigint::{BigInt, BigUint};
use proptest::prelude::*;

use super::{
    DIRECT_DEGREE, border, direct_root, exp, geometric_mean, ln, power, power_product, root,
    weighted_geometric_mean,
};
use crate::decimal::{Decimal, NumberError};
use crate::wide;

fn number(text: &str) -> Decimal {
    text.parse().expect(text)
}

#[test]
fn exact_cases_are_exact() {
    let check = |found, expected: &str| assert_eq!(found, Ok(number(expected)));
    check(ln(Decimal::ONE), "0");
    check(exp(Decimal::ZERO), "1");
    check(root(number("0"), 2), "0");
    check(root(number("2.25"), 2), "1.5");
    check(root(number("-0.001"), 3), "-0.1");
    check(root(number("-7"), 1), "-7");
    check(root(number("1"), u32::MAX), "1");
    check(root(number("0.00000000000001"), 14), "0.1");
    check(geometric_mean(&[number("4"), number("9")]), "6");
    check(geometric_mean(&[number("0"), number("9")]), "0");
    check(geometric_mean(&vec![number("0.3"); 40]), "0.3");
    let weighted = |pairs: &[(&str, &str)]| {
        let pairs: Vec<_> = pairs.iter().map(|(v, w)| (number(v), number(w))).collect();
        weighted_geometric_mean(&pairs)
    };
    check(weighted(&[("4", "0.5"), ("9", "0.5")]), "6");
    check(weighted(&[("16", "0.75"), ("81", "0.250")]), "24");
    check(weighted(&[("0", "0"), ("9", "2")]), "9");
    check(weighted(&[("0", "0.1"), ("9", "2")]), "0");
    check(power(number("0"), 0), "1");
    check(power(number("0"), 5), "0");
    check(power(number("-1.5"), 3), "-3.375");
    check(power(number("-1.5"), 2), "2.25");
    check(power(number("-2"), -3), "-0.125");
    check(power(number("1"), i32::MIN), "1");
    check(power(number("-1"), i32::MIN), "1");
    check(power(number("-1"), i32::MAX), "-1");
    check(power(number("-7"), 1), "-7");
}

#[test]
fn says_where_it_is_not_defined() {
    let check = |found, error: NumberError| assert_eq!(found, Err(error));
    let (zero, minus) = (Decimal::ZERO, number("-1"));
    check(ln(zero), NumberError::OutOfDomain);
    check(ln(minus), NumberError::OutOfDomain);
    check(root(number("2"), 0), NumberError::OutOfDomain);
    check(root(minus, 2), NumberError::OutOfDomain);
    check(geometric_mean(&[]), NumberError::OutOfDomain);
    check(
        geometric_mean(&[number("2"), minus]),
        NumberError::OutOfDomain,
    );
    check(geometric_mean(&[zero, minus]), NumberError::OutOfDomain);
    for pairs in [
        vec![],
        vec![(number("2"), zero)],
        vec![(minus, zero), (zero, zero)],
    ] {
        check(weighted_geometric_mean(&pairs), NumberError::OutOfDomain);
    }
    let negative = [(minus, Decimal::ONE), (number("2"), minus)];
    for pair in negative {
        let pairs = [(number("2"), number("3")), pair];
        check(weighted_geometric_mean(&pairs), NumberError::OutOfDomain);
    }
    check(power(zero, -1), NumberError::DivisionByZero);
    check(power(number("10"), 38), NumberError::Overflow);
    check(power(number("1.5"), i32::MAX), NumberError::Overflow);
    check(power(number("0.5"), i32::MIN), NumberError::Overflow);
    check(exp(number("88.000001")), NumberError::Overflow);
    check(exp(number("88")), NumberError::Overflow);
    assert_eq!(power(number("1.5"), i32::MIN), Ok(zero));
    assert_eq!(exp(number("-140")), Ok(zero));
    assert_eq!(exp(number("-140.5")), Ok(zero));
    // The smallest result that still rounds up to the 60th place.
    assert_eq!(
        exp(number("-138.8")).map(|r| r.to_string()),
        Ok(format!("0.{}1", "0".repeat(59)))
    );
}

/// Numbers of up to 38 digits, everyday ones among them, and the neighbourhood of 1.
fn positive() -> impl Strategy<Value = Decimal> {
    let any = (1_i128..10_i128.pow(38), 0_u32..120, 0_u8..=60).prop_map(|(n, shift, scale)| {
        Decimal::checked_new((n >> shift).max(1), scale).expect("38 digits")
    });
    let everyday = (1_i128..10_000_000, 0_u8..5).prop_map(|(n, scale)| Decimal::new(n, scale));
    prop_oneof![any, everyday]
}

/// The number and its distance to the border above or below, times 10^scale.
fn scaled(value: Decimal, scale: u32) -> BigUint {
    value.magnitude() * wide::ten_to(scale - u32::from(value.scale()))
}

/// Half a unit of the 24th digit of `value`, or of the 60th place, times 10^scale.
fn half_unit(value: Decimal, scale: u32) -> BigUint {
    let exponent = i64::from(wide::digits_of(&value.magnitude())) - 1 - i64::from(value.scale());
    let last = (exponent - 23).max(-60);
    wide::ten_to(u32::try_from(i64::from(scale) + last).unwrap()) / 2_u8
}

/// 80 places hold half a unit of every result.
const SCALE: u32 = 80;

/// Whether `root` is next to the root of degree `degree` of `radicand / 10^scale`: the true root
/// lies within half a unit of it. (Exactly on the border, the even one is checked elsewhere.)
fn is_root(root: Decimal, radicand: &BigUint, scale: u32, degree: u32) -> bool {
    let (middle, half) = (scaled(root, SCALE), half_unit(root, SCALE));
    let low = if middle > half {
        &middle - &half
    } else {
        BigUint::ZERO
    };
    let high = middle + half;
    let radicand = radicand * wide::ten_to(SCALE * degree);
    let unit = wide::ten_to(scale);
    low.pow(degree) * &unit <= radicand && radicand <= high.pow(degree) * unit
}

proptest! {
    #[test]
    fn roots_are_next_to_the_root(x in positive(), degree in 1_u32..20) {
        let found = root(x, degree).unwrap();
        prop_assume!(!found.is_zero());
        prop_assert!(is_root(found, &x.magnitude(), x.scale().into(), degree), "{} {} {}", x, degree, found);
        prop_assert_eq!(root(-x, degree).ok(), (degree % 2 == 1).then_some(-found));
    }

    #[test]
    fn both_ways_to_a_root_agree(x in positive(), degree in 1_u32..40) {
        let direct = direct_root(&x.magnitude(), x.scale().into(), degree);
        let by_logarithm = power_product(&[(x, BigInt::from(1))], &BigUint::from(degree));
        prop_assert_eq!(direct, by_logarithm);
    }

    #[test]
    fn both_ways_agree_on_a_border(a in 10_u128.pow(11)..10_u128.pow(12), b in 10_u128.pow(12)..10_u128.pow(13), scale in 0_u32..30) {
        // a² and b² have the mean ab of about 25 digits; made to end with 5 it lies on the border.
        let (a, b) = (a | 1, b / 10 * 10 + 5);
        let values = [a * a, b * b].map(|n| Decimal::from_scaled(false, n, i32::try_from(scale).unwrap()).unwrap());
        let mean = geometric_mean(&values).unwrap();
        let factors = values.map(|v| (v, BigInt::from(1)));
        prop_assert_eq!(power_product(&factors, &BigUint::from(2_u8)), Ok(mean));
        let expected = wide::quotient(false, &BigUint::from(a * b), &wide::ten_to(scale));
        prop_assert_eq!(Ok(mean), expected);
        let weights = [number("0.37"); 2];
        let weighted = [(values[0], weights[0]), (values[1], weights[1])];
        prop_assert_eq!(weighted_geometric_mean(&weighted), Ok(mean));
    }

    #[test]
    fn means_are_next_to_the_mean(values in proptest::collection::vec(positive(), 1..16)) {
        let mean = geometric_mean(&values).unwrap();
        let product: BigUint = values.iter().map(|v| v.magnitude()).product();
        let scale = values.iter().map(|v| u32::from(v.scale())).sum();
        let degree = u32::try_from(values.len()).unwrap();
        prop_assume!(!mean.is_zero());
        prop_assert!(is_root(mean, &product, scale, degree));
        let mut reversed = values.clone();
        reversed.reverse();
        prop_assert_eq!(geometric_mean(&reversed), Ok(mean));
        let equal: Vec<_> = values.iter().map(|v| (*v, number("0.25"))).collect();
        prop_assert_eq!(weighted_geometric_mean(&equal), Ok(mean));
    }

    #[test]
    fn whole_weights_repeat_a_value(a in positive(), b in positive(), m in 1_usize..5, n in 1_usize..5) {
        let repeated = [vec![a; m], vec![b; n]].concat();
        let weight = |n: usize| Decimal::from_int(i64::try_from(n).unwrap());
        let weighted = weighted_geometric_mean(&[(a, weight(m)), (b, weight(n))]);
        prop_assert_eq!(weighted, geometric_mean(&repeated));
        prop_assert!(repeated.len() <= DIRECT_DEGREE as usize);
    }

    #[test]
    fn powers_are_products(x in positive(), exponent in 1_i32..30) {
        let x = x.round(10, crate::Rounding::Up);
        let exact = wide::settle(false, x.magnitude().pow(exponent.unsigned_abs()), u32::from(x.scale()) * exponent.unsigned_abs());
        prop_assert_eq!(power(x, exponent), exact);
        prop_assert_eq!(power(-x, exponent), exact.map(|r| if exponent % 2 == 0 { r } else { -r }));
        let inverse = wide::quotient(false, &wide::ten_to(u32::from(x.scale()) * exponent.unsigned_abs()), &x.magnitude().pow(exponent.unsigned_abs()));
        prop_assert_eq!(power(x, -exponent), inverse);
    }

    #[test]
    fn both_ways_to_a_power_agree(n in 2_i128..100_000_000, scale in 0_u8..9, exponent in -40_i32..40) {
        let x = Decimal::new(n, scale);
        let by_logarithm = power_product(&[(x, BigInt::from(exponent))], &BigUint::from(1_u8));
        // Exact powers of up to 38 digits stay whole; the other way always gives 24 digits.
        let direct = power(x, exponent).map(|r| {
            wide::quotient(false, &r.magnitude(), &wide::ten_to(r.scale().into())).unwrap()
        });
        prop_assert_eq!(direct, by_logarithm);
    }

    #[test]
    fn logarithms_rise_and_undo_exponentials(x in -130_000_i64..87_000, step in 1_i64..1_000) {
        let (low, high) = (Decimal::new(x.into(), 3), Decimal::new((x + step).into(), 3));
        let high = high.min(number("87.4"));
        let (e, f) = (exp(low).unwrap(), exp(high).unwrap());
        prop_assert!(e < f || low == high);
        prop_assert!(ln(e).unwrap() < ln(f).unwrap() || low == high);
        // 24 digits of e give x to 22 digits; below 10^-36 the 60th place cuts e shorter.
        if x > -80_000 {
            let back = ln(e).unwrap().sub(low).unwrap().abs();
            prop_assert!(back <= number("0.000000000000000000001"), "{}", back);
        }
    }

    #[test]
    fn logarithms_add_up(a in 1_i128..1_000_000, b in 1_i128..1_000_000) {
        let (a, b) = (Decimal::new(a, 2), Decimal::new(b, 4));
        let sum = ln(a).unwrap().add(ln(b).unwrap()).unwrap();
        let difference = ln(a.mul(b).unwrap()).unwrap().sub(sum).unwrap().abs();
        prop_assert!(difference <= number("0.0000000000000000000001"));
    }
}

#[test]
fn tells_equal_from_nearly_equal_powers() {
    let check = |low: &str, high: &str, factors: &[(&str, i64)], degree: u8| {
        let factors: Vec<_> = factors
            .iter()
            .map(|(v, p)| (number(v), BigInt::from(*p)))
            .collect();
        let border = border::Border::between(number(low), number(high)).unwrap();
        border::is_power_product(&border, &factors, &BigUint::from(degree))
    };
    assert!(check("1", "2", &[("1.5", 1)], 1));
    assert!(check("1", "2", &[("2.25", 1)], 2));
    assert!(check("1", "2", &[("3", 3), ("0.5", 3)], 3));
    assert!(check("1", "2", &[("2", -2), ("9", 1)], 2));
    assert!(check("0.01", "0.02", &[("0.015", 4), ("7", 0)], 4));
    assert!(check("10", "20", &[("6", 2), ("15", 2), ("36", -1)], 2));
    assert!(!check("1", "2", &[("1.5", 2)], 1));
    assert!(!check("1", "2", &[("15", 1)], 1));
    assert!(!check(
        "1",
        "2",
        &[("2.2500000000000000000000000000000000001", 1)],
        2
    ));
    assert!(!check("1", "2", &[("3", 3), ("0.5", 2)], 3));
    assert!(border::Border::between(Decimal::ZERO, Decimal::ZERO).is_none());
    let middle = |low: &str, high: &str| {
        let border = border::Border::between(number(low), number(high)).unwrap();
        border.rounded().unwrap().to_string()
    };
    assert_eq!(middle("1", "2"), "1.5");
    let (odd, even) = ("1.00000000000000000000001", "1.00000000000000000000002");
    assert_eq!(middle(odd, even), even);
    assert_eq!(middle("1", odd), "1");
}
