//! The page of one dispute, with the owner's answer.

use access::{Action, Involved};
use app::dispute::{
    self, AnswerDispute, Dispute, DisputeAnswer, DisputeFiled, DisputeId, DisputeState,
};
use app::{MeasureQuestion, MeasureValue};
use askama::Template;
use directory::place;
use kernel::{Instant, Period, PersonId};
use store::Connection;
use web::{
    Attempt, Choice, Context, Form, FormHandler, FormStart, Head, Locale, Page, PageError, Params,
    Policy, Route, Samples, Target,
};

use crate::{item_names::ItemNames, sample};

/// The page of one dispute.
#[derive(Debug, Template)]
#[template(path = "dispute_page.html")]
pub struct DisputePage {
    l: Locale,
    dispute: Dispute,
    /// What people call the figure that is disputed.
    item: String,
    place: String,
    /// The period, in words.
    period: String,
    /// The figure as it stood when it was disputed: value with unit, and its source.
    disputed: (String, String),
    /// The value with unit that the record has now, where it is another one.
    now: Option<String>,
    /// The claimed value with the unit.
    claim: Option<String>,
    /// Whether the visitor may bring in a corrected figure.
    may_import: bool,
    filed_by: String,
    answered_by: String,
    answers: Vec<Choice>,
    start: FormStart,
    attempt: Attempt,
    may_answer: bool,
}

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::page(
            "/disputes/{dispute}",
            Policy::On(Action::FigureRead, target),
            page,
        ),
        Route::form(
            "/disputes/{dispute}",
            Policy::On(Action::FigureAnswer, target_with_history),
            FormHandler {
                read,
                done,
                again: page,
            },
        ),
    ]
}

fn find(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Dispute, PageError> {
    let id: DisputeId = params.parse("dispute")?;
    dispute::dispute(connection, context.tenant, id)?.ok_or(PageError::NotFound)
}

fn target(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Target, PageError> {
    let found = find(context, params, connection)?;
    Target::at_place(connection, context.tenant, found.subject)
}

fn target_with_history(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Target, PageError> {
    let found = find(context, params, connection)?;
    let mut target = Target::at_place(connection, context.tenant, found.subject)?;
    target.history = vec![Involved::own(found.filed_by, Action::FigureDispute)];
    Ok(target)
}

fn read(_: &Context, params: &Params, form: &Form) -> Result<AnswerDispute, Vec<kernel::Finding>> {
    let answer = match form.text("answer") {
        "uphold" => DisputeAnswer::Uphold,
        "reject" => DisputeAnswer::Reject,
        _ => return Err(vec![kernel::Finding::error("required").field("answer")]),
    };
    let dispute = params.path("dispute").parse();
    Ok(AnswerDispute {
        dispute: dispute
            .map_err(|_| vec![kernel::Finding::error("not-found").arg("kind", "dispute")])?,
        answer,
        reason: form.text("reason").to_owned(),
    })
}

fn done(_: &Context, _: &Params, answered: &DisputeFiled) -> String {
    format!("/disputes/{}", answered.dispute)
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<DisputePage, PageError> {
    let tenant = context.tenant;
    let found = find(context, params, connection)?;
    let target = target_with_history(context, params, connection)?;
    let decision = access::decide(
        &context.subject,
        Action::FigureAnswer,
        &target.resource(tenant),
        context.today(),
    );
    let mut name = |person: PersonId| -> Result<String, PageError> {
        Ok(directory::person::name(connection, tenant, person)?.unwrap_or_default())
    };
    let filed_by = name(found.filed_by)?;
    let answered_by = found
        .answered
        .map(|(person, _)| name(person))
        .transpose()?
        .unwrap_or_default();
    let place = place::get(connection, tenant, found.subject)?;
    let before = measured(context, connection, &found, found.filed_at)?;
    let after = measured(context, connection, &found, context.now)?;
    let (value, unit, source) = before;
    let now = Some(after.0).filter(|after| *after != value);
    let claim = found.claim.map(|claim| format!("{claim} {unit}"));
    let period = found.period.parse::<Period>();
    let names = ItemNames::of(context, connection)?;
    Ok(DisputePage {
        item: names.measure(&context.l, &found.measure).to_owned(),
        place: place
            .map(|place| place.shown_name().to_owned())
            .unwrap_or_default(),
        period: period.map_or_else(|_| found.period.clone(), |period| context.l.period(period)),
        disputed: (value, source),
        now,
        claim,
        may_import: context.holds(Action::FigureImport),
        filed_by,
        answered_by,
        answers: answers(&context.l),
        start: context.form(),
        attempt: context.attempt.clone(),
        may_answer: decision.is_allowed() && found.state == DisputeState::Open,
        l: context.l.clone(),
        dispute: found,
    })
}

/// The disputed measure as it was known at an instant: value with unit, unit, source.
fn measured(
    context: &Context,
    connection: &mut dyn Connection,
    dispute: &Dispute,
    as_of: Instant,
) -> Result<(String, String, String), PageError> {
    let found = context.app().measure(&dispute.measure);
    let (Some((provider, measure)), Ok(period)) = (found, dispute.period.parse()) else {
        return Ok(Default::default());
    };
    let question = MeasureQuestion {
        tenant: context.tenant,
        measure,
        subjects: &[dispute.subject],
        period,
        as_of,
    };
    let answers = (provider.read)(connection, &question)?;
    let Some(found) = answers.into_iter().next() else {
        return Ok(Default::default());
    };
    let value = match found.value {
        MeasureValue::Value(value) => format!("{value} {}", found.unit),
        MeasureValue::Missing(_) => context.l.text("dispute-no-figure").to_string(),
    };
    Ok((value, found.unit, found.source))
}

fn answers(l: &Locale) -> Vec<Choice> {
    vec![
        Choice::new("uphold", l.text("dispute-uphold")),
        Choice::new("reject", l.text("dispute-reject")),
    ]
}

impl Page for DisputePage {
    fn head(&self) -> Head {
        Head::new(self.l.text("dispute-title"))
    }

    fn samples(l: &Locale) -> Samples<DisputePage> {
        let page = |place: &str, reason: &str, state| DisputePage {
            l: l.clone(),
            dispute: Dispute {
                dispute: DisputeId(kernel::Id::new(sample::now().0, [4; 10])),
                state,
                measure: "figure.collective_income".to_owned(),
                subject: sample::place("").place,
                period: "2026-Q3".to_owned(),
                claim: "520000".parse().ok(),
                reason: reason.to_owned(),
                evidence: None,
                filed_by: PersonId::default(),
                filed_at: sample::now(),
                answered: (state != DisputeState::Open)
                    .then(|| (PersonId::default(), sample::now())),
                answer: (state != DisputeState::Open).then(|| "已与银行回单核对。".to_owned()),
            },
            item: ItemNames::sample()
                .measure(l, "figure.collective_income")
                .to_owned(),
            place: place.to_owned(),
            period: l.period(Period::quarter(2026, 3).expect("a quarter")),
            disputed: ("486200 元".to_owned(), "村集体台账".to_owned()),
            now: (state == DisputeState::Upheld).then(|| "520000 元".to_owned()),
            claim: Some("520000 元".to_owned()),
            may_import: true,
            filed_by: "陈国平".to_owned(),
            answered_by: "高明".to_owned(),
            answers: answers(l),
            start: sample::start(),
            attempt: Attempt::default(),
            may_answer: state == DisputeState::Open,
        };
        let mut refused = page("柳湾村", "少记了 9 月的分红。", DisputeState::Open);
        refused.attempt.sent = true;
        refused.attempt.findings = vec![kernel::Finding::error("required").field("reason")];
        Samples {
            ordinary: page("柳湾村", "少记了 9 月的分红。", DisputeState::Open),
            longest: page(
                sample::LONGEST_PLACE,
                &"账上少记。".repeat(300),
                DisputeState::Upheld,
            ),
            empty: None,
            with_error: Some(refused),
        }
    }
}
