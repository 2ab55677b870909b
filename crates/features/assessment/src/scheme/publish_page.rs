//! The form of `scheme.publish`: a scheme of one of the packs, or the text of a file.

use access::{Action, Scope};
use askama::Template;
use directory::place::PlaceLevel;
use kernel::Finding;
use store::Connection;
use web::{
    Attempt, Choice, Context, Form, FormHandler, FormStart, Head, Locale, Page, PageError, Params,
    Policy, Route, Samples,
};

use crate::scheme::publish_scheme::{PublishScheme, SchemePublished, SchemeSource};
use crate::{sample, view};

/// The page.
#[derive(Debug, Template)]
#[template(path = "scheme/publish_page.html")]
pub struct PublishPage {
    l: Locale,
    places: Vec<Choice>,
    schemes: Vec<Choice>,
    start: FormStart,
    attempt: Attempt,
}

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    let policy = Policy::Holds(Action::SchemePublish);
    vec![
        Route::page("/schemes/publish", policy, page),
        Route::form(
            "/schemes/publish",
            policy,
            FormHandler {
                read,
                done,
                again: page,
            },
        ),
    ]
}

fn read(_: &Context, _: &Params, form: &Form) -> Result<PublishScheme, Vec<Finding>> {
    let required = |name: &'static str| vec![Finding::error("required").field(name)];
    let place = form.text("place").parse().map_err(|_| required("place"))?;
    let text = form.text("text");
    let source = match (text.is_empty(), form.text("scheme").split_once('/')) {
        (false, _) => SchemeSource::Text {
            file: "scheme.toml".to_owned(),
            text: text.to_owned(),
        },
        (true, Some((pack, scheme))) => SchemeSource::Pack {
            pack: pack.to_owned(),
            scheme: scheme.to_owned(),
        },
        (true, None) => return Err(required("scheme")),
    };
    Ok(PublishScheme { place, source })
}

fn done(_: &Context, _: &Params, published: &SchemePublished) -> String {
    format!(
        "/schemes/{}?version={}",
        published.scheme, published.version
    )
}

/// Counties, cities and towns at which the visitor may do something.
pub(crate) fn offices(
    context: &Context,
    connection: &mut dyn Connection,
    action: Action,
) -> Result<Vec<Choice>, PageError> {
    let scope = Scope::new(&context.subject, action, context.today());
    let mut places = Vec::new();
    for level in [PlaceLevel::City, PlaceLevel::County, PlaceLevel::Town] {
        let filter = access::places::PlaceFilter {
            level: Some(level),
            ..access::places::PlaceFilter::default()
        };
        let window = access::places::Page {
            limit: 100,
            offset: 0,
        };
        places.extend(access::places::list(connection, &scope, &filter, window)?);
    }
    let choice =
        |place: &directory::place::Place| Choice::new(place.place.to_string(), place.shown_name());
    Ok(places.iter().map(choice).collect())
}

fn page(
    context: &Context,
    _: &Params,
    connection: &mut dyn Connection,
) -> Result<PublishPage, PageError> {
    let l = &context.l;
    let mut schemes = Vec::new();
    let library = context.app().packs();
    for name in library.names() {
        let Some((pack, findings)) = library.pack(name) else {
            continue;
        };
        if findings.iter().any(Finding::blocks) {
            continue;
        }
        for file in &pack.schemes {
            let label = format!(
                "{} · {}",
                view::title(l, pack.title()),
                view::title(l, &file.scheme.title)
            );
            schemes.push(Choice::new(format!("{name}/{}", file.scheme.code), label));
        }
    }
    Ok(PublishPage {
        places: offices(context, connection, Action::SchemePublish)?,
        schemes,
        start: context.form(),
        attempt: context.attempt.clone(),
        l: l.clone(),
    })
}

impl Page for PublishPage {
    fn head(&self) -> Head {
        Head::new(self.l.text("publish-title"))
    }

    fn samples(l: &Locale) -> Samples<PublishPage> {
        let page = |place: &str| PublishPage {
            l: l.clone(),
            places: vec![Choice::new("1", place)],
            schemes: vec![Choice::new("demo/demo_quarter", "强基振兴指数")],
            start: sample::start(),
            attempt: Attempt::default(),
        };
        let mut refused = page("云岭县");
        refused.attempt.sent = true;
        refused.attempt.findings = vec![
            Finding::error("scheme-published-already")
                .field("source")
                .arg("version", 2_u32),
            Finding::error("scheme-unknown-in-pack")
                .field("source")
                .arg("found", "quarter")
                .arg("pack", "demo"),
            Finding::error("scheme-of-other-place").field("place"),
        ];
        Samples {
            ordinary: page("云岭县"),
            longest: page(sample::LONGEST_PLACE),
            empty: None,
            with_error: Some(refused),
        }
    }
}
