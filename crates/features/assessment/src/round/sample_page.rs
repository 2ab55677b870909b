//! The sample re-check of a round: how it was drawn, so that anybody can count it again, and the
//! sections of the drawn villages; or the form that has it drawn.

use access::{Action, Scope};
use askama::Template;
use kernel::Finding;
use store::Connection;
use web::{
    Attempt, Context, Form, FormHandler, FormStart, Head, Locale, Page, PageError, Params, Policy,
    Route, Samples,
};

use crate::round::draw_sample::{self, DrawSample, SampleDrawn};
use crate::scope::{self, round_of, round_target, scheme_of};
use crate::transition::RoundState;
use crate::{round, sample, view};

/// A drawn village.
#[derive(Clone, Debug)]
pub struct Line {
    position: usize,
    village: String,
    town: String,
    /// Its sheet, where the visitor may read it.
    href: String,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "round/sample_page.html")]
pub struct SamplePage {
    l: Locale,
    address: String,
    back: String,
    round_title: String,
    facts: Vec<(String, String)>,
    lines: Vec<Line>,
    may_draw: bool,
    start: FormStart,
    attempt: Attempt,
}

const ADDRESS: &str = "/rounds/{round}/sample";

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::page(ADDRESS, Policy::On(Action::RoundRead, round_target), page),
        Route::form(
            ADDRESS,
            Policy::On(Action::RoundAdvance, round_target),
            FormHandler {
                read,
                done,
                again: page,
            },
        ),
    ]
}

fn read(_: &Context, params: &Params, form: &Form) -> Result<DrawSample, Vec<Finding>> {
    let missing = |_| vec![Finding::error("not-found").arg("kind", "round")];
    Ok(DrawSample {
        round: params.path("round").parse().map_err(missing)?,
        percent: form
            .parse("percent", "not-a-number")
            .map_err(|found| vec![found])?,
    })
}

fn done(_: &Context, params: &Params, _: &SampleDrawn) -> String {
    format!("/rounds/{}/sample", params.path("round"))
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<SamplePage, PageError> {
    let (l, tenant) = (&context.l, context.tenant);
    let round = round_of(context, params, connection)?;
    let id = round.round;
    let published = scheme_of(connection, tenant, &round)?;
    let draw = draw_sample::draw(connection, tenant, id)?;
    let numbers = draw_sample::drawn_of(connection, tenant, id)?;
    let subjects = round::subjects(connection, tenant, id)?;
    let reading = Scope::new(&context.subject, Action::ScoreRead, context.today());
    let visible = scope::visible(connection, &reading, id)?;
    let line = |(position, number): (usize, &i64)| {
        let subject = subjects
            .iter()
            .find(|subject| subject.subject_no == *number)?;
        Some(Line {
            position: position + 1,
            village: subject.shown_name().to_owned(),
            town: subject.town_name.clone().unwrap_or_default(),
            href: if visible.contains(number) {
                format!("/rounds/{id}/villages/{}", subject.place)
            } else {
                String::new()
            },
        })
    };
    let hex = |bytes| app::FileHash(bytes).to_string();
    let facts = draw.iter().flat_map(|draw| {
        [
            ("sample-percent-fact", format!("{} %", draw.percent)),
            ("sample-at", l.minute(draw.at)),
            ("sample-closing", draw.closing.to_string()),
            ("sample-checkpoint", draw.checkpoint_size.to_string()),
            ("sample-root", hex(draw.root)),
            ("sample-seed", hex(draw.seed)),
        ]
    });
    let is_open = draw.is_none() && round.state == RoundState::Open;
    Ok(SamplePage {
        address: format!("/rounds/{id}/sample"),
        back: format!("/rounds/{id}"),
        round_title: view::round_title(l, &round, &published),
        facts: facts
            .map(|(key, value)| (l.text(key).to_string(), value))
            .collect(),
        lines: numbers.iter().enumerate().filter_map(line).collect(),
        may_draw: is_open && scope::may(context, connection, &round, Action::RoundAdvance)?,
        start: context.form(),
        attempt: context.attempt.clone(),
        l: l.clone(),
    })
}

impl Page for SamplePage {
    fn head(&self) -> Head {
        Head::new(self.l.text("sample-title"))
    }

    fn samples(l: &Locale) -> Samples<SamplePage> {
        let page = |village: &str, count: usize| SamplePage {
            l: l.clone(),
            address: "/rounds/1/sample".to_owned(),
            back: "/rounds/1".to_owned(),
            round_title: sample::round_title(l),
            facts: vec![(l.text("sample-seed").to_string(), "ab".repeat(32)); count.min(1)],
            lines: vec![
                Line {
                    position: 1,
                    village: village.to_owned(),
                    town: "清河镇".to_owned(),
                    href: "/rounds/1/villages/2".to_owned(),
                };
                count
            ],
            may_draw: count == 0,
            start: sample::start(),
            attempt: Attempt::default(),
        };
        let mut refused = page("", 0);
        refused.attempt.sent = true;
        refused.attempt.findings = vec![
            Finding::error("sample-not-verified").arg("count", 3_u32),
            Finding::error("sample-no-checkpoint"),
            Finding::error("sample-percent").field("percent"),
        ];
        Samples {
            ordinary: page("柳湾村", 2),
            longest: page(sample::LONGEST_PLACE, 1),
            empty: Some(page("", 0)),
            with_error: Some(refused),
        }
    }
}
