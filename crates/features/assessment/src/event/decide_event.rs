//! `event.decide`: somebody who had no part in an event decides the village's objection, or revokes
//! an event that counted. What a frozen round counted is corrected.

use access::Action;
use app::{Command, Door, Refusal};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::event::declare_event::EventMoved;
use crate::section::check_reason;
use crate::transition::EventAct;
use crate::{EventId, event, event::event_count};

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventDecision {
    /// The objection is granted.
    Uphold,
    /// It is not.
    Reject,
    /// Without an objection: the event was not so and counts no more.
    Revoke,
}

/// Decides about an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideEvent {
    /// The event.
    #[schema(value_type = String, format = "uuid")]
    pub event: EventId,
    /// The decision.
    pub decision: EventDecision,
    /// Why, up to 500 characters; the village reads it.
    pub reason: String,
}

impl Command for DecideEvent {
    const NAME: &'static str = "event.decide";
    const ACTION: Action = Action::EventDecide;
    const CLEAR: &'static [&'static str] = &["event", "decision"];
    type Answer = EventMoved;

    fn run(&self, door: &mut Door<'_>) -> Result<EventMoved, Refusal> {
        let act = match self.decision {
            EventDecision::Uphold => EventAct::Uphold,
            EventDecision::Reject => EventAct::Reject,
            EventDecision::Revoke => EventAct::Revoke,
        };
        let found = event::begin(door, self.event, act)?;
        check_reason(&self.reason, "reason")?;
        let reason = self.reason.trim();
        let moved = event::advance(door, &found, act, Some(reason))?;
        let villages = event_count::follow(door, &moved, reason)?;
        Ok(EventMoved::of(&moved, villages))
    }
}
