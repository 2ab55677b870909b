//! Values that the record already holds: brought into a round with source, time and digest, shown
//! instead of asked for, and refreshed while nobody has verified them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use app::{
    Door, Event, Handler, MEASURE_CHANGED, MeasureQuestion, MeasureValue, Measured, Refusal,
};
use kernel::{Decimal, Instant, Period, PlaceId};
use score::{Choice, ItemSource, Moment, Plan};
use sha2::{Digest, Sha256};
use store::values;

use crate::round::{self, Round, RoundItem, Subject};
use crate::scheme::layout::is_brought;
use crate::section::cell::{self, Cells, NewValue, Origin};
use crate::section::reading::{Reading, reading};
use crate::section::value::{Given, ValueKind};
use crate::transition::RoundState;
use crate::{event::event_count, scheme, section, section::estimate};

store::statements! {
    /// The value that counts of one item in an earlier round of the same scheme.
    SELECT_EARLIER = concat!(
        "SELECT s.place, c.counts, r.round, t.at FROM round r ",
        "JOIN round_state t ON t.tenant = r.tenant AND t.round = r.round ",
        "JOIN round_item i ON i.tenant = r.tenant AND i.round = r.round ",
        "JOIN round_subject s ON s.tenant = r.tenant AND s.round = r.round ",
        "JOIN cell c ON c.tenant = r.tenant AND c.round = r.round ",
        "AND c.subject_no = s.subject_no AND c.item_no = i.item_no ",
        "WHERE r.tenant = $1 AND r.scheme = $2 AND r.period = $3 AND i.code = $4 ",
        "AND i.moment = 'period' AND t.state IN ('posted', 'finalised') ORDER BY r.round, s.place"
    );
}

/// The measure behind an item.
pub fn measure_of(item: &str) -> String {
    format!("figure.{item}")
}

/// A value with its origin, before it becomes an event.
type Found = (Given, Origin);

/// What the record holds for these columns and subjects of a round, as events to append. Columns
/// that people give are left out; those that count bonus and penalty events are counted.
pub(crate) fn bring(
    door: &mut Door<'_>,
    round: &Round,
    plan: &Plan,
    items: &[RoundItem],
    subjects: &[Subject],
) -> Result<Vec<NewValue>, Refusal> {
    let mut brought = Vec::new();
    let mut counted = Vec::new();
    for item in items {
        let Some((moment, source, wanted)) = wanted(plan, item, round.period) else {
            continue;
        };
        if !is_brought(moment, source) {
            continue;
        }
        if event_count::is_counted(moment, source) {
            counted.push(item.clone());
            continue;
        }
        let found = read(door, round, &item.code, &wanted, subjects)?;
        for (subject, (given, origin)) in subjects.iter().zip(found) {
            brought.push(NewValue {
                subject_no: subject.subject_no,
                item_no: item.item_no,
                kind: ValueKind::Brought,
                given,
                reason: None,
                origin: Some(origin),
            });
        }
    }
    if !counted.is_empty() {
        let tenant = door.tenant();
        for subject in subjects {
            let of = (round, subject);
            brought.extend(event_count::count(
                door.connection(),
                tenant,
                of,
                plan,
                &counted,
            )?);
        }
    }
    Ok(brought)
}

/// Moment, source and reading of a column.
fn wanted(plan: &Plan, item: &RoundItem, period: Period) -> Option<(Moment, ItemSource, Reading)> {
    let scheme = plan.scheme();
    let definition = &scheme.items[scheme.item_index(&item.code)?];
    let moment = Moment::from_word(&item.moment)?;
    Some((
        moment,
        definition.source,
        reading(definition.period, moment, period),
    ))
}

/// The values of one column for all subjects, in their order.
fn read(
    door: &mut Door<'_>,
    round: &Round,
    item: &str,
    wanted: &Reading,
    subjects: &[Subject],
) -> Result<Vec<Found>, Refusal> {
    let mut by_period = Vec::new();
    for period in wanted.periods() {
        by_period.push(read_period(door, round, item, *period, subjects)?);
    }
    let combine = |index: usize| {
        let values = by_period.iter().map(|column: &Vec<Found>| &column[index]);
        match wanted {
            Reading::Sum(_) => sum(&values.collect::<Vec<_>>()),
            _ => first(&values.collect::<Vec<_>>()),
        }
    };
    Ok((0..subjects.len()).map(combine).collect())
}

/// The first value there is; else the first reason why there is none.
fn first(values: &[&Found]) -> Found {
    let found = values
        .iter()
        .find(|(given, _)| given.value().is_some())
        .or(values.first());
    let nothing = || {
        (
            Given::Missing("no-such-period".to_owned()),
            Origin::default(),
        )
    };
    found.map_or_else(nothing, |found| (*found).clone())
}

/// The sum; missing if one is. Its digest covers the digests of all parts.
fn sum(values: &[&Found]) -> Found {
    let Some((_, last)) = values.last() else {
        return first(values);
    };
    let mut total = Decimal::ZERO;
    let mut hash = Sha256::new();
    for (given, origin) in values {
        let added = given.value().and_then(|value| total.add(value).ok());
        let Some(added) = added else {
            return ((*given).clone(), origin.clone());
        };
        total = added;
        hash.update(origin.digest.unwrap_or_default());
    }
    let origin = Origin {
        digest: Some(hash.finalize().into()),
        ..last.clone()
    };
    (Given::Value(total), origin)
}

/// One period: the measure, and where it has none an earlier round of the same scheme.
fn read_period(
    door: &mut Door<'_>,
    round: &Round,
    item: &str,
    period: Period,
    subjects: &[Subject],
) -> Result<Vec<Found>, Refusal> {
    let measure = measure_of(item);
    let (tenant, as_of) = (door.tenant(), door.now());
    let places: Vec<PlaceId> = subjects.iter().map(|subject| subject.place).collect();
    let measured = match door.app().measure(&measure) {
        None => vec![Measured::missing("no-measure"); places.len()],
        Some((provider, name)) => {
            let question = MeasureQuestion {
                tenant,
                measure: name,
                subjects: &places,
                period,
                as_of,
            };
            (provider.read)(door.connection(), &question)?
        }
    };
    if measured.len() != places.len() {
        return Err(Refusal::bug(
            "a measure answered for another number of subjects",
        ));
    }
    let earlier = if measured.iter().all(has_value) {
        HashMap::new()
    } else {
        earlier(door, round, item, period)?
    };
    let found = measured
        .iter()
        .zip(&places)
        .map(|(measured, place)| match earlier.get(place) {
            Some(earlier) if !has_value(measured) => earlier.clone(),
            _ => of_measured(measured),
        });
    Ok(found.collect())
}

fn has_value(measured: &Measured) -> bool {
    matches!(measured.value, MeasureValue::Value(_))
}

fn of_measured(measured: &Measured) -> Found {
    let given = match &measured.value {
        MeasureValue::Value(value) => Given::Value(*value),
        MeasureValue::Missing(reason) => Given::Missing(reason.clone()),
    };
    let origin = Origin {
        source: measured.source.clone(),
        recorded_at: measured.recorded_at,
        reference: measured.reference.clone(),
        digest: measured.digest,
    };
    (given, origin)
}

/// What counted in an earlier round of the same scheme that has been posted.
fn earlier(
    door: &mut Door<'_>,
    round: &Round,
    item: &str,
    period: Period,
) -> Result<HashMap<PlaceId, Found>, Refusal> {
    let tenant = door.tenant();
    let period = period.to_string();
    let key = values![tenant, round.scheme, &period, item];
    let mut found = HashMap::new();
    door.connection()
        .for_each(&SELECT_EARLIER, &key, &mut |row| {
            let Some(value) = row.optional_parse::<Decimal>(1)? else {
                return Ok(());
            };
            let origin = Origin {
                source: "round".to_owned(),
                recorded_at: Some(Instant(row.int(3)?)),
                reference: Some(app::Ref::new("round", row.id::<crate::RoundId>(2)?)),
                digest: None,
            };
            found.insert(row.id(0)?, (Given::Value(value), origin));
            Ok(())
        })?;
    Ok(found)
}

/// Reacts to changed measures: open rounds get the new value beside the old one, wherever nobody
/// has verified the section yet. Frozen cells change only by a correction.
pub(crate) const HANDLER: Handler = Handler {
    on: MEASURE_CHANGED,
    run: refresh_changed,
};

fn refresh_changed(door: &mut Door<'_>, event: &Event) -> Result<(), Refusal> {
    let measure = event.body["measure"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let places: Vec<PlaceId> = event.body["subjects"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|place| place.as_str()?.parse().ok())
        .collect();
    let period = event.body["period"]
        .as_str()
        .and_then(|period| period.parse().ok());
    let tenant = door.tenant();
    for round in round::in_state(door.connection(), tenant, RoundState::Open)? {
        let mut items = round::items(door.connection(), tenant, round.round)?;
        items.retain(|item| measure_of(&item.code) == measure);
        if items.is_empty() {
            continue;
        }
        if let Some(period) = period {
            // A figure of a period that no column reads changes nothing here.
            let plan = scheme::plan_of_round(door.connection(), tenant, &round)?;
            items.retain(|item| {
                wanted(&plan, item, round.period)
                    .is_some_and(|(.., reading)| reading.periods().contains(&period))
            });
        }
        let mut subjects = round::subjects(door.connection(), tenant, round.round)?;
        subjects.retain(|subject| places.contains(&subject.place));
        for section in refresh(door, &round, &items, &subjects)? {
            section::refreshed(door, round.round, section)?;
        }
    }
    Ok(())
}

/// Brings the columns of these subjects again and appends what is new. The answer is the sections
/// in which something is, by subject and section number.
pub(crate) fn refresh(
    door: &mut Door<'_>,
    round: &Round,
    items: &[RoundItem],
    subjects: &[Subject],
) -> Result<BTreeSet<(i64, i64)>, Refusal> {
    if items.is_empty() || subjects.is_empty() {
        return Ok(BTreeSet::new());
    }
    let tenant = door.tenant();
    let plan = scheme::plan_of_round(door.connection(), tenant, round)?;
    let section_of: BTreeMap<i64, i64> = items
        .iter()
        .map(|item| (item.item_no, item.section_no))
        .collect();
    let sections: BTreeSet<i64> = section_of.values().copied().collect();
    let mut cells = Cells::new();
    let mut held = BTreeSet::new();
    for subject in subjects {
        let number = subject.subject_no;
        // Held before it is read: a verification meanwhile waits, or is waited for.
        for section in &sections {
            let key = (number, *section);
            if section::hold_unverified(door.connection(), tenant, round.round, key)? {
                held.insert(key);
            }
        }
        cells.extend(cell::of_subject(
            door.connection(),
            tenant,
            round.round,
            number,
        )?);
    }
    let mut new = bring(door, round, &plan, items, subjects)?;
    new.retain(|value| {
        let section = (value.subject_no, section_of[&value.item_no]);
        let known = cells.get(&(value.subject_no, value.item_no));
        let same = known.and_then(|cell| cell.brought.as_ref()) == Some(&value.given);
        !same && held.contains(&section)
    });
    cell::append(door, round.round, &mut cells, &new)?;
    estimate::renew(door, round, &plan, subjects)?;
    let moved = new.iter();
    Ok(moved
        .map(|value| (value.subject_no, section_of[&value.item_no]))
        .collect())
}
