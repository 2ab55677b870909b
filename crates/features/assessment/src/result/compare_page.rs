//! Two villages of one round side by side, or one village in two rounds of the same scheme: every
//! node with both marks and their difference. Only what the visitor may see anyway is offered.

use std::sync::Arc;

use access::{Action, Scope};
use askama::Template;
use kernel::{Decimal, PlaceId};
use score::{Plan, Scheme, SchemeNode};
use store::Connection;
use web::{Choice, Context, Head, Locale, Page, PageError, Params, Policy, Route, Samples};

use crate::result::calculation::ResultRow;
use crate::result::{self, past};
use crate::round::{self, Round, Subject};
use crate::scope::{self, round_of, scheme_of, subject_of, village_target};
use crate::{RoundId, sample, scheme, view};

/// The page.
#[derive(Debug, Template)]
#[template(path = "result/compare_page.html")]
pub struct ComparePage {
    l: Locale,
    round: String,
    place: String,
    title: String,
    village: String,
    villages: Vec<Choice>,
    other_place: String,
    rounds: Vec<Choice>,
    other_round: String,
    left: String,
    right: String,
    /// Empty while nothing else is chosen.
    lines: Vec<Line>,
}

/// One node, or the rank.
#[derive(Clone, Debug)]
pub struct Line {
    depth: usize,
    title: String,
    left: String,
    right: String,
    difference: String,
}

impl Line {
    /// A blank of the width of a character for each level.
    fn indent(&self) -> String {
        "　".repeat(self.depth)
    }
}

/// The route.
pub(crate) fn route() -> Route {
    Route::page(
        "/rounds/{round}/villages/{place}/compare",
        Policy::On(Action::ScoreRead, village_target),
        page,
    )
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<ComparePage, PageError> {
    let (l, tenant) = (&context.l, context.tenant);
    let round = round_of(context, params, connection)?;
    let subject = subject_of(tenant, params, connection)?;
    let rounds = rounds(context, connection, &round, subject.place)?;
    let villages = visible(context, connection, &round)?;
    let other_place: PlaceId = params.query_as("place").unwrap_or(subject.place);
    let other_round: RoundId = params.query_as("round").unwrap_or(round.round);
    let left = Side::read(context, connection, &round, subject.place)?;
    let same = other_place == subject.place && other_round == round.round;
    let is_offered = rounds
        .iter()
        .any(|choice| choice.value == other_round.to_string());
    let right = if same || !is_offered {
        None
    } else {
        let other = round::get(connection, tenant, other_round)?.ok_or(PageError::NotFound)?;
        Side::read(context, connection, &other, other_place)?
    };
    let name = |side: &Side| {
        if other_round == round.round {
            side.subject.shown_name().to_owned()
        } else {
            format!(
                "{} {}",
                side.subject.shown_name(),
                view::period(l, side.round.period)
            )
        }
    };
    let published = scheme_of(connection, tenant, &round)?;
    Ok(ComparePage {
        round: round.round.to_string(),
        place: subject.place.to_string(),
        title: view::round_title(l, &round, &published),
        village: subject.shown_name().to_owned(),
        villages,
        other_place: other_place.to_string(),
        rounds,
        other_round: other_round.to_string(),
        left: left.as_ref().map(name).unwrap_or_default(),
        right: right.as_ref().map(name).unwrap_or_default(),
        lines: match (left, right) {
            (Some(left), Some(right)) => lines(l, &left, &right),
            _ => Vec::new(),
        },
        l: l.clone(),
    })
}

/// The rounds of the same scheme with a result in which the visitor may know of the village.
fn rounds(
    context: &Context,
    connection: &mut dyn Connection,
    of: &Round,
    place: PlaceId,
) -> Result<Vec<Choice>, PageError> {
    let tenant = context.tenant;
    let mut rounds = Vec::new();
    for round in past::rounds(connection, tenant, of.scheme, past::COMPUTED)? {
        if past::known(context, connection, &round, place)?.is_some() {
            let published = scheme_of(connection, tenant, &round)?;
            let title = view::round_title(&context.l, &round, &published);
            rounds.push(Choice::new(round.round.to_string(), title));
        }
    }
    Ok(rounds)
}

/// The villages of the round that the visitor may open.
fn visible(
    context: &Context,
    connection: &mut dyn Connection,
    round: &Round,
) -> Result<Vec<Choice>, PageError> {
    let reading = Scope::new(&context.subject, Action::ScoreRead, context.today());
    let seen = scope::visible(connection, &reading, round.round)?;
    let subjects = round::subjects(connection, context.tenant, round.round)?;
    let seen = subjects
        .iter()
        .filter(|subject| seen.contains(&subject.subject_no));
    Ok(seen
        .map(|subject| {
            let town = subject.town_name.as_deref().unwrap_or_default();
            let label = format!("{town} {}", subject.shown_name());
            Choice::new(subject.place.to_string(), label.trim())
        })
        .collect())
}

/// One village in one round.
struct Side {
    round: Round,
    subject: Subject,
    plan: Arc<Plan>,
    row: ResultRow,
}

impl Side {
    /// None where the round has no result that the visitor may know of, the village was not in it,
    /// or it is not the visitor's to read by that round's own tree.
    fn read(
        context: &Context,
        connection: &mut dyn Connection,
        round: &Round,
        place: PlaceId,
    ) -> Result<Option<Side>, PageError> {
        let tenant = context.tenant;
        let Some(known) = past::known(context, connection, round, place)? else {
            return Ok(None);
        };
        let (subject, shown) = (known.subject, known.shown);
        let row = result::row(connection, tenant, round.round, &shown, subject.subject_no)?;
        let Some(row) = row else {
            return Ok(None);
        };
        let published = scheme_of(connection, tenant, round)?;
        Ok(Some(Side {
            round: round.clone(),
            subject,
            plan: scheme::plan(&published)?,
            row,
        }))
    }

    fn scheme(&self) -> &Scheme {
        self.plan.scheme()
    }

    fn grade(&self, l: &Locale) -> String {
        let grade = self.row.grade.as_deref();
        grade
            .map(|grade| view::grade(l, self.scheme(), grade))
            .unwrap_or_default()
    }

    /// The mark that the node of this code counts.
    fn counted(&self, code: &str) -> Option<Decimal> {
        self.row.counted(self.scheme().node_index(code)?)
    }

    /// The same in words; a dash where this scheme has no such node.
    fn mark(&self, l: &Locale, code: &str) -> String {
        match self.scheme().node_index(code) {
            None => "—".to_owned(),
            Some(node) => view::mark(l, &self.scheme().nodes[node], self.row.counted(node)),
        }
    }
}

/// Rank and grade, then every node of the first scheme in its order, then what only the other
/// scheme has.
fn lines(l: &Locale, left: &Side, right: &Side) -> Vec<Line> {
    let plain = |key: &str, left: String, right: String| Line {
        depth: 0,
        title: l.text(key).to_string(),
        left,
        right,
        difference: String::new(),
    };
    let rank = |side: &Side| view::rank(l, side.row.rank);
    let mut lines = vec![
        plain("ranking-rank", rank(left), rank(right)),
        plain("ranking-grade", left.grade(l), right.grade(l)),
    ];
    let tree = |side: &Side| view::tree(side.scheme());
    for (depth, node) in tree(left) {
        lines.push(marks(l, depth, &left.scheme().nodes[node], left, right));
    }
    for (depth, node) in tree(right) {
        let node = &right.scheme().nodes[node];
        if left.scheme().node_index(&node.code).is_none() {
            lines.push(marks(l, depth, node, left, right));
        }
    }
    lines
}

fn marks(l: &Locale, depth: usize, node: &SchemeNode, left: &Side, right: &Side) -> Line {
    let code = node.code.as_str();
    let difference = match (left.counted(code), right.counted(code)) {
        (Some(one), Some(other)) => one.sub(other).ok(),
        _ => None,
    };
    Line {
        depth,
        title: view::title(l, &node.title),
        left: left.mark(l, code),
        right: right.mark(l, code),
        difference: difference
            .map(|difference| view::signed(difference, view::places(node)))
            .unwrap_or_default(),
    }
}

impl Page for ComparePage {
    fn head(&self) -> Head {
        Head::new(self.l.text("compare-title"))
    }

    fn samples(l: &Locale) -> Samples<ComparePage> {
        let line = |depth, title: &str| Line {
            depth,
            title: title.to_owned(),
            left: "28.8".to_owned(),
            right: "27.3".to_owned(),
            difference: "+1.5".to_owned(),
        };
        let page = |village: &str, lines: Vec<Line>| ComparePage {
            l: l.clone(),
            round: sample::id().to_string(),
            place: sample::id().to_string(),
            title: sample::round_title(l),
            village: village.to_owned(),
            villages: vec![Choice::new(sample::id().to_string(), sample::VILLAGE)],
            other_place: sample::id().to_string(),
            rounds: vec![Choice::new(
                sample::id().to_string(),
                sample::round_title(l),
            )],
            other_round: sample::id().to_string(),
            left: village.to_owned(),
            right: "福塘村".to_owned(),
            lines,
        };
        let lines = vec![
            line(0, l.choose("总分", "Total")),
            line(1, l.choose("堡垒指数", "Fortress")),
            line(2, l.choose("组织生活", "Organisation life")),
        ];
        Samples {
            ordinary: page("柳湾村", lines.clone()),
            longest: page(sample::LONGEST_PLACE, lines),
            empty: Some(page("望山村", Vec::new())),
            with_error: None,
        }
    }
}
