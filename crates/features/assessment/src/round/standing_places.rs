//! A place that stands in an unfinished round stays until the round is final: whoever declares and
//! appeals for it holds a right at that place, and rights end with the place.

use access::Action;
use app::{Guard, GuardQuestion};
use kernel::{Finding, PlaceId, Tenant};
use store::{Connection, StoreError, values};

store::statements! {
    /// Rounds that are not final and assess the place or what lies below it, oldest first.
    SELECT_UNFINISHED = concat!(
        "SELECT DISTINCT r.period, r.place_name, COALESCE(p.alias, p.name) FROM round r ",
        "JOIN round_state s ON s.tenant = r.tenant AND s.round = r.round ",
        "JOIN round_tree t ON t.tenant = r.tenant AND t.round = r.round ",
        "JOIN place_current p ON p.tenant = t.tenant AND p.place = t.ancestor ",
        "WHERE r.tenant = $1 AND t.ancestor = $2 AND s.state <> 'finalised' ",
        "AND r.place <> $2 ORDER BY r.period, r.place_name"
    );
}

/// Objects to a merger, a split or an end.
pub(crate) const GUARD: Guard = Guard {
    on: Action::RegistryMerge,
    objections,
};

fn objections(
    connection: &mut dyn Connection,
    tenant: Tenant,
    question: &GuardQuestion,
) -> Result<Vec<Finding>, StoreError> {
    let mut found = Vec::new();
    for place in &question.places {
        found.extend(unfinished(connection, tenant, *place)?);
    }
    Ok(found)
}

fn unfinished(
    connection: &mut dyn Connection,
    tenant: Tenant,
    place: PlaceId,
) -> Result<Vec<Finding>, StoreError> {
    connection.all(&SELECT_UNFINISHED, &values![tenant, place], |row| {
        let finding = Finding::error("place-in-unfinished-round");
        Ok(finding
            .arg("period", row.text(0)?)
            .arg("place", row.text(1)?)
            .arg("name", row.text(2)?))
    })
}
