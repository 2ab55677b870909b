//! The page with which outlines of places are brought in.

use access::Action;
use askama::Template;
use directory::outline::{self, Datum};
use kernel::Finding;
use store::Connection;
use web::{
    Attempt, Choice, Context, Form, FormHandler, FormStart, Head, Locale, Page, PageError, Params,
    Policy, Route, Samples,
};

use crate::{
    listing,
    outline_import::{ImportOutlines, OutlinesImported},
    sample,
};

/// The page.
#[derive(Debug, Template)]
#[template(path = "outline_page.html")]
pub struct OutlinePage {
    l: Locale,
    /// Places with an outline.
    known: usize,
    /// What an import just did: added, changed, unchanged.
    done: Option<[i64; 3]>,
    data: Vec<Choice>,
    start: FormStart,
    attempt: Attempt,
}

/// The routes.
pub(crate) fn routes() -> [Route; 2] {
    let policy = Policy::Holds(Action::RegistryImport);
    [
        Route::page("/places/outlines", policy, page),
        Route::form(
            "/places/outlines",
            policy,
            FormHandler {
                read,
                done: |_, _, done: &OutlinesImported| {
                    let OutlinesImported {
                        added,
                        changed,
                        unchanged,
                    } = done;
                    format!("/places/outlines?done={added}.{changed}.{unchanged}")
                },
                again: page,
            },
        ),
    ]
}

fn read(_: &Context, _: &Params, form: &Form) -> Result<ImportOutlines, Vec<Finding>> {
    let required = |field: &'static str| vec![Finding::error("required").field(field)];
    let file = form.files("file").next().ok_or_else(|| required("file"))?;
    Ok(ImportOutlines {
        file: file.hash.to_string(),
        datum: form
            .parse("datum", "required")
            .map_err(|found| vec![found])?,
    })
}

fn data(l: &Locale) -> Vec<Choice> {
    listing::choices(
        l,
        "outline-datum",
        Datum::ALL.iter().map(|datum| datum.name()),
    )
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<OutlinePage, PageError> {
    let done = params.query("done").map(|done| {
        let mut numbers = done.split('.').map(|number| number.parse().unwrap_or(0));
        [(); 3].map(|()| numbers.next().unwrap_or(0))
    });
    Ok(OutlinePage {
        known: outline::all(connection, context.tenant)?.len(),
        done,
        data: data(&context.l),
        start: context.form(),
        attempt: context.attempt.clone(),
        l: context.l.clone(),
    })
}

impl OutlinePage {
    fn told(&self) -> String {
        let [added, changed, unchanged] = self.done.unwrap_or_default();
        let text = self.l.text("import-places-done");
        text.arg("added", added)
            .arg("changed", changed)
            .arg("unchanged", unchanged)
            .to_string()
    }
}

impl Page for OutlinePage {
    fn head(&self) -> Head {
        Head::new(self.l.text("outlines-title"))
    }

    fn samples(l: &Locale) -> Samples<OutlinePage> {
        let page = |known, done| OutlinePage {
            l: l.clone(),
            known,
            done,
            data: data(l),
            start: sample::start(),
            attempt: Attempt::default(),
        };
        let mut refused = page(12, None);
        refused.attempt.sent = true;
        refused.attempt.findings = vec![
            Finding::error("outline-coordinate")
                .field("features.17.geometry.coordinates.0.215.0")
                .arg("found", "36.7012")
                .arg("expected", "longitude"),
            Finding::error("outline-code-unknown")
                .field("features.3.properties.code")
                .arg("found", "379901100299"),
        ];
        Samples {
            ordinary: page(12, None),
            longest: page(620_573, Some([620_573, 41_352, 2_978])),
            empty: Some(page(0, None)),
            with_error: Some(refused),
        }
    }
}
