//! One entry of the journal: what it says, word for word, and the proof that it is in the tree.

use access::Action;
use app::journal_read::{self, Inclusion};
use askama::Template;
use journal::Hash256;
use store::Connection;
use web::{Context, Head, Locale, Page, PageError, Params, Policy, Route, Samples};

use crate::{
    journal_words::{Teller, Told},
    sample,
};

/// The page of an entry.
#[derive(Debug, Template)]
#[template(path = "journal_entry.html")]
pub struct JournalEntry {
    l: Locale,
    entry: Told,
    command: String,
    /// The leaf's canonical bytes.
    text: String,
    proof: Option<Inclusion>,
}

/// The route.
pub(crate) fn route() -> Route {
    Route::page(
        "/journal/entries/{command}",
        Policy::Whole(Action::JournalRead),
        page,
    )
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<JournalEntry, PageError> {
    let found = journal_read::of_command(connection, context.tenant, params.parse("command")?)?;
    let found = found.ok_or(PageError::NotFound)?;
    Ok(JournalEntry {
        entry: Teller::of(context).told(connection, &found)?,
        command: found.leaf.command.to_string(),
        proof: journal_read::inclusion(connection, context.tenant, &found)?,
        text: found.text,
        l: context.l.clone(),
    })
}

impl Page for JournalEntry {
    fn head(&self) -> Head {
        Head::new(&self.entry.what)
    }

    fn samples(l: &Locale) -> Samples<JournalEntry> {
        let page = |entry: Told, proof| JournalEntry {
            l: l.clone(),
            entry,
            command: sample::start().id.to_string(),
            text: "{\"actor\":{\"account\":null},\"at\":1791940800000,\"body\":{}}".to_owned(),
            proof,
        };
        let proof = |holds| Inclusion {
            number: 1023,
            hash: Hash256([7; 32]),
            size: 1024,
            root: Hash256([9; 32]),
            path: vec![Hash256([1; 32]); 10],
            holds,
        };
        let ordinary = sample::told(l, "陈国平", "柳湾村");
        let longest = sample::told(l, "阿卜杜热合曼·买买提吐尔逊江", sample::LONGEST_PLACE);
        Samples {
            empty: Some(page(ordinary.clone(), None)),
            with_error: Some(page(ordinary.clone(), Some(proof(false)))),
            ordinary: page(ordinary, Some(proof(true))),
            longest: page(longest, Some(proof(true))),
        }
    }
}
