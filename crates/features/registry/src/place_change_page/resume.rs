//! Bringing back a place that ended.

use directory::place::ChangeKind;
use kernel::Finding;
use store::Connection;
use web::{Context, Form, PageError, Params, Route};

use super::asked::Reading;
use super::moving::above;
use super::{PlaceChangePage, begin, edited, routes_of};
use crate::place_end::ResumePlace;

pub(super) fn routes() -> [Route; 2] {
    routes_of("/places/{place}/resume", read, edited, page)
}

fn read(_: &Context, params: &Params, form: &Form) -> Result<ResumePlace, Vec<Finding>> {
    let mut reading = Reading::of(params, form);
    let parent = form
        .get("parent")
        .map(|_| form.parse("parent", "place-unknown"));
    let parent = reading.kept(parent.transpose().map_err(|finding| vec![finding]));
    let asked = reading.done(1)?;
    Ok(ResumePlace {
        place: asked.place,
        parent,
        day: asked.day,
        reason: asked.reason,
        document: asked.document,
    })
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<PlaceChangePage, PageError> {
    let mut page = begin(context, params, connection, ChangeKind::Resume)?;
    page.above = above(context, connection, &page.place)?;
    Ok(page)
}
