//! `xingcun backup` and `xingcun backup-key`: a whole data folder in one encrypted, signed file,
//! made beside a running server. What comes back from it: [`crate::restore`].

pub mod archive;
pub mod manifest;

use std::fs;
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use age::secrecy::ExposeSecret;
use age::x25519::{Identity, Recipient};
use app::{Clock, FileHash, Keys, SystemClock};
use clap::Args;
use journal::Origin;
use kernel::{Instant, Tenant};
use store::{Connection, DatabaseConfig, Schema, Store, StoreError};

use crate::console::{Console, print_line};
use crate::folder::{Folder, Lock};
use crate::house;
use crate::journal::{Opened, compare};
use archive::{ArchiveError, MANIFEST, SIGNATURE, Writer};
use manifest::{FORMAT, JournalEnd, Manifest};

/// `backup`.
#[derive(Debug, Args)]
pub struct BackupArguments {
    /// 数据目录 · data folder
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// 备份写到哪个文件；写目录则按时间取名 · the file to write; in a folder, it is named by the time
    #[arg(long, value_name = "PATH")]
    to: PathBuf,
    /// 备份公钥，可写多个；不写就用 config 里列出的 · public key of whoever may
    /// restore; several may be given; without it, those in the configuration
    #[arg(long = "recipient", value_name = "age1…")]
    recipients: Vec<String>,
}

/// `backup-key`.
#[derive(Debug, Args)]
pub struct KeyArguments {
    /// 私钥写到哪个文件；离线保管，不要放在服务器上 · where to write the private key; keep it offline,
    /// not on the server
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

/// Makes the pair of keys: the private one into a file of its owner alone, the public one printed.
pub fn make_key(
    arguments: &KeyArguments,
    console: &Console,
) -> Result<(), Box<dyn std::error::Error>> {
    let identity = Identity::generate();
    let public = identity.to_public().to_string();
    let secret = identity.to_string();
    let text = format!("# public key: {public}\n{}\n", secret.expose_secret());
    let mut options = fs::OpenOptions::new();
    let options = options.write(true).create_new(true).mode(0o600);
    let written = options.open(&arguments.to).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let file = arguments.to.display().to_string();
    written.map_err(|error| {
        let text = console.locale().text("backup-io");
        refusal(
            text.arg("file", file.as_str())
                .arg("why", error.to_string()),
        )
    })?;
    let made = console.locale().text("backup-key-made");
    print_line(&made.arg("file", file).to_string());
    print_line(&public);
    Ok(())
}

/// Makes a backup. The server may run meanwhile.
pub fn run(
    arguments: &BackupArguments,
    console: &Console,
) -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::open(&arguments.dir)?;
    let recipients = recipients(arguments, &folder, console)?;
    let made_at_ms = SystemClock.now().0;
    let path = target(&arguments.to, made_at_ms);
    let room = Room::take(folder.root(), "backup")?;
    let written = write(&folder, &room, &path, &recipients, made_at_ms);
    let manifest = written.map_err(|error| explain(console, &path, error))?;
    let l = console.locale();
    let made = l.text("backup-made").arg("rows", manifest.rows);
    let made = made.arg("entries", manifest.entries.len());
    print_line(&made.arg("file", path.display().to_string()).to_string());
    for end in &manifest.journals {
        print_line(
            &l.text("backup-journal")
                .arg("leaves", end.leaves)
                .to_string(),
        );
        print_line(&end.key);
        if let Some(note) = &end.checkpoint {
            print_line(note.trim_end());
        }
    }
    Ok(())
}

fn recipients(
    arguments: &BackupArguments,
    folder: &Folder,
    console: &Console,
) -> Result<Vec<Recipient>, Box<dyn std::error::Error>> {
    let given = if arguments.recipients.is_empty() {
        &folder.config.backup_recipients
    } else {
        &arguments.recipients
    };
    if given.is_empty() {
        return Err(refusal(console.locale().text("backup-no-recipient")));
    }
    let read = |text: &String| {
        let wrong = console.locale().text("backup-not-a-recipient");
        let wrong = |_| refusal(wrong.arg("found", text.as_str()));
        text.parse::<Recipient>().map_err(wrong)
    };
    given.iter().map(read).collect()
}

/// In a folder the archive is named by the day and the minute, in China's time.
fn target(to: &Path, made_at_ms: i64) -> PathBuf {
    if !to.is_dir() {
        return to.to_owned();
    }
    let minute = minute_digits(Instant(made_at_ms));
    to.join(format!("xingcun-{minute}.backup"))
}

/// A minute of China's time as it stands in names of files: `202611220230`.
pub(crate) fn minute_digits(at: Instant) -> String {
    let minute = at.minute_text();
    minute.chars().filter(char::is_ascii_digit).collect()
}

/// Why no backup was made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BackupError {
    #[error(transparent)]
    Keys(#[from] app::keys::KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error(transparent)]
    Journal(#[from] crate::journal::JournalError),
    /// The copy is not what the journal says the record was.
    #[error("the record does not agree with its journal")]
    Tampered,
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// A database without an area.
    #[error("the folder has no area yet")]
    Empty,
}

/// The error in people's words.
pub(crate) fn explain(
    console: &Console,
    path: &Path,
    error: BackupError,
) -> Box<dyn std::error::Error> {
    let (key, path, why) = match error {
        BackupError::Tampered => ("backup-record-differs", path.to_owned(), String::new()),
        BackupError::Empty => ("backup-nothing-there", path.to_owned(), String::new()),
        BackupError::Archive(ArchiveError::OtherKey) => {
            ("backup-other-key", path.to_owned(), String::new())
        }
        BackupError::Archive(ArchiveError::Damaged(why)) => {
            ("backup-damaged", path.to_owned(), why)
        }
        BackupError::Archive(ArchiveError::Io(path, why)) => ("backup-io", path, why.to_string()),
        error => return error.into(),
    };
    let text = console.locale().text(key).arg("why", why);
    refusal(text.arg("file", path.display().to_string()))
}

/// A text as the reason why the program stopped.
pub(crate) fn refusal(text: impl std::fmt::Display) -> Box<dyn std::error::Error> {
    text.to_string().into()
}

fn write(
    folder: &Folder,
    room: &Room,
    path: &Path,
    recipients: &[Recipient],
    made_at_ms: i64,
) -> Result<Manifest, BackupError> {
    let keys = Keys::read(&folder.keys())?;
    let schemas = house::schemas(folder.config.demonstration);
    let copy = room.path().join("data.db");
    let live = Store::open_read_only(&folder.database(), &schemas)?;
    let copied = live.copy_into(&DatabaseConfig::sqlite(&copy), &schemas)?;
    live.close();
    let (area, journals) = verified(&copy, &schemas, &keys, &[], room)?;
    let mut writer = Writer::create(path, recipients)?;
    writer.add_file("data.db", &copy)?;
    writer.add_file("config", &folder.root().join("config"))?;
    writer.add_file("keys/root.key", &folder.keys().join("root.key"))?;
    add_folder(&mut writer, &folder.files(), "files", &is_stored_file)?;
    add_folder(&mut writer, &folder.packs(), "packs", &|_| true)?;
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made_at_ms,
        area,
        rows: copied.rows,
        journals: journals.iter().map(|(_, end)| end.clone()).collect(),
        entries: writer.entries().clone(),
    };
    let (origin, _) = journals.first().ok_or(BackupError::Empty)?;
    let json = manifest.to_json();
    writer.add_bytes(MANIFEST, &json)?;
    let note = Manifest::sign(&json, &keys.checkpoint_key(), origin);
    writer.add_bytes(SIGNATURE, note.as_bytes())?;
    writer.finish()?;
    Ok(manifest)
}

/// The copy, not the original, is compared with its journal: what goes into the archive is good.
pub(crate) fn verified(
    database: &Path,
    schemas: &[Schema],
    keys: &Keys,
    kept: &[String],
    room: &Room,
) -> Result<(String, Vec<(Origin, JournalEnd)>), BackupError> {
    let open = || Store::open_read_only(&DatabaseConfig::sqlite(database), schemas);
    let store = open()?;
    let tenants = store.read(|c| app::tenant::tenants(c)).wait()?;
    let (mut area, mut journals) = (String::new(), Vec::new());
    for tenant in tenants {
        let origin = keys.origin(tenant);
        let key = keys.checkpoint_key().public_key(&origin);
        let opened = Opened {
            store: open()?,
            schemas: schemas.to_vec(),
            origin: origin.clone(),
            key: key.clone(),
        };
        let report = compare(opened, None, &room.path().join("journal"), kept)?;
        if !report.holds() {
            return Err(BackupError::Tampered);
        }
        let (name, leaves, checkpoint) = store.read(move |c| end_of(c, tenant)).wait()?;
        area = if area.is_empty() { name } else { area };
        let key = key.to_string();
        journals.push((
            origin,
            JournalEnd {
                key,
                leaves,
                checkpoint,
            },
        ));
    }
    store.close();
    Ok((area, journals))
}

fn end_of(
    connection: &mut dyn Connection,
    tenant: Tenant,
) -> Result<(String, u64, Option<String>), StoreError> {
    let name = app::tenant::name(connection, tenant)?.unwrap_or_default();
    let leaves = app::journal_read::count(connection, tenant)?;
    let checkpoint = app::sealer::last_checkpoint(connection, tenant)?;
    Ok((name, leaves, checkpoint.map(|checkpoint| checkpoint.note)))
}

/// Files of evidence are named by their hash, two levels deep; what is still coming in is not.
fn is_stored_file(name: &str) -> bool {
    name.replacen('/', "", 1).parse::<FileHash>().is_ok()
}

/// Adds the files below a folder, in the order of their names. One that goes away meanwhile was
/// swept because nothing named it.
fn add_folder(
    writer: &mut Writer,
    root: &Path,
    prefix: &str,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<(), BackupError> {
    let mut found = Vec::new();
    collect(root, "", &mut found)?;
    found.sort();
    for name in found.into_iter().filter(|name| wanted(name)) {
        let source = root.join(&name);
        match writer.add_file(&format!("{prefix}/{name}"), &source) {
            Err(ArchiveError::Io(path, error))
                if path == source && error.kind() == std::io::ErrorKind::NotFound => {}
            other => other?,
        }
    }
    Ok(())
}

fn collect(folder: &Path, prefix: &str, found: &mut Vec<String>) -> std::io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            continue; // nothing of ours
        };
        let kind = entry.file_type()?;
        if kind.is_dir() {
            collect(&entry.path(), &format!("{prefix}{name}/"), found)?;
        } else if kind.is_file() {
            found.push(format!("{prefix}{name}"));
        }
    }
    Ok(())
}

/// A folder for what exists only while a backup is made or read. It lies beside the data, on the
/// same disk and its owner's alone; it goes away with this value, and what a killed process left
/// there goes away when the next one begins.
pub(crate) struct Room {
    path: PathBuf,
    _lock: Lock,
}

impl Room {
    /// Takes `NAME.making` in a folder; refused while another process works there.
    pub(crate) fn take(parent: &Path, name: &str) -> Result<Room, Box<dyn std::error::Error>> {
        let lock = crate::folder::lock_file(parent, &format!("{name}.lock"))?;
        let path = parent.join(format!("{name}.making"));
        if path.exists() {
            fs::remove_dir_all(&path)?;
        }
        fs::DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Room { path, _lock: lock })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        // After a restore it has become the data folder; what else stays goes with the next run.
        let _ = fs::remove_dir_all(&self.path);
    }
}
