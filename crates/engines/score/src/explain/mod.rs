//! Why a mark is what it is: from the same plan and the same code that computed it.

mod counting_text;
mod outcome;
mod rule_text;
mod tracing;

use kernel::Decimal;
use serde::Serialize;

pub use outcome::{OutcomeExplanation, explain_outcome};
pub use rule_text::{RuleText, node_rule_text, rule_text};
pub use tracing::{Term, TermOrigin};

use crate::columns::Columns;
use crate::evaluate::{Applied, SubjectView, Variant, compute};
use crate::plan::Plan;
use crate::results::Results;
use crate::rules::Trouble;
use crate::scheme::{Choice, NodeRounding, Title};
use tracing::Tracing;

/// How one mark of one subject came about: data for a page, without prose.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The subject's code.
    pub subject: String,
    /// The node's code.
    pub node: String,
    /// The node's name.
    pub title: Title,
    /// The node's full mark.
    pub full: Decimal,
    /// The rule and its answers to every question, as codes and arguments of texts.
    pub rule: Vec<RuleText>,
    /// Everything that was read and done, in order; a step names earlier terms by position.
    pub terms: Vec<Term>,
    /// The term before rounding and limits; `None` where the rule gave nothing.
    pub before_rounding: Option<usize>,
    /// The node's rounding.
    pub round: NodeRounding,
    /// The term that counts; `None` where nothing does.
    pub result: Option<usize>,
    /// Whether the node has no value of its own.
    pub missing: bool,
    /// What the missing policy did; `None` where nothing was missing.
    pub missing_policy_applied: Option<Applied>,
    /// Code of the finding where the rule refused a value.
    pub refused: Option<String>,
    /// Codes of the gates at this node that failed.
    pub failed_gates: Vec<String>,
    /// The children of a roll-up.
    pub children: Vec<ExplainedChild>,
}

/// A child in the explanation of its parent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExplainedChild {
    /// Its code.
    pub node: String,
    /// Its name.
    pub title: Title,
    /// Its full mark.
    pub full: Decimal,
    /// Its weight, where the parent's aggregator has weights.
    pub weight: Option<Decimal>,
    /// What it counts; `None` where nothing does.
    pub counted: Option<Decimal>,
    /// Whether it is missing by itself.
    pub missing: bool,
}

impl Explanation {
    /// What counts.
    pub fn counted(&self) -> Option<Decimal> {
        self.result.map(|term| self.terms[term].value)
    }

    /// What the rule gave before rounding and limits.
    pub fn exact(&self) -> Option<Decimal> {
        self.before_rounding.map(|term| self.terms[term].value)
    }
}

/// Explains a mark. `results` must be those of `plan` over `columns`.
pub fn explain(
    plan: &Plan,
    columns: &Columns,
    results: &Results,
    subject: usize,
    node: usize,
) -> Explanation {
    let view = SubjectView {
        plan,
        columns,
        results,
        subject,
    };
    let mut tracing = Tracing::new(plan);
    let computed = compute(plan, node, &view, Variant::COUNTED, &mut tracing);
    let definition = &plan.scheme.nodes[node];
    let children = plan.scheme.children(&definition.code);
    let refused = computed.trouble.map(|trouble| match trouble {
        Trouble::Refused(code) => code.to_owned(),
        Trouble::Formula(finding) => finding.code.to_string(),
    });
    Explanation {
        subject: columns.subjects[subject].clone(),
        node: definition.code.clone(),
        title: definition.title.clone(),
        full: definition.full,
        rule: node_rule_text(&plan.scheme, node),
        before_rounding: computed.before_rounding.map(|number| number.term),
        round: definition.round,
        result: computed.mark.map(|number| number.term),
        terms: tracing.into_terms(),
        missing: computed.missing,
        missing_policy_applied: computed.applied,
        refused,
        failed_gates: computed
            .failed_gates
            .iter()
            .map(|&gate| plan.scheme.gates[gate].code.clone())
            .collect(),
        children: children
            .into_iter()
            .map(|child| explained_child(plan, results, subject, child))
            .collect(),
    }
}

fn explained_child(plan: &Plan, results: &Results, subject: usize, child: usize) -> ExplainedChild {
    let definition = &plan.scheme.nodes[child];
    ExplainedChild {
        node: definition.code.clone(),
        title: definition.title.clone(),
        full: definition.full,
        weight: definition.weight,
        counted: results.cell(child, subject).counted(),
        missing: results.node(child).missing.get(subject),
    }
}

/// `half_up` as `half-up`: the form of words in codes of texts.
pub(crate) fn dashed(word: &str) -> String {
    word.replace('_', "-")
}

/// The word of a choice in codes of texts.
pub(crate) fn dashed_word<T: Choice>(choice: T) -> String {
    dashed(choice.word())
}
