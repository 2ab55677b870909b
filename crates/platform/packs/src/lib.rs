//! Packs: what a county configures, as folders of data that it owns.
//!
//! A pack is a folder with `pack.toml` and the folders `schemes/`, `calendars/` and `texts/`
//! (others are reserved for the engines to come). This crate finds packs, in a folder, inside the
//! program or in memory; reads each file by the engine it belongs to; tells every finding with
//! file, line and column; freezes a scheme as published; and compares two versions.
//!
//! - [`read`] one pack, [`check`] it together with what it extends;
//! - [`Library`] finds packs by name, [`Library::resolve`] joins one with its bases;
//! - [`freeze`] gives the bytes and the digest that a round keeps;
//! - [`write_workbook`] and [`read_workbook`] carry a scheme through a workbook;
//! - [`compare`] tells which items, nodes, gates and grades a new version adds, removes, changes.

mod calendars;
mod compare;
mod document;
mod freeze;
mod library;
pub mod limit;
mod manifest;
mod pack;
mod source;
mod texts;
mod workbook;

pub use calendars::CalendarFile;
pub use compare::{Change, Difference, FieldChange, Part, compare};
pub use document::Title;
pub use freeze::{Frozen, freeze, freeze_text};
pub use library::{Library, Resolved, check};
pub use manifest::{MANIFEST, Manifest};
pub use pack::{Pack, SchemeFile, read};
pub use source::{Directory, Embedded, Entry, Memory, Source, SourceError};
pub use texts::Texts;
pub use workbook::{WorkbookScheme, read_workbook, write_workbook};
