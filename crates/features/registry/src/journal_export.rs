//! The journal as a file that anybody verifies without the product.

use access::Action;
use app::journal_read::{self, ReadJournalError};
use kernel::Finding;
use store::Connection;
use web::{Context, Download, PageError, Params, Policy, Route};

/// Larger journals are exported on the machine: a page's answer is made in memory.
const LEAVES_MAX: u64 = 100_000;

/// The route.
pub(crate) fn route() -> Route {
    Route::download(
        "/journal/export",
        Policy::Whole(Action::JournalExport),
        export,
    )
}

/// Name of the file, by the business day.
fn file_name(context: &Context) -> String {
    format!("journal-{}.xjournal", context.today())
}

/// How the file is verified, on any machine.
pub(crate) fn command(context: &Context) -> String {
    let keys = context.app().keys();
    let origin = keys.origin(context.tenant);
    let key = keys.checkpoint_key().public_key(&origin);
    format!("xingcun journal verify {} --key {key}", file_name(context))
}

fn export(
    context: &Context,
    _: &Params,
    connection: &mut dyn Connection,
) -> Result<Download, PageError> {
    let leaves = journal_read::count(connection, context.tenant)?;
    if leaves > LEAVES_MAX {
        let finding = Finding::error("journal-too-large").arg("most", LEAVES_MAX.to_string());
        return Err(PageError::Invalid(vec![finding]));
    }
    let origin = context.app().keys().origin(context.tenant);
    let mut bytes = Vec::new();
    journal_read::export(connection, &origin, &mut bytes).map_err(|error| match error {
        ReadJournalError::Store(error) => PageError::from(error),
        ReadJournalError::Export(error) => PageError::Bug(error.to_string()),
    })?;
    Ok(Download {
        name: file_name(context),
        media_type: "text/plain; charset=utf-8",
        bytes,
    })
}
