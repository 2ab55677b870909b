//! The frame around a page: navigation, top bar, banner of a demonstration, footer.

use access::Action;
use askama::Template;
use kernel::Instant;

use crate::menu::MenuPart;
use crate::{
    Context, Demo, Density, Display, Head, Locale, Page, PublicContext, Shell, TextSize, Theme,
};

/// Who runs this installation: what the footer and the contact page say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Site {
    /// The office that runs it (主办单位).
    pub sponsor: String,
    /// Filing number of the site (备案号); empty where there is none.
    pub filing: String,
    /// Telephone for suggestions and complaints.
    pub telephone: String,
    /// Postal address.
    pub address: String,
    /// Under which address people open the site, `https://xingcun.example.gov.cn`: for what is
    /// printed.
    pub url: String,
}

/// What every frame shows.
pub(crate) struct Frame<'a> {
    pub head: Head,
    pub site: &'a Site,
    pub display: Display,
    pub now: Instant,
    pub demo: Option<&'a Demo>,
    /// Path and query of the page.
    pub address: &'a str,
    /// Whether the visitor may move the clock of a demonstration.
    pub moves_clock: bool,
    /// Name of the person signed in.
    pub person: Option<&'a str>,
    pub menu: Vec<MenuPart>,
    pub csrf: &'a str,
    /// Whether a feature brings the own page, `/me`.
    pub has_own_page: bool,
    /// Whether a feature brings the search page, `/search?q=`.
    pub has_search: bool,
    /// The program's version.
    pub version: &'static str,
}

/// One of the display settings as buttons.
pub(crate) struct DisplayGroup {
    pub name: &'static str,
    pub text: &'static str,
    pub choices: Vec<DisplayChoice>,
}

pub(crate) struct DisplayChoice {
    pub value: &'static str,
    pub text: &'static str,
    pub on: bool,
}

impl Frame<'_> {
    fn is_wall(&self) -> bool {
        self.head.shell == Shell::Wall
    }

    /// A wall is dark: it hangs in a room for many people and shines all day.
    fn theme(&self) -> &'static str {
        if self.is_wall() {
            return Theme::Dark.attribute();
        }
        self.display.theme.attribute()
    }

    /// When the page was made, for a screen that nobody reloads.
    fn minute(&self, l: &Locale) -> String {
        l.minute(self.now)
    }

    /// Pages for everybody stand roomier, unless the visitor chose.
    fn density(&self) -> &'static str {
        match (self.display.density, self.head.shell) {
            (Density::Automatic, Shell::Public) => Density::Roomy.attribute(),
            (density, _) => density.attribute(),
        }
    }

    fn text_size(&self) -> &'static str {
        self.display.text.attribute()
    }

    fn display_groups(&self) -> Vec<DisplayGroup> {
        let theme = |theme: Theme, text| DisplayChoice {
            value: theme.attribute(),
            text,
            on: self.display.theme == theme,
        };
        let size = |size: TextSize, text| DisplayChoice {
            value: size.attribute(),
            text,
            on: self.display.text == size,
        };
        let density = |density: Density, text| DisplayChoice {
            value: density.attribute(),
            text,
            on: self.display.density == density,
        };
        vec![
            DisplayGroup {
                name: "text",
                text: "shell-text-size",
                choices: vec![
                    size(TextSize::Standard, "shell-text-standard"),
                    size(TextSize::Large, "shell-text-large"),
                    size(TextSize::Larger, "shell-text-larger"),
                    size(TextSize::Largest, "shell-text-largest"),
                ],
            },
            DisplayGroup {
                name: "theme",
                text: "shell-theme",
                choices: vec![
                    theme(Theme::Automatic, "shell-theme-automatic"),
                    theme(Theme::Light, "shell-theme-light"),
                    theme(Theme::Dark, "shell-theme-dark"),
                ],
            },
            DisplayGroup {
                name: "density",
                text: "shell-density",
                choices: vec![
                    density(Density::Automatic, "shell-density-automatic"),
                    density(Density::Compact, "shell-density-compact"),
                    density(Density::Roomy, "shell-density-roomy"),
                ],
            },
        ]
    }
}

#[derive(Template)]
#[template(path = "shell/office.html")]
struct Office<'a> {
    l: &'a Locale,
    frame: Frame<'a>,
    body: &'a str,
}

#[derive(Template)]
#[template(path = "shell/public.html")]
struct Public<'a> {
    l: &'a Locale,
    frame: Frame<'a>,
    body: &'a str,
}

#[derive(Template)]
#[template(path = "shell/narrow.html")]
struct Narrow<'a> {
    l: &'a Locale,
    frame: Frame<'a>,
    body: &'a str,
}

#[derive(Template)]
#[template(path = "shell/wall.html")]
struct Wall<'a> {
    l: &'a Locale,
    frame: Frame<'a>,
    body: &'a str,
}

/// Who looks at a page.
#[derive(Clone, Copy)]
pub(crate) enum Viewer<'a> {
    /// Anybody.
    Public(&'a PublicContext),
    /// Somebody signed in, with the menu.
    SignedIn(&'a Context, &'a [crate::Route]),
}

impl<'a> Viewer<'a> {
    /// What is known of any request.
    pub fn public(self) -> &'a PublicContext {
        match self {
            Viewer::Public(context) => context,
            Viewer::SignedIn(context, _) => &context.public,
        }
    }
}

/// The whole document, or only what htmx swaps: the part inside `<main>` with its title.
pub(crate) fn document(
    page: &dyn Page,
    viewer: Viewer<'_>,
    site: &Site,
) -> Result<String, askama::Error> {
    let mut head = page.head();
    let rendered = page.dyn_render()?;
    let body = crate::field_names::name_fields(&rendered);
    let context = viewer.public();
    let l = &context.l;
    if context.is_fragment {
        let title = askama::filters::escape(&head.title, askama::filters::Html)?.to_string();
        return Ok(format!(
            "<title>{title} · {}</title>{body}",
            l.text("product")
        ));
    }
    let (person, menu) = match viewer {
        Viewer::Public(_) => (None, Vec::new()),
        Viewer::SignedIn(context, routes) => (
            Some(context.name.as_str()),
            crate::menu::menu(routes, context),
        ),
    };
    if person.is_none() && matches!(head.shell, Shell::Office | Shell::Wall) {
        head.shell = Shell::Public;
    }
    let shell = head.shell;
    let frame = Frame {
        head,
        site,
        display: context.display,
        now: context.now,
        demo: context.demo.as_ref(),
        address: &context.address,
        moves_clock: match viewer {
            Viewer::Public(_) => false,
            Viewer::SignedIn(context, _) => context.holds_whole(Action::DemoAdvanceClock),
        },
        person,
        menu,
        csrf: &context.csrf,
        has_own_page: brings(viewer, "/me"),
        has_search: brings(viewer, "/search"),
        version: env!("CARGO_PKG_VERSION"),
    };
    let body = body.as_ref();
    match shell {
        Shell::Office => Office { l, frame, body }.render(),
        Shell::Public => Public { l, frame, body }.render(),
        Shell::Narrow => Narrow { l, frame, body }.render(),
        Shell::Wall => Wall { l, frame, body }.render(),
    }
}

/// Whether the viewer's site has a page at an address that the frame links to.
fn brings(viewer: Viewer<'_>, path: &str) -> bool {
    match viewer {
        Viewer::Public(_) => false,
        Viewer::SignedIn(_, routes) => routes.iter().any(|route| route.path() == path),
    }
}
