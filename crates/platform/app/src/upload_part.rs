//! Uploads that come in parts (tus 1.0.0): how far each has come, for the account that began it.
//! Working data: what is not complete after a day is swept with the files that nothing names.
//!
//! The row says how many bytes are safely on disk. What a broken write left behind them does not
//! count and is cut off by the next part.

use access::AccountId;
use kernel::{Id, Instant, Tenant};
use store::{Connection, Pending, Row, StoreError, Value, values};

use crate::sweep::UNNAMED_MS;
use crate::upload::{self, Upload};
use crate::{App, FileHash};

store::statements! {
    BEGIN = concat!(
        "INSERT INTO upload_part (tenant, upload, account, at, name, size_bytes, offset_bytes) ",
        "VALUES ($1, $2, $3, $4, $5, $6, 0)"
    );
    SELECT = concat!(
        "SELECT upload, at, name, size_bytes, offset_bytes, content, media_type FROM upload_part ",
        "WHERE tenant = $1 AND upload = $2 AND account = $3"
    );
    ADVANCE = concat!(
        "UPDATE upload_part SET offset_bytes = $1 ",
        "WHERE tenant = $2 AND upload = $3 AND offset_bytes = $4 AND content IS NULL"
    );
    FINISH = "UPDATE upload_part SET content = $1, media_type = $2 WHERE tenant = $3 AND upload = $4";
    DROP_ONE = "DELETE FROM upload_part WHERE tenant = $1 AND upload = $2";
    SELECT_UNDER_WAY = concat!(
        "SELECT size_bytes FROM upload_part ",
        "WHERE tenant = $1 AND account = $2 AND at > $3 AND content IS NULL"
    );
    SELECT_BROUGHT = "SELECT size_bytes FROM upload WHERE tenant = $1 AND account = $2 AND at > $3";
    FORGET = "DELETE FROM upload_part WHERE tenant = $1 AND at < $2";
}

/// Uploads of one account under way at once.
pub const UNDER_WAY_MAX: usize = 60;
/// What one account may bring in a day, with what is under way, in bytes.
pub const DAY_BYTES_MAX: i64 = 1024 * 1024 * 1024;

/// An upload as far as it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its number, made by us.
    pub upload: Id,
    /// When it began.
    pub at: Instant,
    /// The file's name on the sender's device.
    pub name: String,
    /// How many bytes it will have.
    pub size_bytes: u64,
    /// How many of them are on disk, synced.
    pub offset_bytes: u64,
    /// The stored file with its media type, once it is complete and judged.
    pub stored: Option<(FileHash, String)>,
}

impl Part {
    /// Until when it may be gone on with; afterwards it is swept.
    pub fn expires(&self) -> Instant {
        Instant(self.at.0 + UNNAMED_MS)
    }

    /// Whether every byte is there.
    pub fn is_whole(&self) -> bool {
        self.offset_bytes == self.size_bytes
    }
}

/// Why an upload cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum NoRoom {
    /// The account has as many under way as it may.
    #[error("{UNDER_WAY_MAX} uploads are under way")]
    TooMany,
    /// The account brought as much in a day as it may.
    #[error("more than {DAY_BYTES_MAX} bytes in a day")]
    TooMuch,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn read(row: &Row<'_>) -> Result<Part, StoreError> {
    let bytes = |at| row.int(at).map(|size| u64::try_from(size).unwrap_or(0));
    let stored = match (row.optional_blob(5)?, row.optional_text(6)?) {
        (Some(_), Some(media_type)) => Some((FileHash(row.bytes(5)?), media_type.to_owned())),
        _ => None,
    };
    Ok(Part {
        upload: row.id(0)?,
        at: row.instant(1)?,
        name: row.text(2)?.to_owned(),
        size_bytes: bytes(3)?,
        offset_bytes: bytes(4)?,
        stored,
    })
}

/// Whether the account may begin another upload in parts, of so many bytes.
fn room(
    connection: &mut dyn Connection,
    (tenant, account): (Tenant, AccountId),
    more_bytes: i64,
    now: Instant,
) -> Result<(), NoRoom> {
    let key = values![tenant, account, Instant(now.0 - UNNAMED_MS)];
    let under_way = connection.all(&SELECT_UNDER_WAY, &key, |row| row.int(0))?;
    if under_way.len() >= UNDER_WAY_MAX {
        return Err(NoRoom::TooMany);
    }
    room_in_the_day(connection, &key, under_way, more_bytes)
}

/// Whether so many bytes more stay within what an account may bring in a day.
fn room_in_the_day(
    connection: &mut dyn Connection,
    key: &[Value<'_>],
    under_way: Vec<i64>,
    more_bytes: i64,
) -> Result<(), NoRoom> {
    let brought = connection.all(&SELECT_BROUGHT, key, |row| row.int(0))?;
    let sum = under_way
        .into_iter()
        .chain(brought)
        .fold(more_bytes, i64::saturating_add);
    if sum > DAY_BYTES_MAX {
        return Err(NoRoom::TooMuch);
    }
    Ok(())
}

/// Forgets what began before an instant.
pub(crate) fn forget(
    connection: &mut dyn Connection,
    tenant: Tenant,
    before: Instant,
) -> Result<(), StoreError> {
    connection.execute(&FORGET, &values![tenant, before])?;
    Ok(())
}

impl App {
    /// Whether an account has room for files that come with a form. How large they are is known
    /// when they are stored, and kept then whatever it is: a form is limited itself.
    pub fn has_room(&self, (tenant, account): (Tenant, AccountId)) -> Pending<Result<(), NoRoom>> {
        let now = self.session_clock().now();
        self.store().read(move |connection| {
            let key = values![tenant, account, Instant(now.0 - UNNAMED_MS)];
            let under_way = connection.all(&SELECT_UNDER_WAY, &key, |row| row.int(0))?;
            room_in_the_day(connection, &key, under_way, 1)
        })
    }

    /// Begins an upload of an account, where it has room for so many bytes; gives its number.
    pub fn begin_upload(
        &self,
        (tenant, account): (Tenant, AccountId),
        name: String,
        size_bytes: u64,
    ) -> Pending<Result<Part, NoRoom>> {
        let now = self.session_clock().now();
        let drawn = self.entropy().draw();
        let mut random = [0; 10];
        random.copy_from_slice(&drawn[..10]);
        let upload = Id::new(now.0, random);
        let size = i64::try_from(size_bytes).unwrap_or(i64::MAX);
        self.store().write(move |connection| {
            room(connection, (tenant, account), size, now)?;
            let row = values![tenant, upload, account, now, &name, size];
            connection.execute(&BEGIN, &row)?;
            Ok(Part {
                upload,
                at: now,
                name: name.clone(),
                size_bytes,
                offset_bytes: 0,
                stored: None,
            })
        })
    }

    /// An upload of the account; none where it is another's, or swept.
    pub fn upload_part(
        &self,
        (tenant, account): (Tenant, AccountId),
        upload: Id,
    ) -> Pending<Result<Option<Part>, StoreError>> {
        self.store().read(move |connection| {
            connection.optional(&SELECT, &values![tenant, upload, account], read)
        })
    }

    /// Notes how far an upload has come, unless it moved since it was read; whether it was noted.
    pub fn advance_upload(
        &self,
        tenant: Tenant,
        upload: Id,
        (from, to): (u64, u64),
    ) -> Pending<Result<bool, StoreError>> {
        let bytes = |at: u64| i64::try_from(at).unwrap_or(i64::MAX);
        let (from, to) = (bytes(from), bytes(to));
        self.store().write(move |connection| {
            let moved = connection.execute(&ADVANCE, &values![to, tenant, upload, from])?;
            Ok(moved == 1)
        })
    }

    /// Notes that an upload is complete and stored, and that its account brought the file.
    pub fn finish_upload(
        &self,
        (tenant, account): (Tenant, AccountId),
        upload: Id,
        file: FileHash,
        kept: Upload,
    ) -> Pending<Result<(), StoreError>> {
        let now = self.session_clock().now();
        self.store().write(move |connection| {
            upload::keep(connection, (tenant, account), now, file, &kept)?;
            let row = values![file.0, &kept.media_type, tenant, upload];
            connection.execute(&FINISH, &row)?;
            Ok(())
        })
    }

    /// Ends an upload: what came of it is removed. The caller holds it.
    pub async fn drop_upload(&self, tenant: Tenant, upload: Id) -> Result<(), StoreError> {
        let dropped = self.store().write(move |connection| {
            connection.execute(&DROP_ONE, &values![tenant, upload])?;
            Ok::<(), StoreError>(())
        });
        dropped.await?;
        if let Err(error) = self.files().remove_part(upload) {
            // It is swept after a day.
            tracing::warn!(%error, "the parts of an upload were not removed");
        }
        Ok(())
    }
}
