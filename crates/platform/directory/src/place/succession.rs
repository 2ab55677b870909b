//! What becomes of places: mergers, splits, ends, returns, moves, and new places below others.
//!
//! Each is one command with a day, a reason and a document. What ends does so on the day before,
//! keeps what the record holds of it, and is linked to what stands in its stead. None of them is
//! written before a later change of the same place: the record would say two things of one day.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Day, Finding, FindingPlace, PlaceId};
use store::{StoreError, values};

use super::code::check_code;
use super::{
    ChangeKind, DOCUMENT_MAX, LinkKind, PLACE_CHANGE, Place, PlaceChange, PlaceDraft, PlaceLevel,
    PlaceLink, REASON_MAX, check_places, get, get_many, links_of, read, stretches, versions,
    write_links, write_places, write_versions,
};
use crate::{Recorder, WriteError};

/// What stands in the stead of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Successor {
    /// A place that is there already and stays.
    Stays(PlaceId),
    /// A new place; its first day is the day of the change, whatever the draft says.
    New(PlaceDraft),
}

impl Successor {
    /// Which place.
    pub fn place(&self) -> PlaceId {
        match self {
            Successor::Stays(place) => *place,
            Successor::New(draft) => draft.place,
        }
    }
}

/// Places and what stands in their stead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Succession {
    /// A merger or a split, its day, reason and document.
    pub change: PlaceChange,
    /// The places that end; in a split the one place, which may also be among the successors.
    pub sources: Vec<PlaceId>,
    /// What stands in their stead: one in a merger, several in a split.
    pub successors: Vec<Successor>,
    /// Below which successor, by its index, each place goes that stands below a source.
    pub children: BTreeMap<PlaceId, usize>,
}

/// Carries out a merger or a split. Findings name `day`, `reason`, `document`, `sources.0`,
/// `successors.0` with the fields of a draft, and `children.{id}` with the name of the place.
pub fn succeed(recorder: &mut dyn Recorder, wanted: &Succession) -> Result<(), WriteError> {
    let mut findings = check_change(recorder, &wanted.change, (1, 1));
    let sources = check_sources(recorder, wanted, &mut findings)?;
    check_successors(recorder, wanted, &sources, &mut findings)?;
    let moved = children(recorder, wanted, &sources, &mut findings)?;
    let eve = wanted.change.day.plus_days(-1);
    let stays: BTreeSet<PlaceId> = wanted.successors.iter().map(Successor::place).collect();
    let mut drafts = Vec::new();
    for successor in &wanted.successors {
        if let Successor::New(draft) = successor {
            drafts.push(PlaceDraft {
                valid_from: wanted.change.day,
                valid_to: None,
                ..draft.clone()
            });
        }
    }
    let ending = sources.iter().filter(|place| !stays.contains(&place.place));
    drafts.extend(ending.map(|place| PlaceDraft {
        valid_to: Some(eve),
        ..draft_of(place)
    }));
    drafts.extend(moved);
    let found = at_successors(check_places(recorder, &drafts)?, wanted);
    let told: Vec<FindingPlace> = findings.iter().map(|told| told.place.clone()).collect();
    // Beside other findings only what does not follow from them: the names and codes of new places.
    let is_new = |found: &Finding| {
        matches!(&found.place, FindingPlace::Field(at)
            if at.ends_with(".name") || at.ends_with(".code"))
    };
    let adds = |found: &Finding| is_new(found) && !told.contains(&found.place);
    let alone = told.is_empty();
    findings.extend(found.into_iter().filter(|found| alone || adds(found)));
    WriteError::refuse_if_any(findings)?;
    write_change(recorder, &wanted.change)?;
    write_versions(recorder, &drafts)?;
    write_links(recorder, &links(wanted))?;
    Ok(())
}

/// Ends places without a successor, the day before `change.day`; from its own first day on a place
/// never was. Nothing but others of them may stand below one.
pub fn end(
    recorder: &mut dyn Recorder,
    places: &[PlaceId],
    change: &PlaceChange,
) -> Result<(), WriteError> {
    let tenant = recorder.tenant();
    let known = get_many(recorder.connection(), tenant, places)?;
    // A village draws its grids itself; for what is above, a document orders it.
    let are_grids = known.iter().all(|place| place.level() >= PlaceLevel::Grid);
    let mut findings = check_change(recorder, change, (1, usize::from(!are_grids)));
    let mut drafts = Vec::new();
    for place in places {
        let found = check_existing(recorder, *place, "place", change.day, &mut findings)?;
        drafts.extend(found.map(|found| PlaceDraft {
            valid_to: Some(change.day.plus_days(-1)),
            ..draft_of(&found)
        }));
    }
    WriteError::refuse_if_any(findings)?;
    write_change(recorder, change)?;
    // The place itself comes last, and its findings are those of the form.
    write_places(recorder, &drafts).map_err(at_ends)
}

/// Brings back a place that ended, as it was, below the place where it stood or another.
pub fn resume(
    recorder: &mut dyn Recorder,
    place: PlaceId,
    parent: Option<PlaceId>,
    change: &PlaceChange,
) -> Result<(), WriteError> {
    let mut findings = check_change(recorder, change, (1, 1));
    let tenant = recorder.tenant();
    let found = get(recorder.connection(), tenant, place)?;
    match found.as_ref().map(|found| found.valid_to) {
        None => findings.push(Finding::error("place-unknown").field("place")),
        Some(None) => findings.push(Finding::error("place-not-ended").field("place")),
        Some(Some(ended)) if ended >= change.day => findings.push(
            Finding::error("place-day-before-end")
                .field("day")
                .arg("found", change.day.to_string())
                .arg("expected", ended.to_string()),
        ),
        Some(Some(_)) => {}
    }
    let parent = parent.or_else(|| found.as_ref().and_then(|found| found.parent));
    check_parent(recorder, parent, change.day, &mut findings)?;
    WriteError::refuse_if_any(findings)?;
    let Some(found) = found else { return Ok(()) };
    let draft = PlaceDraft {
        parent,
        valid_from: change.day,
        valid_to: None,
        ..draft_of(&found)
    };
    write_change(recorder, change)?;
    write_places(recorder, &[draft]).map_err(at_fields)
}

/// Puts a place with everything below it below another one.
pub fn move_below(
    recorder: &mut dyn Recorder,
    place: PlaceId,
    parent: PlaceId,
    change: &PlaceChange,
) -> Result<(), WriteError> {
    let mut findings = check_change(recorder, change, (1, 1));
    let found = check_existing(recorder, place, "place", change.day, &mut findings)?;
    if place == parent {
        findings.push(Finding::error("place-parent-itself").field("parent"));
    } else if found
        .as_ref()
        .is_some_and(|found| found.parent == Some(parent))
    {
        findings.push(Finding::error("place-unchanged").field("parent"));
    } else {
        check_parent(recorder, Some(parent), change.day, &mut findings)?;
    }
    WriteError::refuse_if_any(findings)?;
    let Some(found) = found else { return Ok(()) };
    let draft = PlaceDraft {
        parent: Some(parent),
        valid_from: change.day,
        ..draft_of(&found)
    };
    write_change(recorder, change)?;
    write_places(recorder, &[draft]).map_err(at_fields)
}

/// Begins new places below others, on the day of the change whatever the drafts say. Findings name
/// a draft by its index, `places.0.name`.
pub fn begin(
    recorder: &mut dyn Recorder,
    drafts: &[PlaceDraft],
    change: &PlaceChange,
) -> Result<(), WriteError> {
    let mut findings = check_change(recorder, change, (0, 0));
    let parents: BTreeSet<PlaceId> = drafts.iter().filter_map(|draft| draft.parent).collect();
    for parent in parents {
        check_parent(recorder, Some(parent), change.day, &mut findings)?;
    }
    WriteError::refuse_if_any(findings)?;
    let dated = |draft: &PlaceDraft| PlaceDraft {
        valid_from: change.day,
        valid_to: None,
        ..draft.clone()
    };
    let drafts: Vec<PlaceDraft> = drafts.iter().map(dated).collect();
    write_change(recorder, change)?;
    write_places(recorder, &drafts)
}

/// The same again, as a draft of the next version.
pub(super) fn draft_of(place: &Place) -> PlaceDraft {
    PlaceDraft {
        place: place.place,
        kind: place.kind,
        name: place.name.clone(),
        alias: place.alias.clone(),
        code: place.code,
        parent: place.parent,
        valid_from: place.valid_from,
        valid_to: place.valid_to,
    }
}

/// The day, and the texts: reason and document of so many characters at least.
pub(super) fn check_change(
    recorder: &mut dyn Recorder,
    change: &PlaceChange,
    least: (usize, usize),
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let today = recorder.now().day();
    if change.day > today {
        let finding = Finding::error("day-in-future").field("day");
        findings.push(finding.arg("found", change.day.to_string()));
    }
    findings.extend(check_texts(&change.reason, &change.document, least));
    findings
}

/// Reason and document of a change, of so many characters at least.
pub fn check_texts(
    reason: &str,
    document: &str,
    (reason_least, document_least): (usize, usize),
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (field, text, least, most) in [
        ("reason", reason, reason_least, REASON_MAX),
        ("document", document, document_least, DOCUMENT_MAX),
    ] {
        let length = text.chars().count();
        if length > most || text.trim().chars().count() < least {
            let finding = Finding::error("place-change-text-length").field(field);
            findings.push(finding.arg("found", length).arg("expected", most));
        }
    }
    findings
}

/// A place that is there now, and has been as it is now since the day of the change at the latest.
/// What changes on the first day of that state leaves nothing of it: it was recorded by mistake, or
/// by a file that did not say since when.
fn check_existing(
    recorder: &mut dyn Recorder,
    place: PlaceId,
    field: &str,
    day: Day,
    findings: &mut Vec<Finding>,
) -> Result<Option<Place>, StoreError> {
    let tenant = recorder.tenant();
    let Some(found) = get(recorder.connection(), tenant, place)? else {
        findings.push(Finding::error("place-unknown").field(field.to_owned()));
        return Ok(None);
    };
    let finding = if found.valid_to.is_some() {
        super::ended(&found)
    } else if found.valid_from > day {
        Finding::error("place-day-before-begin")
            .arg("found", day.to_string())
            .arg("expected", found.valid_from.to_string())
    } else {
        return Ok(Some(found));
    };
    findings.push(
        finding
            .field(field.to_owned())
            .arg("name", found.shown_name()),
    );
    Ok(Some(found))
}

/// A place that has been there without a gap since the day of the change at the latest.
fn check_parent(
    recorder: &mut dyn Recorder,
    parent: Option<PlaceId>,
    day: Day,
    findings: &mut Vec<Finding>,
) -> Result<(), StoreError> {
    let Some(parent) = parent else { return Ok(()) };
    let tenant = recorder.tenant();
    let stretches = stretches(&versions(recorder.connection(), tenant, parent)?);
    let Some(last) = stretches.last() else {
        findings.push(Finding::error("place-parent-unknown").field("parent"));
        return Ok(());
    };
    let name = last.shown_name().to_owned();
    if last.valid_to.is_some() {
        let finding = Finding::error("place-parent-ended").field("parent");
        findings.push(finding.arg("name", name));
        return Ok(());
    }
    let since = there_since(&stretches);
    if since > day {
        findings.push(
            Finding::error("place-parent-not-begun")
                .field("parent")
                .arg("name", name)
                .arg("found", day.to_string())
                .arg("expected", since.to_string()),
        );
    }
    Ok(())
}

/// The first day of the last unbroken run of stretches.
fn there_since(stretches: &[Place]) -> Day {
    let mut since = stretches[stretches.len() - 1].valid_from;
    for stretch in stretches.iter().rev().skip(1) {
        if stretch.valid_to != Some(since.plus_days(-1)) {
            break;
        }
        since = stretch.valid_from;
    }
    since
}

fn check_sources(
    recorder: &mut dyn Recorder,
    wanted: &Succession,
    findings: &mut Vec<Finding>,
) -> Result<Vec<Place>, StoreError> {
    let is_merger = wanted.change.kind == ChangeKind::Merge;
    let all: BTreeSet<PlaceId> = wanted
        .sources
        .iter()
        .copied()
        .chain(wanted.successors.iter().map(Successor::place))
        .collect();
    // A merger needs two places that become one; a split one that becomes two.
    let enough = if is_merger {
        let stays = matches!(wanted.successors[..], [Successor::Stays(_)]);
        wanted.sources.len() >= if stays { 1 } else { 2 } && wanted.successors.len() == 1
    } else {
        wanted.sources.len() == 1 && wanted.successors.len() >= 2
    };
    if !enough || all.len() < 2 {
        let code = if is_merger {
            "merge-too-few"
        } else {
            "split-too-few"
        };
        findings.push(Finding::error(code).field("sources"));
    }
    let mut seen = BTreeSet::new();
    let mut sources: Vec<Place> = Vec::new();
    for (index, source) in wanted.sources.iter().enumerate() {
        let field = format!("sources.{index}");
        if !seen.insert(*source) {
            findings.push(Finding::error("place-twice").field(field));
            continue;
        }
        let day = wanted.change.day;
        let Some(found) = check_existing(recorder, *source, &field, day, findings)? else {
            continue;
        };
        if sources
            .first()
            .is_some_and(|first| first.level() != found.level())
        {
            let finding = Finding::error("place-levels-differ").field(field);
            findings.push(finding.arg("name", found.shown_name()));
        }
        sources.push(found);
    }
    Ok(sources)
}

fn check_successors(
    recorder: &mut dyn Recorder,
    wanted: &Succession,
    sources: &[Place],
    findings: &mut Vec<Finding>,
) -> Result<(), StoreError> {
    let tenant = recorder.tenant();
    let mut seen = BTreeSet::new();
    for (index, successor) in wanted.successors.iter().enumerate() {
        let field = format!("successors.{index}");
        let itself = wanted.sources.contains(&successor.place());
        if !seen.insert(successor.place()) {
            findings.push(Finding::error("place-twice").field(field.clone()));
        } else if itself && wanted.change.kind == ChangeKind::Merge {
            findings.push(Finding::error("place-succeeds-itself").field(field.clone()));
        }
        let level = match successor {
            Successor::New(draft) => {
                check_parent(recorder, draft.parent, wanted.change.day, findings)?;
                // A place that ends may leave its own code behind, wherever it lies.
                let left = |source: &Place| source.code.is_some() && source.code == draft.code;
                if let Some(code) = draft.code.filter(|_| !sources.iter().any(left)) {
                    let at = format!("{field}.code");
                    let wrong = check_code(recorder, code, draft.kind.level(), draft.parent)?;
                    findings.extend(wrong.map(|finding| finding.field(at)));
                }
                Some(draft.kind.level())
            }
            Successor::Stays(_) if itself => None,
            Successor::Stays(place) => {
                let day = wanted.change.day;
                check_existing(recorder, *place, &field, day, findings)?.map(|at| at.level())
            }
        };
        if let (Some(level), Some(first)) = (level, sources.first())
            && level != first.level()
        {
            let finding = Finding::error("place-levels-differ").field(field.clone());
            findings.push(finding.arg("name", first.shown_name()));
        }
        let linked = links_of(recorder.connection(), tenant, successor.place())?;
        if linked
            .iter()
            .any(|link| link.day == wanted.change.day && wanted.sources.contains(&link.predecessor))
        {
            findings.push(Finding::error("place-link-twice").field(field));
        }
    }
    Ok(())
}

/// Versions of the places below the sources, below what they go to.
fn children(
    recorder: &mut dyn Recorder,
    wanted: &Succession,
    sources: &[Place],
    findings: &mut Vec<Finding>,
) -> Result<Vec<PlaceDraft>, StoreError> {
    let (tenant, day) = (recorder.tenant(), wanted.change.day);
    let mut drafts = Vec::new();
    let mut gone: BTreeSet<PlaceId> = wanted.children.keys().copied().collect();
    for source in sources {
        let below = read::children_until(recorder.connection(), tenant, source.place)?;
        let there = |child: &Place| child.valid_to.is_none_or(|to| to >= day);
        for child in below.into_iter().filter(there) {
            gone.remove(&child.place);
            let to = wanted.children.get(&child.place);
            let code = match to.map(|index| wanted.successors.get(*index)) {
                None => "place-child-not-said",
                Some(None) => "place-successor-unknown",
                Some(Some(to)) if to.place() == source.place => continue,
                Some(Some(_)) if child.valid_from > day => "place-changed-since",
                Some(Some(to)) => {
                    drafts.push(PlaceDraft {
                        parent: Some(to.place()),
                        valid_from: day,
                        ..draft_of(&child)
                    });
                    continue;
                }
            };
            let finding = Finding::error(code).field(format!("children.{}", child.place));
            findings.push(finding.arg("name", child.shown_name()));
        }
    }
    // What is named and stands there no more has gone elsewhere since that day.
    for child in get_many(recorder.connection(), tenant, &Vec::from_iter(gone))? {
        let finding = Finding::error("place-changed-since");
        let finding = finding.field(format!("children.{}", child.place));
        findings.push(finding.arg("name", child.shown_name()));
    }
    Ok(drafts)
}

fn links(wanted: &Succession) -> Vec<PlaceLink> {
    let (kind, share) = match wanted.change.kind {
        ChangeKind::Merge => (LinkKind::Merge, Some(kernel::Decimal::ONE)),
        _ => (LinkKind::Split, None),
    };
    let mut links = Vec::new();
    for source in &wanted.sources {
        for successor in &wanted.successors {
            if *source != successor.place() {
                links.push(PlaceLink {
                    predecessor: *source,
                    successor: successor.place(),
                    day: wanted.change.day,
                    kind,
                    share,
                });
            }
        }
    }
    links
}

pub(super) fn write_change(
    recorder: &mut dyn Recorder,
    change: &PlaceChange,
) -> Result<(), StoreError> {
    let row = Vec::from(values![
        recorder.tenant(),
        recorder.command(),
        change.kind,
        change.day,
        change.reason.trim(),
        change.document.trim(),
        recorder.now(),
    ]);
    recorder.append(&PLACE_CHANGE, &[row])
}

/// Findings of the one draft at the fields of the change.
fn at_fields(error: WriteError) -> WriteError {
    at(error, &|path| {
        let field = path.strip_prefix("places.0.")?;
        Some(match field {
            "valid_from" | "valid_to" => "day".to_owned(),
            field => field.to_owned(),
        })
    })
}

/// Findings of places that end, at the fields of the change: whichever of them it is.
fn at_ends(error: WriteError) -> WriteError {
    at(error, &|path| {
        let (_, field) = path.strip_prefix("places.")?.split_once('.')?;
        Some(match field {
            "valid_from" | "valid_to" => "day".to_owned(),
            field => field.to_owned(),
        })
    })
}

/// Findings of the drafts at the successors they are of: new ones come first among the drafts.
fn at_successors(findings: Vec<Finding>, wanted: &Succession) -> Vec<Finding> {
    let new: Vec<usize> = (0..wanted.successors.len())
        .filter(|index| matches!(wanted.successors[*index], Successor::New(_)))
        .collect();
    moved(findings, &|path| {
        let (index, field) = path.strip_prefix("places.")?.split_once('.')?;
        let index = new.get(index.parse::<usize>().ok()?)?;
        Some(format!("successors.{index}.{field}"))
    })
}

fn at(error: WriteError, to: &dyn Fn(&str) -> Option<String>) -> WriteError {
    match error {
        WriteError::Findings(findings) => WriteError::Findings(moved(findings, to)),
        error @ WriteError::Store(_) => error,
    }
}

/// The findings, each at the field that its own becomes.
pub(super) fn moved(
    mut findings: Vec<Finding>,
    to: &dyn Fn(&str) -> Option<String>,
) -> Vec<Finding> {
    for finding in &mut findings {
        if let FindingPlace::Field(path) = &finding.place
            && let Some(field) = to(path)
        {
            finding.place = FindingPlace::Field(field.into());
        }
    }
    findings
}
