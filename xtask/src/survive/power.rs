//! The power fails: an ext4 file system in a file is shut down without writing its journal, as a
//! machine that goes dark leaves it. First the trial shows that it would notice: with the syncs of
//! the log left out (what `synchronous=NORMAL` leaves out at a commit) acknowledged commands are
//! lost. Needs root and a loop device.

use std::path::Path;
use std::time::Duration;

use super::disk::{Action, Calls, Faults, Mounted, make_image, seeded};
use super::load::{self, Load, Sent, Unanswered, WRITERS};
use super::{Failed, Outcome, Tried};
use crate::accept::world::World;
use walk::ensure;

/// Accepted before each cut.
const ACCEPTED: usize = 500;
/// Bytes of the file system.
const IMAGE: u64 = 1 << 30;
/// How often the self-check may try until something is lost.
const SELF_CHECKS: usize = 5;

/// Whether the process is still at work when the power goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    CutThenKill,
    KillThenCut,
}

/// Cuts the power again and again.
pub fn cut(world: &mut World, full: bool) -> Tried {
    let rounds = if full { 30 } else { 3 };
    let (at, image) = (world.path("power.mount"), world.path("power.image"));
    if let Err(why) = offered(&at, &image) {
        return Ok(Outcome::Skipped(format!(
            "no ext4 of one's own that can be shut down ({why}); that nothing is acknowledged \
             without a sync of the log is still seen by the trial `faults`"
        )));
    }
    let lost = lies_are_noticed(world, &at, &image)?;
    make_image(&image, IMAGE)?;
    let mounted = Mounted::image(&at, &image)?;
    seeded(world, &at, "power")?;
    mounted.end()?;
    let mut sent = Sent::default();
    for round in 0..rounds {
        let order = match round % 2 {
            0 => Order::CutThenKill,
            _ => Order::KillThenCut,
        };
        let mounted = Mounted::image(&at, &image)?;
        sent.add(one_cut(world, &at, &[], order)?);
        mounted.end()?;
        let mounted = Mounted::image(&at, &image)?;
        let mut server = load::start(world, "power")?;
        load::hold(world, "power", &sent)?;
        let (clerk, body) = load::clerk(&server)?;
        load::repeated(&clerk, &body, &sent.accepted)?;
        server.stop()?;
        load::verify(world, "power")?;
        mounted.end()?;
    }
    let mounted = Mounted::image(&at, &image)?;
    let there = load::hold(world, "power", &sent)?;
    mounted.end()?;
    let (accepted, unknown) = (sent.accepted.len(), sent.unknown.len());
    Ok(Outcome::Held(format!(
        "self-check: with the log's syncs left out one cut lost {lost} acknowledged commands; \
         {rounds} cuts as the program is: {accepted} acknowledged, 0 lost, of {unknown} without an \
         answer {} are there, once; the journal agrees with the database after every cut",
        there - accepted
    )))
}

/// Whether this machine lets us do it; why not.
fn offered(at: &Path, image: &Path) -> Result<(), String> {
    make_image(image, 16 << 20)?;
    let mounted = Mounted::image(at, image)?;
    shut_down(at)?;
    mounted.end()
}

/// `EXT4_IOC_SHUTDOWN` with `EXT4_GOING_FLAGS_NOLOGFLUSH`: what was not synced is gone.
fn shut_down(at: &Path) -> Result<(), String> {
    let script = "import fcntl, os, struct, sys\n\
                  fd = os.open(sys.argv[1], os.O_RDONLY)\n\
                  fcntl.ioctl(fd, 0x8004587D, struct.pack('I', 2))\n";
    super::disk::run("python3", &["-c", script, &at.display().to_string()])
}

/// Load, darkness.
fn one_cut(
    world: &mut World,
    at: &Path,
    environment: &[(&str, &str)],
    order: Order,
) -> Result<Sent, Failed> {
    let environment = [&[load::NO_LIMIT], environment].concat();
    let mut server = world.start_demo_with("power", &environment)?;
    let (clerk, body) = load::clerk(&server)?;
    let load = Load::start(&clerk, &body, WRITERS, Unanswered::Ends);
    load.wait_for(ACCEPTED)?;
    std::thread::sleep(Duration::from_millis(load::random_below(300)));
    if order == Order::CutThenKill {
        shut_down(at)?;
        // What is said from now on is said by a program whose disk is gone.
        std::thread::sleep(Duration::from_millis(100));
    }
    server.signal("KILL")?;
    server.wait()?;
    if order == Order::KillThenCut {
        shut_down(at)?;
    }
    // In the dark nobody hears in which words something is refused; that it is not there counts.
    load.end()
}

/// How many acknowledged commands are lost where the log is not synced.
fn lies_are_noticed(world: &mut World, at: &Path, image: &Path) -> Result<usize, Failed> {
    for _ in 0..SELF_CHECKS {
        make_image(image, IMAGE)?;
        let mounted = Mounted::image(at, image)?;
        seeded(world, at, "power")?;
        let below = at.join("data/data.db-wal").display().to_string();
        let faults = Faults::compile(&world.path("power.faults"), &below)?;
        faults.arm(Calls::Syncs, 1, true, Action::Lies)?;
        let sent = one_cut(world, at, &faults.environment(), Order::KillThenCut)?;
        let (_, hits) = faults.disarm()?;
        ensure!(hits > 0, "no sync of the log was left out");
        mounted.end()?;
        let mounted = Mounted::image(at, image)?;
        // Past the program: it may rightly refuse to start on what is left.
        let answers = world.rows("power", "SELECT lower(hex(command)) FROM command_done");
        mounted.end()?;
        let answers = answers.unwrap_or_default();
        let there = |id: &&String| answers.contains(&id.replace('-', ""));
        let lost = sent.accepted.len() - sent.accepted.iter().filter(there).count();
        if lost > 0 {
            return Ok(lost);
        }
    }
    Err(
        format!("{SELF_CHECKS} cuts without syncs lost nothing: this trial would notice nothing")
            .into(),
    )
}
