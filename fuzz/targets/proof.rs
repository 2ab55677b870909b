//! What a verifier is handed: exports of a journal, sound ones with bytes changed and any others, and
//! checkpoints. What holds has every leaf as it was, as far as a kept checkpoint reaches.
#![no_main]

use std::sync::OnceLock;

use journal::{PublicKey, SignedCheckpoint};
use libfuzzer_sys::fuzz_target;

#[path = "../../crates/platform/journal-verify/tests/common/mod.rs"]
mod common;

use common::{CHECKPOINTS, Database};

/// The export of an honest journal.
fn honest() -> &'static [u8] {
    static HONEST: OnceLock<Vec<u8>> = OnceLock::new();
    HONEST.get_or_init(|| Database::honest().export())
}

/// The export with bytes changed, put in or taken out: four bytes say what and where.
fn edited(edits: &[u8]) -> Vec<u8> {
    let mut export = honest().to_vec();
    for edit in edits.chunks_exact(4) {
        let at = usize::from(u16::from_le_bytes([edit[0], edit[1]])) % export.len();
        match edit[2] % 3 {
            0 => export[at] = edit[3],
            1 => export.insert(at, edit[3]),
            _ => drop(export.remove(at)),
        }
    }
    export
}

/// Number, hash and content of the leaves that the kept checkpoint covers.
fn covered(export: &[u8]) -> Vec<&[u8]> {
    let lines = export.split(|byte| *byte == b'\n');
    let leaves = lines.filter(|line| line.starts_with(b"leaf "));
    leaves.take(CHECKPOINTS[3] as usize).collect()
}

fuzz_target!(|bytes: &[u8]| {
    let kept = Database::honest().checkpoints;
    let kept = kept.last().map(String::as_str).expect("it has some");
    let Some((&kind, rest)) = bytes.split_first() else {
        return;
    };
    let export = match kind {
        b'e' => edited(rest),
        _ => rest.to_vec(),
    };
    let report = journal_verify::verify(&*export, &[kept], &common::key());
    assert!(report.proven <= report.size, "proven beyond the end");
    if report.holds() {
        assert_eq!(covered(&export), covered(honest()), "a change was not seen");
    }
    if let Ok(text) = std::str::from_utf8(rest) {
        let _ = SignedCheckpoint::parse(text);
        let _ = text.parse::<PublicKey>();
    }
});
