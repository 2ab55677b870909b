//! A Python program of one release, in a virtual environment of its own.

use std::path::PathBuf;
use std::process::Command;

type Failed = Box<dyn std::error::Error>;

/// Where a program of `PyPI` is, installed where it was not: `schemathesis==4.32.5`.
pub fn program(release: &str, name: &str) -> Result<PathBuf, Failed> {
    let place = crate::server::target_folder()?.join("python").join(release);
    let found = place.join("bin").join(name);
    // Written last: what was broken off is installed again.
    let whole = place.join("whole");
    if whole.is_file() {
        return Ok(found);
    }
    succeed(Command::new("python3").args(["-m", "venv"]).arg(&place))?;
    let pip = place.join("bin/python");
    succeed(Command::new(pip).args(["-m", "pip", "install", "-q", release]))?;
    std::fs::write(whole, "")?;
    Ok(found)
}

/// Runs a program that must succeed, and gives what it printed.
pub fn succeed(command: &mut Command) -> Result<String, Failed> {
    let output = command.output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(said);
    }
    let why = String::from_utf8_lossy(&output.stderr);
    Err(format!("{command:?}: {}\n{said}{why}", output.status).into())
}
