//! `round.finalise`: the posting term is over and nothing is disputed; the round never changes
//! again.

use std::collections::BTreeSet;

use access::Action;
use app::{Command, Door, Event, GuardQuestion, Ref, Refusal};
use kernel::{Finding, Period};
use score::{Choice, Moment};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::round::{self, Round};
use crate::transition::{RoundAct, RoundState};
use crate::{
    RoundId, result::calculation, round::advance, round::blockers, scheme, section::reading,
};

/// Makes a round final.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FinaliseRound {
    /// The round.
    #[schema(value_type = String, format = "uuid")]
    pub round: RoundId,
}

/// The final state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RoundFinalised {
    /// The revision.
    pub revision: i64,
    /// Digest of the results, in hexadecimal digits.
    pub results_digest: String,
}

/// The event after a round became final. Body: `{"round", "period", "place"}`.
pub const ROUND_FINALISED: &str = "round.finalised";

impl Command for FinaliseRound {
    const NAME: &'static str = "round.finalise";
    const ACTION: Action = Action::ScoreFinalise;
    const CLEAR: &'static [&'static str] = &["round"];
    type Answer = RoundFinalised;

    fn run(&self, door: &mut Door<'_>) -> Result<RoundFinalised, Refusal> {
        let round = advance::begin(door, self.round, RoundAct::Finalise)?;
        term_over(door, &round)?;
        // An appeal lodged meanwhile waits, or is waited for.
        advance::hold_posted(door, &round)?;
        nothing_open(door, &round)?;
        nothing_disputed(door, &round)?;
        let revision = advance::finish(door, &round, RoundAct::Finalise, None)?;
        let tenant = door.tenant();
        let kept = calculation::kept_digests(door.connection(), tenant, self.round)?
            .ok_or_else(|| Refusal::bug("a posted round without result"))?;
        door.emit(Event::new(
            ROUND_FINALISED,
            json!({
                "round": self.round,
                "period": round.period.to_string(),
                "place": round.place,
                "state": RoundState::Finalised.name(),
            }),
        ));
        Ok(RoundFinalised {
            revision,
            results_digest: app::FileHash(kept.results).to_string(),
        })
    }
}

/// A day term ends at 24:00 of its last day.
fn term_over(door: &Door<'_>, round: &Round) -> Result<(), Refusal> {
    let until = round
        .posted_until
        .ok_or_else(|| Refusal::bug("a posting without term"))?;
    if door.now() >= until.end() {
        return Ok(());
    }
    Err(Finding::error("posting-not-over")
        .arg("until", until.to_string())
        .into())
}

/// What is disputed, found wrong and not corrected, or appealed and not decided: all of it by name.
fn nothing_open(door: &mut Door<'_>, round: &Round) -> Result<(), Refusal> {
    let tenant = door.tenant();
    let found = blockers::blockers(door.connection(), tenant, round)?;
    let findings: Vec<Finding> = found.iter().map(blockers::Blocker::finding).collect();
    if findings.is_empty() {
        return Ok(());
    }
    Err(findings.into())
}

/// Asks whoever keeps disputes, for every period that the round read.
fn nothing_disputed(door: &mut Door<'_>, round: &Round) -> Result<(), Refusal> {
    let tenant = door.tenant();
    let subjects = round::subjects(door.connection(), tenant, round.round)?;
    let places: Vec<_> = subjects.iter().map(|subject| subject.place).collect();
    for period in periods(door, round)? {
        door.ask_guards(&GuardQuestion {
            action: Action::ScoreFinalise,
            thing: Ref::new("round", round.round),
            places: places.clone(),
            period: period.to_string(),
        })?;
    }
    Ok(())
}

fn periods(door: &mut Door<'_>, round: &Round) -> Result<BTreeSet<Period>, Refusal> {
    let tenant = door.tenant();
    let plan = scheme::plan_of_round(door.connection(), tenant, round)?;
    let items = round::items(door.connection(), tenant, round.round)?;
    let mut periods = BTreeSet::from([round.period]);
    for item in items {
        let definition = plan
            .scheme()
            .item_index(&item.code)
            .map(|at| &plan.scheme().items[at]);
        if let (Some(definition), Some(moment)) = (definition, Moment::from_word(&item.moment)) {
            periods.extend(reading::reading(definition.period, moment, round.period).periods());
        }
    }
    Ok(periods)
}
