//! Passwords at rest.

use kernel::{Instant, Tenant};
use store::{Connection, StoreError, values};

use crate::{AccountId, PasswordHash, half_sign_in, session, setup_token};

store::statements! {
    /// The password hash of an account and when it was set.
    SELECT_CREDENTIAL =
        "SELECT password_hash, changed_at FROM credential WHERE tenant = $1 AND account = $2";
    /// Sets a password hash.
    UPSERT_CREDENTIAL = concat!(
        "INSERT INTO credential (tenant, account, password_hash, changed_at) ",
        "VALUES ($1, $2, $3, $4) ON CONFLICT (tenant, account) DO UPDATE SET ",
        "password_hash = excluded.password_hash, changed_at = excluded.changed_at"
    );
    /// Devices are known again only after a sign-in with the new password.
    DELETE_DEVICES = "DELETE FROM known_device WHERE tenant = $1 AND account = $2";
}

/// The password hash of an account and when it was set; `None` before the first password.
pub fn get(
    connection: &mut dyn Connection,
    tenant: Tenant,
    account: AccountId,
) -> Result<Option<(PasswordHash, Instant)>, StoreError> {
    connection.optional(&SELECT_CREDENTIAL, &values![tenant, account], |row| {
        Ok((PasswordHash::from_column(row.text(0)?), row.instant(1)?))
    })
}

/// Sets a password; every session of the account ends, except the one of `keep`.
pub fn set(
    connection: &mut dyn Connection,
    tenant: Tenant,
    account: AccountId,
    hash: &PasswordHash,
    now: Instant,
    keep: Option<&session::SessionToken>,
) -> Result<(), StoreError> {
    let row = values![tenant, account, hash.as_str(), now];
    connection.execute(&UPSERT_CREDENTIAL, &row)?;
    connection.execute(&DELETE_DEVICES, &values![tenant, account])?;
    // Paper that was issued for the password of before opens nothing any more.
    setup_token::end_of_account(connection, tenant, account, now)?;
    half_sign_in::end_of_account(connection, tenant, account)?;
    session::close_all(connection, tenant, account, keep)
}
