//! The people of the demonstration: invented names, one account each, no passwords.

use access::{AccountId, Role, account, grant};
use kernel::{PersonId, PlaceId, Tenant};
use registry::{
    accounts::MakeAccount,
    grants::{ApproveGrant, ProposeGrant},
};
use store::{Connection, StoreError};
use web::DemoAccount;

use super::{
    county,
    stage::{Stage, Staged},
};

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

/// The county's clerk before there is any place: her grant is for the whole tenant.
pub fn first_clerk(stage: &mut Stage, role: Role) -> Staged<AccountId> {
    engage(stage, "李静", "li.jing", role, None)
}

/// Everybody else.
pub fn cast(stage: &mut Stage) -> Staged<Cast> {
    let county = county::place(stage, county::COUNTY_CODE)?;
    let town = county::place(stage, county::TOWN_CODE)?;
    let mut villages = Vec::new();
    let mut secretaries = Vec::new();
    for (number, name) in SECRETARIES.iter().enumerate() {
        let village = county::place(stage, &county::village_code(number))?;
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

/// The town's clerk, and who reads, watches and serves: nobody of them acts in the story.
pub(super) fn engage_others(
    stage: &mut Stage,
    county: PlaceId,
    town: PlaceId,
    village: PlaceId,
) -> Staged<()> {
    engage(stage, "高明", "gao.ming", Role::TownClerk, Some(town))?;
    engage(stage, "罗正", "luo.zheng", Role::Auditor, None)?;
    for (name, sign_in_name, role, place) in [
        ("宋明", "song.ming", Role::CountyLeader, county),
        ("徐志远", "xu.zhiyuan", Role::TownLeader, town),
        ("曹立言", "cao.liyan", Role::SupervisionCommittee, village),
        ("林小燕", "lin.xiaoyan", Role::GridWorker, village),
        ("田大婶", "villager01", Role::Villager, village),
    ] {
        engage(stage, name, sign_in_name, role, Some(place))?;
    }
    Ok(())
}

/// Makes an account, proposes a grant and has it approved by the other administrator.
pub(super) fn engage(
    stage: &mut Stage,
    name: &str,
    sign_in_name: &str,
    role: Role,
    place: Option<PlaceId>,
) -> Staged<AccountId> {
    let (security, system) = (stage.administrators.security, stage.administrators.system);
    let made = stage.act(
        security,
        &MakeAccount {
            person: None,
            name: Some(name.to_owned()),
            namesake: false,
            sign_in_name: sign_in_name.to_owned(),
        },
    )?;
    let proposal = ProposeGrant {
        person: made.person,
        role,
        place,
        valid_from: None,
        valid_until: None,
    };
    let proposed = stage.act(security, &proposal)?;
    stage.act(
        system,
        &ApproveGrant {
            grant: proposed.grant,
        },
    )?;
    Ok(made.account)
}

/// Who signs in by one click.
pub struct OneClick {
    /// An account of each role, in the order in which a visitor would try them.
    pub roles: Vec<DemoAccount>,
    /// The secretaries of the other villages, so that a quarter can be carried to its end by hand.
    pub villages: Vec<DemoAccount>,
}

/// An account of each role. Reviewers are two, because whoever reviewed decides no appeal.
const OF_EACH_ROLE: [&str; 15] = [
    "village01",
    "wang.jianguo",
    "liu.hui",
    "sun.min",
    "li.jing",
    "gao.ming",
    "song.ming",
    "xu.zhiyuan",
    "cao.liyan",
    "lin.xiaoyan",
    "villager01",
    "luo.zheng",
    "system-admin",
    "security-admin",
    "audit-admin",
];

/// The first town has so many villages, at most: their secretaries stand on the sign-in page.
const FOLDED: usize = 33;

/// The accounts of the sign-in page; those that a folder does not have are left out.
pub fn one_click(connection: &mut dyn Connection, tenant: Tenant) -> Result<OneClick, StoreError> {
    let mut roles = Vec::new();
    for name in OF_EACH_ROLE {
        roles.extend(demo_account(connection, tenant, name)?);
    }
    let mut villages = Vec::new();
    for number in 1..FOLDED {
        villages.extend(demo_account(connection, tenant, &secretary(number))?);
    }
    Ok(OneClick { roles, villages })
}

/// Sign-in name of a village's secretary by the village's number from 0.
fn secretary(number: usize) -> String {
    format!("village{:02}", number + 1)
}

fn demo_account(
    connection: &mut dyn Connection,
    tenant: Tenant,
    sign_in_name: &str,
) -> Result<Option<DemoAccount>, StoreError> {
    let Some(found) = account::by_sign_in_name(connection, tenant, sign_in_name)? else {
        return Ok(None);
    };
    let granted = grant::of_person(connection, tenant, found.person)?;
    let Some(granted) = granted.first() else {
        return Ok(None);
    };
    let place = match granted.proposal.place {
        None => county::COUNTY.to_owned(),
        Some(place) => directory::place::get(connection, tenant, place)?
            .map(|place| place.shown_name().to_owned())
            .unwrap_or_default(),
    };
    Ok(Some(DemoAccount {
        account: found.account,
        name: person_name(connection, tenant, found.person)?,
        role: granted.proposal.role,
        place,
    }))
}

fn person_name(
    connection: &mut dyn Connection,
    tenant: Tenant,
    person: PersonId,
) -> Result<String, StoreError> {
    Ok(directory::person::name(connection, tenant, person)?.unwrap_or_default())
}
