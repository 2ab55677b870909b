//! Grade bands and the ranking.

use std::collections::BTreeSet;

use kernel::Finding;

use super::tiers;
use crate::scheme::{
    Best, GateEffect, Grades, Range, RankBy, RankMethod, Ranking, Scheme, TieBreak,
};

pub(super) fn check(scheme: &Scheme, findings: &mut Vec<Finding>) {
    if let Some(grades) = &scheme.grade {
        bands(grades, findings);
        if order_counts(scheme) {
            best_first(scheme, grades, findings);
        }
    }
    if let Some(rank) = &scheme.rank {
        ranking(scheme, rank, findings);
    }
}

/// Whether anything follows from the order in which the bands stand: a limit of the grade means
/// "no better than", and a ranking by grade puts the first band first.
fn order_counts(scheme: &Scheme) -> bool {
    let ranked = scheme.rank.as_ref();
    ranked.is_some_and(|rank| rank.by == RankBy::GradeThenScore)
        || scheme
            .gates
            .iter()
            .any(|gate| matches!(gate.effect, GateEffect::GradeLimit(_)))
}

/// The bands must stand in the order in which the ranking takes scores.
fn best_first(scheme: &Scheme, grades: &Grades, findings: &mut Vec<Finding>) {
    let best = scheme.rank.as_ref().map_or(Best::Highest, |rank| rank.best);
    let lowest = |at: usize| grades.bands[at].range.from.number();
    let misplaced = (1..grades.bands.len()).find(|&at| match best {
        Best::Highest => lowest(at) >= lowest(at - 1),
        Best::Lowest => lowest(at) <= lowest(at - 1),
    });
    if let Some(at) = misplaced {
        let finding = Finding::error("bands-not-best-first");
        findings.push(finding.field(format!("grade.band.{at}.range")));
    }
}

fn bands(grades: &Grades, findings: &mut Vec<Finding>) {
    if grades.bands.is_empty() {
        findings.push(Finding::error("tiers-empty").field("grade.band"));
    }
    let ranges: Vec<Range> = grades.bands.iter().map(|band| band.range).collect();
    let path = |index| format!("grade.band.{index}.range");
    tiers::check(&ranges, (None, None), path, findings);
    let mut seen = BTreeSet::new();
    for (index, band) in grades.bands.iter().enumerate() {
        if !seen.insert(band.code.as_str()) {
            let finding = Finding::error("code-twice").arg("found", band.code.as_str());
            findings.push(finding.field(format!("grade.band.{index}.code")));
        }
    }
    if let Some(missing) = &grades.missing
        && !seen.contains(missing.as_str())
    {
        let finding = Finding::error("grade-unknown").arg("found", missing.as_str());
        findings.push(finding.field("grade.missing"));
    }
}

fn ranking(scheme: &Scheme, rank: &Ranking, findings: &mut Vec<Finding>) {
    if rank.by == RankBy::GradeThenScore && scheme.grade.is_none() {
        findings.push(Finding::error("rank-without-grade").field("rank.by"));
    }
    let decided = rank
        .ties
        .iter()
        .position(|tie_break| matches!(tie_break, TieBreak::SubjectCode(_)));
    let last = matches!(
        rank.ties.last(),
        Some(TieBreak::SubjectCode(_) | TieBreak::Lot(_))
    );
    if rank.method == RankMethod::Ordinal && !last {
        let finding = Finding::error("ordinal-needs-final-tie-break");
        findings.push(
            finding
                .arg("expected", "lot, subject_code")
                .field("rank.ties"),
        );
    }
    if let Some(decided) = decided
        && decided + 1 < rank.ties.len()
    {
        let finding = Finding::warning("tie-break-never-reached");
        findings.push(finding.field(format!("rank.ties.{}", decided + 1)));
    }
}
