//! For whom activation slips are to be printed: everybody whom the filters leave, each with a box
//! to untick.

use std::collections::BTreeSet;

use access::{Action, Role};
use askama::Template;
use kernel::{Finding, PersonId};
use store::Connection;
use web::{
    Attempt, Context, FormStart, Head, Locale, Page, PageError, Params, Policy, Route, Samples,
};

use crate::{
    account_find::{self, Filter, Line, SlipState},
    sample,
    slips::{SLIPS_MAX, waits},
};

/// The page.
#[derive(Debug, Template)]
#[template(path = "slip_choice.html")]
pub struct SlipChoice {
    l: Locale,
    /// Account, and whether its slip must be released by another.
    lines: Vec<(Line, bool)>,
    /// How many fit the filters; more than [`SLIPS_MAX`] are not offered.
    total: usize,
    /// The filters, `?place=…`, so that a refused form shows the same choice again.
    query: String,
    /// For how many days a slip is valid.
    days: i64,
    /// Whether the site has an address that can stand on paper.
    has_address: bool,
    start: FormStart,
    attempt: Attempt,
}

/// The page's route.
pub(crate) fn route() -> Route {
    Route::page(
        "/accounts/slips",
        Policy::Holds(Action::AccountIssueSlip),
        page,
    )
}

pub(crate) fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<SlipChoice, PageError> {
    let mut filter = Filter::of(params);
    // A disabled account has no slip.
    filter.state = "enabled";
    let action = Action::AccountIssueSlip;
    let total = account_find::count(context, &filter, action, connection)?;
    let most = i64::try_from(SLIPS_MAX).unwrap_or(i64::MAX);
    let found = account_find::find(context, params, &filter, action, connection, (most, 0))?;
    let none = none_for(context, connection)?;
    let waiting: BTreeSet<PersonId> = account_find::holders(context, connection, waits)?
        .into_iter()
        .collect();
    Ok(SlipChoice {
        lines: found
            .into_iter()
            .filter(|line| !none.contains(&line.person))
            .map(|line| {
                let waits = waiting.contains(&line.person);
                (line, waits)
            })
            .collect(),
        total,
        query: params.query_with("page", ""),
        days: context.app().profile().slip_ms / kernel::time::DAY_MS,
        has_address: !context.site.url.is_empty(),
        start: context.form(),
        attempt: context.attempt.clone(),
        l: context.l.clone(),
    })
}

/// For whom this reader can issue none: herself, and the three administrators.
fn none_for(
    context: &Context,
    connection: &mut dyn Connection,
) -> Result<BTreeSet<PersonId>, PageError> {
    let administrators = account_find::holders(context, connection, Role::is_administrator)?;
    let own = std::iter::once(context.subject.person);
    Ok(administrators.into_iter().chain(own).collect())
}

impl SlipChoice {
    fn is_over(&self) -> bool {
        self.total > SLIPS_MAX
    }
}

impl Page for SlipChoice {
    fn head(&self) -> Head {
        Head::new(self.l.text("slips-title"))
    }

    fn samples(l: &Locale) -> Samples<SlipChoice> {
        let page = |lines: Vec<(Line, bool)>| SlipChoice {
            l: l.clone(),
            total: lines.len(),
            lines,
            query: "?".to_owned(),
            days: 14,
            has_address: true,
            start: sample::start(),
            attempt: Attempt::default(),
        };
        let ordinary = || {
            vec![
                (
                    sample::account_line(l, "陈国平", "柳湾村", SlipState::None),
                    false,
                ),
                (
                    sample::account_line(l, "王建国", "清河镇", SlipState::Open),
                    true,
                ),
            ]
        };
        let long = sample::account_line(
            l,
            "阿卜杜热合曼·买买提吐尔逊江",
            sample::LONGEST_PLACE,
            SlipState::Waiting,
        );
        let mut longest = page(vec![(long, true)]);
        longest.total = 740;
        longest.has_address = false;
        let mut refused = page(ordinary());
        refused.attempt.sent = true;
        refused.attempt.findings = vec![Finding::error("slips-none").field("account")];
        Samples {
            ordinary: page(ordinary()),
            longest,
            empty: Some(page(Vec::new())),
            with_error: Some(refused),
        }
    }
}
