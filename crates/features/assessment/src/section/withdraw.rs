//! `section.withdraw`: the town takes its verification back while the county has not touched it.

use access::Action;
use app::{Command, Door, Refusal};
use kernel::{Finding, PlaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Context, Form, FormHandler, Params, Policy, Route};

use crate::scope::section_target;
use crate::section::decision::SectionMoved;
use crate::section::{Step, check_reason};
use crate::transition::SectionAct;
use crate::{RoundId, section::section_page};

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

/// The route of the form.
pub(crate) fn route() -> Route {
    Route::form(
        "/rounds/{round}/villages/{place}/sections/{section}/withdraw",
        Policy::On(Action::ScoreVerify, section_target),
        FormHandler {
            read,
            done: |_, params, _: &SectionMoved| section_page::after(params, SectionAct::Withdraw),
            again: section_page::page,
        },
    )
}

fn read(_: &Context, params: &Params, form: &Form) -> Result<Withdraw, Vec<Finding>> {
    let (round, place, section) = section_page::address_of(params)?;
    Ok(Withdraw {
        round,
        place,
        section,
        reason: form.text("reason").to_owned(),
    })
}
