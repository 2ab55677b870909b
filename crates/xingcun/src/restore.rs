//! `xingcun restore`: a data folder again from what [`crate::backup`] wrote, on this machine or a
//! new one; with `--dry-run` only what is in the archive and what a restore would lose.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use age::x25519::Identity;
use app::restored::BackupRestored;
use app::{Clock, Keys, ShiftedClock, SystemClock, SystemEntropy, demo_clock};
use clap::Args;
use journal::{PublicKey, SignedCheckpoint};
use kernel::{CommandId, Instant, Tenant};
use store::{DatabaseConfig, Schema, Store, StoreError};

use crate::backup::archive::{ArchiveError, MANIFEST, SIGNATURE, unpack, with_ending};
use crate::backup::manifest::{Entry, FORMAT, Manifest};
use crate::backup::{BackupError, Room, explain, minute_digits, refusal, verified};
use crate::console::{Console, print_line};
use crate::folder::{Folder, Lock, lock_file};
use crate::house;
use crate::journal::{read_checkpoints, read_key};

/// `restore`.
#[derive(Debug, Args)]
pub struct RestoreArguments {
    /// 备份文件 · the backup
    #[arg(value_name = "FILE")]
    archive: PathBuf,
    /// 备份私钥文件 · file of the private key
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// 恢复到哪个数据目录 · the data folder to make
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// 恢复到这个空的 PostgreSQL 数据库；不写就用目录里的 SQLite · into this empty PostgreSQL
    /// database; without it, SQLite in the folder
    #[arg(long, value_name = "postgres://…")]
    db: Option<String>,
    /// 只看备份里有什么、恢复会丢什么，不改动 · only say what is in it and what would be lost
    #[arg(long)]
    dry_run: bool,
    /// 目录已有数据时，把原目录改名保留后再恢复（先停服务） · where the folder is in use already, keep it
    /// under another name (stop the server first)
    #[arg(long)]
    replace: bool,
    /// 另存的留痕公钥；写了就只认它的签名 · public key of the journal as kept elsewhere; then only
    /// its signature counts
    #[arg(long, value_name = "KEY")]
    signed_by: Option<String>,
    /// 留存的检查点文件，可写多个 · file of a kept checkpoint; may be given several times
    #[arg(long = "checkpoint", value_name = "FILE")]
    checkpoints: Vec<PathBuf>,
}

/// Runs it.
pub fn run(
    arguments: &RestoreArguments,
    console: &Console,
) -> Result<(), Box<dyn std::error::Error>> {
    let l = console.locale();
    if Folder::is_set_up(&arguments.dir) && !(arguments.replace || arguments.dry_run) {
        let text = l.text("restore-in-use");
        return Err(refusal(
            text.arg("dir", arguments.dir.display().to_string()),
        ));
    }
    let identity = read_identity(&arguments.key, console)?;
    // Held until the folder has another name: what is told to be lost does not grow meanwhile.
    let lock = present_lock(arguments)?;
    let (parent, name) = place(&arguments.dir)?;
    fs::create_dir_all(&parent)?;
    let room = Room::take(&parent, &format!("{name}.restore"))?;
    let opened = open(arguments, &identity, &room, console)?;
    opened.tell(console);
    match lost(arguments, &opened) {
        Ok(lost) => lost.tell(console),
        // What is damaged is what people restore for.
        Err(error) => {
            let text = l.text("restore-not-compared").arg("why", error.to_string());
            print_line(&text.to_string());
        }
    }
    if arguments.dry_run {
        print_line(&l.text("restore-nothing-changed").to_string());
        return Ok(());
    }
    note(&room, &opened)?;
    let kept = put_in_place(arguments, &room, &opened)?;
    drop(lock);
    if let Some(kept) = kept {
        let text = l.text("restore-kept");
        print_line(&text.arg("dir", kept.display().to_string()).to_string());
    }
    let text = l.text("restore-done");
    let text = text.arg("dir", arguments.dir.display().to_string());
    print_line(&text.to_string());
    let made = Instant(opened.manifest.made_at_ms).minute_text();
    print_line(&l.text("restore-ways-in").arg("made", made).to_string());
    Ok(())
}

/// The right to write in the folder that is there, where it is to give way.
fn present_lock(arguments: &RestoreArguments) -> Result<Option<Lock>, crate::folder::FolderError> {
    if arguments.dry_run || !Folder::is_set_up(&arguments.dir) {
        return Ok(None);
    }
    lock_file(&arguments.dir, "lock").map(Some)
}

/// The folder in which the data folder will stand, and its name there.
fn place(dir: &Path) -> Result<(PathBuf, String), std::io::Error> {
    let whole = std::path::absolute(dir)?;
    let name = whole
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let parent = whole.parent().map(Path::to_owned);
    parent.zip(name).ok_or_else(|| {
        std::io::Error::new(std::io::ErrorKind::InvalidInput, dir.display().to_string())
    })
}

/// The private key, among comment lines.
fn read_identity(path: &Path, console: &Console) -> Result<Identity, Box<dyn std::error::Error>> {
    let l = console.locale();
    let file = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|error| {
        let text = l.text("backup-io").arg("why", error.to_string());
        refusal(text.arg("file", file.as_str()))
    })?;
    let mut lines = text.lines().map(str::trim);
    let line = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
    let identity = line.and_then(|line| line.parse().ok());
    identity.ok_or_else(|| refusal(l.text("restore-not-a-key").arg("file", file.as_str())))
}

/// An archive that was unpacked and holds what it says.
struct Opened {
    manifest: Manifest,
    schemas: Vec<Schema>,
    tenants: Vec<Tenant>,
    database: PathBuf,
    /// Leaves of the archive's journal that have a number.
    sealed: u64,
    /// The newest of the kept checkpoints, where it covers more than the archive.
    later: Option<u64>,
}

impl Opened {
    /// Leaves that are lost for certain: a checkpoint that somebody kept covers them.
    fn lost_leaves(&self) -> u64 {
        self.later.map_or(0, |later| later - self.sealed)
    }
}

fn open(
    arguments: &RestoreArguments,
    identity: &Identity,
    room: &Room,
    console: &Console,
) -> Result<Opened, Box<dyn std::error::Error>> {
    let explained = |error: BackupError| explain(console, &arguments.archive, error);
    let damaged = |why: &str| explained(ArchiveError::Damaged(why.to_owned()).into());
    let entries = unpack(&arguments.archive, identity, room.path());
    let entries = entries.map_err(|error| explained(error.into()))?;
    let manifest = read_manifest(room.path(), entries).map_err(|why| damaged(&why))?;
    let keys = Keys::read(&room.path().join("keys"))?;
    let key = match &arguments.signed_by {
        Some(given) => read_key(given)?,
        None => own_key(&manifest, &keys).ok_or_else(|| damaged("keys/root.key"))?,
    };
    let note = fs::read_to_string(room.path().join(SIGNATURE))?;
    let json = fs::read(room.path().join(MANIFEST))?;
    if Manifest::verify(&json, &note, &key).is_err() {
        return Err(refusal(console.locale().text("restore-not-signed")));
    }
    let folder = Folder::open(room.path())?;
    let schemas = house::schemas(folder.config.demonstration);
    let database = room.path().join("data.db");
    // An archive of an older version is brought up to this program's.
    let store = Store::open(&DatabaseConfig::sqlite(&database), &schemas)?;
    let tenants = store.read(|c| app::tenant::tenants(c)).wait()?;
    forget_ways_in(&store, &tenants)?;
    let tenant = key.origin().tenant();
    let sealed = store
        .read(move |c| app::sealer::sealed_leaves(c, tenant))
        .wait()?;
    store.close();
    let (kept, later) = split(read_checkpoints(&arguments.checkpoints)?, sealed, &key);
    verified(&database, &schemas, &keys, &kept, room).map_err(explained)?;
    Ok(Opened {
        manifest,
        schemas,
        tenants,
        database,
        sealed,
        later,
    })
}

/// Kept checkpoints that the archive must agree with, and the size of the newest that was signed
/// after the archive was made: it shows what is lost. One that the key did not sign is nobody's
/// word, and stays among the first, where it is refused.
fn split(kept: Vec<String>, sealed: u64, key: &PublicKey) -> (Vec<String>, Option<u64>) {
    let later = |note: &String| {
        let signed = SignedCheckpoint::parse(note).ok()?;
        let size = signed.verify(key).ok()?.size;
        (size > sealed).then_some(size)
    };
    let newest = kept.iter().filter_map(later).max();
    let kept = kept.into_iter().filter(|note| later(note).is_none());
    (kept.collect(), newest)
}

/// Whoever signed out, or used a one-time token or a recovery code, since the backup must not be
/// let in by it again: no session, token, slip or recovery code comes back.
fn forget_ways_in(store: &Store, tenants: &[Tenant]) -> Result<(), StoreError> {
    for tenant in tenants.iter().copied() {
        let forgotten = store.write(move |c| {
            access::session::forget_all(c, tenant)?;
            access::half_sign_in::forget_all(c, tenant)?;
            access::second_factor::forget_codes(c, tenant)?;
            access::setup_token::forget_all(c, tenant)
        });
        forgotten.wait()?;
    }
    Ok(())
}

/// The manifest, if the archive holds exactly what it lists.
fn read_manifest(folder: &Path, mut entries: BTreeMap<String, Entry>) -> Result<Manifest, String> {
    let absent = |name: &str| format!("there is no {name}");
    entries.remove(SIGNATURE).ok_or_else(|| absent(SIGNATURE))?;
    entries.remove(MANIFEST).ok_or_else(|| absent(MANIFEST))?;
    let json = fs::read(folder.join(MANIFEST)).map_err(|error| error.to_string())?;
    let manifest: Manifest = serde_json::from_slice(&json).map_err(|error| error.to_string())?;
    if manifest.format != FORMAT {
        return Err(manifest.format);
    }
    let listed: HashSet<_> = manifest.entries.iter().collect();
    let found: HashSet<_> = entries.iter().collect();
    match listed.symmetric_difference(&found).next() {
        Some((name, _)) => Err(format!("{name} is not what the manifest says")),
        None => Ok(manifest),
    }
}

/// The key that the archive brings along: it shows that the archive is whole, not whose it is.
fn own_key(manifest: &Manifest, keys: &Keys) -> Option<PublicKey> {
    let claimed: PublicKey = manifest.journals.first()?.key.parse().ok()?;
    let own = keys.checkpoint_key().public_key(claimed.origin());
    (own == claimed).then_some(own)
}

impl Opened {
    fn tell(&self, console: &Console) {
        let l = console.locale();
        let made = Instant(self.manifest.made_at_ms).minute_text();
        let text = l.text("restore-archive").arg("made", made);
        let text = text.arg("area", self.manifest.area.as_str());
        let text = text.arg("program", self.manifest.program.as_str());
        let text = text.arg("rows", self.manifest.rows);
        print_line(&text.arg("entries", self.manifest.entries.len()).to_string());
        for end in &self.manifest.journals {
            print_line(
                &l.text("backup-journal")
                    .arg("leaves", end.leaves)
                    .to_string(),
            );
            print_line(&end.key);
        }
        if let Some(size) = self.later {
            let text = l.text("restore-loses-leaves").arg("size", size);
            let text = text.arg("leaves", self.sealed);
            print_line(&text.arg("missing", self.lost_leaves()).to_string());
        }
    }
}

/// What the folder holds and the archive does not.
struct Lost {
    /// Whether there is a folder.
    compared: bool,
    /// Accepted commands and what else left a leaf, in the order of time.
    acts: Vec<Instant>,
    /// Evidence and workbooks.
    files: usize,
    /// Acts of the archive that the folder does not have: it is not this folder's past.
    foreign: usize,
}

fn lost(arguments: &RestoreArguments, opened: &Opened) -> Result<Lost, Box<dyn std::error::Error>> {
    let mut lost = Lost {
        compared: Folder::is_set_up(&arguments.dir),
        acts: Vec::new(),
        files: 0,
        foreign: 0,
    };
    if !lost.compared {
        return Ok(lost);
    }
    let folder = Folder::open(&arguments.dir)?;
    let schemas = house::schemas(folder.config.demonstration);
    let present = Store::open_read_only(&folder.database(), &schemas)?;
    let archived = DatabaseConfig::sqlite(&opened.database);
    let archived = Store::open_read_only(&archived, &opened.schemas)?;
    for tenant in &opened.tenants {
        let (here, there) = (acts(&present, *tenant)?, acts(&archived, *tenant)?);
        let kept: HashSet<CommandId> = there.iter().map(|(_, command)| *command).collect();
        let gone = here.iter().filter(|(_, command)| !kept.contains(command));
        lost.acts.extend(gone.map(|(at, _)| *at));
        let known: HashSet<CommandId> = here.iter().map(|(_, command)| *command).collect();
        let foreign = there.iter().filter(|(_, command)| !known.contains(command));
        lost.foreign += foreign.count();
    }
    let files = app::FileStore::stored(&folder.files())?;
    let entries = &opened.manifest.entries;
    let absent = files.iter().filter(|hash| {
        let name = hash.to_string();
        !entries.contains_key(&format!("files/{}/{}", &name[..2], &name[2..]))
    });
    lost.files = absent.count();
    Ok(lost)
}

fn acts(store: &Store, tenant: Tenant) -> Result<Vec<(Instant, CommandId)>, StoreError> {
    store
        .read(move |c| app::journal_read::acts(c, tenant))
        .wait()
}

impl Lost {
    fn tell(&self, console: &Console) {
        let l = console.locale();
        let say = |text: &dyn std::fmt::Display| print_line(&text.to_string());
        if !self.compared {
            return;
        }
        match (self.acts.first(), self.acts.last()) {
            (Some(first), Some(last)) => {
                let text = l.text("restore-loses-acts").arg("count", self.acts.len());
                let text = text.arg("first", first.minute_text());
                say(&text.arg("last", last.minute_text()));
            }
            _ => say(&l.text("restore-loses-no-acts")),
        }
        if self.files > 0 {
            say(&l.text("restore-loses-files").arg("count", self.files));
        }
        if self.foreign > 0 {
            say(&l.text("restore-foreign").arg("count", self.foreign));
        }
    }
}

/// Lets the journal itself say that it goes on from the archive's end.
fn note(room: &Room, opened: &Opened) -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::open(room.path())?;
    let store = Store::open(&DatabaseConfig::sqlite(&opened.database), &opened.schemas)?;
    let clock = Arc::new(ShiftedClock::default());
    if folder.config.demonstration {
        let tenant = crate::demo::TENANT;
        let offset = store
            .read(move |c| demo_clock::offset_ms(c, tenant))
            .wait()?;
        clock.start_at(offset);
    }
    let app = house::join(&folder, store, clock, Arc::new(SystemEntropy))?;
    let end = opened.manifest.journals.first();
    let number = |leaves: u64| i64::try_from(leaves).unwrap_or(i64::MAX);
    app.note_restore(&BackupRestored {
        made_at: Instant(opened.manifest.made_at_ms),
        leaves: number(end.map_or(0, |end| end.leaves)),
        checkpoint: end
            .and_then(|end| end.checkpoint.clone())
            .unwrap_or_default(),
        lost_leaves: number(opened.lost_leaves()),
        operator: operator(),
    })?;
    app.store().close();
    Ok(())
}

/// Who is at the machine; behind `sudo`, who called it.
fn operator() -> String {
    let named = ["SUDO_USER", "USER", "LOGNAME"].into_iter();
    let mut named = named.filter_map(|variable| std::env::var(variable).ok());
    named.find(|name| !name.is_empty()).unwrap_or_default()
}

/// Makes the unpacked folder the data folder; says under which name the old one was kept.
fn put_in_place(
    arguments: &RestoreArguments,
    room: &Room,
    opened: &Opened,
) -> Result<Option<PathBuf>, Box<dyn std::error::Error>> {
    let mut folder = Folder::open(room.path())?;
    match &arguments.db {
        Some(url) => {
            let source = DatabaseConfig::sqlite(&opened.database);
            let source = Store::open_read_only(&source, &opened.schemas)?;
            source.copy_into(&DatabaseConfig::parse(url), &opened.schemas)?;
            source.close();
            fs::remove_file(&opened.database)?;
            folder.move_database(url)?;
        }
        None => folder.move_database("sqlite")?,
    }
    for name in [MANIFEST, SIGNATURE] {
        fs::remove_file(room.path().join(name))?;
    }
    let kept = set_aside(&arguments.dir)?;
    fs::rename(room.path(), &arguments.dir)?;
    File::open(place(&arguments.dir)?.0)?.sync_all()?;
    Ok(kept)
}

/// Gives the folder that is there another name, if nobody works in it.
fn set_aside(dir: &Path) -> Result<Option<PathBuf>, Box<dyn std::error::Error>> {
    if !dir.exists() {
        return Ok(None);
    }
    if !Folder::is_set_up(dir) {
        // An empty folder gives way; anything else in it stops the restore here.
        fs::remove_dir(dir)?;
        return Ok(None);
    }
    let minute = minute_digits(SystemClock.now());
    let kept = with_ending(dir, &format!(".before-restore-{minute}"));
    fs::rename(dir, &kept)?;
    Ok(Some(kept))
}
