//! Tables as data.

use super::{Decimal, NotADecimal};

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
