//! The derived tables of places: the present state, the closure of the tree, the search keys.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use kernel::{DivisionCode, PlaceId, Tenant};
use store::{Connection, StoreError, Value, values};

use super::{Place, read_place};
use crate::initials::initials;

store::statements! {
    /// The present state of every place.
    SELECT_ALL_LATEST = concat!(
        "SELECT v.place, v.version, v.kind, v.name, v.alias, v.code, v.parent, v.valid_from, ",
        "v.valid_to FROM place_version v WHERE v.tenant = $1 AND NOT EXISTS (SELECT 1 ",
        "FROM place_version w WHERE w.tenant = $1 AND w.place = v.place ",
        "AND w.version > v.version) ORDER BY v.place"
    );
    /// Writes the present state; the version goes up by one with each change.
    UPSERT_CURRENT = concat!(
        "INSERT INTO place_current (tenant, place, version, level, kind, name, alias, code, ",
        "parent, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ",
        "ON CONFLICT (tenant, place) DO UPDATE SET version = excluded.version, ",
        "level = excluded.level, kind = excluded.kind, name = excluded.name, ",
        "alias = excluded.alias, code = excluded.code, parent = excluded.parent, ",
        "valid_from = excluded.valid_from, valid_to = excluded.valid_to"
    );
    /// Cuts a subtree off: its places no longer stand under what is above its root.
    DELETE_ABOVE = concat!(
        "DELETE FROM place_ancestor WHERE tenant = $1 AND place IN (SELECT d.place ",
        "FROM place_ancestor d WHERE d.tenant = $1 AND d.ancestor = $2) AND ancestor NOT IN ",
        "(SELECT s.place FROM place_ancestor s WHERE s.tenant = $1 AND s.ancestor = $2)"
    );
    /// Hangs a subtree under a place: root, then the place above it.
    INSERT_ABOVE = concat!(
        "INSERT INTO place_ancestor (tenant, place, ancestor, depth) ",
        "SELECT d.tenant, d.place, u.ancestor, d.depth + u.depth + 1 ",
        "FROM place_ancestor d JOIN place_ancestor u ON u.tenant = d.tenant ",
        "WHERE d.tenant = $1 AND d.ancestor = $2 AND u.place = $3"
    );
    /// One line of the closure.
    INSERT_ANCESTOR =
        "INSERT INTO place_ancestor (tenant, place, ancestor, depth) VALUES ($1, $2, $3, $4)";
    /// Names and codes that places have now and had before, of those that changed at all.
    SELECT_CHANGED = concat!(
        "SELECT v.place, v.version, v.kind, v.name, v.alias, v.code, v.parent, v.valid_from, ",
        "v.valid_to FROM place_version v WHERE v.tenant = $1 AND EXISTS (SELECT 1 ",
        "FROM place_version w WHERE w.tenant = $1 AND w.place = v.place AND w.version = 2) ",
        "ORDER BY v.place, v.version"
    );
    /// The links of places that are not there now, and how many of them took only a part: a place
    /// that gave a part away and stays, or came back, stands for itself.
    SELECT_LINKED = concat!(
        "SELECT l.predecessor, l.successor, COUNT(CASE WHEN l.kind <> 'merge' THEN 1 END) ",
        "FROM place_link l JOIN place_current p ON p.tenant = l.tenant ",
        "AND p.place = l.predecessor WHERE l.tenant = $1 AND p.valid_to IS NOT NULL ",
        "GROUP BY l.predecessor, l.successor ORDER BY l.predecessor, l.successor"
    );
    DELETE_SUCCESSIONS = "DELETE FROM place_succession WHERE tenant = $1";
    INSERT_SUCCESSION = concat!(
        "INSERT INTO place_succession (tenant, predecessor, successor, whole) ",
        "VALUES ($1, $2, $3, $4)"
    );
    /// A search key: a code, the initials of a name or a name of a place that changed, in lower
    /// case.
    INSERT_KEY = concat!(
        "INSERT INTO place_search (tenant, search_key, place) VALUES ($1, $2, $3) ",
        "ON CONFLICT (tenant, search_key, place) DO NOTHING"
    );
}

/// Brings the derived tables up to date for places of which these versions were just written, all
/// but what stands in whose stead; parents come before their children.
pub(super) fn refresh(
    connection: &mut dyn Connection,
    tenant: Tenant,
    written: &[Place],
) -> Result<(), StoreError> {
    for chunk in written.chunks(CHUNK) {
        write_current(connection, tenant, chunk)?;
    }
    let mut closure = Closure::default();
    for place in written {
        if place.version == 1 {
            closure.hang(connection, tenant, place)?;
        } else {
            // Whatever is above has moved by now, and is written before this one moves below it.
            closure.flush(connection)?;
            move_known(connection, tenant, place)?;
        }
    }
    closure.flush(connection)?;
    for chunk in written.chunks(CHUNK) {
        write_keys(connection, tenant, chunk, &keys_of)?;
    }
    for place in written.iter().filter(|place| place.version > 1) {
        let versions = super::versions(connection, tenant, place.place)?;
        write_keys(connection, tenant, &versions, &names_of)?;
    }
    Ok(())
}

/// Rows that are handed to the database at once: a roster of a whole country must not stand in
/// memory several times.
const CHUNK: usize = 5_000;

/// Takes a known place with everything below it to where it stands now. Its keys stay: it is found
/// by the names and codes that it had.
fn move_known(
    connection: &mut dyn Connection,
    tenant: Tenant,
    place: &Place,
) -> Result<(), StoreError> {
    let id = values![tenant, place.place];
    connection.execute(&DELETE_ABOVE, &id)?;
    if let Some(parent) = place.parent {
        connection.execute(&INSERT_ABOVE, &values![tenant, place.place, parent])?;
    }
    Ok(())
}

/// Lines of the closure for new places: nothing stands below one yet but other new ones, which
/// come later, so its lines follow from those of the place above.
#[derive(Default)]
struct Closure {
    lines: Vec<Vec<Value<'static>>>,
    /// What stands above a place, itself first.
    above: HashMap<PlaceId, Vec<PlaceId>>,
}

impl Closure {
    fn hang(
        &mut self,
        connection: &mut dyn Connection,
        tenant: Tenant,
        place: &Place,
    ) -> Result<(), StoreError> {
        let mut chain = vec![place.place];
        if let Some(parent) = place.parent {
            if let Entry::Vacant(unknown) = self.above.entry(parent) {
                unknown.insert(super::ancestors(connection, tenant, parent)?);
            }
            chain.extend_from_slice(&self.above[&parent]);
        }
        for (depth, ancestor) in (0_i64..).zip(&chain) {
            let line = values![tenant, place.place, *ancestor, depth];
            self.lines.push(Vec::from(line));
        }
        self.above.insert(place.place, chain);
        if self.lines.len() >= CHUNK {
            self.flush(connection)?;
        }
        Ok(())
    }

    fn flush(&mut self, connection: &mut dyn Connection) -> Result<(), StoreError> {
        connection.execute_many(&INSERT_ANCESTOR, &self.lines)?;
        self.lines.clear();
        Ok(())
    }
}

/// Fills `place_current`, `place_ancestor` and `place_search` from `place_version`; the tables are empty.
pub fn rebuild(connection: &mut dyn Connection, tenant: Tenant) -> Result<(), StoreError> {
    let places = connection.all(&SELECT_ALL_LATEST, &values![tenant], read_place)?;
    write_current(connection, tenant, &places)?;
    let parents: HashMap<PlaceId, Option<PlaceId>> = places
        .iter()
        .map(|place| (place.place, place.parent))
        .collect();
    let mut closure = Vec::with_capacity(places.len() * 4);
    for place in &places {
        let mut above = Some(place.place);
        let mut depth = 0_i64;
        while let Some(ancestor) = above {
            closure.push(Vec::from(values![tenant, place.place, ancestor, depth]));
            above = parents.get(&ancestor).copied().flatten();
            depth += 1;
        }
    }
    connection.execute_many(&INSERT_ANCESTOR, &closure)?;
    write_keys(connection, tenant, &places, &keys_of)?;
    let changed = connection.all(&SELECT_CHANGED, &values![tenant], read_place)?;
    write_keys(connection, tenant, &changed, &keys_of)?;
    write_keys(connection, tenant, &changed, &names_of)?;
    refresh_successions(connection, tenant)
}

/// Fills the closure of the links anew: a place that comes back or ceases changes who stands in
/// whose stead, also further on. Mergers are rare and links few.
pub(super) fn refresh_successions(
    connection: &mut dyn Connection,
    tenant: Tenant,
) -> Result<(), StoreError> {
    let mut next: Links = BTreeMap::new();
    connection.for_each(&SELECT_LINKED, &values![tenant], &mut |row| {
        let (to, whole) = (row.id(1)?, row.int(2)? == 0);
        next.entry(row.id(0)?).or_default().push((to, whole));
        Ok(())
    })?;
    connection.execute(&DELETE_SUCCESSIONS, &values![tenant])?;
    let mut rows = Vec::new();
    for predecessor in next.keys() {
        for (successor, whole) in in_the_stead_of(*predecessor, &next) {
            let row = values![tenant, *predecessor, successor, i64::from(whole)];
            rows.push(Vec::from(row));
        }
    }
    connection.execute_many(&INSERT_SUCCESSION, &rows)?;
    Ok(())
}

/// What became of places that are not there now, and whether all of each went there.
type Links = BTreeMap<PlaceId, Vec<(PlaceId, bool)>>;

/// Every other place that one reaches by links, and whether all of it went there by some way.
fn in_the_stead_of(place: PlaceId, next: &Links) -> BTreeMap<PlaceId, bool> {
    let mut reached = BTreeMap::new();
    let mut open = vec![(place, true)];
    while let Some((from, so_far)) = open.pop() {
        for (to, whole) in next.get(&from).into_iter().flatten() {
            let whole = so_far && *whole;
            let is_known = reached.get(to).is_some_and(|known| *known || !whole);
            if *to != place && !is_known {
                reached.insert(*to, whole);
                open.push((*to, whole));
            }
        }
    }
    reached
}

fn write_current(
    connection: &mut dyn Connection,
    tenant: Tenant,
    places: &[Place],
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value<'_>>> = places
        .iter()
        .map(|place| {
            Vec::from(values![
                tenant,
                place.place,
                place.version,
                place.level(),
                place.kind,
                place.name.as_str(),
                place.alias.as_deref(),
                place.code.map(|code| code.to_string()),
                place.parent,
                place.valid_from,
                place.valid_to,
            ])
        })
        .collect();
    connection.execute_many(&UPSERT_CURRENT, &rows)?;
    Ok(())
}

fn write_keys(
    connection: &mut dyn Connection,
    tenant: Tenant,
    places: &[Place],
    keys: &dyn Fn(&Place) -> Vec<String>,
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value<'_>>> = places
        .iter()
        .flat_map(|place| {
            keys(place)
                .into_iter()
                .map(|key| Vec::from(values![tenant, key, place.place]))
        })
        .collect();
    connection.execute_many(&INSERT_KEY, &rows)?;
    Ok(())
}

/// The code, and the initials of the name and of the name as people say it.
fn keys_of(place: &Place) -> Vec<String> {
    let mut keys: Vec<String> = place.code.iter().map(DivisionCode::to_string).collect();
    keys.extend(initials(&place.name));
    keys.extend(place.alias.iter().flat_map(|alias| initials(alias)));
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The names themselves: of a place that changed, so that it is found by what it was called.
fn names_of(place: &Place) -> Vec<String> {
    std::iter::once(&place.name)
        .chain(&place.alias)
        .map(|name| name.to_lowercase())
        .collect()
}
