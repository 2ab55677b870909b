//! The whole invented county: 370 villages in ten towns and two streets under the scheme of forty
//! indicators, three finished quarters and one in progress. No such place exists.

mod appeals;
mod disputes;
mod events;
mod people;
mod places;
mod rounds;
mod story;
mod values;

use std::path::Path;

use super::{
    outlines, people,
    stage::{Stage, Staged},
};

use super::stage::{Stage, Staged};
use crate::folder::Config;

/// Commands that the story sends, about.
const COMMANDS: u64 = 18_800;
/// Where the business clock stands when the county is first served: 2026-11-03 09:20.
const STARTS_AT: Instant = Instant(1_793_668_800_000);

/// Code of a village by its number from 0.
pub fn village_code(number: usize) -> String {
    format!("379901100{}", 201 + number)
}

/// The roster goes in as a county would bring it: a CSV file, imported by the county's clerk.
pub fn import_places(stage: &mut Stage) -> Staged<()> {
    let mut roster = String::from("code,name,level,parent_code\n");
    writeln!(roster, "{COUNTY_CODE},{COUNTY},county,")?;
    writeln!(roster, "{TOWN_CODE},{TOWN},town,{COUNTY_CODE}")?;
    for (number, (name, ..)) in VILLAGES.iter().enumerate() {
        let code = village_code(number);
        writeln!(roster, "{code},{name}村民委员会,village,{TOWN_CODE}")?;
    }
    let roster = roster.replace("村村民委员会", "村民委员会");
    let file = stage.upload(roster.as_bytes())?;
    let clerk = people::first_clerk(stage, Role::CountyClerk)?;
    debug_assert!(Role::CountyClerk.may(Action::RegistryImport));
    stage.act(clerk, &ImportPlaces { file })?;
    let codes: Vec<String> = (0..VILLAGES.len()).map(village_code).collect();
    outlines::import(stage, clerk, &codes)
}

/// The bodies of the county, the town and the villages go in by a list too, those above first.
pub fn import_organisations(stage: &mut Stage, clerk: AccountId) -> Staged<()> {
    let mut list = String::from("名称,类别,编码,上级组织\n");
    writeln!(list, "中共{COUNTY}委组织部,县直部门,{COUNTY_CODE},")?;
    writeln!(list, "中共{TOWN}委员会,党组织,{TOWN_CODE},")?;
    writeln!(list, "{TOWN}党建办公室,站办所,{TOWN_CODE},")?;
    for (number, (village, ..)) in VILLAGES.iter().enumerate() {
        let code = village_code(number);
        let name = village.trim_end_matches('村');
        writeln!(
            list,
            "中共{TOWN}{village}支部委员会,党组织,{code},中共{TOWN}委员会"
        )?;
        writeln!(list, "{name}村民委员会,村民委员会,{code},")?;
        writeln!(list, "{village}村务监督委员会,村务监督委员会,{code},")?;
        writeln!(list, "{village}股份经济合作社,集体经济组织,{code},")?;
    }
    let file = stage.upload(list.as_bytes())?;
    stage.act(clerk, &ImportOrganisations { file })?;
    Ok(())
}

/// A place by its code.
pub fn place(stage: &Stage, code: &str) -> Staged<PlaceId> {
    let (tenant, code) = (stage.tenant, code.parse::<DivisionCode>()?);
    let found = stage
        .app
        .store()
        .read(move |c| directory::place::by_code(c, tenant, code))
        .wait()?;
    Ok(found.ok_or("the roster was not imported")?.place)
}
