//! What the typed values would score: the part of the page that is renewed while somebody types,
//! computed by the engine from what stands and what was kept as a draft.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use kernel::{Finding, FindingPlace, Instant};
use score::Results;
use store::Connection;
use web::{Attempt, Context, Form, Head, Locale, Page, PageError, Params, PostedFile, Samples};

use super::notes::{Note, notes};
use super::partial::partial;
use super::questions::{links, questions};
use super::record::{self, Read};
use super::{Mode, Question, village};
use crate::round::RoundItem;
use crate::section::answer::{Answer, field};
use crate::section::cell::Cells;
use crate::section::draft::{self, Draft, DraftFile};
use crate::section::value::{Given, ValueKind};
use crate::{result::calculation, sample, view};

/// A node with what it would count now.
#[derive(Clone, Debug)]
pub struct Share {
    /// Its name.
    pub title: String,
    /// Where its question stands on the page; empty for sums.
    pub href: String,
    /// What it would count; while values are missing, what is known of it.
    pub counted: String,
    /// How many items are not filled in yet; empty for none.
    pub open: String,
    /// Its full mark, as it stands behind a mark.
    pub full: String,
    /// How full, in percent.
    pub percent: u8,
}

/// The part of the page with the estimate.
#[derive(Debug, Template)]
#[template(path = "section/section_page/running.html")]
pub struct Running {
    l: Locale,
    title: String,
    /// Address of the page with the questions; empty on that page.
    base: String,
    /// `草稿已存 14:32`; empty where nothing is kept.
    pub saved: String,
    /// The whole and its indices.
    sums: Vec<Share>,
    /// The section's own items.
    items: Vec<Share>,
    /// Values that cannot be read, told as at their fields.
    problems: Vec<Problem>,
    /// What to look at in the section before it is handed on.
    notes: Vec<Note>,
    /// `已填 3 / 7 项`, where the visitor fills in.
    answered: String,
}

/// What is wrong with a value that was kept.
#[derive(Clone, Debug)]
struct Problem {
    /// The id of its input, where a script tells it too.
    input: String,
    note: Note,
}

impl Running {
    /// The estimate from what stands with the drafts over it.
    pub(super) fn of(l: &Locale, read: &Read, drafts: &Drafts) -> Running {
        let (cells, unread) = drafts.over(read);
        let notes = notes(l, read, &cells);
        let subjects = std::slice::from_ref(&read.subject);
        let submitted = BTreeMap::new();
        let (columns, _) =
            calculation::columns(&read.plan, subjects, &read.items, &cells, &submitted);
        let (results, _) = score::evaluate(&read.plan, &columns);
        let is_empty = columns.is_empty();
        let wanted = |shares: Vec<Share>| if is_empty { Vec::new() } else { shares };
        Running {
            l: l.clone(),
            title: title(read),
            base: String::new(),
            saved: drafts.saved_text(l),
            sums: wanted(sums(l, read, &results, &cells)),
            items: wanted(items(l, read, &results, &cells)),
            problems: problems(l, read, &unread),
            notes,
            answered: String::new(),
        }
    }

    /// The same with how many of the questions are answered.
    pub(super) fn with_answered(self, (done, asked): (usize, usize)) -> Running {
        let text = self.l.text("answered-of");
        let answered = text.arg("done", done).arg("total", asked).to_string();
        Running { answered, ..self }
    }

    /// The same for another page: its links lead to the one with the questions.
    pub(super) fn leading_to(mut self, base: &str) -> Running {
        base.clone_into(&mut self.base);
        self
    }

    /// Puts the remarks beside the fields that they are about.
    pub(super) fn note(&self, questions: &mut [Question]) {
        for note in &self.notes {
            let found = questions
                .iter_mut()
                .find(|question| question.code == note.code);
            if let Some(question) = found {
                question.note.clone_from(&note.text);
            }
        }
    }

    /// An invented one.
    pub(super) fn sample(l: &Locale, saved: bool) -> Running {
        let note = |found: &str| Note {
            code: "coop_share".to_owned(),
            title: l.choose("合作社参与率", "Co-op share").to_owned(),
            text: found.to_owned(),
        };
        let share = |title: (&str, &str), counted: &str, href: &str| Share {
            title: l.choose(title.0, title.1).to_owned(),
            href: href.to_owned(),
            counted: counted.to_owned(),
            open: if saved {
                l.text("estimate-open").arg("count", 2).to_string()
            } else {
                String::new()
            },
            full: "/ 25".to_owned(),
            percent: 62,
        };
        Running {
            l: l.clone(),
            title: sample::VILLAGE.to_owned(),
            base: String::new(),
            saved: if saved {
                saved_at(l, sample::now(), sample::now())
            } else {
                String::new()
            },
            sums: vec![share(("总分", "Total"), "61.5", "")],
            items: vec![share(
                ("合作社参与率", "Co-op share"),
                "15.5",
                "#q-coop_share",
            )],
            problems: vec![Problem {
                input: "f-items-coop_share-value".to_owned(),
                note: note("约 41.5"),
            }],
            notes: vec![note("41.5")],
            answered: String::new(),
        }
        .with_answered((1, 2))
    }
}

/// What cannot be read, with the item's name.
fn problems(l: &Locale, read: &Read, unread: &[Finding]) -> Vec<Problem> {
    let scheme = read.plan.scheme();
    let attempt = Attempt {
        findings: unread.to_vec(),
        ..Attempt::default()
    };
    let named = view::with_item_titles(l, scheme, &attempt).findings;
    let shown = l.findings(&named);
    let items = unread.iter().filter_map(code_of);
    shown
        .into_iter()
        .zip(items)
        .map(|(shown, code)| Problem {
            input: shown.field,
            note: Note {
                code: code.to_owned(),
                title: view::named(l, scheme, code),
                text: format!("{} {}", shown.text, shown.remedy).trim().to_owned(),
            },
        })
        .collect()
}

/// The code of the item that a finding is about: `items.B1.value` is about `B1`.
fn code_of(finding: &Finding) -> Option<&str> {
    match &finding.place {
        FindingPlace::Field(path) => path.split('.').nth(1),
        _ => None,
    }
}

fn title(read: &Read) -> String {
    village(&read.subject)
}

/// The whole and every index, by the scheme's order.
fn sums(l: &Locale, read: &Read, results: &Results, cells: &Cells) -> Vec<Share> {
    let scheme = read.plan.scheme();
    let indices = read
        .sections
        .iter()
        .filter_map(|section| scheme.node_index(&section.code));
    std::iter::once(read.plan.root())
        .chain(indices)
        .map(|node| share(l, read, (results, cells), node, String::new()))
        .collect()
}

/// The nodes that read the section's own items, each once.
fn items(l: &Locale, read: &Read, results: &Results, cells: &Cells) -> Vec<Share> {
    let scheme = read.plan.scheme();
    let mut seen = BTreeSet::new();
    let own = read
        .items
        .iter()
        .filter(|item| item.section_no == read.section.section_no && item.moment == "period");
    own.filter_map(|item| {
        let (node, _) = view::node_reading(scheme, &item.code)?;
        seen.insert(node)
            .then(|| share(l, read, (results, cells), node, format!("#q-{}", item.code)))
    })
    .collect()
}

fn share(
    l: &Locale,
    read: &Read,
    (results, cells): (&Results, &Cells),
    node: usize,
    href: String,
) -> Share {
    let definition = &read.plan.scheme().nodes[node];
    let known = partial(read, results, cells, node);
    let is_leaf = !href.is_empty();
    Share {
        title: view::title(l, &definition.title),
        href,
        counted: view::number(l, known.mark),
        open: if known.open == 0 || is_leaf {
            String::new()
        } else {
            l.text("estimate-open").arg("count", known.open).to_string()
        },
        full: view::of_full(l, definition),
        percent: sample::percent(known.mark, definition.full),
    }
}

/// What was typed into the section and not yet declared.
#[derive(Debug, Default)]
pub(super) struct Drafts {
    texts: Vec<Draft>,
    files: Vec<DraftFile>,
    now: Option<Instant>,
}

/// The drafts of the section that the page is about.
pub(super) fn drafts(
    context: &Context,
    connection: &mut dyn Connection,
    read: &Read,
) -> Result<Drafts, PageError> {
    let (tenant, round, subject) = (context.tenant, read.round.round, read.subject.subject_no);
    let own: BTreeSet<i64> = read
        .items
        .iter()
        .filter(|item| item.section_no == read.section.section_no)
        .map(|item| item.item_no)
        .collect();
    let mut texts = draft::of_subject(connection, tenant, round, subject)?;
    texts.retain(|draft| own.contains(&draft.item_no));
    let mut files = draft::files_of_subject(connection, tenant, round, subject)?;
    files.retain(|file| own.contains(&file.item_no));
    Ok(Drafts {
        texts,
        files,
        now: Some(context.now),
    })
}

fn item_of(read: &Read, item_no: i64) -> Option<&RoundItem> {
    read.items.iter().find(|item| item.item_no == item_no)
}

impl Drafts {
    /// The form as it was kept, as if it had just been typed; empty where nothing was kept.
    pub fn attempt(&self, read: &Read) -> Attempt {
        if self.texts.is_empty() {
            return Attempt::default();
        }
        let mut fields = Vec::new();
        for draft in &self.texts {
            if let Some(item) = item_of(read, draft.item_no) {
                fields.push((field(&item.code, "value"), draft.value.clone()));
                fields.push((field(&item.code, "missing"), draft.missing.clone()));
            }
        }
        let files = self.files.iter().filter_map(|file| {
            let item = item_of(read, file.item_no)?;
            let reference = format!(
                "file:{}:{}:{}:{}",
                file.file, file.size_bytes, file.media_type, file.name
            );
            let posted = PostedFile::of_reference(&reference)?;
            Some((field(&item.code, "evidence"), posted))
        });
        Attempt {
            form: Form::new(fields, files.collect()),
            findings: self.over(read).1,
            sent: true,
        }
    }

    /// The form as it would be sent: what was kept, or what the page begins with.
    pub fn form(&self, read: &Read, questions: &[Question]) -> Form {
        if !self.texts.is_empty() {
            return self.attempt(read).form;
        }
        let (mut fields, mut files) = (Vec::new(), Vec::new());
        for question in questions.iter().filter(|question| question.is_input) {
            fields.push((question.field("value"), question.value.clone()));
            fields.push((question.field("missing"), question.missing.clone()));
            let shown = question.files.iter().filter(|_| question.takes_files);
            let posted = shown.filter_map(|file| PostedFile::of_reference(&file.reference));
            files.extend(posted.map(|file| (question.field("evidence"), file)));
        }
        Form::new(fields, files)
    }

    /// The files that were kept.
    pub fn files(&self) -> &[DraftFile] {
        &self.files
    }

    /// How many of the questions that the visitor is asked have a value, or a reason for none, that
    /// can be read; and how many are asked.
    pub fn answered(&self, read: &Read, questions: &[Question]) -> (usize, usize) {
        let (_, unread) = self.over(read);
        let is_unread = |code: &str| unread.iter().any(|finding| code_of(finding) == Some(code));
        let is_answered = |question: &&Question| {
            let given = !question.value.is_empty() || !question.missing.is_empty();
            question.is_input && given && !is_unread(&question.code)
        };
        let asked = questions.iter().filter(|question| question.is_input);
        (questions.iter().filter(is_answered).count(), asked.count())
    }

    /// Puts what was kept into the questions.
    pub fn fill(&self, read: &Read, questions: &mut [Question]) {
        for draft in &self.texts {
            let item = item_of(read, draft.item_no);
            let found = questions
                .iter_mut()
                .find(|question| item.is_some_and(|item| item.code == question.code));
            if let Some(question) = found {
                question.value.clone_from(&draft.value);
                question.missing.clone_from(&draft.missing);
            }
        }
    }

    /// What stands with the drafts over it; and what is wrong with drafts that cannot be read as a
    /// value. What cannot be read is missing, never the value before and never 0.
    fn over(&self, read: &Read) -> (Cells, Vec<Finding>) {
        let mut cells = read.cells.clone();
        let mut unread = Vec::new();
        let scheme = read.plan.scheme();
        for draft in &self.texts {
            let Some(item) = item_of(read, draft.item_no) else {
                continue;
            };
            let Some(index) = scheme.item_index(&item.code) else {
                continue;
            };
            let answer = Answer {
                item: item.code.clone(),
                value: Some(web::typed_number(&draft.value)),
                missing: Some(draft.missing.clone()),
                ..Answer::default()
            };
            let given = answer
                .given(&scheme.items[index])
                .unwrap_or_else(|finding| {
                    if !draft.value.is_empty() {
                        unread.push(finding);
                    }
                    Given::Missing(String::new())
                });
            let cell = cells
                .entry((read.subject.subject_no, item.item_no))
                .or_default();
            cell.apply(cell.revision, ValueKind::Declared, given);
        }
        (cells, unread)
    }

    fn saved_text(&self, l: &Locale) -> String {
        let last = self.texts.iter().map(|draft| draft.saved_at).max();
        match (last, self.now) {
            (Some(at), Some(now)) => saved_at(l, at, now),
            _ => String::new(),
        }
    }
}

/// `草稿已存 14:32`, with the day where it was not today.
fn saved_at(l: &Locale, at: Instant, now: Instant) -> String {
    let text = at.minute_text();
    let clock = text.rsplit(' ').next().unwrap_or_default();
    let shown = if at.day() == now.day() {
        clock.to_owned()
    } else {
        l.minute(at)
    };
    l.text("draft-saved").arg("time", shown).to_string()
}

/// What a script puts in place of the part after a draft was kept.
pub(crate) fn running(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Running, PageError> {
    let read = record::read(context, params, connection)?;
    let drafts = drafts(context, connection, &read)?;
    let links = links(context, connection, &read)?;
    let mut questions = questions(context, &read, Mode::Declare, &links);
    drafts.fill(&read, &mut questions);
    let answered = drafts.answered(&read, &questions);
    Ok(Running::of(&context.l, &read, &drafts).with_answered(answered))
}

impl Page for Running {
    fn head(&self) -> Head {
        Head::new(&self.title)
    }

    fn samples(l: &Locale) -> Samples<Running> {
        let mut empty = Running::sample(l, false);
        empty.sums.clear();
        empty.items.clear();
        Samples {
            ordinary: Running::sample(l, true),
            longest: Running::sample(l, true),
            empty: Some(empty),
            with_error: None,
        }
    }
}
