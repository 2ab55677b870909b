//! Sealing of personal data: keys per person, keyed hashes, erasure.
//!
//! Number of the identity card, phone, bank account, health and hardship are kept only as
//! [`Sealed`] values. Pages show their [`Masked`] form; equal values are found by a keyed hash;
//! the text itself comes out in one place, [`TenantVault::reveal`], for a [`Purpose`]. Names are
//! not sealed: they live in one table of the directory.
//!
//! Keys: root key (a file outside the database) → tenant key → one key per person. Erasing a
//! person destroys that key ([`TenantVault::erase`]).
//!
//! No randomness of its own: whatever is random follows from 32 bytes that the caller draws.
//!
//! What this does not protect from: whoever has the database *and* the root key reads everything;
//! a running server holds the root key in memory. A database copy made before an erasure still
//! holds the sealed key, so old backups must be thrown away in their turn.

mod cipher;
mod file_key;
mod keys;
mod kind;
mod reveal;
mod schema;
mod sealed;
mod secret;
mod values;

pub use file_key::FileKey;
pub use keys::{TenantVault, Vault};
pub use kind::{
    BankAccount, Hardship, Health, IdNumber, KINDS, Kind, MAX_VALUE_BYTES, Masked, Phone,
};
pub use reveal::{MAX_PURPOSE_CHARS, MIN_PURPOSE_CHARS, Purpose, Revealed};
pub use schema::{SCHEMA, STATEMENTS};
pub use sealed::{Plain, Sealed};

/// Why the vault does not do what it was asked. Names no content: it may be logged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The value is empty.
    #[error("nothing to seal")]
    Empty,
    /// The value is longer than [`MAX_VALUE_BYTES`].
    #[error("a value longer than {MAX_VALUE_BYTES} bytes")]
    TooLong,
    /// The person's key was destroyed, or nothing was ever sealed for the person.
    #[error("nothing of this person can be opened: the key was destroyed")]
    Erased,
    /// The tenant's vault was never set up.
    #[error("the tenant has no vault")]
    NoTenantKey,
    /// The sealed bytes were changed, belong elsewhere, or are under another key.
    #[error("a sealed value is damaged, belongs elsewhere, or was sealed under another root key")]
    Damaged,
    /// The database said no.
    #[error(transparent)]
    Store(#[from] store::StoreError),
}
