//! What somebody signed in does with her own account, over HTTP.

use access::sign_in::{ChangePassword, change_password};
use access::{Password, SessionId, SessionToken, SignInError};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::Response;
use axum::routing::{get, post};
use kernel::{Finding, FindingPlace};
use store::Connection;

use super::AccountPage;
use super::handlers::{attempt, form_of};
use crate::http::{Asked, Cookie, Given, Web, Who, go};
use crate::{Form, PageError};

/// Routes of the own account: for whoever is signed in, about herself only.
pub(super) fn router() -> Router<Web> {
    Router::new()
        .route("/my-account", get(show))
        .route("/my-account/password", post(new_password))
        .route("/my-account/sessions", post(close))
}

async fn show(State(web): State<Web>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let asked = web.asked(&parts, None);
    page(&web, asked).await
}

/// The page, with the attempt of `asked` where there is one.
async fn page(web: &Web, asked: Asked) -> Response {
    let public = asked.public.clone();
    let (read_by, token) = (web.clone(), asked.session.clone());
    let outcome = web
        .read(asked.public, asked.session, move |who, connection| {
            read(&read_by, who, token.as_ref(), connection)
        })
        .await;
    web.answer(outcome, &public)
}

fn read(
    web: &Web,
    who: &Who,
    token: Option<&SessionToken>,
    connection: &mut dyn Connection,
) -> Result<Given, PageError> {
    let context = who.person()?;
    let (now, profile) = (web.app().session_clock().now(), web.profile());
    let (tenant, account) = (context.tenant, context.subject.account);
    let sessions = access::session::of_account(connection, tenant, account, now, &profile)?;
    let this = match token {
        Some(token) => access::session::look_up(connection, tenant, token, now, &profile)?,
        None => None,
    };
    let this = this.map(|session| session.session);
    Ok(Given::Page(Box::new(AccountPage::new(
        context, sessions, this,
    ))))
}

async fn new_password(State(web): State<Web>, request: Request) -> Response {
    let (mut asked, form) = match own_form(&web, request).await {
        Ok(read) => read,
        Err(response) => return *response,
    };
    let drawn = web.app().entropy().draw();
    let mut salt = [0; 16];
    salt.copy_from_slice(&drawn[..16]);
    let new_token = SessionToken::new(web.app().entropy().draw());
    let changed = match asked.session.clone() {
        None => Err(SignInError::Expired),
        Some(token) => {
            let request = ChangePassword {
                tenant: web.tenant(),
                token,
                new_token: new_token.clone(),
                password: Password::new(form.text("password").to_owned()),
                new_password: Password::new(form.text("new_password").to_owned()),
                salt,
                now: web.app().session_clock().now(),
            };
            change_password(web.app().store(), web.hasher(), web.profile(), request).await
        }
    };
    match changed {
        Ok(()) => {
            let mut response = go(&asked.public, "/my-account");
            let cookie = web
                .cookies()
                .set(Cookie::Session, &new_token.cookie(web.tenant()));
            response.headers_mut().append(header::SET_COOKIE, cookie);
            response
        }
        Err(SignInError::Store(error)) => web.error(
            &Who::Nobody(Box::new(asked.public)),
            &PageError::from(error),
        ),
        Err(error) => {
            asked.public.attempt = attempt(Form::default(), &error);
            for finding in &mut asked.public.attempt.findings {
                let field = if error == SignInError::Wrong {
                    "password"
                } else {
                    "new_password"
                };
                finding.place = FindingPlace::Field(field.into());
            }
            page(&web, asked).await
        }
    }
}

async fn close(State(web): State<Web>, request: Request) -> Response {
    let (asked, form) = match own_form(&web, request).await {
        Ok(read) => read,
        Err(response) => return *response,
    };
    let public = asked.public.clone();
    let Ok(session) = form.text("session").parse::<SessionId>() else {
        return web.error(&Who::Nobody(Box::new(public)), &PageError::NotFound);
    };
    let outcome = web
        .read(asked.public, asked.session, |who, _| {
            who.person().and(Err(PageError::NotFound))
        })
        .await;
    let account = match &outcome {
        Ok(outcome) => outcome.who.person().map(|context| context.subject.account),
        Err(error) => Err(PageError::from(error.clone())),
    };
    let closed = match account {
        Ok(account) => {
            let tenant = web.tenant();
            let store = web.app().store();
            store
                .write(move |c| access::session::close_one(c, tenant, account, session))
                .await
                .map_err(PageError::from)
        }
        Err(error) => Err(error),
    };
    match closed {
        Ok(()) => go(&public, "/my-account"),
        Err(error) => web.error(&Who::Nobody(Box::new(public)), &error),
    }
}

/// A form of the own account: from our own page of this session.
async fn own_form(web: &Web, request: Request) -> Result<(Asked, Form), Box<Response>> {
    let (asked, form) = form_of(web, request).await?;
    if asked.session.is_some() && form.text("csrf") == asked.public.csrf {
        return Ok((asked, form));
    }
    let error = if asked.session.is_none() {
        PageError::SignIn
    } else {
        PageError::Denied {
            findings: vec![Finding::error("form-foreign")],
        }
    };
    Err(Box::new(
        web.error(&Who::Nobody(Box::new(asked.public)), &error),
    ))
}
