//! Every sample of every page at an address of its own, through the same stack as the pages
//! themselves: router, frame, assets, headers. For a real browser.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::route::Work;
use crate::{
    Catalogue, Context, FeatureWeb, Language, Locale, LocaleFiles, Page, PageError, Params, Policy,
    PublicContext, Route,
};

/// Patterns of the two routes: for everybody, and for whoever is signed in.
const OPEN: &str = "/samples/open/{route}/{sample}";
const OFFICE: &str = "/samples/office/{route}/{sample}";

/// One sample that can be visited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its route and its name, `GET /rounds (score.read anywhere) longest`.
    pub name: String,
    /// Its address.
    pub address: String,
    /// Whether its page is for everybody: to be visited without signing in.
    pub is_open: bool,
    /// Whether it is a part of a page, which a script puts in its place: it has no heading.
    pub is_part: bool,
}

/// The showroom of some features and of web's own pages: a feature whose routes show the samples,
/// and what there is to see. A page that several routes show (a form and its page) stands once.
///
/// # Panics
///
/// If the texts are not sound or a template fails.
pub fn showroom(features: &[FeatureWeb]) -> (FeatureWeb, Vec<Shown>) {
    let mut routes: Vec<Route> = own_samples();
    routes.extend(features.iter().flat_map(|feature| feature.routes.clone()));
    let mut locales: Vec<LocaleFiles> = features.iter().map(|feature| feature.locales).collect();
    locales.push(crate::locales());
    let catalogue = Catalogue::new(&locales).expect("the texts are sound");
    let shown = listed(&routes, &catalogue.locale(Language::Chinese));
    let routes = Arc::new(routes);
    let rooms = FeatureWeb {
        name: "showroom",
        // The texts of the features are joined already.
        locales: LocaleFiles {
            owner: "showroom",
            chinese: &[],
            english: &[],
        },
        routes: vec![open(routes.clone()), office(routes)],
    };
    (rooms, shown)
}

/// The pages that web shows without a route of the table, as routes that only bring samples.
pub(crate) fn own_samples() -> Vec<Route> {
    let mut routes = crate::own_routes();
    routes.extend([
        sampled::<crate::error_page::ErrorPage>("/error"),
        sampled::<crate::resend::Resend>("/resend"),
        sampled::<crate::sign_in::SignInPage>("/sign-in"),
        sampled::<crate::sign_in::SetPasswordPage>("/set-password"),
        sampled::<crate::sign_in::ActivatePage>("/activate"),
    ]);
    routes
}

/// A route that only brings the samples of its page.
pub(crate) fn sampled<P: Page + 'static>(path: &'static str) -> Route {
    Route::public(path, |_, _, _| Err::<P, _>(PageError::NotFound))
}

fn listed(routes: &[Route], l: &Locale) -> Vec<Shown> {
    let mut seen = BTreeSet::new();
    let mut shown = Vec::new();
    for (number, route) in routes.iter().enumerate() {
        let is_open = matches!(route.policy(), Policy::Public);
        for (sample, page) in route.samples(l) {
            let html = page.dyn_render().expect("a sample renders");
            if !seen.insert((page.head().title, html)) {
                continue;
            }
            let room = if is_open { "open" } else { "office" };
            shown.push(Shown {
                name: format!("{route:?} {sample}"),
                address: format!("/samples/{room}/{number}/{sample}"),
                is_open,
                is_part: matches!(route.work(), Work::Draft(_)),
            });
        }
    }
    shown
}

fn open(routes: Arc<Vec<Route>>) -> Route {
    let work = move |context: &PublicContext, params: &Params, _: &mut dyn store::Connection| {
        find(&routes, &context.l, params)
    };
    Route::sample(OPEN, Policy::Public, Work::Public(Arc::new(work)))
}

fn office(routes: Arc<Vec<Route>>) -> Route {
    let work = move |context: &Context, params: &Params, _: &mut dyn store::Connection| {
        find(&routes, &context.l, params)
    };
    Route::sample(OFFICE, Policy::SignedIn, Work::Page(Arc::new(work)))
}

fn find(routes: &[Route], l: &Locale, params: &Params) -> Result<Box<dyn Page>, PageError> {
    let route = routes.get(params.parse::<usize>("route")?);
    let samples = route.ok_or(PageError::NotFound)?.samples(l);
    let wanted = params.path("sample");
    let found = samples.into_iter().find(|(name, _)| *name == wanted);
    found.map(|(_, page)| page).ok_or(PageError::NotFound)
}
