//! One-time tokens by which the owner of an account sets a password.

use kernel::{Instant, Tenant};
use store::{Connection, StoreError, values};

use crate::{AccountId, Profile, SetupToken};

store::statements! {
    /// Keeps a token's hash.
    INSERT_TOKEN = concat!(
        "INSERT INTO setup_token (tenant, token_hash, account, expires_at) ",
        "VALUES ($1, $2, $3, $4)"
    );
    /// Whose token it is, while it is valid and the account not disabled.
    SELECT_TOKEN = concat!(
        "SELECT t.account FROM setup_token t ",
        "JOIN account_current a ON a.tenant = t.tenant AND a.account = t.account ",
        "WHERE t.tenant = $1 AND t.token_hash = $2 AND t.expires_at > $3 AND a.disabled = 0"
    );
    /// Uses a token up.
    DELETE_TOKEN = "DELETE FROM setup_token WHERE tenant = $1 AND token_hash = $2";
    /// A new token replaces the account's earlier ones.
    DELETE_OF_ACCOUNT = "DELETE FROM setup_token WHERE tenant = $1 AND account = $2";
    /// Forgets tokens that are over.
    DELETE_OVER = "DELETE FROM setup_token WHERE tenant = $1 AND expires_at <= $2";
}

/// Issues a token for an account; earlier ones are void. Says when it expires.
pub fn issue(
    connection: &mut dyn Connection,
    tenant: Tenant,
    account: AccountId,
    token: &SetupToken,
    now: Instant,
    profile: &Profile,
) -> Result<Instant, StoreError> {
    issue_hashed(connection, tenant, account, token.hash(), now, profile)
}

/// [`issue`] for a token of which only the hash is known here ([`SetupToken::hash_text`]).
pub fn issue_hashed(
    connection: &mut dyn Connection,
    tenant: Tenant,
    account: AccountId,
    token_hash: [u8; 32],
    now: Instant,
    profile: &Profile,
) -> Result<Instant, StoreError> {
    connection.execute(&DELETE_OF_ACCOUNT, &values![tenant, account])?;
    let expires_at = Instant(now.0.saturating_add(profile.setup_token_ms));
    let row = values![tenant, token_hash, account, expires_at];
    connection.execute(&INSERT_TOKEN, &row)?;
    Ok(expires_at)
}

/// Whose token it is, while it is valid; does not use it up.
pub fn look_up(
    connection: &mut dyn Connection,
    tenant: Tenant,
    token: &SetupToken,
    now: Instant,
) -> Result<Option<AccountId>, StoreError> {
    connection.optional(&SELECT_TOKEN, &values![tenant, token.hash(), now], |row| {
        row.id(0)
    })
}

/// Uses a token up; whose it was, if it was valid.
pub fn redeem(
    connection: &mut dyn Connection,
    tenant: Tenant,
    token: &SetupToken,
    now: Instant,
) -> Result<Option<AccountId>, StoreError> {
    let account = look_up(connection, tenant, token, now)?;
    // The count decides between two who redeem at once.
    let used = connection.execute(&DELETE_TOKEN, &values![tenant, token.hash()])?;
    Ok(account.filter(|_| used == 1))
}

/// Forgets tokens that are over; for a job.
pub fn purge(
    connection: &mut dyn Connection,
    tenant: Tenant,
    now: Instant,
) -> Result<u64, StoreError> {
    connection.execute(&DELETE_OVER, &values![tenant, now])
}
