//! `section.send_back`: the county gives a section back to the town, with a reason and a due day.

use access::Action;
use app::{Command, Door, Refusal};
use kernel::{Day, PlaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::decision::SectionMoved;
use crate::section::{Step, check_due, check_reason};
use crate::transition::SectionAct;
use crate::{RoundId, advance};

/// Sends a section back to the town.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendBack {
    /// The round.
    #[schema(value_type = String, format = "uuid")]
    pub round: RoundId,
    /// The village.
    #[schema(value_type = String, format = "uuid")]
    pub place: PlaceId,
    /// The section's code.
    pub section: String,
    /// What is to be put right, up to 500 characters.
    pub reason: String,
    /// Last day for verifying it again.
    #[schema(value_type = String, format = "date")]
    pub due: Day,
}

impl Command for SendBack {
    const NAME: &'static str = "section.send_back";
    const ACTION: Action = Action::ScoreReview;
    const CLEAR: &'static [&'static str] = &["round", "place", "section", "due"];
    type Answer = SectionMoved;

    fn run(&self, door: &mut Door<'_>) -> Result<SectionMoved, Refusal> {
        let address = (self.round, self.place, self.section.as_str());
        let step = Step::begin(door, address, SectionAct::SendBack)?;
        check_reason(&self.reason, "reason")?;
        check_due(self.due, door.today())?;
        advance::hold_open(door, self.round)?;
        Ok(step
            .finish(door, Some(self.reason.trim()), Some(self.due))?
            .into())
    }
}
