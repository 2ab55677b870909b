//! A plan over columns.

mod cell;
mod correct;
mod fill;
mod grade;
mod integer;
mod kernel;
mod rank;

use ::kernel::{Decimal, Finding, NumberError};

pub use cell::Applied;
pub(crate) use cell::{Computed, Seen, Variant, View, compute, fails};
pub use correct::correct;
pub(crate) use fill::slot;

use self::kernel::Kernels;
use crate::bitmap::Bitmap;
use crate::calculate::Plain;
use crate::column::Column;
use crate::columns::{Columns, at_subject};
use crate::plan::Plan;
use crate::results::{NodeColumn, Results};
use crate::rules::Trouble;

/// Most findings about subjects that an evaluation reports; one more tells how many there were.
pub const FINDING_LIMIT: usize = 1000;

/// Evaluates a plan.
///
/// The findings name subjects whose values block (`missing-blocks`), wait for a decision
/// (`missing-awaits-appeal`) or are refused by a rule. The results are complete in any case: who
/// is blocked has no score, no grade but the one for missing scores, and no rank.
///
/// # Panics
/// If the columns were built for another plan.
pub fn evaluate(plan: &Plan, columns: &Columns) -> (Results, Vec<Finding>) {
    assert_eq!(
        plan.inputs.len(),
        columns.inputs.len(),
        "columns of this plan"
    );
    let mut evaluation = Evaluation::new(plan, columns);
    for &node in &plan.order {
        evaluation.node(node);
    }
    evaluation.gates();
    evaluation.grades();
    evaluation.ranks();
    evaluation.finish()
}

/// An evaluation under way.
struct Evaluation<'a> {
    plan: &'a Plan,
    columns: &'a Columns,
    results: Results,
    findings: Vec<Finding>,
    unreported: usize,
}

/// What a cell sees of a subject.
pub(crate) struct SubjectView<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) columns: &'a Columns,
    pub(crate) results: &'a Results,
    pub(crate) subject: usize,
}

impl View for SubjectView<'_> {
    fn input(&self, input: usize) -> Option<Decimal> {
        self.columns.inputs[input].get(self.subject)
    }

    fn node(&self, node: usize) -> Seen {
        let column = &self.results.nodes[node];
        Seen {
            mark: column.marks.get(self.subject),
            missing: column.missing.get(self.subject),
            held: column.held.get(self.subject),
        }
    }

    fn group_fill(&self, fill: usize) -> Option<Decimal> {
        let slot = slot(self.columns, self.plan.fills[fill].among, self.subject);
        self.results.fills[fill].get(slot).copied().flatten()
    }

    fn mark_fill(&self, node: usize) -> Option<Decimal> {
        let (among, _) = crate::plan::mark_fill(&self.plan.scheme.nodes[node].missing)?;
        let slot = slot(self.columns, among, self.subject);
        self.results.mark_fills[node].get(slot).copied().flatten()
    }
}

impl<'a> Evaluation<'a> {
    fn new(plan: &'a Plan, columns: &'a Columns) -> Evaluation<'a> {
        let count = columns.len();
        let empty = || NodeColumn {
            marks: Column::new(None, 0),
            missing: Bitmap::new(0, false),
            held: Bitmap::new(0, false),
        };
        let mut evaluation = Evaluation {
            plan,
            columns,
            results: Results {
                nodes: plan.steps.iter().map(|_| empty()).collect(),
                gates: Vec::new(),
                fills: Vec::new(),
                mark_fills: vec![Vec::new(); plan.steps.len()],
                grades: vec![None; count],
                ranks: vec![None; count],
                ranks_in_group: vec![None; count],
                excluded: Bitmap::new(count, false),
                root: plan.root,
            },
            findings: Vec::new(),
            unreported: 0,
        };
        evaluation.fills();
        evaluation
    }

    fn view(&self, subject: usize) -> SubjectView<'_> {
        SubjectView {
            plan: self.plan,
            columns: self.columns,
            results: &self.results,
            subject,
        }
    }

    fn report(&mut self, finding: Finding) {
        if self.findings.len() < FINDING_LIMIT {
            self.findings.push(finding);
        } else {
            self.unreported += 1;
        }
    }

    /// Numbers per group that stand in for missing inputs.
    fn fills(&mut self) {
        for fill in &self.plan.fills {
            let input = &self.columns.inputs[fill.input];
            let numbers = fill::per_group(self.columns, fill.among, fill.mean, |subject| {
                input.get(subject)
            });
            let numbers = self.settled_fill(numbers);
            self.results.fills.push(numbers);
        }
    }

    fn settled_fill(
        &mut self,
        numbers: Result<Vec<Option<Decimal>>, NumberError>,
    ) -> Vec<Option<Decimal>> {
        numbers.unwrap_or_else(|error| {
            self.report(Finding::error(error.code()));
            Vec::new()
        })
    }

    fn node(&mut self, node: usize) {
        self.mark_fill(node);
        let count = self.columns.len();
        let (mut marks, done) = if let Some(computed) = self.kernels().node(node) {
            let marks = Column::scaled(computed.scale, computed.numbers, computed.done.clone());
            (marks, computed.done)
        } else {
            let scale = self.plan.steps[node].scale;
            (Column::empty(scale, count), Bitmap::new(count, false))
        };
        let mut missing = Bitmap::new(count, false);
        let mut held = Bitmap::new(count, false);
        for subject in done.unset() {
            let view = self.view(subject);
            let computed = compute(self.plan, node, &view, Variant::COUNTED, &mut Plain);
            marks.set(subject, computed.mark);
            if computed.missing {
                missing.set(subject, true);
                held.set(subject, computed.held);
                self.explain_missing(node, subject, &computed);
            }
        }
        self.results.nodes[node] = NodeColumn {
            marks,
            missing,
            held,
        };
    }

    /// One cell of a node that has been computed before.
    fn cell(&mut self, node: usize, subject: usize) {
        let view = self.view(subject);
        let computed = compute(self.plan, node, &view, Variant::COUNTED, &mut Plain);
        let column = &mut self.results.nodes[node];
        column.marks.set(subject, computed.mark);
        column.missing.set(subject, computed.missing);
        column.held.set(subject, computed.missing && computed.held);
        self.explain_missing(node, subject, &computed);
    }

    fn kernels(&self) -> Kernels<'_> {
        Kernels {
            plan: self.plan,
            columns: self.columns,
            results: &self.results,
        }
    }

    /// Marks per group that stand in for missing ones, from the marks before the node's gates.
    fn mark_fill(&mut self, node: usize) {
        let policy = &self.plan.scheme.nodes[node].missing;
        let Some((among, mean)) = crate::plan::mark_fill(policy) else {
            return;
        };
        let variant = Variant {
            rounded: true,
            gated: false,
            filled: false,
        };
        let numbers = fill::per_group(self.columns, among, mean, |subject| {
            let view = self.view(subject);
            let computed = compute(self.plan, node, &view, variant, &mut Plain);
            computed.mark.filter(|_| !computed.missing)
        });
        self.results.mark_fills[node] = self.settled_fill(numbers);
    }

    /// Says why a subject is held or a value refused.
    fn explain_missing(&mut self, node: usize, subject: usize, computed: &Computed<Decimal>) {
        let finding = match (&computed.trouble, computed.applied) {
            (Some(Trouble::Formula(finding)), _) => (**finding).clone(),
            (Some(Trouble::Refused(code)), _) => Finding::error(code),
            (None, Some(Applied::Blocked)) => Finding::error("missing-blocks"),
            (None, Some(Applied::AwaitsAppeal)) => Finding::note("missing-awaits-appeal"),
            _ => return,
        };
        let code = &self.columns.subjects[subject];
        let finding = finding
            .arg("node", self.plan.scheme.nodes[node].code.as_str())
            .arg("subject", code.as_str())
            .at(at_subject(code));
        self.report(finding);
    }

    fn gates(&mut self) {
        let count = self.columns.len();
        for gate in 0..self.plan.gates.len() {
            let failed = self.kernels().failed(gate).unwrap_or_else(|| {
                Bitmap::from_rows(count, |subject| fails(self.plan, gate, &self.view(subject)))
            });
            self.results.gates.push(failed);
        }
    }

    /// The gates of one subject, computed before.
    fn subject_gates(&mut self, subject: usize) {
        for gate in 0..self.plan.gates.len() {
            let failed = fails(self.plan, gate, &self.view(subject));
            self.results.gates[gate].set(subject, failed);
        }
    }

    /// A number of a node that is not the counted one: exact, or before its gates.
    fn variant(&self, node: usize, subject: usize, variant: Variant) -> Option<Decimal> {
        compute(self.plan, node, &self.view(subject), variant, &mut Plain).mark
    }

    fn finish(mut self) -> (Results, Vec<Finding>) {
        if self.unreported > 0 {
            let finding = Finding::note("more-findings").arg("count", self.unreported);
            self.findings.push(finding);
        }
        (self.results, self.findings)
    }
}
