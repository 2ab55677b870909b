//! Killed at any moment, under full load: the program itself, and the database server below it.

use std::time::Duration;

use super::cluster::Cluster;
use super::load::{self, Load, Sent, Unanswered, WRITERS};
use super::{Outcome, Tried};
use crate::accept::world::World;
use walk::ensure;

/// Accepted before each kill.
const ACCEPTED: usize = 1_000;

/// `kill -9` of the program.
pub fn killed(world: &mut World, full: bool) -> Tried {
    let (rounds, folder) = (if full { 100 } else { 10 }, "kill");
    let mut sent = Sent::default();
    let mut there = 0;
    let mut server = load::start(world, folder)?;
    for _ in 0..rounds {
        let (clerk, body) = load::clerk(&server)?;
        let load = Load::start(&clerk, &body, WRITERS, Unanswered::Ends);
        load.wait_for(ACCEPTED)?;
        std::thread::sleep(Duration::from_millis(load::random_below(300)));
        server.signal("KILL")?;
        server.wait()?;
        sent.add(load.end()?);
        server = load::start(world, folder)?;
        there = load::hold(world, folder, &sent)?;
        let (clerk, body) = load::clerk(&server)?;
        load::repeated(&clerk, &body, &sent.accepted)?;
        load::verify(world, folder)?;
    }
    let (status, _) = server.stop()?;
    ensure!(status.success(), "the last stop ended with {status}");
    load::verify(world, folder)?;
    let (accepted, unknown) = (sent.accepted.len(), sent.unknown.len());
    ensure!(
        sent.refused.is_empty(),
        "{} were refused",
        sent.refused.len()
    );
    Ok(Outcome::Held(format!(
        "{rounds} kills, {accepted} commands accepted by {WRITERS} writers, each there exactly once; \
         of {unknown} without an answer {} are there, once; the journal agrees with the database \
         after every kill",
        there - accepted
    )))
}

/// `kill -9` of all processes of PostgreSQL; the program goes on, and so do the writers.
pub fn postmaster_killed(world: &mut World, full: bool) -> Tried {
    let (rounds, folder) = (if full { 20 } else { 2 }, "postmaster");
    let cluster = Cluster::start(&world.path("cluster"))?;
    let mut world = World::on_postgres(&world.binary, cluster.address())?;
    let world = &mut world;
    let mut server = load::start(world, folder)?;
    let mut sent = Sent::default();
    for _ in 0..rounds {
        let (clerk, body) = load::clerk(&server)?;
        let load = Load::start(&clerk, &body, WRITERS, Unanswered::GoesOn);
        load.wait_for(ACCEPTED)?;
        std::thread::sleep(Duration::from_millis(load::random_below(300)));
        cluster.crash()?;
        std::thread::sleep(Duration::from_millis(500));
        cluster.start_again()?;
        let before = load.accepted();
        load.wait_for(before + ACCEPTED / 5)?;
        let now = load.end()?;
        now.refused_cleanly(503)?;
        sent.add(now);
        load::hold(world, folder, &sent)?;
        let (clerk, body) = load::clerk(&server)?;
        load::repeated(&clerk, &body, &sent.accepted)?;
        load::verify(world, folder)?;
    }
    let there = load::hold(world, folder, &sent)?;
    let (status, _) = server.stop()?;
    ensure!(status.success(), "the last stop ended with {status}");
    load::verify(world, folder)?;
    let (accepted, unknown, refused) =
        (sent.accepted.len(), sent.unknown.len(), sent.refused.len());
    Ok(Outcome::Held(format!(
        "{rounds} kills of all its processes, {accepted} commands accepted, each there exactly once; \
         {refused} refused with 503, none there; of {unknown} of which nobody knew {} are there, \
         once; the program went on by itself",
        there - accepted
    )))
}
