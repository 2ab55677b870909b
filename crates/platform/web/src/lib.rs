//! Page shell, components, assets, locales, routes, errors, uploads, OpenAPI.
//!
//! A feature brings a [`FeatureWeb`]: its [`Route`]s and its Fluent files. A page is a struct that
//! implements [`Page`], with an askama template beside its Rust file. Everything else (router,
//! menu, security headers, sessions, CSRF, error pages, the API) is made here from those.

extern crate self as web;

mod assets;
mod components;
mod context;
mod error;
mod error_page;
mod finding_text;
mod form;
mod frame;
#[cfg(test)]
mod gallery;
mod language;
mod locale;
mod menu;
mod page;
mod params;
mod policy;
mod route;
mod settings;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use assets::{Icon, asset, icon};
pub use components::{
    Bar, Choice, Known, Pager, SortHead, Sorting, Stat, Step, StepState, Task, TaskGroup,
    TaskState, TrailEntry, TrailState, bar,
};
pub use context::{Context, Demo, FormStart, PublicContext};
pub use error::PageError;
pub use finding_text::{FindingText, field_id};
pub use form::{Attempt, Form, PostedFile};
pub use frame::Site;
pub use language::Language;
pub use locale::{Catalogue, Locale, LocaleError, LocaleFiles, Text, TextArg};
pub use menu::{MenuEntry, MenuGroup, MenuLink, MenuPart};
pub use page::{Cache, ContextBar, Head, Link, Page, Samples, Shell};
pub use params::{Params, percent_encoded};
pub use policy::{Policy, Target, TargetOf};
pub use route::{Download, FeatureWeb, FormHandler, Method, Route, matrix};
pub use settings::{Density, Display, TextSize, Theme};

/// Web's own texts.
pub fn locales() -> LocaleFiles {
    locale_files!("shell", "components", "errors", "findings")
}
