//! The values that are accepted when many sections are, each beside the value of the round before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use access::{Action, Scope};
use kernel::{Decimal, PlaceId};
use score::Plan;
use store::Connection;
use web::{Attempt, Context, Locale, PageError};

use crate::result::past;
use crate::round::{self, Round, RoundItem};
use crate::scope::{self, scheme_of};
use crate::section::cell::{self, Cells};
use crate::section::value::{Cell, Given, ValueKind};
use crate::{RoundId, scheme, view};

/// One value as it is accepted.
#[derive(Clone, Debug)]
pub struct AcceptedValue {
    /// The value with its unit, or why there is none.
    pub value: String,
    /// What the village declared, where that differs; empty else.
    pub declared: String,
    /// The value of the round before; empty where there was none.
    pub before: String,
    /// Whether it differs from the round before.
    pub moved: bool,
    /// Whether it rests on files.
    pub proven: bool,
}

/// What the values of one round are shown with: names, units, and the round before.
pub(super) struct Values {
    plan: Arc<Plan>,
    before: Option<Before>,
}

struct Before {
    /// The columns of the round by what they are called in every round.
    columns: BTreeMap<(String, String), i64>,
    /// The villages that the visitor may read by that round's own tree.
    subjects: BTreeMap<PlaceId, i64>,
    cells: Cells,
}

impl Values {
    /// For a round, with the latest round of the same scheme that was before it and is over: what
    /// these places had there.
    pub fn of(
        context: &Context,
        connection: &mut dyn Connection,
        round: &Round,
        places: &BTreeSet<PlaceId>,
    ) -> Result<Values, PageError> {
        let tenant = context.tenant;
        let plan = scheme::plan(&scheme_of(connection, tenant, round)?)
            .map_err(|refusal| PageError::Bug(refusal.to_string()))?;
        let rounds = past::rounds(connection, tenant, round.scheme, past::COMPUTED)?;
        let earlier = |other: &Round| other.period.last_day() < round.period.last_day();
        let latest = rounds.into_iter().rfind(earlier);
        let before = match latest {
            None => None,
            Some(round) => Some(Before::read(context, connection, round.round, places)?),
        };
        Ok(Values { plan, before })
    }

    /// What the list calls an item.
    pub fn title(&self, l: &Locale, item: &RoundItem) -> String {
        view::named(l, self.plan.scheme(), &item.code)
    }

    /// A refused attempt with names of items where its findings have codes.
    pub fn with_item_titles(&self, l: &Locale, attempt: &Attempt) -> Attempt {
        view::with_item_titles(l, self.plan.scheme(), attempt)
    }

    /// The unit of an item; empty where it has none.
    pub fn unit(&self, l: &Locale, item: &RoundItem) -> String {
        let scheme = self.plan.scheme();
        let index = scheme.item_index(&item.code);
        index.map_or_else(String::new, |index| {
            view::unit(l, scheme.items[index].unit.0.as_str())
        })
    }

    /// One value; none where nothing was said.
    pub fn one(
        &self,
        l: &Locale,
        item: &RoundItem,
        place: PlaceId,
        cell: &Cell,
        proven: bool,
    ) -> Option<AcceptedValue> {
        let (kind, given) = cell.counts()?;
        let declared = cell
            .declared
            .as_ref()
            .filter(|declared| kind != ValueKind::Declared && *declared != given);
        let before = self.before(item, place);
        let text = |given: &Given| self.text(l, item, given);
        Some(AcceptedValue {
            value: text(given),
            declared: declared.map(text).unwrap_or_default(),
            moved: before.is_some_and(|before| given.value() != Some(before)),
            before: before.map_or_else(String::new, |before| text(&Given::Value(before))),
            proven,
        })
    }

    /// What a village had in the round before.
    fn before(&self, item: &RoundItem, place: PlaceId) -> Option<Decimal> {
        let before = self.before.as_ref()?;
        let key = (item.code.clone(), item.moment.clone());
        let (number, column) = (before.subjects.get(&place)?, before.columns.get(&key)?);
        before.cells.get(&(*number, *column))?.value()
    }

    fn text(&self, l: &Locale, item: &RoundItem, given: &Given) -> String {
        match given {
            Given::Missing(why) => l.text("check-none").arg("reason", why.as_str()).to_string(),
            Given::Value(_) => {
                let number = view::number(l, given.value());
                format!("{number} {}", self.unit(l, item)).trim().to_owned()
            }
        }
    }
}

impl Before {
    fn read(
        context: &Context,
        connection: &mut dyn Connection,
        round: RoundId,
        places: &BTreeSet<PlaceId>,
    ) -> Result<Before, PageError> {
        let tenant = context.tenant;
        let scope = Scope::new(&context.subject, Action::ScoreRead, context.today());
        let visible = scope::visible(connection, &scope, round)?;
        let subjects: BTreeMap<PlaceId, i64> = round::subjects(connection, tenant, round)?
            .into_iter()
            .filter(|one| places.contains(&one.place) && visible.contains(&one.subject_no))
            .map(|one| (one.place, one.subject_no))
            .collect();
        let numbers: BTreeSet<i64> = subjects.values().copied().collect();
        let cells = match (numbers.first(), numbers.last()) {
            (Some(first), Some(last)) => {
                cell::of_subjects(connection, tenant, round, (*first, *last))?
            }
            _ => Cells::new(),
        };
        let column = |item: RoundItem| ((item.code, item.moment), item.item_no);
        let items = round::items(connection, tenant, round)?;
        Ok(Before {
            columns: items.into_iter().map(column).collect(),
            subjects,
            cells,
        })
    }
}
