//! Where a section stands, for programs: above all its revision, which every command that moves it
//! has to have seen.

use access::Action;
use kernel::{Day, Instant};
use serde::Serialize;
use store::Connection;
use utoipa::ToSchema;
use web::{Context, PageError, Params, Policy, Route};

use crate::round;
use crate::scope::{subject_of, village_target};
use crate::{RoundId, section};

/// Where a section of a village stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SectionStanding {
    /// The state's word: `submitted`.
    pub state: String,
    /// How often it moved, 0 since the round opened: `seen_revision` of the next command.
    pub revision: i64,
    /// When it moved last, in milliseconds since 1970.
    #[schema(value_type = i64)]
    pub at: Instant,
    /// Until when the next step may be done beyond its term, where it was given back.
    #[schema(value_type = Option<String>, format = "date")]
    pub due: Option<Day>,
}

/// The route.
pub(crate) fn route() -> Route {
    Route::data(
        "/api/v1/rounds/{round}/villages/{place}/sections/{section}",
        Policy::On(Action::ScoreRead, village_target),
        standing,
    )
}

fn standing(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<SectionStanding, PageError> {
    let (tenant, round): (_, RoundId) = (context.tenant, params.parse("round")?);
    let subject = subject_of(tenant, params, connection)?;
    let code = params.path("section");
    let sections = round::sections(connection, tenant, round)?;
    let section = sections.iter().find(|section| section.code == code);
    let number = section.ok_or(PageError::NotFound)?.section_no;
    let states = section::states(connection, tenant, round, subject.subject_no)?;
    let now = states.into_iter().find(|state| state.section_no == number);
    let now = now.ok_or(PageError::NotFound)?;
    Ok(SectionStanding {
        state: now.state.name().to_owned(),
        revision: now.revision,
        at: now.at,
        due: now.due,
    })
}
