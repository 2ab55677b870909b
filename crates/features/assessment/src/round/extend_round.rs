//! `round.extend`: more time for everybody, or for one village that asked for it; with a reason.

use access::Action;
use app::{Command, Door, Refusal};
use kernel::{Day, Finding, PlaceId};
use serde::{Deserialize, Serialize};
use store::values;
use utoipa::ToSchema;

use crate::schema::ROUND_TERM;
use crate::section::check_reason;
use crate::transition::{RoundState, Terms, out_of_order};
use crate::{RoundId, round, round::advance};

/// Sets later last days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtendRound {
    /// The round.
    #[schema(value_type = String, format = "uuid")]
    pub round: RoundId,
    /// The village that gets more time; none for everybody.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub place: Option<PlaceId>,
    /// Last day of declaring.
    #[schema(value_type = String, format = "date")]
    pub declare_until: Day,
    /// Last day of verifying.
    #[schema(value_type = String, format = "date")]
    pub verify_until: Day,
    /// Last day of reviewing.
    #[schema(value_type = String, format = "date")]
    pub review_until: Day,
    /// Why, up to 500 characters.
    pub reason: String,
}

/// The terms that now hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RoundExtended {
    /// How many times the terms were set for this village, or for everybody.
    pub revision: i64,
}

impl Command for ExtendRound {
    const NAME: &'static str = "round.extend";
    const ACTION: Action = Action::RoundAdvance;
    const CLEAR: &'static [&'static str] = &[
        "round",
        "place",
        "declare_until",
        "verify_until",
        "review_until",
    ];
    type Answer = RoundExtended;

    fn run(&self, door: &mut Door<'_>) -> Result<RoundExtended, Refusal> {
        let found = advance::find(door, self.round, Action::RoundAdvance)?;
        if found.state != RoundState::Open {
            let state = found.state.name();
            return Err(Finding::error("round-not-open").arg("state", state).into());
        }
        let terms = Terms {
            declare_until: self.declare_until,
            verify_until: self.verify_until,
            review_until: self.review_until,
        };
        let mut findings = out_of_order(terms.days());
        let tenant = door.tenant();
        let subject_no = match self.place {
            None => 0,
            Some(place) => {
                round::subject(door.connection(), tenant, self.round, place)?
                    .ok_or_else(|| Refusal::not_found("subject"))?
                    .subject_no
            }
        };
        let before = round::terms(door.connection(), tenant, self.round, subject_no)?;
        if findings.is_empty() && (before.later(terms) != terms || before == terms) {
            findings.push(Finding::error("terms-not-later").field("declare_until"));
        }
        findings.extend(check_reason(&self.reason, "reason").err());
        if !findings.is_empty() {
            return Err(findings.into());
        }
        let revision = round::terms_set(door.connection(), tenant, self.round, subject_no)? + 1;
        let row = values![
            tenant,
            self.round,
            subject_no,
            revision,
            door.command(),
            terms.declare_until,
            terms.verify_until,
            terms.review_until,
            self.reason.trim(),
            door.person(),
            door.now()
        ];
        door.append(&ROUND_TERM, &row)?;
        Ok(RoundExtended { revision })
    }
}
