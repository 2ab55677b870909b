//! `cargo xtask regenerate`: the generated documents are what the tests of the whole program say
//! they must be, so the tests themselves write them.

use std::path::Path;
use std::process::{Command, ExitCode};

/// Set, the golden tests write their files instead of comparing them.
const UPDATE_VARIABLE: &str = "UPDATE_GOLDEN";

/// Runs it.
pub fn run() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .current_dir(root)
        .args([
            "test",
            "--quiet",
            "--package",
            "xingcun",
            "--test",
            "house",
            "golden",
        ])
        .env(UPDATE_VARIABLE, "1")
        .status();
    if status.is_ok_and(|status| status.success()) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
