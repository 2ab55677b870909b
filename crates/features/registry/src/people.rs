//! Where a person belongs, and so who may read of her: she serves at the places of her
//! appointments and grants in force. Who reads in the whole tenant sees everybody.

use std::collections::BTreeMap;

use access::{Action, Decision, DenyReason, Involved, Resource, Scope, Subject, decide};
use directory::person::{PersonName, beyond};
use kernel::{Day, PersonId, PlaceId, Tenant};
use store::{Connection, Row, Statement, StoreError, Value, values};
use web::{Context, PageError, Params, Target};

use crate::listing;

/// Who of `person_name n` is in the reader's scope, and fits the words.
macro_rules! in_sight {
    () => {
        concat!(
            " FROM person_name n WHERE n.tenant = $1 AND (EXISTS (SELECT 1 FROM grant_current w ",
            "WHERE w.tenant = $1 AND w.person = $2 AND (w.role_bit & $3) <> 0 ",
            "AND w.place IS NULL AND w.valid_from <= $4 ",
            "AND (w.valid_until IS NULL OR w.valid_until >= $4)) ",
            "OR EXISTS (SELECT 1 FROM appointment_current a WHERE a.tenant = $1 ",
            "AND a.person = n.person AND a.valid_from <= $4 ",
            "AND (a.valid_until IS NULL OR a.valid_until >= $4) AND ",
            access::in_scope!("a.place", "$1", "$2", "$3", "$4"),
            ") OR EXISTS (SELECT 1 FROM grant_current g WHERE g.tenant = $1 ",
            "AND g.person = n.person AND g.place IS NOT NULL AND g.valid_from <= $4 ",
            "AND (g.valid_until IS NULL OR g.valid_until >= $4) AND ",
            access::in_scope!("g.place", "$1", "$2", "$3", "$4"),
            ")) AND ($5 = '' OR (lower(n.name) >= $5 AND lower(n.name) < $6) ",
            "OR (n.initials >= $5 AND n.initials < $6))"
        )
    };
}

/// Fifty parameters after the first two.
macro_rules! fifty {
    () => {
        concat!(
            "$3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, ",
            "$20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, ",
            "$35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, ",
            "$50, $51, $52",
        )
    };
}

store::statements! {
    /// People in the reader's scope by initials, then name.
    SELECT_PEOPLE = concat!(
        "SELECT n.person, n.name",
        in_sight!(),
        " ORDER BY n.initials, n.name, n.person LIMIT $7 OFFSET $8"
    );
    /// The same, the other way round.
    SELECT_PEOPLE_DESCENDING = concat!(
        "SELECT n.person, n.name",
        in_sight!(),
        " ORDER BY n.initials DESC, n.name DESC, n.person DESC LIMIT $7 OFFSET $8"
    );
    /// How many.
    COUNT_PEOPLE = concat!("SELECT count(*)", in_sight!());
    /// The posts of up to fifty people today; fewer people are named several times.
    SELECT_POSTS = concat!(
        "SELECT a.person, a.post, COALESCE(p.alias, p.name) FROM appointment_current a ",
        "JOIN place_current p ON p.tenant = a.tenant AND p.place = a.place WHERE a.tenant = $1 ",
        "AND a.valid_from <= $2 AND (a.valid_until IS NULL OR a.valid_until >= $2) ",
        "AND a.person IN (",
        fifty!(),
        ") ORDER BY a.person, a.valid_from, a.appointment"
    );
    /// The roles that up to fifty people hold today at a place; fewer are named several times.
    SELECT_ROLES = concat!(
        "SELECT g.person, g.role, COALESCE(p.alias, p.name) FROM grant_current g ",
        "JOIN place_current p ON p.tenant = g.tenant AND p.place = g.place WHERE g.tenant = $1 ",
        "AND g.valid_from <= $2 AND (g.valid_until IS NULL OR g.valid_until >= $2) ",
        "AND g.person IN (",
        fifty!(),
        ") ORDER BY g.person, g.valid_from, g.grant_id"
    );
    /// Where a person serves today, by appointment or grant.
    SELECT_PLACES = concat!(
        "SELECT p.place FROM place_current p WHERE p.tenant = $1 ",
        "AND (p.place IN (SELECT a.place FROM appointment_current a WHERE a.tenant = $1 ",
        "AND a.person = $2 AND a.valid_from <= $3 ",
        "AND (a.valid_until IS NULL OR a.valid_until >= $3)) ",
        "OR p.place IN (SELECT g.place FROM grant_current g WHERE g.tenant = $1 ",
        "AND g.person = $2 AND g.valid_from <= $3 ",
        "AND (g.valid_until IS NULL OR g.valid_until >= $3))) ORDER BY p.place"
    );
}

/// How many people [`SELECT_POSTS`] and [`SELECT_ROLES`] take at once.
const MANY: usize = 50;

fn bound(scope: &Scope, words: &str) -> Vec<Value<'static>> {
    let words = words.trim().to_lowercase();
    let end = beyond(&words);
    Vec::from(values![
        scope.tenant,
        scope.person,
        scope.roles.0,
        scope.day,
        words,
        end
    ])
}

fn read_name(row: &Row<'_>) -> Result<PersonName, StoreError> {
    Ok(PersonName {
        person: row.id(0)?,
        name: row.text(1)?.to_owned(),
    })
}

/// The people whom the scope covers and whose name or initials begin with the words.
pub(crate) fn list(
    connection: &mut dyn Connection,
    scope: &Scope,
    words: &str,
    descending: bool,
    (limit, offset): (i64, i64),
) -> Result<Vec<PersonName>, StoreError> {
    let mut parameters = bound(scope, words);
    parameters.extend(values![limit, offset]);
    let statement = if descending {
        &SELECT_PEOPLE_DESCENDING
    } else {
        &SELECT_PEOPLE
    };
    connection.all(statement, &parameters, read_name)
}

/// How many people [`list`] has in all.
pub(crate) fn count(
    connection: &mut dyn Connection,
    scope: &Scope,
    words: &str,
) -> Result<i64, StoreError> {
    connection.one(&COUNT_PEOPLE, &bound(scope, words), |row| row.int(0))
}

/// What people serve as today, as `支部书记 · 柳湾村`; people without any are left out.
pub(crate) type Served = BTreeMap<PersonId, Vec<String>>;

/// The posts of people today.
pub(crate) fn posts_of_many(
    context: &Context,
    connection: &mut dyn Connection,
    people: &[PersonId],
) -> Result<Served, StoreError> {
    of_many(context, connection, people, &SELECT_POSTS, |post| {
        listing::post_name(&context.l, post)
    })
}

/// The posts of people today; of those without one, the roles that they hold at a place.
pub(crate) fn posts_or_roles_of_many(
    context: &Context,
    connection: &mut dyn Connection,
    people: &[PersonId],
) -> Result<Served, StoreError> {
    let mut served = posts_of_many(context, connection, people)?;
    let roles = of_many(context, connection, people, &SELECT_ROLES, |role| {
        let known = role.parse::<access::Role>();
        known.map_or_else(|_| role.to_owned(), |role| context.l.role(role))
    })?;
    for (person, roles) in roles {
        served.entry(person).or_insert(roles);
    }
    Ok(served)
}

fn of_many(
    context: &Context,
    connection: &mut dyn Connection,
    people: &[PersonId],
    statement: &'static Statement,
    named: impl Fn(&str) -> String,
) -> Result<Served, StoreError> {
    let mut served = Served::new();
    for some in people.chunks(MANY) {
        let mut parameters = Vec::from(values![context.tenant, context.today()]);
        // Every place of the statement is filled: the last person stands in those left over.
        let filled = (0..MANY).filter_map(|i| some.get(i).or(some.last()));
        parameters.extend(filled.flat_map(|person| values![*person]));
        connection.for_each(statement, &parameters, &mut |row| {
            let (what, place) = (named(row.text(1)?), row.text(2)?);
            let of_person = served.entry(row.id(0)?).or_default();
            of_person.push(format!("{what} · {place}"));
            Ok(())
        })?;
    }
    Ok(served)
}

/// Where a person serves on a day.
pub(crate) fn places_of(
    connection: &mut dyn Connection,
    tenant: Tenant,
    person: PersonId,
    day: Day,
) -> Result<Vec<PlaceId>, StoreError> {
    connection.all(&SELECT_PLACES, &values![tenant, person, day], |row| {
        row.id(0)
    })
}

/// The place through which somebody may act on a person, with everything above it; where there is
/// none, the place that comes nearest, so that the denial says what is missing. Empty for the
/// tenant as a whole.
pub(crate) fn nearest_place(
    connection: &mut dyn Connection,
    subject: &Subject,
    action: Action,
    person: PersonId,
    day: Day,
) -> Result<Vec<PlaceId>, StoreError> {
    let tenant = subject.tenant;
    let mut candidates = vec![Vec::new()];
    for place in places_of(connection, tenant, person, day)? {
        candidates.push(directory::place::ancestors(connection, tenant, place)?);
    }
    let reaches = |ancestors: &Vec<PlaceId>| {
        let resource = Resource::at(tenant, ancestors);
        match decide(subject, action, &resource, day) {
            Decision::Allow(_) => true,
            // The roles reach the place; what is missing is something else.
            Decision::Deny(denial) => !matches!(
                denial.reason,
                DenyReason::NoRole | DenyReason::NotOnThisDay | DenyReason::OtherPlace
            ),
        }
    };
    let found = candidates
        .iter()
        .position(reaches)
        .unwrap_or(candidates.len() - 1);
    Ok(candidates.swap_remove(found))
}

/// The person that the address names, as the decision sees her for an action.
pub(crate) fn target(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
    action: Action,
) -> Result<Target, PageError> {
    let person: PersonId = params.parse("person")?;
    if directory::person::version(connection, context.tenant, person)? == 0 {
        return Err(PageError::NotFound);
    }
    let day = context.today();
    Ok(Target::at(nearest_place(
        connection,
        &context.subject,
        action,
        person,
        day,
    )?))
}

/// Decides inside a command whether the acting person may do something to a person; says which
/// role allowed it, or nothing where a rule of the product acts.
pub(crate) fn decide_on(
    door: &mut app::Door<'_>,
    action: Action,
    person: PersonId,
    history: &[Involved],
) -> Result<Option<(access::Role, Vec<PlaceId>)>, app::Refusal> {
    let (tenant, day) = (door.tenant(), door.today());
    let app::Authority::Person(subject) = door.authority().clone() else {
        return Ok(None);
    };
    // Decided before anything is said of whether there is such a person.
    let ancestors = nearest_place(door.connection(), &subject, action, person, day)?;
    let resource = Resource::at(tenant, &ancestors).history(history);
    door.decide(action, &resource)?;
    if directory::person::version(door.connection(), tenant, person)? == 0 {
        return Err(app::Refusal::not_found("person"));
    }
    let Decision::Allow(used) = decide(&subject, action, &resource, day) else {
        return Err(app::Refusal::bug(
            "a decision changed within one transaction",
        ));
    };
    let role = subject
        .grants
        .iter()
        .find(|grant| grant.grant == used)
        .map(|grant| grant.role);
    Ok(role.map(|role| (role, ancestors)))
}
