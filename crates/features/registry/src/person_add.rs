//! Adds a person to the register, with the post in which she serves.

use access::Action;
use app::{Command, Door, Refusal};
use directory::{
    AppointmentId,
    appointment::{self, Appointment},
    person,
};
use kernel::{Day, PersonId, PlaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Adds a person who serves at a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddPerson {
    /// The name, up to 50 characters.
    pub name: String,
    /// Where the person serves: the right is needed there.
    #[schema(value_type = String, format = "uuid")]
    pub place: PlaceId,
    /// The post by its code, `secretary`.
    pub post: String,
    /// First day in the post; left out = today.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date")]
    pub valid_from: Option<Day>,
}

/// The person added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PersonAdded {
    /// The person.
    #[schema(value_type = String, format = "uuid")]
    pub person: PersonId,
}

impl Command for AddPerson {
    const NAME: &'static str = "person.add";
    const ACTION: Action = Action::PersonEdit;
    const CLEAR: &'static [&'static str] = &["place", "post", "valid_from"];
    type Answer = PersonAdded;

    fn run(&self, door: &mut Door<'_>) -> Result<PersonAdded, Refusal> {
        door.decide_at(Action::PersonEdit, self.place, &[])?;
        let mut findings = Vec::from_iter(person::wrong_name(self.name.trim()));
        findings.extend(appointment::wrong_post(&self.post));
        if !findings.is_empty() {
            return Err(Refusal::invalid(findings));
        }
        let (person, salt) = (PersonId(door.next_id()), door.draw());
        person::write_name(door, person, self.name.trim(), salt)?;
        let draft = Appointment {
            appointment: AppointmentId(door.next_id()),
            post: self.post.clone(),
            place: self.place,
            organisation: None,
            person,
            valid_from: self.valid_from.unwrap_or(door.today()),
            valid_until: None,
        };
        appointment::write(door, &draft)?;
        Ok(PersonAdded { person })
    }
}
