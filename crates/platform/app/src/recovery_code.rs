//! Signing in by a recovery code: the one way of signing in that leaves a leaf, because something
//! is used up.

use access::{AccountId, Action, account, second_factor, sign_in::RecoverySignIn};
use kernel::Finding;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Authority, Command, Door, Refusal};

/// Signs in by a recovery code, which is used up. The code and the new session stand beside the
/// command, never in its body: only the sign-in page can send it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UseRecoveryCode {}

/// Whose code was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecoveryCodeUsed {
    /// The account.
    #[schema(value_type = String, format = "uuid")]
    pub account: AccountId,
}

impl Command for UseRecoveryCode {
    const NAME: &'static str = "account.use_recovery_code";
    const ACTION: Action = Action::SelfManage;
    const CLEAR: &'static [&'static str] = &[];
    type Answer = RecoveryCodeUsed;

    fn run(&self, door: &mut Door<'_>) -> Result<RecoveryCodeUsed, Refusal> {
        let account = match door.authority() {
            Authority::Person(subject) => subject.account,
            Authority::Rule(_) => return Err(Finding::error("needs-a-person").into()),
        };
        let Some(sign_in) = door.beside::<RecoverySignIn>() else {
            return Err(Finding::error("recovery-code-page-only").into());
        };
        // Sign-ins and sessions live by the machine's clock.
        let (tenant, now) = (door.tenant(), door.app().session_clock().now());
        let vault = door.unlock_vault()?;
        if !sign_in.enter(door.connection(), &vault, account, now)? {
            return Err(Finding::error("factor-wrong").field("code").into());
        }
        let found = account::get(door.connection(), tenant, account)?;
        let found = found.ok_or_else(|| Refusal::not_found("account"))?;
        let (kind, by) = (second_factor::FactorEventKind::CodeUsed, Some(found.person));
        second_factor::note(door, &found, kind, by, "")?;
        Ok(RecoveryCodeUsed { account })
    }
}
