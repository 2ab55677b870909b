//! Accounts: made for a person, disabled, and given a one-time token by which the owner sets a
//! password.

use access::{AccountId, Action, account, setup_token};
use app::{Command, Door, FileHash, Refusal};
use directory::person;
use kernel::{Finding, Instant, PersonId};
use serde::{Deserialize, Serialize};
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
            (Some(person), None) => person,
            (None, Some(name)) => {
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
        account::set_disabled(door, self.account, self.disabled)?;
        Ok(AccountMade {
            account: self.account,
            person: found.person,
        })
    }
}

/// Makes a one-time token valid for thirty minutes. The token itself never comes here: only its
/// SHA-256, so that neither database nor journal can give it away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueToken {
    /// The account.
    #[schema(value_type = String, format = "uuid")]
    pub account: AccountId,
    /// Hash of the token as `access::SetupToken::hash_text` gives it, 64 hexadecimal digits.
    pub token_hash: String,
}

/// Until when the token can be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TokenIssued {
    /// The account.
    #[schema(value_type = String, format = "uuid")]
    pub account: AccountId,
    /// Milliseconds since 1970.
    #[schema(value_type = i64)]
    pub expires_at: Instant,
}

impl Command for IssueToken {
    const NAME: &'static str = "account.issue_token";
    const ACTION: Action = Action::AccountIssueToken;
    const CLEAR: &'static [&'static str] = &["account"];
    const REAUTHENTICATE: bool = true;
    type Answer = TokenIssued;

    fn run(&self, door: &mut Door<'_>) -> Result<TokenIssued, Refusal> {
        door.decide_tenant(Action::AccountIssueToken)?;
        known(door, self.account)?;
        let hash: FileHash = self
            .token_hash
            .parse()
            .map_err(|_| Finding::error("token-hash").field("token_hash"))?;
        // Tokens live by the machine's clock, as sessions do.
        let now = door.app().session_clock().now();
        let tenant = door.tenant();
        let profile = *door.app().profile();
        let expires_at = setup_token::issue_hashed(
            door.connection(),
            tenant,
            self.account,
            hash.0,
            now,
            &profile,
        )?;
        Ok(TokenIssued {
            account: self.account,
            expires_at,
        })
    }
}

fn known(door: &mut Door<'_>, account: AccountId) -> Result<account::Account, Refusal> {
    let tenant = door.tenant();
    account::get(door.connection(), tenant, account)?.ok_or_else(|| Refusal::not_found("account"))
}
