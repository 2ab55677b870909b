//! What the page of a section is made of, read from the record.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use directory::person;
use kernel::PersonId;
use score::Plan;
use store::Connection;
use web::{Context, PageError, Params};

use crate::round::{self, Round, RoundItem, Section, Subject};
use crate::scope::{round_of, scheme_of, subject_of};
use crate::section::cell::{self, Cells};
use crate::section::evidence::{self, EvidenceRow};
use crate::section::value::ValueEvent;
use crate::section::{self, SectionNow};
use crate::transition::Terms;
use crate::{scheme, view};

/// What the page is made of, read from the record.
pub(super) struct Read {
    pub round: Round,
    pub title: String,
    pub subject: Subject,
    pub section: Section,
    pub now: SectionNow,
    pub states: Vec<SectionNow>,
    pub sections: Vec<Section>,
    pub items: Vec<RoundItem>,
    pub cells: Cells,
    pub history: BTreeMap<i64, Vec<ValueEvent>>,
    pub files: Vec<EvidenceRow>,
    pub events: Vec<section::SectionEvent>,
    pub terms: Terms,
    pub plan: Arc<Plan>,
    pub names: HashMap<PersonId, String>,
}

/// Reads it all from one snapshot.
pub(super) fn read(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Read, PageError> {
    let tenant = context.tenant;
    let found = round_of(context, params, connection)?;
    let subject = subject_of(tenant, params, connection)?;
    let (id, number) = (found.round, subject.subject_no);
    let sections = round::sections(connection, tenant, id)?;
    let code = params.path("section");
    let section = sections
        .iter()
        .find(|section| section.code == code)
        .cloned();
    let section = section.ok_or(PageError::NotFound)?;
    let states = section::states(connection, tenant, id, number)?;
    let now = states
        .iter()
        .find(|state| state.section_no == section.section_no)
        .cloned();
    let published = scheme_of(connection, tenant, &found)?;
    let events = section::events(connection, tenant, id, number, section.section_no)?;
    let history = cell::history(connection, tenant, id, number)?;
    let people = history.values().flatten().filter_map(|event| event.person);
    let people: Vec<_> = people
        .chain(events.iter().filter_map(|event| event.person))
        .collect();
    Ok(Read {
        title: view::round_title(&context.l, &found, &published),
        now: now.ok_or(PageError::NotFound)?,
        states,
        sections,
        items: round::items(connection, tenant, id)?,
        cells: cell::of_subject(connection, tenant, id, number)?,
        files: evidence::of_subject(connection, tenant, id, number)?,
        terms: round::terms(connection, tenant, id, number)?,
        plan: scheme::plan(&published)?,
        names: names(connection, tenant, people)?,
        history,
        events,
        section,
        subject,
        round: found,
    })
}

fn names(
    connection: &mut dyn Connection,
    tenant: kernel::Tenant,
    mut people: Vec<PersonId>,
) -> Result<HashMap<PersonId, String>, PageError> {
    people.sort_unstable();
    people.dedup();
    let found = person::names(connection, tenant, &people)?;
    Ok(found
        .into_iter()
        .map(|named| (named.person, named.name))
        .collect())
}
