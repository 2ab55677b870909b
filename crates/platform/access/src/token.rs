//! Who caused a one-time token to be issued for which account: the record that its person may see.
//!
//! Whoever reads a token can become its person. For a person without any grant one administrator
//! issues it alone; for everybody else it is proposed by one and released by another, as a grant
//! is. The record keeps the token's hash only, from which the token cannot be found.

use directory::{Recorder, WriteError};
use kernel::{Finding, Instant, PersonId, Tenant};
use store::{Connection, Row, StoreError, values};

use crate::{AccountId, Action, Involved, Profile, TokenRequestId, setup_token};

directory::closed_list! {
    /// How far the issue of a token has come.
    TokenState {
        /// Waits for a second person; opens nothing.
        Proposed = "proposed",
        /// Was put in force.
        Released = "released",
        /// Refused by the second person.
        Refused = "refused",
    }
}

directory::closed_list! {
    /// In which form a token reaches its person.
    TokenKind {
        /// A long token, copied; valid for half an hour.
        Link = "link",
        /// A short code on a printed slip, entered with the sign-in name; valid for days.
        Slip = "slip",
    }
}

impl TokenKind {
    /// How long it is valid, in milliseconds.
    pub const fn lasts_ms(self, profile: &Profile) -> i64 {
        match self {
            TokenKind::Link => profile.setup_token_ms,
            TokenKind::Slip => profile.slip_ms,
        }
    }
}

/// The issue of a token with its latest state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRequest {
    /// Its id.
    pub request: TokenRequestId,
    /// For which account.
    pub account: AccountId,
    /// Whose account.
    pub person: PersonId,
    /// In which form.
    pub kind: TokenKind,
    /// SHA-256 of the token; of a slip's code with its account ([`crate::SlipCode::hash`]).
    pub token_hash: [u8; 32],
    /// How far it has come.
    pub state: TokenState,
    /// Who brought it there; nobody where it was done on the machine.
    pub by: Option<PersonId>,
    /// When.
    pub at: Instant,
    /// How many events it has.
    pub version: i64,
}

impl TokenRequest {
    /// Until when a proposed one waits for its second person.
    pub fn waits_until(&self, profile: &Profile) -> Instant {
        Instant(self.at.0.saturating_add(waits_ms(self.kind, profile)))
    }
}

store::record! {
    /// What happened to tokens: `proposed`, `released`, `refused`.
    pub TOKEN_EVENT = token_event(
        tenant, request, version, command, state, account, person, kind, token_hash, actor, at
    ) key(tenant, request, version);
}

/// The latest event of each request.
macro_rules! latest {
    ($condition:expr) => {
        concat!(
            "SELECT e.request, e.state, e.account, e.person, e.kind, e.token_hash, e.actor, ",
            "e.at, e.version FROM token_event e WHERE e.tenant = $1 AND ",
            $condition,
            " AND NOT EXISTS (SELECT 1 FROM token_event f WHERE f.tenant = $1 ",
            "AND f.request = e.request AND f.version > e.version) ",
            "ORDER BY e.at DESC, e.request LIMIT 200"
        )
    };
}

/// Requests that still wait: proposed after a moment, and no newer request for the same account has
/// come since, of the same kind and not refused, or of the other kind and in somebody's hand.
macro_rules! waiting {
    ($condition:literal) => {
        latest!(concat!(
            $condition,
            " AND e.state = 'proposed' AND e.at > $3 AND NOT EXISTS (SELECT 1 FROM token_event n ",
            "WHERE n.tenant = $1 AND n.account = e.account AND n.version = 1 ",
            "AND (n.at > e.at OR n.at = e.at AND n.request > e.request) ",
            "AND NOT EXISTS (SELECT 1 FROM token_event r WHERE r.tenant = $1 ",
            "AND r.request = n.request AND r.state = 'refused') ",
            "AND (n.kind = e.kind OR EXISTS (SELECT 1 FROM token_event h WHERE h.tenant = $1 ",
            "AND h.request = n.request AND h.state = 'released')))"
        ))
    };
}

store::statements! {
    /// One request.
    SELECT_REQUEST = latest!("e.request = $2");
    /// One request, if it still waits.
    SELECT_WAITING_ONE = waiting!("e.request = $2");
    /// Requests of a kind that still wait, the newest first.
    SELECT_WAITING = waiting!("e.kind = $2");
    /// Requests for the accounts of a person, the newest first.
    SELECT_OF_PERSON = latest!("e.person = $2");
    /// Slips of an account that still wait.
    SELECT_WAITING_SLIPS = waiting!("e.kind = 'slip' AND e.account = $2");
    /// Who did what to a request.
    SELECT_HISTORY = concat!(
        "SELECT state, actor FROM token_event WHERE tenant = $1 AND request = $2 ",
        "ORDER BY version"
    );
}

fn read(row: &Row<'_>) -> Result<TokenRequest, StoreError> {
    Ok(TokenRequest {
        request: row.id(0)?,
        state: row.parse(1)?,
        account: row.id(2)?,
        person: row.id(3)?,
        kind: row.parse(4)?,
        token_hash: row.bytes(5)?,
        by: row.optional_id(6)?,
        at: row.instant(7)?,
        version: row.int(8)?,
    })
}

/// One request with its latest state.
pub fn get(
    connection: &mut dyn Connection,
    tenant: Tenant,
    request: TokenRequestId,
) -> Result<Option<TokenRequest>, StoreError> {
    connection.optional(&SELECT_REQUEST, &values![tenant, request], read)
}

/// Requests that can still be released at a moment, the newest first, at most 200 of each kind. One
/// that waited for longer than a token of its kind would have lasted, or that a newer request for
/// the same account has overtaken, is over: releasing it would void what came later. A request of
/// the other kind overtakes it only once it is released itself.
pub fn waiting(
    connection: &mut dyn Connection,
    tenant: Tenant,
    at: Instant,
    profile: &Profile,
) -> Result<Vec<TokenRequest>, StoreError> {
    let mut waiting = Vec::new();
    for kind in TokenKind::ALL {
        let key = values![tenant, kind.name(), waits_since(*kind, at, profile)];
        waiting.extend(connection.all(&SELECT_WAITING, &key, read)?);
    }
    waiting.sort_by_key(|request| (std::cmp::Reverse(request.at), request.request));
    Ok(waiting)
}

/// What was proposed at this moment or earlier waits no longer.
fn waits_since(kind: TokenKind, at: Instant, profile: &Profile) -> Instant {
    Instant(at.0.saturating_sub(waits_ms(kind, profile)))
}

/// How long a request waits. A link is made while somebody waits for it, but its second person may
/// come the next day.
fn waits_ms(kind: TokenKind, profile: &Profile) -> i64 {
    kind.lasts_ms(profile).max(kernel::time::DAY_MS)
}

/// Requests for the accounts of a person, the newest first, at most 200.
pub fn of_person(
    connection: &mut dyn Connection,
    tenant: Tenant,
    person: PersonId,
) -> Result<Vec<TokenRequest>, StoreError> {
    connection.all(&SELECT_OF_PERSON, &values![tenant, person], read)
}

/// Whether a slip with the code of this hash was issued for the account and waits for its release.
pub(crate) fn slip_waits(
    connection: &mut dyn Connection,
    tenant: Tenant,
    account: AccountId,
    token_hash: &[u8; 32],
    (at, profile): (Instant, &Profile),
) -> Result<bool, StoreError> {
    let key = values![tenant, account, waits_since(TokenKind::Slip, at, profile)];
    let waiting = connection.all(&SELECT_WAITING_SLIPS, &key, read)?;
    Ok(waiting
        .iter()
        .any(|request| request.token_hash == *token_hash))
}

/// Who did what to a request, for [`crate::Resource::history`].
pub fn history(
    connection: &mut dyn Connection,
    tenant: Tenant,
    request: TokenRequestId,
) -> Result<Vec<Involved>, StoreError> {
    let mut history = Vec::new();
    connection.for_each(&SELECT_HISTORY, &values![tenant, request], &mut |row| {
        let action = match row.parse(0)? {
            TokenState::Proposed => Action::AccountIssueToken,
            TokenState::Released | TokenState::Refused => Action::AccountReleaseToken,
        };
        history.extend(
            row.optional_id(1)?
                .map(|actor| Involved::own(actor, action)),
        );
        Ok(())
    })?;
    Ok(history)
}

/// A new request: waits in state `proposed`, or is in force at once in state `released`. `now` is
/// the machine's clock, by which tokens live; says until when it can be used.
pub fn request(
    recorder: &mut dyn Recorder,
    request: &TokenRequest,
    now: Instant,
    profile: &Profile,
) -> Result<Option<Instant>, StoreError> {
    append(recorder, request)?;
    match request.state {
        TokenState::Released => put_in_force(recorder, request, now, profile).map(Some),
        TokenState::Proposed | TokenState::Refused => Ok(None),
    }
}

/// Releases a proposed token: it can be used from `now` of the machine's clock, for as long as its
/// kind lasts. Refused when it no longer waits ([`waiting`]).
pub fn release(
    recorder: &mut dyn Recorder,
    request: TokenRequestId,
    actor: Option<PersonId>,
    now: Instant,
    profile: &Profile,
) -> Result<Instant, WriteError> {
    let (tenant, at) = (recorder.tenant(), recorder.now());
    let released = step(
        recorder,
        request,
        TokenState::Released,
        actor,
        |connection, found| {
            let since = waits_since(found.kind, at, profile);
            let key = values![tenant, found.request, since];
            let waits = connection.optional(&SELECT_WAITING_ONE, &key, read)?;
            Ok(waits.is_none().then(|| Finding::error("token-overtaken")))
        },
    )?;
    Ok(put_in_force(recorder, &released, now, profile)?)
}

/// Refuses a proposed token.
pub fn refuse(
    recorder: &mut dyn Recorder,
    request: TokenRequestId,
    actor: Option<PersonId>,
) -> Result<(), WriteError> {
    step(recorder, request, TokenState::Refused, actor, |_, _| {
        Ok(None)
    })?;
    Ok(())
}

fn step(
    recorder: &mut dyn Recorder,
    request: TokenRequestId,
    state: TokenState,
    actor: Option<PersonId>,
    objection: impl FnOnce(&mut dyn Connection, &TokenRequest) -> Result<Option<Finding>, StoreError>,
) -> Result<TokenRequest, WriteError> {
    let tenant = recorder.tenant();
    let Some(found) = get(recorder.connection(), tenant, request)? else {
        return Err(Finding::error("token-unknown").into());
    };
    if found.state != TokenState::Proposed {
        let finding = Finding::error("token-in-other-state").arg("found", found.state.name());
        return Err(finding.into());
    }
    if let Some(finding) = objection(recorder.connection(), &found)? {
        return Err(finding.into());
    }
    let next = TokenRequest {
        state,
        by: actor,
        at: recorder.now(),
        version: found.version + 1,
        ..found
    };
    append(recorder, &next)?;
    Ok(next)
}

fn put_in_force(
    recorder: &mut dyn Recorder,
    request: &TokenRequest,
    now: Instant,
    profile: &Profile,
) -> Result<Instant, StoreError> {
    let tenant = recorder.tenant();
    let expires_at = Instant(now.0.saturating_add(request.kind.lasts_ms(profile)));
    let issued = setup_token::Issued {
        account: request.account,
        kind: request.kind,
        token_hash: request.token_hash,
        expires_at,
    };
    setup_token::issue_hashed(recorder.connection(), tenant, &issued)?;
    Ok(expires_at)
}

fn append(recorder: &mut dyn Recorder, request: &TokenRequest) -> Result<(), StoreError> {
    let row = Vec::from(values![
        recorder.tenant(),
        request.request,
        request.version,
        recorder.command(),
        request.state.name(),
        request.account,
        request.person,
        request.kind.name(),
        request.token_hash,
        request.by,
        request.at,
    ]);
    recorder.append(&TOKEN_EVENT, &[row])
}
