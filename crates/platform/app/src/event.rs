//! Meeting place 2: events, delivered inside the transaction of the command that caused them.

use serde_json::Value as Json;

use crate::{Door, Refusal};

/// Something that happened in one feature and that others may need to know.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The event's name: `measure.changed`. Its owner documents the body.
    pub kind: &'static str,
    /// The figures of the event.
    pub body: Json,
}

impl Event {
    /// An event with its body.
    pub fn new(kind: &'static str, body: Json) -> Event {
        Event { kind, body }
    }
}

/// A feature's reaction to one kind of event.
///
/// Handlers run in the order in which features are registered. A handler acts by rule, under the
/// authority of the rule and not of the person whose command caused the event; it refuses only to
/// protect an invariant, and then the whole command is refused in its words.
#[derive(Clone, Copy)]
pub struct Handler {
    /// The kind of event.
    pub on: &'static str,
    /// What to do.
    pub run: fn(&mut Door<'_>, &Event) -> Result<(), Refusal>,
}

/// An event may cause events; deeper than this is a defect.
pub const DEPTH_MAX: usize = 3;
