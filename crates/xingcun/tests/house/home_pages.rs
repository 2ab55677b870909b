//! What home pages say to whom: the first steps of a fresh county, what is late in a round, what
//! may be followed.

use std::sync::Arc;

use access::{AccountId, Role};
use app::demo_clock::AdvanceClock;
use app::{SystemClock, SystemEntropy};
use registry::place_end::EndPlace;
use web::testing::TestSite;
use web::{DemoAccount, DemoSite};
use xingcun::folder::Config;
use xingcun::{serve, setup};

use crate::demonstration::{Demonstrated, TENANT};

/// The site with one-click sign-in for some accounts.
fn site(app: &app::App, config: &Config, accounts: &[AccountId]) -> TestSite {
    let account = |account: &AccountId| DemoAccount {
        account: *account,
        name: String::new(),
        role: Role::Villager,
        place: String::new(),
    };
    let demo = DemoSite {
        accounts: accounts.iter().map(account).collect(),
        ..DemoSite::default()
    };
    TestSite::of(serve::web(app, config, false, Some(demo)).unwrap())
}

#[test]
fn a_fresh_county_says_who_does_what_first() {
    let folder = std::env::temp_dir().join(format!("xingcun-first-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    // One-click sign-in is a demonstration's; nothing else of one is here.
    let config = Config {
        demonstration: true,
        ..Config::default()
    };
    let (app, _, administrators, _lock) = setup::prepare(
        &folder,
        &config,
        Arc::new(SystemClock),
        Arc::new(SystemEntropy),
    )
    .unwrap();
    let three = [
        administrators.system,
        administrators.security,
        administrators.audit,
    ];
    let site = site(&app, &config, &three);
    for account in three {
        let home = site.get("/", &site.sign_in(account)).body;
        for step in ["安全管理员：", "系统管理员：", "县委组织部经办："] {
            assert!(home.contains(step), "{step}: {home}");
        }
    }
    app.store().close();
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn what_is_late_stands_on_the_clerks_home_and_on_the_rounds_page() {
    let demonstrated = Demonstrated::on_sqlite();
    let open = &demonstrated.open;
    let clerk = demonstrated.account("li.jing");
    let site =
        TestSite::of(serve::web(&open.app, &open.config, false, Some(open.site.clone())).unwrap());
    let cookies = site.sign_in(clerk);
    let home = site.get("/", &cookies).body;
    assert!(
        !home.contains("开始使用") && !home.contains("到期没有"),
        "{home}"
    );
    let working_days = 15;
    let command = AdvanceClock { working_days };
    demonstrated.act(demonstrated.account("system-admin"), &command);
    let home = site.get("/", &cookies).body;
    for late in ["到期没有申报", "到期没有核查", "到期没有审核"] {
        assert!(home.contains(late), "{late}: {home}");
    }
    let link = home
        .split("href=\"")
        .find(|part| part.starts_with("/rounds/"));
    let link = link.and_then(|part| part.split('"').next()).unwrap();
    let page = site.get(link, &cookies).body;
    for said in ["由村党组织书记办理", "已过期限", "由县委组织部经办计算结果"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
}

#[test]
fn every_role_of_the_demonstration_finds_something_on_its_home_page() {
    let demonstrated = Demonstrated::on_sqlite();
    let open = &demonstrated.open;
    let site =
        TestSite::of(serve::web(&open.app, &open.config, false, Some(open.site.clone())).unwrap());
    let granted: Vec<Role> = open.site.accounts.iter().map(|known| known.role).collect();
    for role in Role::ALL.iter().filter(|role| role.can_be_granted()) {
        assert!(
            granted.contains(role),
            "nobody signs in as {role} by one click"
        );
    }
    assert_eq!(open.site.further.len(), 11, "the other villages");
    for known in open.site.accounts.iter().chain(&open.site.further) {
        let home = site.get("/", &site.sign_in(known.account));
        assert_eq!(home.status, 200);
        let is_apart = matches!(
            known.role,
            Role::SystemAdmin | Role::SecurityAdmin | Role::AuditAdmin
        );
        assert!(is_apart || home.body.contains("考核进展"), "{}", known.name);
        assert!(
            !is_apart || home.body.contains("日常管理"),
            "{}",
            known.name
        );
    }
}

/// Somebody must be able to declare and appeal for a village until its round is final.
#[test]
fn a_village_of_an_unfinished_round_does_not_cease() {
    let demonstrated = Demonstrated::on_sqlite();
    let app = &demonstrated.open.app;
    let village = app.store().read(|c| {
        let code = "379901100201".parse().unwrap();
        directory::place::by_code(c, TENANT, code)
    });
    let village = village.wait().unwrap().unwrap().place;
    // Said before the form is filled in, with the period in words, and once.
    let web = serve::web(
        app,
        &demonstrated.open.config,
        false,
        Some(demonstrated.open.site.clone()),
    );
    let site = TestSite::of(web.unwrap());
    let cookies = site.sign_in(demonstrated.account("li.jing"));
    for address in ["end", "merge"] {
        let page = site.get(&format!("/places/{village}/{address}"), &cookies);
        assert!(page.body.contains("2026 年第三季度的考核"), "{}", page.body);
        assert_eq!(page.body.matches("最终结果还没有确定").count(), 1);
        assert!(!page.body.contains("name=\"reason\""), "{address}");
    }
    let command = EndPlace {
        place: village,
        day: None,
        reason: "撤并".to_owned(),
        document: "试验文件".to_owned(),
        fates: Vec::new(),
    };
    let refusal = demonstrated
        .tried(demonstrated.account("li.jing"), &command)
        .unwrap_err();
    assert_eq!(refusal.findings[0].code, "place-in-unfinished-round");
}
