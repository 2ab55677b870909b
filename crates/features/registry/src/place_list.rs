//! The list of places: what the visitor may see, filtered, paged, and as a workbook.

use access::{Action, Scope, places};
use askama::Template;
use directory::place::{Place, PlaceLevel};
use store::Connection;
use web::{
    Choice, Context, ExportLinks, Head, Locale, MenuEntry, MenuGroup, Page, PageError, Pager,
    Params, Policy, Route, Samples,
};

use crate::sample;

/// The list of places.
#[derive(Debug, Template)]
#[template(path = "place_list.html")]
pub struct PlaceList {
    l: Locale,
    places: Vec<Place>,
    words: String,
    level: String,
    levels: Vec<Choice>,
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
    Ok(PlaceList {
        places: places::list(connection, &scope, &filter, window)?,
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
    }
}

fn levels(l: &Locale) -> Vec<Choice> {
    let choice = |level: &PlaceLevel| {
        Choice::new(
            level.name(),
            l.text(&format!("place-level-{}", level.name())),
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
            places,
            words: words.to_owned(),
            level: String::new(),
            levels: levels(l),
            export: ExportLinks::of(&Params::default(), "/places"),
            may_import: true,
            may_export: true,
        };
        Samples {
            ordinary: list(vec![sample::place("柳湾村"), sample::place("福塘村")], ""),
            longest: list(vec![sample::place(sample::LONGEST_PLACE)], "忙乐"),
            empty: Some(list(Vec::new(), "")),
            with_error: None,
        }
    }
}
