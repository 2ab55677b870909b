//! Grants: proposed by one administrator, approved by another, never in one's own matter.

use access::{Role, grant};
use app::RefusalKind;
use kernel::Day;
use registry::{
    grants::{ApproveGrant, ProposeGrant, RefuseGrant, RevokeGrant},
    place_import::ImportPlaces,
};

use crate::world::{
    COUNTY, NEIGHBOUR, ROSTER, Somebody, TOWN, VILLAGE, World, codes, in_each_world, refused,
};

fn administrator(world: &World<'_>, account: access::AccountId) -> Somebody {
    let tenant = world.test.tenant;
    let store = world.test.app.store();
    let found = store
        .read(move |c| access::account::get(c, tenant, account))
        .wait()
        .unwrap();
    Somebody {
        account,
        person: found.expect("setup made it").person,
    }
}

fn propose(
    world: &World<'_>,
    somebody: Somebody,
    role: Role,
    code: Option<&str>,
) -> access::GrantId {
    let proposal = world.proposal(somebody, role, code);
    world
        .test
        .by(world.administrators.security, &proposal)
        .unwrap()
        .grant
}

fn grants_of(world: &World<'_>, somebody: Somebody) -> usize {
    let (tenant, day) = (world.test.tenant, world.test.clock_day());
    let store = world.test.app.store();
    let read = store.read(move |c| grant::grants_of(c, tenant, somebody.person, day));
    read.wait().unwrap().len()
}

trait Today {
    fn clock_day(&self) -> Day;
}

impl Today for app::testing::TestApp {
    fn clock_day(&self) -> Day {
        self.app.clock().now().day()
    }
}

#[test]
fn a_grant_holds_once_another_has_approved_it_and_ends_when_revoked() {
    in_each_world(|world| {
        let somebody = world.newcomer("赵敏", "zhao.min");
        let grant = propose(world, somebody, Role::CountyClerk, None);
        let import = ImportPlaces {
            file: world.upload_by(somebody.account, ROSTER.as_bytes()),
        };
        world.denied(somebody.account, &import, "access-no-role");
        world
            .test
            .by(world.administrators.system, &ApproveGrant { grant })
            .unwrap();
        world.test.by(somebody.account, &import).unwrap();
        world
            .test
            .by(world.administrators.security, &RevokeGrant { grant })
            .unwrap();
        world.denied(somebody.account, &import, "access-no-role");
    });
}

#[test]
fn who_proposes_does_not_approve_and_nobody_acts_in_her_own_matter() {
    in_each_world(|world| {
        let (system, security) = (world.administrators.system, world.administrators.security);
        let somebody = world.newcomer("赵敏", "zhao.min");
        let grant = propose(world, somebody, Role::TownClerk, Some(TOWN));
        // The proposer has not the right, and no clerk has it either.
        world.denied(security, &ApproveGrant { grant }, "access-no-role");
        world.denied(
            world.clerk.account,
            &ApproveGrant { grant },
            "access-no-role",
        );
        world.denied(
            world.clerk.account,
            &RefuseGrant { grant },
            "access-no-role",
        );
        world.denied(system, &RevokeGrant { grant }, "access-no-role");
        // A proposal for oneself, and the approval of a grant for oneself.
        let own = world.proposal(administrator(world, security), Role::SecurityAdmin, None);
        world.denied(security, &own, "access-own-matter");
        let second = world.newcomer("顾全", "gu.quan");
        let short = ProposeGrant {
            valid_until: Day::new(2026, 12, 31),
            ..world.proposal(second, Role::SystemAdmin, None)
        };
        let short = world.test.by(security, &short).unwrap().grant;
        world
            .test
            .by(system, &ApproveGrant { grant: short })
            .unwrap();
        let own = propose(world, second, Role::SystemAdmin, None);
        for answer in [
            world.test.by(second.account, &ApproveGrant { grant: own }),
            world.test.by(second.account, &RefuseGrant { grant: own }),
        ] {
            refused(answer, RefusalKind::Denied, "access-own-matter");
        }
        let proposal = world.proposal(somebody, Role::TownClerk, Some(TOWN));
        world.denied(system, &proposal, "access-no-role");
        assert_eq!(grants_of(world, somebody), 0);
    });
}

#[test]
fn one_person_with_both_rights_still_cannot_do_both_steps() {
    in_each_world(|world| {
        // The roles exclude each other, so separation is tried with two system administrators:
        // whoever proposed by an earlier role may not approve by a later one.
        let (system, security) = (world.administrators.system, world.administrators.security);
        let second = world.newcomer("顾全", "gu.quan");
        world.grant(second, Role::SecurityAdmin, None);
        let somebody = world.newcomer("赵敏", "zhao.min");
        let proposal = world.proposal(somebody, Role::TownClerk, Some(TOWN));
        let grant = world.test.by(second.account, &proposal).unwrap().grant;
        let held = {
            let (tenant, person) = (world.test.tenant, second.person);
            let store = world.test.app.store();
            store
                .read(move |c| grant::of_person(c, tenant, person))
                .wait()
                .unwrap()[0]
                .proposal
                .grant
        };
        world
            .test
            .by(security, &RevokeGrant { grant: held })
            .unwrap();
        world.grant(second, Role::SystemAdmin, None);
        world.denied(
            second.account,
            &ApproveGrant { grant },
            "access-separation-of-duties",
        );
        world.test.by(system, &ApproveGrant { grant }).unwrap();
    });
}

#[test]
fn administrators_exclude_every_role_that_sees_business() {
    in_each_world(|world| {
        let (system, security) = (world.administrators.system, world.administrators.security);
        let auditor = administrator(world, world.administrators.audit);
        for role in [Role::CountyClerk, Role::SystemAdmin, Role::Auditor] {
            let proposal = world.proposal(auditor, role, None);
            let answer = world.test.by(security, &proposal);
            refused(answer, RefusalKind::Invalid, "access-roles-exclude");
        }
        // Two proposals at once do not get round it: the second approval looks again.
        let somebody = world.newcomer("赵敏", "zhao.min");
        let business = propose(world, somebody, Role::CountyClerk, None);
        let audit = propose(world, somebody, Role::AuditAdmin, None);
        world
            .test
            .by(system, &ApproveGrant { grant: business })
            .unwrap();
        let answer = world.test.by(system, &ApproveGrant { grant: audit });
        refused(answer, RefusalKind::Invalid, "access-roles-exclude");
        assert_eq!(grants_of(world, somebody), 1);
    });
}

#[test]
fn a_step_that_was_taken_is_not_taken_again() {
    in_each_world(|world| {
        let (system, security) = (world.administrators.system, world.administrators.security);
        let somebody = world.newcomer("赵敏", "zhao.min");
        let grant = propose(world, somebody, Role::TownClerk, Some(TOWN));
        world.test.by(system, &RefuseGrant { grant }).unwrap();
        for answer in [
            world.test.by(system, &ApproveGrant { grant }),
            world.test.by(system, &RefuseGrant { grant }),
            world.test.by(security, &RevokeGrant { grant }),
        ] {
            refused(answer, RefusalKind::Invalid, "grant-in-other-state");
        }
        let unknown = access::GrantId(kernel::Id::new(1, [9; 10]));
        let answer = world.test.by(system, &ApproveGrant { grant: unknown });
        refused(answer, RefusalKind::NotFound, "not-found");
    });
}

#[test]
fn what_is_proposed_must_make_sense() {
    in_each_world(|world| {
        let security = world.administrators.security;
        let somebody = world.newcomer("赵敏", "zhao.min");
        let proposal = |change: fn(&mut ProposeGrant)| {
            let mut proposal = world.proposal(somebody, Role::TownClerk, Some(TOWN));
            change(&mut proposal);
            world.test.by(security, &proposal)
        };
        for (answer, code) in [
            (
                proposal(|p| p.role = Role::Public),
                "role-cannot-be-granted",
            ),
            (
                proposal(|p| p.role = Role::AuditAdmin),
                "role-at-another-level",
            ),
            (
                proposal(|p| p.role = Role::Auditor),
                "role-at-another-level",
            ),
            (
                proposal(|p| p.person = kernel::PersonId(kernel::Id::new(1, [9; 10]))),
                "person-unknown",
            ),
            (
                proposal(|p| p.place = Some(kernel::PlaceId(kernel::Id::new(1, [9; 10])))),
                "place-unknown",
            ),
            (
                proposal(|p| p.valid_until = Day::new(2026, 9, 1)),
                "ends-before-it-begins",
            ),
        ] {
            refused(answer, RefusalKind::Invalid, code);
        }
    });
}

#[test]
fn a_role_is_granted_only_where_its_work_is() {
    in_each_world(|world| {
        let somebody = world.newcomer("赵敏", "zhao.min");
        for (role, at) in [
            (Role::TownClerk, Some(VILLAGE)),
            (Role::TownVerifier, None),
            (Role::TownLeader, Some(COUNTY)),
            (Role::CountyClerk, Some(TOWN)),
            (Role::CountyReviewer, Some(VILLAGE)),
            (Role::VillageSecretary, Some(COUNTY)),
            (Role::VillageSecretary, Some(TOWN)),
            (Role::VillageSecretary, None),
            (Role::GridWorker, Some(TOWN)),
            (Role::SystemAdmin, Some(COUNTY)),
        ] {
            let proposal = world.proposal(somebody, role, at);
            let answer = world.test.by(world.administrators.security, &proposal);
            let refusal = answer.expect_err("it is refused");
            assert_eq!(codes(&refusal), ["role-at-another-level"], "{role} {at:?}");
            assert_eq!(refusal.findings[0].place.to_string(), "place");
        }
        propose(world, somebody, Role::VillageSecretary, Some(VILLAGE));
        propose(world, somebody, Role::CountyLeader, Some(COUNTY));
        propose(world, somebody, Role::CountyReviewer, None);
    });
}

#[test]
fn what_is_in_force_or_waits_is_not_proposed_again() {
    in_each_world(|world| {
        let (system, security) = (world.administrators.system, world.administrators.security);
        let somebody = world.newcomer("赵敏", "zhao.min");
        let same = world.proposal(somebody, Role::VillageSecretary, Some(VILLAGE));
        let grant = world.test.by(security, &same).unwrap().grant;
        let until = ProposeGrant {
            valid_until: Day::new(2027, 12, 31),
            ..same.clone()
        };
        let says = |state: &str| {
            for again in [&same, &until] {
                let refusal = world.test.by(security, again).unwrap_err();
                assert_eq!(codes(&refusal), ["grant-held-already"]);
                assert!(refusal.to_string().contains(state), "{refusal}");
            }
        };
        says("proposed");
        world.test.by(system, &ApproveGrant { grant }).unwrap();
        says("approved");
        // Elsewhere, or in another role, it is another grant.
        propose(world, somebody, Role::VillageSecretary, Some(NEIGHBOUR));
        propose(world, somebody, Role::GridWorker, Some(VILLAGE));
        // What is longer than what is in force says something new; approved, it covers the rest.
        let other = world.newcomer("孙伟", "sun.wei");
        let short = ProposeGrant {
            person: other.person,
            ..until
        };
        let long = ProposeGrant {
            valid_until: None,
            ..short.clone()
        };
        let short = world.test.by(security, &short).unwrap().grant;
        let long = world.test.by(security, &long).unwrap().grant;
        world
            .test
            .by(system, &ApproveGrant { grant: long })
            .unwrap();
        let answer = world.test.by(system, &ApproveGrant { grant: short });
        refused(answer, RefusalKind::Invalid, "grant-held-already");
        world
            .test
            .by(security, &RevokeGrant { grant: long })
            .unwrap();
        world
            .test
            .by(system, &ApproveGrant { grant: short })
            .unwrap();
    });
}

#[test]
fn a_proposal_that_nobody_approved_lapses() {
    in_each_world(|world| {
        let (system, security) = (world.administrators.system, world.administrators.security);
        let somebody = world.newcomer("赵敏", "zhao.min");
        let proposal = world.proposal(somebody, Role::VillageSecretary, Some(VILLAGE));
        let grant = world.test.by(security, &proposal).unwrap().grant;
        let site = crate::browser::site(world, &[administrator(world, system)]);
        let page = |path: &str| site.get(path, &site.sign_in(system)).body;
        assert!(page("/grants").contains(&grant.to_string()));
        world
            .test
            .clock
            .advance(grant::PROPOSAL_DAYS * kernel::time::DAY_MS);
        assert!(!page("/grants").contains(&grant.to_string()));
        assert!(page(&format!("/accounts/{}", somebody.account)).contains("过期未批准"));
        let late = world.test.by(system, &ApproveGrant { grant });
        refused(late, RefusalKind::Invalid, "grant-lapsed");
        assert_eq!(grants_of(world, somebody), 0);
        world.test.by(security, &proposal).unwrap();
    });
}

#[test]
fn grants_need_a_password_given_just_now() {
    in_each_world(|world| {
        let somebody = world.newcomer("赵敏", "zhao.min");
        let proposal = world.proposal(somebody, Role::VillageSecretary, Some(VILLAGE));
        let security = world.administrators.security;
        let stale = world.by_stale(security, &proposal);
        refused(stale, RefusalKind::Reauthenticate, "access-reauthenticate");
        let by_hand = world.by_hand(security, &proposal);
        refused(by_hand, RefusalKind::Denied, "access-cannot-reauthenticate");
        let grant = world.test.by(security, &proposal).unwrap().grant;
        let system = world.administrators.system;
        let stale = world.by_stale(system, &ApproveGrant { grant });
        refused(stale, RefusalKind::Reauthenticate, "access-reauthenticate");
        let stale = world.by_stale(system, &RefuseGrant { grant });
        refused(stale, RefusalKind::Reauthenticate, "access-reauthenticate");
        world.test.by(system, &ApproveGrant { grant }).unwrap();
        let stale = world.by_stale(security, &RevokeGrant { grant });
        refused(stale, RefusalKind::Reauthenticate, "access-reauthenticate");
    });
}
