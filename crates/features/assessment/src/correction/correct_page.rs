//! The form of `round.correct`: which upheld disputes wait for a correction of this round, and what
//! a correction will do.

use access::Action;
use askama::Template;
use kernel::Finding;
use store::Connection;
use web::{
    Attempt, Choice, Context, Form, FormHandler, FormStart, Head, Locale, Page, PageError, Params,
    Policy, Route, Samples,
};

use crate::correction::correct_round::{CorrectRound, RoundCorrected};
use crate::round::blockers::{self, Blocker, BlockerKind};
use crate::scope::{round_of, round_target, scheme_of};
use crate::section::check_reason;
use crate::transition::RoundState;
use crate::{sample, scheme, view};

/// The page.
#[derive(Debug, Template)]
#[template(path = "correction/correct_page.html")]
pub struct CorrectPage {
    l: Locale,
    address: String,
    back: String,
    round_title: String,
    effect: String,
    disputes: Vec<Choice>,
    /// The one that is chosen at first.
    first: String,
    start: FormStart,
    attempt: Attempt,
}

const ADDRESS: &str = "/rounds/{round}/correct";

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    let policy = Policy::On(Action::ScorePost, round_target);
    vec![
        Route::page(ADDRESS, policy, page),
        Route::form(
            ADDRESS,
            policy,
            FormHandler {
                read,
                done,
                again: page,
            },
        ),
    ]
}

fn read(_: &Context, params: &Params, form: &Form) -> Result<CorrectRound, Vec<Finding>> {
    let missing = |kind| vec![Finding::error("not-found").arg("kind", kind)];
    let none = || {
        let reason = check_reason(form.text("reason"), "reason").err();
        let none = Finding::error("required").field("dispute");
        [none].into_iter().chain(reason).collect::<Vec<_>>()
    };
    Ok(CorrectRound {
        round: params.path("round").parse().map_err(|_| missing("round"))?,
        dispute: form.text("dispute").parse().map_err(|_| none())?,
        reason: form.text("reason").to_owned(),
    })
}

fn done(_: &Context, params: &Params, _: &RoundCorrected) -> String {
    format!("/rounds/{}/changes", params.path("round"))
}

/// A blocker in words.
pub(crate) fn blocker_text(l: &Locale, blocker: &Blocker) -> String {
    let key = match blocker.kind {
        BlockerKind::DisputeOpen => "blocker-dispute-open",
        BlockerKind::DisputeUpheld => "blocker-dispute-upheld",
        BlockerKind::AppealLodged => "blocker-appeal",
        BlockerKind::EventContested => "blocker-event",
    };
    let item = l.choose(&blocker.item.0, &blocker.item.1);
    let item = if item.is_empty() {
        l.text("appeal-whole").to_string()
    } else {
        item.to_owned()
    };
    let due = blocker.due.map(|due| l.day(due)).unwrap_or_default();
    l.text(key)
        .arg("village", blocker.village.clone())
        .arg("item", item)
        .arg("since", l.day(blocker.since))
        .arg("due", due)
        .to_string()
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<CorrectPage, PageError> {
    let (l, tenant) = (&context.l, context.tenant);
    let round = round_of(context, params, connection)?;
    let published = scheme_of(connection, tenant, &round)?;
    let waiting = blockers::blockers(connection, tenant, &round)?;
    let waiting = waiting
        .iter()
        .filter(|blocker| blocker.kind == BlockerKind::DisputeUpheld);
    let disputes: Vec<Choice> = waiting
        .map(|blocker| Choice::new(blocker.thing.id.to_string(), blocker_text(l, blocker)))
        .collect();
    let calendar = scheme::calendar(context.app().packs(), round.pack.as_deref());
    let term = calendar.add_working_days(context.today(), round.posting_days);
    Ok(CorrectPage {
        address: format!("/rounds/{}/correct", round.round),
        back: format!("/rounds/{}", round.round),
        round_title: view::round_title(l, &round, &published),
        effect: l
            .text(effect_key(round.state))
            .arg("until", l.day(term.day))
            .to_string(),
        first: disputes
            .first()
            .map(|choice| choice.value.clone())
            .unwrap_or_default(),
        disputes,
        start: context.form(),
        attempt: context.attempt.clone(),
        l: l.clone(),
    })
}

fn effect_key(state: RoundState) -> &'static str {
    match state {
        RoundState::Open | RoundState::Provisional => "effect-correct-provisional",
        RoundState::Posted => "effect-correct-posted",
        RoundState::Finalised => "effect-correct-final",
    }
}

impl Page for CorrectPage {
    fn head(&self) -> Head {
        Head::new(self.l.text("act-correct"))
    }

    fn samples(l: &Locale) -> Samples<CorrectPage> {
        let page = |village: &str, count: usize, state| {
            let blocker = Blocker {
                kind: BlockerKind::DisputeUpheld,
                village: village.to_owned(),
                item: ("集体收入".to_owned(), "Collective income".to_owned()),
                since: sample::now().day(),
                due: None,
                link: "/rounds/1/correct".to_owned(),
                thing: app::Ref::new("dispute", sample::id()),
            };
            CorrectPage {
                l: l.clone(),
                address: "/rounds/1/correct".to_owned(),
                back: "/rounds/1".to_owned(),
                round_title: sample::round_title(l),
                effect: l
                    .text(effect_key(state))
                    .arg("until", l.day(sample::now().day()))
                    .to_string(),
                disputes: vec![Choice::new("1", blocker_text(l, &blocker)); count],
                first: "1".to_owned(),
                start: sample::start(),
                attempt: Attempt::default(),
            }
        };
        let mut refused = page("柳湾村", 1, RoundState::Provisional);
        refused.attempt.sent = true;
        refused.attempt.findings = vec![
            Finding::error("dispute-not-upheld"),
            Finding::error("dispute-not-of-round"),
            Finding::error("figure-not-corrected").arg("since", "2026-10-12"),
            Finding::error("round-still-open"),
        ];
        Samples {
            ordinary: page("柳湾村", 1, RoundState::Posted),
            longest: page(sample::LONGEST_PLACE, 1, RoundState::Finalised),
            empty: Some(page("", 0, RoundState::Posted)),
            with_error: Some(refused),
        }
    }
}
