//! Figures of the places that the visitor may see, filtered, sorted, paged, and to be saved.

use access::{Action, Scope};
use askama::Template;
use directory::FigureId;
use kernel::{Decimal, Instant, PlaceId};
use store::{Connection, Row, Statement, StoreError, Value, values};
use web::{
    Cell, Choice, Context, ExportLinks, Head, Locale, MenuEntry, MenuGroup, Page, PageError, Pager,
    Params, Policy, Route, Samples, SortHead, Sorting, Table, table::ROWS_MAX,
};

use crate::{
    item_names::ItemNames,
    listing::{self, PER_PAGE},
    sample,
};

/// The present figures in the reader's scope that fit the filters.
macro_rules! in_sight {
    () => {
        concat!(
            " FROM figure_current c JOIN figure f ON f.tenant = c.tenant AND f.figure = c.figure ",
            "JOIN place_current p ON p.tenant = c.tenant AND p.place = c.subject ",
            "WHERE c.tenant = $1 AND ",
            access::in_scope!("c.subject", "$1", "$2", "$3", "$4"),
            " AND ($5 = '' OR lower(p.name) LIKE $6 ESCAPE '!' ",
            "OR lower(p.alias) LIKE $6 ESCAPE '!') ",
            "AND ($7 = '' OR (c.item >= $7 AND c.item < $8)) AND ($9 = '' OR c.period = $9)"
        )
    };
}

/// The same, place by place: a few hundred places are looked at for the scope and the words, not
/// each of their figures, and the rest of a figure is fetched for the lines shown.
macro_rules! by_place {
    ($select:literal, $from:literal, $where:literal, $order:literal) => {
        concat!(
            $select,
            " FROM place_current p CROSS JOIN figure_current c",
            $from,
            " WHERE p.tenant = $1 AND ",
            access::in_scope!("p.place", "$1", "$2", "$3", "$4"),
            " AND ($5 = '' OR lower(p.name) LIKE $6 ESCAPE '!' ",
            "OR lower(p.alias) LIKE $6 ESCAPE '!') ",
            "AND c.tenant = $1 AND c.subject = p.place ",
            "AND ($7 = '' OR (c.item >= $7 AND c.item < $8)) AND ($9 = '' OR c.period = $9)",
            $where,
            $order
        )
    };
}

macro_rules! sorted_by_place {
    ($order:literal) => {
        by_place!(
            "SELECT c.figure, c.item, c.subject, COALESCE(p.alias, p.name), c.period, f.value, \
             f.missing, f.unit, f.source, f.recorded_at",
            " CROSS JOIN figure f",
            " AND f.tenant = $1 AND f.figure = c.figure",
            $order
        )
    };
}

macro_rules! sorted {
    ($order:literal) => {
        concat!(
            "SELECT c.figure, c.item, c.subject, COALESCE(p.alias, p.name), c.period, f.value, ",
            "f.missing, f.unit, f.source, f.recorded_at",
            in_sight!(),
            " ORDER BY ",
            $order,
            " LIMIT $10 OFFSET $11"
        )
    };
}

store::statements! {
    COUNT_FIGURES = by_place!("SELECT count(*)", "", "", "");
    BY_PLACE = sorted_by_place!(
        " ORDER BY p.code NULLS LAST, c.subject, c.item, c.period LIMIT $10 OFFSET $11"
    );
    BY_PLACE_DOWN = sorted_by_place!(
        " ORDER BY p.code DESC NULLS LAST, c.subject, c.item, c.period LIMIT $10 OFFSET $11"
    );
    BY_ITEM = sorted!("c.item, c.period, p.code NULLS LAST, c.subject");
    BY_ITEM_DOWN = sorted!("c.item DESC, c.period DESC, p.code NULLS LAST, c.subject");
    BY_RECORDED = sorted!("f.recorded_at, c.item, p.code NULLS LAST, c.subject");
    BY_RECORDED_DOWN = sorted!("f.recorded_at DESC, c.item, p.code NULLS LAST, c.subject");
}

const COLUMNS: &[&str] = &["place", "item", "recorded"];

fn statement(sorting: Sorting) -> &'static Statement {
    match (sorting.column, sorting.descending) {
        ("item", false) => &BY_ITEM,
        ("item", true) => &BY_ITEM_DOWN,
        ("recorded", false) => &BY_RECORDED,
        ("recorded", true) => &BY_RECORDED_DOWN,
        (_, false) => &BY_PLACE,
        (_, true) => &BY_PLACE_DOWN,
    }
}

/// The list of figures.
#[derive(Debug, Template)]
#[template(path = "figure_list.html")]
pub struct FigureList {
    l: Locale,
    figures: Vec<Line>,
    filter: Filter,
    heads: [SortHead; 3],
    names: ItemNames,
    /// The items to filter by.
    items: Vec<Choice>,
    pager: Pager,
    export: ExportLinks,
    may_import: bool,
}

/// A figure as the list shows it.
#[derive(Debug)]
struct Line {
    figure: FigureId,
    item: String,
    subject: PlaceId,
    place: String,
    period: String,
    value: Option<Decimal>,
    missing: String,
    unit: String,
    source: String,
    recorded_at: Instant,
}

#[derive(Clone, Debug, Default)]
struct Filter {
    words: String,
    item: String,
    period: String,
}

impl Filter {
    fn of(params: &Params) -> Filter {
        let text = |name| params.query(name).unwrap_or_default().trim().to_owned();
        Filter {
            words: listing::words(params),
            item: text("item"),
            period: text("period"),
        }
    }

    fn is_empty(&self) -> bool {
        self.words.is_empty() && self.item.is_empty() && self.period.is_empty()
    }

    /// All of it, for the page that found nothing.
    fn shown(&self) -> String {
        let parts = [&self.words, &self.item, &self.period];
        let parts: Vec<&str> = parts
            .iter()
            .map(|part| part.as_str())
            .filter(|part| !part.is_empty())
            .collect();
        parts.join(" · ")
    }

    fn bound(&self, scope: &Scope) -> Vec<Value<'static>> {
        let (words, pattern, _) = listing::matching(&self.words);
        let (item, _, item_end) = listing::matching(&self.item);
        // A period is given in the kernel's spelling, whatever was typed: 2026-q3.
        let period = self.period.to_uppercase();
        Vec::from(values![
            scope.tenant,
            scope.person,
            scope.roles.0,
            scope.day,
            words,
            pattern,
            item,
            item_end,
            period
        ])
    }
}

fn read(row: &Row<'_>) -> Result<Line, StoreError> {
    Ok(Line {
        figure: row.id(0)?,
        item: row.text(1)?.to_owned(),
        subject: row.id(2)?,
        place: row.text(3)?.to_owned(),
        period: row.text(4)?.to_owned(),
        value: row.optional_decimal(5)?,
        missing: row.optional_text(6)?.unwrap_or_default().to_owned(),
        unit: row.text(7)?.to_owned(),
        source: row.text(8)?.to_owned(),
        recorded_at: row.instant(9)?,
    })
}

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    let reads = Policy::Holds(Action::FigureRead);
    let mut routes = vec![Route::page("/figures", reads, page).menu(MenuEntry {
        group: MenuGroup::Foundation,
        order: 2,
        icon: "ledger",
        text: "figures-title",
    })];
    routes.extend(Route::table(
        ["/figures.xlsx", "/figures.csv"],
        reads,
        export,
    ));
    routes
}

fn find(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
    (limit, offset): (i64, i64),
) -> Result<Vec<Line>, StoreError> {
    let scope = Scope::new(&context.subject, Action::FigureRead, context.today());
    let mut parameters = Filter::of(params).bound(&scope);
    parameters.extend(values![limit, offset]);
    connection.all(statement(Sorting::of(params, COLUMNS)), &parameters, read)
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<FigureList, PageError> {
    let scope = Scope::new(&context.subject, Action::FigureRead, context.today());
    let (filter, sorting) = (Filter::of(params), Sorting::of(params, COLUMNS));
    let total = connection.one(&COUNT_FIGURES, &filter.bound(&scope), |row| row.int(0))?;
    let pager = Pager::new(
        params,
        usize::try_from(total).unwrap_or(usize::MAX),
        PER_PAGE,
    );
    let figures = find(context, params, connection, (pager.limit(), pager.offset()))?;
    let names = ItemNames::of(context, connection)?;
    Ok(FigureList {
        figures,
        filter,
        items: names.choices(&context.l),
        names,
        heads: ["place", "item", "recorded"].map(|column| sorting.head(params, column)),
        pager,
        export: ExportLinks::of(params, "/figures"),
        may_import: context.holds(Action::FigureImport),
        l: context.l.clone(),
    })
}

fn export(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Table, PageError> {
    let (l, filter) = (&context.l, Filter::of(params));
    let rows = find(context, params, connection, (ROWS_MAX, 0))?;
    let names = ItemNames::of(context, connection)?;
    let heads = [
        "grant-place",
        "figure-item",
        "figure-item-code",
        "figure-period",
        "figure-value",
        "figure-unit",
        "figure-source",
        "figure-recorded-at",
    ];
    let row = |line: Line| -> Vec<Cell> {
        let value = match line.value {
            Some(value) => value.into(),
            None => missing(l, &line.missing).into(),
        };
        vec![
            line.place.into(),
            names.item(l, &line.item).into(),
            line.item.as_str().into(),
            line.period.into(),
            value,
            line.unit.into(),
            line.source.into(),
            line.recorded_at.into(),
        ]
    };
    let narrowed = [
        ("figures-search", filter.words.as_str()),
        ("figure-item", filter.item.as_str()),
        ("figure-period", filter.period.as_str()),
    ];
    Ok(Table::new(l, l.text("figures-title"), &heads, context.now)
        .narrowed(l, &narrowed)
        .rows(rows.into_iter().map(row)))
}

fn missing(l: &Locale, why: &str) -> String {
    l.text("figure-missing").arg("why", why).to_string()
}

impl FigureList {
    fn value(&self, line: &Line) -> String {
        match line.value {
            Some(value) => format!("{value} {}", line.unit),
            None => missing(&self.l, &line.missing),
        }
    }
}

impl Page for FigureList {
    fn head(&self) -> Head {
        Head::new(self.l.text("figures-title"))
    }

    fn samples(l: &Locale) -> Samples<FigureList> {
        let line = |place: &str, value: Option<&str>| {
            let figure = sample::figure("0", "农村集体“三资”监督管理平台");
            Line {
                figure: figure.draft.figure,
                item: figure.draft.item,
                subject: figure.draft.subject,
                place: place.to_owned(),
                period: "2026-Q3".to_owned(),
                value: value.and_then(|value| value.parse().ok()),
                missing: "未报".to_owned(),
                unit: "元".to_owned(),
                source: figure.draft.source,
                recorded_at: figure.recorded_at,
            }
        };
        let page = |figures: Vec<Line>, words: &str| {
            let params = Params::default();
            let sorting = Sorting::of(&params, COLUMNS);
            FigureList {
                l: l.clone(),
                pager: Pager::new(&params, figures.len(), PER_PAGE),
                figures,
                filter: Filter {
                    words: words.to_owned(),
                    ..Filter::default()
                },
                heads: ["place", "item", "recorded"].map(|column| sorting.head(&params, column)),
                export: ExportLinks::of(&params, "/figures"),
                names: ItemNames::sample(),
                items: ItemNames::sample().choices(l),
                may_import: true,
            }
        };
        Samples {
            ordinary: page(
                vec![line("柳湾村", Some("386200")), line("福塘村", None)],
                "",
            ),
            longest: page(
                vec![line(sample::LONGEST_PLACE, Some("123456789012.34"))],
                "忙乐",
            ),
            empty: Some(page(Vec::new(), "")),
            with_error: None,
        }
    }
}
