//! `round.correct`: a dispute was upheld about a figure that a round had already frozen. The figure
//! is read again from its owner's book, and the result corrected by it. Of a final round nothing
//! changes; the correction only refers to it.

use access::Action;
use app::dispute::{self, Dispute, DisputeId, DisputeState};
use app::{Command, Door, Ref, Refusal};
use kernel::Finding;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::correction::{self, Wrong};
use crate::round::blockers::columns_read;
use crate::round::{self, Round, Subject};
use crate::section::cell::{self, Cells, NewValue};
use crate::section::check_reason;
use crate::section::value::ValueKind;
use crate::transition::RoundState;
use crate::{RoundId, round::advance, scheme, section::brought};

/// Corrects a round after an upheld dispute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectRound {
    /// The round.
    #[schema(value_type = String, format = "uuid")]
    pub round: RoundId,
    /// The upheld dispute.
    #[schema(value_type = String, format = "uuid")]
    pub dispute: DisputeId,
    /// What the village is told, up to 500 characters.
    pub reason: String,
}

/// The corrected result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RoundCorrected {
    /// The round's revision.
    pub revision: i64,
    /// The version that it made; none where nothing was posted, or nothing changed.
    pub version: Option<i64>,
    /// How many villages' figure, score, grade or rank moved.
    pub moved: u32,
}

impl Command for CorrectRound {
    const NAME: &'static str = "round.correct";
    const ACTION: Action = Action::ScorePost;
    const CLEAR: &'static [&'static str] = &["round", "dispute"];
    type Answer = RoundCorrected;

    fn run(&self, door: &mut Door<'_>) -> Result<RoundCorrected, Refusal> {
        let round = advance::find(door, self.round, Action::ScorePost)?;
        check_reason(&self.reason, "reason")?;
        let (found, subject) = self.upheld(door, &round)?;
        let (values, cells) = self.read_again(door, &round, &subject, &found)?;
        let counts = |value: &NewValue| {
            let cell = cells.get(&(value.subject_no, value.item_no))?;
            cell.counts().map(|(_, given)| given.clone())
        };
        let because = Ref::new("dispute", found.dispute);
        let (other, same): (Vec<NewValue>, Vec<NewValue>) = values
            .into_iter()
            .partition(|value| counts(value).as_ref() != Some(&value.given));
        // Nothing to change, or nothing that may change any more: the record says so.
        let frozen_for_ever = round.state == RoundState::Finalised;
        let noted = if frozen_for_ever || other.is_empty() {
            other.iter().chain(&same).collect()
        } else {
            Vec::new()
        };
        for value in &noted {
            correction::note(
                door,
                round.round,
                None,
                value,
                &because,
                counts(value).as_ref(),
            )?;
        }
        if !noted.is_empty() {
            return Ok(RoundCorrected {
                revision: round.revision,
                version: None,
                moved: 0,
            });
        }
        let wrong: Vec<Wrong<'_>> = other
            .into_iter()
            .map(|value| Wrong {
                value,
                because: &because,
            })
            .collect();
        let corrected = correction::apply(door, &round, &wrong)?;
        Ok(RoundCorrected {
            revision: corrected.revision,
            version: corrected.version,
            moved: u32::try_from(corrected.moves.len()).unwrap_or(u32::MAX),
        })
    }
}

impl CorrectRound {
    /// The dispute, upheld and not yet settled in this round, with the village it is about.
    fn upheld(&self, door: &mut Door<'_>, round: &Round) -> Result<(Dispute, Subject), Refusal> {
        let tenant = door.tenant();
        if round.state == RoundState::Open {
            return Err(Finding::error("round-still-open").into());
        }
        let Some(found) = dispute::dispute(door.connection(), tenant, self.dispute)? else {
            return Err(Refusal::not_found("dispute"));
        };
        let subject = round::subject(door.connection(), tenant, round.round, found.subject)?;
        let subject = subject.ok_or_else(|| Refusal::not_found("subject"))?;
        if found.state != DisputeState::Upheld {
            return Err(Finding::error("dispute-not-upheld").into());
        }
        let made = correction::corrections(door.connection(), tenant, round.round)?;
        let because = Ref::new("dispute", found.dispute);
        if let Some(made) = made.iter().find(|made| made.because == because) {
            return Err(Refusal::lost_race("", made.at));
        }
        Ok((found, subject))
    }

    /// The disputed columns as the record holds them now.
    fn read_again(
        &self,
        door: &mut Door<'_>,
        round: &Round,
        subject: &Subject,
        found: &Dispute,
    ) -> Result<(Vec<NewValue>, Cells), Refusal> {
        let tenant = door.tenant();
        let plan = scheme::plan_of_round(door.connection(), tenant, round)?;
        let items = round::items(door.connection(), tenant, round.round)?;
        let items = columns_read(&plan, &items, round.period, found);
        if items.is_empty() {
            return Err(Finding::error("dispute-not-of-round").into());
        }
        let subjects = std::slice::from_ref(subject);
        let mut values = brought::bring(door, round, &plan, &items, subjects)?;
        for value in &mut values {
            let recorded = value.origin.as_ref().and_then(|origin| origin.recorded_at);
            if recorded.is_none_or(|recorded| recorded <= found.filed_at) {
                return Err(Finding::error("figure-not-corrected")
                    .arg("since", found.filed_at.day().to_string())
                    .into());
            }
            value.kind = ValueKind::Corrected;
            value.reason = Some(self.reason.trim().to_owned());
        }
        let cells = cell::of_subject(door.connection(), tenant, round.round, subject.subject_no)?;
        Ok((values, cells))
    }
}
