//! `xingcun pack test DIR…`: the scenarios of a pack. `scenarios/NAME.csv` holds figures for
//! `schemes/NAME.toml`, and `scenarios/NAME.expected.csv` what must come of them.

use std::path::{Path, PathBuf};

use clap::Args;
use kernel::{Finding, FindingPlace};

use crate::console::{Console, print_line};
use crate::score::output::Outcome;
use crate::score::{Progress, Stop, file_finding, plan_of, read_figures, read_scheme};

/// Most cells of one scenario that are told to differ.
const DIFFERENCES_SHOWN: usize = 50;

/// `pack test`.
#[derive(Debug, Args)]
pub struct PackTest {
    /// 方案包的文件夹 · folders of packs
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
}

/// Runs every scenario; the findings name the cells that came out otherwise.
pub fn run(arguments: &PackTest, console: &Console) -> Result<Vec<Finding>, Stop> {
    let mut findings = Vec::new();
    let mut scenarios = 0;
    for folder in &arguments.folders {
        for figures in scenarios_of(folder)? {
            scenarios += 1;
            findings.extend(scenario(folder, &figures, console)?);
        }
    }
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let failed = findings.iter().filter(|finding| finding.blocks()).count();
    let summary = console
        .locale()
        .text("pack-test-summary")
        .arg("scenarios", count(scenarios))
        .arg("differences", count(failed));
    print_line(&summary.to_string());
    Ok(findings)
}

const EXPECTED: &str = ".expected.csv";

/// The files of figures, sorted.
fn scenarios_of(folder: &Path) -> Result<Vec<PathBuf>, Stop> {
    let place = folder.join("scenarios");
    let unreadable = |error| Stop::Usage(file_finding("score-unreadable", &place, &error));
    let mut figures = Vec::new();
    for entry in std::fs::read_dir(&place).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.to_string_lossy();
        if name.ends_with(".csv") && !name.ends_with(EXPECTED) {
            figures.push(path);
        }
    }
    figures.sort();
    Ok(figures)
}

fn scenario(folder: &Path, figures: &Path, console: &Console) -> Result<Vec<Finding>, Stop> {
    let stem = figures.file_stem().unwrap_or_default().to_string_lossy();
    let scheme = read_scheme(&folder.join("schemes").join(format!("{stem}.toml")))?;
    let plan = plan_of(&scheme)?;
    let progress = Progress::new(console);
    let read = read_figures(figures, &plan, &progress);
    progress.finish();
    let (columns, findings) = read?;
    if findings.iter().any(Finding::blocks) {
        return Err(Stop::Findings(findings));
    }
    let (results, _) = score::evaluate(&plan, &columns);
    let outcome = Outcome {
        plan: &plan,
        columns: &columns,
        results: &results,
    };
    let expected = figures.with_file_name(format!("{stem}{EXPECTED}"));
    let text = std::fs::read_to_string(&expected)
        .map_err(|error| Stop::Usage(file_finding("score-unreadable", &expected, &error)))?;
    let mut written = Vec::new();
    outcome
        .write_csv(&mut written, &|_| ())
        .map_err(|error| Stop::Usage(file_finding("score-not-written", &expected, &error)))?;
    let written = String::from_utf8_lossy(&written);
    Ok(differences(&expected, &text, &written))
}

/// Every cell that differs, at its place in the file of what is expected.
fn differences(file: &Path, expected: &str, found: &str) -> Vec<Finding> {
    let rows = |text: &str| -> Vec<Vec<String>> {
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let records = reader.into_records().filter_map(Result::ok);
        records
            .map(|record| record.iter().map(str::to_owned).collect())
            .collect()
    };
    let (expected, found) = (rows(expected), rows(found));
    let mut findings = Vec::new();
    let nothing = Vec::new();
    for row in 0..expected.len().max(found.len()) {
        let (expected, found) = (
            expected.get(row).unwrap_or(&nothing),
            found.get(row).unwrap_or(&nothing),
        );
        for column in 0..expected.len().max(found.len()) {
            let cell = |row: &Vec<String>| row.get(column).cloned().unwrap_or_default();
            let (expected, found) = (cell(expected), cell(found));
            if expected == found {
                continue;
            }
            if findings.len() == DIFFERENCES_SHOWN {
                return findings;
            }
            let number = |index: usize| u32::try_from(index + 1).unwrap_or(u32::MAX);
            let finding = Finding::error("pack-scenario-differs")
                .arg("expected", expected)
                .arg("found", found);
            findings.push(finding.at(FindingPlace::Cell {
                sheet: file.display().to_string(),
                column: number(column),
                row: number(row),
            }));
        }
    }
    findings
}
