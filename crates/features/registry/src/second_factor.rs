//! What everybody does with her own second factor: sets it up or changes the device, has recovery
//! codes made anew, gives it up where no role asks for one.
//!
//! Secret and codes stand beside the commands, never in their bodies: they follow from the form, and
//! the page that shows them is the only one that can send it.

use access::{
    AccountId, Action, Authentication,
    account::{self, Account},
    second_factor::{self, FactorEventKind, NewCodes, NewFactor},
};
use app::{Authority, Command, Door, Refusal, RefusalKind};
use kernel::Finding;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whose second factor it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FactorChanged {
    /// The account.
    #[schema(value_type = String, format = "uuid")]
    pub account: AccountId,
}

/// Sets the own second factor up, or another one in its place. Every other session ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetUpFactor {}

impl Command for SetUpFactor {
    const NAME: &'static str = "account.set_up_factor";
    const ACTION: Action = Action::SelfSecure;
    const CLEAR: &'static [&'static str] = &[];
    const REAUTHENTICATE: bool = true;
    type Answer = FactorChanged;

    fn run(&self, door: &mut Door<'_>) -> Result<FactorChanged, Refusal> {
        let account = freshly_own(door)?;
        let Some(factor) = door.beside::<NewFactor>() else {
            return Err(Finding::error("factor-page-only").into());
        };
        // Credentials live by the machine's clock, as sessions do.
        let (draw, now) = (door.draw(), door.app().session_clock().now());
        let vault = door.unlock_vault()?;
        if !factor.set(door, &vault, &account, &draw, now)? {
            return Err(Finding::error("sign-in-expired").into());
        }
        Ok(changed(&account))
    }
}

/// Makes recovery codes anew; the earlier ones are void.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenewRecoveryCodes {}

impl Command for RenewRecoveryCodes {
    const NAME: &'static str = "account.renew_recovery_codes";
    const ACTION: Action = Action::SelfSecure;
    const CLEAR: &'static [&'static str] = &[];
    const REAUTHENTICATE: bool = true;
    type Answer = FactorChanged;

    fn run(&self, door: &mut Door<'_>) -> Result<FactorChanged, Refusal> {
        let account = freshly_own(door)?;
        refuse_without(door, &account)?;
        let Some(codes) = door.beside::<NewCodes>() else {
            return Err(Finding::error("factor-page-only").into());
        };
        let vault = door.unlock_vault()?;
        codes.set(door, &vault, &account)?;
        Ok(changed(&account))
    }
}

/// Gives the own second factor up, where no role in force asks for one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveUpFactor {}

impl Command for GiveUpFactor {
    const NAME: &'static str = "account.give_up_factor";
    const ACTION: Action = Action::SelfSecure;
    const CLEAR: &'static [&'static str] = &[];
    const REAUTHENTICATE: bool = true;
    type Answer = FactorChanged;

    fn run(&self, door: &mut Door<'_>) -> Result<FactorChanged, Refusal> {
        let account = freshly_own(door)?;
        refuse_without(door, &account)?;
        let today = door.today();
        let Authority::Person(subject) = door.authority() else {
            return Err(Finding::error("needs-a-person").into());
        };
        if subject.needs_second_factor(today) {
            return Err(Finding::error("factor-needed").into());
        }
        let (kind, by) = (FactorEventKind::GivenUp, Some(account.person));
        second_factor::take_away(door, &account, kind, by, "")?;
        Ok(changed(&account))
    }
}

fn changed(account: &Account) -> FactorChanged {
    FactorChanged {
        account: account.account,
    }
}

/// The own account of somebody who proved a moment ago who she is: by password, and by code where
/// she has a second factor already.
fn freshly_own(door: &mut Door<'_>) -> Result<Account, Refusal> {
    let Authority::Person(subject) = door.authority() else {
        return Err(Finding::error("needs-a-person").into());
    };
    let refused = |kind, code: &'static str| {
        let finding = Finding::error(code).arg("action", Action::SelfSecure.name());
        Err(Refusal::new(kind, finding))
    };
    match subject.authentication {
        Authentication::Fresh => {}
        Authentication::Stale => {
            return refused(RefusalKind::Reauthenticate, "access-reauthenticate");
        }
        Authentication::Vouched => {
            return refused(RefusalKind::Denied, "access-cannot-reauthenticate");
        }
    }
    let (tenant, account) = (door.tenant(), subject.account);
    account::get(door.connection(), tenant, account)?.ok_or_else(|| Refusal::not_found("account"))
}

pub(crate) fn refuse_without(door: &mut Door<'_>, account: &Account) -> Result<(), Refusal> {
    let tenant = door.tenant();
    match second_factor::get(door.connection(), tenant, account.account)? {
        Some(_) => Ok(()),
        None => Err(Finding::error("factor-none").into()),
    }
}
