//! `cargo xtask survive`: the release binary under what machines and people do to it: killed, cut
//! from power, short of disk, failing disks, two people at once, ten times the load, an upgrade
//! that breaks off. Whatever it said yes to must be there exactly once, and the journal must agree
//! with the database. Which sentence each trial keeps: docs/acceptance.md; what was measured:
//! docs/benchmarks.md.

mod cluster;
mod disk;
mod disk_full;
mod faults;
mod kill;
pub(crate) mod load;
mod overload;
mod power;
mod races;
pub(crate) mod stop;
mod upgrade;

use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::Instant;

use clap::Args;

use crate::accept::Databases;
use crate::accept::world::{Engine, World};
use crate::only;

type Failed = Box<dyn std::error::Error>;

/// `survive`.
#[derive(Debug, Args)]
pub struct SurviveArguments {
    /// The whole length: 100 kills, 30 power cuts, every write and sync; else a few of each
    #[arg(long)]
    full: bool,
    /// Only these trials, by name
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    only: Vec<String>,
    /// On which database
    #[arg(long, value_enum, default_value = "both")]
    db: Databases,
    /// The release binary; without it, target/release/xingcun
    #[arg(long, value_name = "PATH")]
    binary: Option<PathBuf>,
    /// Fail where a trial was skipped, too
    #[arg(long)]
    strict: bool,
    /// Write the table of results, as it stands in docs/benchmarks.md, to this file
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// What a trial came to.
pub enum Outcome {
    /// Everything held: the figures.
    Held(String),
    /// This machine does not offer what the trial needs: what.
    Skipped(String),
}

/// How a trial ended; an error where something did not hold.
pub type Tried = Result<Outcome, Failed>;

/// One trial.
struct Trial {
    name: &'static str,
    /// Runs it on a database; `full` for its whole length.
    run: fn(&mut World, full: bool) -> Tried,
    /// On which databases it says something.
    on: &'static [Engine],
}

const BOTH: &[Engine] = &[Engine::Sqlite, Engine::Postgres];
const SQLITE: &[Engine] = &[Engine::Sqlite];
const POSTGRES: &[Engine] = &[Engine::Postgres];

const TRIALS: &[Trial] = &[
    Trial {
        name: "kill",
        run: kill::killed,
        on: BOTH,
    },
    Trial {
        name: "postmaster",
        run: kill::postmaster_killed,
        on: POSTGRES,
    },
    Trial {
        name: "races",
        run: races::raced,
        on: BOTH,
    },
    Trial {
        name: "disk-full",
        run: disk_full::filled,
        on: SQLITE,
    },
    Trial {
        name: "faults",
        run: faults::failed,
        on: SQLITE,
    },
    Trial {
        name: "power",
        run: power::cut,
        on: SQLITE,
    },
    Trial {
        name: "stop",
        run: stop::stopped,
        on: BOTH,
    },
    Trial {
        name: "overload",
        run: overload::overloaded,
        on: BOTH,
    },
    Trial {
        name: "upgrade",
        run: upgrade::upgraded,
        on: BOTH,
    },
];

pub use upgrade::UpgradeArguments;

/// The process of the trial `upgrade`.
pub fn upgrade(arguments: &UpgradeArguments) -> ExitCode {
    match upgrade::work(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            crate::say(&format!("survive-upgrade: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Runs it; exit code 1 where a trial failed.
pub fn run(arguments: &SurviveArguments) -> ExitCode {
    match all(arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            crate::say(&format!("survive: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn all(arguments: &SurviveArguments) -> Result<bool, Failed> {
    only::check(&arguments.only, TRIALS.iter().map(|trial| trial.name))?;
    let mut table = Vec::new();
    let (mut failed, mut skipped) = (0, 0);
    for engine in arguments.db.engines() {
        for trial in TRIALS {
            if !only::wants(&arguments.only, trial.name) || !trial.on.contains(engine) {
                continue;
            }
            let begun = Instant::now();
            let mut world = World::new(*engine, arguments.binary.as_deref())?;
            let tried = (trial.run)(&mut world, arguments.full);
            let took = begun.elapsed().as_secs();
            let (mark, text) = match tried {
                Ok(Outcome::Held(figures)) => ("held", figures),
                Ok(Outcome::Skipped(why)) => {
                    skipped += 1;
                    ("SKIPPED", why)
                }
                Err(error) => {
                    failed += 1;
                    ("FAILED", error.to_string())
                }
            };
            crate::say(&format!(
                "{mark} {} on {engine}: {text} ({took} s)",
                trial.name
            ));
            table.push(format!("| {} | {engine} | {mark} | {text} |", trial.name));
        }
    }
    if table.is_empty() {
        return Err("no trial fits this database".into());
    }
    let table = format!(
        "{}\n\n| trial | database | | what was seen |\n|---|---|---|---|\n{}\n",
        machine(arguments)?,
        table.join("\n")
    );
    crate::say(&format!("\n{table}"));
    if let Some(path) = &arguments.report {
        std::fs::write(path, &table)?;
    }
    if skipped > 0 {
        crate::say(&format!(
            "{skipped} SKIPPED: they say nothing about this machine"
        ));
    }
    Ok(failed == 0 && (skipped == 0 || !arguments.strict))
}

/// On what the figures were obtained.
fn machine(arguments: &SurviveArguments) -> Result<String, Failed> {
    let said = |program: &str, given: &[&str]| {
        let output = Command::new(program).args(given).output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        output.status.success().then_some(text)
    };
    let unknown = || "?".to_owned();
    let cores = std::thread::available_parallelism()?;
    let kernel = said("uname", &["-sr"]).unwrap_or_else(unknown);
    let psql = said("psql", &["--version"]).unwrap_or_else(|| "no PostgreSQL".to_owned());
    let commit = said("git", &["rev-parse", "--short", "HEAD"]).unwrap_or_else(unknown);
    let length = if arguments.full { "full" } else { "bounded" };
    let sqlite = rusqlite::version();
    Ok(format!(
        "{length} length, {cores} cores, {kernel}, SQLite {sqlite}, {psql}, at {commit}"
    ))
}
