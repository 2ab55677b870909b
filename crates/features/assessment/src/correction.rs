//! Corrections of frozen values. A correction makes the next version of a posted result: all
//! dependants are computed anew, everybody whose figure, score, grade or rank moved is listed, and
//! the version before stays as it was. A finalised round never changes.

pub(crate) mod changes_page;
pub(crate) mod correct_page;
pub mod correct_round;

use std::collections::BTreeMap;

use app::{Door, Ref, Refusal};
use kernel::{Day, Finding, Instant, PersonId, Tenant, Term};
use serde_json::json;
use store::{Connection, Row, StoreError, Value, values};

use crate::result;
use crate::result::calculation::{self, ResultRow};
use crate::round::{self, Round, Subject};
use crate::schema::{CORRECTION, RESULT_MOVE};
use crate::section::cell::{self, NewValue};
use crate::section::value::Given;
use crate::transition::{RoundAct, RoundState, round_move};
use crate::{RoundId, result::post, round::advance, scheme, section::estimate};

store::statements! {
    DROP_RESULT = "DELETE FROM provisional_result WHERE tenant = $1 AND round = $2";
    DROP_ROWS = "DELETE FROM provisional_row WHERE tenant = $1 AND round = $2";
    COUNT_CORRECTIONS = "SELECT count(*) FROM correction WHERE tenant = $1 AND round = $2";
    SELECT_CORRECTIONS = concat!(
        "SELECT seq, version, subject_no, item_no, because_kind, because_id, before, after, ",
        "reason, person, at FROM correction WHERE tenant = $1 AND round = $2 ORDER BY seq"
    );
    SELECT_MOVES = concat!(
        "SELECT version, subject_no, own_figure, score_before, score_after, grade_before, ",
        "grade_after, rank_before, rank_after, group_rank_before, group_rank_after ",
        "FROM result_move WHERE tenant = $1 AND round = $2 ORDER BY version, subject_no"
    );
    /// The last version that concerned a subject: the first, or one that moved it.
    SELECT_WINDOW = concat!(
        "SELECT p.version, p.posted_from, p.posted_until FROM posted_result p ",
        "WHERE p.tenant = $1 AND p.round = $2 AND (p.version = 1 OR EXISTS (SELECT 1 ",
        "FROM result_move m WHERE m.tenant = $1 AND m.round = $2 AND m.version = p.version ",
        "AND m.subject_no = $3)) ORDER BY p.version DESC LIMIT 1"
    );
    /// The posted versions of a round, the oldest first.
    SELECT_VERSIONS = concat!(
        "SELECT version, posted_from, posted_until, at FROM posted_result ",
        "WHERE tenant = $1 AND round = $2 ORDER BY version"
    );
}

/// A posted version of a round's result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its number, from 1.
    pub version: i64,
    /// First day of its posting.
    pub from: Day,
    /// Last day of its posting.
    pub until: Day,
    /// When it was posted.
    pub at: Instant,
}

/// A correction as the record keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Position within the round, from 1.
    pub seq: i64,
    /// The posted version that it made; none while nothing was posted.
    pub version: Option<i64>,
    /// Whose value.
    pub subject_no: i64,
    /// Of which column.
    pub item_no: i64,
    /// The dispute or the appeal that found it wrong.
    pub because: Ref,
    /// What counted before; none where it was missing.
    pub before: Option<String>,
    /// What counts since; the same where nothing was to be corrected.
    pub after: Option<String>,
    /// Why.
    pub reason: String,
    /// By whom.
    pub person: Option<PersonId>,
    /// When.
    pub at: Instant,
}

/// A subject that a posted version moved against the version before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The version.
    pub version: i64,
    /// The subject.
    pub subject_no: i64,
    /// Whether one of its own figures was corrected; else it moved because others did.
    pub own_figure: bool,
    /// Score before and after.
    pub score: (Option<String>, Option<String>),
    /// Grade before and after.
    pub grade: (Option<String>, Option<String>),
    /// Rank before and after.
    pub rank: (Option<i64>, Option<i64>),
    /// Rank in the group before and after.
    pub rank_in_group: (Option<i64>, Option<i64>),
}

/// What a correction came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corrected {
    /// The round's revision.
    pub revision: i64,
    /// The posted version that it made; none while nothing was posted.
    pub version: Option<i64>,
    /// Everybody who moved.
    pub moves: Vec<Move>,
    /// Digest of the results.
    pub results: [u8; 32],
}

/// One value to be corrected, with what found it wrong.
pub(crate) struct Wrong<'a> {
    /// The new value; its kind is `corrected`.
    pub value: NewValue,
    /// The dispute or the appeal.
    pub because: &'a Ref,
}

/// Corrects frozen values of a round that is computed or posted.
///
/// The round moves first, so that two corrections meet at its row and nobody makes it final
/// meanwhile.
pub(crate) fn apply(
    door: &mut Door<'_>,
    round: &Round,
    wrong: &[Wrong<'_>],
) -> Result<Corrected, Refusal> {
    round_move(round.state, RoundAct::Correct)?;
    let (tenant, id) = (door.tenant(), round.round);
    let term = match round.state {
        RoundState::Posted => Some(
            scheme::calendar(door.app().packs(), round.pack.as_deref())
                .add_working_days(door.today(), round.posting_days),
        ),
        _ => None,
    };
    let until = term.map(|term| round.posted_until.map_or(term.day, |old| old.max(term.day)));
    let revision = advance::finish(door, round, RoundAct::Correct, until)?;
    let shown = result::shown(door.connection(), tenant, round)?
        .ok_or_else(|| Refusal::bug("a computed round without result"))?;
    let before = result::rows(door.connection(), tenant, id, &shown)?;

    let version = term.map(|_| shown.version.unwrap_or(0) + 1);
    correct_values(door, round, wrong, version)?;
    let material = calculation::material(door.connection(), tenant, round)?;
    material.as_shown(door.connection(), tenant, id)?;
    let plan = material.plan.clone();
    let calculation = calculation::calculate(material);
    if calculation.findings.iter().any(Finding::blocks) {
        return Err(calculation.findings.into());
    }
    door.connection()
        .execute(&DROP_RESULT, &values![tenant, id])?;
    door.connection()
        .execute(&DROP_ROWS, &values![tenant, id])?;
    calculation::keep(door.connection(), tenant, id, &calculation)?;
    let corrected = |subject: &Subject| {
        let of_subject = |wrong: &Wrong<'_>| wrong.value.subject_no == subject.subject_no;
        wrong.iter().any(of_subject)
    };
    let mut subjects = round::subjects(door.connection(), tenant, id)?;
    subjects.retain(corrected);
    estimate::renew(door, round, &plan, &subjects)?;
    let moves = moves(version.unwrap_or(0), &before, &calculation.rows);
    if let (Some(version), Some(term)) = (version, term) {
        publish(door, round, (version, term), &calculation, &moves)?;
    }
    Ok(Corrected {
        revision,
        version,
        moves,
        results: calculation.digests.results,
    })
}

fn publish(
    door: &mut Door<'_>,
    round: &Round,
    (version, term): (i64, Term),
    calculation: &calculation::Calculation,
    moves: &[Move],
) -> Result<(), Refusal> {
    post::append(door, round.round, version, term, calculation)?;
    let (tenant, command) = (door.tenant(), door.command());
    let rows: Vec<Vec<Value<'_>>> = moves
        .iter()
        .map(|moved| {
            Vec::from(values![
                tenant,
                round.round,
                version,
                moved.subject_no,
                command,
                moved.own_figure,
                moved.score.0.as_deref(),
                moved.score.1.as_deref(),
                moved.grade.0.as_deref(),
                moved.grade.1.as_deref(),
                moved.rank.0,
                moved.rank.1,
                moved.rank_in_group.0,
                moved.rank_in_group.1
            ])
        })
        .collect();
    door.append_many(&RESULT_MOVE, &rows)?;
    // The term of whoever moved begins with a checkpoint that covers the correction.
    door.cause("journal.checkpoint", &json!({ "round": round.round }))
}

/// Appends the corrected values to their cells and the corrections to the record.
fn correct_values(
    door: &mut Door<'_>,
    round: &Round,
    wrong: &[Wrong<'_>],
    version: Option<i64>,
) -> Result<(), Refusal> {
    let tenant = door.tenant();
    let mut cells = cell::of_round(door.connection(), tenant, round.round)?;
    for Wrong { value, because } in wrong {
        let before = cells
            .get(&(value.subject_no, value.item_no))
            .and_then(cell_counts);
        note(door, round.round, version, value, because, before.as_ref())?;
    }
    let values: Vec<NewValue> = wrong.iter().map(|wrong| wrong.value.clone()).collect();
    cell::append(door, round.round, &mut cells, &values)
}

fn cell_counts(cell: &crate::section::value::Cell) -> Option<Given> {
    cell.counts().map(|(_, given)| given.clone())
}

/// Appends one correction to the record; `before` is what counted.
pub(crate) fn note(
    door: &mut Door<'_>,
    round: RoundId,
    version: Option<i64>,
    value: &NewValue,
    because: &Ref,
    before: Option<&Given>,
) -> Result<(), Refusal> {
    let tenant = door.tenant();
    let seq = door
        .connection()
        .one(&COUNT_CORRECTIONS, &values![tenant, round], |row| {
            row.int(0)
        })?
        + 1;
    let number = |given: &Given| given.value().map(|value| value.to_string());
    let row = values![
        tenant,
        round,
        seq,
        door.command(),
        version,
        value.subject_no,
        value.item_no,
        because.kind.as_str(),
        because.id,
        before.and_then(number),
        number(&value.given),
        value.reason.as_deref().unwrap_or_default(),
        door.person(),
        door.now()
    ];
    door.append(&CORRECTION, &row)
}

/// Everybody whose figure, score, grade or rank differs between two results.
fn moves(version: i64, before: &[ResultRow], after: &[ResultRow]) -> Vec<Move> {
    let old: BTreeMap<i64, &ResultRow> = before.iter().map(|row| (row.subject_no, row)).collect();
    let text = |row: &ResultRow| row.score.map(|score| score.to_string());
    after
        .iter()
        .filter_map(|new| {
            let old = old.get(&new.subject_no)?;
            let moved = Move {
                version,
                subject_no: new.subject_no,
                own_figure: old.packed.inputs != new.packed.inputs,
                score: (text(old), text(new)),
                grade: (old.grade.clone(), new.grade.clone()),
                rank: (old.rank, new.rank),
                rank_in_group: (old.rank_in_group, new.rank_in_group),
            };
            let same = !moved.own_figure
                && moved.score.0 == moved.score.1
                && moved.grade.0 == moved.grade.1
                && moved.rank.0 == moved.rank.1
                && moved.rank_in_group.0 == moved.rank_in_group.1;
            (!same).then_some(moved)
        })
        .collect()
}

/// The corrections of a round, in order.
pub fn corrections(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
) -> Result<Vec<Correction>, StoreError> {
    connection.all(&SELECT_CORRECTIONS, &values![tenant, round], |row| {
        Ok(Correction {
            seq: row.int(0)?,
            version: row.optional_int(1)?,
            subject_no: row.int(2)?,
            item_no: row.int(3)?,
            because: Ref::new(row.text(4)?, row.id::<kernel::Id>(5)?),
            before: row.optional_text(6)?.map(str::to_owned),
            after: row.optional_text(7)?.map(str::to_owned),
            reason: row.text(8)?.to_owned(),
            person: row.optional_id(9)?,
            at: row.instant(10)?,
        })
    })
}

fn read_move(row: &Row<'_>) -> Result<Move, StoreError> {
    let text = |at| -> Result<Option<String>, StoreError> {
        Ok(row.optional_text(at)?.map(str::to_owned))
    };
    Ok(Move {
        version: row.int(0)?,
        subject_no: row.int(1)?,
        own_figure: row.flag(2)?,
        score: (text(3)?, text(4)?),
        grade: (text(5)?, text(6)?),
        rank: (row.optional_int(7)?, row.optional_int(8)?),
        rank_in_group: (row.optional_int(9)?, row.optional_int(10)?),
    })
}

/// Whom the corrected versions of a round moved, by version and subject.
pub fn moves_of(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
) -> Result<Vec<Move>, StoreError> {
    connection.all(&SELECT_MOVES, &values![tenant, round], read_move)
}

/// The posted versions of a round, the oldest first.
pub fn versions(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
) -> Result<Vec<Version>, StoreError> {
    connection.all(&SELECT_VERSIONS, &values![tenant, round], |row| {
        Ok(Version {
            version: row.int(0)?,
            from: row.day(1)?,
            until: row.day(2)?,
            at: row.instant(3)?,
        })
    })
}

/// The posting that concerns a subject now: of the first version, or of the last that moved it.
pub fn window(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    subject_no: i64,
) -> Result<Option<(i64, Day, Day)>, StoreError> {
    connection.optional(&SELECT_WINDOW, &values![tenant, round, subject_no], |row| {
        Ok((row.int(0)?, row.day(1)?, row.day(2)?))
    })
}
