//! The product in a real Chromium, through a program served in this process.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests; what was seen is worth reading where one fails"
)]
#![allow(
    dead_code,
    reason = "the demonstration's helpers serve the tests of the house too"
)]

#[path = "../house/demonstration.rs"]
mod demonstration;
mod keyboard;
mod paper;
mod quarter;
mod samples;
mod uploads;
mod walking;
mod wall;
