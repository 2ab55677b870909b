//! Pages and imports for places, people, figures and grants.

pub mod setup;

use app::{CommandSpec, Feature};

/// What this feature brings to the house.
pub fn feature() -> Feature {
    Feature {
        name: "registry",
        commands: vec![CommandSpec::of::<setup::SetUpAdministrators>()],
        ..Feature::default()
    }
}
