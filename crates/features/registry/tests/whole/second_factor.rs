//! The second factor end to end: who must set it up, the second step of signing in, recovery codes,
//! and taking it away.

use access::{
    AccountId, FactorSecret, RecoveryCode, Role, SetupToken, account,
    second_factor::{self, FactorEventKind, NewFactor},
    setup_token,
};
use app::RefusalKind;
use directory::PlainRecorder;
use kernel::Instant;
use registry::{
    factor_reset::{RefuseFactorReset, ReleaseFactorReset, ResetFactor},
    second_factor::{GiveUpFactor, RenewRecoveryCodes, SetUpFactor},
};
use store::{Connection, StoreError};
use web::{
    DemoAccount, Setup, Web,
    testing::{TestAnswer, TestSite},
};

use crate::world::{TOWN, VILLAGE, World, in_each_world, refused};

const PASSWORD: &str = "柳树 湾里 有 九只 白鹅 呀";
const STEP: i64 = 30_000;

/// The site as a county runs it: nobody signs in by one click.
fn real_site(world: &World<'_>) -> TestSite {
    let setup = TestSite::setup(world.test, vec![registry::web()], Vec::new());
    TestSite::of(
        Web::new(Setup {
            demo: None,
            ..setup
        })
        .unwrap(),
    )
}

fn now(world: &World<'_>) -> Instant {
    world.test.app.session_clock().now()
}

fn give_password(world: &World<'_>, site: &TestSite, account: AccountId) {
    let token = SetupToken::new([9; 32]);
    let (tenant, now, issued) = (world.test.tenant, now(world), token.clone());
    let profile = *world.test.app.profile();
    let store = world.test.app.store();
    let issued = store
        .write(move |c| setup_token::issue(c, tenant, account, &issued, now, &profile).map(|_| ()));
    let issued: Result<(), StoreError> = issued.wait();
    issued.unwrap();
    let fields = [("token", token.expose()), ("password", PASSWORD.to_owned())];
    let fields = fields
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let set = site.post("/set-password", "", &fields);
    assert_eq!(set.status, 303, "{}", set.body);
}

fn sign_in(site: &TestSite, name: &str) -> TestAnswer {
    let fields = [("name", name), ("password", PASSWORD), ("back", "/")];
    let answer = site.post("/sign-in", "", &fields);
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer
}

fn enter(site: &TestSite, half: &str, code: &str) -> TestAnswer {
    site.post("/sign-in/code", half, &[("code", code), ("back", "/me")])
}

/// What the setup page shows to type.
fn secret_on(page: &TestAnswer) -> FactorSecret {
    let shown = page
        .body
        .split("class=\"factor-secret\" data-content>")
        .nth(1);
    let shown = shown.and_then(|rest| rest.split('<').next()).unwrap();
    FactorSecret::parse(&shown.replace(' ', "")).unwrap()
}

/// The id of the form that puts the secret shown into force.
fn offered_id(page: &TestAnswer) -> String {
    let form = page.body.split("action=\"/me/factor\"").nth(1).unwrap();
    let field = form.split("name=\"command_id\" value=\"").nth(1).unwrap();
    field.split('"').next().unwrap().to_owned()
}

fn codes_on(page: &TestAnswer) -> Vec<String> {
    let list = page.body.split("class=\"recovery-codes\"").nth(1).unwrap();
    let items = list.split("<code data-content>").skip(1);
    items
        .filter_map(|item| item.split('<').next())
        .map(str::to_owned)
        .collect()
}

fn set_up(site: &TestSite, cookies: &str, page: &TestAnswer, code: &str) -> TestAnswer {
    let fields = [
        ("csrf", page.hidden("csrf")),
        ("command_id", page.hidden("command_id")),
        ("code", code),
    ];
    site.post("/me/factor", cookies, &fields)
}

/// A command as a program sends it.
fn command(site: &TestSite, world: &World<'_>, token: &str, name: &str) -> TestAnswer {
    let id = world.test.command_id();
    let body = format!("{{\"id\":\"{id}\",\"body\":{{}}}}");
    site.post_json(&format!("/api/v1/commands/{name}"), token, &body)
}

fn session_for_program(site: &TestSite, name: &str, code: Option<&str>) -> TestAnswer {
    let code = code.map_or_else(String::new, |code| format!(",\"code\":\"{code}\""));
    let body = format!("{{\"name\":\"{name}\",\"password\":\"{PASSWORD}\"{code}}}");
    site.post_json("/api/v1/session", "", &body)
}

#[test]
fn who_reviews_sets_it_up_before_anything_else_and_signs_in_by_two_steps() {
    in_each_world(|world| {
        let site = real_site(world);
        let reviewer = world.engage("罗正", "luo.zheng", Role::CountyReviewer, None);
        give_password(world, &site, reviewer.account);
        let cookies = sign_in(&site, "luo.zheng").cookies();

        // Nothing but the one page, for pages, forms, files and programs.
        for path in ["/", "/me", "/me/password", "/places", "/search?q=a"] {
            let led = site.get(path, &cookies);
            assert_eq!(
                (led.status, led.header("location")),
                (303, "/me/factor"),
                "{path}"
            );
        }
        let page = site.get("/me/factor", &cookies);
        assert_eq!(page.status, 200, "{}", page.body);
        let csrf = page.hidden("csrf");
        let fields = [("csrf", csrf), ("command_id", page.hidden("command_id"))];
        for path in ["/me/contact", "/me/factor/codes", "/me/factor/give-up"] {
            let led = site.post(path, &cookies, &fields);
            assert_eq!(
                (led.status, led.header("location")),
                (303, "/me/factor"),
                "{path}"
            );
        }
        let uploaded = site.post_file("/uploads", &cookies, &[], ("file", "a.png", b"\x89PNG"));
        assert_eq!(uploaded.status, 403, "{}", uploaded.body);
        let token = cookies.split("session=").nth(1).unwrap();
        let token = token.split(';').next().unwrap();
        let sent = command(&site, world, token, "session.end");
        assert_eq!(sent.status, 403, "{}", sent.body);
        assert!(sent.body.contains("factor-due"), "{}", sent.body);

        // A wrong first code shows the same secret again, because it was scanned already.
        let secret = secret_on(&page);
        assert!(page.body.contains("<svg class=\"qr-code\""));
        let wrong = set_up(&site, &cookies, &page, "000000");
        assert_eq!(wrong.status, 422, "{}", wrong.body);
        assert!(secret_on(&wrong) == secret);
        let done = set_up(&site, &cookies, &wrong, &secret.code_at(now(world)));
        assert_eq!(done.status, 200, "{}", done.body);
        let codes = codes_on(&done);
        assert_eq!(codes.len(), 10);
        assert_eq!(site.get("/", &cookies).status, 303, "the token is void");
        let cookies = done.cookies();
        assert_eq!(site.get("/", &cookies).status, 200);
        let own = site.get("/me/factor", &cookies);
        assert!(!own.body.contains(&codes[0]) && !own.body.contains("factor-secret"));

        // The password alone is half of it, and opens nothing.
        world.test.clock.advance(STEP);
        let half = sign_in(&site, "luo.zheng");
        assert_eq!(half.header("location"), "/sign-in/code?back=%2F");
        let waits = half.cookies();
        assert!(!waits.contains("session="), "{waits}");
        assert_eq!(site.get("/sign-in/code", &waits).status, 200);
        assert_eq!(site.get("/sign-in/code", "").status, 303);
        assert!(
            site.get("/", &waits)
                .header("location")
                .starts_with("/sign-in")
        );
        let nobody = enter(&site, "", &secret.code_at(now(world)));
        assert_eq!(nobody.status, 422, "without the first step");
        assert!(
            !nobody.cookies().contains("session=1"),
            "{}",
            nobody.cookies()
        );

        let wrong = enter(&site, &waits, "000000");
        assert_eq!(wrong.status, 422);
        let denials = world.denials();
        let last = denials.last().unwrap();
        assert_eq!(last, &["page.sign-in.code", "self.manage", "factor-wrong"]);
        let right = secret.code_at(now(world));
        let entered = enter(&site, &waits, &right);
        assert_eq!((entered.status, entered.header("location")), (303, "/me"));
        let inside = entered.cookies();
        assert_ne!(inside.split(';').next(), cookies.split(';').next());
        assert_eq!(site.get("/", &inside).status, 200);
        let waits = sign_in(&site, "luo.zheng").cookies();
        assert_eq!(
            enter(&site, &waits, &right).status,
            422,
            "a code counts once"
        );

        // A recovery code does once where the phone is not at hand; its use is recorded.
        assert_eq!(enter(&site, &waits, &codes[4].to_lowercase()).status, 303);
        let waits = sign_in(&site, "luo.zheng").cookies();
        assert_eq!(enter(&site, &waits, &codes[4]).status, 422);
        let (tenant, id) = (world.test.tenant, reviewer.account);
        let store = world.test.app.store();
        let events = store.read(move |c| second_factor::events(c, tenant, id));
        let kinds: Vec<_> = events.wait().unwrap().iter().map(|e| e.kind).collect();
        assert_eq!(kinds, [FactorEventKind::CodeUsed, FactorEventKind::SetUp]);

        a_program_sends_the_code_with_the_password(world, &site, &secret);
    });
}

fn a_program_sends_the_code_with_the_password(
    world: &World<'_>,
    site: &TestSite,
    secret: &FactorSecret,
) {
    world.test.clock.advance(2 * STEP);
    let denials = world.denials().len();
    for _ in 0..6 {
        let without = session_for_program(site, "luo.zheng", None);
        assert_eq!(without.status, 422, "{}", without.body);
        assert!(without.body.contains("factor-wanted"), "{}", without.body);
    }
    assert_eq!(world.denials().len(), denials, "leaving it out is no guess");
    let code = secret.code_at(now(world));
    let with = session_for_program(site, "luo.zheng", Some(&code));
    assert_eq!(with.status, 200, "{}", with.body);
}

#[test]
fn the_password_again_wants_the_code_in_forms_and_on_its_page() {
    in_each_world(|world| {
        let site = real_site(world);
        let reviewer = world.engage("罗正", "luo.zheng", Role::CountyReviewer, None);
        give_password(world, &site, reviewer.account);
        let cookies = sign_in(&site, "luo.zheng").cookies();
        let page = site.get("/me/factor", &cookies);
        let secret = secret_on(&page);
        let done = set_up(&site, &cookies, &page, &secret.code_at(now(world)));
        let (first, cookies) = (codes_on(&done), done.cookies());
        world.test.clock.advance(11 * 60_000);

        let page = site.get("/me/factor", &cookies);
        let mut fields = vec![
            ("csrf", page.hidden("csrf")),
            ("command_id", page.hidden("command_id")),
        ];
        let asked = site.post("/me/factor/codes", &cookies, &fields);
        assert_eq!(asked.status, 403, "{}", asked.body);
        assert!(asked.body.contains("name=\"prove_code\""), "{}", asked.body);
        let code = secret.code_at(now(world));
        fields.push(("prove_password", PASSWORD));
        let without = site.post("/me/factor/codes", &cookies, &fields);
        assert_eq!(without.status, 403);
        assert!(
            without.body.contains("name=\"prove_code\""),
            "{}",
            without.body
        );
        fields.push(("prove_code", &code));
        let renewed = site.post("/me/factor/codes", &cookies, &fields);
        assert_eq!(renewed.status, 200, "{}", renewed.body);
        let second = codes_on(&renewed);
        assert!(second.len() == 10 && second.iter().all(|code| !first.contains(code)));

        // The page of its own asks for both, too; the session goes on under another name.
        let cookies = renewed.cookies();
        let prove = site.get("/prove?back=/me", &cookies);
        assert!(prove.body.contains("name=\"code\""), "{}", prove.body);
        let send = |code: &str| {
            let fields = [("password", PASSWORD), ("code", code), ("back", "/me")];
            site.post("/prove", &cookies, &fields)
        };
        let replayed = send(&code);
        assert_eq!(replayed.status, 422, "the code was used a moment ago");
        assert!(replayed.body.contains("name=\"code\""), "{}", replayed.body);
        world.test.clock.advance(STEP);
        assert_eq!(send(&secret.code_at(now(world))).status, 303);
    });
}

#[test]
fn what_is_in_force_is_not_shown_again() {
    in_each_world(|world| {
        let site = real_site(world);
        let reviewer = world.engage("罗正", "luo.zheng", Role::CountyReviewer, None);
        give_password(world, &site, reviewer.account);
        let bare = sign_in(&site, "luo.zheng").cookies();
        let page = site.get("/me/factor", &bare);
        let secret = secret_on(&page);
        let code = secret.code_at(now(world));
        let done = set_up(&site, &bare, &page, &code);
        let (codes, cookies) = (codes_on(&done), done.cookies());
        let csrf = site.get("/me/factor", &cookies).hidden("csrf").to_owned();
        let send = |path: &str, id: &str, code: &str| {
            let fields = [("csrf", csrf.as_str()), ("command_id", id), ("code", code)];
            site.post(path, &cookies, &fields)
        };
        let used = page.hidden("command_id");

        // The form of the factor in force, with a wrong code: another secret is offered.
        for path in ["/me/factor", "/me/factor/codes"] {
            let again = send(path, used, "000000");
            assert!(!again.body.contains(&secret.grouped()), "{path}");
            assert!(!again.body.contains(&codes[0]), "{path}");
        }
        let other = send("/me/factor", used, "000000");
        assert_eq!(other.status, 422);
        assert!(secret_on(&other) != secret);
        // One that is not in force yet stays: it was scanned already.
        let still = send("/me/factor", &offered_id(&other), "000000");
        assert!(secret_on(&still) == secret_on(&other));

        // The same form once more, as it was: the codes were shown.
        let shown = (303, "/me/factor?codes=shown");
        let twice = send("/me/factor", used, &code);
        assert_eq!(
            (twice.status, twice.header("location")),
            shown,
            "{}",
            twice.body
        );
        let id = world.test.command_id().to_string();
        let renewed = send("/me/factor/codes", &id, "");
        let codes = codes_on(&renewed);
        assert_eq!(codes.len(), 10);
        let twice = send("/me/factor/codes", &id, "");
        assert_eq!(
            (twice.status, twice.header("location")),
            shown,
            "{}",
            twice.body
        );
        assert!(!twice.body.contains(&codes[0]));
        let told = site.get("/me/factor?codes=shown", &cookies);
        assert!(told.body.contains("恢复码只显示一次"), "{}", told.body);
        assert!(!told.body.contains(&codes[0]));

        // Another device is offered to who proved a moment ago who she is.
        let device = "/me/factor?device=other";
        secret_on(&site.get(device, &cookies));
        world.test.clock.advance(11 * 60_000);
        let asked = site.get(device, &cookies);
        let prove = "/prove?back=%2Fme%2Ffactor%3Fdevice%3Dother";
        assert_eq!((asked.status, asked.header("location")), (303, prove));
        let asked = send("/me/factor", &offered_id(&other), "000000");
        assert_eq!(asked.status, 303, "{}", asked.body);
        assert!(!asked.body.contains("factor-secret"));

        // Password and code with the form itself: the session goes on under the last of its tokens.
        let secret = secret_on(&other);
        let old = secret_on(&page).code_at(now(world));
        let fields = [
            ("csrf", csrf.as_str()),
            ("command_id", &offered_id(&other)),
            ("code", &secret.code_at(now(world))),
            ("prove_password", PASSWORD),
            ("prove_code", &old),
        ];
        let changed = site.post("/me/factor", &cookies, &fields);
        assert_eq!(changed.status, 200, "{}", changed.body);
        assert_eq!(site.get("/me", &changed.cookies()).status, 200);
        assert_eq!(site.get("/me", &cookies).status, 303);
    });
}

#[test]
fn changing_the_password_wants_the_code_and_gives_no_fresh_session_without() {
    in_each_world(|world| {
        let site = real_site(world);
        let reviewer = world.engage("罗正", "luo.zheng", Role::CountyReviewer, None);
        give_password(world, &site, reviewer.account);
        let cookies = sign_in(&site, "luo.zheng").cookies();
        let bare = site.get("/me/factor", &cookies);
        let secret = secret_on(&bare);
        assert!(
            bare.body.contains("href=\"otpauth://totp/"),
            "{}",
            bare.body
        );
        // Whoever went to the application and comes back finds what she has scanned.
        let again = site.get("/me/factor", &cookies);
        assert!(secret_on(&again) == secret, "the same in one session");
        let elsewhere = sign_in(&site, "luo.zheng").cookies();
        let other = site.get("/me/factor", &elsewhere);
        assert!(secret_on(&other) != secret, "another in another");
        let cookies = set_up(&site, &cookies, &bare, &secret.code_at(now(world))).cookies();
        world.test.clock.advance(11 * 60_000);

        let page = site.get("/me/password", &cookies);
        assert!(page.body.contains("name=\"present_code\""), "{}", page.body);
        let change = |code: &str| {
            let new = "石桥 下面 有 十二 条鱼 啊";
            let fields = [
                ("csrf", page.hidden("csrf")),
                ("command_id", page.hidden("command_id")),
                ("password", PASSWORD),
                ("present_code", code),
                ("new_password", new),
                ("again", new),
            ];
            site.post("/me/password", &cookies, &fields)
        };
        for code in ["", "000000"] {
            let refused = change(code);
            assert_eq!(refused.status, 422, "{}", refused.body);
            assert!(refused.body.contains("href=\"#f-present-code\""));
            assert_eq!(refused.cookies(), "", "the session is the same");
        }
        let denials = world.denials();
        let last = denials.last().unwrap();
        assert_eq!(last, &["page.sign-in.code", "self.manage", "factor-wrong"]);
        let changed = change(&secret.code_at(now(world)));
        assert_eq!((changed.status, changed.header("location")), (303, "/me"));
        assert_eq!(site.get("/me", &changed.cookies()).status, 200);
        assert_eq!(site.get("/me", &cookies).status, 303);
    });
}

#[test]
fn the_rest_may_and_a_new_role_asks_on_the_next_request() {
    in_each_world(|world| {
        let site = real_site(world);
        let secretary = world.engage("陈国平", "village01", Role::VillageSecretary, Some(VILLAGE));
        give_password(world, &site, secretary.account);
        let cookies = sign_in(&site, "village01").cookies();
        assert_eq!(site.get("/", &cookies).status, 200);
        let page = site.get("/me/factor", &cookies);
        let secret = secret_on(&page);
        let done = set_up(&site, &cookies, &page, &secret.code_at(now(world)));
        assert_eq!(done.status, 200, "{}", done.body);
        // Given up where no role asks for it; the sessions end.
        world.test.by(secretary.account, &GiveUpFactor {}).unwrap();
        assert_eq!(site.get("/", &cookies).status, 303);
        let cookies = sign_in(&site, "village01").cookies();
        assert_eq!(site.get("/", &cookies).status, 200);

        // A role for one day: the same session, another day.
        let today = world.test.app.clock().now().day();
        let mut proposal = world.proposal(secretary, Role::TownVerifier, Some(TOWN));
        proposal.valid_from = Some(today.plus_days(1));
        let security = world.administrators.security;
        let proposed = world.test.by(security, &proposal).unwrap();
        let approve = registry::grants::ApproveGrant {
            grant: proposed.grant,
        };
        world
            .test
            .by(world.administrators.system, &approve)
            .unwrap();
        let cookies = sign_in(&site, "village01").cookies();
        assert_eq!(site.get("/", &cookies).status, 200);
        for _ in 0..18 {
            world.test.clock.advance(50 * 60_000);
        }
        let cookies = sign_in(&site, "village01").cookies();
        let led = site.get("/", &cookies);
        assert_eq!((led.status, led.header("location")), (303, "/me/factor"));
    });
}

#[test]
fn a_demonstration_asks_for_nothing_and_shows_the_page() {
    in_each_world(|world| {
        let known = DemoAccount {
            account: world.administrators.security,
            name: "安全管理员".to_owned(),
            role: Role::SecurityAdmin,
            place: "云岭县".to_owned(),
        };
        let site = TestSite::new(world.test, vec![registry::web()], vec![known]);
        let cookies = site.sign_in(world.administrators.security);
        assert_eq!(site.get("/", &cookies).status, 200);
        let page = site.get("/me/factor", &cookies);
        assert_eq!(page.status, 200);
        secret_on(&page);
    });
}

/// Gives an account a factor, as its owner would have done.
fn give_factor(world: &World<'_>, id: AccountId) {
    let (tenant, now) = (world.test.tenant, now(world));
    let (app, command) = (world.test.app.clone(), world.test.command_id());
    let secret = FactorSecret::of(&[7; 32], id);
    let codes = RecoveryCode::all_of(&[7; 32], id);
    let factor = NewFactor::of(secret.clone(), codes, &secret.code_at(now), None, now).unwrap();
    let store = world.test.app.store();
    let given = store.write(move |connection: &mut dyn Connection| {
        let vault = app.vault().unlock(connection, tenant).unwrap();
        let found = account::get(connection, tenant, id)?.unwrap();
        let mut recorder = PlainRecorder {
            connection,
            tenant,
            command,
            now,
        };
        factor.set(&mut recorder, &vault, &found, &[4; 32], now)
    });
    given.wait().unwrap();
}

fn has_factor(world: &World<'_>, id: AccountId) -> bool {
    let tenant = world.test.tenant;
    let store = world.test.app.store();
    let found = store.read(move |c| second_factor::get(c, tenant, id));
    found.wait().unwrap().is_some()
}

#[test]
fn taking_it_away_is_proposed_with_a_reason_and_released_by_another() {
    in_each_world(|world| {
        let (security, system) = (world.administrators.security, world.administrators.system);
        let reviewer = world.engage("罗正", "luo.zheng", Role::CountyReviewer, None);
        let reset = |reason: &str| ResetFactor {
            account: reviewer.account,
            reason: reason.to_owned(),
        };
        let good = reset("手机丢失，已当面核对身份证。");
        let invalid = RefusalKind::Invalid;
        refused(world.test.by(security, &good), invalid, "factor-none");
        give_factor(world, reviewer.account);
        for reason in ["", "  丢失  ", &"长".repeat(201)] {
            refused(
                world.test.by(security, &reset(reason)),
                invalid,
                "factor-reason",
            );
        }
        world.denied(reviewer.account, &good, "access-no-role");
        world.denied(system, &good, "access-no-role");
        let stale = world.by_stale(security, &good);
        refused(stale, RefusalKind::Reauthenticate, "access-reauthenticate");
        let by_hand = world.by_hand(security, &good);
        refused(by_hand, RefusalKind::Denied, "access-cannot-reauthenticate");

        let release = ReleaseFactorReset {
            account: reviewer.account,
        };
        let nothing = world.test.by(system, &release);
        refused(nothing, invalid, "factor-not-proposed");
        assert!(!world.test.by(security, &good).unwrap().done);
        assert!(has_factor(world, reviewer.account), "it waits");
        world.denied(security, &release, "access-no-role");
        let refuse = RefuseFactorReset {
            account: reviewer.account,
        };
        assert!(!world.test.by(system, &refuse).unwrap().done);
        assert!(has_factor(world, reviewer.account), "it was refused");
        refused(
            world.test.by(system, &release),
            invalid,
            "factor-not-proposed",
        );

        assert!(!world.test.by(security, &good).unwrap().done);
        assert!(world.test.by(system, &release).unwrap().done);
        assert!(!has_factor(world, reviewer.account));
        refused(
            world.test.by(system, &release),
            invalid,
            "factor-not-proposed",
        );

        // Who holds no grant is let in again by one.
        let newcomer = world.newcomer("吴芳", "wu.fang");
        give_factor(world, newcomer.account);
        let alone = ResetFactor {
            account: newcomer.account,
            ..good.clone()
        };
        assert!(world.test.by(security, &alone).unwrap().done);

        // An administrator's is taken away on the machine only.
        give_factor(world, system);
        let on_the_machine = ResetFactor {
            account: system,
            ..good
        };
        let by_colleague = world.test.by(security, &on_the_machine);
        refused(by_colleague, invalid, "token-on-the-machine");
        assert!(world.test.by_rule(&on_the_machine).unwrap().done);
        assert!(!has_factor(world, system));
    });
}

#[test]
fn a_proposal_falls_with_the_factor_that_it_was_about() {
    in_each_world(|world| {
        let reviewer = world.engage("罗正", "luo.zheng", Role::CountyReviewer, None);
        give_factor(world, reviewer.account);
        let good = ResetFactor {
            account: reviewer.account,
            reason: "手机丢失，已当面核对身份证。".to_owned(),
        };
        let security = world.administrators.security;
        assert!(!world.test.by(security, &good).unwrap().done);
        // The phone is found, and another device set up: what was proposed before is over.
        give_factor(world, reviewer.account);
        let release = ReleaseFactorReset {
            account: reviewer.account,
        };
        let late = world.test.by(world.administrators.system, &release);
        refused(late, RefusalKind::Invalid, "factor-not-proposed");
    });
}

/// What was true of a lost telephone is not true for ever.
#[test]
fn a_reset_that_nobody_released_lapses_and_until_then_stands_on_the_deciders_first_page() {
    in_each_world(|world| {
        let (security, system) = (world.administrators.security, world.administrators.system);
        let reviewer = world.engage("罗正", "luo.zheng", Role::CountyReviewer, None);
        give_factor(world, reviewer.account);
        let good = ResetFactor {
            account: reviewer.account,
            reason: "手机丢失，已当面核对身份证。".to_owned(),
        };
        let readers = [system, security].map(|id| crate::browser::administrator(world, id));
        let site = crate::browser::site(world, &readers);
        let body = |id, path: &str| site.get(path, &site.sign_in(id)).body;
        let waits = "放行 罗正 的两步验证解除";
        assert!(!body(system, "/").contains(waits));
        assert!(!world.test.by(security, &good).unwrap().done);
        let token = crate::tokens::token(reviewer.account, 1);
        world.test.by(security, &token).unwrap();
        let home = body(system, "/");
        assert!(home.contains(waits), "{home}");
        assert!(home.contains("放行 罗正 的口令或激活单"), "{home}");
        assert!(!body(security, "/").contains("放行 罗正"));
        assert!(body(system, "/grants").contains("/factor/release"));

        world.test.clock.advance(7 * kernel::time::DAY_MS);
        assert!(!body(system, "/").contains("放行 罗正"));
        assert!(!body(system, "/grants").contains("/factor/release"));
        let release = ReleaseFactorReset {
            account: reviewer.account,
        };
        let late = world.test.by(system, &release);
        refused(late, RefusalKind::Invalid, "factor-not-proposed");
        assert!(!world.test.by(security, &good).unwrap().done);
        assert!(world.test.by(system, &release).unwrap().done);
    });
}

#[test]
fn who_has_no_duty_yet_is_told_whom_to_ask() {
    in_each_world(|world| {
        let newcomer = world.newcomer("吴芳", "wu.fang");
        let site = crate::browser::site(world, &[newcomer]);
        let home = site.get("/", &site.sign_in(newcomer.account)).body;
        assert!(home.contains("还没有职责"), "{home}");
        assert!(home.contains("安全管理员"), "{home}");
    });
}

#[test]
fn its_own_commands_want_a_fresh_proof_and_the_page() {
    in_each_world(|world| {
        let reviewer = world.engage("罗正", "luo.zheng", Role::CountyReviewer, None);
        let who = reviewer.account;
        let stale = world.by_stale(who, &SetUpFactor {});
        refused(stale, RefusalKind::Reauthenticate, "access-reauthenticate");
        let by_hand = world.by_hand(who, &SetUpFactor {});
        refused(by_hand, RefusalKind::Denied, "access-cannot-reauthenticate");
        let invalid = RefusalKind::Invalid;
        refused(
            world.test.by(who, &SetUpFactor {}),
            invalid,
            "factor-page-only",
        );
        refused(
            world.test.by(who, &RenewRecoveryCodes {}),
            invalid,
            "factor-none",
        );
        refused(world.test.by(who, &GiveUpFactor {}), invalid, "factor-none");
        let used = world.test.by(who, &app::recovery_code::UseRecoveryCode {});
        refused(used, invalid, "recovery-code-page-only");
        give_factor(world, who);
        refused(
            world.test.by(who, &RenewRecoveryCodes {}),
            invalid,
            "factor-page-only",
        );
        refused(
            world.test.by(who, &GiveUpFactor {}),
            invalid,
            "factor-needed",
        );
        let stale = world.by_stale(who, &GiveUpFactor {});
        refused(stale, RefusalKind::Reauthenticate, "access-reauthenticate");
        assert!(has_factor(world, who));
    });
}
