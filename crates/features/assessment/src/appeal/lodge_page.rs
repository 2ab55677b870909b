//! The form of `appeal.lodge`: against which item, or the result as a whole; why; with files.

use access::Action;
use askama::Template;
use kernel::Finding;
use store::Connection;
use web::{
    Attempt, Choice, Context, Form, FormHandler, FormStart, Head, Locale, Page, PageError, Params,
    Policy, PostedFile, Route, Samples,
};

use crate::appeal::appeal_page::title_of;
use crate::appeal::lodge_appeal::{AppealLodged, LodgeAppeal};
use crate::scope::{round_of, scheme_of, subject_of, village_target};
use crate::section::answer::EvidenceFile;
use crate::transition::RoundState;
use crate::{correction, round, sample, scheme, view};

/// The page.
#[derive(Debug, Template)]
#[template(path = "appeal/lodge_page.html")]
pub struct LodgePage {
    l: Locale,
    address: String,
    back: String,
    village: String,
    round_title: String,
    term: String,
    closed: bool,
    items: Vec<Choice>,
    item: String,
    start: FormStart,
    attempt: Attempt,
}

const ADDRESS: &str = "/rounds/{round}/villages/{place}/appeal";

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    let policy = Policy::On(Action::ScoreAppeal, village_target);
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

fn read(_: &Context, params: &Params, form: &Form) -> Result<LodgeAppeal, Vec<Finding>> {
    let missing = |kind| vec![Finding::error("not-found").arg("kind", kind)];
    let file = |file: &PostedFile| EvidenceFile {
        file: file.hash.to_string(),
        name: file.name.clone(),
    };
    Ok(LodgeAppeal {
        round: params.path("round").parse().map_err(|_| missing("round"))?,
        place: params.path("place").parse().map_err(|_| missing("place"))?,
        item: form.get("item").map(str::to_owned),
        claim: form.number("claim"),
        reason: form.text("reason").to_owned(),
        evidence: form.files("evidence").map(file).collect(),
    })
}

fn done(_: &Context, _: &Params, lodged: &AppealLodged) -> String {
    format!("/appeals/{}", lodged.appeal)
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<LodgePage, PageError> {
    let (l, tenant) = (&context.l, context.tenant);
    let round = round_of(context, params, connection)?;
    let subject = subject_of(tenant, params, connection)?;
    let published = scheme_of(connection, tenant, &round)?;
    let plan = scheme::plan(&published)?;
    let window = correction::window(connection, tenant, round.round, subject.subject_no)?;
    let runs = window.is_some_and(|(_, _, until)| context.now < until.end());
    let items = round::items(connection, tenant, round.round)?;
    let own = items.iter().filter(|item| item.moment == "period");
    let (id, place) = (round.round, subject.place);
    Ok(LodgePage {
        address: format!("/rounds/{id}/villages/{place}/appeal"),
        back: format!("/rounds/{id}/villages/{place}"),
        village: subject.shown_name().to_owned(),
        round_title: view::round_title(l, &round, &published),
        term: window
            .map(|(_, _, until)| l.text("appeal-until").arg("day", l.day(until)).to_string())
            .unwrap_or_default(),
        closed: round.state != RoundState::Posted || !runs,
        items: own
            .map(|item| Choice::new(item.code.clone(), title_of(l, &plan, &item.code)))
            .collect(),
        item: params.query("item").unwrap_or_default().to_owned(),
        start: context.form(),
        attempt: context.attempt.clone(),
        l: l.clone(),
    })
}

impl Page for LodgePage {
    fn head(&self) -> Head {
        Head::new(self.l.text("lodge-title"))
    }

    fn samples(l: &Locale) -> Samples<LodgePage> {
        let page = |village: &str| LodgePage {
            l: l.clone(),
            address: "/rounds/1/villages/2/appeal".to_owned(),
            back: "/rounds/1/villages/2".to_owned(),
            village: village.to_owned(),
            round_title: sample::round_title(l),
            term: l
                .text("appeal-until")
                .arg("day", l.day(sample::now().day()))
                .to_string(),
            closed: false,
            items: vec![Choice::new(
                "households_visited",
                l.choose("本年已走访户数", "Households visited this year"),
            )],
            item: String::new(),
            start: sample::start(),
            attempt: Attempt::default(),
        };
        let mut closed = page(sample::VILLAGE);
        closed.closed = true;
        let mut refused = page(sample::VILLAGE);
        refused.attempt.sent = true;
        refused.attempt.findings = vec![
            Finding::error("appeal-too-late").arg("until", "2026-10-13"),
            Finding::error("appeal-open-already").field("item"),
            Finding::error("appeal-decided-already").field("item"),
            Finding::error("appeal-not-moved").field("item"),
            Finding::error("claim-without-item").field("claim"),
            Finding::error("item-not-in-round")
                .field("item")
                .arg("found", "x"),
            Finding::error("round-not-posted").arg("state", "finalised"),
        ];
        Samples {
            ordinary: page(sample::VILLAGE),
            longest: page(sample::LONGEST_PLACE),
            empty: Some(closed),
            with_error: Some(refused),
        }
    }
}
