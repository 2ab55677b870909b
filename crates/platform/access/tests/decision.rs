//! The decision, reason by reason.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

use access::{
    AccountId, Action, Authentication, Decision, DenyReason, Grant, GrantId, Involved, Resource,
    Role, Subject, decide,
};
use kernel::{Day, Finding, Id, PersonId, PlaceId, Tenant};

const TENANT: Tenant = Tenant(1);

fn id(number: u8) -> Id {
    Id::from_bytes([number; 16])
}

fn place(number: u8) -> PlaceId {
    PlaceId(id(number))
}

fn person(number: u8) -> PersonId {
    PersonId(id(number))
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// County 1, town 2 below it, village 3 below that; town 4 beside.
fn above(number: u8) -> Vec<PlaceId> {
    match number {
        3 => vec![place(3), place(2), place(1)],
        2 | 4 => vec![place(number), place(1)],
        other => vec![place(other)],
    }
}

fn grant(role: Role, at: Option<u8>) -> Grant {
    Grant {
        grant: GrantId(id(100)),
        role,
        place: at.map(place),
        ancestors: at.map(above).unwrap_or_default(),
        valid_from: day("2026-01-01"),
        valid_until: Some(day("2026-12-31")),
    }
}

fn subject(grants: Vec<Grant>) -> Subject {
    Subject {
        tenant: TENANT,
        account: AccountId(id(50)),
        person: person(10),
        on_behalf_of: None,
        authentication: Authentication::Fresh,
        grants,
    }
}

fn check(
    subject: &Subject,
    action: Action,
    resource: &Resource<'_>,
    on: &str,
    expected: Option<DenyReason>,
) {
    let decision = decide(subject, action, resource, day(on));
    let found = match decision {
        Decision::Allow(grant) => {
            assert_eq!(grant, GrantId(id(100)));
            None
        }
        Decision::Deny(denial) => {
            assert_eq!(denial.action, action);
            assert_eq!(Finding::from(denial).code, denial.reason.code());
            Some(denial.reason)
        }
    };
    assert_eq!(found, expected, "{action} on {on}");
}

#[test]
fn nothing_is_allowed_without_a_grant_that_says_so() {
    let at = above(3);
    let village = Resource::at(TENANT, &at);
    for action in Action::ALL {
        let reason = Some(DenyReason::NoRole);
        check(&subject(vec![]), *action, &village, "2026-06-30", reason);
    }
}

#[test]
fn place_day_and_tenant_bound_a_grant() {
    let verifier = subject(vec![grant(Role::TownVerifier, Some(2))]);
    let (village, town, beside, county) = (above(3), above(2), above(4), above(1));
    let verify = Action::ScoreVerify;
    let at = |ancestors| Resource::at(TENANT, ancestors);
    let on = "2026-06-30";
    check(&verifier, verify, &at(&village), on, None);
    check(&verifier, verify, &at(&town), on, None);
    check(&verifier, verify, &at(&village), "2026-01-01", None);
    check(&verifier, verify, &at(&village), "2026-12-31", None);
    for outside in ["2025-12-31", "2027-01-01"] {
        let reason = Some(DenyReason::NotOnThisDay);
        check(&verifier, verify, &at(&village), outside, reason);
    }
    let other = Some(DenyReason::OtherPlace);
    check(&verifier, verify, &at(&beside), on, other);
    check(&verifier, verify, &at(&county), on, other);
    check(&verifier, verify, &Resource::tenant(TENANT), on, other);
    let foreign = Resource::at(Tenant(2), &village);
    check(
        &verifier,
        verify,
        &foreign,
        on,
        Some(DenyReason::OtherTenant),
    );
    assert!(DenyReason::OtherTenant.hides_existence());
}

#[test]
fn what_is_shared_downward_is_read_from_below() {
    let secretary = subject(vec![grant(Role::VillageSecretary, Some(3))]);
    let (county, beside) = (above(1), above(4));
    let on = "2026-06-30";
    check(
        &secretary,
        Action::RoundRead,
        &Resource::at(TENANT, &county),
        on,
        None,
    );
    check(
        &secretary,
        Action::SchemeRead,
        &Resource::tenant(TENANT),
        on,
        None,
    );
    let reason = Some(DenyReason::OtherPlace);
    check(
        &secretary,
        Action::RoundRead,
        &Resource::at(TENANT, &beside),
        on,
        reason,
    );
    check(
        &secretary,
        Action::ScoreRead,
        &Resource::at(TENANT, &county),
        on,
        reason,
    );
    let reason = Some(DenyReason::NoRole);
    check(
        &secretary,
        Action::RankReadExact,
        &Resource::at(TENANT, &county),
        on,
        reason,
    );
    let clerk = subject(vec![grant(Role::TownClerk, Some(2))]);
    check(
        &clerk,
        Action::RankReadExact,
        &Resource::at(TENANT, &county),
        on,
        None,
    );
}

#[test]
fn prohibitions_override_permissions() {
    let on = "2026-06-30";
    let at = above(3);
    let village = Resource::at(TENANT, &at);
    let verifier = subject(vec![grant(Role::TownVerifier, Some(2))]);
    let declared = [Involved::own(person(10), Action::ScoreDeclare)];
    let separated = Some(DenyReason::SeparationOfDuties {
        constraint: "declare-verify-review",
        earlier: Action::ScoreDeclare,
    });
    check(
        &verifier,
        Action::ScoreVerify,
        &village.history(&declared),
        on,
        separated,
    );
    // On behalf of whoever declared.
    let mut delegate = verifier.clone();
    delegate.person = person(11);
    check(
        &delegate,
        Action::ScoreVerify,
        &village.history(&declared),
        on,
        None,
    );
    delegate.on_behalf_of = Some(person(10));
    check(
        &delegate,
        Action::ScoreVerify,
        &village.history(&declared),
        on,
        separated,
    );

    let both = subject(vec![
        grant(Role::SystemAdmin, None),
        grant(Role::CountyClerk, None),
    ]);
    let reason = Some(DenyReason::RolesExclude(
        Role::CountyClerk,
        Role::SystemAdmin,
    ));
    check(&both, Action::RoundOpen, &village, on, reason);

    let approver = subject(vec![grant(Role::SystemAdmin, None)]);
    let own = Resource::tenant(TENANT).about(person(10));
    check(
        &approver,
        Action::GrantApprove,
        &own,
        on,
        Some(DenyReason::OwnMatter),
    );
    let others = Resource::tenant(TENANT).about(person(11));
    check(&approver, Action::GrantApprove, &others, on, None);
    let proposed = [Involved::own(person(10), Action::GrantPropose)];
    let reason = Some(DenyReason::SeparationOfDuties {
        constraint: "grant",
        earlier: Action::GrantPropose,
    });
    check(
        &approver,
        Action::GrantApprove,
        &others.history(&proposed),
        on,
        reason,
    );
}

#[test]
fn grants_and_reveals_want_a_fresh_password() {
    let on = "2026-06-30";
    let resource = Resource::tenant(TENANT);
    let fresh = subject(vec![grant(Role::SecurityAdmin, None)]);
    check(&fresh, Action::GrantPropose, &resource, on, None);
    for (authentication, reason) in [
        (Authentication::Stale, DenyReason::Reauthenticate),
        (Authentication::Vouched, DenyReason::CannotReauthenticate),
    ] {
        let stale = Subject {
            authentication,
            ..fresh.clone()
        };
        check(&stale, Action::GrantPropose, &resource, on, Some(reason));
        check(&stale, Action::AccountMake, &resource, on, None);
        // Nobody is asked for a password only to be refused after it.
        check(
            &stale,
            Action::GrantApprove,
            &resource,
            on,
            Some(DenyReason::NoRole),
        );
    }
}

#[test]
fn what_belongs_to_no_place_is_read_only_by_who_reads_everywhere() {
    let on = day("2026-06-01");
    let action = Action::AccountRead;
    let everywhere = subject(vec![grant(Role::Auditor, None)]);
    assert_eq!(everywhere.may_anywhere(action, on), Ok(()));
    assert_eq!(everywhere.may_in_whole(action, on), Ok(()));
    // A grant of before the rule that auditors are of the whole.
    let at_town = subject(vec![grant(Role::Auditor, Some(2))]);
    assert_eq!(at_town.may_anywhere(action, on), Ok(()));
    assert_eq!(
        at_town.may_in_whole(action, on),
        Err(DenyReason::OtherPlace)
    );
    let late = day("2027-01-01");
    assert_eq!(
        everywhere.may_in_whole(action, late),
        Err(DenyReason::NotOnThisDay)
    );
    assert_eq!(
        everywhere.may_anywhere(action, late),
        Err(DenyReason::NotOnThisDay)
    );
    let clerk = subject(vec![grant(Role::TownClerk, None)]);
    let grants = Action::GrantRead;
    assert_eq!(clerk.may_anywhere(grants, on), Err(DenyReason::NoRole));
    // A list is shown without the password; what is done there asks for it itself.
    let mut stale = subject(vec![grant(Role::SecurityAdmin, None)]);
    stale.authentication = Authentication::Stale;
    assert_eq!(stale.may_in_whole(Action::GrantPropose, on), Ok(()));
}
