//! Fewer corners: those that lie nearly on the line between others are left out (Douglas and
//! Peucker), in whole numbers.

use super::{Corner, Ring};

/// How far a corner may lie from the line to be left out, in millionths of a degree: 5 m or so.
const TOLERANCE: i128 = 50;

/// A ring with fewer corners; never fewer than three, and none twice in a row.
pub(super) fn ring(ring: &Ring) -> Ring {
    let mut distinct: Ring = Vec::with_capacity(ring.len());
    for corner in ring {
        if distinct.last() != Some(corner) {
            distinct.push(*corner);
        }
    }
    while distinct.len() > 1 && distinct.first() == distinct.last() {
        distinct.pop();
    }
    if distinct.len() <= 3 {
        return distinct;
    }
    // A ring has no ends: it is cut at its first corner and at the one farthest from it.
    let (first, farthest) = (0, farthest_from_first(&distinct));
    let mut kept = vec![false; distinct.len() + 1];
    distinct.push(distinct[0]);
    let last = distinct.len() - 1;
    kept[first] = true;
    kept[farthest] = true;
    keep(&distinct, first, farthest, &mut kept);
    keep(&distinct, farthest, last, &mut kept);
    let simple: Ring = distinct[..last]
        .iter()
        .zip(&kept)
        .filter(|(_, kept)| **kept)
        .map(|(corner, _)| *corner)
        .collect();
    if simple.len() >= 3 {
        simple
    } else {
        distinct.truncate(last);
        distinct
    }
}

fn farthest_from_first(ring: &Ring) -> usize {
    let square = |corner: &Corner| {
        let (dx, dy) = (wide(corner.0 - ring[0].0), wide(corner.1 - ring[0].1));
        dx * dx + dy * dy
    };
    (1..ring.len())
        .max_by_key(|index| square(&ring[*index]))
        .unwrap_or(0)
}

fn wide(number: i64) -> i128 {
    i128::from(number)
}

/// Marks the corners between two that lie too far from the line between them; without recursion,
/// because a file may hold very long lines.
fn keep(line: &[Corner], from: usize, to: usize, kept: &mut [bool]) {
    let mut open = vec![(from, to)];
    while let Some((from, to)) = open.pop() {
        let (a, b) = (line[from], line[to]);
        let (dx, dy) = (wide(b.0 - a.0), wide(b.1 - a.1));
        let length = dx * dx + dy * dy;
        // Twice the area over the base is the height; squared, so that no root is taken.
        let height = |corner: &Corner| {
            let (px, py) = (wide(corner.0 - a.0), wide(corner.1 - a.1));
            if length == 0 {
                return px * px + py * py;
            }
            let area = dx * py - dy * px;
            area * area
        };
        let base = if length == 0 { 1 } else { length };
        let Some(far) = (from + 1..to).max_by_key(|index| height(&line[*index])) else {
            continue;
        };
        if height(&line[far]) > TOLERANCE * TOLERANCE * base {
            kept[far] = true;
            open.push((from, far));
            open.push((far, to));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{TOLERANCE, ring, wide};
    use crate::outline::{Corner, Ring};

    #[test]
    fn corners_on_the_line_go_and_those_off_it_stay() {
        let square: Ring = vec![
            (0, 0),
            (5_000, 3),
            (10_000, 0),
            (10_000, 10_000),
            (5_000, 10_000),
            (0, 10_000),
            (0, 10_000),
        ];
        assert_eq!(
            ring(&square),
            [(0, 0), (10_000, 0), (10_000, 10_000), (0, 10_000)]
        );
        let notched: Ring = vec![(0, 0), (5_000, 60), (10_000, 0), (5_000, 9_000)];
        assert_eq!(ring(&notched), notched);
        assert_eq!(ring(&vec![(1, 1), (1, 1)]), [(1, 1)]);
    }

    /// The square of the distance of a corner from a line, times the square of its length.
    fn off(a: Corner, b: Corner, corner: Corner) -> (i128, i128) {
        let (dx, dy) = (wide(b.0 - a.0), wide(b.1 - a.1));
        let area = dx * wide(corner.1 - a.1) - dy * wide(corner.0 - a.0);
        (area * area, dx * dx + dy * dy)
    }

    proptest! {
        /// What is left is part of what was, in its order; what was left out lies near the line
        /// between the corners that stand around it.
        #[test]
        fn nothing_far_is_left_out(points in prop::collection::vec((0_i64..2_000, 0_i64..2_000), 3..60)) {
            let simple = ring(&points);
            let mut distinct = points.clone();
            distinct.dedup();
            while distinct.len() > 1 && distinct.first() == distinct.last() {
                distinct.pop();
            }
            prop_assert!(simple.len() <= distinct.len());
            let mut at = 0;
            let mut before = None;
            let closed: Vec<Corner> = simple.iter().copied().chain(simple.first().copied()).collect();
            for corner in distinct.iter().chain(distinct.first()) {
                if closed.get(at) == Some(corner) {
                    before = Some(*corner);
                    at += 1;
                } else if let (Some(a), Some(b)) = (before, closed.get(at)) {
                    let (area, length) = off(a, *b, *corner);
                    prop_assert!(area <= TOLERANCE * TOLERANCE * length.max(1));
                }
            }
            prop_assert_eq!(at, closed.len());
        }
    }
}
