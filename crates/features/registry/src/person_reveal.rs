//! Shows one sealed value of one person for a stated purpose. The command writes the record that
//! the person may see; only then, for five minutes and to who asked, a page opens the value. So
//! the value is in no answer that is kept, and nothing is shown without its record.

use access::{Action, Role};
use app::{Command, Door, Refusal, RefusalKind};
use kernel::{Finding, Instant, PersonId, Tenant};
use serde::{Deserialize, Serialize};
use store::{Connection, Row, StoreError, values};
use utoipa::ToSchema;
use vault::{IdNumber, MAX_PURPOSE_CHARS, MIN_PURPOSE_CHARS, Phone, Purpose};

use crate::{
    people,
    personal::{self, Personal},
};

kernel::id_types! {
    /// One reveal of one sealed value.
    RevealId
}

store::id_values! { RevealId }

/// Most reveals of one person within [`WINDOW_MS`].
pub const PER_HOUR: i64 = 30;
/// One hour.
const WINDOW_MS: i64 = 3_600_000;
/// For how long the value can be looked at after the reveal.
pub const SHOWN_MS: i64 = 5 * 60_000;

store::record! {
    /// Who looked at which sealed value of whom, and why.
    pub PERSON_REVEAL = person_reveal(
        tenant, reveal, command, person, field, purpose, viewer, role, at
    ) key(tenant, reveal);
}

store::statements! {
    /// How often somebody looked since an instant.
    COUNT_SINCE = "SELECT count(*) FROM person_reveal WHERE tenant = $1 AND viewer = $2 AND at > $3";
    /// Who looked at values of a person, newest first.
    SELECT_OF_PERSON = concat!(
        "SELECT reveal, person, field, purpose, viewer, role, at FROM person_reveal ",
        "WHERE tenant = $1 AND person = $2 ORDER BY at DESC, reveal LIMIT 200"
    );
    /// One reveal.
    SELECT_ONE = concat!(
        "SELECT reveal, person, field, purpose, viewer, role, at FROM person_reveal ",
        "WHERE tenant = $1 AND reveal = $2"
    );
}

/// A reveal as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reveal {
    /// Its id.
    pub reveal: RevealId,
    /// Of whom.
    pub person: PersonId,
    /// Which value.
    pub field: Personal,
    /// Why.
    pub purpose: String,
    /// Who looked. Shown to auditors, not on the page of the person, who sees the class.
    pub viewer: PersonId,
    /// In which role.
    pub role: Role,
    /// When.
    pub at: Instant,
}

fn read(row: &Row<'_>) -> Result<Reveal, StoreError> {
    Ok(Reveal {
        reveal: row.id(0)?,
        person: row.id(1)?,
        field: row.parse(2)?,
        purpose: row.text(3)?.to_owned(),
        viewer: row.id(4)?,
        role: row.parse(5)?,
        at: row.instant(6)?,
    })
}

/// Who looked at values of a person, newest first, at most 200.
pub fn of_person(
    connection: &mut dyn Connection,
    tenant: Tenant,
    person: PersonId,
) -> Result<Vec<Reveal>, StoreError> {
    connection.all(&SELECT_OF_PERSON, &values![tenant, person], read)
}

/// One reveal.
pub fn get(
    connection: &mut dyn Connection,
    tenant: Tenant,
    reveal: RevealId,
) -> Result<Option<Reveal>, StoreError> {
    connection.optional(&SELECT_ONE, &values![tenant, reveal], read)
}

/// Asks to see one sealed value of one person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevealPersonal {
    /// Of whom.
    #[schema(value_type = String, format = "uuid")]
    pub person: PersonId,
    /// Which value.
    pub field: Personal,
    /// Why, 4 to 200 characters; the person may read it.
    pub purpose: String,
}

/// The reveal that was recorded: the page `/people/{person}/reveals/{reveal}` shows the value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RevealRecorded {
    /// Of whom.
    #[schema(value_type = String, format = "uuid")]
    pub person: PersonId,
    /// The reveal.
    #[schema(value_type = String, format = "uuid")]
    pub reveal: RevealId,
}

impl Command for RevealPersonal {
    const NAME: &'static str = "person.reveal";
    const ACTION: Action = Action::PersonReveal;
    const CLEAR: &'static [&'static str] = &["person", "field"];
    const REAUTHENTICATE: bool = true;
    type Answer = RevealRecorded;

    fn run(&self, door: &mut Door<'_>) -> Result<RevealRecorded, Refusal> {
        let viewer = door.acting_person()?;
        let decided = people::decide_on(door, Action::PersonReveal, self.person, &[])?;
        let Some((role, _)) = decided else {
            return Err(Refusal::bug("a person acted, and no role allowed it"));
        };
        let Some(purpose) = Purpose::new(&self.purpose) else {
            let finding = Finding::error("purpose-length").field("purpose");
            return Err(finding
                .arg("least", MIN_PURPOSE_CHARS)
                .arg("most", MAX_PURPOSE_CHARS)
                .into());
        };
        let (tenant, now) = (door.tenant(), door.now());
        let since = Instant(now.0 - WINDOW_MS);
        let looked =
            door.connection()
                .one(&COUNT_SINCE, &values![tenant, viewer, since], |row| {
                    row.int(0)
                })?;
        if looked >= PER_HOUR {
            let finding = Finding::error("too-many-reveals").arg("most", PER_HOUR);
            return Err(Refusal::new(RefusalKind::TooMany, finding));
        }
        if !is_held(door, self.person, self.field)? {
            return Err(Finding::error("nothing-held").field("field").into());
        }
        let reveal = RevealId(door.next_id());
        let row = values![
            tenant,
            reveal,
            door.command(),
            self.person,
            self.field.name(),
            purpose.as_str(),
            viewer,
            role.name(),
            now
        ];
        door.append(&PERSON_REVEAL, &row)?;
        door.mark_revealed();
        Ok(RevealRecorded {
            person: self.person,
            reveal,
        })
    }
}

fn is_held(door: &mut Door<'_>, person: PersonId, field: Personal) -> Result<bool, Refusal> {
    let (tenant, app) = (door.tenant(), door.app());
    let vault = personal::vault(app, door.connection(), tenant).map_err(personal::refusal)?;
    let held = personal::held(door.connection(), &vault, person).map_err(personal::refusal)?;
    Ok(held
        .iter()
        .any(|held| held.kind == field && held.masked.is_some()))
}

/// The value of a reveal, for the person who asked and within five minutes; `None` otherwise, or
/// where nothing is held any more.
pub(crate) fn open(
    app: &app::App,
    connection: &mut dyn Connection,
    tenant: Tenant,
    reveal: &Reveal,
    viewer: PersonId,
    now: Instant,
) -> Result<Option<String>, vault::VaultError> {
    let age_ms = now.0 - reveal.at.0;
    let purpose = Purpose::new(&reveal.purpose);
    let (true, true, Some(purpose)) = (
        reveal.viewer == viewer,
        (0..SHOWN_MS).contains(&age_ms),
        purpose,
    ) else {
        return Ok(None);
    };
    let vault = personal::vault(app, connection, tenant)?;
    let person = reveal.person;
    Ok(match reveal.field {
        Personal::Phone => match vault.find::<Phone>(connection, person)? {
            Some(sealed) => Some(
                vault
                    .reveal(connection, person, &sealed, purpose)?
                    .text()
                    .to_owned(),
            ),
            None => None,
        },
        Personal::IdNumber => match vault.find::<IdNumber>(connection, person)? {
            Some(sealed) => Some(
                vault
                    .reveal(connection, person, &sealed, purpose)?
                    .text()
                    .to_owned(),
            ),
            None => None,
        },
    })
}
