//! Numbers of workbooks: binary floats on disk, exact decimals here.

/// The shortest decimal that reads back as this float, without exponent, where it has at most 15
/// significant digits; `Err` with the same decimal where it has more, so that nobody's figure
/// changes silently. (A workbook keeps 74.3 as 74.299999999999997; both read as one float, whose
/// shortest decimal is 74.3. A third has none of 15 digits.)
pub fn number_text(value: f64) -> Result<String, String> {
    let text = format!("{value}");
    if !value.is_finite() {
        return Err(text);
    }
    let digits = text.bytes().filter(u8::is_ascii_digit);
    let significant = digits.skip_while(|digit| *digit == b'0').count();
    let trailing = if text.contains('.') {
        0
    } else {
        text.bytes().rev().take_while(|c| *c == b'0').count()
    };
    if significant.saturating_sub(trailing) > 15 {
        return Err(text);
    }
    Ok(match text.as_str() {
        "-0" => "0".to_owned(),
        _ => text,
    })
}

#[cfg(test)]
mod tests {
    use super::number_text;

    #[test]
    fn takes_the_shortest_decimal_of_fifteen_digits() {
        for (value, expected) in [
            (74.3, Ok("74.3")),
            ("74.299999999999997".parse().unwrap(), Ok("74.3")),
            (-0.0, Ok("0")),
            (0.000_001, Ok("0.000001")),
            (123_456_789_012_345.0, Ok("123456789012345")),
            (370_725_001_000.0, Ok("370725001000")),
            (1e15, Ok("1000000000000000")),
            (1_234_567_890_123_456.0, Err("1234567890123456")),
            (1.0 / 3.0, Err("0.3333333333333333")),
            (0.1 + 0.2, Err("0.30000000000000004")),
            (f64::INFINITY, Err("inf")),
        ] {
            let found = number_text(value);
            let expected = expected.map(str::to_owned).map_err(str::to_owned);
            assert_eq!(found, expected, "{value}");
        }
    }
}
