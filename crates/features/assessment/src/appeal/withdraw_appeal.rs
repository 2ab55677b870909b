//! `appeal.withdraw`: the village takes an appeal back before it is decided.

use access::{Action, Resource};
use app::{Command, Door, Refusal};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::appeal::decide_appeal::AppealMoved;
use crate::section::check_reason;
use crate::transition::AppealAct;
use crate::{AppealId, appeal, round};

/// Takes an appeal back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawAppeal {
    /// The appeal.
    #[schema(value_type = String, format = "uuid")]
    pub appeal: AppealId,
    /// Why, up to 500 characters.
    pub reason: String,
}

impl Command for WithdrawAppeal {
    const NAME: &'static str = "appeal.withdraw";
    const ACTION: Action = Action::ScoreAppeal;
    const CLEAR: &'static [&'static str] = &["appeal"];
    type Answer = AppealMoved;

    fn run(&self, door: &mut Door<'_>) -> Result<AppealMoved, Refusal> {
        let tenant = door.tenant();
        let Some(found) = appeal::get(door.connection(), tenant, self.appeal)? else {
            return Err(Refusal::not_found("appeal"));
        };
        let (round, subject) = (found.round, found.subject_no);
        let ancestors = round::ancestors(door.connection(), tenant, round, subject)?;
        door.decide(Action::ScoreAppeal, &Resource::at(tenant, &ancestors))?;
        let person = door.acting_person()?;
        check_reason(&self.reason, "reason")?;
        let act = AppealAct::Withdraw;
        let moved = found.after(act, (person, door.now()), self.reason.trim())?;
        appeal::append(door, &moved, act, self.reason.trim())?;
        Ok(AppealMoved {
            state: moved.state.name().to_owned(),
            version: None,
            moved: 0,
        })
    }
}
