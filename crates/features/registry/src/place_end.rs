//! Ends a place without a successor, brings one back that ended, and moves one below another.

use access::Action;
use app::{Command, Door, Refusal};
use directory::place::{self, ChangeKind, Place, PlaceChange};
use kernel::{Day, PlaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    handover::{self, Fate, Said},
    place_edit::{PlaceEdited, unchanged_since_seen},
};

/// Ends a place; nothing may stand below it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndPlace {
    /// Which.
    #[schema(value_type = String, format = "uuid")]
    pub place: PlaceId,
    /// First day without it; left out = today. Not in the future.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date")]
    pub day: Option<Day>,
    /// Why, up to 500 characters.
    pub reason: String,
    /// The document that orders it, up to 100 characters.
    pub document: String,
    /// That its posts, organisations and grants end: all of them are named.
    #[serde(default)]
    pub fates: Vec<Fate>,
}

/// Brings a place back that had ended; the time between stays without it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResumePlace {
    /// Which.
    #[schema(value_type = String, format = "uuid")]
    pub place: PlaceId,
    /// The place above it; left out = where it stood.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub parent: Option<PlaceId>,
    /// First day; left out = today. Not in the future.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date")]
    pub day: Option<Day>,
    /// Why, up to 500 characters.
    pub reason: String,
    /// The document that orders it, up to 100 characters.
    pub document: String,
}

/// Moves a place with everything below it below another one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MovePlace {
    /// Which.
    #[schema(value_type = String, format = "uuid")]
    pub place: PlaceId,
    /// The place above it from then on.
    #[schema(value_type = String, format = "uuid")]
    pub parent: PlaceId,
    /// First day; left out = today. Not in the future.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date")]
    pub day: Option<Day>,
    /// Why, up to 500 characters.
    pub reason: String,
    /// The document that orders it, up to 100 characters.
    pub document: String,
}

impl Command for EndPlace {
    const NAME: &'static str = "place.end";
    const ACTION: Action = Action::RegistryMerge;
    const CLEAR: &'static [&'static str] =
        &["place", "day", "fates.*.what", "fates.*.id", "fates.*.to"];
    const REAUTHENTICATE: bool = true;
    type Answer = PlaceEdited;

    fn run(&self, door: &mut Door<'_>) -> Result<PlaceEdited, Refusal> {
        door.decide_at(Action::RegistryMerge, self.place, &[])?;
        let (tenant, today) = (door.tenant(), door.today());
        let change = PlaceChange {
            kind: ChangeKind::End,
            day: self.day.unwrap_or(today),
            reason: self.reason.clone(),
            document: self.document.clone(),
        };
        handover::ask_others(door, &[self.place])?;
        let place = seen_now(door, self.place)?;
        let ending = handover::with_grids(door.connection(), tenant, place)?;
        let ending: Vec<PlaceId> = ending.iter().map(|place| place.place).collect();
        let affected = handover::affected(door.connection(), tenant, &ending, (change.day, today))?;
        let said = Said::new(&self.fates, Vec::new());
        let not_said = said.missing(door, &affected)?;
        handover::together(place::end(door, &ending, &change), not_said)?;
        handover::carry_out(door, &affected, &said, change.day)?;
        edited(door, self.place)
    }
}

impl Command for ResumePlace {
    const NAME: &'static str = "place.resume";
    const ACTION: Action = Action::RegistryMerge;
    const CLEAR: &'static [&'static str] = &["place", "parent", "day"];
    const REAUTHENTICATE: bool = true;
    type Answer = PlaceEdited;

    fn run(&self, door: &mut Door<'_>) -> Result<PlaceEdited, Refusal> {
        door.decide_at(Action::RegistryMerge, self.place, &[])?;
        if let Some(parent) = self.parent {
            door.decide_at(Action::RegistryMerge, parent, &[])?;
        }
        seen_now(door, self.place)?;
        let change = PlaceChange {
            kind: ChangeKind::Resume,
            day: self.day.unwrap_or(door.today()),
            reason: self.reason.clone(),
            document: self.document.clone(),
        };
        place::resume(door, self.place, self.parent, &change)?;
        edited(door, self.place)
    }
}

impl Command for MovePlace {
    const NAME: &'static str = "place.move";
    const ACTION: Action = Action::RegistryMerge;
    const CLEAR: &'static [&'static str] = &["place", "parent", "day"];
    const REAUTHENTICATE: bool = true;
    type Answer = PlaceEdited;

    fn run(&self, door: &mut Door<'_>) -> Result<PlaceEdited, Refusal> {
        door.decide_at(Action::RegistryMerge, self.place, &[])?;
        door.decide_at(Action::RegistryMerge, self.parent, &[])?;
        seen_now(door, self.place)?;
        let change = PlaceChange {
            kind: ChangeKind::Move,
            day: self.day.unwrap_or(door.today()),
            reason: self.reason.clone(),
            document: self.document.clone(),
        };
        place::move_below(door, self.place, self.parent, &change)?;
        edited(door, self.place)
    }
}

/// The place as it is recorded, if that is what the person saw.
pub(crate) fn seen_now(door: &mut Door<'_>, place: PlaceId) -> Result<Place, Refusal> {
    let tenant = door.tenant();
    let found = place::get(door.connection(), tenant, place)?;
    let found = found.ok_or_else(|| Refusal::not_found("place"))?;
    unchanged_since_seen(door, &found)?;
    Ok(found)
}

/// The version that the record holds now.
pub(crate) fn edited(door: &mut Door<'_>, place: PlaceId) -> Result<PlaceEdited, Refusal> {
    let tenant = door.tenant();
    let found = place::get(door.connection(), tenant, place)?;
    Ok(PlaceEdited {
        place,
        version: found.map_or(0, |found| found.version),
    })
}
