//! Disputes about figures of the places that the visitor may see.

use access::{Action, Scope};
use app::dispute::{DisputeId, DisputeState};
use askama::Template;
use kernel::Instant;
use store::{Connection, Row, StoreError, Value, values};
use web::{
    Choice, Context, ExportLinks, Head, Locale, Page, PageError, Pager, Params, Policy, Route,
    Samples, SortHead, Sorting,
};

use crate::{
    item_names::ItemNames,
    listing::{self, PER_PAGE},
    sample,
};

/// Disputes in the reader's scope that fit the filters.
macro_rules! in_sight {
    () => {
        concat!(
            " FROM dispute_current d JOIN place_current p ",
            "ON p.tenant = d.tenant AND p.place = d.subject WHERE d.tenant = $1 AND ",
            access::in_scope!("d.subject", "$1", "$2", "$3", "$4"),
            " AND ($5 = '' OR lower(p.name) LIKE $6 ESCAPE '!' ",
            "OR lower(p.alias) LIKE $6 ESCAPE '!') AND ($7 = '' OR d.state = $7)"
        )
    };
}

macro_rules! sorted {
    ($order:literal) => {
        concat!(
            "SELECT d.dispute, d.measure, COALESCE(p.alias, p.name), d.period, d.state, ",
            "d.filed_at",
            in_sight!(),
            " ORDER BY ",
            $order,
            " LIMIT $8 OFFSET $9"
        )
    };
}

store::statements! {
    COUNT_DISPUTES = concat!("SELECT count(*)", in_sight!());
    NEWEST_FIRST = sorted!("d.filed_at DESC, d.dispute");
    OLDEST_FIRST = sorted!("d.filed_at, d.dispute");
}

const COLUMNS: &[&str] = &["newest", "filed"];
const STATES: &[&str] = &["open", "upheld", "rejected"];

/// The list of disputes.
#[derive(Debug, Template)]
#[template(path = "dispute_list.html")]
pub struct DisputeList {
    l: Locale,
    disputes: Vec<Line>,
    words: String,
    state: &'static str,
    states: Vec<Choice>,
    by_filed: SortHead,
    names: ItemNames,
    pager: Pager,
    export: ExportLinks,
}

#[derive(Debug)]
pub(crate) struct Line {
    dispute: DisputeId,
    pub(crate) measure: String,
    pub(crate) place: String,
    pub(crate) period: String,
    pub(crate) state: String,
    pub(crate) filed_at: Instant,
}

fn read(row: &Row<'_>) -> Result<Line, StoreError> {
    Ok(Line {
        dispute: row.id(0)?,
        measure: row.text(1)?.to_owned(),
        place: row.text(2)?.to_owned(),
        period: row.text(3)?.to_owned(),
        state: row.text(4)?.to_owned(),
        filed_at: row.instant(5)?,
    })
}

/// The route.
pub(crate) fn route() -> Route {
    Route::page("/disputes", Policy::Holds(Action::FigureRead), page)
}

/// What the list is narrowed to.
pub(crate) struct Filter {
    pub(crate) words: String,
    pub(crate) state: &'static str,
}

impl Filter {
    pub(crate) fn of(params: &Params) -> Filter {
        Filter {
            words: listing::words(params),
            state: listing::one_of(params, "state", STATES),
        }
    }

    fn bound(&self, context: &Context) -> Vec<Value<'static>> {
        let scope = Scope::new(&context.subject, Action::FigureRead, context.today());
        let (matched, pattern, _) = listing::matching(&self.words);
        Vec::from(values![
            scope.tenant,
            scope.person,
            scope.roles.0,
            scope.day,
            matched,
            pattern,
            self.state
        ])
    }
}

/// The disputes of a window of the list, in its order.
pub(crate) fn find(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
    (limit, offset): (i64, i64),
) -> Result<Vec<Line>, StoreError> {
    let mut parameters = Filter::of(params).bound(context);
    parameters.extend(values![limit, offset]);
    let sorting = Sorting::of(params, COLUMNS);
    let oldest_first = sorting.column == "filed" && !sorting.descending;
    let statement = if oldest_first {
        &OLDEST_FIRST
    } else {
        &NEWEST_FIRST
    };
    connection.all(statement, &parameters, read)
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<DisputeList, PageError> {
    let filter = Filter::of(params);
    let bound = filter.bound(context);
    let total = connection.one(&COUNT_DISPUTES, &bound, |row| row.int(0))?;
    let pager = Pager::new(
        params,
        usize::try_from(total).unwrap_or(usize::MAX),
        PER_PAGE,
    );
    let window = (pager.limit(), pager.offset());
    let sorting = Sorting::of(params, COLUMNS);
    Ok(DisputeList {
        disputes: find(context, params, connection, window)?,
        names: ItemNames::of(context, connection)?,
        words: filter.words,
        state: filter.state,
        export: ExportLinks::of(params, "/disputes"),
        states: listing::choices(&context.l, "dispute-state", STATES.iter().copied()),
        by_filed: sorting.head(params, "filed"),
        pager,
        l: context.l.clone(),
    })
}

impl Page for DisputeList {
    fn head(&self) -> Head {
        Head::new(self.l.text("disputes-title"))
    }

    fn samples(l: &Locale) -> Samples<DisputeList> {
        let line = |place: &str, state: DisputeState| Line {
            dispute: DisputeId(kernel::Id::new(sample::now().0, [4; 10])),
            measure: "figure.collective_income".to_owned(),
            place: place.to_owned(),
            period: "2026-Q3".to_owned(),
            state: state.name().to_owned(),
            filed_at: sample::now(),
        };
        let page = |disputes: Vec<Line>, words: &str| DisputeList {
            l: l.clone(),
            pager: Pager::new(&Params::default(), disputes.len(), PER_PAGE),
            disputes,
            words: words.to_owned(),
            state: "",
            states: listing::choices(l, "dispute-state", STATES.iter().copied()),
            by_filed: Sorting::of(&Params::default(), COLUMNS).head(&Params::default(), "filed"),
            names: ItemNames::sample(),
            export: ExportLinks::of(&Params::default(), "/disputes"),
        };
        Samples {
            ordinary: page(
                vec![
                    line("柳湾村", DisputeState::Open),
                    line("福塘村", DisputeState::Upheld),
                ],
                "",
            ),
            longest: page(
                vec![line(sample::LONGEST_PLACE, DisputeState::Rejected)],
                "忙乐",
            ),
            empty: Some(page(Vec::new(), "")),
            with_error: None,
        }
    }
}
