//! What is typed and not yet sent: kept in working tables, without a command and without a trace.
//! Watching someone type is nobody's business.

use app::Refusal;
use axum::response::Response;

use super::asked::Asked;
use super::documents::go;
use super::forms::{refused, resend};
use super::read::{Given, admit};
use super::web::Web;
use crate::resend::Reason;
use crate::route::DraftWork;
use crate::{Form, PageError, Route};

/// Keeps what a form holds; origin and hidden field are checked already. The answer is the part of
/// the page for a script, and the way back to the form for everybody else.
pub(super) async fn keep(
    web: &Web,
    asked: Asked,
    (route, work): (Route, DraftWork),
    form: Form,
) -> Response {
    let (public, params, session) = (
        asked.public.clone(),
        asked.params.clone(),
        asked.session.clone(),
    );
    let kept = {
        let (web, public, session) = (web.clone(), public.clone(), session.clone());
        let (route, params, form, keep) = (route.clone(), params.clone(), form.clone(), work.keep);
        web.app()
            .clone()
            .store()
            .write(move |connection| -> Result<(), PageError> {
                let (who, _) = web.identify(connection, &public, session.as_ref())?;
                if let Some(retry_after_s) = web.too_fast(&who) {
                    return Err(PageError::TooMany { retry_after_s });
                }
                let context = admit(&route, &who, &params, connection)?;
                keep(context, &params, &form, connection)
            })
            .await
    };
    match kept {
        Ok(()) if public.is_fragment => {
            let part = work.part;
            let outcome = web
                .read(asked.public, asked.session, move |who, connection| {
                    let context = admit(&route, who, &params, connection)?;
                    part(context, &params, connection).map(Given::Page)
                })
                .await;
            web.answer(outcome, &public)
        }
        Ok(()) => go(&public, &(work.done)(&params)),
        Err(PageError::SignIn) => resend(web, asked, form, Reason::SignedOut).await,
        Err(PageError::Invalid(findings)) => {
            refused(web, asked, route, form, Refusal::invalid(findings)).await
        }
        Err(error) => {
            let outcome = web
                .read(asked.public, asked.session, move |_, _| Err(error.clone()))
                .await;
            web.answer(outcome, &public)
        }
    }
}
