//! The list of refused attempts to be saved: the filters and the order of the page, all its pages.

use access::Action;
use store::Connection;
use web::{Cell, Context, PageError, Params, Policy, Route, Table, table::ROWS_MAX};

use crate::denial_list::{self, Denial, Filter, reason_text, written};

/// The routes.
pub(crate) fn routes() -> [Route; 2] {
    Route::table(
        ["/journal/denials.xlsx", "/journal/denials.csv"],
        Policy::Whole(Action::DenialRead),
        export,
    )
}

fn export(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Table, PageError> {
    let (l, filter) = (&context.l, Filter::of(params));
    let found = denial_list::find(context, params, connection, (ROWS_MAX, 0))?;
    let row = |denial: Denial| -> Vec<Cell> {
        vec![
            denial.at.into(),
            denial.person.as_str().into(),
            format!("{} {}", l.deed(&denial.command), denial.command).into(),
            denial.right(l).into(),
            denial.place.as_str().into(),
            denial.why(l).into(),
        ]
    };
    let heads = [
        "denial-at",
        "account-person",
        "denial-command",
        "denial-action",
        "grant-place",
        "denial-reason",
    ];
    let reason = match filter.reason {
        "" => String::new(),
        code => reason_text(l, code),
    };
    let narrowed = [
        ("denials-search", filter.words.as_str()),
        ("denial-reason", reason.as_str()),
        ("denials-from", &written(filter.from)),
        ("denials-until", &written(filter.until)),
    ];
    Ok(Table::new(l, l.text("denials-title"), &heads, context.now)
        .narrowed(l, &narrowed)
        .rows(found.into_iter().map(row)))
}
