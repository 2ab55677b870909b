//! Pages as a browser sees them: forms without scripts, lists, exports, the own page, search.

use access::Role;
use app::dispute::FileDispute;
use registry::{figure_import::ImportFigures, person_add::AddPerson, person_contact::SetContact};
use web::testing::TestSite;

use crate::{
    people::demo,
    world::{
        COUNTY, FAR_VILLAGE, NEIGHBOUR, Somebody, TOWN, VILLAGE, World, in_each_world, refused,
    },
};

const PHONE: &str = "13800138000";

pub(crate) fn site(world: &World<'_>, readers: &[Somebody]) -> TestSite {
    TestSite::new(world.test, vec![registry::web()], demo(readers))
}

pub(crate) fn administrator(world: &World<'_>, account: access::AccountId) -> Somebody {
    let (tenant, store) = (world.test.tenant, world.test.app.store());
    let found = store
        .read(move |c| access::account::get(c, tenant, account))
        .wait()
        .unwrap();
    Somebody {
        account,
        person: found.expect("setup made it").person,
    }
}

#[test]
fn a_value_is_shown_to_who_asked_for_five_minutes_and_to_nobody_else() {
    in_each_world(|world| {
        let (store, tenant) = (world.test.app.store(), world.test.tenant);
        let add = AddPerson {
            name: "陈国平".to_owned(),
            place: world.place_id(VILLAGE),
            post: "secretary".to_owned(),
            valid_from: None,
        };
        let person = world.test.by(world.clerk.account, &add).unwrap().person;
        let contact = SetContact {
            person,
            phone: Some(PHONE.to_owned()),
            id_number: None,
        };
        world.test.by(world.clerk.account, &contact).unwrap();
        let second = world.engage("赵敏", "zhao.min", Role::CountyClerk, None);
        let auditor = world.engage("罗正", "luo.zheng", Role::Auditor, None);
        let site = site(world, &[world.clerk, second, auditor]);
        let cookies = site.sign_in(world.clerk.account);
        let page = site.get(&format!("/people/{person}"), &cookies);
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(page.body.contains("*******8000") && !page.body.contains(PHONE));
        let asked = site.post(
            &format!("/people/{person}/reveals"),
            &cookies,
            &[
                ("csrf", page.hidden("csrf")),
                ("command_id", &world.test.command_id().to_string()),
                ("field", "phone"),
                ("purpose", "通知参加培训"),
            ],
        );
        assert_eq!(asked.status, 303, "{}", asked.body);
        let shown = asked.header("location").to_owned();
        assert!(site.get(&shown, &cookies).body.contains(PHONE));
        let other = site.sign_in(second.account);
        let others = site.get(&shown, &other);
        assert_eq!(others.status, 200);
        assert!(!others.body.contains(PHONE));
        // The look is for the person and for auditors to read, with the role of who looked and not
        // her name; colleagues do not read each other's purposes.
        let page = site.get(&format!("/people/{person}"), &other);
        assert!(!page.body.contains("通知参加培训"));
        let page = site.get(&format!("/people/{person}"), &site.sign_in(auditor.account));
        assert!(page.body.contains("通知参加培训") && page.body.contains("县"));
        world.test.clock.advance(registry::person_reveal::SHOWN_MS);
        assert!(!site.get(&shown, &cookies).body.contains(PHONE));
        let looked = store
            .read(move |c| registry::person_reveal::of_person(c, tenant, person))
            .wait()
            .unwrap();
        assert_eq!(looked.len(), 1);
    });
}

#[test]
fn a_list_of_places_is_exported_as_it_is_shown() {
    in_each_world(|world| {
        let town = world.engage("王建国", "wang.jianguo", Role::TownVerifier, Some(TOWN));
        let site = site(world, &[town]);
        let cookies = site.sign_in(town.account);
        let page = site.get("/places?level=village", &cookies);
        assert_eq!(page.status, 200);
        for (code, is_shown) in [
            (VILLAGE, true),
            (NEIGHBOUR, true),
            (FAR_VILLAGE, false),
            (TOWN, false),
            (COUNTY, false),
        ] {
            let link = format!("/places/{}\"", world.place_id(code));
            assert_eq!(page.body.contains(&link), is_shown, "{code}");
        }
        assert!(page.body.contains("/places.xlsx?level=village"));
        let file = site.get("/places.xlsx?level=village", &cookies);
        assert_eq!(file.status, 200, "{}", file.body);
        assert!(file.header("content-disposition").contains("attachment"));
        assert!(file.body.starts_with("PK"), "a workbook is a zip file");
        assert_eq!(site.get("/figures.xlsx", &cookies).status, 200);
    });
}

#[test]
fn figures_of_a_place_are_shown_only_with_the_right_to_that_place() {
    in_each_world(|world| {
        let csv = "code,item,period,value,unit,source\n\
            379901100201,population,2026-Q2,1203,人,户籍\n\
            379901100202,population,2026-Q2,801,人,户籍\n";
        let import = ImportFigures {
            file: world.upload(csv.as_bytes()),
            source: String::new(),
        };
        world.test.by(world.clerk.account, &import).unwrap();
        // Reads the neighbour as its grid worker, figures only of her own village.
        let both = world.engage("陈国平", "village01", Role::VillageSecretary, Some(VILLAGE));
        world.grant(both, Role::GridWorker, Some(NEIGHBOUR));
        let site = site(world, &[both]);
        let cookies = site.sign_in(both.account);
        let body = |code| {
            let page = site.get(&format!("/places/{}", world.place_id(code)), &cookies);
            assert_eq!(page.status, 200, "{code}");
            page.body
        };
        assert!(body(VILLAGE).contains("1203 人"));
        assert!(!body(NEIGHBOUR).contains("801 人"));
    });
}

#[test]
fn figures_and_disputes_are_found_by_their_filters() {
    in_each_world(|world| {
        let csv = "code,item,period,value,unit,source\n\
            379901100201,collective_income,2026-Q3,386200.50,元,三资台账\n\
            379901100202,population,2026-Q2,1203,人,户籍\n\
            379901101201,population,2026-Q2,800,人,户籍\n";
        let import = ImportFigures {
            file: world.upload(csv.as_bytes()),
            source: String::new(),
        };
        world.test.by(world.clerk.account, &import).unwrap();
        let secretary = world.engage("陈国平", "village01", Role::VillageSecretary, Some(VILLAGE));
        let file = FileDispute {
            measure: "figure.collective_income".to_owned(),
            subject: world.place_id(VILLAGE),
            period: "2026-Q3".to_owned(),
            claim: None,
            reason: "少记了 9 月的分红。".to_owned(),
            evidence: None,
        };
        let dispute = world.test.by(secretary.account, &file).unwrap().dispute;
        let town = world.engage("高明", "gao.ming", Role::TownClerk, Some(TOWN));
        let site = site(world, &[town, world.clerk]);
        let cookies = site.sign_in(town.account);
        for (query, income, population) in [
            ("", true, true),
            ("?item=coll", true, false),
            ("?period=2026-q2", false, true),
            ("?q=福塘", false, true),
            ("?q=%25", false, false),
            ("?sort=-recorded", true, true),
        ] {
            let page = site.get(&format!("/figures{query}"), &cookies);
            assert_eq!(page.status, 200, "{query}");
            assert_eq!(page.body.contains("386200.5 元"), income, "{query}");
            assert_eq!(page.body.contains("1203 人"), population, "{query}");
            // The other town's figure is out of sight.
            assert!(!page.body.contains("800 人"), "{query}");
        }
        let link = format!("/disputes/{dispute}\"");
        for (query, is_shown) in [
            ("", true),
            ("?state=open", true),
            ("?state=upheld", false),
            ("?q=柳湾", true),
        ] {
            let page = site.get(&format!("/disputes{query}"), &cookies);
            assert_eq!(page.status, 200, "{query}");
            assert_eq!(page.body.contains(&link), is_shown, "{query}");
        }
        assert_eq!(
            site.get(&format!("/disputes/{dispute}"), &cookies).status,
            200
        );
    });
}

#[test]
fn everybody_has_an_own_page_and_ends_own_sessions_only() {
    in_each_world(|world| {
        let secretary = world.engage("陈国平", "village01", Role::VillageSecretary, Some(VILLAGE));
        let nobody = world.newcomer("无职", "nobody.yet");
        let site = site(world, &[secretary, nobody]);
        let first = site.sign_in(secretary.account);
        world.test.clock.advance(60_000);
        let second = site.sign_in(secretary.account);
        let page = site.get("/me", &second);
        assert_eq!(page.status, 200, "{}", page.body);
        let ends: Vec<&str> = page
            .body
            .split("action=\"/me/sessions/")
            .skip(1)
            .filter_map(|part| part.split('"').next())
            .collect();
        assert_eq!(ends.len(), 2);
        let end = |cookies: &str, path: &str| {
            let page = site.get("/me", cookies);
            let id = world.test.command_id().to_string();
            let fields = [("csrf", page.hidden("csrf")), ("command_id", id.as_str())];
            site.post(&format!("/me/sessions/{path}"), cookies, &fields)
                .status
        };
        // Somebody else's form names the same session: nothing happens to it.
        let stranger = site.sign_in(nobody.account);
        assert_eq!(site.get("/me", &stranger).status, 200);
        assert_eq!(end(&stranger, ends[1]), 303);
        assert_eq!(site.get("/me", &first).status, 200);
        // The last used comes first: the other one is the first sign-in.
        assert_eq!(end(&second, ends[1]), 303);
        assert_ne!(site.get("/me", &first).status, 200);
        assert_eq!(site.get("/me", &second).status, 200);
    });
}

#[test]
fn a_grant_for_the_whole_area_is_chosen_and_not_left_open() {
    in_each_world(|world| {
        let somebody = world.newcomer("赵敏", "zhao.min");
        let security = Somebody {
            account: world.administrators.security,
            ..somebody
        };
        let site = site(world, &[security]);
        let cookies = site.sign_in(security.account);
        let path = format!("/accounts/{}", somebody.account);
        let propose = |place: &str| {
            let page = site.get(&format!("{path}?role=county_reviewer"), &cookies);
            assert!(page.body.contains("<option value=\"everywhere\""));
            assert!(page.body.contains(&world.place_id(COUNTY).to_string()));
            let village = world.place_id(VILLAGE).to_string();
            assert!(!page.body.contains(&village), "no place that does not fit");
            let (id, person) = (
                world.test.command_id().to_string(),
                somebody.person.to_string(),
            );
            let fields = [
                ("csrf", page.hidden("csrf")),
                ("command_id", id.as_str()),
                ("person", person.as_str()),
                ("role", "county_reviewer"),
                ("place", place),
            ];
            site.post(&format!("{path}/grants"), &cookies, &fields)
        };
        let left_open = propose("");
        assert_eq!(left_open.status, 422);
        assert!(
            left_open.body.contains("id=\"f-place-error\""),
            "{}",
            left_open.body
        );
        let chosen = propose("everywhere");
        assert!(
            !chosen.body.contains("id=\"f-place-error\""),
            "{}",
            chosen.body
        );
    });
}

#[test]
fn auditors_read_who_did_what_and_take_it_away_with_its_proof() {
    in_each_world(|world| {
        let auditor = world.engage("罗正", "luo.zheng", Role::Auditor, None);
        let clerk = world.clerk;
        let site = site(world, &[auditor, clerk]);
        let add = AddPerson {
            name: "陈国平".to_owned(),
            place: world.place_id(VILLAGE),
            post: "secretary".to_owned(),
            valid_from: None,
        };
        world.test.by(clerk.account, &add).unwrap();
        // Who may not is refused, and that is an entry too.
        let refused = site.get("/journal", &site.sign_in(clerk.account));
        assert_eq!(refused.status, 403);
        world.test.app.seal(true).unwrap();
        let cookies = site.sign_in(auditor.account);
        let lines = |query: &str| {
            let page = site.get(&format!("/journal{query}"), &cookies);
            assert_eq!(page.status, 200, "{}", page.body);
            let links = page.body.split("/journal/entries/").skip(1);
            let ids: Vec<String> = links.map(|rest| rest[..36].to_owned()).collect();
            (ids, page.body)
        };
        let (all, body) = lines("");
        assert!(
            body.contains("登记人员") && body.contains("打开页面"),
            "{body}"
        );
        let (added, _) = lines("?kind=person.add");
        assert_eq!(added.len(), 1);
        assert!(all.contains(&added[0]));
        assert_eq!(lines("?kind=page").0.len(), 1);
        assert!(lines("?until=2001-01-01").0.is_empty());
        assert!(lines("?q=nobody").0.is_empty());
        let entry = site.get(&format!("/journal/entries/{}", added[0]), &cookies);
        assert!(entry.body.contains("banner-good"), "{}", entry.body);
        assert!(
            !entry.body.contains("陈国平"),
            "a name is a commitment in the leaf"
        );
        let file = site.get("/journal/export", &cookies);
        assert!(file.header("content-disposition").contains(".xjournal"));
        let keys = world.test.app.keys();
        let key = keys
            .checkpoint_key()
            .public_key(&keys.origin(world.test.tenant));
        let report = journal_verify::verify(file.body.as_bytes(), &[], &key);
        assert!(report.holds() && report.size >= 3, "{report:?}");
        assert!(
            body.contains(&key.to_string()),
            "the command is given in full"
        );
    });
}

/// The token that a page shows.
fn shown(page: &str) -> Option<&str> {
    let rest = page.split("id=\"token\" data-content>").nth(1)?;
    rest.split('<').next()
}

#[test]
fn the_one_token_that_is_shown_is_the_one_in_force() {
    in_each_world(|world| {
        let somebody = world.newcomer("高明", "gao.ming");
        let security = administrator(world, world.administrators.security);
        let site = site(world, &[security]);
        let cookies = site.sign_in(security.account);
        let path = format!("/accounts/{}", somebody.account);
        let page = site.get(&path, &cookies);
        assert_eq!(
            shown(&page.body),
            None,
            "nothing is shown before it is asked for"
        );
        let id = world.test.command_id().to_string();
        let issue = || {
            let fields = [("csrf", page.hidden("csrf")), ("command_id", id.as_str())];
            site.post(&format!("{path}/token"), &cookies, &fields)
        };
        let issued = issue();
        assert_eq!(issued.status, 200, "{}", issued.body);
        assert_eq!(issued.header("cache-control"), "no-store");
        let token = shown(&issued.body).expect("it is shown");
        // A nervous finger gets the same page, and issues nothing more.
        assert_eq!(shown(&issue().body), Some(token));
        assert_eq!(shown(&site.get(&path, &cookies).body), None);
        let fields = [("token", token), ("password", FIRST)];
        let set = site.post("/set-password", "", &fields);
        assert_eq!(
            (set.status, set.header("location")),
            (303, "/sign-in?set=1")
        );
    });
}

/// The first password of an account, as its owner sets it with a one-time token.
fn set_first_password(world: &World<'_>, site: &TestSite, somebody: Somebody, password: &str) {
    let token = access::SetupToken::new([77; 32]);
    let (issued, tenant, now) = (
        token.clone(),
        world.test.tenant,
        world.test.app.clock().now(),
    );
    let issue = world.test.app.store().write(move |c| {
        let profile = &access::Profile::MODERN;
        access::setup_token::issue(c, tenant, somebody.account, &issued, now, profile)
    });
    issue.wait().unwrap();
    let fields = [("token", token.expose()), ("password", password.to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    assert_eq!(site.post("/set-password", "", &fields).status, 303);
}

const FIRST: &str = "柳树 湾里 有 九只 白鹅 呀";
const SECOND: &str = "河边 的 石桥 去年 修好 了";

#[test]
fn the_own_password_is_changed_by_who_knows_the_present_one() {
    in_each_world(|world| {
        let secretary = world.engage("陈国平", "village01", Role::VillageSecretary, Some(VILLAGE));
        let site = site(world, &[secretary]);
        set_first_password(world, &site, secretary, FIRST);
        let enter = |password: &str| {
            let fields = [("name", "village01"), ("password", password)];
            site.post("/sign-in", "", &fields)
        };
        let elsewhere = enter(FIRST).cookies();
        let cookies = enter(FIRST).cookies();
        let change = |present: &str, new: &str, again: &str| {
            let page = site.get("/me/password", &cookies);
            let id = world.test.command_id().to_string();
            let fields = [
                ("csrf", page.hidden("csrf")),
                ("command_id", id.as_str()),
                ("password", present),
                ("new_password", new),
                ("again", again),
            ];
            site.post("/me/password", &cookies, &fields)
        };
        for (present, new, again, field) in [
            ("falsch", SECOND, SECOND, "f-password"),
            (FIRST, SECOND, FIRST, "f-again"),
            (FIRST, "kurz", "kurz", "f-new-password"),
            (FIRST, "", "", "f-new-password"),
        ] {
            let refused = change(present, new, again);
            assert_eq!(refused.status, 422, "{field}");
            let link = format!("href=\"#{field}\"");
            assert!(refused.body.contains(&link), "{field}: {}", refused.body);
            assert!(!refused.body.contains(SECOND), "no password comes back");
        }
        let changed = change(FIRST, SECOND, SECOND);
        assert_eq!(
            (changed.status, changed.header("location")),
            (303, "/me"),
            "{}",
            changed.body
        );
        assert_eq!(site.get("/me", &elsewhere).status, 303, "signed out there");
        assert_eq!(site.get("/me", &changed.cookies()).status, 200);
        assert_eq!(
            site.get("/me", &cookies).status,
            303,
            "the token is a new one"
        );
        assert_eq!(enter(FIRST).status, 422);
        assert_eq!(enter(SECOND).status, 303);
        // A program cannot: there are no passwords in commands.
        let command = registry::own_account::ChangePassword {};
        refused(
            world.test.by(secretary.account, &command),
            app::RefusalKind::Invalid,
            "password-page-only",
        );
    });
}

#[test]
fn a_password_that_is_too_old_comes_before_everything_else() {
    in_each_world(|world| {
        let secretary = world.engage("陈国平", "village01", Role::VillageSecretary, Some(VILLAGE));
        let accounts = Vec::new();
        let mut setup = TestSite::setup(world.test, vec![registry::web()], accounts);
        setup.profile = access::Profile::GRADED_3;
        let site = TestSite::of(web::Web::new(setup).unwrap());
        let (first, second) = ("Willow-Bay-9-Geese", "Stone-Bridge-12-Fish");
        set_first_password(world, &site, secretary, first);
        let enter = |password: &str| {
            let fields = [
                ("name", "village01"),
                ("password", password),
                ("back", "/me"),
            ];
            site.post("/sign-in", "", &fields)
        };
        assert_eq!(enter(first).header("location"), "/me");
        world.test.clock.advance(91 * kernel::time::DAY_MS);
        let entered = enter(first);
        assert_eq!(entered.header("location"), "/me/password");
        let cookies = entered.cookies();
        for path in ["/me", "/", "/places"] {
            let answer = site.get(path, &cookies);
            assert_eq!(answer.header("location"), "/me/password", "{path}");
        }
        let page = site.get("/me/password", &cookies);
        assert_eq!(page.status, 200);
        let id = world.test.command_id().to_string();
        let fields = [
            ("csrf", page.hidden("csrf")),
            ("command_id", id.as_str()),
            ("password", first),
            ("new_password", second),
            ("again", second),
        ];
        let changed = site.post("/me/password", &cookies, &fields);
        assert_eq!(changed.header("location"), "/me", "{}", changed.body);
        assert_eq!(site.get("/me", &changed.cookies()).status, 200);
    });
}

#[test]
fn the_own_telephone_needs_no_right_and_anothers_does() {
    in_each_world(|world| {
        let secretary = world.engage("陈国平", "village01", Role::VillageSecretary, Some(VILLAGE));
        let site = site(world, &[secretary]);
        let cookies = site.sign_in(secretary.account);
        let page = site.get("/me", &cookies);
        let id = world.test.command_id().to_string();
        let fields = [
            ("csrf", page.hidden("csrf")),
            ("command_id", id.as_str()),
            ("phone", "13800138000"),
        ];
        let kept = site.post("/me/contact", &cookies, &fields);
        assert_eq!(kept.status, 303, "{}", kept.body);
        let page = site.get("/me", &cookies).body;
        assert!(page.contains("8000") && !page.contains("13800138000"));
        let other = SetContact {
            person: world.newcomer("赵敏", "zhao.min").person,
            phone: Some("13800138000".to_owned()),
            id_number: None,
        };
        world.denied(secretary.account, &other, "access-no-role");
        let own_number = SetContact {
            person: secretary.person,
            phone: None,
            id_number: Some("11010519491231002X".to_owned()),
        };
        world.denied(secretary.account, &own_number, "access-no-role");
    });
}

#[test]
fn search_finds_within_sight_and_waiting_grants_are_the_approvers_task() {
    in_each_world(|world| {
        let town = world.engage("王建国", "wang.jianguo", Role::TownVerifier, Some(TOWN));
        let system = administrator(world, world.administrators.system);
        let security = administrator(world, world.administrators.security);
        let site = site(world, &[town, system, security]);
        let cookies = site.sign_in(town.account);
        let found = |query: &str| site.get(&format!("/search?q={query}"), &cookies).body;
        let link = |code: &str| format!("/places/{}\"", world.place_id(code));
        assert!(found("柳湾").contains(&link(VILLAGE)));
        assert!(found("lw").contains(&link(VILLAGE)));
        assert!(!found("红庄").contains(&link(FAR_VILLAGE)));
        assert!(found("wjg").contains(&format!("/people/{}\"", town.person)));
        assert_eq!(site.get("/search", &cookies).status, 200);
        let proposal = world.proposal(town, Role::TownClerk, Some(TOWN));
        world.test.by(security.account, &proposal).unwrap();
        let home = |somebody: Somebody| site.get("/", &site.sign_in(somebody.account)).body;
        assert!(home(system).contains("的授权，"));
        assert!(!home(security).contains("的授权，"));
        assert!(!home(town).contains("的授权，"));
    });
}

#[test]
fn refused_attempts_and_the_system_are_seen_by_who_may() {
    in_each_world(|world| {
        let secretary = world.engage("陈国平", "village01", Role::VillageSecretary, Some(VILLAGE));
        let make = registry::accounts::MakeAccount {
            person: None,
            name: Some("赵敏".to_owned()),
            namesake: false,
            sign_in_name: "zhao.min".to_owned(),
        };
        world.denied(secretary.account, &make, "access-no-role");
        let audit = administrator(world, world.administrators.audit);
        let system = administrator(world, world.administrators.system);
        let site = site(world, &[secretary, audit, system]);
        let auditor = site.sign_in(audit.account);
        for (query, is_shown) in [
            ("", true),
            ("?q=account.make", true),
            ("?q=陈国平", true),
            ("?q=王五", false),
            ("?reason=access-no-role", true),
            ("?reason=access-own-matter", false),
            ("?from=2026-10-01&until=2026-10-01", true),
            ("?until=2026-09-30", false),
        ] {
            let page = site.get(&format!("/journal/denials{query}"), &auditor);
            assert_eq!(page.status, 200, "{query}");
            let row = ">account.make</span></td>";
            assert_eq!(page.body.contains(row), is_shown, "{query}");
        }
        let operator = site.sign_in(system.account);
        assert_eq!(site.get("/system", &operator).status, 200);
        assert_eq!(site.get("/system", &auditor).status, 403);
        let villager = site.sign_in(secretary.account);
        assert_eq!(site.get("/journal/denials", &villager).status, 403);
        // Refused pages are listed too, by the parts of their address.
        for (name, times) in [("page.journal.denials", 1), ("page.system", 1)] {
            let page = site.get(&format!("/journal/denials?q={name}"), &auditor);
            let row = format!(">{name}</span></td>");
            assert_eq!(page.body.matches(&row).count(), times, "{name}");
        }
        for path in [
            "/accounts?q=village&state=enabled",
            "/grants?role=village_secretary",
        ] {
            let page = site.get(path, &auditor);
            assert_eq!(page.status, 200, "{path}");
            assert!(page.body.contains("陈国平"), "{path}");
        }
        assert!(
            !site
                .get("/accounts?state=disabled", &auditor)
                .body
                .contains("village01")
        );
    });
}
