//! Bonus and penalty events of villages: named any day, verified by somebody else, open to
//! objection. Only a verified event counts; a complaint by itself never does.

pub mod contest_event;
pub mod decide_event;
pub mod declare_event;
pub mod event_count;
pub(crate) mod event_form;
pub(crate) mod event_list;
pub(crate) mod event_page;
pub(crate) mod event_view;
pub mod verify_event;
pub mod withdraw_event;

use access::{Action, Involved, Resource, Scope};
use app::{Door, FileHash, Refusal};
use kernel::{Day, Finding, Instant, PersonId, PlaceId, Tenant};
use store::{Connection, Row, StoreError, Value, values};

use crate::EventId;
use crate::schema::SCORE_EVENT_STEP;
use crate::scheme::situation::EventKind;
use crate::transition::{EventAct, EventState, Guard, event_move};

/// The columns of an event in the order in which [`read`] takes them; the table is called `c`.
macro_rules! event_columns {
    () => {
        "c.event, c.place, c.item, c.kind, c.title_zh, c.title_en, c.occurred_on, c.fact, c.joint, \
         c.description, c.declared_by, c.declared_at, c.state, c.revision, c.verified_at, c.contested"
    };
}
pub(crate) use event_columns;

store::statements! {
    /// Whether an event rests on this file.
    pub(crate) NAMES_FILE =
        "SELECT file FROM score_event_file WHERE tenant = $1 AND file = $2 LIMIT 1";
    INSERT_CURRENT = concat!(
        "INSERT INTO score_event_current (tenant, event, place, item, kind, title_zh, title_en, ",
        "occurred_on, fact, joint, description, declared_by, declared_at, state, revision, ",
        "verified_at, contested) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, ",
        "$14, $15, $16, $17)"
    );
    /// Moves an event, if nobody did so since it was read.
    MOVE_CURRENT = concat!(
        "UPDATE score_event_current SET state = $1, revision = $2, verified_at = $3, ",
        "contested = $4 WHERE tenant = $5 AND event = $6 AND revision = $7"
    );
    SELECT_ONE = concat!(
        "SELECT ", event_columns!(), " FROM score_event_current c ",
        "WHERE c.tenant = $1 AND c.event = $2"
    );
    SELECT_OF_PLACE = concat!(
        "SELECT ", event_columns!(), " FROM score_event_current c ",
        "WHERE c.tenant = $1 AND c.place = $2 ORDER BY c.occurred_on, c.declared_at, c.event"
    );
    /// The events in a scope that stand in one of three states, the oldest first.
    SELECT_WAITING = concat!(
        "SELECT ", event_columns!(), " FROM score_event_current c WHERE c.tenant = $1 AND ",
        access::in_scope!("c.place", "$1", "$2", "$3", "$4"),
        " AND c.state IN ($5, $6, $7) ORDER BY c.declared_at, c.event LIMIT $8"
    );
    SELECT_FILES = concat!(
        "SELECT file, name, media_type, size_bytes FROM score_event_file ",
        "WHERE tenant = $1 AND event = $2 ORDER BY name, file"
    );
    SELECT_STEPS = concat!(
        "SELECT step, act, to_state, reason, person, on_behalf_of, at FROM score_event_step ",
        "WHERE tenant = $1 AND event = $2 ORDER BY step"
    );
    /// Every event as it was named, for the rebuild.
    SELECT_NAMED = concat!(
        "SELECT event, place, item, kind, title_zh, title_en, occurred_on, fact, joint, ",
        "description, person, at FROM score_event WHERE tenant = $1 ORDER BY event"
    );
}

/// Most events that are asked whether they wait for somebody.
pub const LIST_MAX: i64 = 500;

/// An event as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreEvent {
    /// Its id.
    pub event: EventId,
    /// The village.
    pub place: PlaceId,
    /// The situation: the item that counts it.
    pub item: String,
    /// Whether it adds marks or takes them off.
    pub kind: EventKind,
    /// Chinese and English name of the situation, as the scheme had it when the event was named.
    pub title: (String, String),
    /// The day on which it happened.
    pub occurred_on: Day,
    /// The event by which the fact was named first; its own id where it is the first.
    pub fact: EventId,
    /// Whether several villages share it.
    pub joint: bool,
    /// What happened, in the words of whoever named it.
    pub description: String,
    /// Who named it.
    pub declared_by: PersonId,
    /// When.
    pub declared_at: Instant,
    /// Where it stands.
    pub state: EventState,
    /// How many steps there were.
    pub revision: i64,
    /// When it was found true last.
    pub verified_at: Option<Instant>,
    /// Whether the village has objected.
    pub contested: bool,
}

/// One step of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventStep {
    /// Position, from 1.
    pub step: i64,
    /// What was done.
    pub act: EventAct,
    /// Where to.
    pub to: EventState,
    /// Why.
    pub reason: Option<String>,
    /// By whom.
    pub person: PersonId,
    /// For whom, where for another.
    pub on_behalf_of: Option<PersonId>,
    /// When.
    pub at: Instant,
}

/// A file shown with an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventFile {
    /// Hash of its content.
    pub file: FileHash,
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its size.
    pub size_bytes: i64,
}

impl ScoreEvent {
    /// The event after one more step.
    fn apply(&mut self, act: EventAct, to: EventState, at: Instant) {
        self.revision += 1;
        self.contested |= act == EventAct::Contest;
        if to == EventState::Verified && self.state != EventState::CountedContested {
            self.verified_at = Some(at);
        }
        self.state = to;
    }
}

/// An event as it was named, from its first twelve columns: before any step.
fn named(row: &Row<'_>) -> Result<ScoreEvent, StoreError> {
    Ok(ScoreEvent {
        event: row.id(0)?,
        place: row.id(1)?,
        item: row.text(2)?.to_owned(),
        kind: row.parse(3)?,
        title: (row.text(4)?.to_owned(), row.text(5)?.to_owned()),
        occurred_on: row.day(6)?,
        fact: row.id(7)?,
        joint: row.flag(8)?,
        description: row.text(9)?.to_owned(),
        declared_by: row.id(10)?,
        declared_at: row.instant(11)?,
        state: EventState::Nothing,
        revision: 0,
        verified_at: None,
        contested: false,
    })
}

/// An event as it stands, from [`event_columns`].
pub(crate) fn read(row: &Row<'_>) -> Result<ScoreEvent, StoreError> {
    Ok(ScoreEvent {
        state: row.parse(12)?,
        revision: row.int(13)?,
        verified_at: row.optional_instant(14)?,
        contested: row.flag(15)?,
        ..named(row)?
    })
}

/// An event, if there is one of that id.
pub fn get(
    connection: &mut dyn Connection,
    tenant: Tenant,
    event: EventId,
) -> Result<Option<ScoreEvent>, StoreError> {
    connection.optional(&SELECT_ONE, &values![tenant, event], read)
}

/// The events of a village, by the day on which they happened.
pub fn of_place(
    connection: &mut dyn Connection,
    tenant: Tenant,
    place: PlaceId,
) -> Result<Vec<ScoreEvent>, StoreError> {
    connection.all(&SELECT_OF_PLACE, &values![tenant, place], read)
}

/// The events in a scope that stand in one of three states, at most [`LIST_MAX`], the oldest
/// first.
pub fn waiting(
    connection: &mut dyn Connection,
    scope: &Scope,
    [one, two, three]: [EventState; 3],
) -> Result<Vec<ScoreEvent>, StoreError> {
    let (tenant, person) = (scope.tenant, scope.person);
    let key = values![
        tenant,
        person,
        scope.roles.0,
        scope.day,
        one,
        two,
        three,
        LIST_MAX
    ];
    connection.all(&SELECT_WAITING, &key, read)
}

/// The files shown with an event.
pub fn files(
    connection: &mut dyn Connection,
    tenant: Tenant,
    event: EventId,
) -> Result<Vec<EventFile>, StoreError> {
    connection.all(&SELECT_FILES, &values![tenant, event], |row| {
        Ok(EventFile {
            file: FileHash(row.bytes(0)?),
            name: row.text(1)?.to_owned(),
            media_type: row.text(2)?.to_owned(),
            size_bytes: row.int(3)?,
        })
    })
}

/// The steps of an event, in order.
pub fn steps(
    connection: &mut dyn Connection,
    tenant: Tenant,
    event: EventId,
) -> Result<Vec<EventStep>, StoreError> {
    connection.all(&SELECT_STEPS, &values![tenant, event], |row| {
        Ok(EventStep {
            step: row.int(0)?,
            act: row.parse(1)?,
            to: row.parse(2)?,
            reason: row.optional_text(3)?.map(str::to_owned),
            person: row.id(4)?,
            on_behalf_of: row.optional_id(5)?,
            at: row.instant(6)?,
        })
    })
}

/// Who did what to an event, for the decision on who may do more.
pub fn involved(steps: &[EventStep]) -> Vec<Involved> {
    let part = |step: &EventStep| Involved {
        person: step.person,
        on_behalf_of: step.on_behalf_of,
        action: action_of(step.act),
    };
    steps.iter().map(part).collect()
}

/// The right that an act takes.
pub fn action_of(act: EventAct) -> Action {
    match act {
        EventAct::Declare => Action::EventDeclare,
        EventAct::Propose => Action::EventPropose,
        EventAct::Accept | EventAct::Refuse => Action::EventVerify,
        EventAct::Withdraw => Action::EventWithdraw,
        EventAct::Contest => Action::EventContest,
        EventAct::Uphold | EventAct::Reject | EventAct::Revoke => Action::EventDecide,
    }
}

/// An event on which an act is allowed to the acting person, in a state that allows it.
pub(crate) fn begin(
    door: &mut Door<'_>,
    event: EventId,
    act: EventAct,
) -> Result<ScoreEvent, Refusal> {
    let tenant = door.tenant();
    let Some(found) = get(door.connection(), tenant, event)? else {
        return Err(Refusal::not_found("event"));
    };
    let steps = steps(door.connection(), tenant, event)?;
    let ancestors = directory::place::ancestors(door.connection(), tenant, found.place)?;
    let history = involved(&steps);
    let resource = Resource::at(tenant, &ancestors).history(&history);
    door.decide(action_of(act), &resource)?;
    if door
        .seen_revision()
        .is_some_and(|seen| seen != found.revision)
    {
        return Err(lost_race(door, event)?);
    }
    let row = event_move(found.state, act)?;
    for guard in row.guards {
        check(door, &found, *guard)?;
    }
    Ok(found)
}

/// The guards that an event answers by itself; the others are the commands'.
fn check(door: &mut Door<'_>, event: &ScoreEvent, guard: Guard) -> Result<(), Refusal> {
    let refuse = |code| -> Result<(), Refusal> { Err(Finding::error(code).into()) };
    match guard {
        Guard::OwnEvent if door.acting_person()? != event.declared_by => refuse("event-not-own"),
        Guard::OfPenalty if event.kind != EventKind::Penalty => refuse("event-not-penalty"),
        Guard::OfBonus if event.kind != EventKind::Bonus => refuse("event-not-bonus"),
        Guard::ContestedOnce if event.contested => refuse("event-contested-already"),
        Guard::RoundNotFinal => event_count::refuse_final(door, event.event),
        _ => Ok(()),
    }
}

fn lost_race(door: &mut Door<'_>, event: EventId) -> Result<Refusal, Refusal> {
    let tenant = door.tenant();
    let steps = steps(door.connection(), tenant, event)?;
    let last = steps
        .last()
        .ok_or_else(|| Refusal::bug("an event without steps"))?;
    let name = directory::person::name(door.connection(), tenant, last.person)?;
    Ok(Refusal::lost_race(&name.unwrap_or_default(), last.at))
}

/// Keeps where a new event stands, and appends its first step.
pub(crate) fn open(door: &mut Door<'_>, event: &ScoreEvent, act: EventAct) -> Result<(), Refusal> {
    let tenant = door.tenant();
    insert(door.connection(), tenant, event)?;
    append(door, event.event, 1, act, EventState::Nothing, None)
}

/// Moves an event and appends the step; the answer is the event as it stands then.
pub(crate) fn advance(
    door: &mut Door<'_>,
    event: &ScoreEvent,
    act: EventAct,
    reason: Option<&str>,
) -> Result<ScoreEvent, Refusal> {
    let row = event_move(event.state, act)?;
    let mut moved = event.clone();
    moved.apply(act, row.to, door.now());
    let key = values![
        moved.state,
        moved.revision,
        moved.verified_at,
        moved.contested,
        door.tenant(),
        event.event,
        event.revision
    ];
    // The row of what stands comes first: two steps meet at it.
    if door.connection().execute(&MOVE_CURRENT, &key)? == 0 {
        return Err(lost_race(door, event.event)?);
    }
    append(door, event.event, moved.revision, act, event.state, reason)?;
    Ok(moved)
}

fn append(
    door: &mut Door<'_>,
    event: EventId,
    step: i64,
    act: EventAct,
    from: EventState,
    reason: Option<&str>,
) -> Result<(), Refusal> {
    let person = door.acting_person()?;
    let on_behalf_of = door.on_behalf_of();
    let to = event_move(from, act)?.to;
    let (tenant, command, now) = (door.tenant(), door.command(), door.now());
    let row = values![
        tenant,
        event,
        step,
        command,
        act,
        from,
        to,
        reason,
        person,
        on_behalf_of,
        now
    ];
    door.append(&SCORE_EVENT_STEP, &row)
}

fn insert(
    connection: &mut dyn Connection,
    tenant: Tenant,
    event: &ScoreEvent,
) -> Result<(), StoreError> {
    let row: Vec<Value<'_>> = values![
        tenant,
        event.event,
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
        event.declared_at,
        event.state,
        event.revision,
        event.verified_at,
        event.contested
    ]
    .into();
    connection.execute(&INSERT_CURRENT, &row)?;
    Ok(())
}

/// Fills the table `score_event_current` from the record.
pub(crate) fn rebuild(connection: &mut dyn Connection, tenant: Tenant) -> Result<(), StoreError> {
    let named = connection.all(&SELECT_NAMED, &values![tenant], named)?;
    for mut event in named {
        for step in steps(connection, tenant, event.event)? {
            event.apply(step.act, step.to, step.at);
        }
        insert(connection, tenant, &event)?;
    }
    Ok(())
}
