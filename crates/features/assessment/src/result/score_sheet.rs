//! The score sheet of one village: every node of the scheme with its mark, what was lost, and the
//! way to its explanation.

use access::Action;
use askama::Template;
use kernel::{Decimal, Period, Tenant};
use score::{Cell, Scheme};
use store::{Connection, StoreError};
use web::chart::{self, Drawing, Sector, TrendPoint};
use web::{Context, Head, Locale, Page, PageError, Params, Policy, Route, Samples};

use crate::{
    correction, event,
    event::event_count,
    event::event_view::{self, EventLine},
    result,
    result::calculation::ResultRow,
    result::past::{self, Past},
    round::{self, Round, Subject},
    sample, scheme,
    scope::{self, round_of, subject_of, village_target},
    section,
    transition::{EventState, RoundState, SectionState},
    view,
};

/// The score sheet.
#[derive(Debug, Template)]
#[template(path = "result/score_sheet.html")]
pub struct ScoreSheet {
    l: Locale,
    round: String,
    place: String,
    title: String,
    village: String,
    score: String,
    full: String,
    grade: String,
    chip: String,
    rank: String,
    agrees: bool,
    provisional: bool,
    computed: bool,
    /// Where the visitor appeals, while the village may.
    appeal: String,
    appeal_term: String,
    corrected: bool,
    sections: Vec<SectionLine>,
    lines: Vec<Line>,
    /// How the score is made up.
    rings: Drawing,
    /// Scores over time; empty with fewer than two.
    trend: Drawing,
    /// The figures of the trend.
    past: Vec<PastLine>,
    /// Whether the trend shows the middle half of all villages.
    banded: bool,
    /// Bonus and penalty events of the period and what was taken into the round.
    events: Vec<EventLine>,
}

/// One round of the trend.
#[derive(Clone, Debug)]
pub struct PastLine {
    href: String,
    period: String,
    score: String,
    rank: String,
    grade: String,
}

/// One section of the village, with where it stands.
#[derive(Debug)]
pub struct SectionLine {
    title: String,
    href: String,
    word: String,
    chip: &'static str,
}

/// One node of the sheet.
#[derive(Debug)]
pub struct Line {
    /// How deep it lies, from 0.
    depth: usize,
    code: String,
    title: String,
    mark: String,
    full: String,
    lost: String,
    percent: u8,
    missing: bool,
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
        "/rounds/{round}/villages/{place}",
        Policy::On(Action::ScoreRead, village_target),
        page,
    )
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<ScoreSheet, PageError> {
    let (l, tenant) = (&context.l, context.tenant);
    let round = round_of(context, params, connection)?;
    let subject = subject_of(tenant, params, connection)?;
    let sections = sections(l, tenant, connection, &round, &subject)?;
    let events = events(context, connection, &round, &subject)?;
    let Some(shown) = scope::shown(context, connection, &round)? else {
        return Ok(not_computed(
            context,
            connection,
            &round,
            &subject,
            (sections, events),
        )?);
    };
    let replay = result::replay(connection, tenant, &round, &shown)?;
    let position = replay.position(subject.place).ok_or(PageError::NotFound)?;
    let row = replay.rows.get(position).ok_or(PageError::NotFound)?;
    let scheme = replay.plan.scheme();
    let root = scheme.node_index(&scheme.root).ok_or(PageError::NotFound)?;
    let mut lines = Vec::new();
    walk(l, scheme, row, root, 0, &mut lines);
    let pasts = past::of_village(context, connection, &round, subject.place)?;
    let village = subject.shown_name();
    let (appeal, appeal_term) = appeal(context, connection, &round, &subject)?;
    let moves = correction::moves_of(connection, tenant, round.round)?;
    Ok(ScoreSheet {
        appeal,
        appeal_term,
        corrected: moves
            .iter()
            .any(|moved| moved.subject_no == subject.subject_no),
        round: round.round.to_string(),
        place: subject.place.to_string(),
        title: view::round_title(l, &round, &replay.published),
        village: subject.shown_name().to_owned(),
        score: view::score(l, scheme, row.score),
        full: scheme.nodes[root].full.to_string(),
        grade: row
            .grade
            .as_deref()
            .map(|grade| view::grade(l, scheme, grade))
            .unwrap_or_default(),
        chip: row
            .grade
            .as_deref()
            .map(|grade| view::grade_chip(scheme, grade))
            .unwrap_or_default(),
        rank: row.rank.map(|rank| rank.to_string()).unwrap_or_default(),
        agrees: replay.agrees(position),
        provisional: shown.version.is_none(),
        computed: true,
        sections,
        lines,
        rings: rings(l, scheme, row, village),
        trend: trend(l, scheme, village, &pasts),
        banded: pasts.iter().any(|past| past.middle_half.is_some()),
        past: pasts
            .iter()
            .map(|past| past_line(l, scheme, past, subject.place))
            .collect(),
        events,
        l: l.clone(),
    })
}

/// The way to an appeal with its term, where the visitor may lodge one for this village today.
fn appeal(
    context: &Context,
    connection: &mut dyn Connection,
    round: &Round,
    subject: &Subject,
) -> Result<(String, String), PageError> {
    let (id, number) = (round.round, subject.subject_no);
    if round.state != RoundState::Posted {
        return Ok(Default::default());
    }
    let may = scope::may_at(context, connection, id, number, Action::ScoreAppeal)?;
    let window = correction::window(connection, context.tenant, id, number)?;
    match window {
        Some((_, _, until)) if may && context.now < until.end() => Ok((
            format!("/rounds/{}/villages/{}/appeal", round.round, subject.place),
            context
                .l
                .text("appeal-until")
                .arg("day", context.l.day(until))
                .to_string(),
        )),
        _ => Ok(Default::default()),
    }
}

/// The sheet of a round without results: how far the village's sections are.
fn not_computed(
    context: &Context,
    connection: &mut dyn Connection,
    round: &Round,
    subject: &Subject,
    (sections, events): (Vec<SectionLine>, Vec<EventLine>),
) -> Result<ScoreSheet, StoreError> {
    let (l, tenant) = (&context.l, context.tenant);
    let published = scheme::version(connection, tenant, round.scheme, round.scheme_version)?;
    let title = published.map(|published| view::round_title(l, round, &published));
    Ok(ScoreSheet {
        round: round.round.to_string(),
        place: subject.place.to_string(),
        title: title.unwrap_or_default(),
        village: subject.shown_name().to_owned(),
        score: String::new(),
        full: String::new(),
        grade: String::new(),
        chip: String::new(),
        rank: String::new(),
        agrees: true,
        provisional: false,
        appeal: String::new(),
        appeal_term: String::new(),
        corrected: false,
        computed: false,
        sections,
        lines: Vec::new(),
        rings: Drawing::default(),
        trend: Drawing::default(),
        past: Vec::new(),
        banded: false,
        events,
        l: l.clone(),
    })
}

/// Events that were taken into the round, and those of its period that wait or do not count.
fn events(
    context: &Context,
    connection: &mut dyn Connection,
    round: &Round,
    subject: &Subject,
) -> Result<Vec<EventLine>, StoreError> {
    let (l, tenant) = (&context.l, context.tenant);
    let number = subject.subject_no;
    let taken = event_count::of_subject(connection, tenant, round.round, number)?;
    let mut shown = event::of_place(connection, tenant, subject.place)?;
    shown.retain(|event| {
        let is_taken = taken.iter().any(|known| known.event == event.event);
        let waits = !event.state.counts() && round.period.contains(event.occurred_on);
        is_taken || waits && event.state != EventState::Withdrawn
    });
    shown
        .iter()
        .map(|event| event_view::line(l, connection, tenant, event, String::new()))
        .collect()
}

fn sections(
    l: &Locale,
    tenant: Tenant,
    connection: &mut dyn Connection,
    round: &Round,
    subject: &Subject,
) -> Result<Vec<SectionLine>, StoreError> {
    let states = section::states(connection, tenant, round.round, subject.subject_no)?;
    let mut lines = Vec::new();
    for found in round::sections(connection, tenant, round.round)? {
        let now = states.iter().find(|now| now.section_no == found.section_no);
        let state = now.map_or(SectionState::Open, |now| now.state);
        lines.push(SectionLine {
            title: view::section_title(l, &found),
            href: format!(
                "/rounds/{}/villages/{}/sections/{}",
                round.round, subject.place, found.code
            ),
            word: view::section_state(l, state),
            chip: view::section_chip(state),
        });
    }
    Ok(lines)
}

fn walk(
    l: &Locale,
    scheme: &Scheme,
    row: &ResultRow,
    node: usize,
    depth: usize,
    lines: &mut Vec<Line>,
) {
    let definition = &scheme.nodes[node];
    let counted = row.counted(node);
    lines.push(Line {
        depth,
        code: definition.code.clone(),
        title: view::title(l, &definition.title),
        mark: view::mark(l, definition, counted),
        full: view::full(l, definition),
        lost: row
            .lost(scheme, node)
            .map(|lost| view::padded(lost, view::places(definition)))
            .unwrap_or_default(),
        percent: sample::percent(counted, definition.full),
        missing: !matches!(row.packed.nodes.get(node), Some(Cell::Mark(_))),
    });
    // A scheme is checked against cycles when it is published; its depth is bounded there.
    for child in scheme.children(&definition.code) {
        walk(l, scheme, row, child, depth + 1, lines);
    }
}

/// The score as rings, with the root's children inside.
fn rings(l: &Locale, scheme: &Scheme, row: &ResultRow, village: &str) -> Drawing {
    fn sectors(l: &Locale, scheme: &Scheme, row: &ResultRow, code: &str) -> Vec<Sector> {
        let children = scheme.children(code).into_iter();
        children
            .map(|child| {
                let node = &scheme.nodes[child];
                Sector {
                    name: view::title(l, &node.title),
                    full: node.full,
                    mark: row.counted(child),
                    parts: sectors(l, scheme, row, &node.code),
                }
            })
            .collect()
    }
    let parts = sectors(l, scheme, row, &scheme.root);
    let told: Vec<String> = scheme
        .children(&scheme.root)
        .into_iter()
        .map(|child| {
            let node = &scheme.nodes[child];
            let mark = view::mark(l, node, row.counted(child));
            format!("{} {mark}", view::title(l, &node.title))
        })
        .collect();
    let score = view::score(l, scheme, row.score);
    let label = l
        .text("sheet-rings-label")
        .arg("village", village)
        .arg("parts", told.join(l.choose("，", ", ")))
        .arg("score", score.as_str())
        .to_string();
    let rank = row.rank.map(|rank| rank.to_string()).unwrap_or_default();
    let below = if rank.is_empty() {
        String::new()
    } else {
        format!("{} {rank}", l.text("ranking-rank"))
    };
    chart::sunburst(&label, &score, &below, &parts)
}

/// Scores over time.
fn trend(l: &Locale, scheme: &Scheme, village: &str, pasts: &[Past]) -> Drawing {
    let points: Vec<TrendPoint> = pasts
        .iter()
        .map(|past| TrendPoint {
            when: view::period(l, past.round.period),
            value: past.line.score,
            middle_half: past.middle_half,
        })
        .collect();
    let mut scores = points.iter().filter_map(|point| point.value);
    let (first, last) = (scores.next(), scores.next_back());
    let label = l
        .text("sheet-trend-label")
        .arg("village", village)
        .arg("count", i64::try_from(points.len()).unwrap_or(i64::MAX))
        .arg("first", view::score(l, scheme, first))
        .arg("last", view::score(l, scheme, last))
        .to_string();
    chart::trend(&label, &points)
}

fn past_line(l: &Locale, scheme: &Scheme, past: &Past, place: kernel::PlaceId) -> PastLine {
    let grade = past.line.grade.as_deref();
    PastLine {
        href: format!("/rounds/{}/villages/{place}", past.round.round),
        period: view::period(l, past.round.period),
        score: view::score(l, scheme, past.line.score),
        rank: view::rank(l, past.line.rank),
        grade: grade
            .map(|grade| view::grade(l, scheme, grade))
            .unwrap_or_default(),
    }
}

impl Page for ScoreSheet {
    fn head(&self) -> Head {
        Head::new(&self.village)
    }

    fn samples(l: &Locale) -> Samples<ScoreSheet> {
        let line = |depth, title: &str, mark: &str, full: &str| Line {
            depth,
            code: "income".to_owned(),
            title: title.to_owned(),
            mark: mark.to_owned(),
            full: full.to_owned(),
            lost: "1.2".to_owned(),
            percent: sample::percent(mark.parse::<Decimal>().ok(), Decimal::from_int(100)),
            missing: false,
        };
        let page = |village: &str, score: &str, lines: Vec<Line>| ScoreSheet {
            l: l.clone(),
            round: sample::id().to_string(),
            place: sample::id().to_string(),
            title: sample::round_title(l),
            village: village.to_owned(),
            score: score.to_owned(),
            full: "100".to_owned(),
            grade: l.choose("优秀", "Excellent").to_owned(),
            chip: "1".to_owned(),
            rank: "1".to_owned(),
            agrees: true,
            provisional: false,
            appeal: "/rounds/1/villages/2/appeal".to_owned(),
            appeal_term: l
                .text("appeal-until")
                .arg("day", l.day(sample::now().day()))
                .to_string(),
            corrected: true,
            computed: true,
            sections: vec![SectionLine {
                title: l.choose("堡垒指数", "Fortress").to_owned(),
                href: "/rounds/1/villages/2/sections/fortress".to_owned(),
                word: l.text("section-state-reviewed").to_string(),
                chip: "1",
            }],
            events: if lines.is_empty() {
                Vec::new()
            } else {
                event_view::samples(l, "")
            },
            lines,
            rings: sample_rings(l, village),
            trend: chart::trend(village, &sample_points(l)),
            banded: true,
            past: vec![
                PastLine {
                    href: "/rounds/1/villages/2".to_owned(),
                    period: view::period(l, Period::quarter(2026, 3).expect("a quarter")),
                    score: "93.7".to_owned(),
                    rank: "1".to_owned(),
                    grade: l.choose("优秀", "Excellent").to_owned(),
                };
                2
            ],
        };
        let lines = || {
            vec![
                line(0, l.choose("总分", "Total"), "93.7", "100"),
                line(1, l.choose("堡垒指数", "Fortress"), "28.8", "30"),
                line(2, l.choose("组织生活", "Organisation life"), "8.8", "10"),
            ]
        };
        Samples {
            ordinary: page("柳湾村", "93.7", lines()),
            longest: page(sample::LONGEST_PLACE, "100.0000", lines()),
            empty: Some(ScoreSheet {
                computed: false,
                ..page("望山村", "", Vec::new())
            }),
            with_error: None,
        }
    }
}

fn sample_rings(l: &Locale, village: &str) -> Drawing {
    let part = |name: &str, mark: &str, full: i64, parts: Vec<Sector>| Sector {
        name: name.to_owned(),
        full: Decimal::from_int(full),
        mark: mark.parse().ok(),
        parts,
    };
    let life = part(
        l.choose("组织生活", "Organisation life"),
        "8.8",
        10,
        Vec::new(),
    );
    let parts = vec![
        part(l.choose("堡垒指数", "Fortress"), "28.8", 30, vec![life]),
        part(l.choose("幸福指数", "Well-being"), "", 20, Vec::new()),
    ];
    chart::sunburst(village, "93.7", "1", &parts)
}

fn sample_points(l: &Locale) -> Vec<TrendPoint> {
    let point = |quarter, score: i64| TrendPoint {
        when: view::period(l, Period::quarter(2026, quarter).expect("a quarter")),
        value: Some(Decimal::from_int(score)),
        middle_half: Some((Decimal::from_int(70), Decimal::from_int(85))),
    };
    vec![point(1, 82), point(2, 91)]
}
