//! A disk that fills up under load, and is given room again.

use std::time::{Duration, Instant};

use super::disk::{Mounted, seeded};
use super::load::{self, Load, Sent, Unanswered, WRITERS};
use super::{Failed, Outcome, Tried};
use crate::accept::world::World;
use crate::server::Server;
use walk::{Visitor, ensure};

/// Room beside the seed, in bytes.
const ROOM: u64 = 12 << 20;
/// What the operator deletes to make room again, in bytes.
const BALLAST: usize = 8 << 20;
/// How long the disk stays full, and how long the program may take to write again.
const FULL_FOR: Duration = Duration::from_secs(3);
const BACK_WITHIN: Duration = Duration::from_secs(10);

/// Fills it, looks, makes room, looks again.
pub fn filled(world: &mut World, full: bool) -> Tried {
    let rounds = if full { 10 } else { 1 };
    let at = world.path("full.mount");
    let mounted = match Mounted::memory(&at, 96 << 20) {
        Ok(mounted) => mounted,
        Err(why) => return Ok(Outcome::Skipped(format!("no tmpfs of one's own: {why}"))),
    };
    seeded(world, &at, "full")?;
    let mut sent = Sent::default();
    let mut slowest = Duration::ZERO;
    for _ in 0..rounds {
        let used = used_bytes(&at)?;
        std::fs::write(at.join("ballast"), vec![1; BALLAST])?;
        resize(&at, used + BALLAST as u64 + ROOM)?;
        let mut server = load::start(world, "full")?;
        let (clerk, body) = load::clerk(&server)?;
        let load = Load::start(&clerk, &body, WRITERS, Unanswered::GoesOn);
        until_full(&server)?;
        std::thread::sleep(FULL_FOR);
        let before = load.accepted();
        looks_full(&server, &clerk)?;
        std::fs::remove_file(at.join("ballast"))?;
        let begun = Instant::now();
        load.wait_for(before + WRITERS)?;
        slowest = slowest.max(begun.elapsed());
        let now = load.end()?;
        now.refused_cleanly(503)?;
        sent.add(now);
        ensure!(
            clerk.beside().get("/health")?.status == 200,
            "/health still complains"
        );
        load::hold(world, "full", &sent)?;
        let (status, _) = server.stop()?;
        ensure!(status.success(), "the stop ended with {status}");
        load::verify(world, "full")?;
    }
    let there = load::hold(world, "full", &sent)?;
    ensure!(slowest < BACK_WITHIN, "it wrote again after {slowest:?}");
    std::fs::remove_file(world.path("full"))?;
    mounted.end()?;
    let (accepted, refused, unknown) =
        (sent.accepted.len(), sent.refused.len(), sent.unknown.len());
    Ok(Outcome::Held(format!(
        "{rounds} × filled under {WRITERS} writers: {refused} refused with 503 and a sentence, none \
         there; pages still shown, `/health` 503; with room again it wrote after {} ms, without a \
         restart; {accepted} accepted, each there exactly once; of {unknown} of which nobody knew \
         {} are there",
        slowest.as_millis(),
        there - accepted
    )))
}

fn resize(at: &std::path::Path, bytes: u64) -> Result<(), Failed> {
    let size = format!("remount,size={bytes}");
    super::disk::run("mount", &["-o", &size, &at.display().to_string()])?;
    Ok(())
}

fn used_bytes(at: &std::path::Path) -> Result<u64, Failed> {
    let output = std::process::Command::new("du")
        .args(["-sb"])
        .arg(at)
        .output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(said
        .split_whitespace()
        .next()
        .ok_or("du says nothing")?
        .parse()?)
}

fn until_full(server: &Server) -> Result<(), Failed> {
    let begun = Instant::now();
    let mut watch = Visitor::new(&server.base);
    while watch.get("/health")?.status == 200 {
        ensure!(
            begun.elapsed() < Duration::from_secs(90),
            "the disk does not fill up"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

/// What people see meanwhile: pages, and a plain word where they would write.
pub fn looks_full(server: &Server, clerk: &Visitor) -> Result<(), Failed> {
    let health = Visitor::new(&server.base).get("/health")?;
    ensure!(health.status == 503, "/health answers {}", health.status);
    for page in ["/", "/places", "/rounds"] {
        let shown = clerk.beside().get(page)?;
        ensure!(shown.status == 200, "{page} answers {}", shown.status);
    }
    Ok(())
}
