//! What a place was: its versions, the stretches of time that follow from them, and why it
//! changed.

use kernel::{CommandId, PlaceId, Tenant};
use store::{Connection, StoreError, values};

use super::{Place, PlaceChange, read_place};

store::statements! {
    /// Everything that was ever said of a place, in the order of saying.
    SELECT_VERSIONS = concat!(
        "SELECT v.place, v.version, v.kind, v.name, v.alias, v.code, v.parent, v.valid_from, ",
        "v.valid_to FROM place_version v WHERE v.tenant = $1 AND v.place = $2 ",
        "ORDER BY v.version"
    );
    /// Why a place changed, or those beside it that its links name, by the day.
    SELECT_CHANGES = concat!(
        "SELECT c.command, c.kind, c.day, c.reason, c.document FROM place_change c ",
        "WHERE c.tenant = $1 AND (EXISTS (SELECT 1 FROM place_version v WHERE v.tenant = $1 ",
        "AND v.command = c.command AND v.place = $2) OR EXISTS (SELECT 1 FROM place_link k ",
        "WHERE k.tenant = $1 AND k.command = c.command AND (k.predecessor = $2 ",
        "OR k.successor = $2))) ORDER BY c.day, c.at, c.command"
    );
}

/// Everything that was ever said of a place, in the order of saying.
pub fn versions(
    connection: &mut dyn Connection,
    tenant: Tenant,
    place: PlaceId,
) -> Result<Vec<Place>, StoreError> {
    connection.all(&SELECT_VERSIONS, &values![tenant, place], read_place)
}

/// The stretches of time in which a place was as one version says, oldest first, each with its
/// true first and last day. A gap between two is time in which there was no such place. A version
/// overrides earlier ones from its first day on.
pub fn stretches(versions: &[Place]) -> Vec<Place> {
    let mut stretches: Vec<Place> = Vec::with_capacity(versions.len());
    for version in versions {
        stretches.retain(|earlier| earlier.valid_from < version.valid_from);
        let eve = version.valid_from.plus_days(-1);
        if let Some(last) = stretches.last_mut()
            && last.valid_to.is_none_or(|to| to > eve)
        {
            last.valid_to = Some(eve);
        }
        stretches.push(version.clone());
    }
    stretches
}

/// Why a place changed, oldest first, with the command.
pub fn changes_of(
    connection: &mut dyn Connection,
    tenant: Tenant,
    place: PlaceId,
) -> Result<Vec<(CommandId, PlaceChange)>, StoreError> {
    connection.all(&SELECT_CHANGES, &values![tenant, place], |row| {
        let change = PlaceChange {
            kind: row.parse(1)?,
            day: row.day(2)?,
            reason: row.text(3)?.to_owned(),
            document: row.text(4)?.to_owned(),
        };
        Ok((row.id(0)?, change))
    })
}
