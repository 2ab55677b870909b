//! The people of the whole county: invented names, posts and accounts; no passwords.

use std::fmt::Write;

use access::{AccountId, Role, account};
use kernel::{PersonId, PlaceId};
use registry::{
    account_import::ImportAccounts,
    grants::{ApproveGrant, ProposeGrant},
    person_import::ImportPeople,
};
use vault::FileKey;

use super::{
    super::{
        people::{engage, engage_others, secretary},
        stage::{Stage, Staged},
        town::places as town,
    },
    places::{self, TOWNS, Village},
};

/// Who acts in the story.
pub struct Cast {
    /// Clerk of the county's organisation department.
    pub clerk: AccountId,
    /// Reviewer of the county.
    pub reviewer: AccountId,
    /// A reviewer of the county who reviews nothing in the story: decides appeals.
    pub decider: AccountId,
    /// Verifiers, one a town.
    pub verifiers: Vec<AccountId>,
    /// Secretaries of the villages, in the county's order.
    pub secretaries: Vec<AccountId>,
    /// The villages' ids.
    pub places: Vec<PlaceId>,
    /// The villages.
    pub villages: Vec<Village>,
    /// The county.
    pub county: PlaceId,
}

impl Cast {
    /// The verifier of a village's town.
    pub fn verifier(&self, village: usize) -> AccountId {
        self.verifiers[self.villages[village].town]
    }
}

const SURNAMES: &str = "陈孙赵马周吴郑何冯蒋沈韩杨朱秦许吕张孔曹严华金魏陶姜";
const FIRST: &str = "国玉长红前福白小青春西望志文建秀海明";
const SECOND: &str = "平兰河军进生云满山林英舒";

/// A person's name by number; no two numbers below 5,616 have the same.
fn person_name(number: usize) -> String {
    let pick = |from: &str, number: usize| from.chars().nth(number % from.chars().count());
    let (first, second) = (FIRST.chars().count(), SECOND.chars().count());
    let given = number * 61 % (first * second);
    let parts = [
        pick(SURNAMES, number % 26 + number / 216),
        pick(FIRST, given / second),
        pick(SECOND, given % second),
    ];
    parts.into_iter().flatten().collect()
}

/// Everybody: the secretaries by rosters, as hundreds of them come; the others one by one.
pub fn cast(stage: &mut Stage) -> Staged<Cast> {
    let villages = places::villages();
    let mut cast = Cast {
        clerk: signed_in(stage, "li.jing")?,
        reviewer: signed_in(stage, "li.jing")?,
        decider: signed_in(stage, "li.jing")?,
        verifiers: Vec::new(),
        secretaries: Vec::new(),
        places: Vec::new(),
        county: town::place(stage, town::COUNTY_CODE)?,
        villages,
    };
    for village in &cast.villages {
        cast.places.push(town::place(stage, &village.code)?);
    }
    import_rosters(stage, &mut cast)?;
    engage_secretaries(stage, &mut cast)?;
    engage_officials(stage, &mut cast)?;
    Ok(cast)
}

fn engage_officials(stage: &mut Stage, cast: &mut Cast) -> Staged<()> {
    let verifiers = [
        "王建国",
        "丁月华",
        "方晓东",
        "石磊",
        "叶秋实",
        "白冰",
        "江涛",
        "汤雪梅",
        "余杰",
        "邱晨",
        "范宁",
        "顾盼",
    ];
    for (number, ((code, ..), name)) in TOWNS.iter().zip(verifiers).enumerate() {
        let town = town::place(stage, code)?;
        let sign_in_name = match number {
            0 => "wang.jianguo".to_owned(),
            _ => format!("town{:02}", number + 1),
        };
        let role = Role::TownVerifier;
        cast.verifiers
            .push(engage(stage, name, &sign_in_name, role, Some(town))?);
    }
    let (county, first_town) = (cast.county, town::place(stage, town::TOWN_CODE)?);
    let reviewer = Role::CountyReviewer;
    cast.reviewer = engage(stage, "刘慧", "liu.hui", reviewer, Some(county))?;
    cast.decider = engage(stage, "孙敏", "sun.min", reviewer, Some(county))?;
    engage_others(stage, county, first_town, cast.places[0])?;
    Ok(())
}

/// The roster of people with their posts and the list of users, sealed as the browser seals them.
fn import_rosters(stage: &Stage, cast: &mut Cast) -> Staged<()> {
    let mut people = String::from("name,post,code,valid_from\n");
    let mut users = String::from("sign_in_name,name,code\n");
    for (number, village) in cast.villages.iter().enumerate() {
        let code = &village.code;
        let name = person_name(number);
        writeln!(people, "{name},书记,{code},2024-01-05")?;
        let deputy = person_name(number + cast.villages.len());
        writeln!(people, "{deputy},副书记,{code},2024-01-05")?;
        writeln!(users, "{},{name},{code}", secretary(number))?;
    }
    let (file, key) = sealed(stage, cast.clerk, &people)?;
    stage.act(cast.clerk, &ImportPeople { file, key })?;
    let (file, key) = sealed(stage, stage.administrators.security, &users)?;
    stage.act(stage.administrators.security, &ImportAccounts { file, key })?;
    Ok(())
}

/// Stores a table sealed under a key of its own: its hash and its key.
fn sealed(stage: &Stage, account: AccountId, table: &str) -> Staged<(String, String)> {
    let key = FileKey::new(stage.app.entropy().draw());
    let file = stage.upload_table(account, &key.seal(table.as_bytes()))?;
    Ok((file, key.text()))
}

/// Each secretary's grant is proposed by one administrator and approved by the other.
fn engage_secretaries(stage: &Stage, cast: &mut Cast) -> Staged<()> {
    let (security, system) = (stage.administrators.security, stage.administrators.system);
    let mut proposals = Vec::new();
    for (number, place) in cast.places.iter().enumerate() {
        let (account, person) = account_of(stage, &secretary(number))?;
        cast.secretaries.push(account);
        let proposal = ProposeGrant {
            person,
            role: Role::VillageSecretary,
            place: Some(*place),
            valid_from: None,
            valid_until: None,
        };
        proposals.push((security, None, proposal));
    }
    let proposed = stage.act_all(proposals)?;
    stage.act_all(proposed.into_iter().map(|proposed| {
        let grant = proposed.grant;
        (system, None, ApproveGrant { grant })
    }))?;
    Ok(())
}

fn signed_in(stage: &Stage, name: &str) -> Staged<AccountId> {
    Ok(account_of(stage, name)?.0)
}

fn account_of(stage: &Stage, name: &str) -> Staged<(AccountId, PersonId)> {
    let (tenant, name) = (stage.tenant, name.to_owned());
    let found = stage
        .app
        .store()
        .read(move |c| account::by_sign_in_name(c, tenant, &name))
        .wait()?
        .ok_or("the account was made first")?;
    Ok((found.account, found.person))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_people_have_one_name() {
        let names: BTreeSet<String> = (0..2 * places::VILLAGES).map(person_name).collect();
        assert_eq!(names.len(), 2 * places::VILLAGES);
    }
}
