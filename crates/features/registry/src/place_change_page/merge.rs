//! Merging places: first who takes part and into what, then where everything goes.

use access::{Action, Scope, places};
use directory::place::{self, ChangeKind, Place};
use kernel::{Finding, PlaceId};
use store::Connection;
use web::{Attempt, Choice, Context, Form, PageError, Params, Route};

use super::{PlaceChangePage, asked, begin, routes_of};
use crate::place_merge::{MergePlaces, PlacesSucceeded};

pub(super) fn routes() -> [Route; 2] {
    routes_of("/places/{place}/merge", read, first_of, page)
}

/// Where a merger or a split leads: to the first of the places that are there now.
pub(super) fn first_of(_: &Context, params: &Params, done: &PlacesSucceeded) -> String {
    let first = done.successors.first().map(ToString::to_string);
    let place = first.unwrap_or_else(|| params.path("place").to_owned());
    format!("/places/{place}")
}

fn read(_: &Context, params: &Params, form: &Form) -> Result<MergePlaces, Vec<Finding>> {
    let asked = asked::read(params, form)?;
    let into: Option<PlaceId> = params.query_as("into");
    let all = std::iter::once(asked.place).chain(chosen(params));
    Ok(MergePlaces {
        sources: all.filter(|place| Some(*place) != into).collect(),
        into,
        name: form.text("name").to_owned(),
        alias: form.get("alias").map(str::to_owned),
        code: asked::code(form, "code")?,
        parent: None,
        day: asked.day,
        reason: asked.reason,
        document: asked.document,
        fates: asked.fates,
    })
}

/// The other places of a merger, as the address says.
fn chosen(params: &Params) -> impl Iterator<Item = PlaceId> {
    params.query_all("with").filter_map(|id| id.parse().ok())
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<PlaceChangePage, PageError> {
    let mut page = begin(context, params, connection, ChangeKind::Merge)?;
    page.beside = beside(context, connection, params, &page.place)?;
    let with = page.beside.iter().filter(|(_, on)| *on);
    let with = with.filter_map(|(choice, _)| choice.value.parse().ok());
    let taking_part: Vec<PlaceId> = std::iter::once(page.place.place).chain(with).collect();
    let into: Option<PlaceId> = params.query_as("into");
    let into = into.filter(|into| taking_part.contains(into));
    page.into = match into {
        Some(into) => place::get(connection, context.tenant, into)?,
        None => None,
    };
    page.query = query(params);
    page.is_asked = taking_part.len() > 1;
    if !page.is_asked {
        // The first form was sent, and nobody was ticked.
        if params.query("chosen").is_some() {
            page.attempt = unfit("merge-too-few", "with");
        }
        return Ok(page);
    }
    let ending = taking_part.into_iter().filter(|place| Some(*place) != into);
    let ending: Vec<PlaceId> = ending.collect();
    let sources = place::get_many(connection, context.tenant, &ending)?;
    page.hang(context, connection, &sources)?;
    let name = match &page.into {
        Some(into) => into.shown_name().to_owned(),
        None => context.l.text("place-merged").to_string(),
    };
    page.targets = vec![Choice::new("0", name)];
    page.sources = sources;
    Ok(page)
}

/// What is wrong with the first form, whose choices stand in the address.
pub(super) fn unfit(code: &'static str, field: &'static str) -> Attempt {
    Attempt {
        findings: vec![Finding::error(code).field(field)],
        sent: true,
        ..Attempt::default()
    }
}

/// The address again, as far as this page reads it.
fn query(params: &Params) -> String {
    let with = chosen(params).map(|place| format!("with={place}"));
    let into = params.query("into");
    let into = into.map(|into| format!("into={}", web::percent_encoded(into)));
    let parts: Vec<String> = with.chain(into).collect();
    format!("?{}", parts.join("&"))
}

/// The places of the same level in the same place above, with those that the address names.
fn beside(
    context: &Context,
    connection: &mut dyn Connection,
    params: &Params,
    place: &Place,
) -> Result<Vec<(Choice, bool)>, PageError> {
    let scope = Scope::new(&context.subject, Action::RegistryMerge, context.today());
    let mut filter = places::PlaceFilter {
        level: Some(place.level()),
        ..Default::default()
    };
    // A town that takes in a village of another: from the county down, all of one county.
    filter.under = place::ancestors(connection, context.tenant, place.place)?
        .get(2)
        .copied()
        .or(place.parent);
    let found = places::list(connection, &scope, &filter, places::Page::ALL)?;
    let with: Vec<PlaceId> = chosen(params).collect();
    let others = found.into_iter().filter(|other| other.place != place.place);
    Ok(others
        .map(|other| {
            let hint = other.code.map(|code| code.to_string()).unwrap_or_default();
            let mut choice = Choice::new(other.place.to_string(), other.shown_name());
            choice.hint = hint;
            (choice, with.contains(&other.place))
        })
        .collect())
}
