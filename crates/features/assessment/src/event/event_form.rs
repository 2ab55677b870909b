//! The forms of `event.declare` and `event.propose`.

use access::places::{self, PlaceFilter};
use access::{Action, Scope};
use askama::Template;
use directory::place::PlaceLevel;
use kernel::{Finding, PlaceId};
use store::Connection;
use web::{
    Attempt, Choice, Context, Form, FormHandler, FormStart, Head, Locale, Page, PageError, Params,
    Policy, PostedFile, Route, Samples,
};

use crate::EventId;
use crate::event::declare_event::{DeclareEvent, EventMoved, NamedEvent, ProposeEvent, check_day};
use crate::event::event_view;
use crate::scheme::situation::{self, EventKind, Situation};
use crate::section::answer::EvidenceFile;
use crate::section::check_reason;
use crate::{event, sample, view};

/// The page.
#[derive(Debug, Template)]
#[template(path = "event/event_form.html")]
pub struct EventForm {
    l: Locale,
    kind: EventKind,
    /// Villages that the visitor may choose; one is chosen already.
    places: Vec<Choice>,
    place: String,
    situations: Vec<Choice>,
    /// Events of the village that name a fact already.
    known: Vec<Choice>,
    start: FormStart,
    attempt: Attempt,
}

impl EventForm {
    fn is_penalty(&self) -> bool {
        self.kind == EventKind::Penalty
    }

    fn address(&self) -> &'static str {
        match self.kind {
            EventKind::Bonus => "/events/declare",
            EventKind::Penalty => "/events/propose",
        }
    }

    fn title(&self) -> &'static str {
        match self.kind {
            EventKind::Bonus => "event-declare-title",
            EventKind::Penalty => "event-propose-title",
        }
    }

    fn effect(&self) -> &'static str {
        match self.kind {
            EventKind::Bonus => "event-declare-effect",
            EventKind::Penalty => "event-propose-effect",
        }
    }

    /// Whether the day was so long ago that it has to be confirmed.
    fn asks_day(&self) -> bool {
        let is_it = |finding: &Finding| finding.code == "event-long-ago";
        self.attempt.findings.iter().any(is_it) || self.attempt.form.is_ticked("long_ago")
    }

    fn has_one_place(&self) -> bool {
        self.places.len() == 1
    }
}

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    let (declare, propose) = (
        Policy::Holds(Action::EventDeclare),
        Policy::Holds(Action::EventPropose),
    );
    vec![
        Route::page("/events/declare", declare, declare_page),
        Route::form(
            "/events/declare",
            declare,
            FormHandler {
                read: |context, _, form| read(context, form).map(|event| DeclareEvent { event }),
                done,
                again: declare_page,
            },
        ),
        Route::page("/events/propose", propose, propose_page),
        Route::form(
            "/events/propose",
            propose,
            FormHandler {
                read: |context, _, form| read(context, form).map(|event| ProposeEvent { event }),
                done,
                again: propose_page,
            },
        ),
    ]
}

/// What does not let the command be made is told with everything else that is wrong with the form.
fn read(context: &Context, form: &Form) -> Result<NamedEvent, Vec<Finding>> {
    let mut findings = Vec::new();
    let place = form.parse::<PlaceId>("place", "required");
    let place = place.map_err(|found| findings.push(found));
    if form.get("item").is_none() {
        findings.push(Finding::error("required").field("item"));
    }
    let long_ago = form.is_ticked("long_ago");
    let day = form.day("occurred_on");
    let checked = day.clone();
    let checked = checked.and_then(|day| check_day(day, long_ago, context.today()));
    findings.extend(checked.err());
    findings.extend(check_reason(form.text("description"), "description").err());
    if form.files("evidence").next().is_none() {
        findings.push(Finding::error("required").field("evidence"));
    }
    let same_as = match form.get("same_as") {
        None => Ok(None),
        Some(_) => form
            .parse::<EventId>("same_as", "event-fact-unknown")
            .map(Some)
            .map_err(|found| findings.push(found)),
    };
    let file = |file: &PostedFile| EvidenceFile {
        file: file.hash.to_string(),
        name: file.name.clone(),
    };
    let (Ok(place), Ok(occurred_on), Ok(same_as)) = (place, day, same_as) else {
        return Err(findings);
    };
    Ok(NamedEvent {
        place,
        item: form.text("item").to_owned(),
        occurred_on,
        description: form.text("description").to_owned(),
        same_as,
        joint: form.is_ticked("joint"),
        long_ago,
        evidence: form.files("evidence").map(file).collect(),
    })
}

fn done(_: &Context, _: &Params, named: &EventMoved) -> String {
    format!("/events/{}?done=named", named.event)
}

fn declare_page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<EventForm, PageError> {
    page(context, params, connection, EventKind::Bonus)
}

fn propose_page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<EventForm, PageError> {
    page(context, params, connection, EventKind::Penalty)
}

/// Most villages that a form offers.
const PLACES_MAX: u32 = 2_000;

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
    kind: EventKind,
) -> Result<EventForm, PageError> {
    let (l, tenant) = (&context.l, context.tenant);
    let action = match kind {
        EventKind::Bonus => Action::EventDeclare,
        EventKind::Penalty => Action::EventPropose,
    };
    let scope = Scope::new(&context.subject, action, context.today());
    let filter = PlaceFilter {
        level: Some(PlaceLevel::Village),
        ..PlaceFilter::default()
    };
    let window = places::Page {
        limit: PLACES_MAX,
        offset: 0,
    };
    let villages = places::list(connection, &scope, &filter, window)?;
    let wanted = match context.attempt.form.get("place") {
        Some(place) => place,
        None => params.query("place").unwrap_or_default(),
    };
    let chosen = villages
        .iter()
        .find(|place| place.place.to_string() == wanted)
        .or(villages.first().filter(|_| villages.len() == 1));
    let mut situations: Vec<Situation> = Vec::new();
    // Villages of one county are rated by the same schemes.
    if let Some(any) = chosen.or(villages.first()) {
        let ancestors = directory::place::ancestors(connection, tenant, any.place)?;
        situations = situation::of_village(connection, tenant, &ancestors)
            .map_err(|refusal| PageError::Bug(refusal.to_string()))?;
        situations.retain(|situation| situation.kind == kind);
    }
    let mut known = Vec::new();
    if let Some(chosen) = chosen {
        for found in event::of_place(connection, tenant, chosen.place)? {
            if found.kind == kind && !found.state.is_over() {
                let label = format!(
                    "{} · {}",
                    event_view::title(l, &found),
                    l.day(found.occurred_on)
                );
                known.push(Choice::new(found.event.to_string(), label));
            }
        }
    }
    Ok(EventForm {
        kind,
        place: chosen
            .map(|place| place.place.to_string())
            .unwrap_or_default(),
        places: villages
            .iter()
            .map(|place| Choice::new(place.place.to_string(), place.shown_name()))
            .collect(),
        situations: situations
            .iter()
            .map(|situation| choice(l, situation))
            .collect(),
        known,
        start: context.form(),
        attempt: context.attempt.clone(),
        l: l.clone(),
    })
}

/// A situation with the marks that each event gives.
fn choice(l: &Locale, situation: &Situation) -> Choice {
    let key = match situation.kind {
        EventKind::Bonus => "event-choice-bonus",
        EventKind::Penalty => "event-choice-penalty",
    };
    let label = l
        .text(key)
        .arg("title", view::title(l, &situation.title))
        .arg("mark", situation.mark.to_string());
    Choice::new(situation.item.clone(), label)
}

impl Page for EventForm {
    fn head(&self) -> Head {
        Head::new(self.l.text(self.title()))
    }

    fn samples(l: &Locale) -> Samples<EventForm> {
        let page = |village: &str, kind| EventForm {
            l: l.clone(),
            kind,
            places: vec![Choice::new("1", village)],
            place: "1".to_owned(),
            situations: vec![Choice::new(
                "award_county",
                l.choose("县级表彰", "County award"),
            )],
            known: vec![Choice::new("2", l.choose("市级表彰", "City award"))],
            start: sample::start(),
            attempt: Attempt::default(),
        };
        let mut refused = page(sample::VILLAGE, EventKind::Penalty);
        refused.places.push(Choice::new("3", "石桥村"));
        refused.attempt.sent = true;
        refused.attempt.findings = vec![
            Finding::error("required").field("evidence"),
            Finding::error("event-situation-unknown")
                .field("item")
                .arg("found", "x"),
            Finding::error("event-wrong-kind").field("item"),
            Finding::error("event-in-the-future")
                .field("occurred_on")
                .arg("today", "2026-10-14"),
            Finding::error("event-long-ago")
                .field("occurred_on")
                .arg("day", "2016-10-14"),
            Finding::error("event-fact-unknown").field("same_as"),
            Finding::error("event-fact-twice").field("same_as"),
        ];
        let mut empty = page(sample::VILLAGE, EventKind::Bonus);
        empty.situations.clear();
        empty.known.clear();
        Samples {
            ordinary: page(sample::VILLAGE, EventKind::Bonus),
            longest: page(sample::LONGEST_PLACE, EventKind::Penalty),
            empty: Some(empty),
            with_error: Some(refused),
        }
    }
}
