//! Meeting place 4: panels. Pieces of shared pages, given as data and never as HTML.

use kernel::{Day, Instant, PlaceId, Tenant};
use store::{Connection, StoreError};

/// The shared page that a panel is a piece of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PanelSlot {
    /// The page of one village.
    Village,
    /// What this person has to do, oldest due first.
    ToDo,
    /// Results of the search box.
    Search,
}

/// What a panel is asked.
#[derive(Clone, Debug)]
pub struct PanelQuestion<'a> {
    /// The tenant.
    pub tenant: Tenant,
    /// Who looks, with the grants in force.
    pub subject: &'a access::Subject,
    /// The business instant.
    pub now: Instant,
    /// The village, for [`PanelSlot::Village`].
    pub village: Option<PlaceId>,
    /// What was typed, for [`PanelSlot::Search`].
    pub words: &'a str,
}

/// One line of a panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelItem {
    /// Fluent key of the line's text.
    pub text: &'static str,
    /// Arguments of the text: names and figures of the county.
    pub args: Vec<(&'static str, String)>,
    /// Where the line leads.
    pub link: String,
    /// The last day on which it is in time.
    pub due: Option<Day>,
}

/// A feature's piece of a shared page.
#[derive(Clone, Copy)]
pub struct Panel {
    /// The page.
    pub slot: PanelSlot,
    /// Fluent key of the heading.
    pub title: &'static str,
    /// The lines, at most [`PANEL_ITEMS_MAX`], already limited to what the viewer may see.
    pub items: fn(&mut dyn Connection, &PanelQuestion<'_>) -> Result<Vec<PanelItem>, StoreError>,
}

/// A panel shows at most so many lines and links to its own list for more.
pub const PANEL_ITEMS_MAX: usize = 50;
