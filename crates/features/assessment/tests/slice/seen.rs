//! Who moves a section or a round has seen it as it stands; and what is given back can always be
//! taken again.

use app::{Command, Envelope, RefusalKind};
use assessment::result::compute::ComputeRound;
use assessment::section::answer::Answer;
use assessment::section::decision::SectionMoved;
use assessment::section::withdraw::Withdraw;

use crate::world::{
    CLERK, CorrectFigure, REVIEWER, VERIFIERS, World, account_of, each, place, refused,
};

const VILLAGE: u8 = 11;
const SECTION: &str = "leader";

fn correct(world: &World<'_>, value: &str) {
    let correction = CorrectFigure {
        item: "households".to_owned(),
        village: VILLAGE,
        value: value.to_owned(),
    };
    world.app.by_rule(&correction).unwrap();
}

fn envelope<C: Command>(world: &World<'_>, command: &C) -> Envelope {
    Envelope::of(world.app.command_id(), command)
}

#[test]
fn a_figure_that_changes_moves_the_revision_until_somebody_has_verified() {
    each(|world| {
        let round = world.open();
        let declared = world.declare(round, VILLAGE, SECTION).unwrap();
        correct(world, "410");
        let verification = world.verification(round, VILLAGE, SECTION);
        let seen_before = envelope(world, &verification).seen(declared.revision);
        let refusal = world
            .send::<SectionMoved>(account_of(VERIFIERS[0]), seen_before)
            .unwrap_err();
        assert_eq!(refusal.kind, RefusalKind::Conflict);
        assert_eq!(refusal.findings[0].code, "figures-changed");
        // The same figure again is no change; and what is verified is not moved any more.
        correct(world, "410");
        let seen_now = envelope(world, &verification).seen(declared.revision + 1);
        let verified: SectionMoved = world.send(account_of(VERIFIERS[0]), seen_now).unwrap();
        assert_eq!(verified.revision, declared.revision + 2);
        correct(world, "420");
        let review = envelope(world, &verification);
        assert_eq!(world.revision(&review), Some(verified.revision));
        world.review(round, VILLAGE, SECTION).unwrap();
    });
}

#[test]
fn a_return_keeps_its_reason_and_day_while_figures_change() {
    each(|world| {
        let round = world.open();
        world.declare(round, VILLAGE, SECTION).unwrap();
        let back = world.give_back(round, VILLAGE, SECTION, "2026-10-08");
        world.by(account_of(VERIFIERS[0]), &back).unwrap();
        correct(world, "410");
        world.go_to("2026-10-08", 60);
        world.declare(round, VILLAGE, SECTION).unwrap();
    });
}

store::statements! {
    SELECT_SAID = "SELECT e.reason, count(f.file) FROM value_event e LEFT JOIN evidence f \
        ON f.tenant = e.tenant AND f.round = e.round AND f.subject_no = e.subject_no \
        AND f.item_no = e.item_no AND f.seq = e.seq WHERE e.tenant = $1 AND e.kind = 'verified' \
        AND e.reason IS NOT NULL GROUP BY e.reason ORDER BY e.reason";
}

#[test]
fn what_a_verifier_says_of_a_value_that_stands_is_kept() {
    each(|world| {
        let round = world.open();
        world.declare(round, VILLAGE, "common_prosperity").unwrap();
        let mut verification = world.verification(round, VILLAGE, "common_prosperity");
        verification.items.push(Answer {
            item: "coop_share".to_owned(),
            reason: Some("已到村核对名册。".to_owned()),
            evidence: world.evidence(VERIFIERS[0]),
            ..Answer::default()
        });
        world.by(account_of(VERIFIERS[0]), &verification).unwrap();
        let tenant = world.app.tenant;
        let read = world.app.app.store().read(move |c| {
            c.all(&SELECT_SAID, &store::values![tenant], |row| {
                Ok((row.text(0)?.to_owned(), row.int(1)?))
            })
        });
        let said: Result<Vec<(String, i64)>, store::StoreError> = read.wait();
        assert_eq!(said.unwrap(), [("已到村核对名册。".to_owned(), 1)]);
    });
}

#[test]
fn programs_too_say_which_revision_they_saw() {
    each(|world| {
        let round = world.open();
        let declaration = world.declaration(round, VILLAGE, SECTION);
        let secretary = account_of(crate::world::secretary_of(VILLAGE));
        let declared = world.send::<SectionMoved>(secretary, envelope(world, &declaration));
        assert_eq!(refused(declared), "Invalid revision-required");
        let compute = envelope(world, &ComputeRound { round });
        let computed = world.send::<serde_json::Value>(account_of(CLERK), compute);
        assert_eq!(refused(computed), "Invalid revision-required");
    });
}

#[test]
fn what_is_given_back_is_due_while_somebody_can_still_take_it() {
    each(|world| {
        let round = world.open();
        let (verifier, reviewer) = (account_of(VERIFIERS[0]), account_of(REVIEWER));
        world.declare(round, VILLAGE, SECTION).unwrap();
        let back = |due| world.give_back(round, VILLAGE, SECTION, due);
        let late = world.by(verifier, &back("2026-10-16"));
        assert_eq!(refused(late), "Invalid due-too-late");
        world.by(verifier, &back("2026-10-15")).unwrap();
        world.go_to("2026-10-15", 600);
        world.declare(round, VILLAGE, SECTION).unwrap();
        world.verify(round, VILLAGE, SECTION).unwrap();

        world.go_to("2026-10-20", 600);
        let send_back = |due| world.send_back(round, VILLAGE, SECTION, due);
        let late = world.by(reviewer, &send_back("2026-10-26"));
        assert_eq!(refused(late), "Invalid due-too-late");
        world.by(reviewer, &send_back("2026-10-24")).unwrap();
        // The town passes it on to the village within the time that it got, after its own term.
        let late = world.by(verifier, &back("2026-10-25"));
        assert_eq!(refused(late), "Invalid due-too-late");
        world.by(verifier, &back("2026-10-23")).unwrap();
        world.go_to("2026-10-23", 600);
        world.declare(round, VILLAGE, SECTION).unwrap();
        world.verify(round, VILLAGE, SECTION).unwrap();
        let withdraw = Withdraw {
            round,
            place: place(VILLAGE),
            section: SECTION.to_owned(),
            reason: "录入有误".to_owned(),
        };
        world.by(verifier, &withdraw).unwrap();
        world.go_to("2026-10-24", 600);
        world.verify(round, VILLAGE, SECTION).unwrap();
        // Who could not verify again any more does not take it back either.
        world.go_to("2026-10-25", 600);
        let late = world.by(verifier, &withdraw);
        assert_eq!(refused(late), "Invalid window-closed");
        world.review(round, VILLAGE, SECTION).unwrap();
    });
}
