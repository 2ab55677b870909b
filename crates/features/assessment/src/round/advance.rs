//! The one way to move a round as a whole.

use access::{Action, Resource};
use app::{Door, Refusal};
use directory::person;
use kernel::{Day, Finding, Instant, PersonId, Tenant};
use store::{Connection, StoreError, Value, values};

use crate::RoundId;
use crate::round::{self, Round};
use crate::schema::ROUND_EVENT;
use crate::section;
use crate::transition::{RoundAct, RoundState, round_move};

store::statements! {
    INSERT_STATE = concat!(
        "INSERT INTO round_state (tenant, round, state, revision, person, at, posted_until) ",
        "VALUES ($1, $2, $3, $4, $5, $6, $7)"
    );
    /// Moves a round, if nobody did so since it was read.
    MOVE_STATE = concat!(
        "UPDATE round_state SET state = $1, revision = $2, person = $3, at = $4, ",
        "posted_until = $5 WHERE tenant = $6 AND round = $7 AND revision = $8"
    );
    /// Changes nothing, but waits for whoever is moving the round, and keeps others waiting.
    HOLD_OPEN = concat!(
        "UPDATE round_state SET revision = revision ",
        "WHERE tenant = $1 AND round = $2 AND state = 'open'"
    );
    /// The same for a posted round.
    HOLD_POSTED = concat!(
        "UPDATE round_state SET revision = revision ",
        "WHERE tenant = $1 AND round = $2 AND state = 'posted'"
    );
    /// Every round as it was opened, for the rebuild.
    SELECT_OPENED = "SELECT round, person, opened_at FROM round WHERE tenant = $1 ORDER BY round";
    /// Every step of every round, for the rebuild.
    SELECT_EVENTS = concat!(
        "SELECT round, seq, to_state, person, at, posted_until FROM round_event ",
        "WHERE tenant = $1 ORDER BY round, seq"
    );
}

/// A round, found and allowed to be acted on, in a state that allows the act.
pub(crate) fn begin(door: &mut Door<'_>, round: RoundId, act: RoundAct) -> Result<Round, Refusal> {
    let found = find(door, round, action_of(act))?;
    if section::seen(door)? != found.revision {
        return Err(lost_race(door, round)?);
    }
    round_move(found.state, act)?;
    Ok(found)
}

/// A round on which an action is allowed, decided at its place.
pub(crate) fn find(door: &mut Door<'_>, round: RoundId, action: Action) -> Result<Round, Refusal> {
    let tenant = door.tenant();
    let Some(found) = round::get(door.connection(), tenant, round)? else {
        return Err(Refusal::not_found("round"));
    };
    let ancestors = round::root_ancestors(door.connection(), tenant, &found)?;
    let below = match door.person() {
        Some(person) => round::granted_in(door.connection(), tenant, round, person)?,
        None => Vec::new(),
    };
    door.decide(action, &Resource::at(tenant, &ancestors).below(&below))?;
    Ok(found)
}

fn action_of(act: RoundAct) -> Action {
    crate::transition::ROUND_TRANSITIONS
        .iter()
        .find(|row| row.act == act)
        .expect("every act has a row")
        .action
}

fn lost_race(door: &mut Door<'_>, round: RoundId) -> Result<Refusal, Refusal> {
    let tenant = door.tenant();
    let Some(now) = round::get(door.connection(), tenant, round)? else {
        return Err(Refusal::not_found("round"));
    };
    let name = match now.moved_by {
        Some(person) => person::name(door.connection(), tenant, person)?,
        None => None,
    };
    Ok(Refusal::lost_race(&name.unwrap_or_default(), now.moved_at))
}

/// Moves the round and appends the step; the answer is its new revision.
pub(crate) fn finish(
    door: &mut Door<'_>,
    round: &Round,
    act: RoundAct,
    posted_until: Option<Day>,
) -> Result<i64, Refusal> {
    let row = round_move(round.state, act)?;
    let (tenant, command, person, at) = (door.tenant(), door.command(), door.person(), door.now());
    let revision = round.revision + 1;
    let until = posted_until.or(round.posted_until);
    let moved = values![
        row.to,
        revision,
        person,
        at,
        until,
        tenant,
        round.round,
        round.revision
    ];
    if door.connection().execute(&MOVE_STATE, &moved)? == 0 {
        return Err(lost_race(door, round.round)?);
    }
    let event = values![
        tenant,
        round.round,
        revision,
        command,
        row.from,
        row.to,
        row.act,
        person,
        at,
        until
    ];
    door.append(&ROUND_EVENT, &event)?;
    Ok(revision)
}

/// Keeps the round open until this command ends; refused where somebody has just moved it. For
/// what would make an already counted review untrue.
pub(crate) fn hold_open(door: &mut Door<'_>, round: RoundId) -> Result<(), Refusal> {
    let tenant = door.tenant();
    if door
        .connection()
        .execute(&HOLD_OPEN, &values![tenant, round])?
        == 1
    {
        return Ok(());
    }
    Err(Finding::error("round-not-open")
        .arg("state", RoundState::Provisional.name())
        .into())
}

/// Keeps the round posted until this command ends: nobody makes it final meanwhile.
pub(crate) fn hold_posted(door: &mut Door<'_>, round: &Round) -> Result<(), Refusal> {
    let key = values![door.tenant(), round.round];
    if round.state == RoundState::Posted && door.connection().execute(&HOLD_POSTED, &key)? == 1 {
        return Ok(());
    }
    Err(Finding::error("round-not-posted")
        .arg("state", round.state.name())
        .into())
}

fn opened(
    tenant: Tenant,
    round: RoundId,
    person: Option<PersonId>,
    at: Instant,
) -> Vec<Value<'static>> {
    let until: Option<Day> = None;
    values![tenant, round, RoundState::Open, 0, person, at, until].into()
}

/// Writes where a round stands that has just opened.
pub(crate) fn open(door: &mut Door<'_>, round: RoundId) -> Result<(), Refusal> {
    let row = opened(door.tenant(), round, door.person(), door.now());
    door.connection().execute(&INSERT_STATE, &row)?;
    Ok(())
}

/// Fills the table `round_state` from the record.
pub(crate) fn rebuild(connection: &mut dyn Connection, tenant: Tenant) -> Result<(), StoreError> {
    let mut rows = std::collections::BTreeMap::new();
    connection.for_each(&SELECT_OPENED, &values![tenant], &mut |row| {
        let round: RoundId = row.id(0)?;
        rows.insert(
            round,
            opened(tenant, round, row.optional_id(1)?, row.instant(2)?),
        );
        Ok(())
    })?;
    connection.for_each(&SELECT_EVENTS, &values![tenant], &mut |row| {
        let round: RoundId = row.id(0)?;
        let state: RoundState = row.parse(2)?;
        let person: Option<PersonId> = row.optional_id(3)?;
        let until = row.optional_day(5)?;
        let row = values![
            tenant,
            round,
            state,
            row.int(1)?,
            person,
            row.instant(4)?,
            until
        ];
        rows.insert(round, row.into());
        Ok(())
    })?;
    let rows: Vec<_> = rows.into_values().collect();
    connection.execute_many(&INSERT_STATE, &rows)?;
    Ok(())
}
