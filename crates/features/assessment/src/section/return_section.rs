//! `section.return`: the town gives a section back to the village, with a reason and a due day.
//! What the record holds is read again, because the village may have returned for its sake.

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
use crate::{RoundId, round, section::brought, section::section_page};

/// Returns a section to the village.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnSection {
    /// The round.
    #[schema(value_type = String, format = "uuid")]
    pub round: RoundId,
    /// The village.
    #[schema(value_type = String, format = "uuid")]
    pub place: PlaceId,
    /// The section's code.
    pub section: String,
    /// What is to be put right, up to 500 characters; the village sees it.
    pub reason: String,
    /// Last day for handing it in again.
    #[schema(value_type = String, format = "date")]
    pub due: Day,
}

impl Command for ReturnSection {
    const NAME: &'static str = "section.return";
    const ACTION: Action = Action::ScoreVerify;
    const CLEAR: &'static [&'static str] = &["round", "place", "section", "due"];
    type Answer = SectionMoved;

    fn run(&self, door: &mut Door<'_>) -> Result<SectionMoved, Refusal> {
        let address = (self.round, self.place, self.section.as_str());
        let step = Step::begin(door, address, SectionAct::Return)?;
        step.check_back(&self.reason, self.due, door.today())?;
        step.returns_left()?;
        let moved = step.finish(door, Some(self.reason.trim()), Some(self.due))?;
        let tenant = door.tenant();
        let mut items = round::items(door.connection(), tenant, self.round)?;
        items.retain(|item| item.section_no == step.section.section_no);
        // The return itself moved the revision.
        brought::refresh(
            door,
            &step.round,
            &items,
            std::slice::from_ref(&step.subject),
        )?;
        Ok(moved.into())
    }
}

/// The route of the form.
pub(crate) fn route() -> Route {
    Route::form(
        "/rounds/{round}/villages/{place}/sections/{section}/return",
        Policy::On(Action::ScoreVerify, section_target),
        FormHandler {
            read,
            done: |_, params, _: &SectionMoved| section_page::after(params, SectionAct::Return),
            again: section_page::page,
        },
    )
}

fn read(_: &Context, params: &Params, form: &Form) -> Result<ReturnSection, Vec<Finding>> {
    let (round, place, section) = section_page::address_of(params)?;
    Ok(ReturnSection {
        round,
        place,
        section,
        reason: form.text("reason").to_owned(),
        due: due_of(form)?,
    })
}
