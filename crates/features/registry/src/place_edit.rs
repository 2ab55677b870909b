//! Changes one place: its names, and from when.

use access::Action;
use app::{Command, Door, Refusal};
use directory::{
    WriteError,
    place::{self, Place, PlaceDraft},
};
use kernel::{Day, Finding, FindingPlace, PlaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Writes a new version of a place; earlier ones stay on record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditPlace {
    /// Which.
    #[schema(value_type = String, format = "uuid")]
    pub place: PlaceId,
    /// The official name, up to 50 characters.
    pub name: String,
    /// The name as people say it; left out where it does not differ.
    #[serde(default)]
    pub alias: Option<String>,
    /// First day of this version; left out = today. Not in the future.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date")]
    pub valid_from: Option<Day>,
}

/// The version that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlaceEdited {
    /// The place.
    #[schema(value_type = String, format = "uuid")]
    pub place: PlaceId,
    /// Its version, from 1.
    pub version: i64,
}

impl Command for EditPlace {
    const NAME: &'static str = "place.edit";
    const ACTION: Action = Action::RegistryEdit;
    const CLEAR: &'static [&'static str] = &["place", "valid_from"];
    type Answer = PlaceEdited;

    fn run(&self, door: &mut Door<'_>) -> Result<PlaceEdited, Refusal> {
        door.decide_at(Action::RegistryEdit, self.place, &[])?;
        let tenant = door.tenant();
        let Some(found) = place::get(door.connection(), tenant, self.place)? else {
            return Err(Refusal::not_found("place"));
        };
        unchanged_since_seen(door, &found)?;
        let name = self.name.trim().to_owned();
        let alias = self
            .alias
            .as_deref()
            .map(str::trim)
            .filter(|alias| !alias.is_empty());
        let alias = alias.filter(|alias| *alias != name).map(str::to_owned);
        if name == found.name && alias == found.alias && self.valid_from.is_none() {
            return Err(Finding::error("place-unchanged").field("name").into());
        }
        let draft = PlaceDraft {
            place: found.place,
            kind: found.kind,
            name,
            alias,
            code: found.code,
            parent: found.parent,
            valid_from: self.valid_from.unwrap_or(door.today()),
            valid_to: found.valid_to,
        };
        let version = found.version + 1;
        place::write_places(door, &[draft]).map_err(|error| match error {
            WriteError::Store(error) if error.is_taken("place_version") => changed(version),
            error => at_fields(error),
        })?;
        // Where several write side by side, somebody may have come between the look at the place
        // and the writing, which goes on from the newest version.
        let written = place::get(door.connection(), tenant, self.place)?;
        match written {
            Some(now) if now.version == version => Ok(PlaceEdited {
                place: self.place,
                version,
            }),
            _ => Err(changed(version)),
        }
    }
}

/// Refuses where the person saw an earlier version of the place than is recorded now.
pub(crate) fn unchanged_since_seen(door: &Door<'_>, found: &Place) -> Result<(), Refusal> {
    match door.seen_revision() {
        Some(seen) if seen != found.version => Err(changed(found.version)),
        _ => Ok(()),
    }
}

/// Somebody was faster.
fn changed(version: i64) -> Refusal {
    let finding = Finding::error("place-changed").arg("version", version);
    Refusal::new(app::RefusalKind::Conflict, finding)
}

/// The findings of the one draft at the fields of this command.
fn at_fields(error: WriteError) -> Refusal {
    let WriteError::Findings(mut findings) = error else {
        return error.into();
    };
    for finding in &mut findings {
        if let FindingPlace::Field(path) = &finding.place
            && let Some(field) = path.strip_prefix("places.0.")
        {
            finding.place = FindingPlace::Field(field.to_owned().into());
        }
    }
    Refusal::invalid(findings)
}
