//! The second factor of an account: a secret shared with an application, sealed; recovery codes
//! under a keyed hash, each good once; and the record of what happened to them.
//!
//! The secret and the codes are credentials, and so working tables as password hashes are. What the
//! record keeps is that there is a factor, since when, and who took it away for what reason.

use directory::{Recorder, WriteError};
use kernel::{CommandId, Finding, Instant, PersonId, Tenant};
use store::{Connection, Row, StoreError, values};
use vault::{TenantVault, VaultError};

use crate::account::Account;
use crate::one_time_code::{FactorSecret, OneTimeCode, RecoveryCode, TotpCode};
use crate::{AccountId, Action, Involved, SessionToken, half_sign_in, session};

/// Shortest reason for a reset, in characters.
pub const REASON_MIN: usize = 4;
/// Longest reason for a reset, in characters.
pub const REASON_MAX: usize = 200;

/// For how long a proposed reset waits for its second person: who lost a telephone waits for it, and
/// what was true of the loss is not true for ever.
const RESET_WAITS_MS: i64 = 7 * kernel::time::DAY_MS;

directory::closed_list! {
    /// What happened to the second factor of an account.
    FactorEventKind {
        /// Its owner set it up, or another one in its place.
        SetUp = "set_up",
        /// Its owner had new recovery codes made.
        CodesRenewed = "codes_renewed",
        /// A recovery code was used up.
        CodeUsed = "code_used",
        /// Its owner, who need not have one, gave it up.
        GivenUp = "given_up",
        /// One administrator asks to take it away.
        ResetProposed = "reset_proposed",
        /// Another administrator refused that.
        ResetRefused = "reset_refused",
        /// It was taken away.
        Reset = "reset",
    }
}

/// One event of the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactorEvent {
    /// Whose account.
    pub account: AccountId,
    /// The how manieth event of the account.
    pub version: i64,
    /// What happened.
    pub kind: FactorEventKind,
    /// Whose account.
    pub person: PersonId,
    /// Who did it; nobody where it was done on the machine.
    pub by: Option<PersonId>,
    /// Why; empty where nobody is asked.
    pub reason: String,
    /// When.
    pub at: Instant,
}

impl FactorEvent {
    /// Until when a proposed reset waits for its second person.
    pub fn waits_until(&self) -> Instant {
        Instant(self.at.0.saturating_add(RESET_WAITS_MS))
    }
}

/// The factor of an account, as pages show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Factor {
    /// Since when.
    pub since: Instant,
    /// Recovery codes that were not used yet.
    pub codes_left: i64,
}

store::record! {
    /// What happened to second factors.
    pub FACTOR_EVENT = factor_event(
        tenant, account, version, command, kind, person, actor, reason, at
    ) key(tenant, account, version);
}

store::statements! {
    /// Since when an account has a factor, and how many recovery codes are left.
    SELECT_FACTOR = concat!(
        "SELECT f.since, (SELECT count(*) FROM recovery_code r WHERE r.tenant = $1 ",
        "AND r.account = $2 AND r.used = 0) FROM second_factor f ",
        "WHERE f.tenant = $1 AND f.account = $2"
    );
    /// The sealed secret.
    SELECT_SECRET = "SELECT secret FROM second_factor WHERE tenant = $1 AND account = $2";
    /// Keeps a secret; the one before is gone.
    UPSERT_SECRET = concat!(
        "INSERT INTO second_factor (tenant, account, secret, since, last_step) ",
        "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, account) DO UPDATE SET ",
        "secret = excluded.secret, since = excluded.since, last_step = excluded.last_step"
    );
    /// Uses a step up: each counts once, and none before it counts any more.
    UPDATE_STEP = concat!(
        "UPDATE second_factor SET last_step = $1 ",
        "WHERE tenant = $2 AND account = $3 AND last_step < $1"
    );
    /// Takes the factor away.
    DELETE_SECRET = "DELETE FROM second_factor WHERE tenant = $1 AND account = $2";
    /// Keeps a recovery code's hash.
    INSERT_CODE = concat!(
        "INSERT INTO recovery_code (tenant, account, code_hash, used) ",
        "VALUES ($1, $2, $3, 0)"
    );
    /// Uses a recovery code up.
    UPDATE_CODE = concat!(
        "UPDATE recovery_code SET used = 1 ",
        "WHERE tenant = $1 AND account = $2 AND code_hash = $3 AND used = 0"
    );
    /// Forgets the recovery codes of an account.
    DELETE_CODES = "DELETE FROM recovery_code WHERE tenant = $1 AND account = $2";
    /// Forgets every recovery code.
    DELETE_ALL_CODES = "DELETE FROM recovery_code WHERE tenant = $1";
    /// How many events an account has.
    COUNT_EVENTS = "SELECT count(*) FROM factor_event WHERE tenant = $1 AND account = $2";
    /// How many events of an account a command left.
    COUNT_OF_COMMAND = concat!(
        "SELECT count(*) FROM factor_event ",
        "WHERE tenant = $1 AND account = $2 AND command = $3"
    );
    /// What happened to the factor of an account, the latest first.
    SELECT_OF_ACCOUNT = concat!(
        "SELECT account, version, kind, person, actor, reason, at FROM factor_event ",
        "WHERE tenant = $1 AND account = $2 ORDER BY version DESC LIMIT 100"
    );
    /// The resets proposed after a moment that nobody has decided, the latest first.
    SELECT_PROPOSED = concat!(
        "SELECT e.account, e.version, e.kind, e.person, e.actor, e.reason, e.at ",
        "FROM factor_event e WHERE e.tenant = $1 AND e.kind = 'reset_proposed' AND e.at > $2 ",
        "AND NOT EXISTS (SELECT 1 FROM factor_event f WHERE f.tenant = $1 ",
        "AND f.account = e.account AND f.version > e.version ",
        "AND f.kind IN ('set_up', 'given_up', 'reset_proposed', 'reset_refused', 'reset')) ",
        "ORDER BY e.at DESC, e.account LIMIT 200"
    );
}

/// The factor of an account, if it has one.
pub fn get(
    connection: &mut dyn Connection,
    tenant: Tenant,
    account: AccountId,
) -> Result<Option<Factor>, StoreError> {
    connection.optional(&SELECT_FACTOR, &values![tenant, account], |row| {
        Ok(Factor {
            since: row.instant(0)?,
            codes_left: row.int(1)?,
        })
    })
}

fn read(row: &Row<'_>) -> Result<FactorEvent, StoreError> {
    Ok(FactorEvent {
        account: row.id(0)?,
        version: row.int(1)?,
        kind: row.parse(2)?,
        person: row.id(3)?,
        by: row.optional_id(4)?,
        reason: row.text(5)?.to_owned(),
        at: row.instant(6)?,
    })
}

/// What happened to the factor of an account, the latest first, at most 100.
pub fn events(
    connection: &mut dyn Connection,
    tenant: Tenant,
    account: AccountId,
) -> Result<Vec<FactorEvent>, StoreError> {
    connection.all(&SELECT_OF_ACCOUNT, &values![tenant, account], read)
}

/// How many events the factor of an account has.
pub fn count(
    connection: &mut dyn Connection,
    tenant: Tenant,
    account: AccountId,
) -> Result<i64, StoreError> {
    connection.one(&COUNT_EVENTS, &values![tenant, account], |row| row.int(0))
}

/// Whether a command has changed the factor of an account: what follows from its id was shown, and
/// is not to be shown again.
pub fn is_of_command(
    connection: &mut dyn Connection,
    tenant: Tenant,
    account: AccountId,
    command: CommandId,
) -> Result<bool, StoreError> {
    let key = values![tenant, account, command];
    Ok(connection.one(&COUNT_OF_COMMAND, &key, |row| row.int(0))? > 0)
}

/// The proposed resets that still wait at a moment, the latest first, at most 200.
pub fn proposed(
    connection: &mut dyn Connection,
    tenant: Tenant,
    now: Instant,
) -> Result<Vec<FactorEvent>, StoreError> {
    let since = Instant(now.0.saturating_sub(RESET_WAITS_MS));
    connection.all(&SELECT_PROPOSED, &values![tenant, since], read)
}

/// Who proposed a reset, for [`crate::Resource::history`].
pub fn history(proposed: &FactorEvent) -> Option<Involved> {
    let by = proposed.by?;
    Some(Involved::own(by, Action::AccountIssueToken))
}

/// Whether the code fits an account's factor; it is used up.
pub(crate) fn use_totp(
    connection: &mut dyn Connection,
    vault: &TenantVault,
    account: &Account,
    code: &TotpCode,
    now: Instant,
) -> Result<bool, StoreError> {
    let tenant = vault.tenant();
    let key = values![tenant, account.account];
    let sealed = connection.optional(&SELECT_SECRET, &key, |row| Ok(row.blob(0)?.to_vec()))?;
    let Some(sealed) = sealed else {
        return Ok(false);
    };
    let what = secret_of(&account.account);
    let opened = match vault.open_secret(connection, account.person, &what, &sealed) {
        Ok(opened) => opened,
        // Nobody signs in as a person who was erased.
        Err(VaultError::Erased) => return Ok(false),
        Err(error) => return Err(unreadable(error)),
    };
    let secret = FactorSecret::parse(&opened);
    let secret = secret.ok_or_else(|| StoreError::Bug("a secret is not base32".to_owned()))?;
    let Some(step) = secret.step_of(code, now) else {
        return Ok(false);
    };
    let used = connection.execute(&UPDATE_STEP, &values![step, tenant, account.account])?;
    Ok(used == 1)
}

/// Whether the recovery code is one of the account's that was not used; it is used up.
pub(crate) fn use_recovery_code(
    connection: &mut dyn Connection,
    vault: &TenantVault,
    account: AccountId,
    code: &RecoveryCode,
) -> Result<bool, StoreError> {
    let row = values![vault.tenant(), account, hash_of(vault, account, code)];
    Ok(connection.execute(&UPDATE_CODE, &row)? == 1)
}

/// A secret whose first code was right, with the recovery codes that go with it.
#[derive(Clone, Debug)]
pub struct NewFactor {
    secret: FactorSecret,
    step: i64,
    codes: Vec<RecoveryCode>,
    keep: Option<(SessionToken, SessionToken)>,
}

impl NewFactor {
    /// The factor, if the code that was typed is the secret's at this moment: the owner's
    /// application has it. `keep` is the session that sets it up, by the token it has and the one
    /// under which it goes on; the others will end.
    pub fn of(
        secret: FactorSecret,
        codes: Vec<RecoveryCode>,
        typed: &str,
        keep: Option<(SessionToken, SessionToken)>,
        now: Instant,
    ) -> Option<NewFactor> {
        let Some(OneTimeCode::Totp(code)) = OneTimeCode::parse(typed) else {
            return None;
        };
        let step = secret.step_of(&code, now)?;
        Some(NewFactor {
            secret,
            step,
            codes,
            keep,
        })
    }

    /// Puts it in force in place of an earlier one. Every other session of the account ends, and
    /// so does a sign-in that waits for a code; the one that sets it up goes on under its new
    /// token. False where that one has ended by now. `now` is the machine's clock.
    pub fn set(
        &self,
        recorder: &mut dyn Recorder,
        vault: &TenantVault,
        account: &Account,
        draw: &[u8; 32],
        now: Instant,
    ) -> Result<bool, StoreError> {
        let (tenant, id) = (recorder.tenant(), account.account);
        let connection = recorder.connection();
        let (what, secret) = (
            secret_of(&account.account),
            zeroize::Zeroizing::new(self.secret.expose()),
        );
        let sealed = vault
            .seal_secret(connection, account.person, &what, &secret, draw)
            .map_err(unreadable)?;
        let row = values![tenant, id, sealed, now, self.step];
        connection.execute(&UPSERT_SECRET, &row)?;
        replace_codes(connection, vault, id, &self.codes)?;
        half_sign_in::end_of_account(connection, tenant, id)?;
        let old = self.keep.as_ref().map(|(old, _)| old);
        session::close_all(connection, tenant, id, old)?;
        if let Some((old, new)) = &self.keep
            && !session::rename(connection, tenant, old, new)?
        {
            return Ok(false);
        }
        let by = Some(account.person);
        note(recorder, account, FactorEventKind::SetUp, by, "")?;
        Ok(true)
    }
}

/// Recovery codes that take the place of the earlier ones.
#[derive(Clone, Debug)]
pub struct NewCodes(pub Vec<RecoveryCode>);

impl NewCodes {
    /// Puts them in force; the earlier ones are void, used or not.
    pub fn set(
        &self,
        recorder: &mut dyn Recorder,
        vault: &TenantVault,
        account: &Account,
    ) -> Result<(), StoreError> {
        replace_codes(recorder.connection(), vault, account.account, &self.0)?;
        let by = Some(account.person);
        note(recorder, account, FactorEventKind::CodesRenewed, by, "")
    }
}

/// Takes the factor of an account away, with its recovery codes. Every session of it ends.
pub fn take_away(
    recorder: &mut dyn Recorder,
    account: &Account,
    kind: FactorEventKind,
    by: Option<PersonId>,
    reason: &str,
) -> Result<(), StoreError> {
    let (tenant, id) = (recorder.tenant(), account.account);
    let connection = recorder.connection();
    connection.execute(&DELETE_SECRET, &values![tenant, id])?;
    connection.execute(&DELETE_CODES, &values![tenant, id])?;
    half_sign_in::end_of_account(connection, tenant, id)?;
    session::close_all(connection, tenant, id, None)?;
    note(recorder, account, kind, by, reason)
}

/// Notes something that changes no credential: a proposal, its refusal, a code that was used.
pub fn note(
    recorder: &mut dyn Recorder,
    account: &Account,
    kind: FactorEventKind,
    by: Option<PersonId>,
    reason: &str,
) -> Result<(), StoreError> {
    let tenant = recorder.tenant();
    let before = count(recorder.connection(), tenant, account.account)?;
    let row = Vec::from(values![
        tenant,
        account.account,
        before + 1,
        recorder.command(),
        kind.name(),
        account.person,
        by,
        reason,
        recorder.now(),
    ]);
    recorder.append(&FACTOR_EVENT, &[row])
}

/// The reason of a reset: 4 to 200 characters without the white space around it.
pub fn check_reason(text: &str) -> Result<&str, Finding> {
    let text = text.trim();
    let length = text.chars().count();
    if (REASON_MIN..=REASON_MAX).contains(&length) {
        return Ok(text);
    }
    Err(Finding::error("factor-reason")
        .field("reason")
        .arg("found", length)
        .arg("least", REASON_MIN)
        .arg("most", REASON_MAX))
}

/// The proposal that waits for an account, or that there is none.
pub fn waiting(recorder: &mut dyn Recorder, account: AccountId) -> Result<FactorEvent, WriteError> {
    let (tenant, now) = (recorder.tenant(), recorder.now());
    let found = proposed(recorder.connection(), tenant, now)?;
    found
        .into_iter()
        .find(|event| event.account == account)
        .ok_or_else(|| Finding::error("factor-not-proposed").into())
}

/// Forgets every recovery code; for a database that comes from a backup, where codes that were used
/// since would be good again.
pub fn forget_codes(connection: &mut dyn Connection, tenant: Tenant) -> Result<(), StoreError> {
    connection.execute(&DELETE_ALL_CODES, &values![tenant])?;
    Ok(())
}

fn replace_codes(
    connection: &mut dyn Connection,
    vault: &TenantVault,
    account: AccountId,
    codes: &[RecoveryCode],
) -> Result<(), StoreError> {
    let tenant = vault.tenant();
    connection.execute(&DELETE_CODES, &values![tenant, account])?;
    for code in codes {
        let row = values![tenant, account, hash_of(vault, account, code)];
        connection.execute(&INSERT_CODE, &row)?;
    }
    Ok(())
}

/// What the vault binds a secret to, beside its person.
fn secret_of(account: &AccountId) -> [&[u8]; 2] {
    [b"second factor", account.0.as_bytes()]
}

fn hash_of(vault: &TenantVault, account: AccountId, code: &RecoveryCode) -> [u8; 32] {
    vault.keyed_hash(&[b"recovery code", account.0.as_bytes(), code.as_bytes()])
}

/// The vault's refusal as an error of the store: nothing that a person could mend.
pub(crate) fn unreadable(error: VaultError) -> StoreError {
    match error {
        VaultError::Store(error) => error,
        other => StoreError::Bug(other.to_string()),
    }
}
