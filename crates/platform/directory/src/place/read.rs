//! Reading places. Lists that depend on who reads are in `access`.

use kernel::{Day, DivisionCode, PlaceId, Tenant};
use store::{Connection, Row, StoreError, values};

use super::{Place, PlaceLink};

store::statements! {
    /// One place as it is now.
    SELECT_PLACE = concat!(
        "SELECT p.place, p.version, p.kind, p.name, p.alias, p.code, p.parent, p.valid_from, ",
        "p.valid_to FROM place_current p WHERE p.tenant = $1 AND p.place = $2"
    );
    /// The place that has a code now.
    SELECT_BY_CODE = concat!(
        "SELECT p.place, p.version, p.kind, p.name, p.alias, p.code, p.parent, p.valid_from, ",
        "p.valid_to FROM place_current p ",
        "WHERE p.tenant = $1 AND p.code = $2 AND p.valid_to IS NULL"
    );
    /// The places directly below one.
    SELECT_CHILDREN = concat!(
        "SELECT p.place, p.version, p.kind, p.name, p.alias, p.code, p.parent, p.valid_from, ",
        "p.valid_to FROM place_current p ",
        "WHERE p.tenant = $1 AND p.parent = $2 AND p.valid_to IS NULL ",
        "ORDER BY p.code NULLS LAST, p.name, p.place"
    );
    /// The places that stand below one, or did when they ended.
    SELECT_CHILDREN_UNTIL = concat!(
        "SELECT p.place, p.version, p.kind, p.name, p.alias, p.code, p.parent, p.valid_from, ",
        "p.valid_to FROM place_current p WHERE p.tenant = $1 AND p.parent = $2 ",
        "ORDER BY p.code NULLS LAST, p.name, p.place"
    );
    /// A place and everything above it, itself first.
    SELECT_ANCESTORS = concat!(
        "SELECT a.ancestor FROM place_ancestor a ",
        "WHERE a.tenant = $1 AND a.place = $2 ORDER BY a.depth"
    );
    /// A place and everything below it that exists now; what is above comes first.
    SELECT_TREE_NOW = concat!(
        "SELECT p.place, p.version, p.kind, p.name, p.alias, p.code, p.parent, p.valid_from, ",
        "p.valid_to FROM place_ancestor a ",
        "JOIN place_current p ON p.tenant = a.tenant AND p.place = a.place ",
        "WHERE a.tenant = $1 AND a.ancestor = $2 AND p.valid_to IS NULL ",
        "ORDER BY a.depth, p.code NULLS LAST, p.name, p.place"
    );
    /// Every place as it was on a day.
    SELECT_TREE_ON = concat!(
        "SELECT v.place, v.version, v.kind, v.name, v.alias, v.code, v.parent, v.valid_from, ",
        "v.valid_to FROM place_version v WHERE v.tenant = $1 AND v.valid_from <= $2 ",
        "AND (v.valid_to IS NULL OR v.valid_to >= $2) AND NOT EXISTS (SELECT 1 ",
        "FROM place_version w WHERE w.tenant = $1 AND w.place = v.place ",
        "AND w.valid_from <= $2 AND w.version > v.version) ",
        "ORDER BY v.code NULLS LAST, v.name, v.place"
    );
    /// One place as it was on a day.
    SELECT_ON = concat!(
        "SELECT v.place, v.version, v.kind, v.name, v.alias, v.code, v.parent, v.valid_from, ",
        "v.valid_to FROM place_version v WHERE v.tenant = $1 AND v.place = $2 ",
        "AND v.valid_from <= $3 AND (v.valid_to IS NULL OR v.valid_to >= $3) ",
        "AND NOT EXISTS (SELECT 1 FROM place_version w WHERE w.tenant = $1 ",
        "AND w.place = v.place AND w.valid_from <= $3 AND w.version > v.version)"
    );
    /// What became of a place, and what it came from.
    SELECT_LINKS = concat!(
        "SELECT predecessor, successor, day, kind, share FROM place_link ",
        "WHERE tenant = $1 AND (predecessor = $2 OR successor = $2) ",
        "ORDER BY day, predecessor, successor"
    );
}

/// Reads a row of the nine columns place, version, kind, name, alias, code, parent, valid from, valid to, in
/// this order: for lists in other crates.
pub fn read_place(row: &Row<'_>) -> Result<Place, StoreError> {
    Ok(Place {
        place: row.id(0)?,
        version: row.int(1)?,
        kind: row.parse(2)?,
        name: row.text(3)?.to_owned(),
        alias: row.optional_text(4)?.map(str::to_owned),
        code: row.optional_parse(5)?,
        parent: row.optional_id(6)?,
        valid_from: row.day(7)?,
        valid_to: row.optional_day(8)?,
    })
}

/// One place as it is now (also one that has ended).
pub fn get(
    connection: &mut dyn Connection,
    tenant: Tenant,
    place: PlaceId,
) -> Result<Option<Place>, StoreError> {
    connection.optional(&SELECT_PLACE, &values![tenant, place], read_place)
}

/// Several places as they are now, in the order asked for; unknown ones are left out.
pub fn get_many(
    connection: &mut dyn Connection,
    tenant: Tenant,
    places: &[PlaceId],
) -> Result<Vec<Place>, StoreError> {
    let mut found = Vec::with_capacity(places.len());
    for place in places {
        found.extend(get(connection, tenant, *place)?);
    }
    Ok(found)
}

/// The existing place with a division code.
pub fn by_code(
    connection: &mut dyn Connection,
    tenant: Tenant,
    code: DivisionCode,
) -> Result<Option<Place>, StoreError> {
    connection.optional(
        &SELECT_BY_CODE,
        &values![tenant, code.to_string()],
        read_place,
    )
}

/// The existing places directly below one, by code, then name.
pub fn children(
    connection: &mut dyn Connection,
    tenant: Tenant,
    parent: PlaceId,
) -> Result<Vec<Place>, StoreError> {
    connection.all(&SELECT_CHILDREN, &values![tenant, parent], read_place)
}

/// The places directly below one, with those that ended there.
pub(super) fn children_until(
    connection: &mut dyn Connection,
    tenant: Tenant,
    parent: PlaceId,
) -> Result<Vec<Place>, StoreError> {
    connection.all(&SELECT_CHILDREN_UNTIL, &values![tenant, parent], read_place)
}

/// The place itself and everything above it, itself first; empty where there is no such place.
pub fn ancestors(
    connection: &mut dyn Connection,
    tenant: Tenant,
    place: PlaceId,
) -> Result<Vec<PlaceId>, StoreError> {
    connection.all(&SELECT_ANCESTORS, &values![tenant, place], |row| row.id(0))
}

/// A place and every existing place below it, parents before children.
pub fn tree_now(
    connection: &mut dyn Connection,
    tenant: Tenant,
    root: PlaceId,
) -> Result<Vec<Place>, StoreError> {
    connection.all(&SELECT_TREE_NOW, &values![tenant, root], read_place)
}

/// The whole tree as it was on a day, as far as is known now; by code, then name.
pub fn tree_on(
    connection: &mut dyn Connection,
    tenant: Tenant,
    day: Day,
) -> Result<Vec<Place>, StoreError> {
    connection.all(&SELECT_TREE_ON, &values![tenant, day], read_place)
}

/// One place as it was on a day, as far as is known now; `None` where it was not there.
pub fn on_day(
    connection: &mut dyn Connection,
    tenant: Tenant,
    place: PlaceId,
    day: Day,
) -> Result<Option<Place>, StoreError> {
    connection.optional(&SELECT_ON, &values![tenant, place, day], read_place)
}

/// The place itself and everything that stood above it on a day, itself first; empty where it was
/// not there.
pub fn ancestors_on(
    connection: &mut dyn Connection,
    tenant: Tenant,
    place: PlaceId,
    day: Day,
) -> Result<Vec<PlaceId>, StoreError> {
    let mut above = Vec::new();
    let mut next = Some(place);
    // A parent is of a higher level, so there are no more steps than levels.
    while let Some(place) = next.filter(|_| above.len() < super::PlaceLevel::ALL.len()) {
        let Some(found) = on_day(connection, tenant, place, day)? else {
            break;
        };
        above.push(place);
        next = found.parent;
    }
    Ok(above)
}

/// Links from and to a place, oldest first.
pub fn links_of(
    connection: &mut dyn Connection,
    tenant: Tenant,
    place: PlaceId,
) -> Result<Vec<PlaceLink>, StoreError> {
    connection.all(&SELECT_LINKS, &values![tenant, place], |row| {
        Ok(PlaceLink {
            predecessor: row.id(0)?,
            successor: row.id(1)?,
            day: row.day(2)?,
            kind: row.parse(3)?,
            share: row.optional_parse(4)?,
        })
    })
}
