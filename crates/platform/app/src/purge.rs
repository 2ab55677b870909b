//! The daily purge: forgets what is over its term. Nothing of the record.

use kernel::{Id, Instant, Tenant, time::DAY_MS};
use serde_json::Value as Json;
use store::{StoreError, values};

use crate::{App, Refusal};

store::statements! {
    DELETE_DONE = "DELETE FROM command_done WHERE tenant = $1 AND at < $2";
}

/// The job's kind.
pub(crate) const KIND: &str = "house.purge";
/// For how many days the same command id gets the first answer again: longer than a telephone is
/// away from any net (seven days), by far.
pub const ANSWER_DAYS: i64 = 30;

/// Forgets answers to commands, sessions, one-time tokens, devices and failed sign-ins of old.
pub(crate) fn run(app: &App, tenant: Tenant, _: Id, _: &Json) -> Result<(), Refusal> {
    // Answers are as old as the business clock says; sessions live by the machine's.
    let answered = Instant(app.clock().now().0.saturating_sub(ANSWER_DAYS * DAY_MS));
    let now = app.session_clock().now();
    let profile = *app.profile();
    let purged = app
        .store()
        .write(move |connection| -> Result<u64, StoreError> {
            access::sign_in::purge(connection, tenant, now, &profile)?;
            connection.execute(&DELETE_DONE, &values![tenant, answered])
        });
    let answers = purged.wait()?;
    tracing::info!(answers, "what was over its term is forgotten");
    Ok(())
}
