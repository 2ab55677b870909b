//! The whole program in process, on SQLite and, where one is named, on PostgreSQL: imports,
//! accounts, grants, disputes, each with its refused twin.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod accounts;
mod browser;
mod disputes;
mod exports;
mod grants;
mod imports;
mod national;
mod outlines;
mod people;
mod rosters;
mod rules;
mod second_factor;
mod slips;
mod succession;
mod tokens;
mod world;
