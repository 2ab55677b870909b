//! The journal's leaf of one command, written in the command's own transaction.

use std::collections::BTreeMap;

use journal::{Hash256, Leaf, LeafActor, LeafError, MAX_LEAF_BYTES, MAX_ROWS, Outcome, Via};
use kernel::{CommandId, Finding, Instant, Tenant};
use serde_json::Value as Json;
use store::{Connection, Record, Value, row_digest, values};

use crate::{Authority, Refusal, schema::JOURNAL_LEAF};

store::statements! {
    INSERT_PENDING = "INSERT INTO journal_pending (tenant, command) VALUES ($1, $2)";
    INSERT_SEED = "INSERT INTO journal_seed (tenant, command, seed) VALUES ($1, $2, $3)";
}

/// Digests of the record rows that a command wrote, by table and in the order of each table's key.
#[derive(Debug, Default)]
pub(crate) struct Rows(BTreeMap<&'static str, BTreeMap<Vec<KeyPart>, [u8; 32]>>);

/// One column of a key, ordered as both databases order it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum KeyPart {
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Rows {
    /// The digest of a single row.
    pub fn of(record: &Record, values: &[Value<'_>]) -> Rows {
        let mut rows = Rows::default();
        rows.add(record, values);
        rows
    }

    /// Adds a row that was inserted.
    pub fn add(&mut self, record: &Record, values: &[Value<'_>]) {
        let key = record
            .key
            .iter()
            .map(|column| {
                let position = record.columns.iter().position(|name| name == column);
                key_part(&values[position.expect("a key names columns of its table")])
            })
            .collect();
        self.0
            .entry(record.table)
            .or_default()
            .insert(key, row_digest(record, values));
    }

    fn into_leaf(self) -> BTreeMap<String, Vec<Hash256>> {
        let digests = |rows: BTreeMap<_, _>| rows.into_values().map(Hash256).collect();
        self.0
            .into_iter()
            .map(|(table, rows)| (table.to_owned(), digests(rows)))
            .collect()
    }
}

fn key_part(value: &Value<'_>) -> KeyPart {
    match value {
        Value::Int(number) => KeyPart::Int(*number),
        Value::Text(text) => KeyPart::Text(text.clone().into_owned()),
        Value::Null => KeyPart::Bytes(Vec::new()),
        Value::Blob(_) | Value::Id(_) => {
            KeyPart::Bytes(value.as_bytes().expect("blobs and ids have bytes").to_vec())
        }
    }
}

/// What to say where one command does more than one leaf of the journal can hold.
fn too_much(error: &LeafError) -> Option<Finding> {
    match error {
        LeafError::TooManyRows => {
            Some(Finding::error("command-too-many-rows").arg("expected", MAX_ROWS))
        }
        LeafError::TooLong => {
            Some(Finding::error("command-too-long").arg("expected", MAX_LEAF_BYTES >> 20))
        }
        _ => None,
    }
}

/// Everything that a leaf says.
pub(crate) struct Written<'a> {
    pub tenant: Tenant,
    pub command: CommandId,
    pub name: &'a str,
    pub at: Instant,
    pub authority: &'a Authority,
    pub via: Via,
    pub outcome: Outcome,
    pub body: &'a Json,
    pub clear: &'a [&'a str],
    pub seed: [u8; 32],
    pub rows: Rows,
}

/// Writes the leaf, the seed of its commitments, and the note that it waits for the sealer.
pub(crate) fn write(connection: &mut dyn Connection, written: Written<'_>) -> Result<(), Refusal> {
    let body = journal::commit_body(written.body, written.clear, &written.seed)
        .map_err(|_| Finding::error("command-body"))?;
    let actor = match written.authority {
        Authority::Person(subject) => LeafActor {
            account: Some(subject.account.0),
            person: Some(subject.person),
            on_behalf: subject.on_behalf_of,
        },
        Authority::Rule(_) => LeafActor::default(),
    };
    let leaf = Leaf {
        tenant: written.tenant,
        at: written.at,
        actor,
        via: written.via,
        command: written.command,
        name: written.name.to_owned(),
        outcome: written.outcome,
        body,
        rows: written.rows.into_leaf(),
    };
    let bytes = leaf
        .canonical()
        .map_err(|error| too_much(&error).unwrap_or_else(|| Finding::error("command-body")))?;
    let key = (written.tenant, written.command);
    connection.execute(
        &JOURNAL_LEAF.insert,
        &values![key.0, key.1, written.at, bytes.as_slice()],
    )?;
    connection.execute(&INSERT_PENDING, &values![key.0, key.1])?;
    connection.execute(&INSERT_SEED, &values![key.0, key.1, written.seed])?;
    Ok(())
}
