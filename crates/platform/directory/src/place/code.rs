//! Division codes of single places: whether a new one fits where the place stands, and putting a
//! wrong one right.

use kernel::{DivisionCode, Finding, PlaceId};
use store::StoreError;

use super::succession::{at_fields, check_change, draft_of, write_change};
use super::{PlaceChange, PlaceDraft, PlaceLevel, ancestors, ended, get, get_many, write_places};
use crate::{Recorder, WriteError};

/// What is wrong with a code that somebody typed for a place below `parent`: it is of another
/// level, or lies outside the nearest place above that has a code.
pub(super) fn check_code(
    recorder: &mut dyn Recorder,
    code: DivisionCode,
    level: PlaceLevel,
    parent: Option<PlaceId>,
) -> Result<Option<Finding>, StoreError> {
    if PlaceLevel::from(code.level()) != level {
        let finding = Finding::error("division-code-other-level").arg("found", code.to_string());
        return Ok(Some(finding.arg("expected", level.name())));
    }
    let Some(parent) = parent else {
        return Ok(None);
    };
    let tenant = recorder.tenant();
    let above = ancestors(recorder.connection(), tenant, parent)?;
    let above = get_many(recorder.connection(), tenant, &above)?;
    let coded = above.iter().filter(|place| place.code.is_some());
    let nearest = coded.max_by_key(|place| place.level());
    let outside = nearest.filter(|place| place.code.is_some_and(|above| !above.holds(code)));
    Ok(outside.map(|place| {
        let expected = place.code.map(|code| code.to_string()).unwrap_or_default();
        Finding::error("division-code-elsewhere")
            .arg("found", code.to_string())
            .arg("name", place.shown_name())
            .arg("expected", expected.trim_end_matches('0'))
    }))
}

/// Puts the code of a place right, from the first day of its present version on. Findings name
/// `code` and `reason`.
pub fn correct_code(
    recorder: &mut dyn Recorder,
    place: PlaceId,
    code: DivisionCode,
    change: &PlaceChange,
) -> Result<(), WriteError> {
    let mut findings = check_change(recorder, change, (1, 0));
    let tenant = recorder.tenant();
    let Some(found) = get(recorder.connection(), tenant, place)? else {
        return Err(Finding::error("place-unknown").field("place").into());
    };
    if found.valid_to.is_some() {
        findings.push(ended(&found).field("place"));
    }
    if found.code == Some(code) {
        findings.push(Finding::error("place-unchanged").field("code"));
    } else if let Some(wrong) = check_code(recorder, code, found.level(), found.parent)? {
        findings.push(wrong.field("code"));
    }
    WriteError::refuse_if_any(findings)?;
    let change = PlaceChange {
        day: found.valid_from,
        ..change.clone()
    };
    let draft = PlaceDraft {
        code: Some(code),
        ..draft_of(&found)
    };
    write_change(recorder, &change)?;
    write_places(recorder, &[draft]).map_err(at_fields)
}
