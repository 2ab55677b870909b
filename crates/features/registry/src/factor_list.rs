//! What happened to a second factor, as pages show it: to its owner, and to who decides.

use access::{
    AccountId,
    second_factor::{self, FactorEvent, FactorEventKind},
};
use directory::person;
use kernel::{Instant, Tenant};
use store::{Connection, StoreError};
use web::{Context, FormStart};

/// One event.
#[derive(Clone, Debug)]
pub(crate) struct FactorLine {
    pub at: Instant,
    /// The text of what happened.
    pub what: &'static str,
    /// Who did it; empty where it was done on the machine.
    pub by: String,
    /// Why; empty where nobody is asked.
    pub reason: String,
}

/// A reset that waits for a second administrator.
#[derive(Debug)]
pub(crate) struct WaitingReset {
    pub account: AccountId,
    pub person: String,
    /// Until when it waits.
    pub until: Instant,
    pub line: FactorLine,
    /// Of the forms that release and refuse it.
    pub starts: [FormStart; 2],
}

/// What happened to the factor of an account, the latest first.
pub(crate) fn of_account(
    connection: &mut dyn Connection,
    tenant: Tenant,
    account: AccountId,
) -> Result<Vec<FactorLine>, StoreError> {
    let events = second_factor::events(connection, tenant, account)?;
    let lines = events.iter();
    lines.map(|event| line(connection, tenant, event)).collect()
}

/// The resets that wait, the latest first.
pub(crate) fn waiting(
    context: &Context,
    connection: &mut dyn Connection,
) -> Result<Vec<WaitingReset>, StoreError> {
    let tenant = context.tenant;
    let mut waiting = Vec::new();
    for event in second_factor::proposed(connection, tenant, context.now)? {
        let person = person::name(connection, tenant, event.person)?;
        waiting.push(WaitingReset {
            account: event.account,
            person: person.unwrap_or_default(),
            until: event.waits_until(),
            line: line(connection, tenant, &event)?,
            starts: [context.form(), context.form()],
        });
    }
    Ok(waiting)
}

fn line(
    connection: &mut dyn Connection,
    tenant: Tenant,
    event: &FactorEvent,
) -> Result<FactorLine, StoreError> {
    let by = match event.by {
        None => None,
        Some(by) => person::name(connection, tenant, by)?,
    };
    Ok(FactorLine {
        at: event.at,
        what: match event.kind {
            FactorEventKind::SetUp => "factor-event-set-up",
            FactorEventKind::CodesRenewed => "factor-event-codes-renewed",
            FactorEventKind::CodeUsed => "factor-event-code-used",
            FactorEventKind::GivenUp => "factor-event-given-up",
            FactorEventKind::ResetProposed => "factor-event-reset-proposed",
            FactorEventKind::ResetRefused => "factor-event-reset-refused",
            FactorEventKind::Reset => "factor-event-reset",
        },
        by: by.unwrap_or_default(),
        reason: event.reason.clone(),
    })
}

/// An invented event, for samples of pages.
pub(crate) fn sample(reason: &str) -> FactorLine {
    FactorLine {
        at: crate::sample::now(),
        what: "factor-event-reset-proposed",
        by: "安全管理员".to_owned(),
        reason: reason.to_owned(),
    }
}
