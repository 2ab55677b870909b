//! The first three accounts: system, security and audit administrator (三员), each a person of
//! its own. Carried out once, by `xingcun setup` and by the making of a demonstration.

use access::{AccountId, Action, GrantId, Role, account, grant};
use app::{Command, Door, Refusal};
use directory::person;
use kernel::{Finding, PersonId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Makes the three separated administrators. Only a rule of the product can send it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetUpAdministrators {}

/// The accounts made; each has no password until its one-time token is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Administrators {
    /// Runs the system, approves grants.
    #[schema(value_type = String, format = "uuid")]
    pub system: AccountId,
    /// Makes accounts, proposes grants.
    #[schema(value_type = String, format = "uuid")]
    pub security: AccountId,
    /// Watches the journal.
    #[schema(value_type = String, format = "uuid")]
    pub audit: AccountId,
}

impl Command for SetUpAdministrators {
    const NAME: &'static str = "setup.administrators";
    const ACTION: Action = Action::SystemOperate;
    const CLEAR: &'static [&'static str] = &[];
    type Answer = Administrators;

    fn run(&self, door: &mut Door<'_>) -> Result<Administrators, Refusal> {
        if door.person().is_some() {
            return Err(Finding::error("setup-by-rule-only").into());
        }
        let tenant = door.tenant();
        if account::by_sign_in_name(door.connection(), tenant, "system-admin")?.is_some() {
            return Err(Finding::error("setup-done-already").into());
        }
        Ok(Administrators {
            system: administrator(door, "系统管理员", "system-admin", Role::SystemAdmin)?,
            security: administrator(door, "安全管理员", "security-admin", Role::SecurityAdmin)?,
            audit: administrator(door, "审计管理员", "audit-admin", Role::AuditAdmin)?,
        })
    }
}

fn administrator(
    door: &mut Door<'_>,
    name: &str,
    sign_in_name: &str,
    role: Role,
) -> Result<AccountId, Refusal> {
    let (person, salt) = (PersonId(door.next_id()), door.draw());
    person::write_name(door, person, name, salt)?;
    let account = AccountId(door.next_id());
    account::make(door, account, person, sign_in_name)?;
    let proposal = grant::Proposal {
        grant: GrantId(door.next_id()),
        person,
        role,
        place: None,
        valid_from: door.today(),
        valid_until: None,
    };
    grant::propose(door, &proposal, None)?;
    grant::approve(door, proposal.grant, None)?;
    Ok(account)
}
