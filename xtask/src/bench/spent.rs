//! What a process took: processor time by the kernel's own count, and the clock on the wall.

use std::process::Command;
use std::time::{Duration, Instant};

use super::Failed;

/// Processor and wall time of one run.
pub struct Spent {
    /// In user and kernel together, of the process and its children; the kernel counts hundredths.
    pub cpu: Duration,
    /// From start to end.
    pub wall: Duration,
}

/// Runs a program that must succeed, so many times, and gives the middle one by processor time.
pub fn middle(times: usize, command: &mut Command) -> Result<Spent, Failed> {
    let runs: Result<Vec<Spent>, Failed> = (0..times).map(|_| once(command)).collect();
    let mut runs = runs?;
    runs.sort_by_key(|spent| spent.cpu);
    Ok(runs.swap_remove(times / 2))
}

fn once(command: &mut Command) -> Result<Spent, Failed> {
    let (begun, before) = (Instant::now(), of_children()?);
    let output = command.output()?;
    let wall = begun.elapsed();
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("{command:?}: {} {said}", output.status).into());
    }
    Ok(Spent {
        cpu: of_children()?.saturating_sub(before),
        wall,
    })
}

/// Processor time of every child that has ended and was waited for.
fn of_children() -> Result<Duration, Failed> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The name of the program may hold spaces; what follows it does not.
    let (_, rest) = stat.rsplit_once(')').ok_or("/proc/self/stat has no name")?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let hundredths = |at: usize| -> Result<u64, Failed> {
        Ok(fields.get(at).ok_or("/proc/self/stat is short")?.parse()?)
    };
    // `cutime` and `cstime` are fields 16 and 17, counted from the process id as 1.
    let ticks = hundredths(13)? + hundredths(14)?;
    Ok(Duration::from_millis(ticks * 10))
}
