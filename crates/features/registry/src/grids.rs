//! Grids of a village and micro-grids of a grid: added and ended by who keeps the register there.

use access::{Action, grant};
use app::{Command, Door, Refusal};
use directory::{
    WriteError,
    appointment::{self, Appointment},
    place::{self, ChangeKind, PlaceChange, PlaceDraft, PlaceKind, PlaceLevel},
};
use kernel::{Day, Finding, FindingPlace, PlaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::place_edit::PlaceEdited;

/// Adds a grid below a village, or a micro-grid below a grid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddGrid {
    /// The village, or the grid.
    #[schema(value_type = String, format = "uuid")]
    pub parent: PlaceId,
    /// Its name, up to 50 characters; once in a village.
    pub name: String,
    /// First day; left out = today. Not in the future.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date")]
    pub day: Option<Day>,
}

/// Ends a grid or micro-grid with the posts in it. What stands below it ends first. From its own
/// first day on it never was: so a grid is taken back that was added by mistake.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndGrid {
    /// Which.
    #[schema(value_type = String, format = "uuid")]
    pub grid: PlaceId,
    /// First day without it; left out = today. Not in the future.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date")]
    pub day: Option<Day>,
    /// Why, up to 500 characters.
    pub reason: String,
}

impl Command for AddGrid {
    const NAME: &'static str = "grid.add";
    const ACTION: Action = Action::RegistryEdit;
    const CLEAR: &'static [&'static str] = &["parent", "day"];
    type Answer = PlaceEdited;

    fn run(&self, door: &mut Door<'_>) -> Result<PlaceEdited, Refusal> {
        door.decide_at(Action::RegistryEdit, self.parent, &[])?;
        let tenant = door.tenant();
        let Some(parent) = place::get(door.connection(), tenant, self.parent)? else {
            return Err(Refusal::not_found("place"));
        };
        let kind = match parent.level() {
            PlaceLevel::Village => PlaceKind::Grid,
            PlaceLevel::Grid => PlaceKind::MicroGrid,
            _ => return Err(Finding::error("grid-only").field("parent").into()),
        };
        let name = self.name.trim().to_owned();
        let beside = place::children(door.connection(), tenant, self.parent)?;
        if beside.iter().any(|other| other.name == name) {
            let finding = Finding::error("grid-name-taken").field("grid_name");
            return Err(finding.arg("name", name).into());
        }
        let grid = PlaceId(door.next_id());
        let day = self.day.unwrap_or(door.today());
        let draft = PlaceDraft {
            place: grid,
            kind,
            name,
            alias: None,
            code: None,
            parent: Some(self.parent),
            valid_from: day,
            valid_to: None,
        };
        place::begin(door, &[draft], &change(ChangeKind::Begin, day, "")).map_err(at_fields)?;
        Ok(PlaceEdited {
            place: grid,
            version: 1,
        })
    }
}

impl Command for EndGrid {
    const NAME: &'static str = "grid.end";
    const ACTION: Action = Action::RegistryEdit;
    const CLEAR: &'static [&'static str] = &["grid", "day"];
    type Answer = PlaceEdited;

    fn run(&self, door: &mut Door<'_>) -> Result<PlaceEdited, Refusal> {
        door.decide_at(Action::RegistryEdit, self.grid, &[])?;
        let (tenant, today) = (door.tenant(), door.today());
        let Some(grid) = place::get(door.connection(), tenant, self.grid)? else {
            return Err(Refusal::not_found("place"));
        };
        if grid.level() < PlaceLevel::Grid {
            return Err(Finding::error("grid-only").field("grid").into());
        }
        // Rights are the administrators' to take away.
        let grants = grant::at_place(door.connection(), tenant, self.grid, today)?;
        if !grants.is_empty() {
            let finding = Finding::error("grid-has-grants").field("grid");
            let finding = finding.arg("name", grid.shown_name());
            return Err(finding.arg("count", grants.len()).into());
        }
        let day = self.day.unwrap_or(today);
        let posts = appointment::lasting_at(door.connection(), tenant, self.grid, day)?;
        let change = change(ChangeKind::End, day, &self.reason);
        place::end(door, &[self.grid], &change)?;
        for post in posts {
            let ended = Appointment {
                valid_until: Some(day.plus_days(-1).max(post.valid_from)),
                ..post
            };
            appointment::write(door, &ended)?;
        }
        Ok(PlaceEdited {
            place: self.grid,
            version: grid.version + 1,
        })
    }
}

/// A village draws its grids itself: there is no document.
fn change(kind: ChangeKind, day: Day, reason: &str) -> PlaceChange {
    PlaceChange {
        kind,
        day,
        reason: reason.to_owned(),
        document: String::new(),
    }
}

/// Findings of a new grid at the fields of the form, which stands on the page of the village.
fn at_fields(error: WriteError) -> Refusal {
    let WriteError::Findings(mut findings) = error else {
        return error.into();
    };
    for finding in &mut findings {
        if let FindingPlace::Field(path) = &finding.place {
            let field = match &**path {
                "places.0.name" => "grid_name",
                "places.0.valid_from" | "day" => "grid_from",
                _ => continue,
            };
            finding.place = FindingPlace::Field(field.into());
        }
    }
    Refusal::invalid(findings)
}
