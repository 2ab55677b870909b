//! Sections of subjects: where each stands, its history, and the one way to move it.

pub mod accept;
pub(crate) mod accept_board;
pub(crate) mod accept_page;
pub(crate) mod accept_sheet;
mod accept_values;
pub mod answer;
pub mod brought;
pub mod cell;
pub mod decision;
pub mod declare;
pub mod draft;
pub mod estimate;
pub mod evidence;
pub mod reading;
pub mod return_section;
pub mod review;
pub(crate) mod section_page;
pub mod send_back;
pub mod standing;
pub mod value;
pub mod verify;
pub mod withdraw;

use std::collections::BTreeMap;

use access::{Involved, Resource};
use app::{Door, Refusal, RefusalKind};
use directory::person;
use kernel::{Day, Finding, Instant, PersonId, PlaceId, Tenant};
use store::{Connection, Row, StoreError, Value, values};

use crate::RoundId;
use crate::round::{self, Round, Section, Subject};
use crate::schema::SECTION_EVENT;
use crate::transition::{RETURNS_MAX, RoundState, SectionAct, SectionState, in_time, section_move};

store::statements! {
    /// Where one section of one subject stands.
    SELECT_STATE = concat!(
        "SELECT section_no, state, revision, person, at, reason, due FROM section_state ",
        "WHERE tenant = $1 AND round = $2 AND subject_no = $3 AND section_no = $4"
    );
    /// How often one section of one place moved. Each part is looked up by itself: as one join,
    /// PostgreSQL may begin at the wrong table while it has counted none of them.
    SELECT_REVISION = concat!(
        "SELECT revision FROM section_state WHERE tenant = $1 AND round = $2 ",
        "AND subject_no = (SELECT subject_no FROM round_subject ",
        "WHERE tenant = $1 AND round = $2 AND place = $3) ",
        "AND section_no = (SELECT section_no FROM round_section ",
        "WHERE tenant = $1 AND round = $2 AND code = $4)"
    );
    /// Where every section of one subject stands.
    SELECT_STATES = concat!(
        "SELECT section_no, state, revision, person, at, reason, due FROM section_state ",
        "WHERE tenant = $1 AND round = $2 AND subject_no = $3 ORDER BY section_no"
    );
    /// Writes where a section stands for the first time.
    INSERT_STATE = concat!(
        "INSERT INTO section_state (tenant, round, subject_no, section_no, state, revision, ",
        "person, at, reason, due) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    );
    /// Moves a section, if nobody did so since it was read.
    MOVE_STATE = concat!(
        "UPDATE section_state SET state = $1, revision = $2, person = $3, at = $4, reason = $5, ",
        "due = $6 WHERE tenant = $7 AND round = $8 AND subject_no = $9 AND section_no = $10 ",
        "AND revision = $11"
    );
    /// Changes nothing, but waits for whoever is moving the section, and keeps others waiting.
    HOLD_UNVERIFIED = concat!(
        "UPDATE section_state SET revision = revision WHERE tenant = $1 AND round = $2 ",
        "AND subject_no = $3 AND section_no = $4 AND state NOT IN ('verified', 'reviewed')"
    );
    /// Every step of one section, in order.
    SELECT_EVENTS = concat!(
        "SELECT seq, from_state, to_state, action, person, on_behalf_of, at, reason, due ",
        "FROM section_event ",
        "WHERE tenant = $1 AND round = $2 AND subject_no = $3 AND section_no = $4 ORDER BY seq"
    );
    /// Every step of every section of the subjects from one number to another, in order.
    SELECT_EVENTS_OF_SUBJECTS = concat!(
        "SELECT seq, from_state, to_state, action, person, on_behalf_of, at, reason, due, ",
        "subject_no, section_no FROM section_event ",
        "WHERE tenant = $1 AND round = $2 AND subject_no BETWEEN $3 AND $4 ",
        "ORDER BY subject_no, section_no, seq"
    );
    /// The last step of every section, for the rebuild.
    SELECT_LAST_EVENTS = concat!(
        "SELECT e.round, e.subject_no, e.section_no, e.to_state, e.seq, e.person, e.at, e.reason, ",
        "e.due FROM section_event e WHERE e.tenant = $1 AND NOT EXISTS (SELECT 1 ",
        "FROM section_event f WHERE f.tenant = $1 AND f.round = e.round ",
        "AND f.subject_no = e.subject_no AND f.section_no = e.section_no AND f.seq > e.seq) ",
        "ORDER BY e.round, e.subject_no, e.section_no"
    );
    /// Every section of every round as it was opened, for the rebuild.
    SELECT_OPENED = concat!(
        "SELECT r.round, s.subject_no, c.section_no, r.person, r.opened_at FROM round r ",
        "JOIN round_subject s ON s.tenant = r.tenant AND s.round = r.round ",
        "JOIN round_section c ON c.tenant = r.tenant AND c.round = r.round ",
        "WHERE r.tenant = $1 ORDER BY r.round, s.subject_no, c.section_no"
    );
    /// The subjects with a section that is not yet reviewed.
    SELECT_UNREVIEWED = concat!(
        "SELECT s.subject_no, s.name, s.alias, count(*) FROM section_state t ",
        "JOIN round_subject s ON s.tenant = t.tenant AND s.round = t.round ",
        "AND s.subject_no = t.subject_no WHERE t.tenant = $1 AND t.round = $2 ",
        "AND t.state <> 'reviewed' GROUP BY s.subject_no, s.name, s.alias ORDER BY s.subject_no"
    );
}

/// Where a section of a subject stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionNow {
    /// The section.
    pub section_no: i64,
    /// Where it stands.
    pub state: SectionState,
    /// How often it moved; 0 since the round opened.
    pub revision: i64,
    /// Who moved it last.
    pub person: Option<PersonId>,
    /// When.
    pub at: Instant,
    /// Why, where it was given back.
    pub reason: Option<String>,
    /// Until when the next step may be done beyond its term, where it was given back.
    pub due: Option<Day>,
}

/// One step of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionEvent {
    /// Position, from 1.
    pub seq: i64,
    /// Where from.
    pub from: SectionState,
    /// Where to.
    pub to: SectionState,
    /// What was done.
    pub act: SectionAct,
    /// By whom; a rule of the product has none.
    pub person: Option<PersonId>,
    /// For whom, where for another.
    pub on_behalf_of: Option<PersonId>,
    /// When.
    pub at: Instant,
    /// Why, where a reason was given.
    pub reason: Option<String>,
    /// Until when what comes next may be done beyond its term, because it was given back.
    pub due: Option<Day>,
}

fn read_now(row: &Row<'_>) -> Result<SectionNow, StoreError> {
    Ok(SectionNow {
        section_no: row.int(0)?,
        state: row.parse(1)?,
        revision: row.int(2)?,
        person: row.optional_id(3)?,
        at: row.instant(4)?,
        reason: row.optional_text(5)?.map(str::to_owned),
        due: row.optional_day(6)?,
    })
}

/// Where every section of one subject stands, by section number.
pub fn states(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    subject_no: i64,
) -> Result<Vec<SectionNow>, StoreError> {
    connection.all(
        &SELECT_STATES,
        &values![tenant, round, subject_no],
        read_now,
    )
}

/// The revision of a section of a place in a round: what a command that moves it has to have seen.
pub fn revision(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    place: PlaceId,
    section: &str,
) -> Result<Option<i64>, StoreError> {
    connection.optional(
        &SELECT_REVISION,
        &values![tenant, round, place, section],
        |row| row.int(0),
    )
}

/// Moves the revision of a section into which a changed figure was brought, so that whoever saw
/// the figure before has to look again. The section must be held.
pub(crate) fn refreshed(
    door: &mut Door<'_>,
    round: RoundId,
    (subject_no, section_no): (i64, i64),
) -> Result<(), Refusal> {
    let (tenant, command, at, person) = (door.tenant(), door.command(), door.now(), door.person());
    let key = values![tenant, round, subject_no, section_no];
    let now = door.connection().one(&SELECT_STATE, &key, read_now)?;
    let revision = now.revision + 1;
    let nobody: Option<PersonId> = None;
    // Reason and due day of a return stand until it is handed in.
    let event = values![
        tenant,
        round,
        subject_no,
        section_no,
        revision,
        command,
        now.state,
        now.state,
        SectionAct::Refresh,
        person,
        nobody,
        at,
        now.reason.as_deref(),
        now.due
    ];
    let moved = values![
        now.state,
        revision,
        person,
        at,
        now.reason.as_deref(),
        now.due,
        tenant,
        round,
        subject_no,
        section_no,
        now.revision
    ];
    door.connection().execute(&MOVE_STATE, &moved)?;
    door.append(&SECTION_EVENT, &event)
}

/// Whether nobody has verified the section; if so, nobody will until this command ends.
pub(crate) fn hold_unverified(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    (subject_no, section_no): (i64, i64),
) -> Result<bool, StoreError> {
    let key = values![tenant, round, subject_no, section_no];
    Ok(connection.execute(&HOLD_UNVERIFIED, &key)? == 1)
}

/// Every step of one section of one subject, in order.
pub fn events(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    subject_no: i64,
    section_no: i64,
) -> Result<Vec<SectionEvent>, StoreError> {
    let key = values![tenant, round, subject_no, section_no];
    connection.all(&SELECT_EVENTS, &key, read_event)
}

/// Every step of every section of the subjects from one number to another, in order, by subject and
/// section.
pub fn events_of(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    (first, last): (i64, i64),
) -> Result<BTreeMap<(i64, i64), Vec<SectionEvent>>, StoreError> {
    let mut found: BTreeMap<(i64, i64), Vec<SectionEvent>> = BTreeMap::new();
    let key = values![tenant, round, first, last];
    connection.for_each(&SELECT_EVENTS_OF_SUBJECTS, &key, &mut |row| {
        let of_section = found.entry((row.int(9)?, row.int(10)?)).or_default();
        of_section.push(read_event(row)?);
        Ok(())
    })?;
    Ok(found)
}

fn read_event(row: &Row<'_>) -> Result<SectionEvent, StoreError> {
    Ok(SectionEvent {
        seq: row.int(0)?,
        from: row.parse(1)?,
        to: row.parse(2)?,
        act: row.parse(3)?,
        person: row.optional_id(4)?,
        on_behalf_of: row.optional_id(5)?,
        at: row.instant(6)?,
        reason: row.optional_text(7)?.map(str::to_owned),
        due: row.optional_day(8)?,
    })
}

/// Who did what to a section before: what separation of duties looks at. A withdrawn verification
/// and a return still count, for the duty that they were.
pub fn involved(events: &[SectionEvent]) -> Vec<Involved> {
    let duty = |event: &SectionEvent| {
        let action = section_move(event.from, event.act).ok()?.action;
        Some(Involved {
            person: event.person?,
            on_behalf_of: event.on_behalf_of,
            action,
        })
    };
    events.iter().filter_map(duty).collect()
}

/// The rows of `section_state` for a round that has just opened.
pub(crate) fn open_all(
    connection: &mut dyn Connection,
    rows: &[Vec<Value<'_>>],
) -> Result<(), StoreError> {
    connection.execute_many(&INSERT_STATE, rows)?;
    Ok(())
}

/// One such row.
pub(crate) fn opened(
    tenant: Tenant,
    round: RoundId,
    (subject_no, section_no): (i64, i64),
    person: Option<PersonId>,
    at: Instant,
) -> Vec<Value<'static>> {
    let state = SectionState::Open;
    let (reason, due): (Option<String>, Option<Day>) = (None, None);
    values![
        tenant, round, subject_no, section_no, state, 0, person, at, reason, due
    ]
    .into()
}

/// A section of a subject, found and allowed to be acted on: what every step begins with.
pub(crate) struct Step {
    /// The round, which is open.
    pub round: Round,
    /// Whose section.
    pub subject: Subject,
    /// Which section.
    pub section: Section,
    /// Where it stands.
    pub now: SectionNow,
    /// What happened to it before.
    pub events: Vec<SectionEvent>,
    act: SectionAct,
    /// The last day of the step to which the act belongs, for this village.
    last: Day,
}

impl Step {
    /// Finds the section, decides by right and by what was done before, and checks round, state
    /// and time. The order matters: who may not act learns nothing of the state.
    pub fn begin(
        door: &mut Door<'_>,
        address: (RoundId, PlaceId, &str),
        act: SectionAct,
    ) -> Result<Step, Refusal> {
        let seen = door.seen_revision();
        Step::begin_seen(door, address, act, seen)
    }

    /// The same for one section of many, of which each was seen at a revision of its own.
    pub fn begin_seen(
        door: &mut Door<'_>,
        (round, place, section): (RoundId, PlaceId, &str),
        act: SectionAct,
        seen: Option<i64>,
    ) -> Result<Step, Refusal> {
        let tenant = door.tenant();
        let connection = door.connection();
        let Some(found) = round::get(connection, tenant, round)? else {
            return Err(Refusal::not_found("round"));
        };
        let Some(subject) = round::subject(connection, tenant, round, place)? else {
            return Err(Refusal::not_found("subject"));
        };
        let sections = round::sections(connection, tenant, round)?;
        let Some(section) = sections.into_iter().find(|known| known.code == section) else {
            return Err(Refusal::not_found("section"));
        };
        let numbers = (subject.subject_no, section.section_no);
        let events = events(connection, tenant, round, numbers.0, numbers.1)?;
        let ancestors = round::ancestors(connection, tenant, round, numbers.0)?;
        let history = involved(&events);
        let action = action_of(act);
        door.decide(action, &Resource::at(tenant, &ancestors).history(&history))?;

        let key = values![tenant, round, numbers.0, numbers.1];
        let now = door.connection().one(&SELECT_STATE, &key, read_now)?;
        let today = door.today();
        let mut step = Step {
            round: found,
            subject,
            section,
            now,
            events,
            act,
            last: today,
        };
        step.last = step.check(door, seen)?;
        Ok(step)
    }

    /// The last day of the act's step, once it is known that the act may be done.
    fn check(&self, door: &mut Door<'_>, seen: Option<i64>) -> Result<Day, Refusal> {
        if self.round.state != RoundState::Open {
            let state = self.round.state.name();
            return Err(Finding::error("round-not-open").arg("state", state).into());
        }
        let required = || Finding::error("revision-required").field("seen_revision");
        if seen.ok_or_else(required)? != self.now.revision {
            return Err(self.lost_race(door)?);
        }
        section_move(self.now.state, self.act)?;
        let (tenant, today) = (door.tenant(), door.today());
        let (round, subject_no) = (self.round.round, self.subject.subject_no);
        let terms = round::terms(door.connection(), tenant, round, subject_no)?;
        in_time(self.act, terms, self.now.due, today)?;
        let term = terms.last_day(self.act).unwrap_or(today);
        Ok(self.now.due.map_or(term, |due| due.max(term)))
    }

    /// Refuses to give it back without a reason that can be read and a day that can be kept.
    pub fn check_back(&self, reason: &str, due: Day, today: Day) -> Result<(), Vec<Finding>> {
        let checks = [check_reason(reason, "reason"), self.check_due(due, today)];
        all_of(checks.into_iter().filter_map(Result::err).collect())
    }

    /// Refuses a due day that has passed, or on which nobody could take any more what is due.
    fn check_due(&self, due: Day, today: Day) -> Result<(), Finding> {
        if due < today {
            return Err(Finding::error("due-in-the-past")
                .field("due")
                .arg("today", today.to_string()));
        }
        if due > self.last {
            return Err(Finding::error("due-too-late")
                .field("due")
                .arg("limit", self.last.to_string()));
        }
        Ok(())
    }

    /// Until when the town has the section because the county sent it back: the village's turn
    /// between, or a withdrawal, takes nothing of that.
    fn town_has_until(&self) -> Option<Day> {
        let back = self
            .events
            .iter()
            .rev()
            .find(|event| event.act == SectionAct::SendBack);
        back.and_then(|event| event.due)
    }

    /// Who moved it since the person saw it, and when; read again, because the other command may
    /// have committed after this one looked.
    fn lost_race(&self, door: &mut Door<'_>) -> Result<Refusal, Refusal> {
        let tenant = door.tenant();
        let numbers = (self.subject.subject_no, self.section.section_no);
        let key = values![tenant, self.round.round, numbers.0, numbers.1];
        let now = door.connection().one(&SELECT_STATE, &key, read_now)?;
        let events = events(
            door.connection(),
            tenant,
            self.round.round,
            numbers.0,
            numbers.1,
        )?;
        let last = events.last();
        if last.is_some_and(|last| last.act == SectionAct::Refresh) {
            let finding = Finding::error("figures-changed").arg("when", now.at.minute_text());
            return Ok(Refusal::new(RefusalKind::Conflict, finding));
        }
        let name = match now.person {
            Some(person) => person::name(door.connection(), tenant, person)?,
            None => None,
        };
        Ok(Refusal::lost_race(&name.unwrap_or_default(), now.at))
    }

    /// How often it was returned to the village.
    pub fn returns(&self) -> usize {
        self.events
            .iter()
            .filter(|event| event.act == SectionAct::Return)
            .count()
    }

    /// Refuses one return too many.
    pub fn returns_left(&self) -> Result<(), Finding> {
        if self.returns() < RETURNS_MAX {
            return Ok(());
        }
        Err(Finding::error("returns-used-up").arg("limit", RETURNS_MAX))
    }

    /// Moves the section and appends the step; done before values are read and written, because
    /// the row of the state is what two commands meet at. The answer is its new revision.
    pub fn finish(
        &self,
        door: &mut Door<'_>,
        reason: Option<&str>,
        due: Option<Day>,
    ) -> Result<Moved, Refusal> {
        let row = section_move(self.now.state, self.act)?;
        let due = match self.act {
            SectionAct::Declare | SectionAct::Verify | SectionAct::Withdraw => {
                self.town_has_until()
            }
            _ => due,
        };
        let (tenant, command, at, person) =
            (door.tenant(), door.command(), door.now(), door.person());
        let on_behalf_of = door.on_behalf_of();
        let (round, subject_no, section_no) = (
            self.round.round,
            self.subject.subject_no,
            self.section.section_no,
        );
        let revision = self.now.revision + 1;
        let event = values![
            tenant,
            round,
            subject_no,
            section_no,
            revision,
            command,
            row.from,
            row.to,
            row.act,
            person,
            on_behalf_of,
            at,
            reason,
            due
        ];
        let moved = values![
            row.to,
            revision,
            person,
            at,
            reason,
            due,
            tenant,
            round,
            subject_no,
            section_no,
            self.now.revision
        ];
        // Two commands that read the same revision: the second finds it gone, or its key taken.
        if door.connection().execute(&MOVE_STATE, &moved)? == 0 {
            return Err(self.lost_race(door)?);
        }
        door.append(&SECTION_EVENT, &event)?;
        Ok(Moved {
            state: row.to,
            revision,
        })
    }
}

/// The revision that the sender saw; whoever moves a section or a round has seen it.
pub(crate) fn seen(door: &Door<'_>) -> Result<i64, Finding> {
    door.seen_revision()
        .ok_or_else(|| Finding::error("revision-required").field("seen_revision"))
}

/// Where a section stands after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moved {
    /// The state.
    pub state: SectionState,
    /// The revision, to be sent with the next command.
    pub revision: i64,
}

fn action_of(act: SectionAct) -> access::Action {
    crate::transition::SECTION_TRANSITIONS
        .iter()
        .find(|row| row.act == act)
        .expect("every act has a row")
        .action
}

/// Why a section is given back: not empty, not endless.
pub(crate) fn check_reason(reason: &str, field: &'static str) -> Result<(), Finding> {
    let length = reason.trim().chars().count();
    if length == 0 {
        return Err(Finding::error("required").field(field));
    }
    if length > REASON_MAX {
        return Err(Finding::error("too-long")
            .field(field)
            .arg("found", length)
            .arg("most", REASON_MAX));
    }
    Ok(())
}

/// Refuses with everything that was found, if anything was.
pub(crate) fn all_of(findings: Vec<Finding>) -> Result<(), Vec<Finding>> {
    if findings.is_empty() {
        Ok(())
    } else {
        Err(findings)
    }
}

/// The day of a form that gives a section back; where there is none, what else is wrong with the
/// form is told with it.
pub(crate) fn due_of(form: &web::Form) -> Result<Day, Vec<Finding>> {
    form.day("due").map_err(|no_day| {
        let reason = check_reason(form.text("reason"), "reason").err();
        reason.into_iter().chain([no_day]).collect()
    })
}

/// Longest reason, in characters.
pub const REASON_MAX: usize = 500;

/// Subjects with sections not yet reviewed, with the number of such sections.
pub fn unreviewed(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
) -> Result<Vec<(String, i64)>, StoreError> {
    connection.all(&SELECT_UNREVIEWED, &values![tenant, round], |row| {
        let name = row.optional_text(2)?.unwrap_or(row.text(1)?);
        Ok((name.to_owned(), row.int(3)?))
    })
}

/// Fills the table `section_state` from the record.
pub(crate) fn rebuild(connection: &mut dyn Connection, tenant: Tenant) -> Result<(), StoreError> {
    let mut rows = BTreeMap::new();
    connection.for_each(&SELECT_OPENED, &values![tenant], &mut |row| {
        let key: (RoundId, i64, i64) = (row.id(0)?, row.int(1)?, row.int(2)?);
        let (person, at) = (row.optional_id(3)?, row.instant(4)?);
        rows.insert(key, opened(tenant, key.0, (key.1, key.2), person, at));
        Ok(())
    })?;
    connection.for_each(&SELECT_LAST_EVENTS, &values![tenant], &mut |row| {
        let key: (RoundId, i64, i64) = (row.id(0)?, row.int(1)?, row.int(2)?);
        let state: SectionState = row.parse(3)?;
        let row = values![
            tenant,
            key.0,
            key.1,
            key.2,
            state,
            row.int(4)?,
            row.optional_id::<PersonId>(5)?,
            row.instant(6)?,
            row.optional_text(7)?.map(str::to_owned),
            row.optional_day(8)?
        ];
        rows.insert(key, row.into());
        Ok(())
    })?;
    let rows: Vec<_> = rows.into_values().collect();
    open_all(connection, &rows)
}
