//! Accounts: the list, and the form that makes one.

use access::{Action, account::{self, Account}};
use askama::Template;
use store::Connection;
use web::{
    Attempt, Context, Form, FormHandler, FormStart, Head, Locale, MenuEntry, MenuGroup, Page,
    PageError, Params, Policy, Route, Samples,
};

use crate::{accounts::{AccountMade, MakeAccount}, sample};

/// The list of accounts.
#[derive(Debug, Template)]
#[template(path = "account_list.html")]
pub struct AccountList {
    l: Locale,
    /// Account and the person's name.
    accounts: Vec<(Account, String)>,
    /// Sign-in name after which the next page begins; empty on the last page.
    next: String,
    start: FormStart,
    attempt: Attempt,
    may_make: bool,
}

/// Rows on one page.
const PER_PAGE: u32 = 100;

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::page("/accounts", Policy::Holds(Action::AccountRead), page).menu(MenuEntry {
            group: MenuGroup::Foundation,
            order: 3,
            icon: "users",
            text: "accounts-title",
        }),
        Route::form(
            "/accounts",
            Policy::Holds(Action::AccountMake),
            FormHandler { read, done, again: page },
        ),
    ]
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of all forms")]
fn read(_: &Context, _: &Params, form: &Form) -> Result<MakeAccount, Vec<kernel::Finding>> {
    Ok(MakeAccount {
        person: None,
        name: Some(form.text("name").to_owned()),
        sign_in_name: form.text("sign_in_name").to_owned(),
    })
}

fn done(_: &Context, _: &Params, made: &AccountMade) -> String {
    format!("/accounts/{}", made.account)
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<AccountList, PageError> {
    let after = params.query("after").unwrap_or_default();
    let found = account::page(connection, context.tenant, after, PER_PAGE)?;
    let full = found.len() == PER_PAGE as usize;
    let next = found.last().filter(|_| full).map(|last| last.sign_in_name.clone());
    let mut accounts = Vec::with_capacity(found.len());
    for account in found {
        let name = directory::person::name(connection, context.tenant, account.person)?;
        accounts.push((account, name.unwrap_or_default()));
    }
    Ok(AccountList {
        l: context.l.clone(),
        accounts,
        next: next.unwrap_or_default(),
        start: context.form(),
        attempt: context.attempt.clone(),
        may_make: context.holds(Action::AccountMake),
    })
}

impl Page for AccountList {
    fn head(&self) -> Head {
        Head::new(self.l.text("accounts-title"))
    }

    fn samples(l: &Locale) -> Samples<AccountList> {
        let page = |names: &[&str]| AccountList {
            l: l.clone(),
            accounts: names.iter().map(|name| (sample::account(), (*name).to_owned())).collect(),
            next: String::new(),
            start: sample::start(),
            attempt: Attempt::default(),
            may_make: true,
        };
        let mut refused = page(&["陈国平"]);
        refused.attempt.sent = true;
        refused.attempt.findings =
            vec![kernel::Finding::error("sign-in-name-form").field("sign_in_name")];
        Samples {
            ordinary: page(&["陈国平", "李静"]),
            longest: page(&["阿卜杜热合曼·买买提吐尔逊江"]),
            empty: Some(page(&[])),
            with_error: Some(refused),
        }
    }
}
