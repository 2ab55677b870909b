//! A small county's journal, as its database holds it, for attacks.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]
#![allow(dead_code, reason = "each test file uses its own part")]

use std::collections::BTreeMap;
use std::sync::OnceLock;

use journal::{
    Checkpoint, CheckpointKey, ExportWriter, Frontier, Hash256, Leaf, LeafActor, Origin, Outcome,
    PublicKey, Via, commit_body, leaf_hash,
};
use kernel::{CommandId, Id, Instant, PersonId, Tenant};
use serde_json::json;

pub const LEAVES: u64 = 25;
pub const CHECKPOINTS: [u64; 4] = [5, 10, 15, 20];

pub fn origin() -> Origin {
    Origin::new("9f2c11aa", Tenant(1)).unwrap()
}

pub fn signer() -> CheckpointKey {
    CheckpointKey::from_seed(&[7; 32])
}

pub fn key() -> PublicKey {
    signer().public_key(&origin())
}

/// A row of `journal_sealed` with its leaf.
#[derive(Clone)]
pub struct Sealed {
    pub number: u64,
    pub hash: Hash256,
    pub leaf: Vec<u8>,
}

/// What the sealer's tables hold.
#[derive(Clone)]
pub struct Database {
    pub sealed: Vec<Sealed>,
    pub checkpoints: Vec<String>,
}

pub fn leaf(number: u64) -> Leaf {
    let kind = u8::try_from(number % 251).unwrap();
    let at = 1_790_000_000_000 + i64::try_from(number).unwrap() * 60_000;
    let id = |tag: u8| Id::new(at, [tag, kind, 3, 4, 5, 6, 7, 8, 9, 10]);
    let body = json!({
        "round": "2026q4",
        "items": [{"item": "A1", "value": number.to_string(), "note": "天气“很好”\n"}],
    });
    let rows = |count: u64| (0..count).map(|row| row_digest(number, row)).collect();
    Leaf {
        tenant: Tenant(1),
        at: Instant(at),
        actor: LeafActor {
            account: Some(id(1)),
            person: Some(PersonId(id(2))),
            on_behalf: number.is_multiple_of(4).then(|| PersonId(id(4))),
        },
        via: Via::Browser,
        command: CommandId(id(3)),
        name: "round.declare".to_owned(),
        outcome: if number % 7 == 6 {
            Outcome::Denied
        } else {
            Outcome::Accepted
        },
        body: commit_body(&body, &["round", "items.*.item"], &[kind; 32]).unwrap(),
        rows: BTreeMap::from([
            ("value_event".to_owned(), rows(3)),
            ("evidence".to_owned(), rows(number % 2)),
        ]),
    }
}

pub fn row_digest(number: u64, row: u64) -> Hash256 {
    Hash256::of(&[b"row", &number.to_be_bytes(), &row.to_be_bytes()])
}

impl Database {
    /// An honest journal of so many leaves, with checkpoints at these sizes.
    pub fn of(leaves: impl IntoIterator<Item = Leaf>, checkpoints: &[u64]) -> Database {
        let mut database = Database {
            sealed: Vec::new(),
            checkpoints: Vec::new(),
        };
        for (number, leaf) in (0..).zip(leaves) {
            let leaf = leaf.canonical().unwrap();
            database.sealed.push(Sealed {
                number,
                hash: leaf_hash(&leaf),
                leaf,
            });
        }
        for &size in checkpoints {
            let note = database.sign(size);
            database.checkpoints.push(note);
        }
        database
    }

    pub fn honest() -> Database {
        static ONCE: OnceLock<Database> = OnceLock::new();
        ONCE.get_or_init(|| Database::of((0..LEAVES).map(leaf), &CHECKPOINTS))
            .clone()
    }

    /// What the sealer would sign for the first `size` leaves as they are now.
    pub fn sign(&self, size: u64) -> String {
        let mut tree = Frontier::new();
        tree.extend(
            self.sealed
                .iter()
                .take(usize::try_from(size).unwrap())
                .map(|row| row.hash),
        );
        Checkpoint {
            origin: origin(),
            size,
            root: tree.root(),
        }
        .sign(&signer())
    }

    /// Edits one leaf; `hash_too` also puts the recorded hash right.
    pub fn edit(&mut self, number: usize, from: &str, to: &str, hash_too: bool) {
        let row = &mut self.sealed[number];
        let text = String::from_utf8(row.leaf.clone()).unwrap();
        let edited = text.replacen(from, to, 1);
        assert_ne!(edited, text, "the edit edits nothing");
        row.leaf = edited.into_bytes();
        if hash_too {
            row.hash = leaf_hash(&row.leaf);
        }
    }

    /// Numbers the rows again from 0.
    pub fn renumber(&mut self) {
        for (number, row) in (0..).zip(&mut self.sealed) {
            row.number = number;
        }
    }

    pub fn export(&self) -> Vec<u8> {
        let mut writer = ExportWriter::new(Vec::new(), &origin()).unwrap();
        for note in &self.checkpoints {
            writer.checkpoint(note).unwrap();
        }
        for row in &self.sealed {
            writer.leaf(row.number, &row.hash, &row.leaf).unwrap();
        }
        writer.finish().unwrap()
    }
}
