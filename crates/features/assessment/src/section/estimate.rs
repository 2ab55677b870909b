//! The running estimate: what a subject's present values would score by themselves, whatever
//! stage they are at. It has no rank, and rules that look at others see only this subject.

use std::collections::{BTreeMap, BTreeSet};

use app::{Door, Refusal};
use kernel::{Decimal, Tenant};
use score::Plan;
use store::{Connection, StoreError, Value, values};

use crate::RoundId;
use crate::round::{self, Round, RoundItem, Subject};
use crate::section::cell::{self, Cells};
use crate::{result::calculation, scheme};

store::statements! {
    /// Writes a subject's estimate.
    PUT_ESTIMATE = concat!(
        "INSERT INTO estimate (tenant, round, subject_no, score, answered) ",
        "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, round, subject_no) DO UPDATE SET ",
        "score = excluded.score, answered = excluded.answered"
    );
    /// Every round, for the rebuild.
    SELECT_ROUNDS = "SELECT round FROM round WHERE tenant = $1 ORDER BY round";
    /// A subject's estimate.
    SELECT_ESTIMATE = concat!(
        "SELECT score, answered FROM estimate ",
        "WHERE tenant = $1 AND round = $2 AND subject_no = $3"
    );
}

/// An estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// The score, where the scheme gives one for so few values.
    pub score: Option<Decimal>,
    /// How many columns have a value.
    pub answered: i64,
}

/// The estimate of one subject from its cells.
pub fn of(plan: &Plan, subject: &Subject, items: &[RoundItem], cells: &Cells) -> Estimate {
    let subjects = std::slice::from_ref(subject);
    let (columns, _) = calculation::columns(plan, subjects, items, cells, &BTreeMap::new());
    let (results, _) = score::evaluate(plan, &columns);
    let score = if columns.is_empty() {
        None
    } else {
        results.score(0).counted()
    };
    // Events are counted for everybody: nobody answered them.
    let asked: BTreeSet<i64> = items
        .iter()
        .filter(|item| item.section_no != round::NO_SECTION)
        .map(|item| item.item_no)
        .collect();
    let own = |key: &(i64, i64)| key.0 == subject.subject_no && asked.contains(&key.1);
    let answered = cells
        .iter()
        .filter(|(key, cell)| own(key) && cell.value().is_some())
        .count();
    Estimate {
        score,
        answered: i64::try_from(answered).unwrap_or(i64::MAX),
    }
}

/// The estimate as it was kept.
pub fn kept(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    subject_no: i64,
) -> Result<Option<Estimate>, StoreError> {
    connection.optional(
        &SELECT_ESTIMATE,
        &values![tenant, round, subject_no],
        |row| {
            Ok(Estimate {
                score: row.optional_parse(0)?,
                answered: row.int(1)?,
            })
        },
    )
}

/// Computes and keeps the estimates of these subjects, after their values moved.
pub(crate) fn renew(
    door: &mut Door<'_>,
    round: &Round,
    plan: &Plan,
    subjects: &[Subject],
) -> Result<(), Refusal> {
    let tenant = door.tenant();
    let connection = door.connection();
    let items = round::items(connection, tenant, round.round)?;
    for subject in subjects {
        let number = subject.subject_no;
        let cells = cell::of_subject(connection, tenant, round.round, number)?;
        let estimate = of(plan, subject, &items, &cells);
        keep(connection, tenant, round.round, number, estimate)?;
    }
    Ok(())
}

/// Keeps the estimate of one subject.
pub(crate) fn keep(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    subject_no: i64,
    estimate: Estimate,
) -> Result<(), StoreError> {
    let row = put_row(tenant, round, subject_no, estimate);
    connection.execute(&PUT_ESTIMATE, &row)?;
    Ok(())
}

/// Computes and keeps the estimates of all subjects of a round.
pub(crate) fn renew_all(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: &Round,
    plan: &Plan,
) -> Result<(), StoreError> {
    let subjects = round::subjects(connection, tenant, round.round)?;
    let items = round::items(connection, tenant, round.round)?;
    let cells = cell::of_round(connection, tenant, round.round)?;
    let rows: Vec<_> = subjects
        .iter()
        .map(|subject| {
            let number = subject.subject_no;
            let own: Cells = cells
                .range((number, i64::MIN)..=(number, i64::MAX))
                .map(|(key, cell)| (*key, cell.clone()))
                .collect();
            put_row(tenant, round.round, number, of(plan, subject, &items, &own))
        })
        .collect();
    connection.execute_many(&PUT_ESTIMATE, &rows)?;
    Ok(())
}

fn put_row(
    tenant: Tenant,
    round: RoundId,
    subject_no: i64,
    estimate: Estimate,
) -> Vec<Value<'static>> {
    let score = estimate.score.map(|score| score.to_string());
    values![tenant, round, subject_no, score, estimate.answered].into()
}

/// Fills the table `estimate` from cells and schemes.
pub(crate) fn rebuild(connection: &mut dyn Connection, tenant: Tenant) -> Result<(), StoreError> {
    let rounds: Vec<RoundId> = connection.all(&SELECT_ROUNDS, &values![tenant], |row| row.id(0))?;
    for round in rounds {
        let Some(round) = round::get(connection, tenant, round)? else {
            continue;
        };
        let (id, version) = (round.scheme, round.scheme_version);
        let Some(published) = scheme::version(connection, tenant, id, version)? else {
            continue;
        };
        let plan =
            scheme::plan(&published).map_err(|refusal| calculation::rebuild_failed(&refusal))?;
        renew_all(connection, tenant, &round, &plan)?;
    }
    Ok(())
}
