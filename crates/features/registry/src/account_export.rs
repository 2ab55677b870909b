//! The list of accounts to be saved: the filters and the order of the page, all its pages.

use access::Action;
use store::Connection;
use web::{Cell, Context, PageError, Params, Policy, Route, Table, table::ROWS_MAX};

use crate::account_find::{self, Filter, Line, SlipState};
use crate::listing;

/// The routes.
pub(crate) fn routes() -> [Route; 2] {
    Route::table(
        ["/accounts.xlsx", "/accounts.csv"],
        Policy::Holds(Action::AccountRead),
        export,
    )
}

fn export(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Table, PageError> {
    let (l, filter) = (&context.l, Filter::of(params));
    let (action, all) = (Action::AccountRead, (ROWS_MAX, 0));
    let found = account_find::find(context, params, &filter, action, connection, all)?;
    let text = |key: &str| l.text(key).to_string();
    let row = |line: Line| -> Vec<Cell> {
        let is = if line.disabled {
            "account-disabled"
        } else {
            "account-enabled"
        };
        let usage = if line.has_password {
            "account-use-set"
        } else {
            "account-use-never"
        };
        let slip = match line.slip {
            SlipState::None => String::new(),
            state => text(state.text()),
        };
        vec![
            line.name.into(),
            line.sign_in_name.into(),
            line.posts.join("、").into(),
            text(usage).into(),
            slip.into(),
            text(is).into(),
        ]
    };
    let heads = [
        "account-person",
        "account-sign-in-name",
        "account-posts",
        "account-use",
        "account-slip",
        "account-state",
    ];
    let named = |prefix: &str, name: &str| match name {
        "" => String::new(),
        name => text(&format!("{prefix}-{}", name.replace('_', "-"))),
    };
    let place = listing::place_name(connection, context.tenant, filter.place)?;
    let (state, usage) = (
        named("account", filter.state),
        named("account-use", filter.usage),
    );
    let post = named("post", filter.post);
    let narrowed = [
        ("accounts-search", filter.words.as_str()),
        ("account-use", usage.as_str()),
        ("account-town", place.as_str()),
        ("account-post", post.as_str()),
        ("account-state", state.as_str()),
    ];
    Ok(Table::new(l, l.text("accounts-title"), &heads, context.now)
        .narrowed(l, &narrowed)
        .rows(found.into_iter().map(row)))
}
