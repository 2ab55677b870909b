//! Pages, files and errors as HTTP answers.

use access::Subject;
use app::DeniedAct;
use axum::Json;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use store::StoreError;

use super::read::{Given, Outcome, Who};
use super::web::Web;
use crate::error_page::ErrorPage;
use crate::frame::{Viewer, document};
use crate::{Cache, Download, Page, PageError, PublicContext, percent_encoded};

impl Web {
    /// The answer to a request that was carried out, or not.
    pub(crate) fn answer(
        &self,
        read: Result<Outcome, StoreError>,
        public: &PublicContext,
    ) -> Response {
        match read {
            Err(error) => self.error(
                &Who::Nobody(Box::new(public.clone())),
                &PageError::from(error),
            ),
            Ok(Outcome { who, result, .. }) => match result {
                Ok(Given::Page(page)) => self.page(&who, page.as_ref()),
                Ok(Given::Download(file)) => download(file),
                Ok(Given::Data(data)) => Json(data).into_response(),
                Err(error) if public.address.starts_with("/api/") => {
                    super::api::refused_reading(&public.l, error)
                }
                Err(error) => self.error(&who, &error),
            },
        }
    }

    /// Leaves a leaf and a row of a route that the decision refused; `name` is the page's, or the
    /// command's of a form. What nobody asked for by name (no session) stays in the log only.
    pub(crate) async fn note_denial(&self, denied: Option<(Subject, DeniedAct)>, name: String) {
        let Some((subject, act)) = denied else {
            return;
        };
        let noted = self
            .app()
            .record_denied_page(self.tenant(), &subject, name, act)
            .await;
        if let Err(refusal) = noted {
            tracing::error!(%refusal, "a refused page was not recorded");
        }
    }

    /// A page in its frame.
    pub(crate) fn page(&self, who: &Who, page: &dyn Page) -> Response {
        let viewer = match who {
            Who::Nobody(public) => Viewer::Public(public),
            Who::Person(context) => Viewer::SignedIn(context, self.routes()),
        };
        let head = page.head();
        let html = match document(page, viewer, self.site()) {
            Ok(html) => html,
            Err(error) => {
                tracing::error!(%error, "a template failed");
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
        };
        let cache = match (head.cache, who) {
            (Cache::Public { seconds }, Who::Nobody(_)) => format!("public, max-age={seconds}"),
            _ => "no-store".to_owned(),
        };
        let status = StatusCode::from_u16(head.status).unwrap_or(StatusCode::OK);
        let mut response = (status, html).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        );
        let cache = HeaderValue::from_str(&cache).expect("words and digits");
        headers.insert(header::CACHE_CONTROL, cache);
        let vary = "HX-Request, HX-Request-Type, Cookie, Accept-Language";
        headers.insert(header::VARY, HeaderValue::from_static(vary));
        let language = HeaderValue::from_static(who.public().l.tag());
        headers.insert(header::CONTENT_LANGUAGE, language);
        response
    }

    /// An error as its page, in the frame of whoever asked.
    pub(crate) fn error(&self, who: &Who, error: &PageError) -> Response {
        let public = who.public();
        if matches!(error, PageError::SignIn) {
            let back = percent_encoded(&public.address);
            return go(public, &format!("/sign-in?back={back}"));
        }
        if matches!(error, PageError::Reauthenticate) {
            let back = percent_encoded(&public.address);
            return go(public, &format!("/prove?back={back}"));
        }
        if matches!(error, PageError::MustChangePassword) {
            return go(public, crate::OWN_PASSWORD_PAGE);
        }
        if matches!(error, PageError::MustSetFactor) {
            return go(public, crate::OWN_FACTOR_PAGE);
        }
        if let PageError::Bug(what) = error {
            tracing::error!(request = public.request, what, "defect");
        }
        let is_signed_in = matches!(who, Who::Person(_));
        let page = ErrorPage::new(
            public.l.clone(),
            error,
            &public.request,
            &public.address,
            is_signed_in,
        );
        let mut response = self.page(who, &page);
        let wait = match error {
            PageError::TooMany { retry_after_s } => *retry_after_s,
            PageError::Unavailable | PageError::OutcomeUnknown => super::limits::RETRY_AFTER_S,
            _ => 0,
        };
        if wait > 0 {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, wait.into());
        }
        response
    }
}

/// Who was refused what by the decision on a route.
pub(crate) fn denied(outcome: &Result<Outcome, StoreError>) -> Option<(Subject, DeniedAct)> {
    match outcome {
        Ok(Outcome {
            who: Who::Person(context),
            result: Err(PageError::Denied { act: Some(act), .. }),
            ..
        }) => Some((context.subject.clone(), act.clone())),
        _ => None,
    }
}

/// Sends the visitor to another page of ours: 303, or the header that htmx follows.
pub(crate) fn go(public: &PublicContext, to: &str) -> Response {
    let Ok(to) = HeaderValue::from_str(to) else {
        tracing::error!(to, "an address with characters that no header takes");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if public.is_fragment {
        let name = HeaderName::from_static("hx-redirect");
        return (StatusCode::OK, [(name, to)]).into_response();
    }
    (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
}

/// A path within the product, or the home page: nobody is sent elsewhere by a crafted link.
pub(crate) fn local(path: &str) -> &str {
    let is_local = path.starts_with('/')
        && !path.starts_with("//")
        && path
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_local { path } else { "/" }
}

fn download(file: Download) -> Response {
    let name = percent_encoded(&file.name);
    let disposition = format!("attachment; filename*=UTF-8''{name}");
    let disposition = HeaderValue::from_str(&disposition).expect("percent-encoded");
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static(file.media_type),
        ),
        (header::CONTENT_DISPOSITION, disposition),
        // Whatever it holds, it is not a page of ours.
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; sandbox"),
        ),
    ];
    (headers, Body::from(file.bytes)).into_response()
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn nobody_is_sent_elsewhere() {
        for (path, expected) in [
            ("/rounds?page=2", "/rounds?page=2"),
            ("//evil.cn/", "/"),
            ("/\\evil.cn", "/"),
            ("https://evil.cn", "/"),
            ("", "/"),
            ("/a\r\nSet-Cookie: x", "/"),
        ] {
            assert_eq!(local(path), expected, "{path:?}");
        }
    }
}
