//! Splitting a place: first into how many and whether it stays, then where everything goes.

use directory::place::ChangeKind;
use kernel::Finding;
use store::Connection;
use web::{Choice, Context, Form, Locale, PageError, Params, Route};

use super::asked::{self, Reading};
use super::merge::{first_of, unfit};
use super::{PlaceChangePage, begin, routes_of};
use crate::place_split::{Part, SplitPlace};

/// New places of one split at most.
const PARTS_MAX: usize = 9;

pub(super) fn routes() -> [Route; 2] {
    routes_of("/places/{place}/split", read, first_of, page)
}

/// The numbers of the new places, from 0.
fn parts_of(params: &Params) -> std::ops::Range<usize> {
    let parts = params.query_as::<usize>("parts").unwrap_or_default();
    0..if parts > PARTS_MAX { 0 } else { parts }
}

fn stays(params: &Params) -> bool {
    params.query("stays").is_some()
}

fn read(_: &Context, params: &Params, form: &Form) -> Result<SplitPlace, Vec<Finding>> {
    let mut reading = Reading::of(params, form);
    let mut parts = Vec::new();
    for number in parts_of(params) {
        let at = |field: &str| format!("parts.{number}.{field}");
        parts.push(Part {
            name: form.text(&at("name")).to_owned(),
            alias: form.get(&at("alias")).map(str::to_owned),
            code: reading.kept(asked::code(form, &at("code"))),
        });
    }
    let asked = reading.done(1)?;
    Ok(SplitPlace {
        place: asked.place,
        stays: stays(params),
        parts,
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
    let mut page = begin(context, params, connection, ChangeKind::Split)?;
    page.parts = parts_of(params).collect();
    page.stays = stays(params);
    page.query = format!("?parts={}", page.parts.len());
    if page.stays {
        page.query.push_str("&stays=yes");
    }
    let becomes = page.parts.len() + usize::from(page.stays);
    page.is_asked = becomes > 1 && !page.parts.is_empty();
    if !page.stays {
        let ceasing = [page.place.place];
        page.ask_others(context, connection, &ceasing)?;
    }
    if page.is_asked {
        let source = [page.place.clone()];
        page.hang(context, connection, &source)?;
        page.sources = source.into();
        page.targets = targets(&context.l, &page);
    } else if params.query("parts").is_some() && page.objections.is_empty() {
        page.attempt = unfit("split-parts", "parts");
    }
    Ok(page)
}

/// The place itself where it stays, then the new ones.
fn targets(l: &Locale, page: &PlaceChangePage) -> Vec<Choice> {
    let itself = page.stays.then(|| page.place.shown_name().to_owned());
    let parts = page.parts.iter().map(|part| part_head(l, *part));
    let names = itself.into_iter().chain(parts).enumerate();
    names
        .map(|(number, name)| Choice::new(number.to_string(), name))
        .collect()
}

/// What a new place is called before it has a name.
pub(super) fn part_head(l: &Locale, part: usize) -> String {
    let n = i64::try_from(part + 1).unwrap_or(0);
    l.text("place-part").arg("n", n).to_string()
}
