//! The one connection type that domain code sees.

use crate::{Constraint, Row, Statement, StoreError, Value};

/// A transaction of one of the two databases, inside a closure given to
/// [`Store::read`](crate::Store::read) or [`Store::write`](crate::Store::write).
///
/// After a statement failed, the transaction can only end: every further call gives the same
/// error again, and the closure's effects are rolled back even if it returns `Ok`. So a closure
/// that wants to go on where a row exists says `ON CONFLICT … DO NOTHING` and looks at the count.
pub trait Connection {
    /// Runs a statement that gives no rows; says how many rows it touched.
    fn execute(&mut self, statement: &Statement, values: &[Value<'_>]) -> Result<u64, StoreError>;

    /// Runs a statement once for each list of values; says how many rows were touched in all.
    ///
    /// PostgreSQL gets them in one pipeline, so this costs one round trip instead of many.
    fn execute_many(
        &mut self,
        statement: &Statement,
        rows: &[Vec<Value<'_>>],
    ) -> Result<u64, StoreError>;

    /// Runs a query and shows each row to `each`; stops at its first error.
    fn for_each(
        &mut self,
        statement: &Statement,
        values: &[Value<'_>],
        each: &mut dyn FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;

    /// Columns and primary key of a table, as the database has them now.
    fn shape(&mut self, table: &str) -> Result<Shape, StoreError>;
}

/// Columns and primary key of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// In the order of the table.
    pub columns: Vec<ShapeColumn>,
    /// Names of the primary key's columns, in the key's order; empty where there is none.
    pub key: Vec<String>,
}

/// One column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShapeColumn {
    /// Its name.
    pub name: String,
    /// Its type by the portable name: `int8`, `text` or `bytea`; else what the database says.
    pub kind: String,
    /// Whether it may be null.
    pub nullable: bool,
}

impl dyn Connection + '_ {
    /// The only row of an answer; none or more than one is a [`StoreError::Bug`].
    pub fn one<T>(
        &mut self,
        statement: &Statement,
        values: &[Value<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.optional(statement, values, read)?
            .ok_or_else(|| StoreError::Bug(format!("{statement} gave no row")))
    }

    /// The only row of an answer, or nothing; more than one is a [`StoreError::Bug`].
    pub fn optional<T>(
        &mut self,
        statement: &Statement,
        values: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let mut found = None;
        self.for_each(statement, values, &mut |row| {
            if found.is_some() {
                return Err(StoreError::Bug(format!("{statement} gave several rows")));
            }
            found = Some(read(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// Every row of an answer.
    pub fn all<T>(
        &mut self,
        statement: &Statement,
        values: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut found = Vec::new();
        self.for_each(statement, values, &mut |row| {
            found.push(read(row)?);
            Ok(())
        })?;
        Ok(found)
    }
}

/// PostgreSQL keeps no NUL in texts, so neither database is given one.
pub(crate) fn refuse_nul(value: &Value<'_>) -> Result<(), StoreError> {
    match value {
        Value::Text(text) if text.contains('\0') => Err(StoreError::Conflict {
            kind: Constraint::Check,
            constraint: "text without NUL".to_owned(),
        }),
        _ => Ok(()),
    }
}

pub(crate) fn wrong_count(statement: &Statement, expected: usize, given: usize) -> StoreError {
    StoreError::Bug(format!(
        "{statement} takes {expected} values, {given} were given"
    ))
}
