//! The list of places to be saved: the filters of the page, all its pages.

use access::{Action, Scope, places};
use store::Connection;
use web::{Cell, Context, PageError, Params, Policy, Route, Table, table::ROWS_MAX};

use crate::place_list;

/// The routes.
pub(crate) fn routes() -> [Route; 2] {
    Route::table(
        ["/places.xlsx", "/places.csv"],
        Policy::Holds(Action::RegistryExport),
        export,
    )
}

fn export(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Table, PageError> {
    let l = &context.l;
    // Only what may be taken out, which can be less than what may be read.
    let scope = Scope::new(&context.subject, Action::RegistryExport, context.today());
    let filter = place_list::filter(params);
    let all = places::Page {
        limit: u32::try_from(ROWS_MAX).unwrap_or(u32::MAX),
        offset: 0,
    };
    let found = places::list(connection, &scope, &filter, all)?;
    let found = place_list::with_above(context, connection, found, filter.on)?;
    let row = |(place, above): (directory::place::Place, String)| -> Vec<Cell> {
        let level = format!("place-level-{}", place.level().name().replace('_', "-"));
        let kind = format!("place-kind-{}", place.kind.name().replace('_', "-"));
        vec![
            place.shown_name().into(),
            place.name.as_str().into(),
            l.text(&level).to_string().into(),
            l.text(&kind).to_string().into(),
            above.into(),
            place.code.map(|code| code.to_string()).into(),
            place.valid_from.into(),
            place.valid_to.into(),
        ]
    };
    let heads = [
        "place-name",
        "place-official-name",
        "places-level",
        "place-kind",
        "place-above",
        "place-code",
        "place-valid-from",
        "place-valid-to",
    ];
    let level = filter.level.map(|level| {
        let key = format!("place-level-{}", level.name().replace('_', "-"));
        l.text(&key).to_string()
    });
    let standing = format!("places-standing-{}", filter.standing.name());
    let standing = l.text(&standing).to_string();
    let on = filter.on.map(|day| day.to_string()).unwrap_or_default();
    let narrowed = [
        ("places-search", filter.text.as_str()),
        ("places-level", level.as_deref().unwrap_or_default()),
        ("places-standing", &standing),
        ("places-on", &on),
    ];
    Ok(Table::new(l, l.text("places-title"), &heads, context.now)
        .narrowed(l, &narrowed)
        .rows(found.into_iter().map(row)))
}
