//! The pages with which places, figures, organisations, people and users are brought in from a
//! file, and the sender's own file given back with the wrong cells marked.

use access::Action;
use app::Refusal;
use askama::Template;
use directory::sheet::Sheet;
use kernel::Finding;
use store::Connection;
use web::{
    Attempt, Context, Download, Form, FormHandler, FormStart, Head, Locale, Page, PageError,
    Params, Policy, PostedFile, Route, Samples,
};

use crate::{
    account_import::{self, AccountsImported, ImportAccounts},
    figure_import::{self, FiguresImported, ImportFigures},
    imported_table,
    organisation_import::{self, ImportOrganisations, OrganisationsImported},
    person_import::{self, ImportPeople, PeopleImported},
    place_import::{self, ImportPlaces, PlacesImported},
};

/// What is brought in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Places,
    Figures,
    Organisations,
    People,
    Accounts,
}

impl What {
    /// The word in paths and texts.
    fn name(self) -> &'static str {
        match self {
            What::Places => "places",
            What::Figures => "figures",
            What::Organisations => "organisations",
            What::People => "people",
            What::Accounts => "accounts",
        }
    }

    /// Whether the file holds personal data: then it never comes to disk in the clear.
    fn is_sealed(self) -> bool {
        matches!(self, What::People | What::Accounts)
    }

    /// What an import of a table would find wrong now.
    fn findings(
        self,
        context: &Context,
        connection: &mut dyn Connection,
        sheet: &Sheet,
    ) -> Result<Vec<Finding>, PageError> {
        let (tenant, today) = (context.tenant, context.today());
        Ok(match self {
            What::Places => place_import::findings(connection, tenant, today, sheet)?,
            What::Figures => {
                figure_import::findings(context.app(), connection, tenant, today, sheet)?
            }
            What::Organisations => organisation_import::findings(connection, tenant, today, sheet)?,
            What::People => {
                person_import::findings(context.app(), connection, tenant, today, sheet)?
            }
            What::Accounts => account_import::findings(connection, tenant, today, sheet)?,
        })
    }
}

/// The page with the file to bring in.
#[derive(Debug, Template)]
#[template(path = "import_page.html")]
pub struct ImportPage {
    l: Locale,
    what: What,
    start: FormStart,
    /// Of the form that gives the marked file back.
    marked: FormStart,
    attempt: Attempt,
    /// What an import just did: recorded or added, changed, unchanged.
    done: Option<[i64; 3]>,
}

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    [places(), figures(), organisations(), people(), accounts()]
        .into_iter()
        .flatten()
        .collect()
}

fn places() -> [Route; 3] {
    let policy = Policy::Holds(Action::RegistryImport);
    let again = |c: &Context, p: &Params, _: &mut dyn Connection| Ok(page(c, p, What::Places));
    [
        Route::page("/places/import", policy, again),
        Route::form(
            "/places/import",
            policy,
            FormHandler {
                read: |_, _, form| Ok(ImportPlaces { file: file(form)? }),
                done: |_, _, done: &PlacesImported| {
                    counts(What::Places, [done.added, done.changed, done.unchanged])
                },
                again,
            },
        ),
        Route::returned("/places/import/marked", policy, |c, _, form, connection| {
            marked(c, form, connection, What::Places)
        }),
    ]
}

fn figures() -> [Route; 3] {
    let policy = Policy::Holds(Action::FigureImport);
    let again = |c: &Context, p: &Params, _: &mut dyn Connection| Ok(page(c, p, What::Figures));
    [
        Route::page("/figures/import", policy, again),
        Route::form(
            "/figures/import",
            policy,
            FormHandler {
                read: |_, _, form| {
                    let source = form.text("source").to_owned();
                    Ok(ImportFigures {
                        file: file(form)?,
                        source,
                    })
                },
                done: |_, _, done: &FiguresImported| counts(What::Figures, [done.recorded, 0, 0]),
                again,
            },
        ),
        Route::returned(
            "/figures/import/marked",
            policy,
            |c, _, form, connection| marked(c, form, connection, What::Figures),
        ),
    ]
}

fn organisations() -> [Route; 3] {
    let policy = Policy::Holds(Action::RegistryImport);
    let again =
        |c: &Context, p: &Params, _: &mut dyn Connection| Ok(page(c, p, What::Organisations));
    [
        Route::page("/organisations/import", policy, again),
        Route::form(
            "/organisations/import",
            policy,
            FormHandler {
                read: |_, _, form| Ok(ImportOrganisations { file: file(form)? }),
                done: |_, _, done: &OrganisationsImported| {
                    let numbers = [done.added, done.changed, done.unchanged];
                    counts(What::Organisations, numbers)
                },
                again,
            },
        ),
        Route::returned(
            "/organisations/import/marked",
            policy,
            |c, _, form, connection| marked(c, form, connection, What::Organisations),
        ),
    ]
}

fn people() -> [Route; 3] {
    let policy = Policy::Holds(Action::PersonEdit);
    let again = |c: &Context, p: &Params, _: &mut dyn Connection| Ok(page(c, p, What::People));
    [
        Route::page("/people/import", policy, again),
        Route::form(
            "/people/import",
            policy,
            FormHandler {
                read: |_, _, form| {
                    let (file, key) = sealed(form)?;
                    Ok(ImportPeople { file, key })
                },
                done: |_, _, done: &PeopleImported| {
                    counts(What::People, [done.added, done.changed, done.unchanged])
                },
                again,
            },
        )
        .sealed(),
        Route::returned("/people/import/marked", policy, |c, _, form, connection| {
            marked(c, form, connection, What::People)
        })
        .sealed(),
    ]
}

fn accounts() -> [Route; 3] {
    let policy = Policy::Holds(Action::AccountMake);
    let again = |c: &Context, p: &Params, _: &mut dyn Connection| Ok(page(c, p, What::Accounts));
    [
        Route::page("/accounts/import", policy, again),
        Route::form(
            "/accounts/import",
            policy,
            FormHandler {
                read: |_, _, form| {
                    let (file, key) = sealed(form)?;
                    Ok(ImportAccounts { file, key })
                },
                done: |_, _, done: &AccountsImported| {
                    counts(What::Accounts, [done.added, 0, done.unchanged])
                },
                again,
            },
        )
        .sealed(),
        Route::returned(
            "/accounts/import/marked",
            policy,
            |c, _, form, connection| marked(c, form, connection, What::Accounts),
        )
        .sealed(),
    ]
}

fn counts(what: What, numbers: [u64; 3]) -> String {
    let [first, second, third] = numbers;
    format!("/{}/import?done={first}.{second}.{third}", what.name())
}

fn posted(form: &Form) -> Result<&PostedFile, Vec<Finding>> {
    form.files("file")
        .next()
        .ok_or_else(|| vec![Finding::error("required").field("file")])
}

fn file(form: &Form) -> Result<String, Vec<Finding>> {
    posted(form).map(|file| file.hash.to_string())
}

/// Hash and key of a sealed file.
fn sealed(form: &Form) -> Result<(String, String), Vec<Finding>> {
    let file = posted(form)?;
    let key = file.key.as_ref();
    let key = key.ok_or_else(|| vec![Finding::error("file-not-sealed").field("file")])?;
    Ok((file.hash.to_string(), key.text()))
}

/// The sender's own file with what an import would find wrong now.
fn marked(
    context: &Context,
    form: &Form,
    connection: &mut dyn Connection,
    what: What,
) -> Result<Download, PageError> {
    let file = posted(form).map_err(PageError::Invalid)?;
    if !imported_table::is_own(context, connection, file.hash)? {
        let finding = Finding::error("file-unknown").field("file");
        return Err(PageError::Invalid(vec![finding]));
    }
    let hash = file.hash.to_string();
    let content = match &file.key {
        None => imported_table::bytes(context.app(), &hash)?,
        Some(key) => imported_table::opened(context.app(), &hash, key)?.to_vec(),
    };
    let sheet = directory::sheet::read(&content, &directory::sheet::LIMITS)
        .map_err(|finding| PageError::from(Refusal::from(finding)))?;
    let findings = what.findings(context, connection, &sheet)?;
    web::marked(&content, &file.name, &findings, &context.l)
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
        marked: context.form(),
        attempt: context.attempt.clone(),
        done: counts,
    }
}

impl ImportPage {
    /// The file that was refused for its cells, which can be had back with marks.
    fn refused(&self) -> Option<&PostedFile> {
        let at_cell =
            |finding: &Finding| matches!(finding.place, kernel::FindingPlace::Cell { .. });
        let has_cells = self.attempt.findings.iter().any(at_cell);
        self.attempt.form.files("file").next().filter(|_| has_cells)
    }

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
            marked: crate::sample::start(),
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
        let file = PostedFile {
            hash: app::FileHash([5; 32]),
            name: "村干部名册（三季度）.xlsx".to_owned(),
            media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            size_bytes: 292_864,
            key: None,
        };
        refused.attempt.form = Form::new(Vec::new(), vec![("file".to_owned(), file)]);
        Samples {
            ordinary: page(What::Places, None),
            longest: page(What::Figures, Some([620_573, 41_352, 2_978])),
            empty: Some(page(What::People, None)),
            with_error: Some(refused),
        }
    }
}
