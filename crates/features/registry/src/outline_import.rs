//! Outlines of places from a `GeoJSON` file.

use std::collections::HashMap;

use access::Action;
use app::{App, Command, Door, Gathered, Refusal};
use directory::{
    outline::{self, Datum, Feature, Known},
    place,
};
use kernel::{Finding, PlaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::imported_table;

/// Gives places the outlines of a file: a `FeatureCollection` of polygons, each with the division
/// code of its place (`code`). Places that the file does not name keep theirs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportOutlines {
    /// SHA-256 of the uploaded file, 64 hexadecimal digits.
    pub file: String,
    /// The coordinates of the file: `wgs84` (also CGCS2000) or `gcj02`. Kept beside the outline;
    /// nothing is shifted.
    #[schema(value_type = String)]
    pub datum: Datum,
}

/// What an import of outlines did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OutlinesImported {
    /// Places that had none.
    pub added: u64,
    /// Places with another one than before.
    pub changed: u64,
    /// Places of which the file says what is recorded.
    pub unchanged: u64,
}

impl Command for ImportOutlines {
    const NAME: &'static str = "place.import_outlines";
    const ACTION: Action = Action::RegistryImport;
    const CLEAR: &'static [&'static str] = &["file", "datum"];
    const READS_FILES: bool = true;
    type Answer = OutlinesImported;

    fn files(&self) -> Vec<&str> {
        vec![&self.file]
    }

    fn gather(&self, app: &App) -> Result<Gathered, Refusal> {
        let content = imported_table::bytes(app, &self.file)?;
        Ok(Gathered::some(outline::read(&content, &outline::LIMITS)?))
    }

    fn run(&self, door: &mut Door<'_>) -> Result<OutlinesImported, Refusal> {
        let features: &Vec<Feature> = door.gathered();
        let (tenant, today) = (door.tenant(), door.today());
        let mut by_code = HashMap::new();
        for place in place::tree_on(door.connection(), tenant, today)? {
            by_code.extend(place.code.map(|code| (code, place.place)));
        }
        let mut wanted: Vec<(PlaceId, &Feature)> = Vec::with_capacity(features.len());
        let mut findings = Vec::new();
        for feature in features {
            if let Some(place) = by_code.get(&feature.code) {
                wanted.push((*place, feature));
            } else {
                let field = format!("features.{}.properties.code", feature.index);
                let finding = Finding::error("outline-code-unknown").field(field);
                findings.push(finding.arg("found", feature.code.to_string()));
            }
        }
        for (place, _) in &wanted {
            door.decide_at(Action::RegistryImport, *place, &[])?;
        }
        if !findings.is_empty() {
            door.decide_tenant(Action::RegistryImport)?;
            return Err(Refusal::invalid(findings));
        }
        let mut known: HashMap<PlaceId, Known> = HashMap::new();
        for outline in outline::all(door.connection(), tenant)? {
            known.insert(outline.place, outline);
        }
        let mut done = OutlinesImported {
            added: 0,
            changed: 0,
            unchanged: 0,
        };
        for (place, feature) in wanted {
            match known.get(&place) {
                Some(before) if before.outline == feature.outline && before.datum == self.datum => {
                    done.unchanged += 1;
                    continue;
                }
                Some(_) => done.changed += 1,
                None => done.added += 1,
            }
            outline::write(door, place, self.datum, &feature.outline)?;
        }
        Ok(done)
    }
}
