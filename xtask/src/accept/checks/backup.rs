//! A backup beside a running server, and a drill: everything comes back from it on a folder that
//! was not there before.

use super::super::world::World;
use super::super::{Saw, ensure};
use crate::server::Server;
use walk::{Visitor, fresh_id};

type Failed = Box<dyn std::error::Error>;

pub fn restores(world: &mut World) -> Saw {
    world.server()?;
    let path = |name: &str| world.path(name).display().to_string();
    let (demo, archive, key) = (path("demo"), path("drill.backup"), path("backup.key"));
    let restored = path("restored");
    let made = world.run(&["backup-key", "--to", &key])?.ended(0)?;
    let public = made.out.lines().last().unwrap_or_default().to_owned();
    let backup = [
        "backup",
        "--dir",
        &demo,
        "--to",
        &archive,
        "--recipient",
        &public,
    ];
    let made = world.run(&backup)?.ended(0)?;
    add_somebody(world)?;
    let dry = [
        "restore",
        &archive,
        "--key",
        &key,
        "--dir",
        &demo,
        "--dry-run",
    ];
    let dry = world.run(&dry)?.ended(0)?;
    ensure!(
        dry.out.contains("would lose"),
        "nothing would be lost: {}",
        dry.out
    );
    let database = world.database("restored")?;
    let mut restore = vec!["restore", &archive, "--key", &key, "--dir", &restored];
    restore.extend(database.iter().map(String::as_str));
    world.run(&restore)?.ended(0)?;
    world
        .run(&["journal", "verify", "--against", &restored])?
        .ended(0)?;
    world
        .run(&["rebuild", "--dir", &restored, "--check"])?
        .ended(0)?;
    let log = world.path("restored.log");
    let mut server = Server::start(&world.binary, &["demo", "--dir", &restored], &log)?;
    let mut clerk = Visitor::new(&server.base);
    clerk.sign_in_as("李静")?;
    for page in ["/places", "/rounds"] {
        let (there, here) = (clerk.get(page)?, world.visitor("李静")?.get(page)?);
        let count = |body: &str| body.matches("<tr").count();
        ensure!(
            there.status == 200 && count(&there.body) == count(&here.body),
            "{page} of the restored folder: {} with {} rows instead of {}",
            there.status,
            count(&there.body),
            count(&here.body)
        );
    }
    server.stop()?;
    damaged_and_foreign(world, &archive, &key)?;
    Ok(made.out.lines().next().unwrap_or_default().to_owned())
}

/// One more act that the backup does not know.
fn add_somebody(world: &mut World) -> Result<(), Failed> {
    let mut clerk = world.visitor("李静")?;
    let body = super::door::adding(&mut clerk, "备份之后")?;
    let added = clerk.command("person.add", &fresh_id(), &body)?;
    ensure!(added.status == 200, "person.add answers {}", added.status);
    Ok(())
}

/// Another key, a lost end and a changed byte are refused, and leave no folder behind.
fn damaged_and_foreign(world: &World, archive: &str, key: &str) -> Result<(), Failed> {
    let (other, spoiled) = (world.path("other.key"), world.path("spoiled.backup"));
    let (other, spoiled) = (other.display().to_string(), spoiled.display().to_string());
    let nowhere = world.path("nowhere").display().to_string();
    world.run(&["backup-key", "--to", &other])?.ended(0)?;
    let refused = |archive: &str, key: &str| -> Result<(), Failed> {
        let ran = world.run(&["restore", archive, "--key", key, "--dir", &nowhere])?;
        ran.ended(1)?;
        ensure!(!world.path("nowhere").exists(), "a folder was left behind");
        Ok(())
    };
    refused(archive, &other)?;
    let whole = std::fs::read(archive)?;
    std::fs::write(&spoiled, &whole[..whole.len() - 1])?;
    refused(&spoiled, key)?;
    let mut changed = whole.clone();
    changed[whole.len() / 2] ^= 1;
    std::fs::write(&spoiled, &changed)?;
    refused(&spoiled, key)
}
