//! The one small total expression language of Xingcun, on exact numbers, with a trace.
//!
//! It is the escape hatch of schemes, forms and points rules, and looks like CEL:
//!
//! ```text
//! is_missing(income) ? missing : round(min(income / target, 1) * 6, 2, "half_up")
//! ```
//!
//! *Total* means: any text and any figures give a value or a [`kernel::Finding`], never a panic
//! and never unbounded time. There are no loops, no floats, no clock and no randomness. The cost
//! of a formula is known before it runs, so the step limit is a check and not an interruption.
//!
//! - [`Tree::parse`] reads a text; [`Tree`]'s `Display` writes it back (same tree when read again).
//! - [`Tree::check`] looks up names and types and yields a [`Formula`] with numbered inputs.
//! - [`Formula::evaluate`] computes; [`Formula::trace`] also tells every step, for explanations.
//!
//! # Missing
//! `missing` is a value, not zero and not an error:
//! - arithmetic, comparison (also `==`), `in` and functions give missing if a figure they need is
//!   missing; `x in [a, b]` is true as soon as one present element equals x;
//! - `false && missing` is false, `true || missing` is true, otherwise missing stays missing;
//! - a missing condition makes `?:` missing;
//! - only `is_missing(x)` and `if_missing(x, y)` look behind it.
//!
//! Division by zero is an error, unless asked for: `safe_div(a, b, otherwise)`.
//!
//! # Windows
//! `previous(x)`, `same_last_year(x)` and `year_to_date(x)` ask the caller for the figure `x` of
//! another period ([`Window`]); the argument must be a name, and the caller says which windows
//! each name has.

mod check;
mod evaluate;
mod function;
mod input;
mod origin;
mod parse;
mod print;
mod token;
mod trace;
mod tree;
mod value;

pub use check::Formula;
pub use evaluate::{Answer, Environment};
pub use function::Function;
pub use input::{Declaration, Input, Names, Window};
pub use origin::{Origin, Position};
pub use trace::{Step, Traced};
pub use tree::{Expression, Node, Operator, Tree};
pub use value::{Type, Value};

/// Longest text of a formula in bytes.
pub const LENGTH_LIMIT_BYTES: usize = 4096;
/// Deepest nesting, of brackets as of the tree. A longer sum than this is written `sum(a, b, …)`.
pub const NESTING_LIMIT: usize = 100;
/// Most steps a formula may cost: one per operation, more for roots, logarithms and exponentials.
pub const STEP_LIMIT: u32 = 2000;
