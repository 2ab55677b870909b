//! The one place where sealed data becomes readable.
//!
//! The caller is a command of its own that asks the person to sign in again, counts against a
//! limit, and leaves a leaf with the outcome *revealed* and a record row that the person concerned
//! may see. Pages show [`Masked`](crate::Masked) forms and never come here.

use kernel::PersonId;
use store::Connection;

use crate::{Kind, Plain, Sealed, TenantVault, VaultError};

/// Shortest reason, in characters: a word that says something.
pub const MIN_PURPOSE_CHARS: usize = 4;
/// Longest reason, in characters.
pub const MAX_PURPOSE_CHARS: usize = 200;

/// Why someone wants to read sealed data; it stands in the record of the reveal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purpose(String);

impl Purpose {
    /// A reason in words, [`MIN_PURPOSE_CHARS`] to [`MAX_PURPOSE_CHARS`] characters without the
    /// white space around it; `None` otherwise.
    pub fn new(text: &str) -> Option<Purpose> {
        let text = text.trim();
        (MIN_PURPOSE_CHARS..=MAX_PURPOSE_CHARS)
            .contains(&text.chars().count())
            .then(|| Purpose(text.to_owned()))
    }

    /// The reason.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A revealed value together with the reason for which it was revealed.
#[derive(Debug)]
pub struct Revealed<K: Kind> {
    plain: Plain<K>,
    purpose: Purpose,
}

impl<K: Kind> Revealed<K> {
    /// The value, for one answer to one person.
    pub fn text(&self) -> &str {
        &self.plain.text
    }

    /// The reason, for the record.
    pub fn purpose(&self) -> &Purpose {
        &self.purpose
    }
}

impl TenantVault {
    /// Opens a sealed value of a person.
    ///
    /// [`VaultError::Erased`] once the person's key is destroyed; [`VaultError::Damaged`] where the
    /// value was changed, or belongs to another person or kind.
    pub fn reveal<K: Kind>(
        &self,
        connection: &mut dyn Connection,
        person: PersonId,
        sealed: &Sealed<K>,
        purpose: Purpose,
    ) -> Result<Revealed<K>, VaultError> {
        let key = self.person_key(connection, person)?;
        let bound = sealed.bound((self.tenant(), person));
        let bytes = key.open(sealed.cipher(), &bound)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| VaultError::Damaged)?;
        Ok(Revealed {
            plain: Plain::new(text)?,
            purpose,
        })
    }
}
