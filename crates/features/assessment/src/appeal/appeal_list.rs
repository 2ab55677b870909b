//! The inbox of appeals: what waits for the visitor's decision, with its clock in working days; and
//! all appeals of the villages that the visitor may read.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use access::{Action, Resource, Scope};
use app::{PanelItem, PanelQuestion, Ref, WorkItem, WorkSource};
use askama::Template;
use kernel::{Term, WorkCalendar};
use store::{Connection, StoreError};
use web::{
    Context, Head, Locale, MenuEntry, MenuGroup, Page, PageError, PanelTexts, Params, Policy,
    Route, Samples,
};

use crate::appeal::{self, Appeal, Clock, WHOLE_RESULT};
use crate::scope::scheme_of;
use crate::transition::AppealState;
use crate::{RoundId, round, sample, scheme, view};

/// What waits for a decision, for whoever may decide it and had no part in it.
pub(crate) const WORK: WorkSource = WorkSource {
    kind: "appeal",
    items: waiting,
};

fn waiting(
    connection: &mut dyn Connection,
    question: &PanelQuestion<'_>,
) -> Result<Vec<WorkItem>, StoreError> {
    let (action, today) = (Action::ScoreDecideAppeal, question.now.day());
    let scope = Scope::new(question.subject, action, today);
    let mut items = Vec::new();
    for found in appeal::in_scope(connection, &scope)? {
        if !appeal::waits(&found) {
            continue;
        }
        let (tenant, id) = (scope.tenant, found.round);
        let ancestors = round::ancestors(connection, tenant, id, found.subject_no)?;
        let history = appeal::involved(connection, tenant, &found)?;
        let resource = Resource::at(tenant, &ancestors).history(&history);
        if !access::decide(question.subject, action, &resource, today).is_allowed() {
            continue;
        }
        let subjects = round::subjects(connection, tenant, id)?;
        let village = subjects
            .iter()
            .find(|subject| subject.subject_no == found.subject_no)
            .map(|subject| subject.shown_name().to_owned());
        let pack = round::get(connection, tenant, id)?.and_then(|round| round.pack);
        items.push(WorkItem {
            thing: Ref::new("appeal", found.appeal),
            text: "todo-appeal",
            args: vec![("village", village.unwrap_or_default().into())],
            link: format!("/appeals/{}", found.appeal),
            since: found.lodged_at,
            due: found.due,
            calendar: pack,
        });
    }
    items.sort_by_key(|item| (item.due.day, item.since));
    Ok(items)
}

/// The same as lines of the to-do list.
pub(crate) fn to_decide(
    connection: &mut dyn Connection,
    question: &PanelQuestion<'_>,
) -> Result<Vec<PanelItem>, StoreError> {
    let items = waiting(connection, question)?;
    let lines = items.into_iter().map(PanelItem::from);
    Ok(lines.take(app::panel::PANEL_ITEMS_MAX).collect())
}

/// A thing that waits, with its clock.
#[derive(Clone, Debug)]
pub struct Waiting {
    text: String,
    href: String,
    since: String,
    due: String,
    left: String,
    chip: &'static str,
}

/// An appeal of the list.
#[derive(Clone, Debug)]
pub struct Line {
    href: String,
    village: String,
    about: String,
    round: String,
    lodged: String,
    state: String,
    chip: &'static str,
    due: String,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "appeal/appeal_list.html")]
pub struct AppealList {
    l: Locale,
    decides: bool,
    waiting: Vec<Waiting>,
    lines: Vec<Line>,
}

/// The route.
pub(crate) fn route() -> Route {
    Route::page("/appeals", Policy::Holds(Action::ScoreRead), page).menu(MenuEntry {
        group: MenuGroup::Business,
        order: 3,
        icon: "inbox",
        text: "appeals-title",
    })
}

fn page(
    context: &Context,
    _: &Params,
    connection: &mut dyn Connection,
) -> Result<AppealList, PageError> {
    let l = &context.l;
    let question = context.question();
    let mut waiting = Vec::new();
    for source in context.app().work("appeal") {
        for item in (source.items)(connection, &question)? {
            waiting.push(with_clock(context, connection, item)?);
        }
    }
    let scope = Scope::new(&context.subject, Action::ScoreRead, context.today());
    let mut rounds = BTreeMap::new();
    let mut lines = Vec::new();
    for found in appeal::in_scope(connection, &scope)? {
        let round = match rounds.entry(found.round) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(named(context, connection, found.round)?),
        };
        lines.push(line(l, &found, round));
    }
    Ok(AppealList {
        decides: context.holds(Action::ScoreDecideAppeal),
        waiting,
        lines,
        l: l.clone(),
    })
}

fn with_clock(
    context: &Context,
    connection: &mut dyn Connection,
    item: WorkItem,
) -> Result<Waiting, PageError> {
    let l = &context.l;
    let calendar = scheme::calendar(context.app().packs(), item.calendar.as_deref());
    let (left, chip) = left(l, &calendar, item.due, context.today());
    Ok(Waiting {
        text: PanelTexts::of(context).line(connection, item.text, &item.args)?,
        href: item.link,
        since: l.minute(item.since),
        due: l.day(item.due.day),
        left,
        chip,
    })
}

/// `还剩 3 个工作日`, with the colour.
pub(crate) fn left(
    l: &Locale,
    calendar: &WorkCalendar,
    due: Term,
    today: kernel::Day,
) -> (String, &'static str) {
    match appeal::clock(calendar, due.day, today) {
        Clock::Left(0) => (l.text("clock-today").to_string(), "4"),
        Clock::Left(days) => (l.text("clock-left").arg("days", days).to_string(), "info"),
        Clock::Late(days) => (l.text("clock-late").arg("days", days).to_string(), "5"),
    }
}

/// What lines of one round have in common.
struct Named {
    title: String,
    villages: BTreeMap<i64, String>,
    items: BTreeMap<i64, String>,
}

fn named(
    context: &Context,
    connection: &mut dyn Connection,
    id: RoundId,
) -> Result<Named, PageError> {
    let (l, tenant) = (&context.l, context.tenant);
    let found = round::get(connection, tenant, id)?.ok_or(PageError::NotFound)?;
    let published = scheme_of(connection, tenant, &found)?;
    let plan = scheme::plan(&published)?;
    let scheme = plan.scheme();
    let items = round::items(connection, tenant, id)?;
    let title = |code: &str| {
        scheme
            .item_index(code)
            .map(|index| view::title(l, &scheme.items[index].title))
            .unwrap_or_default()
    };
    Ok(Named {
        title: view::round_title(l, &found, &published),
        villages: round::subjects(connection, tenant, id)?
            .into_iter()
            .map(|subject| (subject.subject_no, subject.shown_name().to_owned()))
            .collect(),
        items: items
            .iter()
            .map(|item| (item.item_no, title(&item.code)))
            .collect(),
    })
}

fn line(l: &Locale, found: &Appeal, round: &Named) -> Line {
    let about = if found.item_no == WHOLE_RESULT {
        l.text("appeal-whole").to_string()
    } else {
        round.items.get(&found.item_no).cloned().unwrap_or_default()
    };
    Line {
        href: format!("/appeals/{}", found.appeal),
        village: round
            .villages
            .get(&found.subject_no)
            .cloned()
            .unwrap_or_default(),
        about,
        round: round.title.clone(),
        lodged: l.minute(found.lodged_at),
        state: l.text(state_key(found.state)).to_string(),
        chip: state_chip(found.state),
        due: l.day(found.due.day),
    }
}

/// The key of a state's word.
pub(crate) fn state_key(state: AppealState) -> &'static str {
    match state {
        AppealState::Nothing => "appeal-state-nothing",
        AppealState::Lodged => "appeal-state-lodged",
        AppealState::Upheld => "appeal-state-upheld",
        AppealState::Rejected => "appeal-state-rejected",
        AppealState::Withdrawn => "appeal-state-withdrawn",
    }
}

/// The colour of a state.
pub(crate) fn state_chip(state: AppealState) -> &'static str {
    match state {
        AppealState::Nothing | AppealState::Withdrawn | AppealState::Rejected => "line",
        AppealState::Lodged => "info",
        AppealState::Upheld => "1",
    }
}

impl Page for AppealList {
    fn head(&self) -> Head {
        Head::new(self.l.text("appeals-title"))
    }

    fn samples(l: &Locale) -> Samples<AppealList> {
        let page = |village: &str, count: usize| {
            let waiting = Waiting {
                text: l
                    .text("todo-appeal")
                    .arg("village", village.to_owned())
                    .to_string(),
                href: "/appeals/1".to_owned(),
                since: l.minute(sample::now()),
                due: l.day(sample::now().day()),
                left: l.text("clock-left").arg("days", 3).to_string(),
                chip: "info",
            };
            let line = |state| Line {
                href: "/appeals/1".to_owned(),
                village: village.to_owned(),
                about: l.text("appeal-whole").to_string(),
                round: sample::round_title(l),
                lodged: l.minute(sample::now()),
                state: l.text(state_key(state)).to_string(),
                chip: state_chip(state),
                due: l.day(sample::now().day()),
            };
            AppealList {
                l: l.clone(),
                decides: true,
                waiting: vec![waiting; count],
                lines: AppealState::ALL
                    .iter()
                    .skip(1)
                    .take(count * 4)
                    .map(|state| line(*state))
                    .collect(),
            }
        };
        Samples {
            ordinary: page("柳湾村", 1),
            longest: page(sample::LONGEST_PLACE, 2),
            empty: Some(page("", 0)),
            with_error: None,
        }
    }
}
