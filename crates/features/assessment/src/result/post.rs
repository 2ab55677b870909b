//! `round.post`: the provisional result is posted for objections, for so many working days, and
//! becomes part of the record with everything it was computed from.

use access::Action;
use app::{Command, Door, Refusal};
use kernel::Day;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Value, values};
use utoipa::ToSchema;

use crate::result::calculation::{self, Calculation};
use crate::schema::{POSTED_RESULT, POSTED_ROW};
use crate::transition::RoundAct;
use crate::{RoundId, round::advance, scheme};

/// Posts a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostRound {
    /// The round.
    #[schema(value_type = String, format = "uuid")]
    pub round: RoundId,
}

/// The posting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RoundPosted {
    /// The revision, to be sent with the next command.
    pub revision: i64,
    /// The posted version, from 1.
    pub version: i64,
    /// Last day of the posting; it ends at 24:00.
    #[schema(value_type = String, format = "date")]
    pub until: Day,
    /// Digest of the results, in hexadecimal digits.
    pub results_digest: String,
}

impl Command for PostRound {
    const NAME: &'static str = "round.post";
    const ACTION: Action = Action::ScorePost;
    const CLEAR: &'static [&'static str] = &["round"];
    type Answer = RoundPosted;

    fn run(&self, door: &mut Door<'_>) -> Result<RoundPosted, Refusal> {
        let round = advance::begin(door, self.round, RoundAct::Post)?;
        let tenant = door.tenant();
        let term = scheme::calendar(door.app().packs(), round.pack.as_deref())
            .add_working_days(door.today(), round.posting_days);
        let revision = advance::finish(door, &round, RoundAct::Post, Some(term.day))?;
        // Computed once more: what is posted must be what everybody saw as provisional.
        let material = calculation::material(door.connection(), tenant, &round)?;
        material.as_shown(door.connection(), tenant, self.round)?;
        let calculation = calculation::calculate(material);
        let kept = calculation::kept_digests(door.connection(), tenant, self.round)?;
        if kept != Some(calculation.digests) {
            return Err(Refusal::bug("a frozen round gives another result"));
        }
        let version = 1;
        append(door, self.round, version, term, &calculation)?;
        // The term begins with a checkpoint that covers the posting.
        door.cause("journal.checkpoint", &json!({ "round": self.round }))?;
        Ok(RoundPosted {
            revision,
            version,
            until: term.day,
            results_digest: app::FileHash(calculation.digests.results).to_string(),
        })
    }
}

pub(crate) fn append(
    door: &mut Door<'_>,
    round: RoundId,
    version: i64,
    term: kernel::Term,
    calculation: &Calculation,
) -> Result<(), Refusal> {
    let (tenant, command, today, now, person) = (
        door.tenant(),
        door.command(),
        door.today(),
        door.now(),
        door.person(),
    );
    let digests = calculation.digests;
    let result = values![
        tenant,
        round,
        version,
        command,
        digests.plan,
        digests.inputs,
        digests.results,
        today,
        term.day,
        term.provisional,
        now,
        person
    ];
    door.append(&POSTED_RESULT, &result)?;
    let rows: Vec<Vec<Value<'_>>> = calculation
        .rows
        .iter()
        .map(|row| {
            Vec::from(values![
                tenant,
                round,
                version,
                row.subject_no,
                command,
                row.score.map(|score| score.to_string()),
                row.grade.as_deref(),
                row.rank,
                row.rank_in_group,
                row.packed.encode()
            ])
        })
        .collect();
    door.append_many(&POSTED_ROW, &rows)
}
