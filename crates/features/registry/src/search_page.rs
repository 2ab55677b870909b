//! Search: what every feature finds for the words that were typed, as far as the visitor may see.

use app::{PanelItem, PanelQuestion, PanelSlot};
use askama::Template;
use store::Connection;
use web::{Context, Head, Locale, Page, PageError, Params, Policy, Route, Samples};

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
            let found = (panel.items)(connection, &question)?;
            if !found.is_empty() {
                let lines = found
                    .into_iter()
                    .map(|item| line(&context.l, item))
                    .collect();
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

/// A panel's line in the visitor's language, with its link.
pub(crate) fn line(l: &Locale, item: PanelItem) -> (String, String) {
    let text = item
        .args
        .into_iter()
        .fold(l.text(item.text), |text, (name, value)| {
            text.arg(name, value)
        });
    (text.to_string(), item.link)
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
