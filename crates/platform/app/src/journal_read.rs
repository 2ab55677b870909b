//! The journal as auditors read it: its leaves, the proof that one of them is in the tree, and the
//! export for verifying elsewhere. Nothing else in the product reads leaves.

use std::io::Write;

use journal::{ExportError, ExportWriter, Hash256, LeafView, Origin, SignedCheckpoint};
use kernel::{CommandId, Instant, Tenant};
use store::{Connection, Row, StoreError, values};

store::statements! {
    /// Leaves of some days, the newest first.
    SELECT_LEAVES = "SELECT l.body, s.number FROM journal_leaf l LEFT JOIN journal_sealed s \
                     ON s.tenant = l.tenant AND s.command = l.command WHERE l.tenant = $1 \
                     AND l.at >= $2 AND l.at < $3 ORDER BY l.at DESC, l.command DESC LIMIT $4";
    SELECT_ACTS = "SELECT at, command FROM journal_leaf WHERE tenant = $1 ORDER BY at, command";
    COUNT_LEAVES = "SELECT count(*) FROM journal_leaf l WHERE l.tenant = $1";
    /// One leaf.
    SELECT_LEAF = "SELECT l.body, s.number FROM journal_leaf l LEFT JOIN journal_sealed s \
                   ON s.tenant = l.tenant AND s.command = l.command \
                   WHERE l.tenant = $1 AND l.command = $2";
    /// Hashes of the leaves that a checkpoint covers.
    SELECT_COVERED = "SELECT leaf_hash FROM journal_sealed WHERE tenant = $1 AND number < $2 \
                      ORDER BY number";
    SELECT_COVERING = "SELECT size, note FROM journal_checkpoint WHERE tenant = $1 \
                       AND size > $2 ORDER BY size LIMIT 1";
    SELECT_NOTES = "SELECT note FROM journal_checkpoint WHERE tenant = $1 ORDER BY size";
    /// A leaf that is gone leaves its number and hash, so that the verifier names it.
    SELECT_SEALED = "SELECT s.number, s.leaf_hash, l.body FROM journal_sealed s \
                     LEFT JOIN journal_leaf l ON l.tenant = s.tenant AND l.command = s.command \
                     WHERE s.tenant = $1 ORDER BY s.number";
}

/// A leaf as people read it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What it says.
    pub leaf: LeafView,
    /// Its number in the tree, from 0; none while it waits for the sealer.
    pub number: Option<u64>,
    /// Its canonical bytes, as text.
    pub text: String,
}

fn entry(row: &Row<'_>) -> Result<Entry, StoreError> {
    let bytes = row.blob(0)?;
    let leaf = LeafView::read(bytes)
        .map_err(|error| StoreError::Bug(format!("a leaf that does not read back: {error}")))?;
    Ok(Entry {
        leaf,
        number: row
            .optional_int(1)?
            .and_then(|number| number.try_into().ok()),
        text: String::from_utf8_lossy(bytes).into_owned(),
    })
}

/// Leaves from one instant to before another, the newest first, at most `limit`.
pub fn between(
    connection: &mut dyn Connection,
    tenant: Tenant,
    (from, until): (Instant, Instant),
    limit: i64,
) -> Result<Vec<Entry>, StoreError> {
    let key = values![tenant, from, until, limit];
    connection.all(&SELECT_LEAVES, &key, entry)
}

/// How many leaves there are.
pub fn count(connection: &mut dyn Connection, tenant: Tenant) -> Result<u64, StoreError> {
    let count = connection.one(&COUNT_LEAVES, &values![tenant], |row| row.int(0))?;
    Ok(u64::try_from(count).unwrap_or_default())
}

/// The command and the instant of every leaf, in the order of time.
pub fn acts(
    connection: &mut dyn Connection,
    tenant: Tenant,
) -> Result<Vec<(Instant, CommandId)>, StoreError> {
    connection.all(&SELECT_ACTS, &values![tenant], |row| {
        Ok((Instant(row.int(0)?), row.id(1)?))
    })
}

/// The leaf of one command.
pub fn of_command(
    connection: &mut dyn Connection,
    tenant: Tenant,
    command: CommandId,
) -> Result<Option<Entry>, StoreError> {
    connection.optional(&SELECT_LEAF, &values![tenant, command], entry)
}

/// What shows that a leaf is in the tree of a signed checkpoint (RFC 9162, 2.1.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inclusion {
    /// The leaf's number.
    pub number: u64,
    /// The leaf's hash, computed from its bytes as they stand now.
    pub hash: Hash256,
    /// Leaves that the checkpoint covers.
    pub size: u64,
    /// Root that was signed.
    pub root: Hash256,
    /// Roots beside the way from the leaf to the root.
    pub path: Vec<Hash256>,
    /// Whether the path leads from the leaf to the root: not so where something was changed.
    pub holds: bool,
}

/// The proof for a leaf by the first signed checkpoint that covers it; none before that.
pub fn inclusion(
    connection: &mut dyn Connection,
    tenant: Tenant,
    entry: &Entry,
) -> Result<Option<Inclusion>, StoreError> {
    let Some(number) = entry.number else {
        return Ok(None);
    };
    let at = i64::try_from(number).unwrap_or(i64::MAX);
    let covering = connection.optional(&SELECT_COVERING, &values![tenant, at], |row| {
        let signed = SignedCheckpoint::parse(row.text(1)?)
            .map_err(|_| StoreError::Bug("a checkpoint that does not read back".to_owned()))?;
        Ok((row.int(0)?, signed.claimed().root))
    })?;
    let Some((covered, root)) = covering else {
        return Ok(None);
    };
    let size = u64::try_from(covered).unwrap_or_default();
    let hashes = connection.all(&SELECT_COVERED, &values![tenant, covered], |row| {
        Ok(Hash256(row.blob(0)?.try_into().unwrap_or_default()))
    })?;
    let ranges = journal::tree::inclusion_ranges(number, size).unwrap_or_default();
    let path = journal::tree::range_roots(&ranges, hashes).unwrap_or_default();
    let hash = journal::leaf_hash(entry.text.as_bytes());
    let holds = journal::tree::verify_inclusion(&hash, number, size, &path, &root);
    Ok(Some(Inclusion {
        number,
        hash,
        size,
        root,
        path,
        holds,
    }))
}

/// What was exported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Leaves.
    pub leaves: u64,
    /// Checkpoints.
    pub checkpoints: u64,
    /// The newest checkpoint, for keeping elsewhere.
    pub newest: Option<String>,
}

/// Why nothing was exported.
#[derive(Debug, thiserror::Error)]
pub enum ReadJournalError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file.
    #[error(transparent)]
    Export(#[from] ExportError),
}

/// Writes everything that was sealed. Leaves that still wait for the sealer are not in it.
pub fn export(
    connection: &mut dyn Connection,
    origin: &Origin,
    out: impl Write,
) -> Result<Exported, ReadJournalError> {
    let mut writer = ExportWriter::new(out, origin)?;
    let mut exported = Exported::default();
    let tenant = values![origin.tenant()];
    stopping(|stop| {
        connection.for_each(&SELECT_NOTES, &tenant, &mut |row| {
            let note = row.text(0)?;
            exported.checkpoints += 1;
            exported.newest = Some(note.to_owned());
            stop(writer.checkpoint(note))
        })
    })?;
    stopping(|stop| {
        connection.for_each(&SELECT_SEALED, &tenant, &mut |row| {
            let leaf = row.optional_blob(2)?.unwrap_or_default();
            // What the host of the database put there may be anything; the verifier says what.
            let number = u64::try_from(row.int(0)?).unwrap_or(u64::MAX);
            let hash = Hash256(row.blob(1)?.try_into().unwrap_or_default());
            exported.leaves += 1;
            match writer.leaf(number, &hash, leaf) {
                Err(ExportError::BeyondLimits) => stop(writer.leaf(number, &hash, b"")),
                done => stop(done),
            }
        })
    })?;
    writer.finish()?;
    Ok(exported)
}

/// Runs a query whose rows go to a file: the file's error stops the query and comes out.
fn stopping(
    query: impl FnOnce(
        &mut dyn FnMut(Result<(), ExportError>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>,
) -> Result<(), ReadJournalError> {
    let mut failed = None;
    let done = query(&mut |written| {
        written.map_err(|error| {
            failed = Some(error);
            StoreError::Bug("the export stopped".to_owned())
        })
    });
    match failed {
        Some(error) => Err(error.into()),
        None => Ok(done?),
    }
}
