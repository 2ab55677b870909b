//! Signing in, in one step or two; giving the password again, changing it, setting the first one.
//!
//! Nothing here tells whether a user exists: an unknown name does the same work, counts the same
//! failures under the hash of the name, and gets the same answer. Failures are counted before the
//! password is compared, so a thousand guesses at once are a thousand failures. The wait grows and
//! is never final; a device on which the account signed in before has failures of its own, so
//! strangers cannot lock its user out. Failures from one address are counted beside them, whatever
//! the names: one guess at each of a thousand accounts is a thousand guesses. When somebody signed in is kept nowhere.

use kernel::{Finding, Instant, PersonId, Tenant};
use store::{Connection, Store, StoreError, values};
use vault::{TenantVault, Vault};

use crate::account::{self, Account};
use crate::half_sign_in;
use crate::hasher::{Busy, PasswordHash, PasswordHasher};
use crate::one_time_code::{OneTimeCode, RecoveryCode};
use crate::password::{Password, check_password};
use crate::session::{self, NewSession, Session, SessionToken};
use crate::token::{self, TokenKind};
use crate::{
    AccountId, DeviceToken, HalfToken, Profile, SetupToken, SlipCode, credential, second_factor,
    setup_token,
};

store::statements! {
    /// Failures in a row and when the last one was.
    SELECT_FAILURES =
        "SELECT failures, last_at FROM sign_in_failure WHERE tenant = $1 AND failure_key = $2";
    /// Makes the row of a key if there is none, and holds it to the end of the transaction: what is
    /// read of it afterwards is what is counted on, however many try at once.
    HOLD_FAILURES = concat!(
        "INSERT INTO sign_in_failure (tenant, failure_key, failures, last_at) ",
        "VALUES ($1, $2, 0, $3) ON CONFLICT (tenant, failure_key) DO UPDATE SET ",
        "failures = sign_in_failure.failures"
    );
    /// Counts an attempt in a row that is held.
    UPDATE_FAILURES = concat!(
        "UPDATE sign_in_failure SET failures = $1, last_at = $2 ",
        "WHERE tenant = $3 AND failure_key = $4"
    );
    /// Takes back an attempt that was right, where more is still to come: one failure fewer, and,
    /// if nobody tried meanwhile, the waiting time as it was.
    UNCOUNT = concat!(
        "UPDATE sign_in_failure SET last_at = CASE WHEN failures = $1 AND last_at = $2 ",
        "THEN $3 ELSE last_at END, failures = failures - 1 ",
        "WHERE tenant = $4 AND failure_key = $5 AND failures > 0"
    );
    /// Gives an address back what a success cost it.
    FORGIVE_ADDRESS = concat!(
        "UPDATE sign_in_failure SET last_at = last_at - $1 ",
        "WHERE tenant = $2 AND failure_key = $3"
    );
    /// Forgets the failures.
    DELETE_FAILURES = "DELETE FROM sign_in_failure WHERE tenant = $1 AND failure_key = $2";
    /// Forgets failures of long ago.
    DELETE_OLD_FAILURES = "DELETE FROM sign_in_failure WHERE tenant = $1 AND last_at < $2";
    /// Whether a device is known for an account.
    SELECT_DEVICE = concat!(
        "SELECT account FROM known_device ",
        "WHERE tenant = $1 AND token_hash = $2 AND account = $3 AND expires_at > $4"
    );
    /// Remembers a device, or that it was used again.
    UPSERT_DEVICE = concat!(
        "INSERT INTO known_device (tenant, token_hash, account, expires_at) ",
        "VALUES ($1, $2, $3, $4) ON CONFLICT (tenant, token_hash) DO UPDATE SET ",
        "account = excluded.account, expires_at = excluded.expires_at"
    );
    /// Forgets devices not used for long.
    DELETE_OLD_DEVICES = "DELETE FROM known_device WHERE tenant = $1 AND expires_at <= $2";
}

/// Why it did not work. Each has a finding; none tells whether the user exists.
#[derive(Clone, Debug, PartialEq)]
pub enum SignInError {
    /// The hashing queue is full: 503 with `Retry-After`.
    Busy(Busy),
    /// Too many failures in a row under this name: 429 with `Retry-After`.
    Wait {
        /// For how many seconds.
        retry_after_s: i64,
    },
    /// No such user, wrong password, disabled account, no password set: one answer for all.
    Wrong,
    /// The password is right, and no code, a wrong one, or one that was used came with it.
    WrongCode {
        /// Whose account it is: the refusal is recorded.
        account: AccountId,
    },
    /// The session or the setup token is no longer valid.
    Expired,
    /// No such user, wrong code, slip used or over, disabled account: one answer for all.
    WrongSlip,
    /// Name and code are those of a slip that nobody has released yet: told to who has the code.
    SlipWaits,
    /// The new password is not accepted.
    Refused(Vec<Finding>),
    /// The database.
    Store(StoreError),
}

impl From<StoreError> for SignInError {
    fn from(error: StoreError) -> SignInError {
        SignInError::Store(error)
    }
}

impl From<Busy> for SignInError {
    fn from(busy: Busy) -> SignInError {
        SignInError::Busy(busy)
    }
}

impl SignInError {
    /// What to tell the person; empty for a failure of the database, which has its own words.
    pub fn findings(&self) -> Vec<Finding> {
        match self {
            SignInError::Busy(busy) => {
                vec![Finding::error("sign-in-busy").arg("seconds", busy.retry_after_s)]
            }
            SignInError::Wait { retry_after_s } => {
                vec![Finding::error("sign-in-wait").arg("seconds", *retry_after_s)]
            }
            SignInError::Wrong => vec![Finding::error("sign-in-wrong")],
            SignInError::WrongCode { .. } => vec![Finding::error("factor-wrong").field("code")],
            SignInError::Expired => vec![Finding::error("sign-in-expired")],
            SignInError::WrongSlip => vec![Finding::error("slip-wrong").field("code")],
            SignInError::SlipWaits => vec![Finding::error("slip-waits").field("code")],
            SignInError::Refused(findings) => findings.clone(),
            SignInError::Store(_) => Vec::new(),
        }
    }
}

/// A name and a password, with everything random that a success needs.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The tenant.
    pub tenant: Tenant,
    /// The name as it was typed.
    pub name: String,
    /// The password as it was typed.
    pub password: Password,
    /// The browser's device token, if it has one.
    pub device: Option<DeviceToken>,
    /// Where it comes from, if that is known.
    pub address: Option<AddressKey>,
    /// The session that the browser had before; it ends.
    pub previous: Option<SessionToken>,
    /// What the new session is made of.
    pub session: NewSession,
    /// The device token for a browser that has none of this account's.
    pub new_device: DeviceToken,
    /// The token of the browser while a code is still to come.
    pub half: HalfToken,
    /// The present instant, by the machine's clock.
    pub now: Instant,
}

/// A network address under a key that is not in the database, so that the table of failures does
/// not say who tried from where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressKey(pub [u8; 32]);

/// Who signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// The account.
    pub account: AccountId,
    /// Its person.
    pub person: PersonId,
    /// The token for the session cookie.
    pub token: SessionToken,
    /// The token for the device cookie.
    pub device: DeviceToken,
    /// Whether the profile wants a new password now.
    pub must_change_password: bool,
}

/// How far a right name and password lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entered {
    /// Signed in.
    In(SignedIn),
    /// The account has a second factor: nothing is open yet, and [`enter_code`] is next, by the
    /// browser that has [`SignIn::half`].
    Half,
}

/// What was found before the password is compared.
struct Begun {
    account: Option<Account>,
    hash: Option<PasswordHash>,
    changed_at: Option<Instant>,
    device_known: bool,
    attempt: Attempt,
}

/// An attempt that was counted before it was known whether it is right.
#[derive(Clone, Copy, Debug)]
struct Attempt {
    failure_key: [u8; 32],
    /// The failures in a row with this one, when it was, and when the one before was.
    counted: (i64, Instant, Instant),
    /// Set where the attempt was counted under its address.
    address_key: Option<[u8; 32]>,
}

impl Attempt {
    /// It was right and nothing more is to come: the failures are forgotten.
    fn forget(
        &self,
        connection: &mut dyn Connection,
        tenant: Tenant,
        profile: &Profile,
    ) -> Result<(), StoreError> {
        connection.execute(&DELETE_FAILURES, &values![tenant, self.failure_key])?;
        self.forgive_address(connection, tenant, profile)
    }

    /// It was right, but a code is to come: what was failed before stays failed, or who knows the
    /// password could guess codes for ever.
    fn uncount(
        &self,
        connection: &mut dyn Connection,
        tenant: Tenant,
        profile: &Profile,
    ) -> Result<(), StoreError> {
        let (failures, at, before) = self.counted;
        let row = values![failures, at, before, tenant, self.failure_key];
        connection.execute(&UNCOUNT, &row)?;
        self.forgive_address(connection, tenant, profile)
    }

    fn forgive_address(
        &self,
        connection: &mut dyn Connection,
        tenant: Tenant,
        profile: &Profile,
    ) -> Result<(), StoreError> {
        if let Some(key) = self.address_key {
            let cost = profile.address_failure_ms;
            connection.execute(&FORGIVE_ADDRESS, &values![cost, tenant, key])?;
        }
        Ok(())
    }
}

/// Everything that is written when somebody has signed in.
#[derive(Clone, Debug)]
struct Entrance {
    tenant: Tenant,
    account: AccountId,
    attempt: Attempt,
    previous: Option<SessionToken>,
    session: NewSession,
    device: DeviceToken,
    profile: Profile,
}

impl Entrance {
    fn open(&self, connection: &mut dyn Connection, now: Instant) -> Result<(), StoreError> {
        let (tenant, account) = (self.tenant, self.account);
        self.attempt.forget(connection, tenant, &self.profile)?;
        if let Some(previous) = &self.previous {
            session::close(connection, tenant, previous)?;
        }
        session::open(connection, tenant, account, &self.session, now)?;
        let expires_at = Instant(now.0.saturating_add(self.profile.device_ms));
        let row = values![tenant, self.device.hash(), account, expires_at];
        connection.execute(&UPSERT_DEVICE, &row)?;
        Ok(())
    }
}

/// Signs in: a new session under a new token, or, where the account has a second factor, the first
/// of two steps.
pub async fn sign_in(
    store: &Store,
    hasher: &PasswordHasher,
    profile: Profile,
    request: SignIn,
) -> Result<Entered, SignInError> {
    let slot = hasher.reserve()?;
    let (tenant, now) = (request.tenant, request.now);
    let name = account::sign_in_name(&request.name);
    let (device, address) = (request.device.clone(), request.address);
    let begun = store
        .write(move |c| {
            let found = begin(c, tenant, &name, device.as_ref(), now, &profile)?;
            count_address(c, tenant, found, address, now, &profile)
        })
        .await?;
    let right = slot
        .verify(request.password.clone(), begun.hash.clone())
        .await;
    let Some(account) = begun.account.filter(|_| right) else {
        return Err(SignInError::Wrong);
    };
    let token = request.session.token.clone();
    let device = match request.device.filter(|_| begun.device_known) {
        Some(device) => device,
        None => request.new_device,
    };
    let signed_in = SignedIn {
        account: account.account,
        person: account.person,
        token,
        device: device.clone(),
        must_change_password: is_old(begun.changed_at, now, &profile),
    };
    let (hash, half) = (begun.hash, request.half);
    let entrance = Entrance {
        tenant,
        account: account.account,
        attempt: begun.attempt,
        previous: request.previous,
        session: request.session,
        device,
        profile,
    };
    let is_half = store
        .write(move |c| {
            still_right(c, tenant, account.account, hash.as_ref())?;
            let is_half = second_factor::get(c, tenant, account.account)?.is_some();
            if is_half {
                entrance.attempt.uncount(c, tenant, &profile)?;
                half_sign_in::begin(c, tenant, &half, account.account, now)?;
            } else {
                entrance.open(c, now)?;
            }
            Ok::<_, SignInError>(is_half)
        })
        .await?;
    Ok(if is_half {
        Entered::Half
    } else {
        Entered::In(signed_in)
    })
}

/// The second step: a code of the application, or a recovery code.
#[derive(Clone, Debug)]
pub struct EnterCode {
    /// The tenant.
    pub tenant: Tenant,
    /// The token of the browser in which the password was given.
    pub half: HalfToken,
    /// The code as it was typed.
    pub code: String,
    /// As in [`SignIn`].
    pub device: Option<DeviceToken>,
    /// As in [`SignIn`].
    pub address: Option<AddressKey>,
    /// As in [`SignIn`].
    pub previous: Option<SessionToken>,
    /// As in [`SignIn`].
    pub session: NewSession,
    /// As in [`SignIn`].
    pub new_device: DeviceToken,
    /// As in [`SignIn`].
    pub now: Instant,
}

/// How far a code leads.
#[derive(Debug)]
pub enum CodeEntered {
    /// Signed in.
    In(SignedIn),
    /// A recovery code was typed. Using it up is recorded: [`RecoverySignIn::enter`] is the
    /// business of the command that says so.
    Recovery(Box<RecoverySignIn>, SignedIn),
}

/// A sign-in by a recovery code that nobody has looked at yet.
#[derive(Clone, Debug)]
pub struct RecoverySignIn {
    half: HalfToken,
    code: RecoveryCode,
    entrance: Entrance,
}

impl RecoverySignIn {
    /// Uses the code up and opens the session. False where it is none of this account's that can
    /// be used, or the sign-in is not half done any more.
    pub fn enter(
        &self,
        connection: &mut dyn Connection,
        vault: &TenantVault,
        account: AccountId,
        now: Instant,
    ) -> Result<bool, StoreError> {
        let tenant = self.entrance.tenant;
        let right = account == self.entrance.account
            && half_sign_in::end(connection, tenant, &self.half)?
            && second_factor::use_recovery_code(connection, vault, account, &self.code)?;
        if right {
            self.entrance.open(connection, now)?;
        }
        Ok(right)
    }
}

/// Takes the second step. The attempt is counted as a wrong password is, under the same name and
/// the same address, before the code is looked at.
pub async fn enter_code(
    store: &Store,
    profile: Profile,
    vault: &Vault,
    request: EnterCode,
) -> Result<CodeEntered, SignInError> {
    let (tenant, now, half) = (request.tenant, request.now, request.half);
    let (device, address, waiting) = (request.device.clone(), request.address, half.clone());
    let begun = store
        .write(move |c| {
            let Some(found) = half_sign_in::look_up(c, tenant, &waiting, now, &profile)? else {
                return Err(SignInError::Expired);
            };
            let name = &found.sign_in_name;
            let begun = begin(c, tenant, name, device.as_ref(), now, &profile)?;
            count_address(c, tenant, begun, address, now, &profile)
        })
        .await?;
    let Some(account) = begun.account else {
        return Err(SignInError::Expired);
    };
    let wrong = SignInError::WrongCode {
        account: account.account,
    };
    let device = match request.device.filter(|_| begun.device_known) {
        Some(device) => device,
        None => request.new_device,
    };
    let signed_in = SignedIn {
        account: account.account,
        person: account.person,
        token: request.session.token.clone(),
        device: device.clone(),
        must_change_password: is_old(begun.changed_at, now, &profile),
    };
    let entrance = Entrance {
        tenant,
        account: account.account,
        attempt: begun.attempt,
        previous: request.previous,
        session: request.session,
        device,
        profile,
    };
    let code = match OneTimeCode::parse(&request.code) {
        None => return Err(wrong),
        Some(OneTimeCode::Recovery(code)) => {
            let sign_in = RecoverySignIn {
                half,
                code,
                entrance,
            };
            return Ok(CodeEntered::Recovery(Box::new(sign_in), signed_in));
        }
        Some(OneTimeCode::Totp(code)) => code,
    };
    let vault = vault.clone();
    store
        .write(move |c| {
            if !half_sign_in::end(c, tenant, &half)? {
                return Err(SignInError::Expired);
            }
            let vault = vault.unlock(c, tenant).map_err(second_factor::unreadable)?;
            if !second_factor::use_totp(c, &vault, &account, &code, now)? {
                return Err(wrong.clone());
            }
            entrance.open(c, now)?;
            Ok(())
        })
        .await?;
    Ok(CodeEntered::In(signed_in))
}

/// Counts the attempt and finds what the password is to be compared with.
fn begin(
    connection: &mut dyn Connection,
    tenant: Tenant,
    name: &str,
    device: Option<&DeviceToken>,
    now: Instant,
    profile: &Profile,
) -> Result<Begun, SignInError> {
    let found = account::by_sign_in_name(connection, tenant, name)?;
    let mut device_known = false;
    if let (Some(found), Some(device)) = (&found, device) {
        let row = values![tenant, device.hash(), found.account, now];
        let known = connection.optional(&SELECT_DEVICE, &row, |row| row.id::<AccountId>(0))?;
        device_known = known.is_some();
    }
    let device = device.filter(|_| device_known).map(DeviceToken::hash);
    let failure_key = session::failure_key(name, device.as_ref());
    let counted = count_attempt(connection, tenant, &failure_key, now, profile)?;
    let credential = match &found {
        Some(found) if !found.disabled => credential::get(connection, tenant, found.account)?,
        _ => None,
    };
    let (hash, changed_at) = credential.unzip();
    Ok(Begun {
        account: found,
        hash,
        changed_at,
        device_known,
        attempt: Attempt {
            failure_key,
            counted,
            address_key: None,
        },
    })
}

/// Counts the attempt under its address too, or says how long to wait. A device that is known to
/// the account is not asked where it is.
///
/// The row keeps one instant: until when the address has used up what it is allowed. Each attempt
/// moves it on by the time in which one is forgiven; a success moves it back.
fn count_address(
    connection: &mut dyn Connection,
    tenant: Tenant,
    mut begun: Begun,
    address: Option<AddressKey>,
    now: Instant,
    profile: &Profile,
) -> Result<Begun, SignInError> {
    let Some(AddressKey(address)) = address.filter(|_| !begun.device_known) else {
        return Ok(begun);
    };
    let key = session::address_failure_key(&address);
    let (_, used) = hold_failures(connection, tenant, &key, now)?;
    let cost = profile.address_failure_ms;
    let until = used.max(now.0).saturating_add(cost);
    let allowed = now
        .0
        .saturating_add(profile.address_failures.saturating_mul(cost));
    let over = until.saturating_sub(allowed);
    if over > 0 {
        let retry_after_s = over.saturating_add(999) / 1_000;
        return Err(SignInError::Wait { retry_after_s });
    }
    connection.execute(&UPDATE_FAILURES, &values![0, until, tenant, key])?;
    begun.attempt.address_key = Some(key);
    Ok(begun)
}

/// Adds one to the failures in a row, or says how long to wait. Gives how many they are with this
/// one, when it was, and when the one before was.
fn count_attempt(
    connection: &mut dyn Connection,
    tenant: Tenant,
    failure_key: &[u8; 32],
    now: Instant,
    profile: &Profile,
) -> Result<(i64, Instant, Instant), SignInError> {
    let (before, last_at) = hold_failures(connection, tenant, failure_key, now)?;
    // A clock that went back forgets nothing and shortens no wait.
    let since = now.0.saturating_sub(last_at).max(0);
    let failures = if since >= profile.forget_failures_ms {
        0
    } else {
        before
    };
    let left = profile.wait_ms(failures).saturating_sub(since);
    if left > 0 {
        let retry_after_s = left.saturating_add(999) / 1_000;
        return Err(SignInError::Wait { retry_after_s });
    }
    let counted = failures.saturating_add(1);
    let row = values![counted, now, tenant, failure_key];
    connection.execute(&UPDATE_FAILURES, &row)?;
    Ok((counted, now, Instant(last_at)))
}

/// The failures of a key and when the last one was, held until the transaction ends: on PostgreSQL
/// many write at once, and each has to see what the one before counted. Rows are held in one order,
/// first the name's and then the address's.
fn hold_failures(
    connection: &mut dyn Connection,
    tenant: Tenant,
    failure_key: &[u8; 32],
    now: Instant,
) -> Result<(i64, i64), StoreError> {
    connection.execute(&HOLD_FAILURES, &values![tenant, failure_key, now])?;
    connection.one(&SELECT_FAILURES, &values![tenant, failure_key], |row| {
        Ok((row.int(0)?, row.int(1)?))
    })
}

/// While the password was compared, neither it nor the account may have changed.
fn still_right(
    connection: &mut dyn Connection,
    tenant: Tenant,
    account: AccountId,
    compared: Option<&PasswordHash>,
) -> Result<(), SignInError> {
    let enabled = account::get(connection, tenant, account)?.is_some_and(|found| !found.disabled);
    let present = credential::get(connection, tenant, account)?.map(|(hash, _)| hash);
    if enabled && present.as_ref() == compared {
        Ok(())
    } else {
        Err(SignInError::Wrong)
    }
}

fn is_old(changed_at: Option<Instant>, now: Instant, profile: &Profile) -> bool {
    let (Some(changed_at), Some(days)) = (changed_at, profile.password_days) else {
        return false;
    };
    now.0.saturating_sub(changed_at.0) >= days.saturating_mul(kernel::time::DAY_MS)
}

/// The password of somebody who is signed in, given again, with the code of the second factor where
/// she has one.
#[derive(Clone, Debug)]
pub struct ProveAgain {
    /// The tenant.
    pub tenant: Tenant,
    /// The token of the session.
    pub token: SessionToken,
    /// The token under which the session goes on.
    pub new_token: SessionToken,
    /// The password as it was typed.
    pub password: Password,
    /// The code as it was typed; not looked at where the account has no second factor.
    pub code: String,
    /// The present instant, by the machine's clock.
    pub now: Instant,
}

/// Compares the password of a session's account, and the code of its second factor; the session
/// goes on under its new token, fresh for privileged actions. A recovery code does not do here: it
/// is for signing in.
pub async fn prove_again(
    store: &Store,
    hasher: &PasswordHasher,
    profile: Profile,
    vault: &Vault,
    request: ProveAgain,
) -> Result<(), SignInError> {
    let slot = hasher.reserve()?;
    let (tenant, now, token) = (request.tenant, request.now, request.token);
    let (_, begun, token) = begin_of_session(store, tenant, token, now, profile).await?;
    if !slot.verify(request.password, begun.hash.clone()).await {
        return Err(SignInError::Wrong);
    }
    let Some(account) = begun.account else {
        return Err(SignInError::Expired);
    };
    let (new, code, vault) = (request.new_token, request.code, vault.clone());
    store
        .write(move |c| {
            want_code(c, tenant, &vault, &account, &code, now)?;
            begun.attempt.forget(c, tenant, &profile)?;
            if session::renew(c, tenant, &token, &new, now)? {
                Ok(())
            } else {
                Err(SignInError::Expired)
            }
        })
        .await
}

/// Refuses whoever has a second factor and gives no code of it that is right at this moment; the
/// code is used up.
fn want_code(
    connection: &mut dyn Connection,
    tenant: Tenant,
    vault: &Vault,
    account: &Account,
    typed: &str,
    now: Instant,
) -> Result<(), SignInError> {
    if second_factor::get(connection, tenant, account.account)?.is_none() {
        return Ok(());
    }
    let vault = vault
        .unlock(connection, tenant)
        .map_err(second_factor::unreadable)?;
    let right = match OneTimeCode::parse(typed) {
        Some(OneTimeCode::Totp(code)) => {
            second_factor::use_totp(connection, &vault, account, &code, now)?
        }
        Some(OneTimeCode::Recovery(_)) | None => false,
    };
    if right {
        Ok(())
    } else {
        Err(SignInError::WrongCode {
            account: account.account,
        })
    }
}

/// A change of password by somebody who is signed in.
#[derive(Clone, Debug)]
pub struct ChangePassword {
    /// The tenant.
    pub tenant: Tenant,
    /// The token of the session.
    pub token: SessionToken,
    /// The token under which the session goes on.
    pub new_token: SessionToken,
    /// The present password as it was typed.
    pub password: Password,
    /// The code as it was typed; not looked at where the account has no second factor.
    pub code: String,
    /// The new one.
    pub new_password: Password,
    /// 16 fresh random bytes.
    pub salt: [u8; 16],
    /// The present instant, by the machine's clock.
    pub now: Instant,
}

/// A new password of a session's account, checked and hashed; [`NewPassword::set`] sets it.
#[derive(Clone, Debug)]
pub struct NewPassword {
    account: AccountId,
    hash: PasswordHash,
    /// What the present password was compared with.
    compared: Option<PasswordHash>,
    failure_key: [u8; 32],
    token: SessionToken,
    new_token: SessionToken,
}

/// Compares the present password of a session's account and the code of its second factor, as
/// [`prove_again`] does, and checks and hashes the new one. Nothing is set yet: that is the business
/// of the command that says who did it.
pub async fn prepare_password(
    store: &Store,
    hasher: &PasswordHasher,
    profile: Profile,
    vault: &Vault,
    request: ChangePassword,
) -> Result<NewPassword, SignInError> {
    let slot = hasher.reserve()?;
    let (tenant, now, token) = (request.tenant, request.now, request.token);
    let (session, begun, token) = begin_of_session(store, tenant, token, now, profile).await?;
    if !slot.verify(request.password, begun.hash.clone()).await {
        return Err(SignInError::Wrong);
    }
    let Some(account) = begun.account else {
        return Err(SignInError::Expired);
    };
    refuse_weak(store, tenant, &account, &request.new_password, &profile).await?;
    let (code, vault) = (request.code, vault.clone());
    store
        .write(move |c| want_code(c, tenant, &vault, &account, &code, now))
        .await?;
    let hash = hasher
        .reserve()?
        .hash(request.new_password, request.salt)
        .await;
    Ok(NewPassword {
        account: session.account,
        hash,
        compared: begun.hash,
        failure_key: begun.attempt.failure_key,
        token,
        new_token: request.new_token,
    })
}

impl NewPassword {
    /// Sets the password of the account for which it was prepared. Every other session of it ends;
    /// the one that asked goes on under its new token. False where the session, the account or its
    /// password is another one by now.
    pub fn set(
        &self,
        connection: &mut dyn Connection,
        tenant: Tenant,
        account: AccountId,
        now: Instant,
    ) -> Result<bool, StoreError> {
        let present = credential::get(connection, tenant, account)?.map(|(hash, _)| hash);
        if account != self.account || present != self.compared {
            return Ok(false);
        }
        connection.execute(&DELETE_FAILURES, &values![tenant, self.failure_key])?;
        credential::set(
            connection,
            tenant,
            account,
            &self.hash,
            now,
            Some(&self.token),
        )?;
        session::renew(connection, tenant, &self.token, &self.new_token, now)
    }
}

/// Whether the profile wants a new password of the account before anything else.
pub fn must_change_password(
    connection: &mut dyn Connection,
    tenant: Tenant,
    account: AccountId,
    now: Instant,
    profile: &Profile,
) -> Result<bool, StoreError> {
    if profile.password_days.is_none() {
        return Ok(false);
    }
    let changed_at = credential::get(connection, tenant, account)?.map(|(_, at)| at);
    Ok(is_old(changed_at, now, profile))
}

/// The session of a token and its account's password hash, the attempt counted.
async fn begin_of_session(
    store: &Store,
    tenant: Tenant,
    token: SessionToken,
    now: Instant,
    profile: Profile,
) -> Result<(Session, Begun, SessionToken), SignInError> {
    store
        .write(move |c| {
            let session = session::look_up(c, tenant, &token, now, &profile)?;
            let Some(session) = session else {
                return Err(SignInError::Expired);
            };
            let Some(found) = account::get(c, tenant, session.account)? else {
                return Err(SignInError::Expired);
            };
            // A session is a device that is known: strangers' failures do not count here.
            let name = format!("session {}", found.account);
            let mut begun = begin(c, tenant, &name, None, now, &profile)?;
            let (hash, changed_at) = credential::get(c, tenant, found.account)?.unzip();
            begun.hash = hash;
            begun.changed_at = changed_at;
            begun.account = Some(found);
            Ok((session, begun, token.clone()))
        })
        .await
}

/// The first password, or a new one after the old was lost.
#[derive(Clone, Debug)]
pub struct SetPassword {
    /// The tenant.
    pub tenant: Tenant,
    /// The one-time token.
    pub token: SetupToken,
    /// The password as it was typed.
    pub password: Password,
    /// 16 fresh random bytes.
    pub salt: [u8; 16],
    /// The present instant, by the machine's clock.
    pub now: Instant,
}

/// Sets a password by a one-time token, which is used up. Every session of the account ends.
pub async fn set_password(
    store: &Store,
    hasher: &PasswordHasher,
    profile: Profile,
    request: SetPassword,
) -> Result<AccountId, SignInError> {
    let slot = hasher.reserve()?;
    let (tenant, token, now) = (request.tenant, request.token, request.now);
    let looked_up = token.clone();
    let found = store
        .read(move |c| {
            let account = setup_token::look_up(c, tenant, &looked_up, now)?;
            account.map_or(Ok(None), |account| account::get(c, tenant, account))
        })
        .await;
    let found: Option<Account> = found.map_err(|error: StoreError| SignInError::Store(error))?;
    let Some(found) = found else {
        return Err(SignInError::Expired);
    };
    refuse_weak(store, tenant, &found, &request.password, &profile).await?;
    let hash = slot.hash(request.password, request.salt).await;
    store
        .write(move |c| {
            let Some(account) = setup_token::redeem(c, tenant, &token, now)? else {
                return Err(SignInError::Expired);
            };
            credential::set(c, tenant, account, &hash, now, None)?;
            Ok(account)
        })
        .await
}

/// A password set by the code of an activation slip.
#[derive(Clone, Debug)]
pub struct Activate {
    /// The tenant.
    pub tenant: Tenant,
    /// The sign-in name as it was typed.
    pub name: String,
    /// The code as it was typed; none where it cannot be one.
    pub code: Option<SlipCode>,
    /// The new password as it was typed.
    pub password: Password,
    /// 16 fresh random bytes.
    pub salt: [u8; 16],
    /// Where it comes from, if that is known.
    pub address: Option<AddressKey>,
    /// The present instant, by the machine's clock.
    pub now: Instant,
}

/// Sets a password by the name and the code of an activation slip, which is used up. Every session
/// of the account ends. Failures are counted by name and by address as for signing in, under a key
/// of their own: whoever guesses codes keeps nobody from signing in.
pub async fn activate(
    store: &Store,
    hasher: &PasswordHasher,
    profile: Profile,
    request: Activate,
) -> Result<AccountId, SignInError> {
    let slot = hasher.reserve()?;
    let (tenant, now, address) = (request.tenant, request.now, request.address);
    let name = account::sign_in_name(&request.name);
    // Before the code is looked at, so that the answer tells nothing of it.
    refuse(check_password(
        &request.password,
        &[name.as_str()],
        &profile,
    ))?;
    let code = request.code;
    let (account, waits, token_hash, begun) = store
        .write(move |c| {
            let found = account::by_sign_in_name(c, tenant, &name)?;
            // No sign-in name has a space in it.
            let begun = begin(c, tenant, &format!("slip {name}"), None, now, &profile)?;
            let begun = count_address(c, tenant, begun, address, now, &profile)?;
            let disabled = found.as_ref().is_some_and(|found| found.disabled);
            let asked = found.map_or(AccountId::default(), |found| found.account);
            let token_hash = code
                .as_ref()
                .map(|code| code.hash(asked))
                .unwrap_or_default();
            let kind = TokenKind::Slip;
            let account = setup_token::look_up_hashed(c, tenant, kind, &token_hash, now)?;
            let waits = account.is_none()
                && !disabled
                && token::slip_waits(c, tenant, asked, &token_hash, (now, &profile))?;
            Ok::<_, SignInError>((account, waits, token_hash, begun))
        })
        .await?;
    if waits {
        return Err(SignInError::SlipWaits);
    }
    let Some(account) = account else {
        return Err(SignInError::WrongSlip);
    };
    let found = store
        .read(move |c| account::get(c, tenant, account))
        .await?;
    let found = found.ok_or(SignInError::WrongSlip)?;
    // Only who has the code learns whether the password is a name.
    refuse_weak(store, tenant, &found, &request.password, &profile).await?;
    let hash = slot.hash(request.password, request.salt).await;
    store
        .write(move |c| {
            let kind = TokenKind::Slip;
            let Some(account) = setup_token::redeem_hashed(c, tenant, kind, &token_hash, now)?
            else {
                return Err(SignInError::WrongSlip);
            };
            credential::set(c, tenant, account, &hash, now, None)?;
            forgive(c, tenant, account, &begun, &profile)?;
            Ok(account)
        })
        .await
}

/// Forgets the failures before an activation: of this page and, because the person has proved who
/// she is, of signing in.
fn forgive(
    connection: &mut dyn Connection,
    tenant: Tenant,
    account: AccountId,
    begun: &Begun,
    profile: &Profile,
) -> Result<(), StoreError> {
    if let Some(found) = account::get(connection, tenant, account)? {
        let key = session::failure_key(&found.sign_in_name, None);
        connection.execute(&DELETE_FAILURES, &values![tenant, key])?;
    }
    begun.attempt.forget(connection, tenant, profile)
}

/// Refuses a weak password of an account: also one that is her own name, or the sign-in name of
/// anybody.
async fn refuse_weak(
    store: &Store,
    tenant: Tenant,
    account: &Account,
    password: &Password,
    profile: &Profile,
) -> Result<(), SignInError> {
    let (person, typed) = (account.person, password.clone());
    let read = store.read(move |c| {
        let own = directory::person::name(c, tenant, person)?;
        let named = account::by_sign_in_name(c, tenant, typed.as_str())?;
        Ok::<_, StoreError>((own, named.map(|other| other.sign_in_name)))
    });
    let (own, named) = read.await?;
    let known = [Some(account.sign_in_name.clone()), own, named];
    let known: Vec<&str> = known.iter().flatten().map(String::as_str).collect();
    refuse(check_password(password, &known, profile))
}

fn refuse(findings: Vec<Finding>) -> Result<(), SignInError> {
    if findings.is_empty() {
        Ok(())
    } else {
        Err(SignInError::Refused(findings))
    }
}

/// Forgets what is over: failures, devices, setup tokens, sign-ins half done, sessions; for a job.
pub fn purge(
    connection: &mut dyn Connection,
    tenant: Tenant,
    now: Instant,
    profile: &Profile,
) -> Result<(), StoreError> {
    let failed = Instant(now.0.saturating_sub(profile.forget_failures_ms));
    connection.execute(&DELETE_OLD_FAILURES, &values![tenant, failed])?;
    connection.execute(&DELETE_OLD_DEVICES, &values![tenant, now])?;
    setup_token::purge(connection, tenant, now)?;
    half_sign_in::purge(connection, tenant, now, profile)?;
    session::purge(connection, tenant, now, profile)?;
    Ok(())
}
