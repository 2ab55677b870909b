//! A workbook or CSV file on its way into a command: stored by hash first, read before the
//! transaction.

use std::io::Read;

use app::{App, FileHash, Refusal};
use directory::sheet::{self, Sheet};
use journal::MAX_ROWS;
use kernel::Finding;
use vault::FileKey;
use zeroize::Zeroizing;

/// Opens the sealed file that a command names, and reads it as a table. Whoever has lost the key,
/// or sends a file that was never sealed, is told so.
pub(crate) fn read_sealed(app: &App, hash: &str, key: &str) -> Result<Sheet, Refusal> {
    let key: FileKey = key
        .parse()
        .map_err(|_| Finding::error("file-not-sealed").field("file"))?;
    of_one_leaf(sheet::read(&opened(app, hash, &key)?, &sheet::LIMITS)?)
}

/// The table, unless it has more rows than one command can leave in the journal: said before
/// anything of it is looked at.
fn of_one_leaf(sheet: Sheet) -> Result<Sheet, Refusal> {
    let found = sheet.rows.len().saturating_sub(1);
    if found > MAX_ROWS {
        let finding = Finding::error("import-too-many-rows").field("file");
        return Err(finding.arg("found", found).arg("expected", MAX_ROWS).into());
    }
    Ok(sheet)
}

/// Whether the acting account brought the file itself; a hash read elsewhere opens nothing.
pub(crate) fn is_own(
    context: &web::Context,
    connection: &mut dyn store::Connection,
    file: FileHash,
) -> Result<bool, store::StoreError> {
    let account = context.subject.account;
    Ok(app::upload::of(connection, context.tenant, account, file)?.is_some())
}

/// The content of a sealed file; overwritten in memory when it goes away.
pub(crate) fn opened(app: &App, hash: &str, key: &FileKey) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let content = key
        .open(&bytes(app, hash)?)
        .map_err(|_| Finding::error("file-not-sealed").field("file"))?;
    Ok(content)
}

/// Reads the stored file that a command names, as a table.
pub(crate) fn read(app: &App, hash: &str) -> Result<Sheet, Refusal> {
    of_one_leaf(sheet::read(&bytes(app, hash)?, &sheet::LIMITS)?)
}

/// The content of a stored file, up to a little more than a table may have.
pub(crate) fn bytes(app: &App, hash: &str) -> Result<Vec<u8>, Refusal> {
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
    Ok(bytes)
}
