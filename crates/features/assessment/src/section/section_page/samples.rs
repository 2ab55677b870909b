//! Invented sections for the samples of the page.

use web::{Attempt, Known, Locale, Task, TaskGroup, TaskState, TrailEntry};

use super::running::Running;
use super::{Mode, Question, SectionPage, ShownFile, Side};
use crate::transition::{SectionAct, SectionState};
use crate::{sample, section, view};

/// An invented page.
pub(super) fn sample_page(l: &Locale, mode: Mode, village: &str) -> SectionPage {
    let section = |title: (&str, &str), state, word: &str, current| Task {
        title: l.choose(title.0, title.1).to_owned(),
        href: "/rounds/1/villages/2/sections/3".to_owned(),
        state,
        word: l.text(word).to_string(),
        current,
    };
    let now = sample::now();
    SectionPage {
        l: l.clone(),
        address: "/rounds/1/villages/2/sections/3".to_owned(),
        round_link: "/rounds/1".to_owned(),
        round_title: sample::round_title(l),
        village: village.to_owned(),
        section_title: l.choose("共富指数", "Common prosperity").to_owned(),
        state: view::section_state(l, SectionState::Returned),
        chip: "4",
        revision: 2,
        term: l
            .text("term-declare")
            .arg("day", l.day(now.day()))
            .to_string(),
        closed: String::new(),
        back: if mode == Mode::Declare {
            let reason = "名册封面看不清，请重拍。";
            l.text("given-back")
                .arg("reason", reason)
                .arg("day", l.day(now.day()))
                .to_string()
        } else {
            String::new()
        },
        done: if mode == Mode::Read {
            l.text("done-declare")
                .arg("day", l.day(now.day()))
                .to_string()
        } else {
            String::new()
        },
        next: (mode == Mode::Read).then(|| {
            let item = l.choose("幸福指数", "Well-being");
            (
                "/rounds/1/villages/2/sections/3".to_owned(),
                l.text("next-section").arg("item", item).to_string(),
            )
        }),
        mode,
        may_return: mode == Mode::Verify,
        may_send_back: mode == Mode::Review,
        may_withdraw: false,
        sections: vec![TaskGroup {
            title: l.text("sections-title").to_string(),
            done: 2,
            total: 3,
            tasks: vec![
                section(
                    ("堡垒指数", "Fortress"),
                    TaskState::Done,
                    "section-state-submitted",
                    false,
                ),
                section(
                    ("共富指数", "Prosperity"),
                    TaskState::Bad,
                    "section-state-returned",
                    true,
                ),
                section(
                    ("幸福指数", "Well-being"),
                    TaskState::ToDo,
                    "section-state-open",
                    false,
                ),
            ],
        }],
        before: mode.adjusts().then(|| {
            (
                "/rounds/1/villages/2/sections/2".to_owned(),
                l.choose("头雁指数", "Leader").to_owned(),
            )
        }),
        after: mode.adjusts().then(|| {
            (
                "/rounds/1/villages/2/sections/4".to_owned(),
                l.choose("幸福指数", "Well-being").to_owned(),
            )
        }),
        questions: sample_questions(l, mode),
        answered: 0,
        asked: 1,
        running: Running::sample(l, mode == Mode::Declare),
        trail: sample_trail(l),
        start: sample::start(),
        start_back: sample::start(),
        start_withdraw: sample::start(),
        attempt: Attempt::default(),
    }
}

fn sample_questions(l: &Locale, mode: Mode) -> Vec<Question> {
    let now = sample::now();
    let coop = Question {
        code: "coop_share".to_owned(),
        title: l
            .choose("入社农户占比", "Households in the co-op")
            .to_owned(),
        rule: l.text("score-better-higher").to_string(),
        full: l.text("of-full").arg("full", 12).to_string(),
        unit: l.text("unit-percent").to_string(),
        is_input: mode.writes(),
        value: if mode.adjusts() {
            "41.5".to_owned()
        } else {
            String::new()
        },
        sides: if mode == Mode::Declare {
            Vec::new()
        } else {
            vec![
                Side {
                    label: l.text("side-declared").to_string(),
                    value: "41.5".to_owned(),
                    by: format!("陈国平 · {}", l.minute(now)),
                    ..Side::default()
                },
                Side {
                    label: l.text("side-verified").to_string(),
                    value: "38".to_owned(),
                    by: format!("高明 · {}", l.minute(now)),
                    why: "名册中有三户已迁出。".to_owned(),
                    changed: true,
                },
            ]
        },
        note: if mode == Mode::Declare {
            l.text("note-above")
                .arg("value", "145.5")
                .arg("total", l.choose("总户数", "Households"))
                .arg("limit", "100")
                .to_string()
        } else {
            String::new()
        },
        takes_files: mode == Mode::Declare,
        evidence_hint: l.text("evidence-optional").to_string(),
        files: vec![ShownFile {
            is_image: false,
            elsewhere: if mode.adjusts() {
                vec![
                    l.text("evidence-elsewhere")
                        .arg("period", sample::round_title(l))
                        .arg("village", sample::LONGEST_PLACE)
                        .arg("item", l.choose("入社农户占比", "Households in the co-op"))
                        .to_string(),
                ]
            } else {
                Vec::new()
            },
            name: "名册封面.jpg".to_owned(),
            size: l.size(293_000),
            href: "/rounds/1/villages/2/evidence/0".to_owned(),
            reference: "file:0:293000:image/jpeg:名册封面.jpg".to_owned(),
        }],
        ..Question::default()
    };
    let income = Question {
        code: "collective_income".to_owned(),
        title: l.choose("集体经济收入", "Collective income").to_owned(),
        rule: l.text("score-better-higher").to_string(),
        full: l.text("of-full").arg("full", 18).to_string(),
        known: Some(Known {
            value: "386200".to_owned(),
            unit: l.text("unit-yuan").to_string(),
            source: "账务".to_owned(),
            time: l.minute(now),
        }),
        dispute: "/places/2/figures/3".to_owned(),
        ..Question::default()
    };
    let inspection = Question {
        code: "living_environment".to_owned(),
        title: l
            .choose("人居环境检查得分", "Living environment inspection")
            .to_owned(),
        rule: l
            .text("rule-shared")
            .arg("item", coop.title.clone())
            .to_string(),
        town_fills: true,
        ..Question::default()
    };
    vec![income, coop, inspection]
}

fn sample_trail(l: &Locale) -> Vec<TrailEntry> {
    let event = section::SectionEvent {
        seq: 1,
        from: SectionState::Submitted,
        to: SectionState::Returned,
        act: SectionAct::Return,
        person: None,
        on_behalf_of: None,
        at: sample::now(),
        reason: Some("名册封面看不清，请重拍。".to_owned()),
        due: Some(sample::now().day()),
    };
    vec![view::trail(l, &event, "高明")]
}
