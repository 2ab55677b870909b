//! Ending a place without a successor, with the grids in it.

use directory::place::{self, ChangeKind, PlaceLevel};
use kernel::Finding;
use store::Connection;
use web::{Context, Form, PageError, Params, Route};

use super::asked::Reading;
use super::{PlaceChangePage, begin, edited, routes_of};
use crate::handover;
use crate::place_end::EndPlace;

pub(super) fn routes() -> [Route; 2] {
    routes_of("/places/{place}/end", read, edited, page)
}

fn read(_: &Context, params: &Params, form: &Form) -> Result<EndPlace, Vec<Finding>> {
    let asked = Reading::of(params, form).done(1)?;
    Ok(EndPlace {
        place: asked.place,
        day: asked.day,
        reason: asked.reason,
        document: asked.document,
        fates: asked.fates,
    })
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<PlaceChangePage, PageError> {
    let mut page = begin(context, params, connection, ChangeKind::End)?;
    let tenant = context.tenant;
    let below = place::children(connection, tenant, page.place.place)?;
    let stands = |place: &place::Place| place.level() < PlaceLevel::Grid;
    page.below = below.into_iter().filter(stands).collect();
    if !page.below.is_empty() {
        page.is_asked = false;
        return Ok(page);
    }
    let ceasing = [page.place.place];
    page.ask_others(context, connection, &ceasing)?;
    let ending = handover::with_grids(connection, tenant, page.place.clone())?;
    page.hang(context, connection, &ending)?;
    page.sources = ending;
    Ok(page)
}
