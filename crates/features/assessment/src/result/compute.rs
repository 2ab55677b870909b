//! `round.compute`: when every section is reviewed, the result is computed and frozen; ranks are
//! provisional until the posting is over.

use access::Action;
use app::{Command, Door, Refusal};
use kernel::Finding;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::transition::RoundAct;
use crate::{RoundId, result::calculation, round::advance, section};

/// Computes a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ComputeRound {
    /// The round.
    #[schema(value_type = String, format = "uuid")]
    pub round: RoundId,
}

/// Where a round stands after a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RoundMoved {
    /// The state's word: `provisional`.
    pub state: String,
    /// The revision, to be sent with the next command.
    pub revision: i64,
    /// Digest of the results, in hexadecimal digits.
    pub results_digest: String,
}

/// At most so many villages are named; the rest is counted.
const NAMED_MAX: usize = 20;

impl Command for ComputeRound {
    const NAME: &'static str = "round.compute";
    const ACTION: Action = Action::ScoreCompute;
    const CLEAR: &'static [&'static str] = &["round"];
    type Answer = RoundMoved;

    fn run(&self, door: &mut Door<'_>) -> Result<RoundMoved, Refusal> {
        let round = advance::begin(door, self.round, RoundAct::Compute)?;
        let tenant = door.tenant();
        // The state moves first: a section that is sent back meanwhile finds the round closed.
        let revision = advance::finish(door, &round, RoundAct::Compute, None)?;
        everything_reviewed(door, self.round)?;
        let material = calculation::material(door.connection(), tenant, &round)?;
        material.as_shown(door.connection(), tenant, self.round)?;
        let calculation = calculation::calculate(material);
        if calculation.findings.iter().any(Finding::blocks) {
            return Err(calculation.findings.into());
        }
        calculation::keep(door.connection(), tenant, self.round, &calculation)?;
        Ok(RoundMoved {
            state: crate::transition::RoundState::Provisional.name().to_owned(),
            revision,
            results_digest: app::FileHash(calculation.digests.results).to_string(),
        })
    }
}

fn everything_reviewed(door: &mut Door<'_>, round: RoundId) -> Result<(), Refusal> {
    let tenant = door.tenant();
    let open = section::unreviewed(door.connection(), tenant, round)?;
    if open.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = open
        .iter()
        .take(NAMED_MAX)
        .map(|(name, _)| name.as_str())
        .collect();
    Err(Finding::error("sections-not-reviewed")
        .arg("count", open.len())
        .arg("villages", names.join("、"))
        .into())
}
