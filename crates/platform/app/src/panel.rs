//! Meeting place 4: panels. Pieces of shared pages, given as data and never as HTML.

use kernel::{Day, Instant, Period, PlaceId, Tenant};
use store::{Connection, StoreError};

/// The shared page that a panel is a piece of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PanelSlot {
    /// The page of one village.
    Village,
    /// What this person has to do, oldest due first.
    ToDo,
    /// What this person may follow although nothing waits for her, on her home page.
    Follow,
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
    /// The settings of sign-in: how long what waits for a second person waits.
    pub profile: &'a access::Profile,
    /// The village, for [`PanelSlot::Village`].
    pub village: Option<PlaceId>,
    /// What was typed, for [`PanelSlot::Search`].
    pub words: &'a str,
}

/// A part of a line, as data: the page writes it in the visitor's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PanelArg {
    /// A name or a figure, as the record has it.
    Text(String),
    /// A period.
    Period(Period),
    /// A day.
    Day(Day),
    /// A measure, by its name with the prefix.
    Measure(String),
    /// A title that the record has in both languages.
    Title {
        /// In Chinese.
        chinese: String,
        /// In English.
        english: String,
    },
}

impl From<String> for PanelArg {
    fn from(text: String) -> PanelArg {
        PanelArg::Text(text)
    }
}

impl From<Period> for PanelArg {
    fn from(period: Period) -> PanelArg {
        PanelArg::Period(period)
    }
}

impl From<Day> for PanelArg {
    fn from(day: Day) -> PanelArg {
        PanelArg::Day(day)
    }
}

/// One line of a panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelItem {
    /// Fluent key of the line's text.
    pub text: &'static str,
    /// Arguments of the text: names and figures of the county.
    pub args: Vec<(&'static str, PanelArg)>,
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
