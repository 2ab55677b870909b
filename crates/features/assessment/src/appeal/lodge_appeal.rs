//! `appeal.lodge`: while a result is posted, the village objects to one item or to the result as a
//! whole, with a reason and evidence.

use access::{Action, Resource};
use app::{Command, Door, Refusal};
use kernel::{Day, Decimal, Finding, PlaceId};
use serde::{Deserialize, Serialize};
use store::{StoreError, values};
use utoipa::ToSchema;

use crate::appeal::{self, Appeal, WHOLE_RESULT};
use crate::round::{self, Round, RoundItem, Subject};
use crate::schema::APPEAL_FILE;
use crate::section::answer::{EvidenceFile, known_files};
use crate::section::{check_reason, evidence};
use crate::transition::{AppealAct, AppealState};
use crate::{AppealId, RoundId, correction, round::advance, scheme};

/// Appeals against a posted result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LodgeAppeal {
    /// The round.
    #[schema(value_type = String, format = "uuid")]
    pub round: RoundId,
    /// The village.
    #[schema(value_type = String, format = "uuid")]
    pub place: PlaceId,
    /// The item's code; none for the result as a whole.
    #[serde(default)]
    pub item: Option<String>,
    /// The value that the village holds to be right, as a decimal; only with an item.
    #[serde(default)]
    pub claim: Option<String>,
    /// Why, up to 500 characters.
    pub reason: String,
    /// Files, at most 10.
    #[serde(default)]
    pub evidence: Vec<EvidenceFile>,
}

/// The appeal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AppealLodged {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub appeal: AppealId,
    /// Last day for deciding it.
    #[schema(value_type = String, format = "date")]
    pub due: Day,
}

impl Command for LodgeAppeal {
    const NAME: &'static str = "appeal.lodge";
    const ACTION: Action = Action::ScoreAppeal;
    const CLEAR: &'static [&'static str] = &["round", "place", "item", "evidence.*.file"];
    type Answer = AppealLodged;

    fn run(&self, door: &mut Door<'_>) -> Result<AppealLodged, Refusal> {
        let (round, subject) = self.find(door)?;
        let person = door.acting_person()?;
        advance::hold_posted(door, &round)?;
        let mut findings = Vec::new();
        let item_no = self.item_no(door, &round)?;
        let item_no = item_no.map_err(|found| findings.push(found));
        let version = match item_no {
            Ok(item_no) => may_appeal(door, &round, &subject, item_no)?,
            Err(()) => Ok(0),
        };
        let version = version.map_err(|found| findings.push(found));
        let claim = self.claim().map_err(|found| findings.push(found));
        findings.extend(check_reason(&self.reason, "reason").err());
        let known = known_files(door, (self.round, subject.subject_no), &self.evidence)?;
        let files = evidence::check(&self.evidence, &known, "evidence");
        let files = files.map_err(|found| findings.push(found));
        let (Ok(item_no), Ok(version), Ok(claim), Ok(files), true) =
            (item_no, version, claim, files, findings.is_empty())
        else {
            return Err(findings.into());
        };
        let due = scheme::calendar(door.app().packs(), round.pack.as_deref())
            .add_working_days(door.today(), round.posting_days);
        let lodged = Appeal {
            appeal: AppealId(door.next_id()),
            round: round.round,
            version,
            subject_no: subject.subject_no,
            item_no,
            state: AppealState::Lodged,
            claim: claim.map(|claim| claim.to_string()),
            reason: self.reason.trim().to_owned(),
            lodged_by: person,
            lodged_for: door.on_behalf_of(),
            lodged_at: door.now(),
            due,
            decided: None,
            answer: None,
        };
        appeal::append(door, &lodged, AppealAct::Lodge, &lodged.reason)?;
        let key = values![lodged.appeal];
        evidence::append_shown(door, &APPEAL_FILE, (&key, &[]), &self.evidence, &files)?;
        Ok(AppealLodged {
            appeal: lodged.appeal,
            due: due.day,
        })
    }
}

impl LodgeAppeal {
    /// Round and village, decided by the round's own tree.
    fn find(&self, door: &mut Door<'_>) -> Result<(Round, Subject), Refusal> {
        let tenant = door.tenant();
        let Some(round) = round::get(door.connection(), tenant, self.round)? else {
            return Err(Refusal::not_found("round"));
        };
        let subject = round::subject(door.connection(), tenant, self.round, self.place)?;
        let subject = subject.ok_or_else(|| Refusal::not_found("subject"))?;
        let number = subject.subject_no;
        let ancestors = round::ancestors(door.connection(), tenant, self.round, number)?;
        door.decide(Action::ScoreAppeal, &Resource::at(tenant, &ancestors))?;
        Ok((round, subject))
    }

    /// The column appealed against.
    fn item_no(
        &self,
        door: &mut Door<'_>,
        round: &Round,
    ) -> Result<Result<i64, Finding>, StoreError> {
        let Some(code) = &self.item else {
            return Ok(Ok(WHOLE_RESULT));
        };
        let tenant = door.tenant();
        let items = round::items(door.connection(), tenant, round.round)?;
        let found = column_of(&items, code).map(|item| item.item_no);
        Ok(found.ok_or_else(|| {
            Finding::error("item-not-in-round")
                .field("item")
                .arg("found", code.as_str())
        }))
    }

    fn claim(&self) -> Result<Option<Decimal>, Finding> {
        let Some(text) = &self.claim else {
            return Ok(None);
        };
        if self.item.is_none() {
            return Err(Finding::error("claim-without-item").field("claim"));
        }
        let claim = text.trim().parse().map_err(|_| {
            Finding::error("not-a-number")
                .field("claim")
                .arg("found", text.as_str())
        })?;
        Ok(Some(claim))
    }
}

/// The column of an item: its own period's, or the first that the plan reads.
pub(crate) fn column_of<'i>(items: &'i [RoundItem], code: &str) -> Option<&'i RoundItem> {
    let mut own = items.iter().filter(|item| item.code == code);
    own.clone()
        .find(|item| item.moment == "period")
        .or_else(|| own.next())
}

/// The posted version that the village may appeal against today. Its posting must run; after a
/// correction only what moved may be appealed again; and each thing once in one version.
fn may_appeal(
    door: &mut Door<'_>,
    round: &Round,
    subject: &Subject,
    item_no: i64,
) -> Result<Result<i64, Finding>, Refusal> {
    let at_item = |code| Ok(Err(Finding::error(code).field("item")));
    let (tenant, number) = (door.tenant(), subject.subject_no);
    let appeals = appeal::of_round(door.connection(), tenant, round.round)?;
    let same = appeals
        .iter()
        .filter(|known| known.subject_no == number && known.item_no == item_no);
    if same.clone().any(appeal::waits) {
        return at_item("appeal-open-already");
    }
    let window = correction::window(door.connection(), tenant, round.round, number)?;
    let (version, _, until) = window.ok_or_else(|| Refusal::bug("posted without a version"))?;
    if door.now() >= until.end() {
        return Ok(Err(
            Finding::error("appeal-too-late").arg("until", until.to_string())
        ));
    }
    let decided =
        |known: &Appeal| known.version == version && known.state != AppealState::Withdrawn;
    if same.clone().any(decided) {
        return at_item("appeal-decided-already");
    }
    if version == 1 || item_no == WHOLE_RESULT {
        return Ok(Ok(version));
    }
    let versions = correction::versions(door.connection(), tenant, round.round)?;
    let first_runs = versions
        .first()
        .is_some_and(|first| door.now() < first.until.end());
    let corrections = correction::corrections(door.connection(), tenant, round.round)?;
    let moved = corrections.iter().any(|made| {
        made.version == Some(version) && made.subject_no == number && made.item_no == item_no
    });
    if first_runs || moved {
        return Ok(Ok(version));
    }
    at_item("appeal-not-moved")
}
