//! Properties against a naive model: numbers as strings of digits, rules applied as one would say
//! them. The paths without allocation and the big-integer path are compared with each other too.

use std::hash::{BuildHasher, RandomState};

use num_bigint::{BigInt, BigUint, Sign};
use proptest::prelude::*;

use super::{Decimal, MAX_SCALE, NumberError, Rounding, div_rounded};
use crate::wide;

/// Everyday figures, long ones, ones at the limits; many nines, zeros and fives.
fn decimals() -> impl Strategy<Value = Decimal> {
    let everyday = ("-?[0-9]{1,7}", 0_u8..5);
    let long = ("-?[0-9]{1,38}", 0_u8..=60);
    let spiky = ("-?[1-9]?[05]{0,14}[09]{0,23}", 0_u8..=60);
    let small = ("-?[0-9]{1,24}", 20_u8..=60);
    prop_oneof![everyday, long, spiky, small].prop_map(|(digits, scale)| {
        let coefficient = digits.parse().unwrap_or(5);
        Decimal::checked_new(coefficient, scale).expect("within 38 digits and 60 places")
    })
}

/// The value times 10^60.
fn whole(value: Decimal) -> BigInt {
    BigInt::from(value.coefficient())
        * BigInt::from(wide::ten_to((MAX_SCALE - value.scale()).into()))
}

/// `digits / 10^places`, sign aside, rounded half-even to 24 digits or 60 places by hand.
fn rounded_by_hand(digits: &str, places: usize) -> Option<Decimal> {
    let digits = digits.trim_start_matches('0');
    let kept = 24.min((digits.len() + 60).saturating_sub(places));
    let (head, tail) = digits.split_at(kept.min(digits.len()));
    let half = format!("5{}", "0".repeat(tail.len().max(1) - 1));
    let odd = head.bytes().last().is_some_and(|c| c % 2 == 1);
    // Of what begins after the 60th place nothing is kept, and it may be less than it looks.
    let tail_counts = digits.len() + 60 >= places;
    let up = tail_counts && !tail.is_empty() && (*tail > *half || (*tail == *half && odd));
    let head: BigInt = format!("0{head}").parse().expect("digits");
    let value = (head + i32::from(up)) * BigInt::from(10).pow(u32::try_from(tail.len()).unwrap());
    let text = value.to_string();
    fits(&text, places)
}

/// `digits / 10^places` if that fits 38 digits and 60 places.
fn fits(digits: &str, places: usize) -> Option<Decimal> {
    let padded = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = padded.split_at(padded.len() - places);
    let fraction = fraction.trim_end_matches('0');
    let text = format!("{whole}.{fraction}0");
    let significant = format!("{whole}{fraction}");
    let significant = significant.trim_start_matches('0');
    if significant.len() > 38 || fraction.len() > 60 {
        return None;
    }
    // The reader refuses long texts, so zeros that do not count are left out.
    let coefficient = format!("0{significant}").parse().expect(&text);
    Decimal::checked_new(coefficient, u8::try_from(fraction.len()).unwrap())
}

/// What a sum or product must be whose exact value is `value / 10^places`.
fn settled_by_hand(value: &BigInt, places: usize) -> Result<Decimal, NumberError> {
    let digits = value.magnitude().to_string();
    let magnitude = fits(&digits, places).or_else(|| rounded_by_hand(&digits, places));
    let magnitude = magnitude.ok_or(NumberError::Overflow)?;
    Ok(if value.sign() == Sign::Minus {
        -magnitude
    } else {
        magnitude
    })
}

/// What a quotient must be: 150 digits and a mark for the rest, then rounded.
fn divided_by_hand(numerator: &BigInt, denominator: &BigInt) -> Result<Decimal, NumberError> {
    let (above, below) = (
        numerator.magnitude() * wide::ten_to(150),
        denominator.magnitude(),
    );
    let mark = if &above % below == BigUint::ZERO {
        "0"
    } else {
        "1"
    };
    let digits = format!("{}{mark}", above / below);
    let magnitude = rounded_by_hand(&digits, 151).ok_or(NumberError::Overflow)?;
    let negative = (numerator.sign() == Sign::Minus) != (denominator.sign() == Sign::Minus);
    Ok(if negative { -magnitude } else { magnitude })
}

/// The two neighbours of that many places, and what the rounding's name says about them.
fn rounded_to_places_by_hand(value: Decimal, places: u8, rounding: Rounding) -> Decimal {
    let unit = BigInt::from(wide::ten_to(u32::from(MAX_SCALE - places)));
    let value = whole(value);
    let mut below = &value / &unit;
    if &below * &unit > value {
        below -= 1;
    }
    let above = if &below * &unit == value {
        below.clone()
    } else {
        &below + 1
    };
    let (down, up) = (&value - &below * &unit, &above * &unit - &value);
    let negative = value.sign() == Sign::Minus;
    let (outer, inner) = if negative {
        (&below, &above)
    } else {
        (&above, &below)
    };
    let nearest = |on_tie: &BigInt| match down.cmp(&up) {
        std::cmp::Ordering::Less => below.clone(),
        std::cmp::Ordering::Greater => above.clone(),
        std::cmp::Ordering::Equal => on_tie.clone(),
    };
    let even = if below.bit(0) { &above } else { &below };
    let kept = match rounding {
        Rounding::HalfUp => nearest(outer),
        Rounding::HalfDown => nearest(inner),
        Rounding::HalfEven => nearest(even),
        Rounding::Up => outer.clone(),
        Rounding::Down => inner.clone(),
        Rounding::Ceiling => above.clone(),
        Rounding::Floor => below.clone(),
    };
    settled_by_hand(&kept, places.into()).expect("no longer than before")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn sums_and_differences(a in decimals(), b in decimals()) {
        let exact = settled_by_hand(&(whole(a) + whole(b)), 60);
        prop_assert_eq!(a.add(b), exact);
        prop_assert_eq!(b.add(a), exact);
        prop_assert_eq!(Decimal::sum([a, b]), exact);
        prop_assert_eq!(a.sub(-b), exact);
        prop_assert_eq!(a.sub(b), settled_by_hand(&(whole(a) - whole(b)), 60));
    }

    #[test]
    fn products(a in decimals(), b in decimals()) {
        let exact = settled_by_hand(&(whole(a) * whole(b)), 120);
        prop_assert_eq!(a.mul(b), exact);
        prop_assert_eq!(b.mul(a), exact);
        prop_assert_eq!(a.mul_wide(b), exact);
        if let Some(product) = a.mul_long(b) {
            prop_assert_eq!(Ok(product), exact);
        }
    }

    #[test]
    fn quotients(a in decimals(), b in decimals()) {
        prop_assume!(!b.is_zero());
        let rounded = divided_by_hand(&whole(a), &whole(b));
        prop_assert_eq!(a.div(b), rounded);
        prop_assert_eq!(a.div_wide(b), rounded);
        if let Some(narrow) = a.div_long(b) {
            prop_assert_eq!(Ok(narrow), rounded);
        }
    }

    #[test]
    fn quotients_undo_products(a in -1_000_000_i64..1_000_000, b in 1_i64..1_000_000, scale in 0_u8..9) {
        let (a, b) = (Decimal::new(a.into(), scale), Decimal::new(b.into(), 3));
        prop_assert_eq!(a.mul(b).unwrap().div(b), Ok(a));
        prop_assert!(a.div_long(b).is_some());
    }

    #[test]
    fn roundings(a in decimals(), places in 0_u8..=60) {
        for rounding in Rounding::ALL {
            let rounded = a.round(places, rounding);
            prop_assert_eq!(rounded, rounded_to_places_by_hand(a, places, rounding));
            prop_assert!(rounded.scale() <= places);
            prop_assert_eq!(rounded.round(places, rounding), rounded);
        }
        prop_assert_eq!(a.round(u8::MAX, Rounding::Up), a);
    }

    #[test]
    fn quotients_with_a_named_rounding(a in decimals(), b in decimals(), places in 0_u8..=60) {
        prop_assume!(!b.is_zero());
        for rounding in Rounding::ALL {
            let steps = divided_by_hand(&whole(a), &whole(b))
                .map(|quotient| rounded_to_places_by_hand(quotient, places, rounding));
            prop_assert_eq!(div_rounded(a, b, places, rounding), steps);
        }
    }

    #[test]
    fn order_equality_and_hash_are_of_the_value(a in decimals(), b in decimals(), zeros in 0_usize..6) {
        prop_assert_eq!(a.cmp(&b), whole(a).cmp(&whole(b)));
        prop_assert_eq!(a.partial_cmp(&b), Some(a.cmp(&b)));
        prop_assert_eq!(a == b, whole(a) == whole(b));
        let text = if a.is_integer() { format!("{a}.{}", "0".repeat(zeros + 1)) } else { format!("{a}{}", "0".repeat(zeros)) };
        let same: Decimal = text.parse().unwrap();
        let hasher = RandomState::new();
        prop_assert_eq!(hasher.hash_one(a), hasher.hash_one(same));
        prop_assert_eq!(a, same);
        prop_assert_eq!(a.cmp(&same), std::cmp::Ordering::Equal);
    }

    #[test]
    fn text_and_back(a in decimals()) {
        prop_assert_eq!(a.to_string().parse(), Ok(a));
        prop_assert_eq!(fits(&a.coefficient().unsigned_abs().to_string(), a.scale().into()), Some(a.abs()));
        let json = serde_json::to_string(&a).unwrap();
        prop_assert_eq!(serde_json::from_str::<Decimal>(&json).unwrap(), a);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[-+.0-9eE ,_０-９]{0,12}") {
        let (sign, digits) = text.split_at(usize::from(text.starts_with('-')));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let plain = [whole, fraction].iter().all(|part| !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit()));
        let read = text.parse::<Decimal>();
        prop_assert_eq!(read.is_ok(), plain, "{}", text);
        if let Ok(value) = read {
            let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
            let whole = if whole.is_empty() { "0" } else { whole };
            let point = if fraction.is_empty() { "" } else { "." };
            let sign = if value.is_zero() { "" } else { sign };
            prop_assert_eq!(value.to_string(), format!("{sign}{whole}{point}{fraction}"));
        }
    }

    #[test]
    fn rescaling_is_exact(a in decimals(), scale in 0_u8..=60) {
        if let Some(scaled) = a.rescale_exact(scale) {
            prop_assert_eq!(Decimal::checked_new(scaled, scale), Some(a));
        } else {
            let digits = (whole(a) / BigInt::from(wide::ten_to(u32::from(MAX_SCALE - scale)))).magnitude().to_string();
            prop_assert!(a.scale() > scale || digits.len() > 38);
        }
    }
}

#[test]
fn counts_digits() {
    for (value, digits) in [("0", 0), ("1", 1), ("9", 1), ("10", 2)] {
        assert_eq!(wide::digits_of(&value.parse().unwrap()), digits);
    }
    for exponent in [37_u32, 38, 39, 40, 76, 100, 400, 2_000, 9_999] {
        let power = wide::ten_to(exponent);
        assert_eq!(wide::digits_of(&power), exponent + 1);
        assert_eq!(wide::digits_of(&(power - 1_u8)), exponent);
    }
}
