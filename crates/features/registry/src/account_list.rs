//! Accounts: the list, and the form that makes one.

use access::{AccountId, Action};
use askama::Template;
use store::{Connection, Row, StoreError, Value, values};
use web::{
    Attempt, Choice, Context, ExportLinks, Form, FormHandler, FormStart, Head, Locale, MenuEntry,
    MenuGroup, Page, PageError, Pager, Params, Policy, Route, Samples, SortHead, Sorting,
};

use crate::{
    accounts::{AccountMade, MakeAccount},
    listing::{self, PER_PAGE},
    sample,
};

/// Accounts that fit the filters.
macro_rules! fitting {
    () => {
        " FROM account_current a LEFT JOIN person_name n ON n.tenant = a.tenant \
         AND n.person = a.person WHERE a.tenant = $1 AND ($2 = '' \
         OR lower(n.name) LIKE $3 ESCAPE '!' OR a.sign_in_name LIKE $3 ESCAPE '!' \
         OR (n.initials >= $2 AND n.initials < $4)) AND ($5 = '' \
         OR ($5 = 'enabled' AND a.disabled = 0) OR ($5 = 'disabled' AND a.disabled = 1))"
    };
}

macro_rules! sorted {
    ($order:literal) => {
        concat!(
            "SELECT a.account, n.name, a.sign_in_name, a.disabled",
            fitting!(),
            " ORDER BY ",
            $order,
            " LIMIT $6 OFFSET $7"
        )
    };
}

store::statements! {
    COUNT_ACCOUNTS = concat!("SELECT count(*)", fitting!());
    BY_SIGN_IN_NAME = sorted!("a.sign_in_name");
    BY_SIGN_IN_NAME_DOWN = sorted!("a.sign_in_name DESC");
    BY_NAME = sorted!("n.initials NULLS LAST, n.name NULLS LAST, a.sign_in_name");
    BY_NAME_DOWN = sorted!("n.initials DESC NULLS LAST, n.name DESC NULLS LAST, a.sign_in_name");
}

const COLUMNS: &[&str] = &["sign_in_name", "name"];
const STATES: &[&str] = &["enabled", "disabled"];

/// The list of accounts.
#[derive(Debug, Template)]
#[template(path = "account_list.html")]
pub struct AccountList {
    l: Locale,
    accounts: Vec<Line>,
    words: String,
    state: &'static str,
    states: Vec<Choice>,
    heads: [SortHead; 2],
    pager: Pager,
    export: ExportLinks,
    start: FormStart,
    attempt: Attempt,
    may_make: bool,
}

#[derive(Debug)]
pub(crate) struct Line {
    account: AccountId,
    pub(crate) name: String,
    pub(crate) sign_in_name: String,
    pub(crate) disabled: bool,
}

fn read_line(row: &Row<'_>) -> Result<Line, StoreError> {
    Ok(Line {
        account: row.id(0)?,
        name: row.optional_text(1)?.unwrap_or_default().to_owned(),
        sign_in_name: row.text(2)?.to_owned(),
        disabled: row.flag(3)?,
    })
}

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::page("/accounts", Policy::Whole(Action::AccountRead), page).menu(MenuEntry {
            group: MenuGroup::Foundation,
            order: 4,
            icon: "user",
            text: "accounts-title",
        }),
        Route::form(
            "/accounts",
            Policy::Whole(Action::AccountMake),
            FormHandler {
                read,
                done,
                again: page,
            },
        ),
    ]
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of all forms")]
fn read(_: &Context, _: &Params, form: &Form) -> Result<MakeAccount, Vec<kernel::Finding>> {
    Ok(MakeAccount {
        person: None,
        name: Some(form.text("name").to_owned()),
        namesake: form.text("namesake") == "yes",
        sign_in_name: form.text("sign_in_name").to_owned(),
    })
}

fn done(_: &Context, _: &Params, made: &AccountMade) -> String {
    format!("/accounts/{}", made.account)
}

/// What the list is narrowed to.
pub(crate) struct Filter {
    pub(crate) words: String,
    pub(crate) state: &'static str,
}

impl Filter {
    pub(crate) fn of(params: &Params) -> Filter {
        Filter {
            words: listing::words(params),
            state: listing::one_of(params, "state", STATES),
        }
    }

    fn bound(&self, context: &Context) -> Vec<Value<'static>> {
        let (matched, pattern, end) = listing::matching(&self.words);
        Vec::from(values![context.tenant, matched, pattern, end, self.state])
    }
}

/// The accounts of a window of the list, in its order.
pub(crate) fn find(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
    (limit, offset): (i64, i64),
) -> Result<Vec<Line>, StoreError> {
    let mut parameters = Filter::of(params).bound(context);
    parameters.extend(values![limit, offset]);
    let sorting = Sorting::of(params, COLUMNS);
    let statement = match (sorting.column, sorting.descending) {
        ("name", false) => &BY_NAME,
        ("name", true) => &BY_NAME_DOWN,
        (_, false) => &BY_SIGN_IN_NAME,
        (_, true) => &BY_SIGN_IN_NAME_DOWN,
    };
    connection.all(statement, &parameters, read_line)
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<AccountList, PageError> {
    let filter = Filter::of(params);
    let total = connection.one(&COUNT_ACCOUNTS, &filter.bound(context), |row| row.int(0))?;
    let pager = Pager::new(
        params,
        usize::try_from(total).unwrap_or(usize::MAX),
        PER_PAGE,
    );
    let window = (pager.limit(), pager.offset());
    let sorting = Sorting::of(params, COLUMNS);
    Ok(AccountList {
        accounts: find(context, params, connection, window)?,
        words: filter.words,
        state: filter.state,
        export: ExportLinks::of(params, "/accounts"),
        states: listing::choices(&context.l, "account", STATES.iter().copied()),
        heads: ["name", "sign_in_name"].map(|column| sorting.head(params, column)),
        pager,
        start: context.form(),
        attempt: context.attempt.clone(),
        may_make: context.holds_whole(Action::AccountMake),
        l: context.l.clone(),
    })
}

impl Page for AccountList {
    fn head(&self) -> Head {
        Head::new(self.l.text("accounts-title"))
    }

    fn samples(l: &Locale) -> Samples<AccountList> {
        let line = |name: &&str| Line {
            account: sample::account().account,
            name: (*name).to_owned(),
            sign_in_name: "village01".to_owned(),
            disabled: false,
        };
        let page = |names: &[&str]| AccountList {
            l: l.clone(),
            accounts: names.iter().map(line).collect(),
            words: String::new(),
            state: "",
            states: listing::choices(l, "account", STATES.iter().copied()),
            heads: ["name", "sign_in_name"].map(|column| {
                Sorting::of(&Params::default(), COLUMNS).head(&Params::default(), column)
            }),
            pager: Pager::new(&Params::default(), names.len(), PER_PAGE),
            export: ExportLinks::of(&Params::default(), "/accounts"),
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
