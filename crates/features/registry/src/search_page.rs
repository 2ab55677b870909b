//! Search: what every feature finds for the words that were typed, as far as the visitor may see.

use app::{Panel, PanelQuestion, PanelSlot};
use askama::Template;
use store::Connection;
use web::{Context, Head, Locale, Page, PageError, PanelTexts, Params, Policy, Route, Samples};

use crate::{listing, sample};

/// The page of search.
#[derive(Debug, Template)]
#[template(path = "search_page.html")]
pub struct SearchPage {
    l: Locale,
    words: String,
    groups: Vec<Group>,
}

/// What one panel found.
#[derive(Debug)]
struct Group {
    /// Key of the heading.
    title: &'static str,
    /// Text and link.
    lines: Vec<(String, String)>,
}

/// The route.
pub(crate) fn route() -> Route {
    Route::page("/search", Policy::SignedIn, page)
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<SearchPage, PageError> {
    let words = listing::words(params);
    let question = PanelQuestion {
        words: &words,
        ..context.question()
    };
    let mut groups = Vec::new();
    if !words.is_empty() {
        for panel in context.app().panels(PanelSlot::Search) {
            let lines = lines(context, connection, panel, &question)?;
            if !lines.is_empty() {
                groups.push(Group {
                    title: panel.title,
                    lines,
                });
            }
        }
    }
    Ok(SearchPage {
        l: context.l.clone(),
        words,
        groups,
    })
}

/// The lines of a panel in the visitor's language, with their links.
pub(crate) fn lines(
    context: &Context,
    connection: &mut dyn Connection,
    panel: &Panel,
    question: &PanelQuestion<'_>,
) -> Result<Vec<(String, String)>, PageError> {
    let mut texts = PanelTexts::of(context);
    let mut lines = Vec::new();
    for item in (panel.items)(connection, question)? {
        let text = texts.line(connection, item.text, &item.args)?;
        lines.push((text, item.link));
    }
    Ok(lines)
}

impl Page for SearchPage {
    fn head(&self) -> Head {
        Head::new(self.l.text("search-title"))
    }

    fn samples(l: &Locale) -> Samples<SearchPage> {
        let page = |words: &str, found: &[&str]| SearchPage {
            l: l.clone(),
            words: words.to_owned(),
            groups: if found.is_empty() {
                Vec::new()
            } else {
                let line = |name: &&str| ((*name).to_owned(), "/places".to_owned());
                vec![Group {
                    title: "places-title",
                    lines: found.iter().map(line).collect(),
                }]
            },
        };
        Samples {
            ordinary: page("柳湾", &["柳湾村 · 379901100201"]),
            longest: page("mlc", &[sample::LONGEST_PLACE]),
            empty: Some(page("无此村", &[])),
            with_error: None,
        }
    }
}
