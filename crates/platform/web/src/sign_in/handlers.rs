//! What signing in does, over HTTP.

use access::sign_in::{Activate, EnterCode, SetPassword, SignIn, activate, set_password, sign_in};
use access::{
    AccountId, DeviceToken, Entered, HalfToken, Password, SessionId, SessionToken, SetupToken,
    SignInError, SignedIn, SlipCode,
};
use app::{Refusal, Via};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use axum::routing::{get, post};
use kernel::{Finding, Id};

use super::{ActivatePage, CodePage, SetPasswordPage, SignInPage};
use crate::http::{Asked, Cookie, Given, Web, Who, go, local};
use crate::{
    Attempt, Density, Form, Language, PageError, PublicContext, TextSize, Theme, percent_encoded,
};

/// Routes without a policy, because they come before anybody is known.
pub(crate) fn router() -> Router<Web> {
    Router::new()
        .route("/sign-in", get(show).post(enter))
        .route("/sign-in/code", get(show_code).post(enter_code))
        .route("/demo/sign-in", post(enter_demo))
        .route("/sign-out", post(leave))
        .route("/prove", get(show_prove).post(prove))
        .route("/set-password", get(show_set_password).post(set))
        .route("/activate", get(show_activate).post(enter_slip))
        .route("/settings/display", post(display))
}

async fn show(State(web): State<Web>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let asked = web.asked(&parts, None);
    let back = local(asked.params.query("back").unwrap_or("/")).to_owned();
    let page = SignInPage::new(&asked.public, &back, web.demo_site());
    let page = page.after_setting(asked.params.query("set").is_some());
    web.page(&Who::Nobody(Box::new(asked.public)), &page)
}

async fn enter(State(web): State<Web>, request: Request) -> Response {
    let (asked, form) = match form_of(&web, request).await {
        Ok(read) => read,
        Err(response) => return *response,
    };
    let back = local(form.get("back").unwrap_or("/")).to_owned();
    let half = HalfToken::new(web.app().entropy().draw());
    let request = SignIn {
        tenant: web.tenant(),
        name: form.text("name").to_owned(),
        password: Password::new(form.text("password").to_owned()),
        device: asked.device,
        address: asked.from.map(|from| web.address_key(from)),
        previous: asked.session,
        session: web.new_session(&asked.agent),
        new_device: DeviceToken::new(web.app().entropy().draw()),
        half: half.clone(),
        now: web.app().session_clock().now(),
    };
    match sign_in(web.app().store(), web.hasher(), web.profile(), request).await {
        Ok(Entered::In(signed_in)) => signed(&web, &asked.public, &signed_in, &back),
        Ok(Entered::Half) => {
            let to = format!("/sign-in/code?back={}", percent_encoded(&back));
            let mut response = go(&asked.public, &to);
            let waits = web.cookies().set(Cookie::Half, &half.expose());
            response.headers_mut().append(header::SET_COOKIE, waits);
            response
        }
        Err(error) => {
            let mut public = asked.public;
            public.attempt = attempt(form.without("password"), &error);
            let page = SignInPage::new(&public, &back, web.demo_site());
            failed(&web, &Who::Nobody(Box::new(public)), &page, error)
        }
    }
}

/// The answer to whoever has signed in: the cookies, and on to where she wanted to go.
fn signed(web: &Web, public: &PublicContext, signed_in: &SignedIn, back: &str) -> Response {
    let cookies = web.cookies();
    let to = if signed_in.must_change_password {
        crate::OWN_PASSWORD_PAGE
    } else {
        back
    };
    let mut response = go(public, to);
    let headers = response.headers_mut();
    let session = cookies.set(Cookie::Session, &signed_in.token.cookie(web.tenant()));
    headers.append(header::SET_COOKIE, session);
    let device = cookies.set(Cookie::Device, &signed_in.device.expose());
    headers.append(header::SET_COOKIE, device);
    response
}

/// The second step. Nothing is looked up before a code is sent: a browser without the cookie of the
/// first step begins anew.
async fn show_code(State(web): State<Web>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let asked = web.asked(&parts, None);
    let back = local(asked.params.query("back").unwrap_or("/")).to_owned();
    if half_token(&web, &parts.headers).is_none() {
        let to = format!("/sign-in?back={}", percent_encoded(&back));
        return go(&asked.public, &to);
    }
    let page = CodePage::new(&asked.public, &back);
    web.page(&Who::Nobody(Box::new(asked.public)), &page)
}

async fn enter_code(State(web): State<Web>, request: Request) -> Response {
    let half = half_token(&web, request.headers());
    let (asked, form) = match form_of(&web, request).await {
        Ok(read) => read,
        Err(response) => return *response,
    };
    let back = local(form.get("back").unwrap_or("/")).to_owned();
    let entered = match half {
        None => Err(SignInError::Expired),
        Some(half) => {
            let request = EnterCode {
                tenant: web.tenant(),
                half,
                code: form.text("code").to_owned(),
                device: asked.device,
                address: asked.from.map(|from| web.address_key(from)),
                previous: asked.session,
                session: web.new_session(&asked.agent),
                new_device: DeviceToken::new(web.app().entropy().draw()),
                now: web.app().session_clock().now(),
            };
            web.enter_code(request, Via::Browser).await
        }
    };
    let mut public = asked.public;
    let over = web.cookies().set(Cookie::Half, "");
    match entered {
        Ok(signed_in) => {
            let mut response = signed(&web, &public, &signed_in, &back);
            response.headers_mut().append(header::SET_COOKIE, over);
            response
        }
        Err(error @ SignInError::Expired) => {
            public.attempt = attempt(form.without("code"), &error);
            let page = SignInPage::new(&public, &back, web.demo_site());
            let mut response = failed(&web, &Who::Nobody(Box::new(public)), &page, error);
            response.headers_mut().append(header::SET_COOKIE, over);
            response
        }
        Err(error) => {
            public.attempt = attempt(form.without("code"), &error);
            let page = CodePage::new(&public, &back);
            failed(&web, &Who::Nobody(Box::new(public)), &page, error)
        }
    }
}

/// The token of a sign-in that waits for its code.
fn half_token(web: &Web, headers: &HeaderMap) -> Option<HalfToken> {
    web.cookies()
        .get(headers, Cookie::Half)
        .and_then(HalfToken::parse)
}

/// One click in a demonstration, where everything is invented; nowhere else.
async fn enter_demo(State(web): State<Web>, request: Request) -> Response {
    let (asked, form) = match form_of(&web, request).await {
        Ok(read) => read,
        Err(response) => return *response,
    };
    let wanted = form.text("account").parse::<AccountId>();
    let known = web.demo_site().zip(wanted.ok());
    let Some(account) = known.and_then(|(site, wanted)| site.knows(wanted)) else {
        return web.error(&Who::Nobody(Box::new(asked.public)), &PageError::NotFound);
    };
    let tenant = web.tenant();
    let new = web.new_session(&asked.agent);
    let cookie = web
        .cookies()
        .set(Cookie::Session, &new.token.cookie(tenant));
    let (now, previous) = (web.app().session_clock().now(), asked.session);
    let opened = web
        .app()
        .store()
        .write(move |connection| -> Result<(), store::StoreError> {
            if let Some(previous) = &previous {
                access::session::close(connection, tenant, previous)?;
            }
            access::session::open(connection, tenant, account, &new, now)
        })
        .await;
    match opened {
        Ok(()) => {
            let mut response = go(&asked.public, local(form.get("back").unwrap_or("/")));
            response.headers_mut().append(header::SET_COOKIE, cookie);
            response
        }
        Err(error) => web.error(
            &Who::Nobody(Box::new(asked.public)),
            &PageError::from(error),
        ),
    }
}

async fn leave(State(web): State<Web>, request: Request) -> Response {
    let is_ours = Web::is_from_ours(request.headers());
    let (asked, form) = match form_of(&web, request).await {
        Ok(read) => read,
        Err(response) => return *response,
    };
    let (public, tenant) = (asked.public, web.tenant());
    // A hidden field of an earlier page is no reason to leave the session open of who believes she
    // has left: the request is from one of our own pages.
    if let Some(token) = asked
        .session
        .filter(|_| is_ours || form.text("csrf") == public.csrf)
    {
        let closed = web
            .app()
            .store()
            .write(move |connection| access::session::close(connection, tenant, &token))
            .await;
        if let Err(error) = closed {
            return web.error(&Who::Nobody(Box::new(public)), &PageError::from(error));
        }
    }
    let mut response = go(&public, "/sign-in");
    let gone = web.cookies().set(Cookie::Session, "");
    response.headers_mut().append(header::SET_COOKIE, gone);
    response
}

async fn show_prove(State(web): State<Web>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let asked = web.asked(&parts, None);
    let public = asked.public.clone();
    let back = local(asked.params.query("back").unwrap_or("/")).to_owned();
    let outcome = web
        .read(asked.public, asked.session, move |who, _| {
            let context = who.person()?;
            let page = SignInPage::prove(context, &back, context.has_factor);
            Ok(Given::Page(Box::new(page)))
        })
        .await;
    web.answer(outcome, &public)
}

async fn prove(State(web): State<Web>, request: Request) -> Response {
    let (asked, form) = match form_of(&web, request).await {
        Ok(read) => read,
        Err(response) => return *response,
    };
    let back = local(form.get("back").unwrap_or("/")).to_owned();
    match web
        .prove(&asked, form.text("password"), form.text("code"))
        .await
    {
        Ok(token) => {
            let mut response = go(&asked.public, &back);
            let cookie = web
                .cookies()
                .set(Cookie::Session, &token.cookie(web.tenant()));
            response.headers_mut().append(header::SET_COOKIE, cookie);
            response
        }
        Err(error) => {
            let has_factor = web.has_factor(&asked).await;
            let mut public = asked.public;
            public.attempt = attempt(form.without("password").without("code"), &error);
            let page = SignInPage::prove(&public, &back, has_factor);
            failed(&web, &Who::Nobody(Box::new(public)), &page, error)
        }
    }
}

async fn show_set_password(State(web): State<Web>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let asked = web.asked(&parts, None);
    let page = SetPasswordPage::new(
        &asked.public,
        asked.params.query("token").unwrap_or_default(),
        web.profile().password_min,
    );
    web.page(&Who::Nobody(Box::new(asked.public)), &page)
}

async fn set(State(web): State<Web>, request: Request) -> Response {
    let (asked, form) = match form_of(&web, request).await {
        Ok(read) => read,
        Err(response) => return *response,
    };
    let drawn = web.app().entropy().draw();
    let mut salt = [0; 16];
    salt.copy_from_slice(&drawn[..16]);
    // A page's form asks for it twice; a program need not.
    let differs = form.has("again") && form.text("again") != form.text("password");
    let set = match SetupToken::parse(form.text("token")) {
        _ if differs => {
            let finding = Finding::error("password-again").field("again");
            Err(SignInError::Refused(vec![finding]))
        }
        None => Err(SignInError::Expired),
        Some(token) => {
            let request = SetPassword {
                tenant: web.tenant(),
                token,
                password: Password::new(form.text("password").to_owned()),
                salt,
                now: web.app().session_clock().now(),
            };
            set_password(web.app().store(), web.hasher(), web.profile(), request).await
        }
    };
    match set {
        Ok(_) => go(&asked.public, "/sign-in?set=1"),
        Err(error) => {
            let token = form.text("token").to_owned();
            let mut public = asked.public;
            public.attempt = attempt(form.without("password").without("again"), &error);
            if matches!(error, SignInError::Expired) {
                // It is the token that is of no use, and not a session: said at its field.
                public.attempt.findings =
                    vec![Finding::error("setup-token-unusable").field("token")];
            }
            let page = SetPasswordPage::new(&public, &token, web.profile().password_min);
            failed(&web, &Who::Nobody(Box::new(public)), &page, error)
        }
    }
}

async fn show_activate(State(web): State<Web>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let asked = web.asked(&parts, None);
    let page = ActivatePage::new(&asked.public, web.profile().password_min);
    web.page(&Who::Nobody(Box::new(asked.public)), &page)
}

/// Sets the password of whoever has an activation slip.
async fn enter_slip(State(web): State<Web>, request: Request) -> Response {
    let (asked, form) = match form_of(&web, request).await {
        Ok(read) => read,
        Err(response) => return *response,
    };
    let mut salt = [0; 16];
    salt.copy_from_slice(&web.app().entropy().draw()[..16]);
    // A page's form asks for it twice; a program need not.
    let differs = form.has("again") && form.text("again") != form.text("password");
    let activated = if differs {
        let finding = Finding::error("password-again").field("again");
        Err(SignInError::Refused(vec![finding]))
    } else {
        let request = Activate {
            tenant: web.tenant(),
            name: form.text("name").to_owned(),
            code: SlipCode::parse(form.text("code")),
            password: Password::new(form.text("password").to_owned()),
            salt,
            address: asked.from.map(|from| web.address_key(from)),
            now: web.app().session_clock().now(),
        };
        activate(web.app().store(), web.hasher(), web.profile(), request).await
    };
    match activated {
        Ok(_) => go(&asked.public, "/sign-in?set=1"),
        Err(error) => {
            let mut public = asked.public;
            public.attempt = attempt(form.without("password").without("again"), &error);
            let page = ActivatePage::new(&public, web.profile().password_min);
            failed(&web, &Who::Nobody(Box::new(public)), &page, error)
        }
    }
}

/// Theme, density, text size, language: cookies, and back to where the visitor was.
async fn display(State(web): State<Web>, request: Request) -> Response {
    let (asked, form) = match form_of(&web, request).await {
        Ok(read) => read,
        Err(response) => return *response,
    };
    let mut response = go(&asked.public, local(form.get("back").unwrap_or("/")));
    // Only values of the closed lists are kept: what is unknown becomes the default.
    let settings = [
        ("theme", Theme::of(form.text("theme")).attribute()),
        ("density", Density::of(form.text("density")).attribute()),
        ("text", TextSize::of(form.text("text")).attribute()),
        (
            "lang",
            Language::of_tag(form.text("lang")).map_or("", Language::tag),
        ),
    ];
    for (name, value) in settings {
        if form.has(name) {
            let cookie = web.cookies().set(Cookie::Setting(name), value);
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    response
}

/// Reads a form that has no command; refuses one that another site sent.
async fn form_of(web: &Web, request: Request) -> Result<(Asked, Form), Box<Response>> {
    let (parts, body) = request.into_parts();
    let asked = web.asked(&parts, None);
    if Web::is_from_elsewhere(&parts.headers) {
        let findings = vec![Finding::error("form-foreign")];
        let who = Who::Nobody(Box::new(asked.public));
        return Err(Box::new(web.error(
            &who,
            &PageError::Denied {
                findings,
                act: None,
            },
        )));
    }
    match Web::read_fields(body).await {
        Ok(form) => Ok((asked, form)),
        Err(findings) => {
            let who = Who::Nobody(Box::new(asked.public));
            Err(Box::new(web.error(&who, &PageError::Invalid(findings))))
        }
    }
}

fn attempt(form: Form, error: &SignInError) -> Attempt {
    Attempt {
        form,
        findings: error.findings(),
        sent: true,
    }
}

/// The page again, with the status and the waiting time of the failure.
fn failed(web: &Web, who: &Who, page: &dyn crate::Page, error: SignInError) -> Response {
    let (status, wait) = match error {
        SignInError::Store(error) => return web.error(who, &PageError::from(Refusal::from(error))),
        SignInError::Busy(busy) => (503, i64::from(busy.retry_after_s)),
        SignInError::Wait { retry_after_s } => (429, retry_after_s),
        SignInError::Wrong
        | SignInError::WrongCode { .. }
        | SignInError::WrongSlip
        | SignInError::SlipWaits
        | SignInError::Expired
        | SignInError::Refused(_) => (422, 0),
    };
    let mut response = web.page(who, page);
    *response.status_mut() = axum::http::StatusCode::from_u16(status).expect("a known status");
    if wait > 0 {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, wait.into());
    }
    response
}

impl Web {
    /// Whether whoever asks is signed in to an account with a second factor.
    async fn has_factor(&self, asked: &Asked) -> bool {
        let outcome = self
            .read(asked.public.clone(), asked.session.clone(), |_, _| {
                Err(PageError::NotFound)
            })
            .await;
        outcome.is_ok_and(|outcome| match outcome.who {
            Who::Person(context) => context.has_factor,
            Who::Nobody(_) => false,
        })
    }

    /// What a new session is made of.
    pub(crate) fn new_session(&self, agent: &str) -> access::session::NewSession {
        let drawn = self.app().entropy().draw();
        let mut random = [0; 10];
        random.copy_from_slice(&drawn[..10]);
        let now = self.app().session_clock().now();
        access::session::NewSession {
            token: SessionToken::new(self.app().entropy().draw()),
            session: SessionId(Id::new(now.0, random)),
            device: agent.to_owned(),
        }
    }
}

/// The browser and system as the list of own sessions names them: "Firefox, Linux".
pub(crate) fn device_name(headers: &HeaderMap) -> String {
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let first = |known: &[(&'static str, &'static str)]| {
        known
            .iter()
            .find(|(mark, _)| agent.contains(mark))
            .map_or("", |(_, name)| *name)
    };
    let browser = first(&[
        ("MicroMessenger", "WeChat"),
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    let parts: Vec<&str> = [browser, system]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(", ")
}
