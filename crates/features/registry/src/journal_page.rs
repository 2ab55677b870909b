//! The journal's page for auditors: the newest signed checkpoint, and refused attempts.

use access::Action;
use app::sealer::{self, LastCheckpoint};
use askama::Template;
use kernel::{Instant, PersonId};
use store::{Connection, values};
use web::{Context, Head, Locale, MenuEntry, MenuGroup, Page, PageError, Params, Policy, Route, Samples};

use crate::sample;

store::statements! {
    /// Refused attempts, newest first.
    SELECT_DENIALS = "SELECT at, person, name, action, reason FROM denial WHERE tenant = $1 \
                      ORDER BY at DESC, command LIMIT 200";
}

/// The journal's page.
#[derive(Debug, Template)]
#[template(path = "journal_page.html")]
pub struct JournalPage {
    l: Locale,
    checkpoint: Option<LastCheckpoint>,
    denials: Vec<Denial>,
    now: Instant,
}

/// A refused attempt.
#[derive(Debug)]
struct Denial {
    at: Instant,
    person: String,
    name: String,
    action: String,
    reason: String,
}

/// The route.
pub(crate) fn route() -> Route {
    Route::page("/journal", Policy::Holds(Action::JournalRead), page).menu(MenuEntry {
        group: MenuGroup::Foundation,
        order: 5,
        icon: "seal",
        text: "journal-title",
    })
}

fn page(
    context: &Context,
    _: &Params,
    connection: &mut dyn Connection,
) -> Result<JournalPage, PageError> {
    let tenant = context.tenant;
    let mut rows = Vec::new();
    if context.holds(Action::DenialRead) {
        rows = connection.all(&SELECT_DENIALS, &values![tenant], |row| {
            let person: Option<PersonId> = row.optional_id(1)?;
            let words = [row.text(2)?.to_owned(), row.text(3)?.to_owned(), row.text(4)?.to_owned()];
            Ok((Instant(row.int(0)?), person, words))
        })?;
    }
    let mut denials = Vec::with_capacity(rows.len());
    for (at, person, [name, action, reason]) in rows {
        let person = match person {
            None => None,
            Some(person) => directory::person::name(connection, tenant, person)?,
        };
        denials.push(Denial { at, person: person.unwrap_or_default(), name, action, reason });
    }
    Ok(JournalPage {
        l: context.l.clone(),
        checkpoint: sealer::last_checkpoint(connection, tenant)?,
        denials,
        now: context.now,
    })
}

impl Page for JournalPage {
    fn head(&self) -> Head {
        Head::new(self.l.text("journal-title"))
    }

    fn samples(l: &Locale) -> Samples<JournalPage> {
        let denial = |person: &str| Denial {
            at: sample::now(),
            person: person.to_owned(),
            name: "section.verify".to_owned(),
            action: "score.verify".to_owned(),
            reason: "access-separation-of-duties".to_owned(),
        };
        let note = "xingcun/0a1b2c3d4e5f/1/sha256\n1024\nqTZjv0Zq2lB2s5N1mC0a6n8y7x5w4v3u2t1s0r9q8p0=\n";
        let page = |checkpoint: bool, denials| JournalPage {
            l: l.clone(),
            checkpoint: checkpoint.then(|| LastCheckpoint {
                size: 1024,
                at: sample::now(),
                note: note.to_owned(),
            }),
            denials,
            now: sample::now(),
        };
        Samples {
            ordinary: page(true, vec![denial("王建国")]),
            longest: page(true, vec![denial("阿卜杜热合曼·买买提吐尔逊江")]),
            empty: Some(page(false, Vec::new())),
            with_error: None,
        }
    }
}
