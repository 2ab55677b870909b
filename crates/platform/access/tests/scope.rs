//! Lists equal points: over random trees, grants and people, the list predicate evaluated by both
//! databases gives exactly the places for which the decision allows, and both give what an oracle
//! gives that is written here from the words of the rule and shares no code with either.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

use access::grant::{self, Proposal};
use access::places::{self, Page, PlaceFilter};
use access::{
    AccountId, Action, Authentication, Decision, GrantId, Resource, Role, Scope, account,
};
use directory::place::{self, PlaceDraft, PlaceKind};
use directory::{PlainRecorder, WriteError, person};
use kernel::{CommandId, Day, Id, Instant, PersonId, PlaceId, Tenant};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use store::testing::TestStore;
use store::{Connection, StoreError};

const KINDS: [PlaceKind; 5] = [
    PlaceKind::Province,
    PlaceKind::City,
    PlaceKind::County,
    PlaceKind::Town,
    PlaceKind::Village,
];
const PEOPLE: u64 = 3;

fn id(number: u64) -> Id {
    let mut bytes = [0; 16];
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    Id::from_bytes(bytes)
}

fn place_id(index: usize) -> PlaceId {
    PlaceId(id(1_000 + index as u64))
}

fn person_id(number: u64) -> PersonId {
    PersonId(id(10 + number))
}

fn account_id(number: u64) -> AccountId {
    AccountId(id(50 + number))
}

/// The day of all decisions is day 0.
fn day(offset: i64) -> Day {
    "2026-06-30".parse::<Day>().unwrap().plus_days(offset)
}

/// A place: its level, and which of the earlier places stands above it (if that one is higher).
#[derive(Clone, Debug)]
struct Spot {
    level: usize,
    above: Option<usize>,
}

#[derive(Clone, Debug)]
struct Given {
    person: u64,
    role: Role,
    place: Option<usize>,
    from: i64,
    until: Option<i64>,
    revoked: bool,
}

fn spots() -> impl Strategy<Value = Vec<Spot>> {
    let raw = prop::collection::vec((0_usize..5, any::<prop::sample::Index>()), 1..14);
    raw.prop_map(|raw| {
        let mut spots: Vec<Spot> = Vec::new();
        for (level, pick) in raw {
            // Levels may be left out; a place without anything higher before it is a root.
            let higher: Vec<usize> = (0..spots.len())
                .filter(|index| spots[*index].level < level)
                .collect();
            let above = (!higher.is_empty()).then(|| higher[pick.index(higher.len())]);
            spots.push(Spot { level, above });
        }
        spots
    })
}

fn givens(spots: &[Spot]) -> impl Strategy<Value = Vec<Given>> + use<> {
    let roles: Vec<Role> = Role::ALL
        .iter()
        .copied()
        .filter(|role| role.can_be_granted())
        .collect();
    let given = (
        0..PEOPLE,
        prop::sample::select(roles),
        prop::option::weighted(0.85, any::<prop::sample::Index>()),
        -5_i64..4,
        prop::option::of(0_i64..6),
        prop::bool::weighted(0.15),
    );
    let levels: Vec<usize> = spots.iter().map(|spot| spot.level).collect();
    let fitting = move |role: Role, pick: prop::sample::Index| {
        let fits = |index: &usize| role.ground().fits(Some(KINDS[levels[*index]].level()));
        let fitting: Vec<usize> = (0..levels.len()).filter(fits).collect();
        (!fitting.is_empty()).then(|| fitting[pick.index(fitting.len())])
    };
    let given = given.prop_map(move |(person, role, pick, from, length, revoked)| Given {
        person,
        role,
        place: pick.and_then(|pick| fitting(role, pick)),
        from,
        until: length.map(|length| from + length),
        revoked,
    });
    prop::collection::vec(given, 0..8)
}

/// The whole world of one case.
#[derive(Clone, Debug)]
struct World {
    spots: Vec<Spot>,
    givens: Vec<Given>,
}

fn worlds() -> impl Strategy<Value = World> {
    spots().prop_flat_map(|spots| {
        givens(&spots).prop_map(move |givens| World {
            spots: spots.clone(),
            givens,
        })
    })
}

// The oracle.

/// Whether `high` is `low` or stands above it.
fn stands_above(spots: &[Spot], high: usize, low: usize) -> bool {
    high == low
        || spots[low]
            .above
            .is_some_and(|above| stands_above(spots, high, above))
}

/// Who may read what, in the words of the design: everybody with a post reads the register at her
/// place; schemes and rounds are read from below as well; administrators see no business data.
fn oracle_may(role: Role, action: Action) -> bool {
    let town_or_county = [
        Role::TownClerk,
        Role::TownVerifier,
        Role::TownLeader,
        Role::CountyClerk,
        Role::CountyReviewer,
        Role::CountyLeader,
        Role::Auditor,
    ];
    let village = [
        Role::GridWorker,
        Role::VillageSecretary,
        Role::SupervisionCommittee,
    ];
    match action {
        Action::RegistryRead => role != Role::Villager,
        Action::ScoreRead => town_or_county.contains(&role) || village.contains(&role),
        Action::RankReadExact => town_or_county.contains(&role),
        Action::RoundRead => {
            town_or_county.contains(&role) || village.contains(&role) || role == Role::Villager
        }
        Action::ScoreVerify => role == Role::TownVerifier,
        other => panic!("the oracle was not asked to know {other}"),
    }
}

const ASKED: [Action; 5] = [
    Action::RegistryRead,
    Action::ScoreRead,
    Action::RankReadExact,
    Action::RoundRead,
    Action::ScoreVerify,
];

fn oracle(world: &World, accepted: &[usize], person: u64, action: Action, place: usize) -> bool {
    let upward = [Action::RankReadExact, Action::RoundRead].contains(&action);
    accepted
        .iter()
        .map(|index| &world.givens[*index])
        .any(|given| {
            let covers = given.place.is_none_or(|at| {
                stands_above(&world.spots, at, place)
                    || upward && stands_above(&world.spots, place, at)
            });
            given.person == person
                && !given.revoked
                && given.from <= 0
                && given.until.is_none_or(|until| until >= 0)
                && oracle_may(given.role, action)
                && covers
        })
}

// The product.

/// Writes the world; gives the indices of the grants that were accepted (a grant of a role that
/// excludes an earlier one is refused).
fn build(store: &TestStore, tenant: Tenant, world: &World) -> Vec<usize> {
    let world = world.clone();
    let write = move |connection: &mut dyn Connection| {
        let recorder = &mut PlainRecorder {
            connection,
            tenant,
            command: CommandId(id(1)),
            now: day(0).start(),
        };
        let drafts: Vec<PlaceDraft> = world
            .spots
            .iter()
            .enumerate()
            .map(|(index, spot)| PlaceDraft {
                place: place_id(index),
                kind: KINDS[spot.level],
                name: format!("地方{index}"),
                alias: None,
                code: None,
                parent: spot.above.map(place_id),
                valid_from: day(-100),
                valid_to: None,
            })
            .collect();
        place::write_places(recorder, &drafts)?;
        for number in 0..PEOPLE {
            person::write_name(recorder, person_id(number), "某人", [0; 32])?;
            let name = format!("person.{number}.x");
            account::make(recorder, account_id(number), person_id(number), &name)?;
        }
        let mut accepted = Vec::new();
        for (index, given) in world.givens.iter().enumerate() {
            let proposal = Proposal {
                grant: GrantId(id(100 + index as u64)),
                person: person_id(given.person),
                role: given.role,
                place: given.place.map(place_id),
                valid_from: day(given.from),
                valid_until: given.until.map(day),
            };
            match grant::propose(recorder, &proposal, Some(person_id(90))) {
                Ok(()) => {}
                Err(WriteError::Findings(_)) => continue,
                Err(error) => return Err(error),
            }
            grant::approve(recorder, proposal.grant, Some(person_id(91)))?;
            if given.revoked {
                grant::revoke(recorder, proposal.grant, Some(person_id(90)))?;
            }
            accepted.push(index);
        }
        Ok(accepted)
    };
    store.store.write(write).wait().unwrap()
}

/// For one person and action: the places of the list, and those for which the point allows.
fn ask(
    store: &TestStore,
    tenant: Tenant,
    person: u64,
    action: Action,
    places: usize,
) -> (Vec<PlaceId>, Vec<PlaceId>, i64) {
    let read = move |c: &mut dyn Connection| {
        let now = Instant(day(0).start().0 + 1);
        let account = account_id(person);
        let subject = access::load_subject(c, tenant, account, Authentication::Stale, now)?;
        let subject = subject.expect("the account was made");
        let scope = Scope::new(&subject, action, day(0));
        let filter = PlaceFilter::default();
        let listed = places::list(c, &scope, &filter, Page::ALL)?;
        let counted = places::count(c, &scope, &filter)?;
        let mut allowed = Vec::new();
        for index in 0..places {
            let ancestors = place::ancestors(c, tenant, place_id(index))?;
            let resource = Resource::at(tenant, &ancestors);
            match access::decide(&subject, action, &resource, day(0)) {
                Decision::Allow(_) => allowed.push(place_id(index)),
                Decision::Deny(_) => {}
            }
        }
        let mut listed: Vec<PlaceId> = listed.iter().map(|place| place.place).collect();
        listed.sort_unstable();
        Ok::<_, StoreError>((listed, allowed, counted))
    };
    store.store.read(read).wait().unwrap()
}

#[test]
fn lists_equal_points_and_the_oracle() {
    for store in store::testing::each(&[directory::SCHEMA, access::SCHEMA]) {
        let cases = if store.engine == "sqlite" { 256 } else { 48 };
        let mut runner = TestRunner::new(ProptestConfig {
            cases,
            failure_persistence: None,
            ..ProptestConfig::default()
        });
        // Each case is a tenant: the same ids in all of them, so a forgotten tenant would show.
        let last = std::cell::Cell::new(0);
        let seen = std::cell::Cell::new((0_u32, 0_u32));
        let result = runner.run(&worlds(), |world| {
            last.set(last.get() + 1);
            let tenant = Tenant(last.get());
            let accepted = build(&store, tenant, &world);
            for person in 0..PEOPLE {
                for action in ASKED {
                    let places = world.spots.len();
                    let (listed, allowed, counted) = ask(&store, tenant, person, action, places);
                    let expected: Vec<PlaceId> = (0..places)
                        .filter(|place| oracle(&world, &accepted, person, action, *place))
                        .map(place_id)
                        .collect();
                    prop_assert_eq!(&listed, &allowed, "list and point: {} {}", person, action);
                    prop_assert_eq!(
                        &allowed,
                        &expected,
                        "point and oracle: {} {}",
                        person,
                        action
                    );
                    prop_assert_eq!(usize::try_from(counted).unwrap(), listed.len());
                    let (some, none) = seen.get();
                    seen.set(if listed.is_empty() {
                        (some, none + 1)
                    } else {
                        (some + 1, none)
                    });
                }
            }
            Ok(())
        });
        result.unwrap();
        let (some, none) = seen.get();
        assert!(
            some > 50 && none > 50,
            "the cases say something: {some} {none}"
        );
    }
}
