//! Accounts: the list, and the form that makes one.

use access::{Action, Scope, places};
use askama::Template;
use directory::place::{Place, PlaceLevel};
use store::Connection;
use web::{
    Attempt, Choice, Context, ExportLinks, Form, FormHandler, FormStart, Head, Locale, MenuEntry,
    MenuGroup, Page, PageError, Pager, Params, Policy, Route, Samples, SortHead, Sorting,
};

use crate::{
    account_find::{self, COLUMNS, Filter, Line, STATES, SlipState, USES},
    accounts::{AccountMade, MakeAccount},
    listing::{self, PER_PAGE},
    sample,
};

/// The list of accounts.
#[derive(Debug, Template)]
#[template(path = "account_list.html")]
pub struct AccountList {
    l: Locale,
    accounts: Vec<Line>,
    /// Whether something is left out by a filter.
    is_narrowed: bool,
    words: String,
    state: &'static str,
    states: Vec<Choice>,
    usage: &'static str,
    uses: Vec<Choice>,
    place: String,
    places: Vec<Choice>,
    post: &'static str,
    posts: Vec<Choice>,
    heads: [SortHead; 2],
    pager: Pager,
    export: ExportLinks,
    /// Where slips are printed for whom the filters leave; empty for who may not.
    slips: String,
    start: FormStart,
    attempt: Attempt,
    may_make: bool,
    /// Whether a name leads to the account's own page, which is for the whole tenant.
    may_open: bool,
}

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::page("/accounts", Policy::Holds(Action::AccountRead), page).menu(MenuEntry {
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

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<AccountList, PageError> {
    let (filter, l) = (Filter::of(params), &context.l);
    let total = account_find::count(context, &filter, Action::AccountRead, connection)?;
    let pager = Pager::new(params, total, PER_PAGE);
    let window = (pager.limit(), pager.offset());
    let action = Action::AccountRead;
    let accounts = account_find::find(context, params, &filter, action, connection, window)?;
    let sorting = Sorting::of(params, COLUMNS);
    let may_issue = context.holds(Action::AccountIssueSlip);
    Ok(AccountList {
        accounts,
        is_narrowed: !filter.is_empty(),
        words: filter.words,
        state: filter.state,
        states: listing::choices(l, "account", STATES.iter().copied()),
        usage: filter.usage,
        uses: listing::choices(l, "account-use", USES.iter().copied()),
        place: filter
            .place
            .map(|place| place.to_string())
            .unwrap_or_default(),
        places: towns(context, connection)?,
        post: filter.post,
        posts: listing::choices(l, "post", listing::POSTS.iter().copied()),
        export: ExportLinks::of(params, "/accounts"),
        slips: if may_issue {
            format!("/accounts/slips{}", params.query_with("page", ""))
        } else {
            String::new()
        },
        heads: ["name", "sign_in_name"].map(|column| sorting.head(params, column)),
        pager,
        start: context.form(),
        attempt: context.attempt.clone(),
        may_make: context.holds_whole(Action::AccountMake),
        may_open: context.holds_whole(Action::AccountRead),
        l: context.l.clone(),
    })
}

/// The towns within sight, to filter by.
fn towns(context: &Context, connection: &mut dyn Connection) -> Result<Vec<Choice>, PageError> {
    let scope = Scope::new(&context.subject, Action::AccountRead, context.today());
    let filter = places::PlaceFilter {
        level: Some(PlaceLevel::Town),
        ..places::PlaceFilter::default()
    };
    let found = places::list(connection, &scope, &filter, places::Page::ALL)?;
    let choice = |place: Place| Choice::new(place.place.to_string(), place.shown_name());
    Ok(found.into_iter().map(choice).collect())
}

impl Page for AccountList {
    fn head(&self) -> Head {
        Head::new(self.l.text("accounts-title"))
    }

    fn samples(l: &Locale) -> Samples<AccountList> {
        let line = |name: &&str| sample::account_line(l, name, "柳湾村", SlipState::Open);
        let page = |names: &[&str]| AccountList {
            l: l.clone(),
            accounts: names.iter().map(line).collect(),
            is_narrowed: false,
            words: String::new(),
            state: "",
            states: listing::choices(l, "account", STATES.iter().copied()),
            usage: "",
            uses: listing::choices(l, "account-use", USES.iter().copied()),
            place: String::new(),
            places: vec![Choice::new("1", sample::LONGEST_PLACE)],
            post: "",
            posts: listing::choices(l, "post", listing::POSTS.iter().copied()),
            heads: ["name", "sign_in_name"].map(|column| {
                Sorting::of(&Params::default(), COLUMNS).head(&Params::default(), column)
            }),
            pager: Pager::new(&Params::default(), names.len(), PER_PAGE),
            export: ExportLinks::of(&Params::default(), "/accounts"),
            slips: "/accounts/slips?".to_owned(),
            start: sample::start(),
            attempt: Attempt::default(),
            may_make: true,
            may_open: true,
        };
        let mut refused = page(&["陈国平"]);
        refused.attempt.sent = true;
        refused.attempt.findings =
            vec![kernel::Finding::error("sign-in-name-form").field("sign_in_name")];
        let mut longest = page(&["阿卜杜热合曼·买买提吐尔逊江"]);
        longest.accounts = vec![sample::account_line(
            l,
            "阿卜杜热合曼·买买提吐尔逊江",
            sample::LONGEST_PLACE,
            SlipState::Waiting,
        )];
        longest.may_open = false;
        Samples {
            ordinary: page(&["陈国平", "李静"]),
            longest,
            empty: Some(page(&[])),
            with_error: Some(refused),
        }
    }
}
