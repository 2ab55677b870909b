//! The vault's own table of sealed values, and the erasure of a person.

use kernel::{Instant, PersonId};
use store::{Connection, values};

use crate::sealed::equality;
use crate::{Kind, Plain, Sealed, TenantVault, VaultError};

store::statements! {
    /// One value of a person.
    SELECT_VALUE = "SELECT sealed FROM vault_value WHERE tenant = $1 AND person = $2 AND kind = $3";
    /// The values of up to fifty people; fewer people are named several times.
    SELECT_MANY = "SELECT person, sealed FROM vault_value WHERE tenant = $1 AND kind = $2 \
                   AND person IN ( \
                   $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
                   $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, \
                   $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, \
                   $46, $47, $48, $49, $50, $51, $52) ORDER BY person";
    /// Persons with an equal value; several, because a phone is often shared in a household.
    SELECT_EQUAL = "SELECT person FROM vault_value WHERE tenant = $1 AND kind = $2 \
                    AND equality = $3 ORDER BY person";
    /// Sets or replaces a value.
    UPSERT_VALUE = "INSERT INTO vault_value (tenant, person, kind, equality, sealed) \
                    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, person, kind) DO UPDATE \
                    SET equality = excluded.equality, sealed = excluded.sealed";
    /// Removes one value.
    DELETE_VALUE = "DELETE FROM vault_value WHERE tenant = $1 AND person = $2 AND kind = $3";
    /// Removes everything of a person.
    DELETE_PERSON = "DELETE FROM vault_value WHERE tenant = $1 AND person = $2";
}

/// How many people [`SELECT_MANY`] takes at once.
const MANY: usize = 50;

impl TenantVault {
    /// Seals a value for a person, making the person's key where there is none yet.
    ///
    /// `draw` is 32 random bytes drawn before the transaction. One draw serves all persons and
    /// values of a command; it serves nothing else and is kept nowhere: whoever has it has the keys
    /// made from it. [`VaultError::Erased`] for an erased person.
    pub fn seal<K: Kind>(
        &self,
        connection: &mut dyn Connection,
        person: PersonId,
        plain: &Plain<K>,
        draw: &[u8; 32],
    ) -> Result<Sealed<K>, VaultError> {
        let key = self.person_key_or_new(connection, person, draw)?;
        let owner = (self.tenant(), person);
        Ok(Sealed::seal(&key, &self.equality, owner, plain, draw))
    }

    /// Keeps a sealed value as the person's present one; the one before is gone.
    ///
    /// Takes sealed values, so that a staged import switches its rows without opening them.
    pub fn keep<K: Kind>(
        &self,
        connection: &mut dyn Connection,
        person: PersonId,
        sealed: &Sealed<K>,
    ) -> Result<(), VaultError> {
        connection.execute(
            &UPSERT_VALUE,
            &values![
                self.tenant(),
                person,
                K::NAME,
                sealed.equality(),
                sealed.to_bytes()
            ],
        )?;
        Ok(())
    }

    /// The person's present value, if there is one.
    pub fn find<K: Kind>(
        &self,
        connection: &mut dyn Connection,
        person: PersonId,
    ) -> Result<Option<Sealed<K>>, VaultError> {
        let bytes = connection.optional(
            &SELECT_VALUE,
            &values![self.tenant(), person, K::NAME],
            |row| Ok(row.blob(0)?.to_vec()),
        )?;
        bytes.map(|bytes| Sealed::from_bytes(&bytes)).transpose()
    }

    /// The present values of people, in few statements; people without one are left out.
    pub fn find_many<K: Kind>(
        &self,
        connection: &mut dyn Connection,
        people: &[PersonId],
    ) -> Result<Vec<(PersonId, Sealed<K>)>, VaultError> {
        let mut found = Vec::new();
        for some in people.chunks(MANY) {
            let mut parameters = Vec::from(values![self.tenant(), K::NAME]);
            // Every place of the statement is filled: the last person stands in those left over.
            let filled = (0..MANY).filter_map(|i| some.get(i).or(some.last()));
            parameters.extend(filled.flat_map(|person| values![*person]));
            let rows = connection.all(&SELECT_MANY, &parameters, |row| {
                Ok((row.id::<PersonId>(0)?, row.blob(1)?.to_vec()))
            })?;
            for (person, bytes) in rows {
                found.push((person, Sealed::from_bytes(&bytes)?));
            }
        }
        Ok(found)
    }

    /// Everybody whose present value equals this one, without opening any. Nobody for kinds that
    /// cannot be searched for.
    pub fn find_equal<K: Kind>(
        &self,
        connection: &mut dyn Connection,
        plain: &Plain<K>,
    ) -> Result<Vec<PersonId>, VaultError> {
        let Some(hash) = equality(&self.equality, plain) else {
            return Ok(Vec::new());
        };
        let wanted = values![self.tenant(), K::NAME, hash];
        Ok(connection.all(&SELECT_EQUAL, &wanted, |row| row.id::<PersonId>(0))?)
    }

    /// Removes the person's present value of one kind.
    pub fn remove<K: Kind>(
        &self,
        connection: &mut dyn Connection,
        person: PersonId,
    ) -> Result<(), VaultError> {
        connection.execute(&DELETE_VALUE, &values![self.tenant(), person, K::NAME])?;
        Ok(())
    }

    /// Erases a person: values, hashes and masked forms are removed and the key is destroyed, so
    /// copies of sealed values elsewhere (staged rows, exports) cannot be opened any more either.
    /// Nothing can be sealed for this person again. Doing it twice does nothing more.
    pub fn erase(
        &self,
        connection: &mut dyn Connection,
        person: PersonId,
        at: Instant,
    ) -> Result<(), VaultError> {
        connection.execute(&DELETE_PERSON, &values![self.tenant(), person])?;
        self.erase_person_key(connection, person, at)
    }
}
