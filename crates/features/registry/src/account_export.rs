//! The list of accounts to be saved: the filters and the order of the page, all its pages.

use access::Action;
use store::Connection;
use web::{Cell, Context, PageError, Params, Policy, Route, Table, table::ROWS_MAX};

use crate::account_list::{self, Filter, Line};

/// The routes.
pub(crate) fn routes() -> [Route; 2] {
    Route::table(
        ["/accounts.xlsx", "/accounts.csv"],
        Policy::Whole(Action::AccountRead),
        export,
    )
}

fn export(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Table, PageError> {
    let (l, filter) = (&context.l, Filter::of(params));
    let found = account_list::find(context, params, connection, (ROWS_MAX, 0))?;
    let state = |name: &str| l.text(&format!("account-{name}")).to_string();
    let row = |line: Line| -> Vec<Cell> {
        let is = if line.disabled { "disabled" } else { "enabled" };
        vec![line.name.into(), line.sign_in_name.into(), state(is).into()]
    };
    let heads = ["account-person", "account-sign-in-name", "account-state"];
    let shown = match filter.state {
        "" => String::new(),
        name => state(name),
    };
    let narrowed = [
        ("accounts-search", filter.words.as_str()),
        ("account-state", shown.as_str()),
    ];
    Ok(Table::new(l, l.text("accounts-title"), &heads, context.now)
        .narrowed(l, &narrowed)
        .rows(found.into_iter().map(row)))
}
