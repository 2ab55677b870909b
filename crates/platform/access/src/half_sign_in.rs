//! A sign-in between its two steps: the password was right, the code is still to come. It opens
//! nothing, belongs to the browser that holds its token, and lapses within minutes.

use kernel::{Instant, Tenant};
use store::{Connection, StoreError, values};

use crate::account::{self, Account};
use crate::{AccountId, HalfToken, Profile};

store::statements! {
    /// Begins one.
    INSERT_HALF = concat!(
        "INSERT INTO half_sign_in (tenant, token_hash, account, made_at) ",
        "VALUES ($1, $2, $3, $4)"
    );
    /// Whose it is and when it began, unless the account is disabled.
    SELECT_HALF = concat!(
        "SELECT h.account, h.made_at FROM half_sign_in h ",
        "JOIN account_current a ON a.tenant = h.tenant AND a.account = h.account ",
        "WHERE h.tenant = $1 AND h.token_hash = $2 AND a.disabled = 0"
    );
    /// Ends one: the second step was taken.
    DELETE_HALF = "DELETE FROM half_sign_in WHERE tenant = $1 AND token_hash = $2";
    /// Ends those of an account but the newest four: the one that begins is the fifth.
    DELETE_OLDEST = concat!(
        "DELETE FROM half_sign_in WHERE tenant = $1 AND account = $2 AND token_hash NOT IN ",
        "(SELECT token_hash FROM half_sign_in WHERE tenant = $1 AND account = $2 ",
        "ORDER BY made_at DESC, token_hash LIMIT 4)"
    );
    /// Ends those of an account.
    DELETE_OF_ACCOUNT = "DELETE FROM half_sign_in WHERE tenant = $1 AND account = $2";
    /// Ends every one.
    DELETE_ALL = "DELETE FROM half_sign_in WHERE tenant = $1";
    /// Forgets those that lapsed.
    DELETE_OVER = "DELETE FROM half_sign_in WHERE tenant = $1 AND made_at < $2";
}

/// Begins one. Five of an account wait at once; a further one ends the oldest.
pub(crate) fn begin(
    connection: &mut dyn Connection,
    tenant: Tenant,
    token: &HalfToken,
    account: AccountId,
    now: Instant,
) -> Result<(), StoreError> {
    connection.execute(&DELETE_OLDEST, &values![tenant, account])?;
    connection.execute(&INSERT_HALF, &values![tenant, token.hash(), account, now])?;
    Ok(())
}

/// The account of a token whose time has not run out. A clock that went back ends it.
pub(crate) fn look_up(
    connection: &mut dyn Connection,
    tenant: Tenant,
    token: &HalfToken,
    now: Instant,
    profile: &Profile,
) -> Result<Option<Account>, StoreError> {
    let found = connection.optional(&SELECT_HALF, &values![tenant, token.hash()], |row| {
        Ok((row.id::<AccountId>(0)?, row.instant(1)?))
    })?;
    let age = |made_at: Instant| now.0.saturating_sub(made_at.0);
    match found {
        Some((id, made_at)) if (0..profile.half_sign_in_ms).contains(&age(made_at)) => {
            account::get(connection, tenant, id)
        }
        _ => Ok(None),
    }
}

/// Ends it; false where it was over already.
pub(crate) fn end(
    connection: &mut dyn Connection,
    tenant: Tenant,
    token: &HalfToken,
) -> Result<bool, StoreError> {
    Ok(connection.execute(&DELETE_HALF, &values![tenant, token.hash()])? == 1)
}

pub(crate) fn end_of_account(
    connection: &mut dyn Connection,
    tenant: Tenant,
    account: AccountId,
) -> Result<(), StoreError> {
    connection.execute(&DELETE_OF_ACCOUNT, &values![tenant, account])?;
    Ok(())
}

/// Ends every one; for a database that comes from a backup.
pub fn forget_all(connection: &mut dyn Connection, tenant: Tenant) -> Result<(), StoreError> {
    connection.execute(&DELETE_ALL, &values![tenant])?;
    Ok(())
}

/// Forgets those that lapsed; for a job.
pub(crate) fn purge(
    connection: &mut dyn Connection,
    tenant: Tenant,
    now: Instant,
    profile: &Profile,
) -> Result<(), StoreError> {
    let made = Instant(now.0.saturating_sub(profile.half_sign_in_ms));
    connection.execute(&DELETE_OVER, &values![tenant, made])?;
    Ok(())
}
