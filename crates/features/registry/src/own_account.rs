//! What everybody does with her own account: ends a session, asks for a token to set a new
//! password.

use access::{
    AccountId, Action, Authentication, Profile, SessionId, SetupToken, session, setup_token,
};
use app::{Authority, Command, Door, Refusal, RefusalKind};
use hmac::{Hmac, KeyInit, Mac};
use kernel::{CommandId, Finding, Tenant};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use utoipa::ToSchema;

/// Ends one of one's own sessions: a telephone that was lost, a browser left open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndSession {
    /// The session, as the list of own sessions names it.
    #[schema(value_type = String, format = "uuid")]
    pub session: SessionId,
}

/// Whose session it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionEnded {
    /// The account.
    #[schema(value_type = String, format = "uuid")]
    pub account: AccountId,
}

impl Command for EndSession {
    const NAME: &'static str = "session.end";
    const ACTION: Action = Action::SelfManage;
    const CLEAR: &'static [&'static str] = &[];
    type Answer = SessionEnded;

    fn run(&self, door: &mut Door<'_>) -> Result<SessionEnded, Refusal> {
        let (account, _) = own_account(door)?;
        let tenant = door.tenant();
        // Another's session is not hers to end: nothing happens, and nothing is told of it.
        session::close_one(door.connection(), tenant, account, self.session)?;
        Ok(SessionEnded { account })
    }
}

/// Asks for a one-time token with which the own password is set anew. Needs the present password.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenewPassword {}

/// The command from which the token follows; the token itself is kept nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RenewalBegun {
    /// The command.
    #[schema(value_type = String, format = "uuid")]
    pub command: CommandId,
}

impl Command for RenewPassword {
    const NAME: &'static str = "account.renew_password";
    const ACTION: Action = Action::AccountIssueToken;
    const CLEAR: &'static [&'static str] = &[];
    const REAUTHENTICATE: bool = true;
    type Answer = RenewalBegun;

    fn run(&self, door: &mut Door<'_>) -> Result<RenewalBegun, Refusal> {
        let (account, authentication) = own_account(door)?;
        if authentication != Authentication::Fresh {
            let finding = Finding::error("access-reauthenticate");
            let finding = finding.arg("action", Action::AccountIssueToken.name());
            return Err(Refusal::new(RefusalKind::Reauthenticate, finding));
        }
        let (tenant, command) = (door.tenant(), door.command());
        let token = token(door.app(), tenant, command);
        let hash: app::FileHash = token
            .hash_text()
            .parse()
            .map_err(|_| Refusal::bug("a hash has 64 digits"))?;
        // Tokens live by the machine's clock, as sessions do.
        let now = door.app().session_clock().now();
        let profile = &Profile::MODERN;
        setup_token::issue_hashed(door.connection(), tenant, account, hash.0, now, profile)?;
        Ok(RenewalBegun { command })
    }
}

/// The token of a renewal: follows from its command under a key that is not in the database, so
/// neither the kept answer nor the journal can give it away.
pub(crate) fn token(app: &app::App, tenant: Tenant, command: CommandId) -> SetupToken {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(app.keys().idempotency())
        .expect("HMAC takes a key of any length");
    mac.update(b"xingcun own token 1\0");
    mac.update(&tenant.0.to_be_bytes());
    mac.update(command.0.as_bytes());
    SetupToken::new(mac.finalize().into_bytes().into())
}

fn own_account(door: &Door<'_>) -> Result<(AccountId, Authentication), Refusal> {
    match door.authority() {
        Authority::Person(subject) => Ok((subject.account, subject.authentication)),
        Authority::Rule(_) => Err(Finding::error("needs-a-person").into()),
    }
}
