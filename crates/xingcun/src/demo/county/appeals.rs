//! Appeals against the posted result of the second quarter of 2026: two are granted and move ranks,
//! one is not.

use assessment::{
    appeal::decide_appeal::{AppealDecision, DecideAppeal},
    appeal::lodge_appeal::LodgeAppeal,
    section::answer::Answer,
};
use kernel::Day;

use super::{
    super::stage::Staged,
    places::VILLAGES,
    rounds::{Quarter, answer},
};

/// The item of which a village brings a record that was not at hand.
const ITEM: &str = "households_visited";

/// Three villages that lag far behind in the item appeal on the day after the posting.
pub fn tell(quarter: &Quarter<'_>, posted: Day) -> Staged<()> {
    let (stage, cast) = (quarter.stage, quarter.cast);
    let behind = (1..VILLAGES).filter(|village| quarter.point(*village).falls_short(ITEM));
    let behind: Vec<usize> = behind.take(3).collect();
    let mut appeals = Vec::new();
    stage.on(posted.plus_days(1), 10);
    for village in &behind {
        let lodge = LodgeAppeal {
            round: quarter.round,
            place: cast.places[*village],
            item: Some(ITEM.to_owned()),
            claim: None,
            reason: "有一册走访记录当时在驻村工作队手里，没有录入，现补充。".to_owned(),
            evidence: vec![quarter.rules.evidence(2)],
        };
        let lodged = stage.act(cast.secretaries[*village], &lodge)?;
        appeals.push((*village, lodged.appeal));
    }
    stage.on(posted.plus_days(3), 15);
    for (number, (village, appeal)) in appeals.into_iter().enumerate() {
        let granted = number > 0;
        let households = quarter.point(village).value("households");
        let items: Vec<Answer> = granted
            .then(|| answer(ITEM, &households))
            .into_iter()
            .collect();
        let (decision, reason) = if granted {
            let reason = "补充的走访记录齐全，属实，予以更正。";
            (AppealDecision::Uphold, reason)
        } else {
            let reason = "补充的记录日期在考核期以外，维持原结果。";
            (AppealDecision::Reject, reason)
        };
        let decide = DecideAppeal {
            appeal,
            decision,
            reason: reason.to_owned(),
            items,
        };
        stage.act(cast.decider, &decide)?;
    }
    Ok(())
}
