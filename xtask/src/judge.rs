//! `cargo xtask judge`: what programs that know nothing of the product say of it. Each is the
//! release named here, from `PyPI`, kept in cargo's folder from run to run.
//!
//! - schemathesis sends the API what its own document allows, and what it does not.
//! - wapiti goes through every page as four roles and attacks what it finds; a reflected script,
//!   planted on the way to it, must be found.

mod schemathesis;
mod wapiti;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::only;
use crate::server::{self, Server};

type Failed = Box<dyn std::error::Error>;

/// `judge`.
#[derive(Debug, Args)]
pub struct JudgeArguments {
    /// The program; the release binary where it is left out
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// Only these judges: schemathesis, wapiti
    #[arg(long, value_name = "JUDGE", value_delimiter = ',')]
    only: Vec<String>,
    /// Examples of each operation, and seconds for each role
    #[arg(long)]
    full: bool,
}

/// What every judge needs.
pub struct Court {
    /// The demonstration of a town, served.
    pub server: Server,
    /// A folder that goes away at the end.
    pub folder: PathBuf,
    /// The whole length.
    pub full: bool,
}

impl Drop for Court {
    fn drop(&mut self) {
        // What stays behind is in the temporary folder.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

type Judge = fn(&Court) -> Result<String, Failed>;

const JUDGES: [(&str, Judge); 2] = [
    ("schemathesis", schemathesis::judge),
    ("wapiti", wapiti::judge),
];

/// Runs them. Exit code 1 where one found something.
pub fn run(arguments: &JudgeArguments) -> ExitCode {
    match all(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            crate::say(&format!("judge: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn all(arguments: &JudgeArguments) -> Result<(), Failed> {
    only::check(&arguments.only, JUDGES.map(|(name, _)| name))?;
    let binary = server::program(arguments.binary.as_deref())?;
    for (name, judge) in JUDGES {
        if !only::wants(&arguments.only, name) {
            continue;
        }
        // Each has a town of its own: what one changed would be the other's surprise.
        let court = court(&binary, name, arguments.full)?;
        let said = judge(&court).map_err(|error| format!("{name}: {error}"))?;
        crate::say(&format!("{name}: {said}"));
        let log = court.server.log();
        if let Some(line) = log.lines().find(|line| line.contains(" ERROR ")) {
            return Err(format!("{name}: the program logged {line}").into());
        }
    }
    Ok(())
}

fn court(binary: &Path, name: &str, full: bool) -> Result<Court, Failed> {
    let folder = std::env::temp_dir().join(format!("xingcun-judge-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let data = folder.join("town");
    let data = data.to_str().ok_or("a path in UTF-8")?;
    let arguments = ["demo", "--extent", "town", "--dir", data];
    Ok(Court {
        server: Server::start(binary, &arguments, &folder.join("log"))?,
        folder,
        full,
    })
}
