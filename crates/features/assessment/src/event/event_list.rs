//! The register of bonus and penalty events: what waits for the visitor, and all events of the
//! villages that the visitor may read.

use std::collections::BTreeMap;

use access::{Action, Resource, Scope};
use app::panel::PanelArg;
use app::{PanelItem, PanelQuestion, panel::PANEL_ITEMS_MAX};
use askama::Template;
use kernel::{Instant, PlaceId, Tenant};
use store::{Connection, Row, Statement, StoreError, Value, values};
use web::{
    Cell, Choice, Context, ExportLinks, Head, Locale, MenuEntry, MenuGroup, Page, PageError, Pager,
    Params, Policy, Route, Samples, SortHead, Sorting, Table, table::ROWS_MAX,
};

use crate::event::event_view::{self, EventLine};
use crate::event::{self, ScoreEvent, event_columns};
use crate::sample;
use crate::scheme::situation::EventKind;
use crate::transition::EventState;

/// The events in the reader's scope that fit the filters, with village, last step and files.
macro_rules! in_sight {
    () => {
        concat!(
            " FROM score_event_current c ",
            "LEFT JOIN place_current p ON p.tenant = c.tenant AND p.place = c.place ",
            "LEFT JOIN score_event_step s ON s.tenant = c.tenant AND s.event = c.event ",
            "AND s.step = c.revision ",
            "LEFT JOIN person_name n ON n.tenant = c.tenant AND n.person = s.person ",
            "WHERE c.tenant = $1 AND ",
            access::in_scope!("c.place", "$1", "$2", "$3", "$4"),
            " AND ($5 = '' OR lower(p.name) LIKE $6 ESCAPE '!' ",
            "OR lower(p.alias) LIKE $6 ESCAPE '!' OR lower(c.title_zh) LIKE $6 ESCAPE '!' ",
            "OR lower(c.title_en) LIKE $6 ESCAPE '!' OR EXISTS (SELECT 1 FROM place_search k ",
            "WHERE k.tenant = $1 AND k.place = c.place AND k.search_key >= $5 ",
            "AND k.search_key < $7)) ",
            "AND ($8 = '' OR c.kind = $8) AND ($9 = '' OR c.state = $9)"
        )
    };
}

macro_rules! sorted {
    ($order:literal) => {
        concat!(
            "SELECT ",
            event_columns!(),
            ", COALESCE(p.alias, p.name), n.name, s.at, (SELECT count(*) FROM score_event_file f ",
            "WHERE f.tenant = $1 AND f.event = c.event)",
            in_sight!(),
            " ORDER BY ",
            $order,
            " LIMIT $10 OFFSET $11"
        )
    };
}

store::statements! {
    COUNT_EVENTS = concat!("SELECT count(*)", in_sight!());
    NEWEST_FIRST = sorted!("c.declared_at DESC, c.event");
    BY_DAY = sorted!("c.occurred_on, c.declared_at, c.event");
    BY_DAY_DOWN = sorted!("c.occurred_on DESC, c.declared_at DESC, c.event");
    BY_VILLAGE = sorted!("p.code NULLS LAST, c.place, c.occurred_on, c.event");
    BY_VILLAGE_DOWN = sorted!("p.code DESC NULLS LAST, c.place, c.occurred_on, c.event");
    BY_STATE = sorted!("c.state, c.declared_at DESC, c.event");
    BY_STATE_DOWN = sorted!("c.state DESC, c.declared_at DESC, c.event");
}

/// Columns by which the list is sorted; the first stands for the newest first, which no head shows.
const COLUMNS: &[&str] = &["newest", "day", "village", "state"];
/// Rows on one page.
const PER_PAGE: u32 = 50;

fn statement(sorting: Sorting) -> &'static Statement {
    match (sorting.column, sorting.descending) {
        ("day", false) => &BY_DAY,
        ("day", true) => &BY_DAY_DOWN,
        ("village", false) => &BY_VILLAGE,
        ("village", true) => &BY_VILLAGE_DOWN,
        ("state", false) => &BY_STATE,
        ("state", true) => &BY_STATE_DOWN,
        _ => &NEWEST_FIRST,
    }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "event/event_list.html")]
pub struct EventList {
    l: Locale,
    declares: bool,
    proposes: bool,
    waiting: Vec<EventLine>,
    lines: Vec<EventLine>,
    filter: Filter,
    kinds: Vec<Choice>,
    states: Vec<Choice>,
    /// By village, day and state.
    heads: [SortHead; 3],
    pager: Pager,
    export: ExportLinks,
}

/// What the list is narrowed to; empty texts for everything.
#[derive(Clone, Debug, Default)]
struct Filter {
    words: String,
    kind: &'static str,
    state: &'static str,
}

impl Filter {
    fn of(params: &Params) -> Filter {
        let text = |name| params.query(name).unwrap_or_default().trim().to_owned();
        let kind: Option<EventKind> = params.query_as("kind");
        let state: Option<EventState> = params.query_as("state");
        Filter {
            words: text("q"),
            kind: kind.map(EventKind::name).unwrap_or_default(),
            state: state.map(EventState::name).unwrap_or_default(),
        }
    }

    fn is_empty(&self) -> bool {
        self.words.is_empty() && self.kind.is_empty() && self.state.is_empty()
    }

    /// All of it, for the page that found nothing.
    fn shown(&self, l: &Locale) -> String {
        let [kind, state] = self.chosen(l);
        let parts = [self.words.clone(), kind, state];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(" · ")
    }

    /// Kind and state in words.
    fn chosen(&self, l: &Locale) -> [String; 2] {
        let kind = self.kind.parse().ok().map(event_view::kind_key);
        let state = self.state.parse().ok().map(event_view::state_key);
        [kind, state].map(|key| key.map(|key| l.text(key).to_string()).unwrap_or_default())
    }

    fn bound(&self, scope: &Scope) -> Vec<Value<'static>> {
        let words = self.words.to_lowercase();
        // Codes and initials of villages are found by how they begin, as in every other list.
        let beyond = directory::person::beyond(&words);
        let pattern = words.chars().fold("%".to_owned(), |mut pattern, c| {
            if matches!(c, '!' | '%' | '_') {
                pattern.push('!');
            }
            pattern.push(c);
            pattern
        });
        Vec::from(values![
            scope.tenant,
            scope.person,
            scope.roles.0,
            scope.day,
            words,
            pattern + "%",
            beyond,
            self.kind,
            self.state
        ])
    }
}

/// An event of the list.
struct Listed {
    event: ScoreEvent,
    village: String,
    last: Option<(String, Instant)>,
    files: i64,
}

fn read(row: &Row<'_>) -> Result<Listed, StoreError> {
    let name = row.optional_text(17)?.unwrap_or_default().to_owned();
    Ok(Listed {
        event: event::read(row)?,
        village: row.optional_text(16)?.unwrap_or_default().to_owned(),
        last: row.optional_instant(18)?.map(|at| (name, at)),
        files: row.int(19)?,
    })
}

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    let reads = Policy::Holds(Action::ScoreRead);
    let mut routes = vec![Route::page("/events", reads, page).menu(MenuEntry {
        group: MenuGroup::Business,
        order: 4,
        icon: "flag",
        text: "events-title",
    })];
    let paths = ["/events.xlsx", "/events.csv"];
    routes.extend(Route::table(paths, reads, export));
    routes
}

fn find(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
    (limit, offset): (i64, i64),
) -> Result<Vec<Listed>, StoreError> {
    let scope = Scope::new(&context.subject, Action::ScoreRead, context.today());
    let mut parameters = Filter::of(params).bound(&scope);
    parameters.extend(values![limit, offset]);
    connection.all(statement(Sorting::of(params, COLUMNS)), &parameters, read)
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<EventList, PageError> {
    let (l, tenant) = (&context.l, context.tenant);
    let question = context.question();
    let mut names = Names::default();
    let mut waiting = Vec::new();
    let to_verify = waiting_for(connection, &question, Action::EventVerify, VERIFY)?;
    let to_decide = waiting_for(connection, &question, Action::EventDecide, DECIDE)?;
    let shown = to_verify.iter().chain(&to_decide).take(PANEL_ITEMS_MAX);
    for found in shown {
        let village = names.of(connection, tenant, found.place)?;
        waiting.push(event_view::line(l, connection, tenant, found, village)?);
    }
    let scope = Scope::new(&context.subject, Action::ScoreRead, context.today());
    let (filter, sorting) = (Filter::of(params), Sorting::of(params, COLUMNS));
    let total = connection.one(&COUNT_EVENTS, &filter.bound(&scope), |row| row.int(0))?;
    let total = usize::try_from(total).unwrap_or(usize::MAX);
    let pager = Pager::new(params, total, PER_PAGE);
    let found = find(context, params, connection, (pager.limit(), pager.offset()))?;
    let line = |found: Listed| {
        event_view::line_of(l, &found.event, found.village, (found.last, found.files))
    };
    Ok(EventList {
        declares: context.holds(Action::EventDeclare),
        proposes: context.holds(Action::EventPropose),
        waiting,
        lines: found.into_iter().map(line).collect(),
        filter,
        kinds: kinds(l),
        states: states(l),
        heads: ["village", "day", "state"].map(|column| sorting.head(params, column)),
        pager,
        export: ExportLinks::of(params, "/events"),
        l: l.clone(),
    })
}

fn kinds(l: &Locale) -> Vec<Choice> {
    let choice = |kind: &EventKind| Choice::new(kind.name(), l.text(event_view::kind_key(*kind)));
    EventKind::ALL.iter().map(choice).collect()
}

fn states(l: &Locale) -> Vec<Choice> {
    let states = EventState::ALL
        .iter()
        .filter(|state| **state != EventState::Nothing);
    let choice =
        |state: &EventState| Choice::new(state.name(), l.text(event_view::state_key(*state)));
    states.map(choice).collect()
}

fn export(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Table, PageError> {
    let (l, filter) = (&context.l, Filter::of(params));
    let found = find(context, params, connection, (ROWS_MAX, 0))?;
    let heads = [
        "ranking-village",
        "event-kind",
        "event-situation",
        "event-day",
        "event-what",
        "round-state",
        "event-counted",
        "event-files",
        "event-who",
        "event-when",
    ];
    let row = |found: Listed| -> Vec<Cell> {
        let (who, at) = found.last.unzip();
        let line = event_view::line_of(l, &found.event, found.village, (None, found.files));
        vec![
            line.village.into(),
            line.kind.into(),
            line.title.into(),
            found.event.occurred_on.into(),
            line.description.into(),
            line.state.into(),
            line.counts.into(),
            found.files.into(),
            who.into(),
            at.into(),
        ]
    };
    let [kind, state] = filter.chosen(l);
    let narrowed = [
        ("events-search", filter.words.as_str()),
        ("event-kind", kind.as_str()),
        ("round-state", state.as_str()),
    ];
    Ok(Table::new(l, l.text("events-title"), &heads, context.now)
        .narrowed(l, &narrowed)
        .rows(found.into_iter().map(row)))
}

/// Names of places, each read once.
#[derive(Default)]
struct Names(BTreeMap<PlaceId, String>);

impl Names {
    fn of(
        &mut self,
        connection: &mut dyn Connection,
        tenant: Tenant,
        place: PlaceId,
    ) -> Result<String, StoreError> {
        if let Some(known) = self.0.get(&place) {
            return Ok(known.clone());
        }
        let found = directory::place::get(connection, tenant, place)?;
        let name = found.map_or_else(String::new, |place| place.shown_name().to_owned());
        self.0.insert(place, name.clone());
        Ok(name)
    }
}

const VERIFY: [EventState; 3] = [EventState::Declared; 3];
const DECIDE: [EventState; 3] = [
    EventState::Contested,
    EventState::CountedContested,
    EventState::RefusalContested,
];

/// Events in these states on which the visitor may do this, having done nothing else to them.
fn waiting_for(
    connection: &mut dyn Connection,
    question: &PanelQuestion<'_>,
    action: Action,
    states: [EventState; 3],
) -> Result<Vec<ScoreEvent>, StoreError> {
    let today = question.now.day();
    let scope = Scope::new(question.subject, action, today);
    let mut found = Vec::new();
    for event in event::waiting(connection, &scope, states)? {
        let ancestors = directory::place::ancestors(connection, scope.tenant, event.place)?;
        let history = event::involved(&event::steps(connection, scope.tenant, event.event)?);
        let resource = Resource::at(scope.tenant, &ancestors).history(&history);
        if access::decide(question.subject, action, &resource, today).is_allowed() {
            found.push(event);
        }
    }
    Ok(found)
}

type Items = Result<Vec<PanelItem>, StoreError>;

fn items(
    connection: &mut dyn Connection,
    question: &PanelQuestion<'_>,
    found: &[ScoreEvent],
    text: &'static str,
) -> Items {
    let tenant = question.subject.tenant;
    let mut names = Names::default();
    let mut items = Vec::new();
    for event in found.iter().take(PANEL_ITEMS_MAX) {
        items.push(PanelItem {
            text,
            args: vec![
                (
                    "village",
                    PanelArg::Text(names.of(connection, tenant, event.place)?),
                ),
                ("title", of_title(event)),
            ],
            link: format!("/events/{}", event.event),
            due: None,
        });
    }
    Ok(items)
}

fn of_title(event: &ScoreEvent) -> PanelArg {
    PanelArg::Title {
        chinese: event.title.0.clone(),
        english: event.title.1.clone(),
    }
}

/// What the visitor may verify.
pub(crate) fn to_verify(connection: &mut dyn Connection, question: &PanelQuestion<'_>) -> Items {
    let found = waiting_for(connection, question, Action::EventVerify, VERIFY)?;
    items(connection, question, &found, "todo-event")
}

/// What the visitor may decide.
pub(crate) fn to_decide(connection: &mut dyn Connection, question: &PanelQuestion<'_>) -> Items {
    let found = waiting_for(connection, question, Action::EventDecide, DECIDE)?;
    items(connection, question, &found, "todo-event-objection")
}

/// Penalties proposed for the visitor's village, to which it may object.
pub(crate) fn proposed(connection: &mut dyn Connection, question: &PanelQuestion<'_>) -> Items {
    let mut found = waiting_for(connection, question, Action::EventContest, VERIFY)?;
    found.retain(|event| event.kind == EventKind::Penalty && !event.contested);
    items(connection, question, &found, "todo-event-proposed")
}

/// The events of a village, the last first: shown at once, with whether they count.
pub(crate) fn of_village(connection: &mut dyn Connection, question: &PanelQuestion<'_>) -> Items {
    let Some(village) = question.village else {
        return Ok(Vec::new());
    };
    let (tenant, today) = (question.subject.tenant, question.now.day());
    let ancestors = directory::place::ancestors(connection, tenant, village)?;
    let resource = Resource::at(tenant, &ancestors);
    if !access::decide(question.subject, Action::ScoreRead, &resource, today).is_allowed() {
        return Ok(Vec::new());
    }
    let events = event::of_place(connection, tenant, village)?;
    let lines = events
        .iter()
        .rev()
        .take(PANEL_ITEMS_MAX)
        .map(|event| PanelItem {
            text: if event.state.counts() {
                "village-event-counted"
            } else if event.state.waits() {
                "village-event-waiting"
            } else {
                "village-event-not-counted"
            },
            args: vec![
                ("title", of_title(event)),
                ("day", PanelArg::Day(event.occurred_on)),
            ],
            link: format!("/events/{}", event.event),
            due: None,
        });
    Ok(lines.collect())
}

impl Page for EventList {
    fn head(&self) -> Head {
        Head::new(self.l.text("events-title"))
    }

    fn samples(l: &Locale) -> Samples<EventList> {
        let page = |lines: Vec<EventLine>, declares: bool| {
            let params = Params::default();
            let sorting = Sorting::of(&params, COLUMNS);
            EventList {
                l: l.clone(),
                declares,
                proposes: !declares,
                waiting: lines.iter().take(1).cloned().collect(),
                filter: Filter::default(),
                kinds: kinds(l),
                states: states(l),
                heads: ["village", "day", "state"].map(|column| sorting.head(&params, column)),
                pager: Pager::new(&params, lines.len(), PER_PAGE),
                export: ExportLinks::of(&params, "/events"),
                lines,
            }
        };
        Samples {
            ordinary: page(event_view::samples(l, "柳湾村"), true),
            longest: page(event_view::samples(l, sample::LONGEST_PLACE), false),
            empty: Some(page(Vec::new(), true)),
            with_error: None,
        }
    }
}
