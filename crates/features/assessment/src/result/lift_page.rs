//! What would lift a village most: for each of its figures the next step that gives marks, and
//! score, grade and rank with it, all else being as it is.

use access::Action;
use askama::Template;
use kernel::Decimal;
use score::{Lift, Scheme};
use store::Connection;
use web::{Context, Head, Locale, Page, PageError, Params, Policy, Route, Samples};

use crate::result::{self, Replay};
use crate::scope::{self, round_of, subject_of, village_target};
use crate::{sample, view};

/// The page.
#[derive(Debug, Template)]
#[template(path = "result/lift_page.html")]
pub struct LiftPage {
    l: Locale,
    round: String,
    place: String,
    title: String,
    village: String,
    /// Whether the scheme ranks at all.
    ranks: bool,
    lines: Vec<Line>,
}

/// One step.
#[derive(Clone, Debug)]
pub struct Line {
    code: String,
    node: String,
    item: String,
    present: String,
    value: String,
    gain: String,
    score: String,
    rank: String,
    grade: String,
}

/// The route.
pub(crate) fn route() -> Route {
    Route::page(
        "/rounds/{round}/villages/{place}/lift",
        Policy::On(Action::ScoreRead, village_target),
        page,
    )
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<LiftPage, PageError> {
    let (l, tenant) = (&context.l, context.tenant);
    let round = round_of(context, params, connection)?;
    let subject = subject_of(tenant, params, connection)?;
    let shown = scope::shown(context, connection, &round)?.ok_or(PageError::NotFound)?;
    let replay = result::replay(connection, tenant, &round, &shown)?;
    let position = replay.position(subject.place).ok_or(PageError::NotFound)?;
    let lifts = score::lifts(&replay.plan, &replay.columns, &replay.results, position);
    Ok(LiftPage {
        round: round.round.to_string(),
        place: subject.place.to_string(),
        title: view::round_title(l, &round, &replay.published),
        village: subject.shown_name().to_owned(),
        ranks: replay.plan.scheme().rank.is_some(),
        lines: lifts.iter().map(|lift| line(l, &replay, lift)).collect(),
        l: l.clone(),
    })
}

fn line(l: &Locale, replay: &Replay, lift: &Lift) -> Line {
    let scheme: &Scheme = replay.plan.scheme();
    let node = &scheme.nodes[lift.node];
    let input = &replay.plan.inputs()[lift.input];
    let item = scheme
        .item_index(&input.item)
        .map(|index| &scheme.items[index]);
    let amount = |value: Decimal| match item {
        Some(item) => format!("{value} {}", view::unit(l, &item.unit.0)),
        None => value.to_string(),
    };
    let band = |grade: usize| {
        let bands = &scheme.grade.as_ref()?.bands;
        bands.get(grade).map(|band| view::title(l, &band.title))
    };
    Line {
        code: node.code.clone(),
        node: view::title(l, &node.title),
        item: item.map_or_else(|| input.name(), |item| view::title(l, &item.title)),
        present: amount(lift.present),
        value: amount(lift.value),
        gain: lift.gain.to_string(),
        score: view::score(l, scheme, Some(lift.score)),
        rank: view::rank(l, lift.rank.map(i64::from)),
        grade: lift.grade.and_then(band).unwrap_or_default(),
    }
}

impl Page for LiftPage {
    fn head(&self) -> Head {
        Head::new(self.l.text("lift-title"))
    }

    fn samples(l: &Locale) -> Samples<LiftPage> {
        let line = Line {
            code: "income_level".to_owned(),
            node: l.choose("集体经济收入", "Collective income").to_owned(),
            item: l
                .choose("村集体经营收入", "Income of the collective")
                .to_owned(),
            present: format!("486500 {}", view::unit(l, "yuan")),
            value: format!("500000 {}", view::unit(l, "yuan")),
            gain: "1.5".to_owned(),
            score: "91.25".to_owned(),
            rank: "18".to_owned(),
            grade: l.choose("示范", "Model").to_owned(),
        };
        let page = |village: &str, lines: Vec<Line>| LiftPage {
            l: l.clone(),
            round: sample::id().to_string(),
            place: sample::id().to_string(),
            title: sample::round_title(l),
            village: village.to_owned(),
            ranks: true,
            lines,
        };
        let longest = Line {
            item: sample::LONGEST_PLACE.to_owned(),
            present: "123456789012.34 ".to_owned() + &view::unit(l, "yuan"),
            ..line.clone()
        };
        Samples {
            ordinary: page("柳湾村", vec![line.clone(); 3]),
            longest: page(sample::LONGEST_PLACE, vec![longest, line]),
            empty: Some(page("望山村", Vec::new())),
            with_error: None,
        }
    }
}
