//! What becomes of what hangs on a place that ends or gives a part away: the places below it, its
//! posts, its organisations, and the grants that people hold there.
//!
//! Nothing is left to silence: the form lists everything, the command says of each where it goes,
//! and what somebody added meanwhile is a finding, not a loss.

use std::collections::BTreeMap;

use access::grant::{self, GrantState, GrantView, Proposal};
use access::{Action, GrantId, account};
use app::{Door, GuardQuestion, Ref, Refusal};
use directory::{
    AppointmentId, WriteError,
    appointment::{self, Appointment},
    organisation::{self, Organisation},
    place::{self, Place, PlaceLevel},
};
use kernel::{Day, Finding, Id, PlaceId, Tenant};
use serde::{Deserialize, Serialize};
use store::{Connection, StoreError};
use utoipa::ToSchema;

directory::closed_list! {
    /// What hangs on a place.
    Hanging {
        /// A place below it.
        Child = "child",
        /// An appointment to a post there.
        Post = "post",
        /// An organisation that belongs to it.
        Organisation = "organisation",
        /// A grant there, or a proposal of one.
        Grant = "grant",
    }
}

/// Where one thing goes that hangs on a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Fate {
    /// What it is: `child`, `post`, `organisation` or `grant`.
    #[schema(value_type = String)]
    pub what: Hanging,
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id,
    /// The successor that it goes to, by its number from 0; left out = it ends. A grant that goes
    /// somewhere ends too and is proposed there anew, for the system administrator to approve.
    #[serde(default)]
    pub to: Option<u32>,
}

/// Everything that hangs on some places: posts that last on the day of the change or begin later,
/// also those that ended since, and what hangs there now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Affected {
    pub children: Vec<Place>,
    pub posts: Vec<Appointment>,
    pub organisations: Vec<Organisation>,
    pub grants: Vec<GrantView>,
}

/// Loads what hangs on places.
pub(crate) fn affected(
    connection: &mut dyn Connection,
    tenant: Tenant,
    sources: &[PlaceId],
    (day, today): (Day, Day),
) -> Result<Affected, StoreError> {
    let mut found = Affected::default();
    for source in sources {
        let mut children = place::children(connection, tenant, *source)?;
        children.retain(|child| !sources.contains(&child.place));
        found.children.extend(children);
        let lasting = appointment::lasting_at(connection, tenant, *source, day)?;
        found.posts.extend(lasting);
        let bodies = organisation::of_place(connection, tenant, *source)?;
        found.organisations.extend(bodies);
        let grants = grant::at_place(connection, tenant, *source, today)?;
        found.grants.extend(grants);
    }
    Ok(found)
}

/// A place and the grids in it, which end with it: the innermost first, the place last.
pub(crate) fn with_grids(
    connection: &mut dyn Connection,
    tenant: Tenant,
    place: Place,
) -> Result<Vec<Place>, StoreError> {
    let mut ending = Vec::new();
    for child in place::children(connection, tenant, place.place)? {
        if child.level() >= PlaceLevel::Grid {
            // Two levels at most: grids and micro-grids.
            ending.extend(with_grids(connection, tenant, child)?);
        }
    }
    ending.push(place);
    Ok(ending)
}

/// Asks the other features whether the places may cease or change: an unfinished round needs them.
pub(crate) fn ask_others(door: &mut Door<'_>, places: &[PlaceId]) -> Result<(), Refusal> {
    match question(places) {
        Some(question) => door.ask_guards(&question),
        None => Ok(()),
    }
}

/// What the other features are asked of places that cease; nothing where none does.
pub(crate) fn question(places: &[PlaceId]) -> Option<GuardQuestion> {
    let first = places.first()?;
    Some(GuardQuestion {
        action: Action::RegistryMerge,
        thing: Ref::new("place", *first),
        places: places.to_vec(),
        period: String::new(),
    })
}

/// People whose only grants in force are among these: their accounts can do nothing once they end.
pub(crate) fn left_without(
    connection: &mut dyn Connection,
    tenant: Tenant,
    grants: &[GrantView],
    today: Day,
) -> Result<Vec<kernel::PersonId>, StoreError> {
    let mut left = Vec::new();
    for person in grants.iter().map(|view| view.proposal.person) {
        let held = grant::grants_of(connection, tenant, person, today)?;
        let ends = |grant: GrantId| grants.iter().any(|view| view.proposal.grant == grant);
        let other = held
            .iter()
            .any(|held| !ends(held.grant) && held.valid_until.is_none_or(|until| until >= today));
        let has_account = !account::of_person(connection, tenant, person)?.is_empty();
        if !other && has_account && !left.contains(&person) {
            left.push(person);
        }
    }
    Ok(left)
}

/// What is said of everything that hangs on places.
pub(crate) struct Said<'f> {
    fates: BTreeMap<(Hanging, Id), &'f Fate>,
    /// The successors, in the order in which fates number them.
    successors: Vec<PlaceId>,
}

impl<'f> Said<'f> {
    pub fn new(fates: &'f [Fate], successors: Vec<PlaceId>) -> Said<'f> {
        let fates = fates.iter().map(|fate| ((fate.what, fate.id), fate));
        Said {
            fates: fates.collect(),
            successors,
        }
    }

    /// Where something goes; a finding where nothing is said of it, or no such successor.
    fn goes(&self, what: Hanging, id: Id, name: &str) -> Result<Option<PlaceId>, Finding> {
        let at = format!("fates.{}.{id}", what.name());
        let not_said = || Finding::error("place-fate-not-said");
        let fate = self
            .fates
            .get(&(what, id))
            .ok_or_else(|| not_said().field(at.clone()).arg("name", name))?;
        let Some(to) = fate.to else { return Ok(None) };
        let found = self
            .successors
            .get(usize::try_from(to).unwrap_or(usize::MAX));
        found.copied().map(Some).ok_or_else(|| {
            Finding::error("place-successor-unknown")
                .field(at)
                .arg("name", name)
        })
    }

    /// Of what nothing is said, or a successor that is none; places below are the tree's own.
    pub fn missing(
        &self,
        door: &mut Door<'_>,
        affected: &Affected,
    ) -> Result<Vec<Finding>, Refusal> {
        let mut findings = Vec::new();
        let mut look = |what, id, name: &str| {
            findings.extend(self.goes(what, id, name).err());
        };
        for post in &affected.posts {
            let name = person_name(door, post.person)?;
            look(Hanging::Post, post.appointment.0, &name);
        }
        for body in &affected.organisations {
            look(Hanging::Organisation, body.organisation.0, &body.name);
        }
        for view in &affected.grants {
            let name = person_name(door, view.proposal.person)?;
            look(Hanging::Grant, view.proposal.grant.0, &name);
        }
        Ok(findings)
    }

    /// Below which successor, by its number, each place below goes; those of which nothing is
    /// said are the tree's own finding.
    pub fn children(&self) -> BTreeMap<PlaceId, usize> {
        let of_children = self
            .fates
            .iter()
            .filter(|((what, _), _)| *what == Hanging::Child);
        of_children
            .filter_map(|((_, id), fate)| Some((PlaceId(*id), usize::try_from(fate.to?).ok()?)))
            .collect()
    }
}

/// What was found in the tree and what is not said of what hangs there, in one answer.
pub(crate) fn together(
    written: Result<(), WriteError>,
    not_said: Vec<Finding>,
) -> Result<(), WriteError> {
    let mut findings = match written {
        Ok(()) => Vec::new(),
        Err(WriteError::Findings(findings)) => findings,
        Err(error) => return Err(error),
    };
    findings.extend(not_said);
    WriteError::refuse_if_any(findings)
}

/// Carries out what is said of posts, organisations and grants, once the places are written. What
/// stays at its own place is left alone; of everything it is said where it goes.
pub(crate) fn carry_out(
    door: &mut Door<'_>,
    affected: &Affected,
    said: &Said<'_>,
    day: Day,
) -> Result<(), Refusal> {
    let mut findings = Vec::new();
    for post in &affected.posts {
        let name = person_name(door, post.person)?;
        let to = said.goes(Hanging::Post, post.appointment.0, &name)?;
        if to != Some(post.place) {
            hand_over_post(door, post, to, day, &name, &mut findings)?;
        }
    }
    for body in &affected.organisations {
        let to = said.goes(Hanging::Organisation, body.organisation.0, &body.name)?;
        if to != Some(body.place) {
            hand_over_organisation(door, body, to, day)?;
        }
    }
    for view in &affected.grants {
        let name = person_name(door, view.proposal.person)?;
        let to = said.goes(Hanging::Grant, view.proposal.grant.0, &name)?;
        if to.is_none() || to != view.proposal.place {
            hand_over_grant(door, view, to, day)?;
        }
    }
    if findings.is_empty() {
        return Ok(());
    }
    Err(Refusal::invalid(findings))
}

fn person_name(door: &mut Door<'_>, person: kernel::PersonId) -> Result<String, Refusal> {
    let tenant = door.tenant();
    let name = directory::person::name(door.connection(), tenant, person)?;
    Ok(name.unwrap_or_default())
}

/// An appointment ends the day before; where it goes on, a new one begins at the successor.
fn hand_over_post(
    door: &mut Door<'_>,
    post: &Appointment,
    to: Option<PlaceId>,
    day: Day,
    name: &str,
    findings: &mut Vec<Finding>,
) -> Result<(), Refusal> {
    let eve = day.plus_days(-1);
    if let Some(to) = to
        && post.valid_from > eve
    {
        // It begins with the new state or later: it was never held at the place that ended.
        let moved = Appointment {
            place: to,
            ..post.clone()
        };
        appointment::write(door, &moved)?;
        return Ok(());
    }
    if post.valid_from > eve {
        let at = format!("fates.post.{}", post.appointment);
        let finding = Finding::error("place-post-begins-later").field(at);
        findings.push(finding.arg("name", name));
        return Ok(());
    }
    let ended = Appointment {
        valid_until: Some(eve),
        ..post.clone()
    };
    appointment::write(door, &ended)?;
    if let Some(to) = to {
        let anew = Appointment {
            appointment: AppointmentId(door.next_id()),
            place: to,
            valid_from: day,
            ..post.clone()
        };
        appointment::write(door, &anew)?;
    }
    Ok(())
}

fn hand_over_organisation(
    door: &mut Door<'_>,
    body: &Organisation,
    to: Option<PlaceId>,
    day: Day,
) -> Result<(), Refusal> {
    let draft = match to {
        Some(to) => Organisation {
            place: to,
            valid_from: day.max(body.valid_from),
            ..body.clone()
        },
        None => Organisation {
            valid_to: Some(day.plus_days(-1).max(body.valid_from)),
            ..body.clone()
        },
    };
    organisation::write(door, &draft)?;
    Ok(())
}

/// A grant ends at once, and a proposal is refused; where it shall go on, the same is proposed at
/// the successor: nobody holds a right there before the system administrator has approved it.
fn hand_over_grant(
    door: &mut Door<'_>,
    view: &GrantView,
    to: Option<PlaceId>,
    day: Day,
) -> Result<(), Refusal> {
    let actor = door.person();
    match view.state {
        GrantState::Proposed => grant::refuse(door, view.proposal.grant, actor)?,
        _ => grant::revoke(door, view.proposal.grant, actor)?,
    }
    if let Some(to) = to {
        let anew = Proposal {
            grant: GrantId(door.next_id()),
            place: Some(to),
            valid_from: view.proposal.valid_from.max(day),
            ..view.proposal.clone()
        };
        // Who held the same at both of two places that became one needs it once.
        let (tenant, now) = (door.tenant(), door.now());
        if grant::covering(door.connection(), tenant, &anew, now)?.is_none() {
            grant::propose(door, &anew, actor)?;
        }
    }
    Ok(())
}
