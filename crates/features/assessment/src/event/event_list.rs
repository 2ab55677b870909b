//! The register of bonus and penalty events: what waits for the visitor, and all events of the
//! villages that the visitor may read.

use std::collections::BTreeMap;

use access::{Action, Resource, Scope};
use app::panel::PanelArg;
use app::{PanelItem, PanelQuestion, panel::PANEL_ITEMS_MAX};
use askama::Template;
use kernel::{PlaceId, Tenant};
use store::{Connection, StoreError};
use web::{
    Context, Head, Locale, MenuEntry, MenuGroup, Page, PageError, Params, Policy, Route, Samples,
};

use crate::event::event_view::{self, EventLine};
use crate::event::{self, ScoreEvent};
use crate::sample;
use crate::scheme::situation::EventKind;
use crate::transition::EventState;

/// The page.
#[derive(Debug, Template)]
#[template(path = "event/event_list.html")]
pub struct EventList {
    l: Locale,
    declares: bool,
    proposes: bool,
    waiting: Vec<EventLine>,
    lines: Vec<EventLine>,
}

/// The route.
pub(crate) fn route() -> Route {
    Route::page("/events", Policy::Holds(Action::ScoreRead), page).menu(MenuEntry {
        group: MenuGroup::Business,
        order: 4,
        icon: "flag",
        text: "events-title",
    })
}

fn page(
    context: &Context,
    _: &Params,
    connection: &mut dyn Connection,
) -> Result<EventList, PageError> {
    let (l, tenant) = (&context.l, context.tenant);
    let question = context.question();
    let mut names = Names::default();
    let mut waiting = Vec::new();
    let to_verify = waiting_for(connection, &question, Action::EventVerify, VERIFY)?;
    let to_decide = waiting_for(connection, &question, Action::EventDecide, DECIDE)?;
    for found in to_verify.iter().chain(&to_decide) {
        let village = names.of(connection, tenant, found.place)?;
        waiting.push(event_view::line(l, connection, tenant, found, village)?);
    }
    let scope = Scope::new(&context.subject, Action::ScoreRead, context.today());
    let mut lines = Vec::new();
    for found in event::in_scope(connection, &scope)? {
        let village = names.of(connection, tenant, found.place)?;
        lines.push(event_view::line(l, connection, tenant, &found, village)?);
    }
    Ok(EventList {
        declares: context.holds(Action::EventDeclare),
        proposes: context.holds(Action::EventPropose),
        waiting,
        lines,
        l: l.clone(),
    })
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
        let page = |lines: Vec<EventLine>, declares: bool| EventList {
            l: l.clone(),
            declares,
            proposes: !declares,
            waiting: lines.iter().take(1).cloned().collect(),
            lines,
        };
        Samples {
            ordinary: page(event_view::samples(l, "柳湾村"), true),
            longest: page(event_view::samples(l, sample::LONGEST_PLACE), false),
            empty: Some(page(Vec::new(), true)),
            with_error: None,
        }
    }
}
