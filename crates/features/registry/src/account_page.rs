//! The page of one account: its person's grants, the forms for a one-time token, for taking a
//! second factor away, for closing it, and for proposing a grant.

use std::collections::BTreeMap;

use access::{
    Action, Role,
    account::{self, Account},
    grant::{self, GrantView},
    second_factor::{self, Factor},
};
use askama::Template;
use directory::place::{self, PlaceLevel};
use kernel::{Finding, PlaceId};
use store::{Connection, StoreError};
use web::{
    Attempt, Choice, Context, Form, FormHandler, FormStart, Head, Locale, Page, PageError, Params,
    Policy, Route, Samples,
};

use crate::{
    accounts::{AccountMade, DisableAccount},
    factor_list::{self, FactorLine},
    factor_reset::{FactorReset, ResetFactor},
    grants::{GrantChanged, ProposeGrant},
    sample,
    token_list::{self, TokenLine},
};

/// What the field of the place holds where the whole area is granted.
const EVERYWHERE: &str = "everywhere";

/// The page of one account.
#[derive(Debug, Template)]
#[template(path = "account_page.html")]
pub struct AccountPage {
    l: Locale,
    account: Account,
    name: String,
    /// Grant, the name of its place, and the text of its state.
    grants: Vec<(GrantView, String, String)>,
    roles: Vec<Choice>,
    /// The role to propose, once it is chosen.
    role: Option<Role>,
    /// The places at which that role is granted.
    places: Vec<Choice>,
    tokens: Vec<TokenLine>,
    factor: Option<Factor>,
    factor_events: Vec<FactorLine>,
    starts: [FormStart; 4],
    attempt: Attempt,
    may_issue: bool,
    may_disable: bool,
    may_propose: bool,
}

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::page(
            "/accounts/{account}",
            Policy::Whole(Action::AccountRead),
            page,
        ),
        Route::form(
            "/accounts/{account}/disable",
            Policy::Whole(Action::AccountDisable),
            FormHandler {
                read: |_, params, form| {
                    let (account, disabled) = (id(params)?, form.text("disabled") == "yes");
                    Ok(DisableAccount { account, disabled })
                },
                done: |_, _, made: &AccountMade| format!("/accounts/{}", made.account),
                again: page,
            },
        ),
        Route::form(
            "/accounts/{account}/factor/reset",
            Policy::Whole(Action::AccountIssueToken),
            FormHandler {
                read: |_, params, form| {
                    Ok(ResetFactor {
                        account: id(params)?,
                        reason: form.text("reason").to_owned(),
                    })
                },
                done: |_, _, reset: &FactorReset| format!("/accounts/{}", reset.account),
                again: page,
            },
        ),
        Route::form(
            "/accounts/{account}/grants",
            Policy::Whole(Action::GrantPropose),
            FormHandler {
                read: propose,
                done: |_, _, _: &GrantChanged| "/grants".to_owned(),
                again: page,
            },
        ),
    ]
}

pub(crate) fn id(params: &Params) -> Result<access::AccountId, Vec<Finding>> {
    let id = params.path("account").parse();
    id.map_err(|_| vec![Finding::error("not-found").arg("kind", "account")])
}

fn propose(_: &Context, _: &Params, form: &Form) -> Result<ProposeGrant, Vec<Finding>> {
    let mut findings = Vec::new();
    let person = form
        .parse("person", "required")
        .map_err(|finding| findings.push(finding));
    let role = form
        .parse::<Role>("role", "required")
        .map_err(|finding| findings.push(finding));
    // The whole area is chosen in so many words; a field left alone grants nothing.
    let place = match form.text("place") {
        EVERYWHERE => Ok(None),
        _ => form.parse("place", "required").map(Some),
    }
    .map_err(|finding| findings.push(finding));
    let mut day = |name: &str| match form.get(name) {
        None => None,
        Some(_) => form
            .parse(name, "day")
            .map_err(|finding| findings.push(finding))
            .ok(),
    };
    let valid_until = day("valid_until");
    match (person, role, place) {
        (Ok(person), Ok(role), Ok(place)) if findings.is_empty() => Ok(ProposeGrant {
            person,
            role,
            place,
            valid_from: None,
            valid_until,
        }),
        _ => Err(findings),
    }
}

pub(crate) fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<AccountPage, PageError> {
    let tenant = context.tenant;
    let account = account::get(connection, tenant, params.parse("account")?)?;
    let account = account.ok_or(PageError::NotFound)?;
    let name = directory::person::name(connection, tenant, account.person)?.unwrap_or_default();
    let mut grants = Vec::new();
    for found in grant::of_person(connection, tenant, account.person)? {
        let place = crate::listing::place_name(connection, tenant, found.proposal.place)?;
        let state = if found.has_lapsed(context.now) {
            "grant-state-lapsed".to_owned()
        } else {
            format!("grant-state-{}", found.state.name())
        };
        grants.push((found, place, state));
    }
    let role = if context.attempt.sent {
        context.attempt.form.text("role").parse().ok()
    } else {
        params.query_as("role")
    };
    let role = role.filter(|role: &Role| role.can_be_granted());
    let places = match role {
        Some(role) => places_for(context, connection, role)?,
        None => Vec::new(),
    };
    Ok(AccountPage {
        name,
        grants,
        roles: crate::grant_list::roles(&context.l),
        role,
        places,
        tokens: token_list::of_person(connection, tenant, account.person)?,
        factor: second_factor::get(connection, tenant, account.account)?,
        factor_events: factor_list::of_account(connection, tenant, account.account)?,
        starts: [
            context.form(),
            context.form(),
            context.form(),
            context.form(),
        ],
        attempt: context.attempt.clone(),
        may_issue: context.holds_whole(Action::AccountIssueToken),
        may_disable: context.holds_whole(Action::AccountDisable),
        may_propose: context.holds_whole(Action::GrantPropose),
        l: context.l.clone(),
        account,
    })
}

fn everywhere(l: &Locale) -> Choice {
    Choice::new(EVERYWHERE, l.text("grant-everywhere").to_string())
}

/// The places at which a role is granted, each with the place above it where names may be the same
/// twice. Grids are left out: whoever serves one is granted her village.
fn places_for(
    context: &Context,
    connection: &mut dyn Connection,
    role: Role,
) -> Result<Vec<Choice>, StoreError> {
    let tree = place::tree_on(connection, context.tenant, context.today())?;
    let names: BTreeMap<PlaceId, &str> = tree
        .iter()
        .map(|place| (place.place, place.shown_name()))
        .collect();
    let ground = role.ground();
    let whole = ground.fits(None).then(|| everywhere(&context.l));
    let fitting = tree.iter().filter(|place| {
        let level = place.level();
        level < PlaceLevel::Grid && ground.fits(Some(level))
    });
    let named = fitting.map(|place| {
        let above = place.parent.and_then(|parent| names.get(&parent));
        let name = match above {
            Some(above) if place.level() == PlaceLevel::Village => {
                format!("{above} · {}", place.shown_name())
            }
            _ => place.shown_name().to_owned(),
        };
        Choice::new(place.place.to_string(), name)
    });
    Ok(whole.into_iter().chain(named).collect())
}

impl AccountPage {
    fn role_name(&self) -> &'static str {
        self.role.map_or("", Role::name)
    }

    /// The one place there is to choose, if there is only one.
    fn sole_place(&self) -> &str {
        match &self.places[..] {
            [only] => &only.value,
            _ => "",
        }
    }
}

impl Page for AccountPage {
    fn head(&self) -> Head {
        Head::new(&self.name)
    }

    fn samples(l: &Locale) -> Samples<AccountPage> {
        let page = |name: &str, grants| AccountPage {
            l: l.clone(),
            account: sample::account(),
            name: name.to_owned(),
            grants,
            roles: crate::grant_list::roles(l),
            role: Some(Role::VillageSecretary),
            places: vec![
                Choice::new("1", "清河镇 · 柳湾村"),
                Choice::new("2", sample::LONGEST_PLACE),
            ],
            tokens: vec![sample::token()],
            factor: Some(Factor {
                since: sample::now(),
                codes_left: 7,
            }),
            factor_events: vec![factor_list::sample("手机丢失，已当面核对身份证。")],
            starts: [
                sample::start(),
                sample::start(),
                sample::start(),
                sample::start(),
            ],
            attempt: Attempt::default(),
            may_issue: true,
            may_disable: true,
            may_propose: true,
        };
        let state = || "grant-state-approved".to_owned();
        let mut refused = page("李静", Vec::new());
        refused.attempt.sent = true;
        refused.attempt.findings = vec![Finding::error("required").field("role")];
        Samples {
            ordinary: page(
                "陈国平",
                vec![(sample::grant(), "柳湾村".to_owned(), state())],
            ),
            longest: page(
                "阿卜杜热合曼·买买提吐尔逊江",
                vec![(sample::grant(), sample::LONGEST_PLACE.to_owned(), state())],
            ),
            empty: Some(AccountPage {
                role: None,
                ..page("李静", Vec::new())
            }),
            with_error: Some(refused),
        }
    }
}
