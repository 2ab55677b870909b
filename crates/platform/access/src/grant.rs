//! Grants: proposed by one person, approved by another, ended by revocation. The record is
//! `grant_event`; what is in force is `grant_current`.

use directory::{Recorder, WriteError};
use kernel::{Day, Finding, Instant, PersonId, PlaceId, Tenant};
use serde::{Deserialize, Serialize};
use store::{Connection, Row, StoreError, values};

use crate::{
    AccountId, Action, Authentication, Grant, GrantId, Involved, Role, Subject, account, session,
    setup_token,
};

/// What is proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The grant's id.
    pub grant: GrantId,
    /// For whom.
    pub person: PersonId,
    /// Which role.
    pub role: Role,
    /// Where, with everything below; `None` = the whole tenant.
    pub place: Option<PlaceId>,
    /// First day.
    pub valid_from: Day,
    /// Last day; `None` = until revoked.
    pub valid_until: Option<Day>,
}

directory::closed_list! {
    /// How far a grant has come.
    GrantState {
        /// Waits for a second person.
        Proposed = "proposed",
        /// In force on its days.
        Approved = "approved",
        /// Refused by the second person.
        Refused = "refused",
        /// Ended.
        Revoked = "revoked",
    }
}

/// A grant with its latest state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantView {
    /// What was proposed.
    #[serde(flatten)]
    pub proposal: Proposal,
    /// How far it has come.
    pub state: GrantState,
    /// Who brought it there; nobody where a rule of the product did (setup).
    pub by: Option<PersonId>,
    /// When.
    pub at: Instant,
    /// How many events it has.
    pub version: i64,
}

impl GrantView {
    /// Whether it is a proposal that waits no longer.
    pub fn has_lapsed(&self, now: Instant) -> bool {
        let waited_ms = now.0.saturating_sub(self.at.0);
        self.state == GrantState::Proposed && waited_ms >= PROPOSAL_DAYS * kernel::time::DAY_MS
    }

    /// The last day on which a proposal waits.
    pub fn waits_until(&self) -> Day {
        self.at.day().plus_days(PROPOSAL_DAYS)
    }
}

store::record! {
    /// What happened to grants.
    pub GRANT_EVENT = grant_event(
        tenant, grant_id, version, command, state, person, role, place, valid_from, valid_until,
        actor, at
    ) key(tenant, grant_id, version);
}

store::statements! {
    /// The approved grants of a person with the places above each, the grant's own place first;
    /// those that ended before a day are left out.
    SELECT_OF_SUBJECT = concat!(
        "SELECT g.grant_id, g.role, g.place, g.valid_from, g.valid_until, a.ancestor ",
        "FROM grant_current g LEFT JOIN place_ancestor a ",
        "ON a.tenant = g.tenant AND a.place = g.place ",
        "WHERE g.tenant = $1 AND g.person = $2 ",
        "AND (g.valid_until IS NULL OR g.valid_until >= $3) ",
        "ORDER BY g.grant_id, a.depth NULLS FIRST"
    );
    /// The latest event of a grant.
    SELECT_LATEST = concat!(
        "SELECT grant_id, state, person, role, place, valid_from, valid_until, actor, at, ",
        "version FROM grant_event WHERE tenant = $1 AND grant_id = $2 ",
        "ORDER BY version DESC LIMIT 1"
    );
    /// The latest events of all grants in a state, the newest first.
    SELECT_IN_STATE = concat!(
        "SELECT e.grant_id, e.state, e.person, e.role, e.place, e.valid_from, e.valid_until, ",
        "e.actor, e.at, e.version FROM grant_event e WHERE e.tenant = $1 AND e.state = $2 ",
        "AND NOT EXISTS (SELECT 1 FROM grant_event f WHERE f.tenant = $1 ",
        "AND f.grant_id = e.grant_id AND f.version > e.version) ORDER BY e.at DESC, e.grant_id"
    );
    /// The latest events of all grants of a person, the newest first.
    SELECT_OF_PERSON = concat!(
        "SELECT e.grant_id, e.state, e.person, e.role, e.place, e.valid_from, e.valid_until, ",
        "e.actor, e.at, e.version FROM grant_event e WHERE e.tenant = $1 AND e.person = $2 ",
        "AND NOT EXISTS (SELECT 1 FROM grant_event f WHERE f.tenant = $1 ",
        "AND f.grant_id = e.grant_id AND f.version > e.version) ORDER BY e.at DESC, e.grant_id"
    );
    /// The latest events of the grants at a place that are in force or wait for it.
    SELECT_AT_PLACE = concat!(
        "SELECT e.grant_id, e.state, e.person, e.role, e.place, e.valid_from, e.valid_until, ",
        "e.actor, e.at, e.version FROM grant_event e WHERE e.tenant = $1 AND e.place = $2 ",
        "AND e.state IN ('proposed', 'approved') ",
        "AND (e.valid_until IS NULL OR e.valid_until >= $3) ",
        "AND NOT EXISTS (SELECT 1 FROM grant_event f WHERE f.tenant = $1 ",
        "AND f.grant_id = e.grant_id AND f.version > e.version) ORDER BY e.at, e.grant_id"
    );
    /// Who did what to a grant.
    SELECT_HISTORY = concat!(
        "SELECT state, actor FROM grant_event WHERE tenant = $1 AND grant_id = $2 ",
        "ORDER BY version"
    );
    /// Puts a grant into force.
    INSERT_CURRENT = concat!(
        "INSERT INTO grant_current (tenant, grant_id, person, role, role_bit, place, ",
        "valid_from, valid_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    );
    /// Ends a grant.
    DELETE_CURRENT = "DELETE FROM grant_current WHERE tenant = $1 AND grant_id = $2";
}

/// For how many days an ended grant is still loaded, so that a denial can say that it ended.
const ENDED_SHOWN_DAYS: i64 = 30;

/// For how many days a proposal waits for its second person.
pub const PROPOSAL_DAYS: i64 = 30;

/// For how many days a grant that has ended still asks for two persons.
pub const ENDED_COUNTS_DAYS: i64 = 30;

/// The person of an account with her approved grants; `None` for an unknown or disabled account.
///
/// Read at each request: a change of grants takes effect on the next one.
pub fn load_subject(
    connection: &mut dyn Connection,
    tenant: Tenant,
    account: AccountId,
    authentication: Authentication,
    now: Instant,
) -> Result<Option<Subject>, StoreError> {
    let Some(found) = account::get(connection, tenant, account)?.filter(|found| !found.disabled)
    else {
        return Ok(None);
    };
    Ok(Some(Subject {
        tenant,
        account,
        person: found.person,
        on_behalf_of: None,
        authentication,
        grants: grants_of(connection, tenant, found.person, now.day())?,
    }))
}

/// The approved grants of a person, except those that ended over a month before the day.
pub fn grants_of(
    connection: &mut dyn Connection,
    tenant: Tenant,
    person: PersonId,
    day: Day,
) -> Result<Vec<Grant>, StoreError> {
    let mut grants: Vec<Grant> = Vec::new();
    let ended = day.plus_days(-ENDED_SHOWN_DAYS);
    connection.for_each(
        &SELECT_OF_SUBJECT,
        &values![tenant, person, ended],
        &mut |row| {
            let grant: GrantId = row.id(0)?;
            if grants.last().is_none_or(|last| last.grant != grant) {
                grants.push(Grant {
                    grant,
                    role: row.parse(1)?,
                    place: row.optional_id(2)?,
                    ancestors: Vec::new(),
                    valid_from: row.day(3)?,
                    valid_until: row.optional_day(4)?,
                });
            }
            if let (Some(last), Some(ancestor)) = (grants.last_mut(), row.optional_id(5)?) {
                last.ancestors.push(ancestor);
            }
            Ok(())
        },
    )?;
    Ok(grants)
}

fn read(row: &Row<'_>) -> Result<GrantView, StoreError> {
    Ok(GrantView {
        proposal: Proposal {
            grant: row.id(0)?,
            person: row.id(2)?,
            role: row.parse(3)?,
            place: row.optional_id(4)?,
            valid_from: row.day(5)?,
            valid_until: row.optional_day(6)?,
        },
        state: row.parse(1)?,
        by: row.optional_id(7)?,
        at: row.instant(8)?,
        version: row.int(9)?,
    })
}

/// One grant with its latest state.
pub fn get(
    connection: &mut dyn Connection,
    tenant: Tenant,
    grant: GrantId,
) -> Result<Option<GrantView>, StoreError> {
    connection.optional(&SELECT_LATEST, &values![tenant, grant], read)
}

/// All grants in a state, the newest first.
pub fn in_state(
    connection: &mut dyn Connection,
    tenant: Tenant,
    state: GrantState,
) -> Result<Vec<GrantView>, StoreError> {
    connection.all(&SELECT_IN_STATE, &values![tenant, state.name()], read)
}

/// All grants of a person in whatever state, the newest first.
pub fn of_person(
    connection: &mut dyn Connection,
    tenant: Tenant,
    person: PersonId,
) -> Result<Vec<GrantView>, StoreError> {
    connection.all(&SELECT_OF_PERSON, &values![tenant, person], read)
}

/// The grants at exactly this place that are in force on a day or later, and the proposals of
/// such, oldest first.
pub fn at_place(
    connection: &mut dyn Connection,
    tenant: Tenant,
    place: PlaceId,
    day: Day,
) -> Result<Vec<GrantView>, StoreError> {
    connection.all(&SELECT_AT_PLACE, &values![tenant, place, day], read)
}

/// Who did what to a grant, for [`crate::Resource::history`].
pub fn history(
    connection: &mut dyn Connection,
    tenant: Tenant,
    grant: GrantId,
) -> Result<Vec<Involved>, StoreError> {
    let mut history = Vec::new();
    connection.for_each(&SELECT_HISTORY, &values![tenant, grant], &mut |row| {
        let action = match row.parse(0)? {
            GrantState::Proposed => Action::GrantPropose,
            GrantState::Approved | GrantState::Refused => Action::GrantApprove,
            GrantState::Revoked => Action::GrantRevoke,
        };
        history.extend(
            row.optional_id(1)?
                .map(|actor| Involved::own(actor, action)),
        );
        Ok(())
    })?;
    Ok(history)
}

/// The grant, in force or waiting, that gives already what is proposed: the same role to the same
/// person at the same place, on all of its days.
pub fn covering(
    connection: &mut dyn Connection,
    tenant: Tenant,
    proposal: &Proposal,
    now: Instant,
) -> Result<Option<GrantView>, StoreError> {
    let covers = |held: &Proposal| {
        held.grant != proposal.grant
            && held.role == proposal.role
            && held.place == proposal.place
            && held.valid_from <= proposal.valid_from
            && held.valid_until.is_none_or(|until| {
                proposal
                    .valid_until
                    .is_some_and(|proposed| proposed <= until)
            })
    };
    let held = of_person(connection, tenant, proposal.person)?;
    Ok(held.into_iter().find(|view| {
        let counts = match view.state {
            GrantState::Approved => true,
            GrantState::Proposed => !view.has_lapsed(now),
            GrantState::Refused | GrantState::Revoked => false,
        };
        counts && covers(&view.proposal)
    }))
}

/// The proposals that wait for a second person, the newest first.
pub fn waiting(
    connection: &mut dyn Connection,
    tenant: Tenant,
    now: Instant,
) -> Result<Vec<GrantView>, StoreError> {
    let mut waiting = in_state(connection, tenant, GrantState::Proposed)?;
    waiting.retain(|view| !view.has_lapsed(now));
    Ok(waiting)
}

/// The roles that a person holds, will hold, or held within the last thirty days. Where a second
/// person must agree, she must for these: or whoever ends a grant alone would need nobody any more.
pub fn roles_lately(
    connection: &mut dyn Connection,
    tenant: Tenant,
    person: PersonId,
    now: Instant,
) -> Result<Vec<Role>, StoreError> {
    let since = now.day().plus_days(-ENDED_COUNTS_DAYS);
    let lately = |view: &GrantView| match view.state {
        GrantState::Approved => view.proposal.valid_until.is_none_or(|until| until >= since),
        GrantState::Revoked => view.at.day() >= since,
        GrantState::Proposed | GrantState::Refused => false,
    };
    let held = of_person(connection, tenant, person)?;
    let held = held.iter().filter(|view| lately(view));
    Ok(held.map(|view| view.proposal.role).collect())
}

/// Proposes a grant. `actor` is nobody where a rule of the product proposes (setup).
pub fn propose(
    recorder: &mut dyn Recorder,
    proposal: &Proposal,
    actor: Option<PersonId>,
) -> Result<(), WriteError> {
    let mut findings = check(recorder, proposal)?;
    let (tenant, now) = (recorder.tenant(), recorder.now());
    let covered = covering(recorder.connection(), tenant, proposal, now)?;
    findings.extend(covered.as_ref().map(held_already));
    WriteError::refuse_if_any(findings)?;
    if get(recorder.connection(), tenant, proposal.grant)?.is_some() {
        return Err(Finding::error("grant-exists").field("grant").into());
    }
    append(recorder, proposal, GrantState::Proposed, 1, actor)?;
    Ok(())
}

/// Approves a proposed grant: it is in force on its days. The person's sessions end, because
/// what they may do has changed.
pub fn approve(
    recorder: &mut dyn Recorder,
    grant: GrantId,
    actor: Option<PersonId>,
) -> Result<(), WriteError> {
    let view = expect_state(recorder, grant, GrantState::Proposed)?;
    let (tenant, now) = (recorder.tenant(), recorder.now());
    if view.has_lapsed(now) {
        let finding = Finding::error("grant-lapsed").field("grant");
        return Err(finding.arg("days", PROPOSAL_DAYS).into());
    }
    // Another grant may have been approved since this one was proposed.
    let mut findings = check(recorder, &view.proposal)?;
    let covered = covering(recorder.connection(), tenant, &view.proposal, now)?;
    let in_force = covered.filter(|found| found.state == GrantState::Approved);
    findings.extend(in_force.as_ref().map(held_already));
    WriteError::refuse_if_any(findings)?;
    append(
        recorder,
        &view.proposal,
        GrantState::Approved,
        view.version + 1,
        actor,
    )?;
    insert_current(recorder.connection(), tenant, &view.proposal)?;
    session::close_of_person(recorder.connection(), tenant, view.proposal.person)?;
    setup_token::end_slips_of_person(recorder.connection(), tenant, view.proposal.person)?;
    Ok(())
}

/// Refuses a proposed grant.
pub fn refuse(
    recorder: &mut dyn Recorder,
    grant: GrantId,
    actor: Option<PersonId>,
) -> Result<(), WriteError> {
    let view = expect_state(recorder, grant, GrantState::Proposed)?;
    append(
        recorder,
        &view.proposal,
        GrantState::Refused,
        view.version + 1,
        actor,
    )?;
    Ok(())
}

/// Revokes an approved grant and ends the person's sessions.
pub fn revoke(
    recorder: &mut dyn Recorder,
    grant: GrantId,
    actor: Option<PersonId>,
) -> Result<(), WriteError> {
    let view = expect_state(recorder, grant, GrantState::Approved)?;
    append(
        recorder,
        &view.proposal,
        GrantState::Revoked,
        view.version + 1,
        actor,
    )?;
    let tenant = recorder.tenant();
    recorder
        .connection()
        .execute(&DELETE_CURRENT, &values![tenant, grant])?;
    session::close_of_person(recorder.connection(), tenant, view.proposal.person)?;
    Ok(())
}

fn expect_state(
    recorder: &mut dyn Recorder,
    grant: GrantId,
    expected: GrantState,
) -> Result<GrantView, WriteError> {
    let tenant = recorder.tenant();
    let Some(view) = get(recorder.connection(), tenant, grant)? else {
        return Err(Finding::error("grant-unknown").field("grant").into());
    };
    if view.state != expected {
        let finding = Finding::error("grant-in-other-state").field("grant");
        return Err(finding
            .arg("found", view.state.name())
            .arg("expected", expected.name())
            .into());
    }
    Ok(view)
}

fn check(recorder: &mut dyn Recorder, proposal: &Proposal) -> Result<Vec<Finding>, StoreError> {
    let tenant = recorder.tenant();
    let mut findings = Vec::new();
    if !proposal.role.can_be_granted() {
        findings.push(Finding::error("role-cannot-be-granted").field("role"));
    }
    if directory::person::name(recorder.connection(), tenant, proposal.person)?.is_none() {
        findings.push(Finding::error("person-unknown").field("person"));
    }
    let at = match proposal.place {
        None => None,
        Some(place) => {
            let found = directory::place::get(recorder.connection(), tenant, place)?;
            match &found {
                None => findings.push(Finding::error("place-unknown").field("place")),
                Some(at) if directory::place::is_past(at, proposal.valid_until) => {
                    findings.push(directory::place::ended(at).field("place"));
                }
                Some(_) => {}
            }
            found
        }
    };
    let (ground, is_known) = (
        proposal.role.ground(),
        at.is_some() == proposal.place.is_some(),
    );
    let level = at.as_ref().map(directory::place::Place::level);
    if proposal.role.can_be_granted() && is_known && !ground.fits(level) {
        let finding = Finding::error("role-at-another-level").field("place");
        let finding = finding.arg("role", proposal.role.name());
        findings.push(finding.arg("ground", ground.name()));
    }
    if proposal
        .valid_until
        .is_some_and(|until| until < proposal.valid_from)
    {
        findings.push(Finding::error("ends-before-it-begins").field("valid_until"));
    }
    findings.extend(check_exclusion(recorder, proposal)?);
    Ok(findings)
}

/// Says of a grant that gives already what is proposed which one it is.
fn held_already(found: &GrantView) -> Finding {
    Finding::error("grant-held-already")
        .field("role")
        .arg("role", found.proposal.role.name())
        .arg("state", found.state.name())
        .arg("from", found.proposal.valid_from.to_string())
        .arg("proposed", found.at.day().to_string())
}

/// A role that excludes one the person holds, or holds later, in an overlapping period.
fn check_exclusion(
    recorder: &mut dyn Recorder,
    proposal: &Proposal,
) -> Result<Option<Finding>, StoreError> {
    let tenant = recorder.tenant();
    let today = recorder.now().day();
    let held = grants_of(recorder.connection(), tenant, proposal.person, today)?;
    let against = held.iter().find(|grant| {
        let apart = grant
            .valid_until
            .is_some_and(|until| until < proposal.valid_from)
            || proposal
                .valid_until
                .is_some_and(|until| until < grant.valid_from);
        !apart && !grant.role.goes_with(proposal.role)
    });
    Ok(against.map(|grant| {
        Finding::error("access-roles-exclude")
            .field("role")
            .arg("role", proposal.role.name())
            .arg("other", grant.role.name())
    }))
}

fn append(
    recorder: &mut dyn Recorder,
    proposal: &Proposal,
    state: GrantState,
    version: i64,
    actor: Option<PersonId>,
) -> Result<(), StoreError> {
    let row = Vec::from(values![
        recorder.tenant(),
        proposal.grant,
        version,
        recorder.command(),
        state.name(),
        proposal.person,
        proposal.role.name(),
        proposal.place,
        proposal.valid_from,
        proposal.valid_until,
        actor,
        recorder.now(),
    ]);
    recorder.append(&GRANT_EVENT, &[row])
}

fn insert_current(
    connection: &mut dyn Connection,
    tenant: Tenant,
    proposal: &Proposal,
) -> Result<(), StoreError> {
    let row = values![
        tenant,
        proposal.grant,
        proposal.person,
        proposal.role.name(),
        proposal.role.bit(),
        proposal.place,
        proposal.valid_from,
        proposal.valid_until,
    ];
    connection.execute(&INSERT_CURRENT, &row)?;
    Ok(())
}

/// Fills `grant_current` from `grant_event`; the tables are empty.
pub fn rebuild(connection: &mut dyn Connection, tenant: Tenant) -> Result<(), StoreError> {
    for view in in_state(connection, tenant, GrantState::Approved)? {
        insert_current(connection, tenant, &view.proposal)?;
    }
    Ok(())
}
