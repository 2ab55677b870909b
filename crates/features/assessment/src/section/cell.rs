//! Cells in the database: events are appended, the row of what holds now follows from them.

use std::collections::BTreeMap;

use app::{Door, Ref, Refusal};
use kernel::{Instant, PersonId, Tenant};
use store::{Connection, Row, StoreError, Value, values};

use crate::RoundId;
use crate::schema::VALUE_EVENT;
use crate::section::value::{Cell, Given, ValueEvent, ValueKind};

store::statements! {
    /// Writes what holds now of a cell.
    PUT_CELL = concat!(
        "INSERT INTO cell (tenant, round, subject_no, item_no, revision, counts, counts_kind, ",
        "brought, declared, verified, reviewed, corrected) ",
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ",
        "ON CONFLICT (tenant, round, subject_no, item_no) DO UPDATE SET ",
        "revision = excluded.revision, counts = excluded.counts, ",
        "counts_kind = excluded.counts_kind, brought = excluded.brought, ",
        "declared = excluded.declared, verified = excluded.verified, ",
        "reviewed = excluded.reviewed, corrected = excluded.corrected"
    );
    /// What holds now of every cell of a round.
    SELECT_CELLS = concat!(
        "SELECT subject_no, item_no, revision, brought, declared, verified, reviewed, corrected ",
        "FROM cell WHERE tenant = $1 AND round = $2 ORDER BY subject_no, item_no"
    );
    /// What holds now of every cell of the subjects from one number to another.
    SELECT_CELLS_OF_SUBJECTS = concat!(
        "SELECT subject_no, item_no, revision, brought, declared, verified, reviewed, corrected ",
        "FROM cell WHERE tenant = $1 AND round = $2 AND subject_no BETWEEN $3 AND $4 ",
        "ORDER BY subject_no, item_no"
    );
    /// Everything that was said of one subject's cells, in order.
    SELECT_HISTORY = concat!(
        "SELECT item_no, seq, kind, value, missing, reason, person, at, source, recorded_at, ",
        "ref_kind, ref_id, digest FROM value_event ",
        "WHERE tenant = $1 AND round = $2 AND subject_no = $3 ORDER BY item_no, seq"
    );
    /// Everything that was said of a round's cells, in order.
    SELECT_SAID = concat!(
        "SELECT subject_no, item_no, seq, kind, value, missing FROM value_event ",
        "WHERE tenant = $1 AND round = $2 ORDER BY subject_no, item_no, seq"
    );
    /// The same without what was corrected for a later version of the posted result.
    SELECT_SAID_BEFORE = concat!(
        "SELECT e.subject_no, e.item_no, e.seq, e.kind, e.value, e.missing FROM value_event e ",
        "WHERE e.tenant = $1 AND e.round = $2 AND NOT EXISTS (SELECT 1 FROM correction c ",
        "WHERE c.tenant = e.tenant AND c.round = e.round AND c.command = e.command ",
        "AND c.version > $3) ORDER BY e.subject_no, e.item_no, e.seq"
    );
    /// Everything that was ever said, for the rebuild.
    SELECT_EVERYTHING = concat!(
        "SELECT round, subject_no, item_no, seq, kind, value, missing FROM value_event ",
        "WHERE tenant = $1 ORDER BY round, subject_no, item_no, seq"
    );
}

/// Cells by subject number and item number.
pub type Cells = BTreeMap<(i64, i64), Cell>;

/// Where a brought value comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// In the words of its owner: "books".
    pub source: String,
    /// When its owner recorded it.
    pub recorded_at: Option<Instant>,
    /// The record behind it.
    pub reference: Option<Ref>,
    /// Digest of that record.
    pub digest: Option<[u8; 32]>,
}

/// A value about to be appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewValue {
    /// Whose.
    pub subject_no: i64,
    /// Of which column.
    pub item_no: i64,
    /// Who says it.
    pub kind: ValueKind,
    /// What.
    pub given: Given,
    /// Why it differs from the value before.
    pub reason: Option<String>,
    /// Where it comes from, for a brought one.
    pub origin: Option<Origin>,
}

/// Appends values to their cells' histories and moves the cells on. `cells` holds what is known
/// of these cells before, and after.
pub fn append(
    door: &mut Door<'_>,
    round: RoundId,
    cells: &mut Cells,
    new: &[NewValue],
) -> Result<(), Refusal> {
    let (tenant, command, now) = (door.tenant(), door.command(), door.now());
    let person = door.person();
    let mut rows = Vec::with_capacity(new.len());
    for value in new {
        let cell = cells.entry((value.subject_no, value.item_no)).or_default();
        let seq = cell.revision + 1;
        // A brought value is said by the record, not by whoever opened the round.
        let person = if value.kind == ValueKind::Brought {
            None
        } else {
            person
        };
        let (number, missing) = value.given.columns();
        let origin = value.origin.as_ref();
        let reference = origin.and_then(|origin| origin.reference.as_ref());
        rows.push(Vec::from(values![
            tenant,
            round,
            value.subject_no,
            value.item_no,
            seq,
            command,
            value.kind,
            number,
            missing,
            value.reason.as_deref(),
            person,
            now,
            origin.map(|origin| origin.source.as_str()),
            origin.and_then(|origin| origin.recorded_at),
            reference.map(|reference| reference.kind.as_str()),
            reference.map(|reference| reference.id),
            origin.and_then(|origin| origin.digest)
        ]));
        cell.apply(seq, value.kind, value.given.clone());
    }
    door.append_many(&VALUE_EVENT, &rows)?;
    let moved: Vec<_> = new
        .iter()
        .map(|value| {
            let key = (value.subject_no, value.item_no);
            put_row(tenant, round, key, &cells[&key])
        })
        .collect();
    door.connection().execute_many(&PUT_CELL, &moved)?;
    Ok(())
}

fn put_row(
    tenant: Tenant,
    round: RoundId,
    (subject_no, item_no): (i64, i64),
    cell: &Cell,
) -> Vec<Value<'static>> {
    let (kind, given) = cell.counts().expect("a cell is written after an event");
    values![
        tenant,
        round,
        subject_no,
        item_no,
        cell.revision,
        given.value().map(|value| value.to_string()),
        kind,
        text(cell.brought.as_ref()),
        text(cell.declared.as_ref()),
        text(cell.verified.as_ref()),
        text(cell.reviewed.as_ref()),
        text(cell.corrected.as_ref())
    ]
    .into()
}

/// As the derived row keeps it: the number, or `!` and the reason why there is none.
fn text(given: Option<&Given>) -> Option<String> {
    given.map(|given| match given {
        Given::Value(value) => value.to_string(),
        Given::Missing(reason) => format!("!{reason}"),
    })
}

fn read_text(text: Option<&str>) -> Result<Option<Given>, StoreError> {
    let Some(text) = text else { return Ok(None) };
    if let Some(reason) = text.strip_prefix('!') {
        return Ok(Some(Given::Missing(reason.to_owned())));
    }
    let value = text
        .parse()
        .map_err(|_| StoreError::Bug("a cell holds no number".to_owned()))?;
    Ok(Some(Given::Value(value)))
}

fn read_cell(row: &Row<'_>) -> Result<((i64, i64), Cell), StoreError> {
    let cell = Cell {
        revision: row.int(2)?,
        brought: read_text(row.optional_text(3)?)?,
        declared: read_text(row.optional_text(4)?)?,
        verified: read_text(row.optional_text(5)?)?,
        reviewed: read_text(row.optional_text(6)?)?,
        corrected: read_text(row.optional_text(7)?)?,
    };
    Ok(((row.int(0)?, row.int(1)?), cell))
}

/// What holds now of every cell of a round.
pub fn of_round(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
) -> Result<Cells, StoreError> {
    let cells = connection.all(&SELECT_CELLS, &values![tenant, round], read_cell)?;
    Ok(cells.into_iter().collect())
}

/// What holds now of every cell of a round, from the record itself: what a result is computed
/// from. The derived table serves pages; a result must not follow it where somebody changed it.
pub fn said(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
) -> Result<Cells, StoreError> {
    let mut cells = Cells::new();
    connection.for_each(&SELECT_SAID, &values![tenant, round], &mut |row| {
        read_said(&mut cells, row)
    })?;
    Ok(cells)
}

/// The same as it was when a version of the result was posted.
pub fn said_for_version(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    version: i64,
) -> Result<Cells, StoreError> {
    let mut cells = Cells::new();
    let key = values![tenant, round, version];
    connection.for_each(&SELECT_SAID_BEFORE, &key, &mut |row| {
        read_said(&mut cells, row)
    })?;
    Ok(cells)
}

fn read_said(cells: &mut Cells, row: &Row<'_>) -> Result<(), StoreError> {
    let given = Given::from_columns(row.optional_parse(4)?, row.optional_text(5)?);
    let cell = cells.entry((row.int(0)?, row.int(1)?)).or_default();
    cell.apply(row.int(2)?, row.parse(3)?, given);
    Ok(())
}

/// The first cell whose derived row is not what the record says: village and item by number.
pub fn first_difference(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    said: &Cells,
) -> Result<Option<(i64, i64)>, StoreError> {
    let kept = of_round(connection, tenant, round)?;
    let keys = said.keys().chain(kept.keys());
    let different = keys.filter(|key| said.get(key) != kept.get(key));
    Ok(different.min().copied())
}

/// What holds now of every cell of one subject.
pub fn of_subject(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    subject_no: i64,
) -> Result<Cells, StoreError> {
    of_subjects(connection, tenant, round, (subject_no, subject_no))
}

/// What holds now of every cell of the subjects from one number to another.
pub fn of_subjects(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    (first, last): (i64, i64),
) -> Result<Cells, StoreError> {
    let key = values![tenant, round, first, last];
    let cells = connection.all(&SELECT_CELLS_OF_SUBJECTS, &key, read_cell)?;
    Ok(cells.into_iter().collect())
}

/// Everything that was said of one subject's cells, by item number, in order.
pub fn history(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    subject_no: i64,
) -> Result<BTreeMap<i64, Vec<ValueEvent>>, StoreError> {
    let mut found: BTreeMap<i64, Vec<ValueEvent>> = BTreeMap::new();
    connection.for_each(
        &SELECT_HISTORY,
        &values![tenant, round, subject_no],
        &mut |row| {
            let event = ValueEvent {
                seq: row.int(1)?,
                kind: row.parse(2)?,
                given: Given::from_columns(row.optional_parse(3)?, row.optional_text(4)?),
                reason: row.optional_text(5)?.map(str::to_owned),
                person: row.optional_id::<PersonId>(6)?,
                at: row.instant(7)?,
                source: row.optional_text(8)?.map(str::to_owned),
                recorded_at: row.optional_instant(9)?,
                reference: match (row.optional_text(10)?, row.optional_id::<kernel::Id>(11)?) {
                    (Some(kind), Some(id)) => Some(Ref::new(kind, id)),
                    _ => None,
                },
                digest: if row.optional_blob(12)?.is_some() {
                    Some(row.bytes(12)?)
                } else {
                    None
                },
            };
            found.entry(row.int(0)?).or_default().push(event);
            Ok(())
        },
    )?;
    Ok(found)
}

/// Fills the table `cell` from the value events.
pub(crate) fn rebuild(connection: &mut dyn Connection, tenant: Tenant) -> Result<(), StoreError> {
    let mut cells: BTreeMap<(RoundId, i64, i64), Cell> = BTreeMap::new();
    connection.for_each(&SELECT_EVERYTHING, &values![tenant], &mut |row| {
        let given = Given::from_columns(row.optional_parse(5)?, row.optional_text(6)?);
        let key = (row.id(0)?, row.int(1)?, row.int(2)?);
        cells
            .entry(key)
            .or_default()
            .apply(row.int(3)?, row.parse(4)?, given);
        Ok(())
    })?;
    let rows: Vec<_> = cells
        .iter()
        .map(|((round, subject_no, item_no), cell)| {
            put_row(tenant, *round, (*subject_no, *item_no), cell)
        })
        .collect();
    connection.execute_many(&PUT_CELL, &rows)?;
    Ok(())
}
