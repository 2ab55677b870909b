//! Grants: proposals that wait for the second administrator, and grants in force.

use access::{
    Action,
    grant::{self, GrantState, GrantView},
};
use askama::Template;
use directory::place;
use kernel::{Finding, PlaceId, Tenant};
use store::{Connection, StoreError};
use web::{
    Attempt, Context, FormHandler, FormStart, Head, Locale, MenuEntry, MenuGroup, Page, PageError,
    Params, Policy, Route, Samples,
};

use crate::{
    grants::{ApproveGrant, GrantChanged, RefuseGrant, RevokeGrant},
    sample,
};

/// The list of grants.
#[derive(Debug, Template)]
#[template(path = "grant_list.html")]
pub struct GrantList {
    l: Locale,
    proposed: Vec<Line>,
    approved: Vec<Line>,
    attempt: Attempt,
    may_approve: bool,
    may_revoke: bool,
}

/// A grant with names instead of ids.
#[derive(Debug)]
pub struct Line {
    grant: GrantView,
    person: String,
    place: String,
    by: String,
    starts: [FormStart; 2],
}

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    let approve = Policy::Holds(Action::GrantApprove);
    let done = |_: &Context, _: &Params, _: &GrantChanged| "/grants".to_owned();
    vec![
        Route::page("/grants", Policy::Holds(Action::GrantRead), page).menu(MenuEntry {
            group: MenuGroup::Foundation,
            order: 4,
            icon: "lock",
            text: "grants-title",
        }),
        Route::form(
            "/grants/{grant}/approve",
            approve,
            FormHandler { read: |_, p, _| Ok(ApproveGrant { grant: id(p)? }), done, again: page },
        ),
        Route::form(
            "/grants/{grant}/refuse",
            approve,
            FormHandler { read: |_, p, _| Ok(RefuseGrant { grant: id(p)? }), done, again: page },
        ),
        Route::form(
            "/grants/{grant}/revoke",
            Policy::Holds(Action::GrantRevoke),
            FormHandler { read: |_, p, _| Ok(RevokeGrant { grant: id(p)? }), done, again: page },
        ),
    ]
}

fn id(params: &Params) -> Result<access::GrantId, Vec<Finding>> {
    let id = params.path("grant").parse();
    id.map_err(|_| vec![Finding::error("not-found").arg("kind", "grant")])
}

fn page(
    context: &Context,
    _: &Params,
    connection: &mut dyn Connection,
) -> Result<GrantList, PageError> {
    let proposed = lines(context, connection, GrantState::Proposed)?;
    let approved = lines(context, connection, GrantState::Approved)?;
    Ok(GrantList {
        l: context.l.clone(),
        proposed,
        approved,
        attempt: context.attempt.clone(),
        may_approve: context.holds(Action::GrantApprove),
        may_revoke: context.holds(Action::GrantRevoke),
    })
}

fn lines(
    context: &Context,
    connection: &mut dyn Connection,
    state: GrantState,
) -> Result<Vec<Line>, StoreError> {
    let tenant = context.tenant;
    let mut lines = Vec::new();
    for found in grant::in_state(connection, tenant, state)? {
        let person = directory::person::name(connection, tenant, found.proposal.person)?;
        let by = match found.by {
            None => None,
            Some(by) => directory::person::name(connection, tenant, by)?,
        };
        lines.push(Line {
            person: person.unwrap_or_default(),
            place: place_name(connection, tenant, found.proposal.place)?,
            by: by.unwrap_or_default(),
            starts: [context.form(), context.form()],
            grant: found,
        });
    }
    Ok(lines)
}

/// The name of a grant's place; empty for the whole tenant.
pub(crate) fn place_name(
    connection: &mut dyn Connection,
    tenant: Tenant,
    place: Option<PlaceId>,
) -> Result<String, StoreError> {
    let Some(place) = place else { return Ok(String::new()) };
    let found = place::get(connection, tenant, place)?;
    Ok(found.map(|place| place.shown_name().to_owned()).unwrap_or_default())
}

impl Page for GrantList {
    fn head(&self) -> Head {
        Head::new(self.l.text("grants-title"))
    }

    fn samples(l: &Locale) -> Samples<GrantList> {
        let line = |person: &str, place: &str| Line {
            grant: sample::grant(),
            person: person.to_owned(),
            place: place.to_owned(),
            by: "安全管理员".to_owned(),
            starts: [sample::start(), sample::start()],
        };
        let page = |proposed, approved| GrantList {
            l: l.clone(),
            proposed,
            approved,
            attempt: Attempt::default(),
            may_approve: true,
            may_revoke: true,
        };
        let mut refused = page(vec![line("陈国平", "柳湾村")], Vec::new());
        refused.attempt.sent = true;
        refused.attempt.findings =
            vec![Finding::error("access-own-matter").arg("action", "grant.approve")];
        Samples {
            ordinary: page(vec![line("陈国平", "柳湾村")], vec![line("李静", "")]),
            longest: page(
                vec![line("阿卜杜热合曼·买买提吐尔逊江", sample::LONGEST_PLACE)],
                Vec::new(),
            ),
            empty: Some(page(Vec::new(), Vec::new())),
            with_error: Some(refused),
        }
    }
}
