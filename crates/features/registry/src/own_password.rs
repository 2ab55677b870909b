//! The page on which everybody changes her own password; a password that is too old leads here.

use askama::Template;
use kernel::Finding;
use store::Connection;
use web::{
    Attempt, Context, FormHandler, FormStart, Head, Locale, OWN_PASSWORD_PAGE, Page, PageError,
    Params, Policy, Route, Samples,
};

use crate::{
    own_account::{ChangePassword, PasswordChanged},
    sample,
};

/// The page.
#[derive(Debug, Template)]
#[template(path = "own_password.html")]
pub struct OwnPassword {
    l: Locale,
    /// Whether it must be done before anything else.
    is_due: bool,
    /// Whether the account has a second factor.
    wants_code: bool,
    shortest: usize,
    start: FormStart,
    attempt: Attempt,
}

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::page(OWN_PASSWORD_PAGE, Policy::SignedIn, page),
        Route::form(
            OWN_PASSWORD_PAGE,
            Policy::SignedIn,
            FormHandler {
                read: |_, _, _| Ok(ChangePassword {}),
                done: |_, _, _: &PasswordChanged| "/me".to_owned(),
                again: page,
            },
        )
        .sets_password(),
    ]
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of every page handler")]
fn page(context: &Context, _: &Params, _: &mut dyn Connection) -> Result<OwnPassword, PageError> {
    Ok(OwnPassword {
        is_due: context.must_change_password(),
        wants_code: context.has_factor(),
        shortest: context.app().profile().password_min,
        start: context.form(),
        attempt: context.attempt.clone(),
        l: context.l.clone(),
    })
}

impl Page for OwnPassword {
    fn head(&self) -> Head {
        Head::new(self.l.text("me-password-title"))
    }

    fn samples(l: &Locale) -> Samples<OwnPassword> {
        let page = |is_due: bool, attempt: Attempt| OwnPassword {
            l: l.clone(),
            is_due,
            wants_code: is_due,
            shortest: 12,
            start: sample::start(),
            attempt,
        };
        let wrong = Attempt {
            findings: vec![
                Finding::error("password-wrong").field("password"),
                Finding::error("password-again").field("again"),
            ],
            sent: true,
            ..Attempt::default()
        };
        Samples {
            ordinary: page(false, Attempt::default()),
            longest: page(true, Attempt::default()),
            empty: None,
            with_error: Some(page(false, wrong)),
        }
    }
}
