//! Bonus and penalty events of a quarter: named by villages and by the county, verified by the
//! towns; in the quarter in progress some wait.

use access::AccountId;
use assessment::{
    EventId,
    event::declare_event::{DeclareEvent, NamedEvent, ProposeEvent},
    event::verify_event::{EventFinding, VerifyEvent},
};
use kernel::Period;

use super::{
    super::stage::Staged,
    rounds::Quarter,
    values::{chosen, pick},
};

/// Situations with a bonus, with what villages say of them.
const BONUS: [(&str, &str); 6] = [
    ("award_county", "获评全县先进，表彰决定见附件。"),
    ("project_landed", "引进项目签约并开工。"),
    ("experience", "经验做法在全县推广。"),
    ("urgent_task", "防汛急难任务完成突出。"),
    ("pilot", "承担县级试点并通过验收。"),
    ("talent_back", "引回青年人才驻村创业。"),
];
/// Situations that take marks off, with what the county says of them.
const PENALTY: [(&str, &str); 5] = [
    ("criticism", "河道保洁不到位，被县里通报。"),
    ("petition", "土地流转费支付引起的县级信访。"),
    ("records_late", "党员教育台账逾期未交。"),
    ("hazards_left", "用电隐患逾期未整改。"),
    ("conduct_faults", "值班脱岗，经核实。"),
];

/// Names the events of a quarter and verifies them; `wait` leaves one of three to be verified.
pub fn tell(quarter: &Quarter<'_>, period: Period, wait: bool) -> Staged<()> {
    let mut named = Vec::new();
    let villages = quarter.picked("bonus", 10);
    let declared = quarter.stage.act_all(villages.iter().map(|&village| {
        let event = event(quarter, period, village, &BONUS);
        (
            quarter.cast.secretaries[village],
            None,
            DeclareEvent { event },
        )
    }))?;
    let declared = declared.into_iter().map(|moved| (moved.event, false));
    named.extend(villages.into_iter().zip(declared));
    let villages = quarter.picked("penalty", 25);
    let proposed = quarter.stage.act_all(villages.iter().map(|&village| {
        let event = event(quarter, period, village, &PENALTY);
        (quarter.cast.reviewer, None, ProposeEvent { event })
    }))?;
    let proposed = proposed.into_iter().map(|moved| (moved.event, true));
    named.extend(villages.into_iter().zip(proposed));
    if wait {
        named.retain(|(village, _)| !chosen(quarter.point(*village), "waits", 3));
    }
    let verified = named
        .into_iter()
        .map(|(village, event)| verify(quarter, village, event));
    quarter.stage.act_all(verified)?;
    Ok(())
}

fn event(
    quarter: &Quarter<'_>,
    period: Period,
    village: usize,
    situations: &[(&str, &str)],
) -> NamedEvent {
    let point = quarter.point(village);
    let (item, description) = situations[pick(point, "situation", situations.len())];
    let days = i64::try_from(pick(point, "day", 80)).unwrap_or(0);
    NamedEvent {
        place: quarter.cast.places[village],
        item: item.to_owned(),
        occurred_on: period.first_day().plus_days(days),
        description: description.to_owned(),
        same_as: None,
        joint: false,
        long_ago: false,
        evidence: vec![quarter.rules.evidence(pick(point, "shown", 12))],
    }
}

/// The town accepts what it was shown, or says why not; of a fault it says whose it was.
fn verify(
    quarter: &Quarter<'_>,
    village: usize,
    (event, penalty): (EventId, bool),
) -> (AccountId, Option<i64>, VerifyEvent) {
    let refused = !penalty && chosen(quarter.point(village), "refused", 9);
    let (finding, reason) = match (refused, penalty) {
        (true, _) => (EventFinding::Refuse, "证明材料不是考核期内的。"),
        (_, true) => (EventFinding::Accept, "现场核对属实，责任在村。"),
        _ => (EventFinding::Accept, "证明材料齐全。"),
    };
    let verify = VerifyEvent {
        event,
        finding,
        fault_found: penalty,
        reason: Some(reason.to_owned()),
    };
    (quarter.cast.verifier(village), None, verify)
}
