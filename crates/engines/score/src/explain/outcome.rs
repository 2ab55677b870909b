//! Why a subject has its grade and its rank.

use kernel::Decimal;
use serde::Serialize;

use crate::calculate::Plain;
use crate::columns::Columns;
use crate::evaluate::{SubjectView, Variant, compute};
use crate::plan::Plan;
use crate::results::Results;
use crate::scheme::{On, Range, RankMethod};

/// Grade and rank of a subject, with what decided them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OutcomeExplanation {
    /// The subject's code.
    pub subject: String,
    /// What counts as its score.
    pub score: Option<Decimal>,
    /// The score as if the root did not round.
    pub exact: Option<Decimal>,
    /// Which of the two falls into the bands.
    pub graded_on: Option<On>,
    /// Code of the band in which the score lies, before limits.
    pub band: Option<String>,
    /// The band's range.
    pub range: Option<Range>,
    /// Codes of the gates that failed and limit the grade.
    pub limits: Vec<String>,
    /// Code of the grade.
    pub grade: Option<String>,
    /// Which score is ranked.
    pub ranked_on: Option<On>,
    /// Numbers among equals.
    pub method: Option<RankMethod>,
    /// Rank among all.
    pub rank: Option<u32>,
    /// How many have a rank.
    pub ranked: u32,
    /// The subject's group.
    pub group: Option<String>,
    /// Rank within the group.
    pub rank_in_group: Option<u32>,
    /// How many of the group have a rank.
    pub ranked_in_group: u32,
    /// Codes of the others with the same rank, at most [`TIED_LIMIT`].
    pub tied_with: Vec<String>,
    /// Whether it is listed without rank by the scheme's own rule.
    pub excluded: bool,
}

/// Most codes in [`OutcomeExplanation::tied_with`].
pub const TIED_LIMIT: usize = 20;

/// Explains grade and rank of a subject. `results` must be those of `plan` over `columns`.
pub fn explain_outcome(
    plan: &Plan,
    columns: &Columns,
    results: &Results,
    subject: usize,
) -> OutcomeExplanation {
    let score = results.score(subject).counted();
    let variant = |rounded: bool, gated: bool| {
        let view = SubjectView {
            plan,
            columns,
            results,
            subject,
        };
        let variant = Variant {
            rounded,
            gated,
            filled: true,
        };
        compute(plan, plan.root, &view, variant, &mut Plain).mark
    };
    let grades = plan.scheme.grade.as_ref();
    let code = |band: usize| grades.map(|grades| grades.bands[band].code.clone());
    let band = grades.and_then(|grades| {
        let before_gates = plan.scheme.order.grade_before_gates();
        let graded = variant(grades.on == On::Rounded, !before_gates)?;
        grades
            .bands
            .iter()
            .position(|band| band.range.contains(graded))
    });
    let limits = (0..plan.gates.len())
        .filter(|&gate| plan.gates[gate].limit.is_some() && results.fails_gate(gate, subject))
        .map(|gate| plan.scheme.gates[gate].code.clone());
    let (rank, rank_in_group) = (results.rank(subject), results.rank_in_group(subject));
    let count = |ranks: &[Option<u32>], counts: &dyn Fn(usize) -> bool| {
        let counted = (0..ranks.len()).filter(|&other| ranks[other].is_some() && counts(other));
        u32::try_from(counted.count()).unwrap_or(u32::MAX)
    };
    let same_group = |other: usize| columns.groups[other] == columns.groups[subject];
    let tied = (0..columns.len())
        .filter(|&other| other != subject && rank.is_some() && results.rank(other) == rank);
    OutcomeExplanation {
        subject: columns.subjects[subject].clone(),
        score,
        exact: score.and_then(|_| variant(false, true)),
        graded_on: grades.map(|grades| grades.on),
        band: band.and_then(code),
        range: band.and_then(|band| grades.map(|grades| grades.bands[band].range)),
        limits: limits.collect(),
        grade: results.grade(subject).and_then(code),
        ranked_on: plan.scheme.rank.as_ref().map(|rank| rank.on),
        method: plan.scheme.rank.as_ref().map(|rank| rank.method),
        rank,
        ranked: count(&results.ranks, &|_| true),
        group: columns.group(subject).map(str::to_owned),
        rank_in_group,
        ranked_in_group: count(&results.ranks_in_group, &same_group),
        tied_with: tied
            .take(TIED_LIMIT)
            .map(|other| columns.subjects[other].clone())
            .collect(),
        excluded: results.is_excluded(subject),
    }
}
