//! HTTP: the router, sessions, forms, the API, and the server around them.

mod api;
mod asked;
mod cookies;
mod documents;
mod drafts;
mod factor;
mod forms;
mod from;
mod headers;
mod limits;
mod openapi;
mod origin;
mod pages;
mod password;
mod rate;
mod read;
mod resumable;
mod second_step;
mod server;
#[cfg(test)]
mod tests;
mod upload;
mod web;

pub(crate) use asked::Asked;
pub(crate) use cookies::Cookie;
pub(crate) use documents::{go, local};
pub use openapi::openapi;
pub(crate) use read::{Given, Who};
pub use server::{Listen, ServeError};
pub use upload::FILE_MAX;
pub use web::{DemoAccount, DemoSite, Setup, SetupError, Web};
