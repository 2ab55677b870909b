//! The list of rounds: those of the places above and below the visitor's own, newest first.

use std::collections::BTreeMap;

use access::{Action, Scope};
use askama::Template;
use kernel::{Period, Tenant};
use store::{Connection, StoreError, values};
use web::{
    Context, Head, Locale, MenuEntry, MenuGroup, Page, PageError, Params, Policy, Route, Samples,
};

use crate::RoundId;
use crate::round::{self, Round};
use crate::transition::{RoundState, SectionState};
use crate::{sample, scheme, view};

store::statements! {
    /// The rounds that lie in a scope by their own trees, newest first.
    SELECT_IN_SCOPE = concat!(
        "SELECT r.round FROM round r WHERE r.tenant = $1 AND EXISTS (SELECT 1 ",
        "FROM grant_current g WHERE g.tenant = $1 AND g.person = $2 ",
        "AND (g.role_bit & $3) <> 0 AND g.valid_from <= $4 ",
        "AND (g.valid_until IS NULL OR g.valid_until >= $4) ",
        "AND (g.place IS NULL OR EXISTS (SELECT 1 FROM round_tree t WHERE t.tenant = $1 ",
        "AND t.round = r.round AND ",
        round::stands_at!("t"),
        "))) ",
        "ORDER BY r.opened_at DESC, r.round LIMIT 200"
    );
    /// How many sections stand where, in every round.
    COUNT_STATES = concat!(
        "SELECT round, state, count(*) FROM section_state WHERE tenant = $1 ",
        "GROUP BY round, state ORDER BY round, state"
    );
}

/// The rounds that lie in a scope, newest first, at most 200.
pub fn in_scope(connection: &mut dyn Connection, scope: &Scope) -> Result<Vec<Round>, StoreError> {
    let key = values![scope.tenant, scope.person, scope.roles.0, scope.day];
    let ids: Vec<RoundId> = connection.all(&SELECT_IN_SCOPE, &key, |row| row.id(0))?;
    let mut rounds = Vec::with_capacity(ids.len());
    for id in ids {
        rounds.extend(round::get(connection, scope.tenant, id)?);
    }
    Ok(rounds)
}

/// How far a round's sections are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// All of them.
    pub total: i64,
    /// Handed in by the village, or further.
    pub declared: i64,
    /// Verified by the town, or further.
    pub verified: i64,
    /// Reviewed by the county.
    pub reviewed: i64,
}

impl Progress {
    /// Counts sections that stand somewhere.
    pub fn add(&mut self, state: SectionState, count: i64) {
        self.total += count;
        let (declared, verified, reviewed) = match state {
            SectionState::Open | SectionState::Returned => (0, 0, 0),
            SectionState::Submitted | SectionState::SentBack => (1, 0, 0),
            SectionState::Verified => (1, 1, 0),
            SectionState::Reviewed => (1, 1, 1),
        };
        self.declared += declared * count;
        self.verified += verified * count;
        self.reviewed += reviewed * count;
    }

    /// How many of all, in whole percent.
    pub fn percent(&self, part: impl std::borrow::Borrow<i64>) -> u8 {
        u8::try_from((part.borrow() * 100).checked_div(self.total).unwrap_or(0)).unwrap_or(100)
    }
}

/// How far every round of a tenant is.
pub fn progress(
    connection: &mut dyn Connection,
    tenant: Tenant,
) -> Result<BTreeMap<RoundId, Progress>, StoreError> {
    let mut found: BTreeMap<RoundId, Progress> = BTreeMap::new();
    connection.for_each(&COUNT_STATES, &values![tenant], &mut |row| {
        found
            .entry(row.id(0)?)
            .or_default()
            .add(row.parse(1)?, row.int(2)?);
        Ok(())
    })?;
    Ok(found)
}

/// A line of the list.
#[derive(Clone, Debug)]
pub struct Line {
    /// The round's page.
    pub href: String,
    /// Its name.
    pub title: String,
    /// The place.
    pub place: String,
    /// Its period.
    pub period: String,
    /// Where it stands.
    pub state: String,
    /// Colour of the state.
    pub chip: &'static str,
    /// How far.
    pub progress: Progress,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "round/round_list.html")]
pub struct RoundList {
    l: Locale,
    lines: Vec<Line>,
    may_open: bool,
}

/// The route.
pub(crate) fn route() -> Route {
    Route::page("/rounds", Policy::Holds(Action::RoundRead), page).menu(MenuEntry {
        group: MenuGroup::Business,
        order: 0,
        icon: "gauge",
        text: "rounds-title",
    })
}

fn page(
    context: &Context,
    _: &Params,
    connection: &mut dyn Connection,
) -> Result<RoundList, PageError> {
    let scope = Scope::new(&context.subject, Action::RoundRead, context.today());
    let progress = progress(connection, context.tenant)?;
    let mut lines = Vec::new();
    for round in in_scope(connection, &scope)? {
        let (id, version) = (round.scheme, round.scheme_version);
        let published = scheme::version(connection, context.tenant, id, version)?;
        let title = published.map(|found| view::round_title(&context.l, &round, &found));
        lines.push(Line {
            href: format!("/rounds/{}", round.round),
            title: title.unwrap_or_default(),
            place: round.place_name.clone(),
            period: view::period(&context.l, round.period),
            state: state_text(&context.l, round.state),
            chip: chip(round.state),
            progress: progress.get(&round.round).copied().unwrap_or_default(),
        });
    }
    Ok(RoundList {
        lines,
        may_open: context.holds(Action::RoundOpen),
        l: context.l.clone(),
    })
}

/// The word of a round's state.
pub(crate) fn state_text(l: &Locale, state: RoundState) -> String {
    l.text(match state {
        RoundState::Open => "round-state-open",
        RoundState::Provisional => "round-state-provisional",
        RoundState::Posted => "round-state-posted",
        RoundState::Finalised => "round-state-finalised",
    })
    .to_string()
}

/// The colour of a round's state.
pub(crate) fn chip(state: RoundState) -> &'static str {
    match state {
        RoundState::Open => "info",
        RoundState::Provisional => "4",
        RoundState::Posted => "2",
        RoundState::Finalised => "1",
    }
}

impl Page for RoundList {
    fn head(&self) -> Head {
        Head::new(self.l.text("rounds-title"))
    }

    fn samples(l: &Locale) -> Samples<RoundList> {
        let line = |place: &str, state, progress| Line {
            href: "/rounds/1".to_owned(),
            title: sample::round_title(l),
            place: place.to_owned(),
            period: view::period(l, Period::quarter(2026, 3).expect("a quarter")),
            state: state_text(l, state),
            chip: chip(state),
            progress,
        };
        let some = Progress {
            total: 1480,
            declared: 1200,
            verified: 700,
            reviewed: 400,
        };
        let list = |lines| RoundList {
            l: l.clone(),
            lines,
            may_open: true,
        };
        Samples {
            ordinary: list(vec![
                line("云岭县", RoundState::Open, some),
                line(
                    "云岭县",
                    RoundState::Finalised,
                    Progress {
                        reviewed: 1480,
                        ..some
                    },
                ),
            ]),
            longest: list(vec![line(sample::LONGEST_PLACE, RoundState::Posted, some)]),
            empty: Some(list(Vec::new())),
            with_error: None,
        }
    }
}
