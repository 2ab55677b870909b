//! The whole invented county, with what its description promises.

use std::time::Instant;

use super::super::world::World;
use super::super::{Saw, ensure};
use super::door::{is_thing, ranks};
use walk::{Visitor, encoded};

/// The village that reaches 95 points in the second quarter of 2026.
const MODEL: &str = "鹭垄村";
/// The village whose collective had 52 wan by the end of October, and 35 wan the year before.
const RISING: &str = "苇源村";

/// What it holds; how long it took is told and no condition, as no check is one of speed.
pub fn whole(world: &mut World) -> Saw {
    let database = world.database("county")?;
    let dir = world.path("county").display().to_string();
    let mut arguments = vec!["demo", "--prepare-only", "--dir", &dir];
    arguments.extend(database.iter().map(String::as_str));
    let begun = Instant::now();
    world.run(&arguments)?.ended(0)?;
    let took = begun.elapsed().as_secs_f32();
    let mut server = world.start_demo("county")?;
    let mut clerk = Visitor::new(&server.base);
    clerk.sign_in_as("李静")?;
    let rounds = rounds(&mut clerk)?;
    ensure!(rounds.len() == 4, "{} quarters are listed", rounds.len());
    let villages = clerk.get("/places?level=village")?;
    let counted = |page: &str| page.contains("共 370 条") || page.contains("of 370");
    ensure!(
        counted(&villages.body),
        "the list of places has not 370 villages"
    );
    let model = model(&mut clerk, &rounds)?;
    let rising = rising(&mut clerk)?;
    server.stop()?;
    Ok(format!(
        "made in {took:.1} s: four quarters; {model}; {rising}"
    ))
}

fn rounds(clerk: &mut Visitor) -> Result<Vec<String>, walk::Failed> {
    let page = clerk.get("/rounds")?;
    let links = page.links().into_iter();
    Ok(links.filter(|link| is_thing(link, "/rounds/")).collect())
}

/// 95 points and a place in the top twenty, in the second quarter of 2026.
fn model(clerk: &mut Visitor, rounds: &[String]) -> Saw {
    for round in rounds {
        let page = clerk.get(&format!("{round}/ranking?q={}", encoded(MODEL)))?;
        if !page.body.contains("2026") || !page.body.contains(">95.00<") {
            continue;
        }
        let [(name, rank)] = &ranks(&page.body)[..] else {
            continue;
        };
        let place: u32 = rank.parse()?;
        ensure!(place <= 20, "{name} has rank {rank}");
        return Ok(format!("{name} has 95 points and rank {rank}"));
    }
    Err(format!("{MODEL} has 95 points in no quarter").into())
}

/// 52 wan by the end of October against 35 wan in the whole year before, as figures of the books.
fn rising(clerk: &mut Visitor) -> Saw {
    let search = clerk.get(&format!("/places?q={}", encoded(RISING)))?;
    let place = search
        .links()
        .into_iter()
        .find(|link| is_thing(link, "/places/"));
    let place = place.ok_or("the village is not found")?;
    let village = clerk.get(&format!("{place}?figures=all"))?;
    for figure in ["520000", "350000"] {
        ensure!(village.body.contains(figure), "{RISING} has no {figure}");
    }
    Ok(format!(
        "{RISING} has 52 wan by October against 35 wan in 2025"
    ))
}
