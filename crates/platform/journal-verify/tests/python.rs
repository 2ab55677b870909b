//! The second implementation (`scripts/vectors/journal.py`) must say the same of the same exports.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod common;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;

use common::{Database, key, leaf, origin, signer};
use journal::{Checkpoint, CheckpointKey, Hash256, leaf_hash};
use journal_verify::verify;
use serde_json::{Value, json};

fn script() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../scripts/vectors/journal.py")
}

fn python_is_here() -> bool {
    let here = Command::new("python3").arg("--version").output().is_ok();
    if !here {
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: python3 is not installed, so the second implementation of the journal's verifier was not run"
        );
    }
    here
}

/// What Python says: size, root, proven, `first_bad`, codes.
fn python(name: &str, export: &[u8], kept: &[String]) -> Value {
    let folder = std::env::temp_dir().join(format!("xingcun-journal-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = |suffix: &str| folder.join(format!("{name}-{suffix}"));
    std::fs::write(file("export"), export).unwrap();
    let mut command = Command::new("python3");
    command.arg(script()).arg("verify").arg(file("export"));
    command.args(["--key", &key().to_string()]);
    for (i, note) in kept.iter().enumerate() {
        let path = file(&format!("kept-{i}"));
        std::fs::write(&path, note).unwrap();
        command.arg("--checkpoint").arg(path);
    }
    let output = command.output().unwrap();
    let _ = std::fs::remove_dir_all(&folder);
    let errors = String::from_utf8_lossy(&output.stderr);
    let report: Value = serde_json::from_slice(&output.stdout).expect(&errors);
    let wrong = report["codes"] != json!([]);
    assert_eq!(output.status.code(), Some(i32::from(wrong)), "{name}");
    report
}

fn rust(export: &[u8], kept: &[String]) -> Value {
    let kept: Vec<&str> = kept.iter().map(String::as_str).collect();
    let report = verify(export, &kept, &key());
    let mut codes: Vec<&str> = report
        .findings
        .iter()
        .filter(|finding| finding.blocks())
        .map(|finding| finding.code.as_ref())
        .collect();
    codes.sort_unstable();
    json!({
        "size": report.size,
        "root": report.root.to_string(),
        "proven": report.proven,
        "first_bad": report.first_bad.as_ref().map(|bad| [bad.number, bad.until]),
        "codes": codes,
    })
}

type Case = (&'static str, Vec<u8>, Vec<String>);

/// Exports good and bad, each with the checkpoints that someone kept.
fn cases() -> Vec<Case> {
    let honest = Database::honest();
    let kept = vec![honest.sign(20), honest.sign(8)];
    let text = String::from_utf8(honest.export()).unwrap();
    let went_on = Database::of((0..12).map(leaf).chain((100..113).map(leaf)), &[10, 20]);
    let mut cases = vec![
        ("honest", honest.export(), kept.clone()),
        ("honest-alone", honest.export(), Vec::new()),
        ("older-went-on", went_on.export(), kept.clone()),
        (
            "cut-short",
            text.as_bytes()[..text.len() - 30].to_vec(),
            kept.clone(),
        ),
        (
            "garbled-line",
            text.replacen("leaf 7 ", "leef 7 ", 1).into_bytes(),
            kept.clone(),
        ),
        ("nothing", Vec::new(), Vec::new()),
    ];
    for (name, edit) in EDITS {
        let mut database = honest.clone();
        edit(&mut database);
        cases.push((name, database.export(), kept.clone()));
    }
    cases
}

type Edit = fn(&mut Database);

/// What a host does to the database.
const EDITS: [(&str, Edit); 14] = [
    ("edited", |d| d.edit(7, "2026q4", "2026q3", false)),
    ("edited-with-hash", |d| d.edit(7, "2026q4", "2026q3", true)),
    ("hash-alone", |d| d.sealed[7].hash = Hash256([0; 32])),
    ("garbage", |d| d.sealed[7].leaf = b"{}".to_vec()),
    ("emptied", |d| d.sealed[7].leaf.clear()),
    ("re-timed", |d| {
        d.edit(12, "\"at\":1790000720000", "\"at\":1", true);
    }),
    ("deleted", |d| drop(d.sealed.remove(7))),
    ("deleted-and-renumbered", |d| {
        d.sealed.remove(7);
        d.renumber();
    }),
    ("inserted", |d| {
        let mut row = d.sealed[3].clone();
        row.leaf = leaf(200).canonical().unwrap();
        row.hash = leaf_hash(&row.leaf);
        d.sealed.insert(9, row);
    }),
    ("reordered", |d| d.sealed.swap(6, 11)),
    ("reordered-and-renumbered", |d| {
        d.sealed.swap(6, 11);
        d.renumber();
    }),
    ("tail-dropped", |d| d.sealed.truncate(17)),
    ("older", |d| {
        d.sealed.truncate(12);
        d.checkpoints.truncate(2);
    }),
    ("swapped-and-signed-again", |d| {
        let checkpoint = Checkpoint {
            origin: origin(),
            size: 10,
            root: Hash256([1; 32]),
        };
        d.checkpoints[1] = checkpoint.sign(&CheckpointKey::from_seed(&[8; 32]));
        d.checkpoints[2] = checkpoint.sign(&signer());
        d.edit(17, "2026q4", "2026q3", true);
        d.checkpoints[3] = d.sign(20);
    }),
];

#[test]
fn both_implementations_say_the_same() {
    if !python_is_here() {
        return;
    }
    for (name, export, kept) in cases() {
        assert_eq!(python(name, &export, &kept), rust(&export, &kept), "{name}");
    }
}

#[test]
fn the_committed_vectors_are_what_the_script_gives() {
    if !python_is_here() {
        return;
    }
    let output = Command::new("python3")
        .arg(script())
        .arg("vectors")
        .output()
        .unwrap();
    let committed = include_str!("../../journal/tests/data/journal.json");
    assert!(output.status.success());
    assert!(
        output.stdout == committed.as_bytes(),
        "run scripts/vectors/journal.py vectors again"
    );
}

/// The vectors' export, written by Python, verified by Rust.
#[test]
fn an_export_written_by_the_script_holds() {
    let vectors: Value =
        serde_json::from_str(include_str!("../../journal/tests/data/journal.json")).unwrap();
    let key = vectors["checkpoint"]["key"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let export = vectors["export"].as_str().unwrap();
    let kept = vectors["checkpoint"]["note"].as_str().unwrap();
    let report = verify(export.as_bytes(), &[kept], &key);
    assert_eq!(report.findings, []);
    assert_eq!((report.size, report.proven), (9, 9));
}
