//! The score notice of one village (抄告), to be printed: score, grade and rank, every index and
//! indicator, where most marks were lost, and how to object. It exists from the posting on.

use access::Action;
use askama::Template;
use kernel::Decimal;
use score::Scheme;
use store::Connection;
use web::{Context, Head, Locale, Page, PageError, Params, Policy, Route, Samples};

use crate::result::calculation::ResultRow;
use crate::round::Round;
use crate::scope::{round_of, scheme_of, subject_of, village_target};
use crate::{correction, result, sample, scheme, view};

/// The page.
#[derive(Debug, Template)]
#[template(path = "result/score_notice.html")]
pub struct ScoreNotice {
    l: Locale,
    round: String,
    place: String,
    title: String,
    village: String,
    to: String,
    score: String,
    full: String,
    grade: String,
    rank: String,
    parts: Vec<Line>,
    losses: Vec<Line>,
    appeal: String,
    from: String,
    day: String,
    digest: String,
}

/// One node.
#[derive(Clone, Debug)]
pub struct Line {
    indent: String,
    /// Whether what belongs to it follows.
    heads: bool,
    title: String,
    mark: String,
    full: String,
    lost: String,
}

/// The route.
pub(crate) fn route() -> Route {
    Route::page(
        "/rounds/{round}/villages/{place}/notice",
        Policy::On(Action::ScoreRead, village_target),
        page,
    )
}

/// Levels below the root that the notice lists: indices and their groups; the rest is in the
/// score sheet.
const LEVELS: usize = 2;
/// Indicators listed for their losses.
const LOSSES: usize = 5;

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<ScoreNotice, PageError> {
    let (l, tenant) = (&context.l, context.tenant);
    let round = round_of(context, params, connection)?;
    let subject = subject_of(tenant, params, connection)?;
    let shown = result::shown(connection, tenant, &round)?;
    let shown = shown.filter(|shown| shown.version.is_some());
    let shown = shown.ok_or(PageError::NotFound)?;
    let published = scheme_of(connection, tenant, &round)?;
    let plan = scheme::plan(&published)?;
    let scheme = plan.scheme();
    let lines = result::lines(connection, tenant, round.round, &shown)?;
    let ranked = lines.iter().filter(|line| line.rank.is_some()).count();
    let row = result::row(connection, tenant, round.round, &shown, subject.subject_no)?;
    let row = &row.ok_or(PageError::NotFound)?;
    let window = correction::window(connection, tenant, round.round, subject.subject_no)?;
    let until = window.map(|(_, _, until)| until);
    let (from, _) = shown.posting.ok_or(PageError::NotFound)?;
    let root = scheme.node_index(&scheme.root).ok_or(PageError::NotFound)?;
    Ok(ScoreNotice {
        round: round.round.to_string(),
        place: subject.place.to_string(),
        title: view::round_title(l, &round, &published),
        village: subject.shown_name().to_owned(),
        to: l
            .text("notice-to")
            .arg("village", subject.shown_name())
            .to_string(),
        score: view::score(l, scheme, row.score),
        full: scheme.nodes[root].full.to_string(),
        grade: row
            .grade
            .as_deref()
            .map(|grade| view::grade(l, scheme, grade))
            .unwrap_or_default(),
        rank: row.rank.map_or_else(String::new, |rank| {
            let count = i64::try_from(ranked).unwrap_or(i64::MAX);
            l.text("notice-of")
                .arg("rank", rank)
                .arg("count", count)
                .to_string()
        }),
        parts: parts(l, scheme, row),
        losses: losses(l, scheme, row),
        appeal: match until {
            Some(until) if context.now < until.end() => l
                .text("notice-appeal")
                .arg("until", l.day(until))
                .to_string(),
            _ => l.text("notice-appeal-over").to_string(),
        },
        from: l
            .text("notice-from")
            .arg("office", issuer(context, &round))
            .to_string(),
        day: l.text("notice-day").arg("day", l.day(from)).to_string(),
        digest: app::FileHash(shown.digests.results).to_string()[..16].to_owned(),
        l: l.clone(),
    })
}

/// Who issues it: the office that runs this installation, or else the county.
fn issuer(context: &Context, round: &Round) -> String {
    let sponsor = context.site.sponsor.as_str();
    let office = if sponsor.is_empty() {
        round.place_name.as_str()
    } else {
        sponsor
    };
    office.to_owned()
}

/// Indices and groups, in the scheme's order.
fn parts(l: &Locale, scheme: &Scheme, row: &ResultRow) -> Vec<Line> {
    let tree = view::tree(scheme).into_iter();
    tree.filter(|(depth, _)| (1..=LEVELS).contains(depth))
        .map(|(depth, node)| Line {
            heads: depth < LEVELS && !scheme.children(&scheme.nodes[node].code).is_empty(),
            ..line(l, scheme, row, node, depth - 1)
        })
        .collect()
}

/// The indicators that lost most, the greatest loss first, then the scheme's order.
fn losses(l: &Locale, scheme: &Scheme, row: &ResultRow) -> Vec<Line> {
    let tree = view::tree(scheme).into_iter();
    let leaves = tree.filter(|(_, node)| scheme.children(&scheme.nodes[*node].code).is_empty());
    let lost = |(_, node): (usize, usize)| row.lost(scheme, node).map(|lost| (lost, node));
    let mut found: Vec<(Decimal, usize)> = leaves.filter_map(lost).collect();
    found.sort_by_key(|(lost, _)| std::cmp::Reverse(*lost));
    let most = found.into_iter().take(LOSSES);
    most.map(|(_, node)| line(l, scheme, row, node, 0))
        .collect()
}

fn line(l: &Locale, scheme: &Scheme, row: &ResultRow, node: usize, depth: usize) -> Line {
    let found = &scheme.nodes[node];
    let lost = row.lost(scheme, node);
    Line {
        indent: "　".repeat(depth),
        heads: false,
        title: view::title(l, &found.title),
        mark: view::mark(l, found, row.counted(node)),
        full: view::full(l, found),
        lost: lost
            .map(|lost| format!("−{}", view::padded(lost, view::places(found))))
            .unwrap_or_default(),
    }
}

impl Page for ScoreNotice {
    fn head(&self) -> Head {
        Head::new(self.l.text("notice-title"))
    }

    fn samples(l: &Locale) -> Samples<ScoreNotice> {
        let line = Line {
            indent: "　".to_owned(),
            heads: false,
            title: l.choose("组织生活", "Organisation life").to_owned(),
            mark: "8.8".to_owned(),
            full: "10".to_owned(),
            lost: "−1.2".to_owned(),
        };
        let page = |village: &str, losses: Vec<Line>| ScoreNotice {
            l: l.clone(),
            round: sample::id().to_string(),
            place: sample::id().to_string(),
            title: sample::round_title(l),
            village: village.to_owned(),
            to: l.text("notice-to").arg("village", village).to_string(),
            score: "93.7".to_owned(),
            full: "100".to_owned(),
            grade: l.choose("示范", "Model").to_owned(),
            rank: l
                .text("notice-of")
                .arg("rank", 18)
                .arg("count", 370)
                .to_string(),
            parts: vec![
                Line {
                    heads: true,
                    ..line.clone()
                },
                line.clone(),
                line.clone(),
            ],
            losses,
            appeal: l
                .text("notice-appeal")
                .arg("until", l.day(sample::now().day()))
                .to_string(),
            from: l
                .text("notice-from")
                .arg("office", "云岭县委组织部")
                .to_string(),
            day: l
                .text("notice-day")
                .arg("day", l.day(sample::now().day()))
                .to_string(),
            digest: "ab12cd34ef567890".to_owned(),
        };
        Samples {
            ordinary: page("柳湾村", vec![line.clone()]),
            longest: page(sample::LONGEST_PLACE, vec![line.clone(); 5]),
            empty: Some(page("望山村", Vec::new())),
            with_error: None,
        }
    }
}
