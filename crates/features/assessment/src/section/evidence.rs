//! Files behind declared values: listed with their cells, and handed out to whoever may read the
//! village's values.

use std::collections::{BTreeSet, HashMap};

use access::Action;
use app::upload::Upload;
use app::{Door, FileHash, Refusal};
use kernel::{Finding, Period, Tenant};
use store::{Connection, Record, StoreError, Value, values};
use web::{Context, Download, PageError, Params, Policy, Route};

use crate::RoundId;
use crate::scope::{subject_of, village_target};
use crate::section::answer::{EvidenceFile, FILE_NAME_MAX, FILES_MAX, too_long};

store::statements! {
    /// Whether a declared value rests on this file.
    pub(crate) NAMES_FILE = "SELECT subject_no FROM evidence WHERE tenant = $1 AND file = $2 LIMIT 1";
    /// The files of one subject.
    SELECT_FILES = concat!(
        "SELECT item_no, seq, file, name, media_type, size_bytes FROM evidence ",
        "WHERE tenant = $1 AND round = $2 AND subject_no = $3 ORDER BY item_no, seq, name, file"
    );
    /// The cells of the subjects from one number to another that rest on files.
    SELECT_PROVEN = concat!(
        "SELECT DISTINCT subject_no, item_no FROM evidence ",
        "WHERE tenant = $1 AND round = $2 AND subject_no BETWEEN $3 AND $4 ",
        "ORDER BY subject_no, item_no"
    );
    /// Where else the content of a file was shown: not for the same village and item of a round.
    SELECT_ELSEWHERE = concat!(
        "SELECT DISTINCT r.period, s.name, s.alias, i.title_zh, i.title_en FROM evidence e ",
        "JOIN round r ON r.tenant = e.tenant AND r.round = e.round ",
        "JOIN round_subject s ON s.tenant = e.tenant AND s.round = e.round ",
        "AND s.subject_no = e.subject_no ",
        "JOIN round_item i ON i.tenant = e.tenant AND i.round = e.round AND i.item_no = e.item_no ",
        "WHERE e.tenant = $1 AND e.file = $2 ",
        "AND NOT (e.round = $3 AND e.subject_no = $4 AND e.item_no = $5) ",
        "ORDER BY r.period DESC, s.name, i.title_zh LIMIT 5"
    );
}

/// A place where a file with the same content was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// The period of the round.
    pub period: Period,
    /// The village, as it was named then.
    pub village: String,
    /// Chinese and English name of the item.
    pub item: (String, String),
}

/// Where else a file with this content was shown, at most five places, the latest period first.
/// That a file serves twice is no fault: one photo may show two things.
pub fn elsewhere(
    connection: &mut dyn Connection,
    tenant: Tenant,
    file: FileHash,
    (round, subject_no, item_no): (RoundId, i64, i64),
) -> Result<Vec<Elsewhere>, StoreError> {
    let key = values![tenant, file.0, round, subject_no, item_no];
    connection.all(&SELECT_ELSEWHERE, &key, |row| {
        Ok(Elsewhere {
            period: row.parse(0)?,
            village: row.optional_text(2)?.unwrap_or(row.text(1)?).to_owned(),
            item: (row.text(3)?.to_owned(), row.text(4)?.to_owned()),
        })
    })
}

/// A file behind a declared value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceRow {
    /// Of which column.
    pub item_no: i64,
    /// For which value of the cell.
    pub seq: i64,
    /// Hash of its content.
    pub file: FileHash,
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its size.
    pub size_bytes: i64,
}

impl EvidenceRow {
    /// What it was taken in as.
    pub(crate) fn upload(self) -> Upload {
        Upload {
            size_bytes: self.size_bytes,
            media_type: self.media_type,
        }
    }
}

/// The files of one subject, by column and value.
pub fn of_subject(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    subject_no: i64,
) -> Result<Vec<EvidenceRow>, StoreError> {
    connection.all(&SELECT_FILES, &values![tenant, round, subject_no], |row| {
        Ok(EvidenceRow {
            item_no: row.int(0)?,
            seq: row.int(1)?,
            file: FileHash(row.bytes(2)?),
            name: row.text(3)?.to_owned(),
            media_type: row.text(4)?.to_owned(),
            size_bytes: row.int(5)?,
        })
    })
}

/// The cells, by subject and column, that rest on files: of the subjects from one number to another.
pub fn proven(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    (first, last): (i64, i64),
) -> Result<BTreeSet<(i64, i64)>, StoreError> {
    let key = values![tenant, round, first, last];
    let cells = connection.all(&SELECT_PROVEN, &key, |row| Ok((row.int(0)?, row.int(1)?)))?;
    Ok(cells.into_iter().collect())
}

/// The route of one file.
pub(crate) fn route() -> Route {
    Route::download(
        "/rounds/{round}/villages/{place}/evidence/{file}",
        Policy::On(Action::ScoreRead, village_target),
        download,
    )
}

fn download(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Download, PageError> {
    let subject = subject_of(context.tenant, params, connection)?;
    let (round, file): (RoundId, FileHash) = (params.parse("round")?, params.parse("file")?);
    let files = of_subject(connection, context.tenant, round, subject.subject_no)?;
    // Only what was shown for this village: a hash from elsewhere opens nothing.
    let found = files
        .into_iter()
        .find(|known| known.file == file)
        .ok_or(PageError::NotFound)?;
    stored(context, file, found.name, known_type(&found.media_type))
}

/// A stored file under its name.
pub(crate) fn stored(
    context: &Context,
    file: FileHash,
    name: String,
    media_type: &'static str,
) -> Result<Download, PageError> {
    let read = || -> std::io::Result<Option<Vec<u8>>> {
        let Some(mut opened) = context.app().files().open_file(file)? else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut opened, &mut bytes)?;
        Ok(Some(bytes))
    };
    let bytes = read().map_err(|error| PageError::Bug(error.to_string()))?;
    Ok(Download {
        name,
        media_type,
        bytes: bytes.ok_or(PageError::NotFound)?,
    })
}

/// Files that may be shown, by their hash.
pub(crate) type Known = HashMap<FileHash, Upload>;

/// Those of these files that the acting account brought.
pub(crate) fn brought(door: &mut Door<'_>, shown: &[EvidenceFile]) -> Result<Known, StoreError> {
    let mut known = Known::new();
    for hash in shown.iter().filter_map(|file| file.file.parse().ok()) {
        if let Some(upload) = door.uploaded(hash)? {
            known.insert(hash, upload);
        }
    }
    Ok(known)
}

/// Checks files that are shown against those that may be: at most ten, each once and with its name;
/// the findings stand at a field. The answer is what they were taken in as, in the order given.
pub(crate) fn check(
    shown: &[EvidenceFile],
    known: &Known,
    field: &str,
) -> Result<Vec<(FileHash, Upload)>, Finding> {
    let error = |code| Finding::error(code).field(field.to_owned());
    if shown.len() > FILES_MAX {
        return Err(error("evidence-too-many").arg("limit", FILES_MAX));
    }
    let mut files: Vec<(FileHash, Upload)> = Vec::new();
    for file in shown {
        let text = file.file.as_str();
        let hash: FileHash = text
            .parse()
            .map_err(|_| error("file-hash").arg("found", text))?;
        if file.name.is_empty() {
            return Err(error("required"));
        }
        too_long(&file.name, FILE_NAME_MAX, field)?;
        let upload = known.get(&hash).ok_or_else(|| error("file-unknown"))?;
        if files.iter().any(|(known, _)| *known == hash) {
            return Err(error("evidence-twice").arg("found", file.name.as_str()));
        }
        files.push((hash, upload.clone()));
    }
    Ok(files)
}

/// Appends files that [`check`] found good to a table of the record, whose columns are: the tenant,
/// `key`, file, command, name, media type, size, `rest`.
pub(crate) fn append_shown(
    door: &mut Door<'_>,
    record: &Record,
    (key, rest): (&[Value<'_>], &[Value<'_>]),
    shown: &[EvidenceFile],
    files: &[(FileHash, Upload)],
) -> Result<(), Refusal> {
    let (tenant, command) = (door.tenant(), door.command());
    let row = |(file, (hash, upload)): (&EvidenceFile, &(FileHash, Upload))| {
        let file = values![
            hash.0,
            command,
            file.name.clone(),
            upload.media_type.clone(),
            upload.size_bytes
        ];
        let mut row: Vec<Value<'_>> = values![tenant].into();
        row.extend(key.iter().cloned());
        row.extend(file);
        row.extend(rest.iter().cloned());
        row
    };
    let rows: Vec<Vec<Value<'_>>> = shown.iter().zip(files).map(row).collect();
    door.append_many(record, &rows)
}

/// The media types that are handed out as what they are; anything else is only bytes.
pub(crate) fn known_type(media_type: &str) -> &'static str {
    const KNOWN: [&str; 4] = ["image/jpeg", "image/png", "image/webp", "application/pdf"];
    KNOWN
        .into_iter()
        .find(|known| *known == media_type)
        .unwrap_or("application/octet-stream")
}
