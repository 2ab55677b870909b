//! Imports as pure functions: a table in, drafts and findings out. Every wrong cell has its own
//! finding with its place, what stands there and what was expected.

mod columns;
pub mod figures;
pub mod places;

pub use columns::Columns;

use kernel::Finding;

/// How many findings one import tells at most; the last then says how many more there are.
pub const FINDINGS_MAX: usize = 500;

/// Keeps the first [`FINDINGS_MAX`] findings and counts the rest.
fn limited(mut findings: Vec<Finding>) -> Vec<Finding> {
    if findings.len() > FINDINGS_MAX {
        let blocks = findings[FINDINGS_MAX..].iter().any(Finding::blocks);
        let more = findings.len() - FINDINGS_MAX;
        findings.truncate(FINDINGS_MAX);
        let code = "import-more-findings";
        let last = if blocks {
            Finding::error(code)
        } else {
            Finding::note(code)
        };
        findings.push(last.arg("count", more));
    }
    findings
}
