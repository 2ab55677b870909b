//! Mergers, splits, ends and returns of places through the door: what becomes of people and their
//! rights, and what is refused.

use access::places::Standing;
use access::{Action, Decision, Resource, Role, grant};
use app::RefusalKind;
use directory::{appointment, place};
use kernel::{Day, Id, PlaceId};
use registry::{
    grids::{AddGrid, EndGrid},
    handover::{Fate, Hanging},
    person_appoint::AppointPerson,
    place_correct::CorrectPlace,
    place_end::{EndPlace, MovePlace, ResumePlace},
    place_merge::MergePlaces,
    place_split::{Part, SplitPlace},
};

use crate::browser::site;
use crate::world::{
    BEYOND_TOWN, BEYOND_VILLAGE, COUNTY, FAR_VILLAGE, NEIGHBOUR, OTHER_TOWN, Somebody, TOWN,
    VILLAGE, World, codes, in_each_world, refused,
};

/// Ten days later, so that places were there on the day before.
fn later(world: &World<'_>) -> Day {
    world.test.clock.advance(10 * kernel::time::DAY_MS);
    world.test.app.clock().now().day()
}

fn fate(what: Hanging, id: Id, to: Option<u32>) -> Fate {
    Fate { what, id, to }
}

fn merge(sources: &[PlaceId], fates: Vec<Fate>) -> MergePlaces {
    MergePlaces {
        sources: sources.to_vec(),
        into: None,
        name: "柳塘村民委员会".to_owned(),
        alias: Some("柳塘村".to_owned()),
        code: VILLAGE.parse().ok(),
        parent: None,
        day: None,
        reason: "村庄规模调整".to_owned(),
        document: "云政发〔2026〕12号".to_owned(),
        fates,
    }
}

/// What hangs on places now, for the fates of a command.
fn hanging(world: &World<'_>, place: PlaceId) -> (Vec<Id>, Vec<Id>) {
    let (tenant, today) = (world.test.tenant, world.test.app.clock().now().day());
    let read = world.test.app.store().read(move |c| {
        let posts = appointment::lasting_at(c, tenant, place, today)?;
        let grants = grant::at_place(c, tenant, place, today)?;
        Ok::<_, store::StoreError>((
            posts.iter().map(|post| post.appointment.0).collect(),
            grants.iter().map(|view| view.proposal.grant.0).collect(),
        ))
    });
    read.wait().unwrap()
}

fn may(world: &World<'_>, somebody: Somebody, action: Action, at: PlaceId) -> bool {
    let (tenant, today) = (world.test.tenant, world.test.app.clock().now().day());
    let read = world.test.app.store().read(move |c| {
        let authentication = access::Authentication::Fresh;
        let now = kernel::Instant(today.start().0 + 1);
        let account = somebody.account;
        let subject = grant::load_subject(c, tenant, account, authentication, now)?.unwrap();
        let ancestors = place::ancestors(c, tenant, at)?;
        let resource = Resource::at(tenant, &ancestors);
        let decision = access::decide(&subject, action, &resource, today);
        Ok::<_, store::StoreError>(matches!(decision, Decision::Allow(_)))
    });
    read.wait().unwrap()
}

#[test]
fn nobody_keeps_a_right_over_a_place_that_ended_and_nothing_is_passed_over() {
    in_each_world(|world| {
        let secretary = world.engage("王芳", "wang.fang", Role::VillageSecretary, Some(VILLAGE));
        let other = world.engage("赵敏", "zhao.min", Role::VillageSecretary, Some(NEIGHBOUR));
        let (old, neighbour) = (world.place_id(VILLAGE), world.place_id(NEIGHBOUR));
        let appoint = AppointPerson {
            person: secretary.person,
            post: "secretary".to_owned(),
            place: old,
            valid_from: None,
            valid_until: None,
        };
        world.test.by(world.clerk.account, &appoint).unwrap();
        let day = later(world);
        assert!(may(world, secretary, Action::ScoreDeclare, old));
        let ((posts, grants), (_, others)) = (hanging(world, old), hanging(world, neighbour));

        // Nothing said, or not of everything: refused, and all stays as it was.
        let silent = merge(&[old, neighbour], Vec::new());
        refused(
            world.test.by(world.clerk.account, &silent),
            RefusalKind::Invalid,
            "place-fate-not-said",
        );
        assert!(may(world, secretary, Action::ScoreDeclare, old));
        assert_eq!(world.place(VILLAGE).valid_to, None);

        let fates = vec![
            fate(Hanging::Post, posts[0], Some(0)),
            fate(Hanging::Grant, grants[0], Some(0)),
            fate(Hanging::Grant, others[0], None),
        ];
        let merged = world
            .test
            .by(world.clerk.account, &merge(&[old, neighbour], fates))
            .unwrap();
        let new = merged.successors[0];
        assert_eq!(world.place(VILLAGE).place, new, "the code goes on");
        for (somebody, at) in [(secretary, old), (other, neighbour), (secretary, new)] {
            assert!(!may(world, somebody, Action::ScoreDeclare, at));
        }
        // The post went over, day by day without a gap; the right waits for the administrator.
        let tenant = world.test.tenant;
        let person = secretary.person;
        let read = world.test.app.store().read(move |c| {
            Ok::<_, store::StoreError>((
                appointment::of_person(c, tenant, person)?,
                grant::of_person(c, tenant, person)?,
            ))
        });
        let (posts, held) = read.wait().unwrap();
        assert_eq!(posts[0].valid_until, Some(day.plus_days(-1)));
        assert_eq!((posts[1].place, posts[1].valid_from), (new, day));
        let states: Vec<_> = held
            .iter()
            .map(|view| (view.state, view.proposal.place))
            .collect();
        assert!(
            states.contains(&(grant::GrantState::Revoked, Some(old))),
            "{states:?}"
        );
        assert!(
            states.contains(&(grant::GrantState::Proposed, Some(new))),
            "{states:?}"
        );
        let proposed = held
            .iter()
            .find(|view| view.state == grant::GrantState::Proposed)
            .unwrap();
        let approve = registry::grants::ApproveGrant {
            grant: proposed.proposal.grant,
        };
        world
            .test
            .by(world.administrators.system, &approve)
            .unwrap();
        assert!(may(world, secretary, Action::ScoreDeclare, new));

        // What ended takes in nobody: no grant, no post.
        let late = registry::grants::ProposeGrant {
            place: Some(old),
            ..world.proposal(other, Role::VillageSecretary, Some(VILLAGE))
        };
        let late = world.test.by(world.administrators.security, &late);
        refused(late, RefusalKind::Invalid, "place-ended");
        let late = AppointPerson {
            place: old,
            ..appoint
        };
        let late = world.test.by(world.clerk.account, &late);
        refused(late, RefusalKind::Invalid, "place-ended");
    });
}

/// The secretary of two villages that become one needs her right there once.
#[test]
fn what_was_held_at_both_sources_of_a_merger_is_proposed_once() {
    in_each_world(|world| {
        let both = world.engage("王芳", "wang.fang", Role::VillageSecretary, Some(VILLAGE));
        world.grant(both, Role::VillageSecretary, Some(NEIGHBOUR));
        let (old, neighbour) = (world.place_id(VILLAGE), world.place_id(NEIGHBOUR));
        later(world);
        let grants = [hanging(world, old).1, hanging(world, neighbour).1].concat();
        let fates = grants.iter().map(|id| fate(Hanging::Grant, *id, Some(0)));
        let wanted = merge(&[old, neighbour], fates.collect());
        let merged = world.test.by(world.clerk.account, &wanted).unwrap();
        assert_eq!(hanging(world, merged.successors[0]).1.len(), 1);
    });
}

#[test]
fn who_may_change_the_division_and_who_may_not() {
    in_each_world(|world| {
        let town = world.engage("孙伟", "sun.wei", Role::TownClerk, Some(TOWN));
        let (old, neighbour) = (world.place_id(VILLAGE), world.place_id(NEIGHBOUR));
        later(world);
        let wanted = merge(&[old, neighbour], Vec::new());
        world.denied(town.account, &wanted, "access-no-role");
        let stale = world.by_stale(world.clerk.account, &wanted);
        refused(stale, RefusalKind::Reauthenticate, "access-reauthenticate");
        world.test.by(world.clerk.account, &wanted).unwrap();

        // A clerk of one county alone does not reach into another.
        world.clerk_beyond();
        let clerk = world.engage("郑凯", "zheng.kai", Role::CountyClerk, Some(COUNTY));
        let far = world.place_id(BEYOND_VILLAGE);
        let reach = merge(&[world.place_id(VILLAGE), far], Vec::new());
        world.denied(clerk.account, &reach, "access-other-place");
        let away = MovePlace {
            place: world.place_id(VILLAGE),
            parent: world.place_id(BEYOND_TOWN),
            day: None,
            reason: "隶属调整".to_owned(),
            document: "云政发〔2026〕13号".to_owned(),
        };
        world.denied(clerk.account, &away, "access-other-place");
    });
}

#[test]
fn a_split_an_end_and_a_return_are_found_by_old_name_and_code() {
    in_each_world(|world| {
        let old = world.place_id(VILLAGE);
        later(world);
        let split = SplitPlace {
            place: old,
            stays: false,
            parts: vec![
                Part {
                    name: "东湾村".to_owned(),
                    alias: None,
                    code: None,
                },
                Part {
                    name: String::new(),
                    alias: None,
                    code: None,
                },
            ],
            day: None,
            reason: "便于管理".to_owned(),
            document: "云政发〔2026〕14号".to_owned(),
            fates: Vec::new(),
        };
        let refusal = world.test.by(world.clerk.account, &split).unwrap_err();
        assert_eq!(codes(&refusal), ["place-name-length"]);
        assert_eq!(refusal.findings[0].place.to_string(), "parts.1.name");
        let mut right = split;
        right.parts[1].name = "西湾村".to_owned();
        let made = world.test.by(world.clerk.account, &right).unwrap();
        assert_eq!(made.successors.len(), 2);

        let (tenant, person) = (world.test.tenant, world.clerk.account);
        let found = |text: &'static str, standing: Standing| {
            let read = world.test.app.store().read(move |c| {
                let fresh = access::Authentication::Fresh;
                let now = kernel::Instant(4_000_000_000_000);
                let subject = grant::load_subject(c, tenant, person, fresh, now)?.unwrap();
                let scope = access::Scope::new(&subject, Action::RegistryRead, now.day());
                let filter = access::places::PlaceFilter {
                    text: text.to_owned(),
                    standing,
                    ..Default::default()
                };
                access::places::list(c, &scope, &filter, access::places::Page::ALL)
            });
            read.wait().unwrap().len()
        };
        assert_eq!(found(VILLAGE, Standing::Existing), 0);
        assert_eq!(found(VILLAGE, Standing::Ended), 1);
        assert_eq!(found("柳湾村", Standing::All), 1);

        let town = world.place_id(TOWN);
        let end = EndPlace {
            place: town,
            day: None,
            reason: "撤镇".to_owned(),
            document: "云政发〔2026〕15号".to_owned(),
            fates: Vec::new(),
        };
        let refusal = world.test.by(world.clerk.account, &end).unwrap_err();
        assert_eq!(codes(&refusal), ["place-has-children"]);
        let back = ResumePlace {
            place: old,
            parent: Some(world.place_id(COUNTY)),
            day: None,
            reason: "恢复".to_owned(),
            document: "云政发〔2026〕16号".to_owned(),
        };
        let refusal = world.test.by(world.clerk.account, &back);
        assert!(
            refusal.is_ok(),
            "it comes back on the day after its last: {refusal:?}"
        );
    });
}

#[test]
fn a_village_has_grids_that_begin_and_end_and_come_in_from_a_table() {
    in_each_world(|world| {
        let village = world.place_id(VILLAGE);
        let clerk = world.engage("孙伟", "sun.wei", Role::TownClerk, Some(TOWN));
        let add = |parent, name: &str| AddGrid {
            parent,
            name: name.to_owned(),
            day: None,
        };
        let first = world
            .test
            .by(clerk.account, &add(village, "第一网格"))
            .unwrap();
        let refusal = world.test.by(clerk.account, &add(village, "第一网格"));
        refused(refusal, RefusalKind::Invalid, "grid-name-taken");
        let refusal = world.test.by(clerk.account, &add(village, " "));
        refused(refusal, RefusalKind::Invalid, "place-name-length");
        let refusal = world
            .test
            .by(clerk.account, &add(world.place_id(TOWN), "网格"));
        refused(refusal, RefusalKind::Invalid, "grid-only");
        let far = add(world.place_id(FAR_VILLAGE), "第一网格");
        world.denied(clerk.account, &far, "access-other-place");

        let table = format!(
            "name,level,parent_code,grid\n第二网格,网格,{VILLAGE},\n\
             一组,微网格,{VILLAGE},第一网格\n二组,微网格,{VILLAGE},第二网格\n"
        );
        let done = world.import_places(&table).unwrap();
        assert_eq!((done.added, done.changed, done.unchanged), (3, 0, 0));
        let done = world.import_places(&table).unwrap();
        assert_eq!((done.added, done.changed, done.unchanged), (0, 0, 3));
        let refusal = world
            .import_places(&format!(
                "name,level,parent_code,grid\n三组,微网格,{VILLAGE},第九网格\n"
            ))
            .unwrap_err();
        assert_eq!(codes(&refusal), ["place-parent-unknown"]);
        let refusal = world
            .import_places(&format!("name,level,parent_code\n三组,微网格,{VILLAGE}\n"))
            .unwrap_err();
        assert_eq!(codes(&refusal), ["import-grid-missing"]);

        // An office's right at a grid would reach around it.
        let office = registry::grants::ProposeGrant {
            place: Some(first.place),
            ..world.proposal(clerk, Role::TownClerk, Some(TOWN))
        };
        let office = world.test.by(world.administrators.security, &office);
        refused(office, RefusalKind::Invalid, "role-at-another-level");

        later(world);
        let end = EndGrid {
            grid: first.place,
            day: None,
            reason: "调整网格".to_owned(),
        };
        let refusal = world.test.by(clerk.account, &end).unwrap_err();
        assert_eq!(
            codes(&refusal),
            ["place-has-children"],
            "a micro-grid is in it"
        );
        let tenant = world.test.tenant;
        let grid = first.place;
        let read = world
            .test
            .app
            .store()
            .read(move |c| place::children(c, tenant, grid));
        let inside = read.wait().unwrap();
        let micro = EndGrid {
            grid: inside[0].place,
            day: None,
            reason: "调整网格".to_owned(),
        };
        world.test.by(clerk.account, &micro).unwrap();
        world.test.by(clerk.account, &end).unwrap();
        let read = world
            .test
            .app
            .store()
            .read(move |c| place::children(c, tenant, village));
        let names: Vec<String> = read
            .wait()
            .unwrap()
            .into_iter()
            .map(|grid| grid.name)
            .collect();
        assert_eq!(names, ["第二网格"]);
        let not_a_grid = EndGrid {
            grid: village,
            day: None,
            reason: "调整网格".to_owned(),
        };
        let refusal = world.test.by(clerk.account, &not_a_grid);
        refused(refusal, RefusalKind::Invalid, "grid-only");
    });
}

/// A document's typing error must neither land in another county nor stay for ever.
#[test]
fn a_new_code_lies_in_the_area_and_a_wrong_one_is_put_right() {
    in_each_world(|world| {
        let (old, neighbour) = (world.place_id(VILLAGE), world.place_id(NEIGHBOUR));
        later(world);
        let merged = |code: &str| MergePlaces {
            code: Some(code.parse().unwrap()),
            ..merge(&[old, neighbour], Vec::new())
        };
        for (code, finding) in [
            ("370725100201", "division-code-elsewhere"),
            ("379901101202", "division-code-elsewhere"),
            ("379901100000", "division-code-other-level"),
        ] {
            let refusal = world.test.by(world.clerk.account, &merged(code));
            let refusal = refusal.unwrap_err();
            assert_eq!(codes(&refusal), [finding], "{code}");
            assert_eq!(refusal.findings[0].place.to_string(), "code");
        }
        let done = world
            .test
            .by(world.clerk.account, &merged("379901100209"))
            .unwrap();
        let correct = |code: &str, reason: &str| CorrectPlace {
            below: false,
            place: done.successors[0],
            code: code.parse().unwrap(),
            reason: reason.to_owned(),
            document: String::new(),
        };
        for (command, finding) in [
            (
                correct("370725100203", "登记错误"),
                "division-code-elsewhere",
            ),
            (correct("379901100209", "登记错误"), "place-unchanged"),
            (correct("379901100203", " "), "place-change-text-length"),
        ] {
            let refusal = world.test.by(world.clerk.account, &command).unwrap_err();
            assert_eq!(codes(&refusal), [finding]);
        }
        let right = correct("379901100203", "登记错误");
        let town = world.engage("孙伟", "sun.wei", Role::TownClerk, Some(TOWN));
        world.denied(town.account, &right, "access-no-role");
        world.test.by(world.clerk.account, &right).unwrap();
        let place = world.place("379901100203");
        assert_eq!(place.place, done.successors[0]);
        let site = site(world, &[world.clerk]);
        let page = site.get(
            &format!("/places/{}", place.place),
            &site.sign_in(world.clerk.account),
        );
        assert!(
            page.body.contains("更正区划代码：登记错误"),
            "{}",
            page.body
        );
    });
}

#[test]
fn a_village_ends_with_its_grids_and_what_was_added_by_mistake_is_taken_back() {
    in_each_world(|world| {
        let village = world.place_id(VILLAGE);
        let clerk = world.engage("孙伟", "sun.wei", Role::TownClerk, Some(TOWN));
        let add = |parent, name: &str| AddGrid {
            parent,
            name: name.to_owned(),
            day: None,
        };
        let by_clerk = |command: &AddGrid| world.test.by(clerk.account, command).unwrap().place;
        let mistaken = by_clerk(&add(village, "错网格"));
        let end = |grid, reason: &str| EndGrid {
            grid,
            day: None,
            reason: reason.to_owned(),
        };
        let refusal = world
            .test
            .by(clerk.account, &end(mistaken, ""))
            .unwrap_err();
        assert_eq!(codes(&refusal), ["place-change-text-length"]);
        world
            .test
            .by(clerk.account, &end(mistaken, "设错了"))
            .unwrap();
        let day = world.test.app.clock().now().day();
        assert_eq!(on_day(world, mistaken, day), None, "it never was");

        let grid = by_clerk(&add(village, "第一网格"));
        let micro = by_clerk(&add(grid, "微网格一"));
        let site = site(world, &[world.clerk]);
        let cookies = site.sign_in(world.clerk.account);
        let page = site.get(&format!("/places/{village}/end"), &cookies);
        assert!(page.body.contains("2 个网格同时撤销"), "{}", page.body);
        assert!(!page.body.contains("fates.child"));
        let town = site.get(&format!("/places/{}/end", world.place_id(TOWN)), &cookies);
        assert!(town.body.contains("要先处理"), "{}", town.body);
        assert!(!town.body.contains("name=\"reason\""));
        let page = site.get(
            &format!("/places/{village}/merge?chosen=yes&into="),
            &cookies,
        );
        assert!(page.body.contains("href=\"#f-with\""), "{}", page.body);
        let page = site.get(&format!("/places/{village}/split?parts=1"), &cookies);
        assert!(page.body.contains("href=\"#f-parts\""), "{}", page.body);

        later(world);
        let end = EndPlace {
            place: village,
            day: None,
            reason: "整村搬迁".to_owned(),
            document: "云政发〔2026〕17号".to_owned(),
            fates: Vec::new(),
        };
        world.test.by(world.clerk.account, &end).unwrap();
        let day = world.test.app.clock().now().day();
        for place in [village, grid, micro] {
            assert_eq!(on_day(world, place, day), None);
            assert!(on_day(world, place, day.plus_days(-1)).is_some());
        }
    });
}

fn on_day(world: &World<'_>, id: PlaceId, day: Day) -> Option<place::Place> {
    let tenant = world.test.tenant;
    let read = world
        .test
        .app
        .store()
        .read(move |c| place::versions(c, tenant, id));
    let versions = read.wait().unwrap();
    place::stretches(&versions)
        .into_iter()
        .find(|at| at.valid_from <= day && at.valid_to.is_none_or(|to| to >= day))
}

/// Imported today with the wrong beginning, or by mistake: what a place is from its first day on
/// may become something else on that very day.
#[test]
fn places_that_began_today_merge_today() {
    in_each_world(|world| {
        let secretary = world.engage("王芳", "wang.fang", Role::VillageSecretary, Some(VILLAGE));
        let (old, neighbour) = (world.place_id(VILLAGE), world.place_id(NEIGHBOUR));
        let appoint = AppointPerson {
            person: secretary.person,
            post: "secretary".to_owned(),
            place: old,
            valid_from: None,
            valid_until: None,
        };
        world.test.by(world.clerk.account, &appoint).unwrap();
        let (posts, grants) = hanging(world, old);
        let fates = vec![
            fate(Hanging::Post, posts[0], Some(0)),
            fate(Hanging::Grant, grants[0], None),
        ];
        let merged = world
            .test
            .by(world.clerk.account, &merge(&[old, neighbour], fates))
            .unwrap();
        let today = world.test.app.clock().now().day();
        assert_eq!(on_day(world, old, today), None);
        assert!(on_day(world, merged.successors[0], today).is_some());
        let (tenant, person) = (world.test.tenant, secretary.person);
        let read = world
            .test
            .app
            .store()
            .read(move |c| appointment::of_person(c, tenant, person));
        let held = read.wait().unwrap();
        assert_eq!(
            held.len(),
            1,
            "it was never held at the place that never was"
        );
        assert_eq!(
            (held[0].place, held[0].valid_from),
            (merged.successors[0], today)
        );
    });
}

/// The tree gives the county a wrong code, and with it everything below: put right in one step, and
/// nothing is left outside.
#[test]
fn a_wrong_code_is_put_right_with_those_below_it() {
    in_each_world(|world| {
        let county = world.place_id(COUNTY);
        let correct = |below| CorrectPlace {
            place: county,
            code: "379902000000".parse().unwrap(),
            reason: "登记错误".to_owned(),
            document: String::new(),
            below,
        };
        let refusal = world
            .test
            .by(world.clerk.account, &correct(false))
            .unwrap_err();
        assert_eq!(codes(&refusal), ["division-code-leaves-below"]);
        assert_eq!(refusal.findings[0].place.to_string(), "below");
        let bad = CorrectPlace {
            reason: " ".to_owned(),
            ..correct(false)
        };
        let refusal = world.test.by(world.clerk.account, &bad).unwrap_err();
        assert_eq!(
            codes(&refusal),
            ["place-change-text-length", "division-code-leaves-below"],
            "all at once"
        );
        world.test.by(world.clerk.account, &correct(true)).unwrap();
        for code in [
            "379902000000",
            "379902100000",
            "379902100201",
            "379902101201",
        ] {
            assert!(world.place(code).valid_to.is_none(), "{code}");
        }
        // A code of the right area is not touched again.
        let back = CorrectPlace {
            code: "379902100000".parse().unwrap(),
            place: world.place_id("379902100000"),
            ..correct(false)
        };
        let refusal = world.test.by(world.clerk.account, &back);
        refused(refusal, RefusalKind::Invalid, "place-unchanged");
    });
}

#[test]
fn whoever_saw_an_earlier_version_changes_nothing() {
    in_each_world(|world| {
        let (village, town) = (world.place_id(VILLAGE), world.place_id(OTHER_TOWN));
        later(world);
        let (reason, document) = ("调整".to_owned(), "云政发〔2026〕18号".to_owned());
        let correct = CorrectPlace {
            place: village,
            code: "379901100209".parse().unwrap(),
            reason: reason.clone(),
            document: document.clone(),
            below: false,
        };
        let away = MovePlace {
            place: village,
            parent: town,
            day: None,
            reason: reason.clone(),
            document: document.clone(),
        };
        let end = EndPlace {
            place: village,
            day: None,
            reason,
            document,
            fates: Vec::new(),
        };
        world.test.by(world.clerk.account, &correct).unwrap();
        let again = CorrectPlace {
            code: "379901100208".parse().unwrap(),
            ..correct
        };
        refused(
            world.by_seen(1, &again),
            RefusalKind::Conflict,
            "place-changed",
        );
        refused(
            world.by_seen(1, &away),
            RefusalKind::Conflict,
            "place-changed",
        );
        refused(
            world.by_seen(1, &end),
            RefusalKind::Conflict,
            "place-changed",
        );
        world.by_seen(2, &away).unwrap();
    });
}

/// A post that ended last week was still held at a place that ended a month ago.
#[test]
fn an_end_of_an_earlier_day_cuts_what_has_ended_since() {
    in_each_world(|world| {
        let secretary = world.newcomer("王芳", "wang.fang");
        let village = world.place_id(VILLAGE);
        let first = world.test.app.clock().now().day();
        later(world);
        let now = later(world);
        let appoint = AppointPerson {
            person: secretary.person,
            post: "secretary".to_owned(),
            place: village,
            valid_from: Some(first),
            valid_until: Some(now.plus_days(-2)),
        };
        world.test.by(world.clerk.account, &appoint).unwrap();
        let day = first.plus_days(10);
        let mut end = EndPlace {
            place: village,
            day: Some(day),
            reason: String::new(),
            document: "云政发〔2026〕19号".to_owned(),
            fates: Vec::new(),
        };
        let refusal = world.test.by(world.clerk.account, &end).unwrap_err();
        assert_eq!(
            codes(&refusal),
            ["place-change-text-length", "place-fate-not-said"],
            "all at once"
        );
        let (tenant, person) = (world.test.tenant, secretary.person);
        let held = || {
            let store = world.test.app.store();
            let read = store.read(move |c| appointment::of_person(c, tenant, person));
            read.wait().unwrap()
        };
        end.reason = "整村搬迁".to_owned();
        end.fates = vec![fate(Hanging::Post, held()[0].appointment.0, None)];
        world.test.by(world.clerk.account, &end).unwrap();
        assert_eq!(held()[0].valid_until, Some(day.plus_days(-1)));
    });
}

/// The neighbours come first; a place of another town is found by its name.
#[test]
fn who_may_merge_with_a_village_is_found_by_name() {
    in_each_world(|world| {
        let (village, far) = (world.place_id(VILLAGE), world.place_id(FAR_VILLAGE));
        let site = site(world, &[world.clerk]);
        let cookies = site.sign_in(world.clerk.account);
        let shown = |query: &str| {
            site.get(&format!("/places/{village}/merge{query}"), &cookies)
                .body
        };
        let page = shown("");
        assert!(
            page.contains("福塘村") && !page.contains("红庄村"),
            "{page}"
        );
        assert!(page.contains("另有 1 个"), "{page}");
        let page = shown("?words=红庄");
        assert!(
            !page.contains("福塘村") && page.contains("红庄村"),
            "{page}"
        );
        assert!(page.contains("长桥镇"), "of which town: {page}");
        // Ticked, it stays whatever is searched for next.
        let page = shown(&format!("?with={far}&words=福塘"));
        assert!(page.contains("福塘村") && page.contains("红庄村"), "{page}");
    });
}

/// Who may see a place is decided by where it stands now, also for what it was: whoever gave a
/// village away does not read on in it, and whoever took it over reads what it was.
#[test]
fn the_places_of_another_day_are_shown_by_todays_rights() {
    in_each_world(|world| {
        let before = world.engage("孙伟", "sun.wei", Role::TownClerk, Some(TOWN));
        let after = world.engage("周强", "zhou.qiang", Role::TownClerk, Some(OTHER_TOWN));
        let first = world.test.app.clock().now().day();
        later(world);
        let away = MovePlace {
            place: world.place_id(VILLAGE),
            parent: world.place_id(OTHER_TOWN),
            day: None,
            reason: "隶属调整".to_owned(),
            document: "云政发〔2026〕20号".to_owned(),
        };
        world.test.by(world.clerk.account, &away).unwrap();
        let site = site(world, &[before, after]);
        let shows = |somebody: Somebody| {
            let cookies = site.sign_in(somebody.account);
            let page = site.get(&format!("/places?on={first}"), &cookies);
            assert_eq!(page.status, 200);
            page.body.contains("柳湾村")
        };
        assert!(!shows(before));
        assert!(shows(after));
    });
}
