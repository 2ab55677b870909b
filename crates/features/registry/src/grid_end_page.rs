//! The page on which a grid is ended: the day and the reason are asked first.

use access::Action;
use askama::Template;
use directory::place::{self, Place, PlaceLevel};
use kernel::{Finding, PlaceId};
use store::Connection;
use web::{
    Attempt, Context, Form, FormHandler, FormStart, Head, Locale, Page, PageError, Params, Policy,
    Route, Samples,
};

use crate::{grids::EndGrid, place_change_page::day, place_edit::PlaceEdited, place_page, sample};

/// The page.
#[derive(Debug, Template)]
#[template(path = "grid_end_page.html")]
pub struct GridEndPage {
    l: Locale,
    /// The village, or the grid of a micro-grid.
    above: PlaceId,
    grid: Place,
    /// Micro-grids in it, which end first.
    inside: Vec<Place>,
    start: FormStart,
    attempt: Attempt,
}

const ADDRESS: &str = "/places/{place}/grids/{grid}/end";

/// The routes.
pub(crate) fn routes() -> [Route; 2] {
    let policy = || Policy::On(Action::RegistryEdit, place_page::target);
    let done = |_: &Context, params: &Params, _: &PlaceEdited| {
        format!("/places/{}#grids", params.path("place"))
    };
    [
        Route::page(ADDRESS, policy(), page),
        Route::form(
            ADDRESS,
            policy(),
            FormHandler {
                read,
                done,
                again: page,
            },
        ),
    ]
}

fn read(_: &Context, params: &Params, form: &Form) -> Result<EndGrid, Vec<Finding>> {
    let unknown = |_| vec![Finding::error("not-found").arg("kind", "place")];
    Ok(EndGrid {
        grid: params.path("grid").parse().map_err(unknown)?,
        day: day(form, "day")?,
        reason: form.text("reason").to_owned(),
    })
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<GridEndPage, PageError> {
    let (tenant, above) = (context.tenant, params.parse::<PlaceId>("place")?);
    let grid = place::get(connection, tenant, params.parse("grid")?)?;
    let stands = |grid: &Place| {
        grid.parent == Some(above) && grid.valid_to.is_none() && grid.level() >= PlaceLevel::Grid
    };
    let grid = grid.filter(stands).ok_or(PageError::NotFound)?;
    Ok(GridEndPage {
        inside: place::children(connection, tenant, grid.place)?,
        l: context.l.clone(),
        above,
        grid,
        start: context.form(),
        attempt: context.attempt.clone(),
    })
}

impl GridEndPage {
    fn title(&self) -> String {
        let name = self.grid.shown_name();
        self.l.text("place-end-title").arg("name", name).to_string()
    }
}

impl Page for GridEndPage {
    fn head(&self) -> Head {
        Head::new(self.title())
    }

    fn samples(l: &Locale) -> Samples<GridEndPage> {
        let page = |name: &str| GridEndPage {
            l: l.clone(),
            above: sample::place("").place,
            grid: sample::place(name),
            inside: Vec::new(),
            start: sample::start(),
            attempt: Attempt::default(),
        };
        let mut inside = page(sample::LONGEST_PLACE);
        inside.inside = vec![sample::place("微网格一")];
        let mut refused = page("第一网格");
        refused.attempt.sent = true;
        refused.attempt.findings = vec![
            Finding::error("place-change-text-length")
                .field("reason")
                .arg("found", 0_i64)
                .arg("expected", 500_i64),
            Finding::error("day-in-future")
                .field("day")
                .arg("found", "2027-01-01"),
        ];
        Samples {
            ordinary: page("第一网格"),
            longest: inside,
            empty: None,
            with_error: Some(refused),
        }
    }
}
