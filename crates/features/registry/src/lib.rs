//! Pages and imports for places, people, figures and grants.

pub mod figure_import;
mod imported_table;
pub mod place_import;
pub mod setup;

use app::{CommandSpec, Feature};

/// What this feature brings to the house.
pub fn feature() -> Feature {
    Feature {
        name: "registry",
        commands: vec![
            CommandSpec::of::<setup::SetUpAdministrators>(),
            CommandSpec::of::<place_import::ImportPlaces>(),
            CommandSpec::of::<figure_import::ImportFigures>(),
        ],
        ..Feature::default()
    }
}
