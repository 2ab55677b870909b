//! What is wrong with a scheme, before anything is computed: the static checks at publish.
//!
//! Findings carry paths (`node.3.rule.tiers.0.range`: list positions count from 0), so that the
//! same checks serve TOML files, workbooks and forms.

mod counting;
mod outcome;
mod reading;
mod rules;
mod span;
mod tiers;
mod tree;

use kernel::Finding;

use crate::scheme::Scheme;
pub use reading::rule_operands;
pub(crate) use tiers::ascending;

/// Checks a scheme. An error blocks publishing and compiling; a warning is shown.
pub fn check(scheme: &Scheme) -> Vec<Finding> {
    let mut findings = Vec::new();
    tree::check(scheme, &mut findings);
    reading::check(scheme, &mut findings);
    rules::check(scheme, &mut findings);
    outcome::check(scheme, &mut findings);
    // What follows computes with the tree, so it needs a sound one.
    if !findings.iter().any(Finding::blocks) {
        span::check(scheme, &mut findings);
    }
    findings
}
