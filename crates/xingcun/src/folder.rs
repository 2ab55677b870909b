//! The data folder: configuration, key, lock, database and files in one place.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use access::Profile;
use serde::{Deserialize, Serialize};
use store::DatabaseConfig;

/// What stands in `DIR/config`; an environment variable of the given name wins over it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `sqlite` for the folder's own database, or a `postgres://` address. `XINGCUN_DATABASE`.
    pub database: String,
    /// Address to listen on. `XINGCUN_LISTEN`.
    pub listen: String,
    /// Name of the governed area, for titles.
    pub area: String,
    /// Who runs this installation, for the footer of every page.
    #[serde(default)]
    pub sponsor: String,
    /// Filing number of this installation with the cyberspace administration, for the footer.
    #[serde(default)]
    pub filing_number: String,
    /// Telephone for suggestions and complaints, for the contact page.
    #[serde(default)]
    pub telephone: String,
    /// Postal address for suggestions and complaints, for the contact page.
    #[serde(default)]
    pub address: String,
    /// Under which address people open the site, `https://xingcun.example.gov.cn`: printed on
    /// activation slips. Left empty, none is printed.
    #[serde(default)]
    pub url: String,
    /// For how many days an activation slip is valid, 1 to 90.
    #[serde(default = "slip_days")]
    pub slip_days: u32,
    /// Rules of sign-in: `modern` (the default) or `graded-3` (GB/T 22239, level 3).
    #[serde(default)]
    pub sign_in: SignInRules,
    /// Header in which the reverse proxy gives the visitor's address; read with `--behind-proxy`
    /// only. Of a list, the last is taken: the one that the proxy itself saw.
    #[serde(default = "forwarded_header")]
    pub forwarded_header: String,
    /// Requests that one account may send in a minute on average; an address may send fifty times
    /// as many, because villages share addresses. 0 = no limit. `XINGCUN_REQUESTS_PER_MINUTE`.
    #[serde(default = "requests_per_minute")]
    pub requests_per_minute: u32,
    /// Public keys (`age1…`, made by `xingcun backup-key`) that backups are encrypted to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub backup_recipients: Vec<String>,
    /// Set in folders made by `demo` only: the business clock may be moved there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub demonstration: bool,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            database: "sqlite".to_owned(),
            listen: "127.0.0.1:8080".to_owned(),
            area: String::new(),
            sponsor: String::new(),
            filing_number: String::new(),
            telephone: String::new(),
            address: String::new(),
            url: String::new(),
            slip_days: slip_days(),
            sign_in: SignInRules::default(),
            forwarded_header: forwarded_header(),
            requests_per_minute: requests_per_minute(),
            backup_recipients: Vec::new(),
            demonstration: false,
        }
    }
}

impl Config {
    /// The whole address of the page on which a one-time token sets a password, as a browser on
    /// this machine opens it.
    pub fn password_page(&self) -> String {
        format!("{}/set-password", self.local_url())
    }

    /// The address of the site as a browser on this machine opens it.
    fn local_url(&self) -> String {
        let on_all = ["0.0.0.0:", "[::]:"];
        let port = on_all.iter().find_map(|all| self.listen.strip_prefix(all));
        let host = port.map_or_else(|| self.listen.clone(), |port| format!("127.0.0.1:{port}"));
        format!("http://{host}")
    }

    /// The address of the site as it is printed for people: empty where nobody gave one, or gave
    /// that of the machine itself, which leads nobody else here.
    pub fn printed_url(&self) -> String {
        let host = self.url.split_once("://").map_or("", |(_, rest)| rest);
        let host = host.split('/').next().unwrap_or_default();
        let own = ["127.", "localhost", "[::1]", "0.0.0.0", "[::]"];
        if own.iter().any(|own| host.starts_with(own)) {
            return String::new();
        }
        self.url.clone()
    }

    /// The rules of sign-in with what this folder says of them.
    pub fn profile(&self) -> Profile {
        Profile {
            slip_ms: i64::from(self.slip_days) * kernel::time::DAY_MS,
            ..self.sign_in.profile()
        }
    }
}

/// Which rules of sign-in hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignInRules {
    /// Long passwords, no composition rules, no expiry (OWASP ASVS 5.0).
    #[default]
    Modern,
    /// Complexity, a new password every 90 days, shorter idling (GB/T 22239, level 3).
    #[serde(rename = "graded-3")]
    Graded3,
}

impl SignInRules {
    /// The settings themselves.
    pub const fn profile(self) -> Profile {
        match self {
            SignInRules::Modern => Profile::MODERN,
            SignInRules::Graded3 => Profile::GRADED_3,
        }
    }
}

fn forwarded_header() -> String {
    "x-forwarded-for".to_owned()
}

/// Two weeks: time for one meeting in each town.
fn slip_days() -> u32 {
    14
}

/// Ten a second: more than a person can press, less than a script can spoil.
fn requests_per_minute() -> u32 {
    600
}

/// Why a folder cannot be used. `Display` is for logs; people read [`FolderError::message`].
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// There is a configuration already.
    #[error("{0} was already set up; choose an empty folder")]
    AlreadySetUp(PathBuf),
    /// There is none yet.
    #[error("{0} was not set up; run: xingcun setup --dir {0}")]
    NotSetUp(PathBuf),
    /// Another process writes there.
    #[error("{0} is in use by another xingcun process; stop it first")]
    Locked(PathBuf),
    /// A demonstration: only `demo` serves it, with its banner and its own clock.
    #[error("{0} is a demonstration; run: xingcun demo --dir {0}")]
    Demonstration(PathBuf),
    /// The configuration has an error.
    #[error("{0}: {1}")]
    Config(PathBuf, String),
    /// The disk said no.
    #[error("{0}: {1}")]
    Io(PathBuf, #[source] io::Error),
}

impl FolderError {
    /// What to print, in the language of `l`; what the disk or the file's parser said comes as it
    /// is.
    pub fn message(&self, l: &web::Locale) -> String {
        let (key, path, why) = match self {
            FolderError::AlreadySetUp(path) => ("folder-already-set-up", path, String::new()),
            FolderError::NotSetUp(path) => ("folder-not-set-up", path, String::new()),
            FolderError::Locked(path) => ("folder-locked", path, String::new()),
            FolderError::Demonstration(path) => ("folder-demonstration", path, String::new()),
            FolderError::Config(path, why) => ("folder-config", path, why.clone()),
            FolderError::Io(path, error) => ("folder-io", path, error.to_string()),
        };
        let path = path.display().to_string();
        l.text(key).arg("path", path).arg("why", why).to_string()
    }
}

/// A data folder that was set up.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    /// Its configuration, with the environment's overrides.
    pub config: Config,
}

/// While it lives, no other process may write in the folder. The operating system lets go of it
/// when the process ends, however it ends.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "held, never read")] fs::File);

impl Folder {
    /// Makes a folder with its configuration file, which must not be there yet.
    pub fn make(root: &Path, config: &Config) -> Result<Folder, FolderError> {
        let at = |error| FolderError::Io(root.to_owned(), error);
        fs::create_dir_all(root).map_err(at)?;
        owner_only(root).map_err(at)?;
        let path = root.join("config");
        if path.exists() {
            return Err(FolderError::AlreadySetUp(root.to_owned()));
        }
        let text = toml::to_string(config)
            .map_err(|error| FolderError::Config(path.clone(), error.to_string()))?;
        // The address of a database may hold its password.
        write_owner_only(&path, &text).map_err(at)?;
        Folder::open(root)
    }

    /// Changes where the data is, in the configuration file too.
    pub fn move_database(&mut self, database: &str) -> Result<(), FolderError> {
        let path = self.root.join("config");
        let at = |error| FolderError::Io(path.clone(), error);
        let damaged = |why: String| FolderError::Config(path.clone(), why);
        let text = fs::read_to_string(&path).map_err(at)?;
        let mut config: Config =
            toml::from_str(&text).map_err(|error| damaged(error.message().to_owned()))?;
        if config.database == database {
            return Ok(());
        }
        database.clone_into(&mut config.database);
        let text = toml::to_string(&config).map_err(|error| damaged(error.to_string()))?;
        fs::remove_file(&path).map_err(at)?;
        write_owner_only(&path, &text).map_err(at)?;
        database.clone_into(&mut self.config.database);
        Ok(())
    }

    /// Takes the configuration and the keys away again, for a setup that did not come to its end.
    pub fn unmake(&self) -> Result<(), FolderError> {
        let at = |error| FolderError::Io(self.root.clone(), error);
        fs::remove_file(self.root.join("config")).map_err(at)?;
        if self.keys().is_dir() {
            fs::remove_dir_all(self.keys()).map_err(at)?;
        }
        Ok(())
    }

    /// Opens a folder that was set up.
    pub fn open(root: &Path) -> Result<Folder, FolderError> {
        let path = root.join("config");
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(FolderError::NotSetUp(root.to_owned()));
            }
            Err(error) => return Err(FolderError::Io(path, error)),
        };
        let mut config: Config = toml::from_str(&text)
            .map_err(|error| FolderError::Config(path.clone(), error.message().to_owned()))?;
        override_by("XINGCUN_DATABASE", &mut config.database);
        override_by("XINGCUN_LISTEN", &mut config.listen);
        let mut per_minute = config.requests_per_minute.to_string();
        override_by("XINGCUN_REQUESTS_PER_MINUTE", &mut per_minute);
        config.requests_per_minute = per_minute.parse().map_err(|_| {
            let why = format!("XINGCUN_REQUESTS_PER_MINUTE is not a number: {per_minute}");
            FolderError::Config(root.to_owned(), why)
        })?;
        if !(1..=90).contains(&config.slip_days) {
            let why = format!("slip_days = {}: 1 to 90", config.slip_days);
            return Err(FolderError::Config(path, why));
        }
        Ok(Folder {
            root: root.to_owned(),
            config,
        })
    }

    /// Whether a folder was set up there.
    pub fn is_set_up(root: &Path) -> bool {
        root.join("config").is_file()
    }

    /// Takes the right to write in this folder, or says that another process has it.
    pub fn lock(&self) -> Result<Lock, FolderError> {
        lock_file(&self.root, "lock")
    }

    /// The folder's path.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where evidence and workbooks are.
    pub fn files(&self) -> PathBuf {
        self.root.join("files")
    }

    /// Where keys are.
    pub fn keys(&self) -> PathBuf {
        self.root.join("keys")
    }

    /// Where the county's own packs are.
    pub fn packs(&self) -> PathBuf {
        self.root.join("packs")
    }

    /// The database.
    pub fn database(&self) -> DatabaseConfig {
        match self.config.database.as_str() {
            "sqlite" => DatabaseConfig::sqlite(self.root.join("data.db")),
            address => DatabaseConfig::parse(address),
        }
    }
}

/// Takes the lock of that name in a folder, or says that another process has it.
pub(crate) fn lock_file(root: &Path, name: &str) -> Result<Lock, FolderError> {
    let path = root.join(name);
    let at = |error| FolderError::Io(path.clone(), error);
    let file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(at)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(fs::TryLockError::WouldBlock) => Err(FolderError::Locked(root.to_owned())),
        Err(fs::TryLockError::Error(error)) => Err(at(error)),
    }
}

fn override_by(variable: &str, value: &mut String) {
    if let Ok(found) = std::env::var(variable)
        && !found.is_empty()
    {
        *value = found;
    }
}

#[cfg(unix)]
fn owner_only(root: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(root, fs::Permissions::from_mode(0o700))
}

#[cfg(unix)]
fn write_owner_only(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = fs::OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh(name: &str) -> PathBuf {
        let root =
            std::env::temp_dir().join(format!("xingcun-folder-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        root
    }

    #[test]
    fn no_address_of_the_machine_itself_is_printed() {
        for (url, printed) in [
            ("", ""),
            ("http://127.0.0.1:8080", ""),
            ("http://localhost", ""),
            ("http://0.0.0.0:8080/", ""),
            ("http://[::1]:8080", ""),
            ("http://10.1.2.3:8080", "http://10.1.2.3:8080"),
            ("https://xingcun.gov.cn", "https://xingcun.gov.cn"),
        ] {
            let config = Config {
                url: url.to_owned(),
                ..Config::default()
            };
            assert_eq!(config.printed_url(), printed, "{url}");
        }
    }

    #[test]
    fn a_folder_is_set_up_once() {
        let root = fresh("once");
        assert!(matches!(Folder::open(&root), Err(FolderError::NotSetUp(_))));
        let config = Config {
            area: "云岭县".to_owned(),
            ..Config::default()
        };
        Folder::make(&root, &config).unwrap();
        assert_eq!(Folder::open(&root).unwrap().config, config);
        assert!(matches!(
            Folder::make(&root, &config),
            Err(FolderError::AlreadySetUp(_))
        ));
    }

    #[test]
    fn the_address_to_set_a_password_can_be_opened() {
        let of = |listen: &str| {
            let listen = listen.to_owned();
            Config {
                listen,
                ..Config::default()
            }
            .password_page()
        };
        assert_eq!(of("127.0.0.1:8080"), "http://127.0.0.1:8080/set-password");
        assert_eq!(of("0.0.0.0:80"), "http://127.0.0.1:80/set-password");
        assert_eq!(of("[::]:9000"), "http://127.0.0.1:9000/set-password");
    }

    #[test]
    fn an_unusable_folder_is_told_in_the_language_of_the_console() {
        let root = PathBuf::from("/srv/xingcun");
        let words = |error: &FolderError, lang: &str| {
            let console = crate::console::Console::new(Some(lang));
            error.message(console.locale())
        };
        let errors = [
            (
                FolderError::AlreadySetUp(root.clone()),
                "已经建好",
                "already",
            ),
            (
                FolderError::NotSetUp(root.clone()),
                "还没有建好",
                "not set up",
            ),
            (FolderError::Locked(root.clone()), "正被另一个", "in use"),
            (
                FolderError::Config(root.clone(), "databse".to_owned()),
                "databse",
                "databse",
            ),
            (
                FolderError::Io(root, io::Error::other("disk")),
                "disk",
                "disk",
            ),
        ];
        for (error, chinese, english) in errors {
            let (zh, en) = (words(&error, "zh"), words(&error, "en"));
            assert!(zh.contains(chinese) && zh.contains("/srv/xingcun"), "{zh}");
            assert!(en.contains(english) && en.contains("/srv/xingcun"), "{en}");
            assert!(
                !zh.contains("folder-") && !en.contains("folder-"),
                "{zh} {en}"
            );
        }
    }

    #[test]
    fn one_writer_at_a_time() {
        let folder = Folder::make(&fresh("lock"), &Config::default()).unwrap();
        let lock = folder.lock().unwrap();
        assert!(matches!(folder.lock(), Err(FolderError::Locked(_))));
        drop(lock);
        assert!(folder.lock().is_ok());
    }

    #[test]
    fn an_unknown_setting_is_named() {
        let root = fresh("unknown");
        Folder::make(&root, &Config::default()).unwrap();
        fs::write(root.join("config"), "databse = \"sqlite\"\n").unwrap();
        let error = Folder::open(&root).unwrap_err().to_string();
        assert!(error.contains("databse"), "{error}");
    }

    #[test]
    fn the_configuration_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let root = fresh("mode");
        let folder = Folder::make(&root, &Config::default()).unwrap();
        let mode = fs::metadata(root.join("config")).unwrap().permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
        folder.unmake().unwrap();
        assert!(!Folder::is_set_up(&root));
        fs::remove_dir_all(&root).unwrap();
    }
}
