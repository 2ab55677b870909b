//! What the program takes inside: `crates/xingcun/benches/inside.rs` on copies of the county.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use super::{Bench, Failed, Figure};

pub fn figures(bench: &Bench) -> Result<Vec<Figure>, Failed> {
    let county = super::serving::county(bench)?;
    let program = built()?;
    let compute = row(&program, "compute", &copy(&county, "compute")?)?;
    let correct = row(&program, "correct", &copy(&county, "correct")?)?;
    let door = row(&program, "door", &copy(&county, "door")?)?;
    let bare = bare_sqlite(&bench.folder.join("bare.db"))?;
    let ms = |row: &Json, key: &str| row[key].as_u64().unwrap_or(u64::MAX) / 1000;
    let timed = |row: &Json| {
        format!(
            "{} ms CPU, {} ms wall (middle of {}; the first {} ms CPU)",
            decimals(&row["cpu_us"]),
            decimals(&row["wall_us"]),
            row["times"],
            decimals(&row["first_cpu_us"])
        )
    };
    let per_second = door["per_second"].as_u64().unwrap_or(0);
    Ok(vec![
        Figure {
            work: "370 × 40: values read, scored, ranked, written (`round.compute` through the \
                   door, undone)"
                .to_owned(),
            bar: "< 50 ms CPU",
            ours: timed(&compute),
            reached: ms(&compute, "cpu_us") < 50,
            peer: "none does this".to_owned(),
        },
        Figure {
            work: "one corrected value → fresh ranks of the county (`appeal.decide` through the \
                   door, undone; its commit is in the next row)"
                .to_owned(),
            bar: "< 10 ms CPU",
            ours: timed(&correct),
            reached: ms(&correct, "cpu_us") < 10,
            peer: "none does this".to_owned(),
        },
        Figure {
            work: format!(
                "command door in process, {} callers, SQLite FULL",
                door["callers"]
            ),
            bar: "> 5,000 durable commands/s",
            ours: format!(
                "{per_second}/s, p50 {} ms, p99 {} ms, {} µs CPU each",
                decimals(&door["p50_us"]),
                decimals(&door["p99_us"]),
                door["cpu_ms"].as_u64().unwrap_or(0) * 1000
                    / door["commands"].as_u64().unwrap_or(1).max(1)
            ),
            reached: per_second > 5_000,
            peer: format!("SQLite alone, one row a commit, FULL: {bare}/s"),
        },
    ])
}

/// Microseconds as milliseconds with two places.
fn decimals(us: &Json) -> String {
    let us = us.as_u64().unwrap_or(0);
    format!("{}.{:02}", us / 1000, us % 1000 / 10)
}

/// Builds the program of the rows and gives where it is.
fn built() -> Result<PathBuf, Failed> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(crate::root())
        .args(["bench", "-p", "xingcun", "--bench", "inside", "--no-run"])
        .args(["--message-format", "json"])
        .output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    let built = said.lines().find_map(|line| {
        let line: Json = serde_json::from_str(line).ok()?;
        let is_it = line["target"]["name"] == "inside";
        line["executable"]
            .as_str()
            .filter(|_| is_it)
            .map(PathBuf::from)
    });
    built.ok_or_else(|| String::from_utf8_lossy(&output.stderr).into_owned().into())
}

fn row(program: &Path, name: &str, folder: &Path) -> Result<Json, Failed> {
    let output = Command::new(program).arg(name).arg(folder).output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{name}: {} {why}", output.status).into());
    }
    Ok(serde_json::from_str(said.trim())?)
}

/// A private copy of the county's folder.
fn copy(county: &Path, name: &str) -> Result<PathBuf, Failed> {
    let to = county.with_file_name(name);
    let status = Command::new("cp").arg("-a").arg(county).arg(&to).status()?;
    if !status.success() {
        return Err(format!("cp {}: {status}", to.display()).into());
    }
    Ok(to)
}

/// What the same disk gives a program that commits each row by itself.
fn bare_sqlite(file: &Path) -> Result<u128, Failed> {
    let database = rusqlite::Connection::open(file)?;
    database.pragma_update(None, "journal_mode", "wal")?;
    database.pragma_update(None, "synchronous", "full")?;
    database.execute_batch("CREATE TABLE leaf (id INTEGER PRIMARY KEY, body BLOB NOT NULL)")?;
    let begun = Instant::now();
    let mut rows: u128 = 0;
    while begun.elapsed() < Duration::from_secs(3) {
        database.execute("INSERT INTO leaf (body) VALUES (randomblob(300))", [])?;
        rows += 1;
    }
    Ok(rows * 1000 / begun.elapsed().as_millis())
}
