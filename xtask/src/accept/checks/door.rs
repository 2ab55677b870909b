//! The command door, as programs and refused people see it.

use serde_json::{Value as Json, json};

use super::super::world::World;
use super::super::{Saw, ensure};
use walk::{Visitor, fresh_id};

type Failed = Box<dyn std::error::Error>;

/// Somebody's own command that can be repeated at will: a new person at the county's first place.
pub fn adding(clerk: &mut Visitor, name: &str) -> Result<Json, Failed> {
    let page = clerk.get("/places?q=%E6%9F%B3%E6%B9%BE")?;
    let link = page
        .links()
        .into_iter()
        .find(|link| is_thing(link, "/places/"));
    let link = link.ok_or("the list of places has no place")?;
    let place = link.trim_start_matches("/places/").to_owned();
    Ok(json!({ "name": name, "place": place, "post": "secretary" }))
}

/// `/places/{id}` and nothing after it.
pub fn is_thing(link: &str, prefix: &str) -> bool {
    link.strip_prefix(prefix)
        .is_some_and(|rest| rest.len() == 36 && !rest.contains('/'))
}

fn count(clerk: &mut Visitor, name: &str) -> Result<usize, Failed> {
    let page = clerk.get(&format!("/people?q={}", walk::encoded(name)))?;
    let main = page.body.split("<main").last().unwrap_or_default();
    Ok(main.matches(&format!(">{name}<")).count())
}

pub fn repeats(world: &mut World) -> Saw {
    let mut clerk = world.visitor("李静")?;
    let id = fresh_id();
    let name = format!("重复{}", &id[30..]);
    let body = adding(&mut clerk, &name)?;
    let first = clerk.command("person.add", &id, &body)?;
    ensure!(first.status == 200, "{} {}", first.status, first.body);
    let again = clerk.command("person.add", &id, &body)?;
    ensure!(
        again.json()["repeated"] == json!(true),
        "the second time: {}",
        again.body
    );
    ensure!(
        first.json()["answer"] == again.json()["answer"],
        "another answer: {}",
        again.body
    );
    let people = count(&mut clerk, &name)?;
    ensure!(people == 1, "{people} people of that name");
    Ok("the second time the first answer, and one person".to_owned())
}

pub fn conflicts(world: &mut World) -> Saw {
    let mut clerk = world.visitor("李静")?;
    let id = fresh_id();
    let body = adding(&mut clerk, "甲")?;
    let first = clerk.command("person.add", &id, &body)?;
    ensure!(first.status == 200, "{} {}", first.status, first.body);
    let other = adding(&mut clerk, "乙")?;
    let refused = clerk.command("person.add", &id, &other)?;
    ensure!(
        refused.status == 409,
        "another body: {} {}",
        refused.status,
        refused.body
    );
    let auditor = world.visitor("高明")?;
    let stolen = auditor.command("person.add", &id, &body)?;
    ensure!(
        stolen.status == 409,
        "another person: {} {}",
        stolen.status,
        stolen.body
    );
    Ok("the same id with another body, and by another person: 409".to_owned())
}

pub fn denies(world: &mut World) -> Saw {
    let mut clerk = world.visitor("李静")?;
    let body = adding(&mut clerk, "丙")?;
    let villager = world.visitor("田大婶")?;
    let id = fresh_id();
    let denied = villager.command("person.add", &id, &body)?;
    ensure!(
        denied.status == 403,
        "a villager adds people: {} {}",
        denied.status,
        denied.body
    );
    let mut auditor = world.visitor("罗正")?;
    let list = auditor.get("/journal/denials")?;
    ensure!(
        list.status == 200,
        "the list of denials answers {}",
        list.status
    );
    ensure!(list.body.contains("person.add"), "the denial is not listed");
    let people = count(&mut clerk, "丙")?;
    ensure!(people == 0, "{people} people of that name");
    Ok("403; auditors find the attempt; nobody was added".to_owned())
}

pub fn anonymous(world: &mut World) -> Saw {
    let mut nobody = world.nobody()?;
    let page = nobody.get("/rounds")?;
    let to = page.header("location").to_owned();
    ensure!(
        page.status == 303 && to.starts_with("/sign-in"),
        "{} {to}",
        page.status
    );
    let refused = nobody.command("person.add", &fresh_id(), &json!({}))?;
    ensure!(
        refused.status == 401,
        "a command answers {}",
        refused.status
    );
    Ok("pages lead to the sign-in page; commands answer 401".to_owned())
}

/// Cells of a ranking by village: the first cell of each row, and the score.
pub fn ranks(page: &str) -> Vec<(String, String)> {
    let rows = page
        .split("<tr")
        .filter(|row| row.contains("scope=\"row\""));
    rows.filter_map(|row| {
        let rank = row
            .split("<td class=\"tnum\">")
            .nth(1)?
            .split('<')
            .next()?
            .trim()
            .to_owned();
        let name = row
            .split("data-content>")
            .nth(1)?
            .split('<')
            .next()?
            .to_owned();
        Some((name, rank))
    })
    .collect()
}

pub fn ranks_of(visitor: &mut Visitor) -> Result<Vec<(String, String)>, Failed> {
    let rounds = visitor.get("/rounds")?;
    for link in rounds
        .links()
        .into_iter()
        .filter(|link| is_thing(link, "/rounds/"))
    {
        let found = ranks(&visitor.get(&format!("{link}/ranking"))?.body);
        if found.len() == 12 {
            return Ok(found);
        }
    }
    Err("no ranking has twelve villages".into())
}

pub fn ranks_seen(world: &mut World) -> Saw {
    let exact = |rank: &str| rank.parse::<u32>().is_ok();
    let county = ranks_of(&mut world.visitor("李静")?)?;
    ensure!(
        county.iter().all(|(_, rank)| exact(rank)),
        "the county sees {county:?}"
    );
    let town = ranks_of(&mut world.visitor("王建国")?)?;
    ensure!(town == county, "the town sees {town:?}");
    let village = ranks_of(&mut world.visitor("陈国平")?)?;
    let seen: Vec<&str> = village
        .iter()
        .filter(|(_, rank)| exact(rank))
        .map(|(name, _)| name.as_str())
        .collect();
    ensure!(
        seen == ["柳湾村"],
        "the village sees exact ranks of {seen:?}"
    );
    let mut clerk = world.visitor("李静")?;
    let mut villager = world.visitor("田大婶")?;
    for link in clerk.get("/rounds")?.links() {
        if !is_thing(&link, "/rounds/") {
            continue;
        }
        for page in ["ranking", "posting"] {
            let address = format!("{link}/{page}");
            let shown = villager.get(&address)?;
            let told = ranks(&shown.body).iter().any(|(_, rank)| exact(rank));
            ensure!(
                !told && !shown.body.contains("名次</th>"),
                "a villager is shown ranks on {address}"
            );
            let public = world.nobody()?.get(&address)?;
            ensure!(
                public.status == 303,
                "whoever is not signed in gets {} on {address}",
                public.status
            );
        }
    }
    Ok(
        "county and town: twelve exact ranks; the village: its own, the others in bands; \
        villagers and the public: none"
            .to_owned(),
    )
}

/// Somebody who asks without pause is told to wait, and is served again afterwards.
pub fn rate(world: &mut World) -> Saw {
    world.start_demo("hurried")?.stop()?;
    let config = world.path("hurried").join("config");
    let text = std::fs::read_to_string(&config)?;
    let strict = text.replace("requests_per_minute = 6000", "requests_per_minute = 600");
    ensure!(strict != text, "the limit is not in the configuration");
    std::fs::write(&config, strict)?;
    let mut server = world.start_demo("hurried")?;
    let mut villager = Visitor::new(&server.base);
    villager.sign_in_as("田大婶")?;
    let mut served = 0;
    let told = loop {
        let answer = villager.get("/contact")?;
        match answer.status {
            200 => served += 1,
            429 => break answer,
            other => return Err(format!("request {served} answers {other}").into()),
        }
        ensure!(served < 2000, "{served} requests without pause are served");
    };
    let wait: u64 = told.header("retry-after").parse()?;
    ensure!((1..=60).contains(&wait), "it says to wait {wait} s");
    std::thread::sleep(std::time::Duration::from_secs(wait));
    let again = villager.get("/contact")?;
    ensure!(
        again.status == 200,
        "afterwards it answers {}",
        again.status
    );
    server.stop()?;
    Ok(format!(
        "after {served} requests without pause: wait {wait} s; then served again"
    ))
}
