//! Merges places: several become one new place, or come to one that stays.

use access::Action;
use app::{Command, Door, Refusal};
use directory::{
    WriteError,
    place::{self, ChangeKind, PlaceChange, PlaceDraft, Succession, Successor},
};
use kernel::{Day, DivisionCode, Finding, FindingPlace, PlaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::handover::{self, Fate, Said};

/// Merges places. Those that end do so on the day before, keep their figures, rounds and people of
/// before, and are linked to what stands in their stead. Rounds that are open keep their own copy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergePlaces {
    /// The places that end, of one level.
    #[schema(value_type = Vec<PlaceUuid>)]
    pub sources: Vec<PlaceId>,
    /// The place that stays and takes them in; left out = a new one is made.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub into: Option<PlaceId>,
    /// Official name of the new place, up to 50 characters.
    #[serde(default)]
    pub name: String,
    /// Its name as people say it; left out where it does not differ.
    #[serde(default)]
    pub alias: Option<String>,
    /// Its division code; may be that of a place that ends.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub code: Option<DivisionCode>,
    /// The place above it; left out = that of the first.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub parent: Option<PlaceId>,
    /// First day of the new state; left out = today. Not in the future.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date")]
    pub day: Option<Day>,
    /// Why, up to 500 characters.
    pub reason: String,
    /// The document that orders it, up to 100 characters.
    pub document: String,
    /// What becomes of everything that hangs on the places that end: all of it is named.
    #[serde(default)]
    pub fates: Vec<Fate>,
}

/// The id of a place as programs send it: for the description of lists of them.
#[derive(Clone, Debug, ToSchema)]
#[schema(value_type = String, format = "uuid")]
pub struct PlaceUuid(pub PlaceId);

/// What became of places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlacesSucceeded {
    /// The places that are there now, in the order asked for.
    #[schema(value_type = Vec<PlaceUuid>)]
    pub successors: Vec<PlaceId>,
}

impl Command for MergePlaces {
    const NAME: &'static str = "place.merge";
    const ACTION: Action = Action::RegistryMerge;
    const CLEAR: &'static [&'static str] = &[
        "sources.*",
        "into",
        "code",
        "parent",
        "day",
        "fates.*.what",
        "fates.*.id",
        "fates.*.to",
    ];
    const REAUTHENTICATE: bool = true;
    type Answer = PlacesSucceeded;

    fn run(&self, door: &mut Door<'_>) -> Result<PlacesSucceeded, Refusal> {
        for place in self.sources.iter().chain(&self.into).chain(&self.parent) {
            door.decide_at(Action::RegistryMerge, *place, &[])?;
        }
        let tenant = door.tenant();
        let Some(first) = self.sources.first() else {
            return Err(Finding::error("merge-too-few").field("sources").into());
        };
        let Some(first) = place::get(door.connection(), tenant, *first)? else {
            return Err(Refusal::not_found("place"));
        };
        let day = self.day.unwrap_or(door.today());
        let successor = if let Some(place) = self.into {
            Successor::Stays(place)
        } else {
            let parent = self.parent.or(first.parent);
            // Where it comes to stand, the right is needed too.
            if let (Some(parent), None) = (parent, self.parent) {
                door.decide_at(Action::RegistryMerge, parent, &[])?;
            }
            Successor::New(PlaceDraft {
                place: PlaceId(door.next_id()),
                kind: first.kind,
                name: self.name.trim().to_owned(),
                alias: alias(self.alias.as_deref(), &self.name),
                code: self.code,
                parent,
                valid_from: day,
                valid_to: None,
            })
        };
        let change = PlaceChange {
            kind: ChangeKind::Merge,
            day,
            reason: self.reason.clone(),
            document: self.document.clone(),
        };
        let sources = self.sources.clone();
        succeed(door, change, sources, vec![successor], &self.fates)
    }
}

/// The name as people say it, where it says more than the official one.
pub(crate) fn alias(alias: Option<&str>, name: &str) -> Option<String> {
    alias
        .map(str::trim)
        .filter(|alias| !alias.is_empty() && *alias != name.trim())
        .map(str::to_owned)
}

/// Writes the places, then what becomes of everything that hangs on them.
pub(crate) fn succeed(
    door: &mut Door<'_>,
    change: PlaceChange,
    sources: Vec<PlaceId>,
    successors: Vec<Successor>,
    fates: &[Fate],
) -> Result<PlacesSucceeded, Refusal> {
    let (tenant, today, day) = (door.tenant(), door.today(), change.day);
    let affected = handover::affected(door.connection(), tenant, &sources, (day, today))?;
    let after: Vec<PlaceId> = successors.iter().map(Successor::place).collect();
    let mut ceasing = sources.clone();
    ceasing.retain(|place| !after.contains(place));
    handover::ask_others(door, &ceasing)?;
    let said = Said::new(fates, after.clone());
    let wanted = Succession {
        change,
        sources,
        successors,
        children: said.children(),
    };
    let not_said = said.missing(door, &affected)?;
    let written = place::succeed(door, &wanted).map_err(|error| at_fields(error, &wanted));
    handover::together(written, not_said)?;
    handover::carry_out(door, &affected, &said, day)?;
    Ok(PlacesSucceeded { successors: after })
}

/// Findings of the tree at the fields of these commands: those of a new place of a merger at the
/// fields of the command itself, those of a split at its parts.
fn at_fields(error: WriteError, wanted: &Succession) -> WriteError {
    let WriteError::Findings(mut findings) = error else {
        return error;
    };
    let is_merger = wanted.change.kind == ChangeKind::Merge;
    let new = |index: usize| {
        let before = &wanted.successors[..index.min(wanted.successors.len())];
        let is_new = |successor: &&Successor| matches!(successor, Successor::New(_));
        before.iter().filter(is_new).count()
    };
    for finding in &mut findings {
        let FindingPlace::Field(path) = &finding.place else {
            continue;
        };
        let mut parts = path.splitn(3, '.');
        let at = match (parts.next(), parts.next(), parts.next()) {
            (Some("children"), Some(child), _) => format!("fates.child.{child}"),
            (Some("successors"), _, None) => "into".to_owned(),
            (Some("successors"), _, Some(field)) if is_merger => field.to_owned(),
            (Some("successors"), Some(index), Some(field)) => {
                let number = new(index.parse().unwrap_or_default());
                format!("parts.{number}.{field}")
            }
            _ => continue,
        };
        finding.place = FindingPlace::Field(at.into());
    }
    WriteError::Findings(findings)
}
