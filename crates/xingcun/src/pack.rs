//! `xingcun pack …`: packs checked, tried, compared, and carried through workbooks.

mod diff;
mod scenario;
mod workbook;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use kernel::Finding;
use packs::{Directory, Source, check};

use crate::console::Console;
use crate::score::ended;

/// What can be done with packs.
#[derive(Debug, Subcommand)]
pub enum PackCommand {
    /// 检查方案包 · check packs: every finding with file, line and remedy
    Check(PackCheck),
    /// 运行方案包的算例 · run the scenarios of packs
    Test(scenario::PackTest),
    /// 比较两个版本，看谁的得分、名次、等级会变 · compare two versions: whose score, rank and grade would move
    Diff(diff::PackDiff),
    /// 方案与工作簿互转 · a scheme as a workbook, or back
    Workbook(workbook::PackWorkbook),
}

/// `pack check`.
#[derive(Debug, Args)]
pub struct PackCheck {
    /// 方案包的文件夹；后面的可以被前面的扩展 · folders of packs; they may extend one another
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
}

/// Runs it. Exit code 1 where a finding blocks.
pub fn run(command: &PackCommand, console: &Console) -> ExitCode {
    match command {
        PackCommand::Check(arguments) => check_packs(arguments, console),
        PackCommand::Test(arguments) => ended(scenario::run(arguments, console), console),
        PackCommand::Diff(arguments) => ended(diff::run(arguments, console), console),
        PackCommand::Workbook(arguments) => ended(workbook::run(arguments), console),
    }
}

fn check_packs(PackCheck { folders }: &PackCheck, console: &Console) -> ExitCode {
    let sources: Vec<Directory> = folders.iter().map(Directory::new).collect();
    let mut findings = Vec::new();
    for (position, source) in sources.iter().enumerate() {
        let beside: Vec<&dyn Source> = sources
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != position)
            .map(|(_, source)| source as &dyn Source)
            .collect();
        findings.extend(check(source, &beside));
    }
    let blocks = findings.iter().any(Finding::blocks);
    let _ = report(console, sources.len(), &findings);
    ExitCode::from(u8::from(blocks))
}

fn report(console: &Console, packs: usize, findings: &[Finding]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    console.findings(&mut out, findings)?;
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let errors = findings.iter().filter(|finding| finding.blocks()).count();
    let summary = console
        .locale()
        .text("pack-check-summary")
        .arg("packs", count(packs))
        .arg("errors", count(errors))
        .arg("others", count(findings.len() - errors));
    writeln!(out, "{summary}")
}
