//! The board of a round, and the same figures for a screen on a wall.

use access::Action;
use askama::Template;
use store::Connection;
use web::{Context, Head, Locale, Page, PageError, Params, Policy, Route, Samples, Shell};

use crate::result::dashboard::{self, Dashboard};
use crate::scope::{round_of, round_target, scheme_of};
use crate::{sample, view};

/// The dashboard.
#[derive(Debug, Template)]
#[template(path = "result/dashboard_page.html")]
pub struct DashboardPage {
    l: Locale,
    round: String,
    title: String,
    dashboard: Option<Dashboard>,
}

/// The wall.
#[derive(Debug, Template)]
#[template(path = "result/wall_page.html")]
pub struct WallPage {
    l: Locale,
    address: String,
    title: String,
    dashboard: Dashboard,
}

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    let policy = || Policy::On(Action::RankReadExact, round_target);
    vec![
        Route::page("/rounds/{round}/board", policy(), page),
        Route::page("/rounds/{round}/wall", policy(), wall),
    ]
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<DashboardPage, PageError> {
    let round = round_of(context, params, connection)?;
    let dashboard = dashboard::of_round(context, connection, &round)?;
    let published = scheme_of(connection, context.tenant, &round)?;
    Ok(DashboardPage {
        title: view::round_title(&context.l, &round, &published),
        round: round.round.to_string(),
        dashboard,
        l: context.l.clone(),
    })
}

fn wall(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<WallPage, PageError> {
    let round = round_of(context, params, connection)?;
    let dashboard = dashboard::of_round(context, connection, &round)?.ok_or(PageError::NotFound)?;
    let published = scheme_of(connection, context.tenant, &round)?;
    Ok(WallPage {
        address: format!("/rounds/{}/wall", round.round),
        title: view::round_title(&context.l, &round, &published),
        dashboard,
        l: context.l.clone(),
    })
}

impl Page for DashboardPage {
    fn head(&self) -> Head {
        Head::new(self.l.text("dashboard-title"))
    }

    fn samples(l: &Locale) -> Samples<DashboardPage> {
        let page = |dashboard| DashboardPage {
            l: l.clone(),
            round: sample::id().to_string(),
            title: sample::round_title(l),
            dashboard,
        };
        Samples {
            ordinary: page(Some(dashboard::sample(l, "柳湾村"))),
            longest: page(Some(dashboard::sample(l, sample::LONGEST_PLACE))),
            empty: Some(page(None)),
            with_error: None,
        }
    }
}

impl Page for WallPage {
    fn head(&self) -> Head {
        Head::new(&self.title).shell(Shell::Wall)
    }

    fn samples(l: &Locale) -> Samples<WallPage> {
        let page = |name: &str| WallPage {
            l: l.clone(),
            address: "/rounds/1/wall".to_owned(),
            title: sample::round_title(l),
            dashboard: dashboard::sample(l, name),
        };
        Samples {
            ordinary: page("柳湾村"),
            longest: page(sample::LONGEST_PLACE),
            empty: None,
            with_error: None,
        }
    }
}
