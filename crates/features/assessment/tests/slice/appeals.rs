//! Appeals: every move of the table and its refused twin, who decides, by when, and what a granted
//! one makes of the result.

use access::Role;
use app::Refusal;
use assessment::appeal::decide_appeal::{AppealDecision, DecideAppeal};
use assessment::appeal::withdraw_appeal::WithdrawAppeal;
use assessment::appeal::{self, Clock};
use assessment::transition::{APPEAL_TRANSITIONS, AppealAct, AppealState};
use assessment::{AppealId, RoundId, correction, result, round};
use store::{Connection, StoreError};

use crate::world::{
    AUDITOR, CLERK, DECIDER, Give, REVIEWER, VERIFIERS, World, account_of, day, each, refused,
    secretary_of,
};

const VILLAGE: u8 = 11;
const ITEM: &str = "households_visited";

pub fn read<T: Send + 'static>(
    world: &World<'_>,
    mut work: impl FnMut(&mut dyn Connection) -> Result<T, StoreError> + Send + 'static,
) -> T {
    let store = world.app.app.store();
    store
        .read(move |connection| work(connection))
        .wait()
        .unwrap()
}

fn withdraw(world: &World<'_>, appeal: AppealId) -> Result<String, Refusal> {
    let withdraw = WithdrawAppeal {
        appeal,
        reason: "已与镇里核对清楚。".to_owned(),
    };
    let moved = world.by(account_of(secretary_of(VILLAGE)), &withdraw);
    moved.map(|moved| moved.state)
}

fn act(world: &World<'_>, appeal: AppealId, act: AppealAct) -> Result<String, Refusal> {
    match act {
        AppealAct::Lodge => unreachable!("makes an appeal of its own"),
        AppealAct::Uphold => world
            .uphold(appeal, &[(ITEM, "399")])
            .map(|moved| moved.state),
        AppealAct::Reject => world.reject(appeal).map(|moved| moved.state),
        AppealAct::Withdraw => withdraw(world, appeal),
    }
}

#[test]
fn every_state_takes_the_acts_of_its_rows_and_refuses_the_others() {
    each(|world| {
        let round = world.posted();
        // One item for each way, so that no appeal stands in another's way.
        let items = ["households_visited", "posts_filled", "meetings_held"];
        let ways = [AppealAct::Uphold, AppealAct::Reject, AppealAct::Withdraw];
        for (item, way) in items.into_iter().zip(ways) {
            let appeal = world.lodge(round, VILLAGE, Some(item)).unwrap();
            let again = world.lodge(round, VILLAGE, Some(item));
            assert_eq!(refused(again), "Invalid appeal-open-already");
            let row = APPEAL_TRANSITIONS
                .iter()
                .find(|row| row.act == way)
                .unwrap();
            assert_eq!(row.from, AppealState::Lodged);
            let values = [(item, "4")];
            let state = match way {
                AppealAct::Uphold => world.uphold(appeal, &values).map(|moved| moved.state),
                way => act(world, appeal, way),
            };
            assert_eq!(state.unwrap(), row.to.name(), "{way}");
            for other in ways {
                let result = act(world, appeal, other);
                assert_eq!(
                    refused(result),
                    "Invalid appeal-not-in-state",
                    "{way} then {other}"
                );
            }
        }
    });
}

fn lodge_refused(change: impl Fn(&World<'_>, RoundId), village: u8, by: u8, expected: &str) {
    each(|world| {
        let round = world.posted();
        change(world, round);
        let lodge = world.appeal(round, village, Some(ITEM));
        let result = world.by(account_of(by), &lodge);
        assert_eq!(refused(result), expected);
    });
}

#[test]
fn an_appeal_is_the_villages_own_with_a_reason_and_in_time() {
    let own = secretary_of(VILLAGE);
    let other = "Denied access-other-place";
    lodge_refused(|_, _| {}, VILLAGE, secretary_of(12), other);
    lodge_refused(|_, _| {}, VILLAGE, CLERK, "Denied access-no-role");
    // The posting ends at 24:00 of 13 October.
    let late = "Invalid appeal-too-late";
    lodge_refused(|world, _| world.go_to("2026-10-14", 0), VILLAGE, own, late);
    let finalise = |world: &World<'_>, round| {
        world.go_to("2026-10-14", 0);
        world.finalise(round).unwrap();
    };
    lodge_refused(finalise, VILLAGE, own, "Invalid round-not-posted");
    each(|world| {
        let round = world.open();
        assert_eq!(
            refused(world.lodge(round, VILLAGE, None)),
            "Invalid round-not-posted"
        );
    });
    each(|world| {
        let round = world.posted();
        let by = account_of(own);
        let mut lodge = world.appeal(round, VILLAGE, Some(ITEM));
        lodge.reason = " ".to_owned();
        assert_eq!(refused(world.by(by, &lodge)), "Invalid required");
        let mut lodge = world.appeal(round, VILLAGE, Some("nonsense"));
        assert_eq!(refused(world.by(by, &lodge)), "Invalid item-not-in-round");
        lodge.item = None;
        lodge.claim = Some("5".to_owned());
        assert_eq!(refused(world.by(by, &lodge)), "Invalid claim-without-item");
        lodge.item = Some(ITEM.to_owned());
        lodge.claim = Some("很多".to_owned());
        assert_eq!(refused(world.by(by, &lodge)), "Invalid not-a-number");
        lodge.claim = None;
        lodge.evidence = world.evidence(secretary_of(VILLAGE));
        lodge.evidence[0].file = "0".repeat(64);
        assert_eq!(refused(world.by(by, &lodge)), "Invalid file-unknown");
        world.go_to("2026-10-13", 24 * 60 - 1);
        lodge.evidence = world.evidence(secretary_of(VILLAGE));
        world.by(by, &lodge).unwrap();
    });
}

#[test]
fn nobody_decides_who_had_a_part_in_the_figure() {
    each(|world| {
        let round = world.posted();
        let appeal = world.lodge(round, VILLAGE, Some(ITEM)).unwrap();
        let decide = DecideAppeal {
            appeal,
            decision: AppealDecision::Reject,
            reason: "不予支持。".to_owned(),
            items: Vec::new(),
        };
        let by = |person| refused(world.by(account_of(person), &decide));
        assert_eq!(by(REVIEWER), "Denied access-separation-of-duties");
        assert_eq!(by(secretary_of(VILLAGE)), "Denied access-no-role");
        assert_eq!(by(AUDITOR), "Denied access-no-role");
        // The same person in another post is still the same person.
        for person in [secretary_of(VILLAGE), VERIFIERS[0]] {
            let give = Give {
                person,
                role: Role::CountyReviewer.name().to_owned(),
                at: 1,
            };
            world.app.by_rule(&give).unwrap();
            assert_eq!(by(person), "Denied access-separation-of-duties");
        }
        world.by(account_of(DECIDER), &decide).unwrap();
    });
}

#[test]
fn a_granted_appeal_gives_believable_values_that_differ() {
    each(|world| {
        let round = world.posted();
        let appeal = world.lodge(round, VILLAGE, Some(ITEM)).unwrap();
        let check = |values: &[(&str, &str)], expected: &str| {
            assert_eq!(
                refused(world.uphold(appeal, values)),
                expected,
                "{values:?}"
            );
        };
        check(&[], "Invalid correction-missing");
        check(&[(ITEM, "121")], "Invalid correction-same");
        check(&[(ITEM, "1.5")], "Invalid value-too-many-places");
        check(&[(ITEM, "20001")], "Invalid value-out-of-range");
        check(&[(ITEM, "130"), (ITEM, "131")], "Invalid item-twice");
        check(&[("posts_filled", "5")], "Invalid item-not-appealed");
        check(&[("nonsense", "5")], "Invalid item-not-asked");
        let result = world.by(
            account_of(DECIDER),
            &DecideAppeal {
                appeal,
                decision: AppealDecision::Reject,
                reason: "不予支持。".to_owned(),
                items: vec![crate::world::answer(ITEM, "130")],
            },
        );
        assert_eq!(refused(result), "Invalid rejected-with-values");
        let tenant = world.app.tenant;
        let found = read(world, move |c| appeal::get(c, tenant, appeal)).unwrap();
        assert_eq!(found.state, AppealState::Lodged, "nothing was written");
        assert_eq!(
            read(world, move |c| correction::versions(c, tenant, round)).len(),
            1
        );
    });
}

#[test]
fn a_granted_appeal_makes_the_next_version_and_lists_everybody_who_moved() {
    each(|world| {
        let round = world.posted();
        let tenant = world.app.tenant;
        let lines = move |c: &mut dyn Connection| {
            let found = round::get(c, tenant, round)?.unwrap();
            let first = result::version(c, tenant, round, 1)?.unwrap();
            let now = result::shown(c, tenant, &found)?.unwrap();
            let first = result::lines(c, tenant, round, &first)?;
            Ok((first, result::lines(c, tenant, round, &now)?))
        };
        let (before, same) = read(world, lines);
        assert_eq!(before, same);
        let last = before.iter().max_by_key(|line| line.rank).unwrap();
        let village = crate::world::VILLAGES[usize::try_from(last.subject_no).unwrap() - 1].0;
        let appeal = world.lodge(round, village, None).unwrap();
        world.go_to("2026-10-12", 600);
        // The last one overtakes others, whose ranks move with it.
        let best = [
            ("coop_share", "100"),
            ("environment_check", "100"),
            ("contracts_filed", "100"),
            ("tasks_on_time", "100"),
        ];
        let moved = world.uphold(appeal, &best).unwrap();
        assert_eq!(moved.version, Some(2));
        let (first, now) = read(world, lines);
        assert_eq!(first, before, "the version before stays as it was");
        assert_ne!(now, before);
        let moves = read(world, move |c| correction::moves_of(c, tenant, round));
        assert_eq!(moves.len(), usize::try_from(moved.moved).unwrap());
        for line in &now {
            let old = before
                .iter()
                .find(|old| old.subject_no == line.subject_no)
                .unwrap();
            let listed = moves
                .iter()
                .find(|moved| moved.subject_no == line.subject_no);
            assert_eq!(listed.is_some(), old != line, "{line:?}");
            let Some(listed) = listed else { continue };
            assert_eq!(listed.rank, (old.rank, line.rank));
            assert_eq!(listed.own_figure, line.subject_no == last.subject_no);
            let score = |line: &result::ResultLine| line.score.map(|score| score.to_string());
            assert_eq!(listed.score, (score(old), score(line)));
        }
        let overtaken = moves.iter().filter(|moved| !moved.own_figure).count();
        assert!(overtaken > 0, "{moves:?}");
        // Five working days from the correction.
        let found = read(world, move |c| round::get(c, tenant, round)).unwrap();
        assert_eq!(found.posted_until, Some(day("2026-10-19")));
        world.go_to("2026-10-19", 24 * 60 - 1);
        assert_eq!(refused(world.finalise(round)), "Invalid posting-not-over");
        world.go_to("2026-10-20", 0);
        world.finalise(round).unwrap();
        let (first, last) = read(world, lines);
        assert_eq!((first, last), (before, now));
    });
}

#[test]
fn after_a_correction_only_those_who_moved_appeal_again_and_only_what_moved() {
    each(|world| {
        let round = world.posted();
        let appeal = world.lodge(round, 11, Some(ITEM)).unwrap();
        world.go_to("2026-10-12", 600);
        let moved = world.uphold(appeal, &[(ITEM, "122")]).unwrap();
        assert_eq!(
            (moved.version, moved.moved),
            (Some(2), 1),
            "nobody is overtaken"
        );
        // The first posting is over, that of the corrected village is not.
        world.go_to("2026-10-14", 600);
        assert_eq!(
            refused(world.lodge(round, 12, None)),
            "Invalid appeal-too-late"
        );
        let untouched = world.lodge(round, 11, Some("posts_filled"));
        assert_eq!(refused(untouched), "Invalid appeal-not-moved");
        world.lodge(round, 11, Some(ITEM)).unwrap();
    });
}

#[test]
fn a_decided_appeal_is_not_lodged_again_in_the_same_version() {
    each(|world| {
        let round = world.posted();
        let appeal = world.lodge(round, VILLAGE, Some(ITEM)).unwrap();
        world.reject(appeal).unwrap();
        let again = world.lodge(round, VILLAGE, Some(ITEM));
        assert_eq!(refused(again), "Invalid appeal-decided-already");
        // One that was taken back may come again.
        let other = world.lodge(round, VILLAGE, Some("posts_filled")).unwrap();
        withdraw(world, other).unwrap();
        world.lodge(round, VILLAGE, Some("posts_filled")).unwrap();
    });
}

#[test]
fn an_undecided_appeal_blocks_the_end_and_has_a_clock() {
    each(|world| {
        let round = world.posted();
        let appeal = world.lodge(round, VILLAGE, None).unwrap();
        let tenant = world.app.tenant;
        let found = read(world, move |c| appeal::get(c, tenant, appeal)).unwrap();
        // Lodged on 1 October; the holidays do not count.
        assert_eq!(found.due.day, day("2026-10-13"));
        let calendar = assessment::scheme::calendar(world.app.app.packs(), None);
        for (today, expected) in [
            ("2026-10-01", Clock::Left(5)),
            ("2026-10-10", Clock::Left(2)),
            ("2026-10-13", Clock::Left(0)),
            ("2026-10-14", Clock::Late(1)),
            ("2026-10-19", Clock::Late(4)),
        ] {
            assert_eq!(
                appeal::clock(&calendar, found.due.day, day(today)),
                expected,
                "{today}"
            );
        }
        world.go_to("2026-10-14", 0);
        let refusal = world.finalise(round).unwrap_err();
        let finding = &refusal.findings[0];
        assert_eq!(finding.code, "appeal-undecided");
        let village = finding.args.iter().find(|(name, _)| *name == "village");
        assert!(format!("{village:?}").contains("柳湾村"), "{finding:?}");
        world.reject(appeal).unwrap();
        world.finalise(round).unwrap();
    });
}
