//! The list of disputes to be saved: the filters and the order of the page, all its pages.

use access::Action;
use store::Connection;
use web::{Cell, Context, PageError, Params, Policy, Route, Table, table::ROWS_MAX};

use crate::{
    dispute_list::{self, Filter, Line},
    item_names::ItemNames,
};

/// The routes.
pub(crate) fn routes() -> [Route; 2] {
    Route::table(
        ["/disputes.xlsx", "/disputes.csv"],
        Policy::Holds(Action::FigureRead),
        export,
    )
}

fn export(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Table, PageError> {
    let (l, filter) = (&context.l, Filter::of(params));
    let found = dispute_list::find(context, params, connection, (ROWS_MAX, 0))?;
    let names = ItemNames::of(context, connection)?;
    let state = |state: &str| l.text(&format!("dispute-state-{state}")).to_string();
    let row = |line: Line| -> Vec<Cell> {
        vec![
            names.measure(l, &line.measure).into(),
            line.measure.as_str().into(),
            line.place.into(),
            line.period.into(),
            state(&line.state).into(),
            line.filed_at.into(),
        ]
    };
    let heads = [
        "figure-item",
        "figure-item-code",
        "grant-place",
        "figure-period",
        "account-state",
        "dispute-filed",
    ];
    let shown = match filter.state {
        "" => String::new(),
        name => state(name),
    };
    let narrowed = [
        ("figures-search", filter.words.as_str()),
        ("account-state", shown.as_str()),
    ];
    Ok(Table::new(l, l.text("disputes-title"), &heads, context.now)
        .narrowed(l, &narrowed)
        .rows(found.into_iter().map(row)))
}
