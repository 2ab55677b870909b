//! The form of `round.open`, with the last days that a quarter usually has: declare by the 5th,
//! verify by the 15th, review by the 25th of the month after it, post for five working days.

use access::{Action, Scope};
use askama::Template;
use kernel::{Day, Finding, Period, PeriodKind};
use store::Connection;
use web::{
    Attempt, Choice, Context, Form, FormHandler, FormStart, Head, Locale, Page, PageError, Params,
    Policy, Route, Samples,
};

use crate::round::open_round::{OpenRound, RoundOpened, problems};
use crate::scheme::publish_page::offices;
use crate::{sample, scheme::scheme_page, view};

/// The page.
#[derive(Debug, Template)]
#[template(path = "round/open_page.html")]
pub struct OpenPage {
    l: Locale,
    schemes: Vec<Choice>,
    places: Vec<Choice>,
    periods: Vec<Choice>,
    terms: [String; 3],
    start: FormStart,
    attempt: Attempt,
}

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    let policy = Policy::Holds(Action::RoundOpen);
    vec![
        Route::page("/rounds/open", policy, page),
        Route::form(
            "/rounds/open",
            policy,
            FormHandler {
                read,
                done,
                again: page,
            },
        ),
    ]
}

/// What does not let the command be made is told with everything else that is wrong with the form.
fn read(context: &Context, _: &Params, form: &Form) -> Result<OpenRound, Vec<Finding>> {
    let mut findings = Vec::new();
    let mut keep = |finding: Finding| findings.push(finding);
    let scheme = form.parse("scheme", "required").map_err(&mut keep);
    let place = form.parse("place", "required").map_err(&mut keep);
    let period = form.parse("period", "period").map_err(&mut keep);
    let days = ["declare_until", "verify_until", "review_until"];
    let days = days.map(|name| form.day(name).map_err(&mut keep).ok());
    let posting_days = form.parse("posting_days", "not-a-number");
    let posting_days = posting_days.map_err(&mut keep);
    let title = form.get("title");
    let today = context.today();
    findings.extend(problems(title, days, posting_days.ok(), today));
    let (
        Ok(scheme),
        Ok(period),
        Ok(place),
        Ok(posting_days),
        [Some(declare), Some(verify), Some(review)],
    ) = (scheme, period, place, posting_days, days)
    else {
        return Err(findings);
    };
    Ok(OpenRound {
        scheme,
        period,
        place,
        title: title.map(str::to_owned),
        declare_until: declare,
        verify_until: verify,
        review_until: review,
        posting_days,
    })
}

fn done(_: &Context, _: &Params, opened: &RoundOpened) -> String {
    format!("/rounds/{}", opened.round)
}

fn page(
    context: &Context,
    _: &Params,
    connection: &mut dyn Connection,
) -> Result<OpenPage, PageError> {
    let l = &context.l;
    let scope = Scope::new(&context.subject, Action::SchemeRead, context.today());
    let mut schemes: Vec<Choice> = Vec::new();
    for found in scheme_page::in_scope(connection, &scope)? {
        let value = found.scheme.to_string();
        // Newest first: an older version of a scheme that is listed is not offered.
        if schemes.iter().all(|known| known.value != value) {
            schemes.push(Choice::new(
                value,
                l.choose(&found.title_zh, &found.title_en),
            ));
        }
    }
    Ok(OpenPage {
        schemes,
        places: offices(context, connection, Action::RoundOpen)?,
        periods: periods(l, context.today()),
        terms: usual_terms(context.today()).map(|day| day.to_string()),
        start: context.form(),
        attempt: context.attempt.clone(),
        l: l.clone(),
    })
}

/// The quarter that ended last, the one that runs, and the year and half-years around them.
fn periods(l: &Locale, today: Day) -> Vec<Choice> {
    let quarter = Period::of(PeriodKind::Quarter, today);
    let half = Period::of(PeriodKind::HalfYear, today);
    let year = Period::of(PeriodKind::Year, today);
    let wanted = [
        quarter.previous(),
        Some(quarter),
        half.previous(),
        Some(half),
        Some(year),
    ];
    wanted
        .into_iter()
        .flatten()
        .map(|period| Choice::new(period.to_string(), view::period(l, period)))
        .collect()
}

/// The 5th, 15th and 25th that come next.
fn usual_terms(today: Day) -> [Day; 3] {
    let month = Period::of(PeriodKind::Month, today);
    let this = |period: Period, day| Day::new(period.year(), period.first_month(), day);
    let fits = this(month, 5).is_some_and(|fifth| today <= fifth);
    let month = if fits {
        month
    } else {
        month.next().unwrap_or(month)
    };
    [5, 15, 25].map(|day| this(month, day).unwrap_or(today))
}

impl Page for OpenPage {
    fn head(&self) -> Head {
        Head::new(self.l.text("round-open-title"))
    }

    fn samples(l: &Locale) -> Samples<OpenPage> {
        let page = |place: &str| OpenPage {
            l: l.clone(),
            schemes: vec![Choice::new("1", "强基振兴指数")],
            places: vec![Choice::new("2", place)],
            periods: periods(l, sample::now().day()),
            terms: usual_terms(sample::now().day()).map(|day| day.to_string()),
            start: sample::start(),
            attempt: Attempt::default(),
        };
        let mut refused = page("云岭县");
        refused.attempt.sent = true;
        refused.attempt.findings = vec![
            Finding::error("posting-days")
                .field("posting_days")
                .arg("found", 0_u32)
                .arg("most", 60_u32),
            Finding::error("round-terms-order").field("verify_until"),
            Finding::error("round-opened-already")
                .field("period")
                .arg("period", "2026-Q3"),
        ];
        Samples {
            ordinary: page("云岭县"),
            longest: page(sample::LONGEST_PLACE),
            empty: None,
            with_error: Some(refused),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::usual_terms;

    #[test]
    fn the_usual_days_are_those_that_come_next() {
        for (today, expected) in [
            ("2026-10-01", "2026-10-05 2026-10-15 2026-10-25"),
            ("2026-10-05", "2026-10-05 2026-10-15 2026-10-25"),
            ("2026-10-06", "2026-11-05 2026-11-15 2026-11-25"),
            ("2026-12-31", "2027-01-05 2027-01-15 2027-01-25"),
        ] {
            let found = usual_terms(today.parse().unwrap()).map(|day| day.to_string());
            assert_eq!(found.join(" "), expected);
        }
    }
}
