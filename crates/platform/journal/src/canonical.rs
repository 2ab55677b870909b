//! One text per JSON value: RFC 8785, restricted to what the journal holds.
//!
//! Objects, arrays, strings, booleans, null, and integers between -(2^53 - 1) and 2^53 - 1. Within
//! that restriction the bytes are those of RFC 8785, so any library for it gives the same ones; what
//! lies outside (binary floats, larger integers) is refused rather than rounded.

use serde_json::{Map, Value};

/// Deepest nesting that is read or written; a body with more is refused.
pub const MAX_DEPTH: usize = 32;
/// Largest integer that every JSON reader keeps exactly.
pub const MAX_INTEGER: i64 = (1 << 53) - 1;

/// Why a JSON value has no canonical text here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("nested deeper than {MAX_DEPTH}")]
    TooDeep,
    /// A fraction, an exponent, or an integer beyond [`MAX_INTEGER`]: decimals travel as strings.
    #[error("a number that is not an integer of at most 53 bits; decimals travel as strings")]
    NotAnInteger,
}

/// Appends the canonical text of a value.
pub fn write_canonical(value: &Value, out: &mut Vec<u8>) -> Result<(), CanonicalError> {
    write_value(value, out, 0)
}

/// The canonical text of a value.
pub fn canonical_json(value: &Value) -> Result<Vec<u8>, CanonicalError> {
    let mut out = Vec::new();
    write_canonical(value, &mut out)?;
    Ok(out)
}

fn write_value(value: &Value, out: &mut Vec<u8>, depth: usize) -> Result<(), CanonicalError> {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => {
            let integer = number
                .as_i64()
                .filter(|integer| integer.unsigned_abs() <= MAX_INTEGER.unsigned_abs())
                .ok_or(CanonicalError::NotAnInteger)?;
            out.extend_from_slice(integer.to_string().as_bytes());
        }
        Value::String(text) => write_string(text, out),
        Value::Array(items) => write_array(items, out, depth + 1)?,
        Value::Object(members) => write_object(members, out, depth + 1)?,
    }
    Ok(())
}

fn write_array(items: &[Value], out: &mut Vec<u8>, depth: usize) -> Result<(), CanonicalError> {
    if depth > MAX_DEPTH {
        return Err(CanonicalError::TooDeep);
    }
    out.push(b'[');
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        write_value(item, out, depth)?;
    }
    out.push(b']');
    Ok(())
}

fn write_object(
    members: &Map<String, Value>,
    out: &mut Vec<u8>,
    depth: usize,
) -> Result<(), CanonicalError> {
    if depth > MAX_DEPTH {
        return Err(CanonicalError::TooDeep);
    }
    let mut members: Vec<(&String, &Value)> = members.iter().collect();
    // RFC 8785, 3.2.3: by UTF-16 code units, not by code points.
    members.sort_unstable_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
    out.push(b'{');
    for (i, (name, value)) in members.into_iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        write_string(name, out);
        out.push(b':');
        write_value(value, out, depth)?;
    }
    out.push(b'}');
    Ok(())
}

/// The escapes of RFC 8785, 3.2.2.2: two-letter ones where JSON has them, `\u00xx` for the other
/// control characters, nothing else. `serde_json` writes exactly these; the tests hold it to that.
pub(crate) fn write_string(text: &str, out: &mut Vec<u8>) {
    serde_json::to_writer(out, text).expect("a string always writes to memory");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{CanonicalError, MAX_DEPTH, canonical_json};

    fn text(value: &Value) -> String {
        String::from_utf8(canonical_json(value).unwrap()).unwrap()
    }

    #[test]
    fn sorts_members_as_the_example_of_rfc_8785() {
        // Section 3.2.3, with the names of its example and strings for values.
        let value = json!({
            "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter",
            "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control",
            "\u{f6}": "Latin Small Letter O With Diaeresis"
        });
        assert_eq!(
            text(&value),
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\
             \"\u{f6}\":\"Latin Small Letter O With Diaeresis\",\"\u{20ac}\":\"Euro Sign\",\
             \"\u{1f600}\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter\"}"
        );
    }

    #[test]
    fn escapes_as_rfc_8785() {
        let value = json!("\u{20ac}$\u{f}\nA'B\"\\\\\"/\u{8}\u{c}\t\r\u{7f}\u{1f}");
        assert_eq!(
            text(&value),
            "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\\b\\f\\t\\r\u{7f}\\u001f\""
        );
    }

    #[test]
    fn refuses_what_it_could_not_keep_exactly() {
        for value in [
            json!(0.5),
            json!(1e300),
            json!(1_i64 << 53),
            json!(-(1_i64 << 53)),
            json!(u64::MAX),
        ] {
            assert_eq!(
                canonical_json(&value),
                Err(CanonicalError::NotAnInteger),
                "{value}"
            );
        }
        assert_eq!(
            text(&json!([9_007_199_254_740_991_i64, -1, 0])),
            "[9007199254740991,-1,0]"
        );
    }

    #[test]
    fn refuses_deep_nesting() {
        let nested = |depth| (0..depth).fold(json!(1), |value, _| json!([value]));
        assert!(canonical_json(&nested(MAX_DEPTH)).is_ok());
        assert_eq!(
            canonical_json(&nested(MAX_DEPTH + 1)),
            Err(CanonicalError::TooDeep)
        );
    }

    /// JSON values that have a canonical text.
    pub(crate) fn values() -> impl Strategy<Value = Value> {
        let scalar = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-super::MAX_INTEGER..=super::MAX_INTEGER).prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        scalar.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map("[a-z]{1,3}|\\PC{0,4}", inner, 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn reads_back_as_the_same_value(value in values()) {
            let bytes = canonical_json(&value).unwrap();
            let back: Value = serde_json::from_slice(&bytes).unwrap();
            prop_assert_eq!(&back, &value);
            prop_assert_eq!(canonical_json(&back).unwrap(), bytes);
        }
    }
}
