//! The values that are accepted when many sections are, each beside the value of the round before.

use std::collections::BTreeMap;
use std::sync::Arc;

use access::Action;
use kernel::PlaceId;
use score::Plan;
use store::Connection;
use web::{Context, Locale, PageError};

use crate::result::past;
use crate::round::{self, Round, RoundItem};
use crate::scheme;
use crate::scope::{self, scheme_of};
use crate::section::cell::{self, Cells};
use crate::section::value::{Cell, Given, ValueKind};
use crate::view;

/// One value as it is accepted.
#[derive(Clone, Debug)]
pub struct AcceptedValue {
    /// The item's name.
    pub title: String,
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
    round: Round,
    /// The columns of the round by what they are called in every round.
    columns: BTreeMap<(String, String), i64>,
}

/// The values of a village in the round before, by column of that round.
pub(super) type ValuesBefore = Option<(i64, Cells)>;

impl Values {
    /// For a round, with the latest round of the same scheme that was before it and is over.
    pub fn of(
        context: &Context,
        connection: &mut dyn Connection,
        round: &Round,
    ) -> Result<Values, PageError> {
        let tenant = context.tenant;
        let plan = scheme::plan(&scheme_of(connection, tenant, round)?)
            .map_err(|refusal| PageError::Bug(refusal.to_string()))?;
        let rounds = past::rounds(connection, tenant, round.scheme, past::COMPUTED)?;
        let earlier = |other: &Round| other.period.last_day() < round.period.last_day();
        let latest = rounds.into_iter().rfind(earlier);
        let before = match latest {
            None => None,
            Some(round) => {
                let items = round::items(connection, tenant, round.round)?;
                let column = |item: RoundItem| ((item.code, item.moment), item.item_no);
                Some(Before {
                    columns: items.into_iter().map(column).collect(),
                    round,
                })
            }
        };
        Ok(Values { plan, before })
    }

    /// What a village had in the round before, where the visitor may read it by that round's own
    /// tree.
    pub fn before(
        &self,
        context: &Context,
        connection: &mut dyn Connection,
        place: PlaceId,
    ) -> Result<ValuesBefore, PageError> {
        let Some(before) = &self.before else {
            return Ok(None);
        };
        let (tenant, id) = (context.tenant, before.round.round);
        let Some(subject) = round::subject(connection, tenant, id, place)? else {
            return Ok(None);
        };
        if !scope::may_at(
            context,
            connection,
            id,
            subject.subject_no,
            Action::ScoreRead,
        )? {
            return Ok(None);
        }
        let cells = cell::of_subject(connection, tenant, id, subject.subject_no)?;
        Ok(Some((subject.subject_no, cells)))
    }

    /// One value; none where nothing was said.
    pub fn one(
        &self,
        l: &Locale,
        item: &RoundItem,
        cell: &Cell,
        had: &ValuesBefore,
        proven: bool,
    ) -> Option<AcceptedValue> {
        let (kind, given) = cell.counts()?;
        let declared = cell
            .declared
            .as_ref()
            .filter(|declared| kind != ValueKind::Declared && *declared != given);
        let before = had.as_ref().and_then(|(number, cells)| {
            let key = (item.code.clone(), item.moment.clone());
            let column = self.before.as_ref()?.columns.get(&key)?;
            cells.get(&(*number, *column))?.value()
        });
        let text = |given: &Given| self.text(l, item, given);
        Some(AcceptedValue {
            title: view::named(l, self.plan.scheme(), &item.code),
            value: text(given),
            declared: declared.map(text).unwrap_or_default(),
            moved: before.is_some_and(|before| given.value() != Some(before)),
            before: before.map_or_else(String::new, |before| text(&Given::Value(before))),
            proven,
        })
    }

    fn text(&self, l: &Locale, item: &RoundItem, given: &Given) -> String {
        let scheme = self.plan.scheme();
        match given {
            Given::Missing(why) => l.text("check-none").arg("reason", why.as_str()).to_string(),
            Given::Value(_) => {
                let index = scheme.item_index(&item.code);
                let unit = index.map_or("", |index| scheme.items[index].unit.0.as_str());
                let number = view::number(l, given.value());
                format!("{number} {}", view::unit(l, unit))
                    .trim()
                    .to_owned()
            }
        }
    }
}
