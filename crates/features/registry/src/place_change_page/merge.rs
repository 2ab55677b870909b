//! Merging places: first who takes part and into what, then where everything goes.

use access::{Action, Scope, places};
use directory::place::{self, ChangeKind};
use kernel::{Finding, PlaceId};
use store::Connection;
use web::{Attempt, Choice, Context, Form, PageError, Params, Route};

use super::asked::{self, Reading};
use super::{PlaceChangePage, begin, routes_of};
use crate::listing;
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
    let mut reading = Reading::of(params, form);
    let code = reading.kept(asked::code(form, "code"));
    let asked = reading.done(1)?;
    let into: Option<PlaceId> = params.query_as("into");
    let all = std::iter::once(asked.place).chain(chosen(params));
    Ok(MergePlaces {
        sources: all.filter(|place| Some(*place) != into).collect(),
        into,
        name: form.text("name").to_owned(),
        alias: form.get("alias").map(str::to_owned),
        code,
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
    let words = params.query("words").unwrap_or_default();
    words.trim().clone_into(&mut page.narrowed);
    beside(context, connection, params, &mut page)?;
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
    let ending = taking_part.iter().filter(|place| Some(**place) != into);
    let ending: Vec<PlaceId> = ending.copied().collect();
    page.is_asked = taking_part.len() > 1;
    page.ask_others(context, connection, &ending)?;
    if taking_part.len() < 2 {
        // The first form was sent, and nobody was ticked.
        if params.query("chosen").is_some() {
            page.attempt = unfit("merge-too-few", "with");
        }
    }
    if !page.is_asked {
        return Ok(page);
    }
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

/// The places of the same level that may take part: those of the same place above, or those of the
/// whole county that the typed words find, and always those that are ticked already.
fn beside(
    context: &Context,
    connection: &mut dyn Connection,
    params: &Params,
    page: &mut PlaceChangePage,
) -> Result<(), PageError> {
    let (tenant, place) = (context.tenant, &page.place);
    let scope = Scope::new(&context.subject, Action::RegistryMerge, context.today());
    // A town that takes in a village of another: from the county down, all of one county.
    let above = place::ancestors(connection, tenant, place.place)?;
    let mut filter = places::PlaceFilter {
        level: Some(place.level()),
        under: above.get(2).copied().or(place.parent),
        ..Default::default()
    };
    let all = places::count(connection, &scope, &filter)?;
    filter.text.clone_from(&page.narrowed);
    if filter.text.is_empty() && place.parent.is_some() {
        filter.under = place.parent;
    }
    let mut found = places::list(connection, &scope, &filter, places::Page::ALL)?;
    found.retain(|other| other.place != place.place);
    let ticked: Vec<PlaceId> = chosen(params).filter(|id| *id != place.place).collect();
    for other in place::get_many(connection, tenant, &ticked)? {
        let fits = other.level() == place.level() && other.valid_to.is_none();
        if fits && !found.iter().any(|known| known.place == other.place) {
            found.push(other);
        }
    }
    found.sort_by_key(|other| (!ticked.contains(&other.place), other.parent != place.parent));
    let shown = found.len() + 1;
    page.further = usize::try_from(all)
        .unwrap_or_default()
        .saturating_sub(shown);
    let mut beside = Vec::with_capacity(found.len());
    for other in found {
        let mut choice = Choice::new(other.place.to_string(), other.shown_name());
        choice.hint = other.code.map(|code| code.to_string()).unwrap_or_default();
        if other.parent != page.place.parent {
            let above = listing::place_name(connection, tenant, other.parent)?;
            choice.hint = format!("{above} {}", choice.hint);
        }
        beside.push((choice, ticked.contains(&other.place)));
    }
    page.beside = beside;
    Ok(())
}
