//! Division codes of single places: whether a new one fits where the place stands, and putting a
//! wrong one right.

use kernel::{DivisionCode, Finding, PlaceId};
use store::StoreError;

use super::succession::{check_change, draft_of, moved, write_change};
use super::{
    Place, PlaceChange, PlaceDraft, PlaceLevel, ancestors, check_places, children, ended, get,
    get_many, write_places,
};
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

/// Puts the code of a place right, from the first day of its present version on; `with_below` also
/// those below it that begin with the wrong one, each from the first day of its own. Without it,
/// nothing may be left outside. Findings name `code`, `reason` and `below`.
pub fn correct_code(
    recorder: &mut dyn Recorder,
    place: PlaceId,
    code: DivisionCode,
    with_below: bool,
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
    let mut drafts = vec![PlaceDraft {
        code: Some(code),
        ..draft_of(&found)
    }];
    if found.code == Some(code) {
        findings.push(Finding::error("place-unchanged").field("code"));
    } else if let Some(wrong) = check_code(recorder, code, found.level(), found.parent)? {
        findings.push(wrong.field("code"));
    } else {
        let below = carried_below(recorder, &found, code)?;
        if with_below {
            drafts.extend(below);
        } else if let Some(first) = below.first() {
            let finding = Finding::error("division-code-leaves-below").field("below");
            let finding = finding.arg("count", below.len());
            findings.push(finding.arg("name", first.name.as_str()));
        }
        findings.extend(at_corrected(check_places(recorder, &drafts)?));
    }
    WriteError::refuse_if_any(findings)?;
    let change = PlaceChange {
        day: found.valid_from,
        ..change.clone()
    };
    write_change(recorder, &change)?;
    write_places(recorder, &drafts)
}

/// What stands below a place, inside its present code and outside the new one, with the new digits
/// of the place above.
fn carried_below(
    recorder: &mut dyn Recorder,
    place: &Place,
    code: DivisionCode,
) -> Result<Vec<PlaceDraft>, StoreError> {
    let tenant = recorder.tenant();
    let Some(before) = place.code else {
        return Ok(Vec::new());
    };
    let mut drafts = Vec::new();
    let mut open = vec![place.place];
    while let Some(above) = open.pop() {
        for child in children(recorder.connection(), tenant, above)? {
            // Grids have no codes.
            if child.level() < PlaceLevel::Village {
                open.push(child.place);
            }
            let outside = child.code.filter(|own| !code.holds(*own));
            if let Some(carried) = outside.and_then(|own| own.carried(before, code)) {
                drafts.push(PlaceDraft {
                    code: Some(carried),
                    ..draft_of(&child)
                });
            }
        }
    }
    Ok(drafts)
}

/// Findings of the place itself at the fields of the change, those of what is below it at the
/// choice that takes it along.
fn at_corrected(findings: Vec<Finding>) -> Vec<Finding> {
    moved(findings, &|path| {
        let (index, field) = path.strip_prefix("places.")?.split_once('.')?;
        Some(match (index, field) {
            ("0", "valid_from" | "valid_to") => "day".to_owned(),
            ("0", field) => field.to_owned(),
            _ => "below".to_owned(),
        })
    })
}
