//! The scoring engine: schemes, columnar plans, explanations. Pure.
//!
//! No I/O, no clock, no randomness: every function takes values and returns a result together
//! with [`kernel::Finding`]s.
//!
//! ```text
//! parse(file, text)            → Scheme      what the county wrote, typed, every question answered
//! compile(&scheme)             → Plan        columns and node steps; refuses what check() refuses
//! Columns::builder(&plan)      → Columns     one column per Input of plan.inputs()
//! evaluate(&plan, &columns)    → Results     per node a column; grade, rank, rank in group
//! explain(…, subject, node)    → Explanation inputs, steps, rounding, result: from the same plan
//! correct(…, one value)        → Results     as if everything had been evaluated anew
//! lifts(…, subject)            → Vec<Lift>   what would raise its score, and by how much
//! digest(&plan, …)             → 32 bytes    equal for equal meaning, on every machine
//! ```
//!
//! Numbers are exact. Marks with a declared number of places are scaled integers; whatever
//! divides, takes a root or a logarithm is first correctly rounded to 24 significant digits and
//! then gets the rounding its node names.

mod bitmap;
mod calculate;
mod canonical;
mod check;
mod column;
mod columns;
mod evaluate;
mod explain;
mod lift;
mod plan;
mod read;
mod results;
mod rules;
mod scheme;
mod write;

pub use bitmap::Bitmap;
pub use calculate::Operation;
pub use canonical::{Sink, canonical_columns, canonical_results, canonical_scheme, digest};
pub use check::{check, rule_operands};
pub use column::{Column, Values};
pub use columns::{Columns, ColumnsBuilder};
pub use evaluate::{Applied, FINDING_LIMIT, correct, evaluate};
pub use explain::{
    ExplainedChild, Explanation, OutcomeExplanation, RuleText, Term, TermOrigin, explain,
    explain_outcome, node_rule_text, rule_text,
};
pub use lift::{Lift, lifts};
pub use plan::{Plan, compile};
pub use read::{ENTRY_LIMIT, FILE_LIMIT, Positions, parse, read, read_paths};
pub use results::{Cell, NodeColumn, Results};
pub use scheme::*;
pub use write::{Document, Value, write};
