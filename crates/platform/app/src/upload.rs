//! Who brought which file: a command takes a file from whoever uploaded it, and what the file is
//! was judged by its own bytes then. A hash that somebody read elsewhere opens and attaches
//! nothing.

use access::AccountId;
use kernel::{Instant, Tenant};
use store::{Connection, Pending, StoreError, values};

use crate::{App, Authority, Door, FileHash};

store::statements! {
    PUT = concat!(
        "INSERT INTO upload (tenant, content, account, at, size_bytes, media_type) ",
        "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant, content, account) ",
        "DO UPDATE SET at = excluded.at, media_type = excluded.media_type"
    );
    SELECT = concat!(
        "SELECT size_bytes, media_type FROM upload ",
        "WHERE tenant = $1 AND content = $2 AND account = $3"
    );
    FORGET = "DELETE FROM upload WHERE tenant = $1 AND content = $2 AND at < $3";
}

/// A file as it was taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Its size.
    pub size_bytes: i64,
    /// Its media type by its first bytes.
    pub media_type: String,
}

/// What an account brought under this hash; none where it brought no such file.
pub fn of(
    connection: &mut dyn Connection,
    tenant: Tenant,
    account: AccountId,
    file: FileHash,
) -> Result<Option<Upload>, StoreError> {
    connection.optional(&SELECT, &values![tenant, file.0, account], |row| {
        Ok(Upload {
            size_bytes: row.int(0)?,
            media_type: row.text(1)?.to_owned(),
        })
    })
}

/// Keeps that an account brought a file, which is stored already.
pub(crate) fn keep(
    connection: &mut dyn Connection,
    (tenant, account): (Tenant, AccountId),
    at: Instant,
    file: FileHash,
    upload: &Upload,
) -> Result<(), StoreError> {
    let row = values![
        tenant,
        file.0,
        account,
        at,
        upload.size_bytes,
        &upload.media_type
    ];
    connection.execute(&PUT, &row)?;
    Ok(())
}

/// Forgets who brought a file that was removed before an instant.
pub(crate) fn forget(
    connection: &mut dyn Connection,
    tenant: Tenant,
    file: FileHash,
    before: Instant,
) -> Result<(), StoreError> {
    connection.execute(&FORGET, &values![tenant, file.0, before])?;
    Ok(())
}

impl App {
    /// Keeps that an account brought these files, which are stored already.
    pub fn keep_uploads(
        &self,
        tenant: Tenant,
        account: AccountId,
        files: Vec<(FileHash, Upload)>,
    ) -> Pending<Result<(), StoreError>> {
        let now = self.session_clock().now();
        self.store().write(move |connection| {
            for (file, upload) in &files {
                keep(connection, (tenant, account), now, *file, upload)?;
            }
            Ok(())
        })
    }
}

impl Door<'_> {
    /// The file that the acting account brought under this hash. A rule brings none.
    pub fn uploaded(&mut self, file: FileHash) -> Result<Option<Upload>, StoreError> {
        let account = match self.authority() {
            Authority::Person(subject) => subject.account,
            Authority::Rule(_) => return Ok(None),
        };
        let tenant = self.tenant();
        of(self.connection(), tenant, account, file)
    }
}
