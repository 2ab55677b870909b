//! Keeps telephone and identity card number of a person, sealed.

use access::Action;
use app::{Command, Door, Refusal};
use directory::person;
use kernel::{Finding, PersonId, ResidentId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use vault::{IdNumber, Kind, Phone, Plain, TenantVault};

use crate::{people, personal};

/// Sets sealed values of a person; what is left out stays as it is. One's own telephone number
/// needs no right; the number of the identity card says who somebody is, and is for others to keep.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetContact {
    /// Whose.
    #[schema(value_type = String, format = "uuid")]
    pub person: PersonId,
    /// Telephone number, 7 to 15 digits.
    #[serde(default)]
    pub phone: Option<String>,
    /// Number of the resident identity card, 18 characters.
    #[serde(default)]
    pub id_number: Option<String>,
}

/// Prints whose it is and nothing of the values.
impl std::fmt::Debug for SetContact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SetContact")
            .field("person", &self.person)
            .finish_non_exhaustive()
    }
}

/// Whose values were set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContactSet {
    /// The person.
    #[schema(value_type = String, format = "uuid")]
    pub person: PersonId,
}

impl Command for SetContact {
    const NAME: &'static str = "person.set_contact";
    const ACTION: Action = Action::PersonEdit;
    const CLEAR: &'static [&'static str] = &["person"];
    type Answer = ContactSet;

    fn run(&self, door: &mut Door<'_>) -> Result<ContactSet, Refusal> {
        let is_own = door.person() == Some(self.person) && self.id_number.is_none();
        if !is_own {
            people::decide_on(door, Action::PersonEdit, self.person, &[])?;
        }
        let mut findings = Vec::new();
        if let Some(phone) = &self.phone {
            findings.extend(personal::check_phone(phone).err());
        }
        if let Some(number) = &self.id_number {
            let wrong = ResidentId::parse(number.trim(), door.today()).err();
            findings.extend(wrong.map(|wrong| Finding::error(wrong.code()).field("id_number")));
        }
        if self.phone.is_none() && self.id_number.is_none() {
            findings.push(Finding::error("required").field("phone"));
        }
        if !findings.is_empty() {
            return Err(Refusal::invalid(findings));
        }
        let (tenant, app) = (door.tenant(), door.app());
        let vault = personal::vault(app, door.connection(), tenant).map_err(personal::refusal)?;
        let draw = door.draw();
        if let Some(phone) = &self.phone {
            let plain = Plain::<Phone>::new(phone).map_err(personal::refusal)?;
            keep(door, &vault, self.person, &plain, &draw)?;
        }
        if let Some(number) = &self.id_number {
            let plain = Plain::<IdNumber>::new(number).map_err(personal::refusal)?;
            refuse_of_another(door, &vault, self.person, &plain)?;
            keep(door, &vault, self.person, &plain, &draw)?;
        }
        Ok(ContactSet {
            person: self.person,
        })
    }
}

/// One number of an identity card is one natural person: duties are separated by person, and two
/// entries of the register for one would let her do both.
fn refuse_of_another(
    door: &mut Door<'_>,
    vault: &TenantVault,
    person: PersonId,
    number: &Plain<IdNumber>,
) -> Result<(), Refusal> {
    let found = vault
        .find_equal(door.connection(), number)
        .map_err(personal::refusal)?;
    if found.into_iter().any(|other| other != person) {
        return Err(Finding::error("id-number-of-another")
            .field("id_number")
            .into());
    }
    Ok(())
}

/// Seals a value, keeps it, and records that it was set. The record commits to the cipher text, so
/// it proves which value was kept and tells nothing of it; erasure takes the cipher text away.
pub(crate) fn keep<K: Kind>(
    door: &mut Door<'_>,
    vault: &TenantVault,
    person: PersonId,
    plain: &Plain<K>,
    draw: &[u8; 32],
) -> Result<(), Refusal> {
    let sealed = vault
        .seal(door.connection(), person, plain, draw)
        .map_err(personal::refusal)?;
    vault
        .keep(door.connection(), person, &sealed)
        .map_err(personal::refusal)?;
    let commitment = Sha256::digest(sealed.to_bytes()).into();
    person::record_sealed(door, person, K::NAME, &commitment)?;
    Ok(())
}
