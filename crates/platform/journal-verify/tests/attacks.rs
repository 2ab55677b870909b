//! Every attack of a host who can write into the database, and what the verifier says of it.

mod common;

use common::{CHECKPOINTS, Database, LEAVES, Sealed, key, leaf, origin, signer};
use journal::{Checkpoint, CheckpointKey, Hash256, Origin, leaf_hash};
use journal_verify::{MAX_FINDINGS, Report, verify};
use kernel::{Instant, Tenant};
use proptest::prelude::*;

/// Verifies; the report must hold exactly these blocking findings and this first bad leaf.
fn check(export: &[u8], kept: &[String], codes: &[&str], first_bad: Option<(u64, u64)>) -> Report {
    let kept: Vec<&str> = kept.iter().map(String::as_str).collect();
    let report = verify(export, &kept, &key());
    let found: Vec<&str> = report
        .findings
        .iter()
        .filter(|finding| finding.blocks())
        .map(|finding| finding.code.as_ref())
        .collect();
    assert_eq!(found, codes, "{:?}", report.findings);
    let bad = report.first_bad.as_ref().map(|bad| (bad.number, bad.until));
    assert_eq!(bad, first_bad, "{:?}", report.findings);
    assert_eq!(report.holds(), codes.is_empty());
    report
}

/// Runs an attack on an honest journal without any kept checkpoint.
fn attack(
    edit: impl FnOnce(&mut Database),
    codes: &[&str],
    first_bad: Option<(u64, u64)>,
) -> Report {
    let mut database = Database::honest();
    edit(&mut database);
    check(&database.export(), &[], codes, first_bad)
}

/// As [`attack`], with the honest checkpoint at 20 leaves kept by someone.
fn attack_with_kept(
    edit: impl FnOnce(&mut Database),
    codes: &[&str],
    first_bad: Option<(u64, u64)>,
) -> Report {
    let mut database = Database::honest();
    let kept = [database.sign(20)];
    edit(&mut database);
    check(&database.export(), &kept, codes, first_bad)
}

#[test]
fn an_honest_journal_holds() {
    let database = Database::honest();
    let kept = [database.sign(7), database.sign(20), database.sign(0)];
    let report = check(&database.export(), &kept, &[], None);
    assert_eq!((report.size, report.proven), (LEAVES, 20));
    assert_eq!(report.origin, Some(origin()));
    assert!(
        report
            .checkpoints
            .iter()
            .all(|checkpoint| checkpoint.agrees == Some(true))
    );
    assert_eq!(report.checkpoints.len(), 7);
    let notes: Vec<&str> = report
        .findings
        .iter()
        .map(|finding| finding.code.as_ref())
        .collect();
    assert_eq!(notes, ["journal-uncovered"]);

    let whole = Database::of((0..20).map(leaf), &CHECKPOINTS);
    assert_eq!(check(&whole.export(), &[], &[], None).findings, []);
    let empty = Database::of([], &[]);
    let report = check(&empty.export(), &[], &[], None);
    assert_eq!(report.findings[0].code, "journal-no-checkpoint");
}

#[test]
fn an_edited_leaf_is_named() {
    let edit = |database: &mut Database| database.edit(7, "2026q4", "2026q3", false);
    let report = attack(edit, &["journal-leaf-changed"], Some((7, 8)));
    let named = report.first_bad.unwrap().leaf.unwrap();
    assert_eq!((named.number, named.at), (7, leaf(7).at));
    assert_eq!((named.command, named.name), (leaf(7).command, leaf(7).name));
    let text = report.findings[0].to_string();
    assert_eq!(
        text,
        format!(
            "journal-leaf-changed number=\"7\" time={:?} command=\"{}\" name=\"round.declare\"",
            leaf(7).at.minute_text(),
            leaf(7).command
        )
    );
    // The checkpoints still prove the others.
    assert_eq!(report.proven, 20);
}

#[test]
fn a_leaf_edited_with_its_hash_is_named_with_its_stretch() {
    let edit = |database: &mut Database| database.edit(7, "2026q4", "2026q3", true);
    let report = attack(edit, &["journal-stretch-changed"], Some((5, 10)));
    assert_eq!(report.first_bad.unwrap().leaf.unwrap().at, leaf(5).at);
    assert_eq!(report.proven, 5);
}

#[test]
fn an_edited_hash_is_named() {
    let edit = |database: &mut Database| database.sealed[7].hash = Hash256([0; 32]);
    attack(edit, &["journal-leaf-changed"], Some((7, 8)));
}

#[test]
fn a_leaf_turned_to_garbage_is_named_by_its_number() {
    let edit = |database: &mut Database| database.sealed[7].leaf = b"{}".to_vec();
    attack(edit, &["journal-leaf-garbled"], Some((7, 8)));
    let edit = |database: &mut Database| {
        database.sealed[7].leaf = b"{}".to_vec();
        database.sealed[7].hash = leaf_hash(b"{}");
    };
    attack(
        edit,
        &["journal-leaf-unreadable", "journal-stretch-changed"],
        Some((5, 10)),
    );
}

#[test]
fn a_deleted_leaf_is_named_by_its_number() {
    let edit = |database: &mut Database| drop(database.sealed.remove(7));
    let report = attack(edit, &["journal-gap"], Some((7, 8)));
    assert_eq!((report.size, report.proven), (7, 5));
    let gap = report.findings[0].to_string();
    let before = leaf(6).at.minute_text();
    assert_eq!(
        gap,
        format!("journal-gap from=\"7\" to=\"7\" count=\"1\" before={before:?}")
    );
}

#[test]
fn a_deleted_leaf_with_all_numbers_moved_up_is_named_with_its_stretch() {
    let edit = |database: &mut Database| {
        database.sealed.remove(7);
        database.renumber();
    };
    attack(edit, &["journal-stretch-changed"], Some((5, 10)));
}

#[test]
fn an_inserted_leaf_is_named() {
    let row = |number| {
        let leaf = leaf(200).canonical().unwrap();
        Sealed {
            number,
            hash: leaf_hash(&leaf),
            leaf,
        }
    };
    let edit = |database: &mut Database| {
        database.sealed.insert(7, row(7));
        database.renumber();
    };
    attack(edit, &["journal-stretch-changed"], Some((5, 10)));
    let edit = |database: &mut Database| database.sealed.insert(8, row(7));
    attack(edit, &["journal-order"], Some((7, 8)));
    let edit = |database: &mut Database| database.sealed.insert(7, row(7));
    attack(
        edit,
        &["journal-order", "journal-stretch-changed"],
        Some((5, 10)),
    );
}

#[test]
fn a_leaf_copied_to_another_place_is_named() {
    let edit = |database: &mut Database| {
        let copy = database.sealed[3].clone();
        database.sealed.push(copy);
        database.renumber();
    };
    attack(edit, &["journal-command-twice"], None);
}

#[test]
fn reordered_leaves_are_named() {
    let edit = |database: &mut Database| {
        database.sealed.swap(6, 8);
        database.renumber();
    };
    attack(edit, &["journal-stretch-changed"], Some((5, 10)));
    let edit = |database: &mut Database| {
        let (one, other) = (
            database.sealed[6].leaf.clone(),
            database.sealed[8].leaf.clone(),
        );
        (database.sealed[6].leaf, database.sealed[8].leaf) = (other, one);
    };
    attack(
        edit,
        &["journal-leaf-changed", "journal-leaf-changed"],
        Some((6, 7)),
    );
    let edit = |database: &mut Database| database.sealed.swap(6, 7);
    attack(edit, &["journal-gap", "journal-order"], Some((6, 7)));
}

#[test]
fn a_leaf_with_another_time_is_named() {
    for hash_too in [false, true] {
        let time = |number| leaf(number).at.0.to_string();
        let edit = |database: &mut Database| database.edit(12, &time(12), &time(2), hash_too);
        if hash_too {
            attack(edit, &["journal-stretch-changed"], Some((10, 15)));
        } else {
            let report = attack(edit, &["journal-leaf-changed"], Some((12, 13)));
            assert_eq!(report.first_bad.unwrap().leaf.unwrap().at, leaf(2).at);
        }
    }
}

#[test]
fn a_dropped_tail_is_found() {
    // The database's own checkpoint tells.
    let edit = |database: &mut Database| database.sealed.truncate(17);
    let report = attack(edit, &["journal-tail-missing"], None);
    let text = report.findings[0].to_string();
    assert_eq!(
        text,
        "journal-tail-missing expected=\"20\" found=\"17\" missing=\"3\""
    );
    // Its own checkpoints dropped with it: only a kept one tells, as for an older database.
    let older = |database: &mut Database| {
        database.sealed.truncate(17);
        database.checkpoints.truncate(3);
    };
    attack(older, &[], None);
    attack_with_kept(older, &["journal-older"], None);
    let one = |database: &mut Database| {
        database.sealed.truncate(19);
        database.checkpoints.truncate(3);
    };
    attack_with_kept(one, &["journal-older"], None);
    let nothing = |database: &mut Database| {
        database.sealed.clear();
        database.checkpoints.clear();
    };
    attack_with_kept(nothing, &["journal-older"], None);
}

#[test]
fn an_older_database_that_went_on_is_a_changed_history() {
    // Put back to 12 leaves, then used again; the sealer signed what it found.
    let went_on = || {
        let leaves = (0..12).map(leaf).chain((100..115).map(leaf));
        Database::of(leaves, &[5, 10, 15, 20])
    };
    let honest = Database::honest();
    check(&went_on().export(), &[], &[], None);
    check(&went_on().export(), &[honest.sign(10)], &[], None);
    // The new history's own checkpoint at 20 agrees with it, so two were signed.
    check(
        &went_on().export(),
        &[honest.sign(20)],
        &["journal-fork"],
        Some((15, 20)),
    );
    check(
        &went_on().export(),
        &[honest.sign(14)],
        &["journal-fork"],
        Some((10, 14)),
    );
    let kept = [honest.sign(12), honest.sign(14), honest.sign(20)];
    check(
        &went_on().export(),
        &kept,
        &["journal-fork", "journal-fork"],
        Some((12, 14)),
    );
}

#[test]
fn two_kept_checkpoints_of_forked_histories_are_found_whatever_the_export_shows() {
    let honest = Database::honest();
    let forked = Database::of((0..LEAVES).map(|n| leaf(if n == 3 { 103 } else { n })), &[]);
    for shown in [&honest, &forked] {
        let kept = [honest.sign(18), forked.sign(22)];
        let report = verify(&shown.export()[..], &[&kept[0], &kept[1]], &key());
        assert!(!report.holds());
        let disagree: Vec<_> = report.checkpoints.iter().map(|c| c.agrees).collect();
        assert!(disagree.contains(&Some(true)) && disagree.contains(&Some(false)));
    }
    let kept = [honest.sign(18), forked.sign(18)];
    let report = verify(&honest.export()[..], &[&kept[0], &kept[1]], &key());
    assert!(
        report
            .findings
            .iter()
            .any(|finding| finding.code == "journal-fork")
    );
}

#[test]
fn a_rewritten_and_signed_again_history_is_found_by_a_kept_checkpoint() {
    let edit = |database: &mut Database| {
        database.edit(7, "2026q4", "2026q3", true);
        database.checkpoints = CHECKPOINTS.map(|size| database.sign(size)).to_vec();
    };
    // Honest limit: whoever holds the key and controls everything that was kept leaves no trace.
    attack(edit, &[], None);
    attack_with_kept(edit, &["journal-fork"], Some((15, 20)));
}

#[test]
fn a_swapped_checkpoint_is_found() {
    let false_root = |size| Checkpoint {
        origin: origin(),
        size,
        root: Hash256([1; 32]),
    };
    let stranger = CheckpointKey::from_seed(&[8; 32]);
    let elsewhere = Origin::new("other", Tenant(1)).unwrap();
    let other_log = Checkpoint {
        origin: elsewhere,
        ..false_root(10)
    };
    for (note, codes, first_bad) in [
        (
            false_root(10).sign(&stranger),
            "journal-checkpoint-not-signed",
            None,
        ),
        (
            other_log.sign(&signer()),
            "journal-checkpoint-of-another",
            None,
        ),
        ("nonsense".to_owned(), "journal-checkpoint-unreadable", None),
        (
            Database::honest().sign(10).replace("\n10\n", "\n11\n"),
            "journal-checkpoint-false-signature",
            None,
        ),
        (
            false_root(10).sign(&signer()),
            "journal-fork",
            Some((5, 10)),
        ),
    ] {
        let edit = |database: &mut Database| database.checkpoints[1] = note;
        attack(edit, &[codes], first_bad);
    }
    let edit = |database: &mut Database| {
        database.checkpoints[3] = false_root(20).sign(&signer());
    };
    attack(edit, &["journal-stretch-changed"], Some((15, 20)));
}

#[test]
fn leaves_of_another_tenant_are_found() {
    let leaves = (0..9).map(|n| journal::Leaf {
        tenant: Tenant(if n == 4 { 2 } else { 1 }),
        ..leaf(n)
    });
    let database = Database::of(leaves, &[9]);
    check(
        &database.export(),
        &[],
        &["journal-leaf-of-another-tenant"],
        None,
    );
}

#[test]
fn a_damaged_file_is_described() {
    let export = Database::honest().export();
    let text = String::from_utf8(export).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let cut = text.len() - lines.last().unwrap().len();
    check(&text.as_bytes()[..cut], &[], &["journal-cut-short"], None);
    check(
        &text.as_bytes()[..cut - 9],
        &[],
        &["journal-line", "journal-cut-short"],
        None,
    );
    let more = format!("{text}{}", lines[7]);
    check(more.as_bytes(), &[], &["journal-after-end"], None);
    let fewer = text.replacen("end 25", "end 24", 1);
    check(fewer.as_bytes(), &[], &["journal-count"], None);
    let elsewhere = text.replacen("origin xingcun/9f2c11aa", "origin xingcun/9f2c11ab", 1);
    check(elsewhere.as_bytes(), &[], &["journal-other-origin"], None);
    check(b"PK\x03\x04", &[], &["journal-not-an-export"], None);
    let garbled = text.replacen("leaf 7 ", "leef 7 ", 1);
    let codes = ["journal-line", "journal-gap", "journal-count"];
    check(garbled.as_bytes(), &[], &codes, Some((7, 8)));
}

#[test]
fn findings_are_limited() {
    let mut database = Database::of((0..240).map(leaf), &[]);
    for row in &mut database.sealed {
        row.hash = Hash256([0; 32]);
    }
    let report = verify(&database.export()[..], &[], &key());
    assert_eq!(report.findings.len(), MAX_FINDINGS + 1);
    assert_eq!(
        report.findings[MAX_FINDINGS].to_string(),
        "journal-more count=41"
    );
    assert!(!report.holds());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// No change of one byte of a covered line goes unnoticed.
    #[test]
    fn a_changed_byte_is_noticed(at in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let mut database = Database::honest();
        database.sealed.truncate(20);
        let mut export = database.export();
        let at = at.index(export.len());
        export[at] ^= 1 << bit;
        let kept = database.sign(20);
        let report = verify(&export[..], &[&kept], &key());
        prop_assert!(!report.holds(), "byte {}", at);
    }

    #[test]
    fn arbitrary_lines_do_not_panic(
        lines in prop::collection::vec(
            "(leaf|end|checkpoint|origin) (\\PC{0,20}|[0-9]{1,20} [0-9a-f]{64} [{}\":a-z0-9]{0,20})",
            0..8,
        ),
    ) {
        let text = format!("xingcun-journal 1\n{}\n", lines.join("\n"));
        let report = verify(text.as_bytes(), &[&text, &lines.concat()], &key());
        prop_assert!(!report.holds());
    }

    /// Whatever was changed between two checkpoints, the first bad leaf is not behind the change.
    #[test]
    fn the_first_bad_leaf_is_never_behind_the_first_change(
        changes in prop::collection::vec((0..20_usize, any::<bool>(), 0..4_u8), 1..4),
    ) {
        let mut database = Database::honest();
        let mut first = usize::MAX;
        for (number, hash_too, kind) in changes {
            let time = |n: usize| leaf(n as u64).at.0.to_string();
            let before = database.sealed[number].leaf.clone();
            match kind {
                0 => database.sealed[number].leaf = before.to_ascii_uppercase(),
                1 => database.sealed[number].leaf = leaf(99).canonical().unwrap(),
                2 => {
                    let text = String::from_utf8(before.clone()).unwrap();
                    database.sealed[number].leaf = text.replace(&time(number), "1").into_bytes();
                }
                _ => database.sealed[number].hash = Hash256([kind; 32]),
            }
            if hash_too && kind < 3 {
                database.sealed[number].hash = leaf_hash(&database.sealed[number].leaf);
            }
            if database.sealed[number].leaf != before || kind == 3 {
                first = first.min(number);
            }
        }
        prop_assume!(first < usize::MAX);
        let report = verify(&database.export()[..], &[], &key());
        prop_assert!(!report.holds());
        let bad = report.first_bad.unwrap();
        prop_assert!(bad.number <= first as u64, "{:?} {}", bad, first);
        prop_assert!(bad.until > first as u64, "{:?} {}", bad, first);
        prop_assert_ne!(leaf(0).at, Instant(0));
    }
}
