//! Every write and every sync of a fixed piece of work fails: once, or from then on. The program
//! says yes or a clean no, goes on showing pages, and loses nothing of what it said yes to.

use std::time::{Duration, Instant};

use serde_json::Value as Json;

use super::disk::{Action, BROKEN, Calls, FULL, Faults};
use super::load::{self, Load, Sent, Unanswered, WRITERS};
use super::{Failed, Outcome, Tried};
use crate::accept::world::World;
use crate::server::Server;
use walk::{Visitor, ensure, fresh_id};

/// How calls fail.
struct Kind {
    name: &'static str,
    calls: Calls,
    error: i64,
    lasting: bool,
}

const KINDS: &[Kind] = &[
    Kind {
        name: "one write EIO",
        calls: Calls::Writes,
        error: BROKEN,
        lasting: false,
    },
    Kind {
        name: "one write ENOSPC",
        calls: Calls::Writes,
        error: FULL,
        lasting: false,
    },
    Kind {
        name: "one sync EIO",
        calls: Calls::Syncs,
        error: BROKEN,
        lasting: false,
    },
    Kind {
        name: "every write from then on ENOSPC",
        calls: Calls::Writes,
        error: FULL,
        lasting: true,
    },
    Kind {
        name: "every sync from then on EIO",
        calls: Calls::Syncs,
        error: BROKEN,
        lasting: true,
    },
];

/// How many calls of each kind fail in the bounded form.
const BOUNDED: i64 = 4;
/// How long writers go on while the log cannot be copied.
const COPYING: Duration = Duration::from_secs(4);
/// How long the program may take to write again by itself.
const BACK_WITHIN: Duration = Duration::from_secs(4);

/// What the work came to.
#[derive(Default)]
struct Tally {
    sent: Sent,
    /// Photographs that were not kept.
    refused_uploads: usize,
    failures: usize,
    restarts: usize,
    lasting_yes: usize,
}

/// Lets each call fail in turn.
pub fn failed(world: &mut World, full: bool) -> Tried {
    let folder = "faults";
    load::start(world, folder)?.stop()?;
    let below = format!("{}/", world.path(folder).canonicalize()?.display());
    let faults = match Faults::compile(&world.path("faults.room"), &below) {
        Ok(faults) => faults,
        Err(why) => return Ok(Outcome::Skipped(format!("no C compiler: {why}"))),
    };
    let mut tally = Tally::default();
    let copied = copying_fails(world, folder)?;
    let mut server = begin(world, folder, &faults)?;
    for kind in KINDS {
        let (clerk, body) = load::clerk(&server)?;
        faults.arm(kind.calls, i64::MAX, false, Action::Fails(kind.error))?;
        work(&clerk, &body, &mut tally)?;
        let (calls, _) = faults.disarm()?;
        ensure!(calls > 0, "the work makes no {:?}", kind.calls);
        let step = if full { 1 } else { (calls / BOUNDED).max(1) };
        let mut nth = 1;
        while nth <= calls {
            let named = |error| format!("{} (call {nth}): {error}", kind.name);
            let before = (tally.sent.unknown.len(), tally.refused_uploads);
            one(&server, &faults, kind, nth, &mut tally).map_err(named)?;
            let is_open = tally.sent.unknown.len() > before.0;
            let may_stop = is_open || tally.refused_uploads > before.1;
            let back = is_back(&server).map_err(named)?;
            ensure!(
                !back || !is_open,
                "{} (call {nth}): it takes writes after a COMMIT of which nobody knows",
                kind.name
            );
            ensure!(
                back || may_stop && kind.error == BROKEN,
                "{} (call {nth}): it waits for a restart, and nothing that it was asked is open",
                kind.name
            );
            if !back {
                let (status, _) = server.stop()?;
                ensure!(status.success(), "the stop ended with {status}");
                tally.restarts += 1;
                server = begin(world, folder, &faults)?;
            }
            nth += step;
        }
    }
    let (status, _) = server.stop()?;
    ensure!(status.success(), "the last stop ended with {status}");
    ensure!(!server.log().contains("panicked"), "{}", server.log());
    let mut server = load::start(world, folder)?;
    let there = load::hold(world, folder, &tally.sent)?;
    let (clerk, body) = load::clerk(&server)?;
    load::repeated(&clerk, &body, &tally.sent.accepted)?;
    server.stop()?;
    load::verify(world, folder)?;
    let Tally {
        sent,
        failures,
        restarts,
        ..
    } = tally;
    Ok(Outcome::Held(format!(
        "{failures} failed calls in {} kinds ({}): {} commands accepted, each there exactly once; \
         {} refused with 503 and a sentence, none there; of {} of which nobody knew {} are there; \
         pages shown throughout; while every sync failed nothing was accepted, and after a failed \
         COMMIT no write was taken until it was started again ({restarts} restarts); the log could \
         not be copied into the file under load: {copied} accepted meanwhile, each there",
        KINDS.len(),
        KINDS
            .iter()
            .map(|kind| kind.name)
            .collect::<Vec<_>>()
            .join(", "),
        sent.accepted.len(),
        sent.refused.len(),
        sent.unknown.len(),
        there - sent.accepted.len()
    )))
}

fn begin(world: &mut World, folder: &str, faults: &Faults) -> Result<Server, Failed> {
    let environment = [&[load::NO_LIMIT], &faults.environment()[..]].concat();
    world.start_demo_with(folder, &environment)
}

/// Under load, the log is full and cannot be copied into the file, which has no room to grow: what
/// is said meanwhile is true.
fn copying_fails(world: &mut World, folder: &str) -> Result<usize, Failed> {
    let file = world.path(folder).canonicalize()?.join("data.db");
    let room = world.path("faults.copying");
    let faults = Faults::compile(&room, &format!("{}$", file.display()))?;
    let mut server = begin(world, folder, &faults)?;
    let (clerk, body) = load::clerk(&server)?;
    faults.arm(Calls::Writes, 1, true, Action::Fails(FULL))?;
    let load = Load::start(&clerk, &body, WRITERS, Unanswered::GoesOn);
    std::thread::sleep(COPYING);
    let sent = load.end()?;
    let (_, hits) = faults.disarm()?;
    ensure!(hits > 0, "the log was never copied");
    sent.refused_cleanly(503)?;
    let (status, _) = server.stop()?;
    ensure!(status.success(), "the stop ended with {status}");
    load::hold(world, folder, &sent)?;
    load::verify(world, folder)?;
    Ok(sent.accepted.len())
}

/// The work with its n-th call failing, and what people see meanwhile.
fn one(
    server: &Server,
    faults: &Faults,
    kind: &Kind,
    nth: i64,
    tally: &mut Tally,
) -> Result<(), Failed> {
    let (clerk, body) = load::clerk(server)?;
    faults.arm(kind.calls, nth, kind.lasting, Action::Fails(kind.error))?;
    work(&clerk, &body, tally)?;
    // Those who send at once share commits differently each time: the call may not have come.
    if kind.lasting && faults.seen()?.1 > 0 {
        let before = tally.sent.accepted.len();
        work(&clerk, &body, tally)?;
        tally.lasting_yes += tally.sent.accepted.len() - before;
        ensure!(
            tally.lasting_yes == 0,
            "it said yes while the disk took nothing"
        );
        let health = Visitor::new(&server.base).get("/health")?;
        ensure!(health.status == 503, "/health answers {}", health.status);
    }
    for page in ["/places", "/people"] {
        let shown = clerk.beside().get(page)?;
        ensure!(shown.status == 200, "{page} answers {}", shown.status);
    }
    let (_, hits) = faults.disarm()?;
    tally.failures += usize::try_from(hits)?;
    Ok(())
}

/// Two commands of each of several writers, and a photograph.
fn work(clerk: &Visitor, body: &Json, tally: &mut Tally) -> Result<(), Failed> {
    let sent = load::together(clerk, body, 2)?;
    sent.refused_cleanly(503)?;
    tally.sent.add(sent);
    let upload = clerk.beside().upload("照片.png", &photograph()?)?;
    let said = upload.body.chars().any(|c| ('一'..='龥').contains(&c));
    ensure!(
        matches!(upload.status, 200 | 201) || (upload.status == 503 && said),
        "an upload answers {} {}",
        upload.status,
        upload.body.chars().take(300).collect::<String>()
    );
    tally.refused_uploads += usize::from(upload.status == 503);
    Ok(())
}

/// A picture that no other is equal to.
fn photograph() -> Result<Vec<u8>, Failed> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 12, 1);
    encoder.set_color(png::ColorType::Rgb);
    encoder
        .write_header()?
        .write_image_data(fresh_id().as_bytes())?;
    Ok(bytes)
}

/// Whether it writes again without being started anew; else it must say that it waits for that.
fn is_back(server: &Server) -> Result<bool, Failed> {
    let begun = Instant::now();
    while begun.elapsed() < BACK_WITHIN {
        let health = Visitor::new(&server.base).get("/health")?;
        if health.status == 200 {
            return Ok(true);
        }
        if health.body.contains("restart") {
            return Ok(false);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Err(format!(
        "after {} s it takes no writes, and does not say that it waits for a restart",
        BACK_WITHIN.as_secs()
    )
    .into())
}
