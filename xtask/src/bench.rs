//! `cargo xtask bench`: how fast the program is, held against the bars of the product and, where
//! there is one, a peer measured in the same run. Figures belong to a quiet machine: nothing else
//! may run beside them, and no test asserts them.

mod bulk;
mod inside;
mod load;
mod serving;
mod spent;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::Args;

use crate::{only, server};

type Failed = Box<dyn std::error::Error>;

/// `bench`.
#[derive(Debug, Args)]
pub struct BenchArguments {
    /// The program; the release binary where it is left out
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// Only these parts: bulk, inside, serving
    #[arg(long, value_name = "PART", value_delimiter = ',')]
    only: Vec<String>,
    /// Write the table to a file, as Markdown
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// How long a load lasts, in seconds
    #[arg(long, default_value_t = 20)]
    seconds: u64,
}

/// What every part needs.
pub struct Bench {
    /// The program.
    pub binary: PathBuf,
    /// A folder that goes away at the end.
    pub folder: PathBuf,
    /// How long a load lasts.
    pub seconds: u64,
}

impl Drop for Bench {
    fn drop(&mut self) {
        // What stays behind is in the temporary folder.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// One figure.
pub struct Figure {
    /// What was done.
    pub work: String,
    /// What must be reached, in words.
    pub bar: &'static str,
    /// What was reached.
    pub ours: String,
    /// Whether that is enough.
    pub reached: bool,
    /// What a peer took for the same, or why there is none.
    pub peer: String,
}

type Part = fn(&Bench) -> Result<Vec<Figure>, Failed>;

const PARTS: [(&str, Part); 3] = [
    ("bulk", bulk::figures),
    ("inside", inside::figures),
    ("serving", serving::figures),
];

/// Runs it. Exit code 1 where a bar was missed.
pub fn run(arguments: &BenchArguments) -> ExitCode {
    match all(arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            crate::say(&format!("bench: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn all(arguments: &BenchArguments) -> Result<bool, Failed> {
    only::check(&arguments.only, PARTS.map(|(name, _)| name))?;
    let folder = std::env::temp_dir().join(format!("xingcun-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let bench = Bench {
        binary: server::program(arguments.binary.as_deref())?,
        folder,
        seconds: arguments.seconds,
    };
    let mut figures = Vec::new();
    for (name, part) in PARTS {
        if !only::wants(&arguments.only, name) {
            continue;
        }
        crate::say(&format!("bench: {name} …"));
        figures.extend(part(&bench).map_err(|error| format!("{name}: {error}"))?);
    }
    let report = report(&bench, &figures);
    crate::say(&report);
    if let Some(file) = &arguments.report {
        std::fs::write(file, &report)?;
    }
    Ok(figures.iter().all(|figure| figure.reached))
}

/// The table, and by what it was measured.
fn report(bench: &Bench, figures: &[Figure]) -> String {
    let mut text = String::new();
    for line in circumstances(bench) {
        let _ = writeln!(text, "- {line}");
    }
    text.push_str(
        "\n| work | must reach | reached | | peer in the same run |\n|---|---|---|---|---|\n",
    );
    for figure in figures {
        let Figure {
            work,
            bar,
            ours,
            peer,
            ..
        } = figure;
        let mark = if figure.reached { "✓" } else { "**missed**" };
        let _ = writeln!(text, "| {work} | {bar} | {ours} | {mark} | {peer} |");
    }
    text
}

fn circumstances(bench: &Bench) -> Vec<String> {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1))
        .unwrap_or("unknown processor");
    let cores = cpu
        .lines()
        .filter(|line| line.starts_with("processor"))
        .count();
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    vec![
        format!("{cores} × {model}, Linux {}", kernel.trim()),
        format!("load at the end: {}", load.trim()),
        format!(
            "{}, {}",
            said(&bench.binary, "--version"),
            said(Path::new("rustc"), "--version")
        ),
    ]
}

/// What a program says of itself.
pub fn said(program: &Path, argument: &str) -> String {
    let output = Command::new(program).arg(argument).output();
    let said = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    said.unwrap_or_else(|_| format!("{} is not there", program.display()))
}
