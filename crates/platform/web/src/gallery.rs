//! Every component on one page: proves that the macros compile, render and keep the rules.

use askama::Template;
use kernel::Finding;

use crate::{
    Attempt, Choice, ContextBar, Form, FormStart, Head, Known, Link, Locale, Page, Pager, Params,
    Samples, SortHead, Sorting, Stat, Step, StepState, Task, TaskGroup, TaskState, TrailEntry,
    TrailState,
};

#[derive(Template)]
#[template(path = "gallery.html")]
struct Gallery {
    l: Locale,
    attempt: Attempt,
    form: FormStart,
    steps: Vec<Step>,
    stats: Vec<Stat>,
    known: Known,
    groups: Vec<TaskGroup>,
    trail: Vec<TrailEntry>,
    choices: Vec<Choice>,
    pager: Pager,
    sort: SortHead,
    findings: Vec<Finding>,
}

impl Page for Gallery {
    fn head(&self) -> Head {
        let links = |labels: [&str; 2]| labels.iter().map(|label| Link::to("/x", *label)).collect();
        Head::new(self.l.text("product")).bar(ContextBar {
            places: links(["清河镇 柳湾村", "清河镇"]),
            periods: links(["2026 年第三季度", "2026 年第二季度"]),
        })
    }

    fn samples(l: &Locale) -> Samples<Gallery> {
        Samples {
            ordinary: gallery(l, "柳湾村", Attempt::default()),
            longest: gallery(
                l,
                "双江拉祜族佤族布朗族傣族自治县勐勐镇忙乐村",
                Attempt::default(),
            ),
            empty: None,
            with_error: Some(gallery(l, "柳湾村", refused())),
        }
    }
}

fn refused() -> Attempt {
    let file = crate::PostedFile {
        key: None,
        hash: app::FileHash([7; 32]),
        name: "三季度分红名册.pdf".to_owned(),
        media_type: "application/pdf",
        size_bytes: 292_864,
    };
    Attempt {
        form: Form::new(
            vec![("households".into(), "约74".into())],
            vec![("proof".into(), file)],
        ),
        findings: vec![
            Finding::error("not-found")
                .arg("kind", "village")
                .field("households"),
            Finding::error("store-busy").field("proof"),
            Finding::error("store-busy").at(kernel::FindingPlace::Cell {
                sheet: "Sheet1".into(),
                column: 4,
                row: 17,
            }),
        ],
        sent: true,
    }
}

fn gallery(l: &Locale, village: &str, attempt: Attempt) -> Gallery {
    let params = Params::new(Vec::new(), vec![("page".into(), "2".into())]);
    let step = |label: &str, note: &str, state, percent| Step {
        label: label.to_owned(),
        note: note.to_owned(),
        state,
        percent,
    };
    let task = |title: &str, state, current| Task {
        title: title.to_owned(),
        href: "/x".to_owned(),
        state,
        word: "…".to_owned(),
        current,
    };
    let entry = |who: &str, why: &str, state| TrailEntry {
        time: l.minute(kernel::Instant(1_791_940_800_000)),
        machine_time: "2026-10-14T09:20".to_owned(),
        who: who.to_owned(),
        what: village.to_owned(),
        why: why.to_owned(),
        state,
    };
    Gallery {
        form: crate::testing::public_context(l.clone()).form(),
        steps: vec![
            step("A", "370 / 370", StepState::Done, None),
            step("B", "208 / 370", StepState::Now, Some(56)),
            step("C", "2026-10-25", StepState::Next, None),
        ],
        stats: vec![
            Stat {
                label: "A".into(),
                value: "89.3".into(),
                note: village.into(),
                ..Stat::default()
            },
            Stat {
                label: "B".into(),
                value: "333".into(),
                href: "/x".into(),
                percent: Some(90),
                ..Stat::default()
            },
        ],
        known: Known {
            value: "38.62".into(),
            unit: "万元".into(),
            source: "三资台账 2026 年 1–9 月到账".into(),
            time: "2026-09-30".into(),
        },
        groups: vec![TaskGroup {
            title: "共富指数".into(),
            done: 6,
            total: 10,
            tasks: vec![
                task("集体经济收入情况", TaskState::Known, false),
                task("领办合作社情况", TaskState::Bad, true),
                task("农民增收渠道情况", TaskState::ToDo, false),
                task("人才返乡情况", TaskState::Done, false),
            ],
        }],
        trail: vec![
            entry("陈国平", "", TrailState::Done),
            entry("李静", "凭证缺页", TrailState::Refused),
            entry("王芳", "", TrailState::Pending),
        ],
        choices: vec![
            Choice::new("yes", "正常运行"),
            Choice::new("no", "停滞整改"),
        ],
        pager: Pager::new(&params, 370, 12),
        sort: Sorting::of(&params, &["score"]).head(&params, "score"),
        findings: vec![Finding::error("store-busy")],
        attempt,
        l: l.clone(),
    }
}

fn feature() -> crate::FeatureWeb {
    let mut routes = crate::testing::showroom::own_samples();
    routes.push(crate::testing::showroom::sampled::<Gallery>("/gallery"));
    crate::FeatureWeb {
        name: "web",
        locales: crate::locales(),
        routes,
    }
}

#[test]
fn every_component_keeps_the_rules_in_both_languages() {
    let documents = crate::testing::render_all(&[feature()]);
    // Both languages × (contact, gallery, set-password, activate: three states; the others:
    // four).
    assert_eq!(documents.len(), 2 * (4 * 3 + 4 * 4));
    // `XINGCUN_PAGES=DIR cargo test -p web` keeps the pages for looking at.
    if let Ok(folder) = std::env::var("XINGCUN_PAGES") {
        for (name, language, html) in documents {
            let name = name.replace(['/', ' ', '(', ')'], "_");
            std::fs::write(format!("{folder}/{name}.{}.html", language.tag()), html).unwrap();
        }
    }
}
