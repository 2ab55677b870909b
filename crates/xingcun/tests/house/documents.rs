//! Documents that are made from the program: the interface for other programs, and the moves of
//! sections and rounds.

use std::fmt::{Display, Write};

use assessment::transition::{
    APPEAL_TRANSITIONS, EVENT_TRANSITIONS, Guard, ROUND_TRANSITIONS, SECTION_TRANSITIONS,
    Transition,
};
use xingcun::house;

#[test]
fn golden_openapi() {
    let features = || house::features(true).into_iter().skip(1).collect();
    app::testing::each(features, |test| {
        let routes: Vec<_> = house::webs()
            .into_iter()
            .flat_map(|web| web.routes)
            .collect();
        crate::golden::check("docs/openapi.json", &web::openapi(&test.app, &routes));
    });
}

#[test]
fn golden_transitions() {
    let mut text = String::from(
        "# Moves of sections, rounds, appeals and events\n\n\
         Made from the program's own tables by `cargo xtask regenerate`; what is not listed here is \
         refused.\n\n## A section of a village\n\n",
    );
    table(&mut text, SECTION_TRANSITIONS);
    text.push_str(
        "\nA figure of the record that changes while nobody has verified its section leaves the \
         section where it stands and moves its revision: whoever saw the figure before looks again.\n",
    );
    text.push_str("\n## A round\n\n");
    table(&mut text, ROUND_TRANSITIONS);
    text.push_str("\n## An appeal\n\n");
    table(&mut text, APPEAL_TRANSITIONS);
    text.push_str("\n## A bonus or penalty event\n\n");
    table(&mut text, EVENT_TRANSITIONS);
    text.push_str("\n## What must hold\n\n");
    for guard in Guard::ALL {
        writeln!(text, "- `{guard}`: {}", meaning(*guard)).unwrap();
    }
    crate::golden::check("docs/transitions.md", &text);
}

fn table<S: Display + 'static, A: Display + 'static>(text: &mut String, rows: &[Transition<S, A>]) {
    text.push_str("| act | from | to | right | what must hold |\n|---|---|---|---|---|\n");
    for row in rows {
        let guards: Vec<String> = row
            .guards
            .iter()
            .map(|guard| format!("`{guard}`"))
            .collect();
        let guards = guards.join(", ");
        let (act, from, to, action) = (&row.act, &row.from, &row.to, row.action);
        writeln!(text, "| {act} | {from} | {to} | `{action}` | {guards} |").unwrap();
    }
}

fn meaning(guard: Guard) -> &'static str {
    match guard {
        Guard::RoundIsOpen => "the round is open",
        Guard::InTime => "the last day of the step, or the due day of a return, has not passed",
        Guard::SeparateHands => {
            "a natural person does at most one of declaring, verifying and reviewing a section"
        }
        Guard::Complete => {
            "every question has a value or a reason why there is none, and the evidence asked for"
        }
        Guard::ReasonForChange => {
            "whatever differs from the value before has a reason that the village sees"
        }
        Guard::ReasonGiven => "a reason is given",
        Guard::DueDay => {
            "a due day is given, not in the past and not after the last day of the step that gives it"
        }
        Guard::ReturnsLeft => "the section was not returned too often",
        Guard::EverythingReviewed => "every section of every village is reviewed",
        Guard::TermOver => "24:00 of the last day of the posting has passed",
        Guard::NothingDisputed => {
            "nobody disputes a figure of the round, and what was found wrong is corrected"
        }
        Guard::NothingAppealed => "every appeal is decided",
        Guard::FoundWrong => "a dispute or an appeal found the value wrong",
        Guard::PostingRuns => "the posting runs for this village",
        Guard::MovedOnly => "after a correction only what moved may be appealed again",
        Guard::Uninvolved => {
            "whoever decides neither declared, verified, reviewed nor appealed, nor did so for another"
        }
        Guard::CorrectionGiven => {
            "the corrected values are given, believable, and differ from those that count"
        }
        Guard::NothingContested => {
            "every objection to an event that counts in the round is decided"
        }
        Guard::KnownSituation => {
            "the situation is one of a scheme of the village, and of the kind named"
        }
        Guard::Happened => "the day of the event is not in the future",
        Guard::EvidenceGiven => "at least one file shows it",
        Guard::OtherHands => {
            "whoever names an event or objects, whoever verifies it and whoever decides are different people"
        }
        Guard::FaultFound => {
            "of a penalty: the fault was found to be the village's; a complaint is not enough"
        }
        Guard::OwnEvent => "the acting person named it",
        Guard::OfPenalty => "it is a penalty",
        Guard::OfBonus => "it is a bonus",
        Guard::ContestedOnce => "the village has not objected to it before",
        Guard::RoundNotFinal => "no round in which it counts is final",
    }
}

/// The journal's page says in words what was done; a command without them would stand there as
/// its code.
#[test]
fn every_command_is_told_in_words_in_both_languages() {
    let files: Vec<_> = house::webs().iter().map(|web| web.locales).collect();
    let catalogue = web::Catalogue::new(&files).unwrap();
    let mut silent = Vec::new();
    for language in web::Language::ALL {
        let l = catalogue.locale(language);
        for feature in house::features(true) {
            let names = feature.commands.iter().map(|command| command.name);
            silent.extend(names.filter(|name| l.deed(name) == *name));
        }
    }
    assert!(silent.is_empty(), "no words for {silent:?}");
}

/// A setting that no guide names is a setting that nobody finds.
#[test]
fn both_guides_of_the_operator_name_every_setting() {
    let config = xingcun::folder::Config {
        backup_recipients: vec!["age1".to_owned()],
        demonstration: true,
        ..xingcun::folder::Config::default()
    };
    let settings = serde_json::to_value(config).unwrap();
    let names: Vec<&String> = settings.as_object().unwrap().keys().collect();
    assert!(names.len() >= 14, "{names:?}");
    for guide in ["zh", "en"] {
        let path = format!(
            "{}/../../docs/operator/{guide}.md",
            env!("CARGO_MANIFEST_DIR")
        );
        let text = std::fs::read_to_string(path).unwrap();
        for name in &names {
            assert!(text.contains(&format!("`{name}`")), "{guide}: {name}");
        }
    }
}
