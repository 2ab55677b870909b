//! The slice in the browser's way: pages and forms, without scripts.

use app::testing::TestApp;
use web::DemoAccount;
use web::testing::{TestAnswer, TestSite};

use crate::world::{
    CLERK, DECIDER, REVIEWER, SECTIONS, VERIFIERS, VILLAGER, VILLAGES, World, account_of, day,
    each, place, secretary_of,
};

pub fn site(app: &TestApp) -> TestSite {
    let people = [
        CLERK,
        REVIEWER,
        DECIDER,
        VILLAGER,
        VERIFIERS[0],
        VERIFIERS[1],
        91,
    ];
    let secretaries = VILLAGES.map(|(village, ..)| secretary_of(village));
    let accounts = people
        .into_iter()
        .chain(secretaries)
        .map(|person| DemoAccount {
            account: account_of(person),
            name: format!("person {person}"),
            role: access::Role::Villager,
            place: String::new(),
        });
    TestSite::new(app, vec![assessment::web()], accounts.collect())
}

/// Fills in the first form of a page and sends it; `fields` go after the page's own hidden ones.
pub fn send(
    site: &TestSite,
    cookies: &str,
    page: &str,
    to: &str,
    fields: &[(&str, &str)],
) -> TestAnswer {
    let shown = site.get(page, cookies);
    assert_eq!(shown.status, 200, "{page}: {}", shown.body);
    let hidden = ["csrf", "command_id", "seen_revision"].map(|name| (name, shown.hidden(name)));
    let given = hidden.into_iter().filter(|(_, value)| !value.is_empty());
    let all: Vec<_> = given.chain(fields.iter().copied()).collect();
    site.post(to, cookies, &all)
}

pub fn done(answer: &TestAnswer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.header("location").to_owned()
}

pub fn see(site: &TestSite, cookies: &str, path: &str, words: &[&str]) -> TestAnswer {
    let answer = site.get(path, cookies);
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    for word in words {
        assert!(answer.body.contains(word), "{path} does not say {word}");
    }
    answer
}

fn whole(world: &World<'_>) {
    let site = site(world.app);
    let clerk = site.sign_in(account_of(CLERK));
    let county = place(1).to_string();
    let publish = "/schemes/publish";
    let nothing = send(&site, &clerk, publish, publish, &[("place", &county)]);
    assert_eq!(nothing.status, 422);
    let fields = [("place", county.as_str()), ("scheme", "demo/demo_quarter")];
    let scheme = done(&send(&site, &clerk, publish, publish, &fields));
    see(&site, &clerk, &scheme, &["堡垒指数", "默认值，由县设定"]);
    see(&site, &clerk, "/schemes", &["兴村演示季度强基振兴指数"]);
    let id = scheme
        .trim_start_matches("/schemes/")
        .split('?')
        .next()
        .unwrap();
    let fields = [
        ("scheme", id),
        ("place", county.as_str()),
        ("period", "2026-Q3"),
        ("declare_until", "2026-10-05"),
        ("verify_until", "2026-10-15"),
        ("review_until", "2026-10-25"),
        ("posting_days", "5"),
    ];
    let round = done(&send(
        &site,
        &clerk,
        "/rounds/open",
        "/rounds/open",
        &fields,
    ));
    see(&site, &clerk, "/rounds", &["2026 年第三季度", "云岭县"]);
    see(&site, &clerk, &round, &["柳湾村", "待申报", "清河镇"]);

    let secretary = site.sign_in(account_of(secretary_of(11)));
    let section = format!("{round}/villages/{}/sections/leader", place(11));
    see(&site, &secretary, "/", &["柳湾村", "头雁指数"]);
    see(
        &site,
        &secretary,
        &section,
        &[
            "系统已带入",
            "400",
            "本年已走访户数",
            "由乡镇核查时填写，村里不用填。",
            "合并计分",
        ],
    );
    let declare = format!("{section}/declare");
    let refused = send(
        &site,
        &secretary,
        &section,
        &declare,
        &[("items.households_visited.value", "约百户")],
    );
    assert_eq!(refused.status, 422);
    assert!(
        refused.body.contains("约百户") && refused.body.contains("不是数"),
        "{}",
        refused.body
    );
    let beyond = [("items.households_visited.value", "20001")];
    let refused = send(&site, &secretary, &section, &declare, &beyond);
    assert!(
        refused.body.contains("“本年已走访户数”的 20001 不在"),
        "{}",
        refused.body
    );
    let fields = [("items.households_visited.value", "１２１")];
    let back = done(&send(&site, &secretary, &section, &declare, &fields));
    assert_eq!(back, format!("{section}?done=declare"));
    see(
        &site,
        &secretary,
        &back,
        &["已提交，等镇里核查", "下一项：柳湾村"],
    );
    see(
        &site,
        &secretary,
        &section,
        &["已申报", "121", "柳湾村书记"],
    );

    let other = site.sign_in(account_of(secretary_of(12)));
    assert_eq!(site.get(&section, &other).status, 403);
    let verifier = site.sign_in(account_of(VERIFIERS[0]));
    let fields = [("reason", "请附走访台账。"), ("due", "2026-10-08")];
    done(&send(
        &site,
        &verifier,
        &section,
        &format!("{section}/return"),
        &fields,
    ));
    see(&site, &secretary, &section, &["请附走访台账。", "已退回村"]);
    let stale = see(&site, &secretary, &back, &[]);
    assert!(!stale.body.contains("已提交，等"), "no longer so");
    let fields = [("items.households_visited.value", "120")];
    done(&send(&site, &secretary, &section, &declare, &fields));
    let fields = [
        ("items.households_visited.value", "118"),
        ("items.households_visited.reason", "两户重复"),
        ("items.tasks_on_time.value", "81.5"),
    ];
    done(&send(
        &site,
        &verifier,
        &section,
        &format!("{section}/verify"),
        &fields,
    ));
    see(&site, &secretary, &section, &["118", "两户重复"]);
    let reviewer = site.sign_in(account_of(REVIEWER));
    done(&send(
        &site,
        &reviewer,
        &section,
        &format!("{section}/review"),
        &[],
    ));

    rest(world, &site, &round, &clerk);
}

/// County, village and public are told what they see of a posting and why, and how to object only
/// while that is possible.
fn told_who_sees_what(site: &TestSite, round: &str, clerk: &str) {
    let posting = format!("{round}/posting");
    let objections = ["申诉”"];
    see(site, clerk, &posting, &["全部得分和名次只有县、镇看得到"]);
    let secretary = site.sign_in(account_of(secretary_of(11)));
    let own = see(site, &secretary, &posting, &objections);
    assert!(own.body.contains("其他村只显示所在区间"));
    let sheet = format!("{round}/villages/{}", place(11));
    assert!(own.body.contains(&format!("href=\"{sheet}\"")));
    assert!(
        !own.body
            .contains(&format!("{round}/villages/{}", place(12)))
    );
    let villager = site.sign_in(account_of(VILLAGER));
    let public = see(site, &villager, &posting, &objections);
    assert!(public.body.contains("只对本村和上级公开"));
    assert!(!public.body.contains("名次</th>"));
    let seen = see(site, &villager, round, &["全部村的合计进度"]);
    assert!(!seen.body.contains("没有找到"));
}

/// Everything else by commands, then the round's own steps by their pages.
fn rest(world: &World<'_>, site: &TestSite, round: &str, clerk: &str) {
    let id = round.trim_start_matches("/rounds/").parse().unwrap();
    for (village, ..) in VILLAGES {
        for section in SECTIONS {
            if (village, section) != (11, "leader") {
                world.declare(id, village, section).unwrap();
                world.verify(id, village, section).unwrap();
                world.review(id, village, section).unwrap();
            }
        }
    }
    let act = |clerk: &str, path: &str| {
        let page = format!("{round}/{path}");
        done(&send(site, clerk, &page, &page, &[]))
    };
    let ranking = act(clerk, "compute");
    see(site, clerk, &ranking, &["柳湾村", "青石村", "已计算，数据"]);
    let posting = act(clerk, "post");
    see(
        site,
        clerk,
        &posting,
        &["2026 年 10 月 13 日", "结果校验码", "已公示，到"],
    );
    assert_eq!(site.get(&format!("{round}/declare"), clerk).status, 404);
    told_who_sees_what(site, round, clerk);
    world.app.clock.set(day("2026-10-14").start());
    // The sessions of a fortnight ago are over.
    let clerk = &site.sign_in(account_of(CLERK));
    let secretary = &site.sign_in(account_of(secretary_of(11)));
    let over = see(site, clerk, &posting, &["不再受理申诉"]);
    assert!(!over.body.contains("点“提出申诉”"));
    act(clerk, "finalise");
    see(site, clerk, round, &["已定案"]);

    let sheet = format!("{round}/villages/{}", place(11));
    see(site, secretary, &sheet, &["头雁指数", "联系走访群众"]);
    let explanation = format!("{sheet}/nodes/resident_contact");
    see(site, secretary, &explanation, &["118", "400"]);
    let lift = format!("{sheet}/lift");
    see(
        site,
        secretary,
        &lift,
        &["哪里能加分", "本年已走访户数", "118"],
    );
    compared(site, clerk, secretary, &sheet);
    let notice = format!("{sheet}/notice");
    see(
        site,
        secretary,
        &notice,
        &["得分通知", "头雁指数", "公示期已过"],
    );
    saved(site, clerk, secretary, round);
    for page in ["board", "wall"] {
        let page = format!("{round}/{page}");
        see(
            site,
            clerk,
            &page,
            &["平均分", "领先的村", "柳湾村", "清河镇"],
        );
        assert_eq!(site.get(&page, secretary).status, 403);
    }
    let seen = see(site, secretary, &ranking, &["柳湾村", "不分区间"]);
    let full = see(site, clerk, &ranking, &["柳湾村"]);
    assert_ne!(seen.body, full.body, "a village sees the others in bands");
    let other = format!("{round}/villages/{}", place(12));
    assert_eq!(site.get(&other, secretary).status, 403);
}

/// The whole round is for those who see exact ranks; the ranking is for each as the page shows it.
fn saved(site: &TestSite, clerk: &str, secretary: &str, round: &str) {
    let whole = format!("{round}/round.xlsx");
    assert_eq!(site.get(&whole, clerk).status, 200);
    assert_eq!(site.get(&whole, secretary).status, 403);
    let ranking = format!("{round}/ranking.csv");
    let all = see(site, clerk, &ranking, &["柳湾村", "青石村", "名次"]);
    let own = see(site, secretary, &ranking, &["柳湾村", "不分区间"]);
    assert!(!all.body.contains("不分区间"));
    assert_eq!(all.body.lines().count(), own.body.lines().count());
}

/// The office compares any two villages; a village is offered none but itself, and asking for
/// another shows nothing of it.
fn compared(site: &TestSite, clerk: &str, secretary: &str, sheet: &str) {
    let page = format!("{sheet}/compare");
    let other = format!("{page}?place={}", place(12));
    let all = see(site, clerk, &other, &["柳湾村", "头雁指数", "相差"]);
    assert!(all.body.contains(&format!("value=\"{}\"", place(12))));
    let own = see(site, secretary, &other, &["现在只有一期、一个村"]);
    assert!(!own.body.contains(&format!("value=\"{}\"", place(12))));
}

#[test]
fn a_quarter_is_carried_to_a_final_rank_by_pages_and_forms() {
    each(whole);
}
