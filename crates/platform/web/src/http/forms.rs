//! Forms: read, checked for their origin, made into a command, and answered with the record or
//! with the page again.

use access::sign_in::{ProveAgain, prove_again};
use access::{SessionToken, SignInError};
use app::{Caller, Refusal, RefusalKind, Via};
use axum::extract::{RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use kernel::{CommandId, Finding};
use serde_json::Value as Json;

use super::asked::Asked;
use super::cookies::Cookie;
use super::documents::{denied, go, local};
use super::drafts;
use super::origin::{Origin, origin};
use super::password;
use super::read::{Given, Outcome, Who, admit};
use super::upload::{Keeping, has_files};
use super::web::Web;
use crate::resend::{Reason, Resend};
use crate::route::{After, Beside, FormWork, Returned, Work};
use crate::{Attempt, Form, Method, PageError, Route};

/// The field in which a form carries the password again.
const PROVE: &str = "prove_password";
/// The field in which it carries the code with it, where the account has a second factor.
const PROVE_CODE: &str = "prove_code";

/// Answers a posted form.
pub(crate) async fn post(
    web: &Web,
    index: usize,
    path: &RawPathParams,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let mut asked = web.asked(&parts, Some(path));
    asked.public.address = web.page_behind(&parts);
    let from = origin(&parts.headers);
    if from == Origin::Foreign {
        return foreign(web, &asked);
    }
    let mut keeping = Keeping::Nothing;
    if has_files(&parts.headers) {
        match web.signed_in(&asked).await {
            Ok(Some(account)) if web.routes()[index].seals_files() => {
                keeping = Keeping::Sealed(account);
            }
            Ok(Some(account)) => keeping = Keeping::AsItIs(account),
            Ok(None) => {}
            Err(error) => return web.answer(Err(error), &asked.public),
        }
    }
    let form = match web.read_form(&parts.headers, body, keeping).await {
        Ok(form) => form,
        Err(findings) => {
            let who = Who::Nobody(Box::new(asked.public));
            return web.error(&who, &PageError::Invalid(findings));
        }
    };
    let csrf = form.text("csrf").to_owned();
    let is_ours = !csrf.is_empty() && csrf == asked.public.csrf;
    if !is_ours && from == Origin::Unknown {
        return foreign(web, &asked);
    }
    let route = web.routes()[index].clone();
    if !is_ours {
        return resend(web, asked, password::without(&form), Reason::Stale).await;
    }
    if !form.refused().is_empty() {
        let found = form.refused().to_vec();
        let form = password::without(&form);
        return match route.work() {
            Work::Form(_) => refused(web, asked, route, form, Refusal::invalid(found)).await,
            _ => web.error(
                &Who::Nobody(Box::new(asked.public)),
                &PageError::Invalid(found),
            ),
        };
    }
    let mut renewed = None;
    if let Some(password) = form.get(PROVE) {
        match web.prove(&asked, password, form.text(PROVE_CODE)).await {
            Ok(token) => {
                renewed = Some(
                    web.cookies()
                        .set(Cookie::Session, &token.cookie(web.tenant())),
                );
                asked.session = Some(token);
            }
            Err(error) => {
                let mut findings = error.findings();
                if let SignInError::WrongCode { .. } = error {
                    findings = vec![Finding::error("factor-wrong").field(PROVE_CODE)];
                }
                let form = form.without(PROVE).without(PROVE_CODE);
                return resend(web, asked, form, Reason::Prove(findings)).await;
            }
        }
    }
    let form = form.without(PROVE).without(PROVE_CODE);
    let mut response = match route.work().clone() {
        Work::Draft(work) => drafts::keep(web, asked, (route, work), form).await,
        Work::Returned(returned) => give_back(web, asked, route, returned, form).await,
        _ => carry_out(web, asked, route, form).await,
    };
    // Where the form renewed the session once more, the later token is there already.
    if let Some(cookie) = renewed {
        let headers = response.headers_mut();
        headers.entry(header::SET_COOKIE).or_insert(cookie);
    }
    response
}

fn foreign(web: &Web, asked: &Asked) -> Response {
    let finding = Finding::error("form-foreign");
    let error = PageError::Denied {
        findings: vec![finding],
        act: None,
    };
    web.error(&Who::Nobody(Box::new(asked.public.clone())), &error)
}

/// Shows that the form was not carried out, with everything that was typed, ready to send again.
pub(super) async fn resend(web: &Web, asked: Asked, form: Form, reason: Reason) -> Response {
    let public = asked.public.clone();
    let outcome = web
        .read(asked.public, asked.session, move |who, _| {
            let reason = match who {
                Who::Nobody(_) => Reason::SignedOut,
                Who::Person(_) => reason.clone(),
            };
            let has_factor = matches!(who, Who::Person(context) if context.has_factor);
            let page = Resend::new(who.public(), &form, reason).with_code(has_factor);
            Ok(Given::Page(Box::new(page)))
        })
        .await;
    web.answer(outcome, &public)
}

/// Makes a file of what was sent and gives it back; nothing changes.
async fn give_back(
    web: &Web,
    asked: Asked,
    route: Route,
    returned: Returned,
    form: Form,
) -> Response {
    let (public, params) = (asked.public.clone(), asked.params);
    let outcome = web
        .read(asked.public, asked.session, move |who, connection| {
            let context = admit(&route, who, &params, connection)?;
            returned(context, &params, &form, connection).map(Given::Download)
        })
        .await;
    web.answer(outcome, &public)
}

async fn carry_out(web: &Web, asked: Asked, route: Route, form: Form) -> Response {
    let Work::Form(work) = route.work().clone() else {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    };
    debug_assert_eq!(route.method(), Method::Post);
    let (public, params, session) = (
        asked.public.clone(),
        asked.params.clone(),
        asked.session.clone(),
    );
    let checked = {
        let (route, params) = (route.clone(), params.clone());
        web.read(asked.public, asked.session, move |who, connection| {
            admit(&route, who, &params, connection)?;
            Ok(Given::Download(nothing()))
        })
        .await
    };
    let who = match checked {
        Ok(Outcome {
            who, result: Ok(_), ..
        }) => who,
        Ok(Outcome {
            result: Err(PageError::SignIn),
            ..
        }) => {
            let asked = Asked {
                public,
                params,
                session,
                device: None,
                from: None,
                agent: String::new(),
            };
            return resend(web, asked, password::without(&form), Reason::SignedOut).await;
        }
        Ok(Outcome {
            who,
            result: Err(PageError::TooMany { retry_after_s }),
            ..
        }) => return too_fast(web, &who, &password::without(&form), retry_after_s),
        other => {
            web.note_denial(denied(&other), route.journal_name()).await;
            return web.answer(other, &public);
        }
    };
    let Who::Person(context) = &who else {
        return web.error(&who, &PageError::SignIn);
    };
    let prepared = prepare(web, &work, context, (&params, &form), session.as_ref()).await;
    let mut renewed = None;
    let answered = match prepared {
        Err(refusal) => Err(refusal),
        Ok((envelope, token, beside)) => {
            renewed = token;
            let caller = Caller::Account {
                account: context.subject.account,
                authentication: context.subject.authentication,
                on_behalf_of: None,
            };
            web.execute(caller, Via::Browser, envelope, beside).await
        }
    };
    match answered {
        // The session was renewed when it was carried out, and is not renewed by sending it again.
        Ok(done) if done.repeated && work.beside.is_shown_once() => {
            go(&public, &format!("{}?codes=shown", crate::OWN_FACTOR_PAGE))
        }
        Ok(done) => {
            let sent = Sent {
                public,
                params,
                session: renewed.clone().or(session),
                form,
            };
            let mut response = done_with(web, &work.after, &who, sent, done.answer).await;
            if let Some(token) = renewed {
                let cookie = token.cookie(web.tenant());
                let cookie = web.cookies().set(Cookie::Session, &cookie);
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            response
        }
        Err(refusal) => {
            let form = password::without(&form);
            let asked = Asked {
                public,
                params,
                session,
                device: None,
                from: None,
                agent: String::new(),
            };
            refused(web, asked, route, form, refusal).await
        }
    }
}

/// The command of a form, the token under which the session goes on, and what the command needs
/// beside its body.
async fn prepare(
    web: &Web,
    work: &FormWork,
    context: &crate::Context,
    (params, form): (&crate::Params, &Form),
    session: Option<&SessionToken>,
) -> Result<(app::Envelope, Option<SessionToken>, Option<app::Gathered>), Refusal> {
    let envelope = envelope(work, context, params, form).map_err(Refusal::invalid)?;
    match work.beside {
        Beside::Nothing => Ok((envelope, None, None)),
        Beside::Password => {
            let (token, beside) = web.prepare_password(session, form).await?;
            Ok((envelope, Some(token), Some(beside)))
        }
        Beside::Factor => {
            let (token, beside) = web.prepare_factor(context, session, form)?;
            Ok((envelope, Some(token), Some(beside)))
        }
        Beside::RecoveryCodes => {
            let beside = Web::prepare_recovery_codes(context, form);
            Ok((envelope, None, Some(beside)))
        }
    }
}

/// A form that was carried out.
struct Sent {
    public: crate::PublicContext,
    params: crate::Params,
    session: Option<SessionToken>,
    form: Form,
}

/// What answers a form that was carried out: another page, or a page of its own.
async fn done_with(web: &Web, after: &After, who: &Who, sent: Sent, answer: Json) -> Response {
    let page = match (after, who) {
        (After::Page(page), _) => page.clone(),
        (After::Redirect(to), Who::Person(context)) => {
            return match to(context, &sent.params, &answer) {
                Ok(to) => go(&sent.public, &to),
                Err(what) => web.error(who, &PageError::Bug(what)),
            };
        }
        (After::Redirect(_), Who::Nobody(_)) => return web.error(who, &PageError::SignIn),
    };
    let Sent {
        public,
        params,
        session,
        form,
    } = sent;
    let outcome = web
        .read(public.clone(), session, move |who, connection| {
            page(who.person()?, &params, &form, &answer, connection).map(Given::Page)
        })
        .await;
    web.answer(outcome, &public)
}

/// The form again, to be sent a little later.
fn too_fast(web: &Web, who: &Who, form: &Form, retry_after_s: u32) -> Response {
    let page = Resend::new(who.public(), form, Reason::TooFast);
    let mut response = web.page(who, &page);
    *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, retry_after_s.into());
    response
}

fn envelope(
    work: &FormWork,
    context: &crate::Context,
    params: &crate::Params,
    form: &Form,
) -> Result<app::Envelope, Vec<Finding>> {
    let mut envelope = (work.read)(context, params, form)?;
    let id: CommandId = form
        .parse("command_id", "command-id")
        .map_err(|finding| vec![finding])?;
    envelope.id = id;
    if let Some(revision) = form.get("seen_revision") {
        let seen = revision.parse();
        envelope.seen_revision = Some(seen.map_err(|_| vec![Finding::error("command-id")])?);
    }
    Ok(envelope)
}

/// The page again with what was typed and what was found; or the page of the error, where the
/// form cannot help.
pub(super) async fn refused(
    web: &Web,
    asked: Asked,
    route: Route,
    form: Form,
    refusal: Refusal,
) -> Response {
    match refusal.kind {
        RefusalKind::Invalid
        | RefusalKind::Conflict
        | RefusalKind::TooMany
        | RefusalKind::Unavailable => {}
        RefusalKind::Reauthenticate => {
            return resend(web, asked, form, Reason::Prove(Vec::new())).await;
        }
        RefusalKind::Denied | RefusalKind::NotFound | RefusalKind::Bug => {
            let public = asked.public.clone();
            let error = PageError::from(refusal);
            let outcome = web
                .read(asked.public, asked.session, move |_, _| Err(error.clone()))
                .await;
            return web.answer(outcome, &public);
        }
    }
    let status = refusal.kind.status();
    let wait = password::seconds(&refusal);
    let mut public = asked.public;
    public.attempt = Attempt {
        form,
        findings: refusal.findings,
        sent: true,
    };
    let shown = public.clone();
    let params = asked.params;
    let outcome = web
        .read(public, asked.session, move |who, connection| {
            Web::run(&route, who, &params, connection)
        })
        .await;
    let is_page = matches!(&outcome, Ok(Outcome { result: Ok(_), .. }));
    let mut response = web.answer(outcome, &shown);
    if is_page {
        *response.status_mut() =
            StatusCode::from_u16(status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
        if let Some(wait) = wait {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, wait.into());
        }
    }
    response
}

fn nothing() -> crate::Download {
    crate::Download {
        name: String::new(),
        media_type: "text/plain",
        bytes: Vec::new(),
    }
}

impl Web {
    /// The page that a form stands on: the one that sent it, or the nearest above the form's own
    /// address. What is shown in answer to a form (its page again, a question for the password, an
    /// error) leads back there, because nothing can be opened at the address of a form.
    fn page_behind(&self, parts: &Parts) -> String {
        let text = |name| {
            parts
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        let sender = text(header::REFERER).and_then(|sender| sender.parse::<Uri>().ok());
        let sender = sender
            .filter(|sender| sender.authority().map(Authority::as_str) == text(header::HOST))
            .and_then(|sender| sender.into_parts().path_and_query);
        if let Some(sender) = sender.filter(|sender| self.is_page(sender.path())) {
            return local(sender.as_str()).to_owned();
        }
        let mut path = parts.uri.path();
        while !path.is_empty() {
            if self.is_page(path) {
                return local(path).to_owned();
            }
            path = path.rsplit_once('/').map_or("", |(above, _)| above);
        }
        "/".to_owned()
    }

    /// Whether a page can be opened at a path.
    fn is_page(&self, path: &str) -> bool {
        let shows = |route: &&Route| matches!(route.work(), Work::Page(_) | Work::Public(_));
        let fits = |route: &Route| {
            let mut parts = path.split('/');
            let mut pattern = route.path().split('/');
            loop {
                match (pattern.next(), parts.next()) {
                    (None, None) => return true,
                    (Some(known), Some(part)) if known.starts_with('{') && !part.is_empty() => {}
                    (Some(known), Some(part)) if known == part => {}
                    _ => return false,
                }
            }
        };
        self.routes().iter().filter(shows).any(fits)
    }

    /// Carries out a command; one that reads files waits on a thread of its own, so that a large
    /// workbook keeps nobody else waiting.
    pub(crate) async fn execute(
        &self,
        caller: Caller,
        via: Via,
        envelope: app::Envelope,
        beside: Option<app::Gathered>,
    ) -> Result<app::Done, Refusal> {
        let reads_files = self
            .app()
            .command(&envelope.name)
            .is_some_and(|spec| spec.reads_files);
        if !reads_files || beside.is_some() {
            return self
                .app()
                .execute_beside(self.tenant(), caller, via, envelope, beside)
                .await;
        }
        let (app, tenant) = (self.app().clone(), self.tenant());
        tokio::task::spawn_blocking(move || app.execute_wait(tenant, caller, via, envelope))
            .await
            .unwrap_or_else(|error| Err(Refusal::bug(&error.to_string())))
    }

    /// Proves the password of the session again, with the code where the account has a second
    /// factor: the one place that pages and forms ask. The session goes on under the given token.
    pub(crate) async fn prove(
        &self,
        asked: &Asked,
        password: &str,
        code: &str,
    ) -> Result<SessionToken, SignInError> {
        let Some(token) = asked.session.clone() else {
            return Err(SignInError::Expired);
        };
        let new_token = SessionToken::new(self.app().entropy().draw());
        let request = ProveAgain {
            tenant: self.tenant(),
            token,
            new_token: new_token.clone(),
            password: access::Password::new(password.to_owned()),
            code: code.to_owned(),
            now: self.app().session_clock().now(),
        };
        let (store, vault) = (self.app().store(), self.app().vault());
        let proved = prove_again(store, self.hasher(), self.profile(), &vault, request).await;
        if let Err(error) = &proved {
            self.note_wrong_code(error).await;
        }
        proved.map(|()| new_token)
    }

    /// Whether a request may change something without the hidden field: sign-in and settings,
    /// where there is no session to bind one to.
    pub(crate) fn is_from_elsewhere(headers: &HeaderMap) -> bool {
        origin(headers) == Origin::Foreign
    }

    /// Whether a request is known to come from one of our own pages.
    pub(crate) fn is_from_ours(headers: &HeaderMap) -> bool {
        origin(headers) == Origin::Ours
    }
}
