//! The last look before many sections are accepted: a sheet for each section, its villages below each
//! other, its items beside each other. What the town itself gives is typed into the sheet; a village
//! whose box is not ticked any more is left out.

use std::collections::{BTreeMap, BTreeSet};

use access::Action;
use askama::Template;
use kernel::{Finding, FindingArg, PlaceId};
use store::Connection;
use web::{
    Attempt, Context, Form, FormHandler, FormStart, Head, Locale, Page, PageError, Params, Policy,
    Route, Samples,
};

use crate::round::{RoundItem, Section};
use crate::section::accept::{
    Accepted, MANY_MAX, ReviewMany, Seen, ToVerify, TownValue, VerifyMany, cell_field,
};
use crate::section::accept_board::{Board, Held, Many, Standing, Waiting, picked, written};
use crate::section::accept_values::{AcceptedValue, Values};
use crate::{RoundId, sample, view};

/// A cell of the sheet.
#[derive(Clone, Debug)]
pub enum SheetCell {
    /// What was said, and is accepted.
    Said(AcceptedValue),
    /// What the town gives: the name of the input.
    Given(String),
    /// Nothing was said.
    Empty,
}

/// A village in a sheet.
#[derive(Clone, Debug)]
pub struct SheetRow {
    /// The section, as the list shows it.
    pub waiting: Waiting,
    /// One for each column.
    pub cells: Vec<SheetCell>,
}

/// A column of a sheet.
#[derive(Clone, Debug)]
pub struct Column {
    /// The item's name.
    pub title: String,
    /// Its unit, where the town types values; empty else.
    pub unit: String,
    /// Names the column for the script that moves down in it; empty where nothing is typed.
    pub code: String,
}

/// One section with the villages whose values are accepted.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The section's code.
    pub code: String,
    /// The section's name.
    pub title: String,
    /// Its items.
    pub columns: Vec<Column>,
    /// Its villages.
    pub rows: Vec<SheetRow>,
}

/// The last look.
#[derive(Debug, Template)]
#[template(path = "section/accept_sheet.html")]
pub struct AcceptSheet {
    l: Locale,
    address: String,
    back: String,
    round_title: String,
    title: String,
    send: String,
    summary: String,
    sheets: Vec<Sheet>,
    /// Whether the town types values here.
    gives: bool,
    /// Names of what was ticked and does not wait as it was seen.
    gone: Vec<String>,
    start: FormStart,
    attempt: Attempt,
}

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    let verify = || Policy::Holds(Action::ScoreVerify);
    let review = || Policy::Holds(Action::ScoreReview);
    vec![
        Route::page(
            "/rounds/{round}/verify/check",
            verify(),
            |c, p, connection| sheet(c, p, connection, Many::Verify),
        ),
        Route::page(
            "/rounds/{round}/review/check",
            review(),
            |c, p, connection| sheet(c, p, connection, Many::Review),
        ),
        Route::form(
            "/rounds/{round}/verify/check",
            verify(),
            FormHandler {
                read: |_, params, form| {
                    let (round, seen) = read(params, form)?;
                    let sections = seen.into_iter().map(|seen| to_verify(form, seen));
                    let sections = sections.collect();
                    Ok(VerifyMany { round, sections })
                },
                done: |_, params, done: &Accepted| after(params, Many::Verify, done),
                again: |c, p, connection| sheet(c, p, connection, Many::Verify),
            },
        ),
        Route::form(
            "/rounds/{round}/review/check",
            review(),
            FormHandler {
                read: |_, params, form| {
                    let (round, sections) = read(params, form)?;
                    Ok(ReviewMany { round, sections })
                },
                done: |_, params, done: &Accepted| after(params, Many::Review, done),
                again: |c, p, connection| sheet(c, p, connection, Many::Review),
            },
        ),
    ]
}

fn read(params: &Params, form: &Form) -> Result<(RoundId, Vec<Seen>), Vec<Finding>> {
    let round = params.path("round").parse();
    let round = round.map_err(|_| vec![Finding::error("not-found").arg("kind", "round")])?;
    let sections: Option<Vec<Seen>> = form.all("pick").map(picked).collect();
    let unreadable = || vec![Finding::error("sections-none").field("sections")];
    Ok((round, sections.ok_or_else(unreadable)?))
}

fn to_verify(form: &Form, seen: Seen) -> ToVerify {
    let field = |item: &str| cell_field(seen.place, &seen.section, item);
    let of_section = field("");
    let value = |item: &str| {
        Some(TownValue {
            item: item.to_owned(),
            value: form.number(&field(item))?,
        })
    };
    let items = form.parts(of_section.trim_end_matches('.'));
    ToVerify {
        values: items.into_iter().filter_map(value).collect(),
        place: seen.place,
        section: seen.section,
        revision: seen.revision,
    }
}

fn after(params: &Params, many: Many, done: &Accepted) -> String {
    let (round, step) = (params.path("round"), many.address());
    format!("/rounds/{round}/{step}?done={}", done.sections)
}

/// What was ticked in the list; of a refused sheet every row, whether it is still ticked or not.
fn ticked(context: &Context, params: &Params) -> Vec<Seen> {
    let form = &context.attempt.form;
    let texts: Vec<&str> = match (context.attempt.sent, form.has("row")) {
        (true, true) => form.all("row").collect(),
        (true, false) => form.all("pick").collect(),
        (false, _) => params.query_all("pick").collect(),
    };
    texts.into_iter().filter_map(picked).collect()
}

fn sheet(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
    many: Many,
) -> Result<AcceptSheet, PageError> {
    let l = &context.l;
    let board = Board::read(context, params, connection)?;
    let seen = ticked(context, params);
    let waiting = board.waiting(context, connection, many)?;
    let by_name: BTreeMap<(PlaceId, &str), &Standing<'_>> = waiting
        .iter()
        .map(|one| ((one.subject.place, one.section.code.as_str()), one))
        .collect();
    let (mut shown, mut gone) = (Vec::new(), Vec::new());
    for one in seen.iter().take(MANY_MAX) {
        match by_name.get(&(one.place, one.section.as_str())) {
            Some(standing) if standing.now.revision == one.revision => shown.push(*standing),
            _ => gone.push(board.name(l, one)),
        }
    }
    let held = Held::read(context, connection, &board, shown.iter().copied())?;
    let places: BTreeSet<PlaceId> = shown.iter().map(|one| one.subject.place).collect();
    let values = Values::of(context, connection, &board.round, &places)?;
    let sheets = sheets(context, &board, (&held, &values), &shown, many);
    let rows = || sheets.iter().flat_map(|sheet| &sheet.rows);
    let total = |of: fn(&Waiting) -> usize| rows().map(|row| of(&row.waiting)).sum::<usize>();
    let summary = l
        .text("many-summary")
        .arg("count", rows().count())
        .arg("values", total(|line| line.values))
        .arg("proven", total(|line| line.proven))
        .arg("changed", total(|line| line.changed));
    let back = format!("/rounds/{}/{}", board.round.round, many.address());
    Ok(AcceptSheet {
        summary: summary.to_string(),
        gives: total(|line| line.to_give) > 0,
        title: l
            .text(many.text("many-check-verify", "many-check-review"))
            .to_string(),
        send: l
            .text(many.text("many-send-verify", "many-send-review"))
            .to_string(),
        round_title: board.title.clone(),
        address: format!("{back}/check"),
        back,
        gone,
        sheets,
        start: context.form(),
        attempt: with_titles(l, &board.sections, &values, &context.attempt),
        l: l.clone(),
    })
}

/// The shown sections, each with its villages in the order of the list.
fn sheets(
    context: &Context,
    board: &Board,
    (held, values): (&Held, &Values),
    shown: &[&Standing<'_>],
    many: Many,
) -> Vec<Sheet> {
    let l = &context.l;
    let mut sheets = Vec::new();
    for section in &board.sections {
        let items: Vec<&RoundItem> = board.asked(section).collect();
        let of_section = |one: &&&Standing<'_>| one.section.section_no == section.section_no;
        let row = |standing: &&Standing<'_>| SheetRow {
            waiting: board.look(context, held, standing, many),
            cells: items
                .iter()
                .map(|item| cell(l, (held, values), standing, item))
                .collect(),
        };
        let rows: Vec<SheetRow> = shown.iter().filter(of_section).map(row).collect();
        if rows.is_empty() {
            continue;
        }
        let column = |(index, item): (usize, &&RoundItem)| {
            let given = |row: &SheetRow| matches!(row.cells[index], SheetCell::Given(_));
            let is_typed = rows.iter().any(given);
            let typed = |text: String| if is_typed { text } else { String::new() };
            Column {
                title: values.title(l, item),
                unit: typed(values.unit(l, item)),
                code: typed(format!("{}.{}", section.code, item.code)),
            }
        };
        sheets.push(Sheet {
            code: section.code.clone(),
            title: view::section_title(l, section),
            columns: items.iter().enumerate().map(column).collect(),
            rows,
        });
    }
    sheets
}

fn cell(
    l: &Locale,
    (held, values): (&Held, &Values),
    standing: &Standing<'_>,
    item: &RoundItem,
) -> SheetCell {
    let (place, key) = (
        standing.subject.place,
        (standing.subject.subject_no, item.item_no),
    );
    let said = held.cells.get(&key);
    let said = said.and_then(|cell| values.one(l, item, place, cell, held.proven.contains(&key)));
    match said {
        Some(said) => SheetCell::Said(said),
        None if crate::section::decision::is_asked_of_village(item) => SheetCell::Empty,
        None => SheetCell::Given(cell_field(place, &standing.section.code, &item.code)),
    }
}

/// The attempt with names of sections and items where its findings have codes.
fn with_titles(l: &Locale, sections: &[Section], values: &Values, attempt: &Attempt) -> Attempt {
    let mut attempt = values.with_item_titles(l, attempt);
    for (name, value) in attempt.findings.iter_mut().flat_map(|one| &mut one.args) {
        if let FindingArg::Text(code) = value
            && name == "section"
            && let Some(known) = sections.iter().find(|one| one.code == *code)
        {
            *code = view::section_title(l, known);
        }
    }
    attempt
}

/// Invented sheets: one in which the town types, one in which all was said.
fn samples(l: &Locale, village: &str) -> Vec<Sheet> {
    let place = |number| PlaceId(kernel::Id::new(1, [number; 10]));
    let waiting = |number: u8, section: &str| {
        let seen = Seen {
            place: place(number),
            section: section.to_owned(),
            revision: 1,
        };
        Waiting {
            pick: written(&seen),
            href: "/rounds/1/villages/2/sections/3".to_owned(),
            village: format!("{village}{number}"),
            town: l.choose("清河镇", "Qinghe").to_owned(),
            section: section.to_owned(),
            at: sample::now(),
            values: 2,
            proven: 1,
            changed: 1,
            to_give: 1,
            why_not: String::new(),
        }
    };
    let said = |is_first: bool| {
        SheetCell::Said(AcceptedValue {
            value: "41.5 %".to_owned(),
            declared: if is_first { "45.5 %" } else { "" }.to_owned(),
            before: "36.2 %".to_owned(),
            moved: is_first,
            proven: is_first,
        })
    };
    let column = |title: &str, unit: &str, code: &str| Column {
        title: title.to_owned(),
        unit: unit.to_owned(),
        code: code.to_owned(),
    };
    let given = |number| SheetCell::Given(cell_field(place(number), "a", "contracts_filed"));
    let row = |number: u8| SheetRow {
        waiting: waiting(number, "a"),
        cells: vec![said(number == 1), given(number), SheetCell::Empty],
    };
    let share = l.choose("合作社参与率", "Co-op share");
    vec![
        Sheet {
            code: "a".to_owned(),
            title: l.choose("共富指数", "Common prosperity").to_owned(),
            columns: vec![
                column(share, "", ""),
                column(
                    l.choose("合同备案率", "Contracts filed"),
                    "%",
                    "a.contracts_filed",
                ),
                column(l.choose("入户走访", "Households visited"), "", ""),
            ],
            rows: vec![row(1), row(2)],
        },
        Sheet {
            code: "b".to_owned(),
            title: l.choose("堡垒指数", "Fortress").to_owned(),
            columns: vec![column(share, "", "")],
            rows: vec![SheetRow {
                waiting: Waiting {
                    why_not: l.text("many-not-you").to_string(),
                    ..waiting(1, "b")
                },
                cells: vec![said(false)],
            }],
        },
    ]
}

impl Page for AcceptSheet {
    fn head(&self) -> Head {
        Head::new(format!("{} {}", self.title, self.round_title))
    }

    fn samples(l: &Locale) -> Samples<AcceptSheet> {
        let page = |sheets: Vec<Sheet>| AcceptSheet {
            l: l.clone(),
            address: "/rounds/1/verify/check".to_owned(),
            back: "/rounds/1/verify".to_owned(),
            round_title: sample::round_title(l),
            title: l.text("many-check-verify").to_string(),
            send: l.text("many-send-verify").to_string(),
            summary: l
                .text("many-summary")
                .arg("count", 3)
                .arg("values", 10)
                .arg("proven", 4)
                .arg("changed", 1)
                .to_string(),
            gives: !sheets.is_empty(),
            gone: Vec::new(),
            start: sample::start(),
            attempt: Attempt::default(),
            sheets,
        };
        let village = l.choose("柳湾村", "Liuwan");
        let mut refused = page(samples(l, village));
        refused.gone = vec![l.choose("白石村", "Baishi").to_owned()];
        refused.attempt.sent = true;
        let first = PlaceId(kernel::Id::new(1, [1; 10]));
        refused.attempt.findings = vec![
            Finding::error("section-in-the-way")
                .arg("village", village)
                .arg("section", l.choose("共富指数", "Common prosperity")),
            Finding::error("changed-since")
                .arg("who", l.choose("陈国平", "Chen Guoping"))
                .arg("when", sample::now().minute_text()),
            Finding::error("town-value-required").field(cell_field(first, "a", "contracts_filed")),
        ];
        Samples {
            ordinary: page(samples(l, village)),
            longest: page(samples(l, sample::LONGEST_PLACE)),
            empty: Some(page(Vec::new())),
            with_error: Some(refused),
        }
    }
}
