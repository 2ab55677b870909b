//! The whole program in process: what holds for all of it at once, and the documents that are
//! generated from it.
//!
//! The invariants of ARCHITECTURE.md, by number, and the tests that keep them, are in
//! [`invariants`].

#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod command_matrix;
mod commands;
mod demonstration;
mod documents;
mod floats;
mod golden;
mod home_pages;
mod invariants;
mod layers;
mod matrix;
mod store_rules;
