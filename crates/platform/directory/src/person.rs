//! Persons: names in one table, everything else about them sealed.
//!
//! The record (`person_fact`) holds only that a value was set and a salted commitment to it, so a
//! person can be erased without breaking the journal's proofs. The values themselves are where
//! erasure reaches them: names in the working table `person_name` (the only table of names),
//! everything sealed in the vault.

use hmac::{Hmac, KeyInit, Mac};
use kernel::{Finding, PersonId, Tenant};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use store::{Connection, StoreError, values};

use crate::initials::initials;
use crate::{Recorder, WriteError};

/// Longest name, in characters (names with "·" are long).
pub const NAME_MAX: usize = 50;

/// A person as lists show her.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonName {
    /// Who.
    pub person: PersonId,
    /// Her name.
    pub name: String,
}

store::record! {
    /// That a value of a person was set or erased, with a salted commitment to it.
    pub PERSON_FACT = person_fact(tenant, person, version, command, field, commitment, at)
        key(tenant, person, version);
}

store::statements! {
    /// The highest version of a person's facts; 0 for an unknown person.
    SELECT_VERSION =
        "SELECT COALESCE(MAX(version), 0) FROM person_fact WHERE tenant = $1 AND person = $2";
    /// The name of a person.
    SELECT_NAME = "SELECT person, name FROM person_name WHERE tenant = $1 AND person = $2";
    /// Persons whose name or initials begin with a text; the second bound is the first text
    /// beyond it.
    SELECT_BY_PREFIX = concat!(
        "SELECT person, name FROM person_name WHERE tenant = $1 AND ((name >= $2 AND name < $3) ",
        "OR (initials >= $2 AND initials < $3)) ORDER BY name, person LIMIT $4"
    );
    /// Persons of exactly this name.
    SELECT_NAMED = "SELECT person FROM person_name WHERE tenant = $1 AND name = $2 ORDER BY person";
    /// Writes a name.
    UPSERT_NAME = concat!(
        "INSERT INTO person_name (tenant, person, name, initials, salt) ",
        "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, person) DO UPDATE SET ",
        "name = excluded.name, initials = excluded.initials, salt = excluded.salt"
    );
    /// Erases a name.
    DELETE_NAME = "DELETE FROM person_name WHERE tenant = $1 AND person = $2";
}

/// Why a person cannot have a name.
pub fn wrong_name(name: &str) -> Option<Finding> {
    let length = name.chars().count();
    let is_wrong = name.trim().is_empty() || length > NAME_MAX;
    is_wrong.then(|| {
        Finding::error("person-name-length")
            .field("name")
            .arg("found", length)
            .arg("expected", NAME_MAX)
    })
}

/// Sets a person's name; a new id makes a new person. `salt` is fresh randomness for the
/// commitment and is kept beside the name, to be erased with it.
pub fn write_name(
    recorder: &mut dyn Recorder,
    person: PersonId,
    name: &str,
    salt: [u8; 32],
) -> Result<(), WriteError> {
    if let Some(wrong) = wrong_name(name) {
        return Err(wrong.into());
    }
    append_fact(
        recorder,
        person,
        "name",
        Some(&name_commitment(&salt, name)),
    )?;
    // The commonest reading only: a name is found by it or by its characters.
    let initials = initials(name).into_iter().next().unwrap_or_default();
    let row = values![recorder.tenant(), person, name, initials, salt];
    recorder.connection().execute(&UPSERT_NAME, &row)?;
    Ok(())
}

/// Records that a sealed value of a person was set, with a commitment to it; the vault keeps the
/// value itself in the same command.
pub fn record_sealed(
    recorder: &mut dyn Recorder,
    person: PersonId,
    field: &str,
    commitment: &[u8; 32],
) -> Result<(), WriteError> {
    append_fact(recorder, person, field, Some(commitment))?;
    Ok(())
}

/// Erases the name of a person and records that she was erased; the vault destroys her key and her
/// sealed values in the same command. That she was there stays known.
pub fn erase(recorder: &mut dyn Recorder, person: PersonId) -> Result<(), WriteError> {
    append_fact(recorder, person, "erased", None)?;
    let tenant = recorder.tenant();
    recorder
        .connection()
        .execute(&DELETE_NAME, &values![tenant, person])?;
    Ok(())
}

fn append_fact(
    recorder: &mut dyn Recorder,
    person: PersonId,
    field: &str,
    commitment: Option<&[u8; 32]>,
) -> Result<(), StoreError> {
    let (tenant, command, now) = (recorder.tenant(), recorder.command(), recorder.now());
    let version = version(recorder.connection(), tenant, person)? + 1;
    let row = Vec::from(values![
        tenant, person, version, command, field, commitment, now
    ]);
    recorder.append(&PERSON_FACT, &[row])
}

/// What the record keeps of a name: HMAC-SHA-256 under the salt.
pub fn name_commitment(salt: &[u8; 32], name: &str) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(salt).expect("HMAC takes a key of any length");
    mac.update(name.as_bytes());
    mac.finalize().into_bytes().into()
}

/// How often something about the person was recorded; 0 where there is no such person.
pub fn version(
    connection: &mut dyn Connection,
    tenant: Tenant,
    person: PersonId,
) -> Result<i64, StoreError> {
    connection.one(&SELECT_VERSION, &values![tenant, person], |row| row.int(0))
}

/// The name of a person; `None` where there is no such person or she was erased.
pub fn name(
    connection: &mut dyn Connection,
    tenant: Tenant,
    person: PersonId,
) -> Result<Option<String>, StoreError> {
    connection.optional(&SELECT_NAME, &values![tenant, person], |row| {
        Ok(row.text(1)?.to_owned())
    })
}

/// Names of several persons; erased and unknown ones are left out.
pub fn names(
    connection: &mut dyn Connection,
    tenant: Tenant,
    persons: &[PersonId],
) -> Result<Vec<PersonName>, StoreError> {
    let mut found = Vec::with_capacity(persons.len());
    for person in persons {
        let name = name(connection, tenant, *person)?;
        found.extend(name.map(|name| PersonName {
            person: *person,
            name,
        }));
    }
    Ok(found)
}

/// Persons of exactly this name; several share one more often than people think.
pub fn named(
    connection: &mut dyn Connection,
    tenant: Tenant,
    name: &str,
) -> Result<Vec<PersonId>, StoreError> {
    connection.all(&SELECT_NAMED, &values![tenant, name], |row| row.id(0))
}

/// Persons whose name or initials begin with the text, at most `limit`.
pub fn search(
    connection: &mut dyn Connection,
    tenant: Tenant,
    prefix: &str,
    limit: u32,
) -> Result<Vec<PersonName>, StoreError> {
    let prefix = prefix.trim().to_lowercase();
    if prefix.is_empty() {
        return Ok(Vec::new());
    }
    let values = values![tenant, prefix.as_str(), beyond(&prefix), limit];
    connection.all(&SELECT_BY_PREFIX, &values, |row| {
        Ok(PersonName {
            person: row.id(0)?,
            name: row.text(1)?.to_owned(),
        })
    })
}

/// The upper bound of a prefix search: the prefix followed by the greatest character.
pub fn beyond(prefix: &str) -> String {
    format!("{prefix}{}", char::MAX)
}
