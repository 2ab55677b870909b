//! The first commands, the demonstration, a real installation, imports.

use std::process::Command;

use super::super::world::World;
use super::super::{Saw, ensure, phone};
use crate::root;
use crate::server::Server;
use walk::Visitor;

/// Everybody with one-click sign-in, by a name that stands on the button.
pub const PEOPLE: [&str; 10] = [
    "陈国平",
    "王建国",
    "刘慧",
    "李静",
    "高明",
    "罗正",
    "田大婶",
    "系统管理员",
    "安全管理员",
    "审计管理员",
];

pub fn starts(world: &mut World) -> Saw {
    let server = world.server()?;
    let took = server.took.as_secs_f32();
    let base = server.base.clone();
    let page = Visitor::new(&base).get("/sign-in")?;
    ensure!(
        page.status == 200,
        "the sign-in page answers {}",
        page.status
    );
    ensure!(took < 120.0, "it took {took:.0} s");
    Ok(format!("prepared and answering after {took:.1} s"))
}

pub fn tells(world: &mut World) -> Saw {
    let server = world.server()?;
    let (printed, base) = (server.printed(), server.base.clone());
    ensure!(
        printed.contains(&base),
        "it printed {printed:?}, not {base}"
    );
    Ok(printed.trim().to_owned())
}

/// Progress belongs on a terminal, so it gets one.
pub fn progress(world: &mut World) -> Saw {
    let database = world.database("progress")?;
    let dir = world.path("progress");
    let words: Vec<String> = [
        vec![
            world.binary.display().to_string(),
            "demo".to_owned(),
            "--prepare-only".to_owned(),
            "--extent".to_owned(),
            "town".to_owned(),
        ],
        vec!["--dir".to_owned(), dir.display().to_string()],
        database,
    ]
    .concat();
    let command: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    let output = Command::new("script")
        .args(["-qec", &command.join(" "), "/dev/null"])
        .output()?;
    ensure!(output.status.success(), "it ended with {}", output.status);
    let seen = String::from_utf8_lossy(&output.stdout).into_owned();
    let percents = (1..100)
        .filter(|percent| seen.contains(&format!("{percent}%")))
        .count();
    ensure!(
        percents >= 10,
        "the terminal saw {percents} different percentages"
    );
    Ok(format!("a bar with {percents} different percentages"))
}

pub fn story(world: &mut World) -> Saw {
    let mut clerk = world.visitor("李静")?;
    let rounds = clerk.get("/rounds")?;
    let links: Vec<String> = rounds
        .links()
        .into_iter()
        .filter(|link| link.starts_with("/rounds/") && link.matches('/').count() == 2)
        .filter(|link| link != "/rounds/open")
        .collect();
    ensure!(links.len() == 2, "{} quarters are listed", links.len());
    let mut ranked = Vec::new();
    for link in &links {
        let ranking = clerk.get(&format!("{link}/ranking"))?;
        ensure!(
            ranking.status == 200,
            "{link}/ranking answers {}",
            ranking.status
        );
        ranked.push(super::door::ranks(&ranking.body).len());
    }
    ranked.sort_unstable();
    ensure!(ranked == [0, 12], "villages in the rankings: {ranked:?}");
    Ok("two quarters: one ranked with 12 villages, one in progress".to_owned())
}

pub fn roles(world: &mut World) -> Saw {
    let page = world.nobody()?.get("/sign-in")?;
    let buttons = page.body.matches("name=\"account\"").count();
    ensure!(buttons >= 10, "{buttons} buttons");
    for part in page.body.split("name=\"account\" value=\"").skip(1) {
        let account = part.split('"').next().unwrap_or_default().to_owned();
        let mut visitor = world.nobody()?;
        let answer = visitor.post("/demo/sign-in", &[("account", &account), ("back", "/")])?;
        ensure!(answer.status == 303, "account {account}: {}", answer.status);
        let home = visitor.get("/")?;
        ensure!(
            home.status == 200,
            "home of account {account}: {}",
            home.status
        );
    }
    Ok(format!(
        "{buttons} roles, each in by one click, each with a home page"
    ))
}

/// Moves the clock of a demonstration of its own, by the command line.
pub fn clock(world: &mut World) -> Saw {
    let database = world.database("clock")?;
    let dir = world.path("clock").display().to_string();
    let mut arguments = vec!["demo", "--extent", "town", "--dir", &dir];
    arguments.extend(database.iter().map(String::as_str));
    let prepared = [arguments.as_slice(), &["--prepare-only"]].concat();
    world.run(&prepared)?.ended(0)?;
    let moved = world
        .run(&["demo", "--dir", &dir, "--advance", "5wd"])?
        .ended(0)?;
    ensure!(
        moved.out.contains("2026-10-21"),
        "five working days on it says {}",
        moved.out.trim()
    );
    let back = world.run(&["demo", "--dir", &dir, "--advance=-1wd"])?;
    ensure!(back.code == 2, "backwards ends with {}", back.code);
    Ok(format!(
        "five working days on: {}; backwards is refused",
        moved.out.trim()
    ))
}

/// Sets a folder up and gives the three one-time tokens.
fn set_up(world: &mut World, folder: &str) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let database = world.database(folder)?;
    let dir = world.path(folder).display().to_string();
    let mut arguments = vec!["setup", "--dir", &dir, "--area", "云岭县"];
    arguments.extend(database.iter().map(String::as_str));
    let ran = world.run(&arguments)?.ended(0)?;
    let tokens = ran
        .out
        .lines()
        .filter(|line| line.contains("-admin"))
        .filter_map(|line| line.split_whitespace().last())
        .map(str::to_owned);
    Ok(tokens.collect())
}

pub fn tokens(world: &mut World) -> Saw {
    let tokens = set_up(world, "real")?;
    ensure!(tokens.len() == 3, "{} tokens", tokens.len());
    let dir = world.path("real").display().to_string();
    let again = world.run(&["setup", "--dir", &dir, "--area", "云岭县"])?;
    ensure!(again.code == 1, "a second setup ends with {}", again.code);
    let mode = Command::new("stat").args(["-c", "%a", &dir]).output()?;
    let mode = String::from_utf8_lossy(&mode.stdout).trim().to_owned();
    ensure!(mode == "700", "the folder's mode is {mode}");
    Ok("three tokens; a second setup is refused; the folder is the owner's alone".to_owned())
}

pub fn claims(world: &mut World) -> Saw {
    let tokens = set_up(world, "claimed")?;
    let dir = world.path("claimed").display().to_string();
    let log = world.path("claimed.log");
    // Behind a proxy cookies are Secure; this visitor is the proxy.
    let arguments = ["serve", "--dir", &dir, "--behind-proxy"];
    let mut server = Server::start(&world.binary, &arguments, &log)?;
    let password = "一次性口令之后的长口令 2026";
    for (token, name) in tokens
        .iter()
        .zip(["system-admin", "security-admin", "audit-admin"])
    {
        let fields = [("token", token.as_str()), ("password", password)];
        let mut visitor = Visitor::new(&server.base);
        let set = visitor.post("/set-password", &fields)?;
        ensure!(set.status == 303, "{name} sets a password: {}", set.status);
        let twice = Visitor::new(&server.base).post("/set-password", &fields)?;
        ensure!(twice.status != 303, "the token of {name} works twice");
        let mut visitor = Visitor::new(&server.base);
        let fields = [("name", name), ("password", password), ("back", "/")];
        let entered = visitor.post("/sign-in", &fields)?;
        ensure!(
            entered.status == 303 && visitor.is_signed_in(),
            "{name}: {}",
            entered.status
        );
        let led = visitor.get("/")?;
        ensure!(
            led.status == 303 && led.header("location") == "/me/factor",
            "{name} without a second factor: {}",
            led.status
        );
        phone::set_up(&mut visitor)?;
        let home = visitor.get("/")?;
        ensure!(home.status == 200, "home of {name}: {}", home.status);
    }
    let mut guest = Visitor::new(&server.base);
    let wrong = guest.post(
        "/sign-in",
        &[("name", "system-admin"), ("password", "x"), ("back", "/")],
    )?;
    ensure!(!guest.is_signed_in(), "a wrong password: {}", wrong.status);
    let page = Visitor::new(&server.base).get("/sign-in")?;
    ensure!(
        !page.body.contains("/demo/sign-in"),
        "one-click sign-in outside the demonstration"
    );
    server.stop()?;
    Ok("each token works once; three administrators set a second factor up and are in".to_owned())
}

/// Signs the system administrator of a real folder in by two steps, by a recovery code, and after
/// both were lost.
pub fn second_factor(world: &mut World) -> Saw {
    let tokens = set_up(world, "factor")?;
    let dir = world.path("factor").display().to_string();
    let log = world.path("factor.log");
    let arguments = ["serve", "--dir", &dir, "--behind-proxy"];
    let password = "一次性口令之后的长口令 2026";
    let first = |visitor: &mut Visitor| {
        let fields = [
            ("name", "system-admin"),
            ("password", password),
            ("back", "/"),
        ];
        visitor.post("/sign-in", &fields)
    };
    let mut server = Server::start(&world.binary, &arguments, &log)?;
    let claim = |base: &str, token: &str| {
        let fields = [("token", token), ("password", password)];
        Visitor::new(base).post("/set-password", &fields)
    };
    claim(&server.base, &tokens[0])?;
    let mut visitor = Visitor::new(&server.base);
    first(&mut visitor)?;
    let refused = visitor.command("session.end", &walk::fresh_id(), &serde_json::json!({}))?;
    ensure!(
        refused.status == 403 && refused.body.contains("factor-due"),
        "a command before it is set up: {} {}",
        refused.status,
        refused.body
    );
    let (mut phone, codes) = phone::set_up(&mut visitor)?;
    ensure!(codes.len() == 10, "{} recovery codes", codes.len());

    let half = || -> Result<Visitor, Box<dyn std::error::Error>> {
        let mut visitor = Visitor::new(&server.base);
        let half = first(&mut visitor)?;
        ensure!(
            half.header("location").starts_with("/sign-in/code") && !visitor.is_signed_in(),
            "the password alone: {}",
            half.status
        );
        Ok(visitor)
    };
    let enter = |visitor: &mut Visitor, code: &str| {
        visitor.post("/sign-in/code", &[("code", code), ("back", "/")])
    };
    let mut visitor = half()?;
    let wrong = enter(&mut visitor, &phone.wrong_code())?;
    ensure!(!visitor.is_signed_in(), "a wrong code: {}", wrong.status);
    let code = phone.code();
    enter(&mut visitor, &code)?;
    ensure!(visitor.is_signed_in(), "the right code signs nobody in");
    let mut visitor = half()?;
    let again = enter(&mut visitor, &code)?;
    ensure!(!visitor.is_signed_in(), "a code twice: {}", again.status);
    enter(&mut visitor, &codes[0])?;
    ensure!(visitor.is_signed_in(), "a recovery code signs nobody in");
    let mut visitor = half()?;
    enter(&mut visitor, &codes[0])?;
    ensure!(!visitor.is_signed_in(), "a recovery code works twice");
    server.stop()?;

    let reset = ["token", "system-admin", "--dir", &dir, "--reset-factor"];
    let ran = world.run(&reset)?.ended(0)?;
    let is_token = |word: &&str| word.len() == 29 && word.matches('-').count() == 5;
    let token = ran.out.split_whitespace().find(is_token);
    let token = token.ok_or("no token is printed")?.to_owned();
    let mut server = Server::start(&world.binary, &arguments, &log)?;
    claim(&server.base, &token)?;
    let mut visitor = Visitor::new(&server.base);
    first(&mut visitor)?;
    let led = visitor.get("/")?;
    ensure!(
        visitor.is_signed_in() && led.header("location") == "/me/factor",
        "after the reset: {}",
        led.status
    );
    server.stop()?;
    Ok(
        "set up first, then code by code; a recovery code once; taken away on the machine"
            .to_owned(),
    )
}

pub fn readme(_: &mut World) -> Saw {
    let mut seen = Vec::new();
    for name in ["README.md", "README.zh-CN.md"] {
        let text = std::fs::read_to_string(root().join(name))
            .map_err(|error| format!("{name}: {error}"))?;
        let commands: Vec<&str> = text
            .lines()
            .map(|line| line.trim_start_matches("$ ").trim())
            .filter(|line| line.starts_with("cargo "))
            .collect();
        let first = commands.first().copied().unwrap_or_default();
        let second = commands.get(1).copied().unwrap_or_default();
        ensure!(
            first.starts_with("cargo run --release -- demo"),
            "{name} begins with {first:?}"
        );
        ensure!(
            second.starts_with("cargo test --workspace"),
            "{name} goes on with {second:?}"
        );
        seen.push(name);
    }
    Ok(seen.join(" and "))
}

pub fn import_places(world: &mut World) -> Saw {
    let mut clerk = world.visitor("李静")?;
    let roster = "code,name,level,parent_code\n379901102000,双桥镇,town,379901000000\n\
        379901102201,东河村民委员会,village,379901102000\n";
    let stored = clerk.upload("roster.csv", roster.as_bytes())?;
    ensure!(
        stored.status == 200,
        "the upload answers {} {}",
        stored.status,
        stored.body
    );
    let reference = stored.json()[0]["reference"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let page = clerk.get("/places/import")?;
    let (csrf, id) = (page.hidden("csrf"), page.hidden("command_id"));
    let fields = [
        ("csrf", csrf.as_str()),
        ("command_id", &id),
        ("file", &reference),
    ];
    let done = clerk.post("/places/import", &fields)?;
    ensure!(done.status == 303, "the import answers {}", done.status);
    let found = clerk.get("/places?q=%E4%B8%9C%E6%B2%B3")?;
    ensure!(
        found.body.contains("东河"),
        "the village is not in the list"
    );
    let wrong = "code,name,level,parent_code\n\
        379901102202,西河村民委员会,village,379901102000\n\
        37990110220X,南河村民委员会,village,379901102000\n";
    let stored = clerk.upload("wrong.csv", wrong.as_bytes())?;
    let reference = stored.json()[0]["reference"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let page = clerk.get("/places/import")?;
    let (csrf, id) = (page.hidden("csrf"), page.hidden("command_id"));
    let fields = [
        ("csrf", csrf.as_str()),
        ("command_id", &id),
        ("file", &reference),
    ];
    let refused = clerk.post("/places/import", &fields)?;
    ensure!(
        refused.status == 422,
        "a wrong code answers {}",
        refused.status
    );
    ensure!(
        refused.body.contains("A3") && refused.body.contains("37990110220X"),
        "the wrong cell is not named with what was found"
    );
    let half = clerk.get("/places?q=%E8%A5%BF%E6%B2%B3")?;
    ensure!(
        !half.body.contains("西河村"),
        "a line before the wrong one was written"
    );
    Ok(format!(
        "done ({}); a wrong code is refused at its cell",
        done.header("location")
    ))
}

/// The roster of a real county, as it stands, into a real installation, by the command line.
pub fn import_roster(world: &mut World) -> Saw {
    let roster = root().join("packs/conformance/changle-places/changle-places.csv");
    ensure!(roster.is_file(), "{} is not there", roster.display());
    let database = world.database("roster")?;
    let dir = world.path("roster").display().to_string();
    let mut arguments = vec!["demo", "--prepare-only", "--extent", "town", "--dir", &dir];
    arguments.extend(database.iter().map(String::as_str));
    world.run(&arguments)?.ended(0)?;
    let roster = roster.display().to_string();
    let ran = world
        .run(&[
            "import", "places", &roster, "--dir", &dir, "--as", "li.jing",
        ])?
        .ended(0)?;
    let lines = std::fs::read_to_string(&roster)?.lines().count() - 1;
    ensure!(
        ran.out.contains(&lines.to_string()),
        "{lines} places, but: {}",
        ran.out.trim()
    );
    Ok(ran.out.trim().to_owned())
}
