//! Appoints a person to a post, and ends an appointment.

use access::Action;
use app::{Command, Door, Refusal};
use directory::{
    AppointmentId,
    appointment::{self, Appointment},
};
use kernel::{Day, PersonId, PlaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::people;

/// Appoints a person to a post at a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppointPerson {
    /// Whom.
    #[schema(value_type = String, format = "uuid")]
    pub person: PersonId,
    /// The post by its code: lower-case letters, digits, underscores, up to 40.
    pub post: String,
    /// The place of the post: the right is needed there.
    #[schema(value_type = String, format = "uuid")]
    pub place: PlaceId,
    /// First day; left out = today.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date")]
    pub valid_from: Option<Day>,
    /// Last day; left out = while it lasts.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date")]
    pub valid_until: Option<Day>,
}

/// The appointment that a command was about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AppointmentChanged {
    /// The appointment.
    #[schema(value_type = String, format = "uuid")]
    pub appointment: AppointmentId,
    /// Whose.
    #[schema(value_type = String, format = "uuid")]
    pub person: PersonId,
}

impl Command for AppointPerson {
    const NAME: &'static str = "person.appoint";
    const ACTION: Action = Action::PersonEdit;
    const CLEAR: &'static [&'static str] =
        &["person", "post", "place", "valid_from", "valid_until"];
    type Answer = AppointmentChanged;

    fn run(&self, door: &mut Door<'_>) -> Result<AppointmentChanged, Refusal> {
        door.decide_at(Action::PersonEdit, self.place, &[])?;
        // From then on she serves there, and who keeps the register there reads of her: so only
        // those can be appointed of whom one may read already.
        people::decide_on(door, Action::PersonRead, self.person, &[])?;
        let draft = Appointment {
            appointment: AppointmentId(door.next_id()),
            post: self.post.clone(),
            place: self.place,
            organisation: None,
            person: self.person,
            valid_from: self.valid_from.unwrap_or(door.today()),
            valid_until: self.valid_until,
        };
        appointment::write(door, &draft)?;
        Ok(AppointmentChanged {
            appointment: draft.appointment,
            person: self.person,
        })
    }
}

/// Ends an appointment on a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndAppointment {
    /// Which.
    #[schema(value_type = String, format = "uuid")]
    pub appointment: AppointmentId,
    /// Last day; left out = today.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date")]
    pub valid_until: Option<Day>,
}

impl Command for EndAppointment {
    const NAME: &'static str = "person.end_appointment";
    const ACTION: Action = Action::PersonEdit;
    const CLEAR: &'static [&'static str] = &["appointment", "valid_until"];
    type Answer = AppointmentChanged;

    fn run(&self, door: &mut Door<'_>) -> Result<AppointmentChanged, Refusal> {
        let tenant = door.tenant();
        let found = appointment::get(door.connection(), tenant, self.appointment)?;
        let Some((found, _)) = found else {
            return Err(Refusal::not_found("appointment"));
        };
        door.decide_at(Action::PersonEdit, found.place, &[])?;
        let draft = Appointment {
            valid_until: Some(self.valid_until.unwrap_or(door.today())),
            ..found
        };
        appointment::write(door, &draft)?;
        Ok(AppointmentChanged {
            appointment: draft.appointment,
            person: draft.person,
        })
    }
}
