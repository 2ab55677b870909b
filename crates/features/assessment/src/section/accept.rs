//! `section.verify_many` and `section.review_many`: many sections of one round are accepted as they
//! stand, in one command. Each was seen at a revision; where one has changed since, cannot be
//! accepted, or lacks a value that the town itself gives, nothing is done and it is named.

use std::collections::BTreeSet;

use access::Action;
use app::{Command, Door, Refusal, RefusalKind};
use kernel::{Finding, FindingPlace, PlaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::RoundId;
use crate::round;
use crate::section::Step;
use crate::section::cell::{self, Cells};
use crate::section::decision::decide_values;
use crate::section::value::ValueKind;
use crate::transition::SectionAct;

/// Most sections in one command: as many as a page shows.
pub const MANY_MAX: usize = 50;

/// A section as the sender saw it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// The village.
    #[schema(value_type = String, format = "uuid")]
    pub place: PlaceId,
    /// The section's code.
    pub section: String,
    /// Its revision when it was looked at.
    pub revision: i64,
}

/// Verifies sections whose values are all accepted as they stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyMany {
    /// The round.
    #[schema(value_type = String, format = "uuid")]
    pub round: RoundId,
    /// The sections, each once, at most 50.
    pub sections: Vec<Seen>,
}

/// Reviews sections whose values are all accepted as they stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewMany {
    /// The round.
    #[schema(value_type = String, format = "uuid")]
    pub round: RoundId,
    /// The sections, each once, at most 50.
    pub sections: Vec<Seen>,
}

/// How many sections moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Accepted {
    /// All that were named, or the command is refused.
    pub sections: usize,
}

const CLEAR: &[&str] = &[
    "round",
    "sections.*.place",
    "sections.*.section",
    "sections.*.revision",
];

impl Command for VerifyMany {
    const NAME: &'static str = "section.verify_many";
    const ACTION: Action = Action::ScoreVerify;
    const CLEAR: &'static [&'static str] = CLEAR;
    type Answer = Accepted;

    fn run(&self, door: &mut Door<'_>) -> Result<Accepted, Refusal> {
        accept(door, self.round, &self.sections, SectionAct::Verify)
    }
}

impl Command for ReviewMany {
    const NAME: &'static str = "section.review_many";
    const ACTION: Action = Action::ScoreReview;
    const CLEAR: &'static [&'static str] = CLEAR;
    type Answer = Accepted;

    fn run(&self, door: &mut Door<'_>) -> Result<Accepted, Refusal> {
        accept(door, self.round, &self.sections, SectionAct::Review)
    }
}

/// All of them, or none: what is in the way of any is told of each.
fn accept(
    door: &mut Door<'_>,
    round: RoundId,
    sections: &[Seen],
    act: SectionAct,
) -> Result<Accepted, Refusal> {
    check(sections)?;
    let mut steps = Vec::with_capacity(sections.len());
    let mut in_the_way: Option<Refusal> = None;
    for seen in sections {
        match begin(door, round, seen, act) {
            Ok(step) => steps.push(step),
            Err(refusal) => add(&mut in_the_way, named(door, round, seen, refusal)?),
        }
    }
    if let Some(refusal) = in_the_way {
        return Err(refusal);
    }
    // Two such commands meet at their sections in the same order, and neither waits for the other
    // twice.
    steps.sort_by_key(|step| (step.subject.subject_no, step.section.section_no));
    let kind = match act {
        SectionAct::Review => ValueKind::Reviewed,
        _ => ValueKind::Verified,
    };
    for step in &steps {
        let moved = step.finish(door, None, None);
        let done = moved.and_then(|_| decide_values(door, step, &[], kind));
        if let Err(refusal) = done {
            let seen = Seen {
                place: step.subject.place,
                section: step.section.code.clone(),
                revision: step.now.revision,
            };
            add(&mut in_the_way, named(door, round, &seen, refusal)?);
        }
    }
    match in_the_way {
        Some(refusal) => Err(refusal),
        None => Ok(Accepted {
            sections: steps.len(),
        }),
    }
}

/// One section, found and allowed to be accepted as it stands. What the town changed is reviewed
/// one by one.
fn begin(
    door: &mut Door<'_>,
    round: RoundId,
    seen: &Seen,
    act: SectionAct,
) -> Result<Step, Refusal> {
    let address = (round, seen.place, seen.section.as_str());
    let step = Step::begin_seen(door, address, act, Some(seen.revision))?;
    if act == SectionAct::Review {
        let (tenant, number) = (door.tenant(), step.subject.subject_no);
        let cells = cell::of_subject(door.connection(), tenant, round, number)?;
        let items = round::items(door.connection(), tenant, round)?;
        let own = items
            .iter()
            .filter(|item| item.section_no == step.section.section_no);
        let own: BTreeSet<i64> = own.map(|item| item.item_no).collect();
        if changed_items(&cells, number, &own) > 0 {
            return Err(Finding::error("section-was-changed").into());
        }
    }
    Ok(step)
}

/// How many of these items of a subject have a later word that differs from the one before.
pub(crate) fn changed_items(cells: &Cells, subject_no: i64, items: &BTreeSet<i64>) -> usize {
    let differs = |item: &&i64| {
        let Some(cell) = cells.get(&(subject_no, **item)) else {
            return false;
        };
        let said = [
            &cell.declared,
            &cell.verified,
            &cell.reviewed,
            &cell.corrected,
        ];
        let said: Vec<_> = said.into_iter().flatten().collect();
        said.windows(2).any(|pair| pair[0] != pair[1])
    };
    items.iter().filter(differs).count()
}

fn check(sections: &[Seen]) -> Result<(), Finding> {
    let error = |code| Finding::error(code).field("sections");
    if sections.is_empty() {
        return Err(error("sections-none"));
    }
    if sections.len() > MANY_MAX {
        return Err(error("sections-too-many").arg("limit", MANY_MAX));
    }
    let named: BTreeSet<_> = sections
        .iter()
        .map(|seen| (seen.place, &seen.section))
        .collect();
    if named.len() < sections.len() {
        return Err(error("sections-twice"));
    }
    Ok(())
}

/// The refusal of one section, with the section's name before it. What stands at fields of the
/// section's own form stands at none here.
fn named(
    door: &mut Door<'_>,
    round: RoundId,
    seen: &Seen,
    mut refusal: Refusal,
) -> Result<Refusal, Refusal> {
    if !matches!(refusal.kind, RefusalKind::Invalid | RefusalKind::Conflict) {
        return Ok(refusal);
    }
    let tenant = door.tenant();
    let subject = round::subject(door.connection(), tenant, round, seen.place)?;
    let village = subject.map(|subject| subject.shown_name().to_owned());
    let before = refusal.findings.len();
    refusal
        .findings
        .retain(|found| found.code != "value-required");
    if refusal.findings.len() < before {
        refusal
            .findings
            .push(Finding::error("section-needs-values"));
    }
    for finding in &mut refusal.findings {
        finding.place = FindingPlace::Whole;
    }
    let name = Finding::error("section-in-the-way")
        .arg("village", village.unwrap_or_default())
        .arg("section", seen.section.as_str());
    refusal.findings.insert(0, name);
    Ok(refusal)
}

/// A denial hides what else was found; a lost race weighs more than what is missing.
fn add(to: &mut Option<Refusal>, more: Refusal) {
    let is_told = |kind| matches!(kind, RefusalKind::Invalid | RefusalKind::Conflict);
    match to {
        Some(first) if !is_told(first.kind) => {}
        Some(first) if is_told(more.kind) => {
            if more.kind == RefusalKind::Conflict {
                first.kind = RefusalKind::Conflict;
            }
            first.findings.extend(more.findings);
        }
        _ => *to = Some(more),
    }
}
