//! The API: commands for programs, the document that describes them, and a session to send them.

use access::sign_in::{EnterCode, SignIn, sign_in};
use access::{DeviceToken, Entered, HalfToken, Password, SignInError};
use app::{Caller, Envelope, Refusal, RefusalKind, Via};
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use kernel::{CommandId, Finding, Instant};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::asked::bearer;
use super::read::{Outcome, Who};
use super::web::Web;
use crate::{Locale, PageError, PublicContext};

/// The longest body of a command, in bytes; larger things are files first.
const BODY_MAX: usize = 4 * 1024 * 1024;

pub(super) fn router() -> Router<Web> {
    Router::new()
        .route("/api/v1/commands/{name}", post(command))
        .route("/api/v1/session", post(open_session).delete(close_session))
        .route("/api/v1/openapi.json", get(document))
        .layer(DefaultBodyLimit::max(BODY_MAX))
}

/// A command as a program sends it; its name is in the address.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    id: CommandId,
    body: Value,
    #[serde(default)]
    seen_revision: Option<i64>,
    #[serde(default)]
    observed_at: Option<Instant>,
}

/// A command that was carried out.
#[derive(Serialize)]
struct Answered {
    answer: Value,
    repeated: bool,
}

/// A refusal: its kind, and each finding as data and in words.
#[derive(Serialize)]
struct Refused {
    kind: RefusalKind,
    findings: Vec<RefusedFinding>,
}

#[derive(Serialize)]
struct RefusedFinding {
    #[serde(flatten)]
    finding: Finding,
    text: String,
    remedy: String,
}

async fn command(State(web): State<Web>, Path(name): Path<String>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let asked = web.asked(&parts, None);
    let l = asked.public.l.clone();
    // A program says `Bearer`; a page of ours comes with its cookie and from our own origin.
    if bearer(&parts.headers).is_none() && Web::is_from_elsewhere(&parts.headers) {
        return refuse(
            &l,
            Refusal::new(RefusalKind::Denied, Finding::error("form-foreign")),
        );
    }
    let outcome = web
        .read(asked.public, asked.session, |_, _| Err(PageError::NotFound))
        .await;
    let who = match outcome {
        Ok(Outcome {
            result: Err(PageError::TooMany { retry_after_s }),
            ..
        }) => return too_fast(&l, retry_after_s),
        Ok(outcome) => outcome.who,
        Err(error) => return refuse(&l, Refusal::from(error)),
    };
    let Who::Person(context) = who else {
        return not_signed_in(&l);
    };
    if let Err(due) = context.nothing_due(parts.uri.path()) {
        return refused_reading(&l, due);
    }
    if !is_json(&parts.headers) {
        return not_taken(&l, StatusCode::UNSUPPORTED_MEDIA_TYPE, "api-not-json");
    }
    let Ok(bytes) = axum::body::to_bytes(body, BODY_MAX).await else {
        return not_taken(&l, StatusCode::PAYLOAD_TOO_LARGE, "form-too-large");
    };
    let Ok(sent) = serde_json::from_slice::<Sent>(&bytes) else {
        let finding = Finding::error("command-body");
        return refuse(&l, Refusal::from(finding));
    };
    let caller = Caller::Account {
        account: context.subject.account,
        authentication: context.subject.authentication,
        on_behalf_of: None,
    };
    let envelope = Envelope {
        id: sent.id,
        name,
        body: sent.body,
        seen_revision: sent.seen_revision,
        observed_at: sent.observed_at,
    };
    match web.execute(caller, Via::Api, envelope, None).await {
        Ok(done) => Json(Answered {
            answer: done.answer,
            repeated: done.repeated,
        })
        .into_response(),
        Err(refusal) => refuse(&l, refusal),
    }
}

/// Another type than JSON could be sent by a form of another site without asking us first.
fn is_json(headers: &axum::http::HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(';').next() == Some("application/json"))
}

fn refuse(l: &Locale, refusal: Refusal) -> Response {
    let status =
        StatusCode::from_u16(refusal.kind.status()).expect("statuses of refusals are known");
    let findings = refusal
        .findings
        .into_iter()
        .map(|finding| {
            let shown = l.finding(&finding);
            RefusedFinding {
                finding,
                text: shown.text,
                remedy: shown.remedy,
            }
        })
        .collect();
    let mut response = (
        status,
        Json(Refused {
            kind: refusal.kind,
            findings,
        }),
    )
        .into_response();
    if refusal.kind == RefusalKind::Unavailable {
        let wait = HeaderValue::from(super::limits::RETRY_AFTER_S);
        response.headers_mut().insert(header::RETRY_AFTER, wait);
    }
    response
}

/// The refusal for a request whose handler gave no answer: too busy, too slow, or broken.
pub(super) fn unanswered(public: &PublicContext, error: &PageError) -> Response {
    let refusal = match error {
        PageError::TooMany { retry_after_s } => return too_fast(&public.l, *retry_after_s),
        PageError::Bug(what) => Refusal::bug(what),
        PageError::OutcomeUnknown => Refusal::outcome_unknown(),
        _ => Refusal::new(RefusalKind::Unavailable, Finding::error("store-busy")),
    };
    refuse(&public.l, refusal)
}

/// What could not be read, told as commands tell it.
pub(super) fn refused_reading(l: &Locale, error: PageError) -> Response {
    let (kind, findings) = match error {
        PageError::SignIn => return not_signed_in(l),
        PageError::TooMany { retry_after_s } => return too_fast(l, retry_after_s),
        PageError::Denied { findings, .. } => (RefusalKind::Denied, findings),
        PageError::Invalid(findings) => (RefusalKind::Invalid, findings),
        PageError::Conflict(findings) => (RefusalKind::Conflict, findings),
        PageError::NotFound => return refuse(l, Refusal::not_found("record")),
        PageError::Reauthenticate | PageError::MustChangePassword => {
            let finding = Finding::error("password-too-old");
            (RefusalKind::Denied, vec![finding])
        }
        PageError::MustSetFactor => {
            let finding = Finding::error("factor-due");
            (RefusalKind::Denied, vec![finding])
        }
        PageError::Unavailable => {
            let finding = Finding::error("store-busy");
            (RefusalKind::Unavailable, vec![finding])
        }
        PageError::OutcomeUnknown => return refuse(l, Refusal::outcome_unknown()),
        PageError::Bug(what) => return refuse(l, Refusal::bug(&what)),
    };
    refuse(l, Refusal { kind, findings })
}

/// 429 for whoever sends more than the limits allow.
pub(super) fn too_fast(l: &Locale, retry_after_s: u32) -> Response {
    let finding = Finding::error("too-fast").arg("seconds", retry_after_s);
    let mut response = refuse(l, Refusal::new(RefusalKind::TooMany, finding));
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, retry_after_s.into());
    response
}

/// A body that is not read, told as every refusal is.
fn not_taken(l: &Locale, status: StatusCode, code: &'static str) -> Response {
    let mut response = refuse(l, Refusal::from(Finding::error(code)));
    *response.status_mut() = status;
    response
}

fn not_signed_in(l: &Locale) -> Response {
    let refusal = Refusal::new(RefusalKind::Denied, Finding::error("api-not-signed-in"));
    let mut response = refuse(l, refusal);
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    let bearer = HeaderValue::from_static("Bearer");
    response
        .headers_mut()
        .insert(header::WWW_AUTHENTICATE, bearer);
    response
}

/// Name and password of a program's account; the code too where it has a second factor.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Credentials {
    name: String,
    password: String,
    code: Option<String>,
}

/// The token for `Authorization: Bearer`.
#[derive(Serialize)]
struct Token {
    token: String,
}

async fn open_session(State(web): State<Web>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let asked = web.asked(&parts, None);
    let l = asked.public.l.clone();
    if Web::is_from_elsewhere(&parts.headers) || !is_json(&parts.headers) {
        return not_taken(&l, StatusCode::UNSUPPORTED_MEDIA_TYPE, "api-not-json");
    }
    let bytes = axum::body::to_bytes(body, 4096)
        .await
        .unwrap_or_else(|_| Bytes::new());
    let Ok(credentials) = serde_json::from_slice::<Credentials>(&bytes) else {
        return refuse(&l, Refusal::from(Finding::error("sign-in-wrong")));
    };
    let (store, half) = (
        web.app().store(),
        HalfToken::new(web.app().entropy().draw()),
    );
    let address = asked.from.map(|from| web.address_key(from));
    let request = SignIn {
        tenant: web.tenant(),
        name: credentials.name,
        password: Password::new(credentials.password),
        device: asked.device.clone(),
        address,
        previous: None,
        session: web.new_session("API"),
        new_device: DeviceToken::new(web.app().entropy().draw()),
        half: half.clone(),
        now: web.app().session_clock().now(),
    };
    let entered = sign_in(store, web.hasher(), web.profile(), request).await;
    let entered = match entered {
        Ok(Entered::In(signed_in)) => Ok(signed_in),
        Ok(Entered::Half) => {
            // Nobody guessed: it is said what is wanted, and nothing is counted.
            let Some(code) = credentials.code else {
                let finding = Finding::error("factor-wanted").field("code");
                return refuse(&l, Refusal::from(finding));
            };
            let request = EnterCode {
                tenant: web.tenant(),
                half,
                code,
                device: asked.device,
                address,
                previous: None,
                session: web.new_session("API"),
                new_device: DeviceToken::new(web.app().entropy().draw()),
                now: web.app().session_clock().now(),
            };
            web.enter_code(request, Via::Api).await
        }
        Err(error) => Err(error),
    };
    match entered {
        Ok(signed_in) => Json(Token {
            token: signed_in.token.cookie(web.tenant()),
        })
        .into_response(),
        Err(error) => refuse_sign_in(&l, error),
    }
}

fn refuse_sign_in(l: &Locale, error: SignInError) -> Response {
    let findings = error.findings();
    let (kind, wait) = match error {
        SignInError::Store(error) => return refuse(l, Refusal::from(error)),
        SignInError::Busy(busy) => (RefusalKind::Unavailable, i64::from(busy.retry_after_s)),
        SignInError::Wait { retry_after_s } => (RefusalKind::TooMany, retry_after_s),
        SignInError::Wrong
        | SignInError::WrongCode { .. }
        | SignInError::WrongSlip
        | SignInError::SlipWaits
        | SignInError::Expired
        | SignInError::Refused(_) => (RefusalKind::Invalid, 0),
    };
    let mut response = refuse(l, Refusal { kind, findings });
    if wait > 0 {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, wait.into());
    }
    response
}

async fn close_session(State(web): State<Web>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let asked = web.asked(&parts, None);
    let (l, tenant) = (asked.public.l, web.tenant());
    if Web::is_from_elsewhere(&parts.headers) {
        let finding = Finding::error("form-foreign");
        return refuse(&l, Refusal::new(RefusalKind::Denied, finding));
    }
    let Some(token) = asked.session else {
        return not_signed_in(&l);
    };
    let closed = web
        .app()
        .store()
        .write(move |connection| access::session::close(connection, tenant, &token))
        .await;
    match closed {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => refuse(&l, Refusal::from(error)),
    }
}

async fn document(State(web): State<Web>) -> Response {
    let json = HeaderValue::from_static("application/json");
    (
        [(header::CONTENT_TYPE, json)],
        web.openapi_document().to_owned(),
    )
        .into_response()
}
