//! The list of grants in force to be saved: the filters and the order of the page, all its pages.

use access::Action;
use store::Connection;
use web::{Cell, Context, PageError, Params, Policy, Route, Table, table::ROWS_MAX};

use crate::grant_list::{self, Filter, InForce};

/// The routes.
pub(crate) fn routes() -> [Route; 2] {
    Route::table(
        ["/grants.xlsx", "/grants.csv"],
        Policy::Whole(Action::GrantRead),
        export,
    )
}

fn export(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Table, PageError> {
    let (l, filter) = (&context.l, Filter::of(params));
    let found = grant_list::find(context, params, connection, (ROWS_MAX, 0))?;
    let role = |name: &str| {
        let key = format!("role-{}", name.replace('_', "-"));
        l.text(&key).to_string()
    };
    let row = |line: InForce| -> Vec<Cell> {
        let place = match line.place.as_str() {
            "" => l.text("grant-everywhere").to_string(),
            place => place.to_owned(),
        };
        vec![
            line.person.into(),
            role(line.role.name()).into(),
            place.into(),
            line.valid_from.into(),
            line.valid_until.into(),
        ]
    };
    let heads = [
        "account-person",
        "grant-role",
        "grant-place",
        "grant-from",
        "grant-until",
    ];
    let shown = match filter.role {
        "" => String::new(),
        name => role(name),
    };
    let narrowed = [
        ("grants-search", filter.words.as_str()),
        ("grant-role", shown.as_str()),
    ];
    Ok(Table::new(l, l.text("grants-title"), &heads, context.now)
        .narrowed(l, &narrowed)
        .rows(found.into_iter().map(row)))
}
