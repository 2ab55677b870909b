//! Records and derived tables: texts, digests, rebuilding.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test")]

mod common;

use common::{INSERT_CURRENT, NOTE_VERSION, SCHEMA, SPOIL_CURRENT, TENANT, id};
use sha2::{Digest, Sha256};
use store::testing::{TestStore, check_rebuilds, each, rebuild_and_compare};
use store::{Rebuild, Record, StoreError, TableDigest, Value, row_digest, values};

#[test]
fn statements_are_put_together_from_the_columns() {
    let texts = [
        (
            NOTE_VERSION.insert,
            "INSERT INTO note_version (tenant, note, version, command, body, amount, picture) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        ),
        (
            NOTE_VERSION.select_by_command,
            "SELECT tenant, note, version, command, body, amount, picture FROM note_version \
             WHERE tenant = $1 AND command = $2 ORDER BY tenant, note, version",
        ),
        (
            NOTE_VERSION.select_all,
            "SELECT tenant, note, version, command, body, amount, picture FROM note_version \
             WHERE tenant = $1 ORDER BY command, tenant, note, version",
        ),
    ];
    for (statement, text) in texts {
        assert_eq!(statement.sql(), text);
    }
}

store::record! {
    /// Twelve columns: numbers of two digits.
    WIDE = wide(tenant, b, c, d, e, f, g, h, i, j, k, command) key(tenant);
    /// For the written-out digest.
    PAIR = pair(tenant, b, a) key(tenant);
}

#[test]
fn parameters_go_beyond_nine() {
    assert!(WIDE.insert.sql().ends_with("$8, $9, $10, $11, $12)"));
}

fn row() -> Vec<Value<'static>> {
    vec![Value::from(1), Value::from("文"), Value::from([7, 8])]
}

/// The definition in the documentation of `row_digest`, written out by hand.
#[test]
fn the_digest_is_the_documented_one() {
    let mut bytes = Vec::new();
    let mut put = |part: &[u8]| {
        bytes.extend((part.len() as u64).to_be_bytes());
        bytes.extend(part);
    };
    put(b"xingcun.row.v1");
    put(b"pair");
    put(b"a");
    bytes.push(3);
    bytes.extend([0, 0, 0, 0, 0, 0, 0, 2, 7, 8]);
    bytes.extend([0, 0, 0, 0, 0, 0, 0, 1, b'b', 2, 0, 0, 0, 0, 0, 0, 0, 3]);
    bytes.extend("文".as_bytes());
    bytes.extend([0, 0, 0, 0, 0, 0, 0, 6]);
    bytes.extend(b"tenant");
    bytes.extend([1, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1]);
    let expected: [u8; 32] = Sha256::digest(&bytes).into();
    assert_eq!(row_digest(&PAIR, &row()), expected);
}

/// A record whose columns stand in another order is the same table.
const PAIR_TURNED: Record = Record {
    columns: &["a", "tenant", "b"],
    ..PAIR
};

#[test]
fn the_digest_tells_every_difference_and_no_other() {
    let [tenant, b, a] = row().try_into().unwrap();
    let turned = [a.clone(), tenant.clone(), b.clone()];
    assert_eq!(row_digest(&PAIR, &row()), row_digest(&PAIR_TURNED, &turned));
    let others = [
        [Value::from(2), b.clone(), a.clone()],
        [tenant.clone(), Value::Null, a.clone()],
        [tenant.clone(), Value::from(""), a.clone()],
        [tenant.clone(), b.clone(), Value::from([7])],
        // The same bytes as another type.
        [tenant.clone(), Value::from("文".as_bytes()), a.clone()],
        [tenant.clone(), a, b],
    ];
    let mut digests: Vec<_> = others.iter().map(|row| row_digest(&PAIR, row)).collect();
    digests.push(row_digest(&PAIR, &row()));
    digests.sort_unstable();
    digests.dedup();
    assert_eq!(digests.len(), others.len() + 1);
}

const REBUILD: Rebuild = Rebuild {
    tables: &["note_current"],
    run: |c, tenant| c.execute(&INSERT_CURRENT, &values![tenant]).map(drop),
};

fn write_notes(fresh: &TestStore) {
    let answer: Result<(), StoreError> = fresh
        .store
        .write(|c| {
            for (note, version, body) in [(1, 1, "春"), (1, 2, "夏"), (2, 1, "秋"), (3, 1, "冬")]
            {
                let picture: Option<&[u8]> = None;
                let row = values![TENANT, id(note), version, id(99), body, Some(5), picture];
                c.execute(&NOTE_VERSION.insert, &row)?;
            }
            REBUILD.rebuild(c, TENANT)
        })
        .wait();
    assert_eq!(answer, Ok(()));
}

fn digests(fresh: &TestStore) -> Vec<TableDigest> {
    let digests: Result<_, StoreError> = fresh.store.read(|c| REBUILD.digests(c, TENANT)).wait();
    digests.unwrap()
}

#[test]
fn a_spoiled_or_empty_derived_table_is_found() {
    check_rebuilds(&[REBUILD], &[SCHEMA]);
    assert!(std::panic::catch_unwind(|| check_rebuilds(&[], &[SCHEMA])).is_err());
    for fresh in each(&[SCHEMA]) {
        let compare = || rebuild_and_compare(&fresh.store, &[REBUILD], TENANT);
        let found = || std::panic::catch_unwind(std::panic::AssertUnwindSafe(compare)).is_err();
        assert!(found(), "{}: empty", fresh.engine);
        write_notes(&fresh);
        compare();
        let spoiled: Result<u64, StoreError> = fresh
            .store
            .write(|c| c.execute(&SPOIL_CURRENT, &values!["?", TENANT]))
            .wait();
        assert_eq!(spoiled, Ok(3));
        assert!(found(), "{}: spoiled", fresh.engine);
    }
}

#[test]
fn derived_tables_are_rebuilt_with_equal_digests_on_both() {
    let mut all = Vec::new();
    for fresh in each(&[SCHEMA]) {
        write_notes(&fresh);
        let before = digests(&fresh);
        assert_eq!(before[0].rows, 3);
        let spoiled: Result<u64, StoreError> = fresh
            .store
            .write(|c| c.execute(&SPOIL_CURRENT, &values!["?", TENANT]))
            .wait();
        assert_eq!(spoiled, Ok(3));
        assert_ne!(digests(&fresh), before, "the digest sees a change");
        let rebuilt: Result<(), StoreError> =
            fresh.store.write(|c| REBUILD.rebuild(c, TENANT)).wait();
        assert_eq!(rebuilt, Ok(()));
        assert_eq!(digests(&fresh), before, "{}", fresh.engine);
        all.push(before);
    }
    assert!(
        all.windows(2).all(|pair| pair[0] == pair[1]),
        "equal on both databases"
    );
}
