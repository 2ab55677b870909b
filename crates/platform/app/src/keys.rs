//! The keys of one folder: made by `setup`, readable by their owner only, in a backup only inside its encryption.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use hmac::{Hmac, KeyInit, Mac};
use journal::{CheckpointKey, Origin};
use kernel::Tenant;
use sha2::Sha256;
use zeroize::Zeroizing;

/// One root secret of 32 bytes; every other key is derived from it by its purpose.
#[derive(Clone)]
pub struct Keys {
    root: Zeroizing<[u8; 32]>,
    idempotency: Zeroizing<[u8; 32]>,
    signing: Zeroizing<[u8; 32]>,
    vault: Zeroizing<[u8; 32]>,
    site: String,
}

/// Why the keys of a folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// No key file: the folder was not made by `setup`, or the key was not restored.
    #[error("there is no key file {0}; was this folder made by `xingcun setup`?")]
    Missing(PathBuf),
    /// Others may read the key file.
    #[error("{0} may be read by others; run: chmod 600 {0}")]
    Open(PathBuf),
    /// The file does not hold 64 hexadecimal digits.
    #[error("{0} does not hold a key (64 hexadecimal digits)")]
    Damaged(PathBuf),
    /// The disk said no.
    #[error("{0}: {1}")]
    Io(PathBuf, #[source] io::Error),
}

impl Keys {
    /// Keys that follow from a root secret.
    pub fn from_root(root: [u8; 32]) -> Keys {
        let derive = |purpose: &str| {
            let mut mac =
                <Hmac<Sha256> as KeyInit>::new_from_slice(&root).expect("HMAC takes any key");
            mac.update(b"xingcun key 1\0");
            mac.update(purpose.as_bytes());
            Zeroizing::new(mac.finalize().into_bytes().into())
        };
        Keys {
            idempotency: derive("idempotency"),
            signing: derive("journal signing"),
            vault: derive("vault"),
            site: crate::FileHash(*derive("site")).to_string()[..12].to_owned(),
            root: Zeroizing::new(root),
        }
    }

    /// Reads the key file `root.key` in a folder.
    pub fn read(folder: &Path) -> Result<Keys, KeyError> {
        let path = folder.join("root.key");
        let text = match fs::read_to_string(&path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(KeyError::Missing(path));
            }
            Err(error) => return Err(KeyError::Io(path, error)),
        };
        refuse_open_file(&path)?;
        let hash: crate::FileHash = text.trim().parse().map_err(|_| KeyError::Damaged(path))?;
        Ok(Keys::from_root(hash.0))
    }

    /// Writes the key file into a folder, readable by its owner only; never over an existing one.
    pub fn write(&self, folder: &Path) -> Result<(), KeyError> {
        let path = folder.join("root.key");
        let text = Zeroizing::new(format!("{}\n", crate::FileHash(*self.root)));
        owner_only(&path)
            .and_then(|mut file| {
                file.write_all(text.as_bytes())?;
                file.sync_all()
            })
            .map_err(|error| KeyError::Io(path, error))
    }

    /// Key of the digests by which a repeated command is known.
    pub fn idempotency(&self) -> &[u8; 32] {
        &self.idempotency
    }

    /// The Ed25519 key that signs checkpoints.
    pub fn checkpoint_key(&self) -> CheckpointKey {
        CheckpointKey::from_seed(&self.signing)
    }

    /// The identity of a tenant's journal: this installation's word and the tenant.
    pub fn origin(&self, tenant: Tenant) -> Origin {
        Origin::new(&self.site, tenant).expect("twelve hexadecimal digits are a site")
    }

    /// Root of the keys that seal personal data.
    pub fn vault(&self) -> &[u8; 32] {
        &self.vault
    }
}

/// Shows nothing.
impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys")
    }
}

#[cfg(unix)]
fn refuse_open_file(path: &Path) -> Result<(), KeyError> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path).map_err(|error| KeyError::Io(path.to_owned(), error))?;
    let others = mode.permissions().mode() & 0o077;
    if others == 0 {
        return Ok(());
    }
    Err(KeyError::Open(path.to_owned()))
}

#[cfg(unix)]
fn owner_only(path: &Path) -> io::Result<fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_is_read_back_and_never_overwritten() {
        let folder = std::env::temp_dir().join(format!("xingcun-keys-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        assert!(matches!(Keys::read(&folder), Err(KeyError::Missing(_))));
        let keys = Keys::from_root([3; 32]);
        keys.write(&folder).unwrap();
        assert!(keys.write(&folder).is_err());
        assert_eq!(
            Keys::read(&folder).unwrap().idempotency(),
            keys.idempotency()
        );
        assert_ne!(keys.idempotency(), keys.vault());
        assert_eq!(format!("{keys:?}"), "Keys");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let path = folder.join("root.key");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
            assert!(matches!(Keys::read(&folder), Err(KeyError::Open(_))));
        }
    }
}
