//! Results as they are kept: provisional while a round is frozen, posted from then on; and the
//! same evaluation once more from the kept inputs, for explanations.

pub mod calculation;
pub(crate) mod compare_page;
pub mod compute;
pub(crate) mod dashboard;
pub(crate) mod dashboard_page;
pub(crate) mod explanation;
pub mod finalise;
pub(crate) mod lift_page;
pub mod packed;
pub(crate) mod past;
pub mod post;
pub(crate) mod posting;
pub(crate) mod ranking;
pub(crate) mod ranking_export;
pub mod recount;
pub(crate) mod score_notice;
pub(crate) mod score_sheet;
pub(crate) mod sight;

use std::sync::Arc;

use app::Refusal;
use kernel::{Decimal, Tenant};
use score::{Columns, Plan, Results};
use store::{Connection, Row, StoreError, values};

use crate::RoundId;
use crate::result::calculation::{Digests, ResultRow, kept_digests};
use crate::result::packed::Packed;
use crate::round::{self, Round, Subject};
use crate::scheme::layout::ranks_by_submission;
use crate::scheme::{self, SchemeVersion};
use crate::transition::RoundState;

store::statements! {
    /// The newest posted version of a round.
    SELECT_POSTED = concat!(
        "SELECT version, plan_digest, inputs_digest, results_digest, posted_from, posted_until, ",
        "provisional_calendar, command FROM posted_result WHERE tenant = $1 AND round = $2 ",
        "ORDER BY version DESC LIMIT 1"
    );
    /// One posted version of a round.
    SELECT_VERSION = concat!(
        "SELECT version, plan_digest, inputs_digest, results_digest, posted_from, posted_until, ",
        "provisional_calendar, command FROM posted_result WHERE tenant = $1 AND round = $2 ",
        "AND version = $3"
    );
    /// The lines of a posted version, without what was packed.
    SELECT_POSTED_LINES = concat!(
        "SELECT subject_no, score, grade, rank, rank_in_group FROM posted_row ",
        "WHERE tenant = $1 AND round = $2 AND version = $3 ORDER BY subject_no"
    );
    /// The lines of the provisional result, without what was packed.
    SELECT_PROVISIONAL_LINES = concat!(
        "SELECT subject_no, score, grade, rank, rank_in_group FROM provisional_row ",
        "WHERE tenant = $1 AND round = $2 ORDER BY subject_no"
    );
    /// One subject's whole row of a posted version.
    SELECT_POSTED_ROW = concat!(
        "SELECT subject_no, score, grade, rank, rank_in_group, packed FROM posted_row ",
        "WHERE tenant = $1 AND round = $2 AND version = $3 AND subject_no = $4"
    );
    /// One subject's whole row of the provisional result.
    SELECT_PROVISIONAL_ROW = concat!(
        "SELECT subject_no, score, grade, rank, rank_in_group, packed FROM provisional_row ",
        "WHERE tenant = $1 AND round = $2 AND subject_no = $3"
    );
    /// What was packed into a posted version.
    SELECT_POSTED_ROWS = concat!(
        "SELECT subject_no, score, grade, rank, rank_in_group, packed FROM posted_row ",
        "WHERE tenant = $1 AND round = $2 AND version = $3 ORDER BY subject_no"
    );
    /// What was packed into the provisional result.
    SELECT_PROVISIONAL_ROWS = concat!(
        "SELECT subject_no, score, grade, rank, rank_in_group, packed FROM provisional_row ",
        "WHERE tenant = $1 AND round = $2 ORDER BY subject_no"
    );
    /// When each subject submitted its last section.
    SELECT_SUBMITTED = concat!(
        "SELECT subject_no, max(at) FROM section_event ",
        "WHERE tenant = $1 AND round = $2 AND action = 'declare' GROUP BY subject_no ",
        "ORDER BY subject_no"
    );
}

/// Which result is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The posted version; none while the result is provisional.
    pub version: Option<i64>,
    /// Digests of what went in and what came out.
    pub digests: Digests,
    /// First and last day of the posting.
    pub posting: Option<(kernel::Day, kernel::Day)>,
    /// Whether the posting's last day counted a year whose days off are not yet known.
    pub provisional_calendar: bool,
    /// The command that posted it: its leaf is covered by a checkpoint.
    pub command: Option<kernel::CommandId>,
}

/// One subject's line of a result list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultLine {
    /// The subject's number.
    pub subject_no: i64,
    /// The score.
    pub score: Option<Decimal>,
    /// The grade's code.
    pub grade: Option<String>,
    /// Rank among all.
    pub rank: Option<i64>,
    /// Rank within the group.
    pub rank_in_group: Option<i64>,
}

fn read_line(row: &Row<'_>) -> Result<ResultLine, StoreError> {
    Ok(ResultLine {
        subject_no: row.int(0)?,
        score: row.optional_parse(1)?,
        grade: row.optional_text(2)?.map(str::to_owned),
        rank: row.optional_int(3)?,
        rank_in_group: row.optional_int(4)?,
    })
}

fn read_row(row: &Row<'_>) -> Result<ResultRow, StoreError> {
    let line = read_line(row)?;
    let packed = Packed::decode(row.blob(5)?)
        .map_err(|_| StoreError::Bug("a packed result does not read back".to_owned()))?;
    Ok(ResultRow {
        subject_no: line.subject_no,
        score: line.score,
        grade: line.grade,
        rank: line.rank,
        rank_in_group: line.rank_in_group,
        packed,
    })
}

fn read_shown(row: &Row<'_>) -> Result<Shown, StoreError> {
    Ok(Shown {
        version: Some(row.int(0)?),
        digests: Digests {
            plan: row.bytes(1)?,
            inputs: row.bytes(2)?,
            results: row.bytes(3)?,
        },
        posting: Some((row.day(4)?, row.day(5)?)),
        provisional_calendar: row.flag(6)?,
        command: Some(row.id(7)?),
    })
}

/// The result that a round shows now; none before it was computed.
pub fn shown(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: &Round,
) -> Result<Option<Shown>, StoreError> {
    match round.state {
        RoundState::Open => Ok(None),
        RoundState::Provisional => {
            let digests = kept_digests(connection, tenant, round.round)?;
            Ok(digests.map(|digests| Shown {
                version: None,
                digests,
                posting: None,
                provisional_calendar: false,
                command: None,
            }))
        }
        RoundState::Posted | RoundState::Finalised => {
            connection.optional(&SELECT_POSTED, &values![tenant, round.round], read_shown)
        }
    }
}

/// One posted version, also an older one.
pub fn version(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    version: i64,
) -> Result<Option<Shown>, StoreError> {
    let key = values![tenant, round, version];
    connection.optional(&SELECT_VERSION, &key, read_shown)
}

/// The lines of a result, by subject number.
pub fn lines(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    shown: &Shown,
) -> Result<Vec<ResultLine>, StoreError> {
    match shown.version {
        Some(version) => connection.all(
            &SELECT_POSTED_LINES,
            &values![tenant, round, version],
            read_line,
        ),
        None => connection.all(
            &SELECT_PROVISIONAL_LINES,
            &values![tenant, round],
            read_line,
        ),
    }
}

/// The whole rows of a result, by subject number.
pub fn rows(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    shown: &Shown,
) -> Result<Vec<ResultRow>, StoreError> {
    match shown.version {
        Some(version) => connection.all(
            &SELECT_POSTED_ROWS,
            &values![tenant, round, version],
            read_row,
        ),
        None => connection.all(&SELECT_PROVISIONAL_ROWS, &values![tenant, round], read_row),
    }
}

/// The whole row of one subject, by its number; none where the result does not have it.
pub fn row(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    shown: &Shown,
    subject_no: i64,
) -> Result<Option<ResultRow>, StoreError> {
    match shown.version {
        Some(version) => connection.optional(
            &SELECT_POSTED_ROW,
            &values![tenant, round, version, subject_no],
            read_row,
        ),
        None => connection.optional(
            &SELECT_PROVISIONAL_ROW,
            &values![tenant, round, subject_no],
            read_row,
        ),
    }
}

/// The evaluation of a kept result once more, from its kept inputs: what explanations read.
pub struct Replay {
    /// The scheme version.
    pub published: SchemeVersion,
    /// Its plan.
    pub plan: Arc<Plan>,
    /// What went in.
    pub columns: Columns,
    /// What came out, computed now.
    pub results: Results,
    /// Subjects, by number; positions are those of the columns.
    pub subjects: Vec<Subject>,
    /// The kept rows, by number.
    pub rows: Vec<ResultRow>,
}

impl Replay {
    /// Position of the subject that is this place.
    pub fn position(&self, place: kernel::PlaceId) -> Option<usize> {
        self.subjects
            .iter()
            .position(|subject| subject.place == place)
    }

    /// Whether what is computed now is what was kept, for one subject. Anything else means that
    /// the program or the database was changed.
    pub fn agrees(&self, position: usize) -> bool {
        let now = Packed::of(&self.plan, &self.columns, &self.results, position);
        self.rows.get(position).is_some_and(|row| row.packed == now)
    }
}

/// Evaluates a kept result once more.
pub fn replay(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: &Round,
    shown: &Shown,
) -> Result<Replay, Refusal> {
    let published = scheme::of_round(connection, tenant, round)?;
    let plan = scheme::plan(&published)?;
    let subjects = round::subjects(connection, tenant, round.round)?;
    let rows = rows(connection, tenant, round.round, shown)?;
    let submitted: std::collections::BTreeMap<i64, kernel::Instant> =
        if ranks_by_submission(plan.scheme()) {
            let key = values![tenant, round.round];
            let read = |row: &Row<'_>| Ok((row.int(0)?, row.instant(1)?));
            connection
                .all(&SELECT_SUBMITTED, &key, read)?
                .into_iter()
                .collect()
        } else {
            std::collections::BTreeMap::new()
        };
    let mut builder = Columns::builder(&plan);
    for (subject, row) in subjects.iter().zip(&rows) {
        let position = builder.subject(&subject.column_code(), subject.group.as_deref())?;
        if let Some(at) = submitted.get(&subject.subject_no) {
            builder.submitted(position, *at);
        }
        for (input, value) in row.packed.inputs.iter().enumerate() {
            if let Some(value) = value {
                builder.set(input, position, *value)?;
            }
        }
    }
    let columns = builder.finish();
    let (results, _) = score::evaluate(&plan, &columns);
    Ok(Replay {
        published,
        plan,
        columns,
        results,
        subjects,
        rows,
    })
}
