//! `event.declare` and `event.propose`: the village names a bonus, the town or the county a penalty;
//! with the day, what happened, and files that show it. Shown at once, counted when verified.

use access::Action;
use app::{Command, Door, Refusal};
use kernel::{Day, Finding, PlaceId};
use serde::{Deserialize, Serialize};
use store::values;
use utoipa::ToSchema;

use crate::event::{self, ScoreEvent};
use crate::schema::{SCORE_EVENT, SCORE_EVENT_FILE};
use crate::scheme::situation::{self, EventKind, Situation};
use crate::section::answer::EvidenceFile;
use crate::section::check_reason;
use crate::transition::{EventAct, EventState};
use crate::{EventId, section::evidence};

/// What is said of an event when it is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NamedEvent {
    /// The village.
    #[schema(value_type = String, format = "uuid")]
    pub place: PlaceId,
    /// The situation: code of an item of a scheme that counts events.
    pub item: String,
    /// The day on which it happened, today or before.
    #[schema(value_type = String, format = "date")]
    pub occurred_on: Day,
    /// What happened, up to 500 characters.
    pub description: String,
    /// An event of the village that names the same fact, as another level of one honour does.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub same_as: Option<EventId>,
    /// Whether several villages share it.
    #[serde(default)]
    pub joint: bool,
    /// Whether a day of more than a year ago is meant; asked for nothing else.
    #[serde(default)]
    pub long_ago: bool,
    /// Files, 1 to 10.
    pub evidence: Vec<EvidenceFile>,
}

/// From so many days ago on, a day is more often a slip of the pen than meant.
const LONG_AGO_DAYS: i64 = 366;

/// The village names a bonus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclareEvent {
    /// What.
    pub event: NamedEvent,
}

/// The town or the county names a penalty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeEvent {
    /// What.
    pub event: NamedEvent,
}

/// Where an event stands after a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EventMoved {
    /// The event.
    #[schema(value_type = String, format = "uuid")]
    pub event: EventId,
    /// The state's word: `declared`.
    pub state: String,
    /// How many villages' figure, score, grade or rank a correction moved.
    pub moved: u32,
}

impl EventMoved {
    pub(crate) fn of(event: &ScoreEvent, moved: usize) -> EventMoved {
        EventMoved {
            event: event.event,
            state: event.state.name().to_owned(),
            moved: u32::try_from(moved).unwrap_or(u32::MAX),
        }
    }
}

const CLEAR: &[&str] = &[
    "event.place",
    "event.item",
    "event.occurred_on",
    "event.same_as",
    "event.joint",
    "event.long_ago",
    "event.evidence.*.file",
];

impl Command for DeclareEvent {
    const NAME: &'static str = "event.declare";
    const ACTION: Action = Action::EventDeclare;
    const CLEAR: &'static [&'static str] = CLEAR;
    type Answer = EventMoved;

    fn run(&self, door: &mut Door<'_>) -> Result<EventMoved, Refusal> {
        self.event.name(door, EventAct::Declare)
    }
}

impl Command for ProposeEvent {
    const NAME: &'static str = "event.propose";
    const ACTION: Action = Action::EventPropose;
    const CLEAR: &'static [&'static str] = CLEAR;
    type Answer = EventMoved;

    fn run(&self, door: &mut Door<'_>) -> Result<EventMoved, Refusal> {
        self.event.name(door, EventAct::Propose)
    }
}

impl NamedEvent {
    fn name(&self, door: &mut Door<'_>, act: EventAct) -> Result<EventMoved, Refusal> {
        door.decide_at(event::action_of(act), self.place, &[])?;
        let person = door.acting_person()?;
        let id = EventId(door.next_id());
        let known = evidence::brought(door, &self.evidence)?;
        let mut findings = Vec::new();
        let situation = self.situation(door, act)?;
        let situation = situation.map_err(|found| findings.push(found)).ok();
        findings.extend(check_day(self.occurred_on, self.long_ago, door.today()).err());
        findings.extend(check_reason(&self.description, "description").err());
        let files = evidence::check(&self.evidence, &known, "evidence");
        let files = files.map_err(|found| findings.push(found));
        let files = files.unwrap_or_default();
        if self.evidence.is_empty() {
            findings.push(Finding::error("required").field("evidence"));
        }
        let fact = self.fact(door, id)?;
        let fact = fact.map_err(|found| findings.push(found));
        let (Some(situation), Ok(fact), true) = (situation, fact, findings.is_empty()) else {
            return Err(findings.into());
        };
        let named = ScoreEvent {
            event: id,
            place: self.place,
            item: self.item.clone(),
            kind: situation.kind,
            title: (situation.title.zh, situation.title.en),
            occurred_on: self.occurred_on,
            fact,
            joint: self.joint,
            description: self.description.trim().to_owned(),
            declared_by: person,
            declared_at: door.now(),
            state: EventState::Declared,
            revision: 1,
            verified_at: None,
            contested: false,
        };
        append(door, &named)?;
        let key = values![id];
        evidence::append_shown(door, &SCORE_EVENT_FILE, (&key, &[]), &self.evidence, &files)?;
        event::open(door, &named, act)?;
        Ok(EventMoved::of(&named, 0))
    }

    /// The situation: one of a scheme of the village, of the kind that the act names.
    fn situation(
        &self,
        door: &mut Door<'_>,
        act: EventAct,
    ) -> Result<Result<Situation, Finding>, Refusal> {
        if self.item.is_empty() {
            return Ok(Err(Finding::error("required").field("item")));
        }
        let tenant = door.tenant();
        let ancestors = directory::place::ancestors(door.connection(), tenant, self.place)?;
        let known = situation::of_village(door.connection(), tenant, &ancestors)?;
        let found = known.into_iter().find(|known| known.item == self.item);
        let Some(found) = found else {
            return Ok(Err(Finding::error("event-situation-unknown")
                .field("item")
                .arg("found", self.item.as_str())));
        };
        let kind = if act == EventAct::Declare {
            EventKind::Bonus
        } else {
            EventKind::Penalty
        };
        if found.kind != kind {
            return Ok(Err(Finding::error("event-wrong-kind").field("item")));
        }
        Ok(Ok(found))
    }

    /// The fact: the first event that names it, of the same village; one situation names it once.
    fn fact(&self, door: &mut Door<'_>, own: EventId) -> Result<Result<EventId, Finding>, Refusal> {
        let error = |code| Ok(Err(Finding::error(code).field("same_as")));
        let Some(same) = self.same_as else {
            return Ok(Ok(own));
        };
        let tenant = door.tenant();
        let events = event::of_place(door.connection(), tenant, self.place)?;
        let Some(known) = events.iter().find(|known| known.event == same) else {
            return error("event-fact-unknown");
        };
        let twice = events.iter().any(|other| {
            other.fact == known.fact && other.item == self.item && !other.state.is_over()
        });
        if twice {
            return error("event-fact-twice");
        }
        Ok(Ok(known.fact))
    }
}

/// Refuses a day that has not come, and one of long ago that nobody has said to be meant.
pub(crate) fn check_day(day: Day, long_ago: bool, today: Day) -> Result<(), Finding> {
    if day > today {
        return Err(Finding::error("event-in-the-future")
            .field("occurred_on")
            .arg("today", today.to_string()));
    }
    if !long_ago && day < today.plus_days(-LONG_AGO_DAYS) {
        return Err(Finding::error("event-long-ago")
            .field("occurred_on")
            .arg("day", day.to_string()));
    }
    Ok(())
}

fn append(door: &mut Door<'_>, event: &ScoreEvent) -> Result<(), Refusal> {
    let (tenant, command) = (door.tenant(), door.command());
    let row = values![
        tenant,
        event.event,
        command,
        event.place,
        &event.item,
        event.kind,
        &event.title.0,
        &event.title.1,
        event.occurred_on,
        event.fact,
        event.joint,
        &event.description,
        event.declared_by,
        door.on_behalf_of(),
        event.declared_at
    ];
    door.append(&SCORE_EVENT, &row)
}
