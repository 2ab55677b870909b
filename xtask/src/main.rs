//! The project's own tools.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod accept;
mod bench;
mod fuzz;
mod judge;
mod only;
mod python;
mod regenerate;
mod screenshots;
mod server;
mod survive;

/// The project's own tools.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    arg_required_else_help = true
)]
struct Arguments {
    #[command(subcommand)]
    tool: Tool,
}

#[derive(Debug, Subcommand)]
enum Tool {
    /// Drive the release binary from outside and hold it against docs/acceptance.md
    Accept(accept::AcceptArguments),
    /// Measure how fast the program is, on a quiet machine
    Bench(bench::BenchArguments),
    /// Feed what reads from outside with inputs that look for what breaks it
    Fuzz(fuzz::FuzzArguments),
    /// Let programs from outside judge the API and the pages
    Judge(judge::JudgeArguments),
    /// Kill it, cut its power, fill its disk, overload it: nothing that it said yes to may be lost
    Survive(survive::SurviveArguments),
    #[command(hide = true)]
    SurviveUpgrade(survive::UpgradeArguments),
    /// Take the pictures of the user guide again, from the demonstration
    Screenshots(screenshots::ScreenshotsArguments),
    /// Make the generated documents again: permission matrix, transitions, `OpenAPI`
    Regenerate,
}

fn main() -> ExitCode {
    match Arguments::parse().tool {
        Tool::Accept(arguments) => accept::run(&arguments),
        Tool::Bench(arguments) => bench::run(&arguments),
        Tool::Fuzz(arguments) => fuzz::run(&arguments),
        Tool::Judge(arguments) => judge::run(&arguments),
        Tool::Regenerate => regenerate::run(),
        Tool::Screenshots(arguments) => screenshots::run(&arguments),
        Tool::Survive(arguments) => survive::run(&arguments),
        Tool::SurviveUpgrade(arguments) => survive::upgrade(&arguments),
    }
}

/// Prints a line; a closed pipe is nobody's problem.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// The folder of the repository.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}
