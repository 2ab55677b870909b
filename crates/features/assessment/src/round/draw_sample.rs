//! `round.sample`: which villages are checked once more, in a draw that nobody can steer. The seed
//! is a hash of the round and of the root of the first signed checkpoint that covers the leaf which
//! closed verification: it did not exist while anybody could still choose, and everybody can count
//! it again.

use access::Action;
use app::{Command, Door, Refusal, sealer};
use kernel::{CommandId, Finding, Instant, PersonId, Tenant};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{Connection, StoreError, Value, values};
use utoipa::ToSchema;

use crate::round::{self, Round, Subject};
use crate::schema::{SAMPLE_DRAW, SAMPLE_ROW};
use crate::transition::RoundState;
use crate::{RoundId, round::advance};

store::statements! {
    /// Sections that the town has not verified, or has to verify again.
    COUNT_UNVERIFIED = concat!(
        "SELECT count(*) FROM section_state WHERE tenant = $1 AND round = $2 ",
        "AND state NOT IN ('verified', 'reviewed')"
    );
    /// The step that closed verification: the last one.
    SELECT_CLOSING = concat!(
        "SELECT command FROM section_event WHERE tenant = $1 AND round = $2 ",
        "AND action = 'verify' ORDER BY at DESC, command DESC LIMIT 1"
    );
    SELECT_DRAW = concat!(
        "SELECT closing, checkpoint_size, root, seed, percent, person, at FROM sample_draw ",
        "WHERE tenant = $1 AND round = $2"
    );
    SELECT_DRAWN =
        "SELECT subject_no FROM sample_row WHERE tenant = $1 AND round = $2 ORDER BY position";
}

/// Draws the sample of a round; once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DrawSample {
    /// The round.
    #[schema(value_type = String, format = "uuid")]
    pub round: RoundId,
    /// The share of villages, in percent, 1 to 100; rounded up to whole villages.
    pub percent: u8,
}

/// The sample.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SampleDrawn {
    /// How many villages were drawn.
    pub villages: u32,
    /// The seed, in hexadecimal digits.
    pub seed: String,
}

/// A draw as the record keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draw {
    /// The command whose leaf closed verification.
    pub closing: CommandId,
    /// Size of the checkpoint.
    pub checkpoint_size: i64,
    /// Its root.
    pub root: [u8; 32],
    /// The seed.
    pub seed: [u8; 32],
    /// The share of villages, in percent.
    pub percent: i64,
    /// Who had it drawn.
    pub person: Option<PersonId>,
    /// When.
    pub at: Instant,
}

impl Command for DrawSample {
    const NAME: &'static str = "round.sample";
    const ACTION: Action = Action::RoundAdvance;
    const CLEAR: &'static [&'static str] = &["round", "percent"];
    type Answer = SampleDrawn;

    fn run(&self, door: &mut Door<'_>) -> Result<SampleDrawn, Refusal> {
        let round = advance::find(door, self.round, Action::RoundAdvance)?;
        if !(1..=100).contains(&self.percent) {
            return Err(Finding::error("sample-percent").field("percent").into());
        }
        let (closing, (size, root)) = self.closed(door, &round)?;
        let seed = seed(self.round, root);
        let tenant = door.tenant();
        let subjects = round::subjects(door.connection(), tenant, self.round)?;
        let drawn = drawn(seed, &subjects, self.percent);
        let (command, person, now) = (door.command(), door.person(), door.now());
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        let percent = i64::from(self.percent);
        let row = values![
            tenant, self.round, command, closing, size, root, seed, percent, person, now
        ];
        door.append(&SAMPLE_DRAW, &row)?;
        let rows: Vec<Vec<Value<'_>>> = (1_i64..)
            .zip(&drawn)
            .map(|(position, subject)| {
                Vec::from(values![tenant, self.round, position, command, *subject])
            })
            .collect();
        door.append_many(&SAMPLE_ROW, &rows)?;
        Ok(SampleDrawn {
            villages: u32::try_from(drawn.len()).unwrap_or(u32::MAX),
            seed: app::FileHash(seed).to_string(),
        })
    }
}

impl DrawSample {
    /// The command that closed verification, with the checkpoint that covers it.
    fn closed(
        &self,
        door: &mut Door<'_>,
        round: &Round,
    ) -> Result<(CommandId, (u64, [u8; 32])), Refusal> {
        let tenant = door.tenant();
        if round.state != RoundState::Open {
            let state = round.state.name();
            return Err(Finding::error("round-not-open").arg("state", state).into());
        }
        if let Some(earlier) = draw(door.connection(), tenant, self.round)? {
            return Err(Refusal::lost_race("", earlier.at));
        }
        let key = values![tenant, self.round];
        let left = door
            .connection()
            .one(&COUNT_UNVERIFIED, &key, |row| row.int(0))?;
        let closing = door
            .connection()
            .optional(&SELECT_CLOSING, &key, |row| row.id(0))?;
        let (0, Some(closing)) = (left, closing) else {
            return Err(Finding::error("sample-not-verified")
                .arg("count", left)
                .into());
        };
        let covering = sealer::first_root_covering(door.connection(), tenant, closing)?;
        let covering = covering.ok_or_else(|| Finding::error("sample-no-checkpoint"))?;
        Ok((closing, covering))
    }
}

/// The seed of a round's draw.
pub fn seed(round: RoundId, root: [u8; 32]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"xingcun.sample.v1");
    hash.update(round.0.as_bytes());
    hash.update(root);
    hash.finalize().into()
}

/// The drawn subjects: each gets the hash of the seed with its place, and the smallest are taken.
/// At least one, at most all.
pub fn drawn(seed: [u8; 32], subjects: &[Subject], percent: u8) -> Vec<i64> {
    let mut lots: Vec<([u8; 32], i64)> = subjects
        .iter()
        .map(|subject| {
            let mut hash = Sha256::new();
            hash.update(seed);
            hash.update(subject.place.0.as_bytes());
            (hash.finalize().into(), subject.subject_no)
        })
        .collect();
    lots.sort_unstable();
    let wanted = (subjects.len() * usize::from(percent)).div_ceil(100);
    lots.into_iter()
        .take(wanted)
        .map(|(_, subject)| subject)
        .collect()
}

/// The draw of a round, if there was one.
pub fn draw(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
) -> Result<Option<Draw>, StoreError> {
    connection.optional(&SELECT_DRAW, &values![tenant, round], |row| {
        Ok(Draw {
            closing: row.id(0)?,
            checkpoint_size: row.int(1)?,
            root: row.bytes(2)?,
            seed: row.bytes(3)?,
            percent: row.int(4)?,
            person: row.optional_id(5)?,
            at: row.instant(6)?,
        })
    })
}

/// The drawn subjects of a round, in the order of the draw.
pub fn drawn_of(
    connection: &mut dyn Connection,
    tenant: Tenant,
    round: RoundId,
) -> Result<Vec<i64>, StoreError> {
    connection.all(&SELECT_DRAWN, &values![tenant, round], |row| row.int(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Id, PlaceId};

    fn subject(number: u8) -> Subject {
        Subject {
            subject_no: i64::from(number),
            place: PlaceId(Id::from_bytes([number; 16])),
            code: None,
            name: String::new(),
            alias: None,
            kind: "village".to_owned(),
            town: None,
            town_name: None,
            group: None,
        }
    }

    #[test]
    fn the_draw_follows_from_the_seed_alone_and_takes_the_share_rounded_up() {
        let subjects: Vec<Subject> = (1..=12).map(subject).collect();
        let mut turned = subjects.clone();
        turned.reverse();
        let one = seed(RoundId(Id::from_bytes([1; 16])), [7; 32]);
        assert_eq!(drawn(one, &subjects, 10), drawn(one, &turned, 10));
        for (percent, count) in [(1, 1), (10, 2), (25, 3), (100, 12)] {
            assert_eq!(drawn(one, &subjects, percent).len(), count, "{percent}");
        }
        let other = seed(RoundId(Id::from_bytes([1; 16])), [8; 32]);
        assert_ne!(drawn(one, &subjects, 100), drawn(other, &subjects, 100));
        // A larger share only adds.
        assert_eq!(
            drawn(one, &subjects, 50)[..2],
            drawn(one, &subjects, 10)[..]
        );
    }
}
