//! Gaps and overlaps of ranges that must share out a line between them.

use kernel::{Decimal, Finding};

use crate::scheme::{Edge, Range};

/// Two ends that meet: exactly one of them includes the number.
enum Meeting {
    Tight,
    Gap,
    Overlap,
}

fn meeting(upper: Edge, lower: Edge) -> Meeting {
    let (Some(end), Some(start)) = (upper.number(), lower.number()) else {
        return Meeting::Overlap;
    };
    match (end.cmp(&start), upper, lower) {
        (std::cmp::Ordering::Less, ..)
        | (std::cmp::Ordering::Equal, Edge::Excluded(_), Edge::Excluded(_)) => Meeting::Gap,
        (std::cmp::Ordering::Greater, ..)
        | (std::cmp::Ordering::Equal, Edge::Included(_), Edge::Included(_)) => Meeting::Overlap,
        (std::cmp::Ordering::Equal, ..) => Meeting::Tight,
    }
}

/// Positions of the ranges in ascending order of their lower ends.
pub(crate) fn ascending(ranges: &[Range]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..ranges.len()).collect();
    // A range without lower end is first; at equal numbers the including end is.
    order.sort_by_key(|&index| match ranges[index].from {
        Edge::None => (false, Decimal::ZERO, false),
        Edge::Included(number) => (true, number, false),
        Edge::Excluded(number) => (true, number, true),
    });
    order
}

/// Reports gaps and overlaps between `ranges`, and what of `least..=most` they leave out (`None`:
/// without end). `path` gives the path of a range by its position.
pub(super) fn check(
    ranges: &[Range],
    (least, most): (Option<Decimal>, Option<Decimal>),
    path: impl Fn(usize) -> String,
    findings: &mut Vec<Finding>,
) {
    let order = ascending(ranges);
    let (Some(&first), Some(&last)) = (order.first(), order.last()) else {
        return;
    };
    for pair in order.windows(2) {
        let (below, above) = (ranges[pair[0]], ranges[pair[1]]);
        let code = match meeting(below.to, above.from) {
            Meeting::Tight => continue,
            Meeting::Gap => "tier-gap",
            Meeting::Overlap => "tier-overlap",
        };
        let finding = Finding::error(code)
            .arg("below", below.to_string())
            .arg("above", above.to_string());
        findings.push(finding.field(path(pair[1])));
    }
    let starts = match (least, ranges[first].from) {
        (_, Edge::None) => true,
        (None, _) => false,
        (Some(least), Edge::Included(start)) => start <= least,
        (Some(least), Edge::Excluded(start)) => start < least,
    };
    if !starts {
        let finding = Finding::error("tier-gap-at-start")
            .arg("found", ranges[first].to_string())
            .arg(
                "expected",
                least.map_or("none".into(), |least| least.to_string()),
            );
        findings.push(finding.field(path(first)));
    }
    let ends = match (most, ranges[last].to) {
        (_, Edge::None) => true,
        (None, _) => false,
        (Some(most), Edge::Included(end)) => end >= most,
        (Some(most), Edge::Excluded(end)) => end > most,
    };
    if !ends {
        let finding = Finding::error("tier-gap-at-end")
            .arg("found", ranges[last].to_string())
            .arg(
                "expected",
                most.map_or("none".into(), |most| most.to_string()),
            );
        findings.push(finding.field(path(last)));
    }
}
