//! A scheme as a workbook: where county offices write schemes. Nothing is lost on the way: the
//! scheme that comes out of a workbook is the one that went in.
//!
//! | sheet | a row is |
//! |---|---|
//! | `scheme` | a field of the scheme's head, of its grades and of its ranking |
//! | `items`, `nodes`, `gates`, `bands`, `ties` | an entry; a column is a field (`title.zh`) |
//! | `rules` | a field of a node's rule |
//! | `lists` | an entry of a list in a node's rule: a tier, a tick, a situation |
//!
//! The first row of a sheet has the words of its columns in both languages, the second row their
//! keys; a workbook that begins with the keys is read as well. What the keys on the sheets of single
//! fields mean stands in a column of its own, which is not read.
//!
//! An empty cell is a field that is not there; `[]` is a list without entries.

mod layout;
mod reading;
mod tree;
mod words;
mod writing;

pub use reading::{WorkbookScheme, read_workbook};
pub use writing::write_workbook;
