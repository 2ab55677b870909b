//! One-time tokens by which the owner of an account sets a password.
//!
//! Whoever reads a token can become its person. For a person without any grant the security
//! administrator issues it alone, so that a county's secretaries come in by one step each; for who
//! holds a grant it is a proposal that the system administrator releases; for an administrator it
//! is issued on the machine only (`xingcun token`).

use access::{
    AccountId, Action, Resource, TokenRequestId, grant,
    token::{self, TokenKind, TokenRequest, TokenState},
};
use app::{Command, Door, FileHash, Refusal};
use kernel::{Finding, Instant, PersonId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::known;

/// Issues a one-time token, or proposes it where the person holds a grant. The token itself never
/// comes here: only its SHA-256, so that neither database nor journal can give it away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueToken {
    /// The account.
    #[schema(value_type = String, format = "uuid")]
    pub account: AccountId,
    /// Hash of the token as `access::SetupToken::hash_text` gives it, 64 hexadecimal digits.
    pub token_hash: String,
}

/// How far the token has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TokenIssued {
    /// The account.
    #[schema(value_type = String, format = "uuid")]
    pub account: AccountId,
    /// The request, by which another releases it.
    #[schema(value_type = String, format = "uuid")]
    pub request: TokenRequestId,
    /// Until when it can be used, milliseconds since 1970; left out while it opens nothing.
    #[schema(value_type = Option<i64>)]
    pub expires_at: Option<Instant>,
}

impl Command for IssueToken {
    const NAME: &'static str = "account.issue_token";
    const ACTION: Action = Action::AccountIssueToken;
    const CLEAR: &'static [&'static str] = &["account"];
    const REAUTHENTICATE: bool = true;
    type Answer = TokenIssued;

    fn run(&self, door: &mut Door<'_>) -> Result<TokenIssued, Refusal> {
        // Decided before it is looked up, so that nobody without the right learns ids.
        door.decide_tenant(Action::AccountIssueToken)?;
        let found = known(door, self.account)?;
        let resource = Resource::tenant(door.tenant()).about(found.person);
        door.decide(Action::AccountIssueToken, &resource)?;
        let hash: FileHash = self
            .token_hash
            .parse()
            .map_err(|_| Finding::error("token-hash").field("token_hash"))?;
        let request = TokenRequest {
            request: TokenRequestId(door.next_id()),
            account: self.account,
            person: found.person,
            kind: TokenKind::Link,
            token_hash: hash.0,
            state: first_state(door, found.person)?,
            by: door.person(),
            at: door.now(),
            version: 1,
        };
        let (now, profile) = (machine_time(door), *door.app().profile());
        let expires_at = token::request(door, &request, now, &profile)?;
        Ok(TokenIssued {
            account: self.account,
            request: request.request,
            expires_at,
        })
    }
}

/// Whether a second person must release it.
pub(crate) fn first_state(door: &mut Door<'_>, person: PersonId) -> Result<TokenState, Refusal> {
    if door.person().is_none() {
        // On the machine, by who owns the data folder anyway.
        return Ok(TokenState::Released);
    }
    let (tenant, now) = (door.tenant(), door.now());
    let roles = grant::roles_lately(door.connection(), tenant, person, now)?;
    if roles.iter().any(|role| role.is_administrator()) {
        return Err(Finding::error("token-on-the-machine").into());
    }
    Ok(if roles.is_empty() {
        TokenState::Released
    } else {
        TokenState::Proposed
    })
}

/// Tokens live by the machine's clock, as sessions do.
fn machine_time(door: &Door<'_>) -> Instant {
    door.app().session_clock().now()
}

/// Releases a proposed token or activation slip: its holder can set a password within thirty
/// minutes, or within the days of a slip.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseToken {
    /// The request.
    #[schema(value_type = String, format = "uuid")]
    pub request: TokenRequestId,
}

impl Command for ReleaseToken {
    const NAME: &'static str = "account.release_token";
    const ACTION: Action = Action::AccountReleaseToken;
    const CLEAR: &'static [&'static str] = &["request"];
    const REAUTHENTICATE: bool = true;
    type Answer = TokenIssued;

    fn run(&self, door: &mut Door<'_>) -> Result<TokenIssued, Refusal> {
        let found = decide_step(door, self.request)?;
        let (actor, now) = (door.person(), machine_time(door));
        let profile = *door.app().profile();
        let expires_at = token::release(door, self.request, actor, now, &profile)?;
        Ok(TokenIssued {
            account: found.account,
            request: self.request,
            expires_at: Some(expires_at),
        })
    }
}

/// Refuses a proposed token: it never opens anything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefuseToken {
    /// The request.
    #[schema(value_type = String, format = "uuid")]
    pub request: TokenRequestId,
}

impl Command for RefuseToken {
    const NAME: &'static str = "account.refuse_token";
    const ACTION: Action = Action::AccountReleaseToken;
    const CLEAR: &'static [&'static str] = &["request"];
    const REAUTHENTICATE: bool = true;
    type Answer = TokenIssued;

    fn run(&self, door: &mut Door<'_>) -> Result<TokenIssued, Refusal> {
        let found = decide_step(door, self.request)?;
        let actor = door.person();
        token::refuse(door, self.request, actor)?;
        Ok(TokenIssued {
            account: found.account,
            request: self.request,
            expires_at: None,
        })
    }
}

/// The request, if the acting person may release or refuse it: neither who proposed it nor its
/// own person.
fn decide_step(door: &mut Door<'_>, request: TokenRequestId) -> Result<TokenRequest, Refusal> {
    let tenant = door.tenant();
    door.decide_tenant(Action::AccountReleaseToken)?;
    let Some(found) = token::get(door.connection(), tenant, request)? else {
        return Err(Refusal::not_found("token"));
    };
    let history = token::history(door.connection(), tenant, request)?;
    let resource = Resource::tenant(tenant)
        .history(&history)
        .about(found.person);
    door.decide(Action::AccountReleaseToken, &resource)?;
    Ok(found)
}
