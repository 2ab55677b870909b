//! Imports as pure functions: a table in, drafts and findings out. Every wrong cell has its own
//! finding with its place, what stands there and what was expected.

pub mod accounts;
mod columns;
pub mod figures;
mod item_index;
pub mod organisations;
pub mod people;
mod place_index;
pub mod places;
mod reader;

pub use columns::Columns;
pub use item_index::{ItemIndex, KnownItem};
pub use place_index::PlaceIndex;

use kernel::Finding;

/// How many findings one import tells at most; the last then says how many more there are.
pub const FINDINGS_MAX: usize = 500;

/// What is told of a table at its end: `Err` where anything blocks, an empty table included.
fn concluded(is_empty: bool, mut findings: Vec<Finding>) -> Result<Vec<Finding>, Vec<Finding>> {
    if is_empty && !findings.iter().any(Finding::blocks) {
        findings.push(Finding::error("import-no-rows"));
    }
    let findings = limited(findings);
    if findings.iter().any(Finding::blocks) {
        return Err(findings);
    }
    Ok(findings)
}

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

/// The text with full-width letters, digits and signs as the half-width ones that are meant: what
/// an input method left behind.
fn half_width(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(c) - 0xfee0).expect("a character of ASCII")
        }
        c => c,
    };
    text.chars()
        .map(narrow)
        .collect::<String>()
        .trim()
        .to_owned()
}
