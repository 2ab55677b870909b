//! Disputes about figures that a round has frozen: they block its end until they are answered and
//! the result is corrected; a final round never changes.

use app::Refusal;
use app::dispute::{AnswerDispute, DisputeAnswer, DisputeId, FileDispute};
use assessment::correction::correct_round::{CorrectRound, RoundCorrected};
use assessment::{RoundId, correction, result::calculation, round};

use crate::appeals::read;
use crate::browse::{see, site};
use crate::world::{
    CLERK, CorrectFigure, REVIEWER, VILLAGES, World, account_of, each, place, refused, secretary_of,
};

const VILLAGE: u8 = 12;

impl World<'_> {
    fn dispute(&self, item: &str) -> DisputeId {
        self.app.clock.advance(60_000);
        let file = FileDispute {
            measure: format!("figure.{item}"),
            subject: place(VILLAGE),
            period: "2026-Q3".to_owned(),
            claim: Some("450000".to_owned()),
            reason: "少记了一笔租金。".to_owned(),
            evidence: None,
        };
        let filed = self.by(account_of(secretary_of(VILLAGE)), &file);
        self.app.clock.advance(60_000);
        filed.unwrap().dispute
    }

    fn answer(&self, dispute: DisputeId, answer: DisputeAnswer) {
        let answer = AnswerDispute {
            dispute,
            answer,
            reason: "已核对账目。".to_owned(),
        };
        self.by(account_of(CLERK), &answer).unwrap();
    }

    fn book(&self, value: &str) {
        let correct = CorrectFigure {
            item: "collective_income".to_owned(),
            village: VILLAGE,
            value: value.to_owned(),
        };
        self.app.by_rule(&correct).unwrap();
    }

    fn correct(&self, round: RoundId, dispute: DisputeId) -> Result<RoundCorrected, Refusal> {
        let correct = CorrectRound {
            round,
            dispute,
            reason: "按更正后的账目重算。".to_owned(),
        };
        self.by(account_of(CLERK), &correct)
    }

    fn computed(&self) -> RoundId {
        let round = self.open();
        self.review_all(round, &VILLAGES.map(|(village, ..)| village));
        self.compute(round).unwrap();
        round
    }
}

fn digest(world: &World<'_>, round: RoundId) -> [u8; 32] {
    let tenant = world.app.tenant;
    let kept = read(world, move |c| calculation::kept_digests(c, tenant, round));
    kept.unwrap().results
}

#[test]
fn an_upheld_dispute_blocks_the_end_until_the_result_is_corrected() {
    each(|world| {
        let round = world.posted();
        let dispute = world.dispute("collective_income");
        world.go_to("2026-10-14", 0);
        assert_eq!(
            refused(world.finalise(round)),
            "Invalid dispute-open-in-round"
        );
        let early = world.correct(round, dispute);
        assert_eq!(refused(early), "Invalid dispute-not-upheld");
        world.answer(dispute, DisputeAnswer::Uphold);
        assert_eq!(
            refused(world.finalise(round)),
            "Invalid dispute-not-corrected"
        );
        // The owner agreed but has not put the book right.
        let early = world.correct(round, dispute);
        assert_eq!(refused(early), "Invalid figure-not-corrected");
        world.book("450000");
        let before = digest(world, round);
        assert_eq!(
            refused(world.finalise(round)),
            "Invalid dispute-not-corrected"
        );
        let corrected = world.correct(round, dispute).unwrap();
        assert_eq!(corrected.version, Some(2));
        assert!(corrected.moved > 0);
        assert_ne!(digest(world, round), before);
        let tenant = world.app.tenant;
        let made = read(world, move |c| correction::corrections(c, tenant, round));
        let values: Vec<_> = made
            .iter()
            .map(|made| (made.before.as_deref(), made.after.as_deref()))
            .collect();
        assert_eq!(values, [(Some("120000"), Some("450000"))]);
        assert!(refused(world.correct(round, dispute)).starts_with("Conflict"));
        let site = site(world.app);
        let clerk = site.sign_in(account_of(CLERK));
        let posting = format!("/rounds/{round}/posting");
        let old = format!("{posting}?version=1");
        let link = format!("href=\"{posting}\"");
        see(&site, &clerk, &old, &["现行的是第 2 版", &link]);
        let present = see(&site, &clerk, &posting, &[]);
        assert!(!present.body.contains("已被更正"));
        // Five working days more for whoever moved.
        assert_eq!(refused(world.finalise(round)), "Invalid posting-not-over");
        world.go_to("2026-10-22", 0);
        world.finalise(round).unwrap();
    });
}

#[test]
fn before_the_posting_a_correction_changes_the_provisional_result() {
    each(|world| {
        let round = world.computed();
        let before = digest(world, round);
        let dispute = world.dispute("collective_income");
        world.answer(dispute, DisputeAnswer::Uphold);
        world.book("450000");
        let corrected = world.correct(round, dispute).unwrap();
        assert_eq!(corrected.version, None);
        assert_ne!(digest(world, round), before);
        let posted = world.post(round).unwrap();
        assert_eq!(posted.version, 1);
        assert_eq!(
            posted.results_digest,
            app::FileHash(digest(world, round)).to_string()
        );
    });
}

#[test]
fn what_was_corrected_before_the_round_froze_blocks_nothing() {
    each(|world| {
        let round = world.open();
        let dispute = world.dispute("collective_income");
        world.answer(dispute, DisputeAnswer::Uphold);
        world.book("450000");
        let early = world.correct(round, dispute);
        assert_eq!(refused(early), "Invalid round-still-open");
        world.review_all(round, &VILLAGES.map(|(village, ..)| village));
        world.compute(round).unwrap();
        world.post(round).unwrap();
        world.go_to("2026-10-14", 0);
        world.finalise(round).unwrap();
    });
}

#[test]
fn a_rejected_dispute_blocks_nothing() {
    each(|world| {
        let round = world.posted();
        let dispute = world.dispute("collective_income");
        world.answer(dispute, DisputeAnswer::Reject);
        let result = world.correct(round, dispute);
        assert_eq!(refused(result), "Invalid dispute-not-upheld");
        world.go_to("2026-10-14", 0);
        world.finalise(round).unwrap();
    });
}

#[test]
fn a_final_round_never_changes_and_a_later_correction_refers_to_it() {
    each(|world| {
        let round = world.posted();
        world.go_to("2026-10-14", 0);
        world.finalise(round).unwrap();
        let before = digest(world, round);
        let dispute = world.dispute("collective_income");
        world.answer(dispute, DisputeAnswer::Uphold);
        world.book("450000");
        let noted = world.correct(round, dispute).unwrap();
        assert_eq!((noted.version, noted.moved), (None, 0));
        assert_eq!(digest(world, round), before);
        let tenant = world.app.tenant;
        let versions = read(world, move |c| correction::versions(c, tenant, round));
        assert_eq!(versions.len(), 1);
        let made = read(world, move |c| correction::corrections(c, tenant, round));
        assert_eq!(made.len(), 1);
        assert_eq!(made[0].after.as_deref(), Some("450000"));
        let found = read(world, move |c| round::get(c, tenant, round)).unwrap();
        assert_eq!(found.state.name(), "finalised");
    });
}

#[test]
fn a_dispute_that_the_round_does_not_read_is_not_its_correction() {
    each(|world| {
        let round = world.posted();
        let file = FileDispute {
            measure: "figure.population".to_owned(),
            subject: place(VILLAGE),
            period: "2026-Q3".to_owned(),
            claim: None,
            reason: "人口数不对。".to_owned(),
            evidence: None,
        };
        let filed = world.by(account_of(secretary_of(VILLAGE)), &file).unwrap();
        world.answer(filed.dispute, DisputeAnswer::Uphold);
        let result = world.correct(round, filed.dispute);
        assert_eq!(refused(result), "Invalid dispute-not-of-round");
        let correct = CorrectRound {
            round,
            dispute: filed.dispute,
            reason: "重算。".to_owned(),
        };
        let result = world.by(account_of(REVIEWER), &correct);
        assert_eq!(refused(result), "Denied access-no-role");
    });
}
