//! The journal's page for auditors: the newest signed checkpoint.

use access::Action;
use app::sealer::{self, LastCheckpoint};
use askama::Template;
use store::Connection;
use web::{
    Context, Head, Locale, MenuEntry, MenuGroup, Page, PageError, Params, Policy, Route, Samples,
};

use crate::sample;

/// The journal's page.
#[derive(Debug, Template)]
#[template(path = "journal_page.html")]
pub struct JournalPage {
    l: Locale,
    checkpoint: Option<LastCheckpoint>,
    sees_denials: bool,
}

/// The route.
pub(crate) fn route() -> Route {
    Route::page("/journal", Policy::Whole(Action::JournalRead), page).menu(MenuEntry {
        group: MenuGroup::Foundation,
        order: 6,
        icon: "check",
        text: "journal-title",
    })
}

fn page(
    context: &Context,
    _: &Params,
    connection: &mut dyn Connection,
) -> Result<JournalPage, PageError> {
    Ok(JournalPage {
        checkpoint: sealer::last_checkpoint(connection, context.tenant)?,
        sees_denials: context.holds_whole(Action::DenialRead),
        l: context.l.clone(),
    })
}

impl Page for JournalPage {
    fn head(&self) -> Head {
        Head::new(self.l.text("journal-title"))
    }

    fn samples(l: &Locale) -> Samples<JournalPage> {
        let note =
            "xingcun/0a1b2c3d4e5f/1/sha256\n1024\nqTZjv0Zq2lB2s5N1mC0a6n8y7x5w4v3u2t1s0r9q8p0=\n";
        let page = |size: Option<u64>| JournalPage {
            l: l.clone(),
            checkpoint: size.map(|size| LastCheckpoint {
                size,
                at: sample::now(),
                note: note.to_owned(),
            }),
            sees_denials: true,
        };
        Samples {
            ordinary: page(Some(1024)),
            longest: page(Some(9_876_543_210)),
            empty: Some(page(None)),
            with_error: None,
        }
    }
}
