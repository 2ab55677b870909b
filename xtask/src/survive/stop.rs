//! Told to stop under load: what was begun is ended and answered.

use super::load::{self, Load, Unanswered, WRITERS};
use super::{Outcome, Tried};
use crate::accept::Saw;
use crate::accept::world::World;
use walk::ensure;

/// The longest time that a stop under load may take, in seconds.
const STOP_S: u64 = 10;

/// SIGTERM, and a second one right behind it.
pub fn stopped(world: &mut World, full: bool) -> Tried {
    let rounds = if full { 20 } else { 3 };
    let mut slowest = 0.0_f32;
    let mut counted = (0, 0);
    for round in 0..rounds {
        let twice = round % 2 == 1;
        let seen = interrupted(
            world,
            "stop",
            if twice { &["TERM", "TERM"] } else { &["TERM"] },
        )?;
        slowest = slowest.max(seen.took_s);
        counted = (counted.0 + seen.accepted, counted.1 + seen.unanswered);
    }
    let (accepted, unanswered) = counted;
    Ok(Outcome::Held(format!(
        "{rounds} stops under {WRITERS} writers, every second one told twice: exit 0 after at most \
         {slowest:.1} s; {accepted} commands accepted, each there exactly once; {unanswered} came \
         after the last answer of their connection, none of them was carried out"
    )))
}

/// What was seen of one interruption.
pub struct Interrupted {
    accepted: usize,
    unanswered: usize,
    took_s: f32,
}

/// The sentence about a graceful stop, for the acceptance.
pub fn told(world: &mut World, folder: &str, signal: &str) -> Saw {
    let seen = interrupted(world, folder, &[signal])?;
    Ok(format!(
        "exit 0 after {:.1} s; all {} commands it had said yes to are there, each once",
        seen.took_s, seen.accepted
    ))
}

/// Commands are sent without pause while the server gets signals. What it said yes to is there
/// afterwards, exactly once; then how it ended.
fn interrupted(
    world: &mut World,
    folder: &str,
    signals: &[&str],
) -> Result<Interrupted, super::Failed> {
    let mut server = load::start(world, folder)?;
    let (clerk, body) = load::clerk(&server)?;
    let load = Load::start(&clerk, &body, WRITERS, Unanswered::Ends);
    load.wait_for(200)?;
    for signal in signals {
        server.signal(signal)?;
    }
    let (status, took) = server.wait()?;
    let log = server.log();
    drop(server);
    let sent = load.end()?;
    let mut again = load::start(world, folder)?;
    let there = load::hold(world, folder, &sent)?;
    let (clerk, body) = load::clerk(&again)?;
    load::repeated(&clerk, &body, &sent.accepted)?;
    let (ended, _) = again.stop()?;
    ensure!(ended.success(), "the second stop ended with {ended}");
    load::verify(world, folder)?;
    let accepted = sent.accepted.len();
    ensure!(
        status.success(),
        "all {accepted} commands are there, but it ended with {status}: {log}"
    );
    ensure!(
        took.as_secs() < STOP_S,
        "the stop took {} s",
        took.as_secs()
    );
    ensure!(
        there == accepted,
        "{} commands were carried out and their senders not told",
        there - accepted
    );
    ensure!(
        sent.refused.is_empty(),
        "{} were refused",
        sent.refused.len()
    );
    Ok(Interrupted {
        accepted,
        unanswered: sent.unknown.len(),
        took_s: took.as_secs_f32(),
    })
}
