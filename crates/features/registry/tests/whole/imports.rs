//! Places and figures from files: all of it or nothing, each wrong cell named.

use access::{Authentication, Role};
use app::{Caller, Envelope, RefusalKind, Via, testing::each};
use directory::figure::{self, FigureValue};
use kernel::FindingPlace;
use registry::{
    figure_import::{FiguresImported, ImportFigures},
    place_edit::{EditPlace, PlaceEdited},
    place_import::ImportPlaces,
};

use crate::world::{
    BEYOND_TOWN, BEYOND_VILLAGE, COUNTY, FAR_VILLAGE, ROSTER, TOWN, VILLAGE, World, codes,
    features, in_each_world, refused,
};

/// The roster of a real county.
const CHANGLE: &str =
    include_str!("../../../../../packs/conformance/changle-places/changle-places.csv");

#[test]
fn the_roster_of_a_real_county_comes_in_as_it_stands_and_again_without_effect() {
    each(features, |test| {
        let world = World::before_places(test);
        let first = world.import_places(CHANGLE).unwrap();
        assert_eq!((first.added, first.changed, first.unchanged), (401, 0, 0));
        assert_eq!(world.places_written(), 401);
        let again = world.import_places(CHANGLE).unwrap();
        assert_eq!((again.added, again.changed, again.unchanged), (0, 0, 401));
        assert_eq!(world.places_written(), 401);
        assert_eq!(world.place("370725001000").shown_name(), "宝都街道");
    });
}

#[test]
fn a_changed_name_is_a_new_version_and_the_rest_stays() {
    in_each_world(|world| {
        let renamed = ROSTER.replace("福塘村民委员会", "福泉村民委员会");
        let done = world.import_places(&renamed).unwrap();
        assert_eq!((done.added, done.changed, done.unchanged), (0, 1, 5));
        let place = world.place("379901100202");
        assert_eq!((place.version, place.shown_name()), (2, "福泉村"));
    });
}

#[test]
fn wrong_cells_are_named_and_nothing_is_written() {
    in_each_world(|world| {
        for (row, code, at) in [
            (
                "37990110020X,青洼村民委员会,village,379901100000\n",
                "division-code-not-digits",
                (1, 8),
            ),
            (
                "379901100299,,village,379901100000\n",
                "place-name-length",
                (2, 8),
            ),
            (
                "379901100299,青洼村民委员会,hamlet,379901100000\n",
                "import-level-unknown",
                (3, 8),
            ),
            (
                "379901100201,柳湾村民委员会,village,379901100000\n",
                "import-code-twice",
                (1, 8),
            ),
        ] {
            // A good new row stands before the wrong one: it must not be written either.
            let good = "379901100298,西泉村民委员会,village,379901100000\n";
            let csv = format!(
                "{}{good}{row}",
                &ROSTER[..ROSTER.find("379901101000").unwrap()]
            );
            let written = world.places_written();
            let refusal = world.import_places(&csv).unwrap_err();
            assert_eq!(refusal.kind, RefusalKind::Invalid);
            let finding = refusal.findings.iter().find(|finding| finding.code == code);
            let finding = finding.unwrap_or_else(|| panic!("{code}: {refusal}"));
            let FindingPlace::Cell { column, row, .. } = finding.place else {
                panic!("{refusal}")
            };
            assert_eq!((column, row), (at.0, at.1 - 1), "{refusal}");
            assert_eq!(world.places_written(), written);
            assert!(world.find_place("379901100298").is_none());
        }
    });
}

#[test]
fn a_file_must_have_been_uploaded() {
    in_each_world(|world| {
        let clerk = world.clerk.account;
        let import = |file: &str| {
            world.test.by(
                clerk,
                &ImportPlaces {
                    file: file.to_owned(),
                },
            )
        };
        refused(import("not a hash"), RefusalKind::Invalid, "file-hash");
        refused(
            import(&"0".repeat(64)),
            RefusalKind::Invalid,
            "file-unknown",
        );
        let picture = world.upload(&[0xff, 0xd8, 0xff, 0xe0, 0, 1, 2, 3]);
        let refusal = import(&picture).unwrap_err();
        assert_eq!(refusal.kind, RefusalKind::Invalid, "{refusal}");
    });
}

#[test]
fn only_who_may_import_imports() {
    in_each_world(|world| {
        let secretary = world.engage("陈国平", "village01", Role::VillageSecretary, Some(VILLAGE));
        let file = world.upload(ROSTER.as_bytes());
        world.denied(secretary.account, &ImportPlaces { file }, "access-no-role");
        // A clerk of one county may not bring in places of another.
        world.clerk_beyond();
        let clerk = world.engage("赵敏", "zhao.min", Role::CountyClerk, Some(COUNTY));
        let bring = |rows: &str| ImportPlaces {
            file: world.upload_by(
                clerk.account,
                format!("code,name,level,parent_code\n{rows}").as_bytes(),
            ),
        };
        let mixed = bring(&format!(
            "379902100299,青洼村民委员会,village,{BEYOND_TOWN}\n\
             379901100299,青洼村民委员会,village,{TOWN}\n\
             379902100298,白沙村民委员会,village,{BEYOND_TOWN}\n\
             {BEYOND_VILLAGE},河新村民委员会,village,{BEYOND_TOWN}\n"
        ));
        let rows = world.denials().len();
        let refusal = world.test.by(clerk.account, &mixed).unwrap_err();
        assert_eq!(refusal.kind, RefusalKind::Denied);
        // Every row that lies beyond, and the reason, once.
        let places: Vec<String> = refusal
            .findings
            .iter()
            .map(|finding| {
                format!("{} {}", finding.place, finding.code)
                    .trim()
                    .to_owned()
            })
            .collect();
        assert_eq!(
            places,
            [
                "access-other-place",
                "B2 import-place-beyond",
                "B4 import-place-beyond",
                "B5 import-place-beyond"
            ]
        );
        assert_eq!(world.denials().len(), rows + 1);
        let import = bring(&format!("379901100299,青洼村民委员会,village,{TOWN}\n"));
        let done = world.test.by(clerk.account, &import).unwrap();
        assert_eq!(done.added, 1);
    });
}

#[test]
fn a_roster_may_say_since_when_a_place_is_there() {
    in_each_world(|world| {
        let today = world.test.app.clock().now().day();
        let roster = |county: &str, village: &str| {
            format!(
                "code,name,parent_code,起始日期\n{COUNTY},云岭县,,{county}\n\
                 {TOWN},清河镇,{COUNTY},2001-03-01\n379901100209,新村村民委员会,{TOWN},{village}\n"
            )
        };
        let refusal = world.import_places(&roster("", "2020.1.1")).unwrap_err();
        assert_eq!(codes(&refusal), ["import-begins-before-above"; 2]);
        assert_eq!(refusal.findings[0].place.to_string(), "D3");
        let refusal = world
            .import_places(&roster("2000-01-01", "去年"))
            .unwrap_err();
        assert_eq!(codes(&refusal), ["import-day-form"]);
        let refusal = world
            .import_places(&roster("2000-01-01", "2099-01-01"))
            .unwrap_err();
        assert_eq!(codes(&refusal), ["day-in-future"]);
        let done = world
            .import_places(&roster("2000-01-01", "2020年1月1日"))
            .unwrap();
        assert_eq!((done.added, done.changed, done.unchanged), (1, 2, 0));
        let from = |code: &str| world.place(code).valid_from.to_string();
        assert_eq!(
            (from(COUNTY), from(TOWN)),
            ("2000-01-01".into(), "2001-03-01".into())
        );
        assert_eq!(from("379901100209"), "2020-01-01");
        assert_eq!(world.place(VILLAGE).valid_from, today);
        let done = world
            .import_places(&roster("2000-01-01", "2020年1月1日"))
            .unwrap();
        assert_eq!((done.added, done.changed, done.unchanged), (0, 0, 3));
    });
}

const FIGURES: &str = "code,item,period,value,unit,source,missing\n\
    379901100201,collective_income,2026-Q3,386200.50,元,三资台账,\n\
    379901100202,collective_income,2026-Q3,,元,三资台账,未报\n";

fn import_figures(world: &World<'_>, csv: &str) -> Result<FiguresImported, app::Refusal> {
    let file = world.upload(csv.as_bytes());
    let source = "三资台账".to_owned();
    world
        .test
        .by(world.clerk.account, &ImportFigures { file, source })
}

#[test]
fn figures_take_the_place_of_earlier_ones_and_missing_is_never_nought() {
    in_each_world(|world| {
        assert_eq!(import_figures(world, FIGURES).unwrap().recorded, 2);
        let newer = FIGURES.replace("386200.50", "391000");
        assert_eq!(import_figures(world, &newer).unwrap().recorded, 2);
        assert_eq!(world.figures_written(), 4);
        let (tenant, village) = (world.test.tenant, world.place_id(VILLAGE));
        let store = world.test.app.store();
        let read = store
            .read(move |c| figure::of_subject(c, tenant, village))
            .wait()
            .unwrap();
        assert_eq!(read.len(), 1);
        assert_eq!(
            read[0].draft.value,
            FigureValue::Value("391000".parse().unwrap())
        );
        assert!(read[0].supersedes.is_some());
        let neighbour = world.place_id("379901100202");
        let read = store
            .read(move |c| figure::of_subject(c, tenant, neighbour))
            .wait()
            .unwrap();
        assert_eq!(read[0].draft.value, FigureValue::Missing("未报".to_owned()));
    });
}

#[test]
fn figures_with_wrong_cells_are_refused_whole() {
    in_each_world(|world| {
        for (bad, code) in [
            (
                FIGURES.replace("386200.50", "约38万"),
                "import-not-a-number",
            ),
            (FIGURES.replace(",未报", ","), "import-value-or-reason"),
            (
                FIGURES.replace("2026-Q3,386200", "三季度,386200"),
                "import-period-form",
            ),
            (
                FIGURES.replace("379901100202", "379901100777"),
                "import-place-unknown",
            ),
            (
                FIGURES.replace("379901100202", "379901100201"),
                "import-figure-twice",
            ),
            (
                FIGURES.replace("386200.50,元", "386200.50,斤"),
                "import-other-unit",
            ),
            (FIGURES.replace("386200.50", "-500"), "import-value-below"),
            (
                FIGURES.replace("collective_income", "colective_income"),
                "import-item-unknown-near",
            ),
        ] {
            let refusal = import_figures(world, &bad).unwrap_err();
            assert!(codes(&refusal).contains(&code), "{code}: {refusal}");
            assert!(
                matches!(refusal.findings[0].place, FindingPlace::Cell { .. }),
                "{refusal}"
            );
            assert_eq!(world.figures_written(), 0);
        }
        let long = ImportFigures {
            file: world.upload(FIGURES.as_bytes()),
            source: "账".repeat(201),
        };
        refused(
            world.test.by(world.clerk.account, &long),
            RefusalKind::Invalid,
            "too-long",
        );
    });
}

#[test]
fn figures_are_imported_only_by_who_may_and_where() {
    in_each_world(|world| {
        let verifier = world.engage("王建国", "wang.jianguo", Role::TownVerifier, Some(TOWN));
        let file = world.upload(FIGURES.as_bytes());
        let import = ImportFigures {
            file,
            source: String::new(),
        };
        world.denied(verifier.account, &import, "access-no-role");
        let elsewhere = world.clerk_beyond();
        world.upload_by(elsewhere.account, FIGURES.as_bytes());
        world.denied(elsewhere.account, &import, "access-other-place");
        assert_eq!(world.figures_written(), 0);
    });
}

#[test]
fn one_place_is_changed_by_who_keeps_the_register_there() {
    in_each_world(|world| {
        let edit = |code: &str, name: &str, alias: Option<&str>| EditPlace {
            place: world.place_id(code),
            name: name.to_owned(),
            alias: alias.map(str::to_owned),
            valid_from: None,
        };
        let clerk = world.engage("高明", "gao.ming", Role::TownClerk, Some(TOWN));
        let edited = edit(VILLAGE, "柳湾新村民委员会", Some("柳湾新村"));
        assert_eq!(world.test.by(clerk.account, &edited).unwrap().version, 2);
        assert_eq!(world.place(VILLAGE).shown_name(), "柳湾新村");
        let far = edit(FAR_VILLAGE, "红庄新村民委员会", None);
        world.denied(clerk.account, &far, "access-other-place");
        let secretary = world.engage("陈国平", "village01", Role::VillageSecretary, Some(VILLAGE));
        world.denied(secretary.account, &edited, "access-no-role");
        let same = edit(VILLAGE, "柳湾新村民委员会", Some("柳湾新村"));
        refused(
            world.test.by(clerk.account, &same),
            RefusalKind::Invalid,
            "place-unchanged",
        );
        let long = edit(VILLAGE, &"村".repeat(51), None);
        let refusal = world.test.by(clerk.account, &long).unwrap_err();
        assert_eq!(codes(&refusal), ["place-name-length"]);
        assert_eq!(
            refusal.findings[0].place,
            FindingPlace::Field("name".into())
        );
        let future = EditPlace {
            valid_from: kernel::Day::new(2027, 1, 1),
            ..edited
        };
        refused(
            world.test.by(clerk.account, &future),
            RefusalKind::Invalid,
            "day-in-future",
        );
        // Seen at version 1, sent after version 2.
        let caller = Caller::Account {
            account: clerk.account,
            authentication: Authentication::Fresh,
            on_behalf_of: None,
        };
        let late = edit(VILLAGE, "柳湾村民委员会", None);
        let late = Envelope::of(world.test.command_id(), &late).seen(1);
        let answer = world.test.run::<PlaceEdited>(caller, Via::Browser, late);
        refused(answer, RefusalKind::Conflict, "place-changed");
    });
}

#[test]
fn no_file_is_read_for_who_may_import_nowhere() {
    in_each_world(|world| {
        let secretary = world.engage(
            "陈国平",
            "chen.guoping",
            Role::VillageSecretary,
            Some(VILLAGE),
        );
        // Neither is there: whoever looked for them would say so.
        let places = ImportPlaces {
            file: "0".repeat(64),
        };
        world.denied(secretary.account, &places, "access-no-role");
        let figures = ImportFigures {
            file: "0".repeat(64),
            source: String::new(),
        };
        world.denied(secretary.account, &figures, "access-no-role");
        let by_clerk = world.test.by(world.clerk.account, &places);
        refused(by_clerk, RefusalKind::Invalid, "file-unknown");
    });
}

#[test]
fn the_same_import_again_has_the_first_answer_though_its_file_is_gone() {
    in_each_world(|world| {
        let renamed = ROSTER.replace("福塘村民委员会", "福泉村民委员会");
        let file = world.upload(renamed.as_bytes());
        let caller = Caller::Account {
            account: world.clerk.account,
            authentication: Authentication::Fresh,
            on_behalf_of: None,
        };
        let import = ImportPlaces { file: file.clone() };
        let envelope = Envelope::of(world.test.command_id(), &import);
        let send = || {
            let (app, tenant) = (&world.test.app, world.test.tenant);
            app.execute_wait(tenant, caller.clone(), Via::Browser, envelope.clone())
        };
        let first = send().unwrap();
        assert!(!first.repeated);
        let (files, hash) = (world.test.app.files(), file.parse().unwrap());
        let any_time = kernel::Instant(i64::MAX / 2);
        assert!(files.remove_stored_before(hash, any_time).unwrap());
        let again = send().unwrap();
        assert!(again.repeated);
        assert_eq!(again.answer, first.answer);
    });
}

#[test]
fn a_place_is_hung_elsewhere_only_with_the_right_there_too() {
    in_each_world(|world| {
        world.clerk_beyond();
        let clerk = world.engage("周明", "zhou.ming", Role::CountyClerk, Some(COUNTY));
        let hung = format!(
            "code,name,level,parent_code\n{VILLAGE},柳湾村民委员会,village,{BEYOND_TOWN}\n"
        );
        let moved = ImportPlaces {
            file: world.upload(hung.as_bytes()),
        };
        world.upload_by(clerk.account, hung.as_bytes());
        let refusal = world.test.by(clerk.account, &moved).unwrap_err();
        let found = codes(&refusal);
        assert_eq!(found, ["access-other-place", "import-place-beyond"]);
        world.test.by(world.clerk.account, &moved).unwrap();
        let town = world.place_id(BEYOND_TOWN);
        assert_eq!(world.place(VILLAGE).parent, Some(town));
    });
}

#[test]
fn a_file_is_imported_by_who_brought_it_and_by_nobody_else() {
    in_each_world(|world| {
        let second = world.engage("赵敏", "zhao.min", Role::CountyClerk, None);
        let renamed = ROSTER.replace("福塘村民委员会", "福泉村民委员会");
        let file = world.upload(renamed.as_bytes());
        let places = ImportPlaces { file };
        // Whoever read the hash elsewhere learns no more than of a file that nobody brought.
        let answer = world.test.by(second.account, &places);
        refused(answer, RefusalKind::Invalid, "file-unknown");
        let nobodys = ImportPlaces {
            file: world.stored(FIGURES.as_bytes()),
        };
        let answer = world.test.by(world.clerk.account, &nobodys);
        refused(answer, RefusalKind::Invalid, "file-unknown");
        let figures = ImportFigures {
            file: world.upload(FIGURES.as_bytes()),
            source: String::new(),
        };
        let answer = world.test.by(second.account, &figures);
        refused(answer, RefusalKind::Invalid, "file-unknown");
        // Nor does the file come back to another with its marks.
        let demo = crate::people::demo(&[second, world.clerk]);
        let site = web::testing::TestSite::new(world.test, vec![registry::web()], demo);
        let marked = |somebody: crate::world::Somebody| {
            let cookies = site.sign_in(somebody.account);
            let page = site.get("/places/import", &cookies);
            let id = world.test.command_id().to_string();
            let reference = format!("file:{}:9:text/csv:a.csv", places.file);
            let fields = [
                ("csrf", page.hidden("csrf")),
                ("command_id", id.as_str()),
                ("file", reference.as_str()),
            ];
            site.post("/places/import/marked", &cookies, &fields)
        };
        let others = marked(second);
        assert_eq!(others.status, 422, "{}", others.body);
        assert!(!others.body.contains("福泉"));
        assert_eq!(marked(world.clerk).status, 200);
        world.test.by(world.clerk.account, &places).unwrap();
    });
}

#[test]
fn a_list_larger_than_a_leaf_is_refused_before_it_is_read() {
    in_each_world(|world| {
        // Not one row of it could be read as a place: only how many there are is looked at.
        let list = format!("code,name\n{}", "x,y\n".repeat(200_001));
        let import = ImportPlaces {
            file: world.upload(list.as_bytes()),
        };
        let refusal = world.test.by(world.clerk.account, &import).unwrap_err();
        assert_eq!(refusal.findings.len(), 1, "{refusal}");
        let finding = &refusal.findings[0];
        assert_eq!(finding.code, "import-too-many-rows");
        let number = |name: &str| {
            let found = finding.args.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone())
        };
        assert_eq!(number("found"), Some(kernel::FindingArg::Int(200_001)));
        assert_eq!(number("expected"), Some(kernel::FindingArg::Int(200_000)));
    });
}
