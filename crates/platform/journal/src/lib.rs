//! The tamper-evident log: leaves, commitments, RFC 6962 trees, signed checkpoints.
//!
//! Pure: no files, no clock, no randomness. Seeds, keys and instants are given by the caller.
//!
//! The way of a command through this crate: its body goes through [`commit_body`]; with the actor
//! and the digests of the rows written it becomes a [`Leaf`], whose [`Leaf::canonical`] bytes are
//! stored in the command's own transaction. Later the sealer numbers the stored leaves, appends each
//! [`leaf_hash`] to a [`Frontier`], and signs a [`Checkpoint`] of its root. An export
//! ([`ExportWriter`]) carries leaves and checkpoints to whoever wants to verify them.
//!
//! Why it is made so: `docs/decisions/0004-journal.md`.

pub mod canonical;
mod checkpoint;
mod commitment;
mod export;
mod hash;
mod leaf;
pub mod tree;

pub use checkpoint::{
    Checkpoint, CheckpointKey, MAX_NOTE_BYTES, MAX_SIGNATURES, NoteError, Origin, PublicKey,
    SignedCheckpoint,
};
pub use commitment::{
    CommitError, FieldProof, MAX_POINTER_BYTES, MAX_SCALARS, commit_body, prove_field, verify_field,
};
pub use export::{ExportError, ExportLine, ExportReader, ExportWriter, ReadError};
pub use hash::{Hash256, NotAHash};
pub use leaf::{
    LEAF_VERSION, Leaf, LeafActor, LeafError, LeafSummary, LeafView, MAX_LEAF_BYTES,
    MAX_NAME_BYTES, MAX_ROWS, Outcome, Via, leaf_hash,
};
pub use tree::Frontier;
