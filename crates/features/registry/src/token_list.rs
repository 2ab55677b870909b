//! One-time tokens as pages show them: to the person whose account they open, and to who decides.

use access::{
    TokenRequestId,
    token::{self, TokenRequest, TokenState},
};
use directory::person;
use kernel::{Instant, PersonId, Tenant};
use store::{Connection, StoreError};
use web::{Context, FormStart};

/// What happened to one token.
#[derive(Clone, Debug)]
pub(crate) struct TokenLine {
    pub at: Instant,
    /// The text of its state.
    pub state: &'static str,
    /// Who brought it there; empty where it was done on the machine.
    pub by: String,
}

/// A token that waits for a second administrator.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub request: TokenRequestId,
    pub person: String,
    /// Until when it waits.
    pub until: Instant,
    pub line: TokenLine,
    /// Of the forms that release and refuse it.
    pub starts: [FormStart; 2],
}

/// The tokens of a person's accounts, the newest first.
pub(crate) fn of_person(
    connection: &mut dyn Connection,
    tenant: Tenant,
    person: PersonId,
) -> Result<Vec<TokenLine>, StoreError> {
    let found = token::of_person(connection, tenant, person)?;
    found
        .iter()
        .map(|request| line(connection, tenant, request))
        .collect()
}

/// The tokens that wait, the newest first.
pub(crate) fn waiting(
    context: &Context,
    connection: &mut dyn Connection,
) -> Result<Vec<Waiting>, StoreError> {
    let tenant = context.tenant;
    let mut waiting = Vec::new();
    let (now, profile) = (context.now, context.app().profile());
    for request in token::waiting(connection, tenant, now, profile)? {
        let person = person::name(connection, tenant, request.person)?;
        waiting.push(Waiting {
            request: request.request,
            person: person.unwrap_or_default(),
            until: request.waits_until(profile),
            line: line(connection, tenant, &request)?,
            starts: [context.form(), context.form()],
        });
    }
    Ok(waiting)
}

fn line(
    connection: &mut dyn Connection,
    tenant: Tenant,
    request: &TokenRequest,
) -> Result<TokenLine, StoreError> {
    let by = match request.by {
        None => None,
        Some(by) => person::name(connection, tenant, by)?,
    };
    Ok(TokenLine {
        at: request.at,
        state: match request.state {
            TokenState::Proposed => "token-state-proposed",
            TokenState::Released => "token-state-released",
            TokenState::Refused => "token-state-refused",
        },
        by: by.unwrap_or_default(),
    })
}
