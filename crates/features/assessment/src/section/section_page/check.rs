//! The last look before a section is handed in: what will be sent, what is missing, and what it
//! would count. What was typed is kept as a draft on the way here, so that going back, another
//! language and a reload lose nothing; nothing here needs a script.

use std::collections::BTreeSet;

use access::Action;
use askama::Template;
use kernel::{Finding, FindingPlace};
use store::Connection;
use web::{
    Attempt, Context, DraftHandler, Form, FormStart, Head, Locale, Page, PageError, Params, Policy,
    Route, Samples,
};

use super::acts::Acts;
use super::questions::{links, questions};
use super::record::{self, Read};
use super::running::{self, Drafts, Running};
use super::samples::sample_page;
use super::{Mode, Question, address, answers_of, page as section_page, term, village};
use crate::scope::section_target;
use crate::section::answer::field;
use crate::section::decision::{Held, Questions, missing};
use crate::section::draft;
use crate::section::evidence::Known;
use crate::transition::SectionState;
use crate::{sample, view};

/// One item as it will be handed in.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// Its name.
    pub title: String,
    /// Its value with the unit, the reason for none, or that nothing was given.
    pub value: String,
    /// Whether the record holds it, so that nothing was typed.
    pub known: bool,
    /// The files, in words.
    pub files: String,
    /// Whether something is missing here.
    pub lacks: bool,
    /// What to look at again.
    pub note: String,
}

/// Something that is missing.
#[derive(Clone, Debug)]
pub struct Lack {
    /// Where it is given.
    pub href: String,
    /// The item's name.
    pub item: String,
    /// What is missing.
    pub text: String,
    /// What to do.
    pub remedy: String,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "section/section_page/check.html")]
pub struct CheckPage {
    l: Locale,
    address: String,
    round_title: String,
    village: String,
    section_title: String,
    term: String,
    /// Why it cannot be handed in now; empty where it can, if nothing is missing.
    closed: String,
    lacks: Vec<Lack>,
    lines: Vec<Line>,
    hidden: Vec<(String, String)>,
    revision: i64,
    start: FormStart,
    running: Running,
}

const ADDRESS: &str = "/rounds/{round}/villages/{place}/sections/{section}/check";

/// The page, and the way to it, which keeps what was typed.
pub(crate) fn routes() -> Vec<Route> {
    let policy = || Policy::On(Action::ScoreDeclare, section_target);
    vec![
        Route::page(ADDRESS, policy(), page),
        Route::draft(
            ADDRESS,
            policy(),
            DraftHandler {
                keep,
                part: running::running,
                done: |params| format!("{}/check", address(params)),
                again: section_page,
            },
        ),
    ]
}

/// A section whose values the record holds has nothing to keep.
fn keep(
    context: &Context,
    params: &Params,
    form: &Form,
    connection: &mut dyn Connection,
) -> Result<(), PageError> {
    if form.parts("items").is_empty() {
        return Ok(());
    }
    draft::keep(context, params, form, connection)
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<CheckPage, PageError> {
    let l = &context.l;
    let read = record::read(context, params, connection)?;
    let target = section_target(context, params, connection)?;
    let acts = Acts::of(context, &read, &target.resource(context.tenant));
    let links = links(context, connection, &read)?;
    let mut questions = questions(context, &read, Mode::Declare, &links);
    let drafts = running::drafts(context, connection, &read)?;
    drafts.fill(&read, &mut questions);
    let running = Running::of(l, &read, &drafts);
    running.note(&mut questions);
    let form = drafts.form(&read, &questions);
    let findings = lacking(context, &read, &drafts, &form);
    let lines = questions.iter().map(|one| line(l, one, &form, &findings));
    let lines = lines.collect();
    let attempt = Attempt {
        findings,
        ..Attempt::default()
    };
    let named = view::with_item_titles(l, read.plan.scheme(), &attempt);
    let address = address(params);
    Ok(CheckPage {
        l: l.clone(),
        round_title: read.title.clone(),
        village: village(&read.subject),
        section_title: view::section_title(l, &read.section),
        term: term(l, &read),
        closed: closed(l, &read, &acts),
        lines,
        lacks: lacks(l, &named.findings, &questions, &address),
        hidden: form.hidden().collect(),
        revision: read.now.revision,
        start: context.form(),
        running: running.leading_to(&address),
        address,
    })
}

/// Why nothing can be handed in here: it was already, or its term is over.
fn closed(l: &Locale, read: &Read, acts: &Acts) -> String {
    if acts.mode() == Mode::Declare {
        return String::new();
    }
    let state = view::section_state(l, read.now.state);
    match read.now.state {
        SectionState::Open | SectionState::Returned => l.text("check-closed").to_string(),
        _ => l.text("check-handed-in").arg("state", state).to_string(),
    }
}

/// What was found, with the items' names and where each is mended.
fn lacks(l: &Locale, findings: &[Finding], questions: &[Question], address: &str) -> Vec<Lack> {
    let item = |finding: &Finding| {
        let FindingPlace::Field(path) = &finding.place else {
            return String::new();
        };
        let code = path.split('.').nth(1).unwrap_or_default();
        let asked = questions.iter().find(|question| question.code == code);
        asked.map_or_else(String::new, |question| question.title.clone())
    };
    let shown = findings.iter().zip(l.findings(findings));
    shown
        .map(|(finding, shown)| Lack {
            href: format!("{address}#{}", shown.field),
            item: item(finding),
            text: shown.text,
            remedy: shown.remedy,
        })
        .collect()
}

/// What the command would find: the same check, without its writing.
fn lacking(context: &Context, read: &Read, drafts: &Drafts, form: &Form) -> Vec<Finding> {
    let mut known = Known::new();
    let shown = read.files.iter().cloned();
    known.extend(shown.map(|row| (row.file, row.upload())));
    let kept = drafts.files().iter().cloned();
    known.extend(kept.map(|row| (row.file, row.upload())));
    let held = Held {
        today: context.today(),
        cells: &read.cells,
        subject_no: read.subject.subject_no,
        known,
    };
    let questions = Questions {
        plan: read.plan.clone(),
        items: read.items.clone(),
        section_no: read.section.section_no,
    };
    missing(&held, &questions, &answers_of(form))
}

fn line(l: &Locale, question: &Question, form: &Form, findings: &[Finding]) -> Line {
    let at = |part| {
        let name = question.field(part);
        findings
            .iter()
            .any(|found| matches!(&found.place, FindingPlace::Field(path) if *path == name))
    };
    let mut line = Line {
        title: question.title.clone(),
        note: question.note.clone(),
        ..Line::default()
    };
    if let Some(known) = &question.known {
        return Line {
            value: format!("{} {}", known.value, known.unit).trim().to_owned(),
            known: true,
            ..line
        };
    }
    if !question.is_input {
        line.value = l.text("town-fills").to_string();
        return line;
    }
    line.value = if !question.value.is_empty() {
        format!("{} {}", question.value, question.unit)
            .trim()
            .to_owned()
    } else if !question.missing.is_empty() {
        let reason = question.missing.as_str();
        l.text("check-none").arg("reason", reason).to_string()
    } else {
        l.text("check-empty").to_string()
    };
    let names: BTreeSet<String> = form
        .files(&question.field("evidence"))
        .map(|file| file.hash.to_string())
        .collect();
    line.files = if at("evidence") {
        l.text("check-needed").to_string()
    } else if !question.takes_files {
        String::new()
    } else if names.is_empty() {
        l.text("check-no-files").to_string()
    } else {
        l.text("check-files").arg("count", names.len()).to_string()
    };
    line.lacks = ["value", "missing", "evidence"].into_iter().any(at);
    line
}

impl Page for CheckPage {
    fn head(&self) -> Head {
        let title = self.l.text("check-title");
        Head::new(format!("{title} {} {}", self.village, self.section_title))
    }

    fn samples(l: &Locale) -> Samples<CheckPage> {
        let page = |village: &str, findings: Vec<Finding>| {
            let model = sample_page(l, Mode::Declare, village);
            let form = Form::default();
            let lines = model.questions.iter();
            let lines = lines.map(|one| line(l, one, &form, &findings)).collect();
            CheckPage {
                l: l.clone(),
                address: model.address.clone(),
                round_title: model.round_title.clone(),
                village: village.to_owned(),
                section_title: model.section_title.clone(),
                term: model.term.clone(),
                closed: String::new(),
                lacks: lacks(l, &findings, &model.questions, &model.address),
                lines,
                hidden: vec![(field("coop_share", "value"), "41.5".to_owned())],
                revision: 2,
                start: sample::start(),
                running: Running::sample(l, true).leading_to(&model.address),
            }
        };
        let lacks = || {
            vec![
                Finding::error("value-required").field(field("coop_share", "value")),
                Finding::error("evidence-required").field(field("coop_share", "evidence")),
            ]
        };
        let mut closed = page(sample::VILLAGE, Vec::new());
        closed.closed = l.text("check-closed").to_string();
        Samples {
            ordinary: page(sample::VILLAGE, Vec::new()),
            longest: page(sample::LONGEST_PLACE, lacks()),
            empty: Some(closed),
            with_error: Some(page(sample::VILLAGE, lacks())),
        }
    }
}
