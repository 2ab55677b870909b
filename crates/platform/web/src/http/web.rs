//! The web side of the program in one value.

use std::num::NonZeroU32;
use std::sync::Arc;

use access::{AccountId, PasswordHasher, Profile, Role};
use app::App;
use axum::http::HeaderName;
use kernel::Tenant;

use super::cookies::Cookies;
use super::openapi::openapi;
use super::rate::Rates;
use crate::{Catalogue, Demo, FeatureWeb, LocaleError, Route, Site};

/// An account with one-click sign-in on the sign-in page of a demonstration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoAccount {
    /// The account.
    pub account: AccountId,
    /// The person's name.
    pub name: String,
    /// The role, for its name in the visitor's language.
    pub role: Role,
    /// The place, as the record names it.
    pub place: String,
}

/// What a folder made by `demo` has more than others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DemoSite {
    /// Accounts that anybody may sign in with.
    pub accounts: Vec<DemoAccount>,
    /// More of them, which the sign-in page folds away.
    pub further: Vec<DemoAccount>,
    /// The page that moves the business clock forward; empty where there is none.
    pub clock_page: String,
}

impl DemoSite {
    /// An account that anybody may sign in with.
    pub(crate) fn knows(&self, wanted: AccountId) -> Option<AccountId> {
        let mut accounts = self.accounts.iter().chain(&self.further);
        accounts
            .find(|known| known.account == wanted)
            .map(|known| known.account)
    }
}

/// What the web side is made of.
pub struct Setup {
    /// The program.
    pub app: App,
    /// The governed area that is served.
    pub tenant: Tenant,
    /// Pages and texts of the features.
    pub features: Vec<FeatureWeb>,
    /// Who runs the installation.
    pub site: Site,
    /// The hashing threads.
    pub hasher: PasswordHasher,
    /// The rules of sign-in.
    pub profile: Profile,
    /// Set in a folder made by `demo`, and only there.
    pub demo: Option<DemoSite>,
    /// Whether a reverse proxy ends TLS before us.
    pub behind_proxy: bool,
    /// The header in which that proxy gives the visitor's address.
    pub forwarded_header: String,
    /// Requests of one account in a minute, on average; an address may send fifty times as many.
    /// 0 = no limit.
    pub requests_per_minute: u32,
}

/// A defect of the build, found at the start.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The texts.
    #[error(transparent)]
    Locale(#[from] LocaleError),
    /// The name of the proxy's header is none.
    #[error("not the name of a header: {0}")]
    Header(String),
    /// Two routes for one address.
    #[error("two features have the route {0}")]
    Twice(String),
    /// A form whose command no feature registers.
    #[error("the form {route} sends the command {command}, which no feature registers")]
    NoCommand {
        /// The route.
        route: String,
        /// The command.
        command: &'static str,
    },
}

/// The web side of the program. Cheap to clone.
#[derive(Clone)]
pub struct Web(Arc<Inner>);

struct Inner {
    app: App,
    tenant: Tenant,
    routes: Vec<Route>,
    catalogue: Arc<Catalogue>,
    site: Arc<Site>,
    hasher: PasswordHasher,
    profile: Profile,
    demo: Option<DemoSite>,
    behind_proxy: bool,
    forwarded_header: HeaderName,
    rates: Option<Rates>,
    openapi: String,
}

impl Web {
    /// Joins the parts and checks that they fit.
    pub fn new(setup: Setup) -> Result<Web, SetupError> {
        let locales: Vec<_> = setup
            .features
            .iter()
            .map(|feature| feature.locales)
            .collect();
        let catalogue = Catalogue::new(&locales)?;
        let mut routes = crate::own_routes();
        routes.extend(
            setup
                .features
                .into_iter()
                .flat_map(|feature| feature.routes),
        );
        check(&routes, &setup.app)?;
        let header = setup.forwarded_header.parse::<HeaderName>();
        Ok(Web(Arc::new(Inner {
            openapi: openapi(&setup.app, &routes),
            forwarded_header: header.map_err(|_| SetupError::Header(setup.forwarded_header))?,
            rates: NonZeroU32::new(setup.requests_per_minute)
                .map(|per_minute| Rates::new(&setup.app, per_minute)),
            app: setup.app,
            tenant: setup.tenant,
            routes,
            catalogue,
            site: Arc::new(setup.site),
            hasher: setup.hasher,
            profile: setup.profile,
            demo: setup.demo,
            behind_proxy: setup.behind_proxy,
        })))
    }

    /// Every route, web's own first: for the permission matrix.
    pub fn routes(&self) -> &[Route] {
        &self.0.routes
    }

    pub(crate) fn app(&self) -> &App {
        &self.0.app
    }

    pub(crate) fn tenant(&self) -> Tenant {
        self.0.tenant
    }

    pub(crate) fn catalogue(&self) -> &Arc<Catalogue> {
        &self.0.catalogue
    }

    pub(crate) fn site(&self) -> &Arc<Site> {
        &self.0.site
    }

    pub(crate) fn hasher(&self) -> &PasswordHasher {
        &self.0.hasher
    }

    pub(crate) fn profile(&self) -> Profile {
        self.0.profile
    }

    pub(crate) fn demo_site(&self) -> Option<&DemoSite> {
        self.0.demo.as_ref()
    }

    pub(crate) fn demo(&self) -> Option<Demo> {
        let demo = self.0.demo.as_ref()?;
        Some(Demo {
            clock_page: demo.clock_page.clone(),
        })
    }

    pub(crate) fn behind_proxy(&self) -> bool {
        self.0.behind_proxy
    }

    pub(crate) fn forwarded_header(&self) -> &HeaderName {
        &self.0.forwarded_header
    }

    /// Limits of requests, where there are any.
    pub(crate) fn rates(&self) -> Option<&Rates> {
        self.0.rates.as_ref()
    }

    pub(crate) fn openapi_document(&self) -> &str {
        &self.0.openapi
    }

    /// Secure everywhere but in a demonstration on loopback, where Safari would drop them.
    pub(crate) fn cookies(&self) -> Cookies {
        Cookies {
            secure: self.0.behind_proxy || self.0.demo.is_none(),
        }
    }
}

fn check(routes: &[Route], app: &App) -> Result<(), SetupError> {
    let mut seen = std::collections::HashSet::new();
    for route in routes {
        if !seen.insert((route.method(), route.path())) {
            return Err(SetupError::Twice(format!("{route:?}")));
        }
        if let Some(command) = route.command()
            && app.command(command).is_none()
        {
            return Err(SetupError::NoCommand {
                route: format!("{route:?}"),
                command,
            });
        }
    }
    Ok(())
}
