//! Situations: what a scheme gives marks for when it happens, and takes marks off for.

use std::collections::BTreeMap;

use directory::closed_list;
use kernel::{Decimal, PlaceId, Tenant};
use score::{ItemSource, Moment, Plan, Rule, Scheme, Title};
use store::Connection;

use crate::scheme;

closed_list! {
    /// Whether an event adds marks or takes them off.
    EventKind {
        /// It adds marks.
        Bonus = "bonus",
        /// It takes marks off.
        Penalty = "penalty",
    }
}

/// One situation of a scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Situation {
    /// The code of the item that counts its events.
    pub item: String,
    /// Its name.
    pub title: Title,
    /// Whether it adds marks or takes them off.
    pub kind: EventKind,
    /// Marks for each event, before caps.
    pub mark: Decimal,
}

/// The situations of a scheme, in its order.
pub fn of_scheme(scheme: &Scheme) -> Vec<Situation> {
    let mut found: Vec<Situation> = Vec::new();
    let mut add = |item: &str, kind, mark| {
        let known = found.iter().any(|known| known.item == item);
        let definition = scheme.item_index(item).map(|at| &scheme.items[at]);
        let Some(definition) = definition.filter(|_| !known) else {
            return;
        };
        if definition.source == ItemSource::Events {
            found.push(Situation {
                item: item.to_owned(),
                title: definition.title.clone(),
                kind,
                mark,
            });
        }
    };
    for node in &scheme.nodes {
        match &node.rule {
            Rule::Bonus(list) => {
                for entry in &list.entries {
                    add(&entry.item, EventKind::Bonus, entry.mark);
                }
            }
            Rule::Penalty(list) => {
                for entry in &list.entries {
                    add(&entry.item, EventKind::Penalty, entry.mark);
                }
            }
            Rule::Deduction(rule) => add(&rule.item, EventKind::Penalty, rule.per_occurrence),
            _ => {}
        }
    }
    found
}

/// Marks of each situation by its item.
pub fn marks(scheme: &Scheme) -> BTreeMap<String, Decimal> {
    of_scheme(scheme)
        .into_iter()
        .map(|situation| (situation.item, situation.mark))
        .collect()
}

/// The moment by whose date an item's events fall into a period; none where the plan does not
/// count the item's events.
pub fn dated_by(plan: &Plan, item: &str) -> Option<Moment> {
    plan.inputs()
        .iter()
        .filter(|input| input.item == item)
        .map(|input| input.moment)
        .find(|moment| {
            matches!(
                moment,
                Moment::Occurred | Moment::Discovered | Moment::Ruled
            )
        })
}

/// The situations of every scheme by which a village is rated: the newest versions of those of
/// its own places, `ancestors`, itself included.
pub fn of_village(
    connection: &mut dyn Connection,
    tenant: Tenant,
    ancestors: &[PlaceId],
) -> Result<Vec<Situation>, app::Refusal> {
    let mut found: Vec<Situation> = Vec::new();
    let mut seen = Vec::new();
    for published in scheme::all(connection, tenant)? {
        if seen.contains(&published.scheme) || !ancestors.contains(&published.place) {
            continue;
        }
        seen.push(published.scheme);
        let Some(newest) = scheme::latest(connection, tenant, published.scheme)? else {
            continue;
        };
        for situation in of_scheme(scheme::plan(&newest)?.scheme()) {
            if found.iter().all(|known| known.item != situation.item) {
                found.push(situation);
            }
        }
    }
    Ok(found)
}
