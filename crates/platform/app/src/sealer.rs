//! The sealer: gives committed leaves their numbers and signs checkpoints.

use journal::{Frontier, Hash256, leaf_hash};
use kernel::{CommandId, Instant, Tenant};
use store::{Connection, StoreError, values};

use crate::{
    App, Refusal,
    schema::{JOURNAL_CHECKPOINT, JOURNAL_SEALED},
    tenant::tenants,
};

store::statements! {
    SELECT_PENDING = "SELECT p.command, l.body FROM journal_pending p \
                      JOIN journal_leaf l ON l.tenant = p.tenant AND l.command = p.command \
                      WHERE p.tenant = $1 ORDER BY p.command LIMIT $2";
    DELETE_PENDING = "DELETE FROM journal_pending WHERE tenant = $1 AND command = $2";
    SELECT_FRONTIER = "SELECT size, nodes FROM journal_frontier WHERE tenant = $1";
    UPSERT_FRONTIER = "INSERT INTO journal_frontier (tenant, size, nodes) VALUES ($1, $2, $3) \
                       ON CONFLICT (tenant) DO UPDATE SET size = excluded.size, \
                       nodes = excluded.nodes WHERE journal_frontier.size < excluded.size";
    SELECT_HASHES = "SELECT leaf_hash FROM journal_sealed WHERE tenant = $1 ORDER BY number";
    SELECT_FIRST_COVERING = "SELECT c.size, c.note FROM journal_sealed s \
                             JOIN journal_checkpoint c ON c.tenant = s.tenant \
                             AND c.size > s.number WHERE s.tenant = $1 AND s.command = $2 \
                             ORDER BY c.size LIMIT 1";
    SELECT_LAST_CHECKPOINT = "SELECT size, at, note FROM journal_checkpoint WHERE tenant = $1 \
                              ORDER BY size DESC LIMIT 1";
}

/// Leaves sealed in one transaction, at most.
const BATCH: i64 = 1_000;
/// A checkpoint is signed after so many leaves …
pub const CHECKPOINT_LEAVES: u64 = 1_000;
/// … or so many milliseconds after the last one, whichever comes first.
pub const CHECKPOINT_MS: i64 = 600_000;

/// A signed checkpoint, as printed on pages and reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastCheckpoint {
    /// Leaves that it covers.
    pub size: u64,
    /// When it was signed.
    pub at: Instant,
    /// The signed note (C2SP).
    pub note: String,
}

/// The newest checkpoint: the only thing that the product reads of its journal.
pub fn last_checkpoint(
    connection: &mut dyn Connection,
    tenant: Tenant,
) -> Result<Option<LastCheckpoint>, StoreError> {
    connection.optional(&SELECT_LAST_CHECKPOINT, &values![tenant], |row| {
        Ok(LastCheckpoint {
            size: u64::try_from(row.int(0)?).unwrap_or_default(),
            at: Instant(row.int(1)?),
            note: row.text(2)?.to_owned(),
        })
    })
}

/// Size and root of the first signed checkpoint that covers a command's leaf; none while it is not
/// sealed and signed. Nobody chooses it: it follows from what was signed.
pub fn first_root_covering(
    connection: &mut dyn Connection,
    tenant: Tenant,
    command: CommandId,
) -> Result<Option<(u64, [u8; 32])>, StoreError> {
    connection.optional(&SELECT_FIRST_COVERING, &values![tenant, command], |row| {
        let size = u64::try_from(row.int(0)?).unwrap_or_default();
        let signed = journal::SignedCheckpoint::parse(row.text(1)?)
            .map_err(|_| StoreError::Bug("a checkpoint that does not read back".to_owned()))?;
        Ok((size, signed.claimed().root.0))
    })
}

/// The first signed checkpoint that covers a command's leaf, as it was signed.
pub fn first_note_covering(
    connection: &mut dyn Connection,
    tenant: Tenant,
    command: CommandId,
) -> Result<Option<String>, StoreError> {
    connection.optional(&SELECT_FIRST_COVERING, &values![tenant, command], |row| {
        Ok(row.text(1)?.to_owned())
    })
}

/// Leaves that have a number: those that wait for the sealer are not counted.
pub fn sealed_leaves(connection: &mut dyn Connection, tenant: Tenant) -> Result<u64, StoreError> {
    Ok(load_frontier(connection, tenant)?.size())
}

/// Builds the frontier again from the sealed hashes.
pub fn rebuild_frontier(connection: &mut dyn Connection, tenant: Tenant) -> Result<(), StoreError> {
    let mut frontier = Frontier::new();
    connection.for_each(&SELECT_HASHES, &values![tenant], &mut |row| {
        frontier.append(hash(row.blob(0)?)?);
        Ok(())
    })?;
    if frontier.size() > 0 {
        store_frontier(connection, tenant, &frontier)?;
    }
    Ok(())
}

impl App {
    /// Seals every leaf that waits, in every tenant; says how many. `force` signs a checkpoint
    /// even where neither count nor time asks for one (a posting, a stop of the server).
    pub fn seal(&self, force: bool) -> Result<u64, Refusal> {
        let tenants = self.store().read(|c| tenants(c)).wait()?;
        let mut sealed = 0;
        for tenant in tenants {
            sealed += self.seal_tenant(tenant, force)?;
        }
        Ok(sealed)
    }

    fn seal_tenant(&self, tenant: Tenant, force: bool) -> Result<u64, Refusal> {
        let mut sealed = 0;
        loop {
            let count = self.seal_batch(tenant)?;
            sealed += count;
            if count < BATCH.unsigned_abs() {
                break;
            }
        }
        self.sign_checkpoint(tenant, force)?;
        Ok(sealed)
    }

    fn seal_batch(&self, tenant: Tenant) -> Result<u64, Refusal> {
        let sealed = self
            .store()
            .write(move |connection| seal(connection, tenant))
            .wait();
        sealed.map_err(|error: StoreError| error.into())
    }

    fn sign_checkpoint(&self, tenant: Tenant, force: bool) -> Result<(), Refusal> {
        let now = self.clock().now();
        let random = self.entropy().draw();
        let app = self.clone();
        let signed = self
            .store()
            .write(move |connection| -> Result<(), StoreError> {
                let frontier = load_frontier(connection, tenant)?;
                let last = last_checkpoint(connection, tenant)?;
                let (old_size, old_at) = last.map_or((0, Instant(i64::MIN)), |c| (c.size, c.at));
                let grown = frontier.size() - old_size;
                let waited = now.0.saturating_sub(old_at.0) >= CHECKPOINT_MS;
                if grown == 0 || !(force || waited || grown >= CHECKPOINT_LEAVES) {
                    return Ok(());
                }
                let checkpoint = journal::Checkpoint {
                    origin: app.keys().origin(tenant),
                    size: frontier.size(),
                    root: frontier.root(),
                };
                let note = checkpoint.sign(&app.keys().checkpoint_key());
                let mut bytes = [0; 10];
                bytes.copy_from_slice(&random[..10]);
                let id = CommandId(kernel::Id::new(now.0, bytes));
                let size = i64::try_from(frontier.size()).unwrap_or(i64::MAX);
                connection.execute(
                    &JOURNAL_CHECKPOINT.insert,
                    &values![tenant, size, id, now, note],
                )?;
                Ok(())
            });
        signed.wait().map_err(Refusal::from)
    }
}

fn seal(connection: &mut dyn Connection, tenant: Tenant) -> Result<u64, StoreError> {
    let pending = connection.all(&SELECT_PENDING, &values![tenant, BATCH], |row| {
        Ok((row.id::<CommandId>(0)?, leaf_hash(row.blob(1)?)))
    })?;
    if pending.is_empty() {
        return Ok(0);
    }
    let mut frontier = load_frontier(connection, tenant)?;
    let mut sealed = Vec::with_capacity(pending.len());
    let mut done = Vec::with_capacity(pending.len());
    for (command, hash) in &pending {
        let number = i64::try_from(frontier.size()).unwrap_or(i64::MAX);
        frontier.append(*hash);
        sealed.push(values![tenant, number, *command, hash.0].to_vec());
        done.push(values![tenant, *command].to_vec());
    }
    // Two sealers at once (two nodes on one PostgreSQL) meet at the primary key of the number:
    // the second one's transaction fails whole and finds nothing left to do when it comes again.
    connection.execute_many(&JOURNAL_SEALED.insert, &sealed)?;
    connection.execute_many(&DELETE_PENDING, &done)?;
    store_frontier(connection, tenant, &frontier)?;
    Ok(pending.len() as u64)
}

fn load_frontier(connection: &mut dyn Connection, tenant: Tenant) -> Result<Frontier, StoreError> {
    let bytes = connection.optional(&SELECT_FRONTIER, &values![tenant], |row| {
        Ok(row.blob(1)?.to_vec())
    })?;
    match bytes {
        None => Ok(Frontier::new()),
        Some(bytes) => Frontier::from_bytes(&bytes)
            .map_err(|_| StoreError::Bug("journal_frontier is damaged".to_owned())),
    }
}

fn store_frontier(
    connection: &mut dyn Connection,
    tenant: Tenant,
    frontier: &Frontier,
) -> Result<(), StoreError> {
    let size = i64::try_from(frontier.size()).unwrap_or(i64::MAX);
    connection.execute(
        &UPSERT_FRONTIER,
        &values![tenant, size, frontier.to_bytes()],
    )?;
    Ok(())
}

fn hash(bytes: &[u8]) -> Result<Hash256, StoreError> {
    let bytes = bytes
        .try_into()
        .map_err(|_| StoreError::Bug("a hash has 32 bytes".to_owned()))?;
    Ok(Hash256(bytes))
}
