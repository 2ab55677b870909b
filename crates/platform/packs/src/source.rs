//! Where the files of a pack come from.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::limit::{MAX_DEPTH, MAX_FILES};

/// A file of a pack, not yet read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Path within the pack with `/` between folders: `schemes/quarter.toml`.
    pub path: String,
    /// Size in bytes.
    pub size_bytes: u64,
}

/// Why a source could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceError {
    /// The file system refused; with its reason in the words of the system.
    Unreadable {
        /// Path within the pack, empty for the pack itself.
        path: String,
        /// The system's reason.
        reason: String,
    },
    /// A name that is not UTF-8.
    NotText {
        /// The path, with what can be shown of it.
        path: String,
    },
    /// A link, which could lead out of the pack.
    Link {
        /// Path within the pack.
        path: String,
    },
    /// Folders nested too deep.
    TooDeep {
        /// Path within the pack.
        path: String,
    },
    /// Too many files.
    TooMany,
}

/// The files of one pack.
pub trait Source {
    /// What findings put before a path: the folder as the user gave it.
    fn name(&self) -> &str;

    /// All files, sorted by path; names that begin with a dot are not part of a pack.
    fn entries(&self) -> Result<Vec<Entry>, SourceError>;

    /// The bytes of one of [`Source::entries`].
    fn read(&self, path: &str) -> Result<Vec<u8>, SourceError>;
}

/// A folder of the file system.
#[derive(Clone, Debug)]
pub struct Directory {
    root: PathBuf,
    name: String,
}

impl Directory {
    /// The folder, named in findings as it is given here.
    pub fn new(root: impl Into<PathBuf>) -> Directory {
        let root = root.into();
        let name = root.to_string_lossy().trim_end_matches('/').to_owned();
        Directory { root, name }
    }
}

/// All files below a folder.
fn walk(
    folder: &Path,
    prefix: &str,
    depth: usize,
    entries: &mut Vec<Entry>,
) -> Result<(), SourceError> {
    let unreadable = |error: std::io::Error| SourceError::Unreadable {
        path: prefix.to_owned(),
        reason: error.to_string(),
    };
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let path = entry.file_name().to_str().map_or_else(
            || Err(joined(prefix, &entry.file_name().to_string_lossy())),
            |name| Ok(joined(prefix, name)),
        );
        let path = path.map_err(|path| SourceError::NotText { path })?;
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        // Not `Path::metadata`: that would follow a link out of the pack.
        let metadata = entry.metadata().map_err(unreadable)?;
        if metadata.is_symlink() {
            return Err(SourceError::Link { path });
        }
        if metadata.is_dir() {
            if depth >= MAX_DEPTH {
                return Err(SourceError::TooDeep { path });
            }
            walk(&entry.path(), &path, depth + 1, entries)?;
        } else if entries.len() >= MAX_FILES {
            return Err(SourceError::TooMany);
        } else {
            entries.push(Entry {
                path,
                size_bytes: metadata.len(),
            });
        }
    }
    Ok(())
}

fn joined(prefix: &str, name: &str) -> String {
    if prefix.is_empty() {
        name.to_owned()
    } else {
        format!("{prefix}/{name}")
    }
}

impl Source for Directory {
    fn name(&self) -> &str {
        &self.name
    }

    fn entries(&self) -> Result<Vec<Entry>, SourceError> {
        let mut entries = Vec::new();
        walk(&self.root, "", 0, &mut entries)?;
        entries.sort();
        Ok(entries)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        fs::read(self.root.join(path)).map_err(|error| SourceError::Unreadable {
            path: path.to_owned(),
            reason: error.to_string(),
        })
    }
}

#[derive(rust_embed::Embed)]
#[folder = "../../../packs"]
struct Shipped;

/// A pack that came with the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Embedded {
    folder: String,
}

impl Embedded {
    /// The folders of all packs that came with the program, sorted.
    pub fn all() -> Vec<Embedded> {
        let mut packs: Vec<Embedded> = Shipped::iter()
            .filter_map(|path| path.strip_suffix("/pack.toml").map(str::to_owned))
            .map(|folder| Embedded { folder })
            .collect();
        packs.sort_by(|a, b| a.folder.cmp(&b.folder));
        packs
    }

    /// The pack of a folder: `base`, `conformance/hdi-2022`.
    pub fn named(folder: &str) -> Option<Embedded> {
        Embedded::all()
            .into_iter()
            .find(|pack| pack.folder == folder)
    }
}

impl Source for Embedded {
    fn name(&self) -> &str {
        &self.folder
    }

    fn entries(&self) -> Result<Vec<Entry>, SourceError> {
        let prefix = format!("{}/", self.folder);
        let mut entries = Vec::new();
        for path in Shipped::iter() {
            let Some(within) = path.strip_prefix(&prefix) else {
                continue;
            };
            let size = Shipped::get(&path).map_or(0, |file| file.data.len());
            entries.push(Entry {
                path: within.to_owned(),
                size_bytes: u64::try_from(size).unwrap_or(u64::MAX),
            });
        }
        entries.sort();
        Ok(entries)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        let absent = || SourceError::Unreadable {
            path: path.to_owned(),
            reason: "not part of the program".to_owned(),
        };
        Shipped::get(&format!("{}/{path}", self.folder))
            .map(|file| file.data.into_owned())
            .ok_or_else(absent)
    }
}

/// Files in memory: uploads, tests, the pack editor.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// What findings put before a path.
    pub name: String,
    /// Bytes by path.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Source for Memory {
    fn name(&self) -> &str {
        &self.name
    }

    fn entries(&self) -> Result<Vec<Entry>, SourceError> {
        if self.files.len() > MAX_FILES {
            return Err(SourceError::TooMany);
        }
        Ok(self
            .files
            .iter()
            .map(|(path, bytes)| Entry {
                path: path.clone(),
                size_bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            })
            .collect())
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        self.files
            .get(path)
            .cloned()
            .ok_or_else(|| SourceError::Unreadable {
                path: path.to_owned(),
                reason: "no such file".to_owned(),
            })
    }
}
