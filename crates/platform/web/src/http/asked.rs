//! What a request asks, before it is known who asks.

use std::sync::Arc;

use access::{DeviceToken, SessionToken};
use axum::extract::RawPathParams;
use axum::http::HeaderMap;
use axum::http::request::Parts;

use super::cookies::Cookie;
use super::web::Web;
use crate::{Attempt, Density, Display, Language, Params, PublicContext, TextSize, Theme};

/// Names that `RequestTrace` carries through the layers.
#[derive(Clone, Debug)]
pub(super) struct Trace(pub String);

/// A request as the handlers need it.
pub(crate) struct Asked {
    pub public: PublicContext,
    pub params: Params,
    pub session: Option<SessionToken>,
    pub device: Option<DeviceToken>,
    /// The visitor's address, where it is known.
    pub from: Option<std::net::IpAddr>,
    /// Browser and system, for the list of own sessions.
    pub agent: String,
}

impl Web {
    /// Reads language, settings and cookies of a request.
    pub(crate) fn asked(&self, parts: &Parts, path: Option<&RawPathParams>) -> Asked {
        let headers = &parts.headers;
        let cookies = self.cookies();
        let setting = |name| {
            cookies
                .get(headers, Cookie::Setting(name))
                .unwrap_or_default()
        };
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let language = Language::negotiate(
            cookies.get(headers, Cookie::Setting("lang")),
            text("accept-language"),
        );
        // A history restore and a swap of the whole body want the whole page.
        let is_fragment = text("hx-request").is_some()
            && text("hx-request-type") == Some("partial")
            && text("hx-history-restore-request").is_none();
        let session = self.session_token(headers);
        let csrf = session
            .as_ref()
            .map_or_else(String::new, SessionToken::form_key);
        let address = parts
            .uri
            .path_and_query()
            .map_or("/", |address| address.as_str());
        let trace = parts
            .extensions
            .get::<Trace>()
            .map_or("", |trace| trace.0.as_str());
        let public = PublicContext {
            l: self.catalogue().locale(language),
            tenant: self.tenant(),
            now: self.app().clock().now(),
            request: trace.to_owned(),
            address: address.to_owned(),
            display: Display {
                theme: Theme::of(setting("theme")),
                density: Density::of(setting("density")),
                text: TextSize::of(setting("text")),
            },
            is_fragment,
            demo: self.demo(),
            attempt: Attempt::default(),
            site: Arc::clone(self.site()),
            csrf,
            ids: crate::context::Ids::new(self.app().entropy().draw()),
            app: Some(self.app().clone()),
        };
        let path = path.map_or_else(Vec::new, |path| {
            path.iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect()
        });
        let device = cookies
            .get(headers, Cookie::Device)
            .and_then(DeviceToken::parse);
        Asked {
            public,
            params: Params::new(path, query(parts)),
            session,
            device,
            from: self.from(parts),
            agent: crate::sign_in::device_name(headers),
        }
    }

    /// The session of a request: its cookie, or `Authorization: Bearer tenant.token` of a program.
    pub(super) fn session_token(&self, headers: &HeaderMap) -> Option<SessionToken> {
        let cookie = self.cookies().get(headers, Cookie::Session);
        let (tenant, token) = bearer(headers).or(cookie).and_then(SessionToken::parse)?;
        (tenant == self.tenant()).then_some(token)
    }
}

/// The token of an `Authorization: Bearer` header.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get("authorization")?.to_str().ok()?;
    value.strip_prefix("Bearer ")
}

fn query(parts: &Parts) -> Vec<(String, String)> {
    axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
        .map_or_else(|_| Vec::new(), |query| query.0)
}
