//! The page that shows a revealed value: to who asked, for five minutes.

use access::Action;
use askama::Template;
use kernel::PersonId;
use store::Connection;
use web::{Context, Head, Locale, Page, PageError, Params, Policy, Route, Samples};

use crate::{
    people,
    person_reveal::{self, Reveal, RevealId},
    personal, sample,
};

/// A revealed value.
#[derive(Template)]
#[template(path = "reveal_page.html")]
pub struct RevealPage {
    l: Locale,
    name: String,
    reveal: Reveal,
    /// `None` once the time is over, or for anybody else.
    value: Option<String>,
}

/// Prints nothing of the value.
impl std::fmt::Debug for RevealPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RevealPage")
            .field("reveal", &self.reveal.reveal)
            .finish_non_exhaustive()
    }
}

/// The route.
pub(crate) fn route() -> Route {
    let policy = Policy::On(Action::PersonReveal, |c, p, connection| {
        people::target(c, p, connection, Action::PersonReveal)
    });
    Route::page("/people/{person}/reveals/{reveal}", policy, page)
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<RevealPage, PageError> {
    let tenant = context.tenant;
    let (person, reveal) = (
        params.parse::<PersonId>("person")?,
        params.parse::<RevealId>("reveal")?,
    );
    let found = person_reveal::get(connection, tenant, reveal)?;
    let reveal = found
        .filter(|found| found.person == person)
        .ok_or(PageError::NotFound)?;
    let viewer = context.subject.person;
    let value = person_reveal::open(
        context.app(),
        connection,
        tenant,
        &reveal,
        viewer,
        context.now,
    )
    .map_err(personal::unreadable)?;
    Ok(RevealPage {
        name: directory::person::name(connection, tenant, person)?.unwrap_or_default(),
        value,
        reveal,
        l: context.l.clone(),
    })
}

impl Page for RevealPage {
    fn head(&self) -> Head {
        Head::new(&self.name)
    }

    fn samples(l: &Locale) -> Samples<RevealPage> {
        let page = |name: &str, value: Option<&str>| RevealPage {
            l: l.clone(),
            name: name.to_owned(),
            reveal: sample::reveal(),
            value: value.map(str::to_owned),
        };
        Samples {
            ordinary: page("陈国平", Some("13800138000")),
            longest: page("阿卜杜热合曼·买买提吐尔逊江", Some("+8613800138000")),
            empty: Some(page("陈国平", None)),
            with_error: None,
        }
    }
}
