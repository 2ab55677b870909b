//! Work that waits for a decision by a day: the small port through which features list theirs, and
//! which casework will fill with its cases.

use kernel::{Instant, Term};
use store::{Connection, StoreError};

use crate::{PanelArg, PanelItem, PanelQuestion, Ref};

/// One thing that waits, with its clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkItem {
    /// What waits.
    pub thing: Ref,
    /// Fluent key of the line's text.
    pub text: &'static str,
    /// Arguments of the text.
    pub args: Vec<(&'static str, PanelArg)>,
    /// Where it is decided.
    pub link: String,
    /// When the clock started.
    pub since: Instant,
    /// When it ends.
    pub due: Term,
    /// The pack whose calendar counts its working days; none for the base.
    pub calendar: Option<String>,
}

/// A feature's work of one kind.
#[derive(Clone, Copy)]
pub struct WorkSource {
    /// The kind: `appeal`.
    pub kind: &'static str,
    /// What waits for the asking person, what is due first coming first.
    pub items: fn(&mut dyn Connection, &PanelQuestion<'_>) -> Result<Vec<WorkItem>, StoreError>,
}

impl From<WorkItem> for PanelItem {
    fn from(item: WorkItem) -> PanelItem {
        PanelItem {
            text: item.text,
            args: item.args,
            link: item.link,
            due: Some(item.due.day),
        }
    }
}
