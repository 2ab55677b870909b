//! One leaf: what was done, by whom, when, and which record rows it wrote.

use std::collections::BTreeMap;

use kernel::{CommandId, Id, Instant, PersonId, Tenant};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::canonical::{CanonicalError, MAX_INTEGER, canonical_json};
use crate::hash::Hash256;

/// The layout of a leaf; it stands in every leaf as `v`.
pub const LEAF_VERSION: u8 = 1;
/// Largest leaf, in bytes of its canonical text.
pub const MAX_LEAF_BYTES: usize = 20 << 20;
/// Most record rows that one command may write.
pub const MAX_ROWS: usize = 200_000;
/// Longest name of a command or a table, in bytes.
pub const MAX_NAME_BYTES: usize = 64;

/// Through which skin the command came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// A page.
    Browser,
    /// `POST /api/v1/commands/{name}` by a program.
    Api,
    /// The command line, `--as USER`.
    Cli,
    /// A job of the product itself.
    Job,
}

/// What became of the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was carried out.
    Accepted,
    /// It was refused for want of a right; it changed nothing.
    Denied,
    /// It was carried out and showed sealed personal data.
    Revealed,
}

/// Who acted. All three are empty for a job that nobody started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeafActor {
    /// The account that was signed in.
    pub account: Option<Id>,
    /// The natural person behind the account.
    pub person: Option<PersonId>,
    /// The person for whom it was done, where the actor acted by delegation.
    pub on_behalf: Option<PersonId>,
}

/// One leaf of the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// The governed area; each has a tree of its own.
    pub tenant: Tenant,
    /// When the server accepted or denied the command.
    pub at: Instant,
    /// Who acted, and for whom.
    pub actor: LeafActor,
    /// Through which skin.
    pub via: Via,
    /// The command's id, given by the client.
    pub command: CommandId,
    /// The command's name: `round.declare`.
    pub name: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The body as [`crate::commit_body`] gives it, never as the client sent it.
    pub body: Value,
    /// Table → digests of the record rows written, in the order of the table's key.
    pub rows: BTreeMap<String, Vec<Hash256>>,
}

/// Why something is not a leaf.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LeafError {
    /// The body holds something that has no canonical text.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
    /// Longer than [`MAX_LEAF_BYTES`].
    #[error("a leaf longer than {MAX_LEAF_BYTES} bytes")]
    TooLong,
    /// More than [`MAX_ROWS`] record rows.
    #[error("more than {MAX_ROWS} record rows in one command")]
    TooManyRows,
    /// The name of the command or of a table is empty, too long, or not of `a-z 0-9 _ . -`.
    #[error("not a name of a command or a table: {0:?}")]
    Name(String),
    /// Tenant or instant is beyond 53 bits.
    #[error("a number beyond 53 bits")]
    Number,
    /// Not the canonical text of a leaf.
    #[error("not a leaf: {0}")]
    Unreadable(String),
}

/// The leaf as JSON has it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    v: u8,
    tenant: Tenant,
    at: Instant,
    actor: LeafActor,
    via: Via,
    command: CommandId,
    name: String,
    outcome: Outcome,
    body: Value,
    rows: BTreeMap<String, Vec<Hash256>>,
}

impl Leaf {
    /// The leaf's bytes: canonical JSON (RFC 8785 within the limits of [`crate::canonical`]).
    pub fn canonical(&self) -> Result<Vec<u8>, LeafError> {
        self.check()?;
        let wire = Wire {
            v: LEAF_VERSION,
            tenant: self.tenant,
            at: self.at,
            actor: self.actor,
            via: self.via,
            command: self.command,
            name: self.name.clone(),
            outcome: self.outcome,
            body: self.body.clone(),
            rows: self.rows.clone(),
        };
        let value = serde_json::to_value(wire).expect("a leaf has only string keys");
        let bytes = canonical_json(&value)?;
        if bytes.len() > MAX_LEAF_BYTES {
            return Err(LeafError::TooLong);
        }
        Ok(bytes)
    }

    /// Reads a leaf back from its canonical bytes; any other text of the same leaf is refused.
    pub fn from_canonical(bytes: &[u8]) -> Result<Leaf, LeafError> {
        if bytes.len() > MAX_LEAF_BYTES {
            return Err(LeafError::TooLong);
        }
        let wire: Wire = serde_json::from_slice(bytes)
            .map_err(|error| LeafError::Unreadable(error.to_string()))?;
        if wire.v != LEAF_VERSION {
            return Err(LeafError::Unreadable(format!("layout {}", wire.v)));
        }
        let leaf = Leaf {
            tenant: wire.tenant,
            at: wire.at,
            actor: wire.actor,
            via: wire.via,
            command: wire.command,
            name: wire.name,
            outcome: wire.outcome,
            body: wire.body,
            rows: wire.rows,
        };
        if leaf.canonical()? != bytes {
            return Err(LeafError::Unreadable("not in canonical form".to_owned()));
        }
        Ok(leaf)
    }

    fn check(&self) -> Result<(), LeafError> {
        let within = |number: i64| number.unsigned_abs() <= MAX_INTEGER.unsigned_abs();
        if !within(self.tenant.0) || !within(self.at.0) {
            return Err(LeafError::Number);
        }
        for name in self.rows.keys().chain([&self.name]) {
            if !is_name(name) {
                return Err(LeafError::Name(name.clone()));
            }
        }
        if self.rows.values().map(Vec::len).sum::<usize>() > MAX_ROWS {
            return Err(LeafError::TooManyRows);
        }
        Ok(())
    }
}

fn is_name(name: &str) -> bool {
    (1..=MAX_NAME_BYTES).contains(&name.len())
        && name
            .bytes()
            .all(|c| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' | b'-'))
}

/// The hash of a leaf in the tree: `SHA-256(0x00 || canonical bytes)` (RFC 6962, 2.1).
pub fn leaf_hash(canonical: &[u8]) -> Hash256 {
    Hash256::of(&[&[0x00], canonical])
}

/// What a verifier needs of a leaf; the body is passed over. Fast: nothing is copied but the rows.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LeafSummary<'a> {
    /// The governed area.
    pub tenant: Tenant,
    /// When the server accepted or denied the command.
    pub at: Instant,
    /// The command's id.
    pub command: CommandId,
    /// The command's name; never escaped, as names hold only `a-z 0-9 _ . -`.
    pub name: &'a str,
    /// What became of it.
    pub outcome: Outcome,
    /// Table → digests of the record rows written, in the order of the table's key.
    #[serde(borrow)]
    pub rows: BTreeMap<&'a str, Vec<Hash256>>,
    v: u8,
}

impl<'a> LeafSummary<'a> {
    /// Reads the summary of a leaf from its canonical bytes.
    pub fn read(canonical: &'a [u8]) -> Result<LeafSummary<'a>, LeafError> {
        if canonical.len() > MAX_LEAF_BYTES {
            return Err(LeafError::TooLong);
        }
        let summary: LeafSummary = serde_json::from_slice(canonical)
            .map_err(|error| LeafError::Unreadable(error.to_string()))?;
        if summary.v != LEAF_VERSION {
            return Err(LeafError::Unreadable(format!("layout {}", summary.v)));
        }
        Ok(summary)
    }
}

/// What people are shown of a leaf; the digests of its rows are passed over.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct LeafView {
    /// When the server accepted or denied the command.
    pub at: Instant,
    /// Who acted, and for whom.
    pub actor: LeafActor,
    /// Through which skin.
    pub via: Via,
    /// The command's id.
    pub command: CommandId,
    /// The command's name.
    pub name: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The body with its commitments.
    pub body: Value,
}

impl LeafView {
    /// Reads it from a leaf's canonical bytes.
    pub fn read(canonical: &[u8]) -> Result<LeafView, LeafError> {
        serde_json::from_slice(canonical).map_err(|error| LeafError::Unreadable(error.to_string()))
    }
}

/// A leaf for tests of this crate.
#[cfg(test)]
pub(crate) fn sample(number: u8) -> Leaf {
    let id = |kind: u8| Id::new(1_790_000_000_000 + i64::from(number), [kind; 10]);
    Leaf {
        tenant: Tenant(1),
        at: Instant(1_790_000_000_000 + i64::from(number) * 60_000),
        actor: LeafActor {
            account: Some(id(1)),
            person: Some(PersonId(id(2))),
            on_behalf: None,
        },
        via: Via::Browser,
        command: CommandId(id(3)),
        name: "round.declare".to_owned(),
        outcome: Outcome::Accepted,
        body: serde_json::json!({"round": "2026q4", "note": {"#": "00"}}),
        rows: BTreeMap::from([("value_event".to_owned(), vec![Hash256([number; 32])])]),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use kernel::Instant;
    use proptest::prelude::*;

    use super::{Leaf, LeafError, LeafSummary, MAX_ROWS, leaf_hash, sample};
    use crate::hash::Hash256;

    #[test]
    fn has_one_text() {
        let bytes = sample(1).canonical().unwrap();
        assert_eq!(
            String::from_utf8(bytes.clone()).unwrap(),
            "{\"actor\":{\"account\":\"01a0c450-6c01-7101-8101-010101010101\",\"on_behalf\":null,\
             \"person\":\"01a0c450-6c01-7202-8202-020202020202\"},\"at\":1790000060000,\
             \"body\":{\"note\":{\"#\":\"00\"},\"round\":\"2026q4\"},\
             \"command\":\"01a0c450-6c01-7303-8303-030303030303\",\"name\":\"round.declare\",\
             \"outcome\":\"accepted\",\"rows\":{\"value_event\":[\
             \"0101010101010101010101010101010101010101010101010101010101010101\"]},\
             \"tenant\":1,\"v\":1,\"via\":\"browser\"}"
        );
        assert_eq!(Leaf::from_canonical(&bytes).unwrap(), sample(1));
        let summary = LeafSummary::read(&bytes).unwrap();
        assert_eq!(summary.command, sample(1).command);
        assert_eq!(summary.rows["value_event"], [Hash256([1; 32])]);
        assert_ne!(leaf_hash(&bytes), Hash256::of(&[&bytes]));
    }

    #[test]
    fn refuses_any_other_text() {
        let text = String::from_utf8(sample(1).canonical().unwrap()).unwrap();
        for other in [
            text.replace("\"v\":1", "\"v\": 1"),
            text.replace("\"v\":1", "\"v\":2"),
            text.replace("\"v\":1", "\"v\":1,\"v\":1"),
            text.replace("\"v\":1", "\"w\":1,\"v\":1"),
            text.replace("\"tenant\":1", "\"tenant\":1.0"),
            text.replace("browser", "telepathy"),
            text.replace("2026q4", "2026\\u0071\\u0034"),
            text.replace(
                "\"note\":{\"#\":\"00\"}",
                "\"note\":{\"#\":\"00\",\"#\":\"00\"}",
            ),
            text.to_uppercase(),
            text[1..].to_owned(),
            String::new(),
        ] {
            assert_ne!(other, text);
            assert!(Leaf::from_canonical(other.as_bytes()).is_err(), "{other}");
        }
    }

    #[test]
    fn limits() {
        let named = |name: &str| {
            Leaf {
                name: name.to_owned(),
                ..sample(1)
            }
            .canonical()
        };
        for name in ["", "Round", "round declare", "村", &"x".repeat(65)] {
            assert!(matches!(named(name), Err(LeafError::Name(_))), "{name}");
        }
        let rows = BTreeMap::from([("t".to_owned(), vec![Hash256([0; 32]); MAX_ROWS + 1])]);
        assert_eq!(
            Leaf { rows, ..sample(1) }.canonical(),
            Err(LeafError::TooManyRows)
        );
        let at = Instant(i64::MAX);
        assert_eq!(Leaf { at, ..sample(1) }.canonical(), Err(LeafError::Number));
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_do_not_panic(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            at in 0..500_usize,
            change in any::<u8>(),
        ) {
            let _ = Leaf::from_canonical(&bytes);
            let _ = LeafSummary::read(&bytes);
            let mut near = sample(1).canonical().unwrap();
            let at = at % near.len();
            near[at] = change;
            if let Ok(leaf) = Leaf::from_canonical(&near) {
                prop_assert_eq!(leaf.canonical().unwrap(), near);
            }
        }
    }
}
