//! Finds a person by the whole number of the identity card, or by the telephone. What is asked for is
//! compared by its keyed hash; nothing is opened, and the number stands in no address and no log. It
//! is a command, so that whoever looks for people by their numbers leaves a line in the journal.

use access::{Action, Decision, Resource};
use app::{Authority, Command, Door, Refusal};
use kernel::{Finding, PersonId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vault::{IdNumber, Phone, Plain};

use crate::{people, personal};

/// Looks for the person of a number.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FindPerson {
    /// The whole number of the identity card, or the whole telephone number.
    pub number: String,
}

/// Prints nothing of the number.
impl std::fmt::Debug for FindPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FindPerson").finish_non_exhaustive()
    }
}

/// Whose number it is, of the people that who asks may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PersonFound {
    /// The person.
    #[schema(value_type = String, format = "uuid")]
    pub person: PersonId,
}

impl Command for FindPerson {
    const NAME: &'static str = "person.find";
    const ACTION: Action = Action::PersonRead;
    const CLEAR: &'static [&'static str] = &[];
    type Answer = PersonFound;

    fn run(&self, door: &mut Door<'_>) -> Result<PersonFound, Refusal> {
        let (tenant, day) = (door.tenant(), door.today());
        if let Authority::Person(subject) = door.authority()
            && subject.may_anywhere(Action::PersonRead, day).is_err()
        {
            door.decide_tenant(Action::PersonRead)?;
        }
        if self.number.trim().is_empty() {
            return Err(Finding::error("required").field("number").into());
        }
        let app = door.app();
        let vault = personal::vault(app, door.connection(), tenant).map_err(personal::refusal)?;
        let mut found = Vec::new();
        if let Ok(plain) = Plain::<IdNumber>::new(&self.number) {
            let same = vault.find_equal(door.connection(), &plain);
            found.extend(same.map_err(personal::refusal)?);
        }
        if let Ok(plain) = Plain::<Phone>::new(&self.number) {
            let same = vault.find_equal(door.connection(), &plain);
            found.extend(same.map_err(personal::refusal)?);
        }
        for person in found {
            if is_seen(door, person)? {
                return Ok(PersonFound { person });
            }
        }
        // The same for nobody's number and for that of somebody elsewhere.
        Err(Finding::error("number-of-nobody").field("number").into())
    }
}

/// Whether who asks may see the person.
fn is_seen(door: &mut Door<'_>, person: PersonId) -> Result<bool, Refusal> {
    let (tenant, day) = (door.tenant(), door.today());
    let Authority::Person(subject) = door.authority().clone() else {
        return Ok(true);
    };
    let action = Action::PersonRead;
    let above = people::nearest_place(door.connection(), &subject, action, person, day)?;
    let decision = access::decide(&subject, action, &Resource::at(tenant, &above), day);
    Ok(matches!(decision, Decision::Allow(_)))
}
