//! The web side in process, with a feature of its own: notes.

mod notes;
mod resumable;

use access::{AccountId, Role};
use app::testing::{TestApp, each};
use axum::body::Body;
use axum::http::{Request, header};
use kernel::{Id, PersonId};
use notes::{MakePerson, feature, feature_web};

use crate::DemoAccount;
use crate::testing::{TestAnswer, TestSite, browser, check_markup};

/// The site with a county clerk, who may write, and a villager, who may not.
struct Scene {
    site: TestSite,
    clerk: AccountId,
    villager: AccountId,
}

fn scene(app: &TestApp) -> Scene {
    let person = |number: u8, name: &str, sign_in_name: &str, role: Role| {
        let mut random = [number; 10];
        random[9] = 0;
        let id = Id::new(1_790_000_000_000, random);
        let (person, account) = (PersonId(id), AccountId(id));
        app.by_rule(&MakePerson {
            person,
            account,
            name: name.to_owned(),
            sign_in_name: sign_in_name.to_owned(),
            role,
        })
        .unwrap();
        DemoAccount {
            account,
            name: name.to_owned(),
            role,
            place: "云岭县".to_owned(),
        }
    };
    let clerk = person(1, "李静", "lijing", Role::CountyClerk);
    let villager = person(2, "王芳", "wangfang", Role::Villager);
    let (clerk_account, villager_account) = (clerk.account, villager.account);
    let site = TestSite::new(app, vec![feature_web()], vec![clerk, villager]);
    Scene {
        site,
        clerk: clerk_account,
        villager: villager_account,
    }
}

fn test(check: impl Fn(&TestApp, &Scene)) {
    each(|| vec![feature()], |app| check(app, &scene(app)));
}

/// The fields of the page's form with a text typed in.
fn typed<'a>(page: &'a TestAnswer, text: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("csrf", page.hidden("csrf")),
        ("command_id", page.hidden("command_id")),
        ("text", text),
    ]
}

#[test]
fn on_loopback_only_names_of_loopback_are_answered() {
    test(|_, scene| {
        let get = |host: &str| {
            let request = Request::builder()
                .uri("/sign-in")
                .header(header::HOST, host)
                .body(Body::empty())
                .unwrap();
            scene.site.send(request)
        };
        for own in ["127.0.0.1:8080", "localhost", "LOCALHOST:1", "[::1]:8080"] {
            assert_eq!(get(own).status, 200, "{own}");
        }
        // A page elsewhere that has its own name point to this machine finds nothing.
        for foreign in [
            "evil.cn",
            "evil.cn:8080",
            "127.0.0.1.evil.cn",
            "192.168.0.7",
        ] {
            let answer = get(foreign);
            assert_eq!(answer.status, 404, "{foreign}");
            assert!(!answer.body.contains("/demo/sign-in"), "{foreign}");
        }
    });
}

#[test]
fn a_form_becomes_a_command_and_leads_to_the_record() {
    test(|_, scene| {
        let cookies = scene.site.sign_in(scene.clerk);
        let page = scene.site.get("/notes", &cookies);
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(page.body.contains("李静"), "the top bar names the person");
        assert!(
            page.body.contains("aria-current=\"page\""),
            "the menu marks the page"
        );
        let fields = typed(&page, "柳湾村的便条");
        let answer = scene.site.post("/notes", &cookies, &fields);
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, "/notes?written=1")
        );
        let again = scene.site.post("/notes", &cookies, &fields);
        assert_eq!(again.status, 303, "the same form again is the same command");
        let page = scene.site.get("/notes", &cookies);
        assert_eq!(page.body.matches("柳湾村的便条").count(), 1);
    });
}

#[test]
fn a_refused_form_shows_what_was_typed_and_what_was_found() {
    test(|_, scene| {
        let cookies = scene.site.sign_in(scene.clerk);
        let page = scene.site.get("/notes", &cookies);
        let answer = scene.site.post(
            "/notes",
            &cookies,
            &typed(&page, "<太长>的便条，超过了十个字"),
        );
        assert_eq!(answer.status, 422);
        assert!(
            answer
                .body
                .contains("value=\"&#60;太长&#62;的便条，超过了十个字\""),
            "{}",
            answer.body
        );
        assert!(
            answer.body.contains("href=\"#f-text\""),
            "the summary leads to the field"
        );
        assert!(answer.body.contains("aria-invalid=\"true\""));
        assert!(
            answer.body.contains("<!doctype html>"),
            "without htmx the whole page"
        );
        assert_eq!(
            check_markup(&answer.body, crate::Language::Chinese),
            Vec::<String>::new()
        );

        let fragment = Request::builder()
            .method("POST")
            .uri("/notes")
            .header(header::HOST, "127.0.0.1")
            .header(header::COOKIE, &cookies)
            .header(header::ORIGIN, "http://127.0.0.1")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("hx-request", "true")
            .header("hx-request-type", "partial")
            .body(Body::from(format!(
                "csrf={}&command_id={}&text=",
                page.hidden("csrf"),
                page.hidden("command_id")
            )))
            .unwrap();
        let answer = scene.site.send(fragment);
        assert_eq!(answer.status, 422);
        assert!(
            !answer.body.contains("<html"),
            "htmx gets the part inside main"
        );
        assert!(answer.body.starts_with("<title>"));
        assert!(answer.body.contains("error-summary"));
    });
}

#[test]
fn whoever_is_not_signed_in_goes_to_the_sign_in_page_and_back() {
    test(|_, scene| {
        let answer = scene.site.get("/notes?page=2", "");
        assert_eq!(answer.status, 303);
        assert_eq!(
            answer.header("location"),
            "/sign-in?back=%2Fnotes%3Fpage%3D2"
        );
        let page = scene.site.get(answer.header("location"), "");
        assert_eq!(page.hidden("back"), "/notes?page=2");
        let account = scene.clerk.to_string();
        let fields = [("account", account.as_str()), ("back", page.hidden("back"))];
        let entered = scene.site.post("/demo/sign-in", "", &fields);
        assert_eq!(entered.header("location"), "/notes?page=2");
        let stolen = [("account", account.as_str()), ("back", "//evil.cn")];
        assert_eq!(
            scene
                .site
                .post("/demo/sign-in", "", &stolen)
                .header("location"),
            "/"
        );
    });
}

#[test]
fn a_session_that_ended_loses_nothing_typed() {
    test(|_, scene| {
        let cookies = scene.site.sign_in(scene.clerk);
        let page = scene.site.get("/notes", &cookies);
        let fields = typed(&page, "写了很久");
        scene
            .site
            .post("/sign-out", &cookies, &[("csrf", page.hidden("csrf"))]);
        let kept = scene.site.post("/notes", &cookies, &fields);
        assert_eq!(kept.status, 403);
        assert_eq!(kept.hidden("text"), "写了很久");
        let cookies = scene.site.sign_in(scene.clerk);
        let confirm = scene.site.post("/notes", &cookies, &fields);
        assert_eq!(confirm.status, 403, "an old page is confirmed first");
        let fields = [
            ("csrf", confirm.hidden("csrf")),
            ("command_id", confirm.hidden("command_id")),
            ("text", confirm.hidden("text")),
        ];
        assert_eq!(scene.site.post("/notes", &cookies, &fields).status, 303);
        assert!(scene.site.get("/notes", &cookies).body.contains("写了很久"));
    });
}

#[test]
fn nothing_is_done_for_another_site() {
    test(|_, scene| {
        let cookies = scene.site.sign_in(scene.clerk);
        let page = scene.site.get("/notes", &cookies);
        let body = format!(
            "csrf={}&command_id={}&text=x",
            page.hidden("csrf"),
            page.hidden("command_id")
        );
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.cn"),
        ] {
            for path in [
                "/notes",
                "/sign-out",
                "/demo/sign-in",
                "/settings/display",
                "/uploads",
            ] {
                let request = browser("POST", path, &cookies)
                    .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .header(name, value)
                    .body(Body::from(body.clone()))
                    .unwrap();
                assert_eq!(
                    scene.site.send(request).status,
                    403,
                    "{path} {name}: {value}"
                );
            }
        }
        // A very old browser that sends neither header needs the hidden field.
        let request = |body: &str| {
            browser("POST", "/notes", &cookies)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from(body.to_owned()))
                .unwrap()
        };
        assert_eq!(scene.site.send(request("text=x")).status, 403);
        assert_eq!(scene.site.send(request(&body)).status, 303);
    });
}

#[test]
fn without_the_right_there_is_neither_page_nor_command_nor_menu_entry() {
    test(|_, scene| {
        let cookies = scene.site.sign_in(scene.villager);
        let home = scene.site.get("/", &cookies);
        assert_eq!(home.status, 200);
        assert!(!home.body.contains("href=\"/notes\""));
        let page = scene.site.get("/notes", &cookies);
        assert_eq!(page.status, 403);
        assert!(
            page.body.contains("查看村镇和组织"),
            "the page names the missing right"
        );
        assert!(page.body.contains("安全管理员"), "and who can grant it");
        let csrf = home.hidden("csrf").to_owned();
        let id = app::FileHash([1; 32]).to_string();
        let fields = [("csrf", csrf.as_str()), ("command_id", &id), ("text", "x")];
        assert_eq!(scene.site.post("/notes", &cookies, &fields).status, 403);
    });
}

#[test]
fn a_refused_page_leaves_a_row_and_a_leaf_and_an_anonymous_one_does_not() {
    store::statements! {
        SELECT_LEAF = "SELECT body FROM journal_leaf WHERE tenant = $1 AND command = $2";
    }
    test(|app, scene| {
        let (tenant, before) = (app.tenant, denials(app));
        assert!(before.is_empty());
        assert_eq!(scene.site.get("/notes", "").status, 303);
        let cookies = scene.site.sign_in(scene.villager);
        assert_eq!(scene.site.get("/notes", &cookies).status, 403);
        let page = scene.site.get("/", &cookies);
        let fields = [("csrf", page.hidden("csrf")), ("text", "x")];
        assert_eq!(scene.site.post("/notes", &cookies, &fields).status, 403);
        let denied = denials(app);
        let names: Vec<&str> = denied.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["note.write", "page.notes"]);
        for (_, command) in denied {
            let leaf = app.app.store().read(move |c| {
                c.one(&SELECT_LEAF, &store::values![tenant, command], |row| {
                    Ok(row.blob(0)?.to_vec())
                })
            });
            let leaf: Result<Vec<u8>, store::StoreError> = leaf.wait();
            let leaf = String::from_utf8(leaf.unwrap()).unwrap();
            assert!(leaf.contains("\"outcome\":\"denied\""), "{leaf}");
            assert!(
                leaf.contains("\"denial\":["),
                "with the row's digest: {leaf}"
            );
        }
    });
}

fn denials(app: &TestApp) -> Vec<(String, kernel::CommandId)> {
    store::statements! {
        SELECT_DENIALS = "SELECT name, command FROM denial WHERE tenant = $1 ORDER BY name";
    }
    let tenant = app.tenant;
    let read = app.app.store().read(move |c| {
        c.all(&SELECT_DENIALS, &store::values![tenant], |row| {
            Ok((row.text(0)?.to_owned(), row.id(1)?))
        })
    });
    let read: Result<_, store::StoreError> = read.wait();
    read.unwrap()
}

/// The same scene behind a proxy, with limits.
fn limited(app: &TestApp, scene: &Scene, per_minute: u32, behind_proxy: bool) -> TestSite {
    let account = DemoAccount {
        account: scene.clerk,
        name: "李静".to_owned(),
        role: Role::CountyClerk,
        place: "云岭县".to_owned(),
    };
    let mut setup = TestSite::setup(app, vec![feature_web()], vec![account]);
    setup.requests_per_minute = per_minute;
    setup.behind_proxy = behind_proxy;
    TestSite::of(crate::Web::new(setup).unwrap())
}

#[test]
fn an_account_that_asks_too_fast_waits_and_loses_nothing() {
    test(|app, scene| {
        let site = limited(app, scene, 20, false);
        let cookies = site.sign_in(scene.clerk);
        let page = site.get("/notes", &cookies);
        let fields = typed(&page, "写了很久");
        while site.get("/notes", &cookies).status == 200 {}
        let refused = site.get("/notes", &cookies);
        assert_eq!(refused.status, 429);
        assert_eq!(refused.header("retry-after"), "4");
        assert!(refused.body.contains("操作太频繁"), "{}", refused.body);
        let english = browser("GET", "/notes", &format!("{cookies}; xingcun-lang=en"));
        let english = site.send(english.body(Body::empty()).unwrap());
        assert!(english.body.contains("lang=\"en\""), "{}", english.body);
        assert_eq!(english.status, 429);
        let form = site.post("/notes", &cookies, &fields);
        assert_eq!((form.status, form.hidden("text")), (429, "写了很久"));
        assert!(!form.header("retry-after").is_empty());
        let command = browser("POST", "/api/v1/commands/note.write", &cookies)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/json");
        let command = site.send(command.body(Body::from("{}")).unwrap());
        assert_eq!(command.status, 429);
        assert!(command.body.contains("too-fast"), "{}", command.body);
        assert!(!command.header("retry-after").is_empty());
        // Others are not held up, and patience helps.
        assert_eq!(site.get("/sign-in", "").status, 200);
        app.clock.advance(6_000);
        assert_eq!(site.get("/notes", &cookies).status, 200);
    });
}

#[test]
fn an_address_is_what_the_proxy_says_and_only_behind_one() {
    test(|app, scene| {
        let get = |site: &TestSite, forwarded: &str| {
            let request = browser("GET", "/contact", "").header("x-forwarded-for", forwarded);
            let mut request = request.body(Body::empty()).unwrap();
            let peer = super::from::Peer([127, 0, 0, 1].into());
            request.extensions_mut().insert(peer);
            site.send(request)
        };
        let site = limited(app, scene, 1, true);
        // Half of fifty times one a minute at once.
        for _ in 0..25 {
            assert_eq!(get(&site, "203.0.113.9").status, 200);
        }
        let refused = get(&site, "6.6.6.6, 203.0.113.9");
        assert_eq!(refused.status, 429, "what stands before is invented");
        assert!(!refused.header("retry-after").is_empty());
        assert_eq!(get(&site, "203.0.113.10").status, 200);
        assert_eq!(site.get("/health", "").status, 200);
        // Without a proxy, the header is anybody's word.
        let site = limited(app, scene, 1, false);
        for last in 0..25 {
            assert_eq!(get(&site, &format!("203.0.113.{last}")).status, 200);
        }
        assert_eq!(get(&site, "203.0.113.99").status, 429);
    });
}

#[test]
fn guesses_from_one_address_are_stopped_whatever_the_names() {
    test(|app, scene| {
        let mut setup = TestSite::setup(app, vec![feature_web()], Vec::new());
        setup.profile.address_failures = 3;
        setup.behind_proxy = true;
        let site = TestSite::of(crate::Web::new(setup).unwrap());
        let guess = |name: &str, from: &str| {
            let request = browser("POST", "/sign-in", "")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header("sec-fetch-site", "same-origin")
                .header("x-forwarded-for", from);
            let body = Body::from(format!("name={name}&password=wrong"));
            site.send(request.body(body).unwrap())
        };
        let _ = scene;
        for name in ["a.a", "b.b", "c.c"] {
            assert_eq!(guess(name, "203.0.113.9").status, 422);
        }
        let stopped = guess("d.d", "203.0.113.9");
        assert_eq!(
            (stopped.status, stopped.header("retry-after")),
            (429, "300")
        );
        assert_eq!(guess("d.d", "203.0.113.10").status, 422);
    });
}

#[test]
fn a_one_time_token_sets_a_password_once_and_the_sign_in_page_says_so() {
    test(|app, scene| {
        let site = &scene.site;
        let entry = site.get("/sign-in", "").body;
        assert!(entry.contains("href=\"/set-password\""), "{entry}");
        let token = access::SetupToken::new([78; 32]);
        let (issued, tenant, account) = (token.clone(), app.tenant, scene.clerk);
        let now = app.app.session_clock().now();
        let issue = app.app.store().write(move |c| {
            let profile = &access::Profile::MODERN;
            access::setup_token::issue(c, tenant, account, &issued, now, profile)
        });
        issue.wait().unwrap();
        let token = token.expose();
        let fields = [
            ("token", token.as_str()),
            ("password", "柳树 湾里 有 九只 白鹅"),
        ];
        let set = site.post("/set-password", "", &fields);
        assert_eq!(
            (set.status, set.header("location")),
            (303, "/sign-in?set=1")
        );
        let told = site.get(set.header("location"), "").body;
        assert!(told.contains("密码已设置"), "{told}");
        // A second time the token is of no use: said at its field, and not of a session.
        let twice = site.post("/set-password", "", &fields);
        assert_eq!(twice.status, 422);
        assert!(
            twice.body.contains("id=\"f-token-error\""),
            "{}",
            twice.body
        );
        assert!(twice.body.contains("已用过") && !twice.body.contains("登录已经失效"));
    });
}

#[test]
fn the_password_is_asked_within_the_form_where_it_must_be_fresh() {
    test(|app, scene| {
        let cookies = scene.site.sign_in(scene.clerk);
        app.clock.advance(11 * 60_000);
        let page = scene.site.get("/notes", &cookies);
        let mut fields = typed(&page, "重要");
        fields.push(("careful", "yes"));
        let asked = scene.site.post("/notes/careful", &cookies, &fields);
        assert_eq!(asked.status, 403, "{}", asked.body);
        assert!(asked.body.contains("prove_password"), "{}", asked.body);
        assert_eq!(asked.hidden("text"), "重要");
        fields.push(("prove_password", "wrong"));
        let wrong = scene.site.post("/notes/careful", &cookies, &fields);
        assert!(wrong.body.contains("prove_password"));
        assert_eq!(wrong.hidden("text"), "重要");
        assert!(
            !wrong.body.contains("value=\"wrong\""),
            "a password is never sent back"
        );
    });
}

#[test]
fn every_answer_has_the_security_headers() {
    test(|_, scene| {
        let cookies = scene.site.sign_in(scene.clerk);
        for path in [
            "/",
            "/notes",
            "/nowhere",
            "/sign-in",
            "/contact",
            "/health",
            "/api/v1/openapi.json",
        ] {
            let answer = scene.site.get(path, &cookies);
            let policy = answer.header("content-security-policy");
            assert!(policy.contains("default-src 'self'"), "{path}");
            assert!(
                !policy.contains("unsafe") && !policy.contains("data:"),
                "{path}"
            );
            assert!(policy.contains("frame-ancestors 'none'"), "{path}");
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("x-frame-options", "DENY"),
                ("referrer-policy", "same-origin"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
                ("cache-control", "no-store"),
            ] {
                assert_eq!(answer.header(name), value, "{path} {name}");
            }
            assert!(!answer.header("x-request-id").is_empty(), "{path}");
        }
        let asset = scene.site.get(&crate::asset("css/site.css"), "");
        assert_eq!(
            asset.header("cache-control"),
            "public, max-age=31536000, immutable"
        );
        assert_eq!(scene.site.get("/nowhere", &cookies).status, 404);
    });
}

#[test]
fn a_command_by_the_api_is_the_same_command() {
    test(|app, scene| {
        let cookies = scene.site.sign_in(scene.clerk);
        let token = cookies.split('=').nth(1).unwrap().to_owned();
        let send = |name: &str, body: &str, bearer: Option<&str>| {
            let mut request = Request::builder()
                .method("POST")
                .uri(format!("/api/v1/commands/{name}"))
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::ACCEPT_LANGUAGE, "en");
            if let Some(bearer) = bearer {
                request = request.header(header::AUTHORIZATION, format!("Bearer {bearer}"));
            }
            scene
                .site
                .send(request.body(Body::from(body.to_owned())).unwrap())
        };
        let id = app.command_id();
        let body = format!(r#"{{"id":"{id}","body":{{"text":"api"}}}}"#);
        assert_eq!(send("note.write", &body, None).status, 401);
        let first = send("note.write", &body, Some(&token));
        assert_eq!(first.status, 200, "{}", first.body);
        assert!(first.body.contains(r#""repeated":false"#));
        assert!(
            send("note.write", &body, Some(&token))
                .body
                .contains(r#""repeated":true"#)
        );
        let other = format!(r#"{{"id":"{id}","body":{{"text":"other"}}}}"#);
        assert_eq!(send("note.write", &other, Some(&token)).status, 409);
        let long = format!(
            r#"{{"id":"{}","body":{{"text":"much too long a text"}}}}"#,
            app.command_id()
        );
        let refused = send("note.write", &long, Some(&token));
        assert_eq!(refused.status, 422);
        assert!(
            refused.body.contains(r#""code":"too-long""#),
            "{}",
            refused.body
        );
        assert!(refused.body.contains(r#""kind":"invalid""#));
        assert_eq!(send("note.burn", &long, Some(&token)).status, 404);
        let plain = browser("POST", "/api/v1/commands/note.write", &cookies)
            .header(header::CONTENT_TYPE, "text/plain")
            .body(Body::from(body.clone()))
            .unwrap();
        let foreign = scene.site.send(plain);
        assert_eq!(foreign.status, 415, "what a foreign form can send");
        assert!(foreign.body.contains("api-not-json"), "{}", foreign.body);
    });
}

#[test]
fn a_file_is_stored_before_the_form_names_it() {
    test(|app, scene| {
        let cookies = scene.site.sign_in(scene.clerk);
        let upload = |name: &str, content: &[u8], cookies: &str| {
            let mut body = format!(
                "--b\r\nContent-Disposition: form-data; name=\"proof\"; filename=\"{name}\"\r\n\
                 Content-Type: image/png\r\n\r\n"
            )
            .into_bytes();
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n--b--\r\n");
            let request = browser("POST", "/uploads", cookies)
                .header("sec-fetch-site", "same-origin")
                .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
                .body(Body::from(body))
                .unwrap();
            scene.site.send(request)
        };
        let answer = upload("名册.pdf", b"%PDF-1.7 startxref 9 %%EOF", &cookies);
        assert_eq!(answer.status, 200, "{}", answer.body);
        let stored: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(
            stored[0]["media_type"], "application/pdf",
            "judged by content"
        );
        let file =
            crate::PostedFile::of_reference(stored[0]["reference"].as_str().unwrap()).unwrap();
        assert!(app.app.files().holds(file.hash));
        assert_eq!(file.size_bytes, 26);
        assert_eq!(upload("a.pdf", b"%PDF-1.7\n", &cookies).status, 422);
        let damaged = upload("a.png", b"\x88PNG\r\n\x1a\n", &cookies);
        assert!(damaged.body.contains("开头不是"), "{}", damaged.body);
        assert_eq!(upload("a.pdf", b"<html><script>", &cookies).status, 422);
        assert_eq!(upload("a.pdf", b"%PDF-1.7", "").status, 401);
        let large = vec![b'x'; 20 * 1024 * 1024 + 10];
        let mut pdf = b"%PDF-1.7".to_vec();
        pdf.extend_from_slice(&large);
        assert_eq!(upload("big.pdf", &pdf, &cookies).status, 422);
    });
}

#[test]
fn settings_and_language_are_kept_without_scripts() {
    test(|_, scene| {
        let fields = [
            ("theme", "dark"),
            ("text", "largest"),
            ("lang", "en"),
            ("back", "/contact"),
        ];
        let answer = scene.site.post("/settings/display", "", &fields);
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, "/contact")
        );
        let page = scene.site.get("/contact", &answer.cookies());
        for part in [
            "lang=\"en\"",
            "data-theme=\"dark\"",
            "data-text=\"largest\"",
            "Sign in",
        ] {
            assert!(page.body.contains(part), "{part}");
        }
        let odd = scene
            .site
            .post("/settings/display", "", &[("theme", "\" onload=x")]);
        assert!(odd.cookies().ends_with("theme="), "{}", odd.cookies());
    });
}

#[test]
fn what_is_shown_in_answer_to_a_form_leads_back_to_its_page() {
    test(|_, scene| {
        let cookies = scene.site.sign_in(scene.clerk);
        let page = scene.site.get("/notes", &cookies);
        let back = |path: &str, sender: &str| {
            let fields = format!(
                "csrf={}&command_id={}&text=0123456789ab",
                page.hidden("csrf"),
                page.hidden("command_id")
            );
            let request = browser("POST", path, &cookies)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header("sec-fetch-site", "same-origin")
                .header(header::REFERER, sender)
                .body(Body::from(fields))
                .unwrap();
            let answer = scene.site.send(request);
            assert_ne!(answer.status, 303);
            let mark = "name=\"back\" value=\"";
            let from = answer.body.find(mark).unwrap() + mark.len();
            answer.body[from..].split('"').next().unwrap().to_owned()
        };
        // Nothing can be opened where a form is sent to.
        assert_eq!(scene.site.get("/notes/careful", &cookies).status, 405);
        for (path, sender, expected) in [
            ("/notes/careful", "", "/notes"),
            ("/notes/careful", "http://127.0.0.1/notes/careful", "/notes"),
            ("/notes/careful", "http://127.0.0.1/notes?q=1", "/notes?q=1"),
            ("/notes/careful", "http://evil.cn/notes?q=1", "/notes"),
            ("/notes", "http://127.0.0.1/nothing", "/notes"),
        ] {
            assert_eq!(back(path, sender), expected, "{path} from {sender}");
        }
    });
}

#[test]
fn a_program_reads_and_is_told_what_is_wrong_in_its_own_way() {
    test(|_, scene| {
        let cookies = scene.site.sign_in(scene.clerk);
        let page = scene.site.get("/notes", &cookies);
        scene.site.post("/notes", &cookies, &typed(&page, "便条"));
        let read = scene.site.get("/api/v1/notes/0", &cookies);
        assert_eq!(
            (read.status, read.body.as_str()),
            (200, "{\"text\":\"便条\"}")
        );
        assert_eq!(read.header("content-type"), "application/json");
        for (path, cookies, status, kind) in [
            ("/api/v1/notes/1", &*cookies, 404, "not_found"),
            ("/api/v1/notes/x", &*cookies, 404, "not_found"),
            ("/api/v1/notes/0", "", 401, "denied"),
            (
                "/api/v1/notes/0",
                &*scene.site.sign_in(scene.villager),
                403,
                "denied",
            ),
        ] {
            let refused = scene.site.get(path, cookies);
            assert_eq!(refused.status, status, "{path} {}", refused.body);
            let told: serde_json::Value = serde_json::from_str(&refused.body).unwrap();
            assert_eq!(told["kind"], kind, "{path}");
        }
    });
}

#[test]
fn the_document_of_the_api_is_the_committed_one() {
    test(|_, scene| {
        let document = scene.site.get("/api/v1/openapi.json", "").body;
        let value: serde_json::Value = serde_json::from_str(&document).unwrap();
        assert!(value["paths"]["/api/v1/commands/note.write"]["post"].is_object());
        assert!(value["components"]["schemas"]["Refused"].is_object());
        // `XINGCUN_REGENERATE=1 cargo test -p web` writes it anew.
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/http/tests/openapi.json");
        if std::env::var("XINGCUN_REGENERATE").is_ok() {
            std::fs::write(path, &document).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap();
        assert_eq!(
            document, committed,
            "regenerate {path} and look at the difference"
        );
    });
}

#[test]
fn the_matrix_lists_every_route_with_its_policy() {
    let mut routes = crate::own_routes();
    routes.extend(feature_web().routes);
    assert_eq!(
        crate::matrix(&routes),
        "GET /\tsigned-in\n\
         GET /api/v1/notes/{number}\tregistry.read anywhere\n\
         GET /contact\tpublic\n\
         GET /notes\tregistry.read anywhere\n\
         GET /notes/broken\tsigned-in\n\
         POST /notes\tregistry.edit anywhere\tnote.write\n\
         POST /notes/careful\tregistry.edit anywhere\tnote.write_carefully\n"
    );
}

#[test]
fn a_handler_that_panics_is_an_error_page_and_the_server_goes_on() {
    test(|_, scene| {
        let cookies = scene.site.sign_in(scene.clerk);
        let broken = scene.site.get("/notes/broken", &cookies);
        assert_eq!(broken.status, 500);
        assert!(
            broken.body.contains(broken.header("x-request-id")),
            "the page shows the trace"
        );
        assert_eq!(scene.site.get("/notes", &cookies).status, 200);
    });
}

#[test]
#[ignore = "serves the notes until it is stopped, to look at them in a browser"]
fn serve_for_looking() {
    test(|_, scene| {
        println!("http://{}/", scene.site.serve());
        std::thread::sleep(std::time::Duration::from_hours(1));
    });
}

/// A file in a form, as a browser sends it.
fn with_file(path: &str, cookies: &str, text: &str, content: &[u8]) -> Request<Body> {
    let mut body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n{text}\r\n\
         --b\r\nContent-Disposition: form-data; name=\"proof\"; filename=\"a.pdf\"\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(content);
    body.extend_from_slice(b"\r\n--b--\r\n");
    browser("POST", path, cookies)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
        .body(Body::from(body))
        .unwrap()
}

#[test]
fn strangers_fill_no_disk() {
    test(|app, scene| {
        let content = b"%PDF-1.7 of a stranger startxref 9 %%EOF";
        let files = app.app.files();
        let (hash, _) = files.put(&mut &content[..], 100, [7; 32]).unwrap();
        let any_time = kernel::Instant(i64::MAX / 2);
        assert!(files.remove_stored_before(hash, any_time).unwrap());
        for path in [
            "/notes",
            "/sign-in",
            "/demo/sign-in",
            "/set-password",
            "/prove",
            "/settings/display",
            "/uploads",
        ] {
            for cookies in ["", "session=1.bm90aGluZw"] {
                let answer = scene
                    .site
                    .send(with_file(path, cookies, "写了很久", content));
                assert!(!files.holds(hash), "{path}: {}", answer.status);
            }
        }
        // What was typed is not lost with the session: only the file is chosen again.
        let kept = scene
            .site
            .send(with_file("/notes", "", "写了很久", content));
        assert_eq!(kept.hidden("text"), "写了很久", "{}", kept.body);
        let cookies = scene.site.sign_in(scene.clerk);
        scene.site.send(with_file("/notes", &cookies, "", content));
        assert!(files.holds(hash), "of somebody who is known it is stored");
    });
}

#[test]
fn what_one_account_brings_in_a_day_has_a_limit_in_forms_too() {
    test(|app, scene| {
        let (cookies, other) = (
            scene.site.sign_in(scene.clerk),
            scene.site.sign_in(scene.villager),
        );
        let brought = app::upload::Upload {
            size_bytes: app::upload_part::DAY_BYTES_MAX - 1,
            media_type: "application/pdf".to_owned(),
        };
        let file = app
            .app
            .files()
            .put(&mut &b"%PDF-1.7 a startxref 9 %%EOF"[..], 100, [7; 32]);
        let kept = vec![(file.unwrap().0, brought)];
        let keep = app.app.keep_uploads(app.tenant, scene.clerk, kept);
        keep.wait().unwrap();
        let send = |cookies: &str, content: &[u8]| {
            let form = with_file("/uploads", cookies, "", content);
            let answer = scene.site.send(form);
            (answer.status, answer.body)
        };
        assert_eq!(
            send(&cookies, b"%PDF-1.7 b startxref 9 %%EOF").0,
            200,
            "one byte is left"
        );
        let (status, told) = send(&cookies, b"%PDF-1.7 c startxref 9 %%EOF");
        assert_eq!(status, 422);
        assert!(told.contains("1 GB"), "{told}");
        assert_eq!(
            send(&other, b"%PDF-1.7 c startxref 9 %%EOF").0,
            200,
            "of somebody else"
        );
    });
}

#[test]
fn signing_out_ends_the_session_whatever_page_it_was_pressed_on() {
    test(|_, scene| {
        let cookies = scene.site.sign_in(scene.clerk);
        assert_eq!(scene.site.get("/notes", &cookies).status, 200);
        let fields = [("csrf", "of an earlier page")];
        assert_eq!(scene.site.post("/sign-out", &cookies, &fields).status, 303);
        assert_ne!(scene.site.get("/notes", &cookies).status, 200);
    });
}
