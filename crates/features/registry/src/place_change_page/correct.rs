//! Putting the division code of a place right.

use directory::place::{self, ChangeKind, PlaceLevel};
use kernel::Finding;
use store::Connection;
use web::{Context, Form, PageError, Params, Route};

use super::asked::{self, Reading};
use super::{PlaceChangePage, begin, routes_of};
use crate::{place_correct::CorrectPlace, place_edit::PlaceEdited};

pub(super) fn routes() -> [Route; 2] {
    routes_of("/places/{place}/correct", read, corrected, page)
}

fn corrected(_: &Context, params: &Params, _: &PlaceEdited) -> String {
    format!("/places/{}?done=corrected", params.path("place"))
}

fn read(_: &Context, params: &Params, form: &Form) -> Result<CorrectPlace, Vec<Finding>> {
    let mut reading = Reading::of(params, form);
    let missing = || vec![Finding::error("required").field("code")];
    let code = asked::code(form, "code").and_then(|code| code.ok_or_else(missing).map(Some));
    let code = reading.kept(code);
    let asked = reading.done(0)?;
    Ok(CorrectPlace {
        place: asked.place,
        code: code.ok_or_else(missing)?,
        below: form.get("below").is_some(),
        reason: asked.reason,
        document: asked.document,
    })
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<PlaceChangePage, PageError> {
    let mut page = begin(context, params, connection, ChangeKind::Correct)?;
    // Grids have no codes.
    if page.place.level() >= PlaceLevel::Grid {
        return Err(PageError::NotFound);
    }
    let below = place::children(connection, context.tenant, page.place.place)?;
    page.below = below
        .into_iter()
        .filter(|child| child.code.is_some())
        .collect();
    Ok(page)
}
