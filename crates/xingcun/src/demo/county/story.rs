//! What happens in the whole county from January to November 2026.

use kernel::{Day, Period};
use std::fmt::Write;

use assessment::{
    result::compute::ComputeRound, result::finalise::FinaliseRound, result::post::PostRound,
    round::draw_sample::DrawSample,
};

use super::{
    super::stage::{Stage, Staged},
    appeals, disputes, events,
    people::Cast,
    places::VILLAGES,
    rounds::{self, Quarter, Rules},
    values,
};

/// A day of 2026.
fn day(month: i8, day: i8) -> Staged<Day> {
    Ok(Day::new(2026, month, day).ok_or("a day")?)
}

/// Days of a finished quarter: month and day of 2026.
struct Calendar {
    year: i16,
    quarter: i8,
    opened: (i8, i8),
    declared: (i8, i8),
    until: [(i8, i8); 3],
    verified: (i8, i8),
    reviewed: (i8, i8),
    computed: (i8, i8),
    finalised: (i8, i8),
}

/// The three finished quarters.
const FINISHED: [Calendar; 3] = [
    Calendar {
        year: 2025,
        quarter: 4,
        opened: (1, 5),
        declared: (1, 6),
        until: [(1, 12), (1, 19), (1, 26)],
        verified: (1, 14),
        reviewed: (1, 21),
        computed: (1, 27),
        finalised: (2, 9),
    },
    Calendar {
        year: 2026,
        quarter: 1,
        opened: (4, 1),
        declared: (4, 7),
        until: [(4, 13), (4, 20), (4, 27)],
        verified: (4, 15),
        reviewed: (4, 22),
        computed: (4, 28),
        finalised: (5, 12),
    },
    Calendar {
        year: 2026,
        quarter: 2,
        opened: (7, 1),
        declared: (7, 2),
        until: [(7, 8), (7, 15), (7, 24)],
        verified: (7, 9),
        reviewed: (7, 17),
        computed: (7, 27),
        finalised: (8, 14),
    },
];

/// The whole story.
pub fn tell(stage: &Stage, cast: &Cast) -> Staged<()> {
    stage.at(1, 4, 9);
    let rules = Rules::publish(stage, cast)?;
    for (number, calendar) in FINISHED.iter().enumerate() {
        finished(stage, cast, &rules, number, calendar)?;
    }
    in_progress(stage, cast, &rules)
}

fn until(days: [(i8, i8); 3]) -> Staged<[Day; 3]> {
    let [declare, verify, review] = days;
    Ok([
        day(declare.0, declare.1)?,
        day(verify.0, verify.1)?,
        day(review.0, review.1)?,
    ])
}

/// A section of the scheme: common prosperity, with the evidence that towns ask for again.
const PROSPERITY: usize = 2;
/// A section of the scheme: fortress.
const FORTRESS: usize = 0;

fn finished(
    stage: &Stage,
    cast: &Cast,
    rules: &Rules,
    number: usize,
    calendar: &Calendar,
) -> Staged<()> {
    let period = Period::quarter(calendar.year, calendar.quarter).ok_or("a quarter")?;
    stage.says_round(period);
    let at = |(month, day): (i8, i8)| stage.at(month, day, 7);
    at(calendar.opened);
    let terms = until(calendar.until)?;
    let quarter = Quarter::open((stage, cast, rules), number, period, terms)?;
    if number == 1 {
        disputes::before_verification(&quarter)?;
    }
    events::tell(&quarter, period, false)?;
    at(calendar.declared);
    let late = quarter.picked("late", 120);
    quarter.extend(&late, [terms[1], terms[1], terms[2]])?;
    quarter
        .declare(&quarter.sections_of((0..VILLAGES).filter(|village| !late.contains(village))))?;
    at(calendar.verified);
    quarter.declare(&quarter.sections_of(late))?;
    verify_all(&quarter, calendar.verified)?;
    stage.app.seal(true)?;
    let round = quarter.round;
    stage.act(cast.clerk, &DrawSample { round, percent: 10 })?;
    review_all(&quarter, calendar.reviewed)?;
    at(calendar.computed);
    stage.act_on_round(cast.clerk, round, &ComputeRound { round })?;
    stage.act_on_round(cast.clerk, round, &PostRound { round })?;
    let posted = day(calendar.computed.0, calendar.computed.1)?;
    match number {
        0 => disputes::after_posting(&quarter, posted, period)?,
        2 => appeals::tell(&quarter, posted)?,
        _ => {}
    }
    at(calendar.finalised);
    stage.act_on_round(cast.clerk, round, &FinaliseRound { round })?;
    stage.app.seal(true)?;
    Ok(())
}

/// The towns verify; some villages get a section back, and hand it in again on the next day.
fn verify_all(quarter: &Quarter<'_>, (month, of_month): (i8, i8)) -> Staged<()> {
    let back = quarter.picked("returned", 45);
    let back: Vec<_> = back
        .into_iter()
        .map(|village| (village, PROSPERITY))
        .collect();
    quarter.give_back(&back, day(month, of_month + 1)?)?;
    let mut all = quarter.sections_of(0..VILLAGES);
    all.retain(|part| !back.contains(part));
    quarter.verify(&all)?;
    quarter.stage.at(month, of_month + 1, 9);
    quarter.declare(&back)?;
    quarter.verify(&back)
}

/// The county reviews; some towns get a section back, and verify it again.
fn review_all(quarter: &Quarter<'_>, (month, of_month): (i8, i8)) -> Staged<()> {
    quarter.stage.at(month, of_month, 7);
    let back = quarter.picked("sent back", 110);
    let back: Vec<_> = back
        .into_iter()
        .map(|village| (village, FORTRESS))
        .collect();
    quarter.send_back(&back, day(month, of_month + 1)?)?;
    quarter.verify(&back)?;
    quarter.review(&quarter.sections_of(0..VILLAGES))
}

/// The third quarter, as the clock finds it.
fn in_progress(stage: &Stage, cast: &Cast, rules: &Rules) -> Staged<()> {
    let period = Period::quarter(2026, 3).ok_or("a quarter")?;
    stage.says_round(period);
    stage.at(10, 26, 7);
    let terms = until([(11, 9), (11, 16), (11, 23)])?;
    let quarter = Quarter::open((stage, cast, rules), 3, period, terms)?;
    quarter.extend(&quarter.picked("late", 120), [terms[1], terms[1], terms[2]])?;
    events::tell(&quarter, period, true)?;
    // Nine of ten villages have declared; the first one has two sections to do.
    let declared: Vec<usize> = (1..VILLAGES).filter(|village| village % 10 != 3).collect();
    stage.at(10, 27, 7);
    quarter.declare(&quarter.sections_of(declared.iter().copied()))?;
    quarter.declare(&[(0, 0), (0, 1)])?;
    stage.at(10, 29, 7);
    let verified: Vec<usize> = declared.into_iter().filter(|v| v % 3 != 1).collect();
    let mut parts = quarter.sections_of(verified.iter().copied());
    let back = quarter.picked("returned", 45);
    let back: Vec<_> = back
        .into_iter()
        .map(|village| (village, PROSPERITY))
        .collect();
    let back: Vec<_> = back
        .into_iter()
        .filter(|part| parts.contains(part))
        .collect();
    quarter.give_back(&back, day(11, 6)?)?;
    parts.retain(|part| !back.contains(part));
    quarter.verify(&parts)?;
    stage.at(10, 30, 7);
    parts.retain(|(village, _)| village % 4 == 0);
    quarter.review(&parts)?;
    stage.at(11, 2, 9);
    import_october(stage, cast)?;
    disputes::still_open(&quarter, period)
}

/// The monthly report of collective income, with the year before beside it (CL-14).
fn import_october(stage: &Stage, cast: &Cast) -> Staged<()> {
    let mut rows = String::new();
    for (number, village) in cast.villages.iter().enumerate() {
        let code = &village.code;
        let (now, before) = (
            values::income_to_october(number),
            values::income_of_2025(number),
        );
        writeln!(rows, "{code},collective_income,2026-M10,{now},元,三资台账")?;
        writeln!(rows, "{code},collective_income,2025,{before},元,三资台账")?;
    }
    rounds::import(stage, cast, &rows)
}
