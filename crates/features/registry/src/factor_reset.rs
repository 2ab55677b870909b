//! Taking a second factor away whose telephone is lost, together with the recovery codes.
//!
//! It is decided as the issue of a one-time token is: for a person without any grant one
//! administrator does it alone; for everybody else one proposes it with a reason and another
//! releases it; for an administrator it is done on the machine only (`xingcun token --reset-factor`).
//! The password stays: whoever takes a factor away cannot sign in by that.

use access::{
    AccountId, Action, Resource,
    account::Account,
    second_factor::{self, FactorEvent, FactorEventKind},
    token::TokenState,
};
use app::{Command, Door, Refusal};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{accounts::known, second_factor::refuse_without, tokens::first_state};

/// Takes the second factor of an account away, or proposes it where the person holds a grant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetFactor {
    /// The account.
    #[schema(value_type = String, format = "uuid")]
    pub account: AccountId,
    /// Why, and how it was made sure that the person asks for it: 4 to 200 characters.
    pub reason: String,
}

/// How far a reset has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FactorReset {
    /// The account.
    #[schema(value_type = String, format = "uuid")]
    pub account: AccountId,
    /// Whether the factor is gone; `false` where the proposal waits or was refused.
    pub done: bool,
}

impl Command for ResetFactor {
    const NAME: &'static str = "account.reset_factor";
    const ACTION: Action = Action::AccountIssueToken;
    const CLEAR: &'static [&'static str] = &["account"];
    const REAUTHENTICATE: bool = true;
    type Answer = FactorReset;

    fn run(&self, door: &mut Door<'_>) -> Result<FactorReset, Refusal> {
        // Decided before it is looked up, so that nobody without the right learns ids.
        door.decide_tenant(Action::AccountIssueToken)?;
        let found = known(door, self.account)?;
        let resource = Resource::tenant(door.tenant()).about(found.person);
        door.decide(Action::AccountIssueToken, &resource)?;
        let reason = second_factor::check_reason(&self.reason)?;
        refuse_without(door, &found)?;
        let (by, state) = (door.person(), first_state(door, found.person)?);
        let done = state == TokenState::Released;
        if done {
            second_factor::take_away(door, &found, FactorEventKind::Reset, by, reason)?;
        } else {
            second_factor::note(door, &found, FactorEventKind::ResetProposed, by, reason)?;
        }
        Ok(FactorReset {
            account: self.account,
            done,
        })
    }
}

/// Releases a proposed reset: the factor is gone, and its owner sets another one up after the next
/// sign-in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseFactorReset {
    /// The account.
    #[schema(value_type = String, format = "uuid")]
    pub account: AccountId,
}

impl Command for ReleaseFactorReset {
    const NAME: &'static str = "account.release_factor_reset";
    const ACTION: Action = Action::AccountReleaseToken;
    const CLEAR: &'static [&'static str] = &["account"];
    const REAUTHENTICATE: bool = true;
    type Answer = FactorReset;

    fn run(&self, door: &mut Door<'_>) -> Result<FactorReset, Refusal> {
        let (found, proposed) = decide_step(door, self.account)?;
        refuse_without(door, &found)?;
        let (by, reason) = (door.person(), proposed.reason);
        second_factor::take_away(door, &found, FactorEventKind::Reset, by, &reason)?;
        Ok(FactorReset {
            account: self.account,
            done: true,
        })
    }
}

/// Refuses a proposed reset: the factor stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefuseFactorReset {
    /// The account.
    #[schema(value_type = String, format = "uuid")]
    pub account: AccountId,
}

impl Command for RefuseFactorReset {
    const NAME: &'static str = "account.refuse_factor_reset";
    const ACTION: Action = Action::AccountReleaseToken;
    const CLEAR: &'static [&'static str] = &["account"];
    const REAUTHENTICATE: bool = true;
    type Answer = FactorReset;

    fn run(&self, door: &mut Door<'_>) -> Result<FactorReset, Refusal> {
        let (found, _) = decide_step(door, self.account)?;
        let by = door.person();
        second_factor::note(door, &found, FactorEventKind::ResetRefused, by, "")?;
        Ok(FactorReset {
            account: self.account,
            done: false,
        })
    }
}

/// The account and its proposal, if the acting person may decide it: neither who proposed it nor
/// whose account it is.
fn decide_step(door: &mut Door<'_>, account: AccountId) -> Result<(Account, FactorEvent), Refusal> {
    let tenant = door.tenant();
    door.decide_tenant(Action::AccountReleaseToken)?;
    let found = known(door, account)?;
    let proposed = second_factor::waiting(door, account)?;
    let history: Vec<_> = second_factor::history(&proposed).into_iter().collect();
    let resource = Resource::tenant(tenant)
        .history(&history)
        .about(found.person);
    door.decide(Action::AccountReleaseToken, &resource)?;
    Ok((found, proposed))
}
