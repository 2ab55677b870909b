//! The page of one figure with its origin, and 数据不对？: the form that disputes it.

use access::Action;
use app::dispute::{DisputeFiled, FileDispute};
use askama::Template;
use directory::{
    FigureId,
    figure::{self, Figure, FigureValue},
    place::{self, Place},
};
use kernel::PlaceId;
use store::Connection;
use web::{
    Attempt, Context, Form, FormHandler, FormStart, Head, Locale, Page, PageError, Params, Policy,
    Route, Samples,
};

use crate::{item_names::ItemNames, place_page, sample};

/// The page of one figure.
#[derive(Debug, Template)]
#[template(path = "figure_page.html")]
pub struct FigurePage {
    l: Locale,
    place: Place,
    figure: Figure,
    value: String,
    /// What people call the item; its code where nobody named it.
    item: String,
    digest: String,
    start: FormStart,
    attempt: Attempt,
    may_dispute: bool,
}

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::page(
            "/places/{place}/figures/{figure}",
            Policy::On(Action::FigureRead, place_page::target),
            page,
        ),
        Route::form(
            "/places/{place}/figures/{figure}",
            Policy::On(Action::FigureDispute, place_page::target),
            FormHandler {
                read,
                done,
                again: page,
            },
        ),
    ]
}

fn read(_: &Context, params: &Params, form: &Form) -> Result<FileDispute, Vec<kernel::Finding>> {
    let place = params.path("place").parse::<PlaceId>();
    Ok(FileDispute {
        measure: form.text("measure").to_owned(),
        subject: place
            .map_err(|_| vec![kernel::Finding::error("not-found").arg("kind", "place")])?,
        period: form.text("period").to_owned(),
        claim: form.number("claim"),
        reason: form.text("reason").to_owned(),
        evidence: form
            .files("evidence")
            .next()
            .map(|file| file.hash.to_string()),
    })
}

fn done(_: &Context, _: &Params, filed: &DisputeFiled) -> String {
    format!("/disputes/{}", filed.dispute)
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<FigurePage, PageError> {
    let (tenant, place) = (context.tenant, params.parse::<PlaceId>("place")?);
    let figure = params.parse::<FigureId>("figure")?;
    let found = figure::by_id(connection, tenant, figure)?;
    // A figure of another place must not be read under the right to this one.
    let figure = found
        .filter(|found| found.draft.subject == place)
        .ok_or(PageError::NotFound)?;
    let target = place_page::target(context, params, connection)?;
    let resource = target.resource(tenant);
    let decision = access::decide(
        &context.subject,
        Action::FigureDispute,
        &resource,
        context.today(),
    );
    let may_dispute = decision.is_allowed();
    let place = place::get(connection, tenant, place)?.ok_or(PageError::NotFound)?;
    let names = ItemNames::of(context, connection)?;
    Ok(FigurePage {
        value: value(&context.l, &figure),
        item: names.item(&context.l, &figure.draft.item).to_owned(),
        digest: app::FileHash(figure.digest).to_string()[..16].to_owned(),
        start: context.form(),
        attempt: context.attempt.clone(),
        may_dispute,
        l: context.l.clone(),
        place,
        figure,
    })
}

fn value(l: &Locale, figure: &Figure) -> String {
    match &figure.draft.value {
        FigureValue::Value(value) => value.to_string(),
        FigureValue::Missing(why) => l
            .text("figure-missing")
            .arg("why", why.as_str())
            .to_string(),
    }
}

impl Page for FigurePage {
    fn head(&self) -> Head {
        Head::new(&self.item)
    }

    fn samples(l: &Locale) -> Samples<FigurePage> {
        let page = |place: &str, amount: &str, source: &str| {
            let figure = sample::figure(amount, source);
            FigurePage {
                value: value(l, &figure),
                item: ItemNames::sample().item(l, &figure.draft.item).to_owned(),
                l: l.clone(),
                place: sample::place(place),
                figure,
                digest: "0707070707070707".to_owned(),
                start: sample::start(),
                attempt: Attempt::default(),
                may_dispute: true,
            }
        };
        let mut refused = page("柳湾村", "386200", "三资台账");
        refused.attempt.sent = true;
        refused.attempt.findings = vec![
            kernel::Finding::error("not-a-number")
                .field("claim")
                .arg("found", "约52万"),
            kernel::Finding::error("required").field("reason"),
        ];
        Samples {
            ordinary: page("柳湾村", "386200", "三资台账"),
            longest: page(
                sample::LONGEST_PLACE,
                "123456789012.34",
                "农村集体“三资”监督管理平台",
            ),
            empty: None,
            with_error: Some(refused),
        }
    }
}
