//! `cargo xtask accept`: drives the release binary from outside only (its command line, HTTP,
//! signals, a real browser) and prints, for each sentence of docs/acceptance.md, what it saw.

pub(crate) mod checks;
mod faults;
mod phone;
pub mod proxy;
mod sentences;
pub(crate) mod world;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::{Args, ValueEnum};
use sentences::{Kept, Sentence};
use world::{Engine, World};

use crate::only;

/// What a check saw; or what is wrong.
pub type Saw = Result<String, Box<dyn std::error::Error>>;

pub(crate) use walk::ensure;

/// `accept`.
#[derive(Debug, Args)]
pub struct AcceptArguments {
    /// Only what takes seconds: no browser walk, no planted faults
    #[arg(long)]
    fast: bool,
    /// On which database
    #[arg(long, value_enum, default_value = "both")]
    db: Databases,
    /// Only these sentences or faults, by id
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    only: Vec<String>,
    /// The release binary; without it, target/release/xingcun
    #[arg(long, value_name = "PATH")]
    binary: Option<PathBuf>,
}

/// On which databases.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Databases {
    Sqlite,
    Postgres,
    Both,
}

impl Databases {
    pub(crate) fn engines(self) -> &'static [Engine] {
        match self {
            Databases::Sqlite => &[Engine::Sqlite],
            Databases::Postgres => &[Engine::Postgres],
            Databases::Both => &[Engine::Sqlite, Engine::Postgres],
        }
    }
}

/// Runs it; exit code 1 where a sentence does not hold.
pub fn run(arguments: &AcceptArguments) -> ExitCode {
    match all(arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            crate::say(&format!("accept: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn all(arguments: &AcceptArguments) -> Result<bool, Box<dyn std::error::Error>> {
    let sentences = sentences::read()?;
    check_ids(&sentences)?;
    let ids = sentences.iter().map(|sentence| sentence.id.as_str());
    only::check(
        &arguments.only,
        ids.chain(faults::ALL.iter().map(|fault| fault.id)),
    )?;
    let mut tally = Tally::default();
    for engine in arguments.db.engines() {
        crate::say(&format!("\n{engine}"));
        let mut world = World::new(*engine, arguments.binary.as_deref())?;
        for sentence in &sentences {
            if only::wants(&arguments.only, &sentence.id) {
                tally.sentence(&mut world, sentence, arguments);
            }
        }
        if !arguments.fast {
            for fault in faults::ALL {
                if only::wants(&arguments.only, fault.id) && fault.fits(*engine) {
                    tally.fault(&mut world, fault);
                }
            }
        }
    }
    tally.close(&sentences, arguments);
    Ok(tally.failed.is_empty())
}

/// The document and the program must name the same checks.
fn check_ids(sentences: &[Sentence]) -> Result<(), String> {
    let named: Vec<&str> = sentences.iter().filter_map(Sentence::check).collect();
    for id in &named {
        if checks::find(id).is_none() {
            return Err(format!(
                "docs/acceptance.md names the check {id}, which does not exist"
            ));
        }
    }
    for check in checks::ALL {
        if !named.contains(&check.id) {
            return Err(format!(
                "no sentence of docs/acceptance.md names the check {}",
                check.id
            ));
        }
    }
    Ok(())
}

#[derive(Default)]
struct Tally {
    held: usize,
    caught: usize,
    failed: Vec<String>,
    later: usize,
}

impl Tally {
    fn sentence(&mut self, world: &mut World, sentence: &Sentence, arguments: &AcceptArguments) {
        let Kept::Check(id) = &sentence.kept else {
            return;
        };
        let Some(check) = checks::find(id) else {
            return;
        };
        if arguments.fast && check.slow {
            self.later += 1;
            return;
        }
        let begun = Instant::now();
        let saw = (check.run)(world);
        let took = begun.elapsed().as_secs_f32();
        match saw {
            Ok(saw) => {
                self.held += 1;
                crate::say(&format!(
                    "  ok   {:4} {} — {saw} ({took:.1} s)",
                    sentence.id, sentence.text
                ));
            }
            Err(error) => {
                crate::say(&format!(
                    "  FAIL {:4} {} — {error} ({took:.1} s)",
                    sentence.id, sentence.text
                ));
                self.failed
                    .push(format!("{} on {}", sentence.id, world.engine));
            }
        }
    }

    fn fault(&mut self, world: &mut World, fault: &faults::Fault) {
        match (fault.run)(world) {
            Ok(caught) => {
                self.caught += 1;
                crate::say(&format!(
                    "  ok   {:4} planted: {} — caught: {caught}",
                    fault.id, fault.planted
                ));
            }
            Err(error) => {
                crate::say(&format!(
                    "  FAIL {:4} planted: {} — {error}",
                    fault.id, fault.planted
                ));
                self.failed
                    .push(format!("{} on {}", fault.id, world.engine));
            }
        }
    }

    fn close(&self, sentences: &[Sentence], arguments: &AcceptArguments) {
        if arguments.only.is_empty() {
            crate::say("\nKept by tests, or not checked here");
            for sentence in sentences {
                if let Kept::Elsewhere(why) = &sentence.kept {
                    crate::say(&format!(
                        "  --   {:4} {} — {why}",
                        sentence.id, sentence.text
                    ));
                }
            }
        }
        crate::say(&format!(
            "\n{} hold, {} planted faults caught, {} failed{}",
            self.held,
            self.caught,
            self.failed.len(),
            if self.later > 0 {
                format!(", {} left to the full run", self.later)
            } else {
                String::new()
            }
        ));
        if !self.failed.is_empty() {
            crate::say(&format!("failed: {}", self.failed.join(", ")));
        }
    }
}
