//! `section.review`: the county accepts what the town verified, or sets a further value beside it.

use access::Action;
use app::{Command, Door, Refusal};
use kernel::PlaceId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::RoundId;
use crate::answer::Answer;
use crate::decision::{SectionMoved, decide_values};
use crate::section::Step;
use crate::transition::SectionAct;
use crate::value::ValueKind;

/// Reviews a section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// The round.
    #[schema(value_type = String, format = "uuid")]
    pub round: RoundId,
    /// The village.
    #[schema(value_type = String, format = "uuid")]
    pub place: PlaceId,
    /// The section's code.
    pub section: String,
    /// What is adjusted, with a reason; everything else is accepted as it stands.
    #[serde(default)]
    pub items: Vec<Answer>,
}

impl Command for Review {
    const NAME: &'static str = "section.review";
    const ACTION: Action = Action::ScoreReview;
    const CLEAR: &'static [&'static str] = &[
        "round",
        "place",
        "section",
        "items.*.item",
        "items.*.value",
        "items.*.evidence.*.file",
    ];
    type Answer = SectionMoved;

    fn run(&self, door: &mut Door<'_>) -> Result<SectionMoved, Refusal> {
        let address = (self.round, self.place, self.section.as_str());
        let step = Step::begin(door, address, SectionAct::Review)?;
        let moved = step.finish(door, None, None)?;
        decide_values(door, &step, &self.items, ValueKind::Reviewed)?;
        Ok(moved.into())
    }
}
