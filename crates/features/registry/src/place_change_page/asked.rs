//! What the forms of all changes of places ask: the day, the reason, the document, and where
//! everything goes that hangs on a place.

use kernel::{Day, DivisionCode, Finding, PlaceId};
use web::{Form, Params};

use crate::handover::Fate;

/// What every form asks.
pub(super) struct Asked {
    pub place: PlaceId,
    pub day: Option<Day>,
    pub reason: String,
    pub document: String,
    pub fates: Vec<Fate>,
}

pub(super) fn read(params: &Params, form: &Form) -> Result<Asked, Vec<Finding>> {
    let unknown = |_| vec![Finding::error("not-found").arg("kind", "place")];
    let place = params.path("place").parse().map_err(unknown)?;
    Ok(Asked {
        place,
        day: day(form, "day")?,
        reason: form.text("reason").to_owned(),
        document: form.text("document").to_owned(),
        fates: read_fates(form)?,
    })
}

/// A day that may be left out, which means today.
pub(crate) fn day(form: &Form, name: &str) -> Result<Option<Day>, Vec<Finding>> {
    match form.get(name) {
        None => Ok(None),
        Some(_) => form.day(name).map(Some).map_err(|finding| vec![finding]),
    }
}

/// `fates.post.{id}` = the number of a successor, or `end`. What was not chosen is not said, and
/// the command finds it.
fn read_fates(form: &Form) -> Result<Vec<Fate>, Vec<Finding>> {
    let mut fates = Vec::new();
    let mut findings = Vec::new();
    for (name, value) in form.fields() {
        let mut parts = name.splitn(3, '.');
        if parts.next() != Some("fates") || value.is_empty() {
            continue;
        }
        let what = parts.next().and_then(|what| what.parse().ok());
        let id = parts.next().and_then(|id| id.parse().ok());
        let to = match value {
            "end" => Some(None),
            number => number.parse().ok().map(Some),
        };
        match (what, id, to) {
            (Some(what), Some(id), Some(to)) => fates.push(Fate { what, id, to }),
            _ => findings.push(Finding::error("required").field(name.to_owned())),
        }
    }
    if findings.is_empty() {
        Ok(fates)
    } else {
        Err(findings)
    }
}

pub(super) fn code(form: &Form, name: &str) -> Result<Option<DivisionCode>, Vec<Finding>> {
    let Some(typed) = form.get(name) else {
        return Ok(None);
    };
    match typed.parse::<DivisionCode>() {
        Ok(code) => Ok(Some(code)),
        Err(wrong) => {
            let finding = Finding::error(wrong.code()).field(name.to_owned());
            Err(vec![finding.arg("found", typed)])
        }
    }
}
