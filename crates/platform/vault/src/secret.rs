//! Secrets that the program itself computes with, as the one of a second factor: sealed under the
//! key of their person, opened in memory, and shown to nobody.
//!
//! They are not personal data that people look up, so there is no masked form, no reveal and no
//! search. Erasing a person destroys them with everything else.

use kernel::PersonId;
use store::Connection;
use zeroize::Zeroizing;

use crate::cipher::{framed, nonce};
use crate::kind::check_length;
use crate::{TenantVault, VaultError};

impl TenantVault {
    /// Seals a secret of a person. `what` says what it is and whose, and must be given again to
    /// open it. `draw` as in [`TenantVault::seal`].
    pub fn seal_secret(
        &self,
        connection: &mut dyn Connection,
        person: PersonId,
        what: &[&[u8]],
        secret: &str,
        draw: &[u8; 32],
    ) -> Result<Vec<u8>, VaultError> {
        check_length(secret)?;
        let key = self.person_key_or_new(connection, person, draw)?;
        let bound = self.secret_bound(person, what);
        let nonce = nonce(draw, "xingcun secret nonce 1", &[&bound]);
        Ok(key.seal(secret.as_bytes(), nonce, &bound))
    }

    /// Opens what [`TenantVault::seal_secret`] sealed. [`VaultError::Erased`] once the person's key
    /// is destroyed; [`VaultError::Damaged`] where it was changed or belongs elsewhere.
    pub fn open_secret(
        &self,
        connection: &mut dyn Connection,
        person: PersonId,
        what: &[&[u8]],
        sealed: &[u8],
    ) -> Result<Zeroizing<String>, VaultError> {
        let key = self.person_key(connection, person)?;
        let bytes = key.open(sealed, &self.secret_bound(person, what))?;
        let text = std::str::from_utf8(&bytes).map_err(|_| VaultError::Damaged)?;
        Ok(Zeroizing::new(text.to_owned()))
    }

    /// A hash that nobody can compute without this tenant's key: for codes short enough to be
    /// tried one by one.
    pub fn keyed_hash(&self, what: &[&[u8]]) -> [u8; 32] {
        self.equality.digest("xingcun keyed hash 1", what)
    }

    fn secret_bound(&self, person: PersonId, what: &[&[u8]]) -> Vec<u8> {
        let tenant = self.tenant().0.to_be_bytes();
        let parts: Vec<&[u8]> = [&tenant[..], person.0.as_bytes()]
            .into_iter()
            .chain(what.iter().copied())
            .collect();
        framed("xingcun secret 1", &parts)
    }
}
