#![allow(clippy::cast_possible_truncation, reason = "sizes of small trees")]

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;

use super::{
    Frontier, consistency_ranges, inclusion_ranges, node_hash, range_roots, root,
    verify_consistency, verify_inclusion,
};
use crate::hash::Hash256;
use crate::leaf::leaf_hash;

/// The eight leaves that implementations of RFC 6962 share as test input.
const LEAVES: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];

/// Their roots at sizes 0 to 8.
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn hash(text: &str) -> Hash256 {
    text.parse().unwrap()
}

fn known_leaves() -> Vec<Hash256> {
    LEAVES.iter().map(|leaf| leaf_hash(leaf)).collect()
}

fn numbered_leaves(count: u64) -> Vec<Hash256> {
    (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect()
}

fn inclusion(index: u64, leaves: &[Hash256]) -> Vec<Hash256> {
    let ranges = inclusion_ranges(index, leaves.len() as u64).unwrap();
    range_roots(&ranges, leaves.iter().copied()).unwrap()
}

fn consistency(old: u64, leaves: &[Hash256]) -> Vec<Hash256> {
    let ranges = consistency_ranges(old, leaves.len() as u64).unwrap();
    range_roots(&ranges, leaves.iter().copied()).unwrap()
}

/// The definition, word for word: MTH of RFC 6962, 2.1.
fn naive_root(leaves: &[Hash256]) -> Hash256 {
    match leaves {
        [] => Hash256::of(&[]),
        [leaf] => *leaf,
        _ => {
            let mut k = 1;
            while k * 2 < leaves.len() {
                k *= 2;
            }
            node_hash(&naive_root(&leaves[..k]), &naive_root(&leaves[k..]))
        }
    }
}

/// PATH of RFC 6962, 2.1.1.
fn naive_path(m: usize, leaves: &[Hash256]) -> Vec<Hash256> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let k = leaves.len().next_power_of_two() / 2;
    let (mut path, other) = if m < k {
        (naive_path(m, &leaves[..k]), naive_root(&leaves[k..]))
    } else {
        (naive_path(m - k, &leaves[k..]), naive_root(&leaves[..k]))
    };
    path.push(other);
    path
}

/// SUBPROOF of RFC 6962, 2.1.2.
fn naive_subproof(m: usize, leaves: &[Hash256], known: bool) -> Vec<Hash256> {
    if m == leaves.len() {
        return if known {
            Vec::new()
        } else {
            vec![naive_root(leaves)]
        };
    }
    let k = leaves.len().next_power_of_two() / 2;
    let (mut proof, other) = if m <= k {
        (
            naive_subproof(m, &leaves[..k], known),
            naive_root(&leaves[k..]),
        )
    } else {
        (
            naive_subproof(m - k, &leaves[k..], false),
            naive_root(&leaves[..k]),
        )
    };
    proof.push(other);
    proof
}

#[test]
fn roots_of_the_known_leaves() {
    let leaves = known_leaves();
    let mut frontier = Frontier::new();
    for (size, expected) in ROOTS.iter().enumerate() {
        assert_eq!(frontier.root(), hash(expected), "size {size}");
        assert_eq!(naive_root(&leaves[..size]), hash(expected), "size {size}");
        if size < leaves.len() {
            frontier.append(leaves[size]);
        }
    }
}

#[test]
fn proofs_of_the_known_leaves() {
    let leaves = known_leaves();
    let expected = [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ];
    assert_eq!(inclusion(0, &leaves), expected.map(hash));
    let expected = [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ];
    assert_eq!(consistency(6, &leaves), expected.map(hash));
}

#[test]
fn every_proof_up_to_size_40_is_the_definition_and_ct_merkle_s() {
    for size in 1..=40_usize {
        let leaves = numbered_leaves(size as u64);
        let mut other = MemoryBackedTree::<sha2::Sha256, [u8; 8]>::new();
        for n in 0..size as u64 {
            other.push(n.to_be_bytes());
        }
        let new_root = root(leaves.iter().copied());
        assert_eq!(new_root, naive_root(&leaves));
        assert_eq!(new_root.as_bytes()[..], other.root().as_bytes()[..]);
        for index in 0..size {
            let proof = inclusion(index as u64, &leaves);
            assert_eq!(proof, naive_path(index, &leaves));
            let bytes: Vec<u8> = proof.iter().flat_map(|hash| hash.0).collect();
            assert_eq!(bytes, other.prove_inclusion(index).as_bytes());
            let (index, size) = (index as u64, size as u64);
            assert!(verify_inclusion(
                &leaves[index as usize],
                index,
                size,
                &proof,
                &new_root
            ));
        }
        for old in 1..=size {
            let proof = consistency(old as u64, &leaves);
            assert_eq!(proof, naive_subproof(old, &leaves, true));
            let bytes: Vec<u8> = proof.iter().flat_map(|hash| hash.0).collect();
            assert_eq!(bytes, other.prove_consistency(size - old).as_bytes());
            let old_root = naive_root(&leaves[..old]);
            let (old, size) = (old as u64, size as u64);
            assert!(verify_consistency(old, &old_root, size, &new_root, &proof));
        }
    }
}

/// Proofs of the wrong length whose hashes nevertheless come out at the root that is shown.
#[test]
fn a_proof_of_another_length_fails_whatever_it_hashes_to() {
    let (leaf, sibling) = (Hash256([1; 32]), Hash256([2; 32]));
    let above = node_hash(&sibling, &leaf);
    assert!(!verify_inclusion(&leaf, 0, 1, &[sibling], &above));
    let left = node_hash(&leaf, &sibling);
    assert!(verify_inclusion(&leaf, 0, 2, &[sibling], &left));
    for size in [3, 4, 8] {
        assert!(
            !verify_inclusion(&leaf, 0, size, &[sibling], &left),
            "{size}"
        );
        assert!(!verify_inclusion(&leaf, 0, size, &[], &leaf), "{size}");
    }
    // A larger tree is never the beginning of a smaller one, be their roots equal.
    assert!(!verify_consistency(2, &leaf, 1, &leaf, &[]));
    assert!(!verify_consistency(4, &leaf, 2, &leaf, &[]));
    assert!(!verify_consistency(2, &leaf, 4, &leaf, &[]));
    let longer = node_hash(&left, &sibling);
    assert!(verify_consistency(2, &left, 3, &longer, &[sibling]));
    let twice = node_hash(&sibling, &longer);
    assert!(!verify_consistency(
        2,
        &left,
        3,
        &twice,
        &[sibling, sibling]
    ));
}

#[test]
fn edges() {
    assert_eq!(inclusion_ranges(0, 0), None);
    assert_eq!(inclusion_ranges(3, 3), None);
    assert_eq!(inclusion_ranges(0, 1), Some(vec![]));
    assert_eq!(consistency_ranges(4, 3), None);
    assert_eq!(consistency_ranges(0, 3), Some(vec![]));
    assert_eq!(
        range_roots(std::slice::from_ref(&(0..2)), [Hash256([0; 32])]),
        None
    );
    let (nothing, something) = (Hash256::of(&[]), Hash256([1; 32]));
    assert!(verify_consistency(0, &nothing, 5, &something, &[]));
    assert!(!verify_consistency(0, &something, 5, &something, &[]));
    assert!(!verify_consistency(
        0,
        &nothing,
        5,
        &something,
        &[something]
    ));
    assert!(verify_consistency(5, &something, 5, &something, &[]));
    assert!(!verify_consistency(5, &something, 5, &nothing, &[]));
    assert!(!verify_consistency(
        5,
        &something,
        5,
        &something,
        &[something]
    ));
    assert!(!verify_consistency(6, &something, 5, &something, &[]));
    assert!(!verify_consistency(3, &something, 5, &something, &[]));
    assert!(!verify_inclusion(&something, 0, 0, &[], &something));
    assert!(verify_inclusion(&something, 0, 1, &[], &something));
    assert!(!verify_inclusion(&something, 1, 1, &[], &something));
    assert!(!verify_inclusion(
        &something,
        u64::MAX,
        u64::MAX,
        &[],
        &something
    ));
}

proptest! {
    #[test]
    fn a_false_proof_fails(
        size in 2..200_u64,
        index in any::<prop::sample::Index>(),
        old in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        bit in 0..256_usize,
    ) {
        let leaves = numbered_leaves(size);
        let new_root = root(leaves.iter().copied());
        let flip = |hash: Hash256| {
            let mut bytes = hash.0;
            bytes[bit / 8] ^= 1 << (bit % 8);
            Hash256(bytes)
        };

        let index = index.index(leaves.len());
        let (leaf, number) = (leaves[index], index as u64);
        let proof = inclusion(number, &leaves);
        prop_assert!(verify_inclusion(&leaf, number, size, &proof, &new_root));
        let mut wrong = proof.clone();
        let at = place.index(wrong.len());
        wrong[at] = flip(wrong[at]);
        prop_assert!(!verify_inclusion(&leaf, number, size, &wrong, &new_root));
        prop_assert!(!verify_inclusion(&flip(leaf), number, size, &proof, &new_root));
        prop_assert!(!verify_inclusion(&leaf, number, size, &proof, &flip(new_root)));
        prop_assert!(!verify_inclusion(&leaf, number, size, &proof[1..], &new_root));
        let longer = [&proof[..], &[leaf]].concat();
        prop_assert!(!verify_inclusion(&leaf, number, size, &longer, &new_root));
        let elsewhere = (number + 1) % size;
        prop_assert!(!verify_inclusion(&leaf, elsewhere, size, &proof, &new_root));

        let old = old.index(leaves.len() - 1) as u64 + 1;
        let old_root = root(leaves[..old as usize].iter().copied());
        let proof = consistency(old, &leaves);
        prop_assert!(verify_consistency(old, &old_root, size, &new_root, &proof));
        prop_assert!(!verify_consistency(old, &flip(old_root), size, &new_root, &proof));
        prop_assert!(!verify_consistency(old, &old_root, size, &flip(new_root), &proof));
        let longer = [&proof[..], &[leaf]].concat();
        prop_assert!(!verify_consistency(old, &old_root, size, &new_root, &longer));
        if !proof.is_empty() {
            prop_assert!(!verify_consistency(old, &old_root, size, &new_root, &proof[1..]));
            let mut wrong = proof.clone();
            let at = place.index(wrong.len());
            wrong[at] = flip(wrong[at]);
            prop_assert!(!verify_consistency(old, &old_root, size, &new_root, &wrong));
        }
    }

    #[test]
    fn a_frontier_goes_on_from_its_bytes(before in 0..300_u64, after in 0..100_u64) {
        let leaves = numbered_leaves(before + after);
        let mut frontier = Frontier::new();
        frontier.extend(leaves[..before as usize].iter().copied());
        let mut again = Frontier::from_bytes(&frontier.to_bytes()).unwrap();
        prop_assert_eq!(&again, &frontier);
        again.extend(leaves[before as usize..].iter().copied());
        prop_assert_eq!(again.size(), before + after);
        prop_assert_eq!(again.root(), naive_root(&leaves));
    }

    #[test]
    fn arbitrary_bytes_and_numbers_do_not_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        a in any::<u64>(),
        b in any::<u64>(),
        hashes in prop::collection::vec(any::<[u8; 32]>().prop_map(Hash256), 1..70),
    ) {
        if let Ok(frontier) = Frontier::from_bytes(&bytes) {
            prop_assert_eq!(frontier.to_bytes(), bytes);
        }
        let inclusion = inclusion_ranges(a, b);
        prop_assert_eq!(inclusion.is_some(), a < b);
        prop_assert!(inclusion.unwrap_or_default().len() <= 64);
        prop_assert!(consistency_ranges(a, b).unwrap_or_default().len() <= 65);
        prop_assert!(!verify_inclusion(&hashes[0], a, b, &hashes, &hashes[0]));
        prop_assert!(!verify_consistency(a, &hashes[0], b, &hashes[0], &hashes));
    }
}
