//! What a section's values become at a step: declared, verified or reviewed, all at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use app::upload::Upload;
use app::{Door, FileHash, Refusal};
use kernel::{Day, Decimal, Finding};
use score::{Choice, Item, ItemSource, Moment, Plan};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::round::{self, RoundItem};
use crate::section::answer::{
    Answer, append_evidence, check_evidence, field, known_files, too_long,
};
use crate::section::cell::{self, Cells, NewValue};
use crate::section::evidence::Known;
use crate::section::value::{Cell, Given, ValueKind};
use crate::section::{Moved, REASON_MAX, Step};
use crate::{scheme, section::estimate};

/// Where a section stands after a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SectionMoved {
    /// The state's word: `submitted`.
    pub state: String,
    /// The revision, to be sent with the next command.
    pub revision: i64,
}

impl From<Moved> for SectionMoved {
    fn from(moved: Moved) -> SectionMoved {
        SectionMoved {
            state: moved.state.name().to_owned(),
            revision: moved.revision,
        }
    }
}

/// The questions of a section, with the plan.
pub(crate) struct Questions {
    pub plan: Arc<Plan>,
    /// Every column of the round.
    pub items: Vec<RoundItem>,
    /// The section.
    pub section_no: i64,
}

impl Questions {
    /// The questions of the section of a step.
    pub fn of(door: &mut Door<'_>, step: &Step) -> Result<Questions, Refusal> {
        let tenant = door.tenant();
        let round = &step.round;
        Ok(Questions {
            plan: scheme::plan_of_round(door.connection(), tenant, round)?,
            items: round::items(door.connection(), tenant, round.round)?,
            section_no: step.section.section_no,
        })
    }

    /// The columns that people give in this section.
    pub fn asked(&self) -> impl Iterator<Item = &RoundItem> {
        let asked = |item: &&RoundItem| is_asked(item) && item.section_no == self.section_no;
        self.items.iter().filter(asked)
    }

    fn definition(&self, item: &RoundItem) -> &Item {
        let scheme = self.plan.scheme();
        &scheme.items[scheme
            .item_index(&item.code)
            .expect("a round's items are its scheme's")]
    }
}

/// Whether people give this column.
pub fn is_asked(item: &RoundItem) -> bool {
    item.moment == Moment::Period.word() && item.source != ItemSource::Record.word()
}

/// Whether the village is asked; else the town gives the value when it verifies.
pub fn is_asked_of_village(item: &RoundItem) -> bool {
    is_asked(item) && item.source == ItemSource::Declared.word()
}

/// Gives the section's questions new values of a kind, and renews the estimate. Findings stand at
/// the fields `items.{code}.value`, `.missing`, `.reason` and `.evidence`.
pub(crate) fn decide_values(
    door: &mut Door<'_>,
    step: &Step,
    answers: &[Answer],
    kind: ValueKind,
) -> Result<(), Refusal> {
    let questions = Questions::of(door, step)?;
    let (tenant, round, subject_no) = (door.tenant(), step.round.round, step.subject.subject_no);
    let mut cells = cell::of_subject(door.connection(), tenant, round, subject_no)?;
    let shown: Vec<_> = answers
        .iter()
        .flat_map(|answer| answer.evidence.clone())
        .collect();
    let known = known_files(door, (round, subject_no), &shown)?;
    let held = Held {
        today: door.today(),
        cells: &cells,
        subject_no,
        known,
    };
    let decided = decide_all(&held, &questions, answers, kind)?;
    let new: Vec<NewValue> = decided
        .iter()
        .map(|decided| decided.value.clone())
        .collect();
    let before: Vec<Option<Decimal>> = new.iter().map(|new| counted(&cells, new)).collect();
    cell::append(door, round, &mut cells, &new)?;
    for Decided {
        value,
        answer,
        files,
    } in &decided
    {
        let seq = cells[&(subject_no, value.item_no)].revision;
        if let Some(answer) = answer {
            append_evidence(door, (round, subject_no, value.item_no, seq), answer, files)?;
        }
    }
    if new
        .iter()
        .zip(before)
        .all(|(new, before)| counted(&cells, new) == before)
    {
        // Accepted as it was: the estimate follows from the values that count.
        return Ok(());
    }
    let Questions { plan, items, .. } = &questions;
    let estimate = estimate::of(plan, &step.subject, items, &cells);
    estimate::keep(door.connection(), tenant, round, subject_no, estimate)?;
    Ok(())
}

/// The value that counts in the cell of a new value.
fn counted(cells: &Cells, new: &NewValue) -> Option<Decimal> {
    let cell = cells.get(&(new.subject_no, new.item_no));
    cell.and_then(Cell::value)
}

/// A value with its answer, where one was given, and its checked files.
struct Decided<'a> {
    value: NewValue,
    answer: Option<&'a Answer>,
    files: Vec<(FileHash, Upload)>,
}

/// What is held already, when values are decided on.
pub(crate) struct Held<'a> {
    pub today: Day,
    pub cells: &'a Cells,
    pub subject_no: i64,
    /// Files that may be shown.
    pub known: Known,
}

/// What the command would find if these answers were declared now; nothing is written.
pub(crate) fn missing(held: &Held<'_>, questions: &Questions, answers: &[Answer]) -> Vec<Finding> {
    match decide_all(held, questions, answers, ValueKind::Declared) {
        Ok(_) => Vec::new(),
        Err(refusal) => refusal.findings,
    }
}

fn decide_all<'a>(
    held: &Held<'_>,
    questions: &Questions,
    answers: &'a [Answer],
    kind: ValueKind,
) -> Result<Vec<Decided<'a>>, Refusal> {
    let of_village = kind == ValueKind::Declared;
    let asked: Vec<&RoundItem> = questions
        .asked()
        .filter(|item| !of_village || is_asked_of_village(item))
        .collect();
    let (by_code, mut findings) = sort(answers, &asked);
    let mut decided = Vec::new();
    for item in asked {
        let before = held
            .cells
            .get(&(held.subject_no, item.item_no))
            .and_then(|cell| cell.counts());
        let before = if of_village {
            None
        } else {
            before.map(|(_, given)| given)
        };
        let answer = by_code.get(item.code.as_str()).copied();
        let definition = questions.definition(item);
        match decide_one(held, definition, answer, before) {
            Err(finding) => findings.push(finding),
            Ok((given, reason, files)) => decided.push(Decided {
                value: NewValue {
                    subject_no: held.subject_no,
                    item_no: item.item_no,
                    kind,
                    given,
                    reason,
                    origin: None,
                },
                answer,
                files,
            }),
        }
    }
    if findings.is_empty() {
        Ok(decided)
    } else {
        Err(findings.into())
    }
}

/// The answers by item; findings for what is not asked here and what is answered twice.
fn sort<'a>(
    answers: &'a [Answer],
    asked: &[&RoundItem],
) -> (BTreeMap<&'a str, &'a Answer>, Vec<Finding>) {
    let known: BTreeSet<&str> = asked.iter().map(|item| item.code.as_str()).collect();
    let mut sorted = BTreeMap::new();
    let mut findings = Vec::new();
    for answer in answers {
        let at = field(&answer.item, "value");
        if !known.contains(answer.item.as_str()) {
            let item = answer.item.as_str();
            findings.push(Finding::error("item-not-asked").field(at).arg("item", item));
        } else if sorted.insert(answer.item.as_str(), answer).is_some() {
            findings.push(
                Finding::error("item-twice")
                    .field(at)
                    .arg("item", answer.item.as_str()),
            );
        }
    }
    (sorted, findings)
}

type One = (Given, Option<String>, Vec<(FileHash, Upload)>);

/// What one question becomes: the answer, or the value before where nothing was said.
fn decide_one(
    held: &Held<'_>,
    item: &Item,
    answer: Option<&Answer>,
    before: Option<&Given>,
) -> Result<One, Finding> {
    let silent = answer.is_none_or(|answer| answer.value.is_none() && answer.missing.is_none());
    let (answer, given) = match (answer, before) {
        (None, Some(before)) => return Ok((before.clone(), None, Vec::new())),
        (None, None) => {
            return Err(Finding::error("value-required").field(field(&item.code, "value")));
        }
        // The value stands; a reason or a file said with it stands beside it.
        (Some(answer), Some(before)) if silent => (answer, before.clone()),
        (Some(answer), _) => (answer, answer.given(item)?),
    };
    let reason = answer
        .reason
        .as_deref()
        .map(str::trim)
        .filter(|reason| !reason.is_empty());
    let at = field(&item.code, "reason");
    too_long(reason.unwrap_or_default(), REASON_MAX, &at)?;
    if before.is_some_and(|before| *before != given) && reason.is_none() {
        return Err(Finding::error("reason-for-change").field(at));
    }
    let files = match before {
        // Who declares shows evidence; who verifies may.
        None if item.source == ItemSource::Declared => {
            check_evidence(held.today, &held.known, item, answer, &given)?
        }
        _ if answer.evidence.is_empty() => Vec::new(),
        _ => check_evidence(held.today, &held.known, item, answer, &given)?,
    };
    Ok((given, reason.map(str::to_owned), files))
}
