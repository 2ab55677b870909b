//! Sessions: opaque tokens, hashed at rest, with an idle and an absolute limit.

use kernel::{Instant, PersonId, Tenant};
use sha2::{Digest, Sha256};
use store::{Connection, StoreError, values};

use crate::{AccountId, Authentication, Profile, SessionId, secret::Secret};

/// How long the time of last use may lag behind, so that reading does not write each time.
const SEEN_STEP_MS: i64 = 60_000;
/// How far the clock may step back (a correction by the time service) before sessions end.
const CLOCK_TOLERANCE_MS: i64 = 5_000;

/// The secret of a session: 256 random bits, which only the cookie holds.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(Secret);

impl SessionToken {
    /// A token of fresh random bytes.
    pub fn new(random: [u8; 32]) -> SessionToken {
        SessionToken(Secret::new(random))
    }

    /// The cookie's value: `tenant.token`.
    pub fn cookie(&self, tenant: Tenant) -> String {
        format!("{tenant}.{}", self.0.to_hex())
    }

    /// Tenant and token of a cookie's value; `None` for anything else.
    pub fn parse(cookie: &str) -> Option<(Tenant, SessionToken)> {
        let (tenant, token) = cookie.split_once('.')?;
        let canonical = !tenant.is_empty()
            && tenant.len() <= 18
            && tenant.bytes().all(|byte| byte.is_ascii_digit())
            && (tenant == "0" || !tenant.starts_with('0'));
        let tenant = canonical.then(|| tenant.parse().ok()).flatten()?;
        Some((Tenant(tenant), SessionToken(Secret::from_hex(token)?)))
    }

    /// What hidden form fields carry against forged requests: follows from the token, tells
    /// nothing of it.
    pub fn form_key(&self) -> String {
        Secret::new(self.0.derive(b"xingcun form key 1")).to_hex()
    }

    fn hash(&self) -> [u8; 32] {
        self.0.hash()
    }
}

impl std::fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionToken(…)")
    }
}

/// A session that is valid now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its public id.
    pub session: SessionId,
    /// Whose.
    pub account: AccountId,
    /// When it began.
    pub made_at: Instant,
    /// When it was last used, to the minute.
    pub seen_at: Instant,
    /// When the password was last given.
    pub proved_at: Instant,
    /// The device as the interface names it: "Firefox, Linux".
    pub device: String,
}

impl Session {
    /// Whether the password counts as fresh for privileged actions.
    pub fn authentication(&self, now: Instant, profile: &Profile) -> Authentication {
        let since = now.0.saturating_sub(self.proved_at.0);
        if (-CLOCK_TOLERANCE_MS..=profile.fresh_ms).contains(&since) {
            Authentication::Fresh
        } else {
            Authentication::Stale
        }
    }

    /// Whether [`touch`] is due.
    pub fn needs_touch(&self, now: Instant) -> bool {
        now.0.saturating_sub(self.seen_at.0) >= SEEN_STEP_MS
    }

    /// Whether the limits hold. A clock that went back ends the session instead of extending it.
    fn is_valid(&self, now: Instant, profile: &Profile) -> bool {
        let idle = now.0.saturating_sub(self.seen_at.0);
        let age = now.0.saturating_sub(self.made_at.0);
        (-CLOCK_TOLERANCE_MS..profile.idle_ms).contains(&idle)
            && (-CLOCK_TOLERANCE_MS..profile.absolute_ms).contains(&age)
    }
}

/// What a new session is made of.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// The secret; fresh, never one that was there before the sign-in.
    pub token: SessionToken,
    /// Its public id.
    pub session: SessionId,
    /// The device as the interface names it, up to 60 characters are kept.
    pub device: String,
}

store::statements! {
    /// A session by the hash of its token, unless its account is disabled.
    SELECT_SESSION = concat!(
        "SELECT s.session, s.account, s.made_at, s.seen_at, s.proved_at, s.device ",
        "FROM session s JOIN account_current a ON a.tenant = s.tenant AND a.account = s.account ",
        "WHERE s.tenant = $1 AND s.token_hash = $2 AND a.disabled = 0"
    );
    /// The sessions of an account, the last used first.
    SELECT_OF_ACCOUNT = concat!(
        "SELECT session, account, made_at, seen_at, proved_at, device FROM session ",
        "WHERE tenant = $1 AND account = $2 ORDER BY seen_at DESC, session"
    );
    /// Begins a session.
    INSERT_SESSION = concat!(
        "INSERT INTO session (tenant, token_hash, session, account, made_at, seen_at, ",
        "proved_at, device) VALUES ($1, $2, $3, $4, $5, $5, $5, $6)"
    );
    /// Notes that a session is in use.
    UPDATE_SEEN =
        "UPDATE session SET seen_at = $1 WHERE tenant = $2 AND token_hash = $3 AND seen_at < $1";
    /// Gives a session a new secret after the password was given again.
    UPDATE_PROVED = concat!(
        "UPDATE session SET token_hash = $1, proved_at = $2 ",
        "WHERE tenant = $3 AND token_hash = $4"
    );
    /// Gives a session a new secret, and nothing else.
    UPDATE_TOKEN = "UPDATE session SET token_hash = $1 WHERE tenant = $2 AND token_hash = $3";
    /// Ends a session by its token.
    DELETE_BY_TOKEN = "DELETE FROM session WHERE tenant = $1 AND token_hash = $2";
    /// Ends one session of an account.
    DELETE_ONE = "DELETE FROM session WHERE tenant = $1 AND account = $2 AND session = $3";
    /// Ends the sessions of an account except one.
    DELETE_OTHERS = "DELETE FROM session WHERE tenant = $1 AND account = $2 AND token_hash <> $3";
    /// Ends every session.
    DELETE_ALL = "DELETE FROM session WHERE tenant = $1";
    /// Ends the sessions of an account.
    DELETE_OF_ACCOUNT = "DELETE FROM session WHERE tenant = $1 AND account = $2";
    /// Ends the sessions of all accounts of a person.
    DELETE_OF_PERSON = concat!(
        "DELETE FROM session WHERE tenant = $1 AND account IN ",
        "(SELECT a.account FROM account_current a WHERE a.tenant = $1 AND a.person = $2)"
    );
    /// Forgets sessions that are over.
    DELETE_OVER = "DELETE FROM session WHERE tenant = $1 AND (made_at < $2 OR seen_at < $3)";
}

fn read(row: &store::Row<'_>) -> Result<Session, StoreError> {
    Ok(Session {
        session: row.id(0)?,
        account: row.id(1)?,
        made_at: row.instant(2)?,
        seen_at: row.instant(3)?,
        proved_at: row.instant(4)?,
        device: row.text(5)?.to_owned(),
    })
}

/// Begins a session: after a sign-in, with a new token.
pub fn open(
    connection: &mut dyn Connection,
    tenant: Tenant,
    account: AccountId,
    new: &NewSession,
    now: Instant,
) -> Result<(), StoreError> {
    let device: String = new.device.chars().take(60).collect();
    let row = values![tenant, new.token.hash(), new.session, account, now, device];
    connection.execute(&INSERT_SESSION, &row)?;
    Ok(())
}

/// The session of a token, where it is still valid and its account not disabled.
pub fn look_up(
    connection: &mut dyn Connection,
    tenant: Tenant,
    token: &SessionToken,
    now: Instant,
    profile: &Profile,
) -> Result<Option<Session>, StoreError> {
    let found = connection.optional(&SELECT_SESSION, &values![tenant, token.hash()], read)?;
    Ok(found.filter(|session| session.is_valid(now, profile)))
}

/// Notes that a session is in use; call it where [`Session::needs_touch`] says so.
pub fn touch(
    connection: &mut dyn Connection,
    tenant: Tenant,
    token: &SessionToken,
    now: Instant,
) -> Result<(), StoreError> {
    connection.execute(&UPDATE_SEEN, &values![now, tenant, token.hash()])?;
    Ok(())
}

/// After the password was given again: the session goes on under a new token and is fresh.
/// False where there is no such session any more.
pub fn renew(
    connection: &mut dyn Connection,
    tenant: Tenant,
    old: &SessionToken,
    new: &SessionToken,
    now: Instant,
) -> Result<bool, StoreError> {
    let row = values![new.hash(), now, tenant, old.hash()];
    Ok(connection.execute(&UPDATE_PROVED, &row)? == 1)
}

/// The session goes on under a new token, as fresh as it was. False where there is no such session
/// any more.
pub(crate) fn rename(
    connection: &mut dyn Connection,
    tenant: Tenant,
    old: &SessionToken,
    new: &SessionToken,
) -> Result<bool, StoreError> {
    let row = values![new.hash(), tenant, old.hash()];
    Ok(connection.execute(&UPDATE_TOKEN, &row)? == 1)
}

/// The valid sessions of an account, the last used first: what its owner sees.
pub fn of_account(
    connection: &mut dyn Connection,
    tenant: Tenant,
    account: AccountId,
    now: Instant,
    profile: &Profile,
) -> Result<Vec<Session>, StoreError> {
    let mut sessions = connection.all(&SELECT_OF_ACCOUNT, &values![tenant, account], read)?;
    sessions.retain(|session| session.is_valid(now, profile));
    Ok(sessions)
}

/// Ends every session; for a database that comes from a backup.
pub fn forget_all(connection: &mut dyn Connection, tenant: Tenant) -> Result<(), StoreError> {
    connection.execute(&DELETE_ALL, &values![tenant])?;
    Ok(())
}

/// Ends the session of a token: log-out.
pub fn close(
    connection: &mut dyn Connection,
    tenant: Tenant,
    token: &SessionToken,
) -> Result<(), StoreError> {
    connection.execute(&DELETE_BY_TOKEN, &values![tenant, token.hash()])?;
    Ok(())
}

/// Ends one session of an account, chosen from the list of own sessions.
pub fn close_one(
    connection: &mut dyn Connection,
    tenant: Tenant,
    account: AccountId,
    session: SessionId,
) -> Result<(), StoreError> {
    connection.execute(&DELETE_ONE, &values![tenant, account, session])?;
    Ok(())
}

/// Ends the sessions of an account, except the one of `keep`.
pub fn close_all(
    connection: &mut dyn Connection,
    tenant: Tenant,
    account: AccountId,
    keep: Option<&SessionToken>,
) -> Result<(), StoreError> {
    match keep {
        Some(token) => {
            connection.execute(&DELETE_OTHERS, &values![tenant, account, token.hash()])?
        }
        None => connection.execute(&DELETE_OF_ACCOUNT, &values![tenant, account])?,
    };
    Ok(())
}

/// Ends the sessions of all accounts of a person: her grants changed.
pub fn close_of_person(
    connection: &mut dyn Connection,
    tenant: Tenant,
    person: PersonId,
) -> Result<(), StoreError> {
    connection.execute(&DELETE_OF_PERSON, &values![tenant, person])?;
    Ok(())
}

/// Forgets sessions that are over; for a job.
pub fn purge(
    connection: &mut dyn Connection,
    tenant: Tenant,
    now: Instant,
    profile: &Profile,
) -> Result<u64, StoreError> {
    let made = Instant(now.0.saturating_sub(profile.absolute_ms));
    let seen = Instant(now.0.saturating_sub(profile.idle_ms));
    connection.execute(&DELETE_OVER, &values![tenant, made, seen])
}

/// The key under which failures from an address are counted.
pub(crate) fn address_failure_key(address: &[u8; 32]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"xingcun address failure 1\0");
    hash.update(address);
    hash.finalize().into()
}

/// SHA-256 of a sign-in name and, for a known device, of the device's token: the key under which
/// failures are counted, so that the table holds no names.
pub(crate) fn failure_key(name: &str, device: Option<&[u8; 32]>) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"xingcun sign-in failure 1\0");
    hash.update(name.as_bytes());
    if let Some(device) = device {
        hash.update([0]);
        hash.update(device);
    }
    hash.finalize().into()
}
