//! The items of a section: what is known, what is asked, what was said side by side.

use std::collections::HashMap;

use app::Ref;
use score::{Evidence, Item};
use store::Connection;
use web::{Context, Known, Locale, PageError};

use super::record::Read;
use super::{Mode, Question, ShownFile, Side};
use crate::round::RoundItem;
use crate::section::answer::evidence_required;
use crate::section::decision::{is_asked, is_asked_of_village};
use crate::section::evidence::known_type;
use crate::section::value::{Cell, Given, ValueEvent, ValueKind};
use crate::view;

/// Links to the records behind brought values, by reference.
pub(super) fn links(
    context: &Context,
    connection: &mut dyn Connection,
    read: &Read,
) -> Result<HashMap<Ref, String>, PageError> {
    let mut links = HashMap::new();
    for event in read.history.values().flatten() {
        let Some(reference) = &event.reference else {
            continue;
        };
        if let Some(link) = view::link(context, connection, reference)? {
            links.insert(reference.clone(), link);
        }
    }
    Ok(links)
}

/// The items of the section, each as the visitor may see and fill it.
pub(super) fn questions(
    context: &Context,
    read: &Read,
    mode: Mode,
    links: &HashMap<Ref, String>,
) -> Vec<Question> {
    let in_section = |item: &&RoundItem| item.section_no == read.section.section_no;
    let shown = |item: &&RoundItem| item.moment == "period";
    let items = read.items.iter().filter(in_section).filter(shown);
    let mut questions: Vec<Question> = items
        .filter_map(|item| question(context, read, item, mode, links))
        .collect();
    rules_once(&context.l, read, &mut questions);
    questions
}

/// Where one rule reads several items, its text and full mark stand at the first and the others
/// name it: twice the mark would read as twice the marks to be had.
fn rules_once(l: &Locale, read: &Read, questions: &mut [Question]) {
    let scheme = read.plan.scheme();
    let mut first: HashMap<usize, String> = HashMap::new();
    for question in questions {
        let Some((node, _)) = view::node_reading(scheme, &question.code) else {
            continue;
        };
        if let Some(title) = first.get(&node) {
            question.full.clear();
            let shared = l.text("rule-shared").arg("item", title.clone());
            question.rule = shared.to_string();
        } else {
            first.insert(node, question.title.clone());
        }
    }
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
        full: node.map_or_else(String::new, |(_, node)| {
            let full = view::full(l, node);
            if node.full.is_zero() {
                return full;
            }
            l.text("of-full").arg("full", full).to_string()
        }),
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
    question.town_fills =
        !question.is_input && !is_asked_of_village(item) && question.sides.is_empty();
    let before = match mode {
        Mode::Declare => cell.declared.as_ref(),
        _ => cell.counts().map(|(_, given)| given),
    };
    question.value = before
        .and_then(Given::value)
        .map(|v| v.to_string())
        .unwrap_or_default();
    let missing = before.and_then(Given::missing).unwrap_or_default();
    missing.clone_into(&mut question.missing);
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
            is_image: known_type(&file.media_type).starts_with("image/"),
            elsewhere: Vec::new(),
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
