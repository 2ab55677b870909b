//! Far more requests than the machine can serve: those that are taken are answered soon, the others
//! are told when to come back, and afterwards all is as before.

use std::time::{Duration, Instant};

use super::load::{self, Load, Sent, Unanswered, WRITERS};
use super::{Failed, Outcome, Tried};
use crate::accept::world::World;
use crate::server::Server;
use walk::ensure;

/// Writers at once: more than the program works on at once, and without a pause between tries.
const CROWD: usize = 1_000;
/// The slowest of a hundred that are taken: the crowd takes the machine's time as well, so this is
/// no figure of speed; but nobody waits until the program gives up (30 s).
const TAKEN_WITHIN: Duration = Duration::from_secs(10);
/// How often the speed afterwards may be measured: other work on the machine comes and goes.
const AFTERWARDS: usize = 3;
/// The most memory, in MiB.
const MEMORY_MIB: u64 = 256;
/// What must be left of the speed before, in percent.
const SPEED_LEFT: u64 = 80;

/// Measures, overloads, measures again.
pub fn overloaded(world: &mut World, full: bool) -> Tried {
    let (calm, storm) = if full { (10, 60) } else { (3, 8) };
    let mut server = load::start(world, "overload")?;
    let mut sent = Sent::default();
    // Once for caches and plans.
    run(&server, &mut sent, WRITERS, 2)?;
    let before = run(&server, &mut sent, WRITERS, calm)?;
    let stormy = run(&server, &mut sent, CROWD, storm)?;
    let mut after = run(&server, &mut sent, WRITERS, calm)?;
    for _ in 1..AFTERWARDS {
        if after.accepted * 100 >= before.accepted * SPEED_LEFT {
            break;
        }
        after = run(&server, &mut sent, WRITERS, calm)?;
    }
    load::hold(world, "overload", &sent)?;
    let (status, _) = server.stop()?;
    ensure!(status.success(), "the stop ended with {status}");
    load::verify(world, "overload")?;
    let offered = stormy.accepted + stormy.refused;
    ensure!(stormy.refused > 0, "nobody was told to come back later");
    ensure!(
        sent.unknown.is_empty(),
        "{} got no answer",
        sent.unknown.len()
    );
    ensure!(
        stormy.slow <= TAKEN_WITHIN,
        "one of a hundred that were taken waited {:?}",
        stormy.slow
    );
    ensure!(
        stormy.memory_mib <= MEMORY_MIB,
        "it took {} MiB",
        stormy.memory_mib
    );
    ensure!(
        after.accepted * 100 >= before.accepted * SPEED_LEFT,
        "{} a second before, {} after",
        before.accepted,
        after.accepted
    );
    Ok(Outcome::Held(format!(
        "{WRITERS} writers: {} durable commands/s; {CROWD} writers without a pause for {storm} s: \
         {offered} requests/s offered, {} commands/s done, 99 of 100 within {} ms, the others 503 \
         with Retry-After, none without an answer, at most {} MiB; afterwards: {} commands/s",
        before.accepted,
        stormy.accepted,
        stormy.slow.as_millis(),
        stormy.memory_mib,
        after.accepted
    )))
}

/// What was seen of some seconds, by the second.
struct Seen {
    accepted: u64,
    refused: u64,
    slow: Duration,
    memory_mib: u64,
}

fn run(server: &Server, all: &mut Sent, writers: usize, seconds: u64) -> Result<Seen, Failed> {
    let (clerk, body) = load::clerk(server)?;
    let load = Load::start(&clerk, &body, writers, Unanswered::GoesOn);
    let begun = Instant::now();
    let mut memory_mib = 0;
    while begun.elapsed() < Duration::from_secs(seconds) {
        std::thread::sleep(Duration::from_millis(100));
        memory_mib = memory_mib.max(server.resident_mib()?);
    }
    let sent = load.end()?;
    let elapsed_ms = u64::try_from(begun.elapsed().as_millis())?;
    sent.refused_cleanly(503)?;
    for refused in &sent.refused {
        let wait: u64 = refused.retry_after.parse()?;
        ensure!((1..=60).contains(&wait), "it says to wait {wait} s");
    }
    let by_second = |count: usize| Ok::<_, Failed>(u64::try_from(count)? * 1_000 / elapsed_ms);
    let seen = Seen {
        accepted: by_second(sent.accepted.len())?,
        refused: by_second(sent.refused.len())?,
        slow: sent.within(990),
        memory_mib,
    };
    all.add(sent);
    Ok(seen)
}
