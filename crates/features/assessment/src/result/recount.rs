//! Every posted result computed once more from the record: the values as they were said, the
//! round's own copies and the scheme version that it kept. What was posted is never changed; where
//! it is not what comes out, this says so.

use std::collections::BTreeMap;

use app::{Recount, Recounted, Refusal};
use kernel::Tenant;
use store::{Connection, StoreError, values};

use crate::RoundId;
use crate::result::calculation::{self, Calculation, ResultRow};
use crate::result::{self, Shown};
use crate::round::{self, Round, Subject};

store::statements! {
    /// Every posted version of every round.
    SELECT_POSTED = "SELECT round, version FROM posted_result WHERE tenant = $1 ORDER BY round, version";
}

/// For `xingcun rebuild`.
pub(crate) const RECOUNT: Recount = Recount {
    table: "posted_result",
    run: recount,
};

/// Compares every posted result with what comes out now.
pub fn recount(connection: &mut dyn Connection, tenant: Tenant) -> Result<Recounted, Refusal> {
    let posted = connection.all(&SELECT_POSTED, &values![tenant], |row| {
        Ok((row.id::<RoundId>(0)?, row.int(1)?))
    })?;
    let mut recounted = Recounted::default();
    for (id, version) in posted {
        let round = round::get(connection, tenant, id)?;
        let shown = result::version(connection, tenant, id, version)?;
        let (Some(round), Some(shown)) = (round, shown) else {
            return Err(Refusal::bug("a posted result without its round"));
        };
        recounted.compared += 1;
        let differing = differences(connection, tenant, &round, &shown)?;
        recounted.differing.extend(differing);
    }
    Ok(recounted)
}

/// Whose line is another one: round, version and name; or round and version alone, where every
/// line agrees and only a digest does not.
fn differences(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: &Round,
    shown: &Shown,
) -> Result<Vec<String>, Refusal> {
    let version = shown.version.unwrap_or_default();
    let title = format!("{} {} v{version}", round.place_name, round.period);
    let material = calculation::material_of_version(connection, tenant, round, version)?;
    let subjects = material.subjects.clone();
    let now = calculation::calculate(material);
    let kept = match result::rows(connection, tenant, round.round, shown) {
        Ok(kept) => kept,
        // A packed line that was changed may not read back at all.
        Err(StoreError::Bug(_)) => return Ok(vec![title]),
        Err(error) => return Err(error.into()),
    };
    let mut found: Vec<String> = names(&subjects, &now, &kept)
        .into_iter()
        .map(|name| format!("{title} {name}"))
        .collect();
    if found.is_empty() && now.digests != shown.digests {
        found.push(title);
    }
    Ok(found)
}

fn names(subjects: &[Subject], now: &Calculation, kept: &[ResultRow]) -> Vec<String> {
    let kept: BTreeMap<i64, &ResultRow> = kept.iter().map(|row| (row.subject_no, row)).collect();
    let now: BTreeMap<i64, &ResultRow> = now.rows.iter().map(|row| (row.subject_no, row)).collect();
    let other = |subject: &&Subject| kept.get(&subject.subject_no) != now.get(&subject.subject_no);
    let differing = subjects.iter().filter(other);
    differing
        .map(|subject| subject.shown_name().to_owned())
        .collect()
}
