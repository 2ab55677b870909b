//! An event as pages show it: in lists, on a village's sheet, in explanations.

use directory::person;
use kernel::{Instant, Tenant};
use store::{Connection, StoreError};
use web::Locale;

use crate::event::{self, EventStep, ScoreEvent};
use crate::sample;
use crate::scheme::situation::EventKind;
use crate::transition::{EventAct, EventState};

/// A line of events.
#[derive(Clone, Debug)]
pub struct EventLine {
    pub(crate) href: String,
    pub(crate) village: String,
    pub(crate) title: String,
    pub(crate) kind: String,
    pub(crate) kind_chip: &'static str,
    pub(crate) day: String,
    pub(crate) description: String,
    pub(crate) state: String,
    pub(crate) chip: &'static str,
    /// Who said so last and when.
    pub(crate) who: String,
    /// How many files show it.
    pub(crate) files: String,
    /// Whether it counts, in words.
    pub(crate) counts: String,
}

/// A line of an event; `village` is empty where the page says it already.
pub(crate) fn line(
    l: &Locale,
    connection: &mut dyn Connection,
    tenant: Tenant,
    found: &ScoreEvent,
    village: String,
) -> Result<EventLine, StoreError> {
    let steps = event::steps(connection, tenant, found.event)?;
    let files = event::files(connection, tenant, found.event)?.len();
    let last = match steps.last() {
        None => None,
        Some(step) => {
            let name = person::name(connection, tenant, step.person)?.unwrap_or_default();
            Some((name, step.at))
        }
    };
    let files = i64::try_from(files).unwrap_or(i64::MAX);
    Ok(line_of(l, found, village, (last, files)))
}

/// The same from what is known already: who took the last step and when, and how many files show
/// it.
pub(crate) fn line_of(
    l: &Locale,
    found: &ScoreEvent,
    village: String,
    (last, files): (Option<(String, Instant)>, i64),
) -> EventLine {
    EventLine {
        href: format!("/events/{}", found.event),
        village,
        title: title(l, found),
        kind: l.text(kind_key(found.kind)).to_string(),
        kind_chip: kind_chip(found.kind),
        day: l.day(found.occurred_on),
        description: found.description.clone(),
        state: l.text(state_key(found.state)).to_string(),
        chip: state_chip(found.state),
        who: last
            .map(|(name, at)| format!("{name} · {}", l.minute(at)))
            .unwrap_or_default(),
        files: l.text("event-files-count").arg("count", files).to_string(),
        counts: l.text(counts_key(found.state)).to_string(),
    }
}

/// The situation's name in the page's language.
pub(crate) fn title(l: &Locale, found: &ScoreEvent) -> String {
    l.choose(&found.title.0, &found.title.1).to_owned()
}

pub(crate) fn kind_key(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Bonus => "event-kind-bonus",
        EventKind::Penalty => "event-kind-penalty",
    }
}

fn kind_chip(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Bonus => "1",
        EventKind::Penalty => "4",
    }
}

/// The key of a state's word.
pub(crate) fn state_key(state: EventState) -> &'static str {
    match state {
        EventState::Nothing => "event-state-nothing",
        EventState::Declared => "event-state-declared",
        EventState::Verified => "event-state-verified",
        EventState::Refused => "event-state-refused",
        EventState::Withdrawn => "event-state-withdrawn",
        EventState::Contested => "event-state-contested",
        EventState::CountedContested => "event-state-counted-contested",
        EventState::RefusalContested => "event-state-refusal-contested",
        EventState::SetAside => "event-state-set-aside",
    }
}

/// The colour of a state.
pub(crate) fn state_chip(state: EventState) -> &'static str {
    match state {
        EventState::Declared => "info",
        EventState::Verified => "1",
        EventState::Contested | EventState::CountedContested | EventState::RefusalContested => "4",
        EventState::Nothing
        | EventState::Refused
        | EventState::Withdrawn
        | EventState::SetAside => "line",
    }
}

pub(crate) fn counts_key(state: EventState) -> &'static str {
    if state.counts() {
        "event-counts"
    } else if state.waits() {
        "event-counts-not-yet"
    } else {
        "event-counts-not"
    }
}

/// The key of what a step says: `核实属实`.
pub(crate) fn act_key(step: &EventStep) -> &'static str {
    match step.act {
        EventAct::Declare => "event-did-declare",
        EventAct::Propose => "event-did-propose",
        EventAct::Accept => "event-did-accept",
        EventAct::Refuse => "event-did-refuse",
        EventAct::Withdraw => "event-did-withdraw",
        EventAct::Contest => "event-did-contest",
        EventAct::Uphold => "event-did-uphold",
        EventAct::Reject => "event-did-reject",
        EventAct::Revoke => "event-did-revoke",
    }
}

/// An invented line of each state.
pub(crate) fn samples(l: &Locale, village: &str) -> Vec<EventLine> {
    let line = |state: &EventState| EventLine {
        href: "/events/1".to_owned(),
        village: village.to_owned(),
        title: l.choose("县级表彰", "County award").to_owned(),
        kind: l.text("event-kind-bonus").to_string(),
        kind_chip: kind_chip(EventKind::Bonus),
        day: l.day(sample::now().day()),
        description: "获评全县人居环境整治先进村。".to_owned(),
        state: l.text(state_key(*state)).to_string(),
        chip: state_chip(*state),
        who: format!("李静 · {}", l.minute(sample::now())),
        files: l.text("event-files-count").arg("count", 1).to_string(),
        counts: l.text(counts_key(*state)).to_string(),
    };
    EventState::ALL.iter().skip(1).map(line).collect()
}
