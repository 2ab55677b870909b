//! Tables as data.

use super::{Decimal, NotADecimal, NumberError, Rounding, div_rounded};

fn number(text: &str) -> Decimal {
    text.parse().expect(text)
}

fn nines(count: usize) -> String {
    "9".repeat(count)
}

#[test]
fn reads_and_prints_plain_numbers() {
    for (text, printed) in [
        ("0", "0"),
        ("-0", "0"),
        ("0.000", "0"),
        ("007", "7"),
        ("-00.50", "-0.5"),
        ("74.5", "74.5"),
        ("100", "100"),
        ("1.10", "1.1"),
        ("0.05", "0.05"),
        ("-12345678901234567890.12345", "-12345678901234567890.12345"),
    ] {
        let value = number(text);
        assert_eq!(value.to_string(), printed, "{text}");
        assert_eq!(number(printed), value);
        assert_eq!(format!("{value:?}"), printed);
    }
    assert_eq!(
        format!("{:>6}|{:06.1}", number("1.25"), number("-1.25")),
        "  1.25|-01.25"
    );
}

#[test]
fn reads_the_limits() {
    for text in [
        nines(38),
        format!("-{}", nines(38)),
        format!("0.{}{}", "0".repeat(22), nines(38)),
        format!("{}.{}", nines(20), nines(18)),
        format!("0.{}1", "0".repeat(59)),
    ] {
        assert_eq!(number(&text).to_string(), text);
    }
    // Zeros do not count, within the length limit.
    assert_eq!(
        number(&format!("{}1.{}", "0".repeat(40), "0".repeat(70))),
        Decimal::ONE
    );
}

#[test]
fn refuses_everything_else() {
    use NotADecimal::{Empty, NotPlain, TooLong, TooManyDigits, TooManyPlaces};
    let check = |text: &str, reason| assert_eq!(text.parse::<Decimal>(), Err(reason), "{text}");
    check("", Empty);
    for text in [
        "-", ".", "5.", ".5", "-.5", "+5", "1e5", "1E5", " 1", "1 ", "1,000", "1_000", "--1",
        "1.2.3", "1-", "5%", "NaN", "inf", "0x10", "１２", "٣", "一", "−5", "约74",
    ] {
        check(text, NotPlain);
    }
    check(&"1".repeat(121), TooLong);
    check(&format!("1{}", "0".repeat(38)), TooManyDigits);
    check(&format!("{}.1", nines(38)), TooManyDigits);
    check(&format!("0.{}1", "0".repeat(60)), TooManyPlaces);
}

#[test]
fn keeps_one_form_for_each_value() {
    let check = |coefficient, scale, text: &str| {
        let value = Decimal::checked_new(coefficient, scale).expect(text);
        assert_eq!(value.to_string(), text);
        assert_eq!(value, number(text));
    };
    check(0, 60, "0");
    check(100, 2, "1");
    check(1_000, 2, "10");
    check(-1_230, 4, "-0.123");
    check(10_i128.pow(38), 1, &format!("1{}", "0".repeat(37)));
    check(10_i128.pow(38), 38, "1");
    check(10_i128.pow(20), 80, &format!("0.{}1", "0".repeat(59)));
    for (coefficient, scale) in [
        (10_i128.pow(38), 0),
        (10_i128.pow(38) + 1, 1),
        (i128::MAX, 0),
        (i128::MIN, 0),
        (1, 61),
        (1, 255),
    ] {
        assert_eq!(
            Decimal::checked_new(coefficient, scale),
            None,
            "{coefficient} {scale}"
        );
    }
    assert_eq!(Decimal::new(745, 1), number("74.5"));
    assert_eq!(
        (number("-7.50").coefficient(), number("-7.50").scale()),
        (-75, 1)
    );
}

#[test]
#[should_panic(expected = "at most 38 digits")]
fn new_is_for_small_numbers() {
    let _ = Decimal::new(10_i128.pow(38), 0);
}

#[test]
fn knows_sign_and_wholeness() {
    for (text, sign, whole, magnitude, negated) in [
        ("0", 0, true, "0", "0"),
        ("7", 1, true, "7", "-7"),
        ("-0.1", -1, false, "0.1", "0.1"),
    ] {
        let value = number(text);
        assert_eq!(value.signum(), sign);
        assert_eq!(
            (value.is_zero(), value.is_negative()),
            (sign == 0, sign < 0)
        );
        assert_eq!(value.is_integer(), whole);
        assert_eq!(value.abs(), number(magnitude));
        assert_eq!((value.neg(), -value), (number(negated), number(negated)));
    }
    assert_eq!(
        (Decimal::from(-5_i32), Decimal::from(5_u32)),
        (number("-5"), number("5"))
    );
    assert_eq!(Decimal::from(i64::MIN).to_string(), "-9223372036854775808");
    assert_eq!(Decimal::default(), Decimal::ZERO);
}

#[test]
fn rescales_without_loss_only() {
    for (text, scale, scaled) in [
        ("1.5", 1, Some(15)),
        ("1.5", 2, Some(150)),
        ("-1.5", 3, Some(-1_500)),
        ("1.5", 0, None),
        ("7", 0, Some(7)),
        ("0", 255, Some(0)),
        ("1", 37, Some(10_i128.pow(37))),
        ("1", 38, None),
        ("1", 39, None),
        ("10", 36, Some(10_i128.pow(37))),
        ("10", 37, None),
    ] {
        assert_eq!(number(text).rescale_exact(scale), scaled, "{text} {scale}");
    }
}

#[test]
fn says_why_there_is_no_result() {
    let most = number(&nines(38));
    let check = |result, error: NumberError| {
        assert_eq!(result, Err(error));
        assert!(!error.code().is_empty() && !error.to_string().is_empty());
    };
    check(most.add(most), NumberError::Overflow);
    check(most.neg().sub(Decimal::ONE), NumberError::Overflow);
    check(most.mul(number("10")), NumberError::Overflow);
    check(most.div(number("0.1")), NumberError::Overflow);
    check(Decimal::ONE.div(Decimal::ZERO), NumberError::DivisionByZero);
    check(
        Decimal::ZERO.div(Decimal::ZERO),
        NumberError::DivisionByZero,
    );
    check(
        div_rounded(most, Decimal::ZERO, 2, Rounding::HalfUp),
        NumberError::DivisionByZero,
    );
    // Rounding up to 10^38 is an overflow too; the largest number of 24 digits below it is not.
    let below = format!("{}{}", nines(24), "0".repeat(14));
    check(most.add(number("0.4")), NumberError::Overflow);
    assert_eq!(number(&below).add(number("0.4")), Ok(number(&below)));
}

#[test]
fn two_steps_are_the_rule() {
    // 24 digits first: the quotient becomes the tie, which the named rounding then takes up.
    let (numerator, denominator) = (number("0.12499999999999999999999999999"), Decimal::ONE);
    let once = numerator.round(2, Rounding::HalfUp);
    let twice = div_rounded(numerator, denominator, 2, Rounding::HalfUp);
    assert_eq!((once, twice), (number("0.12"), Ok(number("0.13"))));
}

#[test]
fn a_sum_does_not_depend_on_the_order() {
    let values = [
        "1",
        "0.00000000000000000000000000000000000000000000000000000000001",
        "-1",
    ];
    let forwards = Decimal::sum(values.map(number));
    assert_eq!(forwards, Ok(number(values[1])));
    let mut backwards = values.map(number);
    backwards.reverse();
    assert_eq!(Decimal::sum(backwards), forwards);
    assert_eq!(Decimal::sum([]), Ok(Decimal::ZERO));
}

#[test]
fn is_text_in_json_and_toml() {
    let json = serde_json::to_string(&number("74.50")).unwrap();
    assert_eq!(json, "\"74.5\"");
    assert_eq!(
        serde_json::from_str::<Decimal>(&json).unwrap(),
        number("74.5")
    );
    for json in [
        "74.5", "74", "-1", "null", "true", "\"1e5\"", "\"\"", "[\"1\"]",
    ] {
        assert!(serde_json::from_str::<Decimal>(json).is_err(), "{json}");
    }
    let refused = serde_json::from_str::<Decimal>("74.5")
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains("a decimal number written as text"),
        "{refused}"
    );
    let table: std::collections::BTreeMap<String, Decimal> = toml::from_str("a = '0.10'").unwrap();
    assert_eq!(table["a"], number("0.1"));
    assert!(toml::from_str::<std::collections::BTreeMap<String, Decimal>>("a = 0.1").is_err());
    for (rounding, name) in [
        (Rounding::HalfUp, "half_up"),
        (Rounding::HalfEven, "half_even"),
        (Rounding::HalfDown, "half_down"),
        (Rounding::Up, "up"),
        (Rounding::Down, "down"),
        (Rounding::Ceiling, "ceiling"),
        (Rounding::Floor, "floor"),
    ] {
        assert_eq!(serde_json::to_value(rounding).unwrap(), name);
        assert!(Rounding::ALL.contains(&rounding));
    }
}

#[test]
fn says_why_a_text_is_no_number() {
    use NotADecimal::{Empty, NotPlain, TooLong, TooManyDigits, TooManyPlaces};
    let all = [Empty, NotPlain, TooLong, TooManyDigits, TooManyPlaces];
    let codes: std::collections::BTreeSet<_> = all.iter().map(|reason| reason.code()).collect();
    let texts: std::collections::BTreeSet<_> = all.iter().map(ToString::to_string).collect();
    assert_eq!((codes.len(), texts.len()), (all.len(), all.len()));
    assert!(codes.iter().all(|code| code.starts_with("decimal-")));
    let errors = [
        NumberError::Overflow,
        NumberError::DivisionByZero,
        NumberError::OutOfDomain,
    ];
    assert_eq!(
        errors.map(NumberError::code),
        [
            "number-overflow",
            "number-division-by-zero",
            "number-out-of-domain"
        ]
    );
    assert!(errors.iter().all(|error| error.to_string().contains(' ')));
}
