//! Drafts: what is typed and not yet declared. A working table, no command, no trace: watching
//! someone type is nobody's business.

use app::{Door, Refusal};
use kernel::{Instant, Tenant};
use store::{Connection, StoreError, values};

use crate::RoundId;
use crate::section::Step;

store::statements! {
    PUT_DRAFT = concat!(
        "INSERT INTO draft (tenant, round, subject_no, item_no, value, missing, saved_at) ",
        "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant, round, subject_no, item_no) ",
        "DO UPDATE SET value = excluded.value, missing = excluded.missing, ",
        "saved_at = excluded.saved_at"
    );
    SELECT_DRAFTS = concat!(
        "SELECT item_no, value, missing, saved_at FROM draft ",
        "WHERE tenant = $1 AND round = $2 AND subject_no = $3 ORDER BY item_no"
    );
    DROP_DRAFTS = concat!(
        "DELETE FROM draft WHERE tenant = $1 AND round = $2 AND subject_no = $3 ",
        "AND item_no IN (SELECT item_no FROM round_item ",
        "WHERE tenant = $1 AND round = $2 AND section_no = $4)"
    );
    PUT_FILE = concat!(
        "INSERT INTO draft_file (tenant, round, subject_no, item_no, file, name, media_type, ",
        "size_bytes, saved_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ",
        "ON CONFLICT (tenant, round, subject_no, item_no, file) DO NOTHING"
    );
    DROP_FILE = concat!(
        "DELETE FROM draft_file WHERE tenant = $1 AND round = $2 AND subject_no = $3 ",
        "AND item_no = $4 AND file = $5"
    );
    SELECT_FILES = concat!(
        "SELECT item_no, file, name, media_type, size_bytes FROM draft_file ",
        "WHERE tenant = $1 AND round = $2 AND subject_no = $3 ORDER BY item_no, saved_at, file"
    );
    DROP_FILES = concat!(
        "DELETE FROM draft_file WHERE tenant = $1 AND round = $2 AND subject_no = $3 ",
        "AND item_no IN (SELECT item_no FROM round_item ",
        "WHERE tenant = $1 AND round = $2 AND section_no = $4)"
    );
}

/// What was typed into one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Which column.
    pub item_no: i64,
    /// The text of the value, as typed.
    pub value: String,
    /// The text of the reason why there is none, as typed.
    pub missing: String,
    /// When it was saved.
    pub saved_at: Instant,
}

/// A file uploaded for a value not yet declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftFile {
    /// Which column.
    pub item_no: i64,
    /// Hash of its content.
    pub file: app::FileHash,
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its size.
    pub size_bytes: i64,
}

/// The cell that a draft belongs to: round, subject, column.
pub type DraftKey = (RoundId, i64, i64);

/// Longest text that a draft keeps, in characters; the command checks what it means.
pub const DRAFT_MAX: usize = 500;

/// Keeps what was typed; longer text is cut.
pub fn save(
    connection: &mut dyn Connection,
    tenant: Tenant,
    (round, subject_no, item_no): DraftKey,
    (value, missing): (&str, &str),
    now: Instant,
) -> Result<(), StoreError> {
    let cut = |text: &str| text.chars().take(DRAFT_MAX).collect::<String>();
    let row = values![
        tenant,
        round,
        subject_no,
        item_no,
        cut(value),
        cut(missing),
        now
    ];
    connection.execute(&PUT_DRAFT, &row)?;
    Ok(())
}

/// The drafts of a subject.
pub fn of_subject(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    subject_no: i64,
) -> Result<Vec<Draft>, StoreError> {
    connection.all(&SELECT_DRAFTS, &values![tenant, round, subject_no], |row| {
        Ok(Draft {
            item_no: row.int(0)?,
            value: row.text(1)?.to_owned(),
            missing: row.text(2)?.to_owned(),
            saved_at: row.instant(3)?,
        })
    })
}

/// Keeps an uploaded file with its cell.
pub fn add_file(
    connection: &mut dyn Connection,
    tenant: Tenant,
    (round, subject_no): (RoundId, i64),
    file: &DraftFile,
    now: Instant,
) -> Result<(), StoreError> {
    let row = values![
        tenant,
        round,
        subject_no,
        file.item_no,
        file.file.0,
        &file.name,
        &file.media_type,
        file.size_bytes,
        now
    ];
    connection.execute(&PUT_FILE, &row)?;
    Ok(())
}

/// Takes a file away from its cell.
pub fn remove_file(
    connection: &mut dyn Connection,
    tenant: Tenant,
    (round, subject_no, item_no): DraftKey,
    file: app::FileHash,
) -> Result<(), StoreError> {
    connection.execute(
        &DROP_FILE,
        &values![tenant, round, subject_no, item_no, file.0],
    )?;
    Ok(())
}

/// The files of a subject's drafts.
pub fn files_of_subject(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    subject_no: i64,
) -> Result<Vec<DraftFile>, StoreError> {
    connection.all(&SELECT_FILES, &values![tenant, round, subject_no], |row| {
        Ok(DraftFile {
            item_no: row.int(0)?,
            file: app::FileHash(row.bytes(1)?),
            name: row.text(2)?.to_owned(),
            media_type: row.text(3)?.to_owned(),
            size_bytes: row.int(4)?,
        })
    })
}

/// Forgets the drafts of a section that was declared.
pub(crate) fn drop_section(door: &mut Door<'_>, step: &Step) -> Result<(), Refusal> {
    let (round, subject_no) = (step.round.round, step.subject.subject_no);
    let key = values![door.tenant(), round, subject_no, step.section.section_no];
    door.connection().execute(&DROP_DRAFTS, &key)?;
    door.connection().execute(&DROP_FILES, &key)?;
    Ok(())
}
