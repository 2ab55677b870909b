//! The invented county: one town with twelve villages. No such place exists; its codes begin with
//! 379901, which no county has.

use std::fmt::Write;

use access::{AccountId, Action, Role};
use kernel::{DivisionCode, PlaceId};
use registry::{organisation_import::ImportOrganisations, place_import::ImportPlaces};

use super::super::{
    outlines, people,
    stage::{Stage, Staged},
};

/// The county's name.
pub const COUNTY: &str = "云岭县";
/// The town's name.
pub const TOWN: &str = "清河镇";
/// The villages, with what the books say of them: approved posts, households, quarterly income of
/// the collective in yuan (second quarter), matters due for disclosure.
pub const VILLAGES: [(&str, u32, u32, u32, u32); 12] = [
    ("柳湾村", 5, 412, 386_200, 24),
    ("福塘村", 5, 365, 1_024_500, 26),
    ("长桥村", 5, 298, 512_800, 22),
    ("红庄村", 4, 187, 231_400, 20),
    ("前桥村", 5, 433, 455_000, 24),
    ("福泉村", 4, 240, 178_900, 21),
    ("白桥村", 4, 205, 96_300, 20),
    ("小河村", 5, 318, 640_000, 23),
    ("青洼村", 4, 166, 84_700, 19),
    ("长洼村", 4, 221, 302_600, 21),
    ("西泉村", 5, 377, 268_100, 25),
    ("望山村", 3, 132, 52_400, 18),
];

/// Code of the county.
pub const COUNTY_CODE: &str = "379901000000";
/// Code of the town.
pub const TOWN_CODE: &str = "379901100000";

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
    let clerk = people::first_clerk(stage, Role::CountyClerk)?;
    let file = stage.upload_table(clerk, roster.as_bytes())?;
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
    let file = stage.upload_table(clerk, list.as_bytes())?;
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
