//! `appeal.decide`: somebody who had no part in the figure grants the appeal, with the corrected
//! values, or does not; with a reason that the village reads.

use std::collections::BTreeSet;

use access::{Action, Resource};
use app::{Command, Door, Ref, Refusal};
use kernel::Finding;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::appeal::lodge_appeal::column_of;
use crate::appeal::{self, Appeal, WHOLE_RESULT};
use crate::correction::{self, Wrong};
use crate::round::{self, Round};
use crate::section::answer::{Answer, field};
use crate::section::cell::{self, NewValue};
use crate::section::check_reason;
use crate::section::value::ValueKind;
use crate::transition::{AppealAct, appeal_move};
use crate::{AppealId, round::advance, scheme};

/// Whether an appeal is granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AppealDecision {
    /// It is; the values are corrected.
    Uphold,
    /// It is not.
    Reject,
}

/// Decides an appeal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideAppeal {
    /// The appeal.
    #[schema(value_type = String, format = "uuid")]
    pub appeal: AppealId,
    /// The decision.
    pub decision: AppealDecision,
    /// Why, up to 500 characters; the village reads it.
    pub reason: String,
    /// The corrected values where it is granted: of the item appealed against, or of any item of
    /// the village where the result as a whole was.
    #[serde(default)]
    pub items: Vec<Answer>,
}

/// Where an appeal stands after a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AppealMoved {
    /// The state's word: `upheld`.
    pub state: String,
    /// The version of the result that it made, where it was granted.
    pub version: Option<i64>,
    /// How many villages' figure, score, grade or rank that version moved.
    pub moved: u32,
}

impl Command for DecideAppeal {
    const NAME: &'static str = "appeal.decide";
    const ACTION: Action = Action::ScoreDecideAppeal;
    const CLEAR: &'static [&'static str] = &[
        "appeal",
        "decision",
        "items.*.item",
        "items.*.value",
        "items.*.evidence.*.file",
    ];
    type Answer = AppealMoved;

    fn run(&self, door: &mut Door<'_>) -> Result<AppealMoved, Refusal> {
        let (found, round) = self.find(door)?;
        let person = door.acting_person()?;
        let act = match self.decision {
            AppealDecision::Uphold => AppealAct::Uphold,
            AppealDecision::Reject => AppealAct::Reject,
        };
        appeal_move(found.state, act)?;
        check_reason(&self.reason, "reason")?;
        let reason = self.reason.trim();
        let decided = found.clone().after(act, (person, door.now()), reason)?;
        if act == AppealAct::Reject {
            if !self.items.is_empty() {
                return Err(Finding::error("rejected-with-values").field("items").into());
            }
            advance::hold_posted(door, &round)?;
            appeal::append(door, &decided, act, reason)?;
            return Ok(moved(&decided, None, 0));
        }
        let values = self.values(door, &round, &found)?;
        appeal::append(door, &decided, act, reason)?;
        let because = Ref::new("appeal", found.appeal);
        let wrong: Vec<Wrong<'_>> = values
            .into_iter()
            .map(|value| Wrong {
                value,
                because: &because,
            })
            .collect();
        let corrected = correction::apply(door, &round, &wrong)?;
        Ok(moved(&decided, corrected.version, corrected.moves.len()))
    }
}

fn moved(appeal: &Appeal, version: Option<i64>, moved: usize) -> AppealMoved {
    AppealMoved {
        state: appeal.state.name().to_owned(),
        version,
        moved: u32::try_from(moved).unwrap_or(u32::MAX),
    }
}

impl DecideAppeal {
    /// The appeal and its round, decided with everybody's part in the figure.
    fn find(&self, door: &mut Door<'_>) -> Result<(Appeal, Round), Refusal> {
        let tenant = door.tenant();
        let Some(found) = appeal::get(door.connection(), tenant, self.appeal)? else {
            return Err(Refusal::not_found("appeal"));
        };
        let Some(round) = round::get(door.connection(), tenant, found.round)? else {
            return Err(Refusal::bug("an appeal without round"));
        };
        let (id, subject) = (round.round, found.subject_no);
        let ancestors = round::ancestors(door.connection(), tenant, id, subject)?;
        let history = appeal::involved(door.connection(), tenant, &found)?;
        let resource = Resource::at(tenant, &ancestors).history(&history);
        door.decide(Action::ScoreDecideAppeal, &resource)?;
        Ok((found, round))
    }

    /// The corrected values: believable, of what was appealed against, and other than what counts.
    fn values(
        &self,
        door: &mut Door<'_>,
        round: &Round,
        found: &Appeal,
    ) -> Result<Vec<NewValue>, Refusal> {
        let tenant = door.tenant();
        let plan = scheme::plan_of_round(door.connection(), tenant, round)?;
        let items = round::items(door.connection(), tenant, round.round)?;
        let cells = cell::of_subject(door.connection(), tenant, round.round, found.subject_no)?;
        let mut values = Vec::new();
        let mut seen = BTreeSet::new();
        for answer in &self.items {
            let at = field(&answer.item, "value");
            let refuse = |code| {
                Finding::error(code)
                    .field(at.clone())
                    .arg("item", answer.item.as_str())
            };
            let column = column_of(&items, &answer.item);
            let definition = plan.scheme().item_index(&answer.item);
            let (Some(column), Some(definition)) = (column, definition) else {
                return Err(refuse("item-not-asked").into());
            };
            let is_own = found.item_no == WHOLE_RESULT || found.item_no == column.item_no;
            if !is_own {
                return Err(refuse("item-not-appealed").into());
            }
            if !seen.insert(column.item_no) {
                return Err(refuse("item-twice").into());
            }
            let given = answer.given(&plan.scheme().items[definition])?;
            let before = cells.get(&(found.subject_no, column.item_no));
            if before
                .and_then(|cell| cell.counts())
                .map(|(_, given)| given)
                == Some(&given)
            {
                return Err(refuse("correction-same").into());
            }
            values.push(NewValue {
                subject_no: found.subject_no,
                item_no: column.item_no,
                kind: ValueKind::Corrected,
                given,
                reason: Some(self.reason.trim().to_owned()),
                origin: None,
            });
        }
        if values.is_empty() {
            return Err(Finding::error("correction-missing").field("items").into());
        }
        Ok(values)
    }
}
