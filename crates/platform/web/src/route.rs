//! The one table of routes: from it come the router, the menu, the OpenAPI document and the
//! permission matrix.

use std::sync::Arc;

use app::{Command, Envelope};
use kernel::Finding;
use serde::Serialize;
use serde_json::Value as Json;
use store::Connection;
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

use crate::{
    Context, Form, Locale, LocaleFiles, MenuEntry, Page, PageError, Params, Policy, PublicContext,
    Table, TableFormat,
};

/// What a feature brings to the web: its pages and their texts. Joined by the executable.
pub struct FeatureWeb {
    /// The feature's name.
    pub name: &'static str,
    /// Its Fluent files.
    pub locales: LocaleFiles,
    /// Its routes.
    pub routes: Vec<Route>,
}

/// Method of a route. Whatever changes something is a form: `POST`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Changes, by a command.
    Post,
}

impl std::fmt::Display for Method {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Method::Get => "GET",
            Method::Post => "POST",
        })
    }
}

/// A file to be saved: an Excel export of exactly what a list shows, a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    /// File name, may be Chinese.
    pub name: String,
    /// Media type.
    pub media_type: &'static str,
    /// Content.
    pub bytes: Vec<u8>,
}

pub(crate) type AnyPage = Result<Box<dyn Page>, PageError>;
type ReadPage = Arc<dyn Fn(&Context, &Params, &mut dyn Connection) -> AnyPage + Send + Sync>;
type ReadPublic =
    Arc<dyn Fn(&PublicContext, &Params, &mut dyn Connection) -> AnyPage + Send + Sync>;
type ReadForm =
    Arc<dyn Fn(&Context, &Params, &Form) -> Result<Envelope, Vec<Finding>> + Send + Sync>;
type Done = Arc<dyn Fn(&Context, &Params, &Json) -> Result<String, String> + Send + Sync>;
type Answered =
    Arc<dyn Fn(&Context, &Params, &Form, &Json, &mut dyn Connection) -> AnyPage + Send + Sync>;
type Kept = fn(&Context, &Params, &Form, &mut dyn Connection) -> Result<(), PageError>;
type ReadData =
    Arc<dyn Fn(&Context, &Params, &mut dyn Connection) -> Result<Json, PageError> + Send + Sync>;
type Saved = Arc<
    dyn Fn(&Context, &Params, &mut dyn Connection) -> Result<Download, PageError> + Send + Sync,
>;
/// Reads a list as a table to be saved: the filters and the order of its page, all rows.
pub type ReadTable = fn(&Context, &Params, &mut dyn Connection) -> Result<Table, PageError>;
/// Makes a file of what a form sent.
pub type Returned =
    fn(&Context, &Params, &Form, &mut dyn Connection) -> Result<Download, PageError>;
type SamplePages = fn(&Locale) -> Vec<(&'static str, Box<dyn Page>)>;

/// What a route does.
#[derive(Clone)]
pub(crate) enum Work {
    Page(ReadPage),
    Public(ReadPublic),
    Download(Saved),
    Form(FormWork),
    Draft(DraftWork),
    Returned(Returned),
    Data(ReadData),
}

/// A route that keeps what is typed, with its types forgotten.
#[derive(Clone)]
pub(crate) struct DraftWork {
    pub keep: Kept,
    pub part: ReadPage,
    pub done: fn(&Params) -> String,
    pub again: ReadPage,
}

/// A form route, with its types forgotten.
#[derive(Clone)]
pub(crate) struct FormWork {
    pub command: &'static str,
    pub read: ReadForm,
    pub after: After,
    pub again: ReadPage,
    /// What goes beside the command, never into it.
    pub beside: Beside,
}

/// What a form gives its command beside the body, which is hashed into the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beside {
    Nothing,
    /// The own password.
    Password,
    /// The own second factor.
    Factor,
    /// The own recovery codes.
    RecoveryCodes,
}

impl Beside {
    /// Whether the answer shows a secret that is in force: to who sent the form, not to who sends
    /// it again.
    pub(crate) fn is_shown_once(self) -> bool {
        match self {
            Beside::Factor | Beside::RecoveryCodes => true,
            Beside::Nothing | Beside::Password => false,
        }
    }
}

/// What answers a form that was carried out.
#[derive(Clone)]
pub(crate) enum After {
    /// 303 to the page of the record.
    Redirect(Done),
    /// A page of its own, because what it shows is shown once.
    Page(Answered),
}

/// Makes a page of what was sent and what the command answered.
pub type ReadAnswer<A, P> =
    fn(&Context, &Params, &Form, &A, &mut dyn Connection) -> Result<P, PageError>;

/// How a posted form becomes a command whose answer is a page that no address leads to: it shows
/// what is shown once.
pub struct AnswerHandler<C: Command, P: Page, A: Page> {
    /// As in [`FormHandler`].
    pub read: fn(&Context, &Params, &Form) -> Result<C, Vec<Finding>>,
    /// The page.
    pub page: ReadAnswer<C::Answer, P>,
    /// As in [`FormHandler`].
    pub again: fn(&Context, &Params, &mut dyn Connection) -> Result<A, PageError>,
}

/// How a posted form becomes a command, and what comes after.
pub struct FormHandler<C: Command, P: Page> {
    /// Reads the fields into the command; findings where they do not fit. Looks at nothing but
    /// the form: what needs the record is the command's business.
    pub read: fn(&Context, &Params, &Form) -> Result<C, Vec<Finding>>,
    /// Where to go when it is done: the page of the record.
    pub done: fn(&Context, &Params, &C::Answer) -> String,
    /// The page with the form, shown again with `context.attempt` when it was refused: usually
    /// the same function that shows it first.
    pub again: fn(&Context, &Params, &mut dyn Connection) -> Result<P, PageError>,
}

/// Three functions; a derive would ask the same of `C` and `P`.
impl<C: Command, P: Page> Clone for FormHandler<C, P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Command, P: Page> Copy for FormHandler<C, P> {}

/// How what is typed is kept before it becomes a command.
pub struct DraftHandler<P: Page, A: Page> {
    /// Writes working tables, and nothing else: no command runs and no leaf is left. May run
    /// several times; a refusal keeps nothing.
    pub keep: fn(&Context, &Params, &Form, &mut dyn Connection) -> Result<(), PageError>,
    /// The part of the page that a script puts in its place: what was kept, and what follows.
    pub part: fn(&Context, &Params, &mut dyn Connection) -> Result<P, PageError>,
    /// Where to go without a script: the form again.
    pub done: fn(&Params) -> String,
    /// The page with the form, shown again where nothing was kept.
    pub again: fn(&Context, &Params, &mut dyn Connection) -> Result<A, PageError>,
}

/// OpenAPI schema of what a program reads, and of the types that it names.
pub(crate) struct DataSchema {
    pub answer: RefOr<Schema>,
    pub named: Vec<(String, RefOr<Schema>)>,
}

fn data_schema<T: ToSchema>() -> DataSchema {
    let mut named = Vec::new();
    T::schemas(&mut named);
    DataSchema {
        answer: T::schema(),
        named,
    }
}

/// One address of the product.
#[derive(Clone)]
pub struct Route {
    method: Method,
    path: &'static str,
    policy: Policy,
    work: Work,
    menu: Option<MenuEntry>,
    samples: Option<SamplePages>,
    seals_files: bool,
    schema: Option<fn() -> DataSchema>,
}

impl Route {
    /// A page that is read in one snapshot: `path` as axum writes it, `/rounds/{round}`.
    pub fn page<P: Page + 'static>(
        path: &'static str,
        policy: Policy,
        handler: fn(&Context, &Params, &mut dyn Connection) -> Result<P, PageError>,
    ) -> Route {
        Route {
            method: Method::Get,
            path,
            policy,
            work: Work::Page(boxed(handler)),
            menu: None,
            samples: Some(samples::<P>),
            seals_files: false,
            schema: None,
        }
    }

    /// A page for everybody.
    pub fn public<P: Page + 'static>(
        path: &'static str,
        handler: fn(&PublicContext, &Params, &mut dyn Connection) -> Result<P, PageError>,
    ) -> Route {
        let work =
            move |context: &PublicContext, params: &Params, connection: &mut dyn Connection| {
                handler(context, params, connection).map(|page| Box::new(page) as Box<dyn Page>)
            };
        Route {
            method: Method::Get,
            path,
            policy: Policy::Public,
            work: Work::Public(Arc::new(work)),
            menu: None,
            samples: Some(samples::<P>),
            seals_files: false,
            schema: None,
        }
    }

    /// An address that shows samples, for tests.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn sample(path: &'static str, policy: Policy, work: Work) -> Route {
        Route {
            method: Method::Get,
            path,
            policy,
            work,
            menu: None,
            samples: None,
            seals_files: false,
            schema: None,
        }
    }

    /// Something to be read by a program, below `/api/v1/`: what it answers stands in the OpenAPI
    /// document, and what goes wrong is told as commands tell it.
    pub fn data<T: Serialize + ToSchema + 'static>(
        path: &'static str,
        policy: Policy,
        handler: fn(&Context, &Params, &mut dyn Connection) -> Result<T, PageError>,
    ) -> Route {
        let work = move |context: &Context, params: &Params, connection: &mut dyn Connection| {
            let read = handler(context, params, connection)?;
            serde_json::to_value(read).map_err(|error| PageError::Bug(error.to_string()))
        };
        Route {
            method: Method::Get,
            path,
            policy,
            work: Work::Data(Arc::new(work)),
            menu: None,
            samples: None,
            seals_files: false,
            schema: Some(data_schema::<T>),
        }
    }

    /// The schema of what a program reads here, and those that it names.
    pub(crate) fn schema(&self) -> Option<DataSchema> {
        self.schema.map(|schema| schema())
    }

    /// A file to be saved.
    pub fn download(
        path: &'static str,
        policy: Policy,
        handler: fn(&Context, &Params, &mut dyn Connection) -> Result<Download, PageError>,
    ) -> Route {
        Route {
            method: Method::Get,
            path,
            policy,
            work: Work::Download(Arc::new(handler)),
            menu: None,
            samples: None,
            seals_files: false,
            schema: None,
        }
    }

    /// A list to be saved, as a workbook and as CSV: the addresses of both, which are the page's
    /// with `.xlsx` and `.csv`.
    pub fn table(paths: [&'static str; 2], policy: Policy, handler: ReadTable) -> [Route; 2] {
        let route = |path, format| Route {
            method: Method::Get,
            path,
            policy,
            work: Work::Download(Arc::new(
                move |context: &Context, params: &Params, connection: &mut dyn Connection| {
                    handler(context, params, connection)?.download(&context.l, format)
                },
            )),
            menu: None,
            samples: None,
            seals_files: false,
            schema: None,
        };
        let [workbook, csv] = paths;
        [
            route(workbook, TableFormat::Workbook),
            route(csv, TableFormat::Csv),
        ]
    }

    /// A form that becomes a command. Done: 303 to the record. Refused: the page again, 422, with
    /// what was typed and what was found.
    pub fn form<C: Command, P: Page + 'static>(
        path: &'static str,
        policy: Policy,
        handler: FormHandler<C, P>,
    ) -> Route {
        let FormHandler { read, done, again } = handler;
        let done = move |context: &Context, params: &Params, answer: &Json| {
            let answer = serde_json::from_value(answer.clone())
                .map_err(|error| format!("answer of {}: {error}", C::NAME))?;
            Ok(done(context, params, &answer))
        };
        Route::sends(path, policy, read, After::Redirect(Arc::new(done)), again)
    }

    /// A form whose command is answered in one of two ways.
    fn sends<C: Command, P: Page + 'static>(
        path: &'static str,
        policy: Policy,
        read: fn(&Context, &Params, &Form) -> Result<C, Vec<Finding>>,
        after: After,
        again: fn(&Context, &Params, &mut dyn Connection) -> Result<P, PageError>,
    ) -> Route {
        let read = move |context: &Context, params: &Params, form: &Form| {
            let command = read(context, params, form)?;
            // The id is the form's hidden field; the server puts it in when it has checked it.
            Ok(Envelope::of(kernel::CommandId::default(), &command))
        };
        Route {
            method: Method::Post,
            path,
            policy,
            work: Work::Form(FormWork {
                command: C::NAME,
                read: Arc::new(read),
                after,
                again: boxed(again),
                beside: Beside::Nothing,
            }),
            menu: None,
            samples: Some(samples::<P>),
            seals_files: false,
            schema: None,
        }
    }

    /// A form that becomes a command and is answered with a page of its own: for what is shown
    /// once, and at no other address. Refused: as [`Route::form`].
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a handler is written where its route is, as for the other routes"
    )]
    pub fn answered<C: Command, P: Page + 'static, A: Page + 'static>(
        path: &'static str,
        policy: Policy,
        handler: AnswerHandler<C, P, A>,
    ) -> Route {
        let AnswerHandler { read, page, again } = handler;
        let page = move |context: &Context,
                         params: &Params,
                         form: &Form,
                         answer: &Json,
                         connection: &mut dyn Connection| {
            let answer = serde_json::from_value(answer.clone())
                .map_err(|error| PageError::Bug(format!("answer of {}: {error}", C::NAME)))?;
            page(context, params, form, &answer, connection)
                .map(|page| Box::new(page) as Box<dyn Page>)
        };
        Route {
            samples: Some(samples::<P>),
            ..Route::sends(path, policy, read, After::Page(Arc::new(page)), again)
        }
    }

    /// Keeps what is typed into a form that is not sent yet. The same checks as for a form: origin,
    /// hidden field, limits, policy.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a handler is written where its route is, as for the other routes"
    )]
    pub fn draft<P: Page + 'static, A: Page + 'static>(
        path: &'static str,
        policy: Policy,
        handler: DraftHandler<P, A>,
    ) -> Route {
        let DraftHandler {
            keep,
            part,
            done,
            again,
        } = handler;
        Route {
            method: Method::Post,
            path,
            policy,
            work: Work::Draft(DraftWork {
                keep,
                part: boxed(part),
                done,
                again: boxed(again),
            }),
            menu: None,
            samples: Some(samples::<P>),
            seals_files: false,
            schema: None,
        }
    }

    /// The same form, setting the own password: the fields `password`, `new_password` and `again`,
    /// and `present_code` where the account has a second factor ([`Context::has_factor`]), become an [`access::sign_in::NewPassword`] beside the command.
    #[must_use]
    pub fn sets_password(self) -> Route {
        self.with(Beside::Password)
    }

    /// The same form, setting the own second factor up: the secret that follows from the form
    /// ([`Context::form_secret`]) becomes an [`access::second_factor::NewFactor`] beside the
    /// command, if the field `code` holds its first code.
    #[must_use]
    pub fn sets_factor(self) -> Route {
        self.with(Beside::Factor)
    }

    /// The same form, making recovery codes that follow from it: they become an
    /// [`access::second_factor::NewCodes`] beside the command.
    #[must_use]
    pub fn makes_recovery_codes(self) -> Route {
        self.with(Beside::RecoveryCodes)
    }

    fn with(mut self, beside: Beside) -> Route {
        if let Work::Form(form) = &mut self.work {
            form.beside = beside;
        }
        self
    }

    /// A file made of what a form sent: the sender's own workbook with the wrong cells marked. The
    /// same checks as for a form; nothing changes.
    pub fn returned(path: &'static str, policy: Policy, handler: Returned) -> Route {
        Route {
            method: Method::Post,
            path,
            policy,
            work: Work::Returned(handler),
            menu: None,
            samples: None,
            seals_files: false,
            schema: None,
        }
    }

    /// The same form, whose files are sealed before they come to disk: personal data.
    #[must_use]
    pub fn sealed(mut self) -> Route {
        self.seals_files = true;
        self
    }

    /// Whether its files are sealed.
    pub(crate) fn seals_files(&self) -> bool {
        self.seals_files
    }

    /// The same route with an entry in the side navigation.
    #[must_use]
    pub fn menu(mut self, entry: MenuEntry) -> Route {
        self.menu = Some(entry);
        self
    }

    /// Method.
    pub fn method(&self) -> Method {
        self.method
    }

    /// Pattern of the path.
    pub fn path(&self) -> &'static str {
        self.path
    }

    /// Who may use it.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The command that a form makes.
    pub fn command(&self) -> Option<&'static str> {
        match &self.work {
            Work::Form(form) => Some(form.command),
            _ => None,
        }
    }

    /// Its name in the journal: the command's, or `page.` with the parts of the address.
    pub(crate) fn journal_name(&self) -> String {
        if let Some(command) = self.command() {
            return command.to_owned();
        }
        let parts = self.path.split('/').filter(|part| !part.is_empty());
        let name = parts.fold("page".to_owned(), |name, part| {
            format!("{name}.{}", part.trim_matches(['{', '}']))
        });
        name.chars().take(app::MAX_NAME_BYTES).collect()
    }

    /// Its entry in the side navigation.
    pub fn menu_entry(&self) -> Option<MenuEntry> {
        self.menu
    }

    /// Invented pages of it; none for a download.
    pub fn samples(&self, l: &Locale) -> Vec<(&'static str, Box<dyn Page>)> {
        self.samples.map_or_else(Vec::new, |samples| samples(l))
    }

    pub(crate) fn work(&self) -> &Work {
        &self.work
    }
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} ({})", self.method, self.path, self.policy)
    }
}

fn boxed<P: Page + 'static>(
    handler: fn(&Context, &Params, &mut dyn Connection) -> Result<P, PageError>,
) -> ReadPage {
    Arc::new(
        move |context: &Context, params: &Params, connection: &mut dyn Connection| {
            handler(context, params, connection).map(|page| Box::new(page) as Box<dyn Page>)
        },
    )
}

fn samples<P: Page + 'static>(l: &Locale) -> Vec<(&'static str, Box<dyn Page>)> {
    P::samples(l).into_pages()
}

/// The permission matrix's rows, one a line: `GET /rounds/{round}  score.read on the thing`,
/// sorted; a golden file.
pub fn matrix(routes: &[Route]) -> String {
    let mut lines: Vec<String> = routes
        .iter()
        .map(|route| match route.command() {
            Some(command) => format!(
                "{} {}\t{}\t{command}\n",
                route.method, route.path, route.policy
            ),
            None => format!("{} {}\t{}\n", route.method, route.path, route.policy),
        })
        .collect();
    lines.sort();
    lines.concat()
}
