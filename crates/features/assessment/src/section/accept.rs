//! `section.verify_many` and `section.review_many`: many sections of one round are accepted as they
//! stand, in one command; the town's own values are given with them. Each section was seen at a
//! revision; where one has changed since, cannot be accepted, or lacks a value that the town itself
//! gives, nothing is done and it is named.

use std::collections::BTreeSet;

use access::Action;
use app::{Command, Door, Refusal, RefusalKind};
use kernel::{Finding, FindingPlace, PlaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::RoundId;
use crate::round;
use crate::section::Step;
use crate::section::answer::Answer;
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

/// A section to be verified, with what the town itself gives in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToVerify {
    /// The village.
    #[schema(value_type = String, format = "uuid")]
    pub place: PlaceId,
    /// The section's code.
    pub section: String,
    /// Its revision when it was looked at.
    pub revision: i64,
    /// The values that the town gives and has not given yet.
    #[serde(default)]
    pub values: Vec<TownValue>,
}

/// A value that the town itself gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TownValue {
    /// The item's code.
    pub item: String,
    /// The value, as a decimal: `38.62`.
    pub value: String,
}

/// Verifies sections whose values are all accepted as they stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyMany {
    /// The round.
    #[schema(value_type = String, format = "uuid")]
    pub round: RoundId,
    /// The sections, each once, at most 50.
    pub sections: Vec<ToVerify>,
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

impl Command for VerifyMany {
    const NAME: &'static str = "section.verify_many";
    const ACTION: Action = Action::ScoreVerify;
    const CLEAR: &'static [&'static str] = &[
        "round",
        "sections.*.place",
        "sections.*.section",
        "sections.*.revision",
        "sections.*.values.*.item",
        "sections.*.values.*.value",
    ];
    type Answer = Accepted;

    fn run(&self, door: &mut Door<'_>) -> Result<Accepted, Refusal> {
        let seen = |one: &ToVerify| Seen {
            place: one.place,
            section: one.section.clone(),
            revision: one.revision,
        };
        let answer = |given: &TownValue| Answer {
            item: given.item.clone(),
            value: Some(given.value.clone()),
            ..Answer::default()
        };
        let sections = self.sections.iter();
        let with = sections.map(|one| (seen(one), one.values.iter().map(answer).collect()));
        accept(door, self.round, with.collect(), SectionAct::Verify)
    }
}

impl Command for ReviewMany {
    const NAME: &'static str = "section.review_many";
    const ACTION: Action = Action::ScoreReview;
    const CLEAR: &'static [&'static str] = &[
        "round",
        "sections.*.place",
        "sections.*.section",
        "sections.*.revision",
    ];
    type Answer = Accepted;

    fn run(&self, door: &mut Door<'_>) -> Result<Accepted, Refusal> {
        let sections = self.sections.iter().cloned();
        let as_they_stand = sections.map(|seen| (seen, Vec::new())).collect();
        accept(door, self.round, as_they_stand, SectionAct::Review)
    }
}

/// All of them, or none: what is in the way of any is told of each.
fn accept(
    door: &mut Door<'_>,
    round: RoundId,
    sections: Vec<(Seen, Vec<Answer>)>,
    act: SectionAct,
) -> Result<Accepted, Refusal> {
    check(&sections)?;
    let mut steps = Vec::with_capacity(sections.len());
    let mut in_the_way: Option<Refusal> = None;
    for (seen, answers) in sections {
        match begin(door, round, &seen, act) {
            Ok(step) => steps.push((step, seen, answers)),
            Err(refusal) => add(&mut in_the_way, named(door, round, &seen, refusal)?),
        }
    }
    // Two such commands meet at their sections in the same order, and neither waits for the other
    // twice.
    steps.sort_by_key(|(step, ..)| (step.subject.subject_no, step.section.section_no));
    let kind = match act {
        SectionAct::Review => ValueKind::Reviewed,
        _ => ValueKind::Verified,
    };
    for (step, seen, answers) in &steps {
        let moved = step.finish(door, None, None);
        let done = moved.and_then(|_| decide_values(door, step, answers, kind));
        if let Err(refusal) = done {
            add(&mut in_the_way, named(door, round, seen, refusal)?);
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

fn check(sections: &[(Seen, Vec<Answer>)]) -> Result<(), Finding> {
    let error = |code| Finding::error(code).field("sections");
    if sections.is_empty() {
        return Err(error("sections-none"));
    }
    if sections.len() > MANY_MAX {
        return Err(error("sections-too-many").arg("limit", MANY_MAX));
    }
    let named: BTreeSet<_> = sections
        .iter()
        .map(|(seen, _)| (seen.place, &seen.section))
        .collect();
    if named.len() < sections.len() {
        return Err(error("sections-twice"));
    }
    Ok(())
}

/// The field of a value of the town in the list, and the place of what is found there.
pub(crate) fn cell_field(place: PlaceId, section: &str, item: &str) -> String {
    format!("cells.{place}.{section}.{item}")
}

/// The refusal of one section: what is wrong with a value stands at its cell, what is wrong with
/// the section has the section's name before it.
fn named(
    door: &mut Door<'_>,
    round: RoundId,
    seen: &Seen,
    mut refusal: Refusal,
) -> Result<Refusal, Refusal> {
    if !is_told(refusal.kind) {
        return Ok(refusal);
    }
    let mut of_section = false;
    for finding in &mut refusal.findings {
        let item = match &finding.place {
            FindingPlace::Field(path) => {
                let item = path.strip_prefix("items.");
                item.and_then(|rest| rest.split('.').next())
            }
            _ => None,
        };
        let Some(item) = item else {
            finding.place = FindingPlace::Whole;
            of_section = true;
            continue;
        };
        finding.place = FindingPlace::Field(cell_field(seen.place, &seen.section, item).into());
        if finding.code == "value-required" {
            finding.code = "town-value-required".into();
        }
    }
    if of_section {
        let tenant = door.tenant();
        let subject = round::subject(door.connection(), tenant, round, seen.place)?;
        let village = subject.map(|subject| subject.shown_name().to_owned());
        let name = Finding::error("section-in-the-way")
            .arg("village", village.unwrap_or_default())
            .arg("section", seen.section.as_str());
        refusal.findings.insert(0, name);
    }
    Ok(refusal)
}

/// Whether what was found may be told of each section: it is not that one may not do it at all.
fn is_told(kind: RefusalKind) -> bool {
    matches!(kind, RefusalKind::Invalid | RefusalKind::Conflict)
}

/// A denial hides what else was found; a lost race weighs more than what is missing.
fn add(to: &mut Option<Refusal>, more: Refusal) {
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
