//! Page shell, components, assets, locales, routes, errors, uploads, OpenAPI.
//!
//! A feature brings a [`FeatureWeb`]: its [`Route`]s and its Fluent files. A page is a struct that
//! implements [`Page`], with an askama template beside its Rust file. Everything else (router,
//! menu, security headers, sessions, CSRF, error pages, the API) is made here from those.

extern crate self as web;

use std::sync::LazyLock;

mod assets;
pub mod chart;
mod components;
mod contact;
mod context;
mod error;
mod error_page;
mod field_names;
mod finding_text;
mod form;
mod frame;
#[cfg(test)]
mod gallery;
mod home;
mod http;
mod language;
mod locale;
mod marked;
mod media;
mod menu;
mod page;
mod panel_text;
mod params;
mod policy;
mod resend;
mod route;
mod settings;
mod sign_in;
pub mod table;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod text_check;

pub use assets::{Icon, asset, icon};
pub use components::{
    Bar, Choice, Known, Pager, SortHead, Sorting, Stat, Step, StepState, Task, TaskGroup,
    TaskState, TrailEntry, TrailState, bar,
};
pub use context::{Context, Demo, FormStart, PublicContext};
pub use error::PageError;
pub use finding_text::{FindingText, field_id};
pub use form::{Attempt, Form, PostedFile, typed_number};
pub use frame::Site;
pub use http::{
    DemoAccount, DemoSite, FILE_MAX, Listen, ServeError, Setup, SetupError, Web, openapi,
};
pub use language::Language;
pub use locale::{Catalogue, Locale, LocaleError, LocaleFiles, Text, TextArg};
pub use marked::marked;
pub use media::{SHRINK_EDGE_PX, SHRINK_OVER_BYTES};
pub use menu::{MenuEntry, MenuGroup, MenuLink, MenuPart};
pub use page::{Cache, ContextBar, Head, Link, Page, Samples, Shell};
pub use panel_text::PanelTexts;
pub use params::{Params, percent_encoded};
pub use policy::{Policy, Target, TargetOf};
pub use route::{
    AnswerHandler, Download, DraftHandler, FeatureWeb, FormHandler, Method, ReadAnswer, ReadTable,
    Returned, Route, matrix,
};
pub use settings::{Density, Display, TextSize, Theme};
pub use table::{Cell, ExportLinks, Table, TableFormat};

/// The page on which somebody signed in sets a new password of her own: where a password that is
/// too old leads. A feature brings it.
pub const OWN_PASSWORD_PAGE: &str = "/me/password";

/// The page on which somebody signed in sets her second factor up: where a role leads that asks for
/// one. A feature brings it.
pub const OWN_FACTOR_PAGE: &str = "/me/factor";

/// Web's own pages; those of signing in have no policy and no place in this table.
fn own_routes() -> Vec<Route> {
    let today = MenuEntry {
        group: MenuGroup::Workbench,
        order: 0,
        icon: "home",
        text: "home-title",
    };
    vec![
        Route::page("/", Policy::SignedIn, home::page).menu(today),
        Route::public("/contact", contact::page),
    ]
}

#[derive(rust_embed::RustEmbed)]
#[folder = "locales"]
struct Texts;

/// Web's own texts, and those of the findings of every crate below it: all files of `locales`.
pub fn locales() -> LocaleFiles {
    static FILES: LazyLock<LocaleFiles> = LazyLock::new(|| LocaleFiles {
        owner: "web",
        chinese: texts("zh-CN/"),
        english: texts("en/"),
    });
    *FILES
}

/// The embedded files of one folder, kept for the life of the program.
fn texts(folder: &str) -> &'static [(&'static str, &'static str)] {
    let mut files = Vec::new();
    for path in Texts::iter().filter(|path| path.starts_with(folder)) {
        let file = Texts::get(&path).expect("the path came from the list");
        let text = String::from_utf8(file.data.into_owned()).expect("texts are UTF-8");
        let name: &'static str = path[folder.len()..].to_owned().leak();
        files.push((name, &*text.leak()));
    }
    files.sort_unstable();
    files.leak()
}
