//! Tools for the tests of web and of every feature: locale checks and rendering of samples.

mod locales;
mod markup;
mod render;
pub(crate) mod showroom;
mod site;

pub use locales::{LocaleCheck, check_locales};
pub use markup::check_markup;
pub use render::{public_context, render_all, render_page};
pub use showroom::{Shown, showroom};
pub use site::{TestAnswer, TestSite, browser};
