//! `section.withdraw`: the town takes its verification back while the county has not touched it.

use access::Action;
use app::{Command, Door, Refusal};
use kernel::PlaceId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::RoundId;
use crate::decision::SectionMoved;
use crate::section::{Step, check_reason};
use crate::transition::SectionAct;

/// Withdraws a verification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdraw {
    /// The round.
    #[schema(value_type = String, format = "uuid")]
    pub round: RoundId,
    /// The village.
    #[schema(value_type = String, format = "uuid")]
    pub place: PlaceId,
    /// The section's code.
    pub section: String,
    /// Why, up to 500 characters.
    pub reason: String,
}

impl Command for Withdraw {
    const NAME: &'static str = "section.withdraw";
    const ACTION: Action = Action::ScoreVerify;
    const CLEAR: &'static [&'static str] = &["round", "place", "section"];
    type Answer = SectionMoved;

    fn run(&self, door: &mut Door<'_>) -> Result<SectionMoved, Refusal> {
        let address = (self.round, self.place, self.section.as_str());
        let step = Step::begin(door, address, SectionAct::Withdraw)?;
        check_reason(&self.reason, "reason")?;
        Ok(step.finish(door, Some(self.reason.trim()), None)?.into())
    }
}
