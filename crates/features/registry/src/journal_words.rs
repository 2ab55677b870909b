//! Entries of the journal in words: who, what, about what.

use std::collections::BTreeMap;

use access::{Resource, decide};
use app::journal_read::Entry;
use directory::person;
use journal::{Outcome, Via};
use kernel::{Id, Instant, PersonId};
use store::Connection;
use web::{Context, PageError};

/// An entry as the list and its page show it.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub at: Instant,
    /// The entry's page.
    pub href: String,
    /// Who acted; empty for what the product did by rule.
    pub who: String,
    /// For whom, by delegation; empty else.
    pub on_behalf: String,
    /// What, in words.
    pub what: String,
    /// The command's name.
    pub name: String,
    /// What it was about, as far as the visitor may see it: title and link.
    pub about: Vec<(String, String)>,
    /// Keys of the texts of skin and outcome.
    pub via: &'static str,
    pub outcome: &'static str,
    pub chip: &'static str,
    pub number: Option<u64>,
}

/// Puts entries into words; names are looked up once.
pub(crate) struct Teller<'c> {
    context: &'c Context,
    names: BTreeMap<PersonId, String>,
}

impl<'c> Teller<'c> {
    pub fn of(context: &'c Context) -> Teller<'c> {
        Teller {
            context,
            names: BTreeMap::new(),
        }
    }

    /// A person's name; empty for nobody.
    pub fn name(
        &mut self,
        connection: &mut dyn Connection,
        who: Option<PersonId>,
    ) -> Result<String, PageError> {
        let Some(who) = who else {
            return Ok(String::new());
        };
        if let Some(known) = self.names.get(&who) {
            return Ok(known.clone());
        }
        let name = person::name(connection, self.context.tenant, who)?.unwrap_or_default();
        self.names.insert(who, name.clone());
        Ok(name)
    }

    pub fn told(
        &mut self,
        connection: &mut dyn Connection,
        entry: &Entry,
    ) -> Result<Told, PageError> {
        let leaf = &entry.leaf;
        let (outcome, chip) = match leaf.outcome {
            Outcome::Accepted => ("journal-accepted", "line"),
            Outcome::Denied => ("journal-denied", "4"),
            Outcome::Revealed => ("journal-revealed", "info"),
        };
        Ok(Told {
            at: leaf.at,
            href: format!("/journal/entries/{}", leaf.command),
            who: self.name(connection, leaf.actor.person)?,
            on_behalf: self.name(connection, leaf.actor.on_behalf)?,
            what: self.context.l.deed(&leaf.name),
            name: leaf.name.clone(),
            about: self.about(connection, entry)?,
            via: match leaf.via {
                Via::Browser => "journal-via-browser",
                Via::Api => "journal-via-api",
                Via::Cli => "journal-via-cli",
                Via::Job => "journal-via-job",
            },
            outcome,
            chip,
            number: entry.number,
        })
    }

    /// The things that the body names in clear, where the visitor may see them.
    fn about(
        &self,
        connection: &mut dyn Connection,
        entry: &Entry,
    ) -> Result<Vec<(String, String)>, PageError> {
        let mut about = Vec::new();
        for (field, value) in entry.leaf.body.as_object().into_iter().flatten() {
            let id = value.as_str().and_then(|text| text.parse::<Id>().ok());
            let (Some(id), Some(spec)) = (id, self.context.app().ref_spec(field)) else {
                continue;
            };
            let Some(found) = (spec.resolve)(connection, self.context.tenant, id)? else {
                continue;
            };
            let ancestors = match found.place {
                None => Vec::new(),
                Some(place) => directory::place::ancestors(connection, self.context.tenant, place)?,
            };
            let resource = Resource::at(self.context.tenant, &ancestors);
            let today = self.context.today();
            if decide(&self.context.subject, spec.sees, &resource, today).is_allowed() {
                about.push((found.title, found.link));
            }
        }
        Ok(about)
    }
}
