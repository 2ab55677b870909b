//! `event.verify`: somebody other than whoever named it finds an event true, or not so. A penalty
//! counts only where the fault was found to be the village's.

use access::Action;
use app::{Command, Door, Refusal};
use kernel::Finding;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::event::declare_event::EventMoved;
use crate::scheme::situation::EventKind;
use crate::section::check_reason;
use crate::transition::EventAct;
use crate::{EventId, event, event::event_count};

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventFinding {
    /// It is true; it counts.
    Accept,
    /// It is not so.
    Refuse,
}

/// Verifies an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyEvent {
    /// The event.
    #[schema(value_type = String, format = "uuid")]
    pub event: EventId,
    /// What was found.
    pub finding: EventFinding,
    /// Of a penalty that is accepted: that the fault was found to be the village's.
    #[serde(default)]
    pub fault_found: bool,
    /// Why, up to 500 characters; asked for a refusal and for every penalty. The village reads it.
    #[serde(default)]
    pub reason: Option<String>,
}

impl Command for VerifyEvent {
    const NAME: &'static str = "event.verify";
    const ACTION: Action = Action::EventVerify;
    const CLEAR: &'static [&'static str] = &["event", "finding", "fault_found"];
    type Answer = EventMoved;

    fn run(&self, door: &mut Door<'_>) -> Result<EventMoved, Refusal> {
        let act = match self.finding {
            EventFinding::Accept => EventAct::Accept,
            EventFinding::Refuse => EventAct::Refuse,
        };
        let found = event::begin(door, self.event, act)?;
        let penalty = found.kind == EventKind::Penalty;
        if penalty && act == EventAct::Accept && !self.fault_found {
            return Err(Finding::error("event-fault-not-found")
                .field("fault_found")
                .into());
        }
        let reason = self.reason.as_deref().map(str::trim).unwrap_or_default();
        if penalty || act == EventAct::Refuse || !reason.is_empty() {
            check_reason(reason, "reason")?;
        }
        let kept = Some(reason).filter(|reason| !reason.is_empty());
        let moved = event::advance(door, &found, act, kept)?;
        let villages = event_count::follow(door, &moved, reason)?;
        Ok(EventMoved::of(&moved, villages))
    }
}
