//! The Merkle tree of RFC 6962, section 2.1: roots, inclusion proofs, consistency proofs.
//!
//! Every node of a proof is the root of a range of leaves, so proofs are built in two steps: which
//! ranges ([`inclusion_ranges`], [`consistency_ranges`]), then their roots in one pass over the leaf
//! hashes ([`range_roots`]) that keeps only a handful of hashes. Verification follows RFC 9162,
//! 2.1.3.2 and 2.1.4.2, to the letter.

use std::ops::Range;

use crate::hash::Hash256;

/// The hash of an inner node: `SHA-256(0x01 || left || right)`.
pub fn node_hash(left: &Hash256, right: &Hash256) -> Hash256 {
    Hash256::of(&[&[0x01], left.as_bytes(), right.as_bytes()])
}

/// Appends leaves and knows the root, keeping at most 64 hashes: the roots of the complete
/// subtrees, from left to right, that together are the tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash256>,
}

/// What is wrong with bytes that should be a frontier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a frontier: eight bytes of size, then one hash per bit of it")]
pub struct NotAFrontier;

impl Frontier {
    /// The empty tree.
    pub fn new() -> Frontier {
        Frontier::default()
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends one leaf by its hash (see [`crate::leaf_hash`]).
    pub fn append(&mut self, leaf: Hash256) {
        let mut node = leaf;
        // As many complete subtrees are closed as the size has low ones: a binary counter.
        for _ in 0..self.size.trailing_ones() {
            let left = self.peaks.pop().expect("one peak per bit of the size");
            node = node_hash(&left, &node);
        }
        self.peaks.push(node);
        self.size = self.size.checked_add(1).expect("fewer than 2^64 leaves");
    }

    /// The root; that of the empty tree is the hash of nothing.
    pub fn root(&self) -> Hash256 {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else {
            return Hash256::of(&[]);
        };
        peaks.fold(*last, |right, left| node_hash(left, &right))
    }

    /// Size and peaks, for a sealer that goes on later: 8 bytes big-endian, then 32 per peak.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        for peak in &self.peaks {
            bytes.extend_from_slice(peak.as_bytes());
        }
        bytes
    }

    /// The frontier that [`Frontier::to_bytes`] gave.
    pub fn from_bytes(bytes: &[u8]) -> Result<Frontier, NotAFrontier> {
        let (size, rest) = bytes.split_first_chunk::<8>().ok_or(NotAFrontier)?;
        let size = u64::from_be_bytes(*size);
        let (peaks, rest) = rest.as_chunks::<32>();
        if !rest.is_empty() || peaks.len() != size.count_ones() as usize {
            return Err(NotAFrontier);
        }
        Ok(Frontier {
            size,
            peaks: peaks.iter().map(|peak| Hash256(*peak)).collect(),
        })
    }
}

impl Extend<Hash256> for Frontier {
    fn extend<T: IntoIterator<Item = Hash256>>(&mut self, leaves: T) {
        for leaf in leaves {
            self.append(leaf);
        }
    }
}

/// The root of all these leaves.
pub fn root(leaves: impl IntoIterator<Item = Hash256>) -> Hash256 {
    let mut frontier = Frontier::new();
    frontier.extend(leaves);
    frontier.root()
}

/// The largest power of two smaller than `size`, which is at least 2.
fn split(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}

/// The ranges of leaves whose roots prove that leaf `index` is in the tree of `size` leaves
/// (`PATH(index, D[size])`, from the leaf upwards); `None` where `index` is not below `size`.
pub fn inclusion_ranges(index: u64, size: u64) -> Option<Vec<Range<u64>>> {
    if index >= size {
        return None;
    }
    let mut ranges = Vec::new();
    let mut tree = 0..size;
    while tree.end - tree.start > 1 {
        let middle = tree.start + split(tree.end - tree.start);
        if index < middle {
            ranges.push(middle..tree.end);
            tree.end = middle;
        } else {
            ranges.push(tree.start..middle);
            tree.start = middle;
        }
    }
    ranges.reverse();
    Some(ranges)
}

/// The ranges of leaves whose roots prove that the tree of `old_size` leaves is the beginning of
/// the tree of `new_size` (`PROOF(old_size, D[new_size])`); `None` where `old_size` is larger.
/// The empty tree is the beginning of every tree, with an empty proof.
pub fn consistency_ranges(old_size: u64, new_size: u64) -> Option<Vec<Range<u64>>> {
    if old_size > new_size {
        return None;
    }
    let mut ranges = Vec::new();
    if old_size == 0 || old_size == new_size {
        return Some(ranges);
    }
    let mut tree = 0..new_size;
    let mut known = true; // the root of `tree`, cut at `old_size`, is the old root
    while old_size != tree.end {
        let middle = tree.start + split(tree.end - tree.start);
        if old_size <= middle {
            ranges.push(middle..tree.end);
            tree.end = middle;
        } else {
            ranges.push(tree.start..middle);
            tree.start = middle;
            known = false;
        }
    }
    if !known {
        ranges.push(tree);
    }
    ranges.reverse();
    Some(ranges)
}

/// The roots of ranges of leaves, from one pass over the hashes of the leaves from number 0 on;
/// `None` where the leaves end before a range does.
pub fn range_roots(
    ranges: &[Range<u64>],
    leaves: impl IntoIterator<Item = Hash256>,
) -> Option<Vec<Hash256>> {
    let end = ranges.iter().map(|range| range.end).max().unwrap_or(0);
    let mut frontiers = vec![Frontier::new(); ranges.len()];
    for (number, leaf) in (0..end).zip(leaves) {
        for (range, frontier) in ranges.iter().zip(&mut frontiers) {
            if range.contains(&number) {
                frontier.append(leaf);
            }
        }
    }
    let complete = ranges
        .iter()
        .zip(&frontiers)
        .all(|(range, frontier)| frontier.size() == range.end - range.start);
    complete.then(|| frontiers.iter().map(Frontier::root).collect())
}

/// Whether `proof` shows the leaf with this hash at `index` of the tree of `size` leaves with this
/// root (RFC 9162, 2.1.3.2).
pub fn verify_inclusion(
    leaf: &Hash256,
    index: u64,
    size: u64,
    proof: &[Hash256],
    root: &Hash256,
) -> bool {
    if index >= size {
        return false;
    }
    let (mut node, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// Whether `proof` shows the tree of `old_size` leaves with `old_root` to be the beginning of the
/// tree of `new_size` leaves with `new_root` (RFC 9162, 2.1.4.2).
pub fn verify_consistency(
    old_size: u64,
    old_root: &Hash256,
    new_size: u64,
    new_root: &Hash256,
    proof: &[Hash256],
) -> bool {
    if old_size > new_size {
        return false;
    }
    if old_size == 0 {
        return proof.is_empty() && *old_root == Hash256::of(&[]);
    }
    if old_size == new_size {
        return proof.is_empty() && old_root == new_root;
    }
    let with_old_root: Vec<Hash256>;
    let path = if old_size.is_power_of_two() {
        with_old_root = [&[*old_root], proof].concat();
        &with_old_root
    } else {
        proof
    };
    let Some((first, path)) = path.split_first() else {
        return false;
    };
    let (mut node, mut last) = (old_size - 1, new_size - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let (mut old, mut new) = (*first, *first);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            old = node_hash(sibling, &old);
            new = node_hash(sibling, &new);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new = node_hash(&new, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && old == *old_root && new == *new_root
}

#[cfg(test)]
mod tests;
