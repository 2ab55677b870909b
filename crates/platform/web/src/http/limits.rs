//! A limit on everything: requests at once, time, and a trace number with a log line for each.

use std::sync::Arc;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tokio::sync::Semaphore;

use super::asked::Trace;
use super::read::Who;
use super::resumable;
use super::upload::has_files;
use super::web::Web;
use crate::PageError;

/// Requests worked on at once; more get 503 at once instead of a queue that nobody waits for.
pub(crate) const REQUESTS_MAX: usize = 512;
/// When to try again after 503, in seconds.
pub(crate) const RETRY_AFTER_S: u32 = 2;
/// The longest time for one answer, in seconds.
const ANSWER_S: u64 = 30;
/// The longest time for an upload, in seconds: 20 MB over a village's line.
const UPLOAD_S: u64 = 600;

static ROOM: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(REQUESTS_MAX)));
static COUNT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);

/// Gives the request a trace number, a place and a time-out, and writes its line in the log. The
/// line has the route's pattern, never the query: that may hold names.
pub(super) async fn guard(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let trace = trace_number();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "(none)".to_owned(), |path| path.as_str().to_owned());
    request.extensions_mut().insert(Trace(trace.clone()));
    let asked = Asker::of(&request);
    let allowed = asked.allowed(&web).await;
    let begun = Instant::now();
    let place = match too_fast(&web, &asked.0) {
        _ if !is_meant_for_us(&web, &asked.0.headers) => Err(PageError::NotFound),
        Some(retry_after_s) => Err(PageError::TooMany { retry_after_s }),
        None => ROOM
            .clone()
            .try_acquire_owned()
            .map_err(|_| PageError::Unavailable),
    };
    let mut response = match place {
        Err(error) => asked.answer(&web, &error),
        Ok(_place) => in_time(allowed, method.is_safe(), next.run(request))
            .await
            .unwrap_or_else(|error| asked.answer(&web, &error)),
    };
    let status = response.status().as_u16();
    let elapsed_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    if status >= 500 {
        tracing::error!(request = trace, %method, route, status, elapsed_ms, "answered");
    } else {
        tracing::info!(request = trace, %method, route, status, elapsed_ms, "answered");
    }
    if let Ok(value) = HeaderValue::from_str(&trace) {
        response
            .headers_mut()
            .insert(HeaderName::from_static("x-request-id"), value);
    }
    response
}

/// The answer, or why there is none. In a task of its own: what panics ends alone, and a command
/// goes on when its sender leaves or its time is over, so that nobody knows what became of it. What
/// only reads was not done.
async fn in_time(
    allowed: Duration,
    only_reads: bool,
    work: impl Future<Output = Response> + Send + 'static,
) -> Result<Response, PageError> {
    match tokio::time::timeout(allowed, tokio::spawn(work)).await {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(broken)) => Err(PageError::Bug(broken.to_string())),
        Err(_) if only_reads => Err(PageError::Unavailable),
        Err(_) => Err(PageError::OutcomeUnknown),
    }
}

/// Whether a request was meant for this server. Where no proxy stands in front it answers on
/// loopback alone, and a page from elsewhere that has its own name point there is not a visitor.
/// Programs that send no name of a host are no browsers.
fn is_meant_for_us(web: &Web, headers: &axum::http::HeaderMap) -> bool {
    let Some(host) = headers.get(axum::http::header::HOST) else {
        return true;
    };
    let authority = host
        .to_str()
        .ok()
        .and_then(|host| host.parse::<axum::http::uri::Authority>().ok());
    let is_own = |name: &str| {
        name.eq_ignore_ascii_case("localhost")
            || name
                .trim_matches(['[', ']'])
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    };
    web.behind_proxy() || authority.is_some_and(|authority| is_own(authority.host()))
}

/// For how many seconds the address has to wait; none where it may go on. What costs nothing
/// (assets, the operator's watch) is not counted.
fn too_fast(web: &Web, parts: &axum::http::request::Parts) -> Option<u32> {
    let path = parts.uri.path();
    if path.starts_with("/assets/") || path == "/health" {
        return None;
    }
    web.rates()?.address(web.from(parts)?).err()
}

/// What is kept of a request for the case that its handler gives no answer.
struct Asker(axum::http::request::Parts);

impl Asker {
    fn of(request: &Request) -> Asker {
        let mut bare = Request::new(());
        *bare.uri_mut() = request.uri().clone();
        *bare.headers_mut() = request.headers().clone();
        *bare.extensions_mut() = request.extensions().clone();
        Asker(bare.into_parts().0)
    }

    /// How long the answer may take: long only for the files of somebody who is signed in, so that
    /// strangers cannot hold all places by sending slowly.
    async fn allowed(&self, web: &Web) -> Duration {
        let brings = has_files(&self.0.headers) || resumable::is_part(&self.0.headers);
        let slow = brings
            && web
                .signed_in(&web.asked(&self.0, None))
                .await
                .is_ok_and(|account| account.is_some());
        Duration::from_secs(if slow { UPLOAD_S } else { ANSWER_S })
    }

    /// The error as a page for people, as JSON for programs.
    fn answer(&self, web: &Web, error: &PageError) -> Response {
        let public = web.asked(&self.0, None).public;
        if self.0.uri.path().starts_with("/api/") {
            return super::api::unanswered(&public, error);
        }
        web.error(&Who::Nobody(Box::new(public)), error)
    }
}

/// Short enough to read over the telephone; unique within a run of the program, and runs differ by
/// their first part.
fn trace_number() -> String {
    static RUN: LazyLock<u32> = LazyLock::new(|| {
        let drawn = app::Entropy::draw(&app::SystemEntropy);
        u32::from_be_bytes([drawn[0], drawn[1], drawn[2], drawn[3]])
    });
    let count = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    format!("{:08x}-{count:06x}", *RUN)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::response::{IntoResponse, Response};

    use super::in_time;
    use crate::PageError;

    async fn never() -> Response {
        std::future::pending().await
    }

    #[tokio::test]
    async fn only_what_cannot_have_been_done_is_said_not_to_be_done() {
        let short = Duration::from_millis(1);
        let command = in_time(short, false, never()).await.err();
        assert_eq!(command, Some(PageError::OutcomeUnknown));
        let reading = in_time(short, true, never()).await.err();
        assert_eq!(reading, Some(PageError::Unavailable));
        let answered = in_time(Duration::from_mins(1), false, async { ().into_response() });
        assert!(answered.await.is_ok());
    }
}
