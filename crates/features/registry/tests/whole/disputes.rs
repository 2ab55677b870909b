//! 数据不对？: filed by who uses a figure, answered by its owner, never by the same person.

use access::{Action, Role};
use app::{
    Clock, Command, CommandSpec, Door, Feature, GuardQuestion, Ref, Refusal, RefusalKind,
    dispute::{AnswerDispute, DisputeAnswer, DisputeId, FileDispute},
};
use kernel::PlaceId;
use registry::figure_import::ImportFigures;
use serde::{Deserialize, Serialize};

use crate::world::{FAR_VILLAGE, ROSTER, TOWN, VILLAGE, World, features, in_each_world, refused};

const FIGURES: &str = "code,item,period,value,unit,source\n\
    379901100201,collective_income,2026-Q3,386200.50,元,三资台账\n";

fn file(world: &World<'_>) -> FileDispute {
    FileDispute {
        measure: "figure.collective_income".to_owned(),
        subject: world.place_id(VILLAGE),
        period: "2026-Q3".to_owned(),
        claim: Some("412000".to_owned()),
        reason: "少记了 9 月的分红。".to_owned(),
        evidence: None,
    }
}

fn import(world: &World<'_>) {
    let import = ImportFigures {
        file: world.upload(FIGURES.as_bytes()),
        source: String::new(),
    };
    world.test.by(world.clerk.account, &import).unwrap();
}

fn answer(dispute: DisputeId) -> AnswerDispute {
    AnswerDispute {
        dispute,
        answer: DisputeAnswer::Uphold,
        reason: "已与银行回单核对。".to_owned(),
    }
}

#[test]
fn a_dispute_goes_to_the_owner_and_back() {
    in_each_world(|world| {
        import(world);
        let secretary = world.engage("陈国平", "village01", Role::VillageSecretary, Some(VILLAGE));
        let filed = world.test.by(secretary.account, &file(world)).unwrap();
        let again = world.test.by(secretary.account, &file(world));
        refused(again, RefusalKind::Invalid, "dispute-open-already");
        let owner = world.engage("高明", "gao.ming", Role::TownClerk, Some(TOWN));
        let silent = AnswerDispute {
            reason: " ".to_owned(),
            ..answer(filed.dispute)
        };
        refused(
            world.test.by(owner.account, &silent),
            RefusalKind::Invalid,
            "required",
        );
        world
            .test
            .by(owner.account, &answer(filed.dispute))
            .unwrap();
        let late = world.test.by(owner.account, &answer(filed.dispute));
        let late = late.expect_err("it is answered");
        assert_eq!(late.kind, RefusalKind::Conflict);
        let told = format!("{:?}", late.findings);
        assert!(
            told.contains("changed-since") && told.contains("高明"),
            "a lost race names who: {told}"
        );
        // Answered, it may be disputed again.
        world.test.by(secretary.account, &file(world)).unwrap();
    });
}

#[test]
fn only_who_may_files_and_answers_and_not_in_her_own_matter() {
    in_each_world(|world| {
        import(world);
        let far = world.engage(
            "沈西林",
            "village03",
            Role::VillageSecretary,
            Some(FAR_VILLAGE),
        );
        world.denied(far.account, &file(world), "access-other-place");
        world.denied(world.clerk.account, &file(world), "access-no-role");
        let secretary = world.engage("陈国平", "village01", Role::VillageSecretary, Some(VILLAGE));
        let filed = world.test.by(secretary.account, &file(world)).unwrap();
        world.denied(secretary.account, &answer(filed.dispute), "access-no-role");
        // The filer, who also keeps the town's figures, does not answer herself.
        world.grant(secretary, Role::TownClerk, Some(TOWN));
        world.denied(
            secretary.account,
            &answer(filed.dispute),
            "access-separation-of-duties",
        );
        let unknown = DisputeId(kernel::Id::new(1, [9; 10]));
        let unknown = world.test.by(world.clerk.account, &answer(unknown));
        refused(unknown, RefusalKind::NotFound, "not-found");
    });
}

#[test]
fn what_is_filed_must_make_sense() {
    in_each_world(|world| {
        let secretary = world.engage("陈国平", "village01", Role::VillageSecretary, Some(VILLAGE));
        let filed = |change: fn(&mut FileDispute)| {
            let mut filed = file(world);
            change(&mut filed);
            world.test.by(secretary.account, &filed)
        };
        for (answer, code) in [
            (
                filed(|f| f.measure = "nobody.income".to_owned()),
                "measure-unknown",
            ),
            (filed(|f| f.period = "三季度".to_owned()), "period"),
            (
                filed(|f| f.claim = Some("约 41 万".to_owned())),
                "not-a-number",
            ),
            (filed(|f| f.reason = "错".repeat(2001)), "too-long"),
            (filed(|f| f.evidence = Some("0".repeat(64))), "file-unknown"),
        ] {
            refused(answer, RefusalKind::Invalid, code);
        }
    });
}

/// Makes a period final, as a round does: it asks the guards.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
struct Finalise {
    #[schema(value_type = String)]
    place: PlaceId,
}

impl Command for Finalise {
    const NAME: &'static str = "test.finalise";
    const ACTION: Action = Action::ScoreFinalise;
    const CLEAR: &'static [&'static str] = &[];
    type Answer = ();

    fn run(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        door.ask_guards(&GuardQuestion {
            action: Action::ScoreFinalise,
            thing: Ref::new("round", kernel::Id::default()),
            places: vec![self.place],
            period: "2026-Q3".to_owned(),
        })
    }
}

fn with_finalise() -> Vec<Feature> {
    let mut features = features();
    features.push(Feature {
        name: "test",
        commands: vec![CommandSpec::of::<Finalise>()],
        ..Feature::default()
    });
    features
}

#[test]
fn nothing_is_made_final_while_a_figure_of_it_is_disputed() {
    app::testing::each(with_finalise, |test| {
        let world = World::before_places(test);
        world.import_places(ROSTER).unwrap();
        import(&world);
        let secretary = world.engage("陈国平", "village01", Role::VillageSecretary, Some(VILLAGE));
        let finalise = Finalise {
            place: world.place_id(VILLAGE),
        };
        test.by_rule(&finalise).unwrap();
        let filed = test.by(secretary.account, &file(&world)).unwrap();
        refused(
            test.by_rule(&finalise),
            RefusalKind::Invalid,
            "dispute-still-open",
        );
        let owner = world.engage("高明", "gao.ming", Role::TownClerk, Some(TOWN));
        test.by(owner.account, &answer(filed.dispute)).unwrap();
        test.by_rule(&finalise).unwrap();
    });
}

#[test]
fn files_that_nothing_names_are_swept_away_after_a_day_and_evidence_stays() {
    in_each_world(|world| {
        import(world);
        let secretary = world.engage("陈国平", "village01", Role::VillageSecretary, Some(VILLAGE));
        let evidence = world.upload_by(secretary.account, b"%PDF-1.7 evidence");
        let of_another = world.upload_by(world.clerk.account, b"%PDF-1.7 of the clerk");
        let with_foreign = FileDispute {
            evidence: Some(of_another),
            ..file(world)
        };
        let refusal = world.test.by(secretary.account, &with_foreign).unwrap_err();
        assert_eq!(refusal.findings[0].code, "file-unknown");
        let forgotten = world.upload(b"%PDF-1.7 a form that was never sent");
        let with_evidence = FileDispute {
            evidence: Some(evidence.clone()),
            ..file(world)
        };
        world.test.by(secretary.account, &with_evidence).unwrap();
        let app = &world.test.app;
        let holds = |hash: &str| app.files().holds(hash.parse().unwrap());
        // Files bear the machine's time; the clock of the test is set by hand.
        let ahead = app::SystemClock.now().0 - world.test.clock.now().0;
        let nearly = ahead + app::sweep::UNNAMED_MS - 60_000;
        world.test.clock.advance(nearly);
        assert_eq!(app.sweep_files().unwrap(), 0);
        assert!(holds(&evidence) && holds(&forgotten));
        world.test.clock.advance(120_000);
        assert!(app.sweep_files().unwrap() >= 1);
        assert!(holds(&evidence) && !holds(&forgotten));
        assert_eq!(app.sweep_files().unwrap(), 0);
    });
}
