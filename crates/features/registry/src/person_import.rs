//! People with their posts from a sealed workbook or CSV file.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use access::Action;
use app::{App, Command, Door, Gathered, Refusal};
use directory::{
    AppointmentId,
    appointment::{self, Appointment},
    import::{
        PlaceIndex,
        people::{self, PeopleRoster, PersonRow},
    },
    person, place,
    sheet::Sheet,
};
use kernel::{Day, Finding, PersonId, PlaceId, Tenant};
use serde::{Deserialize, Serialize};
use store::{Connection, StoreError};
use utoipa::ToSchema;
use vault::{Kind, Plain, TenantVault};

use crate::{imported_table, person_contact, personal};

/// Brings in people: who is new is added, who is known gets the post, telephone and number that
/// the file says; nobody loses anything by not standing in it.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportPeople {
    /// SHA-256 of the sealed file, 64 hexadecimal digits.
    pub file: String,
    /// The file's key, 64 hexadecimal digits; kept nowhere.
    pub key: String,
}

/// Prints nothing of the key.
impl std::fmt::Debug for ImportPeople {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImportPeople")
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}

/// What an import of people did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PeopleImported {
    /// New persons.
    pub added: u64,
    /// Known persons of whom something changed.
    pub changed: u64,
    /// Rows that say what is already recorded.
    pub unchanged: u64,
    /// What is only worth knowing, as findings.
    #[schema(value_type = Vec<Object>)]
    pub findings: Vec<Finding>,
}

impl Command for ImportPeople {
    const NAME: &'static str = "person.import";
    const ACTION: Action = Action::PersonEdit;
    const CLEAR: &'static [&'static str] = &["file"];
    const READS_FILES: bool = true;
    type Answer = PeopleImported;

    fn files(&self) -> Vec<&str> {
        vec![&self.file]
    }

    fn gather(&self, app: &App) -> Result<Gathered, Refusal> {
        let sheet = imported_table::read_sealed(app, &self.file, &self.key)?;
        Ok(Gathered::some(sheet))
    }

    fn run(&self, door: &mut Door<'_>) -> Result<PeopleImported, Refusal> {
        let sheet: &Sheet = door.gathered();
        let (tenant, today, app) = (door.tenant(), door.today(), door.app());
        let places = place::tree_on(door.connection(), tenant, today)?;
        let roster = people::read(sheet, &PlaceIndex::new(&places), today)?;
        let asked: BTreeSet<PlaceId> = roster.rows.iter().map(|row| row.place).collect();
        for place in &asked {
            door.decide_at(Action::PersonEdit, *place, &[])?;
        }
        let vault = personal::vault(app, door.connection(), tenant).map_err(personal::refusal)?;
        let known = Known::load(door.connection(), tenant, today, &asked)?;
        let (found, wrong) = who(door.connection(), &vault, &known, sheet, &roster)?;
        if !wrong.is_empty() {
            return Err(Refusal::invalid(wrong));
        }
        write(door, &vault, &known, &roster, &found)
    }
}

/// Who serves where today.
struct Known {
    tenant: Tenant,
    /// Persons by place and name.
    at_place: HashMap<(PlaceId, String), Vec<PersonId>>,
    posts: BTreeSet<(PersonId, PlaceId, String)>,
}

impl Known {
    fn load(
        connection: &mut dyn Connection,
        tenant: Tenant,
        today: Day,
        places: &BTreeSet<PlaceId>,
    ) -> Result<Known, StoreError> {
        let mut known = Known {
            tenant,
            at_place: HashMap::new(),
            posts: BTreeSet::new(),
        };
        for place in places {
            for held in appointment::at_place(connection, tenant, *place, today)? {
                if let Some(name) = person::name(connection, tenant, held.person)? {
                    let there = known.at_place.entry((*place, name)).or_default();
                    if !there.contains(&held.person) {
                        there.push(held.person);
                    }
                }
                known.posts.insert((held.person, *place, held.post));
            }
        }
        Ok(known)
    }
}

/// Who each row is: by the number of the identity card first, then by name at the same place.
/// `None` for somebody new. A number that is somebody else's, and a name that two persons of a
/// place share, are findings.
fn who(
    connection: &mut dyn Connection,
    vault: &TenantVault,
    known: &Known,
    sheet: &Sheet,
    roster: &PeopleRoster,
) -> Result<(Vec<Option<PersonId>>, Vec<Finding>), Refusal> {
    let mut found = Vec::with_capacity(roster.rows.len());
    let mut wrong = Vec::new();
    for row in &roster.rows {
        let by_number = match &row.id_number {
            None => Vec::new(),
            Some(number) => vault
                .find_equal(connection, number)
                .map_err(personal::refusal)?,
        };
        let key = (row.place, row.name.clone());
        let there = known.at_place.get(&key).map_or(&[][..], Vec::as_slice);
        let refuse = |code, key| roster.at(sheet, Finding::error(code), row.row, key);
        found.push(match (by_number.as_slice(), there) {
            ([person], _) => {
                let name = person::name(connection, known.tenant, *person)?;
                if name.as_deref() != Some(row.name.as_str()) {
                    wrong.push(refuse("import-id-of-another", "name"));
                }
                Some(*person)
            }
            ([], [person]) => Some(*person),
            ([], []) => None,
            _ => {
                wrong.push(refuse("import-person-ambiguous", "name"));
                None
            }
        });
    }
    Ok((found, wrong))
}

fn write(
    door: &mut Door<'_>,
    vault: &TenantVault,
    known: &Known,
    roster: &PeopleRoster,
    found: &[Option<PersonId>],
) -> Result<PeopleImported, Refusal> {
    let (today, draw) = (door.today(), door.draw());
    let mut done = PeopleImported {
        added: 0,
        changed: 0,
        unchanged: 0,
        findings: roster.findings.clone(),
    };
    // One person may stand in several rows, a post each.
    let mut new: BTreeMap<(String, PlaceId), PersonId> = BTreeMap::new();
    for (row, found) in roster.rows.iter().zip(found) {
        let known_person = found.or_else(|| new.get(&(row.name.clone(), row.place)).copied());
        let person = if let Some(person) = known_person {
            person
        } else {
            let (person, salt) = (PersonId(door.next_id()), door.draw());
            person::write_name(door, person, &row.name, salt)?;
            new.insert((row.name.clone(), row.place), person);
            done.added += 1;
            person
        };
        let mut changed = false;
        if !known.posts.contains(&(person, row.place, row.post.clone())) {
            let draft = Appointment {
                appointment: AppointmentId(door.next_id()),
                post: row.post.clone(),
                place: row.place,
                organisation: None,
                person,
                valid_from: row.valid_from.unwrap_or(today),
                valid_until: None,
            };
            appointment::write(door, &draft)?;
            changed = true;
        }
        changed |= seal(door, vault, person, row, &draw)?;
        match (found, changed) {
            (None, _) => {}
            (Some(_), true) => done.changed += 1,
            (Some(_), false) => done.unchanged += 1,
        }
    }
    Ok(done)
}

/// Keeps what the row says of telephone and number; whether anything was new.
fn seal(
    door: &mut Door<'_>,
    vault: &TenantVault,
    person: PersonId,
    row: &PersonRow,
    draw: &[u8; 32],
) -> Result<bool, Refusal> {
    let phone = seal_one(door, vault, person, row.phone.as_ref(), draw)?;
    let number = seal_one(door, vault, person, row.id_number.as_ref(), draw)?;
    Ok(phone || number)
}

fn seal_one<K: Kind>(
    door: &mut Door<'_>,
    vault: &TenantVault,
    person: PersonId,
    plain: Option<&Plain<K>>,
    draw: &[u8; 32],
) -> Result<bool, Refusal> {
    let Some(plain) = plain else {
        return Ok(false);
    };
    let equal = vault
        .find_equal(door.connection(), plain)
        .map_err(personal::refusal)?;
    if equal.contains(&person) {
        return Ok(false);
    }
    person_contact::keep(door, vault, person, plain, draw)?;
    Ok(true)
}

/// Everything that an import of this table would find wrong now.
pub(crate) fn findings(
    app: &App,
    connection: &mut dyn Connection,
    tenant: Tenant,
    today: Day,
    sheet: &Sheet,
) -> Result<Vec<Finding>, Refusal> {
    let places = place::tree_on(connection, tenant, today)?;
    let roster = match people::read(sheet, &PlaceIndex::new(&places), today) {
        Ok(roster) => roster,
        Err(findings) => return Ok(findings),
    };
    let asked: BTreeSet<PlaceId> = roster.rows.iter().map(|row| row.place).collect();
    let vault = personal::vault(app, connection, tenant).map_err(personal::refusal)?;
    let known = Known::load(connection, tenant, today, &asked)?;
    let (_, wrong) = who(connection, &vault, &known, sheet, &roster)?;
    Ok(roster.findings.iter().cloned().chain(wrong).collect())
}
