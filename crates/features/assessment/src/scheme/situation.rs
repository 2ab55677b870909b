//! Situations: what a scheme gives marks for when it happens, and takes marks off for.

use std::collections::BTreeMap;

use directory::closed_list;
use kernel::{Decimal, PlaceId, Tenant};
use score::{EventEntry, ItemSource, Moment, Plan, Rule, SameFact, Scheme, Title};
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
    /// What an event does whose fact another situation counts too.
    pub same_fact: SameFact,
    /// The share of the mark that counts where several villages share the event; 0 to 1.
    pub joint_share: Decimal,
}

/// The situations of a scheme, in its order.
pub fn of_scheme(scheme: &Scheme) -> Vec<Situation> {
    let mut found: Vec<Situation> = Vec::new();
    let mut add = |item: &str, kind, mark, (same_fact, joint_share)| {
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
                same_fact,
                joint_share,
            });
        }
    };
    let answers = |entry: &EventEntry| (entry.same_fact, entry.joint_share);
    for node in &scheme.nodes {
        match &node.rule {
            Rule::Bonus(list) => {
                for entry in &list.entries {
                    add(&entry.item, EventKind::Bonus, entry.mark, answers(entry));
                }
            }
            Rule::Penalty(list) => {
                for entry in &list.entries {
                    add(&entry.item, EventKind::Penalty, entry.mark, answers(entry));
                }
            }
            Rule::Deduction(rule) => {
                let answers = (rule.same_fact, Decimal::ONE);
                add(&rule.item, EventKind::Penalty, rule.per_occurrence, answers);
            }
            _ => {}
        }
    }
    found
}

/// The situations of a scheme by their items.
pub fn by_item(scheme: &Scheme) -> BTreeMap<String, Situation> {
    of_scheme(scheme)
        .into_iter()
        .map(|situation| (situation.item.clone(), situation))
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
