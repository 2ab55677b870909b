//! What an operator relies on.

use super::super::world::World;
use super::super::{Saw, ensure};
use crate::survive::stop;

pub fn lock(world: &mut World) -> Saw {
    world.server()?;
    let dir = world.demonstration().display().to_string();
    let file = world.path("nothing.csv");
    std::fs::write(&file, "code,name,level,parent_code\n")?;
    let file = file.display().to_string();
    let mut refused = Vec::new();
    for arguments in [
        vec!["import", "places", &file, "--dir", &dir, "--as", "li.jing"],
        vec!["setup", "--dir", &dir, "--area", "云岭县"],
        vec!["serve", "--dir", &dir, "--listen", "127.0.0.1:0"],
        vec!["demo", "--dir", &dir, "--listen", "127.0.0.1:0"],
    ] {
        let ran = world.run(&arguments)?;
        ensure!(
            ran.code == 1,
            "{} ends with {}: {}",
            arguments[0],
            ran.code,
            ran.out
        );
        refused.push(arguments[0]);
    }
    Ok(format!(
        "{} are refused while it is served",
        refused.join(", ")
    ))
}

pub fn readers(world: &mut World) -> Saw {
    world.server()?;
    let dir = world.demonstration().display().to_string();
    let file = world.path("beside.xjournal").display().to_string();
    let exported = world
        .run(&["journal", "export", &file, "--dir", &dir])?
        .ended(0)?;
    let first = exported.out.lines().next().unwrap_or_default().to_owned();
    world
        .run(&["journal", "verify", "--against", &dir])?
        .ended(0)?;
    Ok(format!("beside the server: {first}; verified"))
}

pub fn health(world: &mut World) -> Saw {
    let answer = world.nobody()?.get("/health")?;
    ensure!(answer.status == 200, "it answers {}", answer.status);
    ensure!(answer.body.trim() == "ok", "it says {:?}", answer.body);
    Ok("200 ok".to_owned())
}

/// Commands are sent without pause while the server is told to stop; what it said yes to is there
/// when it runs again, and is not done twice.
pub fn graceful(world: &mut World) -> Saw {
    stop::told(world, "stopped", "TERM")
}

pub fn loopback(world: &mut World) -> Saw {
    let database = world.database("off")?;
    let dir = world.path("off").display().to_string();
    let mut arguments = vec!["setup", "--dir", &dir, "--area", "云岭县"];
    arguments.extend(database.iter().map(String::as_str));
    world.run(&arguments)?.ended(0)?;
    let ran = world
        .run(&["serve", "--dir", &dir, "--listen", "0.0.0.0:0"])?
        .ended(1)?;
    ensure!(
        ran.errors.contains("--behind-proxy"),
        "it says {}",
        ran.errors
    );
    world.stop()?;
    let demo = world.demonstration().display().to_string();
    let ran = world
        .run(&[
            "demo",
            "--extent",
            "town",
            "--dir",
            &demo,
            "--listen",
            "0.0.0.0:0",
        ])?
        .ended(1)?;
    let said = ran.errors.lines().last().unwrap_or_default().to_owned();
    Ok(format!(
        "serve names --behind-proxy; the demonstration: {said}"
    ))
}

pub fn configuration(world: &mut World) -> Saw {
    let database = world.database("configured")?;
    let dir = world.path("configured").display().to_string();
    let mut arguments = vec!["setup", "--dir", &dir, "--area", "云岭县"];
    arguments.extend(database.iter().map(String::as_str));
    world.run(&arguments)?.ended(0)?;
    let file = world.path("configured").join("config");
    let text = std::fs::read_to_string(&file)?;
    std::fs::write(&file, format!("databse = \"x\"\n{text}"))?;
    let ran = world.run(&["serve", "--dir", &dir])?.ended(1)?;
    ensure!(ran.errors.contains("databse"), "it says {}", ran.errors);
    std::fs::write(&file, text)?;
    let output = std::process::Command::new(&world.binary)
        .args(["serve", "--dir", &dir])
        .env("XINGCUN_LISTEN", "0.0.0.0:1")
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(
        said.contains("0.0.0.0:1"),
        "the environment does not win: {said}"
    );
    Ok("an unknown setting is named; the environment wins over the file".to_owned())
}

pub fn log(world: &mut World) -> Saw {
    let secret = "口令-should-not-be-logged-7391";
    let mut guest = world.nobody()?;
    guest.post(
        "/sign-in",
        &[("name", "li.jing"), ("password", secret), ("back", "/")],
    )?;
    let mut clerk = world.visitor("李静")?;
    clerk.get("/people?q=%E7%94%B0%E5%A4%A7%E5%A9%B6")?;
    let log = world.server()?.log();
    for word in [secret, "田大婶", "%E7%94%B0", "xingcun-session"] {
        ensure!(!log.contains(word), "the log holds {word}");
    }
    let line = log
        .lines()
        .rev()
        .find(|line| line.contains("answered"))
        .unwrap_or_default();
    let plain = strip_colours(line);
    for field in ["request=", "method=", "route=", "status=", "elapsed_ms="] {
        ensure!(plain.contains(field), "a line without {field}: {plain}");
    }
    ensure!(plain == line, "colours in a log that no terminal reads");
    Ok(
        "lines with request, method, route, status, time; no password, name, query or token"
            .to_owned(),
    )
}

fn strip_colours(line: &str) -> String {
    let mut out = String::new();
    let mut parts = line.split('\u{1b}');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        out.push_str(part.split_once('m').map_or("", |(_, rest)| rest));
    }
    out
}
