//! `section.declare`: the village hands in one section, all its questions at once.

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
use crate::section::draft;
use crate::section::value::ValueKind;
use crate::transition::SectionAct;
use crate::{RoundId, section::section_page};

/// Declares a section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Declare {
    /// The round.
    #[schema(value_type = String, format = "uuid")]
    pub round: RoundId,
    /// The village.
    #[schema(value_type = String, format = "uuid")]
    pub place: PlaceId,
    /// The section's code.
    pub section: String,
    /// One answer for each question that the village is asked.
    pub items: Vec<Answer>,
}

impl Command for Declare {
    const NAME: &'static str = "section.declare";
    const ACTION: Action = Action::ScoreDeclare;
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
        let step = Step::begin(door, address, SectionAct::Declare)?;
        let moved = step.finish(door, None, None)?;
        decide_values(door, &step, &self.items, ValueKind::Declared)?;
        draft::drop_section(door, &step)?;
        Ok(moved.into())
    }
}

/// The route of the form.
pub(crate) fn route() -> Route {
    Route::form(
        "/rounds/{round}/villages/{place}/sections/{section}/declare",
        Policy::On(Action::ScoreDeclare, section_target),
        FormHandler {
            read,
            done: |_, params, _: &SectionMoved| section_page::after(params, SectionAct::Declare),
            again: section_page::page,
        },
    )
}

fn read(_: &Context, params: &Params, form: &Form) -> Result<Declare, Vec<Finding>> {
    let (round, place, section) = section_page::address_of(params)?;
    let items = section_page::answers_of(form);
    Ok(Declare {
        round,
        place,
        section,
        items,
    })
}
