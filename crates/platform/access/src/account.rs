//! Accounts: one natural person's means of signing in. The record keeps who and by which name;
//! the password is a working matter.

use directory::{Recorder, WriteError};
use kernel::{Finding, PersonId, Tenant};
use serde::{Deserialize, Serialize};
use store::{Connection, Row, StoreError, values};

use crate::{AccountId, session};

/// Longest sign-in name, in characters.
pub const SIGN_IN_NAME_MAX: usize = 40;

/// An account as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Which account.
    pub account: AccountId,
    /// Whose: at most one that is not disabled. Duties are separated by person.
    pub person: PersonId,
    /// The name typed at sign-in, in its one spelling (see [`sign_in_name`]).
    pub sign_in_name: String,
    /// Whether nobody can sign in with it.
    pub disabled: bool,
    /// How often something about it was recorded.
    pub version: i64,
}

store::record! {
    /// What happened to accounts: `made`, `renamed`, `disabled`, `enabled`.
    pub ACCOUNT_EVENT = account_event(
        tenant, account, version, command, kind, person, sign_in_name, at
    ) key(tenant, account, version);
}

store::statements! {
    /// One account.
    SELECT_ACCOUNT = concat!(
        "SELECT account, person, sign_in_name, disabled, version FROM account_current ",
        "WHERE tenant = $1 AND account = $2"
    );
    /// The account with a sign-in name.
    SELECT_BY_NAME = concat!(
        "SELECT account, person, sign_in_name, disabled, version FROM account_current ",
        "WHERE tenant = $1 AND sign_in_name = $2"
    );
    /// The accounts of a person.
    SELECT_OF_PERSON = concat!(
        "SELECT account, person, sign_in_name, disabled, version FROM account_current ",
        "WHERE tenant = $1 AND person = $2 ORDER BY sign_in_name"
    );
    /// Accounts in the order of their names, from one name on.
    SELECT_PAGE = concat!(
        "SELECT account, person, sign_in_name, disabled, version FROM account_current ",
        "WHERE tenant = $1 AND sign_in_name > $2 ORDER BY sign_in_name LIMIT $3"
    );
    /// Every account's latest event.
    SELECT_ALL_LATEST = concat!(
        "SELECT e.account, e.person, e.sign_in_name, e.kind, e.version FROM account_event e ",
        "WHERE e.tenant = $1 AND NOT EXISTS (SELECT 1 FROM account_event f ",
        "WHERE f.tenant = $1 AND f.account = e.account AND f.version > e.version)"
    );
    /// Every account's latest event that disabled or enabled it.
    SELECT_DISABLED = concat!(
        "SELECT e.account FROM account_event e WHERE e.tenant = $1 AND e.kind = 'disabled' ",
        "AND NOT EXISTS (SELECT 1 FROM account_event f WHERE f.tenant = $1 ",
        "AND f.account = e.account AND f.kind = 'enabled' AND f.version > e.version)"
    );
    /// Writes the present state.
    UPSERT_CURRENT = concat!(
        "INSERT INTO account_current (tenant, account, person, sign_in_name, disabled, version) ",
        "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant, account) DO UPDATE SET ",
        "person = excluded.person, sign_in_name = excluded.sign_in_name, ",
        "disabled = excluded.disabled, version = excluded.version"
    );
}

/// The one spelling of a sign-in name: without spaces around it, in lower case.
pub fn sign_in_name(text: &str) -> String {
    text.trim().to_lowercase()
}

/// What is wrong with a sign-in name: 3 to 40 of `a`–`z`, `0`–`9`, `.`, `_`, `-`, not only
/// digits. A telephone or ID number as a name would be personal data in the clear.
pub fn check_sign_in_name(name: &str) -> Result<(), Finding> {
    let well_formed = (3..=SIGN_IN_NAME_MAX).contains(&name.len())
        && name
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-'));
    if !well_formed {
        return Err(Finding::error("sign-in-name-form").field("sign_in_name"));
    }
    // An ID number may end in x.
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    if digits + 1 >= name.len() {
        return Err(Finding::error("sign-in-name-personal").field("sign_in_name"));
    }
    Ok(())
}

fn read(row: &Row<'_>) -> Result<Account, StoreError> {
    Ok(Account {
        account: row.id(0)?,
        person: row.id(1)?,
        sign_in_name: row.text(2)?.to_owned(),
        disabled: row.flag(3)?,
        version: row.int(4)?,
    })
}

/// One account.
pub fn get(
    connection: &mut dyn Connection,
    tenant: Tenant,
    account: AccountId,
) -> Result<Option<Account>, StoreError> {
    connection.optional(&SELECT_ACCOUNT, &values![tenant, account], read)
}

/// The account with a sign-in name, in any spelling.
pub fn by_sign_in_name(
    connection: &mut dyn Connection,
    tenant: Tenant,
    name: &str,
) -> Result<Option<Account>, StoreError> {
    connection.optional(&SELECT_BY_NAME, &values![tenant, sign_in_name(name)], read)
}

/// The accounts of a person, by name.
pub fn of_person(
    connection: &mut dyn Connection,
    tenant: Tenant,
    person: PersonId,
) -> Result<Vec<Account>, StoreError> {
    connection.all(&SELECT_OF_PERSON, &values![tenant, person], read)
}

/// Accounts whose name comes after `after` (empty for the first page), by name.
pub fn page(
    connection: &mut dyn Connection,
    tenant: Tenant,
    after: &str,
    limit: u32,
) -> Result<Vec<Account>, StoreError> {
    connection.all(&SELECT_PAGE, &values![tenant, after, limit], read)
}

/// Makes an account for a person.
pub fn make(
    recorder: &mut dyn Recorder,
    account: AccountId,
    person: PersonId,
    name: &str,
) -> Result<Account, WriteError> {
    let tenant = recorder.tenant();
    let name = free_name(recorder, account, name)?;
    if directory::person::version(recorder.connection(), tenant, person)? == 0 {
        return Err(Finding::error("person-unknown").field("person").into());
    }
    let made = Account {
        account,
        person,
        sign_in_name: name,
        disabled: false,
        version: 1,
    };
    append(recorder, &made, "made")?;
    Ok(made)
}

/// Gives an account another sign-in name.
pub fn rename(
    recorder: &mut dyn Recorder,
    account: AccountId,
    name: &str,
) -> Result<Account, WriteError> {
    let name = free_name(recorder, account, name)?;
    change(recorder, account, "renamed", |account| {
        account.sign_in_name = name;
    })
}

/// Disables an account and ends its sessions, or enables it again.
pub fn set_disabled(
    recorder: &mut dyn Recorder,
    account: AccountId,
    disabled: bool,
) -> Result<Account, WriteError> {
    let kind = if disabled { "disabled" } else { "enabled" };
    let changed = change(recorder, account, kind, |account| {
        account.disabled = disabled;
    })?;
    let tenant = recorder.tenant();
    session::close_all(recorder.connection(), tenant, account, None)?;
    Ok(changed)
}

/// The name in its one spelling, well formed and nobody else's.
fn free_name(
    recorder: &mut dyn Recorder,
    account: AccountId,
    name: &str,
) -> Result<String, WriteError> {
    let tenant = recorder.tenant();
    if let Some(wrong) = wrong_name(recorder.connection(), tenant, account, name)? {
        return Err(wrong.into());
    }
    Ok(sign_in_name(name))
}

/// Why an account cannot have a sign-in name.
pub fn wrong_name(
    connection: &mut dyn Connection,
    tenant: Tenant,
    account: AccountId,
    name: &str,
) -> Result<Option<Finding>, StoreError> {
    let name = sign_in_name(name);
    if let Err(wrong) = check_sign_in_name(&name) {
        return Ok(Some(wrong));
    }
    let holder = by_sign_in_name(connection, tenant, &name)?;
    let is_taken = holder.is_some_and(|holder| holder.account != account);
    let finding = Finding::error("sign-in-name-taken").field("sign_in_name");
    Ok(is_taken.then(|| finding.arg("found", name)))
}

fn change(
    recorder: &mut dyn Recorder,
    account: AccountId,
    kind: &'static str,
    change: impl FnOnce(&mut Account),
) -> Result<Account, WriteError> {
    let tenant = recorder.tenant();
    let Some(mut changed) = get(recorder.connection(), tenant, account)? else {
        return Err(Finding::error("account-unknown").field("account").into());
    };
    change(&mut changed);
    changed.version += 1;
    append(recorder, &changed, kind)?;
    Ok(changed)
}

fn append(
    recorder: &mut dyn Recorder,
    account: &Account,
    kind: &'static str,
) -> Result<(), StoreError> {
    let tenant = recorder.tenant();
    let row = Vec::from(values![
        tenant,
        account.account,
        account.version,
        recorder.command(),
        kind,
        account.person,
        account.sign_in_name.as_str(),
        recorder.now(),
    ]);
    recorder.append(&ACCOUNT_EVENT, &[row])?;
    write_current(recorder.connection(), tenant, account)
}

fn write_current(
    connection: &mut dyn Connection,
    tenant: Tenant,
    account: &Account,
) -> Result<(), StoreError> {
    let row = values![
        tenant,
        account.account,
        account.person,
        account.sign_in_name.as_str(),
        account.disabled,
        account.version,
    ];
    connection.execute(&UPSERT_CURRENT, &row)?;
    Ok(())
}

/// Fills `account_current` from `account_event`; the tables are empty.
pub fn rebuild(connection: &mut dyn Connection, tenant: Tenant) -> Result<(), StoreError> {
    let disabled: std::collections::BTreeSet<AccountId> = connection
        .all(&SELECT_DISABLED, &values![tenant], |row| row.id(0))?
        .into_iter()
        .collect();
    let accounts = connection.all(&SELECT_ALL_LATEST, &values![tenant], |row| {
        let account = row.id(0)?;
        Ok(Account {
            account,
            person: row.id(1)?,
            sign_in_name: row.text(2)?.to_owned(),
            disabled: disabled.contains(&account),
            version: row.int(4)?,
        })
    })?;
    for account in &accounts {
        write_current(connection, tenant, account)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{check_sign_in_name, sign_in_name};

    #[test]
    fn names_have_one_spelling_and_are_no_personal_numbers() {
        assert_eq!(sign_in_name("  Zhang.San "), "zhang.san");
        for (name, code) in [
            ("zhang.san", None),
            ("cun-01", None),
            ("ab", Some("sign-in-name-form")),
            ("张三", Some("sign-in-name-form")),
            ("a b c", Some("sign-in-name-form")),
            ("13800138000", Some("sign-in-name-personal")),
            ("11010519491231002x", Some("sign-in-name-personal")),
        ] {
            let found = check_sign_in_name(name).err().map(|finding| finding.code);
            assert_eq!(found.as_deref(), code, "{name}");
        }
    }
}
