//! Pages and imports for places, people, figures and grants.

pub mod accounts;
pub mod figure_import;
pub mod grants;
mod imported_table;
pub mod people;
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
            CommandSpec::of::<people::AddPerson>(),
            CommandSpec::of::<accounts::MakeAccount>(),
            CommandSpec::of::<accounts::DisableAccount>(),
            CommandSpec::of::<accounts::IssueToken>(),
            CommandSpec::of::<grants::ProposeGrant>(),
            CommandSpec::of::<grants::ApproveGrant>(),
            CommandSpec::of::<grants::RefuseGrant>(),
            CommandSpec::of::<grants::RevokeGrant>(),
        ],
        ..Feature::default()
    }
}
