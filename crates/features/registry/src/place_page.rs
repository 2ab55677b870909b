//! The page of one place: what it is and was, what the record holds of it, the pieces of other
//! features, and the form that changes its names.

use access::{Action, Resource, decide};
use app::{
    PanelQuestion, PanelSlot,
    dispute::{self, Dispute},
};
use askama::Template;
use directory::{
    appointment,
    figure::{self, Figure, FigureValue},
    place::{self, Place, PlaceLevel},
};
use kernel::{Finding, PlaceId};
use store::Connection;
use web::{
    Attempt, Context, Form, FormHandler, FormStart, Head, Locale, Page, PageError, Params, Policy,
    Route, Samples, Target,
};

use crate::{
    grids::AddGrid,
    item_names::ItemNames,
    place_change_page::day,
    place_edit::{EditPlace, PlaceEdited},
    place_history::{self, Moment},
    sample, search_page,
};

/// The page of one place.
#[derive(Debug, Template)]
#[template(path = "place_page.html")]
pub struct PlacePage {
    l: Locale,
    place: Place,
    above: Vec<Above>,
    below: Vec<Place>,
    /// Those of the latest period, or all of them.
    figures: Vec<Figure>,
    /// How many there are of earlier periods that are not shown.
    earlier: usize,
    names: ItemNames,
    disputes: Vec<Dispute>,
    panels: Vec<(&'static str, Vec<(String, String)>)>,
    versions: Vec<Place>,
    history: Vec<Moment>,
    grids: Vec<GridLine>,
    add_grid: FormStart,
    start: FormStart,
    attempt: Attempt,
    is_corrected: bool,
    may_edit: bool,
    may_merge: bool,
}

/// A grid below, with who works in it.
#[derive(Debug)]
struct GridLine {
    place: Place,
    workers: Vec<String>,
}

/// A place above, and whether the visitor may open its page.
#[derive(Debug)]
struct Above {
    place: Place,
    may_open: bool,
}

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::page(
            "/places/{place}",
            Policy::On(Action::RegistryRead, target),
            page,
        ),
        Route::form(
            "/places/{place}",
            Policy::On(Action::RegistryEdit, target),
            FormHandler {
                read,
                done: |_, _, edited: &PlaceEdited| format!("/places/{}", edited.place),
                again: page,
            },
        ),
        Route::form(
            "/places/{place}/grids",
            Policy::On(Action::RegistryEdit, target),
            FormHandler {
                read: read_grid,
                done: |_, params, _: &PlaceEdited| {
                    format!("/places/{}#grids", params.path("place"))
                },
                again: page,
            },
        ),
    ]
}

fn read_grid(_: &Context, params: &Params, form: &Form) -> Result<AddGrid, Vec<Finding>> {
    let unknown = |_| vec![Finding::error("not-found").arg("kind", "place")];
    let day = day(form, "grid_from")?;
    Ok(AddGrid {
        parent: params.path("place").parse().map_err(unknown)?,
        name: form.text("grid_name").to_owned(),
        day,
    })
}

fn read(_: &Context, params: &Params, form: &Form) -> Result<EditPlace, Vec<Finding>> {
    let unknown = |_| vec![Finding::error("not-found").arg("kind", "place")];
    Ok(EditPlace {
        place: params.path("place").parse().map_err(unknown)?,
        name: form.text("name").to_owned(),
        alias: form.get("alias").map(str::to_owned),
        valid_from: day(form, "valid_from")?,
    })
}

/// The place that the address names, with what stands above it.
pub(crate) fn target(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Target, PageError> {
    Target::at_place(connection, context.tenant, params.parse("place")?)
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<PlacePage, PageError> {
    let (tenant, id) = (context.tenant, params.parse::<PlaceId>("place")?);
    let place = place::get(connection, tenant, id)?.ok_or(PageError::NotFound)?;
    let ancestors = place::ancestors(connection, tenant, id)?;
    // Decided for this place: somebody may read places of a town and figures of one village only.
    let resource = Resource::at(tenant, &ancestors);
    let may = |action| decide(&context.subject, action, &resource, context.today()).is_allowed();
    let above = above(context, connection, &ancestors)?;
    let reads_figures = may(Action::FigureRead);
    let mut figures = if reads_figures {
        figure::of_subject(connection, tenant, id)?
    } else {
        Vec::new()
    };
    let all = figures.len();
    if params.query("figures") != Some("all") {
        retain_latest(&mut figures);
    }
    let disputes = if reads_figures {
        dispute::of_subject(connection, tenant, id)?
    } else {
        Vec::new()
    };
    let question = PanelQuestion {
        village: Some(id),
        ..context.question()
    };
    let versions = place::versions(connection, tenant, id)?;
    let mut panels = Vec::new();
    for panel in context.app().panels(PanelSlot::Village) {
        let lines = search_page::lines(context, connection, panel, &question)?;
        panels.push((panel.title, lines));
    }
    let (grids, below) = place::children(connection, tenant, id)?
        .into_iter()
        .partition(|child| child.level() >= PlaceLevel::Grid);
    Ok(PlacePage {
        above,
        below,
        grids: grid_lines(context, connection, grids, may(Action::PersonRead))?,
        add_grid: context.form(),
        names: ItemNames::of(context, connection)?,
        earlier: all - figures.len(),
        figures,
        disputes,
        panels,
        history: place_history::history(context, connection, id, &versions)?,
        versions: versions.into_iter().rev().take(VERSIONS_SHOWN).collect(),
        start: context.form(),
        attempt: context.attempt.clone(),
        is_corrected: params.query("done") == Some("corrected"),
        may_edit: may(Action::RegistryEdit) && place.valid_to.is_none(),
        may_merge: may_but_for_password(context, Action::RegistryMerge, &resource),
        place,
        l: context.l.clone(),
    })
}

/// Leaves the figures of the period that ended last.
fn retain_latest(figures: &mut Vec<Figure>) {
    let last = |figure: &Figure| figure.draft.period.last_day();
    if let Some(latest) = figures.iter().map(last).max() {
        figures.retain(|figure| last(figure) == latest);
    }
}

/// Grids with the names of those who work in them, as far as the visitor may read names.
fn grid_lines(
    context: &Context,
    connection: &mut dyn Connection,
    grids: Vec<Place>,
    reads_names: bool,
) -> Result<Vec<GridLine>, PageError> {
    let mut lines = Vec::new();
    for place in grids {
        let mut workers = Vec::new();
        if reads_names {
            let today = context.today();
            let posts = appointment::at_place(connection, context.tenant, place.place, today)?;
            for post in posts {
                let name = directory::person::name(connection, context.tenant, post.person)?;
                workers.extend(name);
            }
        }
        lines.push(GridLine { place, workers });
    }
    Ok(lines)
}

/// Whether an action is allowed once the password is given again.
pub(crate) fn may_but_for_password(
    context: &Context,
    action: Action,
    resource: &Resource<'_>,
) -> bool {
    let mut subject = context.subject.clone();
    subject.authentication = access::Authentication::Fresh;
    decide(&subject, action, resource, context.today()).is_allowed()
}

/// Versions on the page of a place at most.
const VERSIONS_SHOWN: usize = 100;

/// What stands above a place, the highest first. A grant reaches downwards: whoever may read a
/// village need not be allowed to read its county.
fn above(
    context: &Context,
    connection: &mut dyn Connection,
    ancestors: &[PlaceId],
) -> Result<Vec<Above>, PageError> {
    let mut above = Vec::new();
    for from in (1..ancestors.len()).rev() {
        let Some(place) = place::get(connection, context.tenant, ancestors[from])? else {
            continue;
        };
        let resource = Resource::at(context.tenant, &ancestors[from..]);
        let decision = decide(
            &context.subject,
            Action::RegistryRead,
            &resource,
            context.today(),
        );
        let may_open = decision.is_allowed();
        above.push(Above { place, may_open });
    }
    Ok(above)
}

impl PlacePage {
    /// Whether grids may stand directly below.
    fn has_grids(&self) -> bool {
        matches!(self.place.level(), PlaceLevel::Village | PlaceLevel::Grid)
    }

    fn is_grid(&self) -> bool {
        self.place.level() >= PlaceLevel::Grid
    }

    fn grids_title(&self) -> &'static str {
        match self.place.level() {
            PlaceLevel::Grid => "micro-grids-title",
            _ => "grids-title",
        }
    }

    /// The value as it is written; missing is said, never 0.
    fn value(&self, figure: &Figure) -> String {
        match &figure.draft.value {
            FigureValue::Value(value) => format!("{value} {}", figure.draft.unit),
            FigureValue::Missing(why) => self
                .l
                .text("figure-missing")
                .arg("why", why.as_str())
                .to_string(),
        }
    }
}

impl Page for PlacePage {
    fn head(&self) -> Head {
        Head::new(self.place.shown_name())
    }

    fn samples(l: &Locale) -> Samples<PlacePage> {
        let page = |name: &str, figures: Vec<Figure>| PlacePage {
            l: l.clone(),
            place: sample::place(name),
            above: [("云岭县", false), ("清河镇", true)]
                .map(|(name, may_open)| Above {
                    place: sample::place(name),
                    may_open,
                })
                .into(),
            below: Vec::new(),
            earlier: 2 * figures.len(),
            figures,
            names: ItemNames::sample(),
            disputes: Vec::new(),
            panels: vec![(
                "places-title",
                vec![("2026-Q2 93.7".to_owned(), "/rounds".to_owned())],
            )],
            versions: vec![sample::place(name)],
            history: place_history::samples(l, name),
            grids: vec![GridLine {
                place: sample::place("第一网格"),
                workers: vec!["阿卜杜热合曼·买买提吐尔逊江".to_owned()],
            }],
            add_grid: sample::start(),
            start: sample::start(),
            attempt: Attempt::default(),
            is_corrected: true,
            may_edit: true,
            may_merge: true,
        };
        let mut refused = page("柳湾村", Vec::new());
        refused.attempt.sent = true;
        refused.attempt.findings = vec![
            Finding::error("place-name-length")
                .field("name")
                .arg("found", 0_i64)
                .arg("expected", 50_i64),
        ];
        Samples {
            ordinary: page("柳湾村", vec![sample::figure("386200", "三资台账")]),
            longest: page(
                sample::LONGEST_PLACE,
                vec![sample::figure(
                    "123456789012.34",
                    "农村集体“三资”监督管理平台",
                )],
            ),
            empty: Some(page("望山村", Vec::new())),
            with_error: Some(refused),
        }
    }
}
