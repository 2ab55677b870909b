//! The page of one section of one village: what the record holds, what was declared, verified and
//! reviewed side by side, with evidence and history; and the form of whoever's turn it is.

use std::collections::{BTreeMap, HashMap};

use access::{Action, Resource};
use app::Ref;
use askama::Template;
use directory::person;
use kernel::{Finding, PersonId, PlaceId};
use score::{Evidence, Item, Plan};
use store::Connection;
use web::{
    Attempt, Context, Form, FormStart, Head, Known, Locale, Page, PageError, Params, Policy,
    PostedFile, Route, Samples, Task, TaskGroup, TaskState, TrailEntry,
};

use crate::answer::{Answer, EvidenceFile, evidence_required, field};
use crate::cell::{self, Cells};
use crate::decision::{SectionMoved, is_asked, is_asked_of_village};
use crate::evidence::{self, EvidenceRow};
use crate::round::{self, Round, RoundItem, Section, Subject};
use crate::scope::{round_of, section_target, subject_of, village_target};
use crate::section::{self, SectionNow};
use crate::transition::{RoundState, SectionAct, SectionState, Terms, in_time, section_move};
use crate::value::{Cell, Given, ValueEvent, ValueKind};
use crate::{RoundId, calculation, sample, scheme, view};

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
    /// The full mark of the node that reads it.
    pub full: String,
    /// Its unit.
    pub unit: String,
    /// The value that the record holds, where it does.
    pub known: Option<Known>,
    /// The page of that value, where it can be disputed.
    pub dispute: String,
    /// Whether the visitor gives a value here.
    pub is_input: bool,
    /// The value to begin with.
    pub value: String,
    /// The reason for no value to begin with.
    pub missing: String,
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

/// An index with what it would count now.
#[derive(Clone, Debug)]
pub struct Share {
    /// Its name.
    pub title: String,
    /// What it counts.
    pub counted: String,
    /// Its full mark.
    pub full: String,
    /// How full, in percent.
    pub percent: u8,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "section_page.html")]
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
    mode: Mode,
    may_return: bool,
    may_send_back: bool,
    may_withdraw: bool,
    sections: Vec<TaskGroup>,
    questions: Vec<Question>,
    answered: usize,
    asked: usize,
    shares: Vec<Share>,
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
        value: form.get(&field(item, "value")).map(str::to_owned),
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
        media_type: file.media_type.to_owned(),
    }
}

/// Where to go after a step: the section again, as it stands now.
pub(crate) fn after(_: &Context, params: &Params, _: &SectionMoved) -> String {
    let [round, place, section] = ["round", "place", "section"].map(|name| params.path(name));
    format!("/rounds/{round}/villages/{place}/sections/{section}")
}

/// What the page is made of, read from the record.
struct Read {
    round: Round,
    title: String,
    subject: Subject,
    section: Section,
    now: SectionNow,
    states: Vec<SectionNow>,
    sections: Vec<Section>,
    items: Vec<RoundItem>,
    cells: Cells,
    history: BTreeMap<i64, Vec<ValueEvent>>,
    files: Vec<EvidenceRow>,
    events: Vec<section::SectionEvent>,
    terms: Terms,
    plan: Plan,
    names: HashMap<PersonId, String>,
}

fn read(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Read, PageError> {
    let tenant = context.tenant;
    let found = round_of(context, params, connection)?;
    let subject = subject_of(tenant, params, connection)?;
    let (id, number) = (found.round, subject.subject_no);
    let sections = round::sections(connection, tenant, id)?;
    let code = params.path("section");
    let section = sections
        .iter()
        .find(|section| section.code == code)
        .cloned();
    let section = section.ok_or(PageError::NotFound)?;
    let states = section::states(connection, tenant, id, number)?;
    let now = states
        .iter()
        .find(|state| state.section_no == section.section_no)
        .cloned();
    let (version, scheme) = (found.scheme_version, found.scheme);
    let published = scheme::version(connection, tenant, scheme, version)?;
    let published = published.ok_or(PageError::NotFound)?;
    let events = section::events(connection, tenant, id, number, section.section_no)?;
    let history = cell::history(connection, tenant, id, number)?;
    let people = history.values().flatten().filter_map(|event| event.person);
    let people: Vec<_> = people
        .chain(events.iter().filter_map(|event| event.person))
        .collect();
    Ok(Read {
        title: view::round_title(&context.l, &found, &published),
        now: now.ok_or(PageError::NotFound)?,
        states,
        sections,
        items: round::items(connection, tenant, id)?,
        cells: cell::of_subject(connection, tenant, id, number)?,
        files: evidence::of_subject(connection, tenant, id, number)?,
        terms: round::terms(connection, tenant, id, number)?,
        plan: scheme::plan(&published)?,
        names: names(connection, tenant, people)?,
        history,
        events,
        section,
        subject,
        round: found,
    })
}

fn names(
    connection: &mut dyn Connection,
    tenant: kernel::Tenant,
    mut people: Vec<PersonId>,
) -> Result<HashMap<PersonId, String>, PageError> {
    people.sort_unstable();
    people.dedup();
    let found = person::names(connection, tenant, &people)?;
    Ok(found
        .into_iter()
        .map(|named| (named.person, named.name))
        .collect())
}

/// The page; also what a refused form shows again.
pub(crate) fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<SectionPage, PageError> {
    let read = read(context, params, connection)?;
    let target = section_target(context, params, connection)?;
    let resource = target.resource(context.tenant);
    let may = Acts::of(context, &read, &resource);
    let mode = may.mode();
    let links = links(context, connection, &read)?;
    let questions = questions(context, &read, mode, &links);
    let inputs = questions.iter().filter(|question| question.is_input);
    let answered = inputs
        .clone()
        .filter(|question| !question.value.is_empty())
        .count();
    let asked = inputs.count();
    let l = &context.l;
    Ok(SectionPage {
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
        may_return: may.returns,
        may_send_back: may.sends_back,
        may_withdraw: may.withdraws,
        sections: sections(l, &read),
        shares: shares(l, &read),
        trail: trail(l, &read),
        questions,
        answered,
        asked,
        start: context.form(),
        start_back: context.form(),
        start_withdraw: context.form(),
        attempt: context.attempt.clone(),
        l: l.clone(),
    })
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

/// Which moves are open to the visitor now.
struct Acts {
    declares: bool,
    verifies: bool,
    reviews: bool,
    returns: bool,
    sends_back: bool,
    withdraws: bool,
    /// Whether the window of the step that is due is open.
    in_time: bool,
}

impl Acts {
    fn of(context: &Context, read: &Read, resource: &Resource<'_>) -> Acts {
        let open = read.round.state == RoundState::Open;
        let timely = |act| in_time(act, read.terms, read.now.due, context.today()).is_ok();
        let may = |act| {
            let Ok(row) = section_move(read.now.state, act) else {
                return false;
            };
            let decision = access::decide(&context.subject, row.action, resource, context.today());
            open && decision.is_allowed()
        };
        let due = match read.now.state {
            SectionState::Open | SectionState::Returned => SectionAct::Declare,
            SectionState::Submitted | SectionState::SentBack => SectionAct::Verify,
            SectionState::Verified | SectionState::Reviewed => SectionAct::Review,
        };
        Acts {
            declares: may(SectionAct::Declare) && timely(SectionAct::Declare),
            verifies: may(SectionAct::Verify) && timely(SectionAct::Verify),
            reviews: may(SectionAct::Review) && timely(SectionAct::Review),
            returns: may(SectionAct::Return),
            sends_back: may(SectionAct::SendBack),
            withdraws: may(SectionAct::Withdraw),
            in_time: !open || read.now.state == SectionState::Reviewed || timely(due),
        }
    }

    fn mode(&self) -> Mode {
        match (self.declares, self.verifies, self.reviews) {
            (true, ..) => Mode::Declare,
            (_, true, _) => Mode::Verify,
            (_, _, true) => Mode::Review,
            _ => Mode::Read,
        }
    }
}

fn term(l: &Locale, read: &Read) -> String {
    let (key, day) = match read.now.state {
        SectionState::Open | SectionState::Returned => ("term-declare", read.terms.declare_until),
        SectionState::Submitted | SectionState::SentBack => {
            ("term-verify", read.terms.verify_until)
        }
        SectionState::Verified | SectionState::Reviewed => ("term-review", read.terms.review_until),
    };
    let day = read.now.due.map_or(day, |due| due.max(day));
    l.text(key).arg("day", l.day(day)).to_string()
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

/// What each index would count by the values that stand now.
fn shares(l: &Locale, read: &Read) -> Vec<Share> {
    let subjects = std::slice::from_ref(&read.subject);
    let submitted = BTreeMap::new();
    let (columns, _) =
        calculation::columns(&read.plan, subjects, &read.items, &read.cells, &submitted);
    if columns.is_empty() {
        return Vec::new();
    }
    let (results, _) = score::evaluate(&read.plan, &columns);
    let scheme = read.plan.scheme();
    let own = read
        .sections
        .iter()
        .filter_map(|section| scheme.node_index(&section.code));
    let share = |node: usize| {
        let definition = &scheme.nodes[node];
        let counted = results.cell(node, 0).counted();
        Share {
            title: view::title(l, &definition.title),
            counted: view::number(l, counted),
            full: definition.full.to_string(),
            percent: sample::percent(counted, definition.full),
        }
    };
    std::iter::once(read.plan.root())
        .chain(own)
        .map(share)
        .collect()
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

/// Links to the records behind brought values, by reference.
fn links(
    context: &Context,
    connection: &mut dyn Connection,
    read: &Read,
) -> Result<HashMap<Ref, String>, PageError> {
    let mut links = HashMap::new();
    for event in read.history.values().flatten() {
        let Some(reference) = &event.reference else {
            continue;
        };
        let Some(spec) = context.app().ref_spec(&reference.kind) else {
            continue;
        };
        if let Some(found) = (spec.resolve)(connection, context.tenant, reference.id)? {
            links.insert(reference.clone(), found.link);
        }
    }
    Ok(links)
}

fn questions(
    context: &Context,
    read: &Read,
    mode: Mode,
    links: &HashMap<Ref, String>,
) -> Vec<Question> {
    let in_section = |item: &&RoundItem| item.section_no == read.section.section_no;
    let shown = |item: &&RoundItem| item.moment == "period";
    let items = read.items.iter().filter(in_section).filter(shown);
    items
        .filter_map(|item| question(context, read, item, mode, links))
        .collect()
}

fn question(
    context: &Context,
    read: &Read,
    item: &RoundItem,
    mode: Mode,
    links: &HashMap<Ref, String>,
) -> Option<Question> {
    let l = &context.l;
    let scheme = read.plan.scheme();
    let definition = &scheme.items[scheme.item_index(&item.code)?];
    let node = view::node_reading(scheme, &item.code);
    let none = Vec::new();
    let history = read.history.get(&item.item_no).unwrap_or(&none);
    let empty = Cell::default();
    let cell = read
        .cells
        .get(&(read.subject.subject_no, item.item_no))
        .unwrap_or(&empty);
    let mut question = Question {
        code: item.code.clone(),
        title: view::title(l, &definition.title),
        rule: node
            .map(|(node, _)| view::rule_short(l, scheme, node))
            .unwrap_or_default(),
        full: node
            .map(|(_, node)| node.full.to_string())
            .unwrap_or_default(),
        unit: view::unit(l, &definition.unit.0),
        files: files(l, read, item.item_no),
        ..Question::default()
    };
    if !is_asked(item) {
        known(l, cell, history, links, &mut question);
        return Some(question);
    }
    question.is_input = match mode {
        Mode::Declare => is_asked_of_village(item),
        Mode::Verify | Mode::Review => true,
        Mode::Read => false,
    };
    question.sides = sides(l, read, cell, history);
    let before = match mode {
        Mode::Declare => cell.declared.as_ref(),
        _ => cell.counts().map(|(_, given)| given),
    };
    question.value = before
        .and_then(Given::value)
        .map(|v| v.to_string())
        .unwrap_or_default();
    question.missing = before
        .and_then(Given::missing)
        .unwrap_or_default()
        .to_owned();
    question.takes_files = mode == Mode::Declare && definition.evidence != Evidence::None;
    question.evidence_hint = evidence_hint(context, definition);
    Some(question)
}

fn evidence_hint(context: &Context, definition: &Item) -> String {
    match &definition.evidence {
        Evidence::Required { reason, .. } if evidence_required(definition, context.today()) => {
            view::title(&context.l, reason)
        }
        _ => context.l.text("evidence-optional").to_string(),
    }
}

/// A value that the record holds: shown with source and time, disputed elsewhere.
fn known(
    l: &Locale,
    cell: &Cell,
    history: &[ValueEvent],
    links: &HashMap<Ref, String>,
    question: &mut Question,
) {
    let brought = history
        .iter()
        .rev()
        .find(|event| event.kind == ValueKind::Brought);
    let counted = cell.counts().and_then(|(_, given)| given.value());
    question.known = Some(Known {
        value: view::number(l, counted),
        unit: if counted.is_some() {
            question.unit.clone()
        } else {
            String::new()
        },
        source: brought
            .and_then(|event| event.source.clone())
            .unwrap_or_default(),
        time: brought
            .and_then(|event| event.recorded_at)
            .map(|at| l.minute(at))
            .unwrap_or_default(),
    });
    let reference = brought.and_then(|event| event.reference.as_ref());
    question.dispute = reference
        .and_then(|found| links.get(found))
        .cloned()
        .unwrap_or_default();
}

fn sides(l: &Locale, read: &Read, cell: &Cell, history: &[ValueEvent]) -> Vec<Side> {
    let said = [
        (ValueKind::Declared, "side-declared", &cell.declared),
        (ValueKind::Verified, "side-verified", &cell.verified),
        (ValueKind::Reviewed, "side-reviewed", &cell.reviewed),
        (ValueKind::Corrected, "side-corrected", &cell.corrected),
    ];
    let mut before: Option<&Given> = None;
    let mut sides = Vec::new();
    for (kind, key, given) in said {
        let Some(given) = given else { continue };
        let event = history.iter().rev().find(|event| event.kind == kind);
        let who = event
            .and_then(|event| event.person)
            .and_then(|who| read.names.get(&who));
        let when = event.map(|event| l.minute(event.at)).unwrap_or_default();
        let why = event.and_then(|event| event.reason.clone());
        sides.push(Side {
            label: l.text(key).to_string(),
            value: view::number(l, given.value()),
            by: format!("{} · {when}", who.map_or("", String::as_str)),
            why: why
                .or(given.missing().map(str::to_owned))
                .unwrap_or_default(),
            changed: before.is_some_and(|before| before != given),
        });
        before = Some(given);
    }
    sides
}

/// The files of the latest declaration.
fn files(l: &Locale, read: &Read, item_no: i64) -> Vec<ShownFile> {
    let own = read.files.iter().filter(|file| file.item_no == item_no);
    let latest = own.clone().map(|file| file.seq).max();
    own.filter(|file| Some(file.seq) == latest)
        .map(|file| ShownFile {
            name: file.name.clone(),
            size: l.size(u64::try_from(file.size_bytes).unwrap_or_default()),
            href: format!(
                "/rounds/{}/villages/{}/evidence/{}",
                read.round.round, read.subject.place, file.file
            ),
            reference: format!(
                "file:{}:{}:{}:{}",
                file.file, file.size_bytes, file.media_type, file.name
            ),
        })
        .collect()
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

fn sample_page(l: &Locale, mode: Mode, village: &str) -> SectionPage {
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
        questions: sample_questions(l, mode),
        answered: 0,
        asked: 1,
        shares: vec![Share {
            title: l
                .choose("强基振兴指数", "Village strength index")
                .to_owned(),
            counted: "62.4".to_owned(),
            full: "100".to_owned(),
            percent: 62,
        }],
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
        full: "12".to_owned(),
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
        takes_files: mode == Mode::Declare,
        evidence_hint: l.text("evidence-optional").to_string(),
        files: vec![ShownFile {
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
        full: "18".to_owned(),
        known: Some(Known {
            value: "386200".to_owned(),
            unit: l.text("unit-yuan").to_string(),
            source: "账务".to_owned(),
            time: l.minute(now),
        }),
        dispute: "/places/2/figures/3".to_owned(),
        ..Question::default()
    };
    vec![income, coop]
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
