//! `event.contest`: the village objects to a penalty, or to the refusal of a bonus. The event stays
//! shown, marked; what counted goes on counting until somebody uninvolved has decided.

use access::Action;
use app::{Command, Door, Refusal};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::event::declare_event::EventMoved;
use crate::section::check_reason;
use crate::transition::EventAct;
use crate::{EventId, event};

/// Objects to an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContestEvent {
    /// The event.
    #[schema(value_type = String, format = "uuid")]
    pub event: EventId,
    /// Why, up to 500 characters.
    pub reason: String,
}

impl Command for ContestEvent {
    const NAME: &'static str = "event.contest";
    const ACTION: Action = Action::EventContest;
    const CLEAR: &'static [&'static str] = &["event"];
    type Answer = EventMoved;

    fn run(&self, door: &mut Door<'_>) -> Result<EventMoved, Refusal> {
        let act = EventAct::Contest;
        let found = event::begin(door, self.event, act)?;
        check_reason(&self.reason, "reason")?;
        let moved = event::advance(door, &found, act, Some(self.reason.trim()))?;
        Ok(EventMoved::of(&moved, 0))
    }
}
