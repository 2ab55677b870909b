//! What everybody does with her own account, without any grant: ends a session, changes the
//! password.

use access::{AccountId, Action, SessionId, session, sign_in::NewPassword};
use app::{Authority, Command, Door, Refusal};
use kernel::Finding;
use serde::{Deserialize, Serialize};
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
        let account = own_account(door)?;
        let tenant = door.tenant();
        // Another's session is not hers to end: nothing happens, and nothing is told of it.
        session::close_one(door.connection(), tenant, account, self.session)?;
        Ok(SessionEnded { account })
    }
}

/// Changes the own password. The passwords stand beside the command, never in its body: the page
/// compares the present one, checks and hashes the new one, and gives the result along.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {}

/// Whose password was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PasswordChanged {
    /// The account.
    #[schema(value_type = String, format = "uuid")]
    pub account: AccountId,
}

impl Command for ChangePassword {
    const NAME: &'static str = "account.change_password";
    const ACTION: Action = Action::SelfManage;
    const CLEAR: &'static [&'static str] = &[];
    type Answer = PasswordChanged;

    fn run(&self, door: &mut Door<'_>) -> Result<PasswordChanged, Refusal> {
        let account = own_account(door)?;
        let Some(prepared) = door.beside::<NewPassword>() else {
            return Err(Finding::error("password-page-only").into());
        };
        // Passwords and sessions live by the machine's clock.
        let (tenant, now) = (door.tenant(), door.app().session_clock().now());
        if !prepared.set(door.connection(), tenant, account, now)? {
            return Err(Finding::error("sign-in-expired").into());
        }
        Ok(PasswordChanged { account })
    }
}

fn own_account(door: &Door<'_>) -> Result<AccountId, Refusal> {
    match door.authority() {
        Authority::Person(subject) => Ok(subject.account),
        Authority::Rule(_) => Err(Finding::error("needs-a-person").into()),
    }
}
