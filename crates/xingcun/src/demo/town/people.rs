//! The people of the town: invented names, one account each.

use access::{AccountId, Role, account};
use kernel::PlaceId;

use super::super::{
    people::{engage, engage_others, secretary},
    stage::{Stage, Staged},
};
use super::places;

/// Who acts in the story.
pub struct Cast {
    /// Clerk of the county's organisation department.
    pub clerk: AccountId,
    /// Reviewer of the county.
    pub reviewer: AccountId,
    /// A reviewer of the county who reviews nothing in the story: decides appeals.
    pub decider: AccountId,
    /// Verifier of the town.
    pub verifier: AccountId,
    /// Secretaries of the villages, in the county's order.
    pub secretaries: Vec<AccountId>,
    /// The villages.
    pub villages: Vec<PlaceId>,
    /// The county.
    pub county: PlaceId,
}

/// Secretaries, one a village, in the county's order.
const SECRETARIES: [&str; 12] = [
    "陈国平",
    "孙玉兰",
    "赵长河",
    "马红军",
    "周前进",
    "吴福生",
    "郑白云",
    "何小满",
    "冯青山",
    "蒋长春",
    "沈西林",
    "韩望舒",
];

/// Everybody else.
pub fn cast(stage: &mut Stage) -> Staged<Cast> {
    let county = places::place(stage, places::COUNTY_CODE)?;
    let town = places::place(stage, places::TOWN_CODE)?;
    let mut villages = Vec::new();
    let mut secretaries = Vec::new();
    for (number, name) in SECRETARIES.iter().enumerate() {
        let village = places::place(stage, &places::village_code(number))?;
        let sign_in_name = secretary(number);
        let role = Role::VillageSecretary;
        secretaries.push(engage(stage, name, &sign_in_name, role, Some(village))?);
        villages.push(village);
    }
    let tenant = stage.tenant;
    let clerk = stage
        .app
        .store()
        .read(move |c| account::by_sign_in_name(c, tenant, "li.jing"))
        .wait()?
        .ok_or("the clerk was engaged first")?
        .account;
    let verifier = engage(
        stage,
        "王建国",
        "wang.jianguo",
        Role::TownVerifier,
        Some(town),
    )?;
    let reviewer = engage(stage, "刘慧", "liu.hui", Role::CountyReviewer, Some(county))?;
    let decider = engage(stage, "孙敏", "sun.min", Role::CountyReviewer, Some(county))?;
    engage_others(stage, county, town, villages[0])?;
    Ok(Cast {
        clerk,
        reviewer,
        decider,
        verifier,
        secretaries,
        villages,
        county,
    })
}
