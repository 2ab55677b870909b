//! The sections of a round that wait for the visitor's town or county: a list to tick in. What is to
//! be changed or given back is done on the section's own page.

use std::collections::BTreeSet;

use access::Action;
use askama::Template;
use store::Connection;
use web::{
    Cell, Choice, Context, ExportLinks, Head, Locale, Page, PageError, Pager, Params, Policy,
    Route, Samples, SortHead, Sorting, Table,
};

use crate::section::accept::MANY_MAX;
use crate::section::accept_board::{Board, Held, Many, Standing, Waiting};
use crate::{sample, view};

/// The list.
#[derive(Debug, Template)]
#[template(path = "section/accept_list.html")]
pub struct AcceptList {
    l: Locale,
    address: String,
    round_link: String,
    round_title: String,
    title: String,
    lede: String,
    done: String,
    lines: Vec<Waiting>,
    words: String,
    town: String,
    towns: Vec<Choice>,
    section: String,
    sections: Vec<Choice>,
    narrowed: bool,
    pager: Pager,
    heads: [SortHead; 4],
    exports: ExportLinks,
}

/// The columns by which the list can be sorted.
const COLUMNS: &[&str] = &["village", "town", "section", "at"];

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    let verify = || Policy::Holds(Action::ScoreVerify);
    let review = || Policy::Holds(Action::ScoreReview);
    let mut routes = vec![
        Route::page("/rounds/{round}/verify", verify(), |c, p, connection| {
            list(c, p, connection, Many::Verify)
        }),
        Route::page("/rounds/{round}/review", review(), |c, p, connection| {
            list(c, p, connection, Many::Review)
        }),
    ];
    routes.extend(Route::table(
        ["/rounds/{round}/verify.xlsx", "/rounds/{round}/verify.csv"],
        verify(),
        |c, p, connection| export(c, p, connection, Many::Verify),
    ));
    routes.extend(Route::table(
        ["/rounds/{round}/review.xlsx", "/rounds/{round}/review.csv"],
        review(),
        |c, p, connection| export(c, p, connection, Many::Review),
    ));
    routes
}

/// What the address narrows the list to, and the waiting sections that are left, sorted.
fn narrowed<'b>(params: &Params, mut waiting: Vec<Standing<'b>>) -> Vec<Standing<'b>> {
    let [words, town, section] =
        ["q", "town", "section"].map(|name| params.query(name).unwrap_or_default());
    waiting.retain(|one| {
        one.subject.shown_name().contains(words)
            && (town.is_empty() || one.subject.town_name.as_deref() == Some(town))
            && (section.is_empty() || one.section.code == section)
    });
    let sorting = Sorting::of(params, COLUMNS);
    match sorting.column {
        "town" => waiting.sort_by_key(|one| one.subject.town_name.clone()),
        "section" => waiting.sort_by_key(|one| one.section.section_no),
        "at" => waiting.sort_by_key(|one| one.now.at),
        // As the round numbers its villages.
        _ => waiting.sort_by_key(|one| one.subject.subject_no),
    }
    if sorting.descending {
        waiting.reverse();
    }
    waiting
}

fn list(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
    many: Many,
) -> Result<AcceptList, PageError> {
    let l = &context.l;
    let board = Board::read(context, params, connection)?;
    let all = board.waiting(context, connection, many)?;
    let towns: BTreeSet<&str> = all
        .iter()
        .filter_map(|one| one.subject.town_name.as_deref())
        .collect();
    let towns = towns.into_iter().map(|town| Choice::new(town, town));
    let towns: Vec<Choice> = towns.collect();
    let sections = board.sections.iter();
    let sections = sections.map(|one| Choice::new(one.code.clone(), view::section_title(l, one)));
    let sections: Vec<Choice> = sections.collect();
    let shown = narrowed(params, all);
    let per_page = u32::try_from(MANY_MAX).unwrap_or(u32::MAX);
    let pager = Pager::new(params, shown.len(), per_page);
    let offset = usize::try_from(pager.offset()).unwrap_or(0);
    let shown = || shown.iter().skip(offset).take(MANY_MAX);
    let held = Held::read(context, connection, &board, shown())?;
    let lines = shown().map(|one| board.look(context, &held, one, many));
    let lines = lines.collect();
    let sorting = Sorting::of(params, COLUMNS);
    let round_link = format!("/rounds/{}", board.round.round);
    let address = format!("{round_link}/{}", many.address());
    let query = |name| params.query(name).unwrap_or_default().to_owned();
    let done: Option<usize> = params.query_as("done");
    let told = many.text("many-done-verify", "many-done-review");
    Ok(AcceptList {
        done: done.map_or(String::new(), |count| {
            l.text(told).arg("count", count).to_string()
        }),
        title: l
            .text(many.text("many-title-verify", "many-title-review"))
            .to_string(),
        lede: l
            .text(many.text("many-lede-verify", "many-lede-review"))
            .to_string(),
        round_title: board.title.clone(),
        words: query("q"),
        town: query("town"),
        section: query("section"),
        narrowed: ["q", "town", "section"]
            .iter()
            .any(|name| params.query(name).is_some()),
        heads: ["village", "town", "section", "at"].map(|column| sorting.head(params, column)),
        exports: ExportLinks::of(params, &address),
        round_link,
        address,
        lines,
        towns,
        sections,
        pager,
        l: l.clone(),
    })
}

fn export(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
    many: Many,
) -> Result<Table, PageError> {
    let l = &context.l;
    let board = Board::read(context, params, connection)?;
    let all = board.waiting(context, connection, many)?;
    let shown = narrowed(params, all);
    let held = Held::read(context, connection, &board, shown.iter())?;
    let row = |standing: &Standing<'_>| -> Vec<Cell> {
        let line = board.look(context, &held, standing, many);
        vec![
            line.village.into(),
            line.town.into(),
            line.section.into(),
            line.at.into(),
            count(line.values),
            count(line.to_give),
            count(line.proven),
            count(line.changed),
            line.why_not.into(),
        ]
    };
    let rows: Vec<_> = shown.iter().map(row).collect();
    let heads = [
        "ranking-village",
        "ranking-town",
        "many-section",
        "many-since",
        "many-values",
        "many-to-give",
        "many-proven",
        "many-changed",
        "many-why-not",
    ];
    let title = l.text(many.text("many-title-verify", "many-title-review"));
    let query = |name| params.query(name).unwrap_or_default();
    let filters = [
        ("ranking-village", query("q")),
        ("ranking-town", query("town")),
        ("many-section", query("section")),
    ];
    let title = format!("{title} {}", board.title);
    Ok(Table::new(l, title, &heads, context.now)
        .narrowed(l, &filters)
        .rows(rows))
}

fn count(number: usize) -> Cell {
    kernel::Decimal::from_int(i64::try_from(number).unwrap_or(i64::MAX)).into()
}

/// Invented lines.
fn samples(l: &Locale, village: &str) -> Vec<Waiting> {
    let line = |number: usize, why_not: &str| Waiting {
        pick: format!("{}:common_prosperity:{number}", sample::id()),
        href: "/rounds/1/villages/2/sections/3".to_owned(),
        village: village.to_owned(),
        town: l.choose("清河镇", "Qinghe").to_owned(),
        section: l.choose("共富指数", "Common prosperity").to_owned(),
        at: sample::now(),
        values: 5,
        proven: 2,
        changed: number,
        to_give: number,
        why_not: why_not.to_owned(),
    };
    let late = l.text("many-late").to_string();
    vec![line(0, ""), line(1, ""), line(2, &late)]
}

impl Page for AcceptList {
    fn head(&self) -> Head {
        Head::new(format!("{} {}", self.title, self.round_title))
    }

    fn samples(l: &Locale) -> Samples<AcceptList> {
        let page = |lines: Vec<Waiting>| {
            let params = Params::default();
            let sorting = Sorting::of(&params, COLUMNS);
            AcceptList {
                l: l.clone(),
                address: "/rounds/1/verify".to_owned(),
                round_link: "/rounds/1".to_owned(),
                round_title: sample::round_title(l),
                title: l.text("many-title-verify").to_string(),
                lede: l.text("many-lede-verify").to_string(),
                done: if lines.is_empty() {
                    l.text("many-done-verify").arg("count", 12).to_string()
                } else {
                    String::new()
                },
                words: String::new(),
                town: String::new(),
                towns: vec![Choice::new("清河镇", "清河镇")],
                section: String::new(),
                sections: vec![Choice::new("a", l.choose("共富指数", "Common prosperity"))],
                narrowed: false,
                pager: Pager::new(&params, lines.len(), 50),
                heads: ["village", "town", "section", "at"]
                    .map(|column| sorting.head(&params, column)),
                exports: ExportLinks::of(&params, "/rounds/1/verify"),
                lines,
            }
        };
        Samples {
            ordinary: page(samples(l, "柳湾村")),
            longest: page(samples(l, sample::LONGEST_PLACE)),
            empty: Some(page(Vec::new())),
            with_error: None,
        }
    }
}
