//! The page of one event: what happened, the files that show it, every step with its reason, and the
//! forms of whoever may verify it, take it back, object to it or decide.

use access::{Action, Resource};
use askama::Template;
use directory::person;
use kernel::{Finding, Period};
use store::Connection;
use web::{
    Attempt, Choice, Context, Download, Form, FormHandler, FormStart, Head, Locale, Page,
    PageError, Params, Policy, Route, Samples, Target, TrailEntry, TrailState,
};

use crate::event::contest_event::ContestEvent;
use crate::event::decide_event::{DecideEvent, EventDecision};
use crate::event::declare_event::EventMoved;
use crate::event::event_view::{act_key, counts_key, kind_key, state_chip, state_key, title};
use crate::event::verify_event::{EventFinding, VerifyEvent};
use crate::event::withdraw_event::WithdrawEvent;
use crate::event::{self, EventFile, EventStep, ScoreEvent};
use crate::scheme::situation::EventKind;
use crate::section::evidence::known_type;
use crate::transition::{EventAct, EventState, Guard, event_move};
use crate::{EventId, event::event_count, round, sample, scope, view};

/// A file shown with the event.
#[derive(Clone, Debug)]
pub struct ShownFile {
    name: String,
    size: String,
    href: String,
    is_image: bool,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "event/event_page.html")]
pub struct EventPage {
    l: Locale,
    address: String,
    village: String,
    title: String,
    kind: String,
    penalty: bool,
    state: String,
    chip: &'static str,
    counts: String,
    done: String,
    revision: i64,
    facts: Vec<(String, String)>,
    description: String,
    files: Vec<ShownFile>,
    rounds: Vec<(String, String)>,
    /// That it counts in a final round, and what follows from it; empty else.
    settled: String,
    history: Vec<TrailEntry>,
    may_verify: bool,
    may_withdraw: bool,
    may_contest: bool,
    findings: Vec<Choice>,
    decisions: Vec<Choice>,
    /// Of verifying, objecting, deciding, taking back.
    starts: [FormStart; 4],
    attempt: Attempt,
}

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::page(
            "/events/{event}",
            Policy::On(Action::ScoreRead, event_target),
            page,
        ),
        Route::form(
            "/events/{event}/verify",
            Policy::On(Action::EventVerify, event_target),
            FormHandler {
                read: read_verification,
                done,
                again: page,
            },
        ),
        Route::form(
            "/events/{event}/withdraw",
            Policy::On(Action::EventWithdraw, event_target),
            FormHandler {
                read: read_withdrawal,
                done,
                again: page,
            },
        ),
        Route::form(
            "/events/{event}/contest",
            Policy::On(Action::EventContest, event_target),
            FormHandler {
                read: read_objection,
                done,
                again: page,
            },
        ),
        Route::form(
            "/events/{event}/decide",
            Policy::On(Action::EventDecide, event_target),
            FormHandler {
                read: read_decision,
                done,
                again: page,
            },
        ),
        Route::download(
            "/events/{event}/files/{file}",
            Policy::On(Action::ScoreRead, event_target),
            download,
        ),
    ]
}

fn event_of(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<ScoreEvent, PageError> {
    let id: EventId = params.parse("event")?;
    event::get(connection, context.tenant, id)?.ok_or(PageError::NotFound)
}

/// An event as the target of a route: at its village, with everybody who had a part in it.
fn event_target(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Target, PageError> {
    let found = event_of(context, params, connection)?;
    let mut target = Target::at_place(connection, context.tenant, found.place)?;
    target.history = event::involved(&event::steps(connection, context.tenant, found.event)?);
    Ok(target)
}

fn id_of(params: &Params) -> Result<EventId, Vec<Finding>> {
    let parsed = params.path("event").parse();
    parsed.map_err(|_| vec![Finding::error("not-found").arg("kind", "event")])
}

fn read_verification(
    _: &Context,
    params: &Params,
    form: &Form,
) -> Result<VerifyEvent, Vec<Finding>> {
    let finding = match form.text("finding") {
        "accept" => EventFinding::Accept,
        "refuse" => EventFinding::Refuse,
        _ => return Err(vec![Finding::error("required").field("finding")]),
    };
    Ok(VerifyEvent {
        event: id_of(params)?,
        finding,
        fault_found: form.is_ticked("fault_found"),
        reason: form.get("reason").map(str::to_owned),
    })
}

fn read_withdrawal(
    _: &Context,
    params: &Params,
    form: &Form,
) -> Result<WithdrawEvent, Vec<Finding>> {
    Ok(WithdrawEvent {
        event: id_of(params)?,
        reason: form.text("reason").to_owned(),
    })
}

fn read_objection(_: &Context, params: &Params, form: &Form) -> Result<ContestEvent, Vec<Finding>> {
    Ok(ContestEvent {
        event: id_of(params)?,
        reason: form.text("reason").to_owned(),
    })
}

fn read_decision(_: &Context, params: &Params, form: &Form) -> Result<DecideEvent, Vec<Finding>> {
    let decision = match form.text("decision") {
        "uphold" => EventDecision::Uphold,
        "reject" => EventDecision::Reject,
        "revoke" => EventDecision::Revoke,
        _ => return Err(vec![Finding::error("required").field("decision")]),
    };
    Ok(DecideEvent {
        event: id_of(params)?,
        decision,
        reason: form.text("reason").to_owned(),
    })
}

fn done(_: &Context, params: &Params, _: &EventMoved) -> String {
    format!("/events/{}?done=moved", params.path("event"))
}

fn download(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Download, PageError> {
    let found = event_of(context, params, connection)?;
    let file: app::FileHash = params.parse("file")?;
    let files = event::files(connection, context.tenant, found.event)?;
    // Only what was shown with this event: a hash from elsewhere opens nothing.
    let known = files.into_iter().find(|known| known.file == file);
    let known = known.ok_or(PageError::NotFound)?;
    crate::section::evidence::stored(context, file, known.name, known_type(&known.media_type))
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<EventPage, PageError> {
    let (l, tenant) = (&context.l, context.tenant);
    let found = event_of(context, params, connection)?;
    let target = event_target(context, params, connection)?;
    let resource: Resource<'_> = target.resource(tenant);
    let in_final = event_count::final_round(connection, tenant, found.event)?;
    let may = |act: EventAct| {
        let action = event::action_of(act);
        let open = event_move(found.state, act)
            .is_ok_and(|row| in_final.is_none() || !row.guards.contains(&Guard::RoundNotFinal));
        open && access::decide(&context.subject, action, &resource, context.today()).is_allowed()
    };
    let penalty = found.kind == EventKind::Penalty;
    let own = context.subject.person == found.declared_by;
    // One form at a time: they ask for the same field.
    let may_verify = may(EventAct::Accept);
    let may_contest = !may_verify
        && !found.contested
        && penalty == (found.state != EventState::Refused)
        && may(EventAct::Contest);
    let allowed = [EventAct::Uphold, EventAct::Reject, EventAct::Revoke].map(may);
    let decisions = decisions(l, found.state, allowed.map(|one| one && !may_contest));
    let steps = event::steps(connection, tenant, found.event)?;
    let place = directory::place::get(connection, tenant, found.place)?;
    let village = place.map_or_else(String::new, |place| place.shown_name().to_owned());
    let files = event::files(connection, tenant, found.event)?;
    Ok(EventPage {
        address: format!("/events/{}", found.event),
        village,
        title: title(l, &found),
        kind: l.text(kind_key(found.kind)).to_string(),
        penalty,
        state: l.text(state_key(found.state)).to_string(),
        chip: state_chip(found.state),
        counts: l.text(counts_key(found.state)).to_string(),
        done: said(l, params, &found),
        revision: found.revision,
        facts: facts(context, connection, &found)?,
        description: found.description.clone(),
        files: shown(l, &found, &files),
        rounds: rounds(context, connection, &found)?,
        settled: match &in_final {
            Some(round) if found.state.counts() => l
                .text("event-settled")
                .arg("period", l.period(round.period))
                .to_string(),
            _ => String::new(),
        },
        history: history(context, connection, &steps)?,
        may_verify,
        may_withdraw: own && !may_verify && !may_contest && may(EventAct::Withdraw),
        may_contest,
        findings: [("accept", "event-accept"), ("refuse", "event-refuse")]
            .map(|(value, key)| Choice::new(value, l.text(key)))
            .to_vec(),
        decisions,
        starts: [(); 4].map(|()| context.form()),
        attempt: context.attempt.clone(),
        l: l.clone(),
    })
}

fn decisions(l: &Locale, state: EventState, allowed: [bool; 3]) -> Vec<Choice> {
    let refusal = state == EventState::RefusalContested;
    let keys = [
        (
            "uphold",
            if refusal {
                "event-uphold-bonus"
            } else {
                "event-uphold-penalty"
            },
        ),
        (
            "reject",
            if refusal {
                "event-reject-bonus"
            } else {
                "event-reject-penalty"
            },
        ),
        ("revoke", "event-revoke"),
    ];
    keys.into_iter()
        .zip(allowed)
        .filter(|(_, allowed)| *allowed)
        .map(|((value, key), _)| Choice::new(value, l.text(key)))
        .collect()
}

/// What the page says right after an act.
fn said(l: &Locale, params: &Params, found: &ScoreEvent) -> String {
    let key = match params.query("done") {
        Some("named") if found.state == EventState::Declared => "event-said-named",
        Some("moved") => "event-said-moved",
        _ => return String::new(),
    };
    l.text(key)
        .arg("state", l.text(state_key(found.state)).to_string())
        .to_string()
}

fn facts(
    context: &Context,
    connection: &mut dyn Connection,
    found: &ScoreEvent,
) -> Result<Vec<(String, String)>, PageError> {
    let (l, tenant) = (&context.l, context.tenant);
    let name = person::name(connection, tenant, found.declared_by)?.unwrap_or_default();
    let mut facts = vec![
        ("event-situation", title(l, found)),
        ("event-day", l.day(found.occurred_on)),
        (
            "event-named-by",
            format!("{name} · {}", l.minute(found.declared_at)),
        ),
    ];
    if found.joint {
        facts.push(("event-joint", l.text("event-yes").to_string()));
    }
    if found.fact != found.event
        && let Some(first) = event::get(connection, tenant, found.fact)?
    {
        let first = format!("{} · {}", title(l, &first), l.day(first.occurred_on));
        facts.push(("event-same", first));
    }
    Ok(facts
        .into_iter()
        .map(|(key, value)| (l.text(key).to_string(), value))
        .collect())
}

fn shown(l: &Locale, found: &ScoreEvent, files: &[EventFile]) -> Vec<ShownFile> {
    let show = |file: &EventFile| ShownFile {
        name: file.name.clone(),
        size: l.size(u64::try_from(file.size_bytes).unwrap_or_default()),
        href: format!("/events/{}/files/{}", found.event, file.file),
        is_image: known_type(&file.media_type).starts_with("image/"),
    };
    files.iter().map(show).collect()
}

/// The rounds into which the event was taken.
fn rounds(
    context: &Context,
    connection: &mut dyn Connection,
    found: &ScoreEvent,
) -> Result<Vec<(String, String)>, PageError> {
    let tenant = context.tenant;
    let mut rounds = Vec::new();
    for id in event_count::taken(connection, tenant, found.event)? {
        let Some(round) = round::get(connection, tenant, id)? else {
            continue;
        };
        let published = scope::scheme_of(connection, tenant, &round)?;
        rounds.push((
            format!("/rounds/{id}/villages/{}", found.place),
            view::round_title(&context.l, &round, &published),
        ));
    }
    Ok(rounds)
}

fn history(
    context: &Context,
    connection: &mut dyn Connection,
    steps: &[EventStep],
) -> Result<Vec<TrailEntry>, PageError> {
    let l = &context.l;
    let mut entries = Vec::new();
    for step in steps {
        let who = person::name(connection, context.tenant, step.person)?;
        entries.push(TrailEntry {
            time: l.minute(step.at),
            machine_time: view::machine_time(step.at),
            who: who.unwrap_or_default(),
            what: l.text(act_key(step)).to_string(),
            why: step.reason.clone().unwrap_or_default(),
            state: TrailState::Done,
        });
    }
    Ok(entries)
}

impl Page for EventPage {
    fn head(&self) -> Head {
        Head::new(format!("{} {}", self.village, self.title))
    }

    fn samples(l: &Locale) -> Samples<EventPage> {
        let page = |village: &str, state: EventState, penalty: bool| EventPage {
            l: l.clone(),
            address: "/events/1".to_owned(),
            village: village.to_owned(),
            title: l
                .choose("上级通报批评", "Criticised in a circular")
                .to_owned(),
            kind: l
                .text(kind_key(if penalty {
                    EventKind::Penalty
                } else {
                    EventKind::Bonus
                }))
                .to_string(),
            penalty,
            state: l.text(state_key(state)).to_string(),
            chip: state_chip(state),
            counts: l.text(counts_key(state)).to_string(),
            done: l
                .text("event-said-moved")
                .arg("state", l.text(state_key(state)).to_string())
                .to_string(),
            revision: 1,
            facts: vec![(l.text("event-day").to_string(), l.day(sample::now().day()))],
            description: "河道保洁被县里通报，整改已经完成。".to_owned(),
            files: vec![ShownFile {
                name: "通报.pdf".to_owned(),
                size: l.size(312_000_u64),
                href: "/events/1/files/2".to_owned(),
                is_image: false,
            }],
            rounds: vec![("/rounds/1/villages/2".to_owned(), sample::round_title(l))],
            settled: l
                .text("event-settled")
                .arg(
                    "period",
                    l.period(Period::quarter(2026, 3).expect("a quarter")),
                )
                .to_string(),
            history: vec![TrailEntry {
                time: l.minute(sample::now()),
                machine_time: view::machine_time(sample::now()),
                who: "李静".to_owned(),
                what: l.text("event-did-propose").to_string(),
                why: String::new(),
                state: TrailState::Done,
            }],
            may_verify: state == EventState::Declared,
            may_withdraw: state == EventState::Contested,
            may_contest: state == EventState::Verified && penalty,
            findings: [("accept", "event-accept"), ("refuse", "event-refuse")]
                .map(|(value, key)| Choice::new(value, l.text(key)))
                .to_vec(),
            decisions: decisions(l, state, [state.is_contested(); 3]),
            starts: [(); 4].map(|()| sample::start()),
            attempt: Attempt::default(),
        };
        let mut refused = page(sample::VILLAGE, EventState::Declared, true);
        refused.attempt.sent = true;
        refused.attempt.findings = vec![
            Finding::error("event-fault-not-found").field("fault_found"),
            Finding::error("event-not-in-state")
                .arg("state", "verified")
                .arg("act", "refuse"),
            Finding::error("event-not-own"),
            Finding::error("event-not-penalty"),
            Finding::error("event-not-bonus"),
            Finding::error("event-contested-already"),
            Finding::error("event-round-final").arg("period", "2026-Q2"),
        ];
        let mut bare = page(sample::VILLAGE, EventState::Withdrawn, false);
        bare.done.clear();
        bare.rounds.clear();
        Samples {
            ordinary: page(sample::VILLAGE, EventState::Declared, false),
            longest: page(sample::LONGEST_PLACE, EventState::CountedContested, true),
            empty: Some(bare),
            with_error: Some(refused),
        }
    }
}
