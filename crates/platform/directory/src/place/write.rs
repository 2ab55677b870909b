//! Writing versions of places, with the checks that no constraint of the database can make.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use kernel::{CommandId, Day, DivisionCode, Finding, PlaceId, Tenant};
use store::{Connection, Row, StoreError, Value, values};

use super::{
    NAME_MAX, PLACE_LINK, PLACE_VERSION, Place, PlaceDraft, PlaceLevel, PlaceLink, derived, get,
};
use crate::{Recorder, WriteError};

store::statements! {
    /// Every period in which a code was some place's; a later version cuts the earlier one off.
    SELECT_CODE_PERIODS = concat!(
        "SELECT v.place, v.valid_from, v.valid_to, (SELECT MIN(w.valid_from) ",
        "FROM place_version w WHERE w.tenant = v.tenant AND w.place = v.place ",
        "AND w.version > v.version) FROM place_version v WHERE v.tenant = $1 AND v.code = $2"
    );
    /// Every period of every code, in one pass: for a roster.
    SELECT_ALL_CODE_PERIODS = concat!(
        "SELECT v.place, v.valid_from, v.valid_to, (SELECT MIN(w.valid_from) ",
        "FROM place_version w WHERE w.tenant = v.tenant AND w.place = v.place ",
        "AND w.version > v.version), v.code FROM place_version v ",
        "WHERE v.tenant = $1 AND v.code IS NOT NULL"
    );
    /// Version, level and end of every place, in one pass: for a roster.
    SELECT_ALL_LEVELS =
        "SELECT place, version, level, valid_to FROM place_current WHERE tenant = $1";
    /// Whatever stood below a place at any time.
    SELECT_EVER_BELOW = concat!(
        "SELECT DISTINCT place FROM place_version WHERE tenant = $1 AND parent = $2 ",
        "ORDER BY place"
    );
    /// Version, level and end of one place.
    SELECT_LEVEL = concat!(
        "SELECT version, level, valid_to FROM place_current ",
        "WHERE tenant = $1 AND place = $2"
    );
}

/// From so many drafts on, what is recorded is read in one pass instead of place by place.
const ROSTER: usize = 200;

/// What is recorded of places, as far as writing needs it: read in one pass for a roster, place
/// by place for a few.
struct Recorded {
    tenant: Tenant,
    whole: bool,
    levels: HashMap<PlaceId, Option<Standing>>,
    periods: HashMap<DivisionCode, Vec<CodePeriod>>,
}

/// What is recorded of one place.
#[derive(Clone, Copy, Debug)]
struct Standing {
    version: i64,
    level: PlaceLevel,
    valid_to: Option<Day>,
}

/// Place, first and last day of a period in which a code was its code.
type CodePeriod = (PlaceId, Day, Option<Day>);

impl Recorded {
    fn load(
        connection: &mut dyn Connection,
        tenant: Tenant,
        drafts: usize,
    ) -> Result<Recorded, StoreError> {
        let mut recorded = Recorded {
            tenant,
            whole: drafts >= ROSTER,
            levels: HashMap::new(),
            periods: HashMap::new(),
        };
        if !recorded.whole {
            return Ok(recorded);
        }
        let read = |row: &Row<'_>| Ok((row.id(0)?, standing(row, 1)?));
        for (place, level) in connection.all(&SELECT_ALL_LEVELS, &values![tenant], read)? {
            recorded.levels.insert(place, Some(level));
        }
        let read = |row: &Row<'_>| Ok((row.parse(4)?, code_period(row)?));
        for (code, period) in connection.all(&SELECT_ALL_CODE_PERIODS, &values![tenant], read)? {
            recorded.periods.entry(code).or_default().push(period);
        }
        recorded.periods.values_mut().for_each(keep_real);
        Ok(recorded)
    }

    /// What is recorded of a place; `None` where there is nothing of it yet.
    fn standing(
        &mut self,
        connection: &mut dyn Connection,
        place: PlaceId,
    ) -> Result<Option<Standing>, StoreError> {
        if self.whole {
            return Ok(self.levels.get(&place).copied().flatten());
        }
        if let Some(known) = self.levels.get(&place) {
            return Ok(*known);
        }
        let found = connection.optional(&SELECT_LEVEL, &values![self.tenant, place], |row| {
            standing(row, 0)
        })?;
        self.levels.insert(place, found);
        Ok(found)
    }

    /// Every period in which a code was some place's.
    fn periods(
        &self,
        connection: &mut dyn Connection,
        code: DivisionCode,
    ) -> Result<Vec<CodePeriod>, StoreError> {
        if self.whole {
            return Ok(self.periods.get(&code).cloned().unwrap_or_default());
        }
        let values = values![self.tenant, code.to_string()];
        let mut periods = connection.all(&SELECT_CODE_PERIODS, &values, code_period)?;
        keep_real(&mut periods);
        Ok(periods)
    }
}

fn standing(row: &Row<'_>, first: usize) -> Result<Standing, StoreError> {
    Ok(Standing {
        version: row.int(first)?,
        level: row.parse(first + 1)?,
        valid_to: row.optional_day(first + 2)?,
    })
}

/// A period of a code: the version's own end, or the day before a later version begins.
fn code_period(row: &Row<'_>) -> Result<CodePeriod, StoreError> {
    let superseded = row.optional_day(3)?.map(|day| day.plus_days(-1));
    let to = [row.optional_day(2)?, superseded]
        .into_iter()
        .flatten()
        .min();
    Ok((row.id(0)?, row.day(1)?, to))
}

/// A version that corrects the past leaves nothing of the one before.
fn keep_real(periods: &mut Vec<CodePeriod>) {
    periods.retain(|(_, from, to)| to.is_none_or(|to| to >= *from));
}

/// Appends one version for each draft and brings the derived tables up to date.
///
/// Drafts may name each other as parents, in any order. Findings name the draft by its index:
/// `places.3.code`. Nothing is written where one of them blocks.
pub fn write_places(recorder: &mut dyn Recorder, drafts: &[PlaceDraft]) -> Result<(), WriteError> {
    let tenant = recorder.tenant();
    let mut recorded = Recorded::load(recorder.connection(), tenant, drafts.len())?;
    let findings = check(recorder, &mut recorded, drafts)?;
    WriteError::refuse_if_any(findings)?;
    if write(recorder, &mut recorded, drafts)? {
        derived::refresh_successions(recorder.connection(), tenant)?;
    }
    Ok(())
}

/// What [`write_places`] would find wrong with some drafts.
pub fn check_places(
    recorder: &mut dyn Recorder,
    drafts: &[PlaceDraft],
) -> Result<Vec<Finding>, StoreError> {
    let tenant = recorder.tenant();
    let mut recorded = Recorded::load(recorder.connection(), tenant, drafts.len())?;
    check(recorder, &mut recorded, drafts)
}

/// Appends versions that were checked; links follow, and with them what stands in whose stead.
pub(super) fn write_versions(
    recorder: &mut dyn Recorder,
    drafts: &[PlaceDraft],
) -> Result<(), StoreError> {
    let tenant = recorder.tenant();
    let mut recorded = Recorded::load(recorder.connection(), tenant, drafts.len())?;
    write(recorder, &mut recorded, drafts)?;
    Ok(())
}

fn check(
    recorder: &mut dyn Recorder,
    recorded: &mut Recorded,
    drafts: &[PlaceDraft],
) -> Result<Vec<Finding>, StoreError> {
    let mut findings = check_alone(drafts, recorder.now().day());
    check_parents(recorder, recorded, drafts, &mut findings)?;
    check_ends(recorder, drafts, &mut findings)?;
    check_codes(recorder, recorded, drafts, &mut findings)?;
    Ok(findings)
}

/// Whether a place among them was known before: then others may stand in its stead from now on.
fn write(
    recorder: &mut dyn Recorder,
    recorded: &mut Recorded,
    drafts: &[PlaceDraft],
) -> Result<bool, StoreError> {
    let mut ordered: Vec<&PlaceDraft> = drafts.iter().collect();
    ordered.sort_by_key(|draft| draft.kind.level());
    let (tenant, command) = (recorder.tenant(), recorder.command());
    let mut written = Vec::with_capacity(ordered.len());
    for draft in &ordered {
        let before = recorded.standing(recorder.connection(), draft.place)?;
        let version = before.map_or(1, |before| before.version + 1);
        written.push(place_of(draft, version));
    }
    for chunk in written.chunks(CHUNK) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|place| row_of(tenant, command, place))
            .collect();
        recorder.append(&PLACE_VERSION, &rows)?;
    }
    derived::refresh(recorder.connection(), tenant, &written)?;
    Ok(written.iter().any(|place| place.version > 1))
}

/// What a draft says, as a version.
fn place_of(draft: &PlaceDraft, version: i64) -> Place {
    Place {
        place: draft.place,
        version,
        kind: draft.kind,
        name: draft.name.clone(),
        alias: draft.alias.clone(),
        code: draft.code,
        parent: draft.parent,
        valid_from: draft.valid_from,
        valid_to: draft.valid_to,
    }
}

/// Rows that are handed to the database at once.
const CHUNK: usize = 5_000;

/// The row of a version in the record.
fn row_of(tenant: Tenant, command: CommandId, place: &Place) -> Vec<Value<'_>> {
    Vec::from(values![
        tenant,
        place.place,
        place.version,
        command,
        place.level(),
        place.kind,
        place.name.as_str(),
        place.alias.as_deref(),
        place.code.map(|code| code.to_string()),
        place.parent,
        place.valid_from,
        place.valid_to,
    ])
}

/// Appends links between places that both exist in the record.
pub fn write_links(recorder: &mut dyn Recorder, links: &[PlaceLink]) -> Result<(), WriteError> {
    let (tenant, command) = (recorder.tenant(), recorder.command());
    let mut findings = Vec::new();
    let mut rows = Vec::with_capacity(links.len());
    for (index, link) in links.iter().enumerate() {
        for (field, place) in [
            ("predecessor", link.predecessor),
            ("successor", link.successor),
        ] {
            if get(recorder.connection(), tenant, place)?.is_none() {
                let field = format!("links.{index}.{field}");
                findings.push(Finding::error("place-unknown").field(field));
            }
        }
        if link.predecessor == link.successor {
            let field = format!("links.{index}.successor");
            findings.push(Finding::error("place-succeeds-itself").field(field));
        }
        rows.push(Vec::from(values![
            tenant,
            link.predecessor,
            link.successor,
            link.day,
            command,
            link.kind,
            link.share.map(|share| share.to_string()),
        ]));
    }
    WriteError::refuse_if_any(findings)?;
    recorder.append(&PLACE_LINK, &rows)?;
    Ok(derived::refresh_successions(recorder.connection(), tenant)?)
}

/// What one draft alone can have wrong, and two drafts for one place.
fn check_alone(drafts: &[PlaceDraft], today: Day) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen = BTreeMap::new();
    for (index, draft) in drafts.iter().enumerate() {
        let at = |field: &str| format!("places.{index}.{field}");
        let length = draft.name.chars().count();
        if draft.name.trim().is_empty() || length > NAME_MAX {
            findings.push(
                Finding::error("place-name-length")
                    .field(at("name"))
                    .arg("found", length)
                    .arg("expected", NAME_MAX),
            );
        }
        for (field, day) in [
            ("valid_from", Some(draft.valid_from)),
            ("valid_to", draft.valid_to),
        ] {
            if let Some(day) = day.filter(|day| *day > today) {
                let finding = Finding::error("day-in-future").field(at(field));
                findings.push(finding.arg("found", day.to_string()));
            }
        }
        // The eve of its first day is the end of what was begun by mistake: it never was.
        let eve = draft.valid_from.plus_days(-1);
        if draft.valid_to.is_some_and(|to| to < eve) {
            findings.push(Finding::error("ends-before-it-begins").field(at("valid_to")));
        }
        if seen.insert(draft.place, index).is_some() {
            findings.push(Finding::error("place-twice").field(at("place")));
        }
    }
    findings
}

/// Every parent exists and is of a higher level, so the tree has no cycle.
fn check_parents(
    recorder: &mut dyn Recorder,
    recorded: &mut Recorded,
    drafts: &[PlaceDraft],
    findings: &mut Vec<Finding>,
) -> Result<(), StoreError> {
    let mut levels: HashMap<PlaceId, Option<(PlaceLevel, Option<Day>)>> = drafts
        .iter()
        .map(|draft| (draft.place, Some((draft.kind.level(), draft.valid_to))))
        .collect();
    for (index, draft) in drafts.iter().enumerate() {
        let Some(parent) = draft.parent else { continue };
        let above = match levels.entry(parent) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(unknown) => {
                let found = recorded.standing(recorder.connection(), parent)?;
                *unknown.insert(found.map(|found| (found.level, found.valid_to)))
            }
        };
        let code = match above {
            None => "place-parent-unknown",
            Some(_) if parent == draft.place => "place-parent-itself",
            Some((level, _)) if level >= draft.kind.level() => "place-parent-not-above",
            Some((_, end)) if outlives(draft.valid_to, end) => "place-parent-ended",
            Some(_) => continue,
        };
        let field = format!("places.{index}.parent");
        findings.push(
            Finding::error(code)
                .field(field)
                .arg("name", draft.name.as_str()),
        );
    }
    check_levels_below(recorder, recorded, drafts, findings)
}

/// A place that becomes another kind still stands above everything below it.
fn check_levels_below(
    recorder: &mut dyn Recorder,
    recorded: &mut Recorded,
    drafts: &[PlaceDraft],
    findings: &mut Vec<Finding>,
) -> Result<(), StoreError> {
    let tenant = recorder.tenant();
    for (index, draft) in drafts.iter().enumerate() {
        let Some(before) = recorded.standing(recorder.connection(), draft.place)? else {
            continue;
        };
        if before.level == draft.kind.level() {
            continue;
        }
        let below = super::children(recorder.connection(), tenant, draft.place)?;
        let redrafted = |place| drafts.iter().any(|other| other.place == place);
        if below
            .iter()
            .any(|child| child.level() <= draft.kind.level() && !redrafted(child.place))
        {
            let field = format!("places.{index}.kind");
            findings.push(Finding::error("place-not-above-its-children").field(field));
        }
    }
    Ok(())
}

/// Nothing stands below a place after its end: not now, and on no day that is past already.
fn check_ends(
    recorder: &mut dyn Recorder,
    drafts: &[PlaceDraft],
    findings: &mut Vec<Finding>,
) -> Result<(), StoreError> {
    let tenant = recorder.tenant();
    for (index, draft) in drafts.iter().enumerate() {
        let Some(end) = draft.valid_to else { continue };
        let parent = values![tenant, draft.place];
        let connection = recorder.connection();
        for child in connection.all(&SELECT_EVER_BELOW, &parent, |row| row.id(0))? {
            let mut said = super::versions(connection, tenant, child)?;
            let redrafted = drafts.iter().find(|other| other.place == child);
            said.extend(redrafted.map(|other| place_of(other, 0)));
            let left = super::stretches(&said).into_iter().find(|stretch| {
                stretch.parent == Some(draft.place) && outlives(stretch.valid_to, Some(end))
            });
            if let Some(child) = left {
                let field = format!("places.{index}.valid_to");
                let finding = Finding::error("place-has-children").field(field);
                findings.push(finding.arg("name", child.shown_name()));
                break;
            }
        }
    }
    Ok(())
}

/// Whether what ends on the first day would be there after what ends on the second.
fn outlives(below: Option<Day>, above: Option<Day>) -> bool {
    match (below, above) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(below), Some(above)) => below > above,
    }
}

/// A code belongs to one place at a time, in the record and among the drafts.
fn check_codes(
    recorder: &mut dyn Recorder,
    recorded: &Recorded,
    drafts: &[PlaceDraft],
    findings: &mut Vec<Finding>,
) -> Result<(), StoreError> {
    let redrafted: HashMap<PlaceId, &PlaceDraft> =
        drafts.iter().map(|draft| (draft.place, draft)).collect();
    let mut among: HashMap<DivisionCode, Vec<&PlaceDraft>> = HashMap::new();
    for (index, draft) in drafts.iter().enumerate() {
        let Some(code) = draft.code else {
            continue;
        };
        let earlier = among.entry(code).or_default();
        let taken = earlier.iter().any(|other| {
            overlap(
                (draft.valid_from, draft.valid_to),
                (other.valid_from, other.valid_to),
            )
        });
        earlier.push(draft);
        let periods = recorded.periods(recorder.connection(), code)?;
        let is_recorded = periods.iter().any(|(place, from, to)| {
            // A version written beside this one cuts the recorded period off.
            let cut = redrafted
                .get(place)
                .map(|other| other.valid_from.plus_days(-1));
            let to = [*to, cut].into_iter().flatten().min();
            *place != draft.place
                && to.is_none_or(|to| to >= *from)
                && overlap((draft.valid_from, draft.valid_to), (*from, to))
        });
        if taken || is_recorded {
            let field = format!("places.{index}.code");
            findings.push(
                Finding::error("division-code-taken")
                    .field(field)
                    .arg("found", code.to_string()),
            );
        }
    }
    Ok(())
}

fn overlap(one: (Day, Option<Day>), other: (Day, Option<Day>)) -> bool {
    one.1.is_none_or(|to| to >= other.0) && other.1.is_none_or(|to| to >= one.0)
}
