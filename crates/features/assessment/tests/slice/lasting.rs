//! What must stay true whatever happens: rebuilds, repeats, races, order of arrival, replays.

use std::cell::RefCell;
use std::collections::BTreeSet;

use app::{Caller, Envelope, Via};
use assessment::result::compute::ComputeRound;
use assessment::section::value::{Given, ValueKind};
use assessment::{RoundId, result, round, section::cell, section::estimate};
use store::{Connection, StoreError};

use crate::world::{
    CLERK, CorrectFigure, VERIFIERS, VILLAGES, World, account_of, each, place, refused,
    secretary_of,
};

const ALL: [u8; 4] = [11, 12, 21, 22];

fn read<T: Send + 'static>(
    world: &World<'_>,
    mut work: impl FnMut(&mut dyn Connection) -> Result<T, StoreError> + Send + 'static,
) -> T {
    world
        .app
        .app
        .store()
        .read(move |connection| work(connection))
        .wait()
        .unwrap()
}

/// Two rounds: one final, one with sections in every state.
fn two_rounds(world: &World<'_>) -> RoundId {
    let scheme = world.publish();
    let first = world
        .by(account_of(CLERK), &world.opening(scheme))
        .unwrap()
        .round;
    let mut second = world.opening(scheme);
    second.period = "2026-Q2".parse().unwrap();
    let second = world.by(account_of(CLERK), &second).unwrap().round;
    world.declare(second, 11, "leader").unwrap();
    world.declare(second, 12, "leader").unwrap();
    world.verify(second, 12, "leader").unwrap();
    world.declare(second, 21, "leader").unwrap();
    let correction = CorrectFigure {
        item: "households".to_owned(),
        village: 21,
        value: "511".to_owned(),
    };
    world.app.by_rule(&correction).unwrap();
    let back = world.give_back(second, 21, "leader", "2026-10-08");
    world.by(account_of(VERIFIERS[1]), &back).unwrap();
    world.review_all(first, &ALL);
    world.compute(first).unwrap();
    world.post(first).unwrap();
    world.bonus(11, "award_city", "2026-08-15");
    // One appeal granted, one waiting.
    let appeal = world.lodge(first, 11, Some("households_visited")).unwrap();
    world.lodge(first, 12, None).unwrap();
    world
        .uphold(appeal, &[("households_visited", "399")])
        .unwrap();
    first
}

#[test]
fn derived_tables_are_rebuilt_with_equal_digests() {
    each(|world| {
        two_rounds(world);
        let tenant = world.app.tenant;
        for rebuild in assessment::feature().rebuilds {
            let digests =
                move |connection: &mut dyn Connection| rebuild.digests(connection, tenant);
            let before = read(world, digests);
            let store = world.app.app.store();
            let done = store.write(move |connection| rebuild.rebuild(connection, tenant));
            done.wait().unwrap();
            assert_eq!(read(world, digests), before);
            for digest in before {
                assert!(digest.rows > 0, "{} is empty", digest.table);
            }
        }
    });
}

#[test]
fn every_derived_table_has_a_rebuild() {
    let feature = assessment::feature();
    let rebuilt: BTreeSet<_> = feature
        .rebuilds
        .iter()
        .flat_map(|rebuild| rebuild.tables)
        .copied()
        .collect();
    let derived: BTreeSet<_> = assessment::schema::SCHEMA
        .tables
        .iter()
        .filter(|table| table.class == store::Class::Derived)
        .map(|table| table.name)
        .collect();
    assert_eq!(rebuilt, derived);
}

#[test]
fn the_same_command_again_gives_the_same_answer_and_no_second_effect() {
    each(|world| {
        let round = world.open();
        let declaration = world.declaration(round, 11, "leader");
        let envelope = Envelope::of(world.app.command_id(), &declaration).seen(0);
        let caller = || Caller::Account {
            account: account_of(secretary_of(11)),
            authentication: access::Authentication::Fresh,
            on_behalf_of: None,
        };
        let app = &world.app.app;
        let tenant = world.app.tenant;
        let first = app
            .execute_wait(tenant, caller(), Via::Browser, envelope.clone())
            .unwrap();
        let again = app
            .execute_wait(tenant, caller(), Via::Browser, envelope)
            .unwrap();
        assert!(!first.repeated && again.repeated);
        assert_eq!(first.answer, again.answer);
        let histories = read(world, move |c| cell::history(c, tenant, round, 1));
        let declared = |kind| {
            let events = histories.values().flatten();
            events.filter(|event| event.kind == kind).count()
        };
        assert_eq!(declared(ValueKind::Declared), 1);
    });
}

#[test]
fn of_two_people_at_once_one_wins() {
    each(|world| {
        let round = world.open();
        let results: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| world.declare(round, 11, "leader")))
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        for result in results.into_iter().filter(Result::is_err) {
            let code = refused(result);
            let expected = ["Invalid section-not-in-state", "Conflict changed-since"];
            assert!(expected.contains(&code.as_str()), "{code}");
        }
    });
}

#[test]
fn the_order_of_arrival_does_not_change_the_result() {
    let digests = RefCell::new(BTreeSet::new());
    for order in [[11, 12, 21, 22], [22, 11, 21, 12], [21, 22, 12, 11]] {
        each(|world| {
            let round = world.open();
            world.review_all(round, &order);
            digests
                .borrow_mut()
                .insert(world.compute(round).unwrap().results_digest);
        });
    }
    assert_eq!(digests.borrow().len(), 1, "{digests:?}");
}

#[test]
fn explanations_replay_the_posted_result() {
    each(|world| {
        let first = two_rounds(world);
        let tenant = world.app.tenant;
        let replay = world
            .app
            .app
            .store()
            .read(move |c| -> Result<_, app::Refusal> {
                let found = round::get(c, tenant, first)?.unwrap();
                let shown = result::shown(c, tenant, &found)?.unwrap();
                assert_eq!(shown.version, Some(2));
                result::replay(c, tenant, &found, &shown)
            });
        let replay = replay.wait().unwrap();
        let mut explained = 0;
        for (position, row) in replay.rows.iter().enumerate() {
            assert!(replay.agrees(position));
            for (node, cell) in row.packed.nodes.iter().enumerate() {
                let found = score::explain(
                    &replay.plan,
                    &replay.columns,
                    &replay.results,
                    position,
                    node,
                );
                assert_eq!(found.counted(), cell.counted(), "{}", found.node);
                explained += usize::from(found.counted().is_some());
            }
            let root = replay.plan.root();
            assert_eq!(row.packed.nodes[root].counted(), row.score);
        }
        assert!(explained > 40, "{explained}");
        // 386,200.00 yuan in the books are 38.62 wan: the fourth band.
        let liuwan = replay.position(place(11)).unwrap();
        let income = replay.plan.scheme().node_index("income").unwrap();
        let mark = replay.rows[liuwan].packed.nodes[income].counted();
        assert_eq!(mark, Some("14.4".parse().unwrap()));
    });
}

fn income_of(world: &World<'_>, round: RoundId, village: u8) -> Vec<String> {
    let tenant = world.app.tenant;
    let histories = read(world, move |c| {
        let subject = round::subject(c, tenant, round, place(village))?.unwrap();
        let items = round::items(c, tenant, round)?;
        let item = items
            .iter()
            .find(|item| item.code == "collective_income")
            .unwrap()
            .item_no;
        let mut history = cell::history(c, tenant, round, subject.subject_no)?;
        Ok(history.remove(&item).unwrap())
    });
    for event in &histories {
        assert_eq!(event.kind, ValueKind::Brought);
        assert_eq!(event.source.as_deref(), Some("账务"));
        assert!(
            event
                .reference
                .as_ref()
                .is_some_and(|found| found.kind == "figure")
        );
        assert!(event.digest.is_some() && event.person.is_none());
    }
    let text = |given: &Given| given.value().unwrap().to_string();
    histories.iter().map(|event| text(&event.given)).collect()
}

fn correct(world: &World<'_>, value: &str) {
    let (item, village) = ("collective_income".to_owned(), 11);
    world
        .app
        .by_rule(&CorrectFigure {
            item,
            village,
            value: value.to_owned(),
        })
        .unwrap();
}

#[test]
fn a_changed_figure_reaches_what_nobody_has_verified_and_nothing_else() {
    each(|world| {
        let round = world.open();
        assert_eq!(income_of(world, round, 11), ["386200"]);
        correct(world, "400000");
        assert_eq!(income_of(world, round, 11), ["386200", "400000"]);
        assert_eq!(income_of(world, round, 12), ["120000"]);
        world.declare(round, 11, "common_prosperity").unwrap();
        correct(world, "410000");
        world.verify(round, 11, "common_prosperity").unwrap();
        correct(world, "420000");
        let frozen = ["386200", "400000", "410000"];
        assert_eq!(income_of(world, round, 11), frozen);
        let back = world.send_back(round, 11, "common_prosperity", "2026-10-20");
        world.by(account_of(crate::world::REVIEWER), &back).unwrap();
        let back = world.give_back(round, 11, "common_prosperity", "2026-10-08");
        world.by(account_of(VERIFIERS[0]), &back).unwrap();
        let read_again = ["386200", "400000", "410000", "420000"];
        assert_eq!(income_of(world, round, 11), read_again);
    });
}

#[test]
fn the_estimate_moves_with_every_step() {
    each(|world| {
        let round = world.open();
        let tenant = world.app.tenant;
        let kept = || read(world, move |c| estimate::kept(c, tenant, round, 1)).unwrap();
        let opened = kept();
        assert_eq!(opened.answered, 4, "the four figures that the record holds");
        world.declare(round, 11, "leader").unwrap();
        let declared = kept();
        assert_eq!(declared.answered, 5);
        world.verify(round, 11, "leader").unwrap();
        assert_eq!(kept().answered, 6);
        assert_ne!(kept(), declared);
    });
}

#[test]
fn a_round_stays_what_it_was_when_the_register_changes() {
    each(|world| {
        let round = world.open();
        world.review_all(round, &ALL);
        let before = world.compute(round).unwrap().results_digest;
        world
            .app
            .by_rule(&crate::world::EndVillage { village: 22 })
            .unwrap();
        let posted = world.post(round).unwrap();
        assert_eq!(posted.results_digest, before);
        let tenant = world.app.tenant;
        let names = read(world, move |c| round::subjects(c, tenant, round));
        let names: Vec<_> = names.iter().map(|subject| subject.name.as_str()).collect();
        assert_eq!(names, VILLAGES.map(|(_, _, name)| name));
    });
}

#[test]
fn a_command_of_the_round_names_no_village_in_the_clear_but_its_id() {
    // The paths left readable never lead to free text.
    let feature = assessment::feature();
    for command in &feature.commands {
        for path in command.clear {
            let last = path.rsplit('.').next().unwrap();
            assert!(
                !["reason", "missing", "name", "text", "title"].contains(&last),
                "{path}"
            );
        }
    }
    assert!(
        feature
            .commands
            .iter()
            .any(|command| command.name == "round.compute")
    );
    let _ = ComputeRound {
        round: RoundId::default(),
    };
}
