//! A quarter of the demonstration carried from declaration to its final rank, as its people do it:
//! the steps of the slice in a real browser, the rest of the county's work by HTTP beside it.
//!
//! Nothing here knows the program: it sees pages, forms and answers only. The executable's own
//! test walks through a program in its process, `cargo xtask accept` through the release binary.

mod forms;
mod keyboard;
mod quarter;
mod visitor;

pub use keyboard::by_keyboard;
pub use quarter::{posted, quarter};
pub use visitor::{Answer, Visitor, encoded, fresh_id};

/// Whatever goes wrong ends the walk.
pub type Failed = Box<dyn std::error::Error>;

/// Fails with a message unless something holds.
#[macro_export]
macro_rules! ensure {
    ($holds:expr, $($message:tt)+) => {
        if !$holds {
            return Err(format!($($message)+).into());
        }
    };
}
