//! The list of places: what the visitor may see, filtered, paged, and as a workbook.

use std::collections::{BTreeMap, btree_map::Entry};

use access::{Action, Scope, places};
use askama::Template;
use directory::place::{self, Place, PlaceLevel};
use kernel::{Day, PlaceId};
use store::Connection;
use web::{
    Choice, Context, ExportLinks, Head, Locale, MenuEntry, MenuGroup, Page, PageError, Pager,
    Params, Policy, Route, Samples,
};

use crate::{listing, sample};

/// The list of places.
#[derive(Debug, Template)]
#[template(path = "place_list.html")]
pub struct PlaceList {
    l: Locale,
    places: Vec<(Place, String)>,
    words: String,
    level: String,
    levels: Vec<Choice>,
    standing: String,
    standings: Vec<Choice>,
    on: String,
    pager: Pager,
    export: ExportLinks,
    may_import: bool,
    may_export: bool,
}

/// Rows on one page.
const PER_PAGE: u32 = 50;

/// The route.
pub(crate) fn route() -> Route {
    Route::page("/places", Policy::Holds(Action::RegistryRead), page).menu(MenuEntry {
        group: MenuGroup::Foundation,
        order: 0,
        icon: "pin",
        text: "places-title",
    })
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<PlaceList, PageError> {
    let scope = Scope::new(&context.subject, Action::RegistryRead, context.today());
    let filter = filter(params);
    let total = places::count(connection, &scope, &filter)?;
    let total = usize::try_from(total).unwrap_or(usize::MAX);
    let pager = Pager::new(params, total, PER_PAGE);
    let window = places::Page {
        limit: PER_PAGE,
        offset: u32::try_from(pager.offset()).unwrap_or(u32::MAX),
    };
    let found = places::list(connection, &scope, &filter, window)?;
    Ok(PlaceList {
        places: with_above(context, connection, found, filter.on)?,
        standing: filter.standing.name().to_owned(),
        standings: listing::choices(
            &context.l,
            "places-standing",
            places::Standing::ALL.iter().map(|standing| standing.name()),
        ),
        on: filter.on.map(|day| day.to_string()).unwrap_or_default(),
        words: filter.text,
        level: filter
            .level
            .map(|level| level.name().to_owned())
            .unwrap_or_default(),
        levels: levels(&context.l),
        pager,
        export: ExportLinks::of(params, "/places"),
        may_import: context.holds(Action::RegistryImport),
        may_export: context.holds(Action::RegistryExport),
        l: context.l.clone(),
    })
}

pub(crate) fn filter(params: &Params) -> places::PlaceFilter {
    places::PlaceFilter {
        level: params.query_as("level"),
        under: params.query_as("under"),
        text: params.query("q").unwrap_or_default().to_owned(),
        standing: params.query_as("standing").unwrap_or_default(),
        on: params.query_as("on"),
    }
}

/// Each place with the name of what stands above it, then or now.
pub(crate) fn with_above(
    context: &Context,
    connection: &mut dyn Connection,
    found: Vec<Place>,
    on: Option<Day>,
) -> Result<Vec<(Place, String)>, PageError> {
    let mut names: BTreeMap<PlaceId, String> = BTreeMap::new();
    let mut lines = Vec::with_capacity(found.len());
    for place in found {
        let Some(parent) = place.parent else {
            lines.push((place, String::new()));
            continue;
        };
        let name = match names.entry(parent) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(unknown) => {
                let above = match on {
                    Some(day) => place::on_day(connection, context.tenant, parent, day)?,
                    None => place::get(connection, context.tenant, parent)?,
                };
                let name = above.map(|above| above.shown_name().to_owned());
                unknown.insert(name.unwrap_or_default()).clone()
            }
        };
        lines.push((place, name));
    }
    Ok(lines)
}

fn levels(l: &Locale) -> Vec<Choice> {
    let choice = |level: &PlaceLevel| {
        Choice::new(
            level.name(),
            l.text(&format!("place-level-{}", level.name().replace('_', "-"))),
        )
    };
    PlaceLevel::ALL.iter().map(choice).collect()
}

impl Page for PlaceList {
    fn head(&self) -> Head {
        Head::new(self.l.text("places-title"))
    }

    fn samples(l: &Locale) -> Samples<PlaceList> {
        let list = |places: Vec<Place>, words: &str| PlaceList {
            l: l.clone(),
            pager: Pager::new(&Params::default(), places.len(), PER_PAGE),
            places: places
                .into_iter()
                .map(|place| (place, "清河镇".to_owned()))
                .collect(),
            standing: "all".to_owned(),
            standings: listing::choices(l, "places-standing", ["existing", "ended", "all"]),
            on: String::new(),
            words: words.to_owned(),
            level: String::new(),
            levels: levels(l),
            export: ExportLinks::of(&Params::default(), "/places"),
            may_import: true,
            may_export: true,
        };
        Samples {
            ordinary: list(vec![sample::place("柳湾村"), sample::place("福塘村")], ""),
            longest: {
                let mut ended = sample::place(sample::LONGEST_PLACE);
                ended.valid_to = Some(sample::day());
                list(vec![ended], "忙乐")
            },
            empty: Some(list(Vec::new(), "")),
            with_error: None,
        }
    }
}
