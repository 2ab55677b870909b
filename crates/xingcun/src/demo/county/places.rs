//! Twelve invented towns and streets with 370 invented villages.

use std::fmt::Write;

use access::Role;
use registry::{organisation_import::ImportOrganisations, place_import::ImportPlaces};

use super::super::{
    outlines, people,
    stage::{Stage, Staged},
    town::places::{COUNTY, COUNTY_CODE},
};

/// Towns and streets: code, name, number of villages.
pub const TOWNS: [(&str, &str, usize); 12] = [
    ("379901100000", "清河镇", 33),
    ("379901001000", "云台街道", 24),
    ("379901002000", "南湖街道", 26),
    ("379901101000", "松林镇", 36),
    ("379901102000", "石桥镇", 31),
    ("379901103000", "白沙镇", 30),
    ("379901104000", "东岭镇", 38),
    ("379901105000", "龙溪镇", 29),
    ("379901106000", "杨集镇", 34),
    ("379901107000", "大柳镇", 32),
    ("379901108000", "双河镇", 28),
    ("379901109000", "北山镇", 29),
];

/// Villages of the county.
pub const VILLAGES: usize = 370;

/// What village names begin with, and what they end in; each pair is at most one village.
const STEMS: &str = "柳福长红前白青望松云晴槐禾兰峰溪桑梧荷枫竹柏杏橡菱苇鹤鹭穗霞";
const TAILS: &str = "湾塘桥泉洼坡岭源浦畔垄墩渡湖";

/// A village of the county.
pub struct Village {
    /// Its name: `柳湾村`.
    pub name: String,
    /// Its code.
    pub code: String,
    /// Position of its town.
    pub town: usize,
}

/// All villages, town by town.
pub fn villages() -> Vec<Village> {
    let mut villages = Vec::with_capacity(VILLAGES);
    for (town, (code, _, count)) in TOWNS.iter().enumerate() {
        for number in 0..*count {
            villages.push(Village {
                name: name(villages.len()),
                code: format!("{}{}", &code[..9], 201 + number),
                town,
            });
        }
    }
    villages
}

/// The name of a village by its number: neighbours have different stems and different tails.
fn name(number: usize) -> String {
    let (stems, tails): (Vec<char>, Vec<char>) = (STEMS.chars().collect(), TAILS.chars().collect());
    // 97 has no divisor in common with the number of pairs, so no name comes twice.
    let pair = number * 97 % (stems.len() * tails.len());
    format!(
        "{}{}村",
        stems[pair / tails.len()],
        tails[pair % tails.len()]
    )
}

/// The roster of places goes in as a county would bring it, then the organisations.
pub fn import(stage: &mut Stage) -> Staged<()> {
    let mut roster = String::from("code,name,level,parent_code\n");
    writeln!(roster, "{COUNTY_CODE},{COUNTY},county,")?;
    for (code, name, _) in TOWNS {
        writeln!(roster, "{code},{name},town,{COUNTY_CODE}")?;
    }
    for village in villages() {
        let (code, name, (town, ..)) = (&village.code, &village.name, TOWNS[village.town]);
        let name = name.trim_end_matches('村');
        writeln!(roster, "{code},{name}村民委员会,village,{town}")?;
    }
    let clerk = people::first_clerk(stage, Role::CountyClerk)?;
    let file = stage.upload_table(clerk, roster.as_bytes())?;
    stage.act(clerk, &ImportPlaces { file })?;
    let file = stage.upload_table(clerk, organisations()?.as_bytes())?;
    stage.act(clerk, &ImportOrganisations { file })?;
    let codes: Vec<String> = villages().into_iter().map(|village| village.code).collect();
    outlines::import(stage, clerk, &codes)
}

/// The bodies of county, towns and villages, those above first.
fn organisations() -> Result<String, std::fmt::Error> {
    let mut list = String::from("名称,类别,编码,上级组织\n");
    writeln!(list, "中共{COUNTY}委组织部,县直部门,{COUNTY_CODE},")?;
    writeln!(list, "{COUNTY}农业农村局,县直部门,{COUNTY_CODE},")?;
    for (code, town, _) in TOWNS {
        let body = if town.ends_with("街道") {
            "工作委员会"
        } else {
            "委员会"
        };
        writeln!(list, "中共{town}{body},党组织,{code},")?;
        writeln!(list, "{town}党建办公室,站办所,{code},")?;
    }
    for village in villages() {
        let (code, name, (_, town, _)) = (&village.code, &village.name, TOWNS[village.town]);
        writeln!(list, "中共{town}{name}支部委员会,党组织,{code},")?;
        writeln!(list, "{name}民委员会,村民委员会,{code},")?;
        writeln!(list, "{name}村务监督委员会,村务监督委员会,{code},")?;
        writeln!(list, "{name}股份经济合作社,集体经济组织,{code},")?;
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_county_has_370_villages_of_different_names_and_codes() {
        let villages = villages();
        let names: BTreeSet<_> = villages.iter().map(|village| &village.name).collect();
        let codes: BTreeSet<_> = villages.iter().map(|village| &village.code).collect();
        assert_eq!((names.len(), codes.len()), (VILLAGES, VILLAGES));
    }

    #[test]
    fn no_village_bears_the_name_of_a_real_one_of_the_county_of_the_scheme() {
        let real =
            include_str!("../../../../../packs/conformance/changle-places/changle-places.csv");
        let real: BTreeSet<&str> = real
            .lines()
            .filter_map(|line| line.split(',').nth(1))
            .map(|name| {
                name.trim_end_matches("民委员会")
                    .trim_end_matches(['村', '居'])
            })
            .collect();
        assert!(real.len() > 300);
        for village in villages() {
            let name = village.name.trim_end_matches('村');
            assert!(!real.contains(name), "{name}");
        }
    }
}
