//! Who signs in by one click.

use access::{account, grant};
use kernel::{PersonId, PlaceId, Tenant};
use store::{Connection, StoreError};
use web::DemoAccount;

use super::{people::secretary, town::places::COUNTY};

/// Who signs in by one click.
pub struct OneClick {
    /// An account of each role, in the order in which a visitor would try them.
    pub roles: Vec<DemoAccount>,
    /// Secretaries of other villages.
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

/// Most villages of a demonstration.
const VILLAGES_MAX: usize = 370;

/// The accounts of the sign-in page; those that a folder does not have are left out. Of the first
/// town every secretary is offered, so that a quarter can be carried to its end by hand; of each
/// other town one secretary.
pub fn one_click(connection: &mut dyn Connection, tenant: Tenant) -> Result<OneClick, StoreError> {
    let mut roles = Vec::new();
    for name in OF_EACH_ROLE {
        roles.extend(demo_account(connection, tenant, name)?.map(|(account, _)| account));
    }
    let mut villages = Vec::new();
    let mut first_town = None;
    let mut towns = Vec::new();
    for number in 0..VILLAGES_MAX {
        let Some((mut found, town)) = demo_account(connection, tenant, &secretary(number))? else {
            break;
        };
        if *first_town.get_or_insert(town) == town {
            // The very first stands among the roles.
            villages.extend((number > 0).then_some(found));
        } else if let Some(town) = town.filter(|town| !towns.contains(town)) {
            towns.push(town);
            let name = directory::place::get(connection, tenant, town)?;
            let name = name.map_or_else(String::new, |town| town.shown_name().to_owned());
            found.place = format!("{name}{}", found.place);
            villages.push(found);
        }
    }
    Ok(OneClick { roles, villages })
}

/// An account with the place above the place of its grant.
fn demo_account(
    connection: &mut dyn Connection,
    tenant: Tenant,
    sign_in_name: &str,
) -> Result<Option<(DemoAccount, Option<PlaceId>)>, StoreError> {
    let Some(found) = account::by_sign_in_name(connection, tenant, sign_in_name)? else {
        return Ok(None);
    };
    let granted = grant::of_person(connection, tenant, found.person)?;
    let Some(granted) = granted.first() else {
        return Ok(None);
    };
    let place = match granted.proposal.place {
        None => None,
        Some(place) => directory::place::get(connection, tenant, place)?,
    };
    let above = place.as_ref().and_then(|place| place.parent);
    let place = place.map_or_else(|| COUNTY.to_owned(), |place| place.shown_name().to_owned());
    let account = DemoAccount {
        account: found.account,
        name: person_name(connection, tenant, found.person)?,
        role: granted.proposal.role,
        place,
    };
    Ok(Some((account, above)))
}

fn person_name(
    connection: &mut dyn Connection,
    tenant: Tenant,
    person: PersonId,
) -> Result<String, StoreError> {
    Ok(directory::person::name(connection, tenant, person)?.unwrap_or_default())
}
