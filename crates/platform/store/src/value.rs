//! Values that go into statements and come out of rows: the three portable types and null.

use std::borrow::Cow;

use kernel::{
    CommandId, Day, Decimal, Fen, FileId, Id, Instant, OrganisationId, Period, PersonId, PlaceId,
    Tenant,
};

/// A value of one of the portable column types: int8, text, bytea, or null.
///
/// Instants, money, marks and tenants are int8; days `YYYY-MM-DD` and decimals are text; ids are
/// 16 bytes. There is no floating point and no boolean: a flag is 0 or 1.
#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// No value.
    Null,
    /// 64 bits, signed.
    Int(i64),
    /// UTF-8.
    Text(Cow<'a, str>),
    /// Bytes.
    Blob(Cow<'a, [u8]>),
    /// An id, which the database keeps as a blob of 16 bytes.
    Id(Id),
}

impl Value<'_> {
    /// The bytes, where the value is a blob or an id.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Value::Blob(bytes) => Some(bytes),
            Value::Id(id) => Some(id.as_bytes()),
            _ => None,
        }
    }

    /// Whether there is no value.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The same value, owning its content.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Value::Null => Value::Null,
            Value::Int(number) => Value::Int(number),
            Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Value::Blob(bytes) => Value::Blob(Cow::Owned(bytes.into_owned())),
            Value::Id(id) => Value::Id(id),
        }
    }
}

/// Equal where the database would keep the same content: an id equals the blob of its bytes.
impl PartialEq for Value<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Value::Null, Value::Null) => true,
            (Value::Int(a), Value::Int(b)) => a == b,
            (Value::Text(a), Value::Text(b)) => a == b,
            (a, b) => matches!((a.as_bytes(), b.as_bytes()), (Some(a), Some(b)) if a == b),
        }
    }
}

impl Eq for Value<'_> {}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Value::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Value::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Value::Text(Cow::Owned(text))
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Value::Blob(Cow::Borrowed(bytes))
    }
}

impl<'a> From<&'a Vec<u8>> for Value<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Value::Blob(Cow::Borrowed(bytes))
    }
}

impl From<Vec<u8>> for Value<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Value::Blob(Cow::Owned(bytes))
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Value<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Value::Blob(Cow::Borrowed(bytes))
    }
}

impl<const N: usize> From<[u8; N]> for Value<'_> {
    fn from(bytes: [u8; N]) -> Self {
        Value::Blob(Cow::Owned(bytes.to_vec()))
    }
}

macro_rules! int_values {
    ($($from:ty: |$value:ident| $int:expr;)+) => {$(
        impl From<$from> for Value<'_> {
            fn from($value: $from) -> Self {
                Value::Int($int)
            }
        }
    )+};
}

int_values! {
    i64: |value| value;
    i32: |value| i64::from(value);
    u32: |value| i64::from(value);
    u16: |value| i64::from(value);
    u8: |value| i64::from(value);
    bool: |value| i64::from(value);
    Tenant: |value| value.0;
    Instant: |value| value.0;
    Fen: |value| value.0;
}

impl From<Day> for Value<'_> {
    fn from(day: Day) -> Self {
        Value::Text(Cow::Owned(day.to_string()))
    }
}

impl From<Decimal> for Value<'_> {
    fn from(number: Decimal) -> Self {
        Value::Text(Cow::Owned(number.to_string()))
    }
}

impl From<Period> for Value<'_> {
    fn from(period: Period) -> Self {
        Value::Text(Cow::Owned(period.to_string()))
    }
}

impl From<Id> for Value<'_> {
    fn from(id: Id) -> Self {
        Value::Id(id)
    }
}

/// Lets the id types of a crate (made by `kernel::id_types!`) go into statements:
/// `store::id_values! { RoundId SubjectId }`.
#[macro_export]
macro_rules! id_values {
    ($($name:ident)+) => {$(
        impl ::core::convert::From<$name> for $crate::Value<'_> {
            fn from(id: $name) -> Self {
                $crate::Value::Id($crate::macro_support::Id::from(id))
            }
        }
    )+};
}

id_values! { PlaceId PersonId OrganisationId CommandId FileId }

/// The values of a statement, each turned by `Value::from`: `&values![tenant, place, day, name]`.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        [$($crate::Value::from($value)),*]
    };
}
