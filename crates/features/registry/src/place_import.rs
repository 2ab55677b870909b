//! Places from a workbook or CSV file.

use std::collections::{HashMap, HashSet};

use access::{Action, Resource};
use app::{App, Command, Door, Gathered, Refusal};
use directory::{
    import::places::{self, PlacePlan, Roster},
    place::{self, Place, PlaceDraft},
    sheet::Sheet,
};
use kernel::{Finding, FindingPlace, PlaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::imported_table;

/// Brings in places: new ones are added, changed ones get a new version, places that the file
/// does not name stay as they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportPlaces {
    /// SHA-256 of the uploaded file, 64 hexadecimal digits.
    pub file: String,
}

/// What an import of places did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlacesImported {
    /// New places.
    pub added: u64,
    /// Places with a new version.
    pub changed: u64,
    /// Rows that say what is already recorded.
    pub unchanged: u64,
    /// What is only worth knowing, as findings.
    #[schema(value_type = Vec<Object>)]
    pub findings: Vec<Finding>,
}

struct Table {
    sheet: Sheet,
    roster: Roster,
}

impl Command for ImportPlaces {
    const NAME: &'static str = "place.import";
    const ACTION: Action = Action::RegistryImport;
    const CLEAR: &'static [&'static str] = &["file"];
    const READS_FILES: bool = true;
    type Answer = PlacesImported;

    fn files(&self) -> Vec<&str> {
        vec![&self.file]
    }

    fn gather(&self, app: &App) -> Result<Gathered, Refusal> {
        let sheet = imported_table::read(app, &self.file)?;
        let roster = places::read(&sheet)?;
        Ok(Gathered::some(Table { sheet, roster }))
    }

    fn run(&self, door: &mut Door<'_>) -> Result<PlacesImported, Refusal> {
        let table: &Table = door.gathered();
        let (tenant, today) = (door.tenant(), door.today());
        let existing = place::tree_on(door.connection(), tenant, today)?;
        let plan = places::plan(&table.sheet, &table.roster, &existing, today, &mut || {
            PlaceId(door.next_id())
        })?;
        decide(door, &table.sheet, &existing, &plan)?;
        place::write_places(door, &plan.drafts)
            .map_err(|error| at_rows(&table.sheet, &plan, error.into()))?;
        let changed = plan.drafts.len() - plan.added;
        Ok(PlacesImported {
            added: plan.added as u64,
            changed: changed as u64,
            unchanged: plan.unchanged as u64,
            findings: table.roster.findings.clone(),
        })
    }
}

/// Where the right is needed for a draft: at the parent of the topmost new place, at the place that
/// changes, at the parent under which it comes to stand; for what stands under nothing, in the
/// whole tenant.
fn touched(existing: &[Place], drafts: &[PlaceDraft]) -> Vec<(usize, Option<PlaceId>)> {
    let stood: HashMap<PlaceId, Option<PlaceId>> = existing
        .iter()
        .map(|place| (place.place, place.parent))
        .collect();
    let mut new = HashSet::new();
    let mut touched = Vec::new();
    for (index, draft) in drafts.iter().enumerate() {
        match stood.get(&draft.place) {
            None => {
                new.insert(draft.place);
                touched.push((index, draft.parent));
            }
            Some(parent) => {
                touched.push((index, Some(draft.place)));
                if *parent != draft.parent {
                    touched.push((index, draft.parent));
                }
            }
        }
    }
    // Below a new place is decided with what that stands under itself.
    touched.retain(|(_, at)| at.is_none_or(|at| !new.contains(&at)));
    touched
}

/// Decides at each place that is touched. A denial names every row that it concerns.
fn decide(
    door: &mut Door<'_>,
    sheet: &Sheet,
    existing: &[Place],
    plan: &PlacePlan,
) -> Result<(), Refusal> {
    let touched = touched(existing, &plan.drafts);
    if touched.is_empty() && plan.drafts.is_empty() {
        // Nothing changes; who may import nowhere is still told so.
        return door.decide(Action::RegistryImport, &Resource::tenant(door.tenant()));
    }
    let mut asked: HashMap<Option<PlaceId>, bool> = HashMap::new();
    let mut denied: Option<Refusal> = None;
    for (index, at) in touched {
        let is_denied = if let Some(known) = asked.get(&at) {
            *known
        } else {
            let refusal = decide_at(door, at).err();
            let is_denied = refusal.is_some();
            denied = denied.or(refusal);
            *asked.entry(at).or_insert(is_denied)
        };
        if let Some(refusal) = denied.as_mut().filter(|_| is_denied) {
            let name = plan.drafts[index].name.as_str();
            let finding = Finding::error("import-place-beyond").arg("name", name);
            let place = plan.at(sheet, index, false);
            let finding = place.map_or(finding.clone(), |place| finding.at(place));
            refusal.findings.push(finding);
        }
    }
    denied.map_or(Ok(()), Err)
}

fn decide_at(door: &mut Door<'_>, at: Option<PlaceId>) -> Result<(), Refusal> {
    match at {
        None => door.decide(Action::RegistryImport, &Resource::tenant(door.tenant())),
        Some(at) => door.decide_at(Action::RegistryImport, at, &[]),
    }
}

/// What was found at a draft, told at the cell of its row.
fn at_rows(sheet: &Sheet, plan: &PlacePlan, mut refusal: Refusal) -> Refusal {
    for finding in &mut refusal.findings {
        let FindingPlace::Field(path) = &finding.place else {
            continue;
        };
        let mut parts = path.split('.').skip(1);
        let index = parts.next().and_then(|index| index.parse().ok());
        let parent = parts.next() == Some("parent");
        if let Some(place) = index.and_then(|index| plan.at(sheet, index, parent)) {
            finding.place = place;
        }
    }
    refusal
}

/// Everything that an import of this table would find wrong now.
pub(crate) fn findings(
    connection: &mut dyn store::Connection,
    tenant: kernel::Tenant,
    today: kernel::Day,
    sheet: &Sheet,
) -> Result<Vec<Finding>, store::StoreError> {
    let roster = match places::read(sheet) {
        Ok(roster) => roster,
        Err(findings) => return Ok(findings),
    };
    let existing = place::tree_on(connection, tenant, today)?;
    let plan = places::plan(sheet, &roster, &existing, today, &mut PlaceId::default);
    Ok(plan.err().unwrap_or(roster.findings))
}
