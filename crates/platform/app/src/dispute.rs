//! 数据不对？ A dispute: somebody says that a measure is wrong, with a claim and evidence; it goes
//! to the measure's owner. The value itself changes only where its owner corrects it.

use std::collections::HashSet;

use access::{Action, Involved};
use kernel::{Decimal, Finding, Instant, PersonId, PlaceId, Tenant};
use serde::{Deserialize, Serialize};
use store::{Connection, StoreError, values};
use utoipa::ToSchema;

use crate::{
    Command, Door, Event, FileHash, Guard, GuardQuestion, PanelArg, PanelItem, PanelQuestion,
    Refusal, panel::PANEL_ITEMS_MAX,
};

kernel::id_types! {
    /// A dispute about one measure of one subject in one period.
    DisputeId
}
store::id_values! { DisputeId }

store::record! {
    /// What was said in a dispute: filed once, answered once.
    pub DISPUTE_EVENT = dispute_event(
        tenant, dispute, step, command, kind, measure, subject, period, claim, reason, evidence,
        person, at
    ) key(tenant, dispute, step);
}

store::statements! {
    /// Whether evidence of a dispute is this file.
    pub(crate) NAMES_FILE = "SELECT dispute FROM dispute_event \
        WHERE tenant = $1 AND evidence = $2 LIMIT 1";
    UPSERT_CURRENT = "INSERT INTO dispute_current \
        (tenant, dispute, state, measure, subject, period, claim, reason, evidence, filed_by, \
         filed_at, answered_by, answered_at, answer) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
        ON CONFLICT (tenant, dispute) DO UPDATE SET state = excluded.state, \
        answered_by = excluded.answered_by, answered_at = excluded.answered_at, \
        answer = excluded.answer WHERE dispute_current.state = 'open'";
    SELECT_ONE = "SELECT dispute, state, measure, subject, period, claim, reason, evidence, \
        filed_by, filed_at, answered_by, answered_at, answer FROM dispute_current \
        WHERE tenant = $1 AND dispute = $2";
    SELECT_OPEN_SAME = "SELECT dispute FROM dispute_current WHERE tenant = $1 AND measure = $2 \
        AND subject = $3 AND period = $4 AND state = 'open' LIMIT 1";
    SELECT_OF_SUBJECT = "SELECT dispute, state, measure, subject, period, claim, reason, \
        evidence, filed_by, filed_at, answered_by, answered_at, answer FROM dispute_current \
        WHERE tenant = $1 AND subject = $2 ORDER BY filed_at DESC, dispute LIMIT 200";
    SELECT_OPEN_OF_PERIOD = "SELECT measure, subject, filed_at FROM dispute_current \
        WHERE tenant = $1 AND state = 'open' AND period = $2 ORDER BY filed_at, dispute";
    SELECT_OPEN_IN_SCOPE = concat!(
        "SELECT dispute, state, measure, subject, period, claim, reason, evidence, filed_by, \
         filed_at, answered_by, answered_at, answer FROM dispute_current \
         WHERE tenant = $1 AND state = 'open' AND ",
        access::in_scope!("dispute_current.subject", "$1", "$2", "$3", "$4"),
        " ORDER BY filed_at, dispute LIMIT 200"
    );
    SELECT_EVENTS = "SELECT dispute, step, kind, measure, subject, period, claim, reason, \
        evidence, person, at FROM dispute_event WHERE tenant = $1 ORDER BY dispute, step";
}

/// Where a dispute stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DisputeState {
    /// Waits for the owner.
    Open,
    /// The owner agrees; the owner corrects the value in its own book.
    Upheld,
    /// The owner does not agree, with a reason.
    Rejected,
}

impl DisputeState {
    /// The name in the database.
    pub fn name(self) -> &'static str {
        match self {
            DisputeState::Open => "open",
            DisputeState::Upheld => "upheld",
            DisputeState::Rejected => "rejected",
        }
    }

    fn read(name: &str) -> Result<DisputeState, StoreError> {
        [
            DisputeState::Open,
            DisputeState::Upheld,
            DisputeState::Rejected,
        ]
        .into_iter()
        .find(|state| state.name() == name)
        .ok_or_else(|| StoreError::Bug("a state of a dispute that nobody knows".to_owned()))
    }
}

/// A dispute as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispute {
    /// Its id.
    pub dispute: DisputeId,
    /// Where it stands.
    pub state: DisputeState,
    /// The measure, `figure.collective_income`.
    pub measure: String,
    /// The place that the measure is of.
    pub subject: PlaceId,
    /// The period, in the kernel's notation.
    pub period: String,
    /// The value that the filer holds to be right; none where only the present one is doubted.
    pub claim: Option<Decimal>,
    /// Why.
    pub reason: String,
    /// The evidence.
    pub evidence: Option<FileHash>,
    /// Who filed it.
    pub filed_by: PersonId,
    /// When.
    pub filed_at: Instant,
    /// Who answered, and when.
    pub answered: Option<(PersonId, Instant)>,
    /// The answer's reason.
    pub answer: Option<String>,
}

/// A dispute by its id.
pub fn dispute(
    connection: &mut dyn Connection,
    tenant: Tenant,
    dispute: DisputeId,
) -> Result<Option<Dispute>, StoreError> {
    connection.optional(&SELECT_ONE, &values![tenant, dispute], read)
}

/// Disputes about measures of one place, newest first, at most 200.
pub fn of_subject(
    connection: &mut dyn Connection,
    tenant: Tenant,
    subject: PlaceId,
) -> Result<Vec<Dispute>, StoreError> {
    connection.all(&SELECT_OF_SUBJECT, &values![tenant, subject], read)
}

/// Open disputes in a scope, oldest first, at most 200.
pub fn open_in_scope(
    connection: &mut dyn Connection,
    scope: &access::Scope,
) -> Result<Vec<Dispute>, StoreError> {
    let parameters = values![scope.tenant, scope.person, scope.roles.0, scope.day];
    connection.all(&SELECT_OPEN_IN_SCOPE, &parameters, read)
}

fn read(row: &store::Row<'_>) -> Result<Dispute, StoreError> {
    let evidence = match row.optional_blob(7)? {
        None => None,
        Some(bytes) => Some(FileHash(bytes.try_into().map_err(|_| {
            StoreError::Bug("the hash of an evidence file has 32 bytes".to_owned())
        })?)),
    };
    let answered = match (row.optional_id(10)?, row.optional_int(11)?) {
        (Some(person), Some(at)) => Some((person, Instant(at))),
        _ => None,
    };
    Ok(Dispute {
        dispute: row.id(0)?,
        state: DisputeState::read(row.text(1)?)?,
        measure: row.text(2)?.to_owned(),
        subject: row.id(3)?,
        period: row.text(4)?.to_owned(),
        claim: row.optional_parse::<Decimal>(5)?,
        reason: row.text(6)?.to_owned(),
        evidence,
        filed_by: row.id(8)?,
        filed_at: Instant(row.int(9)?),
        answered,
        answer: row.optional_text(12)?.map(str::to_owned),
    })
}

fn store_current(
    connection: &mut dyn Connection,
    tenant: Tenant,
    dispute: &Dispute,
) -> Result<(), StoreError> {
    let evidence = dispute.evidence.map(|hash| hash.0.to_vec());
    let claim = dispute.claim.map(|claim| claim.to_string());
    let (answered_by, answered_at) = dispute.answered.unzip();
    connection.execute(
        &UPSERT_CURRENT,
        &values![
            tenant,
            dispute.dispute,
            dispute.state.name(),
            &dispute.measure,
            dispute.subject,
            &dispute.period,
            claim,
            &dispute.reason,
            evidence,
            dispute.filed_by,
            dispute.filed_at,
            answered_by,
            answered_at,
            dispute.answer.as_deref()
        ],
    )?;
    Ok(())
}

/// Longest reason, in characters.
const REASON_MAX: usize = 2_000;

fn check_reason(reason: &str) -> Result<(), Finding> {
    match reason.trim().chars().count() {
        0 => Err(Finding::error("required").field("reason")),
        count if count > REASON_MAX => Err(Finding::error("too-long")
            .field("reason")
            .arg("found", count)
            .arg("most", REASON_MAX)),
        _ => Ok(()),
    }
}

/// Says that a measure is wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FileDispute {
    /// The measure: `figure.collective_income`.
    pub measure: String,
    /// The place that it is of.
    #[schema(value_type = String, format = "uuid")]
    pub subject: PlaceId,
    /// The period: `2026-Q3`.
    pub period: String,
    /// The value held to be right, as a decimal; may be left out.
    #[serde(default)]
    pub claim: Option<String>,
    /// Why, at most 2,000 characters.
    pub reason: String,
    /// SHA-256 of an uploaded file, 64 hexadecimal digits.
    #[serde(default)]
    pub evidence: Option<String>,
}

/// What a filed dispute answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DisputeFiled {
    /// The dispute.
    #[schema(value_type = String, format = "uuid")]
    pub dispute: DisputeId,
}

impl Command for FileDispute {
    const NAME: &'static str = "dispute.file";
    const ACTION: Action = Action::FigureDispute;
    const CLEAR: &'static [&'static str] = &["measure", "subject", "period", "claim", "evidence"];
    type Answer = DisputeFiled;

    fn run(&self, door: &mut Door<'_>) -> Result<DisputeFiled, Refusal> {
        let person = door.acting_person()?;
        door.decide_at(Action::FigureDispute, self.subject, &[])?;
        check_reason(&self.reason)?;
        // The measure stays readable in the journal: it must be a code, never words.
        let code = self
            .measure
            .strip_prefix("figure.")
            .unwrap_or(&self.measure);
        if !directory::figure::is_item_code(code) || door.app().measure(&self.measure).is_none() {
            return Err(Finding::error("measure-unknown")
                .field("measure")
                .arg("found", self.measure.as_str())
                .into());
        }
        let period: kernel::Period = self.period.parse().map_err(|_| {
            Finding::error("period")
                .field("period")
                .arg("found", self.period.as_str())
        })?;
        let claim: Option<Decimal> = match self.claim.as_deref() {
            None => None,
            Some(text) => Some(text.parse().map_err(|_| {
                Finding::error("not-a-number")
                    .field("claim")
                    .arg("found", text)
            })?),
        };
        let evidence = check_evidence(door, self.evidence.as_deref())?;
        let period = period.to_string();
        let key = values![door.tenant(), &self.measure, self.subject, &period];
        let same = door
            .connection()
            .optional(&SELECT_OPEN_SAME, &key, |row| row.id::<DisputeId>(0))?;
        if same.is_some() {
            return Err(Finding::error("dispute-open-already")
                .field("measure")
                .into());
        }
        let dispute = Dispute {
            dispute: DisputeId(door.next_id()),
            state: DisputeState::Open,
            measure: self.measure.clone(),
            subject: self.subject,
            period,
            claim,
            reason: self.reason.trim().to_owned(),
            evidence,
            filed_by: person,
            filed_at: door.now(),
            answered: None,
            answer: None,
        };
        append(door, &dispute, 1, "filed", &dispute.reason, person)?;
        let tenant = door.tenant();
        store_current(door.connection(), tenant, &dispute)?;
        door.emit(changed(&dispute));
        Ok(DisputeFiled {
            dispute: dispute.dispute,
        })
    }
}

fn check_evidence(
    door: &mut Door<'_>,
    evidence: Option<&str>,
) -> Result<Option<FileHash>, Refusal> {
    let Some(text) = evidence else {
        return Ok(None);
    };
    let hash = text.parse().map_err(|_| {
        Finding::error("file-hash")
            .field("evidence")
            .arg("found", text)
    })?;
    if door.uploaded(hash)?.is_none() {
        return Err(Finding::error("file-unknown").field("evidence").into());
    }
    Ok(Some(hash))
}

fn append(
    door: &mut Door<'_>,
    dispute: &Dispute,
    step: i64,
    kind: &str,
    reason: &str,
    person: PersonId,
) -> Result<(), Refusal> {
    let evidence = dispute.evidence.map(|hash| hash.0.to_vec());
    let claim = dispute.claim.map(|claim| claim.to_string());
    let row = values![
        door.tenant(),
        dispute.dispute,
        step,
        door.command(),
        kind,
        &dispute.measure,
        dispute.subject,
        &dispute.period,
        claim,
        reason,
        evidence,
        person,
        door.now()
    ];
    door.append(&DISPUTE_EVENT, &row)
}

/// The event after a dispute was filed or answered. Body: `{"dispute", "measure", "subject",
/// "period", "state"}`; a round marks the cell by it.
pub const DISPUTE_CHANGED: &str = "dispute.changed";

fn changed(dispute: &Dispute) -> Event {
    Event::new(
        DISPUTE_CHANGED,
        serde_json::json!({
            "dispute": dispute.dispute,
            "measure": dispute.measure,
            "subject": dispute.subject,
            "period": dispute.period,
            "state": dispute.state,
        }),
    )
}

/// The owner's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DisputeAnswer {
    /// The value is wrong; the owner corrects it.
    Uphold,
    /// The value is right.
    Reject,
}

/// Answers a dispute as the measure's owner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerDispute {
    /// The dispute.
    #[schema(value_type = String, format = "uuid")]
    pub dispute: DisputeId,
    /// The answer.
    pub answer: DisputeAnswer,
    /// Why, at most 2,000 characters; the filer reads it.
    pub reason: String,
}

impl Command for AnswerDispute {
    const NAME: &'static str = "dispute.answer";
    const ACTION: Action = Action::FigureAnswer;
    const CLEAR: &'static [&'static str] = &["dispute", "answer"];
    type Answer = DisputeFiled;

    fn run(&self, door: &mut Door<'_>) -> Result<DisputeFiled, Refusal> {
        let person = door.acting_person()?;
        let tenant = door.tenant();
        let Some(mut found) = dispute(door.connection(), tenant, self.dispute)? else {
            return Err(Refusal::not_found("dispute"));
        };
        let owner = door
            .app()
            .measure(&found.measure)
            .map_or(Action::FigureAnswer, |(provider, _)| provider.owner);
        let history = [Involved::own(found.filed_by, Action::FigureDispute)];
        door.decide_at(owner, found.subject, &history)?;
        check_reason(&self.reason)?;
        if let Some((by, at)) = found.answered {
            let name = directory::person::name(door.connection(), tenant, by)?;
            return Err(Refusal::lost_race(&name.unwrap_or_default(), at));
        }
        found.state = match self.answer {
            DisputeAnswer::Uphold => DisputeState::Upheld,
            DisputeAnswer::Reject => DisputeState::Rejected,
        };
        found.answered = Some((person, door.now()));
        found.answer = Some(self.reason.trim().to_owned());
        append(
            door,
            &found,
            2,
            found.state.name(),
            self.reason.trim(),
            person,
        )?;
        store_current(door.connection(), tenant, &found)?;
        door.emit(changed(&found));
        Ok(DisputeFiled {
            dispute: found.dispute,
        })
    }
}

/// Nothing is made final while somebody still says that a figure of it is wrong.
pub(crate) const GUARD: Guard = Guard {
    on: Action::ScoreFinalise,
    objections: open_disputes,
};

fn open_disputes(
    connection: &mut dyn Connection,
    tenant: Tenant,
    question: &GuardQuestion,
) -> Result<Vec<Finding>, StoreError> {
    let places: HashSet<PlaceId> = question.places.iter().copied().collect();
    let mut findings = Vec::new();
    let values = values![tenant, &question.period];
    connection.for_each(&SELECT_OPEN_OF_PERIOD, &values, &mut |row| {
        if places.contains(&row.id(1)?) {
            let finding = Finding::error("dispute-still-open").arg("measure", row.text(0)?);
            findings.push(finding.arg("since", row.instant(2)?.day().to_string()));
        }
        Ok(())
    })?;
    Ok(findings)
}

/// To-do lines of those who answer disputes.
pub(crate) fn to_do(
    connection: &mut dyn Connection,
    question: &PanelQuestion<'_>,
) -> Result<Vec<PanelItem>, StoreError> {
    let scope = access::Scope::new(question.subject, Action::FigureAnswer, question.now.day());
    let open = open_in_scope(connection, &scope)?;
    let mut items = Vec::new();
    for dispute in open.into_iter().take(PANEL_ITEMS_MAX) {
        let place = directory::place::get(connection, question.tenant, dispute.subject)?;
        let place = place.map(|place| place.shown_name().to_owned());
        let period = match dispute.period.parse() {
            Ok(period) => PanelArg::Period(period),
            Err(_) => PanelArg::Text(dispute.period),
        };
        items.push(PanelItem {
            text: "todo-dispute",
            args: vec![
                ("measure", PanelArg::Measure(dispute.measure)),
                ("place", PanelArg::Text(place.unwrap_or_default())),
                ("period", period),
            ],
            link: format!("/disputes/{}", dispute.dispute),
            due: None,
        });
    }
    Ok(items)
}

/// Builds `dispute_current` again from the record.
pub(crate) fn rebuild(connection: &mut dyn Connection, tenant: Tenant) -> Result<(), StoreError> {
    let mut disputes: Vec<Dispute> = Vec::new();
    connection.for_each(&SELECT_EVENTS, &values![tenant], &mut |row| {
        let (step, person, at) = (row.int(1)?, row.id(9)?, Instant(row.int(10)?));
        if step == 1 {
            let evidence = match row.optional_blob(8)? {
                None => None,
                Some(bytes) => Some(FileHash(bytes.try_into().map_err(|_| {
                    StoreError::Bug("the hash of an evidence file has 32 bytes".to_owned())
                })?)),
            };
            disputes.push(Dispute {
                dispute: row.id(0)?,
                state: DisputeState::Open,
                measure: row.text(3)?.to_owned(),
                subject: row.id(4)?,
                period: row.text(5)?.to_owned(),
                claim: row.optional_parse::<Decimal>(6)?,
                reason: row.text(7)?.to_owned(),
                evidence,
                filed_by: person,
                filed_at: at,
                answered: None,
                answer: None,
            });
        } else if let Some(dispute) = disputes.last_mut() {
            dispute.state = DisputeState::read(row.text(2)?)?;
            dispute.answered = Some((person, at));
            dispute.answer = Some(row.text(7)?.to_owned());
        }
        Ok(())
    })?;
    for dispute in &disputes {
        store_current(connection, tenant, dispute)?;
    }
    Ok(())
}
