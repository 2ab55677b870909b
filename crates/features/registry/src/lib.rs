//! Pages and imports for places, people, figures and grants.

mod account_list;
mod account_page;
pub mod accounts;
mod dispute_page;
pub mod figure_import;
mod figure_page;
mod grant_list;
pub mod grants;
mod import_page;
mod imported_table;
mod journal_page;
pub mod people;
pub mod place_import;
mod place_list;
mod place_page;
mod sample;
pub mod setup;

use app::{CommandSpec, Feature};
use web::{FeatureWeb, LocaleFiles, Route};

/// What this feature brings to the house.
pub fn feature() -> Feature {
    Feature {
        name: "registry",
        statements: vec![journal_page::STATEMENTS],
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

/// Its pages.
pub fn web() -> FeatureWeb {
    FeatureWeb { name: "registry", locales: locales(), routes: routes() }
}

fn locales() -> LocaleFiles {
    web::locale_files!("registry")
}

fn routes() -> Vec<Route> {
    [
        vec![place_list::route(), place_page::route(), journal_page::route()],
        import_page::routes(),
        figure_page::routes(),
        dispute_page::routes(),
        account_list::routes(),
        account_page::routes(),
        grant_list::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
