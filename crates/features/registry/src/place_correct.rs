//! Puts the division code of a place right where a wrong one was registered.

use access::Action;
use app::{Command, Door, Refusal};
use directory::place::{self, ChangeKind, PlaceChange};
use kernel::{DivisionCode, PlaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::place_edit::PlaceEdited;
use crate::place_end::{edited, seen_now};

/// Puts the division code of a place right, from the first day of its present state on. The wrong
/// one stays among its versions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectPlace {
    /// Which.
    #[schema(value_type = String, format = "uuid")]
    pub place: PlaceId,
    /// The right code: of its level, inside the code of the place above.
    #[schema(value_type = String)]
    pub code: DivisionCode,
    /// Why, up to 500 characters.
    pub reason: String,
    /// The document that shows it, up to 100 characters; may be empty.
    #[serde(default)]
    pub document: String,
    /// Whether the codes below that begin with the wrong one are put right with it. Left out, none
    /// may be left outside of the right one.
    #[serde(default)]
    pub below: bool,
}

impl Command for CorrectPlace {
    const NAME: &'static str = "place.correct";
    const ACTION: Action = Action::RegistryMerge;
    const CLEAR: &'static [&'static str] = &["place", "code", "below"];
    const REAUTHENTICATE: bool = true;
    type Answer = PlaceEdited;

    fn run(&self, door: &mut Door<'_>) -> Result<PlaceEdited, Refusal> {
        door.decide_at(Action::RegistryMerge, self.place, &[])?;
        seen_now(door, self.place)?;
        let change = PlaceChange {
            kind: ChangeKind::Correct,
            day: door.today(),
            reason: self.reason.clone(),
            document: self.document.clone(),
        };
        place::correct_code(door, self.place, self.code, self.below, &change)?;
        edited(door, self.place)
    }
}
