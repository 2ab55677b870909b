//! The archive: a tar of files, compressed, encrypted with age to the keys of whoever may restore.
//! Nothing of it can be read, cut short or changed without that being found when it is read.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Component, Path, PathBuf};

use age::stream::StreamWriter;
use age::x25519::{Identity, Recipient};
use app::FileHash;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::manifest::Entry;

/// The manifest's path in an archive.
pub const MANIFEST: &str = "manifest.json";
/// Its signature's.
pub const SIGNATURE: &str = "manifest.sig";
/// Longest path of an entry, in bytes.
const PATH_LIMIT: usize = 400;

/// A file that goes away again unless it was given its name.
struct Making(PathBuf);

impl Drop for Making {
    fn drop(&mut self) {
        // Once it has its name there is none of this one.
        let _ = fs::remove_file(&self.0);
    }
}

/// Why an archive could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// Nobody could read it.
    #[error("no key to encrypt to")]
    NoRecipient,
    /// The key given is not one of those it was encrypted to.
    #[error("the key does not open the archive")]
    OtherKey,
    /// Cut short, changed, or not an archive at all.
    #[error("damaged: {0}")]
    Damaged(String),
    /// The disk said no.
    #[error("{0}: {1}")]
    Io(PathBuf, #[source] io::Error),
}

/// An archive while it is written; it takes its name when it is whole and on disk.
pub struct Writer {
    tar: tar::Builder<GzEncoder<StreamWriter<BufWriter<File>>>>,
    making: Making,
    path: PathBuf,
    entries: BTreeMap<String, Entry>,
}

impl Writer {
    /// Begins `path`, which must not be there.
    pub fn create(path: &Path, recipients: &[Recipient]) -> Result<Writer, ArchiveError> {
        let at = |error| ArchiveError::Io(path.to_owned(), error);
        if path.exists() {
            return Err(at(io::Error::from(io::ErrorKind::AlreadyExists)));
        }
        let making = Making(with_ending(path, ".making"));
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(true).mode(0o600);
        let file = file.open(&making.0).map_err(at)?;
        let all = recipients
            .iter()
            .map(|recipient| recipient as &dyn age::Recipient);
        let encryptor =
            age::Encryptor::with_recipients(all).map_err(|_| ArchiveError::NoRecipient)?;
        let sealed = encryptor.wrap_output(BufWriter::new(file)).map_err(at)?;
        Ok(Writer {
            tar: tar::Builder::new(GzEncoder::new(sealed, Compression::fast())),
            making,
            path: path.to_owned(),
            entries: BTreeMap::new(),
        })
    }

    /// Adds a file as long as it is now.
    pub fn add_file(&mut self, name: &str, source: &Path) -> Result<(), ArchiveError> {
        let at = |error| ArchiveError::Io(source.to_owned(), error);
        let file = File::open(source).map_err(at)?;
        let bytes = file.metadata().map_err(at)?.len();
        self.add(name, bytes, BufReader::new(file).take(bytes))
    }

    /// Adds bytes.
    pub fn add_bytes(&mut self, name: &str, content: &[u8]) -> Result<(), ArchiveError> {
        self.add(name, content.len() as u64, content)
    }

    /// What was added until now.
    pub fn entries(&self) -> &BTreeMap<String, Entry> {
        &self.entries
    }

    fn add(&mut self, name: &str, bytes: u64, content: impl Read) -> Result<(), ArchiveError> {
        if name.len() > PATH_LIMIT {
            let error = io::Error::from(io::ErrorKind::InvalidFilename);
            return Err(ArchiveError::Io(PathBuf::from(name), error));
        }
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes);
        header.set_mode(0o600);
        let mut hashed = Hashed::new(content);
        let added = self.tar.append_data(&mut header, name, &mut hashed);
        added.map_err(|error| ArchiveError::Io(self.making.0.clone(), error))?;
        if hashed.bytes != bytes {
            // It became shorter while it was read; the archive would be out of step from here on.
            let error = io::Error::from(io::ErrorKind::UnexpectedEof);
            return Err(ArchiveError::Io(PathBuf::from(name), error));
        }
        let entry = Entry {
            bytes,
            sha256: hashed.hash(),
        };
        self.entries.insert(name.to_owned(), entry);
        Ok(())
    }

    /// Syncs it to disk and gives it its name.
    pub fn finish(self) -> Result<(), ArchiveError> {
        let Writer {
            tar, making, path, ..
        } = self;
        let written = tar.into_inner().and_then(|gzip| {
            let file = gzip.finish()?.finish()?;
            file.into_inner()?.sync_all()?;
            fs::rename(&making.0, &path)?;
            let folder = path
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty());
            File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
        });
        written.map_err(|error| ArchiveError::Io(path, error))
    }
}

/// Reads an archive into a folder, and says what it wrote. Everything is encrypted and
/// authenticated up to the last byte before this returns well.
pub fn unpack(
    archive: &Path,
    identity: &Identity,
    folder: &Path,
) -> Result<BTreeMap<String, Entry>, ArchiveError> {
    let at = |error| ArchiveError::Io(archive.to_owned(), error);
    let file = BufReader::new(File::open(archive).map_err(at)?);
    let sealed = age::Decryptor::new(file).map_err(damaged)?;
    let opened = sealed.decrypt(std::iter::once(identity as &dyn age::Identity));
    let opened = opened.map_err(|error| match error {
        age::DecryptError::NoMatchingKeys => ArchiveError::OtherKey,
        other => damaged(other),
    })?;
    let mut tar = tar::Archive::new(GzDecoder::new(opened));
    let mut entries = BTreeMap::new();
    for entry in tar.entries().map_err(damaged)? {
        let mut entry = entry.map_err(damaged)?;
        let name = plain_path(&entry)?;
        let written = write_entry(&mut entry, &folder.join(&name))?;
        if entries.insert(name.clone(), written).is_some() {
            return Err(damaged(format!("{name} stands twice")));
        }
    }
    // To the end of the encrypted stream: only its last part says that it is the last.
    let mut rest = tar.into_inner();
    io::copy(&mut rest, &mut io::sink()).map_err(damaged)?;
    io::copy(&mut rest.into_inner(), &mut io::sink()).map_err(damaged)?;
    Ok(entries)
}

fn damaged(why: impl std::fmt::Display) -> ArchiveError {
    ArchiveError::Damaged(why.to_string())
}

/// The path of an ordinary file below the folder; nothing else is in our archives.
fn plain_path(entry: &tar::Entry<'_, impl Read>) -> Result<String, ArchiveError> {
    let path = entry.path().map_err(damaged)?.into_owned();
    let plain = entry.header().entry_type().is_file()
        && path
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
    let name = path.to_str().filter(|name| name.len() <= PATH_LIMIT);
    match name {
        Some(name) if plain && !name.is_empty() => Ok(name.to_owned()),
        _ => Err(damaged(format!("an entry named {}", path.display()))),
    }
}

fn write_entry(content: &mut impl Read, path: &Path) -> Result<Entry, ArchiveError> {
    let at = |error| ArchiveError::Io(path.to_owned(), error);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(at)?;
    }
    let mut options = OpenOptions::new();
    let options = options.write(true).create_new(true).mode(0o600);
    let mut file = BufWriter::new(options.open(path).map_err(at)?);
    let mut hashed = Hashed::new(content);
    let mut buffer = vec![0; 64 * 1024];
    let mut bytes = 0;
    loop {
        // Reading is the archive's fault, writing the disk's.
        let count = hashed.read(&mut buffer).map_err(damaged)?;
        if count == 0 {
            break;
        }
        file.write_all(&buffer[..count]).map_err(at)?;
        bytes += count as u64;
    }
    let file = file.into_inner().map_err(|error| at(error.into_error()))?;
    file.sync_all().map_err(at)?;
    Ok(Entry {
        bytes,
        sha256: hashed.hash(),
    })
}

/// The path with something behind its name.
pub fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Hashes what is read through it.
struct Hashed<R> {
    content: R,
    hash: Sha256,
    bytes: u64,
}

impl<R: Read> Hashed<R> {
    fn new(content: R) -> Hashed<R> {
        Hashed {
            content,
            hash: Sha256::new(),
            bytes: 0,
        }
    }

    fn hash(self) -> String {
        FileHash(self.hash.finalize().into()).to_string()
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.content.read(buffer)?;
        self.hash.update(&buffer[..count]);
        self.bytes += count as u64;
        Ok(count)
    }
}
