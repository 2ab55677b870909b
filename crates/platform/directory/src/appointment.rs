//! Appointments: who is in which post, where, for which period.

use kernel::{Day, Finding, OrganisationId, PersonId, PlaceId, Tenant};
use serde::{Deserialize, Serialize};
use store::{Connection, Row, StoreError, values};

use crate::{AppointmentId, Recorder, WriteError, organisation, person, place};

/// An appointment as its latest version says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointment {
    /// Which appointment; a new id makes a new one.
    pub appointment: AppointmentId,
    /// The post by its code (`secretary`, `director`, `grid_worker`, …): lower-case letters,
    /// digits and underscores, up to 40. Packs name posts.
    pub post: String,
    /// The place of the post.
    pub place: PlaceId,
    /// The organisation, where the post is in one.
    pub organisation: Option<OrganisationId>,
    /// Who.
    pub person: PersonId,
    /// First day.
    pub valid_from: Day,
    /// Last day; `None` while it lasts. May lie in the future: terms of office do.
    pub valid_until: Option<Day>,
}

store::record! {
    /// Every version of every appointment.
    pub APPOINTMENT_VERSION = appointment_version(
        tenant, appointment, version, command, post, place, organisation, person, valid_from,
        valid_until
    ) key(tenant, appointment, version);
}

store::statements! {
    /// One appointment.
    SELECT_APPOINTMENT = concat!(
        "SELECT appointment, post, place, organisation, person, valid_from, valid_until, version ",
        "FROM appointment_current WHERE tenant = $1 AND appointment = $2"
    );
    /// Who holds posts at a place on a day.
    SELECT_AT_PLACE = concat!(
        "SELECT appointment, post, place, organisation, person, valid_from, valid_until, version ",
        "FROM appointment_current WHERE tenant = $1 AND place = $2 AND valid_from <= $3 ",
        "AND (valid_until IS NULL OR valid_until >= $3) ORDER BY post, valid_from, appointment"
    );
    /// The appointments at a place that last on a day or begin later.
    SELECT_LASTING = concat!(
        "SELECT appointment, post, place, organisation, person, valid_from, valid_until, version ",
        "FROM appointment_current WHERE tenant = $1 AND place = $2 ",
        "AND (valid_until IS NULL OR valid_until >= $3) ORDER BY post, valid_from, appointment"
    );
    /// The posts of a person, all periods.
    SELECT_OF_PERSON = concat!(
        "SELECT appointment, post, place, organisation, person, valid_from, valid_until, version ",
        "FROM appointment_current WHERE tenant = $1 AND person = $2 ",
        "ORDER BY valid_from, appointment"
    );
    /// The highest version of each.
    SELECT_ALL_LATEST = concat!(
        "SELECT v.appointment, v.post, v.place, v.organisation, v.person, v.valid_from, ",
        "v.valid_until, v.version FROM appointment_version v WHERE v.tenant = $1 ",
        "AND NOT EXISTS (SELECT 1 FROM appointment_version w WHERE w.tenant = $1 ",
        "AND w.appointment = v.appointment AND w.version > v.version) ORDER BY v.appointment"
    );
    /// Writes the present state.
    UPSERT_CURRENT = concat!(
        "INSERT INTO appointment_current (tenant, appointment, version, post, place, ",
        "organisation, person, valid_from, valid_until) VALUES ($1, $2, $3, $4, $5, $6, $7, ",
        "$8, $9) ON CONFLICT (tenant, appointment) DO UPDATE SET version = excluded.version, ",
        "post = excluded.post, place = excluded.place, organisation = excluded.organisation, ",
        "person = excluded.person, valid_from = excluded.valid_from, ",
        "valid_until = excluded.valid_until"
    );
}

fn read(row: &Row<'_>) -> Result<(Appointment, i64), StoreError> {
    let appointment = Appointment {
        appointment: row.id(0)?,
        post: row.text(1)?.to_owned(),
        place: row.id(2)?,
        organisation: row.optional_id(3)?,
        person: row.id(4)?,
        valid_from: row.day(5)?,
        valid_until: row.optional_day(6)?,
    };
    Ok((appointment, row.int(7)?))
}

/// One appointment with its version.
pub fn get(
    connection: &mut dyn Connection,
    tenant: Tenant,
    appointment: AppointmentId,
) -> Result<Option<(Appointment, i64)>, StoreError> {
    connection.optional(&SELECT_APPOINTMENT, &values![tenant, appointment], read)
}

/// Who holds posts at a place on a day, by post.
pub fn at_place(
    connection: &mut dyn Connection,
    tenant: Tenant,
    place: PlaceId,
    day: Day,
) -> Result<Vec<Appointment>, StoreError> {
    connection.all(&SELECT_AT_PLACE, &values![tenant, place, day], |row| {
        read(row).map(|(appointment, _)| appointment)
    })
}

/// The appointments at a place that last on a day or begin later, by post.
pub fn lasting_at(
    connection: &mut dyn Connection,
    tenant: Tenant,
    place: PlaceId,
    day: Day,
) -> Result<Vec<Appointment>, StoreError> {
    connection.all(&SELECT_LASTING, &values![tenant, place, day], |row| {
        read(row).map(|(appointment, _)| appointment)
    })
}

/// The posts of a person, past and present, oldest first.
pub fn of_person(
    connection: &mut dyn Connection,
    tenant: Tenant,
    person: PersonId,
) -> Result<Vec<Appointment>, StoreError> {
    connection.all(&SELECT_OF_PERSON, &values![tenant, person], |row| {
        read(row).map(|(appointment, _)| appointment)
    })
}

/// Appends a version (a new appointment, its end, a correction) and brings
/// `appointment_current` up to date.
pub fn write(recorder: &mut dyn Recorder, draft: &Appointment) -> Result<(), WriteError> {
    let tenant = recorder.tenant();
    WriteError::refuse_if_any(check(recorder, draft)?)?;
    let before = get(recorder.connection(), tenant, draft.appointment)?;
    let version = before.map_or(1, |(_, version)| version + 1);
    let row = Vec::from(values![
        tenant,
        draft.appointment,
        version,
        recorder.command(),
        draft.post.as_str(),
        draft.place,
        draft.organisation,
        draft.person,
        draft.valid_from,
        draft.valid_until,
    ]);
    recorder.append(&APPOINTMENT_VERSION, &[row])?;
    write_current(recorder.connection(), tenant, draft, version)?;
    Ok(())
}

fn check(recorder: &mut dyn Recorder, draft: &Appointment) -> Result<Vec<Finding>, StoreError> {
    let tenant = recorder.tenant();
    let mut findings = Vec::new();
    findings.extend(wrong_post(&draft.post));
    match place::get(recorder.connection(), tenant, draft.place)? {
        None => findings.push(Finding::error("place-unknown").field("place")),
        Some(at) if place::is_past(&at, draft.valid_until) => {
            findings.push(place::ended(&at).field("place"));
        }
        Some(_) => {}
    }
    if let Some(organisation) = draft.organisation
        && organisation::get(recorder.connection(), tenant, organisation)?.is_none()
    {
        findings.push(Finding::error("organisation-unknown").field("organisation"));
    }
    if person::name(recorder.connection(), tenant, draft.person)?.is_none() {
        findings.push(Finding::error("person-unknown").field("person"));
    }
    if draft
        .valid_until
        .is_some_and(|until| until < draft.valid_from)
    {
        findings.push(Finding::error("ends-before-it-begins").field("valid_until"));
    }
    Ok(findings)
}

/// Why a text is no code of a post.
pub fn wrong_post(post: &str) -> Option<Finding> {
    let is_code = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    let is_right = (1..=40).contains(&post.len()) && post.bytes().all(is_code);
    (!is_right).then(|| {
        let finding = Finding::error("post-code-form").field("post");
        finding.arg("found", post)
    })
}

fn write_current(
    connection: &mut dyn Connection,
    tenant: Tenant,
    appointment: &Appointment,
    version: i64,
) -> Result<(), StoreError> {
    let row = values![
        tenant,
        appointment.appointment,
        version,
        appointment.post.as_str(),
        appointment.place,
        appointment.organisation,
        appointment.person,
        appointment.valid_from,
        appointment.valid_until,
    ];
    connection.execute(&UPSERT_CURRENT, &row)?;
    Ok(())
}

/// Fills `appointment_current` from `appointment_version`; the tables are empty.
pub fn rebuild(connection: &mut dyn Connection, tenant: Tenant) -> Result<(), StoreError> {
    for (appointment, version) in connection.all(&SELECT_ALL_LATEST, &values![tenant], read)? {
        write_current(connection, tenant, &appointment, version)?;
    }
    Ok(())
}
