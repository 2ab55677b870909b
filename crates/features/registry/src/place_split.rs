//! Splits a place: it becomes several, or stays and gives parts away.

use access::Action;
use app::{Command, Door, Refusal};
use directory::place::{ChangeKind, PlaceChange, PlaceDraft, Successor};
use kernel::{Day, DivisionCode, PlaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    handover::Fate,
    place_end::seen_now,
    place_merge::{PlacesSucceeded, alias, succeed},
};

/// Splits a place. Fates number what comes after from 0: the place itself first where it stays,
/// then the parts in their order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitPlace {
    /// Which.
    #[schema(value_type = String, format = "uuid")]
    pub place: PlaceId,
    /// Whether the place stays with what is not given away.
    #[serde(default)]
    pub stays: bool,
    /// The new places.
    pub parts: Vec<Part>,
    /// First day of the new state; left out = today. Not in the future.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date")]
    pub day: Option<Day>,
    /// Why, up to 500 characters.
    pub reason: String,
    /// The document that orders it, up to 100 characters.
    pub document: String,
    /// What becomes of everything that hangs on the place: all of it is named.
    #[serde(default)]
    pub fates: Vec<Fate>,
}

/// A new place that takes over a part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Official name, up to 50 characters.
    pub name: String,
    /// The name as people say it; left out where it does not differ.
    #[serde(default)]
    pub alias: Option<String>,
    /// Division code.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub code: Option<DivisionCode>,
}

impl Command for SplitPlace {
    const NAME: &'static str = "place.split";
    const ACTION: Action = Action::RegistryMerge;
    const CLEAR: &'static [&'static str] = &[
        "place",
        "stays",
        "parts.*.code",
        "day",
        "fates.*.what",
        "fates.*.id",
        "fates.*.to",
    ];
    const REAUTHENTICATE: bool = true;
    type Answer = PlacesSucceeded;

    fn run(&self, door: &mut Door<'_>) -> Result<PlacesSucceeded, Refusal> {
        door.decide_at(Action::RegistryMerge, self.place, &[])?;
        let found = seen_now(door, self.place)?;
        if let Some(parent) = found.parent {
            door.decide_at(Action::RegistryMerge, parent, &[])?;
        }
        let day = self.day.unwrap_or(door.today());
        let mut successors = Vec::new();
        if self.stays {
            successors.push(Successor::Stays(self.place));
        }
        for part in &self.parts {
            successors.push(Successor::New(PlaceDraft {
                place: PlaceId(door.next_id()),
                kind: found.kind,
                name: part.name.trim().to_owned(),
                alias: alias(part.alias.as_deref(), &part.name),
                code: part.code,
                parent: found.parent,
                valid_from: day,
                valid_to: None,
            }));
        }
        let change = PlaceChange {
            kind: ChangeKind::Split,
            day,
            reason: self.reason.clone(),
            document: self.document.clone(),
        };
        succeed(door, change, vec![self.place], successors, &self.fates)
    }
}
