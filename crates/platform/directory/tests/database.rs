//! The directory on both databases: versions, the tree as of a day, derived tables against a
//! naive model, figures and names.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use directory::appointment::{self, Appointment};
use directory::figure::{self, FigureDraft, FigureValue};
use directory::import::places;
use directory::organisation::{self, Organisation, OrganisationKind};
use directory::place::{self, LinkKind, PlaceDraft, PlaceKind, PlaceLink};
use directory::sheet::{self, LIMITS};
use directory::{AppointmentId, FigureId, PlainRecorder, WriteError, person};
use kernel::{CommandId, Day, Decimal, Id, Instant, OrganisationId, PersonId, PlaceId, Tenant};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use store::testing::TestStore;
use store::{Connection, StoreError};

const TENANT: Tenant = Tenant(7);
const TODAY: &str = "2026-06-30";

fn id(number: u64) -> Id {
    let mut bytes = [0; 16];
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    Id::from_bytes(bytes)
}

fn place_id(number: u64) -> PlaceId {
    PlaceId(id(number))
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// Noon of a day.
fn noon(text: &str) -> Instant {
    Instant(day(text).start().0 + kernel::time::DAY_MS / 2)
}

fn stores() -> Vec<TestStore> {
    store::testing::each(&[directory::SCHEMA])
}

/// One command on a day.
fn command<T: Send + 'static>(
    store: &TestStore,
    on: &str,
    work: impl Fn(&mut PlainRecorder<'_>) -> Result<T, WriteError> + Send + 'static,
) -> Result<T, WriteError> {
    command_in(store, TENANT, on, work)
}

fn command_in<T: Send + 'static>(
    store: &TestStore,
    tenant: Tenant,
    on: &str,
    work: impl Fn(&mut PlainRecorder<'_>) -> Result<T, WriteError> + Send + 'static,
) -> Result<T, WriteError> {
    let now = noon(on);
    let write = move |connection: &mut dyn Connection| {
        work(&mut PlainRecorder {
            connection,
            tenant,
            command: CommandId(id(1_000_000)),
            now,
        })
    };
    store.store.write(write).wait()
}

fn read<T: Send + 'static>(
    store: &TestStore,
    work: impl Fn(&mut dyn Connection) -> Result<T, StoreError> + Send + 'static,
) -> T {
    store.store.read(work).wait().unwrap()
}

fn draft(number: u64, kind: PlaceKind, name: &str, parent: Option<u64>) -> PlaceDraft {
    PlaceDraft {
        place: place_id(number),
        kind,
        name: name.into(),
        alias: None,
        code: None,
        parent: parent.map(place_id),
        valid_from: day("2020-01-01"),
        valid_to: None,
    }
}

fn codes(error: WriteError) -> Vec<String> {
    match error {
        WriteError::Findings(findings) => findings
            .iter()
            .map(|finding| format!("{} {}", finding.place, finding.code))
            .collect(),
        WriteError::Store(error) => panic!("{error}"),
    }
}

/// The derived tables, and that a rebuild from the record gives the same.
fn check_rebuild(store: &TestStore) {
    check_rebuild_in(store, TENANT);
}

fn check_rebuild_in(store: &TestStore, tenant: Tenant) {
    for rebuild in directory::REBUILDS {
        let digests = move |c: &mut dyn Connection| rebuild.digests(c, tenant);
        let before = read(store, digests);
        let rebuilt = move |c: &mut dyn Connection| rebuild.rebuild(c, tenant);
        store.store.write(rebuilt).wait().unwrap();
        assert_eq!(
            read(store, digests),
            before,
            "{} {:?}",
            store.engine,
            rebuild.tables
        );
    }
}

/// A county, two towns, a village in the first.
fn small_county(store: &TestStore) {
    command(store, TODAY, |recorder| {
        let mut village = draft(4, PlaceKind::Village, "东村", Some(2));
        village.code = Some("370725101201".parse().unwrap());
        let drafts = [
            village,
            draft(1, PlaceKind::County, "某县", None),
            draft(3, PlaceKind::Town, "乙镇", Some(1)),
            draft(2, PlaceKind::Town, "甲镇", Some(1)),
        ];
        place::write_places(recorder, &drafts)
    })
    .unwrap();
}

#[test]
fn the_roster_of_a_real_county_is_written_and_rebuilt() {
    for store in stores() {
        command(&store, TODAY, |recorder| {
            let sheet = sheet::read(include_bytes!("data/changle-places.csv"), &LIMITS).unwrap();
            let roster = places::read(&sheet).unwrap();
            let mut number = 0;
            let mut next = || {
                number += 1;
                place_id(number)
            };
            let plan = places::plan(&sheet, &roster, &[], day("2023-01-01"), &mut next).unwrap();
            place::write_places(recorder, &plan.drafts)
        })
        .unwrap();
        let tree = read(&store, |c| place::tree_now(c, TENANT, place_id(1)));
        assert_eq!(tree.len(), 401);
        assert_eq!(tree[0].name, "昌乐县");
        let before = read(&store, |c| place::tree_on(c, TENANT, day("2022-12-31")));
        assert_eq!(before, []);
        let on = read(&store, |c| place::tree_on(c, TENANT, day("2023-01-01")));
        assert_eq!(on.len(), 401);
        let village = tree.last().unwrap().place;
        let above = read(&store, move |c| place::ancestors(c, TENANT, village));
        assert_eq!((above.len(), above[0], above[2]), (3, village, place_id(1)));
        let code = "370725001000".parse().unwrap();
        let street = read(&store, move |c| place::by_code(c, TENANT, code)).unwrap();
        assert_eq!(street.name, "宝都街道");
        let other = read(&store, move |c| place::tree_now(c, Tenant(8), place_id(1)));
        assert_eq!(other, [], "another tenant sees nothing");
        check_rebuild(&store);
    }
}

#[test]
fn a_place_moves_with_everything_below_it_and_the_old_tree_stays() {
    for store in stores() {
        small_county(&store);
        command(&store, TODAY, |recorder| {
            let mut group = draft(5, PlaceKind::VillageLike, "东村农场", Some(2));
            group.valid_from = day("2021-01-01");
            let mut moved = draft(4, PlaceKind::Village, "东新村", Some(3));
            moved.valid_from = day("2026-01-01");
            place::write_places(recorder, &[group, moved])
        })
        .unwrap();
        let above = read(&store, |c| place::ancestors(c, TENANT, place_id(4)));
        assert_eq!(above, [place_id(4), place_id(3), place_id(1)]);
        let on = |text: &'static str| {
            let tree = read(&store, move |c| place::tree_on(c, TENANT, day(text)));
            let village = tree
                .into_iter()
                .find(|place| place.place == place_id(4))
                .unwrap();
            (village.name, village.parent)
        };
        assert_eq!(on("2025-12-31"), ("东村".to_owned(), Some(place_id(2))));
        assert_eq!(on("2026-01-01"), ("东新村".to_owned(), Some(place_id(3))));
        check_rebuild(&store);
    }
}

#[test]
fn a_merger_ends_places_links_them_and_frees_the_code() {
    for store in stores() {
        small_county(&store);
        let code = "370725101201".parse().unwrap();
        command(&store, TODAY, move |recorder| {
            let mut ended = draft(4, PlaceKind::Village, "东村", Some(2));
            ended.code = Some(code);
            ended.valid_to = Some(day("2026-03-31"));
            let mut merged = draft(6, PlaceKind::Village, "大东村", Some(2));
            merged.code = Some(code);
            merged.valid_from = day("2026-04-01");
            place::write_places(recorder, &[ended])?;
            place::write_places(recorder, &[merged])?;
            let link = PlaceLink {
                predecessor: place_id(4),
                successor: place_id(6),
                day: day("2026-04-01"),
                kind: LinkKind::Merge,
                share: Some(Decimal::ONE),
            };
            place::write_links(recorder, &[link])
        })
        .unwrap();
        let found = read(&store, move |c| place::by_code(c, TENANT, code)).unwrap();
        assert_eq!(found.place, place_id(6));
        let links = read(&store, |c| place::links_of(c, TENANT, place_id(4)));
        assert_eq!((links.len(), links[0].successor), (1, place_id(6)));
        let ended = read(&store, |c| place::get(c, TENANT, place_id(4))).unwrap();
        assert_eq!(ended.valid_to, Some(day("2026-03-31")));
        // The same code for a third place while the second has it.
        let error = command(&store, TODAY, move |recorder| {
            let mut third = draft(7, PlaceKind::Village, "西村", Some(2));
            third.code = Some(code);
            third.valid_from = day("2026-05-01");
            place::write_places(recorder, &[third])
        });
        assert_eq!(
            codes(error.unwrap_err()),
            ["places.0.code division-code-taken"]
        );
        // In a period before both it is free.
        command(&store, TODAY, move |recorder| {
            let mut third = draft(7, PlaceKind::Village, "西村", Some(2));
            third.code = Some(code);
            third.valid_from = day("2019-01-01");
            third.valid_to = Some(day("2019-12-31"));
            place::write_places(recorder, &[third])
        })
        .unwrap();
        check_rebuild(&store);
    }
}

#[test]
fn wrong_drafts_are_refused_whole_with_every_finding() {
    for store in stores() {
        small_county(&store);
        let error = command(&store, TODAY, |recorder| {
            let mut future = draft(10, PlaceKind::Village, "来村", Some(2));
            future.valid_from = day("2026-07-01");
            let mut backward = draft(11, PlaceKind::Village, "反村", Some(2));
            backward.valid_to = Some(day("2019-01-01"));
            let drafts = [
                future,
                backward,
                draft(12, PlaceKind::Village, " ", Some(99)),
                draft(13, PlaceKind::Town, "丙镇", Some(3)),
                draft(13, PlaceKind::Town, "丙镇", Some(1)),
                draft(1, PlaceKind::Town, "某县", None),
            ];
            place::write_places(recorder, &drafts)
        });
        assert_eq!(
            codes(error.unwrap_err()),
            [
                "places.0.valid_from day-in-future",
                "places.1.valid_to ends-before-it-begins",
                "places.2.name place-name-length",
                "places.4.place place-twice",
                "places.2.parent place-parent-unknown",
                "places.3.parent place-parent-not-above",
                "places.4.parent place-parent-not-above",
                "places.5.kind place-not-above-its-children",
            ]
        );
        assert_eq!(
            read(&store, |c| place::tree_now(c, TENANT, place_id(1))).len(),
            4
        );
    }
}

/// On PostgreSQL several transactions run at once: of two who give the same figure one is told, or
/// supersedes the other; never do two stand side by side.
#[test]
fn of_one_item_period_and_subject_one_figure_is_present() {
    for store in stores() {
        small_county(&store);
        std::thread::scope(|scope| {
            for writer in 0..4_u64 {
                let store = &store;
                scope.spawn(move || {
                    for turn in 0..8 {
                        let draft = FigureDraft {
                            figure: FigureId(id(100 + 10 * writer + turn)),
                            item: "collective_income".into(),
                            subject: place_id(4),
                            period: "2026-Q1".parse().unwrap(),
                            value: FigureValue::Value("1".parse().unwrap()),
                            unit: String::new(),
                            source: "农业农村局".into(),
                            as_of: None,
                            observed_at: None,
                        };
                        let written = command(store, "2026-04-10", move |recorder| {
                            figure::write(recorder, std::slice::from_ref(&draft))
                        });
                        let lost = |error: &WriteError| {
                            matches!(error, WriteError::Store(StoreError::Conflict { .. }))
                        };
                        assert!(written.as_ref().err().is_none_or(lost), "{written:?}");
                    }
                });
            }
        });
        let present = read(&store, |c| figure::of_subject(c, TENANT, place_id(4)));
        assert_eq!(present.len(), 1);
        let before = read(&store, |c| store::table_digest(c, "figure_current", TENANT));
        let after = store
            .store
            .write(|c| store::rebuild_all(c, directory::REBUILDS, TENANT))
            .wait()
            .unwrap();
        let after = after.iter().find(|t| t.after.table == "figure_current");
        assert_eq!(after.unwrap().after, before, "two figures superseded one");
    }
}

#[test]
fn figures_supersede_and_are_read_as_they_were_known() {
    for store in stores() {
        small_county(&store);
        let figure = |number: u64, subject: u64, value: FigureValue| FigureDraft {
            figure: FigureId(id(number)),
            item: "collective_income".into(),
            subject: place_id(subject),
            period: "2026-Q1".parse().unwrap(),
            value,
            unit: "元".into(),
            source: "农业农村局".into(),
            as_of: None,
            observed_at: None,
        };
        let value = |text: &str| FigureValue::Value(text.parse().unwrap());
        let first = [
            figure(1, 4, value("100.50")),
            figure(2, 3, FigureValue::Missing("账未结".into())),
        ];
        command(&store, "2026-04-10", move |recorder| {
            figure::write(recorder, &first)
        })
        .unwrap();
        let second = [figure(3, 4, value("98"))];
        command(&store, "2026-05-10", move |recorder| {
            figure::write(recorder, &second)
        })
        .unwrap();

        let known = |on: &'static str| {
            let subjects = [place_id(3), place_id(4), place_id(2)];
            let period = "2026-Q1".parse().unwrap();
            let found = read(&store, move |c| {
                figure::read_many(c, TENANT, "collective_income", &subjects, period, noon(on))
            });
            found
                .into_iter()
                .map(|figure| figure.map(|figure| figure.draft.value))
                .collect::<Vec<_>>()
        };
        let missing = Some(FigureValue::Missing("账未结".into()));
        assert_eq!(known("2026-04-09"), [None, None, None]);
        assert_eq!(
            known("2026-04-10"),
            [missing.clone(), Some(value("100.5")), None]
        );
        assert_eq!(known("2026-05-10"), [missing, Some(value("98")), None]);
        let present = read(&store, |c| figure::of_subject(c, TENANT, place_id(4)));
        assert_eq!(present.len(), 1);
        assert_eq!(present[0].supersedes, Some(FigureId(id(1))));
        let old = read(&store, |c| figure::by_id(c, TENANT, FigureId(id(1)))).unwrap();
        assert_ne!(old.digest, present[0].digest);

        let mut wrong = figure(4, 99, value("1"));
        wrong.item = "Income".into();
        wrong.source = " ".into();
        let error = command(&store, TODAY, move |recorder| {
            figure::write(recorder, std::slice::from_ref(&wrong))
        });
        assert_eq!(
            codes(error.unwrap_err()),
            [
                "figures.0.item item-code-form",
                "figures.0.subject place-unknown",
                "figures.0.source figure-text-length",
            ]
        );
        check_rebuild(&store);
    }
}

#[test]
fn names_are_found_and_erased_posts_have_periods() {
    for store in stores() {
        small_county(&store);
        let (zhang, li) = (PersonId(id(21)), PersonId(id(22)));
        command(&store, TODAY, move |recorder| {
            person::write_name(recorder, zhang, "张三", [1; 32])?;
            person::write_name(recorder, li, "李四", [2; 32])?;
            person::write_name(recorder, li, "李思", [3; 32])?;
            organisation::write(
                recorder,
                &Organisation {
                    organisation: OrganisationId(id(31)),
                    kind: OrganisationKind::PartyBody,
                    name: "东村党支部".into(),
                    place: place_id(4),
                    parent: None,
                    credit_code: None,
                    valid_from: day("2020-01-01"),
                    valid_to: None,
                },
            )?;
            appointment::write(
                recorder,
                &Appointment {
                    appointment: AppointmentId(id(41)),
                    post: "secretary".into(),
                    place: place_id(4),
                    organisation: Some(OrganisationId(id(31))),
                    person: zhang,
                    valid_from: day("2025-01-01"),
                    valid_until: Some(day("2029-12-31")),
                },
            )
        })
        .unwrap();
        let search = |text: &'static str| {
            let found = read(&store, move |c| person::search(c, TENANT, text, 10));
            found
                .into_iter()
                .map(|found| found.name)
                .collect::<Vec<_>>()
        };
        assert_eq!(search("张"), ["张三"]);
        assert_eq!(search("LS"), ["李思"]);
        assert_eq!(search(" "), Vec::<String>::new());
        let holders = |on: &'static str| {
            read(&store, move |c| {
                appointment::at_place(c, TENANT, place_id(4), day(on))
            })
            .len()
        };
        assert_eq!(
            (
                holders("2024-12-31"),
                holders("2025-01-01"),
                holders("2030-01-01")
            ),
            (0, 1, 0)
        );
        let bodies = read(&store, |c| organisation::of_place(c, TENANT, place_id(4)));
        assert_eq!(bodies.len(), 1);

        command(&store, TODAY, move |recorder| {
            person::erase(recorder, zhang)
        })
        .unwrap();
        assert_eq!(search("张"), Vec::<String>::new());
        assert_eq!(read(&store, move |c| person::version(c, TENANT, zhang)), 2);
        check_rebuild(&store);

        let error = command(&store, TODAY, move |recorder| {
            appointment::write(
                recorder,
                &Appointment {
                    appointment: AppointmentId(id(42)),
                    post: "Sec retary".into(),
                    place: place_id(98),
                    organisation: Some(OrganisationId(id(99))),
                    person: zhang,
                    valid_from: day("2025-01-01"),
                    valid_until: Some(day("2024-12-31")),
                },
            )
        });
        assert_eq!(
            codes(error.unwrap_err()),
            [
                "post post-code-form",
                "place place-unknown",
                "organisation organisation-unknown",
                "person person-unknown",
                "valid_until ends-before-it-begins",
            ]
        );
    }
}

const KINDS: [PlaceKind; 5] = [
    PlaceKind::Province,
    PlaceKind::City,
    PlaceKind::County,
    PlaceKind::Town,
    PlaceKind::Village,
];

/// A change: which place, its level, its parent among the places, the day in 2025.
type Change = (u64, usize, Option<u64>, i64);

fn changes() -> impl Strategy<Value = Vec<Vec<Change>>> {
    let change = (
        0_u64..9,
        0_usize..5,
        prop::option::weighted(0.9, 0_u64..9),
        0_i64..300,
    );
    prop::collection::vec(prop::collection::vec(change, 1..4), 1..12)
}

/// Accepted changes make exactly the tree that a map of parents makes; refused ones change
/// nothing; a rebuild gives the same tables. Each case is a tenant of its own in the same database,
/// so it also shows that tenants do not touch each other.
#[test]
fn the_derived_tree_is_the_one_of_a_naive_model() {
    let config = ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    for store in stores() {
        let mut runner = TestRunner::new(config.clone());
        let last = std::cell::Cell::new(100);
        let result = runner.run(&changes(), |batches| {
            last.set(last.get() + 1);
            check_tree(&store, Tenant(last.get()), &batches)
        });
        result.unwrap();
    }
}

fn check_tree(
    store: &TestStore,
    tenant: Tenant,
    batches: &[Vec<Change>],
) -> Result<(), TestCaseError> {
    let mut parents: BTreeMap<PlaceId, Option<PlaceId>> = BTreeMap::new();
    for batch in batches {
        let drafts: Vec<PlaceDraft> = batch
            .iter()
            .map(|(number, level, parent, offset)| {
                let mut draft = draft(*number, KINDS[*level], "地方", *parent);
                draft.valid_from = day("2025-01-01").plus_days(*offset);
                draft
            })
            .collect();
        let given = drafts.clone();
        let written = command_in(store, tenant, TODAY, move |recorder| {
            place::write_places(recorder, &given)
        });
        if written.is_ok() {
            parents.extend(drafts.iter().map(|draft| (draft.place, draft.parent)));
        }
    }
    for place in parents.keys().copied() {
        let mut expected = vec![place];
        while let Some(Some(parent)) = parents.get(expected.last().unwrap()) {
            expected.push(*parent);
        }
        let found = read(store, move |c| place::ancestors(c, tenant, place));
        prop_assert_eq!(found, expected);
    }
    check_rebuild_in(store, tenant);
    Ok(())
}
