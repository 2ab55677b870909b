//! Evidence and workbooks: files first, stored by the hash of their content, then named by a
//! command. A file is on disk, synced, before any row speaks of it.

use std::{
    collections::HashSet,
    fs,
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, UNIX_EPOCH},
};

use kernel::{Id, Instant};
use sha2::{Digest, Sha256};

/// SHA-256 of a file's content: its only name in the store.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileHash(pub [u8; 32]);

impl std::fmt::Display for FileHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::fmt::Debug for FileHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for FileHash {
    type Err = NotAFileHash;

    fn from_str(text: &str) -> Result<FileHash, NotAFileHash> {
        let digits = text.as_bytes();
        if digits.len() != 64
            || !digits
                .iter()
                .all(|d| matches!(d, b'0'..=b'9' | b'a'..=b'f'))
        {
            return Err(NotAFileHash);
        }
        let mut hash = [0; 32];
        for (byte, pair) in hash.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| NotAFileHash)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| NotAFileHash)?;
        }
        Ok(FileHash(hash))
    }
}

/// What is wrong with a text that should be a file hash: 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not 64 lower-case hexadecimal digits")]
pub struct NotAFileHash;

/// Why a file was not stored.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// More bytes than the limit.
    #[error("more than {limit_bytes} bytes")]
    TooLarge {
        /// The limit.
        limit_bytes: u64,
    },
    /// The disk said no.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A directory of files named by the hash of their content, two levels deep.
#[derive(Clone, Debug)]
pub struct FileStore {
    root: PathBuf,
    /// Held while a file takes or leaves its place, so that a sweep never takes away what was
    /// just stored again.
    places: Arc<Mutex<()>>,
    /// Uploads into which somebody is writing.
    held: Arc<Mutex<HashSet<Id>>>,
}

/// The right to write into an upload, given to one at a time and back when it is dropped.
#[derive(Debug)]
pub struct PartHold {
    held: Arc<Mutex<HashSet<Id>>>,
    upload: Id,
}

impl Drop for PartHold {
    fn drop(&mut self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.remove(&self.upload);
    }
}

impl FileStore {
    /// The store in `root`, which is made if it is not there.
    pub fn open(root: &Path) -> io::Result<FileStore> {
        fs::create_dir_all(root.join("incoming"))?;
        // Whatever an earlier process left half-written belongs to nobody.
        for entry in fs::read_dir(root.join("incoming"))? {
            fs::remove_file(entry?.path())?;
        }
        Ok(FileStore {
            root: root.to_owned(),
            places: Arc::default(),
            held: Arc::default(),
        })
    }

    /// The right to write into an upload; none while somebody else has it.
    pub fn hold_part(&self, upload: Id) -> Option<PartHold> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.insert(upload).then(|| PartHold {
            held: Arc::clone(&self.held),
            upload,
        })
    }

    /// Writes a part of an upload at its place and cuts off whatever stood behind it. When this
    /// returns, the bytes are on disk. The caller holds the upload.
    pub fn write_part(&self, upload: Id, offset_bytes: u64, bytes: &[u8]) -> io::Result<()> {
        let folder = self.root.join("parts");
        fs::create_dir_all(&folder)?;
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(folder.join(upload.to_string()))?;
        if file.metadata()?.len() < offset_bytes {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        file.set_len(offset_bytes)?;
        file.seek(SeekFrom::Start(offset_bytes))?;
        file.write_all(bytes)?;
        file.sync_all()?;
        if offset_bytes == 0 {
            fs::File::open(&folder)?.sync_all()?;
        }
        Ok(())
    }

    /// Opens what came of an upload.
    pub fn open_part(&self, upload: Id) -> io::Result<fs::File> {
        fs::File::open(self.root.join("parts").join(upload.to_string()))
    }

    /// Removes what came of an upload, if anything did.
    pub fn remove_part(&self, upload: Id) -> io::Result<()> {
        let path = self.root.join("parts").join(upload.to_string());
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Removes what came of uploads into which nobody wrote since an instant.
    pub(crate) fn remove_parts_before(&self, instant: Instant) -> io::Result<()> {
        let folder = self.root.join("parts");
        if !folder.is_dir() {
            return Ok(());
        }
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if is_before(&path, instant)? {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    /// Stores what `content` gives, up to `limit_bytes`; the same content twice is stored once.
    /// When this returns, content and directory entry are on disk.
    pub fn put(
        &self,
        content: &mut dyn Read,
        limit_bytes: u64,
        unique: [u8; 32],
    ) -> Result<(FileHash, u64), FileError> {
        let incoming = self
            .root
            .join("incoming")
            .join(FileHash(unique).to_string());
        let stored = write_incoming(&incoming, content, limit_bytes);
        let (hash, size_bytes) = match stored {
            Ok(stored) => stored,
            Err(error) => {
                // The first error is the one to report; a left-over is swept at the next start.
                let _ = fs::remove_file(&incoming);
                return Err(error);
            }
        };
        let path = self.path(hash);
        let folder = path.parent().expect("a stored file is two levels down");
        let place = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        fs::create_dir_all(folder)?;
        fs::rename(&incoming, &path)?;
        drop(place);
        fs::File::open(folder)?.sync_all()?;
        fs::File::open(&self.root)?.sync_all()?;
        Ok((hash, size_bytes))
    }

    /// Opens a stored file; `None` where there is none of that hash.
    pub fn open_file(&self, hash: FileHash) -> io::Result<Option<fs::File>> {
        match fs::File::open(self.path(hash)) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The files last stored before an instant, in no order.
    pub fn stored_before(&self, instant: Instant) -> io::Result<Vec<FileHash>> {
        let mut found = Vec::new();
        for hash in FileStore::stored(&self.root)? {
            if is_before(&self.path(hash), instant)? {
                found.push(hash);
            }
        }
        Ok(found)
    }

    /// Every file stored in a folder, in no order.
    pub fn stored(root: &Path) -> io::Result<Vec<FileHash>> {
        let mut found = Vec::new();
        for folder in fs::read_dir(root)? {
            let folder = folder?;
            let first = folder.file_name().to_string_lossy().into_owned();
            if first.len() != 2 || !folder.file_type()?.is_dir() {
                continue;
            }
            for entry in fs::read_dir(folder.path())? {
                let name = format!("{first}{}", entry?.file_name().to_string_lossy());
                found.extend(name.parse::<FileHash>());
            }
        }
        Ok(found)
    }

    /// Removes a file that nothing names, unless it was stored again since the instant; whether it
    /// was removed.
    pub fn remove_stored_before(&self, hash: FileHash, instant: Instant) -> io::Result<bool> {
        let _place = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.path(hash);
        if !is_before(&path, instant)? {
            return Ok(false);
        }
        fs::remove_file(path)?;
        Ok(true)
    }

    /// Whether there is a file of that hash.
    pub fn holds(&self, hash: FileHash) -> bool {
        self.path(hash).is_file()
    }

    fn path(&self, hash: FileHash) -> PathBuf {
        let name = hash.to_string();
        self.root.join(&name[..2]).join(&name[2..])
    }
}

/// Whether a file is there and was last written before the instant.
fn is_before(path: &Path, instant: Instant) -> io::Result<bool> {
    let written = match fs::metadata(path) {
        Ok(metadata) => metadata.modified()?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let limit_ms = u64::try_from(instant.0).unwrap_or(0);
    Ok(written < UNIX_EPOCH + Duration::from_millis(limit_ms))
}

fn write_incoming(
    path: &Path,
    content: &mut dyn Read,
    limit_bytes: u64,
) -> Result<(FileHash, u64), FileError> {
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)?;
    let mut hash = Sha256::new();
    let mut size_bytes = 0;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = content.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        size_bytes += count as u64;
        if size_bytes > limit_bytes {
            return Err(FileError::TooLarge { limit_bytes });
        }
        hash.update(&buffer[..count]);
        file.write_all(&buffer[..count])?;
    }
    file.sync_all()?;
    Ok((FileHash(hash.finalize().into()), size_bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(name: &str) -> FileStore {
        let root =
            std::env::temp_dir().join(format!("xingcun-files-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        FileStore::open(&root).unwrap()
    }

    #[test]
    fn the_same_content_is_stored_once_and_found_by_its_hash() {
        let files = store("same");
        let (first, size) = files.put(&mut &b"abc"[..], 10, [1; 32]).unwrap();
        let (second, _) = files.put(&mut &b"abc"[..], 10, [2; 32]).unwrap();
        assert_eq!((first, size), (second, 3));
        assert_eq!(
            first.to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(first.to_string().parse(), Ok(first));
        let mut text = String::new();
        files
            .open_file(first)
            .unwrap()
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, "abc");
        assert!(files.holds(first));
    }

    #[test]
    fn a_file_over_the_limit_leaves_nothing() {
        let files = store("limit");
        let refused = files.put(&mut &b"abcd"[..], 3, [1; 32]);
        assert!(matches!(
            refused,
            Err(FileError::TooLarge { limit_bytes: 3 })
        ));
        assert!(
            files.put(&mut &b"abc"[..], 3, [1; 32]).is_ok(),
            "exactly the limit is allowed"
        );
        assert_eq!(
            fs::read_dir(files.root.join("incoming")).unwrap().count(),
            0
        );
    }

    #[test]
    fn only_what_was_stored_before_an_instant_is_removed() {
        let files = store("before");
        let (hash, _) = files.put(&mut &b"abc"[..], 10, [1; 32]).unwrap();
        let long_ago = Instant(1_000);
        assert_eq!(files.stored_before(long_ago).unwrap(), []);
        assert!(!files.remove_stored_before(hash, long_ago).unwrap());
        let far_away = Instant(32_000_000_000_000);
        assert_eq!(files.stored_before(far_away).unwrap(), [hash]);
        assert!(files.remove_stored_before(hash, far_away).unwrap());
        assert!(!files.holds(hash));
        assert!(!files.remove_stored_before(hash, far_away).unwrap());
    }

    #[test]
    fn parts_of_an_upload_grow_at_their_place_and_are_held_by_one() {
        let files = store("parts");
        let upload = Id::new(1, [1; 10]);
        let content = |files: &FileStore| {
            let mut text = String::new();
            let mut part = files.open_part(upload).unwrap();
            part.read_to_string(&mut text).unwrap();
            text
        };
        let hold = files.hold_part(upload).unwrap();
        assert!(files.clone().hold_part(upload).is_none());
        assert!(files.hold_part(Id::new(1, [2; 10])).is_some());
        files.write_part(upload, 0, b"abcdef").unwrap();
        files.write_part(upload, 3, b"xy").unwrap();
        assert_eq!(content(&files), "abcxy", "what stood behind is cut off");
        assert!(files.write_part(upload, 9, b"z").is_err(), "no holes");
        drop(hold);
        assert!(files.hold_part(upload).is_some());
        // A new start keeps them.
        let files = FileStore::open(&files.root).unwrap();
        assert_eq!(content(&files), "abcxy");
        files.remove_parts_before(Instant(1_000)).unwrap();
        assert!(files.open_part(upload).is_ok());
        files
            .remove_parts_before(Instant(32_000_000_000_000))
            .unwrap();
        assert!(files.open_part(upload).is_err());
        assert!(files.remove_part(upload).is_ok(), "already gone");
    }

    #[test]
    fn names_from_outside_cannot_leave_the_folder() {
        for name in ["", "../../etc/passwd", &"A".repeat(64), &"0".repeat(63)] {
            assert!(name.parse::<FileHash>().is_err(), "{name}");
        }
        assert!(!store("holds").holds(FileHash([0; 32])));
    }
}
