//! Published schemes: versions are frozen; a round keeps the one it began with.

pub(crate) mod declared_measures;
pub mod layout;
pub(crate) mod publish_page;
pub mod publish_scheme;
pub(crate) mod scheme_page;
pub mod situation;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use app::Refusal;
use kernel::{Instant, PersonId, PlaceId, Tenant, WorkCalendar};
use packs::Library;
use score::Plan;
use store::{Connection, Row, StoreError, values};

use crate::SchemeId;
use crate::round::Round;

store::statements! {
    /// One version of a scheme.
    SELECT_VERSION = concat!(
        "SELECT scheme, version, code, pack, pack_version, path, title_zh, title_en, text, ",
        "digest, published_at, person, place FROM scheme_version ",
        "WHERE tenant = $1 AND scheme = $2 AND version = $3"
    );
    /// The digest of one version's text.
    SELECT_DIGEST = concat!(
        "SELECT digest FROM scheme_version ",
        "WHERE tenant = $1 AND scheme = $2 AND version = $3"
    );
    /// The newest version of the scheme of a code.
    SELECT_LATEST_BY_CODE = concat!(
        "SELECT scheme, version, code, pack, pack_version, path, title_zh, title_en, text, ",
        "digest, published_at, person, place FROM scheme_version ",
        "WHERE tenant = $1 AND code = $2 ORDER BY version DESC LIMIT 1"
    );
    /// The newest version of a scheme.
    SELECT_LATEST = concat!(
        "SELECT scheme, version, code, pack, pack_version, path, title_zh, title_en, text, ",
        "digest, published_at, person, place FROM scheme_version ",
        "WHERE tenant = $1 AND scheme = $2 ORDER BY version DESC LIMIT 1"
    );
    /// Every version of every scheme, newest first.
    SELECT_ALL = concat!(
        "SELECT scheme, version, code, pack, pack_version, path, title_zh, title_en, text, ",
        "digest, published_at, person, place FROM scheme_version ",
        "WHERE tenant = $1 ORDER BY published_at DESC, code, version DESC"
    );
}

/// A published version of a scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemeVersion {
    /// Which scheme.
    pub scheme: SchemeId,
    /// Which version, from 1.
    pub version: i64,
    /// The place whose office publishes it; it is read there, below and above.
    pub place: PlaceId,
    /// The scheme's code, stable over versions.
    pub code: String,
    /// The pack that it came from, where it came from one.
    pub pack: Option<String>,
    /// The pack's version then.
    pub pack_version: Option<String>,
    /// The file, for findings.
    pub path: String,
    /// Chinese name.
    pub title_zh: String,
    /// English name.
    pub title_en: String,
    /// Its whole text.
    pub text: String,
    /// Digest of what the text says (see `packs::Frozen`).
    pub digest: [u8; 32],
    /// When it was published.
    pub published_at: Instant,
    /// By whom.
    pub person: Option<PersonId>,
}

fn read(row: &Row<'_>) -> Result<SchemeVersion, StoreError> {
    Ok(SchemeVersion {
        scheme: row.id(0)?,
        version: row.int(1)?,
        code: row.text(2)?.to_owned(),
        pack: row.optional_text(3)?.map(str::to_owned),
        pack_version: row.optional_text(4)?.map(str::to_owned),
        path: row.text(5)?.to_owned(),
        title_zh: row.text(6)?.to_owned(),
        title_en: row.text(7)?.to_owned(),
        text: row.text(8)?.to_owned(),
        digest: row.bytes(9)?,
        published_at: row.instant(10)?,
        person: row.optional_id(11)?,
        place: row.id(12)?,
    })
}

/// One version of a scheme.
pub fn version(
    connection: &mut dyn Connection,
    tenant: Tenant,
    scheme: SchemeId,
    version: i64,
) -> Result<Option<SchemeVersion>, StoreError> {
    connection.optional(&SELECT_VERSION, &values![tenant, scheme, version], read)
}

/// The version by which a round is scored.
pub fn of_round(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: &Round,
) -> Result<SchemeVersion, Refusal> {
    version(connection, tenant, round.scheme, round.scheme_version)?
        .ok_or_else(|| Refusal::bug("a round without its scheme"))
}

/// The newest version of a scheme.
pub fn latest(
    connection: &mut dyn Connection,
    tenant: Tenant,
    scheme: SchemeId,
) -> Result<Option<SchemeVersion>, StoreError> {
    connection.optional(&SELECT_LATEST, &values![tenant, scheme], read)
}

/// The newest version of the scheme of a code.
pub fn latest_by_code(
    connection: &mut dyn Connection,
    tenant: Tenant,
    code: &str,
) -> Result<Option<SchemeVersion>, StoreError> {
    connection.optional(&SELECT_LATEST_BY_CODE, &values![tenant, code], read)
}

/// Every version of every scheme, newest first.
pub fn all(
    connection: &mut dyn Connection,
    tenant: Tenant,
) -> Result<Vec<SchemeVersion>, StoreError> {
    connection.all(&SELECT_ALL, &values![tenant], read)
}

/// The plan of a published version. It compiled when it was published; that it no longer does is
/// a defect of the program, which must read old schemes for ever.
///
/// Plans are kept by the digest of their text, because every step of every section needs one.
pub fn plan(published: &SchemeVersion) -> Result<Arc<Plan>, Refusal> {
    if let Some(plan) = kept_plan(&published.digest) {
        return Ok(plan);
    }
    let (scheme, _) = score::parse(&published.path, &published.text);
    let plan = scheme.and_then(|scheme| score::compile(&scheme).0);
    let plan = plan.ok_or_else(|| Refusal::bug("a published scheme no longer compiles"))?;
    let plan = Arc::new(plan);
    let mut plans = plans();
    if plans.len() >= PLANS_MAX {
        plans.clear();
    }
    plans.insert(published.digest, Arc::clone(&plan));
    Ok(plan)
}

/// Plans by the digest of the text from which they were compiled.
type Plans = BTreeMap<[u8; 32], Arc<Plan>>;

fn plans() -> MutexGuard<'static, Plans> {
    static PLANS: Mutex<Plans> = Mutex::new(BTreeMap::new());
    PLANS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn kept_plan(digest: &[u8; 32]) -> Option<Arc<Plan>> {
    plans().get(digest).map(Arc::clone)
}

/// The plan by which a round is scored. Its scheme's text is read only where no plan of it is kept.
pub fn plan_of_round(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: &Round,
) -> Result<Arc<Plan>, Refusal> {
    let key = values![tenant, round.scheme, round.scheme_version];
    let digest = connection.optional(&SELECT_DIGEST, &key, |row| row.bytes::<32>(0))?;
    if let Some(plan) = digest.and_then(|digest| kept_plan(&digest)) {
        return Ok(plan);
    }
    plan(&of_round(connection, tenant, round)?)
}

/// How many plans are kept; a county has a handful of schemes in use.
const PLANS_MAX: usize = 64;

/// The working-day calendar of a pack of the installation and those it extends; without one, that
/// of the pack `base`.
pub fn calendar(library: &Library, pack: Option<&str>) -> WorkCalendar {
    let resolved = pack
        .and_then(|pack| library.resolve(pack).ok())
        .or_else(|| library.resolve("base").ok());
    let years: Vec<_> = resolved
        .iter()
        .flat_map(packs::Resolved::calendars)
        .map(|file| file.data.clone())
        .collect();
    // The pack's check reports findings; a year without notice counts weekends and says so.
    WorkCalendar::build(&years).0
}
