//! What is in a backup, and who says so.

use std::collections::BTreeMap;

use app::FileHash;
use journal::{CheckpointKey, NoteError, Origin, PublicKey};
use serde::{Deserialize, Serialize};

/// First line of what is signed, and the format's name.
pub const FORMAT: &str = "xingcun.backup.v1";

/// Everything that stands in an archive beside the manifest itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// Version of the program that wrote it.
    pub program: String,
    /// When the snapshot was taken, in milliseconds since 1970.
    pub made_at_ms: i64,
    /// Name of the governed area.
    pub area: String,
    /// Rows of all tables in the copied database.
    pub rows: u64,
    /// The journal of each area as the copy holds it.
    pub journals: Vec<JournalEnd>,
    /// SHA-256 and length of every file in the archive, by its path there.
    pub entries: BTreeMap<String, Entry>,
}

/// How far a journal went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JournalEnd {
    /// Public key of the journal, with its origin.
    pub key: String,
    /// Leaves, those that wait for the sealer among them.
    pub leaves: u64,
    /// The newest signed checkpoint, for keeping elsewhere.
    pub checkpoint: Option<String>,
}

/// One file of an archive.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256 of the content, 64 hexadecimal digits.
    pub sha256: String,
}

impl Manifest {
    /// As it stands in the archive.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).expect("a manifest is texts and numbers")
    }

    /// A signed note over the digest of the manifest's bytes.
    pub fn sign(json: &[u8], key: &CheckpointKey, origin: &Origin) -> String {
        key.sign_statement(origin, &statement(json))
    }

    /// Whether `note` is the signature of that key over these bytes.
    pub fn verify(json: &[u8], note: &str, key: &PublicKey) -> Result<(), NoteError> {
        key.verify_statement(note, &statement(json))
    }
}

fn statement(json: &[u8]) -> String {
    format!("{FORMAT}\n{}\n", sha256(json))
}

/// SHA-256 as 64 hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    FileHash(sha2::Sha256::digest(bytes).into()).to_string()
}
