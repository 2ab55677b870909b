//! Root key → tenant key → one key per person.
//!
//! The root key is 32 bytes that the executable keeps in a file for the owner only, outside the
//! database and outside backups. Under it, sealed, stands one random key per tenant; under that one
//! random key per person. Destroying a person's key makes everything sealed for that person
//! unreadable, in this database for ever.

use kernel::{Instant, PersonId, Tenant};
use store::{Connection, values};

use crate::VaultError;
use crate::cipher::{Key, framed, nonce};

store::statements! {
    /// The sealed key of a tenant.
    SELECT_TENANT_KEY = "SELECT sealed FROM vault_tenant_key WHERE tenant = $1";
    /// Kept as it is where there is one already: a second key would orphan what the first sealed.
    INSERT_TENANT_KEY = "INSERT INTO vault_tenant_key (tenant, sealed) VALUES ($1, $2) \
                         ON CONFLICT (tenant) DO NOTHING";
    /// The sealed key of a person; null once it was destroyed.
    SELECT_PERSON_KEY = "SELECT sealed FROM vault_person_key WHERE tenant = $1 AND person = $2";
    /// Where two commands seal a person's first value at once, the first key stays.
    INSERT_PERSON_KEY = "INSERT INTO vault_person_key (tenant, person, sealed) \
                         VALUES ($1, $2, $3) ON CONFLICT (tenant, person) DO NOTHING";
    /// Destroys a key; the row stays, so that no new one is made unawares.
    ERASE_PERSON_KEY = "INSERT INTO vault_person_key (tenant, person, erased_at) \
                        VALUES ($1, $2, $3) ON CONFLICT (tenant, person) DO UPDATE \
                        SET sealed = NULL, erased_at = excluded.erased_at \
                        WHERE vault_person_key.sealed IS NOT NULL";
}

/// The vault of one installation: holds the root key.
#[derive(Clone, Debug)]
pub struct Vault {
    root: Key,
}

/// The unlocked vault of one tenant.
#[derive(Clone, Debug)]
pub struct TenantVault {
    tenant: Tenant,
    wrapping: Key,
    pub(crate) equality: Key,
}

impl Vault {
    /// The vault under a root key, 32 random bytes.
    pub fn new(root: &[u8; 32]) -> Vault {
        Vault {
            root: Key::from_bytes(root),
        }
    }

    /// Makes the key of a tenant when the tenant is set up; does nothing where there is one.
    ///
    /// `draw` is 32 random bytes that serve nothing else and are kept nowhere.
    pub fn set_up_tenant(
        &self,
        connection: &mut dyn Connection,
        tenant: Tenant,
        draw: &[u8; 32],
    ) -> Result<(), VaultError> {
        let parts: &[&[u8]] = &[&tenant.0.to_be_bytes()];
        let key = Key::from_bytes(draw).derive("xingcun tenant key 1", parts);
        let nonce = nonce(draw, "xingcun tenant key nonce 1", parts);
        let sealed = self.root.seal_key(&key, nonce, &tenant_bound(tenant));
        connection.execute(&INSERT_TENANT_KEY, &values![tenant, sealed])?;
        Ok(())
    }

    /// Unlocks the vault of a tenant. [`VaultError::NoTenantKey`] where it was never set up,
    /// [`VaultError::Damaged`] under another root key.
    pub fn unlock(
        &self,
        connection: &mut dyn Connection,
        tenant: Tenant,
    ) -> Result<TenantVault, VaultError> {
        let sealed = connection
            .optional(&SELECT_TENANT_KEY, &values![tenant], |row| {
                Ok(row.blob(0)?.to_vec())
            })?
            .ok_or(VaultError::NoTenantKey)?;
        let key = self.root.open_key(&sealed, &tenant_bound(tenant))?;
        Ok(TenantVault {
            tenant,
            wrapping: key.derive("xingcun wrapping 1", &[]),
            equality: key.derive("xingcun equality key 1", &[]),
        })
    }
}

impl TenantVault {
    /// Whose vault it is.
    pub fn tenant(&self) -> Tenant {
        self.tenant
    }

    /// The key of a person; [`VaultError::Erased`] where it was destroyed or never made.
    pub(crate) fn person_key(
        &self,
        connection: &mut dyn Connection,
        person: PersonId,
    ) -> Result<Key, VaultError> {
        self.find_person_key(connection, person)?
            .ok_or(VaultError::Erased)
    }

    /// The key of a person, made now where there is none yet.
    pub(crate) fn person_key_or_new(
        &self,
        connection: &mut dyn Connection,
        person: PersonId,
        draw: &[u8; 32],
    ) -> Result<Key, VaultError> {
        if let Some(key) = self.find_person_key(connection, person)? {
            return Ok(key);
        }
        let parts: &[&[u8]] = &[&self.tenant.0.to_be_bytes(), person.0.as_bytes()];
        let key = Key::from_bytes(draw).derive("xingcun person key 1", parts);
        let nonce = nonce(draw, "xingcun person key nonce 1", parts);
        let sealed = self
            .wrapping
            .seal_key(&key, nonce, &self.person_bound(person));
        connection.execute(&INSERT_PERSON_KEY, &values![self.tenant, person, sealed])?;
        // Another command may have been first; its key is the one that counts.
        self.person_key(connection, person)
    }

    pub(crate) fn erase_person_key(
        &self,
        connection: &mut dyn Connection,
        person: PersonId,
        at: Instant,
    ) -> Result<(), VaultError> {
        connection.execute(&ERASE_PERSON_KEY, &values![self.tenant, person, at])?;
        Ok(())
    }

    /// `None` where no key was made yet.
    fn find_person_key(
        &self,
        connection: &mut dyn Connection,
        person: PersonId,
    ) -> Result<Option<Key>, VaultError> {
        let found =
            connection.optional(&SELECT_PERSON_KEY, &values![self.tenant, person], |row| {
                Ok(row.optional_blob(0)?.map(<[u8]>::to_vec))
            })?;
        match found {
            None => Ok(None),
            Some(None) => Err(VaultError::Erased),
            Some(Some(sealed)) => self
                .wrapping
                .open_key(&sealed, &self.person_bound(person))
                .map(Some),
        }
    }

    fn person_bound(&self, person: PersonId) -> Vec<u8> {
        let tenant = self.tenant.0.to_be_bytes();
        framed("xingcun person key 1", &[&tenant, person.0.as_bytes()])
    }
}

fn tenant_bound(tenant: Tenant) -> Vec<u8> {
    framed("xingcun tenant key 1", &[&tenant.0.to_be_bytes()])
}
