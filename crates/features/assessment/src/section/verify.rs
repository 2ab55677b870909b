//! `section.verify`: the town accepts what the village declared, or sets a second value beside
//! it with a reason that the village sees; and gives the values that the town itself supplies.

use access::Action;
use app::{Command, Door, Refusal};
use kernel::{Finding, PlaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Context, Form, FormHandler, Params, Policy, Route};

use crate::scope::section_target;
use crate::section::Step;
use crate::section::answer::Answer;
use crate::section::decision::{SectionMoved, decide_values};
use crate::section::value::ValueKind;
use crate::transition::SectionAct;
use crate::{RoundId, section::section_page};

/// Verifies a section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Verify {
    /// The round.
    #[schema(value_type = String, format = "uuid")]
    pub round: RoundId,
    /// The village.
    #[schema(value_type = String, format = "uuid")]
    pub place: PlaceId,
    /// The section's code.
    pub section: String,
    /// What is adjusted, with a reason, and what the town supplies; everything else is accepted
    /// as it stands.
    #[serde(default)]
    pub items: Vec<Answer>,
}

impl Command for Verify {
    const NAME: &'static str = "section.verify";
    const ACTION: Action = Action::ScoreVerify;
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
        let step = Step::begin(door, address, SectionAct::Verify)?;
        let moved = step.finish(door, None, None)?;
        decide_values(door, &step, &self.items, ValueKind::Verified)?;
        Ok(moved.into())
    }
}

/// The route of the form.
pub(crate) fn route() -> Route {
    Route::form(
        "/rounds/{round}/villages/{place}/sections/{section}/verify",
        Policy::On(Action::ScoreVerify, section_target),
        FormHandler {
            read,
            done: |_, params, _: &SectionMoved| section_page::after(params, SectionAct::Verify),
            again: section_page::page,
        },
    )
}

fn read(_: &Context, params: &Params, form: &Form) -> Result<Verify, Vec<Finding>> {
    let (round, place, section) = section_page::address_of(params)?;
    let items = section_page::answers_of(form);
    Ok(Verify {
        round,
        place,
        section,
        items,
    })
}
