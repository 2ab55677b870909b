//! `section.review`: the county accepts what the town verified, or sets a further value beside it.

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

/// The route of the form.
pub(crate) fn route() -> Route {
    Route::form(
        "/rounds/{round}/villages/{place}/sections/{section}/review",
        Policy::On(Action::ScoreReview, section_target),
        FormHandler {
            read,
            done: |_, params, _: &SectionMoved| section_page::after(params, SectionAct::Review),
            again: section_page::page,
        },
    )
}

fn read(_: &Context, params: &Params, form: &Form) -> Result<Review, Vec<Finding>> {
    let (round, place, section) = section_page::address_of(params)?;
    let items = section_page::answers_of(form);
    Ok(Review {
        round,
        place,
        section,
        items,
    })
}
