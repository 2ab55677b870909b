//! How verified events reach a round: each is taken into one round of a scheme, that of its day,
//! or the next one where that round is frozen; the columns that count events follow.

use std::collections::BTreeMap;

use app::{Door, Ref, Refusal};
use kernel::{Day, Decimal, Finding, PlaceId, Tenant};
use score::{Choice, ItemSource, Moment, Plan};
use sha2::{Digest, Sha256};
use store::{Connection, Row, StoreError, values};

use crate::correction::{self, Wrong};
use crate::event::{self, ScoreEvent, event_columns};
use crate::round::{self, Round, RoundItem, Subject};
use crate::schema::SCORE_EVENT_COUNT;
use crate::section::cell::{self, NewValue, Origin};
use crate::section::value::{Given, ValueKind};
use crate::transition::{EventState, RoundState};
use crate::{
    EventId, RoundId, SchemeId, round::advance, scheme, scheme::situation, section::estimate,
};

store::statements! {
    /// The rounds that assess a place.
    SELECT_ROUNDS_OF_PLACE =
        "SELECT round FROM round_subject WHERE tenant = $1 AND place = $2 ORDER BY round";
    /// The rounds into which an event was taken.
    SELECT_TAKEN =
        "SELECT round FROM score_event_count WHERE tenant = $1 AND event = $2 ORDER BY round";
    /// The events that were taken into a round, of one subject.
    SELECT_OF_SUBJECT = concat!(
        "SELECT ", event_columns!(), " FROM score_event_count t ",
        "JOIN score_event_current c ON c.tenant = t.tenant AND c.event = t.event ",
        "WHERE t.tenant = $1 AND t.round = $2 AND t.subject_no = $3 ",
        "ORDER BY c.occurred_on, c.event"
    );
    /// The events that were taken into a round.
    SELECT_OF_ROUND = concat!(
        "SELECT ", event_columns!(), ", t.subject_no FROM score_event_count t ",
        "JOIN score_event_current c ON c.tenant = t.tenant AND c.event = t.event ",
        "WHERE t.tenant = $1 AND t.round = $2 ORDER BY t.subject_no, c.occurred_on, c.event"
    );
}

/// What the record calls the register of events as a source.
pub const SOURCE: &str = "events";

/// Whether a column counts events of the register.
pub(crate) fn is_counted(moment: Moment, source: ItemSource) -> bool {
    source == ItemSource::Events && (moment.counts_events() || moment == Moment::Period)
}

/// The rounds into which an event was taken.
pub fn taken(
    connection: &mut dyn Connection,
    tenant: Tenant,
    event: EventId,
) -> Result<Vec<RoundId>, StoreError> {
    connection.all(&SELECT_TAKEN, &values![tenant, event], |row| row.id(0))
}

/// The events that were taken into a round for one subject, by the day on which they happened.
pub fn of_subject(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    subject_no: i64,
) -> Result<Vec<ScoreEvent>, StoreError> {
    let key = values![tenant, round, subject_no];
    connection.all(&SELECT_OF_SUBJECT, &key, event::read)
}

/// The events that were taken into a round, by subject number.
pub fn of_round(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
) -> Result<BTreeMap<i64, Vec<ScoreEvent>>, StoreError> {
    let read = |row: &Row<'_>| Ok((row.int(16)?, event::read(row)?));
    let mut found: BTreeMap<i64, Vec<ScoreEvent>> = BTreeMap::new();
    for (subject_no, event) in connection.all(&SELECT_OF_ROUND, &values![tenant, round], read)? {
        found.entry(subject_no).or_default().push(event);
    }
    Ok(found)
}

/// Refuses where an event was taken into a round that is final.
pub(crate) fn refuse_final(door: &mut Door<'_>, event: EventId) -> Result<(), Refusal> {
    let tenant = door.tenant();
    for id in taken(door.connection(), tenant, event)? {
        let round = round::get(door.connection(), tenant, id)?;
        if let Some(round) = round.filter(|round| round.state == RoundState::Finalised) {
            return Err(Finding::error("event-round-final")
                .arg("period", round.period.to_string())
                .into());
        }
    }
    Ok(())
}

/// The day by which an event falls into a period.
fn day_of(event: &ScoreEvent, dated_by: Moment) -> Option<Day> {
    match dated_by {
        Moment::Discovered => Some(event.declared_at.day()),
        Moment::Ruled => event.verified_at.map(kernel::Instant::day),
        _ => Some(event.occurred_on),
    }
}

/// A round that assesses a place, as far as taking an event asks.
struct Candidate {
    round: Round,
    subject: Subject,
}

fn candidates(
    connection: &mut dyn Connection,
    tenant: Tenant,
    place: PlaceId,
) -> Result<Vec<Candidate>, StoreError> {
    let key = values![tenant, place];
    let ids: Vec<RoundId> = connection.all(&SELECT_ROUNDS_OF_PLACE, &key, |row| row.id(0))?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let round = round::get(connection, tenant, id)?;
        let subject = round::subject(connection, tenant, id, place)?;
        found.extend(
            round
                .zip(subject)
                .map(|(round, subject)| Candidate { round, subject }),
        );
    }
    found.sort_by_key(|candidate| candidate.round.period.last_day());
    Ok(found)
}

/// Rounds of one kind take an event once: of the same scheme over the same place.
type Series = (SchemeId, PlaceId);

fn series(round: &Round) -> Series {
    (round.scheme, round.place)
}

/// The round of each kind that takes an event now: the open one of its day; or, where the round of
/// its day is frozen already, the earliest open one after it.
fn takers<'c>(
    door: &mut Door<'_>,
    event: &ScoreEvent,
    candidates: &'c [Candidate],
) -> Result<Vec<&'c Candidate>, Refusal> {
    let tenant = door.tenant();
    let taken = taken(door.connection(), tenant, event.event)?;
    let mut done: Vec<Series> = candidates
        .iter()
        .filter(|candidate| taken.contains(&candidate.round.round))
        .map(|candidate| series(&candidate.round))
        .collect();
    let mut takers = Vec::new();
    for candidate in candidates {
        let (round, kind) = (&candidate.round, series(&candidate.round));
        if round.state != RoundState::Open || done.contains(&kind) {
            continue;
        }
        let published = scheme::of_round(door.connection(), tenant, round)?;
        let plan = scheme::plan(&published)?;
        let dated_by = situation::dated_by(&plan, &event.item);
        let Some(day) = dated_by.and_then(|dated_by| day_of(event, dated_by)) else {
            continue;
        };
        let late = || {
            day < round.period.first_day()
                && candidates.iter().any(|other| {
                    series(&other.round) == kind
                        && other.round.state != RoundState::Open
                        && other.round.period.contains(day)
                })
        };
        if round.period.contains(day) || late() {
            done.push(kind);
            takers.push(candidate);
        }
    }
    Ok(takers)
}

fn take(door: &mut Door<'_>, event: EventId, taker: &Candidate) -> Result<(), Refusal> {
    let (tenant, command, now) = (door.tenant(), door.command(), door.now());
    let (round, number) = (taker.round.round, taker.subject.subject_no);
    door.append(
        &SCORE_EVENT_COUNT,
        &values![tenant, event, round, command, number, now],
    )
}

/// A round that was just opened takes what was verified before and belongs to it.
pub(crate) fn take_all(
    door: &mut Door<'_>,
    round: &Round,
    subjects: &[Subject],
) -> Result<(), Refusal> {
    let tenant = door.tenant();
    for subject in subjects {
        let events = event::of_place(door.connection(), tenant, subject.place)?;
        if events.iter().all(|event| !event.state.counts()) {
            continue;
        }
        let candidates = candidates(door.connection(), tenant, subject.place)?;
        for event in events.iter().filter(|event| event.state.counts()) {
            for taker in takers(door, event, &candidates)? {
                if taker.round.round == round.round {
                    take(door, event.event, taker)?;
                }
            }
        }
    }
    Ok(())
}

/// What an event's new state does to rounds: an event that counts now is taken into its round; open
/// rounds count anew, frozen ones are corrected. The answer is how many villages a correction moved.
pub(crate) fn follow(
    door: &mut Door<'_>,
    event: &ScoreEvent,
    reason: &str,
) -> Result<usize, Refusal> {
    let tenant = door.tenant();
    let candidates = candidates(door.connection(), tenant, event.place)?;
    if event.state.counts() {
        for taker in takers(door, event, &candidates)? {
            // Nobody computes the round meanwhile.
            advance::hold_open(door, taker.round.round)?;
            take(door, event.event, taker)?;
        }
    }
    let taken = taken(door.connection(), tenant, event.event)?;
    let mut moved = 0;
    for candidate in &candidates {
        let (round, subject) = (&candidate.round, &candidate.subject);
        if !taken.contains(&round.round) {
            continue;
        }
        match round.state {
            RoundState::Open => {
                advance::hold_open(door, round.round)?;
                recount(door, round, subject)?;
            }
            RoundState::Provisional | RoundState::Posted => {
                moved += correct(door, (round, subject), event, reason)?;
            }
            RoundState::Finalised => {}
        }
    }
    Ok(moved)
}

/// Counts the events of one subject of an open round anew.
fn recount(door: &mut Door<'_>, round: &Round, subject: &Subject) -> Result<(), Refusal> {
    let tenant = door.tenant();
    let published = scheme::of_round(door.connection(), tenant, round)?;
    let plan = scheme::plan(&published)?;
    let items = round::items(door.connection(), tenant, round.round)?;
    let number = subject.subject_no;
    let mut cells = cell::of_subject(door.connection(), tenant, round.round, number)?;
    let mut new = count(door.connection(), tenant, (round, subject), &plan, &items)?;
    new.retain(|value| {
        let known = cells.get(&(number, value.item_no));
        known.and_then(|cell| cell.brought.as_ref()) != Some(&value.given)
    });
    cell::append(door, round.round, &mut cells, &new)?;
    estimate::renew(door, round, &plan, std::slice::from_ref(subject))
}

/// Corrects a frozen round by an event that counts there no more.
fn correct(
    door: &mut Door<'_>,
    (round, subject): (&Round, &Subject),
    event: &ScoreEvent,
    reason: &str,
) -> Result<usize, Refusal> {
    let tenant = door.tenant();
    let published = scheme::of_round(door.connection(), tenant, round)?;
    let plan = scheme::plan(&published)?;
    let items = round::items(door.connection(), tenant, round.round)?;
    let number = subject.subject_no;
    let cells = cell::of_subject(door.connection(), tenant, round.round, number)?;
    let because = Ref::new("event", event.event);
    let counted = count(door.connection(), tenant, (round, subject), &plan, &items)?;
    let wrong: Vec<Wrong<'_>> = counted
        .into_iter()
        .filter(|value| {
            let known = cells.get(&(number, value.item_no));
            known.and_then(|cell| cell.counts()).map(|(_, given)| given) != Some(&value.given)
        })
        .map(|value| Wrong {
            value: NewValue {
                kind: ValueKind::Corrected,
                reason: Some(reason.to_owned()),
                origin: None,
                ..value
            },
            because: &because,
        })
        .collect();
    if wrong.is_empty() {
        return Ok(0);
    }
    Ok(correction::apply(door, round, &wrong)?.moves.len())
}

/// What the register counts for every column of one subject that counts events.
pub(crate) fn count(
    connection: &mut dyn Connection,
    tenant: Tenant,
    (round, subject): (&Round, &Subject),
    plan: &Plan,
    items: &[RoundItem],
) -> Result<Vec<NewValue>, Refusal> {
    let events = of_subject(connection, tenant, round.round, subject.subject_no)?;
    let marks = situation::marks(plan.scheme());
    let mut found = Vec::new();
    for item in items {
        let source = ItemSource::from_word(&item.source);
        let Some((moment, source)) = Moment::from_word(&item.moment).zip(source) else {
            continue;
        };
        if !is_counted(moment, source) {
            continue;
        }
        let counted: Vec<&ScoreEvent> = events
            .iter()
            .filter(|event| event.item == item.code && counts_as(event, moment, &events, &marks))
            .collect();
        found.push(NewValue {
            subject_no: subject.subject_no,
            item_no: item.item_no,
            kind: ValueKind::Brought,
            given: Given::Value(Decimal::from_int(
                i64::try_from(counted.len()).unwrap_or(i64::MAX),
            )),
            reason: None,
            origin: Some(origin(&counted)),
        });
    }
    Ok(found)
}

/// Whether an event of an item is one of those that a moment counts.
fn counts_as(
    event: &ScoreEvent,
    moment: Moment,
    events: &[ScoreEvent],
    marks: &BTreeMap<String, Decimal>,
) -> bool {
    match moment {
        Moment::Revoked => event.state == EventState::SetAside,
        Moment::Joint => event.state.counts() && event.joint,
        // The same fact counts under another situation of this round, and for more.
        Moment::Repeated => {
            let mark = |item: &str| marks.get(item).copied().unwrap_or(Decimal::ZERO);
            event.state.counts()
                && events.iter().any(|other| {
                    other.fact == event.fact
                        && other.state.counts()
                        && mark(&other.item) > mark(&event.item)
                })
        }
        _ => event.state.counts(),
    }
}

/// Where a count comes from: the event itself where it is one, and a digest of all of them.
fn origin(events: &[&ScoreEvent]) -> Origin {
    let mut hash = Sha256::new();
    hash.update(b"xingcun.events.v1");
    for event in events {
        hash.update(event.event.0.as_bytes());
        hash.update(event.revision.to_be_bytes());
    }
    Origin {
        source: SOURCE.to_owned(),
        recorded_at: events.iter().filter_map(|event| event.verified_at).max(),
        reference: match events {
            [one] => Some(Ref::new("event", one.event)),
            _ => None,
        },
        digest: Some(hash.finalize().into()),
    }
}
