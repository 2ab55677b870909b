//! People: added to the register with a name, and appointed to posts.

use access::Action;
use app::{Command, Door, Refusal};
use directory::person;
use kernel::{PersonId, PlaceId};
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
    const CLEAR: &'static [&'static str] = &["place"];
    type Answer = PersonAdded;

    fn run(&self, door: &mut Door<'_>) -> Result<PersonAdded, Refusal> {
        door.decide_at(Action::PersonEdit, self.place, &[])?;
        let (person, salt) = (PersonId(door.next_id()), door.draw());
        person::write_name(door, person, &self.name, salt)?;
        Ok(PersonAdded { person })
    }
}
