//! What people type into a cell: read, checked against the scheme, with evidence.

use app::upload::Upload;
use app::{Door, FileHash, Refusal};
use kernel::{Day, Decimal, Finding};
use score::{Evidence, Item};
use serde::{Deserialize, Serialize};
use store::{StoreError, values};
use utoipa::ToSchema;

use crate::schema::EVIDENCE;
use crate::section::evidence::Known;
use crate::section::value::Given;
use crate::{RoundId, section::draft, section::evidence};

/// A file shown for a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceFile {
    /// SHA-256 of the uploaded file, 64 hexadecimal digits.
    pub file: String,
    /// Its name, up to 200 characters.
    pub name: String,
}

/// A value for one item, or the reason why there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The item's code.
    pub item: String,
    /// The value, as a decimal: `38.62`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Why there is no value, up to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
    /// Why it differs from the value before, up to 500 characters; the village sees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Files, at most 10.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceFile>,
}

/// Most files for one value.
pub const FILES_MAX: usize = 10;
/// Longest reason for a missing value, in characters.
pub const MISSING_MAX: usize = 200;
/// Longest name of a file, in characters.
pub const FILE_NAME_MAX: usize = 200;

/// Refuses a text of more than so many characters.
pub(crate) fn too_long(text: &str, most: usize, field: &str) -> Result<(), Finding> {
    let found = text.chars().count();
    if found <= most {
        return Ok(());
    }
    Err(Finding::error("too-long")
        .field(field.to_owned())
        .arg("found", found)
        .arg("most", most))
}

/// The field of an item's value in forms and findings.
pub fn field(item: &str, part: &str) -> String {
    format!("items.{item}.{part}")
}

impl Answer {
    /// What was given: exactly one of value and reason.
    pub fn given(&self, item: &Item) -> Result<Given, Finding> {
        let value = self
            .value
            .as_deref()
            .map(str::trim)
            .filter(|value| !value.is_empty());
        let missing = self
            .missing
            .as_deref()
            .map(str::trim)
            .filter(|why| !why.is_empty());
        match (value, missing) {
            (None, None) => Err(Finding::error("value-required").field(field(&self.item, "value"))),
            (Some(_), Some(_)) => {
                Err(Finding::error("value-and-reason").field(field(&self.item, "missing")))
            }
            (Some(value), None) => check_value(item, value).map(Given::Value),
            (None, Some(why)) => {
                too_long(why, MISSING_MAX, &field(&self.item, "missing"))?;
                Ok(Given::Missing(why.to_owned()))
            }
        }
    }
}

/// Reads a value as the scheme believes it: a decimal, not of too many places, within the limits.
pub fn check_value(item: &Item, text: &str) -> Result<Decimal, Finding> {
    let at = field(&item.code, "value");
    let value: Decimal = text.parse().map_err(|_| {
        Finding::error("not-a-number")
            .field(at.clone())
            .arg("found", text)
    })?;
    if let Some(scale) = item.scale
        && value.scale() > scale
    {
        return Err(Finding::error("value-too-many-places")
            .field(at)
            .arg("item", item.code.as_str())
            .arg("found", text)
            .arg("expected", u32::from(scale)));
    }
    let below = item.minimum.is_some_and(|minimum| value < minimum);
    let above = item.maximum.is_some_and(|maximum| value > maximum);
    if below || above {
        let end = |end: Option<Decimal>| end.map_or("none".to_owned(), |end| end.to_string());
        return Err(Finding::error("value-out-of-range")
            .field(at)
            .arg("item", item.code.as_str())
            .arg("found", text)
            .arg("least", end(item.minimum))
            .arg("most", end(item.maximum)));
    }
    Ok(value)
}

/// Whether a declared value needs a file on this day.
pub fn evidence_required(item: &Item, today: Day) -> bool {
    matches!(&item.evidence, Evidence::Required { until, .. } if today <= *until)
}

/// Checks the files of an answer against those that may be shown here; a missing value needs none.
pub fn check_evidence(
    today: Day,
    known: &Known,
    item: &Item,
    answer: &Answer,
    given: &Given,
) -> Result<Vec<(FileHash, Upload)>, Finding> {
    let at = field(&answer.item, "evidence");
    let error = |code| Finding::error(code).field(at.clone());
    if answer.evidence.is_empty() {
        let required = evidence_required(item, today) && given.value().is_some();
        return if required {
            Err(error("evidence-required"))
        } else {
            Ok(Vec::new())
        };
    }
    if item.evidence == Evidence::None {
        return Err(error("evidence-not-taken"));
    }
    evidence::check(&answer.evidence, known, &at)
}

/// The files of these answers that the acting account brought, and those that were shown for this
/// village in this round before, whoever brought them.
pub(crate) fn known_files(
    door: &mut Door<'_>,
    (round, subject_no): (RoundId, i64),
    shown: &[EvidenceFile],
) -> Result<Known, StoreError> {
    let mut known = Known::new();
    if shown.is_empty() {
        return Ok(known);
    }
    let tenant = door.tenant();
    let evidence = evidence::of_subject(door.connection(), tenant, round, subject_no)?;
    known.extend(evidence.into_iter().map(|row| (row.file, row.upload())));
    let drafts = draft::files_of_subject(door.connection(), tenant, round, subject_no)?;
    known.extend(drafts.into_iter().map(|row| (row.file, row.upload())));
    known.extend(evidence::brought(door, shown)?);
    Ok(known)
}

/// Where evidence belongs: round, subject, item, and the value's position in the cell.
pub(crate) type EvidenceKey = (RoundId, i64, i64, i64);

/// Appends the files of an answer to the record.
pub(crate) fn append_evidence(
    door: &mut Door<'_>,
    (round, subject_no, item_no, seq): EvidenceKey,
    answer: &Answer,
    files: &[(FileHash, Upload)],
) -> Result<(), Refusal> {
    let key = values![round, subject_no, item_no, seq];
    let rest = values![door.person(), door.now()];
    evidence::append_shown(door, &EVIDENCE, (&key, &rest), &answer.evidence, files)
}
