//! `xingcun journal export|verify`: the journal of a folder as a file, and its verification.
//!
//! Both only read, so they run beside a server. `verify` needs no folder: a file, the public key and
//! kept checkpoints are enough, on any machine. With `--against DIR` it also compares every record
//! row of that folder's database with the digests in the leaves.

mod rows;

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use app::Keys;
use app::journal_read::Exported;
use clap::{Args, Subcommand};
use journal::{Origin, PublicKey};
use journal_verify::{Report, verify, verify_against};
use kernel::Tenant;
use store::{Connection, Schema, Store, StoreError};

use crate::console::Console;
use crate::folder::Folder;
use crate::house;
use rows::Rows;

/// What can be done with a journal.
#[derive(Debug, Subcommand)]
pub enum JournalCommand {
    /// 导出留痕，供他人核验 · export the journal for others to verify
    Export(ExportArguments),
    /// 核验导出的留痕 · verify an exported journal
    Verify(VerifyArguments),
}

/// `journal export`.
#[derive(Debug, Args)]
pub struct ExportArguments {
    /// 写到哪个文件 · the file to write
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// 数据目录 · data folder
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// 地区编号；只有一个地区时不写 · number of the area, where there are several
    #[arg(long, value_name = "NUMBER")]
    tenant: Option<i64>,
}

/// `journal verify`.
#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// 导出的文件；写了 --against 可不写，即刻从目录导出 · the exported file; with --against it may
    /// be left out: the folder is exported on the spot
    #[arg(value_name = "FILE", required_unless_present = "against")]
    file: Option<PathBuf>,
    /// 公钥，或写有公钥的文件；写了 --against 可不写，用目录里的 · the public key, or a file that
    /// holds it; with --against it may be left out: the folder's is used
    #[arg(long, value_name = "KEY", required_unless_present = "against")]
    key: Option<String>,
    /// 留存的检查点文件，可写多个 · file of a kept checkpoint; may be given several times
    #[arg(long = "checkpoint", value_name = "FILE")]
    checkpoints: Vec<PathBuf>,
    /// 与这个数据目录的业务记录逐行对照 · compare with the record rows of this data folder
    #[arg(long, value_name = "DIR")]
    against: Option<PathBuf>,
    /// 地区编号；只有一个地区时不写 · number of the area, where there are several
    #[arg(long, value_name = "NUMBER")]
    tenant: Option<i64>,
}

/// Why the command stopped; the text says what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JournalError {
    #[error(transparent)]
    Folder(#[from] crate::folder::FolderError),
    #[error(transparent)]
    Keys(#[from] app::keys::KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Export(#[from] app::journal_read::ReadJournalError),
    #[error("{0}: {1}")]
    Io(PathBuf, #[source] io::Error),
    #[error("not a public key (xingcun/…+…+…), nor a file that holds one: {0}")]
    NotAKey(String),
    #[error("the folder has several areas; give one with --tenant: {0}")]
    SeveralTenants(String),
    #[error("the folder has no area {0}")]
    NoTenant(String),
}

/// Runs it. Exit code 1 where something is wrong with the journal, or it cannot be read.
pub fn run(command: &JournalCommand, console: &Console) -> ExitCode {
    let done = match command {
        JournalCommand::Export(arguments) => export_to_file(arguments, console).map(|()| true),
        JournalCommand::Verify(arguments) => verify_file(arguments, console),
    };
    match done {
        Ok(holds) => ExitCode::from(u8::from(!holds)),
        Err(error) => {
            match &error {
                JournalError::Folder(error) => console.print_error(error),
                error => console.print_error(error),
            }
            ExitCode::FAILURE
        }
    }
}

/// A database opened for reading, and a log in it.
pub(crate) struct Opened {
    pub(crate) store: Store,
    pub(crate) schemas: Vec<Schema>,
    pub(crate) origin: Origin,
    pub(crate) key: PublicKey,
}

fn open(dir: &Path, tenant: Option<i64>) -> Result<Opened, JournalError> {
    let folder = Folder::open(dir)?;
    let keys = Keys::read(&folder.keys())?;
    let schemas = house::schemas(folder.config.demonstration);
    let store = Store::open_read_only(&folder.database(), &schemas)?;
    let tenants: Vec<Tenant> = store
        .read(|connection| app::tenant::tenants(connection))
        .wait()?;
    let origin = keys.origin(choose(&tenants, tenant)?);
    let key = keys.checkpoint_key().public_key(&origin);
    Ok(Opened {
        store,
        schemas,
        origin,
        key,
    })
}

fn choose(tenants: &[Tenant], wanted: Option<i64>) -> Result<Tenant, JournalError> {
    match (tenants, wanted) {
        (tenants, Some(wanted)) if tenants.contains(&Tenant(wanted)) => Ok(Tenant(wanted)),
        (_, Some(wanted)) => Err(JournalError::NoTenant(wanted.to_string())),
        ([tenant], None) => Ok(*tenant),
        ([], None) => Err(JournalError::NoTenant(String::new())),
        (tenants, None) => {
            let all: Vec<String> = tenants.iter().map(Tenant::to_string).collect();
            Err(JournalError::SeveralTenants(all.join(", ")))
        }
    }
}

fn export_to_file(arguments: &ExportArguments, console: &Console) -> Result<(), JournalError> {
    let Opened {
        store, origin, key, ..
    } = open(&arguments.dir, arguments.tenant)?;
    let file = arguments.file.clone();
    let exported = store.read(move |c| write(c, &origin, &file)).wait()?;
    let _ = tell_export(console, &arguments.file, &key, &exported);
    Ok(())
}

/// Writes everything that was sealed into a file.
fn write(
    connection: &mut dyn Connection,
    origin: &Origin,
    path: &Path,
) -> Result<Exported, JournalError> {
    let file = File::create(path).map_err(|error| JournalError::Io(path.to_owned(), error))?;
    Ok(app::journal_read::export(
        connection,
        origin,
        BufWriter::new(file),
    )?)
}

fn tell_export(
    console: &Console,
    file: &Path,
    key: &PublicKey,
    exported: &Exported,
) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let l = console.locale();
    let done = l
        .text("journal-exported")
        .arg("file", file.display().to_string())
        .arg("leaves", exported.leaves.to_string())
        .arg("checkpoints", exported.checkpoints.to_string());
    writeln!(out, "{done}")?;
    writeln!(out, "{}\n{key}", l.text("journal-public-key"))?;
    if let Some(note) = &exported.newest {
        writeln!(out, "{}\n{note}", l.text("journal-newest-checkpoint"))?;
    }
    Ok(())
}

fn verify_file(arguments: &VerifyArguments, console: &Console) -> Result<bool, JournalError> {
    let kept = read_checkpoints(&arguments.checkpoints)?;
    let given = arguments.key.as_deref().map(read_key).transpose()?;
    let report = match (&arguments.against, &arguments.file, given) {
        (Some(dir), file, given) => {
            verify_with_folder(dir, arguments.tenant, file.as_deref(), given, &kept)?
        }
        (None, Some(file), Some(key)) => {
            let kept: Vec<&str> = kept.iter().map(String::as_str).collect();
            verify(BufReader::new(open_file(file)?), &kept, &key)
        }
        (None, ..) => unreachable!("the arguments require a file and a key without --against"),
    };
    let _ = tell_report(console, &report, arguments.against.is_some());
    Ok(report.holds())
}

/// One snapshot serves the export and the comparison, so a server may go on meanwhile.
fn verify_with_folder(
    dir: &Path,
    tenant: Option<i64>,
    file: Option<&Path>,
    given: Option<PublicKey>,
    kept: &[String],
) -> Result<Report, JournalError> {
    let mut opened = open(dir, tenant)?;
    opened.key = given.unwrap_or(opened.key);
    // In the folder, which is its owner's alone: a journal is not for every user of the machine.
    let spool = dir.join(format!("verify-{}.xjournal", std::process::id()));
    compare(opened, file, &spool, kept)
}

/// Verifies a journal, in `file` or else written to `spool` for a moment, and compares the record
/// rows of the database with it.
pub(crate) fn compare(
    opened: Opened,
    file: Option<&Path>,
    spool: &Path,
    kept: &[String],
) -> Result<Report, JournalError> {
    let Opened {
        store,
        schemas,
        origin,
        key,
    } = opened;
    let (path, is_spool) = file.map_or((spool.to_owned(), true), |file| (file.to_owned(), false));
    let kept = kept.to_vec();
    let report = store.read(move |connection| {
        if is_spool {
            write(connection, &origin, &path)?;
        }
        let input = BufReader::new(open_file(&path)?);
        let kept: Vec<&str> = kept.iter().map(String::as_str).collect();
        let mut rows = Rows::new(connection, origin.tenant(), &schemas)?;
        Ok(verify_against(input, &kept, &key, &mut rows)?)
    });
    let report = report.wait();
    if is_spool {
        let _ = std::fs::remove_file(spool);
    }
    report
}

fn open_file(path: &Path) -> Result<File, JournalError> {
    File::open(path).map_err(|error| JournalError::Io(path.to_owned(), error))
}

pub(crate) fn read_checkpoints(paths: &[PathBuf]) -> Result<Vec<String>, JournalError> {
    let read = |path: &PathBuf| {
        std::fs::read_to_string(path).map_err(|error| JournalError::Io(path.clone(), error))
    };
    paths.iter().map(read).collect()
}

/// A key as it stands on the command line, or in a file of that name.
pub(crate) fn read_key(given: &str) -> Result<PublicKey, JournalError> {
    let wrong = || JournalError::NotAKey(given.to_owned());
    if let Ok(key) = given.parse() {
        return Ok(key);
    }
    let text = std::fs::read_to_string(given).map_err(|_| wrong())?;
    text.trim().parse().map_err(|_| wrong())
}

fn tell_report(console: &Console, report: &Report, compared: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let l = console.locale();
    let sizes = l
        .text("journal-sizes")
        .arg(
            "origin",
            report
                .origin
                .as_ref()
                .map_or_else(|| "?".to_owned(), Origin::to_string),
        )
        .arg("leaves", report.size.to_string())
        .arg("proven", report.proven.to_string());
    writeln!(out, "{sizes}")?;
    writeln!(
        out,
        "{}",
        l.text("journal-root").arg("root", report.root.to_string())
    )?;
    for checkpoint in &report.checkpoints {
        let verdict = match checkpoint.agrees {
            Some(true) => "yes",
            Some(false) => "no",
            None => "unknown",
        };
        let line = l
            .text("journal-checkpoint")
            .arg("size", checkpoint.size.to_string())
            .arg("root", checkpoint.root.to_string())
            .arg("kept", if checkpoint.kept { "yes" } else { "no" })
            .arg("agrees", verdict);
        writeln!(out, "{line}")?;
    }
    if compared {
        writeln!(
            out,
            "{}",
            l.text("journal-rows").arg("rows", report.rows.to_string())
        )?;
    }
    tell_first_bad(console, report, &mut out)?;
    console.findings(&mut out, &report.findings)?;
    let verdict = if report.holds() {
        "journal-holds"
    } else {
        "journal-does-not-hold"
    };
    writeln!(out, "{}", l.text(verdict))
}

fn tell_first_bad(console: &Console, report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let Some(bad) = &report.first_bad else {
        return Ok(());
    };
    let key = if bad.until == bad.number + 1 {
        "journal-first-bad"
    } else {
        "journal-first-stretch"
    };
    let unknown = || "?".to_owned();
    let leaf = bad.leaf.as_ref();
    let line = console
        .locale()
        .text(key)
        .arg("number", bad.number.to_string())
        .arg("until", (bad.until - 1).to_string())
        .arg(
            "time",
            leaf.map_or_else(unknown, |leaf| leaf.at.minute_text()),
        )
        .arg("name", leaf.map_or_else(unknown, |leaf| leaf.name.clone()))
        .arg(
            "command",
            leaf.map_or_else(unknown, |leaf| leaf.command.to_string()),
        );
    writeln!(out, "{line}")
}

#[cfg(test)]
mod tests;
