//! Acts on a round as a whole each have a page that says in one sentence what will happen and
//! whether it can be taken back; and `round.extend` its form.

use access::Action;
use askama::Template;
use kernel::Finding;
use store::Connection;
use web::{
    Attempt, Choice, Context, Form, FormHandler, FormStart, Head, Locale, Page, PageError, Params,
    Policy, Route, Samples,
};

use crate::correction::correct_page::blocker_text;
use crate::result::compute::{ComputeRound, RoundMoved};
use crate::result::finalise::{FinaliseRound, RoundFinalised};
use crate::result::post::{PostRound, RoundPosted};
use crate::round::blockers;
use crate::round::extend_round::{ExtendRound, RoundExtended};
use crate::scope::{round_of, round_target, scheme_of};
use crate::section::check_reason;
use crate::transition::out_of_order;
use crate::{RoundId, round, sample, scheme, view};

/// Which act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Compute and freeze.
    Compute,
    /// Post.
    Post,
    /// Make final.
    Finalise,
    /// Give more time.
    Extend,
}

impl Act {
    fn path(self) -> &'static str {
        match self {
            Act::Compute => "compute",
            Act::Post => "post",
            Act::Finalise => "finalise",
            Act::Extend => "extend",
        }
    }

    /// Keys of title, effect and button.
    fn keys(self) -> [&'static str; 3] {
        match self {
            Act::Compute => ["act-compute", "effect-compute", "submit-compute"],
            Act::Post => ["act-post", "effect-post", "submit-post"],
            Act::Finalise => ["act-finalise", "effect-finalise", "submit-finalise"],
            Act::Extend => ["act-extend", "effect-extend", "submit-extend"],
        }
    }
}

/// The page of an act.
#[derive(Debug, Template)]
#[template(path = "round/round_act.html")]
pub struct RoundActPage {
    l: Locale,
    act: Act,
    address: String,
    back: String,
    round_title: String,
    effect: String,
    revision: i64,
    terms: [String; 3],
    /// Villages that may be given more time by themselves.
    places: Vec<Choice>,
    place: String,
    /// What stands against it, with the way there.
    blockers: Vec<(String, String)>,
    start: FormStart,
    attempt: Attempt,
}

impl RoundActPage {
    fn key(&self, which: usize) -> &'static str {
        self.act.keys()[which]
    }

    fn is_extend(&self) -> bool {
        self.act == Act::Extend
    }
}

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::page(
            "/rounds/{round}/compute",
            Policy::On(Action::ScoreCompute, round_target),
            compute_page,
        ),
        Route::form(
            "/rounds/{round}/compute",
            Policy::On(Action::ScoreCompute, round_target),
            FormHandler {
                read: read_compute,
                done: computed,
                again: compute_page,
            },
        ),
        Route::page(
            "/rounds/{round}/post",
            Policy::On(Action::ScorePost, round_target),
            post_page,
        ),
        Route::form(
            "/rounds/{round}/post",
            Policy::On(Action::ScorePost, round_target),
            FormHandler {
                read: read_post,
                done: posted,
                again: post_page,
            },
        ),
        Route::page(
            "/rounds/{round}/finalise",
            Policy::On(Action::ScoreFinalise, round_target),
            finalise_page,
        ),
        Route::form(
            "/rounds/{round}/finalise",
            Policy::On(Action::ScoreFinalise, round_target),
            FormHandler {
                read: read_finalise,
                done: finalised,
                again: finalise_page,
            },
        ),
        Route::page(
            "/rounds/{round}/extend",
            Policy::On(Action::RoundAdvance, round_target),
            extend_page,
        ),
        Route::form(
            "/rounds/{round}/extend",
            Policy::On(Action::RoundAdvance, round_target),
            FormHandler {
                read: read_extend,
                done: extended,
                again: extend_page,
            },
        ),
    ]
}

fn id_of(params: &Params) -> Result<RoundId, Vec<Finding>> {
    let parsed = params.path("round").parse();
    parsed.map_err(|_| vec![Finding::error("not-found").arg("kind", "round")])
}

fn read_compute(_: &Context, params: &Params, _: &Form) -> Result<ComputeRound, Vec<Finding>> {
    Ok(ComputeRound {
        round: id_of(params)?,
    })
}

fn read_post(_: &Context, params: &Params, _: &Form) -> Result<PostRound, Vec<Finding>> {
    Ok(PostRound {
        round: id_of(params)?,
    })
}

fn read_finalise(_: &Context, params: &Params, _: &Form) -> Result<FinaliseRound, Vec<Finding>> {
    Ok(FinaliseRound {
        round: id_of(params)?,
    })
}

/// What does not let the command be made is told with everything else that is wrong with the form.
fn read_extend(_: &Context, params: &Params, form: &Form) -> Result<ExtendRound, Vec<Finding>> {
    let mut findings = Vec::new();
    let mut keep = |finding: Finding| findings.push(finding);
    let place = match form.get("place") {
        None => Ok(None),
        Some(_) => form.parse("place", "place").map(Some).map_err(&mut keep),
    };
    let days = ["declare_until", "verify_until", "review_until"];
    let days = days.map(|name| form.day(name).map_err(&mut keep).ok());
    let round = id_of(params)?;
    let (Ok(place), [Some(declare), Some(verify), Some(review)]) = (place, days) else {
        findings.extend(out_of_order(days));
        findings.extend(check_reason(form.text("reason"), "reason").err());
        return Err(findings);
    };
    Ok(ExtendRound {
        round,
        place,
        declare_until: declare,
        verify_until: verify,
        review_until: review,
        reason: form.text("reason").to_owned(),
    })
}

fn round_address(params: &Params) -> String {
    format!("/rounds/{}", params.path("round"))
}

fn computed(_: &Context, params: &Params, _: &RoundMoved) -> String {
    format!("{}/ranking?done=compute", round_address(params))
}

fn posted(_: &Context, params: &Params, _: &RoundPosted) -> String {
    format!("{}/posting?done=post", round_address(params))
}

fn finalised(_: &Context, params: &Params, _: &RoundFinalised) -> String {
    format!("{}/ranking?done=finalise", round_address(params))
}

fn extended(_: &Context, params: &Params, _: &RoundExtended) -> String {
    format!("{}?done=extend", round_address(params))
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
    act: Act,
) -> Result<RoundActPage, PageError> {
    let l = &context.l;
    let found = round_of(context, params, connection)?;
    let published = scheme_of(connection, context.tenant, &found)?;
    let terms = round::terms(connection, context.tenant, found.round, 0)?;
    let effect = l.text(act.keys()[1]);
    let effect = match act {
        Act::Post => {
            let calendar = scheme::calendar(context.app().packs(), found.pack.as_deref());
            let until = calendar.add_working_days(context.today(), found.posting_days);
            effect
                .arg("days", found.posting_days)
                .arg("until", l.day(until.day))
        }
        _ => effect,
    };
    Ok(RoundActPage {
        act,
        address: format!("/rounds/{}/{}", found.round, act.path()),
        back: format!("/rounds/{}", found.round),
        round_title: view::round_title(l, &found, &published),
        effect: effect.to_string(),
        revision: found.revision,
        terms: [terms.declare_until, terms.verify_until, terms.review_until]
            .map(|day| day.to_string()),
        places: if act == Act::Extend {
            round::subjects(connection, context.tenant, found.round)?
                .iter()
                .map(|subject| {
                    let town = subject.town_name.as_deref().unwrap_or_default();
                    let name = format!("{town} {}", subject.shown_name());
                    Choice::new(subject.place.to_string(), name.trim())
                })
                .collect()
        } else {
            Vec::new()
        },
        place: params.query("place").unwrap_or_default().to_owned(),
        blockers: if act == Act::Finalise {
            blockers::blockers(connection, context.tenant, &found)?
                .iter()
                .map(|blocker| (blocker_text(l, blocker), blocker.link.clone()))
                .collect()
        } else {
            Vec::new()
        },
        start: context.form(),
        attempt: context.attempt.clone(),
        l: l.clone(),
    })
}

type Answer = Result<RoundActPage, PageError>;

fn compute_page(context: &Context, params: &Params, connection: &mut dyn Connection) -> Answer {
    page(context, params, connection, Act::Compute)
}

fn post_page(context: &Context, params: &Params, connection: &mut dyn Connection) -> Answer {
    page(context, params, connection, Act::Post)
}

fn finalise_page(context: &Context, params: &Params, connection: &mut dyn Connection) -> Answer {
    page(context, params, connection, Act::Finalise)
}

fn extend_page(context: &Context, params: &Params, connection: &mut dyn Connection) -> Answer {
    page(context, params, connection, Act::Extend)
}

impl Page for RoundActPage {
    fn head(&self) -> Head {
        Head::new(self.l.text(self.key(0)))
    }

    fn samples(l: &Locale) -> Samples<RoundActPage> {
        let page = |act: Act, title: String| RoundActPage {
            l: l.clone(),
            act,
            address: format!("/rounds/1/{}", act.path()),
            back: "/rounds/1".to_owned(),
            round_title: title,
            effect: l
                .text(act.keys()[1])
                .arg("days", 5)
                .arg("until", l.day(sample::now().day()))
                .to_string(),
            revision: 1,
            terms: ["2026-10-05", "2026-10-15", "2026-10-25"].map(str::to_owned),
            places: vec![Choice::new("2", sample::LONGEST_PLACE)],
            place: String::new(),
            blockers: Vec::new(),
            start: sample::start(),
            attempt: Attempt::default(),
        };
        let mut refused = page(Act::Compute, sample::round_title(l));
        refused.attempt.sent = true;
        refused.attempt.findings = vec![
            Finding::error("sections-not-reviewed")
                .arg("count", 2_u32)
                .arg("villages", "柳湾村、石桥村"),
        ];
        Samples {
            ordinary: page(Act::Post, sample::round_title(l)),
            longest: page(Act::Extend, sample::LONGEST_PLACE.repeat(2)),
            empty: Some(RoundActPage {
                blockers: vec![(l.text("appeal-whole").to_string(), "/appeals/1".to_owned())],
                ..page(Act::Finalise, sample::round_title(l))
            }),
            with_error: Some(refused),
        }
    }
}
