//! `cargo xtask fuzz`: what reads from outside is fed by libFuzzer, which looks for inputs that reach
//! new code. No input may make it panic, take it long or fill the memory.
//!
//! The targets are in `fuzz/`, built with the compiler's own coverage, which stable Rust has. An input
//! that breaks one is kept and named; put it into the corpus of the tests before the mend.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::Args;

use crate::only;

type Failed = Box<dyn std::error::Error>;

/// `fuzz`.
#[derive(Debug, Args)]
pub struct FuzzArguments {
    /// Only these targets: cookie, csv, formula, outline, pack, proof, workbook
    #[arg(long, value_name = "TARGET", value_delimiter = ',')]
    only: Vec<String>,
    /// How long each target is fed, in seconds
    #[arg(long, default_value_t = 20)]
    seconds: u64,
}

struct Target {
    name: &'static str,
    /// Folders of the repository whose files it begins with.
    seeds: &'static [&'static str],
    /// Longest input, in bytes.
    longest: u32,
}

const TARGETS: [Target; 7] = [
    Target {
        name: "cookie",
        seeds: &["fuzz/seeds/cookie"],
        longest: 4096,
    },
    Target {
        name: "csv",
        seeds: &["crates/platform/directory/tests/corpus"],
        longest: 8192,
    },
    Target {
        name: "formula",
        seeds: &["fuzz/seeds/formula"],
        longest: 2048,
    },
    Target {
        name: "outline",
        seeds: &["fuzz/seeds/outline"],
        longest: 4096,
    },
    Target {
        name: "pack",
        seeds: &["packs/changle/schemes", "fuzz/seeds/pack"],
        longest: 65_536,
    },
    Target {
        name: "proof",
        seeds: &["fuzz/seeds/proof"],
        longest: 16_384,
    },
    Target {
        name: "workbook",
        seeds: &[
            "crates/platform/directory/tests/corpus",
            "fuzz/seeds/workbook",
        ],
        longest: 16_384,
    },
];

/// An input may take this long before it counts as broken, in seconds.
const LONGEST_S: u64 = 10;
/// And this much memory, in MiB.
const MOST_MIB: u64 = 2_048;

/// What cargo-fuzz tells the compiler, without the sanitizers, which would want an unstable one.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares \
    --cfg fuzzing -Ccodegen-units=1";

/// Runs it. Exit code 1 where an input broke a target.
pub fn run(arguments: &FuzzArguments) -> ExitCode {
    match all(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            crate::say(&format!("fuzz: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn all(arguments: &FuzzArguments) -> Result<(), Failed> {
    only::check(&arguments.only, TARGETS.iter().map(|target| target.name))?;
    let programs = build()?;
    let mut broken = Vec::new();
    for target in TARGETS {
        if !only::wants(&arguments.only, target.name) {
            continue;
        }
        match feed(&target, &programs, arguments.seconds) {
            Ok(said) => crate::say(&format!("fuzz {}: {said}", target.name)),
            Err(error) => {
                crate::say(&format!("fuzz {}: {error}", target.name));
                broken.push(target.name);
            }
        }
    }
    if broken.is_empty() {
        Ok(())
    } else {
        Err(format!("broken: {}", broken.join(", ")).into())
    }
}

/// Builds every target and gives the folder of the programs.
fn build() -> Result<PathBuf, Failed> {
    let target = host()?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let place = crate::server::target_folder()?.join("fuzz");
    // With the target named, build scripts are built without coverage.
    let status = Command::new(cargo)
        .current_dir(crate::root().join("fuzz"))
        .args(["build", "--release", "--locked", "--target", &target])
        .arg("--target-dir")
        .arg(&place)
        .env("RUSTFLAGS", COVERAGE)
        .env_remove("CARGO_TARGET_DIR")
        .status()?;
    if !status.success() {
        return Err(format!("the targets were not built: {status}").into());
    }
    Ok(place.join(target).join("release"))
}

/// The platform of this machine, as the compiler calls it.
fn host() -> Result<String, Failed> {
    let said = Command::new("rustc").arg("-vV").output()?.stdout;
    let said = String::from_utf8(said)?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.ok_or("rustc names no host")?.to_owned())
}

/// Feeds one target and says how much it was given.
fn feed(target: &Target, programs: &Path, seconds: u64) -> Result<String, Failed> {
    let found = crate::server::target_folder()?
        .join("fuzz/found")
        .join(target.name);
    std::fs::create_dir_all(&found)?;
    let reached = crate::server::target_folder()?
        .join("fuzz/reached")
        .join(target.name);
    std::fs::create_dir_all(&reached)?;
    let output = Command::new(programs.join(target.name))
        .arg(&reached)
        .args(target.seeds.iter().map(|seed| crate::root().join(seed)))
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-max_len={}", target.longest))
        .arg(format!("-timeout={LONGEST_S}"))
        .arg(format!("-rss_limit_mb={MOST_MIB}"))
        .arg(format!("-artifact_prefix={}/", found.display()))
        .args(["-print_final_stats=1", "-seed=1"])
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        let from = said.len().saturating_sub(3_000);
        let from = (from..=said.len())
            .find(|at| said.is_char_boundary(*at))
            .unwrap_or(0);
        return Err(format!("{}: {}", output.status, &said[from..]).into());
    }
    let stat = |name: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(name));
        line.map(|line| line.trim().to_owned())
    };
    let runs = stat("stat::number_of_executed_units:").ok_or("it does not say how often it ran")?;
    let last = said.lines().rfind(|line| line.contains(" cov: "));
    let covered = last
        .and_then(|line| line.split(" cov: ").nth(1)?.split(' ').next())
        .ok_or("it reached no code that is counted")?;
    Ok(format!(
        "{runs} inputs, {covered} places of the code reached, none broke it"
    ))
}
