//! Every page's samples, rendered in both languages and checked.

use std::sync::Arc;

use kernel::{Instant, Tenant};

use crate::frame::{Viewer, document};
use crate::testing::check_markup;
use crate::{
    Attempt, Catalogue, Demo, Display, FeatureWeb, Language, Locale, Page, PublicContext, Site,
};

/// A request of nobody in particular, for tests.
pub fn public_context(l: Locale) -> PublicContext {
    PublicContext {
        l,
        tenant: Tenant(1),
        now: Instant(1_791_940_800_000),
        request: "0198f2c47b1a".to_owned(),
        address: "/sample".to_owned(),
        display: Display::default(),
        is_fragment: false,
        demo: Some(Demo {
            clock_page: "/demo/clock".to_owned(),
        }),
        attempt: Attempt::default(),
        site: Arc::default(),
        csrf: "sample".to_owned(),
        ids: crate::context::Ids::new([7; 32]),
        app: None,
    }
}

/// One page as a whole document, for everybody.
///
/// # Panics
///
/// If the page's template fails.
pub fn render_page(page: &dyn Page, l: &Locale) -> String {
    let site = Site {
        sponsor: "Yunling County Party Committee Organisation Department".to_owned(),
        filing: "ICP 00000000-1".to_owned(),
        ..Site::default()
    };
    let context = public_context(l.clone());
    document(page, Viewer::Public(&context), &site).expect("a sample renders")
}

/// Renders every sample of every route in both languages and checks the markup. Gives
/// `(path and sample, language, document)` for whatever else a test wants of them.
///
/// # Panics
///
/// If a page breaks a rule; the message lists all of them.
pub fn render_all(features: &[FeatureWeb]) -> Vec<(String, Language, String)> {
    let locales: Vec<_> = features.iter().map(|feature| feature.locales).collect();
    let catalogue = Catalogue::new(&locales).expect("the texts are sound");
    let mut documents = Vec::new();
    let mut problems = Vec::new();
    for language in Language::ALL {
        let l = catalogue.locale(language);
        for route in features.iter().flat_map(|feature| &feature.routes) {
            for (sample, page) in route.samples(&l) {
                let name = format!("{route:?} {sample}");
                let html = render_page(page.as_ref(), &l);
                let found = check_markup(&html, language);
                problems.extend(
                    found
                        .into_iter()
                        .map(|problem| format!("{name}, {}: {problem}", language.tag())),
                );
                documents.push((name, language, html));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    documents
}
