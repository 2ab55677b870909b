//! Each move's refused twin: what is not in the tables, and what a guard refuses.

use app::{Caller, Command, Envelope, Refusal, Via};
use assessment::RoundId;
use assessment::result::compute::ComputeRound;
use assessment::round::extend_round::ExtendRound;
use assessment::section::answer::Answer;
use assessment::section::declare::Declare;
use assessment::section::review::Review;
use assessment::section::withdraw::Withdraw;
use assessment::transition::{SECTION_TRANSITIONS, SectionAct, SectionState};

use crate::world::{
    AUDITOR, CLERK, Give, REVIEWER, SECTIONS, VERIFIERS, VILLAGES, World, account_of, answer, day,
    each, place, refused, secretary_of,
};

const VILLAGE: u8 = 11;
const SECTION: &str = "leader";

/// Does an act to the section as the person whose duty it is.
fn act(world: &World<'_>, round: RoundId, act: SectionAct) -> Result<String, Refusal> {
    let (village, section) = (VILLAGE, SECTION);
    let moved = match act {
        SectionAct::Declare => world.declare(round, village, section),
        SectionAct::Verify => world.verify(round, village, section),
        SectionAct::Review => world.review(round, village, section),
        SectionAct::Return => {
            let command = world.give_back(round, village, section, "2026-10-08");
            world.by(account_of(VERIFIERS[0]), &command)
        }
        SectionAct::SendBack => {
            let command = world.send_back(round, village, section, "2026-10-20");
            world.by(account_of(REVIEWER), &command)
        }
        SectionAct::Refresh => unreachable!("nobody does this to a section"),
        SectionAct::Withdraw => world.by(account_of(VERIFIERS[0]), &withdraw(round)),
    };
    moved.map(|moved| moved.state)
}

fn withdraw(round: RoundId) -> Withdraw {
    Withdraw {
        round,
        place: place(VILLAGE),
        section: SECTION.to_owned(),
        reason: "录入有误".to_owned(),
    }
}

/// A way to bring a fresh section into a state.
fn way_to(state: SectionState) -> &'static [SectionAct] {
    use SectionAct::{Declare, Return, Review, SendBack, Verify};
    match state {
        SectionState::Open => &[],
        SectionState::Submitted => &[Declare],
        SectionState::Returned => &[Declare, Return],
        SectionState::Verified => &[Declare, Verify],
        SectionState::SentBack => &[Declare, Verify, SendBack],
        SectionState::Reviewed => &[Declare, Verify, Review],
    }
}

#[test]
fn every_state_takes_the_acts_of_its_rows_and_refuses_the_others() {
    each(|world| {
        let scheme = world.publish();
        let pairs = SectionState::ALL
            .iter()
            .flat_map(|state| SectionAct::ALL.iter().map(move |tried| (*state, *tried)))
            .filter(|(_, tried)| *tried != SectionAct::Refresh);
        for (number, (state, tried)) in pairs.enumerate() {
            // A round for each, in quarters of long ago.
            let (year, quarter) = (2010 + number / 4, number % 4 + 1);
            let mut opening = world.opening(scheme);
            opening.period = format!("{year}-Q{quarter}").parse().unwrap();
            let round = world.by(account_of(CLERK), &opening).unwrap().round;
            for step in way_to(state) {
                act(world, round, *step).unwrap();
            }
            let row = SECTION_TRANSITIONS
                .iter()
                .find(|row| row.from == state && row.act == tried);
            let result = act(world, round, tried);
            match row {
                Some(row) => assert_eq!(result.unwrap(), row.to.name(), "{state} {tried}"),
                None => assert_eq!(
                    refused(result),
                    "Invalid section-not-in-state",
                    "{state} {tried}"
                ),
            }
        }
    });
}

fn check_declaration(change: impl Fn(&mut Declare), section: &str, expected: &str) {
    each(|world| {
        let round = world.open();
        let mut declaration = world.declaration(round, VILLAGE, section);
        change(&mut declaration);
        let result = world.by(account_of(secretary_of(VILLAGE)), &declaration);
        assert_eq!(refused(result), expected);
        // Nothing was written: the right declaration is still taken.
        world.declare(round, VILLAGE, section).unwrap();
    });
}

#[test]
fn a_declaration_must_be_complete_and_believable() {
    let set = |value: &'static str| {
        move |declaration: &mut Declare| declaration.items[0].value = Some(value.to_owned())
    };
    check_declaration(|d| d.items.clear(), "leader", "Invalid value-required");
    check_declaration(set("约七十"), "leader", "Invalid not-a-number");
    check_declaration(set("1.5"), "leader", "Invalid value-too-many-places");
    check_declaration(set("20001"), "leader", "Invalid value-out-of-range");
    check_declaration(
        |d| d.items.push(answer("households", "3")),
        "leader",
        "Invalid item-not-asked",
    );
    check_declaration(
        |d| d.items.push(d.items[0].clone()),
        "leader",
        "Invalid item-twice",
    );
    check_declaration(
        |d| d.items[0].missing = Some("没有台账".to_owned()),
        "leader",
        "Invalid value-and-reason",
    );
    check_declaration(
        |d| d.items[0].evidence.clear(),
        "common_prosperity",
        "Invalid evidence-required",
    );
    check_declaration(
        |d| d.items[0].evidence[0].file = "0".repeat(64),
        "common_prosperity",
        "Invalid file-unknown",
    );
}

#[test]
fn a_missing_value_has_a_reason_and_needs_no_evidence() {
    each(|world| {
        let round = world.open();
        let mut declaration = world.declaration(round, VILLAGE, "common_prosperity");
        declaration.items[0] = Answer {
            item: "coop_share".to_owned(),
            missing: Some("尚未成立合作社".to_owned()),
            ..Answer::default()
        };
        world
            .by(account_of(secretary_of(VILLAGE)), &declaration)
            .unwrap();
    });
}

#[test]
fn who_adjusts_says_why() {
    each(|world| {
        let round = world.open();
        world.declare(round, VILLAGE, "fortress").unwrap();
        let mut verification = world.verification(round, VILLAGE, "fortress");
        verification.items = vec![answer("posts_filled", "2")];
        let verifier = account_of(VERIFIERS[0]);
        let silent = world.by(verifier, &verification);
        assert_eq!(refused(silent), "Invalid reason-for-change");
        verification.items[0].reason = Some("一人已调离".to_owned());
        world.by(verifier, &verification).unwrap();
    });
}

#[test]
fn the_town_must_give_what_it_supplies() {
    each(|world| {
        let round = world.open();
        world.declare(round, VILLAGE, "leader").unwrap();
        let mut verification = world.verification(round, VILLAGE, "leader");
        verification.items.clear();
        let result = world.by(account_of(VERIFIERS[0]), &verification);
        assert_eq!(refused(result), "Invalid value-required");
    });
}

#[test]
fn three_steps_need_three_natural_persons() {
    each(|world| {
        let round = world.open();
        let everything = [
            ("village_secretary", VILLAGE),
            ("town_verifier", 10),
            ("county_reviewer", 1),
        ];
        for person in [secretary_of(VILLAGE), VERIFIERS[0], REVIEWER] {
            for (role, at) in everything {
                let give = Give {
                    person,
                    role: role.to_owned(),
                    at,
                };
                // A role that the person has already is refused, and that is all right here.
                let _ = world.app.by_rule(&give);
            }
        }
        let denied = "Denied access-separation-of-duties";
        world.declare(round, VILLAGE, SECTION).unwrap();
        let verification = world.verification(round, VILLAGE, SECTION);
        let own = world.by(account_of(secretary_of(VILLAGE)), &verification);
        assert_eq!(refused(own), denied);
        world.verify(round, VILLAGE, SECTION).unwrap();
        let review = Review {
            round,
            place: place(VILLAGE),
            section: SECTION.to_owned(),
            items: Vec::new(),
        };
        for earlier in [secretary_of(VILLAGE), VERIFIERS[0]] {
            assert_eq!(refused(world.by(account_of(earlier), &review)), denied);
        }
        world.by(account_of(REVIEWER), &review).unwrap();
    });
}

#[test]
fn rights_end_at_the_place() {
    each(|world| {
        let round = world.open();
        let declaration = world.declaration(round, VILLAGE, SECTION);
        for (person, expected) in [
            (secretary_of(12), "Denied access-other-place"),
            (AUDITOR, "Denied access-no-role"),
        ] {
            let result = world.by(account_of(person), &declaration);
            assert_eq!(refused(result), expected);
        }
        world.declare(round, VILLAGE, SECTION).unwrap();
        let verification = world.verification(round, VILLAGE, SECTION);
        let other_town = world.by(account_of(VERIFIERS[1]), &verification);
        assert_eq!(refused(other_town), "Denied access-other-place");
        let compute = world.by(account_of(AUDITOR), &ComputeRound { round });
        assert_eq!(refused(compute), "Denied access-no-role");
    });
}

fn extension(round: RoundId, village: Option<u8>, declare_until: &str) -> ExtendRound {
    ExtendRound {
        round,
        place: village.map(place),
        declare_until: day(declare_until),
        verify_until: day("2026-10-15"),
        review_until: day("2026-10-25"),
        reason: "台风停电".to_owned(),
    }
}

#[test]
fn a_window_closes_and_can_be_opened_for_one_village() {
    each(|world| {
        let round = world.open();
        world.go_to("2026-10-05", 24 * 60 - 1);
        world.declare(round, 12, SECTION).unwrap();
        world.go_to("2026-10-06", 0);
        assert_eq!(
            refused(world.declare(round, VILLAGE, SECTION)),
            "Invalid window-closed"
        );
        let clerk = account_of(CLERK);
        let earlier = world.by(clerk, &extension(round, Some(VILLAGE), "2026-10-04"));
        assert_eq!(refused(earlier), "Invalid terms-not-later");
        world
            .by(clerk, &extension(round, Some(VILLAGE), "2026-10-07"))
            .unwrap();
        world.declare(round, VILLAGE, SECTION).unwrap();
        assert_eq!(
            refused(world.declare(round, 21, SECTION)),
            "Invalid window-closed"
        );
        world
            .by(clerk, &extension(round, None, "2026-10-06"))
            .unwrap();
        world.declare(round, 21, SECTION).unwrap();
        world.go_to("2026-10-16", 0);
        assert_eq!(
            refused(world.verify(round, 12, SECTION)),
            "Invalid window-closed"
        );
    });
}

#[test]
fn a_return_has_a_reason_a_day_and_a_limit() {
    each(|world| {
        let round = world.open();
        let verifier = account_of(VERIFIERS[0]);
        let give_back = |reason: &str, due: &str| {
            let mut command = world.give_back(round, VILLAGE, SECTION, due);
            command.reason = reason.to_owned();
            world.by(verifier, &command)
        };
        world.declare(round, VILLAGE, SECTION).unwrap();
        assert_eq!(refused(give_back("  ", "2026-10-08")), "Invalid required");
        assert_eq!(
            refused(give_back("补充", "2026-09-30")),
            "Invalid due-in-the-past"
        );
        assert_eq!(
            refused(give_back("补充", "2027-10-08")),
            "Invalid due-too-late"
        );
        for _ in 0..3 {
            give_back("补充", "2026-10-08").unwrap();
            world.declare(round, VILLAGE, SECTION).unwrap();
        }
        assert_eq!(
            refused(give_back("补充", "2026-10-08")),
            "Invalid returns-used-up"
        );
        // The due day of a return reaches beyond the term.
        let mut other = world.give_back(round, 12, SECTION, "2026-10-08");
        other.place = place(12);
        world.declare(round, 12, SECTION).unwrap();
        world.by(verifier, &other).unwrap();
        world.go_to("2026-10-08", 60);
        world.declare(round, 12, SECTION).unwrap();
    });
}

#[test]
fn a_round_is_computed_only_when_everything_is_reviewed_and_then_stands() {
    each(|world| {
        let round = world.open();
        world.review_all(round, &[11, 12, 21]);
        let refusal = world.compute(round).unwrap_err();
        assert_eq!(refusal.findings[0].code, "sections-not-reviewed");
        let args = &refusal.findings[0].args;
        assert!(format!("{args:?}").contains("青石村"), "{args:?}");
        let not_now = "Invalid round-not-in-state";
        assert_eq!(refused(world.post(round)), not_now);
        assert_eq!(refused(world.finalise(round)), not_now);
        world.review_all(round, &[22]);
        world.compute(round).unwrap();
        assert_eq!(refused(world.compute(round)), not_now);
        assert_eq!(
            refused(world.declare(round, 11, SECTION)),
            "Invalid round-not-open"
        );
        let back = world.send_back(round, 11, SECTION, "2026-10-20");
        let back = world.by(account_of(REVIEWER), &back);
        assert_eq!(refused(back), "Invalid round-not-open");
        let extend = world.by(account_of(CLERK), &extension(round, None, "2026-10-06"));
        assert_eq!(refused(extend), "Invalid round-not-open");
        assert_eq!(refused(world.finalise(round)), not_now);
        world.post(round).unwrap();
        assert_eq!(refused(world.compute(round)), not_now);
        assert_eq!(refused(world.post(round)), not_now);
        world.go_to("2026-10-14", 0);
        world.finalise(round).unwrap();
        assert_eq!(refused(world.finalise(round)), not_now);
        assert_eq!(refused(world.post(round)), not_now);
        assert_eq!(refused(world.compute(round)), not_now);
    });
}

#[test]
fn a_disputed_figure_keeps_a_round_from_being_final() {
    each(|world| {
        let round = world.open();
        world.review_all(round, &VILLAGES.map(|(village, ..)| village));
        let dispute = app::dispute::FileDispute {
            measure: "figure.collective_income".to_owned(),
            subject: place(VILLAGE),
            period: "2026-Q3".to_owned(),
            claim: Some("400000".to_owned()),
            reason: "漏记一笔租金".to_owned(),
            evidence: None,
        };
        let filed = world
            .by(account_of(secretary_of(VILLAGE)), &dispute)
            .unwrap();
        world.compute(round).unwrap();
        world.post(round).unwrap();
        world.go_to("2026-10-14", 0);
        assert_eq!(
            refused(world.finalise(round)),
            "Invalid dispute-open-in-round"
        );
        let answer = app::dispute::AnswerDispute {
            dispute: filed.dispute,
            answer: app::dispute::DisputeAnswer::Reject,
            reason: "租金记在下一季度".to_owned(),
        };
        world.by(account_of(CLERK), &answer).unwrap();
        world.finalise(round).unwrap();
    });
}

#[test]
fn opening_a_round_is_checked() {
    each(|world| {
        let scheme = world.publish();
        let clerk = account_of(CLERK);
        let mut opening = world.opening(scheme);
        opening.declare_until = day("2026-09-01");
        opening.posting_days = 0;
        let result = world.by(clerk, &opening);
        assert_eq!(refused(result), "Invalid due-in-the-past posting-days");
        let mut opening = world.opening(scheme);
        opening.review_until = day("2026-10-14");
        assert_eq!(
            refused(world.by(clerk, &opening)),
            "Invalid round-terms-order"
        );
        let opening = world.opening(scheme);
        assert_eq!(
            refused(world.by(account_of(AUDITOR), &opening)),
            "Denied access-no-role"
        );
        world.by(clerk, &opening).unwrap();
        assert_eq!(
            refused(world.by(clerk, &opening)),
            "Invalid round-opened-already"
        );
    });
}

#[test]
fn an_unchanged_scheme_is_not_published_twice() {
    each(|world| {
        world.publish();
        let source = assessment::scheme::publish_scheme::SchemeSource::Pack {
            pack: "demo".into(),
            scheme: "demo_quarter".into(),
        };
        let again = assessment::scheme::publish_scheme::PublishScheme {
            place: place(1),
            source,
        };
        let result = world.by(account_of(CLERK), &again);
        assert_eq!(refused(result), "Invalid scheme-published-already");
    });
}

#[test]
fn a_section_seen_at_an_old_revision_is_a_lost_race_that_names_who_and_when() {
    each(|world| {
        let round = world.open();
        world.declare(round, VILLAGE, SECTION).unwrap();
        let verification = world.verification(round, VILLAGE, SECTION);
        let envelope = Envelope::of(world.app.command_id(), &verification).seen(0);
        let caller = Caller::Account {
            account: account_of(VERIFIERS[0]),
            authentication: access::Authentication::Fresh,
            on_behalf_of: None,
        };
        let result: Result<assessment::section::decision::SectionMoved, _> =
            world.app.run(caller, Via::Browser, envelope);
        let refusal = result.unwrap_err();
        assert_eq!(refusal.kind, app::RefusalKind::Conflict);
        let text = refusal.findings[0].to_string();
        assert!(
            text.contains("柳湾村书记") && text.contains("2026-10-01 09:00"),
            "{text}"
        );
    });
}

#[test]
fn every_command_has_a_schema_and_its_own_name() {
    let feature = assessment::feature();
    let names: std::collections::BTreeSet<_> = feature
        .commands
        .iter()
        .map(|command| command.name)
        .collect();
    assert_eq!(names.len(), feature.commands.len());
    assert!(names.contains(Declare::NAME));
    for command in &feature.commands {
        let schema = (command.schema)();
        assert!(
            serde_json::to_value(&schema.body).unwrap().is_object(),
            "{}",
            command.name
        );
    }
    assert_eq!(SECTIONS.len(), 4);
}
