//! Outlines of places from a `GeoJSON` file.

use std::collections::HashMap;

use access::Action;
use app::{App, Command, Door, Gathered, Refusal};
use directory::{
    outline::{self, Corner, Datum, Feature, Known},
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
        let (mut by_code, mut parents) = (HashMap::new(), HashMap::new());
        for place in place::tree_on(door.connection(), tenant, today)? {
            by_code.extend(place.code.map(|code| (code, place.place)));
            parents.insert(place.place, place.parent);
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
        }
        let mut known: HashMap<PlaceId, Known> = HashMap::new();
        for outline in outline::all(door.connection(), tenant)? {
            known.insert(outline.place, outline);
        }
        findings.extend(far(&wanted, &known, &parents));
        if !findings.is_empty() {
            return Err(Refusal::invalid(findings));
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

/// The least distance that is told as far, in millionths of a degree: about 30 km.
const FAR_LEAST: i64 = 300_000;

/// Outlines of the file that lie far from those of their neighbours, the other places below the
/// same place: one slipped figure would make the map of all of them a dot. Where a place has fewer
/// than two neighbours with outlines, nothing is said.
fn far(
    wanted: &[(PlaceId, &Feature)],
    known: &HashMap<PlaceId, Known>,
    parents: &HashMap<PlaceId, Option<PlaceId>>,
) -> Vec<Finding> {
    let mut boxes: HashMap<PlaceId, Bounds> = HashMap::new();
    for (place, known) in known {
        boxes.extend(known.outline.bounds().map(|bounds| (*place, bounds)));
    }
    for (place, feature) in wanted {
        boxes.extend(feature.outline.bounds().map(|bounds| (*place, bounds)));
    }
    let mut beside: HashMap<PlaceId, Vec<(PlaceId, Bounds)>> = HashMap::new();
    for (place, bounds) in &boxes {
        if let Some(Some(parent)) = parents.get(place) {
            beside.entry(*parent).or_default().push((*place, *bounds));
        }
    }
    let edges: HashMap<PlaceId, [Edge; 4]> = beside
        .into_iter()
        .map(|(parent, boxes)| (parent, edges(&boxes)))
        .collect();
    let is_far = |place: &PlaceId| {
        let around = edges.get(&parents.get(place).copied().flatten()?)?;
        let around = around.iter().map(|edge| edge.without(*place));
        let [west, south, east, north] = around.collect::<Option<Vec<i64>>>()?[..] else {
            return None;
        };
        let ((left, low), (right, high)) = boxes.get(place)?;
        let reach = |from: i64, to: i64| (to - from).max(FAR_LEAST);
        let (x, y) = (reach(west, east), reach(south, north));
        Some(*right < west - x || *left > east + x || *high < south - y || *low > north + y)
    };
    let found = wanted
        .iter()
        .filter(|(place, _)| is_far(place) == Some(true));
    found
        .map(|(_, feature)| {
            let field = format!("features.{}.geometry", feature.index);
            let finding = Finding::error("outline-far").field(field);
            finding.arg("code", feature.code.to_string())
        })
        .collect()
}

/// The corners of a box: south-west, north-east.
type Bounds = (Corner, Corner);

/// The outermost edge of one side among neighbours, whose it is, and the two after it.
struct Edge {
    /// The outermost first, at most three.
    outermost: Vec<(PlaceId, i64)>,
}

impl Edge {
    /// The outermost edge of the others, where there are two of them at least.
    fn without(&self, place: PlaceId) -> Option<i64> {
        let mut others = self.outermost.iter().filter(|(other, _)| *other != place);
        let first = others.next()?;
        others.next().map(|_| first.1)
    }
}

/// West, south, east and north of some boxes.
fn edges(boxes: &[(PlaceId, Bounds)]) -> [Edge; 4] {
    let sides: [fn(&Bounds) -> i64; 4] = [
        |bounds| bounds.0.0,
        |bounds| bounds.0.1,
        |bounds| -bounds.1.0,
        |bounds| -bounds.1.1,
    ];
    let mut number = 0;
    sides.map(|side| {
        let sign = if number < 2 { 1 } else { -1 };
        number += 1;
        let mut all: Vec<(PlaceId, i64)> = boxes.iter().map(|(p, b)| (*p, side(b))).collect();
        all.sort_unstable_by_key(|(place, edge)| (*edge, *place));
        all.truncate(3);
        let outermost = all.into_iter().map(|(place, edge)| (place, edge * sign));
        Edge {
            outermost: outermost.collect(),
        }
    })
}
