//! Nobody becomes another by way of accounts and tokens.

use access::{AccountId, Role, SetupToken};
use app::RefusalKind;
use kernel::PersonId;
use registry::{
    accounts::MakeAccount,
    grants::RevokeGrant,
    tokens::{IssueToken, RefuseToken, ReleaseToken},
};

use crate::world::{Somebody, World, in_each_world, refused};

pub(crate) fn token(account: AccountId, byte: u8) -> IssueToken {
    IssueToken {
        account,
        token_hash: SetupToken::new([byte; 32]).hash_text(),
    }
}

fn person_of(world: &World<'_>, account: AccountId) -> PersonId {
    let (tenant, store) = (world.test.tenant, world.test.app.store());
    let read = store.read(move |c| access::account::get(c, tenant, account));
    read.wait().unwrap().expect("it was made").person
}

/// Whether somebody who holds the token can set a password with it now.
fn opens(world: &World<'_>, byte: u8) -> bool {
    let (tenant, store) = (world.test.tenant, world.test.app.store());
    let now = world.test.app.session_clock().now();
    let token = SetupToken::new([byte; 32]);
    let read = store.read(move |c| access::setup_token::look_up(c, tenant, &token, now));
    read.wait().unwrap().is_some()
}

#[test]
fn no_second_account_is_made_for_a_person_who_can_sign_in() {
    in_each_world(|world| {
        let security = world.administrators.security;
        for account in [
            world.clerk.account,
            world.administrators.system,
            world.administrators.audit,
        ] {
            let second = MakeAccount {
                person: Some(person_of(world, account)),
                name: None,
                namesake: false,
                sign_in_name: "second".to_owned(),
            };
            let answer = world.test.by(security, &second);
            refused(answer, RefusalKind::Invalid, "person-has-account");
        }
        let own = MakeAccount {
            person: Some(person_of(world, security)),
            name: None,
            namesake: false,
            sign_in_name: "second".to_owned(),
        };
        world.denied(security, &own, "access-own-matter");
    });
}

#[test]
fn one_administrator_alone_has_no_token_for_who_holds_a_grant() {
    in_each_world(|world| {
        let security = world.administrators.security;
        for (account, byte) in [
            (world.clerk.account, 1),
            (world.administrators.system, 2),
            (world.administrators.audit, 3),
        ] {
            // Whatever it answers, the token opens nothing.
            let _ = world.test.by(security, &token(account, byte));
            assert!(!opens(world, byte), "{byte}");
        }
        world.denied(security, &token(security, 4), "access-own-matter");
    });
}

/// Or one administrator would end the other's grant and then need nobody any more.
#[test]
fn a_grant_that_ended_a_moment_ago_still_asks_for_two_persons() {
    in_each_world(|world| {
        let (security, clerk) = (world.administrators.security, world.clerk.account);
        let second = world.engage("罗正", "luo.zheng", Role::SystemAdmin, None);
        for somebody in [world.clerk, second] {
            let grants = grants_of(world, somebody);
            let revoke = RevokeGrant { grant: grants[0] };
            world.test.by(security, &revoke).unwrap();
        }
        let issued = world.test.by(security, &token(clerk, 1)).unwrap();
        assert_eq!(issued.expires_at, None, "it waits for the other");
        let answer = world.test.by(security, &token(second.account, 2));
        refused(answer, RefusalKind::Invalid, "token-on-the-machine");
        let slip = |somebody: Somebody| {
            let issued = world.test.by(security, &crate::slips::batch(&[somebody]));
            issued.map(|issued| issued.slips[0].expires_at)
        };
        assert_eq!(slip(world.clerk).unwrap(), None);
        refused(slip(second), RefusalKind::Invalid, "slip-on-the-machine");
        assert!(!opens(world, 1) && !opens(world, 2));

        // After thirty days she is like anybody without a duty.
        let days = access::grant::ENDED_COUNTS_DAYS + 1;
        world.test.clock.advance(days * kernel::time::DAY_MS);
        world.test.by(security, &token(clerk, 4)).unwrap();
        assert!(opens(world, 4));
    });
}

fn grants_of(world: &World<'_>, somebody: Somebody) -> Vec<access::GrantId> {
    let (tenant, store) = (world.test.tenant, world.test.app.store());
    let read = store.read(move |c| access::grant::of_person(c, tenant, somebody.person));
    let held = read.wait().unwrap();
    held.iter().map(|view| view.proposal.grant).collect()
}

#[test]
fn a_token_for_who_holds_a_grant_is_released_by_another_and_seen_by_its_person() {
    in_each_world(|world| {
        let (security, system) = (world.administrators.security, world.administrators.system);
        let clerk = world.clerk;
        let proposed = world.test.by(security, &token(clerk.account, 1)).unwrap();
        assert_eq!(proposed.expires_at, None);
        let release = ReleaseToken {
            request: proposed.request,
        };
        world.denied(security, &release, "access-no-role");
        world.denied(clerk.account, &release, "access-no-role");
        let stale = world.by_stale(system, &release);
        refused(stale, RefusalKind::Reauthenticate, "access-reauthenticate");
        assert!(!opens(world, 1));
        let released = world.test.by(system, &release).unwrap();
        let now = world.test.app.session_clock().now();
        assert_eq!(
            released.expires_at.map(|at| at.0 - now.0),
            Some(30 * 60_000)
        );
        assert!(opens(world, 1));
        let again = world.test.by(system, &release);
        refused(again, RefusalKind::Invalid, "token-in-other-state");

        let second = world.test.by(security, &token(clerk.account, 2)).unwrap();
        let refuse = RefuseToken {
            request: second.request,
        };
        world.denied(security, &refuse, "access-no-role");
        world.test.by(system, &refuse).unwrap();
        assert!(!opens(world, 2));

        // The person sees both.
        let site = crate::browser::site(world, &[clerk]);
        let page = site.get("/me", &site.sign_in(clerk.account)).body;
        assert!(page.contains("已启用") && page.contains("未放行"), "{page}");
    });
}

/// A slip that nobody has released opens nothing, so it takes nothing away either.
#[test]
fn a_waiting_slip_does_not_overtake_a_token_and_a_released_one_does() {
    in_each_world(|world| {
        let (security, system) = (world.administrators.security, world.administrators.system);
        let clerk = world.clerk;
        let link = |byte| {
            world.test.clock.advance(1_000);
            let proposed = world.test.by(security, &token(clerk.account, byte));
            ReleaseToken {
                request: proposed.unwrap().request,
            }
        };
        let slip = || {
            world.test.clock.advance(1_000);
            let issued = world.test.by(security, &crate::slips::batch(&[clerk]));
            ReleaseToken {
                request: issued.unwrap().slips[0].request,
            }
        };
        let (first, _waits) = (link(1), slip());
        world.test.by(system, &first).unwrap();
        assert!(opens(world, 1));
        let (second, released) = (link(2), slip());
        world.test.by(system, &released).unwrap();
        let late = world.test.by(system, &second);
        refused(late, RefusalKind::Invalid, "token-overtaken");
    });
}

/// Releasing it would void the newer one, which somebody may hold in the hand.
#[test]
fn a_request_is_not_released_once_a_newer_one_has_come_or_its_time_is_over() {
    in_each_world(|world| {
        let (security, system) = (world.administrators.security, world.administrators.system);
        let clerk = world.clerk.account;
        let propose = |byte| {
            world.test.clock.advance(1_000);
            let proposed = world.test.by(security, &token(clerk, byte)).unwrap();
            ReleaseToken {
                request: proposed.request,
            }
        };
        let shown = || {
            let reader = crate::browser::administrator(world, system);
            let site = crate::browser::site(world, &[reader]);
            site.get("/grants", &site.sign_in(system)).body
        };
        let (first, second) = (propose(1), propose(2));
        let page = shown();
        assert!(!page.contains(&first.request.to_string()), "{page}");
        assert!(page.contains(&second.request.to_string()), "{page}");
        let overtaken = world.test.by(system, &first);
        refused(overtaken, RefusalKind::Invalid, "token-overtaken");
        world.test.by(system, &second).unwrap();
        assert!(!opens(world, 1) && opens(world, 2));
        let late = world.test.by(system, &first);
        refused(late, RefusalKind::Invalid, "token-overtaken");
        assert!(opens(world, 2), "the newer one still opens");

        // One that was refused overtakes nothing.
        let (third, fourth) = (propose(3), propose(4));
        let refuse = RefuseToken {
            request: fourth.request,
        };
        world.test.by(system, &refuse).unwrap();
        world.test.by(system, &third).unwrap();
        assert!(opens(world, 3));

        let fifth = propose(5);
        world.test.clock.advance(kernel::time::DAY_MS);
        let lapsed = world.test.by(system, &fifth);
        refused(lapsed, RefusalKind::Invalid, "token-overtaken");
    });
}

#[test]
fn administrators_get_their_tokens_on_the_machine() {
    in_each_world(|world| {
        for account in [world.administrators.system, world.administrators.audit] {
            let answer = world
                .test
                .by(world.administrators.security, &token(account, 1));
            refused(answer, RefusalKind::Invalid, "token-on-the-machine");
        }
        let issued = world.test.by_rule(&token(world.administrators.security, 2));
        assert!(issued.unwrap().expires_at.is_some());
        assert!(opens(world, 2));
    });
}
