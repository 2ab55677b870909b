//! What the forms of all changes of places ask: the day, the reason, the document, and where
//! everything goes that hangs on a place.

use directory::place;
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

/// A form being read: everything that is wrong with it is told in one answer.
pub(super) struct Reading<'f> {
    params: &'f Params,
    form: &'f Form,
    findings: Vec<Finding>,
}

impl<'f> Reading<'f> {
    pub fn of(params: &'f Params, form: &'f Form) -> Reading<'f> {
        Reading {
            params,
            form,
            findings: Vec::new(),
        }
    }

    /// The value of a field, or nothing once its findings are kept.
    pub fn kept<T: Default>(&mut self, read: Result<T, Vec<Finding>>) -> T {
        read.unwrap_or_else(|findings| {
            self.findings.extend(findings);
            T::default()
        })
    }

    /// What every form asks. The command looks at the texts; where it is not reached, they are
    /// looked at here.
    pub fn done(mut self, document_least: usize) -> Result<Asked, Vec<Finding>> {
        let unknown = |_| vec![Finding::error("not-found").arg("kind", "place")];
        let (params, form) = (self.params, self.form);
        let asked = Asked {
            place: self.kept(params.path("place").parse().map_err(unknown)),
            day: self.kept(day(form, "day")),
            reason: form.text("reason").to_owned(),
            document: form.text("document").to_owned(),
            fates: self.kept(read_fates(form)),
        };
        if self.findings.is_empty() {
            return Ok(asked);
        }
        let texts = place::check_texts(&asked.reason, &asked.document, (1, document_least));
        self.findings.extend(texts);
        Err(self.findings)
    }
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
