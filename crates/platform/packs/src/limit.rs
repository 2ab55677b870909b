//! A limit on everything a pack may hold. A county's real packs stay far below.

/// Most files of one pack.
pub const MAX_FILES: usize = 500;
/// Largest file, in bytes.
pub const MAX_FILE_BYTES: u64 = 2 * 1024 * 1024;
/// Largest pack, in bytes.
pub const MAX_PACK_BYTES: u64 = 32 * 1024 * 1024;
/// Longest path of a file within its pack, in bytes.
pub const MAX_PATH_BYTES: usize = 200;
/// Most folders between the pack and a file.
pub const MAX_DEPTH: usize = 3;
/// Longest chain of packs that extend one another.
pub const MAX_EXTENDS: usize = 8;
/// Most findings that one check gives; the rest is counted.
pub const MAX_FINDINGS: usize = 1000;
