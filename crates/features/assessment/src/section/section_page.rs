//! The page of one section of one village: what the record holds, what was declared, verified and
//! reviewed side by side, with evidence and history; and the form of whoever's turn it is.

mod acts;
pub(crate) mod check;
mod notes;
mod partial;
mod questions;
mod record;
mod running;
mod samples;
mod twice;

use access::Action;
use askama::Template;
use kernel::{Day, Finding, PersonId, PlaceId};
use store::Connection;
use web::{
    Attempt, Context, FindingText, Form, FormStart, Head, Known, Locale, Page, PageError,
    PanelTexts, Params, Policy, PostedFile, Route, Samples, Task, TaskGroup, TaskState, TrailEntry,
};

use self::acts::Acts;
use self::questions::{links, questions};
use self::record::Read;
use self::running::Running;
pub(crate) use self::running::running;
use self::samples::sample_page;
use crate::round::{Section, Subject};
use crate::scope::{section_target, village_target};
use crate::section::SectionNow;
use crate::section::answer::{Answer, EvidenceFile, field};
use crate::transition::{SectionAct, SectionState};
use crate::{RoundId, panels, sample, view};

/// What the visitor can do with the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The village hands them in.
    Declare,
    /// The town accepts or adjusts them.
    Verify,
    /// The county accepts or adjusts them.
    Review,
    /// Nothing but read them.
    Read,
}

impl Mode {
    /// Whether there are inputs.
    pub fn writes(self) -> bool {
        self != Mode::Read
    }

    /// Whether what is typed is kept before it is sent.
    pub fn drafts(self) -> bool {
        self == Mode::Declare
    }

    /// Whether a second value is set beside the first.
    pub fn adjusts(self) -> bool {
        matches!(self, Mode::Verify | Mode::Review)
    }

    /// The key of the label of an input.
    pub fn input_text(self) -> &'static str {
        if self.adjusts() {
            "input-adjust"
        } else {
            "input-value"
        }
    }

    /// The key of the button's text.
    pub fn submit_text(self) -> &'static str {
        match self {
            Mode::Declare => "submit-declare",
            Mode::Verify => "submit-verify",
            Mode::Review | Mode::Read => "submit-review",
        }
    }

    /// The last part of the address that the form is sent to.
    pub fn address(self) -> &'static str {
        match self {
            Mode::Declare => "declare",
            Mode::Verify => "verify",
            Mode::Review => "review",
            Mode::Read => "",
        }
    }
}

/// One of the values that stand side by side.
#[derive(Clone, Debug, Default)]
pub struct Side {
    /// Who said it: declared, verified, reviewed.
    pub label: String,
    /// The value, or that there is none.
    pub value: String,
    /// Who and when.
    pub by: String,
    /// Why it differs from the one before, or why there is none.
    pub why: String,
    /// Whether it differs from the one before.
    pub changed: bool,
}

/// A file shown for a value.
#[derive(Clone, Debug)]
pub struct ShownFile {
    /// Its name.
    pub name: String,
    /// Its size in words.
    pub size: String,
    /// Where it is.
    pub href: String,
    /// What a form carries to keep it.
    pub reference: String,
    /// Whether it is a picture, which is shown beside the value that it proves.
    pub is_image: bool,
    /// Where the same content was shown too, in words; empty for nowhere.
    pub elsewhere: Vec<String>,
}

/// One item of the section.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// The item's code.
    pub code: String,
    /// Its name.
    pub title: String,
    /// How it is marked.
    pub rule: String,
    /// The full mark of the node that reads it, in words.
    pub full: String,
    /// Its unit.
    pub unit: String,
    /// The value that the record holds, where it does.
    pub known: Option<Known>,
    /// The page of that value, where it can be disputed.
    pub dispute: String,
    /// Whether the visitor gives a value here.
    pub is_input: bool,
    /// Whether the town gives the value when it verifies, and has not done so yet.
    pub town_fills: bool,
    /// The value to begin with.
    pub value: String,
    /// The reason for no value to begin with.
    pub missing: String,
    /// What to look at again before it is handed on; empty for nothing.
    pub note: String,
    /// Declared, verified, reviewed.
    pub sides: Vec<Side>,
    /// Whether files can be given.
    pub takes_files: bool,
    /// What proof is asked for.
    pub evidence_hint: String,
    /// Files shown for the declared value.
    pub files: Vec<ShownFile>,
}

impl Question {
    /// Name of a field of the form.
    pub fn field(&self, part: &str) -> String {
        field(&self.code, part)
    }

    /// The hint below the input: limits and places.
    pub fn anchor(&self) -> String {
        format!("q-{}", self.code)
    }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "section/section_page.html")]
pub struct SectionPage {
    l: Locale,
    address: String,
    round_link: String,
    round_title: String,
    village: String,
    section_title: String,
    state: String,
    chip: &'static str,
    revision: i64,
    term: String,
    closed: String,
    back: String,
    /// What the visitor has just done and what follows; empty else.
    done: String,
    /// The visitor's next section: where it is and what it is called.
    next: Option<(String, String)>,
    mode: Mode,
    may_return: bool,
    may_send_back: bool,
    may_withdraw: bool,
    sections: Vec<TaskGroup>,
    /// The sections before and after this one: where they are and what they are called.
    before: Option<(String, String)>,
    after: Option<(String, String)>,
    questions: Vec<Question>,
    answered: usize,
    asked: usize,
    running: Running,
    trail: Vec<TrailEntry>,
    start: FormStart,
    start_back: FormStart,
    start_withdraw: FormStart,
    attempt: Attempt,
}

const ADDRESS: &str = "/rounds/{round}/villages/{place}/sections/{section}";

/// The route for reading.
pub(crate) fn route() -> Route {
    Route::page(ADDRESS, Policy::On(Action::ScoreRead, village_target), page)
}

/// The three parts of a section's address, from the path.
pub(crate) fn address_of(params: &Params) -> Result<(RoundId, PlaceId, String), Vec<Finding>> {
    let missing = |kind| vec![Finding::error("not-found").arg("kind", kind)];
    let round = params.path("round").parse().map_err(|_| missing("round"))?;
    let place = params.path("place").parse().map_err(|_| missing("place"))?;
    Ok((round, place, params.path("section").to_owned()))
}

/// The answers of a form whose fields are `items.{code}.value`, `.missing`, `.reason`,
/// `.evidence`.
pub(crate) fn answers_of(form: &Form) -> Vec<Answer> {
    let answer = |item: &str| Answer {
        item: item.to_owned(),
        value: form.number(&field(item, "value")),
        missing: form.get(&field(item, "missing")).map(str::to_owned),
        reason: form.get(&field(item, "reason")).map(str::to_owned),
        evidence: form
            .files(&field(item, "evidence"))
            .map(evidence_of)
            .collect(),
    };
    form.parts("items").into_iter().map(answer).collect()
}

fn evidence_of(file: &PostedFile) -> EvidenceFile {
    EvidenceFile {
        file: file.hash.to_string(),
        name: file.name.clone(),
    }
}

/// Where to go after a step: the section again, as it stands now, which says what was done.
pub(crate) fn after(params: &Params, act: SectionAct) -> String {
    format!("{}?done={act}", address(params))
}

/// The page; also what a refused form shows again.
pub(crate) fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<SectionPage, PageError> {
    let read = record::read(context, params, connection)?;
    let target = section_target(context, params, connection)?;
    let resource = target.resource(context.tenant);
    let may = Acts::of(context, &read, &resource);
    let mode = may.mode();
    let links = links(context, connection, &read)?;
    let mut questions = questions(context, &read, mode, &links);
    let drafts = if mode == Mode::Declare {
        running::drafts(context, connection, &read)?
    } else {
        running::Drafts::default()
    };
    if mode.adjusts() {
        twice::note(context, connection, &read, &mut questions)?;
    }
    drafts.fill(&read, &mut questions);
    let running = Running::of(&context.l, &read, &drafts);
    running.note(&mut questions);
    let (answered, asked) = drafts.answered(&read, &questions);
    let l = &context.l;
    let done = just_done(params, &read);
    Ok(SectionPage {
        done: done.map(|act| done_text(l, &read, act)).unwrap_or_default(),
        next: match done {
            Some(act) => next(context, connection, act, &after_read(&read))?,
            None => None,
        },
        address: after_read(&read),
        round_link: format!("/rounds/{}", read.round.round),
        round_title: read.title.clone(),
        village: village(&read.subject),
        section_title: view::section_title(l, &read.section),
        state: view::section_state(l, read.now.state),
        chip: view::section_chip(read.now.state),
        revision: read.now.revision,
        term: term(l, &read),
        closed: if may.in_time {
            String::new()
        } else {
            l.text("window-closed-now").to_string()
        },
        back: back(l, &read.now),
        mode,
        may_return: may.has(SectionAct::Return),
        may_send_back: may.has(SectionAct::SendBack),
        may_withdraw: may.has(SectionAct::Withdraw),
        sections: sections(l, &read),
        before: neighbour(l, &read, false),
        after: neighbour(l, &read, true),
        running,
        trail: trail(l, &read),
        questions,
        answered,
        asked,
        start: context.form(),
        start_back: context.form(),
        start_withdraw: context.form(),
        attempt: if context.attempt.sent {
            view::with_item_titles(l, read.plan.scheme(), &context.attempt)
        } else {
            view::with_item_titles(l, read.plan.scheme(), &drafts.attempt(&read))
        },
        l: l.clone(),
    })
}

/// The address of a section, from that of one of its forms.
pub(crate) fn address(params: &Params) -> String {
    let [round, place, section] = ["round", "place", "section"].map(|name| params.path(name));
    format!("/rounds/{round}/villages/{place}/sections/{section}")
}

fn after_read(read: &Read) -> String {
    let (round, place) = (read.round.round, read.subject.place);
    format!(
        "/rounds/{round}/villages/{place}/sections/{}",
        read.section.code
    )
}

fn village(subject: &Subject) -> String {
    let town = subject.town_name.as_deref().unwrap_or_default();
    format!("{town} {}", subject.shown_name()).trim().to_owned()
}

/// The step of the visitor that led here, while it is still the section's last: an address that is
/// opened again later says nothing that is no longer so.
fn just_done(params: &Params, read: &Read) -> Option<SectionAct> {
    let act: SectionAct = params.query_as("done")?;
    let last = read.events.iter().max_by_key(|event| event.seq)?;
    (last.act == act).then_some(act)
}

/// What was done, and who does what until when.
fn done_text(l: &Locale, read: &Read, act: SectionAct) -> String {
    let key = match act {
        SectionAct::Declare => "done-declare",
        SectionAct::Verify => "done-verify",
        SectionAct::Return => "done-return",
        SectionAct::Withdraw => "done-withdraw",
        SectionAct::Review => "done-review",
        SectionAct::SendBack => "done-send-back",
        SectionAct::Refresh => "act-refreshed",
    };
    l.text(key).arg("day", l.day(term_day(read).1)).to_string()
}

/// The section that waits for the visitor next: its address, and its name in a link.
fn next(
    context: &Context,
    connection: &mut dyn Connection,
    act: SectionAct,
    here: &str,
) -> Result<Option<(String, String)>, PageError> {
    let waiting = panels::waiting_after(context, connection, act)?;
    let other = waiting.into_iter().find(|item| item.link != here);
    let Some(item) = other else { return Ok(None) };
    let name = PanelTexts::of(context).line(connection, item.text, &item.args)?;
    let label = context.l.text("next-section").arg("item", name);
    Ok(Some((item.link, label.to_string())))
}

fn term(l: &Locale, read: &Read) -> String {
    let (key, day) = term_day(read);
    l.text(key).arg("day", l.day(day)).to_string()
}

/// Which step is due, and its last day.
fn term_day(read: &Read) -> (&'static str, Day) {
    let (key, day) = match read.now.state {
        SectionState::Open | SectionState::Returned => ("term-declare", read.terms.declare_until),
        SectionState::Submitted | SectionState::SentBack => {
            ("term-verify", read.terms.verify_until)
        }
        SectionState::Verified | SectionState::Reviewed => ("term-review", read.terms.review_until),
    };
    (key, read.now.due.map_or(day, |due| due.max(day)))
}

/// Why it was given back, and until when.
fn back(l: &Locale, now: &SectionNow) -> String {
    let (Some(reason), Some(due)) = (&now.reason, now.due) else {
        return String::new();
    };
    l.text("given-back")
        .arg("reason", reason.clone())
        .arg("day", l.day(due))
        .to_string()
}

fn sections(l: &Locale, read: &Read) -> Vec<TaskGroup> {
    let state = |section: &Section| {
        let found = read
            .states
            .iter()
            .find(|state| state.section_no == section.section_no);
        found.map_or(SectionState::Open, |found| found.state)
    };
    let task = |section: &Section| Task {
        title: view::section_title(l, section),
        href: format!(
            "/rounds/{}/villages/{}/sections/{}",
            read.round.round, read.subject.place, section.code
        ),
        state: match state(section) {
            SectionState::Open => TaskState::ToDo,
            SectionState::Returned | SectionState::SentBack => TaskState::Bad,
            _ => TaskState::Done,
        },
        word: view::section_state(l, state(section)),
        current: section.code == read.section.code,
    };
    let handed_in =
        |section: &&Section| !matches!(state(section), SectionState::Open | SectionState::Returned);
    vec![TaskGroup {
        title: l.text("sections-title").to_string(),
        done: read.sections.iter().filter(handed_in).count(),
        total: read.sections.len(),
        tasks: read.sections.iter().map(task).collect(),
    }]
}

/// The section of the village that comes after this one, or before it.
fn neighbour(l: &Locale, read: &Read, after: bool) -> Option<(String, String)> {
    let here = read
        .sections
        .iter()
        .position(|section| section.code == read.section.code)?;
    let there = if after {
        here + 1
    } else {
        here.checked_sub(1)?
    };
    let section = read.sections.get(there)?;
    let (round, place) = (read.round.round, read.subject.place);
    Some((
        format!("/rounds/{round}/villages/{place}/sections/{}", section.code),
        view::section_title(l, section),
    ))
}

fn trail(l: &Locale, read: &Read) -> Vec<TrailEntry> {
    let who = |person: Option<PersonId>| {
        person
            .and_then(|person| read.names.get(&person))
            .map_or("", String::as_str)
    };
    read.events
        .iter()
        .map(|event| view::trail(l, event, who(event.person)))
        .collect()
}

impl SectionPage {
    /// What was found, each with the name of its question: forty items have the same words.
    fn problems(&self) -> Vec<FindingText> {
        let mut problems = self.l.findings(&self.attempt.findings);
        for problem in &mut problems {
            let of_problem = |question: &&Question| {
                let input = web::field_id(&question.field(""));
                problem.field.starts_with(&input)
            };
            if let Some(question) = self.questions.iter().find(of_problem) {
                problem.place.clone_from(&question.title);
            }
        }
        problems
    }
}

impl Page for SectionPage {
    fn head(&self) -> Head {
        Head::new(format!("{} {}", self.village, self.section_title))
    }

    fn samples(l: &Locale) -> Samples<SectionPage> {
        let mut refused = sample_page(l, Mode::Declare, sample::VILLAGE);
        refused.attempt.sent = true;
        let at = field("coop_share", "value");
        refused.attempt.findings = vec![
            Finding::error("value-required").field(at),
            Finding::error("evidence-required").field(field("coop_share", "evidence")),
        ];
        Samples {
            ordinary: sample_page(l, Mode::Declare, sample::VILLAGE),
            longest: sample_page(l, Mode::Verify, sample::LONGEST_PLACE),
            empty: Some(sample_page(l, Mode::Read, sample::VILLAGE)),
            with_error: Some(refused),
        }
    }
}
