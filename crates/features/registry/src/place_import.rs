//! Places from a workbook or CSV file.

use std::collections::{HashMap, HashSet};

use access::{Action, Resource};
use app::{App, Command, Door, Gathered, Refusal};
use directory::{
    import::places::{self, Roster},
    place::{self, Place, PlaceDraft},
    sheet::Sheet,
};
use kernel::{Finding, PlaceId};
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
        decide(door, &existing, &plan.drafts)?;
        place::write_places(door, &plan.drafts)?;
        let changed = plan.drafts.len() - plan.added;
        Ok(PlacesImported {
            added: plan.added as u64,
            changed: changed as u64,
            unchanged: plan.unchanged as u64,
            findings: table.roster.findings.clone(),
        })
    }
}

/// The right is needed at each place under which something is written: at the parent of the
/// topmost new place, at the place that changes, at the parent under which it comes to stand; for
/// what stands under nothing, in the whole tenant.
fn decide(door: &mut Door<'_>, existing: &[Place], drafts: &[PlaceDraft]) -> Result<(), Refusal> {
    let tenant = door.tenant();
    let stood: HashMap<PlaceId, Option<PlaceId>> = existing
        .iter()
        .map(|place| (place.place, place.parent))
        .collect();
    let mut new = HashSet::new();
    let mut touched = Vec::new();
    for draft in drafts {
        match stood.get(&draft.place) {
            None => {
                new.insert(draft.place);
                touched.push(draft.parent);
            }
            Some(parent) => {
                touched.push(Some(draft.place));
                if *parent != draft.parent {
                    touched.push(draft.parent);
                }
            }
        }
    }
    if touched.is_empty() {
        touched.push(None);
    }
    let mut asked = HashSet::new();
    for at in touched {
        match at {
            None => door.decide(Action::RegistryImport, &Resource::tenant(tenant))?,
            // Decided with what it stands under itself.
            Some(at) if new.contains(&at) => {}
            Some(at) if asked.insert(at) => door.decide_at(Action::RegistryImport, at, &[])?,
            Some(_) => {}
        }
    }
    Ok(())
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
