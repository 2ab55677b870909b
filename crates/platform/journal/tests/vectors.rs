//! The journal against its second implementation: `scripts/vectors/journal.py` made the file.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use journal::canonical::canonical_json;
use journal::tree::{
    consistency_ranges, inclusion_ranges, range_roots, verify_consistency, verify_inclusion,
};
use journal::{
    Checkpoint, CheckpointKey, ExportLine, ExportReader, Frontier, Hash256, Leaf, PublicKey,
    SignedCheckpoint, commit_body, leaf_hash, prove_field, verify_field,
};
use serde_json::Value;

fn vectors() -> Value {
    serde_json::from_str(include_str!("data/journal.json")).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

fn hash(value: &Value) -> Hash256 {
    text(value).parse().unwrap()
}

fn hashes(value: &Value) -> Vec<Hash256> {
    value.as_array().unwrap().iter().map(hash).collect()
}

fn bytes(value: &Value) -> Vec<u8> {
    let hex = text(value);
    (0..hex.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap())
        .collect()
}

#[test]
fn canonical_texts() {
    let vectors = vectors();
    let cases = vectors["canonical"].as_array().unwrap();
    assert_eq!(cases.len(), 3);
    for case in cases {
        let bytes = canonical_json(&case["value"]).unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), text(&case["text"]));
    }
}

#[test]
fn commitments() {
    let case = &vectors()["commitment"];
    let clear: Vec<&str> = case["clear"].as_array().unwrap().iter().map(text).collect();
    let seed = bytes(&case["seed"]).try_into().unwrap();
    let leaf_body = commit_body(&case["body"], &clear, &seed).unwrap();
    assert_eq!(leaf_body, case["leaf_body"]);
    for pointer in [
        "/village",
        "/items/0/note",
        "/items/1/done",
        "/marks/~0~1/x/0",
        "/phones",
    ] {
        let proof = prove_field(&case["body"], &clear, &seed, pointer).unwrap();
        assert!(verify_field(&case["leaf_body"], &proof), "{pointer}");
    }
}

#[test]
fn roots_and_proofs() {
    let case = &vectors()["tree"];
    let leaves: Vec<Hash256> = case["leaves"]
        .as_array()
        .unwrap()
        .iter()
        .map(|leaf| leaf_hash(&bytes(leaf)))
        .collect();
    let roots = hashes(&case["roots"]);
    let mut frontier = Frontier::new();
    for (size, root) in roots.iter().enumerate() {
        assert_eq!(frontier.root(), *root, "size {size}");
        frontier.extend(leaves.get(size).copied());
    }
    let root = |size: u64| &roots[usize::try_from(size).unwrap()];
    for proof in case["inclusion"].as_array().unwrap() {
        let (index, size) = (number(&proof["index"]), number(&proof["size"]));
        let ranges = inclusion_ranges(index, size).unwrap();
        let hashes = hashes(&proof["proof"]);
        assert_eq!(
            range_roots(&ranges, leaves.iter().copied()).unwrap(),
            hashes
        );
        let leaf = &leaves[usize::try_from(index).unwrap()];
        assert!(verify_inclusion(leaf, index, size, &hashes, root(size)));
    }
    for proof in case["consistency"].as_array().unwrap() {
        let (old, new) = (number(&proof["old"]), number(&proof["new"]));
        let ranges = consistency_ranges(old, new).unwrap();
        let hashes = hashes(&proof["proof"]);
        assert_eq!(
            range_roots(&ranges, leaves.iter().copied()).unwrap(),
            hashes
        );
        assert!(verify_consistency(old, root(old), new, root(new), &hashes));
    }
}

#[test]
fn checkpoints() {
    let case = &vectors()["checkpoint"];
    let key = CheckpointKey::from_seed(&bytes(&case["seed"]).try_into().unwrap());
    let origin = text(&case["origin"]).parse().unwrap();
    let public = key.public_key(&origin);
    assert_eq!(public.to_string(), text(&case["key"]));
    assert_eq!(text(&case["key"]).parse::<PublicKey>().unwrap(), public);
    let checkpoint = Checkpoint {
        origin,
        size: number(&case["size"]),
        root: hash(&case["root"]),
    };
    // Ed25519 is deterministic, so even the signatures are equal.
    assert_eq!(checkpoint.sign(&key), text(&case["note"]));
    let signed = SignedCheckpoint::parse(text(&case["note"])).unwrap();
    assert_eq!(signed.verify(&public), Ok(&checkpoint));
}

#[test]
fn an_export() {
    let vectors = vectors();
    let export = text(&vectors["export"]);
    let public: PublicKey = text(&vectors["checkpoint"]["key"]).parse().unwrap();
    let mut reader = ExportReader::new(export.as_bytes()).unwrap();
    let mut tree = Frontier::new();
    let (mut notes, mut ended) = (Vec::new(), false);
    while let Some(line) = reader.next().unwrap() {
        match line {
            ExportLine::Origin(origin) => assert_eq!(&origin, public.origin()),
            ExportLine::Checkpoint(note) => notes.push(note),
            ExportLine::Leaf {
                number,
                hash,
                canonical,
            } => {
                assert_eq!(number, tree.size());
                assert_eq!(hash, leaf_hash(canonical));
                let leaf = Leaf::from_canonical(canonical).unwrap();
                assert_eq!(leaf.canonical().unwrap(), canonical);
                tree.append(hash);
            }
            ExportLine::End { leaves } => ended = leaves == tree.size(),
        }
    }
    let last = SignedCheckpoint::parse(notes.last().unwrap()).unwrap();
    assert_eq!(last.verify(&public).unwrap().root, tree.root());
    assert!(ended);
}
