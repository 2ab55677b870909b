//! Accounts: made for a person, disabled, enabled.

use access::{AccountId, Action, Resource, account};
use app::{Command, Door, Refusal};
use directory::person;
use kernel::{Finding, PersonId, Tenant};
use serde::{Deserialize, Serialize};
use store::{Connection, StoreError};
use utoipa::ToSchema;

/// Makes an account for a person of the register, or for a new one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeAccount {
    /// The person; left out where the person is new.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub person: Option<PersonId>,
    /// The new person's name; left out where the person is known.
    #[serde(default)]
    pub name: Option<String>,
    /// Whether the new person is another one than those of the same name in the register. Where it
    /// is not said, a known name is refused: the account would be a second one of the same person.
    #[serde(default)]
    pub namesake: bool,
    /// Sign-in name: 3 to 40 of `a`–`z`, `0`–`9`, `.`, `_`, `-`, not only digits.
    pub sign_in_name: String,
}

/// An account and its person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccountMade {
    /// The account.
    #[schema(value_type = String, format = "uuid")]
    pub account: AccountId,
    /// The person.
    #[schema(value_type = String, format = "uuid")]
    pub person: PersonId,
}

impl Command for MakeAccount {
    const NAME: &'static str = "account.make";
    const ACTION: Action = Action::AccountMake;
    const CLEAR: &'static [&'static str] = &["person"];
    type Answer = AccountMade;

    fn run(&self, door: &mut Door<'_>) -> Result<AccountMade, Refusal> {
        door.decide_tenant(Action::AccountMake)?;
        let tenant = door.tenant();
        let account = AccountId(door.next_id());
        let wrong = account::wrong_name(door.connection(), tenant, account, &self.sign_in_name)?;
        let mut findings = Vec::from_iter(wrong);
        match (self.person, &self.name) {
            (Some(person), None) => {
                let resource = Resource::tenant(tenant).about(person);
                door.decide(Action::AccountMake, &resource)?;
                let open = open_account(door.connection(), tenant, person)?;
                findings.extend(open.map(|account| second(&account).field("sign_in_name")));
            }
            (None, Some(name)) => {
                findings.extend(person::wrong_name(name));
                if !self.namesake {
                    findings.extend(known_name(door, name)?);
                }
            }
            _ => findings.push(Finding::error("person-or-name").field("name")),
        }
        if !findings.is_empty() {
            return Err(Refusal::invalid(findings));
        }
        let person = if let Some(name) = &self.name {
            let (person, salt) = (PersonId(door.next_id()), door.draw());
            person::write_name(door, person, name, salt)?;
            person
        } else {
            self.person.unwrap_or_default()
        };
        account::make(door, account, person, &self.sign_in_name)?;
        Ok(AccountMade { account, person })
    }
}

/// A name that the register knows is most often the same person, whose duties must stay apart.
fn known_name(door: &mut Door<'_>, name: &str) -> Result<Option<Finding>, Refusal> {
    let tenant = door.tenant();
    let known = person::named(door.connection(), tenant, name.trim())?;
    let finding = Finding::error("person-of-this-name").field("name");
    Ok((!known.is_empty()).then(|| finding.arg("count", known.len())))
}

/// The account of a person that is not disabled: one person has one, for a second one beside it would
/// be a way into her grants of which she knows nothing.
pub(crate) fn open_account(
    connection: &mut dyn Connection,
    tenant: Tenant,
    person: PersonId,
) -> Result<Option<account::Account>, StoreError> {
    let accounts = account::of_person(connection, tenant, person)?;
    Ok(accounts.into_iter().find(|account| !account.disabled))
}

/// That a person has an account already.
pub(crate) fn second(account: &account::Account) -> Finding {
    Finding::error("person-has-account").arg("account", account.sign_in_name.as_str())
}

/// Disables an account, or enables it again. Its sessions end at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DisableAccount {
    /// The account.
    #[schema(value_type = String, format = "uuid")]
    pub account: AccountId,
    /// `true` disables, `false` enables.
    pub disabled: bool,
}

impl Command for DisableAccount {
    const NAME: &'static str = "account.disable";
    const ACTION: Action = Action::AccountDisable;
    const CLEAR: &'static [&'static str] = &["account", "disabled"];
    type Answer = AccountMade;

    fn run(&self, door: &mut Door<'_>) -> Result<AccountMade, Refusal> {
        door.decide_tenant(Action::AccountDisable)?;
        let found = known(door, self.account)?;
        if door.person() == Some(found.person) {
            // Nobody can lock herself out by mistake, nor open her own closed account.
            return Err(Finding::error("access-own-matter")
                .arg("action", Self::ACTION.name())
                .into());
        }
        if !self.disabled && found.disabled {
            let tenant = door.tenant();
            if let Some(open) = open_account(door.connection(), tenant, found.person)? {
                return Err(second(&open).field("sign_in_name").into());
            }
        }
        account::set_disabled(door, self.account, self.disabled)?;
        Ok(AccountMade {
            account: self.account,
            person: found.person,
        })
    }
}

pub(crate) fn known(door: &mut Door<'_>, account: AccountId) -> Result<account::Account, Refusal> {
    let tenant = door.tenant();
    account::get(door.connection(), tenant, account)?.ok_or_else(|| Refusal::not_found("account"))
}
