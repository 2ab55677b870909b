//! Who may see what of a round: its own tree decides, so that an old round stays with those who
//! were above a village when it opened.

use std::collections::BTreeSet;

use access::{Action, Resource, Scope};
use kernel::Tenant;
use store::{Connection, StoreError, values};
use web::{Context, PageError, Params, Target};

use crate::RoundId;
use crate::result::{self, Shown};
use crate::round::{self, Round, Subject, stands_at};
use crate::scheme::{self, SchemeVersion};
use crate::section;
use crate::transition::RoundState;

store::statements! {
    /// The subjects that lie in a scope by the round's own tree.
    SELECT_VISIBLE = concat!(
        "SELECT s.subject_no FROM round_subject s WHERE s.tenant = $1 AND EXISTS (SELECT 1 ",
        "FROM grant_current g WHERE g.tenant = $1 AND g.person = $2 ",
        "AND (g.role_bit & $3) <> 0 AND g.valid_from <= $4 ",
        "AND (g.valid_until IS NULL OR g.valid_until >= $4) ",
        "AND (g.place IS NULL OR EXISTS (SELECT 1 FROM round_tree t WHERE t.tenant = $1 ",
        "AND t.round = s.round AND t.subject_no = s.subject_no AND ",
        stands_at!("t"),
        "))) ",
        "AND s.round = $5 ORDER BY s.subject_no"
    );
}

/// The numbers of the subjects of a round for which a scope holds.
pub fn visible(
    connection: &mut dyn Connection,
    scope: &Scope,
    round: RoundId,
) -> Result<BTreeSet<i64>, StoreError> {
    let key = values![scope.tenant, scope.person, scope.roles.0, scope.day, round];
    Ok(connection
        .all(&SELECT_VISIBLE, &key, |row| row.int(0))?
        .into_iter()
        .collect())
}

/// Whether a person may do something to a round as a whole.
pub(crate) fn may(
    context: &Context,
    connection: &mut dyn Connection,
    round: &Round,
    action: Action,
) -> Result<bool, PageError> {
    let tenant = context.tenant;
    let ancestors = round::root_ancestors(connection, tenant, round)?;
    let below = round::granted_in(connection, tenant, round.round, context.subject.person)?;
    let resource = Resource::at(tenant, &ancestors).below(&below);
    Ok(access::decide(&context.subject, action, &resource, context.today()).is_allowed())
}

/// Whether a person may do something to a village of a round, by the round's own tree.
pub(crate) fn may_at(
    context: &Context,
    connection: &mut dyn Connection,
    round: RoundId,
    subject_no: i64,
    action: Action,
) -> Result<bool, StoreError> {
    let tenant = context.tenant;
    let ancestors = round::ancestors(connection, tenant, round, subject_no)?;
    let resource = Resource::at(tenant, &ancestors);
    Ok(access::decide(&context.subject, action, &resource, context.today()).is_allowed())
}

/// The round that an address names.
pub(crate) fn round_of(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Round, PageError> {
    let id: RoundId = params.parse("round")?;
    round::get(connection, context.tenant, id)?.ok_or(PageError::NotFound)
}

/// The scheme version by which the round of a page is scored.
pub(crate) fn scheme_of(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: &Round,
) -> Result<SchemeVersion, PageError> {
    let published = scheme::version(connection, tenant, round.scheme, round.scheme_version)?;
    published.ok_or(PageError::NotFound)
}

/// The subject that an address names.
pub(crate) fn subject_of(
    tenant: Tenant,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Subject, PageError> {
    let round: RoundId = params.parse("round")?;
    round::subject(connection, tenant, round, params.parse("place")?)?.ok_or(PageError::NotFound)
}

/// The round as the target of a route.
pub(crate) fn round_target(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Target, PageError> {
    let (tenant, round) = (context.tenant, round_of(context, params, connection)?);
    let below = round::granted_in(connection, tenant, round.round, context.subject.person)?;
    Ok(Target {
        below: Some(below),
        ..Target::at(round::root_ancestors(connection, tenant, &round)?)
    })
}

/// The result of a round that a visitor may know of. Before the posting it is for checking by the
/// offices that read exact ranks: a village learns of its own result when everybody does.
pub(crate) fn shown(
    context: &Context,
    connection: &mut dyn Connection,
    round: &Round,
) -> Result<Option<Shown>, PageError> {
    if round.state == RoundState::Provisional
        && !may(context, connection, round, Action::RankReadExact)?
    {
        return Ok(None);
    }
    Ok(result::shown(connection, context.tenant, round)?)
}

/// A village of a round as the target of a route.
pub(crate) fn village_target(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Target, PageError> {
    let subject = subject_of(context.tenant, params, connection)?;
    let round: RoundId = params.parse("round")?;
    let ancestors = round::ancestors(connection, context.tenant, round, subject.subject_no)?;
    Ok(Target::at(ancestors))
}

/// A section of a village as the target of a route, with who did what to it before.
pub(crate) fn section_target(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Target, PageError> {
    let mut target = village_target(context, params, connection)?;
    let subject = subject_of(context.tenant, params, connection)?;
    let round: RoundId = params.parse("round")?;
    let code = params.path("section");
    let sections = round::sections(connection, context.tenant, round)?;
    let found = sections.iter().find(|section| section.code == code);
    let number = found.ok_or(PageError::NotFound)?.section_no;
    let events = section::events(
        connection,
        context.tenant,
        round,
        subject.subject_no,
        number,
    )?;
    target.history = section::involved(&events);
    Ok(target)
}
