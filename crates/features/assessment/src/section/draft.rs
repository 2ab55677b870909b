//! Drafts: what is typed and not yet declared. A working table, no command, no trace: watching
//! someone type is nobody's business.

use access::Action;
use std::collections::BTreeMap;

use app::upload::{self, Upload};
use app::{Door, FileHash, Refusal};
use kernel::{Finding, Instant, Tenant};
use store::{Connection, StoreError, values};
use web::{Context, DraftHandler, Form, PageError, Params, Policy, PostedFile, Route};

use crate::round::RoundItem;
use crate::scope::{round_of, section_target, subject_of};
use crate::section::Step;
use crate::section::answer::{FILES_MAX, field};
use crate::section::decision::is_asked_of_village;
use crate::transition::{RoundState, SectionAct, in_time, section_move};
use crate::{RoundId, round, section, section::evidence, section::section_page};

store::statements! {
    /// Whether something typed and not yet sent comes with this file.
    pub(crate) NAMES_FILE = "SELECT subject_no FROM draft_file WHERE tenant = $1 AND file = $2 LIMIT 1";
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
    pub file: FileHash,
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its size.
    pub size_bytes: i64,
}

impl DraftFile {
    /// What it was taken in as.
    pub(crate) fn upload(self) -> Upload {
        Upload {
            size_bytes: self.size_bytes,
            media_type: self.media_type,
        }
    }
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
            file: FileHash(row.bytes(1)?),
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

/// The route that keeps what is typed.
pub(crate) fn route() -> Route {
    Route::draft(
        "/rounds/{round}/villages/{place}/sections/{section}/draft",
        Policy::On(Action::ScoreDeclare, section_target),
        DraftHandler {
            keep,
            part: section_page::running,
            done: section_page::address,
            again: section_page::page,
        },
    )
}

/// Keeps what the form holds of the section's questions: all of it, so that what was emptied is
/// empty when the section is opened again.
pub(crate) fn keep(
    context: &Context,
    params: &Params,
    form: &Form,
    connection: &mut dyn Connection,
) -> Result<(), PageError> {
    if form.parts("items").is_empty() {
        return Err(PageError::Invalid(vec![Finding::error("draft-empty")]));
    }
    let (tenant, now) = (context.tenant, context.now);
    let found = round_of(context, params, connection)?;
    let subject = subject_of(tenant, params, connection)?;
    let key = (found.round, subject.subject_no);
    let code = params.path("section");
    let sections = round::sections(connection, tenant, found.round)?;
    let section = sections.iter().find(|section| section.code == code);
    let section_no = section.ok_or(PageError::NotFound)?.section_no;
    declarable(context, connection, found.state, key, section_no)?;
    let mut asked = round::items(connection, tenant, found.round)?;
    asked.retain(|item| item.section_no == section_no && is_asked_of_village(item));
    // Read before they are dropped: what is kept already may be kept again by a colleague.
    let kept = files_of_subject(connection, tenant, key.0, key.1)?;
    let shown = evidence::of_subject(connection, tenant, key.0, key.1)?;
    let mut of_village: BTreeMap<FileHash, Upload> = BTreeMap::new();
    of_village.extend(kept.into_iter().map(|row| (row.file, row.upload())));
    of_village.extend(shown.into_iter().map(|row| (row.file, row.upload())));
    connection.execute(&DROP_FILES, &values![tenant, key.0, key.1, section_no])?;
    for item in &asked {
        let typed = |part| form.text(&field(&item.code, part));
        let texts = (typed("value"), typed("missing"));
        save(connection, tenant, (key.0, key.1, item.item_no), texts, now)?;
        for file in form.files(&field(&item.code, "evidence")).take(FILES_MAX) {
            let own = upload::of(connection, tenant, context.subject.account, file.hash)?;
            if let Some(upload) = own.as_ref().or(of_village.get(&file.hash)) {
                let file = file_of(item, file, upload);
                add_file(connection, tenant, key, &file, now)?;
            }
        }
    }
    Ok(())
}

fn file_of(item: &RoundItem, file: &PostedFile, upload: &Upload) -> DraftFile {
    DraftFile {
        item_no: item.item_no,
        file: file.hash,
        name: file.name.clone(),
        media_type: upload.media_type.clone(),
        size_bytes: upload.size_bytes,
    }
}

/// Refuses what could not be declared today: it would be kept for nothing.
fn declarable(
    context: &Context,
    connection: &mut dyn Connection,
    state: RoundState,
    (round, subject_no): (RoundId, i64),
    section_no: i64,
) -> Result<(), PageError> {
    let refuse = |finding: Finding| PageError::Invalid(vec![finding]);
    if state != RoundState::Open {
        let finding = Finding::error("round-not-open").arg("state", state.name());
        return Err(refuse(finding));
    }
    let states = section::states(connection, context.tenant, round, subject_no)?;
    let now = states
        .into_iter()
        .find(|known| known.section_no == section_no)
        .ok_or(PageError::NotFound)?;
    section_move(now.state, SectionAct::Declare).map_err(refuse)?;
    let terms = round::terms(connection, context.tenant, round, subject_no)?;
    in_time(SectionAct::Declare, terms, now.due, context.today()).map_err(refuse)
}
