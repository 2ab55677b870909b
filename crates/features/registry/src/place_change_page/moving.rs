//! Putting a place with everything below it below another one.

use access::{Action, Scope, places};
use directory::place::{self, ChangeKind, Place};
use kernel::Finding;
use store::Connection;
use web::{Choice, Context, Form, PageError, Params, Route};

use super::asked::Reading;
use super::{PlaceChangePage, begin, edited, routes_of};
use crate::place_end::MovePlace;

pub(super) fn routes() -> [Route; 2] {
    routes_of("/places/{place}/move", read, edited, page)
}

fn read(_: &Context, params: &Params, form: &Form) -> Result<MovePlace, Vec<Finding>> {
    let mut reading = Reading::of(params, form);
    let parent = form.parse("parent", "required");
    let parent = reading.kept(parent.map_err(|finding| vec![finding]));
    let asked = reading.done(1)?;
    Ok(MovePlace {
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
    let mut page = begin(context, params, connection, ChangeKind::Move)?;
    page.above = above(context, connection, &page.place)?;
    Ok(page)
}

/// Places below which one may come to stand.
pub(super) fn above(
    context: &Context,
    connection: &mut dyn Connection,
    place: &Place,
) -> Result<Vec<Choice>, PageError> {
    let parent = match place.parent {
        Some(parent) => place::get(connection, context.tenant, parent)?,
        None => None,
    };
    let scope = Scope::new(&context.subject, Action::RegistryMerge, context.today());
    let filter = places::PlaceFilter {
        level: parent.map(|parent| parent.level()),
        ..Default::default()
    };
    let found = places::list(connection, &scope, &filter, places::Page::ALL)?;
    let fits = |above: &Place| above.level() < place.level();
    Ok(found
        .into_iter()
        .filter(fits)
        .map(|above| Choice::new(above.place.to_string(), above.shown_name()))
        .collect())
}
