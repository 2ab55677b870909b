//! The page that moves the business clock of a demonstration forward. It exists in folders made by
//! `demo` and nowhere else.

use access::Action;
use app::demo_clock::{AdvanceClock, ClockAdvanced};
use askama::Template;
use kernel::{Finding, Instant};
use store::Connection;
use web::{
    Attempt, Context, FeatureWeb, FormHandler, FormStart, Head, Locale, Page, PageError, Params,
    Policy, Route, Samples,
};

/// The page's address: the banner of a demonstration links to it.
pub const ADDRESS: &str = "/demo/clock";

/// The page, as the executable joins it.
pub fn web() -> FeatureWeb {
    FeatureWeb {
        name: "demo",
        locales: web::locale_files!("demo"),
        routes: routes(),
    }
}

fn routes() -> Vec<Route> {
    vec![
        // Everybody may look; who may move it is the form's question.
        Route::page(ADDRESS, Policy::SignedIn, page),
        Route::form(
            ADDRESS,
            Policy::Whole(Action::DemoAdvanceClock),
            FormHandler {
                read: |_, _, form| {
                    let days = form.parse("working_days", "working-days");
                    let days = days.map_err(|found| vec![found.arg("most", 250_i64)])?;
                    Ok(AdvanceClock { working_days: days })
                },
                done: |_, _, _: &ClockAdvanced| format!("{ADDRESS}?moved=1"),
                again: page,
            },
        ),
    ]
}

/// The page of the clock.
#[derive(Debug, Template)]
#[template(path = "demo/clock.html")]
pub struct ClockPage {
    l: Locale,
    now: Instant,
    moved: bool,
    may_move: bool,
    start: FormStart,
    attempt: Attempt,
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of all pages")]
fn page(
    context: &Context,
    params: &Params,
    _: &mut dyn Connection,
) -> Result<ClockPage, PageError> {
    Ok(ClockPage {
        l: context.l.clone(),
        now: context.now,
        moved: params.query("moved").is_some(),
        may_move: context.holds_whole(Action::DemoAdvanceClock),
        start: context.form(),
        attempt: context.attempt.clone(),
    })
}

impl Page for ClockPage {
    fn head(&self) -> Head {
        Head::new(self.l.text("demo-clock-title"))
    }

    fn samples(l: &Locale) -> Samples<ClockPage> {
        let page = |moved: bool, may_move: bool| ClockPage {
            l: l.clone(),
            now: Instant(1_791_940_800_000),
            moved,
            may_move,
            start: FormStart {
                csrf: "sample".to_owned(),
                id: kernel::CommandId(kernel::Id::new(1, [3; 10])),
            },
            attempt: Attempt::default(),
        };
        let mut refused = page(false, true);
        refused.attempt.sent = true;
        refused.attempt.findings = vec![
            Finding::error("working-days")
                .field("working_days")
                .arg("most", 250_i64),
        ];
        Samples {
            ordinary: page(false, true),
            longest: page(true, true),
            empty: Some(page(false, false)),
            with_error: Some(refused),
        }
    }
}
