//! The router, and the handlers of pages that only read.

use axum::Router;
use axum::extract::{Path, RawPathParams, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};

use super::documents::denied;
use super::web::Web;
use super::{api, forms, headers, limits, upload};
use crate::route::Work;
use crate::{Method, PageError};

impl Web {
    /// The whole HTTP side, without the listening: tests send requests straight into it.
    pub fn router(&self) -> Router {
        let mut router = Router::new();
        for (index, route) in self.routes().iter().enumerate() {
            let handler: MethodRouter<Web> = match (route.method(), route.work()) {
                (Method::Post, Work::Form(_) | Work::Draft(_) | Work::Returned(_)) => post(
                    move |State(web): State<Web>, path: RawPathParams, request: Request| async move {
                        forms::post(&web, index, &path, request).await
                    },
                ),
                _ => get(
                    move |State(web): State<Web>, path: RawPathParams, request: Request| async move {
                        show(&web, index, &path, request).await
                    },
                ),
            };
            router = router.route(route.path(), handler);
        }
        let secure = self.behind_proxy();
        router
            .merge(crate::sign_in::router())
            .merge(api::router())
            .merge(upload::router())
            .route("/assets/{version}/{*path}", get(asset))
            .route("/health", get(health))
            .fallback(not_found)
            .with_state(self.clone())
            .layer(from_fn_with_state(self.clone(), limits::guard))
            .layer(from_fn(move |request, next| {
                headers::protect(secure, request, next)
            }))
    }
}

async fn show(web: &Web, index: usize, path: &RawPathParams, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let asked = web.asked(&parts, Some(path));
    let (public, params) = (asked.public.clone(), asked.params);
    let route = web.routes()[index].clone();
    let outcome = web
        .read(asked.public, asked.session, move |who, connection| {
            Web::run(&route, who, &params, connection)
        })
        .await;
    web.note_denial(denied(&outcome), web.routes()[index].journal_name())
        .await;
    web.answer(outcome, &public)
}

async fn not_found(State(web): State<Web>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let asked = web.asked(&parts, None);
    let public = asked.public.clone();
    let outcome = web
        .read(asked.public, asked.session, |_, _| Err(PageError::NotFound))
        .await;
    web.answer(outcome, &public)
}

/// For ever, because the address holds the hash.
async fn asset(Path((version, path)): Path<(String, String)>) -> Response {
    let Some(asset) = crate::assets::find(&version, &path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static(asset.media_type),
        ),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=31536000, immutable"),
        ),
    ];
    (headers, asset.bytes.into_owned()).into_response()
}

/// 200 where the store reads and takes writes, else 503 with the reason: for the operator's
/// watch and the proxy. Says nothing about the data.
async fn health(State(web): State<Web>) -> Response {
    let store = web.app().store();
    let reads = store.read(app::tenant::tenants).await;
    let health = store.health();
    let problem = match (reads, health.refuses_writes) {
        (Err(error), _) => Some(error.to_string()),
        (Ok(_), Some(reason)) => Some(reason),
        (Ok(_), None) => None,
    };
    let told = if health.until_restart {
        "store: takes no writes until a restart\n"
    } else {
        "store\n"
    };
    match problem {
        None => "ok\n".into_response(),
        Some(problem) => {
            tracing::error!(problem, "not healthy");
            (StatusCode::SERVICE_UNAVAILABLE, told).into_response()
        }
    }
}
