//! Putting the division code of a place right.

use directory::place::{ChangeKind, PlaceLevel};
use kernel::Finding;
use store::Connection;
use web::{Context, Form, PageError, Params, Route};

use super::{PlaceChangePage, asked, begin, edited, routes_of};
use crate::place_correct::CorrectPlace;

pub(super) fn routes() -> [Route; 2] {
    routes_of("/places/{place}/correct", read, edited, page)
}

fn read(_: &Context, params: &Params, form: &Form) -> Result<CorrectPlace, Vec<Finding>> {
    let asked = asked::read(params, form)?;
    let missing = || vec![Finding::error("required").field("code")];
    Ok(CorrectPlace {
        place: asked.place,
        code: asked::code(form, "code")?.ok_or_else(missing)?,
        reason: asked.reason,
        document: asked.document,
    })
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<PlaceChangePage, PageError> {
    let page = begin(context, params, connection, ChangeKind::Correct)?;
    // Grids have no codes.
    if page.place.level() >= PlaceLevel::Grid {
        return Err(PageError::NotFound);
    }
    Ok(page)
}
