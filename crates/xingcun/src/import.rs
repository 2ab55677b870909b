//! `xingcun import places|figures FILE --dir DIR --as USER`: the same commands as in the browser,
//! decided with the same grants.

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use access::Authentication;
use app::{App, Caller, Envelope, Refusal, SystemClock, SystemEntropy, Via};
use clap::{Args, Subcommand};
use kernel::{CommandId, Id, Tenant};

use crate::{console::Console, folder::Folder, house};

/// What can be imported.
#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// 行政区划 · places
    Places(ImportArguments),
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

fn import(command: &ImportCommand, console: &Console) -> Result<(), Failed> {
    let (arguments, places) = match command {
        ImportCommand::Places(arguments) => (arguments, true),
        ImportCommand::Figures(arguments) => (arguments, false),
    };
    let folder = Folder::open(&arguments.dir)?;
    let _lock = folder.lock()?;
    let app = house::open(&folder, Arc::new(SystemClock), Arc::new(SystemEntropy))
        .map_err(Failed::Other)?;
    let tenant = Tenant(1);
    let user = arguments.user.clone();
    let account = app
        .store()
        .read(move |c| access::account::by_sign_in_name(c, tenant, &user))
        .wait()?;
    let Some(account) = account else {
        let finding =
            kernel::Finding::error("cli-user-unknown").arg("found", arguments.user.as_str());
        return Err(Failed::Refused(finding.into()));
    };
    let mut content = std::fs::File::open(&arguments.file)?;
    let (hash, _) = app
        .files()
        .put(&mut content, FILE_BYTES_MAX, app.entropy().draw())?;
    let file = hash.to_string();
    let source = arguments
        .file
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let id = command_id(&app);
    let envelope = if places {
        Envelope::of(id, &registry::place_import::ImportPlaces { file })
    } else {
        Envelope::of(id, &registry::figure_import::ImportFigures { file, source })
    };
    let caller = Caller::Account {
        account: account.account,
        authentication: Authentication::Vouched,
        on_behalf_of: None,
    };
    let done = app.execute_wait(tenant, caller, Via::Cli, envelope)?;
    app.seal(false)?;
    app.store().close();
    say(console, places, &done.answer);
    Ok(())
}

fn command_id(app: &App) -> CommandId {
    let mut random = [0; 10];
    random.copy_from_slice(&app.entropy().draw()[..10]);
    CommandId(Id::new(app.clock().now().0, random))
}

fn say(console: &Console, places: bool, answer: &serde_json::Value) {
    let count = |name: &str| answer[name].as_i64().unwrap_or_default();
    let l = console.locale();
    let text = if places {
        l.text("import-places-done")
            .arg("added", count("added"))
            .arg("changed", count("changed"))
            .arg("unchanged", count("unchanged"))
    } else {
        l.text("import-figures-done")
            .arg("recorded", count("recorded"))
    };
    crate::console::print_line(&text.to_string());
    let findings: Vec<kernel::Finding> =
        serde_json::from_value(answer["findings"].clone()).unwrap_or_default();
    console.complain(&findings);
}
