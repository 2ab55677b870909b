//! A one-time token, shown once: the answer to the form that issues it.

use access::{Action, SetupToken, account};
use askama::Template;
use kernel::Instant;
use store::Connection;
use web::{
    AnswerHandler, Context, Form, Head, Locale, Page, PageError, Params, Policy, Route, Samples,
};

use crate::{
    account_page, sample,
    tokens::{IssueToken, TokenIssued},
};

/// The page with the token.
#[derive(Debug, Template)]
#[template(path = "token_page.html")]
pub struct TokenPage {
    l: Locale,
    /// The account's page.
    back: String,
    name: String,
    sign_in_name: String,
    token: SetupToken,
    /// Until when it can be used, by the machine's clock; none while another must release it.
    until: Option<Instant>,
}

/// The route.
pub(crate) fn route() -> Route {
    Route::answered(
        "/accounts/{account}/token",
        Policy::Whole(Action::AccountIssueToken),
        AnswerHandler {
            read: |context, params, form| {
                Ok(IssueToken {
                    account: account_page::id(params)?,
                    token_hash: token(context, form).hash_text(),
                })
            },
            page,
            again: account_page::page,
        },
    )
}

/// The same where a form is sent twice, so that its second answer shows what the first put in
/// force.
fn token(context: &Context, form: &Form) -> SetupToken {
    SetupToken::new(context.form_secret(form))
}

fn page(
    context: &Context,
    _: &Params,
    form: &Form,
    issued: &TokenIssued,
    connection: &mut dyn Connection,
) -> Result<TokenPage, PageError> {
    let account = account::get(connection, context.tenant, issued.account)?;
    let account = account.ok_or(PageError::NotFound)?;
    let name = directory::person::name(connection, context.tenant, account.person)?;
    Ok(TokenPage {
        back: format!("/accounts/{}", issued.account),
        name: name.unwrap_or_default(),
        sign_in_name: account.sign_in_name,
        token: token(context, form),
        until: issued.expires_at,
        l: context.l.clone(),
    })
}

impl Page for TokenPage {
    fn head(&self) -> Head {
        Head::new(self.l.text("token-title"))
    }

    fn samples(l: &Locale) -> Samples<TokenPage> {
        let page = |name: &str, until| TokenPage {
            l: l.clone(),
            back: "/accounts/1".to_owned(),
            name: name.to_owned(),
            sign_in_name: "liuwan.cgp".to_owned(),
            token: SetupToken::new([5; 32]),
            until,
        };
        Samples {
            ordinary: page("陈国平", Some(sample::now())),
            longest: page("阿卜杜热合曼·买买提吐尔逊江", None),
            empty: None,
            with_error: None,
        }
    }
}
