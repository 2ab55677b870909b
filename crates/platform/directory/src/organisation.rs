//! Organisations: the bodies of the organisation tree, as versions.

use kernel::{Day, Finding, OrganisationId, PlaceId, Tenant};
use serde::{Deserialize, Serialize};
use store::{Connection, Row, StoreError, values};

use crate::closed_list;
use crate::{Recorder, WriteError, place};

closed_list! {
    /// What an organisation is.
    OrganisationKind {
        /// 党委, 党总支, 党支部.
        PartyBody = "party_body",
        /// 村民委员会, 居民委员会.
        VillageCommittee = "village_committee",
        /// 村务监督委员会.
        SupervisionCommittee = "supervision_committee",
        /// 村集体经济组织.
        Collective = "collective",
        /// 站办所: a section of the town.
        TownOffice = "town_office",
        /// 县直部门.
        CountyDepartment = "county_department",
        /// 合作社.
        Coop = "coop",
        /// Anything else.
        Other = "other",
    }
}

/// An organisation as one of its versions says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Which organisation; a new id makes a new one.
    pub organisation: OrganisationId,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its name, up to 100 characters.
    pub name: String,
    /// The place it belongs to.
    pub place: PlaceId,
    /// The organisation above.
    pub parent: Option<OrganisationId>,
    /// Unified social credit code (GB 32100), 18 characters. A wrong check digit warns only,
    /// because real old codes fail it (reference 4.3).
    pub credit_code: Option<String>,
    /// First day of this version.
    pub valid_from: Day,
    /// Last day, where it has ended.
    pub valid_to: Option<Day>,
}

store::record! {
    /// Every version of every organisation.
    pub ORGANISATION_VERSION = organisation_version(
        tenant, organisation, version, command, kind, name, place, parent, credit_code, valid_from,
        valid_to
    ) key(tenant, organisation, version);
}

store::statements! {
    /// One organisation as it is now.
    SELECT_ORGANISATION = concat!(
        "SELECT organisation, kind, name, place, parent, credit_code, valid_from, valid_to, ",
        "version FROM organisation_current WHERE tenant = $1 AND organisation = $2"
    );
    /// The existing organisations of a place.
    SELECT_OF_PLACE = concat!(
        "SELECT organisation, kind, name, place, parent, credit_code, valid_from, valid_to, ",
        "version FROM organisation_current WHERE tenant = $1 AND place = $2 ",
        "AND valid_to IS NULL ORDER BY kind, name, organisation"
    );
    /// Every existing organisation.
    SELECT_ALL = concat!(
        "SELECT organisation, kind, name, place, parent, credit_code, valid_from, valid_to, ",
        "version FROM organisation_current WHERE tenant = $1 AND valid_to IS NULL ",
        "ORDER BY organisation"
    );
    /// The present state: the highest version of each.
    SELECT_ALL_LATEST = concat!(
        "SELECT v.organisation, v.kind, v.name, v.place, v.parent, v.credit_code, v.valid_from, ",
        "v.valid_to, v.version FROM organisation_version v WHERE v.tenant = $1 AND NOT EXISTS ",
        "(SELECT 1 FROM organisation_version w WHERE w.tenant = $1 ",
        "AND w.organisation = v.organisation AND w.version > v.version) ORDER BY v.organisation"
    );
    /// Writes the present state.
    UPSERT_CURRENT = concat!(
        "INSERT INTO organisation_current (tenant, organisation, version, kind, name, place, ",
        "parent, credit_code, valid_from, valid_to) ",
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (tenant, organisation) ",
        "DO UPDATE SET version = excluded.version, kind = excluded.kind, name = excluded.name, ",
        "place = excluded.place, parent = excluded.parent, credit_code = excluded.credit_code, ",
        "valid_from = excluded.valid_from, valid_to = excluded.valid_to"
    );
}

fn read(row: &Row<'_>) -> Result<(Organisation, i64), StoreError> {
    let organisation = Organisation {
        organisation: row.id(0)?,
        kind: row.parse(1)?,
        name: row.text(2)?.to_owned(),
        place: row.id(3)?,
        parent: row.optional_id(4)?,
        credit_code: row.optional_text(5)?.map(str::to_owned),
        valid_from: row.day(6)?,
        valid_to: row.optional_day(7)?,
    };
    Ok((organisation, row.int(8)?))
}

/// One organisation as it is now, with its version.
pub fn get(
    connection: &mut dyn Connection,
    tenant: Tenant,
    organisation: OrganisationId,
) -> Result<Option<(Organisation, i64)>, StoreError> {
    connection.optional(&SELECT_ORGANISATION, &values![tenant, organisation], read)
}

/// The existing organisations of a place, by kind, then name.
pub fn of_place(
    connection: &mut dyn Connection,
    tenant: Tenant,
    place: PlaceId,
) -> Result<Vec<Organisation>, StoreError> {
    connection.all(&SELECT_OF_PLACE, &values![tenant, place], |row| {
        read(row).map(|(organisation, _)| organisation)
    })
}

/// Every existing organisation, for an import.
pub fn all(
    connection: &mut dyn Connection,
    tenant: Tenant,
) -> Result<Vec<Organisation>, StoreError> {
    connection.all(&SELECT_ALL, &values![tenant], |row| {
        read(row).map(|(organisation, _)| organisation)
    })
}

/// Appends a version and brings `organisation_current` up to date.
pub fn write(recorder: &mut dyn Recorder, draft: &Organisation) -> Result<(), WriteError> {
    let tenant = recorder.tenant();
    let mut findings = Vec::new();
    let length = draft.name.chars().count();
    if draft.name.trim().is_empty() || length > 100 {
        findings.push(
            Finding::error("organisation-name-length")
                .field("name")
                .arg("found", length)
                .arg("expected", 100_i64),
        );
    }
    if place::get(recorder.connection(), tenant, draft.place)?.is_none() {
        findings.push(Finding::error("place-unknown").field("place"));
    }
    if let Some(parent) = draft.parent
        && (parent == draft.organisation || get(recorder.connection(), tenant, parent)?.is_none())
    {
        findings.push(Finding::error("organisation-unknown").field("parent"));
    }
    if draft.valid_from > recorder.now().day() {
        let finding = Finding::error("day-in-future").field("valid_from");
        findings.push(finding.arg("found", draft.valid_from.to_string()));
    }
    WriteError::refuse_if_any(findings)?;
    let before = get(recorder.connection(), tenant, draft.organisation)?;
    let version = before.map_or(1, |(_, version)| version + 1);
    let row = Vec::from(values![
        tenant,
        draft.organisation,
        version,
        recorder.command(),
        draft.kind,
        draft.name.as_str(),
        draft.place,
        draft.parent,
        draft.credit_code.as_deref(),
        draft.valid_from,
        draft.valid_to,
    ]);
    recorder.append(&ORGANISATION_VERSION, &[row])?;
    write_current(recorder.connection(), tenant, draft, version)?;
    Ok(())
}

fn write_current(
    connection: &mut dyn Connection,
    tenant: Tenant,
    organisation: &Organisation,
    version: i64,
) -> Result<(), StoreError> {
    let row = values![
        tenant,
        organisation.organisation,
        version,
        organisation.kind,
        organisation.name.as_str(),
        organisation.place,
        organisation.parent,
        organisation.credit_code.as_deref(),
        organisation.valid_from,
        organisation.valid_to,
    ];
    connection.execute(&UPSERT_CURRENT, &row)?;
    Ok(())
}

/// Fills `organisation_current` from `organisation_version`; the tables are empty.
pub fn rebuild(connection: &mut dyn Connection, tenant: Tenant) -> Result<(), StoreError> {
    for (organisation, version) in connection.all(&SELECT_ALL_LATEST, &values![tenant], read)? {
        write_current(connection, tenant, &organisation, version)?;
    }
    Ok(())
}
