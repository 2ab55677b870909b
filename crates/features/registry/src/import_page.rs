//! The pages with which places and figures are brought in from a file.

use access::Action;
use askama::Template;
use kernel::Finding;
use store::Connection;
use web::{
    Attempt, Context, Form, FormHandler, FormStart, Head, Locale, Page, PageError, Params, Policy,
    Route, Samples,
};

use crate::{
    figure_import::{FiguresImported, ImportFigures},
    place_import::{ImportPlaces, PlacesImported},
};

/// What is brought in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Places,
    Figures,
}

impl What {
    /// The word in paths and texts.
    fn name(self) -> &'static str {
        match self {
            What::Places => "places",
            What::Figures => "figures",
        }
    }
}

/// The page with the file to bring in.
#[derive(Debug, Template)]
#[template(path = "import_page.html")]
pub struct ImportPage {
    l: Locale,
    what: What,
    start: FormStart,
    attempt: Attempt,
    /// What an import just did: recorded or added, changed, unchanged.
    done: Option<[i64; 3]>,
}

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    let places = Policy::Holds(Action::RegistryImport);
    let figures = Policy::Holds(Action::FigureImport);
    vec![
        Route::page("/places/import", places, places_page),
        Route::form(
            "/places/import",
            places,
            FormHandler {
                read: |_, _, form| Ok(ImportPlaces { file: file(form)? }),
                done: |_, _, done: &PlacesImported| {
                    format!(
                        "/places/import?done={}.{}.{}",
                        done.added, done.changed, done.unchanged
                    )
                },
                again: places_page,
            },
        ),
        Route::page("/figures/import", figures, figures_page),
        Route::form(
            "/figures/import",
            figures,
            FormHandler {
                read: |_, _, form| {
                    let source = form.text("source").to_owned();
                    Ok(ImportFigures {
                        file: file(form)?,
                        source,
                    })
                },
                done: |_, _, done: &FiguresImported| {
                    format!("/figures/import?done={}.0.0", done.recorded)
                },
                again: figures_page,
            },
        ),
    ]
}

fn file(form: &Form) -> Result<String, Vec<Finding>> {
    let file = form.files("file").next();
    file.map(|file| file.hash.to_string())
        .ok_or_else(|| vec![Finding::error("required").field("file")])
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of all pages")]
fn places_page(
    context: &Context,
    params: &Params,
    _: &mut dyn Connection,
) -> Result<ImportPage, PageError> {
    Ok(page(context, params, What::Places))
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of all pages")]
fn figures_page(
    context: &Context,
    params: &Params,
    _: &mut dyn Connection,
) -> Result<ImportPage, PageError> {
    Ok(page(context, params, What::Figures))
}

fn page(context: &Context, params: &Params, what: What) -> ImportPage {
    let counts = params.query("done").map(|done| {
        let mut numbers = done.split('.').map(|number| number.parse().unwrap_or(0));
        [(); 3].map(|()| numbers.next().unwrap_or(0))
    });
    ImportPage {
        l: context.l.clone(),
        what,
        start: context.form(),
        attempt: context.attempt.clone(),
        done: counts,
    }
}

impl ImportPage {
    fn words(&self, part: &str) -> String {
        let [first, second, third] = self.done.unwrap_or_default();
        self.l
            .text(&format!("import-{}-{part}", self.what.name()))
            .arg("added", first)
            .arg("recorded", first)
            .arg("changed", second)
            .arg("unchanged", third)
            .to_string()
    }
}

impl Page for ImportPage {
    fn head(&self) -> Head {
        Head::new(self.words("title"))
    }

    fn samples(l: &Locale) -> Samples<ImportPage> {
        let page = |what, done| ImportPage {
            l: l.clone(),
            what,
            start: crate::sample::start(),
            attempt: Attempt::default(),
            done,
        };
        let mut refused = page(What::Places, None);
        refused.attempt.sent = true;
        refused.attempt.findings = vec![
            Finding::error("import-column-missing")
                .at(kernel::FindingPlace::Cell {
                    sheet: "Sheet1".into(),
                    column: 4,
                    row: 17,
                })
                .arg("expected", "name"),
        ];
        Samples {
            ordinary: page(What::Places, None),
            longest: page(What::Figures, Some([620_573, 41_352, 2_978])),
            empty: None,
            with_error: Some(refused),
        }
    }
}
