//! `section.send_back`: the county gives a section back to the town, with a reason and a due day.

use access::Action;
use app::{Command, Door, Refusal};
use kernel::{Day, Finding, PlaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Context, Form, FormHandler, Params, Policy, Route};

use crate::scope::section_target;
use crate::section::decision::SectionMoved;
use crate::section::{Step, due_of};
use crate::transition::SectionAct;
use crate::{RoundId, round::advance, section::section_page};

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
        step.check_back(&self.reason, self.due, door.today())?;
        advance::hold_open(door, self.round)?;
        Ok(step
            .finish(door, Some(self.reason.trim()), Some(self.due))?
            .into())
    }
}

/// The route of the form.
pub(crate) fn route() -> Route {
    Route::form(
        "/rounds/{round}/villages/{place}/sections/{section}/send-back",
        Policy::On(Action::ScoreReview, section_target),
        FormHandler {
            read,
            done: |_, params, _: &SectionMoved| section_page::after(params, SectionAct::SendBack),
            again: section_page::page,
        },
    )
}

fn read(_: &Context, params: &Params, form: &Form) -> Result<SendBack, Vec<Finding>> {
    let (round, place, section) = section_page::address_of(params)?;
    Ok(SendBack {
        round,
        place,
        section,
        reason: form.text("reason").to_owned(),
        due: due_of(form)?,
    })
}
