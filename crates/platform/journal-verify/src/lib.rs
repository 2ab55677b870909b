//! Offline verifier of an exported journal: no database, no network, no clock, small enough to read.
//!
//! Its judgement rests on three things that the host of the database cannot forge afterwards: the
//! public key of the log, checkpoints that others kept (printed on public pages and reports), and
//! SHA-256. Without kept checkpoints it shows that the export agrees with itself; only kept ones
//! show that nothing was taken back, replaced by an older database, or signed twice.
//!
//! What it cannot show: that what was entered was true, and anything after the last checkpoint that
//! someone outside holds.

mod against;
mod chain;
mod report;

use std::io::BufRead;

use journal::PublicKey;

pub use against::{RecordRow, RecordRows};
pub use report::{CheckpointReport, FirstBad, LeafMark, MAX_FINDINGS, Report};

/// Verifies an export by the public key of its log and by checkpoints that were kept elsewhere, each
/// given as its signed note.
pub fn verify(export: impl BufRead, kept: &[&str], key: &PublicKey) -> Report {
    let mut chain = chain::Chain::new(kept, key);
    chain.read(export, &mut |_, _| {});
    chain.finish()
}

/// As [`verify`], and compares every record row of a database with the digests in the leaves: so a
/// row that was changed, deleted or added behind the journal's back is named.
pub fn verify_against<R: RecordRows>(
    export: impl BufRead,
    kept: &[&str],
    key: &PublicKey,
    rows: &mut R,
) -> Result<Report, R::Error> {
    let mut chain = chain::Chain::new(kept, key);
    let mut expected = against::Expected::default();
    chain.read(export, &mut |number, leaf| expected.add(number, leaf));
    let size = chain.next_number();
    let count = expected.compare(rows, size, &mut chain.findings)?;
    Ok(Report {
        rows: count,
        ..chain.finish()
    })
}
