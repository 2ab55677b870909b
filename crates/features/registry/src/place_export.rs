//! The list of places as a workbook: the filters of the page, all its pages.

use access::{Action, Scope, places};
use store::Connection;
use web::{Context, Download, PageError, Params, Policy, Route};

use crate::{
    place_list,
    workbook::{Cell, ROWS_MAX, Table},
};

/// The route.
pub(crate) fn route() -> Route {
    Route::download(
        "/places.xlsx",
        Policy::Holds(Action::RegistryExport),
        export,
    )
}

fn export(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Download, PageError> {
    let l = &context.l;
    // Only what may be taken out, which can be less than what may be read.
    let scope = Scope::new(&context.subject, Action::RegistryExport, context.today());
    let filter = place_list::filter(params);
    let all = places::Page {
        limit: u32::try_from(ROWS_MAX).unwrap_or(u32::MAX),
        offset: 0,
    };
    let found = places::list(connection, &scope, &filter, all)?;
    let row = |place: directory::place::Place| -> Vec<Cell> {
        let level = format!("place-level-{}", place.level().name());
        let kind = format!("place-kind-{}", place.kind.name().replace('_', "-"));
        vec![
            place.shown_name().into(),
            place.name.as_str().into(),
            l.text(&level).to_string().into(),
            l.text(&kind).to_string().into(),
            place
                .code
                .map(|code| code.to_string())
                .unwrap_or_default()
                .into(),
        ]
    };
    let heads = [
        "place-name",
        "place-official-name",
        "places-level",
        "place-kind",
        "place-code",
    ];
    let level = filter
        .level
        .map(|level| l.text(&format!("place-level-{}", level.name())).to_string());
    let table = Table {
        title: l.text("places-title").to_string(),
        heads: heads.iter().map(|key| l.text(key).to_string()).collect(),
        rows: found.into_iter().map(row).collect(),
        filters: vec![
            (l.text("places-search").to_string(), filter.text.clone()),
            (
                l.text("places-level").to_string(),
                level.unwrap_or_default(),
            ),
        ],
        made: l.minute(context.now),
    };
    table.download(l)
}
