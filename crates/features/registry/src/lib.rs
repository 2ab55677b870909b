//! Pages and imports for places, people, figures and grants.

mod account_export;
mod account_find;
pub mod account_import;
mod account_list;
mod account_page;
pub mod accounts;
mod denial_export;
mod denial_list;
mod dispute_export;
mod dispute_list;
mod dispute_page;
mod factor_list;
pub mod factor_reset;
pub mod figure_import;
mod figure_list;
mod figure_page;
mod first_steps;
mod grant_export;
mod grant_list;
pub mod grants;
mod grid_end_page;
pub mod grids;
pub mod handover;
mod import_page;
mod imported_table;
mod item_names;
mod journal_entry;
mod journal_export;
mod journal_page;
mod journal_words;
mod listing;
mod meeting;
mod office_work;
pub mod organisation_import;
pub mod outline_import;
mod outline_page;
pub mod own_account;
mod own_factor;
mod own_page;
mod own_password;
mod people;
pub mod person_add;
pub mod person_appoint;
pub mod person_contact;
mod person_export;
pub mod person_find;
pub mod person_import;
mod person_list;
mod person_page;
pub mod person_reveal;
pub mod personal;
mod place_change_page;
pub mod place_correct;
pub mod place_edit;
pub mod place_end;
mod place_export;
mod place_history;
pub mod place_import;
mod place_list;
pub mod place_merge;
mod place_page;
pub mod place_split;
mod recovery_sheet;
mod reveal_page;
mod sample;
mod schema;
mod search_page;
pub mod second_factor;
mod second_person;
pub mod setup;
mod slip_choice;
mod slip_sheet;
pub mod slips;
mod system_page;
mod token_list;
mod token_page;
pub mod tokens;

use app::{CommandSpec, Feature};
use web::{FeatureWeb, LocaleFiles, Route};

/// What this feature brings to the house.
pub fn feature() -> Feature {
    Feature {
        name: "registry",
        schemas: vec![schema::SCHEMA],
        statements: vec![
            account_find::STATEMENTS,
            denial_list::STATEMENTS,
            dispute_list::STATEMENTS,
            figure_list::STATEMENTS,
            first_steps::STATEMENTS,
            grant_list::STATEMENTS,
            people::STATEMENTS,
            person_reveal::STATEMENTS,
        ],
        commands: commands(),
        refs: meeting::refs(),
        panels: meeting::panels(),
        ..Feature::default()
    }
}

fn commands() -> Vec<CommandSpec> {
    vec![
        CommandSpec::of::<setup::SetUpAdministrators>(),
        CommandSpec::of::<place_import::ImportPlaces>(),
        CommandSpec::of::<organisation_import::ImportOrganisations>(),
        CommandSpec::of::<person_import::ImportPeople>(),
        CommandSpec::of::<account_import::ImportAccounts>(),
        CommandSpec::of::<place_edit::EditPlace>(),
        CommandSpec::of::<outline_import::ImportOutlines>(),
        CommandSpec::of::<grids::AddGrid>(),
        CommandSpec::of::<grids::EndGrid>(),
        CommandSpec::of::<place_merge::MergePlaces>(),
        CommandSpec::of::<place_split::SplitPlace>(),
        CommandSpec::of::<place_end::EndPlace>(),
        CommandSpec::of::<place_end::ResumePlace>(),
        CommandSpec::of::<place_end::MovePlace>(),
        CommandSpec::of::<place_correct::CorrectPlace>(),
        CommandSpec::of::<figure_import::ImportFigures>(),
        CommandSpec::of::<person_add::AddPerson>(),
        CommandSpec::of::<person_find::FindPerson>(),
        CommandSpec::of::<person_appoint::AppointPerson>(),
        CommandSpec::of::<person_appoint::EndAppointment>(),
        CommandSpec::of::<person_contact::SetContact>(),
        CommandSpec::of::<person_reveal::RevealPersonal>(),
        CommandSpec::of::<accounts::MakeAccount>(),
        CommandSpec::of::<accounts::DisableAccount>(),
        CommandSpec::of::<slips::IssueSlips>(),
        CommandSpec::of::<tokens::IssueToken>(),
        CommandSpec::of::<tokens::ReleaseToken>(),
        CommandSpec::of::<tokens::RefuseToken>(),
        CommandSpec::of::<own_account::EndSession>(),
        CommandSpec::of::<own_account::ChangePassword>(),
        CommandSpec::of::<second_factor::SetUpFactor>(),
        CommandSpec::of::<second_factor::RenewRecoveryCodes>(),
        CommandSpec::of::<second_factor::GiveUpFactor>(),
        CommandSpec::of::<factor_reset::ResetFactor>(),
        CommandSpec::of::<factor_reset::ReleaseFactorReset>(),
        CommandSpec::of::<factor_reset::RefuseFactorReset>(),
        CommandSpec::of::<grants::ProposeGrant>(),
        CommandSpec::of::<grants::ApproveGrant>(),
        CommandSpec::of::<grants::RefuseGrant>(),
        CommandSpec::of::<grants::RevokeGrant>(),
    ]
}

/// Its pages.
pub fn web() -> FeatureWeb {
    FeatureWeb {
        name: "registry",
        locales: locales(),
        routes: routes(),
    }
}

fn locales() -> LocaleFiles {
    web::locale_files!("registry")
}

fn routes() -> Vec<Route> {
    [
        vec![
            place_list::route(),
            reveal_page::route(),
            dispute_list::route(),
            denial_list::route(),
            journal_page::route(),
            journal_entry::route(),
            journal_export::route(),
            search_page::route(),
            system_page::route(),
            slip_choice::route(),
            slip_sheet::route(),
        ],
        place_page::routes(),
        place_change_page::routes(),
        grid_end_page::routes().into(),
        import_page::routes(),
        outline_page::routes().into(),
        figure_list::routes(),
        figure_page::routes(),
        dispute_page::routes(),
        person_list::routes(),
        person_page::routes(),
        own_page::routes(),
        own_password::routes(),
        own_factor::routes(),
        account_list::routes(),
        account_page::routes(),
        vec![token_page::route()],
        grant_list::routes(),
        account_export::routes().into(),
        denial_export::routes().into(),
        dispute_export::routes().into(),
        grant_export::routes().into(),
        person_export::routes().into(),
        place_export::routes().into(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
