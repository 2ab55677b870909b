//! How verified events reach a round: each is taken into one round of a scheme, that of its day,
//! or the next one where that round is frozen; the columns that count events follow.

use std::collections::BTreeMap;

use app::{Door, Ref, Refusal};
use kernel::{Day, Decimal, Finding, Instant, NumberError, PlaceId, Tenant};
use score::{Choice, ItemSource, Moment, Plan, SameFact};
use sha2::{Digest, Sha256};
use store::{Connection, Row, StoreError, values};

use crate::correction::{self, Wrong};
use crate::event::{self, ScoreEvent, event_columns};
use crate::round::{self, Round, RoundItem, Subject};
use crate::schema::SCORE_EVENT_COUNT;
use crate::scheme::situation::{self, Situation};
use crate::section::cell::{self, NewValue, Origin};
use crate::section::value::{Given, ValueKind};
use crate::transition::{EventState, RoundState};
use crate::{EventId, RoundId, SchemeId, round::advance, scheme, section::estimate};

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
    source == ItemSource::Events
        && (moment.counts_events() || matches!(moment, Moment::Period | Moment::Previous))
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

/// The final round into which an event was taken, if there is one: what counted there is not
/// touched any more (decision 0022).
pub(crate) fn final_round(
    connection: &mut dyn Connection,
    tenant: Tenant,
    event: EventId,
) -> Result<Option<Round>, StoreError> {
    for id in taken(connection, tenant, event)? {
        let round = round::get(connection, tenant, id)?;
        if let Some(round) = round.filter(|round| round.state == RoundState::Finalised) {
            return Ok(Some(round));
        }
    }
    Ok(None)
}

/// Refuses where an event was taken into a round that is final.
pub(crate) fn refuse_final(door: &mut Door<'_>, event: EventId) -> Result<(), Refusal> {
    let tenant = door.tenant();
    match final_round(door.connection(), tenant, event)? {
        None => Ok(()),
        Some(round) => Err(Finding::error("event-round-final")
            .arg("period", round.period.to_string())
            .into()),
    }
}

/// The day by which an event falls into a period.
fn day_of(event: &ScoreEvent, dated_by: Moment) -> Option<Day> {
    match dated_by {
        Moment::Discovered => Some(event.declared_at.day()),
        Moment::Ruled => event.verified_at.map(Instant::day),
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
        if !taken.contains(&round.round) && !carries_over(&candidates, candidate, &taken, event) {
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

/// Whether a round may count the event among those of the period before.
fn carries_over(
    candidates: &[Candidate],
    candidate: &Candidate,
    taken: &[RoundId],
    event: &ScoreEvent,
) -> bool {
    let Some(before) = candidate.round.period.previous() else {
        return false;
    };
    let mut others = candidates.iter().map(|other| &other.round);
    let is_taken_before = others.any(|round| {
        round.period == before
            && series(round) == series(&candidate.round)
            && taken.contains(&round.round)
    });
    let days = [
        Some(event.occurred_on),
        Some(event.declared_at.day()),
        event.verified_at.map(Instant::day),
    ];
    is_taken_before || days.into_iter().flatten().any(|day| before.contains(day))
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
    let mut columns = Vec::new();
    for item in items {
        let source = ItemSource::from_word(&item.source);
        if let Some((moment, source)) = Moment::from_word(&item.moment).zip(source)
            && is_counted(moment, source)
        {
            columns.push((item, moment));
        }
    }
    let carries = columns
        .iter()
        .any(|(_, moment)| *moment == Moment::Previous);
    let counting = Counting {
        situations: situation::by_item(plan.scheme()),
        now: of_subject(connection, tenant, round.round, subject.subject_no)?,
        before: if carries {
            before(connection, tenant, (round, subject.place), plan)?
        } else {
            Vec::new()
        },
    };
    let value = |(item, moment): (&RoundItem, Moment)| {
        let counted = counting.column(&item.code, moment);
        let (number, events) = counted.map_err(|error| Refusal::bug(&error.to_string()))?;
        Ok(NewValue {
            subject_no: subject.subject_no,
            item_no: item.item_no,
            kind: ValueKind::Brought,
            given: Given::Value(number),
            reason: None,
            origin: Some(origin(&events)),
        })
    };
    columns.into_iter().map(value).collect()
}

/// The events of the period before: those that the round of that period took, where there was one;
/// else those of the village whose day lies in it.
fn before(
    connection: &mut dyn Connection,
    tenant: Tenant,
    (round, place): (&Round, PlaceId),
    plan: &Plan,
) -> Result<Vec<ScoreEvent>, StoreError> {
    let Some(period) = round.period.previous() else {
        return Ok(Vec::new());
    };
    let candidates = candidates(connection, tenant, place)?;
    let same =
        |known: &&Candidate| known.round.period == period && series(&known.round) == series(round);
    if let Some(known) = candidates.iter().find(same) {
        let number = known.subject.subject_no;
        return of_subject(connection, tenant, known.round.round, number);
    }
    let mut events = event::of_place(connection, tenant, place)?;
    events.retain(|event| {
        let dated_by = situation::dated_by(plan, &event.item);
        let day = dated_by.and_then(|dated_by| day_of(event, dated_by));
        day.is_some_and(|day| period.contains(day))
    });
    Ok(events)
}

/// The events of one subject, as columns count them.
struct Counting {
    /// The situations of the round's scheme, by their items.
    situations: BTreeMap<String, Situation>,
    /// The events that were taken into the round.
    now: Vec<ScoreEvent>,
    /// Those of the period before.
    before: Vec<ScoreEvent>,
}

impl Counting {
    /// What a column of an item counts, and the events behind it.
    fn column(
        &self,
        item: &str,
        moment: Moment,
    ) -> Result<(Decimal, Vec<&ScoreEvent>), NumberError> {
        let all = if moment == Moment::Previous {
            &self.before
        } else {
            &self.now
        };
        let of_item = all.iter().filter(|event| event.item == item);
        let counted: Vec<&ScoreEvent> = of_item
            .filter(|event| self.counts_as(event, moment, all))
            .collect();
        let number = if moment == Moment::Previous {
            Decimal::sum(counted.iter().map(|event| self.share(event)))?
        } else {
            Decimal::from_int(i64::try_from(counted.len()).unwrap_or(i64::MAX))
        };
        Ok((number, counted))
    }

    /// Whether an event of an item is one of those that a moment counts.
    fn counts_as(&self, event: &ScoreEvent, moment: Moment, all: &[ScoreEvent]) -> bool {
        match moment {
            Moment::Revoked => event.state == EventState::SetAside,
            Moment::Repeated => event.state.counts() && self.is_repeated(event, all),
            // What counts elsewhere has lost its whole mark and no share of it besides; of the
            // period before there is one column, in which such an event is not.
            Moment::Joint => event.state.counts() && event.joint && !self.is_dropped(event, all),
            Moment::Previous => event.state.counts() && !self.is_dropped(event, all),
            _ => event.state.counts(),
        }
    }

    /// Whether the same fact counts under another situation too, and for more.
    fn is_repeated(&self, event: &ScoreEvent, all: &[ScoreEvent]) -> bool {
        let mark = |item: &str| {
            self.situations
                .get(item)
                .map_or(Decimal::ZERO, |of| of.mark)
        };
        all.iter().any(|other| {
            other.fact == event.fact
                && other.state.counts()
                && mark(&other.item) > mark(&event.item)
        })
    }

    /// Whether the scheme counts nothing for the event, because it counts elsewhere for more.
    fn is_dropped(&self, event: &ScoreEvent, all: &[ScoreEvent]) -> bool {
        let of_item = self.situations.get(&event.item);
        of_item.is_some_and(|of| of.same_fact == SameFact::HighestOnly)
            && self.is_repeated(event, all)
    }

    /// The part of its mark that an event gives.
    fn share(&self, event: &ScoreEvent) -> Decimal {
        match self.situations.get(&event.item) {
            Some(of) if event.joint => of.joint_share,
            _ => Decimal::ONE,
        }
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

#[cfg(test)]
mod tests {
    use kernel::{Id, PersonId};
    use proptest::prelude::*;

    use super::*;
    use crate::scheme::situation::EventKind;

    /// Situations: mark, what a fact named twice does, share of a joint event.
    const SITUATIONS: [(&str, i64, SameFact, &str); 4] = [
        ("county", 1, SameFact::HighestOnly, "0.5"),
        ("city", 2, SameFact::HighestOnly, "1"),
        ("province", 3, SameFact::Each, "0.25"),
        ("project", 2, SameFact::Each, "1"),
    ];

    fn situations() -> BTreeMap<String, Situation> {
        let situation = |(item, mark, same_fact, share): (&str, i64, SameFact, &str)| {
            let situation = Situation {
                item: item.to_owned(),
                title: score::Title {
                    zh: item.to_owned(),
                    en: item.to_owned(),
                },
                kind: EventKind::Bonus,
                mark: Decimal::from_int(mark),
                same_fact,
                joint_share: share.parse().unwrap(),
            };
            (item.to_owned(), situation)
        };
        SITUATIONS.map(situation).into()
    }

    fn event(number: u8, (item, fact, joint, state): (usize, u8, bool, usize)) -> ScoreEvent {
        let day: Day = "2026-08-08".parse().unwrap();
        ScoreEvent {
            event: EventId(Id::new(1, [number; 10])),
            place: PlaceId(Id::new(2, [0; 10])),
            item: SITUATIONS[item].0.to_owned(),
            kind: EventKind::Bonus,
            title: (String::new(), String::new()),
            occurred_on: day,
            fact: EventId(Id::new(3, [fact; 10])),
            joint,
            description: String::new(),
            declared_by: PersonId(Id::new(4, [0; 10])),
            declared_at: day.start(),
            state: EventState::ALL[state],
            revision: 1,
            verified_at: None,
            contested: false,
        }
    }

    fn events() -> impl Strategy<Value = Vec<ScoreEvent>> {
        let states = 0..EventState::ALL.len();
        let one = (0..SITUATIONS.len(), 0..4_u8, any::<bool>(), states);
        prop::collection::vec(one, 0..12).prop_map(|all| {
            (0..)
                .zip(all)
                .map(|(number, one)| event(number, one))
                .collect()
        })
    }

    /// What the events of an item give, one by one, in marks of the item: a fact that counts
    /// elsewhere for more gives nothing, a joint event its share, any other all.
    fn weights(events: &[ScoreEvent], situation: &Situation) -> Decimal {
        let known = situations();
        let mut sum = Decimal::ZERO;
        for event in events {
            if event.item != situation.item || !event.state.counts() {
                continue;
            }
            let of_fact = events.iter().filter(|other| other.fact == event.fact);
            let best = of_fact
                .filter(|other| other.state.counts())
                .map(|other| known[&other.item].mark)
                .max();
            let weight =
                if situation.same_fact == SameFact::HighestOnly && best > Some(situation.mark) {
                    Decimal::ZERO
                } else if event.joint {
                    situation.joint_share
                } else {
                    Decimal::ONE
                };
            sum = sum.add(weight).unwrap();
        }
        sum
    }

    proptest! {
        #[test]
        fn columns_give_what_a_count_one_by_one_gives(now in events(), before in events()) {
            let counting = Counting { situations: situations(), now, before };
            let column = |item: &str, moment| counting.column(item, moment).unwrap().0;
            for (item, situation) in &counting.situations {
                let occurred = column(item, Moment::Occurred);
                let of_item = counting.now.iter().filter(|event| event.item == *item);
                let set_aside = of_item.filter(|event| event.state == EventState::SetAside);
                let set_aside = i64::try_from(set_aside.count()).unwrap();
                prop_assert_eq!(column(item, Moment::Revoked), Decimal::from_int(set_aside));
                // As the engine reads the columns of an entry.
                let mut counted = occurred;
                if situation.same_fact == SameFact::HighestOnly {
                    counted = counted.sub(column(item, Moment::Repeated)).unwrap();
                }
                let lost = Decimal::ONE.sub(situation.joint_share).unwrap();
                let lost = column(item, Moment::Joint).mul(lost).unwrap();
                let counted = counted.sub(lost).unwrap();
                prop_assert!(!counted.is_negative(), "{}: {}", item, counted);
                prop_assert_eq!(counted, weights(&counting.now, situation));
                let carried = column(item, Moment::Previous);
                prop_assert_eq!(carried, weights(&counting.before, situation));
            }
        }
    }
}
