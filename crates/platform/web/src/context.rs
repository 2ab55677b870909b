//! Who asks, in which language, at what instant: what every handler is given.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use access::{Action, Subject};
use app::{App, PanelQuestion};
use kernel::{CommandId, Day, Id, Instant, Tenant};
use sha2::{Digest, Sha256};

use crate::{Attempt, Display, Form, Locale, PageError, Site};

/// What a demonstration shows in its banner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demo {
    /// Path of the page that moves the business clock forward; empty where there is none.
    pub clock_page: String,
}

/// A request of anybody, signed in or not.
#[derive(Clone)]
pub struct PublicContext {
    /// Texts in the visitor's language.
    pub l: Locale,
    /// The governed area.
    pub tenant: Tenant,
    /// The business clock at the start of the request.
    pub now: Instant,
    /// Trace number: stands in the log and on error pages.
    pub request: String,
    /// Path and query of the request, for links back to it.
    pub address: String,
    /// How pages should look.
    pub display: Display,
    /// Whether htmx asks for the part inside `<main>` only.
    pub is_fragment: bool,
    /// Set in a folder made by `demo`.
    pub demo: Option<Demo>,
    /// The refused attempt that this page answers; empty on a first visit.
    pub attempt: Attempt,
    /// Who runs the installation.
    pub site: Arc<Site>,
    pub(crate) csrf: String,
    pub(crate) ids: Ids,
    pub(crate) app: Option<App>,
}

/// Ids of the forms of one answer: derived from one draw, so that a page needs no randomness.
#[derive(Clone)]
pub(crate) struct Ids {
    seed: [u8; 32],
    drawn: Arc<AtomicU64>,
}

impl Ids {
    /// The ids that follow from a seed.
    pub fn new(seed: [u8; 32]) -> Ids {
        Ids {
            seed,
            drawn: Arc::default(),
        }
    }

    /// Thirty-two bytes, other ones at each call.
    pub fn draw(&self) -> [u8; 32] {
        app::clock::derive(&self.seed, self.drawn.fetch_add(1, Ordering::Relaxed))
    }
}

impl std::fmt::Debug for PublicContext {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PublicContext")
            .field("tenant", &self.tenant)
            .field("request", &self.request)
            .finish_non_exhaustive()
    }
}

/// What a form carries in hidden fields; a fresh one for every form of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormStart {
    /// Proves that the page came from us.
    pub csrf: String,
    /// The command's id: sending the form twice does it once.
    pub id: CommandId,
}

impl PublicContext {
    /// The program, for measures, references and stored files.
    ///
    /// # Panics
    ///
    /// In a context made by [`crate::testing::public_context`], which has no program behind it.
    pub fn app(&self) -> &App {
        self.app
            .as_ref()
            .expect("every request of the server has the program")
    }

    /// The business day.
    pub fn today(&self) -> Day {
        self.now.day()
    }

    /// Hidden fields for one form; `{% call form::start(save) %}{% endcall %}` writes them.
    pub fn form(&self) -> FormStart {
        let drawn = self.ids.draw();
        let mut random = [0; 10];
        random.copy_from_slice(&drawn[..10]);
        FormStart {
            csrf: self.csrf.clone(),
            id: CommandId(Id::new(self.now.0, random)),
        }
    }
}

/// A request of somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Context {
    /// What is known of any request.
    pub public: PublicContext,
    /// The person's name, for the top bar.
    pub name: String,
    /// The person with the grants in force today: what [`access::decide`] judges.
    pub subject: Subject,
    /// Whether a new password must be set before anything else.
    pub(crate) must_change_password: bool,
    /// Whether the account has a second factor.
    pub(crate) has_factor: bool,
    /// Whether a second factor must be set up before anything else.
    pub(crate) must_set_factor: bool,
}

/// Everything of a public request may be asked of a signed-in one: `context.l`, `context.now`.
impl std::ops::Deref for Context {
    type Target = PublicContext;

    fn deref(&self) -> &PublicContext {
        &self.public
    }
}

impl Context {
    /// Whether the rules of sign-in want a new password before anything else.
    pub fn must_change_password(&self) -> bool {
        self.must_change_password
    }

    /// Whether a role in force asks for a second factor that is not set up.
    pub fn must_set_factor(&self) -> bool {
        self.must_set_factor
    }

    /// Whether the account has a second factor: where the password is asked, the code is too.
    pub fn has_factor(&self) -> bool {
        self.has_factor
    }

    /// What the person must do before anything else; nothing at the address where it is done.
    pub(crate) fn nothing_due(&self, path: &str) -> Result<(), PageError> {
        if self.must_change_password {
            return match path {
                crate::OWN_PASSWORD_PAGE => Ok(()),
                _ => Err(PageError::MustChangePassword),
            };
        }
        if self.must_set_factor && path != crate::OWN_FACTOR_PAGE {
            return Err(PageError::MustSetFactor);
        }
        Ok(())
    }

    /// Whether the action is allowed in the whole tenant: for links to what belongs to no place.
    pub fn holds_whole(&self, action: Action) -> bool {
        self.subject.may_in_whole(action, self.today()).is_ok()
    }

    /// What the pieces of other features are asked: everything of the visitor, about no village and
    /// without a search.
    pub fn question(&self) -> PanelQuestion<'_> {
        PanelQuestion {
            tenant: self.tenant,
            subject: &self.subject,
            now: self.now,
            profile: self.app().profile(),
            village: None,
            words: "",
        }
    }

    /// Hidden fields of a form that is the same one whenever its page is opened again in this
    /// session: whoever comes back finds what was offered before. `what` says which form, and
    /// changes once it has done its work.
    pub fn held_form(&self, what: &str) -> FormStart {
        let mut hash = Sha256::new();
        hash.update(b"xingcun held form 1\0");
        hash.update(self.app().keys().idempotency());
        hash.update(self.subject.account.0.as_bytes());
        hash.update(self.public.csrf.as_bytes());
        hash.update([0]);
        hash.update(what.as_bytes());
        let mut random = [0; 10];
        random.copy_from_slice(&hash.finalize()[..10]);
        FormStart {
            csrf: self.public.csrf.clone(),
            id: CommandId(Id::new(0, random)),
        }
    }

    /// Thirty-two bytes that nobody can guess and that are kept nowhere: the same ones whenever
    /// the same form of the same account is sent again.
    pub fn form_secret(&self, form: &Form) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"xingcun form secret 1\0");
        hash.update(self.app().keys().idempotency());
        hash.update(self.tenant.0.to_be_bytes());
        hash.update(self.subject.account.0.as_bytes());
        hash.update(form.text("command_id").as_bytes());
        hash.finalize().into()
    }

    /// Whether some grant in force allows the action at some place: for menus and for buttons
    /// that lead to lists. What is done to one thing is decided with that thing.
    pub fn holds(&self, action: Action) -> bool {
        self.subject.may_anywhere(action, self.today()).is_ok()
    }
}
