//! One corrected value.

use ::kernel::{Decimal, Finding};

use super::{Evaluation, evaluate};
use crate::columns::Columns;
use crate::plan::Plan;
use crate::results::Results;

/// Corrects one value and gives the results as if everything had been evaluated anew.
///
/// Only the subject's own marks are computed again, and then the order of all; where a rule fills
/// missing values from those of others, everything is. A value that the item does not believe is
/// refused and nothing changes.
pub fn correct(
    plan: &Plan,
    columns: &mut Columns,
    results: &mut Results,
    (input, subject): (usize, usize),
    value: Option<Decimal>,
) -> Result<Vec<Finding>, Finding> {
    columns.set(plan, input, subject, value)?;
    let fills_marks = (0..plan.steps.len())
        .any(|node| crate::plan::mark_fill(&plan.scheme.nodes[node].missing).is_some());
    if fills_marks || !plan.fills.is_empty() {
        let (again, findings) = evaluate(plan, columns);
        *results = again;
        return Ok(findings);
    }
    let mut evaluation = Evaluation {
        plan,
        columns,
        results: results.clone(),
        findings: Vec::new(),
        unreported: 0,
    };
    for &node in &plan.order {
        evaluation.cell(node, subject);
    }
    evaluation.subject_gates(subject);
    evaluation.grades();
    evaluation.ranks();
    let (again, findings) = evaluation.finish();
    *results = again;
    Ok(findings)
}
