//! What is kept sealed of a person: telephone and number of the identity card.

use std::collections::BTreeMap;

use app::{App, Refusal};
use kernel::{Finding, PersonId, Tenant};
use serde::{Deserialize, Serialize};
use store::{Connection, StoreError};
use utoipa::ToSchema;
use vault::{IdNumber, Phone, TenantVault, Vault, VaultError};

/// A kind of sealed personal data that this register keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Personal {
    /// Telephone number.
    Phone,
    /// Number of the resident identity card.
    IdNumber,
}

impl Personal {
    /// Every kind.
    pub const ALL: [Personal; 2] = [Personal::Phone, Personal::IdNumber];

    /// The name in the record and in forms.
    pub const fn name(self) -> &'static str {
        match self {
            Personal::Phone => "phone",
            Personal::IdNumber => "id_number",
        }
    }

    /// The key of its name in the locale files.
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Personal::Phone => "personal-phone",
            Personal::IdNumber => "personal-id-number",
        }
    }
}

impl std::str::FromStr for Personal {
    type Err = NotPersonal;

    fn from_str(text: &str) -> Result<Personal, NotPersonal> {
        Personal::ALL
            .into_iter()
            .find(|kind| kind.name() == text)
            .ok_or(NotPersonal)
    }
}

/// A text that names no kind of sealed data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotPersonal;

/// A sealed value as pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    pub kind: Personal,
    /// `*******8000`; `None` where nothing is held.
    pub masked: Option<String>,
}

/// The open vault of a tenant.
pub(crate) fn vault(
    app: &App,
    connection: &mut dyn Connection,
    tenant: Tenant,
) -> Result<TenantVault, VaultError> {
    Vault::new(app.keys().vault()).unlock(connection, tenant)
}

/// What is held of a person, masked.
pub(crate) fn held(
    connection: &mut dyn Connection,
    vault: &TenantVault,
    person: PersonId,
) -> Result<Vec<Held>, VaultError> {
    let phone = vault
        .find::<Phone>(connection, person)?
        .map(|sealed| sealed.masked().to_string());
    let id = vault
        .find::<IdNumber>(connection, person)?
        .map(|sealed| sealed.masked().to_string());
    Ok(vec![
        Held {
            kind: Personal::Phone,
            masked: phone,
        },
        Held {
            kind: Personal::IdNumber,
            masked: id,
        },
    ])
}

/// The masked telephone numbers of people; people of whom none is held are left out.
pub(crate) fn masked_phones(
    connection: &mut dyn Connection,
    vault: &TenantVault,
    people: &[PersonId],
) -> Result<BTreeMap<PersonId, String>, VaultError> {
    let found = vault.find_many::<Phone>(connection, people)?;
    let masked = |(person, sealed): (PersonId, vault::Sealed<Phone>)| {
        let masked = sealed.masked().to_string();
        (person, masked)
    };
    Ok(found.into_iter().map(masked).collect())
}

/// The vault's refusal in the words of a command.
pub(crate) fn refusal(error: VaultError) -> Refusal {
    match error {
        VaultError::Store(error) => error.into(),
        VaultError::Erased => Finding::error("person-erased").into(),
        VaultError::Empty => Finding::error("required").into(),
        VaultError::TooLong => Finding::error("sealed-too-long").into(),
        VaultError::NoTenantKey | VaultError::Damaged => Refusal::bug(&error.to_string()),
    }
}

/// The vault's refusal as an error of reading a page.
pub(crate) fn unreadable(error: VaultError) -> StoreError {
    match error {
        VaultError::Store(error) => error,
        other => StoreError::Bug(other.to_string()),
    }
}

/// A telephone number: 7 to 15 digits, with at most a leading `+`; what people put between the
/// digits is taken out by the vault.
pub(crate) fn check_phone(text: &str) -> Result<(), Finding> {
    let digits: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '(' | ')'))
        .collect();
    let digits = digits.strip_prefix('+').unwrap_or(&digits);
    let fits = (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if fits {
        Ok(())
    } else {
        Err(Finding::error("phone-form").field("phone"))
    }
}
