//! One row of an answer, read by position.

use std::borrow::Cow;
use std::str::FromStr;

use kernel::{Day, Decimal, Fen, Id, Instant, Tenant};

use crate::{StoreError, Value};

/// One row of an answer. Positions count from 0, in the order of the `SELECT` list.
///
/// A column of another type than asked for, or content that cannot be read (a day that is none),
/// is a [`StoreError::Bug`]: either the statement or the database was changed.
pub struct Row<'r> {
    source: &'r dyn RowSource,
}

/// What a driver's row can do.
pub(crate) trait RowSource {
    fn width(&self) -> usize;
    fn value(&self, at: usize) -> Result<Value<'_>, StoreError>;
}

impl<'r> Row<'r> {
    pub(crate) fn new(source: &'r dyn RowSource) -> Row<'r> {
        Row { source }
    }

    /// How many columns the row has.
    pub fn width(&self) -> usize {
        self.source.width()
    }

    /// The value, whatever its type.
    pub fn value(&self, at: usize) -> Result<Value<'r>, StoreError> {
        self.source.value(at)
    }

    /// All values in order.
    pub fn values(&self) -> Result<Vec<Value<'r>>, StoreError> {
        (0..self.width()).map(|at| self.value(at)).collect()
    }

    /// An integer.
    pub fn int(&self, at: usize) -> Result<i64, StoreError> {
        self.optional_int(at)?.ok_or_else(|| unexpected(at, "null"))
    }

    /// An integer or nothing.
    pub fn optional_int(&self, at: usize) -> Result<Option<i64>, StoreError> {
        match self.value(at)? {
            Value::Null => Ok(None),
            Value::Int(number) => Ok(Some(number)),
            other => Err(unexpected(at, kind(&other))),
        }
    }

    /// A flag, kept as 0 or 1.
    pub fn flag(&self, at: usize) -> Result<bool, StoreError> {
        match self.int(at)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(unexpected(at, "an integer that is no flag")),
        }
    }

    /// A text.
    pub fn text(&self, at: usize) -> Result<&'r str, StoreError> {
        self.optional_text(at)?
            .ok_or_else(|| unexpected(at, "null"))
    }

    /// A text or nothing.
    pub fn optional_text(&self, at: usize) -> Result<Option<&'r str>, StoreError> {
        match self.value(at)? {
            Value::Null => Ok(None),
            Value::Text(Cow::Borrowed(text)) => Ok(Some(text)),
            other => Err(unexpected(at, kind(&other))),
        }
    }

    /// Bytes.
    pub fn blob(&self, at: usize) -> Result<&'r [u8], StoreError> {
        self.optional_blob(at)?
            .ok_or_else(|| unexpected(at, "null"))
    }

    /// Bytes or nothing.
    pub fn optional_blob(&self, at: usize) -> Result<Option<&'r [u8]>, StoreError> {
        match self.value(at)? {
            Value::Null => Ok(None),
            Value::Blob(Cow::Borrowed(bytes)) => Ok(Some(bytes)),
            other => Err(unexpected(at, kind(&other))),
        }
    }

    /// Exactly `N` bytes: a digest, a key.
    pub fn bytes<const N: usize>(&self, at: usize) -> Result<[u8; N], StoreError> {
        let blob = self.blob(at)?;
        blob.try_into()
            .map_err(|_| unexpected(at, "a blob of another length"))
    }

    /// An id of any type: `row.id::<PlaceId>(0)`.
    pub fn id<T: From<Id>>(&self, at: usize) -> Result<T, StoreError> {
        Ok(T::from(Id::from_bytes(self.bytes(at)?)))
    }

    /// An id of any type or nothing.
    pub fn optional_id<T: From<Id>>(&self, at: usize) -> Result<Option<T>, StoreError> {
        match self.optional_blob(at)? {
            None => Ok(None),
            Some(_) => self.id(at).map(Some),
        }
    }

    /// A text that is read as `T`: a period, a code, a closed list's name.
    pub fn parse<T: FromStr>(&self, at: usize) -> Result<T, StoreError> {
        let text = self.text(at)?;
        text.parse()
            .map_err(|_| unexpected(at, "a text of another form"))
    }

    /// A text that is read as `T`, or nothing.
    pub fn optional_parse<T: FromStr>(&self, at: usize) -> Result<Option<T>, StoreError> {
        match self.optional_text(at)? {
            None => Ok(None),
            Some(_) => self.parse(at).map(Some),
        }
    }

    /// A day.
    pub fn day(&self, at: usize) -> Result<Day, StoreError> {
        self.parse(at)
    }

    /// A day or nothing.
    pub fn optional_day(&self, at: usize) -> Result<Option<Day>, StoreError> {
        self.optional_parse(at)
    }

    /// An exact number.
    pub fn decimal(&self, at: usize) -> Result<Decimal, StoreError> {
        self.parse(at)
    }

    /// An exact number or nothing.
    pub fn optional_decimal(&self, at: usize) -> Result<Option<Decimal>, StoreError> {
        self.optional_parse(at)
    }

    /// An instant.
    pub fn instant(&self, at: usize) -> Result<Instant, StoreError> {
        self.int(at).map(Instant)
    }

    /// An instant or nothing.
    pub fn optional_instant(&self, at: usize) -> Result<Option<Instant>, StoreError> {
        Ok(self.optional_int(at)?.map(Instant))
    }

    /// An amount of money.
    pub fn fen(&self, at: usize) -> Result<Fen, StoreError> {
        self.int(at).map(Fen)
    }

    /// A tenant.
    pub fn tenant(&self, at: usize) -> Result<Tenant, StoreError> {
        self.int(at).map(Tenant)
    }
}

fn kind(value: &Value<'_>) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Int(_) => "an integer",
        Value::Text(_) => "a text",
        Value::Blob(_) | Value::Id(_) => "a blob",
    }
}

/// Says the position and what was there, never the content, which may be personal.
fn unexpected(at: usize, found: &str) -> StoreError {
    StoreError::Bug(format!("column {at} holds {found}"))
}
