//! From values to results: one evaluation of a round's plan, with digests of what went in and
//! what came out.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use app::Refusal;
use kernel::{Decimal, Finding, Instant, Tenant};
use score::{Choice, Columns, Moment, Plan, Results};
use sha2::{Digest, Sha256};
use store::{Connection, StoreError, Value, values};

use crate::RoundId;
use crate::result::packed::Packed;
use crate::round::{self, Round, RoundItem, Subject};
use crate::scheme::{self, SchemeVersion};
use crate::section::cell::{self, Cells};
use crate::transition::RoundState;

store::statements! {
    /// When each subject submitted its last section.
    SELECT_SUBMITTED = concat!(
        "SELECT subject_no, max(at) FROM section_event ",
        "WHERE tenant = $1 AND round = $2 AND action = 'declare' GROUP BY subject_no ",
        "ORDER BY subject_no"
    );
    INSERT_RESULT = concat!(
        "INSERT INTO provisional_result (tenant, round, plan_digest, inputs_digest, ",
        "results_digest) VALUES ($1, $2, $3, $4, $5)"
    );
    INSERT_ROW = concat!(
        "INSERT INTO provisional_row (tenant, round, subject_no, score, grade, rank, ",
        "rank_in_group, packed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    );
    SELECT_RESULT = concat!(
        "SELECT plan_digest, inputs_digest, results_digest FROM provisional_result ",
        "WHERE tenant = $1 AND round = $2"
    );
    SELECT_COMPUTED =
        "SELECT round FROM round_state WHERE tenant = $1 AND state <> 'open' ORDER BY round";
}

/// Digests of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digests {
    /// Of what the scheme says.
    pub plan: [u8; 32],
    /// Of every subject's inputs.
    pub inputs: [u8; 32],
    /// Of every subject's results.
    pub results: [u8; 32],
}

/// One subject's result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultRow {
    /// The subject's number.
    pub subject_no: i64,
    /// The score; none where a missing value holds it.
    pub score: Option<Decimal>,
    /// The grade's code.
    pub grade: Option<String>,
    /// Rank among all.
    pub rank: Option<i64>,
    /// Rank within the group.
    pub rank_in_group: Option<i64>,
    /// Inputs and results of every node.
    pub packed: Packed,
}

impl ResultRow {
    /// The mark that a node counts, by its position in the scheme; none where a missing value
    /// holds it.
    pub fn counted(&self, node: usize) -> Option<Decimal> {
        self.packed.nodes.get(node)?.counted()
    }

    /// What a node lacks to its full mark; none where it lacks nothing or has no mark.
    pub fn lost(&self, scheme: &score::Scheme, node: usize) -> Option<Decimal> {
        let lost = scheme.nodes[node].full.sub(self.counted(node)?).ok()?;
        (lost.signum() > 0).then_some(lost)
    }
}

/// A whole evaluation.
pub struct Calculation {
    /// What was evaluated.
    pub plan: Arc<Plan>,
    /// What went in.
    pub columns: Columns,
    /// What came out.
    pub results: Results,
    /// What the engine has to say; blocking ones name subjects without score.
    pub findings: Vec<Finding>,
    /// One per subject, by number.
    pub rows: Vec<ResultRow>,
    /// Digests.
    pub digests: Digests,
}

/// What an evaluation needs of a round.
pub struct Material {
    /// The scheme version.
    pub published: SchemeVersion,
    /// Its plan.
    pub plan: Arc<Plan>,
    /// Subjects, by number.
    pub subjects: Vec<Subject>,
    /// Columns, by number.
    pub items: Vec<RoundItem>,
    /// What holds of each cell.
    pub cells: Cells,
    /// When each subject submitted last.
    pub submitted: BTreeMap<i64, Instant>,
}

/// Reads what an evaluation needs.
pub fn material(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: &Round,
) -> Result<Material, Refusal> {
    let cells = cell::said(connection, tenant, round.round)?;
    material_with(connection, tenant, round, cells)
}

/// The same as it was when a version of the result was posted.
pub fn material_of_version(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: &Round,
    version: i64,
) -> Result<Material, Refusal> {
    let cells = cell::said_for_version(connection, tenant, round.round, version)?;
    material_with(connection, tenant, round, cells)
}

fn material_with(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: &Round,
    cells: Cells,
) -> Result<Material, Refusal> {
    let published = scheme::of_round(connection, tenant, round)?;
    let submitted = connection.all(&SELECT_SUBMITTED, &values![tenant, round.round], |row| {
        Ok((row.int(0)?, row.instant(1)?))
    })?;
    Ok(Material {
        plan: scheme::plan(&published)?,
        published,
        subjects: round::subjects(connection, tenant, round.round)?,
        items: round::items(connection, tenant, round.round)?,
        cells,
        submitted: submitted.into_iter().collect(),
    })
}

impl Material {
    /// Refuses where a page shows another value than the record holds: somebody changed a derived
    /// row behind the program's back, and people have decided by what they saw.
    pub fn as_shown(
        &self,
        connection: &mut dyn Connection,
        tenant: Tenant,
        round: RoundId,
    ) -> Result<(), Refusal> {
        let different = cell::first_difference(connection, tenant, round, &self.cells)?;
        let Some((subject_no, item_no)) = different else {
            return Ok(());
        };
        let subject = self.subjects.iter().find(|s| s.subject_no == subject_no);
        let item = self.items.iter().find(|item| item.item_no == item_no);
        Err(Finding::error("cells-not-as-recorded")
            .arg("village", subject.map_or("", Subject::shown_name))
            .arg("item", item.map_or("", |item| item.code.as_str()))
            .into())
    }
}

/// The columns of an evaluation; findings name values that the scheme does not believe.
pub fn columns(
    plan: &Plan,
    subjects: &[Subject],
    items: &[RoundItem],
    cells: &Cells,
    submitted: &BTreeMap<i64, Instant>,
) -> (Columns, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut builder = Columns::builder(plan);
    let own: HashMap<&str, i64> = items
        .iter()
        .filter(|item| item.moment == Moment::Period.word())
        .map(|item| (item.code.as_str(), item.item_no))
        .collect();
    for subject in subjects {
        let code = subject.column_code();
        let position = match builder.subject(&code, subject.group.as_deref()) {
            Ok(position) => position,
            Err(finding) => {
                findings.push(finding);
                continue;
            }
        };
        if let Some(at) = submitted.get(&subject.subject_no) {
            builder.submitted(position, *at);
        }
        for (input, item) in items.iter().take(plan.inputs().len()).enumerate() {
            let cell = |item_no: i64| cells.get(&(subject.subject_no, item_no));
            let value = if item.moment == Moment::Declared.word() {
                let own = own.get(item.code.as_str());
                let declared = own
                    .and_then(|own| cell(*own))
                    .and_then(|cell| cell.declared.as_ref());
                declared.and_then(crate::section::value::Given::value)
            } else {
                cell(item.item_no).and_then(crate::section::value::Cell::value)
            };
            if let Some(value) = value
                && let Err(finding) = builder.set(input, position, value)
            {
                findings.push(finding);
            }
        }
    }
    (builder.finish(), findings)
}

/// Evaluates a round's plan over what holds now.
pub fn calculate(material: Material) -> Calculation {
    let Material {
        published,
        plan,
        subjects,
        items,
        cells,
        submitted,
    } = material;
    let (columns, mut findings) = columns(&plan, &subjects, &items, &cells, &submitted);
    let (results, said) = score::evaluate(&plan, &columns);
    findings.extend(said);
    let rows: Vec<ResultRow> = subjects
        .iter()
        .enumerate()
        .take(columns.len())
        .map(|(position, subject)| row(&plan, &columns, &results, position, subject.subject_no))
        .collect();
    let digests = digests(published.digest, &rows, &subjects);
    Calculation {
        plan,
        columns,
        results,
        findings,
        rows,
        digests,
    }
}

fn row(
    plan: &Plan,
    columns: &Columns,
    results: &Results,
    position: usize,
    subject_no: i64,
) -> ResultRow {
    let scheme = plan.scheme();
    let grade = results.grade(position).and_then(|grade| {
        let bands = &scheme.grade.as_ref()?.bands;
        bands.get(grade).map(|band| band.code.clone())
    });
    ResultRow {
        subject_no,
        score: results.score(position).counted(),
        grade,
        rank: results.rank(position).map(i64::from),
        rank_in_group: results.rank_in_group(position).map(i64::from),
        packed: Packed::of(plan, columns, results, position),
    }
}

fn digests(plan: [u8; 32], rows: &[ResultRow], subjects: &[Subject]) -> Digests {
    let (mut inputs, mut results) = (Sha256::new(), Sha256::new());
    inputs.update(b"xingcun.inputs.v1");
    results.update(b"xingcun.results.v1");
    for (row, subject) in rows.iter().zip(subjects) {
        let number = row.subject_no.to_be_bytes();
        inputs.update(number);
        inputs.update(subject.place.0.as_bytes());
        put(&mut inputs, &row.packed.encode_inputs());
        results.update(number);
        let text = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
        put(
            &mut results,
            text(row.score.map(|score| score.to_string())).as_bytes(),
        );
        put(&mut results, text(row.grade.clone()).as_bytes());
        put(
            &mut results,
            text(row.rank.map(|rank| rank.to_string())).as_bytes(),
        );
        put(
            &mut results,
            text(row.rank_in_group.map(|rank| rank.to_string())).as_bytes(),
        );
        put(&mut results, &row.packed.encode_results());
    }
    Digests {
        plan,
        inputs: inputs.finalize().into(),
        results: results.finalize().into(),
    }
}

fn put(hash: &mut Sha256, part: &[u8]) {
    hash.update((part.len() as u64).to_be_bytes());
    hash.update(part);
}

/// Keeps a calculation as the round's provisional result.
pub(crate) fn keep(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
    calculation: &Calculation,
) -> Result<(), StoreError> {
    let digests = calculation.digests;
    let result = values![tenant, round, digests.plan, digests.inputs, digests.results];
    connection.execute(&INSERT_RESULT, &result)?;
    let rows: Vec<Vec<Value<'_>>> = calculation
        .rows
        .iter()
        .map(|row| {
            Vec::from(values![
                tenant,
                round,
                row.subject_no,
                row.score.map(|score| score.to_string()),
                row.grade.as_deref(),
                row.rank,
                row.rank_in_group,
                row.packed.encode()
            ])
        })
        .collect();
    connection.execute_many(&INSERT_ROW, &rows)?;
    Ok(())
}

/// The digests of a round's provisional result.
pub fn kept_digests(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
) -> Result<Option<Digests>, StoreError> {
    connection.optional(&SELECT_RESULT, &values![tenant, round], |row| {
        Ok(Digests {
            plan: row.bytes(0)?,
            inputs: row.bytes(1)?,
            results: row.bytes(2)?,
        })
    })
}

/// Fills the provisional tables from the record, for every round that was computed.
pub(crate) fn rebuild(connection: &mut dyn Connection, tenant: Tenant) -> Result<(), StoreError> {
    let computed: Vec<RoundId> =
        connection.all(&SELECT_COMPUTED, &values![tenant], |row| row.id(0))?;
    for round in computed {
        let found = round::get(connection, tenant, round)?;
        let Some(found) = found.filter(|round| round.state != RoundState::Open) else {
            continue;
        };
        let material =
            material(connection, tenant, &found).map_err(|refusal| rebuild_failed(&refusal))?;
        keep(connection, tenant, round, &calculate(material))?;
    }
    Ok(())
}

pub(crate) fn rebuild_failed(refusal: &Refusal) -> StoreError {
    StoreError::Bug(refusal.to_string())
}
