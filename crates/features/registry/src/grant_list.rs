//! Grants: proposals that wait for the second administrator, and grants in force.

use access::{
    Action, GrantId, Role, TokenRequestId,
    grant::{self, GrantView},
};
use askama::Template;
use kernel::{Day, Finding};
use store::{Connection, Row, StoreError, Value, values};
use web::{
    Attempt, Choice, Context, ExportLinks, FormHandler, FormStart, Head, Locale, MenuEntry,
    MenuGroup, Page, PageError, Pager, Params, Policy, Route, Samples, SortHead, Sorting,
};

use crate::{
    account_page,
    factor_list::{self, WaitingReset},
    factor_reset::{FactorReset, RefuseFactorReset, ReleaseFactorReset},
    grants::{ApproveGrant, GrantChanged, RefuseGrant, RevokeGrant},
    listing::{self, PER_PAGE},
    sample,
    token_list::{self, Waiting},
    tokens::{RefuseToken, ReleaseToken, TokenIssued},
};

/// Grants in force that fit the filters.
macro_rules! fitting {
    () => {
        " FROM grant_current g LEFT JOIN person_name n ON n.tenant = g.tenant \
         AND n.person = g.person LEFT JOIN place_current p ON p.tenant = g.tenant \
         AND p.place = g.place WHERE g.tenant = $1 AND ($2 = '' \
         OR lower(n.name) LIKE $3 ESCAPE '!' OR lower(p.name) LIKE $3 ESCAPE '!' \
         OR lower(p.alias) LIKE $3 ESCAPE '!' OR (n.initials >= $2 AND n.initials < $4)) \
         AND ($5 = '' OR g.role = $5)"
    };
}

macro_rules! sorted {
    ($order:literal) => {
        concat!(
            "SELECT g.grant_id, n.name, g.role, COALESCE(p.alias, p.name), g.valid_from, ",
            "g.valid_until",
            fitting!(),
            " ORDER BY ",
            $order,
            " LIMIT $6 OFFSET $7"
        )
    };
}

store::statements! {
    COUNT_IN_FORCE = concat!("SELECT count(*)", fitting!());
    BY_PERSON = sorted!("n.initials NULLS LAST, n.name NULLS LAST, g.grant_id");
    BY_PERSON_DOWN = sorted!("n.initials DESC NULLS LAST, n.name DESC NULLS LAST, g.grant_id");
    BY_ROLE = sorted!("g.role, n.initials NULLS LAST, g.grant_id");
    BY_ROLE_DOWN = sorted!("g.role DESC, n.initials NULLS LAST, g.grant_id");
}

const COLUMNS: &[&str] = &["person", "role"];

/// The list of grants.
#[derive(Debug, Template)]
#[template(path = "grant_list.html")]
pub struct GrantList {
    l: Locale,
    proposed: Vec<Line>,
    tokens: Vec<Waiting>,
    resets: Vec<WaitingReset>,
    may_release: bool,
    approved: Vec<InForce>,
    words: String,
    role: &'static str,
    roles: Vec<Choice>,
    heads: [SortHead; 2],
    pager: Pager,
    export: ExportLinks,
    attempt: Attempt,
    may_approve: bool,
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

/// A grant in force.
#[derive(Debug)]
pub(crate) struct InForce {
    grant: GrantId,
    pub(crate) person: String,
    pub(crate) role: Role,
    pub(crate) place: String,
    pub(crate) valid_from: Day,
    pub(crate) valid_until: Option<Day>,
    start: Option<FormStart>,
}

fn read_in_force(row: &Row<'_>) -> Result<InForce, StoreError> {
    Ok(InForce {
        grant: row.id(0)?,
        person: row.optional_text(1)?.unwrap_or_default().to_owned(),
        role: row.parse(2)?,
        place: row.optional_text(3)?.unwrap_or_default().to_owned(),
        valid_from: row.day(4)?,
        valid_until: row.optional_day(5)?,
        start: None,
    })
}

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    let approve = Policy::Whole(Action::GrantApprove);
    let done = |_: &Context, _: &Params, _: &GrantChanged| "/grants".to_owned();
    let release = Policy::Whole(Action::AccountReleaseToken);
    let reset = |_: &Context, _: &Params, _: &FactorReset| "/grants".to_owned();
    let told = |_: &Context, _: &Params, _: &TokenIssued| "/grants".to_owned();
    vec![
        Route::page("/grants", Policy::Whole(Action::GrantRead), page).menu(MenuEntry {
            group: MenuGroup::Foundation,
            order: 5,
            icon: "lock",
            text: "grants-title",
        }),
        Route::form(
            "/grants/{grant}/approve",
            approve,
            FormHandler {
                read: |_, p, _| Ok(ApproveGrant { grant: id(p)? }),
                done,
                again: page,
            },
        ),
        Route::form(
            "/grants/{grant}/refuse",
            approve,
            FormHandler {
                read: |_, p, _| Ok(RefuseGrant { grant: id(p)? }),
                done,
                again: page,
            },
        ),
        Route::form(
            "/grants/{grant}/revoke",
            Policy::Whole(Action::GrantRevoke),
            FormHandler {
                read: |_, p, _| Ok(RevokeGrant { grant: id(p)? }),
                done,
                again: page,
            },
        ),
        Route::form(
            "/accounts/{account}/factor/release",
            release,
            FormHandler {
                read: |_, p, _| {
                    let account = account_page::id(p)?;
                    Ok(ReleaseFactorReset { account })
                },
                done: reset,
                again: page,
            },
        ),
        Route::form(
            "/accounts/{account}/factor/refuse",
            release,
            FormHandler {
                read: |_, p, _| {
                    let account = account_page::id(p)?;
                    Ok(RefuseFactorReset { account })
                },
                done: reset,
                again: page,
            },
        ),
        Route::form(
            "/tokens/{request}/release",
            release,
            FormHandler {
                read: |_, p, _| Ok(ReleaseToken { request: token(p)? }),
                done: told,
                again: page,
            },
        ),
        Route::form(
            "/tokens/{request}/refuse",
            release,
            FormHandler {
                read: |_, p, _| Ok(RefuseToken { request: token(p)? }),
                done: told,
                again: page,
            },
        ),
    ]
}

fn id(params: &Params) -> Result<GrantId, Vec<Finding>> {
    let id = params.path("grant").parse();
    id.map_err(|_| vec![Finding::error("not-found").arg("kind", "grant")])
}

fn token(params: &Params) -> Result<TokenRequestId, Vec<Finding>> {
    let id = params.path("request").parse();
    id.map_err(|_| vec![Finding::error("not-found").arg("kind", "token")])
}

/// What the list is narrowed to.
pub(crate) struct Filter {
    pub(crate) words: String,
    pub(crate) role: &'static str,
}

impl Filter {
    pub(crate) fn of(params: &Params) -> Filter {
        let names: Vec<&'static str> = Role::ALL.iter().map(|role| role.name()).collect();
        Filter {
            words: listing::words(params),
            role: listing::one_of(params, "role", &names),
        }
    }

    fn bound(&self, context: &Context) -> Vec<Value<'static>> {
        let (matched, pattern, end) = listing::matching(&self.words);
        Vec::from(values![context.tenant, matched, pattern, end, self.role])
    }
}

/// The grants in force of a window of the list, in its order.
pub(crate) fn find(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
    (limit, offset): (i64, i64),
) -> Result<Vec<InForce>, StoreError> {
    let mut parameters = Filter::of(params).bound(context);
    parameters.extend(values![limit, offset]);
    let sorting = Sorting::of(params, COLUMNS);
    let statement = match (sorting.column, sorting.descending) {
        ("role", false) => &BY_ROLE,
        ("role", true) => &BY_ROLE_DOWN,
        (_, false) => &BY_PERSON,
        (_, true) => &BY_PERSON_DOWN,
    };
    connection.all(statement, &parameters, read_in_force)
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<GrantList, PageError> {
    let filter = Filter::of(params);
    let total = connection.one(&COUNT_IN_FORCE, &filter.bound(context), |row| row.int(0))?;
    let pager = Pager::new(
        params,
        usize::try_from(total).unwrap_or(usize::MAX),
        PER_PAGE,
    );
    let window = (pager.limit(), pager.offset());
    let sorting = Sorting::of(params, COLUMNS);
    let mut approved = find(context, params, connection, window)?;
    let may_revoke = context.holds_whole(Action::GrantRevoke);
    for line in &mut approved {
        line.start = may_revoke.then(|| context.form());
    }
    Ok(GrantList {
        proposed: lines(context, connection)?,
        tokens: token_list::waiting(context, connection)?,
        resets: factor_list::waiting(context, connection)?,
        may_release: context.holds_whole(Action::AccountReleaseToken),
        approved,
        words: filter.words,
        role: filter.role,
        export: ExportLinks::of(params, "/grants"),
        roles: roles(&context.l),
        heads: COLUMNS_SHOWN.map(|column| sorting.head(params, column)),
        pager,
        attempt: context.attempt.clone(),
        may_approve: context.holds_whole(Action::GrantApprove),
        l: context.l.clone(),
    })
}

const COLUMNS_SHOWN: [&str; 2] = ["person", "role"];

/// The roles that can be granted, by name.
pub(crate) fn roles(l: &Locale) -> Vec<Choice> {
    let granted = Role::ALL.iter().filter(|role| role.can_be_granted());
    listing::choices(l, "role", granted.map(|role| role.name()))
}

fn lines(context: &Context, connection: &mut dyn Connection) -> Result<Vec<Line>, StoreError> {
    let tenant = context.tenant;
    let mut lines = Vec::new();
    for found in grant::waiting(connection, tenant, context.now)? {
        let person = directory::person::name(connection, tenant, found.proposal.person)?;
        let by = match found.by {
            None => None,
            Some(by) => directory::person::name(connection, tenant, by)?,
        };
        lines.push(Line {
            person: person.unwrap_or_default(),
            place: listing::place_name(connection, tenant, found.proposal.place)?,
            by: by.unwrap_or_default(),
            starts: [context.form(), context.form()],
            grant: found,
        });
    }
    Ok(lines)
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
        let in_force = |person: &str, place: &str| InForce {
            grant: sample::grant().proposal.grant,
            person: person.to_owned(),
            role: Role::VillageSecretary,
            place: place.to_owned(),
            valid_from: sample::day(),
            valid_until: Some(sample::day()),
            start: Some(sample::start()),
        };
        let page = |proposed, approved: Vec<InForce>| GrantList {
            l: l.clone(),
            proposed,
            tokens: Vec::new(),
            resets: Vec::new(),
            may_release: true,
            pager: Pager::new(&Params::default(), approved.len(), PER_PAGE),
            export: ExportLinks::of(&Params::default(), "/grants"),
            approved,
            words: String::new(),
            role: "",
            roles: roles(l),
            heads: COLUMNS_SHOWN.map(|column| {
                Sorting::of(&Params::default(), COLUMNS).head(&Params::default(), column)
            }),
            attempt: Attempt::default(),
            may_approve: true,
        };
        let mut ordinary = page(vec![line("陈国平", "柳湾村")], vec![in_force("李静", "")]);
        ordinary.tokens = vec![Waiting {
            request: TokenRequestId(sample::grant().proposal.grant.0),
            person: "陈国平".to_owned(),
            until: sample::now(),
            line: sample::token(),
            starts: [sample::start(), sample::start()],
        }];
        ordinary.resets = vec![WaitingReset {
            account: sample::account().account,
            person: "陈国平".to_owned(),
            until: sample::now(),
            line: factor_list::sample("手机丢失，已当面核对身份证。"),
            starts: [sample::start(), sample::start()],
        }];
        let mut refused = page(vec![line("陈国平", "柳湾村")], Vec::new());
        refused.attempt.sent = true;
        refused.attempt.findings =
            vec![Finding::error("access-own-matter").arg("action", "grant.approve")];
        Samples {
            ordinary,
            longest: page(
                vec![line("阿卜杜热合曼·买买提吐尔逊江", sample::LONGEST_PLACE)],
                vec![in_force(
                    "阿卜杜热合曼·买买提吐尔逊江",
                    sample::LONGEST_PLACE,
                )],
            ),
            empty: Some(page(Vec::new(), Vec::new())),
            with_error: Some(refused),
        }
    }
}
