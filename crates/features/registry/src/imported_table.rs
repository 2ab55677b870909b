//! A workbook or CSV file on its way into a command: stored by hash first, read before the
//! transaction.

use std::io::Read;

use app::{App, FileHash, Refusal};
use directory::sheet::{self, Sheet};
use kernel::Finding;

/// Reads the stored file that a command names, as a table.
pub(crate) fn read(app: &App, hash: &str) -> Result<Sheet, Refusal> {
    let hash: FileHash = hash
        .parse()
        .map_err(|_| Finding::error("file-hash").field("file").arg("found", hash))?;
    let file = app
        .files()
        .open_file(hash)
        .map_err(|error| Refusal::bug(&format!("a stored file cannot be opened: {error}")))?;
    let Some(file) = file else {
        return Err(Finding::error("file-unknown").field("file").into());
    };
    let mut bytes = Vec::new();
    let limit = sheet::LIMITS.file_bytes as u64;
    file.take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Refusal::bug(&format!("a stored file cannot be read: {error}")))?;
    Ok(sheet::read(&bytes, &sheet::LIMITS)?)
}
