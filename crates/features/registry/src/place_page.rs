//! The page of one place: what it is, what the record holds of it, and the pieces of other
//! features.

use access::Action;
use app::{
    PanelItem, PanelQuestion, PanelSlot,
    dispute::{self, Dispute},
};
use askama::Template;
use directory::{
    figure::{self, Figure, FigureValue},
    place::{self, Place},
};
use kernel::PlaceId;
use store::Connection;
use web::{Context, Head, Locale, Page, PageError, Params, Policy, Route, Samples, Target};

use crate::sample;

/// The page of one place.
#[derive(Debug, Template)]
#[template(path = "place_page.html")]
pub struct PlacePage {
    l: Locale,
    place: Place,
    above: Vec<Place>,
    below: Vec<Place>,
    figures: Vec<Figure>,
    disputes: Vec<Dispute>,
    panels: Vec<(&'static str, Vec<(String, String)>)>,
}

/// The route.
pub(crate) fn route() -> Route {
    Route::page(
        "/places/{place}",
        Policy::On(Action::RegistryRead, target),
        page,
    )
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
    let above = place::get_many(connection, tenant, &ancestors[1..])?;
    let reads_figures = context.holds(Action::FigureRead);
    let figures = if reads_figures {
        figure::of_subject(connection, tenant, id)?
    } else {
        Vec::new()
    };
    let disputes = if reads_figures {
        dispute::of_subject(connection, tenant, id)?
    } else {
        Vec::new()
    };
    let question = PanelQuestion {
        tenant,
        subject: &context.subject,
        now: context.now,
        village: Some(id),
        words: "",
    };
    let mut panels = Vec::new();
    for panel in context.app().panels(PanelSlot::Village) {
        let items = (panel.items)(connection, &question)?;
        let lines = items
            .into_iter()
            .map(|item| line(&context.l, item))
            .collect();
        panels.push((panel.title, lines));
    }
    Ok(PlacePage {
        above: above.into_iter().rev().collect(),
        below: place::children(connection, tenant, id)?,
        figures,
        disputes,
        panels,
        place,
        l: context.l.clone(),
    })
}

fn line(l: &Locale, item: PanelItem) -> (String, String) {
    let text = item
        .args
        .into_iter()
        .fold(l.text(item.text), |text, (name, value)| {
            text.arg(name, value)
        });
    (text.to_string(), item.link)
}

impl PlacePage {
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
            above: vec![sample::place("云岭县"), sample::place("清河镇")],
            below: Vec::new(),
            figures,
            disputes: Vec::new(),
            panels: vec![(
                "places-title",
                vec![("2026-Q2 93.7".to_owned(), "/rounds".to_owned())],
            )],
        };
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
            with_error: None,
        }
    }
}
