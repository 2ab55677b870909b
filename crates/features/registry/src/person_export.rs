//! The list of people to be saved: names and posts, nothing sealed, not even masked. Whoever takes
//! names out has given the password within the last minutes.

use access::{Action, Authentication, Scope};
use store::Connection;
use web::{Cell, Context, PageError, Params, Policy, Route, Sorting, Table, table::ROWS_MAX};

use crate::{listing, people, person_list};

/// The routes.
pub(crate) fn routes() -> [Route; 2] {
    Route::table(
        ["/people.xlsx", "/people.csv"],
        Policy::Holds(Action::PersonExport),
        export,
    )
}

fn export(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Table, PageError> {
    if context.subject.authentication != Authentication::Fresh {
        return Err(PageError::Reauthenticate);
    }
    let (l, words) = (&context.l, listing::words(params));
    let scope = Scope::new(&context.subject, Action::PersonExport, context.today());
    let descending = Sorting::of(params, person_list::COLUMNS).descending;
    let found = people::list(connection, &scope, &words, descending, (ROWS_MAX, 0))?;
    let persons: Vec<kernel::PersonId> = found.iter().map(|found| found.person).collect();
    let mut posts = people::posts_of_many(context, connection, &persons)?;
    let row = |person: directory::person::PersonName| {
        let posts = posts.remove(&person.person).unwrap_or_default();
        vec![Cell::from(person.name), posts.join("；").into()]
    };
    let heads = ["account-person", "person-posts"];
    Ok(Table::new(l, l.text("people-title"), &heads, context.now)
        .narrowed(l, &[("people-search", words.as_str())])
        .rows(found.into_iter().map(row)))
}
