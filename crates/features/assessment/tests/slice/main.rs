//! The slice by commands: publish, open, declare, verify, review, compute, post, finalise; in
//! process, on a fresh database.

#![expect(clippy::unwrap_used, clippy::pedantic, reason = "tests")]

mod appeals;
mod at_once;
mod browse;
mod corrections;
mod drafts;
mod events;
mod lasting;
mod late;
mod many;
mod objections;
mod own_packs;
mod refused;
mod rules;
mod sample_check;
mod seen;
mod sights;
mod tampered;
mod whole;
mod world;
