//! One PostgreSQL connection as domain code sees it.

use std::pin::pin;

use futures_util::TryStreamExt;
use futures_util::future::join_all;
use tokio_postgres::Config;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{Format, IsNull, ToSql, Type, to_sql_checked};

use super::error::Failure;
use super::session::Session;
use crate::connection::{refuse_nul, wrong_count};
use crate::row::RowSource;
use crate::{Connection, Row, Shape, ShapeColumn, Statement, StoreError, Value};

/// How many statements are on their way at once; bounds the memory on both sides.
const PIPELINE_LIMIT: usize = 512;

/// What a transaction may do and see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// One consistent snapshot.
    Read,
    /// Each statement sees what is committed; callers compare and set revisions.
    Write,
}

impl Mode {
    fn begin(self) -> &'static str {
        match self {
            Mode::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            Mode::Write => "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
        }
    }
}

/// A PostgreSQL connection inside a closure. The transaction begins with the first statement, in
/// the same round trip; the first failure is remembered.
pub(crate) struct PostgresConnection {
    session: Session,
    mode: Mode,
    open: bool,
    failure: Option<Failure>,
}

impl PostgresConnection {
    pub(crate) fn connect(config: &Config, mode: Mode) -> Result<PostgresConnection, StoreError> {
        Ok(PostgresConnection {
            session: Session::connect(config)?,
            mode,
            open: false,
            failure: None,
        })
    }

    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    pub(crate) fn session_mut(&mut self) -> &mut Session {
        &mut self.session
    }

    /// The first failure since the last call.
    pub(crate) fn take_failure(&mut self) -> Option<Failure> {
        self.failure.take()
    }

    /// Runs statements of the store itself, outside the closures' bookkeeping.
    pub(crate) fn run_sql(&self, sql: &str) -> Result<(), StoreError> {
        self.session.batch(sql).map_err(Failure::into_error)
    }

    /// Makes the transaction durable. [`Failure::Lost`] leaves the outcome unknown.
    pub(crate) fn commit(&mut self) -> Result<(), Failure> {
        if !std::mem::take(&mut self.open) {
            return Ok(());
        }
        let session = &self.session;
        session.wait(&"COMMIT", session.client().batch_execute("COMMIT"))
    }

    /// Ends the transaction without effects.
    pub(crate) fn roll_back(&mut self) -> Result<(), Failure> {
        if !std::mem::take(&mut self.open) {
            return Ok(());
        }
        let session = &self.session;
        session.wait(&"ROLLBACK", session.client().batch_execute("ROLLBACK"))
    }

    /// Starts migrating: one program at a time, and the others wait. A migration may take long,
    /// but gives up rather than make the servers that still run wait behind it for a lock.
    pub(crate) fn begin_migration(&mut self) -> Result<(), StoreError> {
        self.run_sql(Mode::Write.begin())?;
        self.open = true;
        self.run_sql(
            "SET LOCAL statement_timeout = 0;
             SET LOCAL lock_timeout = 0;
             LOCK TABLE schema_version IN EXCLUSIVE MODE;
             SET LOCAL lock_timeout = '10s'",
        )
    }

    /// Runs `work` unless the transaction already failed, and remembers a failure.
    fn guarded<T>(
        &mut self,
        work: impl FnOnce(&mut Session, Option<&'static str>) -> Result<T, Failure>,
    ) -> Result<T, StoreError> {
        if let Some(failure) = &self.failure {
            return Err(failure.error().clone());
        }
        let begin = (!self.open).then(|| self.mode.begin());
        // Even a failed first statement may have begun the transaction on the server.
        self.open = true;
        work(&mut self.session, begin).map_err(|failure| {
            let error = failure.error().clone();
            self.failure = Some(failure);
            error
        })
    }
}

impl Connection for PostgresConnection {
    fn execute(&mut self, statement: &Statement, values: &[Value<'_>]) -> Result<u64, StoreError> {
        self.guarded(|session, begin| {
            let prepared = session.prepare(statement)?;
            check(statement, prepared.params(), values)?;
            let client = session.client();
            session.wait(statement, async {
                let work = client.execute_raw(&prepared, values);
                after(client, begin, work).await
            })
        })
    }

    fn execute_many(
        &mut self,
        statement: &Statement,
        rows: &[Vec<Value<'_>>],
    ) -> Result<u64, StoreError> {
        self.guarded(|session, mut begin| {
            let prepared = session.prepare(statement)?;
            let mut touched = 0;
            for rows in rows.chunks(PIPELINE_LIMIT) {
                for values in rows {
                    check(statement, prepared.params(), values)?;
                }
                let client = session.client();
                touched += session.wait(statement, async {
                    let requests = rows
                        .iter()
                        .map(|values| client.execute_raw(&prepared, values));
                    let work = async {
                        let answers = join_all(requests).await;
                        // The first error is the cause, those behind it only its consequence.
                        answers.into_iter().sum::<Result<u64, _>>()
                    };
                    after(client, begin.take(), work).await
                })?;
            }
            Ok(touched)
        })
    }

    fn for_each(
        &mut self,
        statement: &Statement,
        values: &[Value<'_>],
        each: &mut dyn FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        // What the caller's own function says of a row leaves the transaction as it is.
        let mut reading = Ok(());
        self.guarded(|session, begin| {
            let prepared = session.prepare(statement)?;
            check(statement, prepared.params(), values)?;
            let client = session.client();
            session.wait(statement, async {
                let rows = after(client, begin, client.query_raw(&prepared, values)).await?;
                let mut rows = pin!(rows);
                while let Some(row) = rows.try_next().await? {
                    reading = each(&Row::new(&PostgresRow(&row)));
                    if reading.is_err() {
                        break;
                    }
                }
                Ok(())
            })
        })?;
        reading
    }

    fn shape(&mut self, table: &str) -> Result<Shape, StoreError> {
        let mut columns = Vec::new();
        let mut key = Vec::new();
        let values = [Value::from(table)];
        self.for_each(&SELECT_SHAPE, &values, &mut |row| {
            let name = row.text(0)?.to_owned();
            if let Some(place) = row.optional_int(3)? {
                key.push((place, name.clone()));
            }
            columns.push(ShapeColumn {
                name,
                kind: portable_kind(row.text(1)?),
                nullable: row.flag(2)?,
            });
            Ok(())
        })?;
        if columns.is_empty() {
            return Err(StoreError::Bug(format!("there is no table {table}")));
        }
        key.sort();
        Ok(Shape {
            columns,
            key: key.into_iter().map(|(_, name)| name).collect(),
        })
    }
}

/// Only for this engine, so it is not among the product's statements.
const SELECT_SHAPE: Statement = Statement::declared_by_macro(
    "SELECT_SHAPE",
    "SELECT a.attname::text, format_type(a.atttypid, a.atttypmod),
            CASE WHEN a.attnotnull THEN 0 ELSE 1 END::int8,
            array_position(i.indkey::int2[], a.attnum)::int8
     FROM pg_attribute a
     LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
     WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped
     ORDER BY a.attnum",
    file!(),
    line!(),
);

fn portable_kind(kind: &str) -> String {
    if kind == "bigint" { "int8" } else { kind }.to_owned()
}

/// Sends `begin` and the request behind it in one go, and gives the request's answer.
async fn after<T>(
    client: &tokio_postgres::Client,
    begin: Option<&'static str>,
    request: impl Future<Output = Result<T, tokio_postgres::Error>>,
) -> Result<T, tokio_postgres::Error> {
    let Some(begin) = begin else {
        return request.await;
    };
    // In order: the first to be polled is the first on the wire.
    let (began, answer) = tokio::join!(biased; client.batch_execute(begin), request);
    began?;
    answer
}

/// The caller's defects are found before anything is sent.
fn check(statement: &Statement, types: &[Type], values: &[Value<'_>]) -> Result<(), Failure> {
    if types.len() != values.len() {
        let error = wrong_count(statement, types.len(), values.len());
        return Err(Failure::Final(error));
    }
    for (at, (kind, value)) in types.iter().zip(values).enumerate() {
        refuse_nul(value).map_err(Failure::Final)?;
        if !fits(kind, value) {
            return Err(Failure::Final(StoreError::Bug(format!(
                "{statement}: parameter ${} is {kind}, the value is not",
                at + 1
            ))));
        }
    }
    Ok(())
}

fn fits(kind: &Type, value: &Value<'_>) -> bool {
    match value {
        Value::Null => matches!(*kind, Type::INT8 | Type::TEXT | Type::BYTEA),
        Value::Int(_) => *kind == Type::INT8,
        Value::Text(_) => *kind == Type::TEXT,
        Value::Blob(_) | Value::Id(_) => *kind == Type::BYTEA,
    }
}

impl ToSql for Value<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(number) => number.to_sql(kind, out),
            Value::Text(text) => text.as_ref().to_sql(kind, out),
            Value::Blob(bytes) => bytes.as_ref().to_sql(kind, out),
            Value::Id(id) => id.as_bytes().as_slice().to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::INT8 | Type::TEXT | Type::BYTEA)
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Binary
    }

    to_sql_checked!();
}

struct PostgresRow<'r>(&'r tokio_postgres::Row);

impl RowSource for PostgresRow<'_> {
    fn width(&self) -> usize {
        self.0.len()
    }

    fn value(&self, at: usize) -> Result<Value<'_>, StoreError> {
        let Some(column) = self.0.columns().get(at) else {
            return Err(StoreError::Bug(format!("there is no column {at}")));
        };
        let value = match *column.type_() {
            Type::INT8 => self.0.try_get::<_, Option<i64>>(at).map(Value::from),
            Type::TEXT => self.0.try_get::<_, Option<&str>>(at).map(Value::from),
            Type::BYTEA => self.0.try_get::<_, Option<&[u8]>>(at).map(Value::from),
            ref other => {
                return Err(StoreError::Bug(format!(
                    "column {at} is {other}; CAST it to bigint or text"
                )));
            }
        };
        value.map_err(|error| StoreError::Bug(format!("column {at}: {error}")))
    }
}
