//! `event.withdraw`: whoever named an event takes it back while it does not count.

use access::Action;
use app::{Command, Door, Refusal};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::event::declare_event::EventMoved;
use crate::section::check_reason;
use crate::transition::EventAct;
use crate::{EventId, event};

/// Takes an event back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawEvent {
    /// The event.
    #[schema(value_type = String, format = "uuid")]
    pub event: EventId,
    /// Why, up to 500 characters.
    pub reason: String,
}

impl Command for WithdrawEvent {
    const NAME: &'static str = "event.withdraw";
    const ACTION: Action = Action::EventWithdraw;
    const CLEAR: &'static [&'static str] = &["event"];
    type Answer = EventMoved;

    fn run(&self, door: &mut Door<'_>) -> Result<EventMoved, Refusal> {
        let act = EventAct::Withdraw;
        let found = event::begin(door, self.event, act)?;
        check_reason(&self.reason, "reason")?;
        let moved = event::advance(door, &found, act, Some(self.reason.trim()))?;
        Ok(EventMoved::of(&moved, 0))
    }
}
