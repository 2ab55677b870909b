//! The record rows of a folder's database, for the verifier.

use journal::Hash256;
use journal_verify::{RecordRow, RecordRows};
use kernel::{CommandId, Id, Tenant};
use store::{Connection, Record, Row, Schema, StoreError, Value, values};

store::statements! {
    SELECT_NUMBER = "SELECT number FROM journal_sealed WHERE tenant = $1 AND command = $2";
    SELECT_WAITING = "SELECT tenant FROM journal_pending WHERE tenant = $1 AND command = $2";
}

/// The journal's own tables: their rows are what is verified, no leaf holds their digests.
const OWN_TABLES: [&str; 3] = ["journal_leaf", "journal_sealed", "journal_checkpoint"];

/// Every record table of the program, read in one transaction.
pub struct Rows<'c> {
    connection: &'c mut dyn Connection,
    tenant: Tenant,
    records: Vec<&'static Record>,
}

impl<'c> Rows<'c> {
    /// The record tables of these schemas that are there.
    pub fn new(
        connection: &'c mut dyn Connection,
        tenant: Tenant,
        schemas: &[Schema],
    ) -> Result<Rows<'c>, StoreError> {
        let mut records = Vec::new();
        for record in schemas.iter().flat_map(|schema| schema.records) {
            let own = OWN_TABLES.contains(&record.table);
            if !own && !connection.shape(record.table)?.columns.is_empty() {
                records.push(*record);
            }
        }
        Ok(Rows {
            connection,
            tenant,
            records,
        })
    }
}

impl RecordRows for Rows<'_> {
    type Error = StoreError;

    fn tables(&mut self) -> Vec<String> {
        self.records
            .iter()
            .map(|record| record.table.to_owned())
            .collect()
    }

    fn for_each(&mut self, table: &str, each: &mut dyn FnMut(RecordRow)) -> Result<(), StoreError> {
        let named = |record: &&&'static Record| record.table == table;
        let Some(record) = self.records.iter().find(named) else {
            return Ok(());
        };
        self.connection
            .for_each(&record.select_all, &values![self.tenant], &mut |row| {
                each(record_row(record, row)?);
                Ok(())
            })
    }

    fn is_later(&mut self, command: CommandId, size: u64) -> Result<bool, StoreError> {
        let wanted = values![self.tenant, command];
        let number = self
            .connection
            .optional(&SELECT_NUMBER, &wanted, |row| row.int(0))?;
        let waiting = self
            .connection
            .optional(&SELECT_WAITING, &wanted, |row| row.int(0))?;
        let numbered_later =
            number.is_some_and(|number| u64::try_from(number).is_ok_and(|number| number >= size));
        Ok(numbered_later || number.is_none() && waiting.is_some())
    }
}

fn record_row(record: &Record, row: &Row<'_>) -> Result<RecordRow, StoreError> {
    let content = row.values()?;
    let value = |name: &str| {
        record
            .columns
            .iter()
            .position(|column| *column == name)
            .map(|position| &content[position])
    };
    let key: Vec<String> = record
        .key
        .iter()
        .filter(|column| **column != "tenant")
        .filter_map(|column| value(column).map(|value| format!("{column}={}", shown(value))))
        .collect();
    // A row without a proper command was written by no command; the zero id has no leaf.
    let command = value("command")
        .and_then(Value::as_bytes)
        .and_then(|bytes| bytes.try_into().ok())
        .unwrap_or_default();
    Ok(RecordRow {
        command: CommandId(Id::from_bytes(command)),
        key: key.join(", "),
        digest: Hash256(record.digest(&content)),
    })
}

fn shown(value: &Value<'_>) -> String {
    match value {
        Value::Int(number) => number.to_string(),
        Value::Text(text) => text.to_string(),
        Value::Id(id) => id.to_string(),
        Value::Null => String::new(),
        Value::Blob(bytes) => match <[u8; 16]>::try_from(bytes.as_ref()) {
            Ok(id) => Id::from_bytes(id).to_string(),
            Err(_) => format!("{} bytes", bytes.len()),
        },
    }
}
