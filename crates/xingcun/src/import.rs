//! `xingcun import places|organisations|people|accounts|figures FILE --dir DIR --as USER`: the same
//! commands as in the browser, decided with the same grants. A refused file comes back beside the
//! original with its wrong cells marked. Files of people and accounts are sealed in memory before a
//! byte of them comes to the data folder; no code and no password is printed: those come with
//! activation slips.

use std::{
    io::{Read, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use access::{AccountId, Authentication};
use app::{App, Caller, Envelope, Refusal, SystemClock, SystemEntropy, Via, upload::Upload};
use clap::{Args, Subcommand};
use kernel::{CommandId, Finding, FindingPlace, Id, Tenant};
use registry::{
    account_import::ImportAccounts, figure_import::ImportFigures,
    organisation_import::ImportOrganisations, person_import::ImportPeople,
    place_import::ImportPlaces,
};
use vault::FileKey;
use zeroize::Zeroizing;

use crate::{console::Console, folder::Folder, house};

/// What can be imported.
#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// 行政区划 · places
    Places(ImportArguments),
    /// 组织 · organisations
    Organisations(ImportArguments),
    /// 人员和职务（文件加密保存）· people with their posts (the file is sealed)
    People(ImportArguments),
    /// 账号；密码凭激活单设置 · accounts; passwords come with activation slips
    Accounts(ImportArguments),
    /// 数据项 · figures
    Figures(ImportArguments),
}

/// `import`.
#[derive(Debug, Args)]
pub struct ImportArguments {
    /// 工作簿或 CSV · workbook or CSV
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// 数据目录 · data folder
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// 以谁的名义 · sign-in name of the person who imports
    #[arg(long = "as", value_name = "USER")]
    user: String,
}

/// Runs it. Exit code 1 where findings block or the command is refused.
pub fn run(command: &ImportCommand, console: &Console) -> ExitCode {
    match import(command, console) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failed::Refused(refusal)) => {
            console.complain(&refusal.findings);
            ExitCode::FAILURE
        }
        Err(Failed::Other(error)) => {
            console.print_error(&*error);
            ExitCode::FAILURE
        }
    }
}

enum Failed {
    Refused(Refusal),
    Other(Box<dyn std::error::Error>),
}

impl From<Refusal> for Failed {
    fn from(refusal: Refusal) -> Failed {
        Failed::Refused(refusal)
    }
}

/// Errors that end the import and say themselves what to do.
macro_rules! other_failures {
    ($($error:ty)+) => {$(
        impl From<$error> for Failed {
            fn from(error: $error) -> Failed {
                Failed::Other(Box::new(error))
            }
        }
    )+};
}

other_failures! {
    crate::folder::FolderError
    store::StoreError
    std::io::Error
    app::files::FileError
}

/// Largest file that is taken, as everywhere in the product.
const FILE_BYTES_MAX: u64 = directory::sheet::LIMITS.file_bytes as u64;
/// What sealing adds to a file, at most.
const SEAL_BYTES_MAX: u64 = 1024;

/// What is brought in, with the word of its texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Places,
    Organisations,
    People,
    Accounts,
    Figures,
}

impl What {
    /// Whether the file holds personal data.
    fn is_sealed(self) -> bool {
        matches!(self, What::People | What::Accounts)
    }
}

impl ImportCommand {
    fn parts(&self) -> (What, &ImportArguments) {
        match self {
            ImportCommand::Places(arguments) => (What::Places, arguments),
            ImportCommand::Organisations(arguments) => (What::Organisations, arguments),
            ImportCommand::People(arguments) => (What::People, arguments),
            ImportCommand::Accounts(arguments) => (What::Accounts, arguments),
            ImportCommand::Figures(arguments) => (What::Figures, arguments),
        }
    }
}

fn import(command: &ImportCommand, console: &Console) -> Result<(), Failed> {
    let (what, arguments) = command.parts();
    let folder = Folder::open(&arguments.dir)?;
    let _lock = folder.lock()?;
    let app = house::open(&folder, Arc::new(SystemClock), Arc::new(SystemEntropy))
        .map_err(Failed::Other)?;
    let (tenant, user) = (Tenant(1), arguments.user.clone());
    let read = app
        .store()
        .read(move |c| access::account::by_sign_in_name(c, tenant, &user));
    let Some(account) = read.wait()? else {
        let finding = Finding::error("cli-user-unknown").arg("found", arguments.user.as_str());
        return Err(Failed::Refused(finding.into()));
    };
    let content = content(&arguments.file)?;
    let envelope = envelope(
        &app,
        tenant,
        account.account,
        what,
        (&arguments.file, &content),
    )?;
    let caller = Caller::Account {
        account: account.account,
        authentication: Authentication::Vouched,
        on_behalf_of: None,
    };
    let done = app.execute_wait(tenant, caller, Via::Cli, envelope);
    if let Err(refusal) = &done {
        give_back(&arguments.file, &content, &refusal.findings, console)?;
    }
    let done = done?;
    app.seal(false)?;
    app.store().close();
    say(console, what, &done.answer);
    Ok(())
}

/// The file as it is, overwritten in memory when it goes away.
fn content(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failed> {
    let mut content = Zeroizing::new(Vec::new());
    let file = std::fs::File::open(path)?;
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut content)?;
    if content.len() as u64 > FILE_BYTES_MAX {
        let finding = Finding::error("import-file-too-large");
        let finding = finding.arg("expected", directory::sheet::LIMITS.file_bytes >> 20);
        return Err(Failed::Refused(finding.into()));
    }
    Ok(content)
}

/// Stores the file, sealed where it is personal, as brought by the account; the command that names
/// it.
fn envelope(
    app: &App,
    tenant: Tenant,
    account: AccountId,
    what: What,
    (path, content): (&Path, &[u8]),
) -> Result<Envelope, Failed> {
    let key = FileKey::new(app.entropy().draw());
    let sealed = what.is_sealed().then(|| key.seal(content));
    let mut stored = sealed.as_deref().unwrap_or(content);
    let size_bytes = i64::try_from(stored.len()).unwrap_or(i64::MAX);
    let limit = FILE_BYTES_MAX + SEAL_BYTES_MAX;
    let (hash, _) = app.files().put(&mut stored, limit, app.entropy().draw())?;
    let upload = Upload {
        size_bytes,
        media_type: "application/octet-stream".to_owned(),
    };
    app.keep_uploads(tenant, account, vec![(hash, upload)])
        .wait()?;
    let (id, file, key) = (command_id(app), hash.to_string(), key.text());
    let source = path.file_name().unwrap_or_default();
    let source = source.to_string_lossy().into_owned();
    Ok(match what {
        What::Places => Envelope::of(id, &ImportPlaces { file }),
        What::Organisations => Envelope::of(id, &ImportOrganisations { file }),
        What::People => Envelope::of(id, &ImportPeople { file, key }),
        What::Accounts => Envelope::of(id, &ImportAccounts { file, key }),
        What::Figures => Envelope::of(id, &ImportFigures { file, source }),
    })
}

/// Writes the refused file with its wrong cells marked beside the original, for its owner alone,
/// and says where; nothing where no cell is to blame. A file that is there already stays.
fn give_back(
    path: &Path,
    content: &[u8],
    findings: &[Finding],
    console: &Console,
) -> Result<(), Failed> {
    let at_cell = |finding: &Finding| matches!(finding.place, FindingPlace::Cell { .. });
    if !findings.iter().any(at_cell) {
        return Ok(());
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let Ok(marked) = web::marked(content, &name, findings, console.locale()) else {
        // What is wrong with the file is told by the findings anyway.
        return Ok(());
    };
    let folder = path.parent().unwrap_or(Path::new(""));
    let (stem, suffix) = marked.name.rsplit_once('.').unwrap_or((&marked.name, ""));
    for number in 1..100 {
        let name = match number {
            1 => marked.name.clone(),
            number => format!("{stem}-{number}.{suffix}"),
        };
        let target = folder.join(name);
        match write_new(&target, &marked.bytes) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            written => {
                written?;
                let text = console.locale().text("import-marked");
                let text = text.arg("path", target.display().to_string());
                crate::console::print_line(&text.to_string());
                return Ok(());
            }
        }
    }
    Ok(())
}

/// A new file of mode 0600.
fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = std::fs::OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn command_id(app: &App) -> CommandId {
    let mut random = [0; 10];
    random.copy_from_slice(&app.entropy().draw()[..10]);
    CommandId(Id::new(app.clock().now().0, random))
}

fn say(console: &Console, what: What, answer: &serde_json::Value) {
    let count = |name: &str| answer[name].as_i64().unwrap_or_default();
    let l = console.locale();
    let text = match what {
        What::Places => l.text("import-places-done"),
        What::Organisations => l.text("import-organisations-done"),
        What::People => l.text("import-people-done"),
        What::Accounts => l.text("import-accounts-done"),
        What::Figures => l.text("import-figures-done"),
    };
    let text = ["added", "changed", "unchanged", "recorded"]
        .into_iter()
        .fold(text, |text, name| text.arg(name, count(name)));
    crate::console::print_line(&text.to_string());
    let findings: Vec<Finding> =
        serde_json::from_value(answer["findings"].clone()).unwrap_or_default();
    console.complain(&findings);
}
