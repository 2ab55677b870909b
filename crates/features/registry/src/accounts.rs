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
        let person = match (self.person, &self.name) {
            (Some(person), None) => {
                let resource = Resource::tenant(door.tenant()).about(person);
                door.decide(Action::AccountMake, &resource)?;
                refuse_second(door, person)?;
                person
            }
            (None, Some(name)) => {
                if !self.namesake {
                    refuse_known_name(door, name)?;
                }
                let (person, salt) = (PersonId(door.next_id()), door.draw());
                person::write_name(door, person, name, salt)?;
                person
            }
            _ => return Err(Finding::error("person-or-name").field("name").into()),
        };
        let account = AccountId(door.next_id());
        account::make(door, account, person, &self.sign_in_name)?;
        Ok(AccountMade { account, person })
    }
}

/// A name that the register knows is most often the same person, whose duties must stay apart.
fn refuse_known_name(door: &mut Door<'_>, name: &str) -> Result<(), Refusal> {
    let tenant = door.tenant();
    let known = person::named(door.connection(), tenant, name.trim())?;
    if known.is_empty() {
        return Ok(());
    }
    Err(Finding::error("person-of-this-name")
        .field("name")
        .arg("count", known.len())
        .into())
}

/// One person, one account: a second one beside the first would be a way into her grants of which
/// she knows nothing.
fn refuse_second(door: &mut Door<'_>, person: PersonId) -> Result<(), Refusal> {
    let tenant = door.tenant();
    match open_account(door.connection(), tenant, person)? {
        None => Ok(()),
        Some(account) => Err(second(&account).field("sign_in_name").into()),
    }
}

/// The account of a person that is not disabled.
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
            refuse_second(door, found.person)?;
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
