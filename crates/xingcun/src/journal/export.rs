//! The sealer's tables as an export.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use journal::{ExportError, ExportWriter, Hash256, Origin};
use store::{Connection, StoreError, values};

use super::JournalError;

store::statements! {
    SELECT_NOTES = "SELECT note FROM journal_checkpoint WHERE tenant = $1 ORDER BY size";
    /// A leaf that is gone leaves its number and hash, so that the verifier names it.
    SELECT_LEAVES = "SELECT s.number, s.leaf_hash, l.body FROM journal_sealed s \
                     LEFT JOIN journal_leaf l ON l.tenant = s.tenant AND l.command = s.command \
                     WHERE s.tenant = $1 ORDER BY s.number";
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    pub leaves: u64,
    pub checkpoints: u64,
    /// The newest checkpoint, for keeping elsewhere.
    pub newest: Option<String>,
}

/// Writes everything that was sealed. Leaves that still wait for the sealer are not in it.
pub fn write(
    connection: &mut dyn Connection,
    origin: &Origin,
    path: &Path,
) -> Result<Exported, JournalError> {
    let file = File::create(path).map_err(|error| JournalError::Io(path.to_owned(), error))?;
    let mut writer = ExportWriter::new(BufWriter::new(file), origin)?;
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
        connection.for_each(&SELECT_LEAVES, &tenant, &mut |row| {
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
) -> Result<(), JournalError> {
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
