//! A page: a struct whose fields are its contract and whose template stands beside it.

use crate::Locale;

/// Which frame a page is shown in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shell {
    /// Side navigation, top bar, context bar: for those who are signed in. A visitor who is not
    /// gets [`Shell::Public`] instead.
    #[default]
    Office,
    /// One column for everybody: notice-board pages.
    Public,
    /// A narrow column with nothing but the page: sign-in.
    Narrow,
    /// The whole screen without navigation, dark and large: a screen on a wall.
    Wall,
}

/// How long an answer may be kept by browser and proxy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cache {
    /// Not at all; whatever depends on who asks.
    #[default]
    Never,
    /// By anybody, for so many seconds; public pages only.
    Public {
        /// Seconds.
        seconds: u32,
    },
}

/// One choice of a list of links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it says; already in the visitor's language.
    pub label: String,
    /// Where it leads, within the product.
    pub href: String,
    /// Whether it is what is shown now.
    pub current: bool,
}

impl Link {
    /// A link.
    pub fn to(href: impl Into<String>, label: impl Into<String>) -> Link {
        Link {
            label: label.into(),
            href: href.into(),
            current: false,
        }
    }

    /// The same link, marked as what is shown now.
    #[must_use]
    pub fn current(mut self, current: bool) -> Link {
        self.current = current;
        self
    }
}

/// The context bar of an office page: for which place and which period, as links that change it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContextBar {
    /// Places to choose from; with one or none there is nothing to choose.
    pub places: Vec<Link>,
    /// Periods to choose from.
    pub periods: Vec<Link>,
}

impl ContextBar {
    /// What the bar says of the place.
    pub fn place(&self) -> &str {
        shown(&self.places)
    }

    /// What the bar says of the period.
    pub fn period(&self) -> &str {
        shown(&self.periods)
    }
}

fn shown(links: &[Link]) -> &str {
    links
        .iter()
        .find(|link| link.current)
        .or(links.first())
        .map_or("", |link| link.label.as_str())
}

/// What a page says about itself: title, status, caching, frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Title of the window, in the page's language, without the product's name.
    pub title: String,
    /// HTTP status, 200 unless said otherwise.
    pub status: u16,
    /// How long it may be kept.
    pub cache: Cache,
    /// Its frame.
    pub shell: Shell,
    /// Place and period.
    pub bar: ContextBar,
}

impl Head {
    /// An office page with status 200 that nobody keeps.
    pub fn new(title: impl std::fmt::Display) -> Head {
        Head {
            title: title.to_string(),
            status: 200,
            cache: Cache::Never,
            shell: Shell::Office,
            bar: ContextBar::default(),
        }
    }

    /// The same head with another status.
    #[must_use]
    pub fn status(mut self, status: u16) -> Head {
        self.status = status;
        self
    }

    /// The same head, kept differently.
    #[must_use]
    pub fn cache(mut self, cache: Cache) -> Head {
        self.cache = cache;
        self
    }

    /// The same head in another frame.
    #[must_use]
    pub fn shell(mut self, shell: Shell) -> Head {
        self.shell = shell;
        self
    }

    /// The same head with place and period.
    #[must_use]
    pub fn bar(mut self, bar: ContextBar) -> Head {
        self.bar = bar;
        self
    }
}

/// A page. Its template writes what stands inside `<main>`; the frame around it is ours. What
/// htmx swaps is the same text without the frame.
pub trait Page: askama::DynTemplate + Send {
    /// Title, status, caching, frame.
    fn head(&self) -> Head;

    /// Invented pages of this kind, from which one test renders every page in both languages.
    fn samples(l: &Locale) -> Samples<Self>
    where
        Self: Sized;
}

/// The four states in which every page must look right. `None` where a page cannot be in it.
#[derive(Debug)]
pub struct Samples<P> {
    /// An ordinary day.
    pub ordinary: P,
    /// The longest names and figures that can occur (a place of 20 characters, a minority name
    /// with dots, an amount in the hundreds of millions).
    pub longest: P,
    /// With nothing in it yet.
    pub empty: Option<P>,
    /// After a refused attempt.
    pub with_error: Option<P>,
}

impl<P: Page + 'static> Samples<P> {
    /// The samples with their names, as pages of any kind.
    pub fn into_pages(self) -> Vec<(&'static str, Box<dyn Page>)> {
        let some = |name, page: P| (name, Box::new(page) as Box<dyn Page>);
        let mut pages = vec![
            some("ordinary", self.ordinary),
            some("longest", self.longest),
        ];
        pages.extend(self.empty.map(|page| some("empty", page)));
        pages.extend(self.with_error.map(|page| some("with-error", page)));
        pages
    }
}
