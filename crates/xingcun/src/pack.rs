//! `xingcun pack check DIR…`: every finding of a pack with file, line and remedy.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use kernel::Finding;
use packs::{Directory, Source, check};

use crate::console::Console;

/// What can be done with packs.
#[derive(Debug, Subcommand)]
pub enum PackCommand {
    /// 检查方案包 · check packs: every finding with file, line and remedy
    Check(PackCheck),
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
    let PackCommand::Check(PackCheck { folders }) = command;
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
