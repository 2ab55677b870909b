//! One-time tokens by which the owner of an account sets a password: long ones that are copied,
//! and short codes on printed slips.

use kernel::{Instant, PersonId, Tenant};
use store::{Connection, StoreError, values};

use crate::token::TokenKind;
use crate::{AccountId, Profile, SetupToken};

store::statements! {
    /// Keeps a token's hash.
    INSERT_TOKEN = concat!(
        "INSERT INTO setup_token (tenant, token_hash, account, kind, expires_at, used) ",
        "VALUES ($1, $2, $3, $4, $5, 0)"
    );
    /// Whose token it is, while it is valid and the account not disabled.
    SELECT_TOKEN = concat!(
        "SELECT t.account FROM setup_token t ",
        "JOIN account_current a ON a.tenant = t.tenant AND a.account = t.account ",
        "WHERE t.tenant = $1 AND t.token_hash = $2 AND t.kind = $3 AND t.expires_at > $4 ",
        "AND t.used = 0 AND a.disabled = 0"
    );
    /// Uses a token up.
    UPDATE_USED =
        "UPDATE setup_token SET used = 1 WHERE tenant = $1 AND token_hash = $2 AND used = 0";
    /// A new token replaces the account's earlier ones.
    DELETE_OF_ACCOUNT = "DELETE FROM setup_token WHERE tenant = $1 AND account = $2";
    /// What was issued for an account and not used opens nothing any more.
    END_OF_ACCOUNT = concat!(
        "UPDATE setup_token SET expires_at = $1 WHERE tenant = $2 AND account = $3 ",
        "AND used = 0 AND expires_at > $1"
    );
    /// Forgets every token.
    DELETE_ALL = "DELETE FROM setup_token WHERE tenant = $1";
    /// Ends the unused slips of a person.
    END_SLIPS_OF_PERSON = concat!(
        "UPDATE setup_token SET expires_at = 0 WHERE tenant = $1 AND kind = 'slip' AND used = 0 ",
        "AND account IN (SELECT account FROM account_current WHERE tenant = $1 AND person = $2)"
    );
    /// Forgets tokens that are over. The latest slip of an account stays, so that lists say what
    /// became of it.
    DELETE_OVER =
        "DELETE FROM setup_token WHERE tenant = $1 AND expires_at <= $2 AND kind = 'link'";
}

/// A token that is put in force, by its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issued {
    /// For which account.
    pub account: AccountId,
    /// In which form it reaches its person.
    pub kind: TokenKind,
    /// [`SetupToken::hash_text`] or [`crate::SlipCode::hash`].
    pub token_hash: [u8; 32],
    /// Until when it can be used, by the machine's clock.
    pub expires_at: Instant,
}

/// Issues a copied token for an account; earlier ones are void. Says when it expires.
pub fn issue(
    connection: &mut dyn Connection,
    tenant: Tenant,
    account: AccountId,
    token: &SetupToken,
    now: Instant,
    profile: &Profile,
) -> Result<Instant, StoreError> {
    let kind = TokenKind::Link;
    let expires_at = Instant(now.0.saturating_add(kind.lasts_ms(profile)));
    let issued = Issued {
        account,
        kind,
        token_hash: token.hash(),
        expires_at,
    };
    issue_hashed(connection, tenant, &issued)?;
    Ok(expires_at)
}

/// Issues a token of which only the hash is known here. Every earlier one of the account, of
/// either form, is void.
pub fn issue_hashed(
    connection: &mut dyn Connection,
    tenant: Tenant,
    issued: &Issued,
) -> Result<(), StoreError> {
    connection.execute(&DELETE_OF_ACCOUNT, &values![tenant, issued.account])?;
    let row = values![
        tenant,
        issued.token_hash,
        issued.account,
        issued.kind.name(),
        issued.expires_at
    ];
    connection.execute(&INSERT_TOKEN, &row)?;
    Ok(())
}

/// Whose token it is, while it is valid; does not use it up.
pub fn look_up(
    connection: &mut dyn Connection,
    tenant: Tenant,
    token: &SetupToken,
    now: Instant,
) -> Result<Option<AccountId>, StoreError> {
    look_up_hashed(connection, tenant, TokenKind::Link, &token.hash(), now)
}

/// [`look_up`] for a token of any kind, by its hash.
pub(crate) fn look_up_hashed(
    connection: &mut dyn Connection,
    tenant: Tenant,
    kind: TokenKind,
    token_hash: &[u8; 32],
    now: Instant,
) -> Result<Option<AccountId>, StoreError> {
    let row = values![tenant, token_hash, kind.name(), now];
    connection.optional(&SELECT_TOKEN, &row, |row| row.id(0))
}

/// Uses a token up; whose it was, if it was valid.
pub fn redeem(
    connection: &mut dyn Connection,
    tenant: Tenant,
    token: &SetupToken,
    now: Instant,
) -> Result<Option<AccountId>, StoreError> {
    redeem_hashed(connection, tenant, TokenKind::Link, &token.hash(), now)
}

/// [`redeem`] for a token of any kind, by its hash.
pub(crate) fn redeem_hashed(
    connection: &mut dyn Connection,
    tenant: Tenant,
    kind: TokenKind,
    token_hash: &[u8; 32],
    now: Instant,
) -> Result<Option<AccountId>, StoreError> {
    let Some(account) = look_up_hashed(connection, tenant, kind, token_hash, now)? else {
        return Ok(None);
    };
    // The count decides between two who redeem at once.
    let used = connection.execute(&UPDATE_USED, &values![tenant, token_hash])?;
    Ok((used == 1).then_some(account))
}

/// Ends whatever was issued for an account and not used: its password was set in another way.
pub fn end_of_account(
    connection: &mut dyn Connection,
    tenant: Tenant,
    account: AccountId,
    now: Instant,
) -> Result<(), StoreError> {
    connection.execute(&END_OF_ACCOUNT, &values![now, tenant, account])?;
    Ok(())
}

/// Forgets every token, used or not; for a database that comes from a backup.
pub fn forget_all(connection: &mut dyn Connection, tenant: Tenant) -> Result<(), StoreError> {
    connection.execute(&DELETE_ALL, &values![tenant])?;
    Ok(())
}

/// Ends the unused slips of a person's accounts: who printed one looked at rights that were fewer.
pub(crate) fn end_slips_of_person(
    connection: &mut dyn Connection,
    tenant: Tenant,
    person: PersonId,
) -> Result<(), StoreError> {
    connection.execute(&END_SLIPS_OF_PERSON, &values![tenant, person])?;
    Ok(())
}

/// Forgets tokens that are over; for a job.
pub fn purge(
    connection: &mut dyn Connection,
    tenant: Tenant,
    now: Instant,
) -> Result<u64, StoreError> {
    connection.execute(&DELETE_OVER, &values![tenant, now])
}
