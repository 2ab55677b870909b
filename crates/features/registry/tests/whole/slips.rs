//! Activation slips: who may issue them for whom, that a code is shown once and kept nowhere, and
//! what the list says of them.

use access::{AccountId, Role, SlipCode};
use app::RefusalKind;
use registry::{
    accounts::DisableAccount,
    person_appoint::AppointPerson,
    slips::{IssueSlips, Slip},
    tokens::ReleaseToken,
};
use web::testing::TestAnswer;

use crate::{
    browser::site,
    world::{
        COUNTY, FAR_VILLAGE, NEIGHBOUR, OTHER_TOWN, Somebody, TOWN, VILLAGE, World, codes,
        in_each_world, refused,
    },
};

const NEW: &str = "柳树 湾里 有 九只 白鹅 呀";

/// A batch for some people, with codes that the test knows.
pub(crate) fn batch(people: &[Somebody]) -> IssueSlips {
    let slip = |somebody: &Somebody| Slip {
        account: somebody.account,
        code_hash: SlipCode::of(&[1; 32], somebody.account).hash_text(somebody.account),
    };
    IssueSlips {
        slips: people.iter().map(slip).collect(),
    }
}

fn appoint(world: &World<'_>, somebody: Somebody, code: &str) {
    let appoint = AppointPerson {
        person: somebody.person,
        post: "secretary".to_owned(),
        place: world.place_id(code),
        valid_from: None,
        valid_until: None,
    };
    world.test.by(world.clerk.account, &appoint).unwrap();
}

#[test]
fn a_clerk_issues_slips_for_people_all_of_whose_posts_lie_in_the_own_area() {
    in_each_world(|world| {
        let clerk = world.engage("高明", "gao.ming", Role::TownClerk, Some(TOWN));
        let other = world.engage("马丽", "ma.li", Role::TownClerk, Some(OTHER_TOWN));
        let county = world.engage("何平", "he.ping", Role::CountyClerk, Some(COUNTY));
        let own = world.engage("陈国平", "village01", Role::VillageSecretary, Some(VILLAGE));
        let without_role = world.newcomer("孙玉兰", "village02");
        appoint(world, without_role, NEIGHBOUR);
        let far = world.engage(
            "周强",
            "village21",
            Role::VillageSecretary,
            Some(FAR_VILLAGE),
        );
        let nowhere = world.newcomer("吴芳", "wu.fang");
        let both = world.engage("郑凯", "zheng.kai", Role::VillageSecretary, Some(VILLAGE));
        appoint(world, both, FAR_VILLAGE);

        let issued = world
            .test
            .by(clerk.account, &batch(&[own, without_role]))
            .unwrap();
        let now = world.test.app.session_clock().now();
        for slip in &issued.slips {
            assert_eq!(
                slip.expires_at.map(|at| at.0 - now.0),
                Some(14 * 86_400_000)
            );
        }
        // Of another town, of both towns, of no place: not hers. And not her own.
        for somebody in [far, both, nowhere, world.clerk] {
            world.denied(
                clerk.account,
                &batch(&[own, somebody]),
                "access-other-place",
            );
        }
        world.denied(clerk.account, &batch(&[clerk]), "access-own-matter");
        world.denied(other.account, &batch(&[own]), "access-other-place");
        world.test.by(other.account, &batch(&[far])).unwrap();
        world.test.by(county.account, &batch(&[both, far])).unwrap();
        world.denied(county.account, &batch(&[nowhere]), "access-other-place");
        world
            .test
            .by(world.administrators.security, &batch(&[nowhere, both]))
            .unwrap();
        world.denied(own.account, &batch(&[without_role]), "access-no-role");
        // An id that does not exist tells a clerk nothing.
        let nobody = Somebody {
            account: AccountId::default(),
            ..own
        };
        world.denied(clerk.account, &batch(&[nobody]), "access-other-place");
        let stale = world.by_stale(clerk.account, &batch(&[own]));
        refused(stale, RefusalKind::Reauthenticate, "access-reauthenticate");
        let by_hand = world.by_hand(clerk.account, &batch(&[own]));
        refused(by_hand, RefusalKind::Denied, "access-cannot-reauthenticate");
    });
}

#[test]
fn a_slip_for_an_office_waits_for_a_second_person_and_administrators_have_none() {
    in_each_world(|world| {
        let (security, system) = (world.administrators.security, world.administrators.system);
        let clerk = world.engage("高明", "gao.ming", Role::TownClerk, Some(TOWN));
        let verifier = world.engage("王建国", "wang.jianguo", Role::TownVerifier, Some(TOWN));
        let village = world.engage("陈国平", "village01", Role::VillageSecretary, Some(VILLAGE));
        let issued = world
            .test
            .by(clerk.account, &batch(&[village, verifier]))
            .unwrap();
        assert!(issued.slips[0].expires_at.is_some());
        assert_eq!(issued.slips[1].expires_at, None);
        let release = ReleaseToken {
            request: issued.slips[1].request,
        };
        let site = site(world, &[]);
        let enter = |name: &str, somebody: Somebody| {
            let code = SlipCode::of(&[1; 32], somebody.account).expose();
            let fields = [
                ("name", name),
                ("code", &code),
                ("password", NEW),
                ("again", NEW),
            ];
            site.post("/activate", "", &fields)
        };
        let entered = |name: &str, somebody: Somebody| enter(name, somebody).status;
        // Only who has the right code is told that the slip waits.
        let waits = enter("wang.jianguo", verifier);
        assert_eq!(waits.status, 422);
        assert!(waits.body.contains("还没有放行"), "{}", waits.body);
        let wrong = enter("wang.jianguo", village);
        assert_eq!(wrong.status, 422);
        assert!(!wrong.body.contains("还没有放行"));
        world.denied(clerk.account, &release, "access-no-role");
        world.test.by(system, &release).unwrap();
        assert_eq!(entered("wang.jianguo", verifier), 303);

        let audit = Somebody {
            account: world.administrators.audit,
            ..village
        };
        let answer = world.test.by(security, &batch(&[village, audit]));
        refused(answer, RefusalKind::Invalid, "slip-on-the-machine");
        // Nothing of that batch came about: the first slip still opens.
        assert_eq!(entered("village01", village), 303);
        let disable = DisableAccount {
            account: village.account,
            disabled: true,
        };
        world.test.by(security, &disable).unwrap();
        let answer = world.test.by(security, &batch(&[village]));
        refused(answer, RefusalKind::Invalid, "slip-account-disabled");
        for (batch, code) in [
            (batch(&[]), "slips-none"),
            (batch(&[clerk, clerk]), "slips-twice"),
            (batch(&[clerk; 501]), "slips-too-many"),
        ] {
            let refusal = world.test.by(security, &batch).unwrap_err();
            assert_eq!(codes(&refusal), [code]);
        }
    });
}

/// The codes of a printed sheet.
fn printed(page: &TestAnswer) -> Vec<&str> {
    let parts = page.body.split("class=\"slip-code\" data-content>").skip(1);
    parts.filter_map(|part| part.split('<').next()).collect()
}

/// The values of the boxes of a page.
fn boxes(page: &TestAnswer) -> Vec<&str> {
    let parts = page.body.split("name=\"account\" value=\"").skip(1);
    parts.filter_map(|part| part.split('"').next()).collect()
}

#[test]
fn the_list_of_a_clerk_has_the_own_area_and_its_filters() {
    in_each_world(|world| {
        let clerk = world.engage("高明", "gao.ming", Role::TownClerk, Some(TOWN));
        let first = world.engage("陈国平", "village01", Role::VillageSecretary, Some(VILLAGE));
        world.engage(
            "孙玉兰",
            "village02",
            Role::VillageSecretary,
            Some(NEIGHBOUR),
        );
        let far = world.engage(
            "周强",
            "village21",
            Role::VillageSecretary,
            Some(FAR_VILLAGE),
        );
        appoint(world, first, VILLAGE);
        let site = site(world, &[clerk]);
        let cookies = site.sign_in(clerk.account);
        // Filters: by post, by town, by words.
        let town = world.place_id(OTHER_TOWN);
        for (query, found) in [
            ("post=secretary", vec!["village01"]),
            (&format!("place={town}"), vec![]),
            ("q=village02", vec!["village02"]),
            ("use=open", vec![]),
        ] {
            let csv = site.get(&format!("/accounts.csv?{query}"), &cookies).body;
            for name in ["village01", "village02", "village21", "gao.ming"] {
                assert_eq!(csv.contains(name), found.contains(&name), "{query} {name}");
            }
        }
        // The account's own page is for the whole tenant.
        let direct = site.get(&format!("/accounts/{}", far.account), &cookies);
        assert_eq!(direct.status, 403);
    });
}

#[test]
fn slips_are_chosen_from_the_list_printed_once_and_followed_in_it() {
    in_each_world(|world| {
        let clerk = world.engage("高明", "gao.ming", Role::TownClerk, Some(TOWN));
        let first = world.engage("陈国平", "village01", Role::VillageSecretary, Some(VILLAGE));
        let second = world.engage(
            "孙玉兰",
            "village02",
            Role::VillageSecretary,
            Some(NEIGHBOUR),
        );
        world.engage(
            "周强",
            "village21",
            Role::VillageSecretary,
            Some(FAR_VILLAGE),
        );
        appoint(world, first, VILLAGE);
        let site = site(world, &[clerk, first]);
        let cookies = site.sign_in(clerk.account);
        let list = site.get("/accounts?use=never", &cookies);
        for (name, is_there) in [
            ("village01", true),
            ("village02", true),
            ("village21", false),
        ] {
            assert_eq!(list.body.contains(name), is_there, "{name}");
        }
        assert!(!list.body.contains("security-admin"));
        assert!(list.body.contains("/accounts/slips?use=never"));
        let choice = site.get("/accounts/slips?use=never", &cookies);
        let (one, two) = (first.account.to_string(), second.account.to_string());
        let mut offered = boxes(&choice);
        offered.sort_unstable();
        let mut expected = vec![one.as_str(), two.as_str()];
        expected.sort_unstable();
        assert_eq!(
            offered, expected,
            "everybody but herself, and nobody of the other town"
        );
        let id = world.test.command_id().to_string();
        let issue = |accounts: &[&str], id: &str| {
            let mut fields = vec![("csrf", choice.hidden("csrf")), ("command_id", id)];
            fields.extend(accounts.iter().map(|account| ("account", *account)));
            site.post("/accounts/slips?use=never", &cookies, &fields)
        };
        // This site has no address that leads here from elsewhere: it says so before anything is cut.
        assert!(choice.body.contains("还没有设置网址"), "{}", choice.body);
        let none = issue(&[], &world.test.command_id().to_string());
        assert_eq!(none.status, 422);
        assert!(none.body.contains("没有选中任何人") && boxes(&none).len() == 2);
        let sheet = issue(&[&one, &two], &id);
        assert_eq!(sheet.status, 200, "{}", sheet.body);
        assert_eq!(sheet.header("cache-control"), "no-store");
        let codes = printed(&sheet);
        assert_eq!(codes.len(), 2);
        assert_ne!(codes[0], codes[1]);
        for text in [
            "陈国平",
            "支部书记 · 柳湾村",
            "village01",
            "请向发单的人询问网址",
            "有效至",
        ] {
            assert!(sheet.body.contains(text), "{text}: {}", sheet.body);
        }
        // A nervous finger gets the same sheet and issues nothing more; another sheet voids it.
        assert_eq!(printed(&issue(&[&one, &two], &id)), codes);
        let again = issue(&[&two], &world.test.command_id().to_string());
        let newer = printed(&again)[0].to_owned();
        assert_ne!(newer, codes[1]);

        let enter = |name: &str, code: &str| {
            let fields = [
                ("name", name),
                ("code", code),
                ("password", NEW),
                ("again", NEW),
            ];
            site.post("/activate", "", &fields)
        };
        // With more rights than its issuer looked at, a slip opens nothing.
        world.grant(second, Role::TownVerifier, Some(TOWN));
        assert_eq!(enter("village02", &newer).status, 422);
        let (voided, wrong) = (enter("village02", codes[1]), enter("nobody", codes[0]));
        assert_eq!((voided.status, wrong.status), (422, 422));
        for page in [&voided, &wrong] {
            assert!(page.body.contains("账号或激活码不对"), "{}", page.body);
            assert!(!page.body.contains(NEW), "no password comes back");
        }
        let before = site.sign_in(first.account);
        let typed = codes[0].to_lowercase().replace('-', " ");
        let entered = enter("village01", &typed);
        assert_eq!(entered.header("location"), "/sign-in?set=1");
        assert_eq!(site.get("/me", &before).status, 303, "her session ended");
        let signs_in = [("name", "village01"), ("password", NEW)];
        assert_eq!(site.post("/sign-in", "", &signs_in).status, 303);
        for (query, name) in [("use=used", "village01"), ("use=ended", "village02")] {
            let csv = site.get(&format!("/accounts.csv?{query}"), &cookies).body;
            assert!(csv.contains(name), "{query}: {csv}");
            assert_eq!(csv.matches("village").count(), 1, "{query}: {csv}");
        }
        // Her own page says that somebody issued it.
        let own = site.get("/me", &site.sign_in(first.account)).body;
        assert!(own.contains("高明"), "{own}");
    });
}

store::statements! {
    SELECT_BODIES = "SELECT body FROM journal_leaf WHERE tenant = $1";
    SELECT_ANSWERS = "SELECT answer FROM command_done WHERE tenant = $1";
}

/// Everything that the journal and the answers keep, as text.
fn kept(world: &World<'_>) -> String {
    let tenant = world.test.tenant;
    let read = world.test.app.store().read(move |c| {
        let bound = store::values![tenant];
        let mut kept = c.all(&SELECT_BODIES, &bound, |row| {
            Ok(String::from_utf8_lossy(row.blob(0)?).into_owned())
        })?;
        kept.extend(c.all(&SELECT_ANSWERS, &bound, |row| Ok(row.text(0)?.to_owned()))?);
        Ok::<_, store::StoreError>(kept.concat())
    });
    read.wait().unwrap()
}

#[test]
fn a_code_stands_neither_in_the_journal_nor_in_an_answer() {
    in_each_world(|world| {
        let village = world.engage("陈国平", "village01", Role::VillageSecretary, Some(VILLAGE));
        let clerk = world.engage("高明", "gao.ming", Role::TownClerk, Some(TOWN));
        world.test.by(clerk.account, &batch(&[village])).unwrap();
        let code = SlipCode::of(&[1; 32], village.account);
        let kept = kept(world);
        assert!(
            kept.contains(&village.account.to_string()),
            "whose slip it was stands there"
        );
        for secret in [
            code.expose(),
            code.expose().replace('-', ""),
            code.hash_text(village.account),
        ] {
            assert!(!kept.contains(&secret), "{secret}");
        }
    });
}
